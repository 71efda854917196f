/* JSON as fihris-json(5) describes it: one object for an answer, or one line for each result. */
#include "searcher/render.h"

#include "base/dates.h"
#include "base/json.h"
#include "base/utf8.h"
#include "searcher/marks.h"

/* Set KEY unless TEXT is missing. */
static void set_text(json_t *object, const char *key, fh_str text)
{
    if (text.len > 0)
        fh_json_set_text(object, key, text);
}

static void set_date(json_t *object, fh_date date)
{
    char text[FH_DATE_TEXT_MAX];
    set_text(object, "date", fh_str_of(fh_date_format(date, text)));
}

/*
 * Write VALUE and give it back. DEL, the controls of C1 and turns of direction, which JSON allows as
 * they are, are escaped: a terminal may take them for commands.
 */
static void write_value(json_t *value, fh_buffer *out)
{
    fh_buffer raw = {0};
    size_t bytes;
    fh_json_write(value, &raw);
    json_decref(value);
    for (size_t at = 0; at < raw.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(raw.data + at, raw.len - at, &code, NULL);
        if (fh_mark_harmful(code))
            fh_buffer_printf(out, "\\u%04x", (unsigned)code);
        else
            fh_buffer_add(out, raw.data + at, bytes);
    }
    out->failed = out->failed || raw.failed;
    fh_buffer_free(&raw);
}

/* ---- Parts of a result ---- */

static void add_piece(json_t *array, const char *text, size_t len, bool match)
{
    if (len == 0)
        return;
    json_t *piece = json_object();
    fh_json_set_text(piece, "text", (fh_str){text, len});
    json_object_set_new(piece, "match", json_boolean(match));
    json_array_append_new(array, piece);
}

/* A window as pieces that match and pieces that do not; together they are its text. */
static void add_window(json_t *array, const fh_window *window)
{
    size_t at = 0;
    for (size_t i = 0; i < window->match_count; i++) {
        fh_span span = window->matches[i];
        add_piece(array, window->text.ptr + at, span.start - at, false);
        add_piece(array, window->text.ptr + span.start, span.end - span.start, true);
        at = span.end;
    }
    add_piece(array, window->text.ptr + at, window->text.len - at, false);
}

static void set_snippet(json_t *object, const fh_result *result)
{
    if (result->window_count == 0)
        return;
    json_t *array = json_array();
    for (size_t i = 0; i < result->window_count; i++) {
        if (i > 0)
            add_piece(array, FH_GAP, sizeof FH_GAP - 1, false);
        add_window(array, &result->windows[i]);
    }
    json_object_set_new(object, "snippet", array);
}

static void set_title_matches(json_t *object, const fh_window *title)
{
    if (title->match_count == 0)
        return;
    json_t *array = json_array();
    add_window(array, title);
    json_object_set_new(object, "title_matches", array);
}

static void set_evidence(json_t *object, const fh_result *result)
{
    if (!result->evidence)
        return;
    json_t *array = json_array();
    for (size_t i = 0; i < result->evidence_count; i++) {
        const fh_evidence *e = &result->evidence[i];
        json_t *one = json_object();
        fh_json_set_text(one, "word", e->word);
        fh_json_set_text(one, "term", e->term);
        json_object_set_new(one, "form", json_string(e->form));
        json_object_set_new(one, "title", json_boolean(e->title));
        json_object_set_new(one, "score", json_real(e->score));
        json_array_append_new(array, one);
    }
    json_object_set_new(object, "explain", array);
}

static json_t *make_result(const fh_render *r, const fh_result *result)
{
    const fh_article *a = &result->article;
    json_t *object = json_object();
    if (r->qid)
        fh_json_set_text(object, "qid", fh_str_of(r->qid));
    json_object_set_new(object, "rank", json_integer((json_int_t)result->rank));
    fh_json_set_text(object, "id", a->id);
    json_object_set_new(object, "score", json_real(result->score));
    set_text(object, "title", a->title);
    set_text(object, "url", a->url);
    set_text(object, "source", a->source);
    set_text(object, "section", a->section);
    set_date(object, a->date);
    set_title_matches(object, &result->title);
    set_snippet(object, result);
    set_evidence(object, result);
    return object;
}

/* ---- An answer as one object ---- */

static void write_key(fh_render *r, const char *key)
{
    fh_buffer_printf(r->out, "\"%s\":", key);
}

static void begin_object(fh_render *r, const fh_results *results)
{
    fh_buffer_add_byte(r->out, '{');
    write_key(r, "query");
    write_value(json_stringn(results->query.ptr, results->query.len), r->out);
    fh_buffer_printf(r->out, ",\"total\":{\"value\":%llu,\"exact\":%s},\"took_us\":%llu,",
                     (unsigned long long)results->total,
                     results->total_exact ? "true" : "false",
                     (unsigned long long)results->took_us);
    if (results->note_count > 0) {
        json_t *notes = json_array();
        for (size_t i = 0; i < results->note_count; i++)
            json_array_append_new(notes,
                                  json_stringn(results->notes[i].ptr, results->notes[i].len));
        write_key(r, "notes");
        write_value(notes, r->out);
        fh_buffer_add_byte(r->out, ',');
    }
    write_key(r, "results");
    fh_buffer_add_byte(r->out, '[');
}

static void write_item(fh_render *r, const fh_result *result)
{
    if (r->out->len > 0 && r->out->data[r->out->len - 1] != '[')
        fh_buffer_add_byte(r->out, ',');
    write_value(make_result(r, result), r->out);
}

static void end_object(fh_render *r, const fh_results *results)
{
    (void)results;
    fh_buffer_add_str(r->out, FH_STR("]}\n"));
}

/* ---- Lines ---- */

static void write_line(fh_render *r, const fh_result *result)
{
    write_value(make_result(r, result), r->out);
    fh_buffer_add_byte(r->out, '\n');
}

/* The keywords, one a line, as an array. */
static void set_keywords(json_t *object, fh_str keywords)
{
    if (keywords.len == 0)
        return;
    json_t *array = json_array();
    for (size_t start = 0, at = 0; at <= keywords.len; at++) {
        if (at < keywords.len && keywords.ptr[at] != '\n')
            continue;
        if (at > start)
            json_array_append_new(array, json_stringn(keywords.ptr + start, at - start));
        start = at + 1;
    }
    json_object_set_new(object, "keywords", array);
}

/* An article in the shape that fihris-index reads. */
static void write_article(fh_render *r, const fh_article *a)
{
    json_t *object = json_object();
    fh_json_set_text(object, "id", a->id);
    set_text(object, "title", a->title);
    set_text(object, "url", a->url);
    set_text(object, "source", a->source);
    set_text(object, "section", a->section);
    set_date(object, a->date);
    set_keywords(object, a->keywords);
    set_text(object, "body", a->body);
    write_value(object, r->out);
    fh_buffer_add_byte(r->out, '\n');
}

const fh_renderer fh_render_json = {.name = "json",
                                    .snippets = true,
                                    .notes = true,
                                    .begin = begin_object,
                                    .result = write_item,
                                    .end = end_object,
                                    .article = write_article};

const fh_renderer fh_render_jsonl = {.name = "jsonl",
                                     .snippets = true,
                                     .batches = true,
                                     .result = write_line,
                                     .article = write_article};
