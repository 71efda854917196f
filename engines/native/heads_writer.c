#include <stdlib.h>
#include <string.h>

#include "engines/lettercode.h"
#include "engines/native/heads.h"
#include "engines/native/name_set.h"
#include "engines/native/pack.h"

/* The names an article has, by the columns they go to. */
enum { SOURCE, ORIGIN, SECTION, SITE, NAMES };

static const fh_section name_sections[NAMES] = {FH_SECTION_SOURCES, FH_SECTION_ORIGINS,
                                                FH_SECTION_SECTIONS, FH_SECTION_SITES};

/* What is kept of an article beside the bytes of its head. */
typedef struct row {
    uint64_t head_end;
    uint64_t date;
    uint64_t print;
    uint32_t id_hash;
    uint32_t names[NAMES]; /* numbers in the set */
} row;

struct fh_heads_writer {
    fh_buffer heads;
    fh_buffer rows;
    fh_name_set names;
    uint64_t text_bytes;
    int64_t first_date;
    int64_t last_date;
};

fh_heads_writer *fh_heads_writer_new(void)
{
    fh_heads_writer *w = calloc(1, sizeof *w);
    if (w) {
        w->first_date = INT64_MAX;
        w->last_date = INT64_MIN;
    }
    return w;
}

/* Append TEXT as heads.h draws it. What it takes is known before its code is. */
static void add_text(fh_buffer *out, fh_str text)
{
    uint8_t lengths[2 * FH_VARINT_MAX];
    size_t most = FH_LETTERS_CODED(text.len);
    if (text.len > FH_LETTERS_MAX || !fh_buffer_reserve(out, most + sizeof lengths)) {
        out->failed = true;
        return;
    }
    char *code = out->data + out->len + sizeof lengths;
    size_t coded = fh_letters_encode(text, code);
    bool same = coded == text.len && (coded == 0 || !memcmp(code, text.ptr, coded));
    size_t len = fh_varint_put((uint64_t)coded * 2 + same, lengths);
    if (!same)
        len += fh_varint_put(text.len, lengths + len);
    memcpy(out->data + out->len, lengths, len);
    memmove(out->data + out->len + len, code, coded);
    out->len += len + coded;
}

/* Where the site of URL ends: behind its third slash, or at 0. */
static size_t site_len(fh_str url)
{
    unsigned slashes = 0;
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] == '/' && ++slashes == 3)
            return i + 1;
    return 0;
}

static void add_head(fh_heads_writer *w, const fh_article *a, size_t site)
{
    uint8_t body[FH_VARINT_MAX];
    add_text(&w->heads, a->id);
    add_text(&w->heads, a->title);
    add_text(&w->heads, site ? (fh_str){a->url.ptr + site, a->url.len - site} : a->url);
    add_text(&w->heads, a->keywords);
    fh_buffer_add(&w->heads, body, fh_varint_put(a->body.len, body));
}

static void add_date(fh_heads_writer *w, fh_date date)
{
    if (date.precision == FH_DATE_NONE)
        return;
    w->first_date = date.seconds < w->first_date ? date.seconds : w->first_date;
    w->last_date = date.seconds > w->last_date ? date.seconds : w->last_date;
}

void fh_heads_writer_add(fh_heads_writer *w, const fh_article *article, uint64_t fingerprint)
{
    fh_article a = *article;
    fh_str site = {a.url.ptr, site_len(a.url)};
    add_head(w, &a, site.len);
    add_date(w, a.date);
    w->text_bytes += a.title.len + a.body.len;
    row r = {
        .head_end = w->heads.len,
        .date = fh_stored_date(a.date),
        .print = fingerprint,
        .id_hash = fh_id_hash(a.id),
        .names = {fh_name_set_add(&w->names, a.source), fh_name_set_add(&w->names, a.origin),
                  fh_name_set_add(&w->names, a.section), fh_name_set_add(&w->names, site)}};
    fh_buffer_add(&w->rows, &r, sizeof r);
}

static uint32_t count_rows(const fh_heads_writer *w)
{
    return (uint32_t)(w->rows.len / sizeof(row));
}

size_t fh_heads_writer_memory(const fh_heads_writer *w)
{
    return w->heads.capacity + w->rows.capacity + w->names.codes.capacity +
           w->names.items.capacity + w->names.room * sizeof *w->names.table;
}

static bool has_failed(const fh_heads_writer *w)
{
    return w->heads.failed || w->rows.failed || w->names.codes.failed || w->names.items.failed;
}

static row row_of(const fh_heads_writer *w, uint32_t i)
{
    row r;
    memcpy(&r, w->rows.data + i * sizeof r, sizeof r);
    return r;
}

/* The numbers in W of the names of OTHER, for free(); NULL for want of memory. */
static uint32_t *join_names(fh_heads_writer *w, const fh_heads_writer *other)
{
    uint32_t count = fh_name_set_count(&other->names);
    uint32_t *numbers = malloc((count + (size_t)1) * sizeof *numbers);
    for (uint32_t n = 0; n < count && numbers; n++)
        numbers[n] = fh_name_set_join(&w->names, &other->names, n);
    return numbers;
}

void fh_heads_writer_append(fh_heads_writer *w, fh_heads_writer *other)
{
    uint64_t before = w->heads.len;
    uint32_t *numbers = has_failed(other) ? NULL : join_names(w, other);
    if (!numbers)
        w->rows.failed = true;
    fh_buffer_add_str(&w->heads, fh_buffer_str(&other->heads));
    uint32_t count = numbers ? count_rows(other) : 0;
    fh_buffer_reserve(&w->rows, count * sizeof(row));
    for (uint32_t i = 0; i < count; i++) {
        row r = row_of(other, i);
        r.head_end += before;
        for (unsigned k = 0; k < NAMES; k++)
            r.names[k] = numbers[r.names[k]];
        fh_buffer_add(&w->rows, &r, sizeof r);
    }
    free(numbers);
    w->text_bytes += other->text_bytes;
    w->first_date = other->first_date < w->first_date ? other->first_date : w->first_date;
    w->last_date = other->last_date > w->last_date ? other->last_date : w->last_date;
    fh_heads_writer_free(other);
}

/* ---- Into a segment ---- */

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void write_ids(const fh_heads_writer *w, uint64_t *values, uint32_t count, fh_spool *out)
{
    for (uint32_t i = 0; i < count; i++)
        values[i] = (uint64_t)row_of(w, i).id_hash << 32 | i;
    qsort(values, count, sizeof *values, compare_numbers);
    for (uint32_t i = 0; i < count; i++)
        fh_put64(&values[i], values[i]);
    fh_spool_add(out, values, count * sizeof *values);
}

/* VALUES is memory for a column. */
static void write_columns(const fh_heads_writer *w, const uint32_t *ranks, uint64_t *values,
                          uint32_t count, fh_spool *const *out)
{
    for (uint32_t i = 0; i < count; i++)
        values[i] = row_of(w, i).date;
    fh_column_write(values, count, out[FH_SECTION_DATES]);
    for (uint32_t i = 0; i < count; i++)
        values[i] = row_of(w, i).print;
    fh_column_write(values, count, out[FH_SECTION_PRINTS]);
    for (uint32_t i = 0; i < count; i++)
        values[i] = row_of(w, i).head_end;
    fh_column_write(values, count, out[FH_SECTION_HEAD_ENDS]);
    for (unsigned k = 0; k < NAMES; k++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = ranks[row_of(w, i).names[k]];
        fh_column_write(values, count, out[name_sections[k]]);
    }
    write_ids(w, values, count, out[FH_SECTION_IDS]);
}

fh_status fh_heads_writer_finish(fh_heads_writer *w, fh_segment_writer *segment, fh_error *err)
{
    uint32_t count = count_rows(w);
    uint32_t *ranks = NULL;
    uint64_t *values = malloc((count + (size_t)1) * sizeof *values);
    bool made = values && !has_failed(w) &&
                fh_name_set_write(&w->names, segment->sections[FH_SECTION_NAMES], &ranks);
    if (made) {
        write_columns(w, ranks, values, count, segment->sections);
        fh_spool_add(segment->sections[FH_SECTION_HEADS], w->heads.data, w->heads.len);
        segment->header.articles = count;
        segment->header.text_bytes = w->text_bytes;
        segment->header.first_date = w->first_date;
        segment->header.last_date = w->last_date;
    }
    free(values);
    free(ranks);
    return made ? FH_OK : fh_fail_memory(err);
}

void fh_heads_writer_free(fh_heads_writer *w)
{
    if (!w)
        return;
    fh_buffer_free(&w->heads);
    fh_buffer_free(&w->rows);
    fh_name_set_free(&w->names);
    free(w);
}
