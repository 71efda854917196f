/* Every output format, on results made by hand, among them hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "searcher/render.h"

/* Of "قالت الوزارة أمس": the middle word. */
static const fh_span middle[] = {{9, 23}};
static const fh_window windows[] = {
    {FH_STR("قالت الوزارة أمس"), false, true, middle, 1},
    {FH_STR("خاتمة"), true, false, NULL, 0},
};
static const fh_evidence evidence[] = {
    {FH_STR("الوزارة"), FH_STR("وزار"), "stem", false, 1.5},
    {FH_STR("الوزارة"), FH_STR("الوزاره"), "folded", true, .25},
};
static const fh_str notes[] = {FH_STR("ملاحظة")};

#define ARTICLE                                                                                \
    {                                                                                          \
        .id = FH_STR("a 1"), .title = FH_STR("عنوان"), .body = FH_STR("سطر\n\nآخر"),           \
        .url = FH_STR("https://example.org/1"), .source = FH_STR("سبوتنيك عربي"),              \
        .keywords = FH_STR("نفط\nغاز"), .date = {                                              \
            1770640440,                                                                        \
            FH_DATE_SECOND                                                                     \
        }                                                                                      \
    }

static const fh_result full[] = {
    {.rank = 1,
     .score = 1.75,
     .article = ARTICLE,
     .title = {.text = FH_STR("عنوان")},
     .windows = windows,
     .window_count = 2,
     .evidence = evidence,
     .evidence_count = 2},
    {.rank = 2, .score = 1.75, .article = {.id = FH_STR("b")}},
};

static const fh_results answer = {.query = FH_STR("الوزارة"),
                                  .total = 12,
                                  .total_exact = true,
                                  .took_us = 345,
                                  .results = full,
                                  .count = 2,
                                  .notes = notes,
                                  .note_count = 1};

/* The output of FORMAT for RESULTS, for free(). */
static char *render(const char *format, const char *qid, const fh_results *results, bool colour)
{
    fh_buffer out = {0};
    fh_render r = {.paint = {.colour = colour}, .qid = qid, .out = &out};
    const fh_renderer *renderer = fh_renderer_find(format);
    assert_non_null(renderer);
    fh_render_results(renderer, &r, results);
    assert_false(out.failed);
    return out.data ? out.data : strdup("");
}

static void expect(const char *format, const char *qid, const char *want)
{
    char *got = render(format, qid, &answer, false);
    assert_string_equal(got, want);
    free(got);
}

static void test_formats(void **state)
{
    (void)state;
    assert_null(fh_renderer_find("xml"));
    expect("tsv", NULL,
           "1\t1.75\ta 1\t2026-02-09T12:34:00Z\tسبوتنيك عربي\tعنوان\thttps://example.org/1\n"
           "2\t1.75\tb\t\t\t\t\n");
    expect(
        "tsv", "q1",
        "q1\t1\t1.75\ta 1\t2026-02-09T12:34:00Z\tسبوتنيك عربي\tعنوان\thttps://example.org/1\n"
        "q1\t2\t1.75\tb\t\t\t\t\n");
    expect("trec", "q 1", "q_1 Q0 a_1 1 1.75 fihris\nq_1 Q0 b 2 1.74999988 fihris\n");
    expect("text", NULL,
           " 1. عنوان\n    سبوتنيك عربي, 2026-02-09T12:34:00Z\n    https://example.org/1\n"
           "    قالت الوزارة أمس … خاتمة\n"
           "      الوزارة, stem وزار: 1.5000\n"
           "      الوزارة, folded الوزاره in the title: 0.2500\n      score: 1.7500\n\n"
           " 2. b\n    b\n\n1-2 of 12 articles\n");
}

static void test_json(void **state)
{
    (void)state;
    expect("json", NULL,
           "{\"query\":\"الوزارة\",\"total\":{\"value\":12,\"exact\":true},\"took_us\":345,"
           "\"notes\":[\"ملاحظة\"],\"results\":[{\"rank\":1,\"id\":\"a 1\",\"score\":1.75,"
           "\"title\":\"عنوان\",\"url\":\"https://example.org/1\",\"source\":\"سبوتنيك عربي\","
           "\"date\":\"2026-02-09T12:34:00Z\","
           "\"snippet\":[{\"text\":\"قالت "
           "\",\"match\":false},{\"text\":\"الوزارة\",\"match\":true},"
           "{\"text\":\" أمس\",\"match\":false},{\"text\":\" … \",\"match\":false},"
           "{\"text\":\"خاتمة\",\"match\":false}],"
           "\"explain\":[{\"word\":\"الوزارة\",\"term\":\"وزار\",\"form\":\"stem\",\"title\":"
           "false,"
           "\"score\":1.5},{\"word\":\"الوزارة\",\"term\":\"الوزاره\",\"form\":\"folded\","
           "\"title\":true,\"score\":0.25}]},"
           "{\"rank\":2,\"id\":\"b\",\"score\":1.75}]}\n");
    char *lines = render("jsonl", "q1", &answer, false);
    assert_memory_equal(lines, "{\"qid\":\"q1\",\"rank\":1,", 21);
    assert_string_equal(strstr(lines, "}\n{") + 2,
                        "{\"qid\":\"q1\",\"rank\":2,\"id\":\"b\",\"score\":1.75}\n");
    free(lines);
}

static void test_empty(void **state)
{
    (void)state;
    fh_results none = {.query = FH_STR("x"), .total_exact = true};
    static const char *const formats[] = {"text", "jsonl", "tsv", "trec"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char *got = render(formats[i], NULL, &none, false);
        assert_string_equal(got, "");
        free(got);
    }
    char *json = render("json", NULL, &none, false);
    assert_string_equal(json, "{\"query\":\"x\",\"total\":{\"value\":0,\"exact\":true},"
                              "\"took_us\":0,\"results\":[]}\n");
    free(json);
    fh_results counted = {.total = 10000};
    char *text = render("text", NULL, &counted, false);
    assert_string_equal(text, "at least 10000 articles\n");
    free(text);
}

/* ---- Hostile articles ---- */

#define EVIL                                                                                   \
    "a\033[2J\tb\nc\xC2\x9B"                                                                   \
    "31m\x7F\u202E"

static const fh_span evil_span[] = {{0, 1}};
static const fh_window evil_window[] = {{FH_STR(EVIL), false, false, evil_span, 1}};
static const fh_result evil_result[] = {{.rank = 1,
                                         .article = {.id = FH_STR(EVIL),
                                                     .title = FH_STR(EVIL),
                                                     .url = FH_STR(EVIL),
                                                     .source = FH_STR(EVIL)},
                                         .title = {.text = FH_STR(EVIL)},
                                         .windows = evil_window,
                                         .window_count = 1}};
static const fh_results evil = {
    .query = FH_STR(EVIL), .total = 1, .results = evil_result, .count = 1};

static size_t count_byte(const char *text, char byte)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == byte;
    return count;
}

static void test_harmless(void **state)
{
    (void)state;
    static const char *const formats[] = {"text", "json", "jsonl", "tsv", "trec"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char *got = render(formats[i], NULL, &evil, false);
        assert_int_equal(count_byte(got, '\033'), 0);
        assert_int_equal(count_byte(got, '\x7F'), 0);
        assert_null(strstr(got, "\xC2\x9B"));
        free(got);
    }
    char *tsv = render("tsv", NULL, &evil, false);
    assert_int_equal(count_byte(tsv, '\t'), 6);
    assert_int_equal(count_byte(tsv, '\n'), 1);
    free(tsv);
    char *trec = render("trec", NULL, &evil, false);
    assert_int_equal(count_byte(trec, ' '), 5);
    free(trec);
    char *text = render("text", NULL, &evil, true);
    assert_null(strstr(text, "\033[2J"));
    assert_null(strstr(text, "\u202E"));
    free(text);
}

/* What is escaped in JSON is the same text for whoever reads it. */
static void test_json_round_trip(void **state)
{
    (void)state;
    char *got = render("json", NULL, &evil, false);
    json_t *object;
    fh_str title;
    assert_int_equal(fh_json_parse(fh_str_of(got), &object, NULL), FH_OK);
    assert_true(
        fh_json_text(json_array_get(json_object_get(object, "results"), 0), "title", &title));
    assert_true(fh_str_equal(title, FH_STR(EVIL)));
    json_decref(object);
    free(got);
}

/* Scores of TREC runs fall from line to line, also as floats and whatever the order is by. */
static void test_trec_scores(void **state)
{
    (void)state;
    static const double scores[] = {3.00000000001, 3, 3, 5, 0, 0, -1};
    enum { COUNT = sizeof scores / sizeof *scores };
    fh_result list[COUNT] = {{0}};
    fh_results ties = {.results = list, .count = COUNT};
    for (size_t i = 0; i < COUNT; i++)
        list[i] =
            (fh_result){.rank = i + 1, .score = scores[i], .article = {.id = FH_STR("x")}};
    char *got = render("trec", "q", &ties, false);
    char *line = got;
    float last = 100;
    for (size_t i = 0; i < COUNT; i++) {
        float score;
        assert_int_equal(sscanf(line, "q Q0 x %*u %f fihris", &score), 1);
        assert_true(score < last);
        last = score;
        line = strchr(line, '\n') + 1;
    }
    free(got);
}

/* ---- One article ---- */

static void test_article(void **state)
{
    (void)state;
    fh_article article = ARTICLE;
    fh_buffer out = {0};
    fh_render r = {.out = &out};
    fh_render_text.article(&r, &article);
    assert_string_equal(out.data, "id: a 1\ntitle: عنوان\nurl: https://example.org/1\n"
                                  "source: سبوتنيك عربي\ndate: 2026-02-09T12:34:00Z\n"
                                  "keywords: نفط غاز\n\nسطر\n\nآخر\n");
    fh_buffer_clear(&out);
    fh_render_jsonl.article(&r, &article);
    assert_string_equal(out.data,
                        "{\"id\":\"a 1\",\"title\":\"عنوان\",\"url\":\"https://example.org/1\","
                        "\"source\":\"سبوتنيك عربي\",\"date\":\"2026-02-09T12:34:00Z\","
                        "\"keywords\":[\"نفط\",\"غاز\"],\"body\":\"سطر\\n\\nآخر\"}\n");
    fh_buffer_free(&out);
    assert_null(fh_render_tsv.article);
    assert_null(fh_render_trec.article);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),         cmocka_unit_test(test_json),
        cmocka_unit_test(test_empty),           cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_json_round_trip), cmocka_unit_test(test_trec_scores),
        cmocka_unit_test(test_article),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
