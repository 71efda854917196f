#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/gz.h"
#include "base/json.h"
#include "base/utf8.h"
#include "stemmers/fold.h"
#include "stemmers/words.h"

/*
 * The slow way to fold, one code point at a time through utf8proc and the tables of fold.md, to
 * which fh_fold() is held. Tests run in the checkout.
 */

#define TABLE_PATH  "stemmers/fold.md"
#define TABLE_LIMIT ((size_t)1024 * 1024)
#define SHARED      "../shared"
#define LINE_LIMIT  ((size_t)16 * 1024 * 1024)
#define SLICE       400 /* articles of each corpus */
#define LAST_CODE   0x10FFFF
#define DROP        UINT32_MAX
#define HAMZA_ABOVE 0x0654

/* ---- The tables of fold.md: what every code point becomes ---- */

static uint32_t *table;

static void read_row(const char *line)
{
    unsigned first, last, to;
    char word[8];
    int used = 0;
    if (sscanf(line, "| U+%x..U+%x | %n", &first, &last, &used) != 2) {
        assert_int_equal(sscanf(line, "| U+%x | %n", &first, &used), 1);
        last = first;
    }
    assert_true(used > 0 && first <= last && last <= LAST_CODE);
    bool drop = sscanf(line + used, "%7s", word) == 1 && strcmp(word, "drop") == 0;
    if (!drop)
        assert_int_equal(sscanf(line + used, "U+%x |", &to), 1);
    for (unsigned code = first; code <= last; code++) {
        assert_int_equal(table[code], code);
        table[code] = drop ? DROP : to + (code - first);
    }
}

static int read_table(void **state)
{
    (void)state;
    fh_buffer page = {0};
    fh_error err;
    if (fh_file_read(TABLE_PATH, TABLE_LIMIT, &page, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return -1;
    }
    table = malloc((LAST_CODE + 1) * sizeof *table);
    assert_non_null(table);
    for (uint32_t code = 0; code <= LAST_CODE; code++)
        table[code] = code;
    int rows = 0;
    for (char *line = strtok(page.data, "\n"); line; line = strtok(NULL, "\n"))
        if (strncmp(line, "| U+", 4) == 0) {
            read_row(line);
            rows++;
        }
    fh_buffer_free(&page);
    return rows > 40 ? 0 : -1;
}

static int free_table(void **state)
{
    (void)state;
    free(table);
    return 0;
}

/* ---- The slow way ---- */

static void add_code(fh_buffer *out, uint32_t code)
{
    char bytes[FH_UTF8_MAX];
    fh_buffer_add(out, bytes, fh_utf8_encode(code, bytes));
}

static void add_mapped(fh_buffer *out, fh_str text, int options)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &mapped,
                     (utf8proc_option_t)options);
    assert_true(len >= 0);
    fh_buffer_add(out, mapped, (size_t)len);
    free(mapped);
}

static bool is_presentation(uint32_t code)
{
    return (code >= 0xFB50 && code <= 0xFDFF) || (code >= 0xFE70 && code <= 0xFEFC);
}

/* Presentation forms replaced by what they stand for. */
static void expand(fh_str word, fh_buffer *out)
{
    for (size_t i = 0; i < word.len;) {
        uint32_t code;
        size_t size = fh_utf8_decode(word.ptr + i, word.len - i, &code, NULL);
        fh_str one = {word.ptr + i, size};
        if (is_presentation(code))
            add_mapped(out, one, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
        else
            fh_buffer_add_str(out, one);
        i += size;
    }
}

/* Put a hamza on the last of COUNT codes that is no combining mark. */
static void put_hamza(uint32_t *codes, size_t count)
{
    while (count > 0 &&
           utf8proc_get_property((utf8proc_int32_t)codes[count - 1])->combining_class)
        count--;
    if (count == 0)
        return;
    if (codes[count - 1] == 0x0648)
        codes[count - 1] = 0x0624;
    if (codes[count - 1] == 0x064A)
        codes[count - 1] = 0x0626;
}

static void apply_table(fh_str text, fh_buffer *out)
{
    uint32_t *codes = malloc((text.len + 1) * sizeof *codes);
    assert_non_null(codes);
    size_t count = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t code;
        i += fh_utf8_decode(text.ptr + i, text.len - i, &code, NULL);
        if (code == HAMZA_ABOVE)
            put_hamza(codes, count);
        else if (table[code] != DROP)
            codes[count++] = table[code];
    }
    for (size_t i = 0; i < count; i++)
        add_code(out, codes[i]);
    free(codes);
}

static void fold_slowly(fh_str word, fh_buffer *out)
{
    fh_buffer expanded = {0};
    fh_buffer apart = {0};
    fh_buffer mapped = {0};
    expand(word, &expanded);
    add_mapped(&apart, fh_buffer_str(&expanded), UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
    apply_table(fh_buffer_str(&apart), &mapped);
    add_mapped(out, fh_buffer_str(&mapped), UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (out->len > FH_TERM_MAX)
        out->len = fh_utf8_cut(out->data, FH_TERM_MAX);
    fh_buffer_free(&mapped);
    fh_buffer_free(&apart);
    fh_buffer_free(&expanded);
}

/* Fold WORD both ways, and what came out again. */
static void compare(fh_str word)
{
    char out[FH_TERM_MAX];
    char again[FH_TERM_MAX];
    fh_buffer slow = {0};
    size_t len = fh_fold(word, out);
    fold_slowly(word, &slow);
    if (len != slow.len || memcmp(out, slow.data ? slow.data : "", len) != 0)
        fail_msg("\"%.*s\" folds to \"%.*s\", slowly to \"%.*s\"", (int)word.len, word.ptr,
                 (int)len, out, (int)slow.len, slow.data);
    size_t len_again = fh_fold((fh_str){out, len}, again);
    if (len_again != len || memcmp(out, again, len) != 0)
        fail_msg("\"%.*s\" folds to \"%.*s\", that to \"%.*s\"", (int)word.len, word.ptr,
                 (int)len, out, (int)len_again, again);
    fh_buffer_free(&slow);
}

static void compare_words(fh_str text)
{
    fh_words words = {.text = text};
    fh_span span;
    while (fh_words_next(&words, &span))
        compare((fh_str){text.ptr + span.start, span.end - span.start});
}

/* ---- Tests ---- */

static void folds(const char *word, const char *want)
{
    char out[FH_TERM_MAX];
    size_t len = fh_fold(fh_str_of(word), out);
    if (!fh_str_equal((fh_str){out, len}, fh_str_of(want)))
        fail_msg("\"%s\" folds to \"%.*s\", not to \"%s\"", word, (int)len, out, want);
}

static void every_code_point_folds_as_the_page_says(void **state)
{
    (void)state;
    for (uint32_t code = 1; code <= LAST_CODE; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        char bytes[FH_UTF8_MAX];
        compare((fh_str){bytes, fh_utf8_encode(code, bytes)});
    }
}

static void spellings_of_a_word_meet(void **state)
{
    (void)state;
    folds("وِزَارَةُ", "وزاره");
    folds("وزارة", "وزاره");
    folds("الأطلسى", "الاطلسي");
    folds("الأطلسي", "الاطلسي");
    folds("الولایات", "الولايات");
    folds("إسلام", "اسلام");
    folds("آخر", "اخر");
    folds("ٱلله", "الله");
    folds("هٰذا", "هذا");
    folds("عــــام", "عام");
    folds("كتابًا", "كتابا");
    folds("کتاب", "كتاب");
    folds("\u200Fكت\u200Cاب\u200E", "كتاب");
    folds("Café", "cafe");
    folds("STRASSE", "strasse");
    folds("straße", "strasse");
    folds("ﬁle", "file");
}

static void hamza_is_kept_on_waw_and_yeh_and_alone(void **state)
{
    (void)state;
    folds("مسؤول", "مسؤول");
    folds("مسئول", "مسئول");
    folds("شيء", "شيء");
}

static void marks_may_come_in_any_order(void **state)
{
    (void)state;
    folds("\u0627\u0654", "ا");
    folds("\u0648\u0654", "ؤ");
    folds("\u064A\u0654", "ئ");
    folds("\u0649\u0654", "ئ");
    folds("\u0648\u064E\u0654", "ؤ");
    folds("\u0648\u0654\u064E", "ؤ");
    folds("\u0648\u0653\u0654", "ؤ");
    folds("\u064A\u0640\u0654", "ئ");
    folds("\u062F\u0651\u064E", "د");
    folds("\u062F\u064E\u0651", "د");
}

static void presentation_forms_are_letters(void **state)
{
    (void)state;
    folds("\uFEFB", "لا");
    folds("\uFEF7\uFED7\uFEEE\uFEEF", "لاقوي");
    folds("\uFDF2", "الله");
    folds("\uFE70", "");
    folds("㎏", "㎏");
}

static void digits_are_one(void **state)
{
    (void)state;
    folds("٢٠٢٥", "2025");
    folds("۲۰۲۵", "2025");
    folds("١٢٫٥", "12.5");
    folds("١٬٠٠٠", "1000");
    folds("1,000", "1000");
    folds("1،000", "1000");
    folds("٪", "%");
}

static void long_words_are_cut_at_a_character(void **state)
{
    (void)state;
    fh_buffer word = {0};
    char out[FH_TERM_MAX];
    fh_buffer_add_byte(&word, 'x');
    for (int i = 0; i < 200; i++)
        fh_buffer_add_str(&word, FH_STR("بَ"));
    assert_int_equal(fh_fold(fh_buffer_str(&word), out), FH_TERM_MAX - 1);
    assert_int_equal(fh_utf8_valid((fh_str){out, FH_TERM_MAX - 1}), FH_TERM_MAX - 1);
    compare(fh_buffer_str(&word));
    fh_buffer_add_str(&word, FH_STR("é"));
    compare(fh_buffer_str(&word));
    fh_buffer_free(&word);
}

/* A code point that makes trouble likely. */
static uint32_t draw_code(void)
{
    static const struct {
        uint32_t first, last;
    } pools[] = {{0x0600, 0x06FF}, {0x0620, 0x065F}, {0x064B, 0x0655}, {0x0640, 0x0654},
                 {0x08A0, 0x08FF}, {0xFB50, 0xFDFF}, {0xFE70, 0xFEFF}, {0x2000, 0x206F},
                 {0x0300, 0x036F}, {0x00C0, 0x024F}, {0x0370, 0x03FF}, {0x1E00, 0x1FFF},
                 {0x0591, 0x05C7}, {0x0915, 0x094D}, {0x1100, 0x11FF}, {0xAC00, 0xAC80},
                 {0x21, 0x7E},     {0x21, 0x7E},     {1, 0xD7FF},      {0xE000, LAST_CODE}};
    size_t pool = (size_t)rand() % (sizeof pools / sizeof *pools);
    return pools[pool].first + (uint32_t)rand() % (pools[pool].last - pools[pool].first + 1);
}

static void hostile_words_fold_alike_both_ways(void **state)
{
    (void)state;
    srand(2);
    fh_buffer word = {0};
    for (int round = 0; round < 60000; round++) {
        fh_buffer_clear(&word);
        for (int i = rand() % 12 + (round % 50 == 0 ? 150 : 0); i >= 0; i--)
            add_code(&word, draw_code());
        compare(fh_buffer_str(&word));
    }
    fh_buffer_free(&word);
}

static void seeds_fold_alike_both_ways(void **state)
{
    (void)state;
    static const char *const pages[] = {"000_cbad1a5b692518e6", "001_bbc157d12097daf8",
                                        "002_1a59f5d07bed39f7", "003_7be0f9684ebf0992",
                                        "004_49e68810f4430a12"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        char path[256];
        fh_buffer page = {0};
        snprintf(path, sizeof path, SHARED "/seeds/%s.txt", pages[i]);
        if (fh_file_read(path, LINE_LIMIT, &page, NULL)) {
            print_message("skipped: " SHARED " is not there\n");
            skip();
        }
        compare_words(fh_buffer_str(&page));
        fh_buffer_free(&page);
    }
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
        assert_int_equal(fh_json_parse(fh_buffer_str(&line), &article, NULL), FH_OK);
        assert_true(fh_json_text(article, "body", &body));
        compare_words(body);
        json_decref(article);
    }
    fh_buffer_free(&line);
    fh_gz_close(gz);
}

static void corpora_fold_alike_both_ways(void **state)
{
    (void)state;
    compare_slice(SHARED "/corpora/news.jsonl.gz");
    compare_slice(SHARED "/corpora/journals.jsonl.gz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_folds_as_the_page_says),
        cmocka_unit_test(spellings_of_a_word_meet),
        cmocka_unit_test(hamza_is_kept_on_waw_and_yeh_and_alone),
        cmocka_unit_test(marks_may_come_in_any_order),
        cmocka_unit_test(presentation_forms_are_letters),
        cmocka_unit_test(digits_are_one),
        cmocka_unit_test(long_words_are_cut_at_a_character),
        cmocka_unit_test(hostile_words_fold_alike_both_ways),
        cmocka_unit_test(seeds_fold_alike_both_ways),
        cmocka_unit_test(corpora_fold_alike_both_ways),
    };
    return cmocka_run_group_tests(tests, read_table, free_table);
}
