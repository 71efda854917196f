#include "tests/fuzz/fuzz_json_line.c"
#include "tests/unit/fuzzing.h"

/* The reader of article lines, held to jansson: on chosen lines, saved ones and random ones. Runs in the
 * checkout. */

/* How many lines are made of real-looking ones by small mistakes. */
#define MUTATIONS 60000

static fh_json_line reader;

static bool is_taken(fh_str line)
{
    return compare_readings(&reader, line);
}

static void must_take(fh_str line)
{
    if (!is_taken(line))
        fail_msg("refused: %.*s", (int)line.len, line.ptr);
}

/* LINE is refused for a REASON. */
static void must_refuse(fh_str line, const char *reason)
{
    fh_error err = {0};
    assert_false(is_taken(line));
    assert_int_equal(fh_json_line_read(&reader, line, NULL, 0, NULL, &err), FH_EFORMAT);
    assert_string_equal(err.message, reason);
}

static void gives_the_values(void **state)
{
    (void)state;
    const fh_str wanted[] = {FH_STR("id"), FH_STR("title"), FH_STR("keywords"), FH_STR("date"),
                             FH_STR("gone")};
    fh_json_value values[5];
    fh_str line =
        FH_STR("{\"title\":\"قال \\\"\\u0646عم\\\"\\ud83d\\ude00\","
               "\"keywords\": [\"أ\",\"\\u0628\",\"\",\"ج\"] ,\"id\":-0,\"date\":1e3}");
    assert_int_equal(fh_json_line_read(&reader, line, wanted, 5, values, NULL), FH_OK);
    assert_true(fh_str_equal(values[0].text, FH_STR("0")));
    assert_true(fh_str_equal(values[1].text, FH_STR("قال \"نعم\"😀")));
    assert_true(fh_str_equal(values[2].text, FH_STR("أ\nب\n\nج")));
    assert_true(fh_str_equal(values[3].text, FH_STR("1000.0")));
    assert_int_equal(values[2].kind, FH_JSON_TEXTS);
    assert_int_equal(values[3].kind, FH_JSON_NUMBER);
    assert_int_equal(values[4].kind, FH_JSON_MISSING);
    assert_int_equal(values[4].text.len, 0);
}

static void does_not_copy_what_is_plain(void **state)
{
    (void)state;
    const fh_str wanted = FH_STR("body");
    fh_json_value body;
    fh_str line = FH_STR("{\"body\":\"نص الخبر الطويل\"}");
    assert_int_equal(fh_json_line_read(&reader, line, &wanted, 1, &body, NULL), FH_OK);
    assert_ptr_equal(body.text.ptr, line.ptr + 9);
}

static void takes_what_is_json(void **state)
{
    (void)state;
    must_take(FH_STR("{}"));
    must_take(FH_STR(" \t\r\n{ } \n"));
    must_take(FH_STR("{\"id\" : null , \"title\":true,\"keywords\":false}"));
    must_take(FH_STR("{\"id\":9223372036854775807,\"title\":-9223372036854775808}"));
    must_take(FH_STR("{\"id\":1E-999,\"title\":0.5e+10,\"keywords\":-0.0}"));
    must_take(FH_STR("{\"title\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uFFFF\x7F\"}"));
    must_take(FH_STR("{\"keywords\":[]}"));
    must_take(FH_STR("{\"keywords\":[[\"a\"],{\"b\":{\"b\":[1,2.5,null]}}],\"b\":1}"));
    must_take(FH_STR("{\"\":1,\"\\u0645\":\"x\",\"a\":{\"\":2}}"));
}

static void refuses_what_is_not(void **state)
{
    (void)state;
    must_refuse(FH_STR(""), "bad JSON at byte 0: '{' expected");
    must_refuse((fh_str){NULL, 0}, "bad JSON at byte 0: '{' expected");
    must_refuse(FH_STR("[1]"), "bad JSON at byte 1: '{' expected");
    must_refuse(FH_STR("{\"id\":8"), "bad JSON at byte 7: '}' expected");
    must_refuse(FH_STR("{\"id\":8]"), "bad JSON at byte 8: '}' expected");
    must_refuse(FH_STR("{\"id\":8,}"), "bad JSON at byte 9: string or '}' expected");
    must_refuse(FH_STR("{\"id\" 8}"), "bad JSON at byte 7: ':' expected");
    must_refuse(FH_STR("{\"id\":}"), "bad JSON at byte 7: invalid token");
    must_refuse(FH_STR("{\"id\":"), "bad JSON at byte 6: a value expected");
    must_refuse(FH_STR("{\"id\":[1,]}"), "bad JSON at byte 10: invalid token");
    must_refuse(FH_STR("{\"a\":[1 2]}"), "bad JSON at byte 9: ']' expected");
    must_refuse(FH_STR("{\"id\":nul}"), "bad JSON at byte 7: invalid token");
    must_refuse(FH_STR("{\"id\":True}"), "bad JSON at byte 7: invalid token");
    must_refuse(FH_STR("{\"a\":1} x"), "bad JSON at byte 9: end of line expected");
    must_refuse(FH_STR("{\"a\":1}{}"), "bad JSON at byte 8: end of line expected");
    must_refuse(FH_STR("{\"a\":1}\0"), "bad JSON at byte 8: end of line expected");
}

static void refuses_bad_numbers(void **state)
{
    (void)state;
    must_refuse(FH_STR("{\"a\":01}"), "bad JSON at byte 7: invalid number");
    must_refuse(FH_STR("{\"a\":-}"), "bad JSON at byte 7: invalid number");
    must_refuse(FH_STR("{\"a\":1.}"), "bad JSON at byte 8: invalid number");
    must_refuse(FH_STR("{\"a\":1e+}"), "bad JSON at byte 9: invalid number");
    must_refuse(FH_STR("{\"a\":1e999}"), "bad JSON at byte 6: too big a number");
    must_refuse(FH_STR("{\"a\":9223372036854775808}"), "bad JSON at byte 6: too big a number");
    must_refuse(FH_STR("{\"a\":-9223372036854775809}"), "bad JSON at byte 6: too big a number");
    must_refuse(FH_STR("{\"a\":+1}"), "bad JSON at byte 6: invalid token");
    must_refuse(FH_STR("{\"a\":NaN}"), "bad JSON at byte 6: invalid token");
}

static void refuses_bad_texts(void **state)
{
    (void)state;
    must_refuse(FH_STR("{\"a\":\"b"), "bad JSON at byte 7: premature end of input");
    must_refuse(FH_STR("{\"a\":\"b\\"), "bad JSON at byte 8: premature end of input");
    must_refuse(FH_STR("{\"a\":\"b\\x\"}"), "bad JSON at byte 9: invalid escape");
    must_refuse(FH_STR("{\"a\":\"\\u12g4\"}"), "bad JSON at byte 9: invalid escape");
    must_refuse(FH_STR("{\"a\":\"\\u12"), "bad JSON at byte 9: invalid escape");
    must_refuse(FH_STR("{\"a\":\"\n\"}"), "bad JSON at byte 7: unexpected newline");
    must_refuse(FH_STR("{\"a\":\"\x1b[31m\"}"),
                "bad JSON at byte 7: control character in a text");
    must_refuse(FH_STR("{\"a\":\"\\uD800\"}"), "bad JSON at byte 7: half a surrogate pair");
    must_refuse(FH_STR("{\"a\":\"\\uD800\\u0041\"}"),
                "bad JSON at byte 7: half a surrogate pair");
    must_refuse(FH_STR("{\"a\":\"\\uDC00\"}"), "bad JSON at byte 7: half a surrogate pair");
    must_refuse(FH_STR("{\"a\":\"\\u0000\"}"), "bad JSON at byte 7: \\u0000 is not allowed");
}

static void refuses_keys_that_stand_twice(void **state)
{
    (void)state;
    must_refuse(FH_STR("{\"a\":1,\"a\":2}"), "bad JSON at byte 8: duplicate object key");
    must_refuse(FH_STR("{\"a\":1,\"\\u0061\":2}"), "bad JSON at byte 8: duplicate object key");
    must_refuse(FH_STR("{\"\\u0061\":1,\"a\":2}"), "bad JSON at byte 13: duplicate object key");
    must_refuse(FH_STR("{\"x\":[{\"y\":0,\"y\":0}]}"),
                "bad JSON at byte 14: duplicate object key");
    must_take(FH_STR("{\"x\":{\"x\":{\"x\":1,\"y\":[{\"x\":1}]}}}"));
    assert_false(is_taken(FH_STR("{\"id\":1.5,\"id\":1.5}")));
}

/* The larger way of looking for keys that stand twice. */
static void refuses_them_among_many(void **state)
{
    (void)state;
    fh_buffer line = {0};
    fh_buffer_add_byte(&line, '{');
    for (int i = 0; i < 3000; i++)
        fh_buffer_printf(&line, i % 3 ? "\"\\u00%02x%d\":1," : "\"%c%d\":1,", 'a' + i % 7, i);
    size_t len = line.len;
    fh_buffer_add_str(&line, FH_STR("\"z\":1}"));
    must_take(fh_buffer_str(&line));
    line.len = len;
    fh_buffer_add_str(&line, FH_STR("\"a1204\":1}"));
    char reason[80];
    snprintf(reason, sizeof reason, "bad JSON at byte %zu: duplicate object key", len + 1);
    must_refuse(fh_buffer_str(&line), reason);
    fh_buffer_free(&line);
}

/* A wanted key again and again: what it grows to must not be written before it is refused. */
static void refuses_a_wanted_key_again_and_again(void **state)
{
    (void)state;
    fh_buffer line = {0};
    fh_buffer_add_str(&line, FH_STR("{\"id\":1"));
    for (int i = 0; i < 3000; i++)
        fh_buffer_add_str(&line, FH_STR(",\"id\":1e9"));
    fh_buffer_add_str(&line, FH_STR(",\"title\":\"\\n\"}"));
    assert_false(is_taken(fh_buffer_str(&line)));
    fh_buffer_free(&line);
}

static void nest(fh_buffer *line, int arrays)
{
    fh_buffer_clear(line);
    fh_buffer_add_str(line, FH_STR("{\"a\":"));
    for (int i = 0; i < arrays; i++)
        fh_buffer_add_byte(line, '[');
    for (int i = 0; i < arrays; i++)
        fh_buffer_add_byte(line, ']');
    fh_buffer_add_byte(line, '}');
}

static void goes_as_deep_as_jansson(void **state)
{
    (void)state;
    fh_buffer line = {0};
    nest(&line, FH_JSON_DEPTH_MAX - 1);
    must_take(fh_buffer_str(&line));
    nest(&line, FH_JSON_DEPTH_MAX);
    assert_false(is_taken(fh_buffer_str(&line)));
    nest(&line, 1000000);
    assert_false(is_taken(fh_buffer_str(&line)));
    line.data[2] = 'i';
    memcpy(line.data, "{\"id\":[", 7);
    assert_false(is_taken(fh_buffer_str(&line)));
    fh_buffer_free(&line);
}

/* Every place of every special byte within the words that are looked at together. */
static void finds_special_bytes_everywhere(void **state)
{
    (void)state;
    static const char specials[] = {'"', '\\', '\0', '\n', '\x1F', ' ',
                                    '!', '#',  '[',  ']',  '\x7F'};
    for (size_t len = 0; len < 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (size_t i = 0; i < sizeof specials; i++) {
                char line[80];
                int start = snprintf(line, sizeof line, "{\"title\":\"");
                memset(line + start, 'x', len);
                line[start + (int)at] = specials[i];
                memcpy(line + start + len, "\"}", 2);
                is_taken((fh_str){line, (size_t)start + len + 2});
            }
        }
    }
}

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/json_line", 5);
}

/* ---- Lines made of real-looking ones by small mistakes ---- */

static const char *const lines[] = {
    "{\"id\": \"snn-2015\", \"title\": \"بريطانيا: أربعة محاور\", \"body\": \"حدد رئيس "
    "\\\"صراع\\\"\\nجيلنا\", "
    "\"date\": \"2015-07-21\", \"keywords\": [\"سياسة\", \"أمن\"]}",
    "{\"id\":7,\"title\":\"\\u0642\\u0645\\u0629 "
    "\\ud83d\\ude00\",\"\\u0645\":null,\"page\":3,\"x\":[1,2.5e3]}",
    "{\"title\":\"عنوان\",\"keywords\":[\"a\\tb\",\"\",\"\\u0628\"],\"m\":{\"a\":{\"b\":[true,"
    "false]}},\"id\":-1.50}",
    "{\"م\":\"نص\",\"id\":12345678901234567890e-3,\"title\":\"\",\"keywords\":[\"x\",1,{\"k\":"
    "\"\\\\\"}]}",
};

static const char *const pieces[] = {"{",
                                     "}",
                                     "[",
                                     "]",
                                     ",",
                                     ":",
                                     "\"",
                                     "\\",
                                     "\\u",
                                     "\\ud8",
                                     "\\udc00",
                                     "\\u0000",
                                     "\\u0061",
                                     "\\n",
                                     "\\x",
                                     "0",
                                     "1",
                                     "-",
                                     "e9",
                                     "1e308",
                                     ".",
                                     "true",
                                     "null",
                                     " ",
                                     "\t",
                                     "\n",
                                     "\x01",
                                     "\"id\"",
                                     "\"id\":1.5",
                                     "\"title\"",
                                     "\"keywords\":[\"a\\n\"",
                                     "م",
                                     "\xD9",
                                     "\xED\xA0\x80",
                                     "9223372036854775807",
                                     "\xEF\xBB\xBF"};

/* One mistake: bytes left out, said twice, changed, or a piece put in. */
static void spoil(fh_buffer *line, unsigned *seed)
{
    fh_buffer out = {0};
    size_t at = (size_t)rand_r(seed) % (line->len + 1);
    size_t len = (size_t)rand_r(seed) % 4 + (rand_r(seed) % 8 == 0 ? 20 : 0);
    len = len < line->len - at ? len : line->len - at;
    const char *piece = pieces[(size_t)rand_r(seed) % (sizeof pieces / sizeof *pieces)];
    int kind = rand_r(seed) % 4;
    fh_buffer_add(&out, line->data, at);
    if (kind == 0)
        fh_buffer_add_str(&out, fh_str_of(piece));
    if (kind == 1)
        fh_buffer_add(&out, line->data + at, len);
    if (kind == 2 && len > 0)
        fh_buffer_add_byte(&out, (char)(rand_r(seed) % 128));
    size_t skip = kind == 0 || kind == 1 ? 0 : kind == 2 ? len > 0 : len;
    fh_buffer_add(&out, line->data + at + skip, line->len - at - skip);
    fh_buffer_free(line);
    *line = out;
}

static void mistakes_hold(void **state)
{
    (void)state;
    unsigned seed = 11;
    int taken = 0;
    fh_buffer line = {0}, clean = {0};
    for (int round = 0; round < MUTATIONS; round++) {
        fh_buffer_clear(&line);
        fh_buffer_add_str(&line,
                          fh_str_of(lines[(size_t)round % (sizeof lines / sizeof *lines)]));
        for (int i = rand_r(&seed) % 4; i >= 0; i--)
            spoil(&line, &seed);
        fh_buffer_clear(&clean);
        fh_utf8_repair(fh_buffer_str(&line), &clean);
        taken += is_taken(fh_buffer_str(&clean));
    }
    fh_buffer_free(&line);
    fh_buffer_free(&clean);
    assert_in_range(taken, MUTATIONS / 10, MUTATIONS * 9 / 10);
}

/* Lines made of nothing but pieces of JSON: short, and often nearly right. */
static void random_pieces_hold(void **state)
{
    (void)state;
    unsigned seed = 5;
    fh_buffer line = {0}, clean = {0};
    for (int round = 0; round < MUTATIONS; round++) {
        fh_buffer_clear(&line);
        fh_buffer_add_str(&line, FH_STR("{\"id\":"));
        for (int i = rand_r(&seed) % 8; i >= 0; i--)
            fh_buffer_add_str(
                &line,
                fh_str_of(pieces[(size_t)rand_r(&seed) % (sizeof pieces / sizeof *pieces)]));
        fh_buffer_add_str(&line, rand_r(&seed) % 2 ? FH_STR("}") : FH_STR("\"}"));
        fh_buffer_clear(&clean);
        fh_utf8_repair(fh_buffer_str(&line), &clean);
        is_taken(fh_buffer_str(&clean));
    }
    fh_buffer_free(&line);
    fh_buffer_free(&clean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_values),
        cmocka_unit_test(does_not_copy_what_is_plain),
        cmocka_unit_test(takes_what_is_json),
        cmocka_unit_test(refuses_what_is_not),
        cmocka_unit_test(refuses_bad_numbers),
        cmocka_unit_test(refuses_bad_texts),
        cmocka_unit_test(refuses_keys_that_stand_twice),
        cmocka_unit_test(refuses_them_among_many),
        cmocka_unit_test(refuses_a_wanted_key_again_and_again),
        cmocka_unit_test(goes_as_deep_as_jansson),
        cmocka_unit_test(finds_special_bytes_everywhere),
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(mistakes_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fh_json_line_free(&reader);
    return failed;
}
