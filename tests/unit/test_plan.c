/* From a query to the expression that engines are asked, without an index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "searcher/plan.h"

/* ---- An expression as text: S:word N:word, @T for titles, ^weight where it is not the form's own ---- */

static void dump(const fh_expr *e, fh_buffer *out);

static void dump_term(const fh_expr *e, fh_buffer *out)
{
    bool stem = e->form == FH_FORM_STEM;
    fh_buffer_printf(out, "%s:%.*s", stem ? "S" : "N", (int)e->text.len, e->text.ptr);
    if (e->field == FH_FIELD_TITLE)
        fh_buffer_add_str(out, FH_STR("@T"));
    if (e->weight != (stem ? FH_WEIGHT_STEM : FH_WEIGHT_FOLDED))
        fh_buffer_printf(out, "^%g", (double)e->weight);
}

static void dump_phrase(const fh_expr *e, fh_buffer *out)
{
    if (e->kind == FH_EXPR_NEAR)
        fh_buffer_printf(out, "~%u", (unsigned)e->window);
    fh_buffer_add_byte(out, '"');
    for (size_t i = 0; i < e->count; i++) {
        assert_int_equal(e->kids[i]->kind, FH_EXPR_TERM);
        assert_int_equal(e->kids[i]->form, FH_FORM_FOLDED);
        fh_buffer_printf(out, "%s%u=%.*s", i > 0 ? " " : "", e->kids[i]->offset,
                         (int)e->kids[i]->text.len, e->kids[i]->text.ptr);
    }
    fh_buffer_add_byte(out, '"');
}

static void dump(const fh_expr *e, fh_buffer *out)
{
    static const char *const names[] = {
        [FH_EXPR_NOTHING] = "nothing", [FH_EXPR_ALL] = "all",      [FH_EXPR_DATE] = "date",
        [FH_EXPR_OR] = "or",           [FH_EXPR_AND] = "and",      [FH_EXPR_NOT] = "not",
        [FH_EXPR_MAYBE] = "maybe",     [FH_EXPR_FILTER] = "filter"};
    if (e->kind == FH_EXPR_TERM) {
        dump_term(e, out);
    } else if (e->kind == FH_EXPR_PHRASE || e->kind == FH_EXPR_NEAR) {
        dump_phrase(e, out);
    } else if (e->count == 0) {
        fh_buffer_add_str(out, fh_str_of(names[e->kind]));
    } else {
        fh_buffer_printf(out, "(%s", names[e->kind]);
        for (size_t i = 0; i < e->count; i++) {
            fh_buffer_add_byte(out, ' ');
            dump(e->kids[i], out);
        }
        fh_buffer_add_byte(out, ')');
    }
}

/* ---- Planning with the stemmer that leaves words as they are ---- */

typedef struct lab {
    fh_arena arena;
    fh_analyser *analyser;
    fh_request request;
    fh_plan plan;
    bool relax;
} lab;

static fh_status plan(lab *l, const char *text, fh_error *err)
{
    fh_query query;
    fh_planner planner = {
        .arena = &l->arena, .analyser = l->analyser, .request = &l->request, .relax = l->relax};
    fh_status status =
        fh_query_parse(fh_str_of(text), l->request.plain, &l->arena, &query, err);
    return status ? status : fh_plan_query(&planner, &query, &l->plan, err);
}

static void expect(lab *l, const char *query, const char *want)
{
    fh_buffer got = {0};
    assert_int_equal(plan(l, query, NULL), FH_OK);
    if (l->plan.expr)
        dump(l->plan.expr, &got);
    if (strcmp(fh_buffer_str(&got).ptr, want) != 0)
        print_error("query: %s\n", query);
    assert_string_equal(fh_buffer_str(&got).ptr, want);
    fh_buffer_free(&got);
}

static int set_up(void **state)
{
    static lab l;
    l = (lab){0};
    *state = &l;
    return fh_analyser_new("none", &l.analyser, NULL) == FH_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    lab *l = *state;
    fh_analyser_free(l->analyser);
    fh_arena_free(&l->arena);
    return 0;
}

static void test_ranked(void **state)
{
    lab *l = *state;
    expect(l, "", "");
    expect(l, "، * -", "");
    expect(l, "روسيا", "(or S:روسيا N:روسيا)");
    expect(l, "روسيا سفير", "(or S:روسيا N:روسيا S:سفير N:سفير)");
    expect(l, "بيروت-دمشق", "(or S:بيروت N:بيروت S:دمشق N:دمشق)");
    expect(l, "روسيا رُوسيا", "(or S:روسيا^2 N:روسيا^0.7)");
    expect(l, "=روسيا", "N:روسيا^1");
    expect(l, "title:روسيا", "(or S:روسيا@T N:روسيا@T)");
    expect(l, "أ OR ب", "(or S:ا N:ا S:ب N:ب)");
    expect(l, "ok covid19", "(or S:ok N:ok S:covid19 N:covid19)");
}

static void test_required(void **state)
{
    lab *l = *state;
    expect(l, "+روسيا", "(maybe S:روسيا N:روسيا)");
    expect(l, "+روسيا سفير", "(maybe S:روسيا N:روسيا S:سفير N:سفير)");
    expect(l, "روسيا AND سفير", "(maybe (and S:روسيا S:سفير) N:روسيا N:سفير)");
    expect(l, "+=روسيا", "N:روسيا^1");
    expect(l, "+F-16", "(maybe \"0=f 1=16\" S:f S:16)");
    expect(l, "+(روسيا سفير)", "(or S:روسيا N:روسيا S:سفير N:سفير)");
    expect(l, "-روسيا", "(not all S:روسيا)");
    expect(l, "سفير -روسيا", "(not (or S:سفير N:سفير) S:روسيا)");
    expect(l, "سفير -\"روسيا اليوم\"", "(not (or S:سفير N:سفير) \"0=روسيا 1=اليوم\")");
    expect(l, "سفير -(روسيا مصر)", "(not (or S:سفير N:سفير) (or S:روسيا S:مصر))");
    expect(l, "سفير NOT روسيا", "(not (maybe S:سفير N:سفير) S:روسيا)");
    expect(l, "سفير -، ", "(or S:سفير N:سفير)");
}

static void test_phrase(void **state)
{
    lab *l = *state;
    expect(l, "\"وزارتى الخارجية\"", "(maybe \"0=وزارتي 1=الخارجيه\" S:وزارتي S:الخارجيه)");
    assert_int_equal(l->plan.phrases, 1);
    expect(l, "\"وزارة\"", "(maybe N:وزاره^1 S:وزاره)");
    expect(l, "=\"وزارة الخارجية\"", "\"0=وزاره 1=الخارجيه\"");
    expect(l, "\"حرب في البحر\"", "(maybe \"0=حرب 1=في 2=البحر\" S:حرب S:البحر)");
    expect(l, "\"بشكل كامل\n، إلا أن\"", "(maybe \"0=بشكل 1=كامل 2=الا 3=ان\" S:بشكل S:كامل)");
    l->relax = true;
    expect(l, "\"وزارة الخارجية\"", "(or S:وزاره N:وزاره S:الخارجيه N:الخارجيه)");
    expect(l, "+\"وزارة الخارجية\"", "(maybe \"0=وزاره 1=الخارجيه\" S:وزاره S:الخارجيه)");
    assert_int_equal(l->plan.phrases, 0);
    l->relax = false;
}

/* Words that must stand near are planned as phrases are, but for where they stand. */
static void test_near(void **state)
{
    lab *l = *state;
    expect(l, "\"وزارتى الخارجية\"~8", "(maybe ~8\"0=وزارتي 0=الخارجيه\" S:وزارتي S:الخارجيه)");
    assert_int_equal(l->plan.phrases, 1);
    assert_int_equal(l->plan.notes.count, 0);
    expect(l, "\"وزارة\"~8", "(maybe N:وزاره^1 S:وزاره)");
    expect(l, "=\"وزارة الخارجية\"~2", "~2\"0=وزاره 0=الخارجيه\"");
    expect(l, "سفير -\"روسيا اليوم\"~9", "(not (or S:سفير N:سفير) ~9\"0=روسيا 0=اليوم\")");
    expect(l, "\"حرب في البحر\"~5", "(maybe ~5\"0=حرب 0=في 0=البحر\" S:حرب S:البحر)");
    l->relax = true;
    expect(l, "\"وزارة الخارجية\"~8", "(or S:وزاره N:وزاره S:الخارجيه N:الخارجيه)");
    expect(l, "+\"أ ب\"~8", "(maybe ~8\"0=ا 0=ب\" S:ا S:ب)");
    l->relax = false;
}

/* A stretch too short or too long becomes the shortest or the longest there is, and a note says so. */
static void test_near_limits(void **state)
{
    lab *l = *state;
    static const struct {
        const char *query, *want, *note;
    } rows[] = {
        {"=\"أ ب\"~0", "~2\"0=ا 0=ب\"", "\"أ ب\" was searched within 2 words: it has so many"},
        {"=\"أ ب\"~1", "~2\"0=ا 0=ب\"", "\"أ ب\" was searched within 2 words: it has so many"},
        {"=\"أ ب\"~100", "~100\"0=ا 0=ب\"", NULL},
        {"=\"أ ب\"~101", "~100\"0=ا 0=ب\"",
         "\"أ ب\" was searched within 100 words: further is not near"},
        {"=\"أ ب\"~99999999999", "~100\"0=ا 0=ب\"",
         "\"أ ب\" was searched within 100 words: further is not near"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect(l, rows[i].query, rows[i].want);
        assert_int_equal(l->plan.notes.count, rows[i].note != NULL);
        if (rows[i].note)
            assert_true(fh_str_equal(*fh_notes_list(&l->plan.notes), fh_str_of(rows[i].note)));
    }
}

/* Stop words stay out of what ranks, unless they are all there is or were asked for. */
static void test_stop_words(void **state)
{
    lab *l = *state;
    expect(l, "الحرب في روسيا", "(or S:الحرب N:الحرب S:روسيا N:روسيا)");
    expect(l, "في من", "(or S:في N:في S:من N:من)");
    expect(l, "+في روسيا", "(maybe S:في N:في S:روسيا N:روسيا)");
    expect(l, "=في روسيا", "(or N:في^1 S:روسيا N:روسيا)");
    expect(l, "في AND روسيا", "(maybe (and S:في S:روسيا) N:في N:روسيا)");
    expect(l, "\"روسيا\" في", "(maybe N:روسيا^1 S:روسيا)");
    l->request.all = true;
    expect(l, "الحرب في روسيا", "(maybe (and S:الحرب S:روسيا) N:الحرب N:روسيا)");
    expect(l, "في من", "(maybe (and S:في S:من) N:في N:من)");
    expect(l, "سفير -(روسيا مصر)", "(not (maybe S:سفير N:سفير) (or S:روسيا S:مصر))");
    l->request.all = false;
}

static void test_filters(void **state)
{
    lab *l = *state;
    expect(l, "date:2025", "(filter all date)");
    assert_int_equal(l->plan.clues.count, 0);
    expect(l, "روسيا date:2025", "(filter (or S:روسيا N:روسيا) date)");
    expect(l, "روسيا date:2023 date:2025", "(filter (or S:روسيا N:روسيا) (or date date))");
    expect(l, "روسيا -date:2025", "(not (or S:روسيا N:روسيا) (filter all date))");
    expect(l, "روسيا OR مصر date:2025", "(filter (or S:روسيا N:روسيا S:مصر N:مصر) date)");
    l->request.from = FH_STR("2025");
    expect(l, "روسيا", "(filter (or S:روسيا N:روسيا) date)");
    expect(l, "", "(filter all date)");
    l->request.from = FH_STR("أمس");
    assert_int_equal(plan(l, "روسيا", NULL), FH_EUSAGE);
    l->request.from = (fh_str){0};
}

/* ---- Limits ---- */

static fh_status plan_repeated(lab *l, const char *before, const char *unit, const char *after,
                               size_t count)
{
    fh_buffer text = {0};
    fh_error err;
    for (size_t i = 0; i < count; i++)
        fh_buffer_add_str(&text, fh_str_of(before));
    fh_buffer_add_str(&text, fh_str_of(unit));
    for (size_t i = 0; i < count; i++)
        fh_buffer_add_str(&text, fh_str_of(after));
    fh_status status = plan(l, text.data, &err);
    fh_buffer_free(&text);
    return status;
}

static void test_limits(void **state)
{
    lab *l = *state;
    assert_int_equal(plan_repeated(l, "و ", "x", "", FH_QUERY_WORDS_MAX - 1), FH_OK);
    assert_int_equal(plan_repeated(l, "و ", "x", "", FH_QUERY_WORDS_MAX), FH_ELIMIT);
    assert_int_equal(plan_repeated(l, "x.", "x", "", FH_QUERY_WORDS_MAX), FH_ELIMIT);
    const char *before = "(+a -b c date:2025 OR +d AND +e -f date:2024 ";
    assert_int_equal(plan_repeated(l, before, "x", ")", FH_QUERY_DEPTH_MAX), FH_OK);
    assert_non_null(l->plan.expr);
    assert_int_equal(plan_repeated(l, "-(+a -b c \"d e\" AND +(", "x", "))", 16), FH_OK);
    l->request.all = true;
    assert_int_equal(plan_repeated(l, before, "x", ")", FH_QUERY_DEPTH_MAX), FH_OK);
    l->request.all = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranked),  cmocka_unit_test(test_required),
        cmocka_unit_test(test_phrase),  cmocka_unit_test(test_stop_words),
        cmocka_unit_test(test_filters), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_near),    cmocka_unit_test(test_near_limits),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
