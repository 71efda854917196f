#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"

static void reads_an_object(void **state)
{
    (void)state;
    json_t *object = NULL;
    fh_error err;
    fh_str text;
    assert_int_equal(
        fh_json_parse(FH_STR(" {\"title\":\"\\u0642مة\",\"n\":1,\"empty\":\"\",\"no\":null} "),
                      &object, &err),
        FH_OK);
    assert_true(fh_json_text(object, "title", &text));
    assert_true(fh_str_equal(text, FH_STR("قمة")));
    assert_true(fh_json_text(object, "empty", &text));
    assert_int_equal(text.len, 0);
    text = FH_STR("before");
    assert_false(fh_json_text(object, "n", &text));
    assert_int_equal(text.len, 0);
    assert_false(fh_json_text(object, "no", &text));
    assert_false(fh_json_text(object, "missing", &text));
    json_decref(object);
}

static void must_refuse(fh_str text)
{
    json_t *object = (json_t *)&text;
    fh_error err = {0};
    if (fh_json_parse(text, &object, &err) != FH_EFORMAT)
        fail_msg("taken: %.*s", (int)text.len, text.ptr);
    assert_null(object);
    assert_int_equal(err.status, FH_EFORMAT);
    assert_non_null(strstr(err.message, "byte"));
    for (const char *c = err.message; *c; c++)
        assert_in_range(*c, ' ', '~');
}

static void refuses_what_is_no_object(void **state)
{
    (void)state;
    must_refuse(FH_STR(""));
    must_refuse((fh_str){NULL, 0});
    must_refuse(FH_STR("[1]"));
    must_refuse(FH_STR("\"text\""));
    must_refuse(FH_STR("{\"a\":1"));
    must_refuse(FH_STR("{\"a\":1}{\"b\":2}"));
    must_refuse(FH_STR("{\"a\":1} x"));
    must_refuse(FH_STR("{\"a\":1}\0"));
    must_refuse(FH_STR("{\"a\":NaN}"));
    must_refuse(FH_STR("{\"a\":1e999}"));
    must_refuse(FH_STR("{\"a\":1,\"a\":2}"));
}

static void refuses_bad_text_and_does_not_repeat_it(void **state)
{
    (void)state;
    must_refuse(FH_STR("{\"a\":\"\xFF\"}"));
    must_refuse(FH_STR("{\"a\":\"\xED\xA0\x80\"}"));
    must_refuse(FH_STR("{\"a\":\"\x1b[31m\"}"));
    must_refuse(FH_STR("{\"a\":\"\n\"}"));
    must_refuse(FH_STR("{\"a\":\"\\uD800\"}"));
    must_refuse(FH_STR("{\"a\":\"\\u0000\"}"));
    must_refuse(FH_STR("{\"a\":قمة}"));
    must_refuse(FH_STR("\x1b]0;title\x07"));
}

static void refuses_deep_nesting(void **state)
{
    (void)state;
    fh_buffer text = {0};
    fh_buffer_add_str(&text, FH_STR("{\"a\":"));
    for (int i = 0; i < 1000000; i++)
        fh_buffer_add_byte(&text, '[');
    must_refuse(fh_buffer_str(&text));
    fh_buffer_free(&text);
}

static void names_the_byte(void **state)
{
    (void)state;
    json_t *object;
    fh_error err = {0};
    assert_int_equal(fh_json_parse(FH_STR("{\"abc\": 1, x}"), &object, &err), FH_EFORMAT);
    assert_non_null(strstr(err.message, "at byte 12"));
}

static void writes_one_line_in_order(void **state)
{
    (void)state;
    json_t *object = json_object();
    fh_buffer out = {0};
    assert_int_equal(fh_json_set_text(object, "z", FH_STR("قال \"نعم\"\n")), 0);
    assert_int_equal(fh_json_set_text(object, "a", (fh_str){NULL, 0}), 0);
    assert_int_equal(json_object_set_new(object, "m", json_real(12.3457)), 0);
    assert_int_equal(json_object_set_new(object, "n", json_integer(INT64_MAX)), 0);
    fh_json_write(object, &out);
    assert_false(out.failed);
    assert_string_equal(out.data, "{\"z\":\"قال \\\"نعم\\\"\\n\",\"a\":\"\",\"m\":12.3457,"
                                  "\"n\":9223372036854775807}");
    json_decref(object);
    fh_buffer_free(&out);
}

static void remembers_what_cannot_be_written(void **state)
{
    (void)state;
    json_t *object = json_object();
    assert_int_equal(fh_json_set_text(object, "a", FH_STR("\xFF")), -1);
    assert_int_equal(fh_json_set_text(NULL, "a", FH_STR("b")), -1);
    json_decref(object);
    fh_buffer out = {0};
    fh_json_write(NULL, &out);
    assert_true(out.failed);
    fh_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_object),
        cmocka_unit_test(refuses_what_is_no_object),
        cmocka_unit_test(refuses_bad_text_and_does_not_repeat_it),
        cmocka_unit_test(refuses_deep_nesting),
        cmocka_unit_test(names_the_byte),
        cmocka_unit_test(writes_one_line_in_order),
        cmocka_unit_test(remembers_what_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
