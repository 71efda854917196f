#include "engines/native/native_index.h"

#include <stdlib.h>

#include "engines/native/dictionary.h"
#include "engines/native/heads.h"
#include "engines/native/store.h"

/* ---- Opening ---- */

fh_status fh_nindex_open(const char *data, void **index, fh_error *err)
{
    fh_nindex *ix = calloc(1, sizeof *ix);
    *index = NULL;
    fh_status status = ix ? fh_shelf_open(data, &ix->shelf, err) : fh_fail_memory(err);
    if (status)
        free(ix);
    else
        *index = ix;
    return status;
}

void fh_nindex_close(void *index)
{
    fh_nindex *ix = index;
    fh_matcher_free(ix->matcher);
    fh_shelf_close(ix->shelf);
    free(ix);
}

fh_status fh_nindex_refresh(void *index, fh_error *err)
{
    fh_nindex *ix = index;
    bool changed;
    return fh_shelf_refresh(ix->shelf, &changed, err);
}

uint64_t fh_nindex_generation(const void *index)
{
    const fh_nindex *ix = index;
    return ix->shelf->generation->number;
}

/* ---- One article ---- */

fh_status fh_nindex_read(fh_shelf *shelf, size_t i, uint32_t local, fh_arena *arena,
                         fh_article *article, fh_error *err)
{
    fh_store *store;
    uint64_t body_len;
    fh_status status = fh_head_read(shelf->segments[i], local, arena, article, &body_len, err);
    if (!status)
        status = fh_shelf_store(shelf, i, &store, err);
    if (!status)
        status = fh_store_body(store, local, arena, &article->body, err);
    if (!status && article->body.len != body_len) {
        fh_sealed_distrust(shelf->segments[i]->file,
                           shelf->segments[i]->sections[FH_SECTION_TEXT].offset,
                           "a body longer or shorter than its head says");
        status = fh_shelf_status(shelf, err);
    }
    return status;
}

fh_status fh_nindex_article(void *index, fh_str id, fh_arena *arena, bool *found,
                            fh_article *article, fh_error *err)
{
    fh_shelf *shelf = ((fh_nindex *)index)->shelf;
    uint32_t local;
    fh_article whole = {0};
    fh_status status = FH_OK;
    bool there = false;
    *found = false;
    *article = whole;
    for (size_t i = shelf->count; i-- > 0 && !there && !status;) {
        status = fh_ids_find(shelf->segments[i], id, &there, &local, err);
        if (!status && there)
            status = fh_nindex_read(shelf, i, local, arena, &whole, err);
    }
    if (status || !there)
        return status;
    *found = true;
    *article = whole;
    return FH_OK;
}

/* ---- Stats ---- */

/* Take the texts of the dead out of STATS, and find the dates of the living. */
static fh_status add_living(const fh_segment *s, fh_index_stats *stats, fh_error *err)
{
    for (uint32_t local = 0; local < s->header.articles; local++) {
        if (fh_segment_is_dead(s, local)) {
            stats->text_bytes -= fh_head_text_len(s, local);
            continue;
        }
        fh_date date = fh_date_of_stored(fh_column_get(&s->dates, local));
        if (date.precision == FH_DATE_NONE)
            continue;
        stats->first_date = date.seconds < stats->first_date ? date.seconds : stats->first_date;
        stats->last_date = date.seconds > stats->last_date ? date.seconds : stats->last_date;
    }
    return fh_segment_status(s, err);
}

static fh_status add_segment(const fh_segment *s, fh_index_stats *stats, fh_error *err)
{
    const fh_segment_header *h = &s->header;
    stats->text_bytes += h->text_bytes;
    for (unsigned form = 0; form < FH_FORMS; form++) {
        fh_dictionary d;
        if (fh_dictionary_open(s, form, &d))
            stats->terms += d.terms;
    }
    if (s->dead_count > 0)
        return add_living(s, stats, err);
    stats->first_date = h->first_date < stats->first_date ? h->first_date : stats->first_date;
    stats->last_date = h->last_date > stats->last_date ? h->last_date : stats->last_date;
    return fh_segment_status(s, err);
}

/* What each section is counted as. */
static fh_share share_of(unsigned section)
{
    if (section >= FH_SECTION_POSITIONS)
        return FH_SHARE_POSITIONS;
    if (section >= FH_SECTION_POSTINGS)
        return FH_SHARE_POSTINGS;
    if (section >= FH_SECTION_TERMS)
        return FH_SHARE_DICTIONARY;
    switch (section) {
    case FH_SECTION_SPELLINGS:
    case FH_SECTION_TEXT:
    case FH_SECTION_TEXT_ENDS:
        return FH_SHARE_TEXTS;
    case FH_SECTION_HEADS:
    case FH_SECTION_HEAD_ENDS:
    case FH_SECTION_NAMES:
        return FH_SHARE_HEADS;
    case FH_SECTION_IDS:
        return FH_SHARE_IDS;
    default:
        return FH_SHARE_COLUMNS;
    }
}

static void add_shares(const fh_segment *s, uint64_t shares[FH_SHARES])
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < FH_SECTIONS; i++) {
        shares[share_of(i)] += s->sections[i].len;
        sum += s->sections[i].len;
    }
    shares[FH_SHARE_SUMS] += s->file->seal.file_len - sum;
}

fh_status fh_nindex_stats(void *index, fh_index_stats *stats, fh_error *err)
{
    const fh_shelf *shelf = ((const fh_nindex *)index)->shelf;
    fh_status status = FH_OK;
    *stats = (fh_index_stats){.generation = shelf->generation->number,
                              .articles = shelf->articles - shelf->dead,
                              .first_date = INT64_MAX,
                              .last_date = INT64_MIN};
    for (size_t i = 0; i < shelf->count && !status; i++) {
        status = add_segment(shelf->segments[i], stats, err);
        add_shares(shelf->segments[i], stats->shares);
    }
    return status;
}

/* ---- Checking ---- */

fh_status fh_nindex_check(const char *data, fh_error *err)
{
    fh_shelf *shelf;
    fh_status status = fh_shelf_open(data, &shelf, err);
    if (status)
        return status;
    for (size_t i = 0; i < shelf->count && !status; i++)
        status = fh_segment_check(shelf->segments[i], err);
    fh_shelf_close(shelf);
    return status;
}
