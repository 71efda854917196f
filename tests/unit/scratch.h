/*
 * For tests that need files: every test has a folder of its own, works in it, and leaves nothing behind.
 */
#ifndef FH_TESTS_UNIT_SCRATCH_H
#define FH_TESTS_UNIT_SCRATCH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"

static inline int enter_folder(void **state)
{
    char name[] = "/tmp/fihris-test.XXXXXX";
    if (!mkdtemp(name) || chdir(name) != 0)
        return -1;
    *state = strdup(name);
    return *state ? 0 : -1;
}

static inline int leave_folder(void **state)
{
    int failed = chdir("/") != 0 || fh_folder_remove(*state, NULL) != FH_OK;
    free(*state);
    return failed;
}

/* A test that works in a folder of its own. */
#define folder_test(f) cmocka_unit_test_setup_teardown(f, enter_folder, leave_folder)

static inline void write_bytes(const char *path, const char *mode, const char *bytes,
                               size_t len)
{
    FILE *file = fopen(path, mode);
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Let the file PATH be these bytes, or this text, or have these bytes at its end as well. */
static inline void put_bytes(const char *path, const char *bytes, size_t len)
{
    write_bytes(path, "w", bytes, len);
}

static inline void put(const char *path, const char *text)
{
    put_bytes(path, text, strlen(text));
}

static inline void add_bytes(const char *path, const char *bytes, size_t len)
{
    write_bytes(path, "a", bytes, len);
}

#endif
