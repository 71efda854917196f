#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/progress.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_rate_and_time_left),
        cmocka_unit_test(guesses_nothing),
        cmocka_unit_test(says_that_it_publishes),
        cmocka_unit_test(writes_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
