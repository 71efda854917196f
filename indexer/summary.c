#include "indexer/summary.h"

#include <inttypes.h>

#include "base/dates.h"
#include "base/json.h"
#include "indexer/progress.h"

void fh_summary_write(const fh_summary *s, const char *path, fh_buffer *out)
{
    fh_buffer_printf(out, "%s: %" PRIu64 " article%s, ", path, s->index.articles,
                     s->index.articles == 1 ? "" : "s");
    fh_progress_write_size(s->index.text_bytes, out);
    fh_buffer_add_str(out, FH_STR(" of text, "));
    fh_progress_write_size(s->index.index_bytes, out);
    fh_buffer_add_str(out, FH_STR(" on disk\n"));
    fh_buffer_printf(out,
                     "%" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " unchanged, %" PRIu64
                     " removed",
                     s->added, s->changed, s->unchanged, s->removed);
    if (s->refused > 0)
        fh_buffer_printf(out, ", %" PRIu64 " refused", s->refused);
    if (s->repaired > 0)
        fh_buffer_printf(out, ", %" PRIu64 " repaired", s->repaired);
    fh_buffer_add_byte(out, '\n');
}

static void set_count(json_t *object, const char *key, uint64_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

/* Append OBJECT as one line, and free it. */
static void end_object(json_t *object, fh_buffer *out)
{
    fh_json_write(object, out);
    fh_buffer_add_byte(out, '\n');
    json_decref(object);
}

void fh_summary_write_json(const fh_summary *s, fh_buffer *out)
{
    json_t *object = json_object();
    set_count(object, "articles", s->index.articles);
    set_count(object, "added", s->added);
    set_count(object, "changed", s->changed);
    set_count(object, "unchanged", s->unchanged);
    set_count(object, "removed", s->removed);
    set_count(object, "refused", s->refused);
    set_count(object, "text_bytes", s->index.text_bytes);
    set_count(object, "index_bytes", s->index.index_bytes);
    json_object_set_new(object, "seconds", json_real(s->seconds));
    set_count(object, "repaired", s->repaired);
    json_object_set_new(object, "stopped", json_boolean(s->stopped));
    end_object(object, out);
}

static void write_files(uint64_t count, const char *how, uint64_t bytes, fh_buffer *out)
{
    fh_buffer_printf(out, ", %" PRIu64 " file%s %s (", count, count == 1 ? "" : "s", how);
    fh_progress_write_size(bytes, out);
    fh_buffer_add_byte(out, ')');
}

void fh_copied_write(const fh_copied *c, const char *path, fh_buffer *out)
{
    fh_buffer_printf(out, "%s: %" PRIu64 " article%s", path, c->articles,
                     c->articles == 1 ? "" : "s");
    write_files(c->linked, "linked", c->linked_bytes, out);
    write_files(c->copied, "copied", c->copied_bytes, out);
    fh_buffer_add_byte(out, '\n');
}

void fh_copied_write_json(const fh_copied *c, fh_buffer *out)
{
    json_t *object = json_object();
    set_count(object, "articles", c->articles);
    set_count(object, "linked", c->linked);
    set_count(object, "linked_bytes", c->linked_bytes);
    set_count(object, "copied", c->copied);
    set_count(object, "copied_bytes", c->copied_bytes);
    end_object(object, out);
}

/* An index without dates has none to tell. */
static void set_dates(json_t *object, const fh_index_stats *s)
{
    char text[FH_DATE_TEXT_MAX];
    if (s->first_date > s->last_date)
        return;
    fh_date date = {s->first_date, FH_DATE_SECOND};
    fh_json_set_text(object, "first_date", fh_str_of(fh_date_format(date, text)));
    date.seconds = s->last_date;
    fh_json_set_text(object, "last_date", fh_str_of(fh_date_format(date, text)));
}

/* The bytes of each part of the index, where its engine knows them. */
static void set_parts(json_t *object, const fh_index_stats *s)
{
    static const char *const names[FH_SHARES] = {"dictionary", "postings", "positions", "texts",
                                                 "heads",      "columns",  "ids",       "sums"};
    uint64_t known = 0;
    for (size_t i = 0; i < FH_SHARES; i++)
        known += s->shares[i];
    if (known == 0)
        return;
    json_t *parts = json_object();
    for (size_t i = 0; i < FH_SHARES; i++)
        set_count(parts, names[i], s->shares[i]);
    json_object_set_new(object, "parts", parts);
}

void fh_stats_write_json(const fh_index_stats *s, fh_buffer *out)
{
    json_t *object = json_object();
    fh_json_set_text(object, "engine", fh_str_of(s->engine));
    fh_json_set_text(object, "analysis", fh_str_of(s->analysis));
    set_count(object, "generation", s->generation);
    set_count(object, "articles", s->articles);
    set_count(object, "text_bytes", s->text_bytes);
    set_count(object, "index_bytes", s->index_bytes);
    if (s->terms > 0)
        set_count(object, "terms", s->terms);
    set_parts(object, s);
    set_dates(object, s);
    end_object(object, out);
}
