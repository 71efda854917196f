#include "engines/engine.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engines/engine_row.h"
#include "engines/entry.h"
#include "engines/manifest.h"

#define DEFAULT_MEMORY (512u * 1024 * 1024)

struct fh_writer {
    const fh_engine *engine;
    void *state;
    fh_lock *lock;
    char *path;
    char *work;
    char *current; /* the folder of the published data, or NULL */
    fh_manifest published;
    fh_manifest next;    /* what the next publish makes of it, but for generation and data */
    uint64_t generation; /* of the last publish */
    size_t batches;      /* between new and add or free */
    bool failed;         /* a publish failed, or going on from it: only close is left */
    fh_error failure;    /* why */
};

struct fh_batch {
    fh_writer *writer;
    void *state;
};

/* ---- The folder ---- */

static fh_status make_folder(const char *path, fh_error *err)
{
    fh_status status = fh_folder_create(path, err);
    return status ? status : fh_manifest_admit(path, err);
}

/* ---- Opening ---- */

static const fh_engine *find_engine(const char *name, fh_error *err)
{
    const fh_engine *engine = fh_engine_find(name);
    if (!engine)
        fh_fail(err, FH_EUNSUPPORTED, "there is no engine \"%s\"", name);
    return engine;
}

/*
 * Does the index agree with what is to be written? What holds nothing agrees with everything.
 */
static fh_status compare(const fh_writer *w, const fh_writer_options *o, fh_error *err)
{
    const fh_manifest *has = &w->published;
    if (!has->data[0] || o->rebuild)
        return FH_OK;
    if (o->engine && strcmp(o->engine, has->engine) != 0)
        return fh_fail(err, FH_EUSAGE,
                       "index \"%s\" has the engine %s, not %s: run fihris-index --rebuild",
                       w->path, has->engine, o->engine);
    if (strcmp(o->analysis, has->analysis) != 0)
        return fh_fail(err, FH_EANALYSIS,
                       "index \"%s\" was built by analysis %s, this program has %s: run "
                       "fihris-index --rebuild",
                       w->path, has->analysis, o->analysis);
    return FH_OK;
}

/* Read the manifest, or write the first one, which marks the folder as ours. */
static fh_status load_manifest(fh_writer *w, const fh_writer_options *o, fh_error *err)
{
    fh_buffer bytes = {0};
    fh_status status = fh_manifest_read(w->path, &bytes, err);
    bool fresh = status == FH_ENOTFOUND;
    if (!status)
        status = fh_manifest_parse(w->path, fh_buffer_str(&bytes), &w->published, err);
    fh_buffer_free(&bytes);
    if (status && !fresh)
        return status;
    status = compare(w, o, err);
    if (status)
        return status;
    size_t count;
    const char *has = w->published.engine;
    const char *name = o->engine ? o->engine : *has ? has : fh_engine_table(&count)->name;
    w->engine = find_engine(name, err);
    if (!w->engine)
        return FH_EUNSUPPORTED;
    w->next = w->published;
    w->generation = w->published.generation;
    if (strlen(o->analysis) >= sizeof w->next.analysis)
        return fh_fail(err, FH_ELIMIT, "the analysis id \"%s\" is too long", o->analysis);
    snprintf(w->next.engine, sizeof w->next.engine, "%s", name);
    snprintf(w->next.analysis, sizeof w->next.analysis, "%s", o->analysis);
    if (w->published.data[0])
        return FH_OK;
    w->published = w->next;
    return fh_manifest_write(w->path, &w->published, err);
}

/*
 * The generation that the data have: the manifest does not hear of a publish in place. When the data
 * cannot be read, which a rebuild is there to mend, what the manifest says must do.
 */
static void count_generations(fh_writer *w)
{
    void *index = NULL;
    const fh_engine *engine = fh_engine_find(w->published.engine);
    char *data = fh_path_join(w->path, w->published.data);
    if (engine && data && engine->index_open(data, &index, NULL) == FH_OK) {
        uint64_t generation = engine->index_generation(index);
        w->generation = generation > w->generation ? generation : w->generation;
        engine->index_close(index);
    }
    free(data);
}

/*
 * Start the engine on the data that are there, or on nothing when the index is new or to be
 * rebuilt.
 */
static fh_status open_engine(fh_writer *w, const fh_writer_options *o, fh_error *err)
{
    char name[sizeof w->published.data + 8];
    bool begin_empty = o->rebuild || !w->published.data[0];
    if (w->published.data[0])
        count_generations(w);
    snprintf(name, sizeof name, "g%" PRIu64 ".work", w->generation + 1);
    w->work = fh_path_join(w->path, name);
    w->current = begin_empty ? NULL : fh_path_join(w->path, w->published.data);
    if (!w->work || (!begin_empty && !w->current))
        return fh_fail_memory(err);
    fh_workplace place = {.path = w->path,
                          .current = w->current,
                          .work = w->work,
                          .memory = o->memory ? o->memory : DEFAULT_MEMORY,
                          .jobs = o->jobs ? o->jobs : 1};
    return w->engine->writer_open(&place, &w->state, err);
}

fh_status fh_writer_open(const char *path, const fh_writer_options *options, fh_writer **out,
                         fh_error *err)
{
    char *lock = fh_path_join(path, FH_LOCK_NAME);
    fh_writer *w = calloc(1, sizeof *w);
    fh_status status = FH_OK;
    *out = NULL;
    if (w)
        w->path = strdup(path);
    if (!w || !w->path || !lock)
        status = fh_fail_memory(err);
    if (!status)
        status = make_folder(path, err);
    if (!status)
        status = fh_lock_take(lock, &w->lock, err);
    if (!status)
        status = load_manifest(w, options, err);
    if (!status)
        status = fh_manifest_tidy(path, w->published.data, err);
    if (!status)
        status = open_engine(w, options, err);
    free(lock);
    if (status)
        fh_writer_close(w);
    else
        *out = w;
    return status;
}

void fh_writer_close(fh_writer *w)
{
    if (!w)
        return;
    if (w->state)
        w->engine->writer_close(w->state);
    if (w->work)
        fh_folder_remove(w->work, NULL);
    fh_lock_release(w->lock);
    free(w->current);
    free(w->work);
    free(w->path);
    free(w);
}

/* ---- What is checked for every engine ---- */

static fh_status check_usable(const fh_writer *w, fh_error *err)
{
    if (w->failed)
        return fh_fail(err, FH_EUSAGE,
                       "writing to index \"%s\" has failed before (%s): open it again", w->path,
                       w->failure.message);
    return FH_OK;
}

static fh_status check_id(fh_str id, fh_error *err)
{
    if (id.len == 0)
        return fh_fail(err, FH_EUSAGE, "an article has no id");
    if (id.len > FH_ID_MAX)
        return fh_fail(err, FH_ELIMIT, "an id of %zu bytes is longer than %d: %.40s...", id.len,
                       FH_ID_MAX, id.ptr);
    return FH_OK;
}

static fh_status check_entry(const fh_entry *entry, fh_error *err)
{
    const fh_article *a = entry->article;
    fh_status status = check_id(a->id, err);
    if (status)
        return status;
    const fh_str texts[] = {a->title,   a->body,     a->url,   a->source,
                            a->section, a->keywords, a->origin};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].len > FH_BODY_MAX)
            return fh_fail(err, FH_ELIMIT, "a text of %zu bytes is longer than %u",
                           texts[i].len, FH_BODY_MAX);
    return fh_entry_check(entry, err);
}

/* ---- Calls ---- */

const fh_engine_info *fh_writer_engine(const fh_writer *w)
{
    return fh_engine_describe(w->next.engine);
}

fh_status fh_writer_lookup(fh_writer *w, fh_str id, bool *found, uint64_t *fingerprint,
                           fh_error *err)
{
    *found = false;
    *fingerprint = 0;
    fh_status status = check_usable(w, err);
    if (!status)
        status = check_id(id, err);
    return status ? status : w->engine->writer_lookup(w->state, id, found, fingerprint, err);
}

fh_status fh_batch_new(fh_writer *w, size_t count, uint64_t text_bytes, fh_batch **out,
                       fh_error *err)
{
    *out = NULL;
    fh_status status = check_usable(w, err);
    if (status)
        return status;
    fh_batch *b = calloc(1, sizeof *b);
    if (!b)
        return fh_fail_memory(err);
    b->writer = w;
    status = w->engine->batch_new(w->state, count, text_bytes, &b->state, err);
    if (status) {
        free(b);
        return status;
    }
    w->batches++;
    *out = b;
    return FH_OK;
}

fh_status fh_batch_put(fh_batch *b, const fh_entry *entry, fh_error *err)
{
    fh_status status = check_entry(entry, err);
    return status ? status : b->writer->engine->batch_put(b->state, entry, err);
}

fh_status fh_writer_add(fh_writer *w, fh_batch *b, fh_error *err)
{
    fh_status status = check_usable(w, err);
    if (!status)
        status = w->engine->writer_add(w->state, b->state, err);
    fh_batch_free(b);
    return status;
}

void fh_batch_free(fh_batch *b)
{
    if (!b)
        return;
    b->writer->engine->batch_free(b->state);
    b->writer->batches--;
    free(b);
}

fh_status fh_writer_remove(fh_writer *w, fh_str id, bool *found, fh_error *err)
{
    *found = false;
    fh_status status = check_usable(w, err);
    if (!status)
        status = check_id(id, err);
    return status ? status : w->engine->writer_remove(w->state, id, found, err);
}

bool fh_origin_lies_below(fh_str origin, fh_str top)
{
    return fh_str_starts(origin, top) &&
           (origin.len == top.len || origin.ptr[top.len] == '/' || origin.ptr[top.len] == '!');
}

fh_status fh_writer_walk(fh_writer *w, fh_str origin, fh_origin_visit visit, void *context,
                         fh_error *err)
{
    fh_status status = check_usable(w, err);
    return status ? status : w->engine->writer_walk(w->state, origin, visit, context, err);
}

/*
 * The data were published in the folder FRESH: let the manifest say so, and drop what they
 * replace.
 */
static fh_status move_to(fh_writer *w, const char *fresh, const char *name, fh_error *err)
{
    char *now = strdup(fresh);
    if (!now)
        return fh_fail_memory(err);
    w->next.generation = w->generation + 1;
    snprintf(w->next.data, sizeof w->next.data, "%s", name);
    fh_status status = fh_manifest_write(w->path, &w->next, err);
    if (status) {
        free(now);
        return status;
    }
    w->published = w->next;
    free(w->current);
    w->current = now;
    /*
     * What the old data were does not matter: after a rebuild they may be another engine's.
     * Readers that have their files open keep them, and what cannot be removed now the next
     * writer removes.
     */
    fh_manifest_tidy(w->path, name, NULL);
    return FH_OK;
}

fh_status fh_writer_publish(fh_writer *w, fh_error *err)
{
    bool moved = false;
    fh_status status = check_usable(w, err);
    if (status)
        return status;
    if (w->batches > 0)
        return fh_fail(err, FH_EUSAGE, "%zu batches are neither added nor freed: do that first",
                       w->batches);
    char name[sizeof w->next.data];
    snprintf(name, sizeof name, "g%" PRIu64, w->generation + 1);
    char *fresh = fh_path_join(w->path, name);
    if (!fresh)
        return fh_fail_memory(err);
    status = w->engine->writer_publish(w->state, w->generation + 1, fresh, &moved, err);
    if (!status && moved)
        status = move_to(w, fresh, name, err);
    w->failed = status != FH_OK;
    if (status && err)
        w->failure = *err;
    if (!status) {
        /*
         * It stands now. If the engine cannot go on from it, that is for the next call to say.
         */
        w->generation++;
        fh_folder_remove(w->work, NULL);
        w->failed = w->engine->writer_settle(w->state, w->current, &w->failure) != FH_OK;
    }
    free(fresh);
    return status;
}

fh_status fh_writer_stats(fh_writer *w, fh_index_stats *stats, fh_error *err)
{
    *stats = (fh_index_stats){0};
    fh_status status = check_usable(w, err);
    if (!status)
        status = w->engine->writer_stats(w->state, stats, err);
    if (status)
        return status;
    snprintf(stats->engine, sizeof stats->engine, "%s", w->published.engine);
    snprintf(stats->analysis, sizeof stats->analysis, "%s", w->published.analysis);
    stats->index_bytes = fh_folder_bytes(w->path);
    return FH_OK;
}
