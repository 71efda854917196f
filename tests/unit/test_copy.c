/* Copies of files: the same bytes, all of them, or no file. */
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

#include "base/copy.h"

#define LARGE 1000003 /* bytes: some reads and a rest */

static void is_same(const char *from, const char *to)
{
    fh_buffer a = {0};
    fh_buffer b = {0};
    assert_int_equal(fh_file_read(from, LARGE, &a, NULL), FH_OK);
    assert_int_equal(fh_file_read(to, LARGE, &b, NULL), FH_OK);
    assert_true(fh_str_equal(fh_buffer_str(&a), fh_buffer_str(&b)));
    fh_buffer_free(&a);
    fh_buffer_free(&b);
}

static void put_large(const char *path)
{
    char *bytes = malloc(LARGE);
    assert_non_null(bytes);
    for (size_t i = 0; i < LARGE; i++)
        bytes[i] = (char)(i * i / 7);
    put_bytes(path, bytes, LARGE);
    free(bytes);
}

static void all_bytes_are_copied(void **state)
{
    (void)state;
    uint64_t bytes;
    put("small", "x");
    put("empty", "");
    put_large("large");
    assert_int_equal(fh_copy_file("small", "small.copy", &bytes, NULL), FH_OK);
    assert_int_equal(bytes, 1);
    assert_int_equal(fh_copy_file("empty", "empty.copy", &bytes, NULL), FH_OK);
    assert_int_equal(bytes, 0);
    assert_int_equal(fh_copy_file("large", "large.copy", &bytes, NULL), FH_OK);
    assert_int_equal(bytes, LARGE);
    is_same("small", "small.copy");
    is_same("empty", "empty.copy");
    is_same("large", "large.copy");
}

/* A file that is open is read from its beginning, also when its name is gone. */
static void an_open_file_needs_no_name(void **state)
{
    (void)state;
    uint64_t bytes;
    char byte;
    put_large("a");
    put_large("b");
    int fd = open("a", O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &byte, 1), 1);
    assert_int_equal(unlink("a"), 0);
    assert_int_equal(fh_copy_open(fd, "a", "c", &bytes, NULL), FH_OK);
    close(fd);
    assert_int_equal(bytes, LARGE);
    is_same("b", "c");
}

static void nothing_is_written_over(void **state)
{
    (void)state;
    uint64_t bytes;
    fh_error err;
    put("a", "new");
    put("b", "old");
    assert_int_equal(fh_copy_file("a", "b", &bytes, &err), FH_EIO);
    assert_non_null(strstr(err.message, "cannot create b"));
    put("c", "old");
    is_same("b", "c");
    assert_int_equal(fh_copy_file("missing", "d", &bytes, &err), FH_ENOTFOUND);
    assert_non_null(strstr(err.message, "missing"));
    assert_int_equal(fh_copy_file(".", "d", &bytes, &err), FH_EIO);
    assert_int_equal(access("d", F_OK), -1);
}

static void a_full_disk_leaves_no_file(void **state)
{
    (void)state;
    uint64_t bytes;
    fh_error err;
    struct rlimit before;
    put_large("large");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {LARGE / 2, before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    fh_status status = fh_copy_file("large", "copy", &bytes, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, FH_EIO);
    assert_int_equal(bytes, 0);
    assert_non_null(strstr(err.message, "cannot write copy"));
    assert_int_equal(access("copy", F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(all_bytes_are_copied),
        folder_test(an_open_file_needs_no_name),
        folder_test(nothing_is_written_over),
        folder_test(a_full_disk_leaves_no_file),
    };
    return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
