/* JSON that is written straight into a buffer: the bytes that come out, and jansson reading them back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/utf8.h"
#include "searcher/json_put.h"
#include "searcher/marks.h"

static void assert_text(fh_str text, const char *want)
{
    fh_buffer out = {0};
    fh_json_put_text(&out, text);
    assert_false(out.failed);
    assert_string_equal(out.data, want);
    fh_buffer_free(&out);
}

static void escapes_what_json_wants_and_terminals_need(void **state)
{
    (void)state;
    assert_text((fh_str){"", 0}, "\"\"");
    assert_text(FH_STR("قمة the 3"), "\"قمة the 3\"");
    assert_text(FH_STR("\"\\/\b\f\n\r\t"), "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
    assert_text((fh_str){"a\0b\x1b[31m\x7f", 9}, "\"a\\u0000b\\u001b[31m\\u007f\"");
    assert_text(FH_STR("\xC2\x85\u00A0\u200F\u202A\u202E\u2066\u2069\u2070"),
                "\"\\u0085\u00A0\u200F\\u202a\\u202e\\u2066\\u2069\u2070\"");
    assert_text(FH_STR("\U0001F600ﷺ"), "\"\U0001F600ﷺ\"");
}

static void replaces_what_is_no_utf8(void **state)
{
    (void)state;
    assert_text(FH_STR("\xD9"), "\"\uFFFD\"");
    assert_text(FH_STR("\xD9x\xC0\x80\xED\xA0\x80"),
                "\"\uFFFDx\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\"");
}

/* Every character comes back as it was, and those that harm are not there as they are. */
static void brings_every_character_back(void **state)
{
    (void)state;
    fh_buffer text = {0}, out = {0};
    char bytes[FH_UTF8_MAX];
    for (uint32_t code = 1; code < 0x110000; code += code < 0x3000 ? 1 : 61)
        if (code < 0xD800 || code > 0xDFFF)
            fh_buffer_add(&text, bytes, fh_utf8_encode(code, bytes));
    fh_json_put_text(&out, fh_buffer_str(&text));
    json_t *back = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
    assert_int_equal(json_string_length(back), text.len);
    assert_memory_equal(json_string_value(back), text.data, text.len);
    size_t len;
    for (size_t at = 0; at < out.len; at += len) {
        uint32_t code;
        len = fh_utf8_decode(out.data + at, out.len - at, &code, NULL);
        assert_false(fh_mark_harmful(code));
    }
    json_decref(back);
    fh_buffer_free(&text);
    fh_buffer_free(&out);
}

static void parts_members_by_commas(void **state)
{
    (void)state;
    fh_buffer out = {0};
    fh_buffer_add_byte(&out, '{');
    fh_json_put_member(&out, "missing", (fh_str){0});
    fh_json_put_member(&out, "first", FH_STR("["));
    fh_json_put_key(&out, "second");
    fh_buffer_add_byte(&out, '[');
    for (uint64_t i = 0; i < 3; i++) {
        fh_json_put_comma(&out);
        fh_json_put_number(&out, i * 1000);
    }
    fh_buffer_add_byte(&out, ']');
    fh_json_put_key(&out, "third");
    fh_json_put_bool(&out, false);
    fh_buffer_add_byte(&out, '}');
    assert_string_equal(out.data, "{\"first\":\"[\",\"second\":[0,1000,2000],\"third\":false}");
    fh_buffer_free(&out);
}

static void assert_as_jansson(double number)
{
    fh_buffer out = {0}, other = {0};
    json_t *value = json_real(number);
    fh_json_put_real(&out, number);
    fh_json_write(value, &other);
    json_t *one = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
    json_t *two = json_loadb(other.data, other.len, JSON_DECODE_ANY, NULL);
    assert_true(json_is_real(one));
    assert_true(json_real_value(one) == json_real_value(two));
    json_decref(value);
    json_decref(one);
    json_decref(two);
    fh_buffer_free(&out);
    fh_buffer_free(&other);
}

static void writes_numbers_as_jansson_does(void **state)
{
    (void)state;
    const double numbers[] = {
        0, 1, -1, .5, 12.3456789012345678, 1e-7, 1e300, 123456789012345678.};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_as_jansson(numbers[i]);
    fh_buffer out = {0};
    fh_json_put_number(&out, UINT64_MAX);
    assert_string_equal(out.data, "18446744073709551615");
    fh_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_what_json_wants_and_terminals_need),
        cmocka_unit_test(replaces_what_is_no_utf8),
        cmocka_unit_test(brings_every_character_back),
        cmocka_unit_test(parts_members_by_commas),
        cmocka_unit_test(writes_numbers_as_jansson_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
