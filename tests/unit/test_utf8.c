#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

#define LAST_CODE 0x10FFFF

static bool is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= LAST_CODE; code++) {
        if (is_surrogate(code))
            continue;
        char bytes[FH_UTF8_MAX];
        size_t len = fh_utf8_encode(code, bytes);
        uint32_t back = 0;
        bool bad = true;
        if (fh_utf8_decode(bytes, len, &back, &bad) != len || back != code || bad)
            fail_msg("U+%04X came back as U+%04X", code, back);
    }
}

static void encodes_as_the_standard_says(void **state)
{
    (void)state;
    static const struct {
        uint32_t code;
        const char *bytes;
    } samples[] = {
        {0x41, "A"},
        {0x7F, "\x7F"},
        {0x80, "\xC2\x80"},
        {0x642, "\xD9\x82"},
        {0x7FF, "\xDF\xBF"},
        {0x800, "\xE0\xA0\x80"},
        {0xFFFD, "\xEF\xBF\xBD"},
        {0x10000, "\xF0\x90\x80\x80"},
        {0x10FFFF, "\xF4\x8F\xBF\xBF"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char out[FH_UTF8_MAX];
        size_t len = fh_utf8_encode(samples[i].code, out);
        assert_int_equal(len, strlen(samples[i].bytes));
        assert_memory_equal(out, samples[i].bytes, len);
    }
}

/* Every sequence of COUNT bytes from this set of borders, decoded by a slow reading of table 3-7. */
static const unsigned char borders[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                        0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                        0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};

/* Table 3-7 of the Unicode Standard, a row each: the ranges of the bytes of a character. */
static const unsigned char table[][8] = {
    {0x00, 0x7F},
    {0xC2, 0xDF, 0x80, 0xBF},
    {0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
    {0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
    {0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
    {0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
    {0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
    {0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
    {0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF},
};

/* The longest beginning of S that begins a row of the table; *WHOLE says whether it fills the row. */
static size_t slow_decode(const unsigned char *s, size_t len, bool *whole)
{
    *whole = false;
    for (size_t row = 0; row < sizeof table / sizeof table[0]; row++) {
        size_t need = 1;
        while (need < 4 && table[row][2 * need + 1] != 0)
            need++;
        size_t match = 0;
        while (match < need && match < len && s[match] >= table[row][2 * match] &&
               s[match] <= table[row][2 * match + 1])
            match++;
        if (match > 0) {
            *whole = match == need;
            return match;
        }
    }
    return 1;
}

static void check_against_table(unsigned char *s, size_t have, size_t count)
{
    if (have < count) {
        for (size_t i = 0; i < sizeof borders; i++) {
            s[have] = borders[i];
            check_against_table(s, have + 1, count);
        }
        return;
    }
    /* In memory of just that size, so that a sanitizer sees a read beyond it. */
    char *exact = malloc(count);
    memcpy(exact, s, count);
    bool whole, bad;
    uint32_t code;
    size_t want = slow_decode(s, count, &whole);
    size_t used = fh_utf8_decode(exact, count, &code, &bad);
    if (used != want || bad == whole || (bad && code != FH_REPLACEMENT))
        fail_msg("%02X %02X %02X %02X of %zu: used %zu, not %zu", s[0], s[1], s[2], s[3], count,
                 used, want);
    free(exact);
}

static void decodes_as_the_table_says(void **state)
{
    (void)state;
    unsigned char s[4] = {0};
    for (size_t count = 1; count <= 4; count++)
        check_against_table(s, 0, count);
}

static void bad_may_be_null(void **state)
{
    (void)state;
    uint32_t code = 0;
    assert_int_equal(fh_utf8_decode("\xFF", 1, &code, NULL), 1);
    assert_int_equal(code, FH_REPLACEMENT);
}

static void a_true_replacement_character_is_not_bad(void **state)
{
    (void)state;
    uint32_t code = 0;
    bool bad = true;
    assert_int_equal(fh_utf8_decode("\xEF\xBF\xBD", 3, &code, &bad), 3);
    assert_int_equal(code, FH_REPLACEMENT);
    assert_false(bad);
}

static void valid_finds_the_first_bad_byte(void **state)
{
    (void)state;
    assert_int_equal(fh_utf8_valid(FH_STR("")), 0);
    assert_int_equal(fh_utf8_valid((fh_str){NULL, 0}), 0);
    fh_str good = FH_STR("The قمة of 2025: \xF0\x9F\x98\x80 and more ASCII text");
    assert_int_equal(fh_utf8_valid(good), good.len);
    assert_int_equal(fh_utf8_valid(FH_STR("قمة\xD9")), 6);
    assert_int_equal(fh_utf8_valid(FH_STR("\xC0\x80")), 0);
    assert_int_equal(fh_utf8_valid(FH_STR("ab\xED\xA0\x80")), 2);
    /* At every offset from the beginning of a word of eight. */
    char text[64];
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'x', sizeof text);
        text[at] = '\x80';
        assert_int_equal(fh_utf8_valid((fh_str){text, sizeof text}), at);
    }
}

/* Decode character by character up to the first bad sequence. */
static size_t valid_by_decoding(fh_str text)
{
    size_t i = 0;
    while (i < text.len) {
        uint32_t code;
        bool bad;
        size_t used = fh_utf8_decode(text.ptr + i, text.len - i, &code, &bad);
        if (bad)
            return i;
        i += used;
    }
    return i;
}

static void valid_agrees_with_decoding(void **state)
{
    (void)state;
    static const uint32_t firsts[] = {0, 0x600, 0x800, 0xD000, 0xE000, 0x10000, 0x100000};
    static const char specials[] = "\x80\xBF\xC0\xC1\xE0\xED\xEF\xF0\xF4\xF5\xFF";
    unsigned seed = 3;
    char text[200];
    for (int round = 0; round < 200000; round++) {
        size_t len = 0, wanted = (size_t)rand_r(&seed) % 150;
        while (len < wanted) {
            uint32_t first = firsts[(size_t)rand_r(&seed) % 7];
            len += fh_utf8_encode(first + (uint32_t)rand_r(&seed) % 128, text + len);
        }
        if (len > 0 && round % 2)
            text[(size_t)rand_r(&seed) % len] = specials[(size_t)rand_r(&seed) % 11];
        fh_str all = {text, len};
        assert_int_equal(fh_utf8_valid(all), valid_by_decoding(all));
    }
}

/* The first bad byte of TEXT, one character after the other. */
static size_t find_bad(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len) {
        uint32_t code;
        bool bad;
        size_t used = fh_utf8_decode(text + at, len - at, &code, &bad);
        if (bad)
            return at;
        at += used;
    }
    return at;
}

/* One byte of a text of characters of two bytes and one is any other: at each place, each byte. */
static void valid_sees_one_bad_byte_anywhere(void **state)
{
    (void)state;
    static const char *const units[] = {"ش", "ك ", "\xC2\x80\u07FF", "بa\n", "€ك"};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        char text[160];
        size_t unit = strlen(units[u]), len = 0;
        for (; len + unit <= sizeof text; len += unit)
            memcpy(text + len, units[u], unit);
        for (size_t at = 0; at < len; at++) {
            char right = text[at];
            for (int byte = 0; byte < 256; byte++) {
                text[at] = (char)byte;
                assert_int_equal(fh_utf8_valid((fh_str){text, len}), find_bad(text, len));
                assert_int_equal(fh_utf8_valid((fh_str){text, at + 1}), find_bad(text, at + 1));
            }
            text[at] = right;
        }
    }
}

static void check_repair(fh_str bad, const char *want, size_t count)
{
    fh_buffer out = {0};
    assert_int_equal(fh_utf8_repair(bad, &out), count);
    assert_string_equal(fh_buffer_str(&out).ptr, want);
    assert_int_equal(out.len, strlen(want));
    fh_buffer_free(&out);
}

static void repair_replaces_maximal_subparts(void **state)
{
    (void)state;
    check_repair(FH_STR(""), "", 0);
    check_repair(FH_STR("قمة"), "قمة", 0);
    /* The standard's own examples, chapter 3, tables 3-8 to 3-11. */
    check_repair(FH_STR("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82"
                        "A"),
                 "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA", 8);
    check_repair(FH_STR("\xED\xA0\x80\xED\xBF\xBF\xED\xAF"
                        "A"),
                 "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA", 8);
    check_repair(FH_STR("\xF4\x91\x92\x93\xFF"
                        "A\x80\xBF"
                        "B"),
                 "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFDA\uFFFD\uFFFDB", 7);
    check_repair(FH_STR("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF"
                        "A"),
                 "\uFFFD\uFFFD\uFFFD\uFFFDA", 4);
    /* A letter cut at the end, and one whose second byte is missing. */
    check_repair(FH_STR("قم\xD8"), "قم\uFFFD", 1);
    check_repair(FH_STR("\xD9 \xD9\x82"), "\uFFFD ق", 1);
}

static void cut_never_breaks_a_character(void **state)
{
    (void)state;
    const char *text = "aق\uFFFD\U0001F600";
    const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    for (size_t len = 0; len < sizeof want / sizeof want[0]; len++) {
        char *exact = malloc(len + 1);
        memcpy(exact, text, len);
        char *tight = realloc(exact, len ? len : 1);
        assert_int_equal(fh_utf8_cut(tight, len), want[len]);
        free(tight);
    }
}

static void counts_characters(void **state)
{
    (void)state;
    assert_int_equal(fh_utf8_count(FH_STR("")), 0);
    assert_int_equal(fh_utf8_count(FH_STR("aق\uFFFD\U0001F600")), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(encodes_as_the_standard_says),
        cmocka_unit_test(decodes_as_the_table_says),
        cmocka_unit_test(bad_may_be_null),
        cmocka_unit_test(a_true_replacement_character_is_not_bad),
        cmocka_unit_test(valid_finds_the_first_bad_byte),
        cmocka_unit_test(valid_agrees_with_decoding),
        cmocka_unit_test(valid_sees_one_bad_byte_anywhere),
        cmocka_unit_test(repair_replaces_maximal_subparts),
        cmocka_unit_test(cut_never_breaks_a_character),
        cmocka_unit_test(counts_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
