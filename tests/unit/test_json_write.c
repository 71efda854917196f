#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/json_line.h"
#include "indexer/json_write.h"

static void assert_written(fh_str text, const char *want)
{
    fh_buffer out = {0};
    fh_json_write_text(text, &out);
    assert_string_equal(out.data, want);
    fh_buffer_free(&out);
}

static void writes_what_json_has_no_place_for(void **state)
{
    (void)state;
    assert_written((fh_str){"", 0}, "\"\"");
    assert_written(FH_STR("قال \"نعم\" \\ 😀\x7F/"), "\"قال \\\"نعم\\\" \\\\ 😀\x7F/\"");
    assert_written(FH_STR("\b\f\n\r\t\x01\x1F"), "\"\\b\\f\\n\\r\\t\\u0001\\u001F\"");
    assert_written(FH_STR("a\0b"), "\"a\\uFFFDb\"");
}

/* Every byte in every place of the words that are looked at together comes back. */
static void comes_back_as_it_was(void **state)
{
    (void)state;
    fh_json_line reader = {0};
    fh_buffer out = {0};
    const fh_str wanted = FH_STR("t");
    for (size_t at = 0; at < 20; at++) {
        for (int byte = 1; byte < 128; byte++) {
            char text[20];
            fh_json_value value;
            memset(text, 'x', sizeof text);
            text[at] = (char)byte;
            fh_buffer_clear(&out);
            fh_buffer_add_str(&out, FH_STR("{\"t\":"));
            fh_json_write_text((fh_str){text, sizeof text}, &out);
            fh_buffer_add_byte(&out, '}');
            assert_int_equal(
                fh_json_line_read(&reader, fh_buffer_str(&out), &wanted, 1, &value, NULL),
                FH_OK);
            assert_int_equal(value.text.len, sizeof text);
            assert_memory_equal(value.text.ptr, text, sizeof text);
        }
    }
    fh_buffer_free(&out);
    fh_json_line_free(&reader);
}

static void writes_an_article(void **state)
{
    (void)state;
    fh_buffer out = {0};
    fh_article a = {.id = FH_STR("7"),
                    .title = FH_STR("عنوان"),
                    .body = FH_STR("سطر\nسطر"),
                    .url = FH_STR("https://x.example/"),
                    .source = FH_STR("س"),
                    .section = FH_STR("ق"),
                    .keywords = FH_STR("أ\n\nب"),
                    .date = {0, FH_DATE_DAY},
                    .origin = FH_STR("not written")};
    fh_json_write_article(&a, &out);
    assert_string_equal(out.data,
                        "{\"id\":\"7\",\"title\":\"عنوان\",\"url\":\"https://x.example/\","
                        "\"source\":\"س\",\"section\":\"ق\",\"date\":\"1970-01-01\","
                        "\"keywords\":[\"أ\",\"\",\"ب\"],\"body\":\"سطر\\nسطر\"}\n");
    fh_buffer_free(&out);
}

static void leaves_out_what_is_not_there(void **state)
{
    (void)state;
    fh_buffer out = {0};
    fh_article a = {.id = FH_STR("{"), .body = FH_STR("{")};
    fh_json_write_article(&a, &out);
    fh_json_write_article(&a, &out);
    assert_string_equal(out.data,
                        "{\"id\":\"{\",\"body\":\"{\"}\n{\"id\":\"{\",\"body\":\"{\"}\n");
    fh_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_what_json_has_no_place_for),
        cmocka_unit_test(comes_back_as_it_was),
        cmocka_unit_test(writes_an_article),
        cmocka_unit_test(leaves_out_what_is_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
