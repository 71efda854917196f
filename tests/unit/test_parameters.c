#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "searcher/serve/parameters.h"

static fh_arena arena;
static fh_parameters got;

static int clear(void **state)
{
    (void)state;
    fh_arena_free(&arena);
    return 0;
}

static fh_problem read_url(const char *text)
{
    fh_arena_clear(&arena);
    return fh_parameters_read(fh_str_of(text), fh_parameters_search(), &arena, &got, NULL);
}

static fh_problem read_json(const char *text)
{
    fh_arena_clear(&arena);
    return fh_parameters_read_json(fh_str_of(text), fh_parameters_line(), &arena, &got, NULL);
}

static void nothing_is_the_default(void **state)
{
    (void)state;
    assert_int_equal(read_url(""), FH_PROBLEM_NONE);
    assert_int_equal(got.n, 10);
    assert_int_equal(got.first, 0);
    assert_int_equal(got.q.len, 0);
    assert_false(got.all);
    assert_int_equal(got.format, FH_FORMAT_JSON);
}

static void values_are_read(void **state)
{
    (void)state;
    assert_int_equal(
        read_url("q=a+b&n=%D9%A3&first=7&all&plain=0&explain=true&sort=date-asc&from=2026&"
                 "to=2027&source=x,y&source=z%D8%8Cw&copies=all&format=atom"),
        FH_PROBLEM_NONE);
    assert_true(fh_str_equal(got.q, FH_STR("a b")));
    assert_int_equal(got.n, 3);
    assert_int_equal(got.first, 7);
    assert_true(got.all);
    assert_false(got.plain);
    assert_true(got.explain);
    assert_int_equal(got.sort, 2);
    assert_int_equal(got.copies, 1);
    assert_int_equal(got.format, FH_FORMAT_ATOM);
    assert_true(fh_str_equal(got.to, FH_STR("2027")));
    assert_int_equal(got.source_count, 4);
    assert_true(fh_str_equal(got.sources[3], FH_STR("w")));
}

static void json_says_the_same(void **state)
{
    (void)state;
    assert_int_equal(
        read_json(
            "{\"q\":\"a b\",\"n\":3,\"all\":true,\"plain\":false,\"source\":[\"x\",\"y,z\"],"
            "\"sort\":\"date\"}"),
        FH_PROBLEM_NONE);
    assert_true(fh_str_equal(got.q, FH_STR("a b")));
    assert_int_equal(got.n, 3);
    assert_true(got.all);
    assert_int_equal(got.source_count, 3);
    assert_int_equal(got.sort, 1);
}

static void whole_numbers_may_have_a_fraction_of_nothing(void **state)
{
    (void)state;
    assert_int_equal(read_json("{\"n\":3.0}"), FH_PROBLEM_NONE);
    assert_int_equal(got.n, 3);
    assert_int_equal(read_json("{\"n\":1e300}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"n\":-1.0}"), FH_PROBLEM_BAD_PARAMETER);
}

static void what_does_not_fit_is_a_problem(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        fh_problem want;
    } cases[] = {
        {"x=1", FH_PROBLEM_UNKNOWN_PARAMETER},
        {"=1", FH_PROBLEM_UNKNOWN_PARAMETER},
        {"Q=1", FH_PROBLEM_UNKNOWN_PARAMETER},
        {"q=a&q=b", FH_PROBLEM_BAD_PARAMETER},
        {"n=", FH_PROBLEM_BAD_PARAMETER},
        {"n=1x", FH_PROBLEM_BAD_PARAMETER},
        {"n=+1", FH_PROBLEM_BAD_PARAMETER},
        {"n=1000", FH_PROBLEM_NONE},
        {"n=1001", FH_PROBLEM_OUT_OF_RANGE},
        {"n=18446744073709551617", FH_PROBLEM_OUT_OF_RANGE},
        {"all=2", FH_PROBLEM_BAD_PARAMETER},
        {"sort=dat", FH_PROBLEM_BAD_PARAMETER},
        {"sort=", FH_PROBLEM_BAD_PARAMETER},
        {"sort=relevance|date", FH_PROBLEM_BAD_PARAMETER},
        {"q=%", FH_PROBLEM_BAD_REQUEST},
        {"%=a", FH_PROBLEM_BAD_REQUEST},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (read_url(cases[i].text) != cases[i].want)
            fail_msg("%s", cases[i].text);
}

static void json_that_does_not_fit_is_a_problem(void **state)
{
    (void)state;
    assert_int_equal(read_json(""), FH_PROBLEM_BAD_LINE);
    assert_int_equal(read_json("[]"), FH_PROBLEM_BAD_LINE);
    assert_int_equal(read_json("{\"q\":\"a\",\"q\":\"b\"}"), FH_PROBLEM_BAD_LINE);
    assert_int_equal(read_json("{\"q\":null}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"q\":{}}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"q\":[\"a\"]}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"n\":-1}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"n\":1.5}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"source\":[1.5]}"), FH_PROBLEM_BAD_PARAMETER);
    assert_int_equal(read_json("{\"format\":\"json\"}"), FH_PROBLEM_UNKNOWN_PARAMETER);
}

static void limits_hold(void **state)
{
    (void)state;
    fh_buffer text = {0};
    for (int over = 0; over <= 1; over++) {
        fh_buffer_clear(&text);
        fh_buffer_add_str(&text, FH_STR("q="));
        for (int i = 0; i < FH_SERVE_QUERY_MAX + over; i++)
            fh_buffer_add_byte(&text, 'x');
        assert_int_equal(read_url(text.data),
                         over ? FH_PROBLEM_QUERY_TOO_LONG : FH_PROBLEM_NONE);
        fh_buffer_clear(&text);
        fh_buffer_add_str(&text, FH_STR("source=a"));
        for (int i = 1; i < FH_SERVE_SOURCES_MAX + over; i++)
            fh_buffer_add_str(&text, FH_STR(",a"));
        assert_int_equal(read_url(text.data), over ? FH_PROBLEM_OUT_OF_RANGE : FH_PROBLEM_NONE);
    }
    fh_buffer_clear(&text);
    for (int i = 0; i <= FH_SERVE_PAIRS_MAX; i++)
        fh_buffer_add_str(&text, FH_STR("source=&"));
    assert_int_equal(read_url(text.data), FH_PROBLEM_BAD_REQUEST);
    fh_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_the_default),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(whole_numbers_may_have_a_fraction_of_nothing),
        cmocka_unit_test(what_does_not_fit_is_a_problem),
        cmocka_unit_test(json_that_does_not_fit_is_a_problem),
        cmocka_unit_test(limits_hold),
    };
    return cmocka_run_group_tests(tests, NULL, clear);
}
