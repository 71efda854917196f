/*
 * For the tests that feed a fuzz target without a fuzzer: include it behind the target. Tests run in the
 * checkout.
 */
#ifndef FH_TESTS_UNIT_FUZZING_H
#define FH_TESTS_UNIT_FUZZING_H

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/file.h"

#define SAVED_LIMIT ((size_t)1024 * 1024)

/* Feed the target a copy of BYTES and no more, so that sanitizers see what is read behind them. */
static inline void feed_target(fh_str bytes)
{
    uint8_t *copy = malloc(bytes.len > 0 ? bytes.len : 1);
    assert_non_null(copy);
    if (bytes.len > 0)
        memcpy(copy, bytes.ptr, bytes.len);
    LLVMFuzzerTestOneInput(copy, bytes.len);
    free(copy);
}

/* Do WHAT with every file in FOLDER; there are AT_LEAST so many. */
static inline void each_saved(const char *folder, int at_least, void (*what)(fh_str bytes))
{
    DIR *names = opendir(folder);
    int files = 0;
    assert_non_null(names);
    for (struct dirent *entry; (entry = readdir(names));) {
        char path[512];
        fh_buffer bytes = {0};
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        assert_int_equal(fh_file_read(path, SAVED_LIMIT, &bytes, NULL), FH_OK);
        what(fh_buffer_str(&bytes));
        fh_buffer_free(&bytes);
        files++;
    }
    closedir(names);
    assert_true(files >= at_least);
}

/* Feed the target BYTES, and many of their beginnings. */
static inline void feed_beginnings(fh_str bytes)
{
    for (size_t len = 0; len < bytes.len; len += 1 + bytes.len / 50)
        feed_target((fh_str){bytes.ptr, len});
    feed_target(bytes);
}

static inline void feed_saved(const char *folder, int at_least)
{
    each_saved(folder, at_least, feed_beginnings);
}

/* A piece of an input for feed_pieces. */
#define PIECE(literal)                                                                         \
    {                                                                                          \
        (literal), sizeof(literal) - 1                                                         \
    }

/* Feed so many ROUNDS of up to MOST of the PIECES in any order, behind BEGINNING. */
static inline void feed_pieces(const char *beginning, const fh_str *pieces, size_t count,
                               int most, int rounds)
{
    unsigned seed = 3;
    fh_buffer text = {0};
    for (int round = 0; round < rounds; round++) {
        fh_buffer_clear(&text);
        fh_buffer_add_str(&text, fh_str_of(beginning));
        for (int i = rand_r(&seed) % most; i >= 0; i--)
            fh_buffer_add_str(&text, pieces[(size_t)rand_r(&seed) % count]);
        feed_target(fh_buffer_str(&text));
    }
    fh_buffer_free(&text);
}

#endif
