#include "engines/native/native_writer.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engines/native/native_state.h"

/* What a batch reserves for each byte of its text, with the numbers of its vocabulary. */
#define EXPECTED_BYTES 2

/* ---- The folder ---- */

const char *fh_nwriter_folder(const fh_nwriter *w)
{
    return w->current ? w->current : w->place.work;
}

static bool is_named(const fh_generation *g, const char *name)
{
    for (size_t i = 0; i < g->count; i++) {
        char file[32];
        snprintf(file, sizeof file, "%llu.seg", (unsigned long long)g->entries[i].number);
        if (!strcmp(file, name))
            return true;
    }
    return false;
}

/* Is NAME one that writers give to files: a segment, what becomes one, half a generation? */
static bool is_ours(const char *name)
{
    size_t digits = strspn(name, "0123456789");
    return (digits > 0 && !strncmp(name + digits, ".seg", 4)) ||
           !strcmp(name, FH_GENERATION_NAME ".tmp");
}

/* Remove from the folder DATA what GENERATION does not name, as far as that is possible. */
static void tidy(const char *data, const fh_generation *generation)
{
    DIR *folder = opendir(data);
    if (!folder)
        return;
    for (const struct dirent *entry; (entry = readdir(folder));)
        if (is_ours(entry->d_name) && !is_named(generation, entry->d_name))
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
}

/* ---- Opening and closing ---- */

fh_status fh_nwriter_open(const fh_workplace *place, void **writer, fh_error *err)
{
    fh_nwriter *w = calloc(1, sizeof *w);
    *writer = NULL;
    if (!w)
        return fh_fail_memory(err);
    w->place = *place;
    fh_status status = place->current ? fh_nwriter_settle(w, place->current, err) : FH_OK;
    if (status)
        fh_nwriter_close(w);
    else
        *writer = w;
    return status;
}

static void drop_pending(fh_nwriter *w)
{
    fh_gathering_clear(&w->gathering);
    fh_id_places_free(&w->ids);
    fh_generation_free(w->next);
    w->next = NULL;
}

/*
 * What this run wrote and did not publish goes. Whether a failed publish stands only the file
 * tells.
 */
static void remove_unpublished(const fh_nwriter *w)
{
    fh_generation *now = NULL;
    if (w->next && w->current && fh_generation_read(w->current, &now, NULL) == FH_OK)
        tidy(w->current, now);
    fh_generation_free(now);
}

void fh_nwriter_close(void *writer)
{
    fh_nwriter *w = writer;
    remove_unpublished(w);
    drop_pending(w);
    while (w->waiting) {
        fh_bundle *next = w->waiting->next;
        fh_bundle_free(w->waiting);
        w->waiting = next;
    }
    fh_scratch_free(w->scratch);
    fh_shelf_close(w->shelf);
    free(w->current);
    free(w);
}

fh_status fh_nwriter_settle(void *writer, const char *current, fh_error *err)
{
    fh_nwriter *w = writer;
    char *copy = strdup(current);
    bool changed;
    if (!copy)
        return fh_fail_memory(err);
    drop_pending(w);
    fh_status status = w->shelf && strcmp(w->shelf->data, current) == 0
                           ? fh_shelf_refresh(w->shelf, &changed, err)
                           : FH_ENOTFOUND;
    if (status == FH_ENOTFOUND) {
        fh_shelf_close(w->shelf);
        w->shelf = NULL;
        status = fh_shelf_open(current, &w->shelf, err);
    }
    free(w->current);
    w->current = copy;
    if (!status)
        tidy(current, w->shelf->generation);
    return status;
}

fh_status fh_nwriter_begin(fh_nwriter *w, fh_error *err)
{
    if (w->next)
        return FH_OK;
    w->next = w->shelf ? fh_generation_copy(w->shelf->generation) : calloc(1, sizeof *w->next);
    if (!w->next)
        return fh_fail_memory(err);
    w->first_new = w->next->next;
    if (w->current || mkdir(w->place.work, 0777) == 0 || errno == EEXIST)
        return FH_OK;
    return fh_fail(err, FH_EIO, "cannot create the folder \"%s\": %s", w->place.work,
                   strerror(errno));
}

/* ---- Batches ---- */

fh_status fh_nbatch_new(void *writer, size_t count, uint64_t text_bytes, void **batch,
                        fh_error *err)
{
    fh_nwriter *w = writer;
    fh_nbatch *b = calloc(1, sizeof *b);
    fh_bundle *bundle = b ? fh_bundle_new(count, text_bytes, w->scratch) : NULL;
    *batch = NULL;
    if (b)
        w->scratch = NULL;
    if (!bundle) {
        free(b);
        return fh_fail_memory(err);
    }
    bundle->number = w->batches++;
    bundle->expected = text_bytes * EXPECTED_BYTES;
    fh_bundle **end = &w->waiting;
    while (*end)
        end = &(*end)->next;
    *end = bundle;
    *b = (fh_nbatch){w, bundle};
    *batch = b;
    return FH_OK;
}

fh_status fh_nbatch_put(void *batch, const fh_entry *entry, fh_error *err)
{
    fh_nbatch *b = batch;
    return fh_bundle_put(b->bundle, entry, err);
}

void fh_nbatch_free(void *batch)
{
    fh_nbatch *b = batch;
    if (b->bundle) {
        fh_bundle **at = &b->writer->waiting;
        while (*at != b->bundle)
            at = &(*at)->next;
        *at = b->bundle->next;
        fh_bundle_free(b->bundle);
    }
    free(b);
}

/* ---- Adding ---- */

/*
 * Note where the articles of B, which was gathered last, stand, and kill what they take the
 * place of.
 */
static fh_status place_articles(fh_nwriter *w, fh_bundle *b, fh_error *err)
{
    uint32_t local = w->gathering.articles - (uint32_t)b->count;
    for (size_t i = 0; i < b->count; i++, local++) {
        const fh_kept *kept = &b->articles[i];
        fh_str id = {b->ids.data + kept->id_at, kept->id_len};
        bool found;
        fh_status status = fh_nwriter_kill_pending(w, id, kept->id_hash, &found, err);
        if (!status && kept->replaces)
            status = fh_nwriter_kill_published(w, id, &found, err);
        if (status)
            return status;
        fh_id_place place = {kept->id_hash, (uint32_t)w->next->count, local + 1};
        if (!fh_id_places_put(&w->ids, place))
            return fh_fail_memory(err);
    }
    return FH_OK;
}

/* One is kept: a batch is made when another was added. */
static void keep_scratch(fh_nwriter *w, fh_scratch *scratch)
{
    fh_scratch_free(w->scratch);
    w->scratch = scratch;
}

static fh_status gather(fh_nwriter *w, fh_bundle *b, fh_error *err)
{
    fh_status status = fh_nwriter_begin(w, err);
    if (!status && (w->gathering.articles + b->count > FH_SEGMENT_ARTICLES_MAX ||
                    w->gathering.words + b->words > FH_SEGMENT_WORDS_MAX))
        status = fh_nwriter_flush(w, err);
    if (!status && b->words > FH_SEGMENT_WORDS_MAX)
        status =
            fh_fail(err, FH_ELIMIT, "a batch has more than %u words", FH_SEGMENT_WORDS_MAX);
    fh_scratch *scratch = NULL;
    if (!status)
        status = fh_gathering_add(&w->gathering, b, &scratch, err);
    if (scratch)
        keep_scratch(w, scratch);
    if (status)
        fh_bundle_free(b);
    else
        status = place_articles(w, b, err);
    return status;
}

/* Bytes that everything takes together, now and when what is gathered becomes a segment. */
static uint64_t count_memory(const fh_nwriter *w)
{
    uint64_t bytes = fh_gathering_memory(&w->gathering) +
                     fh_segment_build_memory(&w->gathering) + fh_id_places_memory(&w->ids) +
                     (w->scratch ? fh_scratch_memory(w->scratch) : 0);
    for (const fh_bundle *b = w->waiting; b; b = b->next)
        bytes += b->added ? fh_bundle_memory(b) : b->expected;
    return bytes;
}

fh_status fh_nwriter_gather(fh_nwriter *w, fh_error *err)
{
    fh_status status = FH_OK;
    while (!status && w->waiting && w->waiting->added) {
        fh_bundle *b = w->waiting;
        w->waiting = b->next;
        status = gather(w, b, err);
        if (!status && count_memory(w) > w->place.memory) {
            status = fh_nwriter_flush(w, err);
            fh_memory_return();
        }
    }
    return status;
}

fh_status fh_nwriter_add(void *writer, void *batch, fh_error *err)
{
    fh_nwriter *w = writer;
    fh_nbatch *b = batch;
    fh_status status = fh_bundle_end(b->bundle, err);
    if (status)
        return status;
    b->bundle->added = true;
    b->bundle = NULL;
    return fh_nwriter_gather(w, err);
}

/* ---- Flushing ---- */

/* The articles that were replaced before they were even written. */
static fh_status bury_replaced(fh_nwriter *w, size_t segment, fh_error *err)
{
    uint32_t local = 0;
    for (size_t i = 0; i < w->gathering.count; i++) {
        const fh_bundle *b = w->gathering.bundles[i];
        for (size_t k = 0; k < b->count; k++, local++)
            if (b->articles[k].dead && !fh_generation_kill(w->next, segment, local))
                return fh_fail_memory(err);
    }
    return FH_OK;
}

/* Append an entry, zeroed but for its number. */
static fh_generation_entry *append_entry(fh_generation *g)
{
    fh_generation_entry *entries = reallocarray(g->entries, g->count + 1, sizeof *entries);
    if (!entries)
        return NULL;
    g->entries = entries;
    entries[g->count] = (fh_generation_entry){.number = g->next++};
    return &entries[g->count++];
}

fh_status fh_nwriter_flush(fh_nwriter *w, fh_error *err)
{
    fh_means means = {w->place.jobs, w->place.memory};
    fh_status status = FH_OK;
    if (w->gathering.articles == 0) {
        fh_gathering_clear(&w->gathering);
        return FH_OK;
    }
    if (w->next->count >= FH_SEGMENTS_MAX)
        return fh_fail(err, FH_ELIMIT, "the index has %d segments: give more --memory",
                       FH_SEGMENTS_MAX);
    fh_generation_entry *entry = append_entry(w->next);
    char *path = entry ? fh_segment_path(fh_nwriter_folder(w), entry->number) : NULL;
    if (!path)
        return fh_fail_memory(err);
    entry->articles = w->gathering.articles;
    status = fh_segment_build(&w->gathering, path, &means, &entry->seal, err);
    if (!status)
        status = bury_replaced(w, w->next->count - 1, err);
    free(path);
    fh_gathering_clear(&w->gathering);
    return status;
}
