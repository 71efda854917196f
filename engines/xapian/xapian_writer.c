#include "engines/xapian/xapian_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* How many databases are merged at once: each holds a handful of files open. */
#define MERGE_MAX 64

/* ---- What waits for a publish ---- */

void fh_xpending_free(fh_xpending *p)
{
    fh_buffer_free(&p->held);
    fh_buffer_free(&p->drops);
    fh_buffer_free(&p->runs);
    *p = (fh_xpending){0};
}

void fh_xpending_drop(fh_xpending *p, fh_str id, uint32_t before)
{
    fh_xterm key;
    fh_xterm_key(&key, PREFIX_ID, id);
    fh_xdrop drop = {before, (uint32_t)key.len};
    fh_buffer_add(&p->drops, &drop, sizeof drop);
    fh_buffer_add(&p->drops, key.bytes, key.len);
}

char *fh_xrun_path(const fh_xwriter *w, uint32_t first)
{
    char *path;
    return asprintf(&path, "%s/r%" PRIu32, w->place.work, first) < 0 ? NULL : path;
}

/* ---- Opening ---- */

/* Go on from the data in folder CURRENT. */
static fh_status open_base(fh_xwriter *w, const char *current, fh_error *err)
{
    fh_index_stats stats = {0};
    uint32_t count;
    uint32_t last = 0;
    char *copy = strdup(current);
    fh_status status = copy ? fhx_base_open(current, &w->base, err) : fh_fail_memory(err);
    if (!status)
        status = fh_xtables_find(current, w->base, err);
    if (!status)
        status = fhx_base_count(w->base, &count, &last, err);
    if (!status)
        status = fh_xapian_stats(w->base, &stats, err);
    if (status) {
        free(copy);
        return status;
    }
    free(w->current);
    w->current = copy;
    w->next = last + 1;
    w->text_bytes = stats.text_bytes;
    return FH_OK;
}

fh_status fh_xwriter_open(const fh_workplace *place, void **out, fh_error *err)
{
    fh_status status = FH_OK;
    *out = NULL;
    fh_xwriter *w = calloc(1, sizeof *w);
    if (!w)
        return fh_fail_memory(err);
    w->place = *place;
    w->next = 1;
    if (place->current)
        status = open_base(w, place->current, err);
    if (status)
        fh_xwriter_close(w);
    else
        *out = w;
    return status;
}

void fh_xwriter_close(void *writer)
{
    fh_xwriter *w = writer;
    fhx_base_close(w->base);
    fh_xpending_free(&w->pending);
    free(w->current);
    free(w);
}

fh_status fh_xwriter_settle(void *writer, const char *current, fh_error *err)
{
    fh_xwriter *w = writer;
    fh_xpending_free(&w->pending);
    w->in_place = 0;
    fhx_base_close(w->base);
    w->base = NULL;
    return open_base(w, current, err);
}

/* ---- Asking ---- */

fh_status fh_xwriter_lookup(void *writer, fh_str id, bool *found, uint64_t *fingerprint,
                            fh_error *err)
{
    fh_xwriter *w = writer;
    fh_xterm key;
    uint32_t number = 0;
    *found = false;
    *fingerprint = 0;
    if (!w->base)
        return FH_OK;
    fh_xterm_key(&key, PREFIX_ID, id);
    fh_status status = fhx_base_newest(w->base, fh_xterm_str(&key), &number, err);
    if (!status && number > 0)
        status = fh_xapian_fingerprint(w->base, number, fingerprint, err);
    *found = !status && number > 0;
    return status;
}

fh_status fh_xwriter_remove(void *writer, fh_str id, bool *found, fh_error *err)
{
    fh_xwriter *w = writer;
    uint64_t fingerprint;
    fh_status status = fh_xwriter_lookup(w, id, found, &fingerprint, err);
    if (status)
        return status;
    fh_xpending_drop(&w->pending, id, w->next);
    return w->pending.drops.failed ? fh_fail_memory(err) : FH_OK;
}

fh_status fh_xwriter_stats(void *writer, fh_index_stats *stats, fh_error *err)
{
    fh_xwriter *w = writer;
    return fh_xapian_stats(w->base, stats, err);
}

/* ---- Walking over origins ---- */

typedef struct origin_walk {
    fhx_base *base;
    fh_str origin;
    fh_origin_visit visit;
    void *context;
    fh_status status;
    fh_error *err;
} origin_walk;

static fh_status show_origin(void *context, const fhx_shown *shown, fh_error *err)
{
    origin_walk *o = context;
    fh_arena arena = {0};
    fh_article article;
    fh_status status = fh_xapian_read(shown, false, &arena, &article, NULL, err);
    if (!status && fh_origin_lies_below(article.origin, o->origin))
        status = o->visit(o->context, article.origin, article.id, err);
    fh_arena_free(&arena);
    return status;
}

/* A key may be cut, or of another origin that begins alike: the records tell. */
static bool show_origins(void *context, fh_str key, uint32_t documents)
{
    (void)documents;
    origin_walk *o = context;
    o->status = fhx_base_documents(o->base, key, WANT_HEAD, show_origin, o, o->err);
    return o->status == FH_OK;
}

fh_status fh_xwriter_walk(void *writer, fh_str origin, fh_origin_visit visit, void *context,
                          fh_error *err)
{
    fh_xwriter *w = writer;
    fh_xterm key;
    origin_walk o = {w->base, origin, visit, context, FH_OK, err};
    if (!w->base)
        return FH_OK;
    fh_xterm_key(&key, PREFIX_ORIGIN, fh_xterm_stem(origin));
    fh_status status = fhx_base_terms(w->base, fh_xterm_str(&key), show_origins, &o, err);
    return status ? status : o.status;
}

/* ---- Publishing ---- */

/* What dropping takes away. */
typedef struct loss {
    uint64_t documents;
    uint64_t text_bytes;
} loss;

static fh_status count_loss(void *context, const fhx_shown *shown, fh_error *err)
{
    loss *l = context;
    uint64_t bytes;
    fh_status status = fh_xapian_read(shown, false, NULL, NULL, &bytes, err);
    l->documents++;
    l->text_bytes += bytes;
    return status;
}

/*
 * Drop what is to be dropped, note the new state and commit.
 * out: *DOCUMENTS, how many STORE must have then.
 */
static fh_status finish(const fh_xwriter *w, fhx_store *store, uint64_t generation,
                        uint64_t *documents, fh_error *err)
{
    fh_status status = FH_OK;
    fh_buffer note = {0};
    loss lost = {0, 0};
    uint32_t count = 0;
    uint32_t last;
    fh_str drops = fh_buffer_str(&w->pending.drops);
    for (size_t at = 0; at < drops.len && !status;) {
        fh_xdrop drop;
        memcpy(&drop, drops.ptr + at, sizeof drop);
        at += sizeof drop;
        fh_str key = {drops.ptr + at, drop.len};
        status = fhx_store_delete(store, key, drop.before, WANT_HEAD, count_loss, &lost, err);
        at += drop.len;
    }
    if (!status && w->base)
        status = fhx_base_count(w->base, &count, &last, err);
    *documents = count + w->pending.documents - lost.documents;
    fh_buffer_printf(&note, "%" PRIu64 " %" PRIu64, generation,
                     w->text_bytes + w->pending.text_bytes - lost.text_bytes);
    if (!status && note.failed)
        status = fh_fail_memory(err);
    if (!status)
        status = fhx_store_set_note(store, NOTE_STATE, fh_buffer_str(&note), err);
    if (!status)
        status = fhx_store_commit(store, err);
    fh_buffer_free(&note);
    return status;
}

/* Put the documents of HELD into STORE. */
static fh_status put_held(fh_str held, fhx_store *store, fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t at = 0; at < held.len && !status;) {
        fh_xheld head;
        memcpy(&head, held.ptr + at, sizeof head);
        at += sizeof head;
        status =
            fhx_store_put_packed(store, head.number, (fh_str){held.ptr + at, head.len}, err);
        at += head.len;
    }
    return status;
}

static fh_status publish_in_place(const fh_xwriter *w, uint64_t generation, fh_error *err)
{
    fhx_store *store = NULL;
    uint64_t documents;
    fh_status status = fhx_store_open(w->current, FHX_DURABLE, &store, err);
    if (!status)
        status = put_held(fh_buffer_str(&w->pending.held), store, err);
    if (!status)
        status = finish(w, store, generation, &documents, err);
    fhx_store_close(store);
    /* Xapian renames a file over another and leaves the folder's names to the system. */
    return status ? status : fh_folder_sync(w->current, err);
}

/* Commit RUN, which is closed also on failure. */
static fh_status end_run(fhx_store **run, fh_error *err)
{
    fh_status status = *run ? fhx_store_commit(*run, err) : FH_OK;
    fhx_store_close(*run);
    *run = NULL;
    return status;
}

/* Begin the run whose first document is FIRST. */
static fh_status begin_run(fh_xwriter *w, uint32_t first, fhx_store **run, fh_error *err)
{
    char *path = fh_xrun_path(w, first);
    fh_buffer_add(&w->pending.runs, &first, sizeof first);
    fh_status status = path && !w->pending.runs.failed ? FH_OK : fh_fail_memory(err);
    if (!status)
        status = fhx_store_open(path, FHX_SCRATCH, run, err);
    free(path);
    return status;
}

/*
 * Held documents become runs after all; each ends where numbers are missing, which other runs
 * may have.
 */
static fh_status spill_held(fh_xwriter *w, fh_error *err)
{
    fhx_store *run = NULL;
    uint32_t next = 0;
    fh_str held = fh_buffer_str(&w->pending.held);
    fh_status status = FH_OK;
    for (size_t at = 0; at < held.len && !status;) {
        fh_xheld head;
        memcpy(&head, held.ptr + at, sizeof head);
        at += sizeof head;
        if (head.number != next) {
            status = end_run(&run, err);
            if (!status)
                status = begin_run(w, head.number, &run, err);
        }
        fh_str packed = {held.ptr + at, head.len};
        if (!status)
            status = fhx_store_put_packed(run, head.number, packed, err);
        next = head.number + 1;
        at += head.len;
    }
    fh_status ended = end_run(&run, status ? NULL : err);
    return status ? status : ended;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sorted runs; after each round of merging they have a new level and new folders. */
typedef struct run_list {
    uint32_t *first;
    size_t count;
    unsigned level;
} run_list;

/* The folder of a run of that LEVEL, for free(), or NULL. */
static char *level_path(const fh_xwriter *w, unsigned level, uint32_t first)
{
    char *path;
    if (level == 0)
        return fh_xrun_path(w, first);
    return asprintf(&path, "%s/m%u.%" PRIu32, w->place.work, level, first) < 0 ? NULL : path;
}

/* Merge BASE (NULL allowed) and COUNT runs from AT on into OUT. */
static fh_status merge(const fh_xwriter *w, const char *base, const run_list *runs, size_t at,
                       size_t count, const char *out, fh_error *err)
{
    char *paths[MERGE_MAX];
    const char *sources[MERGE_MAX + 1];
    size_t used = 0;
    fh_status status = FH_OK;
    if (base)
        sources[used++] = base;
    for (size_t i = 0; i < count; i++) {
        paths[i] = level_path(w, runs->level, runs->first[at + i]);
        sources[used++] = paths[i];
        if (!paths[i])
            status = fh_fail_memory(err);
    }
    if (!status)
        status = fhx_merge(sources, used, out, err);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    return status;
}

/*
 * Merge neighbours, each group under the name of its first, until all that is left can be open.
 */
static fh_status thin_out(const fh_xwriter *w, run_list *runs, fh_error *err)
{
    fh_status status = FH_OK;
    while (runs->count > MERGE_MAX && !status) {
        size_t left = 0;
        for (size_t at = 0; at < runs->count && !status; at += MERGE_MAX, left++) {
            size_t rest = runs->count - at;
            char *out = level_path(w, runs->level + 1, runs->first[at]);
            status =
                out ? merge(w, NULL, runs, at, rest < MERGE_MAX ? rest : MERGE_MAX, out, err)
                    : fh_fail_memory(err);
            free(out);
            runs->first[left] = runs->first[at];
        }
        runs->count = left;
        runs->level++;
    }
    return status;
}

/*
 * The data and all runs as one database in the folder OUT; an empty one if there are neither.
 */
static fh_status merge_all(fh_xwriter *w, const char *out, fh_error *err)
{
    run_list runs = {(uint32_t *)w->pending.runs.data, w->pending.runs.len / sizeof(uint32_t),
                     0};
    if (runs.count == 0 && !w->current)
        return FH_OK;
    if (runs.count > 0)
        qsort(runs.first, runs.count, sizeof *runs.first, compare_numbers);
    fh_status status = thin_out(w, &runs, err);
    return status ? status : merge(w, w->current, &runs, 0, runs.count, out, err);
}

/*
 * Runs are written without any care for crashes and errors: does what became of them hold
 * together?
 */
static fh_status verify(const char *path, uint64_t documents, fh_error *err)
{
    fhx_base *base = NULL;
    uint32_t count = 0;
    uint32_t last;
    fh_status status = fh_xtables_check(path, err);
    if (!status)
        status = fhx_base_open(path, &base, err);
    if (!status)
        status = fh_xtables_find(path, base, err);
    if (!status)
        status = fhx_base_count(base, &count, &last, err);
    if (!status && count != documents)
        status =
            fh_fail(err, FH_ECORRUPT, "merging gave %" PRIu32 " articles instead of %" PRIu64,
                    count, documents);
    fhx_base_close(base);
    return status;
}

/* Make the database in the folder TEMPORARY the durable one of the name FRESH. */
static fh_status put_in_place(const fh_xwriter *w, const char *temporary, const char *fresh,
                              fh_error *err)
{
    fh_status status = fh_folder_sync_all(temporary, err);
    if (!status && rename(temporary, fresh) != 0)
        status = fh_fail(err, FH_EIO, "cannot rename \"%s\": %s", temporary, strerror(errno));
    return status ? status : fh_folder_sync(w->place.path, err);
}

static fh_status publish_merged(fh_xwriter *w, uint64_t generation, const char *fresh,
                                fh_error *err)
{
    char *temporary;
    fhx_store *store = NULL;
    uint64_t documents = 0;
    if (asprintf(&temporary, "%s.tmp", fresh) < 0)
        return fh_fail_memory(err);
    fh_status status = spill_held(w, err);
    if (!status)
        status = merge_all(w, temporary, err);
    if (!status)
        status = fhx_store_open(temporary, FHX_SCRATCH, &store, err);
    if (!status)
        status = finish(w, store, generation, &documents, err);
    fhx_store_close(store);
    if (!status)
        status = verify(temporary, documents, err);
    if (!status)
        status = put_in_place(w, temporary, fresh, err);
    if (status)
        fh_folder_remove(temporary, NULL);
    free(temporary);
    return status;
}

fh_status fh_xwriter_publish(void *writer, uint64_t generation, const char *fresh, bool *moved,
                             fh_error *err)
{
    fh_xwriter *w = writer;
    const fh_xpending *p = &w->pending;
    *moved = !w->current || p->runs.len > 0;
    if (p->held.failed || p->drops.failed || p->runs.failed)
        return fh_fail_memory(err);
    return *moved ? publish_merged(w, generation, fresh, err)
                  : publish_in_place(w, generation, err);
}
