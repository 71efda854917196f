#include "engines/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "engines/engine_row.h"
#include "engines/manifest.h"

/* How often opening is tried again when a writer replaces the data meanwhile. */
#define OPEN_ATTEMPTS 5

/* ---- The table of engines ---- */

static const fh_engine *const engines[] = {&fh_engine_native, &fh_engine_xapian};

#define ENGINES (sizeof engines / sizeof *engines)

static const fh_engine_info infos[] = {
    {.name = "native",
     .summary = "our own, in segments",
     .checksums = true,
     .deadlines = true,
     .pace = 8u * 1024 * 1024},
    {.name = "xapian", .summary = "the Xapian library", .pace = 1024u * 1024},
};

_Static_assert(sizeof infos / sizeof *infos == ENGINES,
               "one line of information for each engine");

const fh_engine_info *fh_engine_table(size_t *count)
{
    *count = ENGINES;
    return infos;
}

const fh_engine_info *fh_engine_describe(const char *name)
{
    for (size_t i = 0; i < ENGINES; i++)
        if (!strcmp(infos[i].name, name))
            return &infos[i];
    return NULL;
}

const fh_engine *fh_engine_find(const char *name)
{
    for (size_t i = 0; i < ENGINES; i++)
        if (!strcmp(infos[i].name, name))
            return engines[i];
    return NULL;
}

fh_status fh_engine_fail(const char *path, const char *name, fh_error *err)
{
    return fh_fail(
        err, FH_EUNSUPPORTED,
        "index \"%s\" has the engine \"%s\", which this program does not have: use a newer "
        "fihris",
        path, name);
}

/* ---- Opening ---- */

struct fh_index {
    const fh_engine *engine;
    void *state;
    char *path;
    fh_manifest manifest;
    fh_buffer bytes; /* of the manifest: other bytes are news */
    char *file;      /* the manifest's path */
    fh_watch watch;  /* the manifest that was read last */
};

/* Let the message of damage name the index and the way out. */
static fh_status name_damage(const fh_index *ix, fh_status status, fh_error *err)
{
    if (!err || (status != FH_ECORRUPT && status != FH_EIO))
        return status;
    fh_error why = *err;
    return fh_fail(err, status,
                   "index \"%s\" cannot be read (%s): fihris-index --check says which file is "
                   "damaged, --rebuild makes the index anew",
                   ix->path, why.message);
}

/* Open the data that M names. */
static fh_status open_data(const fh_index *ix, const fh_manifest *m, const fh_engine **engine,
                           void **state, fh_error *err)
{
    *engine = fh_engine_find(m->engine);
    if (!*engine)
        return fh_engine_fail(ix->path, m->engine, err);
    if (!m->data[0])
        return fh_fail(err, FH_ENOTFOUND,
                       "index \"%s\" is empty: nothing has been published in it yet", ix->path);
    char *data = fh_path_join(ix->path, m->data);
    fh_status status = data ? (*engine)->index_open(data, state, err) : fh_fail_memory(err);
    free(data);
    return name_damage(ix, status, err);
}

/* Let IX be what the manifest M with its BYTES (which are taken) says. */
static void adopt(fh_index *ix, const fh_manifest *m, fh_buffer *bytes, const fh_engine *engine,
                  void *state)
{
    if (ix->state)
        ix->engine->index_close(ix->state);
    fh_buffer_free(&ix->bytes);
    ix->bytes = *bytes;
    *bytes = (fh_buffer){0};
    ix->manifest = *m;
    ix->engine = engine;
    ix->state = state;
}

/*
 * Open what the manifest names. A writer replaces that before it removes what it named: when it
 * is the same before and after, no file was removed in between.
 */
static fh_status open_once(fh_index *ix, fh_buffer *bytes, fh_error *err)
{
    fh_manifest m;
    const fh_engine *engine;
    void *state = NULL;
    fh_buffer after = {0};
    fh_watch_hold(&ix->watch, ix->file);
    fh_status status = fh_manifest_read(ix->path, bytes, err);
    if (!status)
        status = fh_manifest_parse(ix->path, fh_buffer_str(bytes), &m, err);
    if (!status)
        status = open_data(ix, &m, &engine, &state, err);
    if (status)
        return status;
    status = fh_manifest_read(ix->path, &after, err);
    if (!status && !fh_str_equal(fh_buffer_str(bytes), fh_buffer_str(&after)))
        status = fh_fail(err, FH_ECHANGED,
                         "index \"%s\" was replaced while it was opened: "
                         "try again",
                         ix->path);
    fh_buffer_free(&after);
    if (status)
        engine->index_close(state);
    else
        adopt(ix, &m, bytes, engine, state);
    return status;
}

/*
 * Open what is published now. A writer may remove the data between our reading of the manifest
 * and of them; then the manifest has changed, and the next attempt finds it. Or it may publish
 * in place, twice.
 */
static fh_status open_current(fh_index *ix, fh_error *err)
{
    fh_buffer bytes = {0};
    fh_buffer before = {0};
    fh_status status = FH_ECHANGED;
    for (int i = 0; i < OPEN_ATTEMPTS && status; i++) {
        status = open_once(ix, &bytes, err);
        bool same = i > 0 && fh_str_equal(fh_buffer_str(&bytes), fh_buffer_str(&before));
        if (status && same && status != FH_ECHANGED)
            break;
        fh_buffer_clear(&before);
        fh_buffer_add_str(&before, fh_buffer_str(&bytes));
    }
    fh_buffer_free(&bytes);
    fh_buffer_free(&before);
    return status;
}

fh_status fh_index_open(const char *path, fh_index **out, fh_error *err)
{
    fh_index *ix = calloc(1, sizeof *ix);
    *out = NULL;
    if (ix) {
        ix->path = strdup(path);
        ix->file = fh_path_join(path, FH_MANIFEST_NAME);
    }
    fh_status status = ix && ix->path && ix->file ? open_current(ix, err) : fh_fail_memory(err);
    if (status)
        fh_index_close(ix);
    else
        *out = ix;
    return status;
}

void fh_index_close(fh_index *ix)
{
    if (!ix)
        return;
    if (ix->state)
        ix->engine->index_close(ix->state);
    fh_watch_release(&ix->watch);
    fh_buffer_free(&ix->bytes);
    free(ix->file);
    free(ix->path);
    free(ix);
}

/* Another manifest is there: does it say the same? */
static fh_status reread(fh_index *ix, bool *same, fh_error *err)
{
    fh_buffer bytes = {0};
    fh_watch_hold(&ix->watch, ix->file);
    fh_status status = fh_manifest_read(ix->path, &bytes, err);
    *same = fh_str_equal(fh_buffer_str(&bytes), fh_buffer_str(&ix->bytes));
    fh_buffer_free(&bytes);
    return status;
}

fh_status fh_index_refresh(fh_index *ix, bool *changed, fh_error *err)
{
    uint64_t before = ix->engine->index_generation(ix->state);
    fh_status status = FH_OK;
    bool same = true;
    *changed = false;
    if (fh_watch_changed(&ix->watch, ix->file))
        status = reread(ix, &same, err);
    /*
     * Data that cannot be followed were removed just now: the manifest says what has taken
     * their place.
     */
    if (!status && (!same || ix->engine->index_refresh(ix->state, NULL) != FH_OK)) {
        same = false;
        status = open_current(ix, err);
    }
    /* What could not be followed is news again the next time. */
    if (status)
        fh_watch_release(&ix->watch);
    *changed = !status && (!same || ix->engine->index_generation(ix->state) != before);
    return status;
}

/* ---- Calls ---- */

fh_status fh_index_get_stats(fh_index *ix, fh_index_stats *stats, fh_error *err)
{
    *stats = (fh_index_stats){0};
    fh_status status = ix->engine->index_stats(ix->state, stats, err);
    if (status) {
        *stats = (fh_index_stats){0};
        return status;
    }
    snprintf(stats->engine, sizeof stats->engine, "%s", ix->manifest.engine);
    snprintf(stats->analysis, sizeof stats->analysis, "%s", ix->manifest.analysis);
    stats->index_bytes = fh_folder_bytes(ix->path);
    return FH_OK;
}

const char *fh_index_analysis(const fh_index *ix)
{
    return ix->manifest.analysis;
}

uint64_t fh_index_generation(const fh_index *ix)
{
    return ix->engine->index_generation(ix->state);
}

static bool is_weight(float weight)
{
    return weight >= 0 && !isinf(weight);
}

static fh_status check_rerank(const fh_rerank *r, fh_error *err)
{
    if (!is_weight(r->lead_weight) || !is_weight(r->ordered) || !is_weight(r->close))
        return fh_fail(err, FH_EUSAGE, "what raises articles has no weight below 0");
    for (size_t i = 0; i < r->count; i++)
        if (r->words[i]->kind != FH_EXPR_TERM || r->words[i]->form != FH_FORM_STEM ||
            r->words[i]->field != FH_FIELD_ANY)
            return fh_fail(err, FH_EUSAGE, "only stems in any field raise articles");
    return FH_OK;
}

fh_status fh_index_search(fh_index *ix, const fh_search *search, fh_arena *arena, fh_page *page,
                          fh_error *err)
{
    *page = (fh_page){0};
    fh_status status = fh_expr_check(search->expr, err);
    if (!status)
        status = check_rerank(&search->rerank, err);
    if (!status)
        status =
            name_damage(ix, ix->engine->index_search(ix->state, search, arena, page, err), err);
    if (status)
        *page = (fh_page){0};
    return status;
}

fh_status fh_index_explain(fh_index *ix, const fh_expr *const *leaves, size_t count,
                           uint32_t document, double *scores, fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t i = 0; i < count; i++)
        scores[i] = 0;
    for (size_t i = 0; i < count && !status; i++)
        status = fh_expr_check(leaves[i], err);
    if (status)
        return status;
    status = ix->engine->index_explain(ix->state, leaves, count, document, scores, err);
    return name_damage(ix, status, err);
}

fh_status fh_index_article(fh_index *ix, fh_str id, fh_arena *arena, bool *found,
                           fh_article *article, fh_error *err)
{
    *found = false;
    *article = (fh_article){0};
    if (id.len == 0 || id.len > FH_ID_MAX)
        return FH_OK;
    fh_status status = ix->engine->index_article(ix->state, id, arena, found, article, err);
    return name_damage(ix, status, err);
}

fh_status fh_index_next(fh_index *ix, uint32_t after, fh_arena *arena, fh_hit *hit,
                        uint64_t *fingerprint, fh_error *err)
{
    *hit = (fh_hit){0};
    *fingerprint = 0;
    fh_status status = ix->engine->index_next(ix->state, after, arena, hit, fingerprint, err);
    if (!status)
        return FH_OK;
    *hit = (fh_hit){0};
    *fingerprint = 0;
    return name_damage(ix, status, err);
}

fh_status fh_index_frequencies(fh_index *ix, fh_form form, fh_field field, const fh_str *terms,
                               size_t count, uint32_t *articles, fh_error *err)
{
    for (size_t i = 0; i < count; i++)
        articles[i] = 0;
    fh_status status =
        ix->engine->index_frequencies(ix->state, form, field, terms, count, articles, err);
    for (size_t i = 0; status && i < count; i++)
        articles[i] = 0;
    return name_damage(ix, status, err);
}

fh_status fh_index_walk(fh_index *ix, fh_form form, fh_field field, fh_str prefix,
                        fh_term_visit visit, void *context, fh_error *err)
{
    if (prefix.len > FH_TERM_MAX)
        return FH_OK;
    fh_status status =
        ix->engine->index_walk(ix->state, form, field, prefix, visit, context, err);
    return name_damage(ix, status, err);
}

bool fh_index_tallies(const fh_index *ix)
{
    return ix->engine->index_tally != NULL;
}

fh_status fh_index_tally(fh_index *ix, const fh_tally *tally, uint64_t *periods,
                         fh_term_visit visit, void *context, fh_error *err)
{
    size_t bytes = tally->period_count * sizeof *periods;
    memset(periods, 0, bytes);
    if (!fh_index_tallies(ix))
        return fh_fail(err, FH_EUNSUPPORTED, "the engine \"%s\" cannot tally",
                       ix->manifest.engine);
    fh_status status = fh_expr_check(tally->expr, err);
    if (!status)
        status = name_damage(
            ix, ix->engine->index_tally(ix->state, tally, periods, visit, context, err), err);
    if (status)
        memset(periods, 0, bytes);
    return status;
}

fh_status fh_index_sources(fh_index *ix, fh_term_visit visit, void *context, fh_error *err)
{
    fh_status status = ix->engine->index_sources(ix->state, visit, context, err);
    return name_damage(ix, status, err);
}
