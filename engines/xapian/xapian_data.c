#include "engines/xapian/xapian_data.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "engines/record.h"

/*
 * Dates are kept within so many seconds of 1970, and counted from the earliest of them: of numbers
 * below zero that lie close together Xapian's range takes one too many.
 */
#define SECONDS_MAX (INT64_C(1) << 51)

char fh_xterm_letter(fh_form form, fh_field field)
{
    if (field == FH_FIELD_TITLE)
        return form == FH_FORM_FOLDED ? 'n' : 's';
    return form == FH_FORM_FOLDED ? 'N' : 'S';
}

bool fh_xterm_word(fh_xterm *t, fh_form form, fh_field field, fh_str text)
{
    t->bytes[0] = fh_xterm_letter(form, field);
    t->len = 1 + fh_letters_encode(text, t->bytes + 1);
    return t->len <= FHX_TERM_MAX;
}

fh_str fh_xterm_str(const fh_xterm *t)
{
    return (fh_str){t->bytes, t->len};
}

fh_str fh_xterm_stem(fh_str text)
{
    const char *nul = text.len > 0 ? memchr(text.ptr, 0, text.len) : NULL;
    size_t len = nul ? (size_t)(nul - text.ptr) : text.len;
    return (fh_str){text.ptr, len < FH_XTERM_CUT ? len : FH_XTERM_CUT};
}

void fh_xterm_key(fh_xterm *t, char letter, fh_str text)
{
    bool whole =
        text.len <= FH_XTERM_WHOLE && (text.len == 0 || !memchr(text.ptr, 0, text.len));
    fh_str kept = whole ? text : fh_xterm_stem(text);
    t->bytes[0] = letter;
    if (kept.len > 0)
        memcpy(t->bytes + 1, kept.ptr, kept.len);
    t->len = 1 + kept.len;
    if (whole)
        return;
    XXH128_hash_t sum = XXH3_128bits(text.ptr, text.len);
    char hex[33];
    snprintf(hex, sizeof hex, "%016" PRIx64 "%016" PRIx64, (uint64_t)sum.high64,
             (uint64_t)sum.low64);
    t->bytes[t->len++] = '\0';
    memcpy(t->bytes + t->len, hex, sizeof hex - 1);
    t->len += sizeof hex - 1;
}

size_t fh_xdate(int64_t seconds, char out[FHX_SORTABLE_MAX])
{
    if (seconds > SECONDS_MAX)
        seconds = SECONDS_MAX;
    if (seconds < -SECONDS_MAX)
        seconds = -SECONDS_MAX;
    return fhx_sortable((double)(seconds + SECONDS_MAX), out);
}

fh_status fh_xapian_read(const fhx_shown *shown, bool body, fh_arena *arena,
                         fh_article *article, uint64_t *text_bytes, fh_error *err)
{
    bool apart = shown->value.len > 0;
    fh_record_sizes sizes;
    fh_status status =
        fh_record_read_head(apart ? shown->value : shown->data, arena, article, &sizes, err);
    if (text_bytes)
        *text_bytes = sizes.text;
    if (status || !body)
        return status;
    size_t start = apart ? 0 : sizes.head;
    fh_str code = {shown->data.ptr + start, shown->data.len - start};
    return fh_record_read_body(code, sizes.body, arena, &article->body, err);
}

static fh_status take_fingerprint(void *context, const fhx_shown *shown, fh_error *err)
{
    uint64_t *fingerprint = context;
    if (shown->value.len != sizeof *fingerprint)
        return fh_fail(err, FH_ECORRUPT, "an article has no fingerprint: rebuild the index");
    for (unsigned i = 0; i < sizeof *fingerprint; i++)
        *fingerprint |= (uint64_t)(unsigned char)shown->value.ptr[i] << (8 * i);
    return FH_OK;
}

fh_status fh_xapian_fingerprint(fhx_base *base, uint32_t number, uint64_t *fingerprint,
                                fh_error *err)
{
    static const fhx_want want = {SLOT_FINGERPRINT, false};
    *fingerprint = 0;
    return fhx_base_show(base, number, want, take_fingerprint, fingerprint, err);
}

/* ---- Statistics ---- */

/* The date of the one document that is shown. */
static fh_status take_date(void *context, const fhx_shown *shown, fh_error *err)
{
    fh_arena arena = {0};
    fh_article article;
    fh_status status = fh_xapian_read(shown, false, &arena, &article, NULL, err);
    *(fh_date *)context = article.date;
    fh_arena_free(&arena);
    return status;
}

/* The date that stands first in the order SORT of SLOT. */
static fh_status find_date(fhx_base *base, fhx_sort sort, uint32_t slot, fh_date *date,
                           fh_error *err)
{
    fhx_node all = {.op = FHX_ALL, .weight = 1};
    fhx_search search = {.nodes = &all,
                         .node_count = 1,
                         .count = 1,
                         .sort = sort,
                         .slot = slot,
                         .want = WANT_HEAD};
    uint32_t low, high;
    *date = (fh_date){0, FH_DATE_NONE};
    return fhx_base_search(base, &search, take_date, date, &low, &high, err);
}

/* Bounds that Xapian keeps do not shrink when articles go, so the dates are looked for. */
static fh_status find_dates(fhx_base *base, fh_index_stats *stats, fh_error *err)
{
    fh_date oldest, newest;
    fh_status status = find_date(base, FHX_BY_VALUE_UP, SLOT_DATE_UP, &oldest, err);
    if (!status)
        status = find_date(base, FHX_BY_VALUE_DOWN, SLOT_DATE, &newest, err);
    if (status || oldest.precision == FH_DATE_NONE)
        return status;
    stats->first_date = oldest.seconds;
    stats->last_date = newest.seconds;
    return FH_OK;
}

fh_status fh_xapian_stats(fhx_base *base, fh_index_stats *stats, fh_error *err)
{
    fh_buffer note = {0};
    uint32_t count = 0;
    uint32_t last;
    stats->first_date = INT64_MAX;
    stats->last_date = INT64_MIN;
    if (!base)
        return FH_OK;
    fh_status status = fhx_base_count(base, &count, &last, err);
    if (!status)
        status = fhx_base_note(base, NOTE_STATE, &note, err);
    if (!status && sscanf(note.data ? note.data : "", "%" SCNu64 " %" SCNu64,
                          &stats->generation, &stats->text_bytes) != 2)
        status = fh_fail(err, FH_ECORRUPT, "the index does not know its own state");
    stats->articles = count;
    if (!status)
        status = find_dates(base, stats, err);
    fh_buffer_free(&note);
    return status;
}
