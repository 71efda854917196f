#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "searcher/serve/url.h"

static void assert_str(fh_str got, const char *want)
{
    assert_int_equal(got.len, strlen(want));
    if (got.len > 0)
        assert_memory_equal(got.ptr, want, got.len);
}

static void check_decode(const char *text, bool form, const char *want)
{
    fh_arena arena = {0};
    fh_str got;
    const char *wrong = fh_url_decode(fh_str_of(text), form, &arena, &got);
    if (want) {
        assert_null(wrong);
        assert_str(got, want);
    } else {
        assert_non_null(wrong);
        assert_int_equal(got.len, 0);
    }
    fh_arena_free(&arena);
}

static void encoded_text_is_decoded(void **state)
{
    (void)state;
    check_decode("", true, "");
    check_decode("abc", true, "abc");
    check_decode("a+b", true, "a b");
    check_decode("a+b", false, "a+b");
    check_decode("a%2Bb%2b", true, "a+b+");
    check_decode("%D9%85", true, "م");
    check_decode("%25%32%35", true, "%25");
    check_decode("%", true, NULL);
    check_decode("%4", true, NULL);
    check_decode("a%4", true, NULL);
    check_decode("%4g", true, NULL);
    check_decode("%g4", true, NULL);
    check_decode("%00", true, NULL);
    check_decode("%C0%80", true, NULL);
    check_decode("%ED%A0%80", true, NULL);
    check_decode("%D9", true, NULL);
}

static void pairs_come_one_by_one(void **state)
{
    (void)state;
    fh_str rest = FH_STR("a=1&&b=&c&=d&e=f=g&"), name, value;
    static const char *const want[][2] = {
        {"a", "1"}, {"b", ""}, {"c", ""}, {"", "d"}, {"e", "f=g"}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_true(fh_url_pair(&rest, &name, &value));
        assert_str(name, want[i][0]);
        assert_str(value, want[i][1]);
    }
    assert_false(fh_url_pair(&rest, &name, &value));
}

static void a_target_has_two_parts(void **state)
{
    (void)state;
    fh_str path, parameters;
    fh_url_split(FH_STR("/a?b=c?d"), &path, &parameters);
    assert_str(path, "/a");
    assert_str(parameters, "b=c?d");
    fh_url_split(FH_STR("/a"), &path, &parameters);
    assert_str(path, "/a");
    assert_str(parameters, "");
    fh_url_split(FH_STR(""), &path, &parameters);
    assert_str(path, "");
}

static void what_is_encoded_is_decoded(void **state)
{
    (void)state;
    fh_buffer out = {0};
    fh_url_encode(FH_STR("a/b c&م%"), &out);
    assert_str(fh_buffer_str(&out), "a/b%20c%26%D9%85%25");
    check_decode(out.data, false, "a/b c&م%");
    fh_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encoded_text_is_decoded),
        cmocka_unit_test(pairs_come_one_by_one),
        cmocka_unit_test(a_target_has_two_parts),
        cmocka_unit_test(what_is_encoded_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
