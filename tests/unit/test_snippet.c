/* Snippets: which windows of a text are shown, and which words in them are lit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "searcher/plan.h"
#include "searcher/snippet.h"

typedef struct lab {
    fh_arena arena;
    fh_analyser *analyser;
    fh_buffer shown;
} lab;

static int set_up(void **state)
{
    static lab l;
    l = (lab){0};
    *state = &l;
    return fh_analyser_new(NULL, &l.analyser, NULL) == FH_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    lab *l = *state;
    fh_analyser_free(l->analyser);
    fh_arena_free(&l->arena);
    fh_buffer_free(&l->shown);
    return 0;
}

static fh_lights *make_lights(lab *l, const char *text)
{
    fh_request request = {0};
    fh_query query;
    fh_plan plan;
    fh_lights *lights;
    fh_planner planner = {.arena = &l->arena, .analyser = l->analyser, .request = &request};
    assert_int_equal(fh_query_parse(fh_str_of(text), false, &l->arena, &query, NULL), FH_OK);
    assert_int_equal(fh_plan_query(&planner, &query, &plan, NULL), FH_OK);
    assert_int_equal(fh_lights_new(&plan.clues, l->analyser, 0, &lights, NULL), FH_OK);
    return lights;
}

/* A window as text, what is lit in brackets, `~` where the article goes on. Spans are checked on the way. */
static void show(lab *l, const fh_window *w)
{
    size_t at = 0;
    assert_int_equal(fh_utf8_valid(w->text), w->text.len);
    fh_buffer_add_str(&l->shown, w->cut_before ? FH_STR("~") : FH_STR(""));
    for (size_t i = 0; i < w->match_count; i++) {
        fh_span span = w->matches[i];
        assert_true(span.start >= at && span.end > span.start && span.end <= w->text.len);
        fh_str lit = {w->text.ptr + span.start, span.end - span.start};
        assert_int_equal(fh_utf8_valid(lit), lit.len);
        fh_buffer_add(&l->shown, w->text.ptr + at, span.start - at);
        fh_buffer_printf(&l->shown, "[%.*s]", (int)lit.len, lit.ptr);
        at = span.end;
    }
    fh_buffer_add(&l->shown, w->text.ptr + at, w->text.len - at);
    fh_buffer_add_str(&l->shown, w->cut_after ? FH_STR("~") : FH_STR(""));
}

/* The snippet of BODY for QUERY; windows are parted by ` | `. */
static const char *snip(lab *l, const char *query, fh_str body)
{
    fh_lights *lights = make_lights(l, query);
    fh_window *windows;
    size_t count;
    assert_int_equal(fh_snippet_body(lights, body, &l->arena, &windows, &count, NULL), FH_OK);
    assert_true(count <= FH_SNIPPET_WINDOWS);
    fh_buffer_clear(&l->shown);
    fh_buffer_add_str(&l->shown, FH_STR(""));
    for (size_t i = 0; i < count; i++) {
        fh_buffer_add_str(&l->shown, i > 0 ? FH_STR(" | ") : FH_STR(""));
        show(l, &windows[i]);
    }
    fh_lights_free(lights);
    return l->shown.data;
}

static const char *snip_title(lab *l, const char *query, const char *title)
{
    fh_lights *lights = make_lights(l, query);
    fh_window window;
    assert_int_equal(fh_snippet_title(lights, fh_str_of(title), &l->arena, &window, NULL),
                     FH_OK);
    fh_buffer_clear(&l->shown);
    show(l, &window);
    fh_lights_free(lights);
    return l->shown.data;
}

static void expect(lab *l, const char *query, const char *body, const char *want)
{
    assert_string_equal(snip(l, query, fh_str_of(body)), want);
}

/* Whole words are lit, with clitics and marks; nothing else is. */
static void test_lit(void **state)
{
    lab *l = *state;
    expect(l, "وزارة", "قالت الوزارةُ إن وَزَارَة أخرى", "قالت [الوزارةُ] إن [وَزَارَة] أخرى");
    expect(l, "الوزارة", "في وزـــارة المالية", "في [وزـــارة] المالية");
    expect(l, "روسيا", "- ال روسيا ال", "- ال [روسيا]");
    expect(l, "=الوزارة", "الوزارة وزارة", "[الوزارة] وزارة");
    expect(l, "=الأطلسى", "شمال الأطلسي والاطلسى", "شمال [الأطلسي] والاطلسى");
    expect(l, "روسيا -مصر", "روسيا ومصر", "[روسيا] ومصر");
    expect(l, "الحرب في روسيا", "في الحرب", "في [الحرب]");
    expect(l, "2025", "عام ٢٠٢٥ بدأ", "عام [٢٠٢٥] بدأ");
    expect(l, "google", "شركة Google، قالت", "شركة [Google]، قالت");
}

static void test_phrase(void **state)
{
    lab *l = *state;
    expect(l, "\"وزارة الخارجية\"", "وزارة المالية والخارجية ثم وزارةَ\nالخارجيّة",
           "وزارة المالية والخارجية ثم [وزارةَ]\n[الخارجيّة]");
    expect(l, "\"وزارة الخارجية\" المالية", "وزارة المالية", "وزارة [المالية]");
    expect(l, "\"أ ب أ ب\"", "أ ب أ ب أ ب", "[أ] [ب] [أ] [ب] [أ] [ب]");
    expect(l, "\"أ أ ب\"", "أ أ أ ب", "أ [أ] [أ] [ب]");
    expect(l, "\"أ ب ج\"", "ب ج", "ب ج");
}

/* Words that must stand near are lit where all of them do, in any order and each in its own place. */
static void test_near(void **state)
{
    lab *l = *state;
    expect(l, "\"وزارة الخارجية\"~3", "وزارة أ ب الخارجية ج وزارةَ ثم الخارجيّة وزارة",
           "وزارة أ ب [الخارجية] ج [وزارةَ] ثم [الخارجيّة] [وزارة]");
    expect(l, "\"أ ب\"~2", "أ ج ب ج أ", "أ ج ب ج أ");
    expect(l, "\"أ أ ب\"~4", "أ ب ج ج ج أ ب ج أ", "أ ب ج ج ج [أ] [ب] ج [أ]");
    expect(l, "\"أ أ\"~9", "أ ب ب", "أ ب ب");
    expect(l, "\"أ أ\"~9", "أ ب ب أ", "[أ] ب ب [أ]");
    expect(l, "\"أ ب\"~2 \"ب ج\"~2 ب", "أ ب ج ب", "[أ] [ب] [ج] [ب]");
    expect(l, "title:\"أ ب\"~3", "ب أ", "ب أ");
    assert_string_equal(snip_title(l, "title:\"أ ب\"~3", "ب ج أ"), "[ب] ج [أ]");
}

static void test_title(void **state)
{
    lab *l = *state;
    expect(l, "title:روسيا سفير", "سفير روسيا", "[سفير] روسيا");
    assert_string_equal(snip_title(l, "title:روسيا سفير", "سفير روسيا"), "[سفير] [روسيا]");
    assert_string_equal(snip_title(l, "مصر", "سفير روسيا"), "سفير روسيا");
    assert_string_equal(snip_title(l, "مصر", ""), "");
}

/* COUNT words of filler from number FIRST on, ended by a full stop after every tenth. */
static void fill(fh_buffer *out, size_t first, size_t count)
{
    for (size_t i = first; i < first + count; i++)
        fh_buffer_printf(out, "w%zu%s ", i, i % 10 == 9 ? "." : "");
}

static size_t count_words(const char *text)
{
    size_t words = 0;
    for (const char *c = text; *c; c++)
        words += *c == ' ' && c[1] && c[1] != '|' && c[1] != ' ';
    return words + 1;
}

static void test_beginning(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fill(&body, 0, 100);
    const char *shown = snip(l, "روسيا", fh_buffer_str(&body));
    assert_true(strncmp(shown, "w0 w1 ", 6) == 0);
    assert_non_null(strstr(shown, " w29.~"));
    assert_int_equal(count_words(shown), FH_SNIPPET_WORDS);
    assert_string_equal(snip(l, "روسيا", FH_STR("")), "");
    assert_string_equal(snip(l, "روسيا", FH_STR(" ... \n")), "");
    fh_buffer_free(&body);
}

/* One window begins with its sentence, and is as long as two. */
static void test_one_window(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fill(&body, 0, 53);
    fh_buffer_add_str(&body, FH_STR("روسيا "));
    fill(&body, 54, 50);
    const char *shown = snip(l, "روسيا", fh_buffer_str(&body));
    assert_true(strncmp(shown, "~w50 w51 w52 [روسيا] w54 ", 20) == 0);
    assert_null(strstr(shown, "|"));
    assert_int_equal(count_words(shown), FH_SNIPPET_WORDS);
    fh_buffer_free(&body);
}

/* Two far words get a window each; the denser place wins over the first. */
static void test_two_windows(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fh_buffer_add_str(&body, FH_STR("سفير "));
    fill(&body, 1, 100);
    fh_buffer_add_str(&body, FH_STR("روسيا "));
    fill(&body, 102, 100);
    fh_buffer_add_str(&body, FH_STR("سفير روسيا "));
    fill(&body, 204, 100);
    const char *both = snip(l, "سفير روسيا", fh_buffer_str(&body));
    assert_non_null(strstr(both, "[سفير] [روسيا]"));
    assert_null(strstr(both, " | "));
    fh_buffer_add_str(&body, FH_STR("مصر "));
    const char *apart = snip(l, "سفير روسيا مصر", fh_buffer_str(&body));
    const char *first = strstr(apart, "[سفير] [روسيا]"), *second = strstr(apart, "[مصر]");
    assert_true(first && second && first < second);
    assert_non_null(strstr(apart, " | "));
    assert_true(count_words(apart) <= FH_SNIPPET_WORDS);
    fh_buffer_free(&body);
}

/* Quotes and brackets before a window and punctuation behind it belong to it. */
static void test_edges(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fill(&body, 0, 40);
    fh_buffer_add_str(&body, FH_STR("قال: \"روسيا\"."));
    const char *shown = snip(l, "روسيا", fh_buffer_str(&body));
    size_t len = strlen(shown);
    assert_string_equal(shown + len - strlen("قال: \"[روسيا]\"."), "قال: \"[روسيا]\".");
    expect(l, "توقف", "دون توقف\".وأضاف", "دون [توقف]\".وأضاف");
    fh_buffer_free(&body);
}

/* A long body is read until something matches, wherever that is. */
static void test_long(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fill(&body, 0, 120000);
    assert_true(body.len > 3 * FH_SNIPPET_BYTES);
    const char *none = snip(l, "روسيا", fh_buffer_str(&body));
    assert_true(strncmp(none, "w0 w1 ", 6) == 0);
    fh_buffer_add_str(&body, FH_STR("سفير روسيا "));
    fill(&body, 120002, 120000);
    const char *late = snip(l, "\"سفير روسيا\"", fh_buffer_str(&body));
    assert_non_null(strstr(late, "[سفير] [روسيا] w120002 w120003"));
    assert_int_equal(count_words(late), FH_SNIPPET_WORDS);
    fh_buffer_free(&body);
}

/* The stretch moves on with a long body, of which only the end is kept. */
static void test_near_late(void **state)
{
    lab *l = *state;
    for (uint32_t apart = 99; apart <= 100; apart++) {
        fh_buffer body = {0};
        fill(&body, 0, 60000);
        fh_buffer_add_str(&body, FH_STR("روسيا "));
        fill(&body, 1, apart - 1);
        fh_buffer_add_str(&body, FH_STR("سفير "));
        fill(&body, 1, 30);
        assert_true(body.len > FH_SNIPPET_BYTES);
        const char *shown = snip(l, "=\"سفير روسيا\"~100", fh_buffer_str(&body));
        assert_true((strstr(shown, "[روسيا]") != NULL) == (apart == 99));
        fh_buffer_free(&body);
    }
}

/* Reading ends when the time is over: at once in a long body, not at all in a short one. */
static void test_deadline(void **state)
{
    lab *l = *state;
    fh_clues none = {0};
    fh_lights *lights;
    fh_window *windows;
    size_t count;
    fh_buffer body = {0};
    fill(&body, 0, 3000);
    assert_int_equal(fh_lights_new(&none, l->analyser, 1, &lights, NULL), FH_OK);
    assert_int_equal(
        fh_snippet_body(lights, fh_buffer_str(&body), &l->arena, &windows, &count, NULL),
        FH_ESTOPPED);
    assert_int_equal(count, 0);
    assert_int_equal(fh_snippet_body(lights, FH_STR("w"), &l->arena, &windows, &count, NULL),
                     FH_OK);
    fh_lights_free(lights);
    fh_buffer_free(&body);
}

/* Random bodies and queries: spans stay right (show checks them) and windows short. */
/* What matched is shown, whatever stands before it. */
static void test_endless_word(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fh_buffer_add_str(&body, FH_STR("قالت "));
    for (size_t i = 0; i < 10000; i++)
        fh_buffer_add_byte(&body, 'x');
    fh_buffer_add_str(&body, FH_STR(" إن وزارة المالية"));
    assert_string_equal(snip(l, "وزارة", fh_buffer_str(&body)), "~إن [وزارة] المالية");
    fh_buffer_free(&body);
}

static void test_random(void **state)
{
    lab *l = *state;
    static const char *const pieces[] = {"روسيا",  "وروسيا", "سفير", "السفير", "رُوسيا",
                                         "x",      ".",      "\n",   "\"",     "(",
                                         "\u200F", "😀",      "،",    "ـ"};
    unsigned seed = 7;
    for (int round = 0; round < 2000; round++) {
        fh_buffer body = {0};
        for (int i = rand_r(&seed) % 150; i >= 0; i--) {
            size_t piece = (size_t)rand_r(&seed) % (sizeof pieces / sizeof *pieces);
            fh_buffer_add_str(&body, fh_str_of(pieces[piece]));
            if (rand_r(&seed) % 4 > 0)
                fh_buffer_add_byte(&body, ' ');
        }
        snip(l, round % 2 ? "سفير روسيا" : "\"روسيا السفير\" =x", fh_buffer_str(&body));
        fh_buffer_free(&body);
        fh_arena_clear(&l->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lit),        cmocka_unit_test(test_phrase),
        cmocka_unit_test(test_near),       cmocka_unit_test(test_near_late),
        cmocka_unit_test(test_title),      cmocka_unit_test(test_beginning),
        cmocka_unit_test(test_one_window), cmocka_unit_test(test_two_windows),
        cmocka_unit_test(test_edges),      cmocka_unit_test(test_long),
        cmocka_unit_test(test_random),     cmocka_unit_test(test_endless_word),
        cmocka_unit_test(test_deadline),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
