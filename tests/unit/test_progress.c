#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/file.h"
#include "indexer/progress.h"
#include "indexer/reader.h"

static void assert_line(fh_build_progress p, double seconds, size_t bar, const char *want)
{
    fh_buffer line = {0};
    fh_buffer_add_str(&line, FH_STR("what stood there before"));
    fh_progress_write(&p, seconds, bar, &line);
    assert_string_equal(fh_buffer_str(&line).ptr, want);
    fh_buffer_free(&line);
}

static void shows_rate_and_time_left(void **state)
{
    (void)state;
    fh_build_progress p = {.articles = 1200, .done = 25000000, .total = 100000000};
    assert_line(p, 10, 0, "25%, 1200 articles, 2.5 MB/s, 0:30 left");
    assert_line(p, 10, 8, "[##......] 25%, 1200 articles, 2.5 MB/s, 0:30 left");
    assert_line(p, 2000, 0, "25%, 1200 articles, 0.0 MB/s, 1:40:00 left");
}

static void guesses_nothing(void **state)
{
    (void)state;
    assert_line((fh_build_progress){.articles = 1, .done = 5000000}, 2, 8,
                "1 article, 2.5 MB/s");
    assert_line((fh_build_progress){.articles = 3, .done = 1, .total = 100}, 0.5, 0,
                "1%, 3 articles");
    assert_line((fh_build_progress){.total = 100}, 5, 4, "[....] 0%, 0 articles, 0.0 MB/s");
}

static void says_that_it_publishes(void **state)
{
    (void)state;
    fh_build_progress p = {.articles = 9, .done = 50, .total = 100, .publishing = true};
    assert_line(p, 10, 0, "50%, 9 articles, publishing");
}

static void assert_size(uint64_t bytes, const char *want)
{
    fh_buffer text = {0};
    fh_progress_write_size(bytes, &text);
    assert_string_equal(fh_buffer_str(&text).ptr, want);
    fh_buffer_free(&text);
}

static void writes_sizes(void **state)
{
    (void)state;
    assert_size(0, "0 bytes");
    assert_size(999, "999 bytes");
    assert_size(1000, "1.0 kB");
    assert_size(99055874, "99.1 MB");
    assert_size(UINT64_C(7000000000000000), "7000.0 TB");
}

static void hear_nothing(void *context, const fh_remark *remark)
{
    (void)context;
    (void)remark;
}

/* Articles enough to be read in several parts. */
static void write_articles(const char *path, unsigned count)
{
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    for (unsigned i = 0; i < count; i++)
        gzprintf(file, "{\"id\":%u,\"title\":\"%u\",\"body\":\"%x%x%x\"}\n", i, i * 7919,
                 i * 104729, i * 1299709, i * 15485863);
    gzclose(file);
}

/* What is told is bytes on the disk: it never falls back, stays below the total and comes to it. */
static void compressed_files_count_as_they_lie_on_the_disk(void **state)
{
    (void)state;
    char folder[] = "/tmp/fihris-progress-XXXXXX", path[64], other[64];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.jsonl.gz", folder);
    snprintf(other, sizeof other, "%s/b.jsonl.gz", folder);
    write_articles(path, 60000);
    write_articles(other, 10);
    const char *inputs[] = {folder};
    fh_listener listener = {.hear = hear_nothing};
    fh_reading reading = {.inputs = inputs, .count = 1, .listener = &listener};
    fh_reader *reader;
    fh_article article;
    bool found;
    uint64_t before = 0, done, total, want = fh_folder_bytes(folder), half = 0;
    assert_int_equal(fh_reader_open(&reading, &reader, NULL), FH_OK);
    do {
        assert_int_equal(fh_reader_next(reader, &found, &article, NULL), FH_OK);
        fh_reader_progress(reader, &done, &total);
        assert_int_equal(total, want);
        assert_in_range(done, before, total);
        before = done;
        half += done > total / 4 && done < total / 4 * 3;
    } while (found);
    assert_int_equal(done, total);
    assert_true(half > 1000);
    fh_reader_close(reader);
    fh_folder_remove(folder, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_rate_and_time_left),
        cmocka_unit_test(guesses_nothing),
        cmocka_unit_test(says_that_it_publishes),
        cmocka_unit_test(writes_sizes),
        cmocka_unit_test(compressed_files_count_as_they_lie_on_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
