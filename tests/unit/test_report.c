#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/report.h"

/* The last sort that was heard. */
static void keep_sort(void *context, const fh_remark *remark)
{
    snprintf(context, FH_ERROR_MAX, "%s", remark->sort);
}

#define assert_sort(want, ...)                                                                 \
    do {                                                                                       \
        char sort[FH_ERROR_MAX];                                                               \
        fh_listener listener = {.hear = keep_sort, .context = sort};                           \
        fh_listener_tell(&listener, FH_REMARK_REFUSED, "a", 1, __VA_ARGS__);                   \
        assert_string_equal(sort, want);                                                       \
    } while (0)

static void sorts_leave_out_what_differs(void **state)
{
    (void)state;
    assert_sort("empty", "empty");
    assert_sort("N% of … and …: …", "%zu%% of %s and %s%.*s: %s", (size_t)7, "x", "y", 1, "z",
                "w");
    assert_sort("bad JSON at byte N: '}' expected", "%s", "bad JSON at byte 7: '}' expected");
    assert_sort("an id of N bytes, more than N", "%s", "an id of 5000 bytes, more than 4096");
    assert_sort("a line of more than 64 MiB", "%s", "a line of more than 64 MiB");
    assert_sort("no UTF-8, U+FFFD, a7", "%s", "no UTF-8, U+FFFD, a7");
    assert_sort("N", "%s", "12");
    assert_sort("", "%s", "");
    assert_sort("…", "%c", 'x');
}

static void a_long_sort_is_cut(void **state)
{
    (void)state;
    char reason[2 * FH_ERROR_MAX], want[FH_ERROR_MAX];
    memset(reason, 'x', sizeof reason);
    reason[sizeof reason - 1] = '\0';
    memset(want, 'x', sizeof want);
    want[sizeof want - 1] = '\0';
    assert_sort(want, "%s", reason);
}

static fh_naming add(fh_report *r, fh_remark_kind kind, const char *file, uint64_t line,
                     const char *sort)
{
    fh_remark remark = {.kind = kind, .file = file, .line = line, .reason = "x", .sort = sort};
    return fh_report_add(r, &remark);
}

static void groups_by_kind_and_reason(void **state)
{
    (void)state;
    fh_report r = {0};
    size_t count;
    char file[16];
    add(&r, FH_REMARK_WARNING, "w", 1, "odd");
    add(&r, FH_REMARK_REFUSED, "b", 0, "small");
    for (unsigned i = 1; i <= 5; i++) {
        snprintf(file, sizeof file, "f%u", i);
        add(&r, FH_REMARK_REFUSED, file, i, "odd");
    }
    memset(file, '!', sizeof file);
    const fh_report_group *g = fh_report_groups(&r, &count);
    assert_int_equal(count, 3);
    assert_int_equal(g[0].kind, FH_REMARK_REFUSED);
    assert_string_equal(g[0].reason, "odd");
    assert_int_equal(g[0].count, 5);
    assert_int_equal(g[0].example_count, FH_REPORT_EXAMPLES);
    assert_string_equal(g[0].examples[0].file, "f1");
    assert_int_equal(g[0].examples[2].line, 3);
    assert_string_equal(g[1].reason, "small");
    assert_int_equal(g[1].example_count, 1);
    assert_int_equal(g[2].kind, FH_REMARK_WARNING);
    assert_int_equal(g[2].count, 1);
    fh_report_free(&r);
}

static void names_some_of_a_file(void **state)
{
    (void)state;
    fh_report r = {0};
    for (unsigned i = 1; i <= FH_REPORT_NAMED_FILE; i++)
        assert_int_equal(add(&r, FH_REMARK_REFUSED, "a", i, "odd"), FH_NAMING_NAME);
    assert_int_equal(add(&r, FH_REMARK_REFUSED, "a", 30, "odd"), FH_NAMING_CUT);
    assert_int_equal(add(&r, FH_REMARK_REFUSED, "a", 31, "odd"), FH_NAMING_COUNT);
    /* Another reason, another kind, another file. */
    assert_int_equal(add(&r, FH_REMARK_REFUSED, "a", 32, "new"), FH_NAMING_NAME);
    assert_int_equal(add(&r, FH_REMARK_WARNING, "a", 33, "odd"), FH_NAMING_NAME);
    for (unsigned i = 1; i <= FH_REPORT_NAMED_FILE; i++)
        assert_int_equal(add(&r, FH_REMARK_REFUSED, "b", i, "odd"), FH_NAMING_NAME);
    assert_int_equal(add(&r, FH_REMARK_REFUSED, "b", 30, "odd"), FH_NAMING_CUT);
    assert_int_equal(add(&r, FH_REMARK_REFUSED, "b", 31, "odd"), FH_NAMING_COUNT);
    fh_report_free(&r);
}

static void names_some_in_all(void **state)
{
    (void)state;
    fh_report r = {0};
    size_t count;
    char file[16];
    int named = 0, cut = 0;
    for (unsigned i = 0; i < 2 * FH_REPORT_NAMED; i++) {
        snprintf(file, sizeof file, "f%u", i);
        fh_naming naming = add(&r, FH_REMARK_REFUSED, file, 0, "odd");
        named += naming == FH_NAMING_NAME;
        cut += naming == FH_NAMING_CUT;
    }
    assert_int_equal(named, FH_REPORT_NAMED);
    assert_int_equal(cut, 1);
    assert_int_equal(fh_report_groups(&r, &count)[0].count, 2 * FH_REPORT_NAMED);
    fh_report_free(&r);
}

static void keeps_not_too_many_reasons_apart(void **state)
{
    (void)state;
    fh_report r = {0};
    size_t count;
    uint64_t sum = 0;
    char reason[16];
    for (unsigned i = 0; i < 3 * FH_REPORT_GROUPS; i++) {
        snprintf(reason, sizeof reason, "r%u", i);
        add(&r, (fh_remark_kind)(i % FH_REMARK_KINDS), "f", 0, reason);
    }
    const fh_report_group *g = fh_report_groups(&r, &count);
    assert_int_equal(count, FH_REPORT_GROUPS + FH_REMARK_KINDS);
    for (size_t i = 0; i < count; i++)
        sum += g[i].count;
    assert_int_equal(sum, 3 * FH_REPORT_GROUPS);
    assert_string_equal(g[0].reason, "other reasons");
    assert_false(r.failed);
    fh_report_free(&r);
}

static void an_empty_report_is_empty(void **state)
{
    (void)state;
    fh_report r = {0};
    size_t count = 1;
    fh_report_groups(&r, &count);
    assert_int_equal(count, 0);
    fh_report_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sorts_leave_out_what_differs),
        cmocka_unit_test(a_long_sort_is_cut),
        cmocka_unit_test(groups_by_kind_and_reason),
        cmocka_unit_test(names_some_of_a_file),
        cmocka_unit_test(names_some_in_all),
        cmocka_unit_test(keeps_not_too_many_reasons_apart),
        cmocka_unit_test(an_empty_report_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
