#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "engines/native/native_state.h"
#include "engines/native/segment_merge.h"
#include "engines/native/tiers.h"

/* ---- Merging ---- */

/* A merge of more bytes needs the memory that building left. */
#define LARGE_MERGE ((uint64_t)8 * 1024 * 1024)

/*
 * A file of this run that nothing names any more goes at once; an older one when the publish
 * stands.
 */
static void drop_file(const fh_nwriter *w, uint64_t number)
{
    char *path = number >= w->first_new ? fh_segment_path(fh_nwriter_folder(w), number) : NULL;
    if (path)
        unlink(path);
    free(path);
}

/* Put MERGED (NULL: nothing) in place of COUNT entries from FIRST on. */
static void replace_entries(fh_nwriter *w, size_t first, size_t count,
                            const fh_generation_entry *merged)
{
    fh_generation *g = w->next;
    for (size_t i = first; i < first + count; i++) {
        drop_file(w, g->entries[i].number);
        free(g->entries[i].dead);
    }
    if (merged)
        g->entries[first++] = *merged;
    size_t gone = merged ? count - 1 : count;
    memmove(g->entries + first, g->entries + first + gone,
            (g->count - first - gone) * sizeof *g->entries);
    g->count -= gone;
}

static void drop_dead(fh_nwriter *w)
{
    for (size_t i = w->next->count; i-- > 0;)
        if (w->next->entries[i].dead_count == w->next->entries[i].articles)
            replace_entries(w, i, 1, NULL);
}

/* Which neighbours to merge; false when there is nothing to merge. */
static bool choose(const fh_generation *g, size_t *first, size_t *count)
{
    fh_tier *tiers = malloc((g->count + 1) * sizeof *tiers);
    if (!tiers)
        return false; /* it can wait for a better time */
    for (size_t i = 0; i < g->count; i++) {
        const fh_generation_entry *e = &g->entries[i];
        tiers[i] = (fh_tier){e->seal.file_len, e->articles, e->dead_count};
    }
    bool due = fh_tiers_choose(tiers, g->count, FH_SEGMENT_ARTICLES_MAX, first, count);
    free(tiers);
    return due;
}

static uint64_t bytes_of(const fh_generation *g, size_t first, size_t count)
{
    uint64_t bytes = 0;
    for (size_t i = first; i < first + count; i++)
        bytes += g->entries[i].seal.file_len;
    return bytes;
}

static fh_status merge_due(fh_nwriter *w, fh_error *err)
{
    fh_status status = FH_OK;
    size_t first, count;
    drop_dead(w);
    while (!status && choose(w->next, &first, &count)) {
        fh_generation_entry merged;
        fh_means means = {w->place.jobs, w->place.memory};
        uint64_t bytes = bytes_of(w->next, first, count);
        if (bytes > LARGE_MERGE)
            fh_memory_return();
        if (bytes > means.memory)
            means.jobs = 1; /* its parts one after the other: each needs memory */
        status = fh_segment_merge(fh_nwriter_folder(w), w->next->entries + first, count,
                                  w->next->next++, &means, &merged, err);
        if (!status)
            replace_entries(w, first, count, &merged);
    }
    return status;
}

/* ---- Publishing ---- */

/* Make the work folder, complete, the folder FRESH. */
static fh_status move_work(const fh_nwriter *w, const char *fresh, fh_error *err)
{
    fh_status status = fh_folder_sync(w->place.work, err);
    if (!status && rename(w->place.work, fresh) != 0)
        status =
            fh_fail(err, FH_EIO, "cannot rename \"%s\": %s", w->place.work, strerror(errno));
    return status ? status : fh_folder_sync(w->place.path, err);
}

fh_status fh_nwriter_publish(void *writer, uint64_t generation, const char *fresh, bool *moved,
                             fh_error *err)
{
    fh_nwriter *w = writer;
    *moved = false;
    fh_status status = fh_nwriter_begin(w, err);
    if (!status)
        status = fh_nwriter_gather(w, err);
    if (!status)
        status = fh_nwriter_flush(w, err);
    if (!status)
        status = merge_due(w, err);
    if (status)
        return status;
    w->next->number = generation;
    status = fh_generation_write(fh_nwriter_folder(w), w->next, err);
    if (!status && !w->current) {
        status = move_work(w, fresh, err);
        *moved = status == FH_OK;
    }
    return status;
}
