#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "engines/lettercode.h"

/*
 * Encode TEXT and decode it into exactly the room it needs; it must come back. Returns the
 * code's length.

 */
static size_t round_trip(fh_str text)
{
    char *code = malloc(FH_LETTERS_CODED(text.len) + 1);
    char *back = malloc(text.len + 1);
    size_t len;
    size_t coded = fh_letters_encode(text, code);
    assert_in_range(coded, 0, FH_LETTERS_CODED(text.len));
    assert_true(fh_letters_decode((fh_str){code, coded}, back, text.len, &len));
    assert_int_equal(len, text.len);
    assert_memory_equal(back, text.ptr, len);
    if (len > 0)
        assert_false(fh_letters_decode((fh_str){code, coded}, back, text.len - 1, &len));
    free(code);
    free(back);
    return coded;
}

static void each_character_comes_back(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        char text[FH_UTF8_MAX];
        if (code < 0xD800 || code > 0xDFFF)
            round_trip((fh_str){text, fh_utf8_encode(code, text)});
    }
}

static void a_letter_is_one_byte(void **state)
{
    (void)state;
    const char *texts[] = {"a", "\n", "ء", "ي", "ة", "َ",  "ـ",
                           "،", "؟",  "٢", "پ", "«", "”", "…"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(round_trip(fh_str_of(texts[i])), 1);
    assert_int_equal(round_trip(FH_STR("وزارة الخارجية")), 14);
    assert_int_equal(round_trip(FH_STR("é")), 3);
}

/* Random bytes, most of them no UTF-8, and random mixes of pieces of it. */
static void any_bytes_come_back(void **state)
{
    (void)state;
    srand(7);
    char text[64];
    for (int i = 0; i < 200000; i++) {
        size_t len = (size_t)(rand() % (int)sizeof text);
        for (size_t k = 0; k < len; k++)
            text[k] = (char)(rand() % 3 ? 0xD8 + rand() % 4 : rand());
        round_trip((fh_str){text, len});
    }
}

static void codes_sort_as_texts(void **state)
{
    (void)state;
    char before[FH_LETTERS_CODED(FH_UTF8_MAX)];
    size_t before_len = 0;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char text[FH_UTF8_MAX];
        char code[sizeof before];
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        size_t len = fh_letters_encode((fh_str){text, fh_utf8_encode(c, text)}, code);
        if (c > 0)
            assert_true(fh_str_compare((fh_str){before, before_len}, (fh_str){code, len}) < 0);
        memcpy(before, code, len);
        before_len = len;
    }
}

static bool decodes(const char *code, size_t len)
{
    char *copy = malloc(len ? len : 1); /* so that a read behind the end is seen */
    char *text = malloc(FH_LETTERS_DECODED(len) + 1);
    size_t got;
    memcpy(copy, code, len);
    bool good = fh_letters_decode((fh_str){copy, len}, text, FH_LETTERS_DECODED(len), &got);
    /* What is accepted is the code of what it decodes to. */
    if (good)
        assert_in_range(round_trip((fh_str){text, got}), 0, 2 * got);
    free(copy);
    free(text);
    return good;
}

static void what_no_encoder_writes_is_refused(void **state)
{
    (void)state;
    assert_false(decodes("\xFF", 1));         /* a bad byte that is missing */
    assert_false(decodes("\xFF\x41", 2));     /* a bad byte that is none */
    assert_false(decodes("\xF8", 1));         /* no code */
    assert_false(decodes("\x80", 1));         /* a gap with nothing in it */
    assert_false(decodes("\x80\x41", 2));     /* ... with ASCII in it */
    assert_false(decodes("\x80\xD8\xA7", 3)); /* ... with a letter that has a code */
    assert_false(decodes("\x80\xE2\x82", 3)); /* ... with half a character */
    assert_true(decodes("\x84\xC2\xAC", 3));  /* U+00AC, in its gap */
    assert_false(decodes("\x82\xC2\xAC", 3)); /* ... in another */
}

static void hostile_codes_are_survived(void **state)
{
    (void)state;
    srand(11);
    char code[40];
    for (int i = 0; i < 300000; i++) {
        size_t len = (size_t)(rand() % (int)sizeof code);
        for (size_t k = 0; k < len; k++)
            code[k] = (char)(rand() % 2 ? rand() : 0xF0 | rand());
        decodes(code, len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_character_comes_back),
        cmocka_unit_test(a_letter_is_one_byte),
        cmocka_unit_test(any_bytes_come_back),
        cmocka_unit_test(codes_sort_as_texts),
        cmocka_unit_test(what_no_encoder_writes_is_refused),
        cmocka_unit_test(hostile_codes_are_survived),
    };
    return cmocka_run_group_tests_name("letter code", tests, NULL, NULL);
}
