/* JSON as fihris-json(5) describes it: one object for an answer, or one line for each result. */
#include "searcher/render.h"

#include "base/dates.h"
#include "searcher/json_put.h"

static void put_date(fh_buffer *out, fh_date date)
{
    char text[FH_DATE_TEXT_MAX];
    fh_json_put_member(out, "date", fh_str_of(fh_date_format(date, text)));
}

/* ---- Parts of a result ---- */

static void put_piece(fh_buffer *out, const char *text, size_t len, bool match)
{
    if (len == 0)
        return;
    fh_json_put_comma(out);
    fh_buffer_add_str(out, FH_STR("{\"text\":"));
    fh_json_put_text(out, (fh_str){text, len});
    fh_json_put_key(out, "match");
    fh_json_put_bool(out, match);
    fh_buffer_add_byte(out, '}');
}

/* A window as pieces that match and pieces that do not; together they are its text. */
static void put_window(fh_buffer *out, const fh_window *window)
{
    size_t at = 0;
    for (size_t i = 0; i < window->match_count; i++) {
        fh_span span = window->matches[i];
        put_piece(out, window->text.ptr + at, span.start - at, false);
        put_piece(out, window->text.ptr + span.start, span.end - span.start, true);
        at = span.end;
    }
    put_piece(out, window->text.ptr + at, window->text.len - at, false);
}

static void put_snippet(fh_buffer *out, const fh_result *result)
{
    if (result->window_count == 0)
        return;
    fh_json_put_key(out, "snippet");
    fh_buffer_add_byte(out, '[');
    for (size_t i = 0; i < result->window_count; i++) {
        if (i > 0)
            put_piece(out, FH_GAP, sizeof FH_GAP - 1, false);
        put_window(out, &result->windows[i]);
    }
    fh_buffer_add_byte(out, ']');
}

static void put_title_matches(fh_buffer *out, const fh_window *title)
{
    if (title->match_count == 0)
        return;
    fh_json_put_key(out, "title_matches");
    fh_buffer_add_byte(out, '[');
    put_window(out, title);
    fh_buffer_add_byte(out, ']');
}

static void put_matched(fh_buffer *out, const fh_result *result)
{
    if (!result->matched)
        return;
    fh_json_put_key(out, "matched");
    fh_buffer_add_byte(out, '[');
    for (size_t i = 0; i < result->matched_count; i++) {
        fh_json_put_comma(out);
        fh_buffer_add_str(out, FH_STR("{\"word\":"));
        fh_json_put_text(out, result->matched[i].word);
        fh_json_put_key(out, "as");
        fh_json_put_text(out, fh_str_of(fh_level_name(result->matched[i].level)));
        fh_buffer_add_byte(out, '}');
    }
    fh_buffer_add_byte(out, ']');
}

static void put_evidence(fh_buffer *out, const fh_evidence *e)
{
    fh_json_put_comma(out);
    fh_buffer_add_str(out, FH_STR("{\"word\":"));
    fh_json_put_text(out, e->word);
    fh_json_put_key(out, "term");
    fh_json_put_text(out, e->term);
    fh_json_put_key(out, "form");
    fh_json_put_text(out, fh_str_of(e->form));
    fh_json_put_key(out, "title");
    fh_json_put_bool(out, e->title);
    fh_json_put_key(out, "score");
    fh_json_put_real(out, e->score);
    fh_buffer_add_byte(out, '}');
}

static void put_explanation(fh_buffer *out, const fh_result *result)
{
    if (!result->evidence)
        return;
    fh_json_put_key(out, "explain");
    fh_buffer_add_byte(out, '[');
    for (size_t i = 0; i < result->evidence_count; i++)
        put_evidence(out, &result->evidence[i]);
    fh_buffer_add_byte(out, ']');
}

static void put_result(fh_render *r, const fh_result *result)
{
    const fh_article *a = &result->article;
    fh_buffer *out = r->out;
    fh_buffer_add_byte(out, '{');
    if (r->qid) {
        fh_json_put_key(out, "qid");
        fh_json_put_text(out, fh_str_of(r->qid));
    }
    fh_json_put_key(out, "rank");
    fh_json_put_number(out, result->rank);
    fh_json_put_key(out, "id");
    fh_json_put_text(out, a->id);
    fh_json_put_key(out, "score");
    fh_json_put_real(out, result->score);
    fh_json_put_member(out, "title", a->title);
    fh_json_put_member(out, "url", a->url);
    fh_json_put_member(out, "source", a->source);
    fh_json_put_member(out, "section", a->section);
    put_date(out, a->date);
    put_title_matches(out, &result->title);
    put_snippet(out, result);
    put_matched(out, result);
    put_explanation(out, result);
    fh_buffer_add_byte(out, '}');
}

/* ---- An answer as one object ---- */

static void put_texts(fh_buffer *out, const char *key, const fh_str *texts, size_t count)
{
    if (count == 0)
        return;
    fh_json_put_key(out, key);
    fh_buffer_add_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        fh_json_put_comma(out);
        fh_json_put_text(out, texts[i]);
    }
    fh_buffer_add_byte(out, ']');
}

static void put_total(fh_buffer *out, uint64_t value, bool exact)
{
    fh_json_put_key(out, "total");
    fh_buffer_add_str(out, FH_STR("{\"value\":"));
    fh_json_put_number(out, value);
    fh_json_put_key(out, "exact");
    fh_json_put_bool(out, exact);
    fh_buffer_add_byte(out, '}');
}

/* The options of a request that a looser search leaves out, by their names on the command line. */
static void put_without(fh_buffer *out, const fh_looser *looser)
{
    fh_str names[4];
    size_t count = 0;
    if (looser->without_all)
        names[count++] = FH_STR("all");
    if (looser->without_date) {
        names[count++] = FH_STR("from");
        names[count++] = FH_STR("to");
    }
    if (looser->without_source)
        names[count++] = FH_STR("source");
    put_texts(out, "without", names, count);
}

static void put_looser(fh_buffer *out, const fh_results *results)
{
    if (results->looser_count == 0)
        return;
    fh_json_put_key(out, "looser");
    fh_buffer_add_byte(out, '[');
    for (size_t i = 0; i < results->looser_count; i++) {
        const fh_looser *one = &results->looser[i];
        fh_json_put_comma(out);
        fh_buffer_add_str(out, FH_STR("{\"level\":"));
        fh_json_put_text(out, fh_str_of(fh_step_name(one->step)));
        put_total(out, one->articles, one->exact);
        fh_json_put_key(out, "query");
        fh_json_put_text(out, one->query);
        put_without(out, one);
        fh_buffer_add_byte(out, '}');
    }
    fh_buffer_add_byte(out, ']');
}

static void begin_object(fh_render *r, const fh_results *results)
{
    fh_buffer *out = r->out;
    fh_buffer_add_byte(out, '{');
    fh_json_put_key(out, "query");
    fh_json_put_text(out, results->query);
    put_total(out, results->total, results->total_exact);
    fh_json_put_key(out, "took_us");
    fh_json_put_number(out, results->took_us);
    fh_json_put_member(out, "better", results->better);
    put_texts(out, "notes", results->notes, results->note_count);
    put_looser(out, results);
    fh_json_put_key(out, "results");
    fh_buffer_add_byte(out, '[');
}

static void write_item(fh_render *r, const fh_result *result)
{
    fh_json_put_comma(r->out);
    put_result(r, result);
}

static void end_object(fh_render *r, const fh_results *results)
{
    (void)results;
    fh_buffer_add_str(r->out, FH_STR("]}\n"));
}

/* ---- Lines ---- */

static void write_line(fh_render *r, const fh_result *result)
{
    put_result(r, result);
    fh_buffer_add_byte(r->out, '\n');
}

/* The keywords, one a line, as an array. */
static void put_keywords(fh_buffer *out, fh_str keywords)
{
    if (keywords.len == 0)
        return;
    fh_json_put_key(out, "keywords");
    fh_buffer_add_byte(out, '[');
    for (size_t start = 0, at = 0; at <= keywords.len; at++) {
        if (at < keywords.len && keywords.ptr[at] != '\n')
            continue;
        if (at > start) {
            fh_json_put_comma(out);
            fh_json_put_text(out, (fh_str){keywords.ptr + start, at - start});
        }
        start = at + 1;
    }
    fh_buffer_add_byte(out, ']');
}

/* An article in the shape that fihris-index reads. */
static void write_article(fh_render *r, const fh_article *a)
{
    fh_buffer *out = r->out;
    fh_buffer_add_str(out, FH_STR("{\"id\":"));
    fh_json_put_text(out, a->id);
    fh_json_put_member(out, "title", a->title);
    fh_json_put_member(out, "url", a->url);
    fh_json_put_member(out, "source", a->source);
    fh_json_put_member(out, "section", a->section);
    put_date(out, a->date);
    put_keywords(out, a->keywords);
    fh_json_put_member(out, "body", a->body);
    fh_buffer_add_str(out, FH_STR("}\n"));
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
