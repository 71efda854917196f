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
#include "tests/fuzz/fuzz_query.c"

/* The fuzz target of queries, without a fuzzer: saved inputs, and random ones. Runs in the checkout. */

#define SAVED       "tests/fuzz/query"
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

/* Pieces that queries and articles are made and broken of, in any order. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const char *const pieces[] = {"(",       ")",      "\"",       "«",      "»",
                                         "'",       " ",      "+",        "-",      "=",
                                         " AND ",   " OR ",   " NOT ",    " أو ",   " ليس ",
                                         "title:",  "date:",  "2025",     "..",     "روسيا",
                                         "الروسية", "وزارة",  "الخارجية", "،",      ".",
                                         "\xD9",    "\u200F", "ـ",        "\u064B", "\033[",
                                         "\u202E",  "😀"};
    size_t piece_count = sizeof pieces / sizeof *pieces;
    unsigned seed = 5;
    fh_buffer text = {0};
    for (int round = 0; round < 1500; round++) {
        fh_buffer_clear(&text);
        for (int i = rand_r(&seed) % 20; i >= 0; i--)
            fh_buffer_add_str(&text, fh_str_of(pieces[(size_t)rand_r(&seed) % piece_count]));
        fh_buffer_add_byte(&text, '\n');
        for (int i = rand_r(&seed) % 200; i >= 0; i--) {
            fh_buffer_add_str(&text, fh_str_of(pieces[(size_t)rand_r(&seed) % piece_count]));
            fh_buffer_add_str(&text, rand_r(&seed) % 3 ? FH_STR(" ") : FH_STR(""));
        }
        feed(fh_buffer_str(&text));
    }
    fh_buffer_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
