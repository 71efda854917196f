#include <stdlib.h>
#include <string.h>

#include "engines/native/heads.h"
#include "engines/native/native_index.h"
#include "engines/native/native_state.h"

/* ---- Published articles ---- */

/* The article of ID as published last: *FOUND, and its *SEGMENT and *LOCAL number. */
static fh_status find(const fh_nwriter *w, fh_str id, bool *found, size_t *segment,
                      uint32_t *local, fh_error *err)
{
    fh_status status = FH_OK;
    *found = false;
    for (size_t i = w->shelf ? w->shelf->count : 0; i-- > 0 && !*found && !status;) {
        status = fh_ids_find(w->shelf->segments[i], id, found, local, err);
        *segment = i;
    }
    return status;
}

fh_status fh_nwriter_lookup(void *writer, fh_str id, bool *found, uint64_t *fingerprint,
                            fh_error *err)
{
    const fh_nwriter *w = writer;
    size_t segment = 0;
    uint32_t local = 0;
    *fingerprint = 0;
    fh_status status = find(w, id, found, &segment, &local, err);
    if (status || !*found)
        return status;
    const fh_segment *s = w->shelf->segments[segment];
    *fingerprint = fh_column_get(&s->prints, local);
    status = fh_segment_status(s, err);
    *found = status == FH_OK;
    return status;
}

fh_status fh_nwriter_kill_published(fh_nwriter *w, fh_str id, bool *found, fh_error *err)
{
    size_t segment = 0;
    uint32_t local = 0;
    fh_status status = find(w, id, found, &segment, &local, err);
    if (!status && *found && !fh_generation_kill(w->next, segment, local))
        status = fh_fail_memory(err);
    return status;
}

/* ---- Articles put since ---- */

/* The article LOCAL of the gathering. */
static fh_kept *find_gathered(fh_nwriter *w, uint32_t local, fh_str *id)
{
    size_t i = 0;
    while (local >= w->gathering.bundles[i]->count)
        local -= (uint32_t)w->gathering.bundles[i++]->count;
    fh_bundle *b = w->gathering.bundles[i];
    *id = (fh_str){b->ids.data + b->articles[local].id_at, b->articles[local].id_len};
    return &b->articles[local];
}

/* Kill ID in a segment that was written in this run. */
static fh_status kill_flushed(fh_nwriter *w, size_t segment, fh_str id, bool *found,
                              fh_error *err)
{
    fh_segment *s = NULL;
    uint32_t local;
    fh_status status =
        fh_generation_open_segment(fh_nwriter_folder(w), &w->next->entries[segment], &s, err);
    if (!status)
        status = fh_ids_find(s, id, found, &local, err);
    if (!status && *found && !fh_generation_kill(w->next, segment, local))
        status = fh_fail_memory(err);
    fh_segment_close(s);
    return status;
}

fh_status fh_nwriter_kill_pending(fh_nwriter *w, fh_str id, uint64_t hash, bool *found,
                                  fh_error *err)
{
    const fh_id_place *place = fh_id_places_find(&w->ids, hash);
    *found = false;
    if (!place)
        return FH_OK;
    if (place->segment < w->next->count)
        return kill_flushed(w, place->segment, id, found, err);
    fh_str there;
    fh_kept *kept = find_gathered(w, place->local - 1, &there);
    if (!kept->dead && fh_str_equal(there, id)) {
        *found = true;
        kept->dead = true;
    }
    return FH_OK;
}

fh_status fh_nwriter_remove(void *writer, fh_str id, bool *found, fh_error *err)
{
    fh_nwriter *w = writer;
    bool pending = false;
    *found = false;
    fh_status status = fh_nwriter_begin(w, err);
    if (!status)
        status = fh_nwriter_kill_pending(w, id, fh_checksum(id), &pending, err);
    if (!status)
        status = fh_nwriter_kill_published(w, id, found, err);
    *found = !status && (*found || pending);
    return status;
}

/* ---- Walking over origins ---- */

/* Which names of S are origins to walk over: one for each, for free(); NULL on failure. */
static bool *choose_names(const fh_segment *s, fh_str top, bool *any, fh_error *err)
{
    uint32_t count = fh_names_count(s);
    bool *chosen = calloc(count + (size_t)1, sizeof *chosen);
    fh_arena arena = {0};
    fh_status status = chosen ? FH_OK : fh_fail_memory(err);
    for (uint32_t n = 0; n < count && !status; n++) {
        fh_str name;
        status = fh_names_text(s, n, &arena, &name, err);
        chosen[n] = !status && fh_origin_lies_below(name, top);
        *any |= chosen[n];
        fh_arena_clear(&arena);
    }
    fh_arena_free(&arena);
    if (!status)
        return chosen;
    free(chosen);
    return NULL;
}

static fh_status walk_segment(const fh_segment *s, const bool *chosen, fh_origin_visit visit,
                              void *context, fh_error *err)
{
    fh_arena arena = {0};
    fh_status status = FH_OK;
    uint32_t count = fh_names_count(s);
    for (uint32_t local = 0; local < s->header.articles && !status; local++) {
        uint64_t n = fh_column_get(&s->origins, local);
        fh_article article;
        uint64_t body_len;
        if (n >= count || !chosen[n] || fh_segment_is_dead(s, local))
            continue;
        status = fh_head_read(s, local, &arena, &article, &body_len, err);
        if (!status)
            status = visit(context, article.origin, article.id, err);
        fh_arena_clear(&arena);
    }
    fh_arena_free(&arena);
    return status ? status : fh_segment_status(s, err);
}

fh_status fh_nwriter_walk(void *writer, fh_str origin, fh_origin_visit visit, void *context,
                          fh_error *err)
{
    const fh_nwriter *w = writer;
    fh_error why = {0};
    for (size_t i = 0; w->shelf && i < w->shelf->count && !why.status; i++) {
        bool any = false;
        bool *chosen = choose_names(w->shelf->segments[i], origin, &any, &why);
        if (chosen && any)
            walk_segment(w->shelf->segments[i], chosen, visit, context, &why);
        free(chosen);
    }
    if (why.status && err)
        *err = why;
    return why.status;
}

/* ---- Stats ---- */

fh_status fh_nwriter_stats(void *writer, fh_index_stats *stats, fh_error *err)
{
    const fh_nwriter *w = writer;
    fh_nindex index = {.shelf = w->shelf};
    if (w->shelf)
        return fh_nindex_stats(&index, stats, err);
    *stats = (fh_index_stats){.first_date = INT64_MAX, .last_date = INT64_MIN};
    return FH_OK;
}
