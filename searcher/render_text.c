/* Text for people: rank and title, source and date, where it is, the snippet with what matched lit. */
#include "searcher/render.h"

#include <stdio.h>

#include "base/dates.h"

#define INDENT "    "

static void add(fh_paragraph *p, fh_str text, fh_style style)
{
    fh_paragraph_add(p, text, style, NULL, 0, style);
}

static void write_title(fh_render *r, fh_paragraph *p, const fh_result *result)
{
    char indent[32];
    fh_str title = result->title.text.len > 0 ? result->title.text : result->article.id;
    snprintf(indent, sizeof indent, "%2zu. ", result->rank);
    fh_paragraph_add(p, title, FH_STYLE_TITLE, result->title.matches, result->title.match_count,
                     FH_STYLE_LIT_TITLE);
    fh_paragraph_flush(p, &r->paint, indent, r->out);
}

static void write_source(fh_render *r, fh_paragraph *p, const fh_article *a)
{
    char date[FH_DATE_TEXT_MAX];
    fh_str when = fh_str_of(fh_date_format(a->date, date));
    add(p, a->source, FH_STYLE_QUIET);
    if (a->source.len > 0 && when.len > 0)
        add(p, FH_STR(", "), FH_STYLE_QUIET);
    add(p, when, FH_STYLE_QUIET);
    if (p->count > 0)
        fh_paragraph_flush(p, &r->paint, INDENT, r->out);
}

static void write_snippet(fh_render *r, fh_paragraph *p, const fh_result *result)
{
    for (size_t i = 0; i < result->window_count; i++) {
        const fh_window *w = &result->windows[i];
        if (i > 0)
            add(p, FH_STR(FH_GAP), FH_STYLE_QUIET);
        else if (w->cut_before)
            add(p, FH_STR(FH_ELLIPSIS " "), FH_STYLE_QUIET);
        fh_paragraph_add(p, w->text, FH_STYLE_PLAIN, w->matches, w->match_count, FH_STYLE_LIT);
    }
    if (result->window_count > 0 && result->windows[result->window_count - 1].cut_after)
        add(p, FH_STR(" " FH_ELLIPSIS), FH_STYLE_QUIET);
    if (p->count > 0)
        fh_paragraph_flush(p, &r->paint, INDENT, r->out);
}

/* What the article lacks of the query, as an answer in which any word may match does not say by itself. */
static void write_missing(fh_render *r, fh_paragraph *p, const fh_result *result)
{
    for (size_t i = 0; i < result->matched_count; i++) {
        if (result->matched[i].level != FH_LEVEL_MISSING)
            continue;
        add(p, p->count > 0 ? FH_STR(", ") : FH_STR("without: "), FH_STYLE_QUIET);
        add(p, result->matched[i].word, FH_STYLE_QUIET);
    }
    if (p->count > 0)
        fh_paragraph_flush(p, &r->paint, INDENT, r->out);
}

/* On which level the article has each word. */
static void write_levels(fh_render *r, fh_paragraph *p, const fh_result *result)
{
    for (size_t i = 0; i < result->matched_count; i++) {
        add(p, i > 0 ? FH_STR(", ") : FH_STR(""), FH_STYLE_QUIET);
        add(p, result->matched[i].word, FH_STYLE_PLAIN);
        add(p, FH_STR(" "), FH_STYLE_QUIET);
        add(p, fh_str_of(fh_level_name(result->matched[i].level)), FH_STYLE_QUIET);
    }
    if (p->count > 0)
        fh_paragraph_flush(p, &r->paint, INDENT "  ", r->out);
}

static void write_evidence(fh_render *r, fh_paragraph *p, const fh_result *result)
{
    for (size_t i = 0; i < result->evidence_count; i++) {
        const fh_evidence *e = &result->evidence[i];
        char score[64];
        snprintf(score, sizeof score, ": %.4f", e->score);
        add(p, e->word, FH_STYLE_PLAIN);
        add(p, e->word.len > 0 ? FH_STR(", ") : FH_STR(""), FH_STYLE_QUIET);
        add(p, fh_str_of(e->form), FH_STYLE_QUIET);
        add(p, e->term.len > 0 ? FH_STR(" ") : FH_STR(""), FH_STYLE_QUIET);
        add(p, e->term, FH_STYLE_PLAIN);
        add(p, e->title ? FH_STR(" in the title") : FH_STR(""), FH_STYLE_QUIET);
        add(p, fh_str_of(score), FH_STYLE_QUIET);
        fh_paragraph_flush(p, &r->paint, INDENT "  ", r->out);
    }
    if (result->evidence)
        fh_buffer_printf(r->out, INDENT "  score: %.4f\n", result->score);
}

static void write_result(fh_render *r, const fh_result *result)
{
    fh_paragraph p = {0};
    const fh_article *a = &result->article;
    write_title(r, &p, result);
    write_source(r, &p, a);
    add(&p, a->url.len > 0 ? a->url : a->id, FH_STYLE_QUIET);
    fh_paragraph_flush(&p, &r->paint, INDENT, r->out);
    write_snippet(r, &p, result);
    if (result->evidence)
        write_levels(r, &p, result);
    else
        write_missing(r, &p, result);
    write_evidence(r, &p, result);
    fh_buffer_add_byte(r->out, '\n');
    fh_paragraph_free(&p);
}

/* The truest level on which any of RESULTS has word NUMBER of the query. */
static fh_level find_best(const fh_results *results, size_t number)
{
    fh_level best = FH_LEVEL_MISSING;
    for (size_t i = 0; i < results->count; i++)
        if (number < results->results[i].matched_count &&
            results->results[i].matched[number].level < best)
            best = results->results[i].matched[number].level;
    return best;
}

/* Has any of RESULTS word NUMBER of the query on LEVEL? */
static bool has_level(const fh_results *results, size_t number, fh_level level)
{
    bool has = false;
    for (size_t i = 0; i < results->count && !has; i++)
        has = number < results->results[i].matched_count &&
              results->results[i].matched[number].level == level;
    return has;
}

/* Name the words that some of RESULTS have by what may have been meant, and others truly. */
static void write_guesses(fh_render *r, const fh_results *results)
{
    fh_paragraph p = {0};
    size_t count = results->count > 0 ? results->results[0].matched_count : 0;
    for (size_t i = 0; i < count; i++) {
        if (find_best(results, i) == FH_LEVEL_NEAR || !has_level(results, i, FH_LEVEL_NEAR))
            continue;
        add(&p, p.count > 0 ? FH_STR(", ") : FH_STR("by words near it in some: "),
            FH_STYLE_QUIET);
        add(&p, results->results[0].matched[i].word, FH_STYLE_QUIET);
    }
    if (p.count > 0)
        fh_paragraph_flush(&p, &r->paint, "", r->out);
    fh_paragraph_free(&p);
}

/* Name the words that none of RESULTS has on a truer level than LEVEL. */
static void write_forms(fh_render *r, const fh_results *results, fh_level level,
                        const char *what)
{
    fh_paragraph p = {0};
    size_t count = results->count > 0 ? results->results[0].matched_count : 0;
    for (size_t i = 0; i < count; i++) {
        if (find_best(results, i) != level)
            continue;
        add(&p, p.count > 0 ? FH_STR(", ") : fh_str_of(what), FH_STYLE_QUIET);
        add(&p, results->results[0].matched[i].word, FH_STYLE_QUIET);
    }
    if (p.count > 0)
        fh_paragraph_flush(&p, &r->paint, "", r->out);
    fh_paragraph_free(&p);
}

static void end(fh_render *r, const fh_results *results)
{
    if (results->total == 0)
        return;
    write_forms(r, results, FH_LEVEL_STEM, "in other forms only: ");
    write_forms(r, results, FH_LEVEL_NEAR, "by words near it only: ");
    write_guesses(r, results);
    if (results->count > 0)
        fh_buffer_printf(r->out, "%zu-%zu of ", results->results[0].rank,
                         results->results[results->count - 1].rank);
    fh_buffer_printf(r->out, "%s%llu %s\n", results->total_exact ? "" : "at least ",
                     (unsigned long long)results->total,
                     results->total == 1 ? "article" : "articles");
}

/* ---- One article ---- */

static void write_header(fh_render *r, fh_paragraph *p, const char *name, fh_str value)
{
    if (value.len == 0)
        return;
    add(p, fh_str_of(name), FH_STYLE_QUIET);
    add(p, FH_STR(": "), FH_STYLE_QUIET);
    add(p, value, FH_STYLE_PLAIN);
    fh_paragraph_flush(p, &r->paint, "", r->out);
}

/* The body line by line, as it was read. */
static void write_body(fh_render *r, fh_paragraph *p, fh_str body)
{
    for (size_t start = 0, at = 0; at <= body.len; at++) {
        if (at < body.len && body.ptr[at] != '\n')
            continue;
        add(p, (fh_str){body.ptr + start, at - start}, FH_STYLE_PLAIN);
        if (p->count > 0)
            fh_paragraph_flush(p, &r->paint, "", r->out);
        else if (at < body.len)
            fh_buffer_add_byte(r->out, '\n');
        start = at + 1;
    }
}

static void write_article(fh_render *r, const fh_article *a)
{
    fh_paragraph p = {0};
    char date[FH_DATE_TEXT_MAX];
    write_header(r, &p, "id", a->id);
    write_header(r, &p, "title", a->title);
    write_header(r, &p, "url", a->url);
    write_header(r, &p, "source", a->source);
    write_header(r, &p, "section", a->section);
    write_header(r, &p, "date", fh_str_of(fh_date_format(a->date, date)));
    write_header(r, &p, "keywords", a->keywords);
    fh_buffer_add_byte(r->out, '\n');
    write_body(r, &p, a->body);
    fh_paragraph_free(&p);
}

const fh_renderer fh_render_text = {.name = "text",
                                    .snippets = true,
                                    .result = write_result,
                                    .end = end,
                                    .article = write_article};
