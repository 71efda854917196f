#include "engines/native/segment.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "engines/engine.h"

/* Places in the header. */
#define SECTIONS     4
#define WORDS        8
#define TEXT_BYTES   16
#define FIRST_DATE   24
#define LAST_DATE    32
#define TITLE_WEIGHT 40
#define PLACE        16u /* bytes of a section's place */

/* ---- Reading ---- */

/* Find the sections; those that this program does not know are passed over. */
static bool read_places(fh_segment *s, uint32_t count)
{
    fh_sealed *f = s->file;
    if (count > FH_SECTIONS_MAX ||
        !fh_sealed_need(f, 0, FH_SEGMENT_PLACES + (uint64_t)count * PLACE))
        return fh_sealed_distrust(f, SECTIONS, "a header with too many sections");
    for (uint32_t i = 0; i < FH_SECTIONS; i++)
        s->sections[i] = (fh_slice){f, 0, 0};
    for (uint32_t i = 0; i < count && i < FH_SECTIONS; i++) {
        const uint8_t *place = f->bytes + FH_SEGMENT_PLACES + i * PLACE;
        fh_slice slice = {f, fh_get64(place), fh_get64(place + 8)};
        if (slice.offset > f->len || slice.len > f->len - slice.offset)
            return fh_sealed_distrust(f, FH_SEGMENT_PLACES + i * PLACE,
                                      "a section that lies outside");
        s->sections[i] = slice;
    }
    return true;
}

static bool read_header(fh_segment *s)
{
    if (!fh_sealed_need(s->file, 0, FH_SEGMENT_PLACES))
        return false;
    const uint8_t *head = s->file->bytes;
    s->header = (fh_segment_header){
        .articles = fh_get32(head),
        .words = fh_get64(head + WORDS),
        .text_bytes = fh_get64(head + TEXT_BYTES),
        .first_date = (int64_t)fh_get64(head + FIRST_DATE),
        .last_date = (int64_t)fh_get64(head + LAST_DATE),
        .title_weight = fh_get32(head + TITLE_WEIGHT),
    };
    if (s->header.articles > FH_SEGMENT_ARTICLES_MAX)
        return fh_sealed_distrust(s->file, 0, "more articles than a segment can have");
    return read_places(s, fh_get32(head + SECTIONS));
}

/* A column of the segment has a value for each article, or is not there. */
static bool read_column(fh_segment *s, fh_section section, fh_column *c)
{
    const fh_slice *slice = &s->sections[section];
    if (!fh_column_open(slice, c))
        return false;
    if (slice->len > 0 && c->count != s->header.articles)
        return fh_sealed_distrust(s->file, slice->offset,
                                  "a column of more or fewer than all articles");
    return true;
}

static bool read_columns(fh_segment *s)
{
    return read_column(s, FH_SECTION_LENGTHS, &s->lengths) &&
           read_column(s, FH_SECTION_DATES, &s->dates) &&
           read_column(s, FH_SECTION_SOURCES, &s->sources) &&
           read_column(s, FH_SECTION_ORIGINS, &s->origins) &&
           read_column(s, FH_SECTION_SECTIONS, &s->rubrics) &&
           read_column(s, FH_SECTION_SITES, &s->sites) &&
           read_column(s, FH_SECTION_PRINTS, &s->prints) &&
           read_column(s, FH_SECTION_HEAD_ENDS, &s->head_ends) &&
           read_column(s, FH_SECTION_TEXT_ENDS, &s->text_ends) &&
           fh_column_open(&s->sections[FH_SECTION_NAMES], &s->name_ends);
}

/* Stems had no positions in version 1. */
static fh_status refuse_older(const fh_sealed *file, fh_error *err)
{
    if (file->version >= FH_SEGMENT_VERSION)
        return FH_OK;
    return fh_fail(err, FH_EUNSUPPORTED,
                   "%s has format %u, this program knows %u: run fihris-index --rebuild",
                   file->path, file->version, FH_SEGMENT_VERSION);
}

fh_status fh_segment_open(const char *path, const fh_seal *seal, fh_segment **out,
                          fh_error *err)
{
    fh_segment *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return fh_fail_memory(err);
    fh_status status =
        fh_sealed_open(path, FH_SEGMENT_KIND, FH_SEGMENT_VERSION, seal, &s->file, err);
    if (!status)
        status = refuse_older(s->file, err);
    if (!status && !(read_header(s) && read_columns(s)))
        status = fh_sealed_status(s->file, err);
    if (status)
        fh_segment_close(s);
    else
        *out = s;
    return status;
}

void fh_segment_close(fh_segment *s)
{
    if (!s)
        return;
    fh_sealed_close(s->file);
    free(s);
}

fh_status fh_segment_status(const fh_segment *s, fh_error *err)
{
    return fh_sealed_status(s->file, err);
}

/* ---- Writing ---- */

fh_status fh_segment_writer_new(const char *path, size_t limit, fh_segment_writer **out,
                                fh_error *err)
{
    fh_buffer name = {0};
    fh_segment_writer *w = calloc(1, sizeof *w);
    bool made = w && (w->path = strdup(path));
    *out = NULL;
    for (unsigned i = 0; i < FH_SECTIONS && made; i++) {
        fh_buffer_clear(&name);
        fh_buffer_printf(&name, "%s.%u", path, i);
        made = !name.failed && (w->sections[i] = fh_spool_new(name.data, limit));
    }
    fh_buffer_free(&name);
    if (!made) {
        fh_segment_writer_free(w);
        return fh_fail_memory(err);
    }
    w->header.first_date = INT64_MAX;
    w->header.last_date = INT64_MIN;
    w->header.title_weight = FH_TITLE_WEIGHT;
    *out = w;
    return FH_OK;
}

fh_status fh_segment_writer_lengths(fh_segment_writer *w, const uint32_t *lengths,
                                    uint32_t count, fh_error *err)
{
    uint64_t *values = fh_memory_take(count * sizeof *values);
    if (!values)
        return fh_fail_memory(err);
    w->header.words = 0;
    for (uint32_t i = 0; i < count; i++)
        w->header.words += values[i] = lengths[i];
    fh_column_write(values, count, w->sections[FH_SECTION_LENGTHS]);
    free(values);
    return FH_OK;
}

static void add_header(const fh_segment_writer *w, fh_sealer *sealer)
{
    uint8_t head[FH_SEGMENT_PLACES + FH_SECTIONS * PLACE] = {0};
    uint64_t offset = sizeof head;
    fh_put32(head, w->header.articles);
    fh_put32(head + SECTIONS, FH_SECTIONS);
    fh_put64(head + WORDS, w->header.words);
    fh_put64(head + TEXT_BYTES, w->header.text_bytes);
    fh_put64(head + FIRST_DATE, (uint64_t)w->header.first_date);
    fh_put64(head + LAST_DATE, (uint64_t)w->header.last_date);
    fh_put32(head + TITLE_WEIGHT, w->header.title_weight);
    for (size_t i = 0; i < FH_SECTIONS; i++) {
        uint64_t len = fh_spool_len(w->sections[i]);
        fh_put64(head + FH_SEGMENT_PLACES + i * PLACE, offset);
        fh_put64(head + FH_SEGMENT_PLACES + i * PLACE + 8, len);
        offset += len;
    }
    fh_sealer_add(sealer, head, sizeof head);
}

fh_status fh_segment_writer_finish(fh_segment_writer *w, fh_seal *seal, fh_error *err)
{
    fh_sealer *sealer;
    *seal = (fh_seal){0};
    fh_status status = fh_sealer_open(w->path, &sealer, err);
    if (status)
        return status;
    add_header(w, sealer);
    for (size_t i = 0; i < FH_SECTIONS && !status; i++)
        status = fh_spool_pour(w->sections[i], sealer, err);
    if (!status)
        status = fh_sealer_finish(sealer, FH_SEGMENT_KIND, FH_SEGMENT_VERSION, seal, err);
    fh_sealer_close(sealer);
    return status;
}

void fh_segment_writer_free(fh_segment_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < FH_SECTIONS; i++)
        fh_spool_free(w->sections[i]);
    free(w->path);
    free(w);
}
