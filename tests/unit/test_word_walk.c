#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/gz.h"
#include "base/json.h"
#include "base/utf8.h"
#include "stemmers/words.h"

/*
 * The two ways to find words give the same ones: fh_words_some(), which is fast, is held to
 * fh_words_next(), which looks at each character by itself.
 */

#define SHARED     "../shared"
#define SLICE      2000 /* articles of each corpus */
#define LINE_LIMIT ((size_t)64 * 1024 * 1024)
#define ROOM_MAX   70

/* Walk TEXT both ways, the fast one in steps of ROOM. */
static void compare_in_steps(fh_str text, size_t room)
{
    fh_words slow = {.text = text};
    fh_words fast = {.text = text};
    fh_token tokens[ROOM_MAX];
    size_t count;
    do {
        count = fh_words_some(&fast, tokens, room);
        assert_true(count <= room);
        for (size_t i = 0; i < count; i++) {
            fh_span span;
            bool found = fh_words_next(&slow, &span);
            if (!found || span.start != tokens[i].span.start || span.end != tokens[i].span.end)
                fail_msg("[%u,%u) is not [%u,%u) in \"%.*s\"", tokens[i].span.start,
                         tokens[i].span.end, span.start, span.end, (int)text.len, text.ptr);
        }
    } while (count == room);
    if (fh_words_next(&slow, &(fh_span){0}))
        fail_msg("words are left over in \"%.*s\"", (int)text.len, text.ptr);
}

/* Walk TEXT where it is and, so that a sanitizer sees its end, in memory of just its length. */
static void compare(fh_str text)
{
    char *copy = malloc(text.len ? text.len : 1);
    assert_non_null(copy);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    compare_in_steps(text, ROOM_MAX);
    compare_in_steps((fh_str){copy, text.len}, 1 + text.len % ROOM_MAX);
    free(copy);
}

/* TEXT, and all that it begins and ends with. */
static void compare_cuts(fh_str text)
{
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && ((unsigned char)text.ptr[i] & 0xC0) == 0x80)
            continue;
        compare((fh_str){text.ptr, i});
        compare((fh_str){text.ptr + i, text.len - i});
    }
}

static void add_code(fh_buffer *b, uint32_t code)
{
    char bytes[FH_UTF8_MAX];
    fh_buffer_add(b, bytes, fh_utf8_encode(code, bytes));
}

/* Each code point between letters, where it may go on with a word, and between spaces. */
static void every_code_point_is_met_alike(void **state)
{
    (void)state;
    fh_buffer text = {0};
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        fh_buffer_clear(&text);
        for (int i = 0; i < 3; i++) {
            fh_buffer_add_str(&text, FH_STR("كتابان "));
            add_code(&text, code);
            fh_buffer_add_str(&text, FH_STR(" كتا"));
            add_code(&text, code);
            fh_buffer_add_str(&text, FH_STR("بان في"));
            add_code(&text, code);
        }
        compare(fh_buffer_str(&text));
    }
    fh_buffer_free(&text);
}

static void words_of_every_length_are_met_alike(void **state)
{
    (void)state;
    fh_buffer text = {0};
    for (int letters = 0; letters < 70; letters++) {
        fh_buffer_add_str(&text, FH_STR(" "));
        for (int i = 0; i < letters; i++)
            add_code(&text, 0x620 + (uint32_t)((i * 7 + letters) % 0x40));
        if (letters % 3 == 0)
            fh_buffer_add_str(&text, FH_STR("\u06A9"));
    }
    compare_cuts(fh_buffer_str(&text));
    fh_buffer_free(&text);
}

/* A code point that makes trouble likely: letters, marks, tatweel, what is not seen, digits. */
static uint32_t draw_code(unsigned *seed)
{
    static const struct {
        uint32_t first, last;
    } pools[] = {{0x0620, 0x064A}, {0x0620, 0x064A},  {0x0620, 0x064A}, {0x064B, 0x065F},
                 {0x0600, 0x06FF}, {0x0640, 0x0640},  {0x0660, 0x066C}, {0x06F0, 0x06F9},
                 {0x060C, 0x061F}, {0x0020, 0x0020},  {0x0020, 0x0020}, {0x0020, 0x007E},
                 {0x0030, 0x0039}, {0x002C, 0x002E},  {0x200B, 0x200F}, {0x2018, 0x201F},
                 {0x00A0, 0x00BB}, {0x08A0, 0x08FF},  {0xFB50, 0xFEFF}, {0x0750, 0x077F},
                 {0x0000, 0xD7FF}, {0xE000, 0x10FFFF}};
    size_t pool = (size_t)rand_r(seed) % (sizeof pools / sizeof *pools);
    return pools[pool].first +
           (uint32_t)rand_r(seed) % (pools[pool].last - pools[pool].first + 1);
}

static void hostile_text_is_met_alike(void **state)
{
    (void)state;
    unsigned seed = 4;
    fh_buffer text = {0};
    for (int round = 0; round < 20000; round++) {
        fh_buffer_clear(&text);
        for (int i = rand_r(&seed) % 60; i >= 0; i--)
            add_code(&text, draw_code(&seed));
        compare(fh_buffer_str(&text));
        if (round % 200 == 0)
            compare_cuts(fh_buffer_str(&text));
    }
    fh_buffer_free(&text);
}

static void random_bytes_are_met_alike(void **state)
{
    (void)state;
    unsigned seed = 5;
    fh_buffer text = {0};
    for (int round = 0; round < 20000; round++) {
        char bytes[200];
        size_t len = (size_t)rand_r(&seed) % sizeof bytes;
        for (size_t i = 0; i < len; i++) {
            int letter = i % 2 ? 0x80 + rand_r(&seed) % 64 : 0xD8 + rand_r(&seed) % 2;
            bytes[i] = (char)(rand_r(&seed) % 16 ? letter : rand_r(&seed));
        }
        fh_buffer_clear(&text);
        fh_utf8_repair((fh_str){bytes, len}, &text);
        compare(fh_buffer_str(&text));
    }
    fh_buffer_free(&text);
}

static void compare_slice(const char *path)
{
    fh_gz *gz;
    fh_buffer line = {0};
    bool found = true;
    if (fh_gz_open(path, &gz, NULL)) {
        print_message("skipped: " SHARED " is not there\n");
        skip();
    }
    for (int i = 0; i < SLICE && found; i++) {
        json_t *article;
        fh_str body = {0};
        assert_int_equal(fh_gz_line(gz, LINE_LIMIT, &line, &found, NULL), FH_OK);
        if (!found)
            break;
        assert_int_equal(fh_json_parse(fh_buffer_str(&line), &article, NULL), FH_OK);
        assert_true(fh_json_text(article, "body", &body));
        compare(body);
        json_decref(article);
    }
    fh_buffer_free(&line);
    fh_gz_close(gz);
}

static void news_are_met_alike(void **state)
{
    (void)state;
    compare_slice(SHARED "/corpora/news.jsonl.gz");
}

static void journals_are_met_alike(void **state)
{
    (void)state;
    compare_slice(SHARED "/corpora/journals.jsonl.gz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_is_met_alike),
        cmocka_unit_test(words_of_every_length_are_met_alike),
        cmocka_unit_test(hostile_text_is_met_alike),
        cmocka_unit_test(random_bytes_are_met_alike),
        cmocka_unit_test(news_are_met_alike),
        cmocka_unit_test(journals_are_met_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
