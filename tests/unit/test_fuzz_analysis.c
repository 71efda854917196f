#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/fuzz/fuzz_analysis.c"

/* The fuzz target of the analysis, without a fuzzer: saved inputs, and random ones. */

#define SAVED       "tests/fuzz/analysis"
#define SAVED_LIMIT ((size_t)1024 * 1024)

static void feed(fh_str bytes)
{
    LLVMFuzzerTestOneInput((const uint8_t *)bytes.ptr, bytes.len);
}

static void saved_inputs_hold(void **state)
{
    (void)state;
    DIR *folder = opendir(SAVED);
    int files = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        fh_buffer bytes = {0};
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, SAVED "/%s", entry->d_name);
        assert_int_equal(fh_file_read(path, SAVED_LIMIT, &bytes, NULL), FH_OK);
        feed(fh_buffer_str(&bytes));
        fh_buffer_free(&bytes);
        files++;
    }
    closedir(folder);
    assert_true(files >= 5);
}

static void random_bytes_hold(void **state)
{
    (void)state;
    srand(3);
    for (int round = 0; round < 3000; round++) {
        char bytes[200];
        size_t len = (size_t)rand() % sizeof bytes;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)rand();
        feed((fh_str){bytes, len});
    }
}

/* Pieces that words are made and broken of, in any order. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "ال",      "و",      "ب",   "كتاب",   "ة",      "ات",       "ها",     "أ",
        "ى",       "ـ",      "َ",    "ّ",       "\u0654", "\u0653",   "\u200F", "\u200C",
        "\uFEFB",  "ﷺ",      "ﷲ",   "1",      "٢",      "12",       ",",      ".",
        "٫",       "،",      "000", " ",      "\n",     "\"",       "abc",    "É",
        "e\u0301", "ß",      "_",   "\xFF",   "\xD8",   "\xE2\x80", "한",     "क्",
        "\u0591",  "\u05B0", "😀",   "\u1100", "\u1161", "\uFFFE"};
    size_t count_of = sizeof pieces / sizeof *pieces;
    fh_buffer text = {0};
    srand(4);
    for (int round = 0; round < 3000; round++) {
        fh_buffer_clear(&text);
        for (int i = rand() % 60 + (round % 100 == 0 ? 2000 : 0); i > 0; i--)
            fh_buffer_add_str(&text, fh_str_of(pieces[(size_t)rand() % count_of]));
        if (round % 7 == 0)
            fh_buffer_add_byte(&text, '\0');
        feed(fh_buffer_str(&text));
    }
    fh_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_bytes_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
