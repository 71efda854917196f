#include "base/utf8.h"
#include "searcher/loosen.h"
#include "searcher/plan.h"
#include "searcher/render.h"
#include "searcher/snippet.h"
#include "tests/fuzz/target.h"

/*
 * A query from any bytes, and the bytes behind its first line feed as the article it is held to: parsing,
 * planning, looser queries, snippets and text output.
 */

/* Wildcards and sources are looked up in an index, and there is none here. */
static bool needs_index(const fh_query_node *node)
{
    if (node->kind == FH_QUERY_PREFIX || node->kind == FH_QUERY_SOURCE)
        return true;
    for (const fh_query_node *kid = node->kids; kid; kid = kid->next)
        if (needs_index(kid))
            return true;
    return false;
}

static void check_window(const fh_window *w)
{
    size_t at = 0;
    hold(fh_utf8_valid(w->text) == w->text.len, "a window is UTF-8");
    for (size_t i = 0; i < w->match_count; i++) {
        fh_span span = w->matches[i];
        hold(span.start >= at && span.end > span.start && span.end <= w->text.len,
             "spans are in order and inside");
        fh_str lit = {w->text.ptr + span.start, span.end - span.start};
        hold(fh_utf8_valid(lit) == lit.len, "a span cuts no character");
        at = span.end;
    }
}

static void check_output(const fh_window *windows, size_t count)
{
    fh_buffer out = {0};
    fh_result result = {.rank = 1, .windows = windows, .window_count = count};
    fh_results results = {.total = 1, .results = &result, .count = 1};
    for (int bidi = FH_BIDI_OFF; bidi <= FH_BIDI_VISUAL; bidi++) {
        fh_render r = {.paint = {.bidi = (fh_bidi)bidi, .width = 40}, .out = &out};
        fh_render_results(fh_renderer_find("text"), &r, &results);
    }
    hold(out.len == 0 || !memchr(out.data, '\033', out.len), "no escape comes through");
    fh_buffer_free(&out);
}

static void check_snippet(const fh_clues *clues, fh_analyser *analyser, fh_str body,
                          fh_arena *arena)
{
    fh_lights *lights;
    fh_window *windows;
    fh_window title;
    size_t count;
    hold(fh_lights_new(clues, analyser, 0, &lights, NULL) == FH_OK, "lights");
    hold(fh_snippet_body(lights, body, arena, &windows, &count, NULL) == FH_OK, "a snippet");
    hold(count <= FH_SNIPPET_WINDOWS, "the number of windows");
    for (size_t i = 0; i < count; i++)
        check_window(&windows[i]);
    check_output(windows, count);
    hold(fh_snippet_title(lights, body, arena, &title, NULL) == FH_OK, "a title");
    check_window(&title);
    fh_lights_free(lights);
}

/* A looser query is one that can be asked. */
static void check_looser(const fh_query *query, fh_analyser *analyser, fh_arena *arena)
{
    fh_buffer text = {0};
    fh_query again;
    for (int step = 0; step <= FH_STEP_EVERYTHING && !query->problem; step++) {
        fh_loosen(query, (fh_step)step, analyser, &text);
        fh_str looser = fh_buffer_str(&text);
        hold(fh_utf8_valid(looser) == looser.len, "a looser query is UTF-8");
        fh_status status = fh_query_parse(looser, false, arena, &again, NULL);
        hold(status == FH_OK || status == FH_ELIMIT, "a looser query is parsed or too large");
    }
    fh_buffer_free(&text);
}

static void check_query(fh_str text, fh_str body, fh_analyser *analyser, bool all)
{
    fh_arena arena = {0};
    fh_query query;
    fh_plan plan;
    fh_request request = {.all = all};
    fh_planner planner = {
        .arena = &arena, .analyser = analyser, .request = &request, .relax = all};
    fh_status status = fh_query_parse(text, false, &arena, &query, NULL);
    hold(status == FH_OK || status == FH_ELIMIT, "a query is parsed or too large");
    if (status == FH_OK)
        check_looser(&query, analyser, &arena);
    if (status == FH_OK && !needs_index(query.root)) {
        status = fh_plan_query(&planner, &query, &plan, NULL);
        hold(status == FH_OK || status == FH_ELIMIT, "a query is planned or too large");
        hold(status != FH_OK || !plan.expr || fh_expr_check(plan.expr, NULL) == FH_OK,
             "engines take the expression");
        if (status == FH_OK)
            check_snippet(&plan.clues, analyser, body, &arena);
    }
    fh_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_str bytes = {(const char *)data, size};
    const char *end = size > 0 ? memchr(bytes.ptr, '\n', size) : NULL;
    fh_str text = {bytes.ptr, end ? (size_t)(end - bytes.ptr) : size};
    fh_str rest = {bytes.ptr + text.len, size - text.len};
    fh_buffer body = {0};
    fh_analyser *analyser;
    fh_utf8_repair(rest, &body);
    hold(fh_analyser_new("light", &analyser, NULL) == FH_OK, "an analyser");
    check_query(text, fh_buffer_str(&body), analyser, false);
    check_query(text, fh_buffer_str(&body), analyser, true);
    fh_analyser_free(analyser);
    fh_buffer_free(&body);
    return 0;
}
