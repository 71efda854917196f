#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/dates.h"

#define DAY INT64_C(86400)

static int64_t must_parse(const char *text, fh_precision precision)
{
    fh_date date = {1, FH_DATE_NONE};
    if (!fh_date_parse(fh_str_of(text), &date))
        fail_msg("'%s' is refused", text);
    if (date.precision != precision)
        fail_msg("'%s' has precision %d, not %d", text, (int)date.precision, (int)precision);
    return date.seconds;
}

static void must_refuse(fh_str text)
{
    fh_date date = {1, FH_DATE_YEAR};
    if (fh_date_parse(text, &date))
        fail_msg("'%.*s' is taken", (int)text.len, text.ptr);
    assert_int_equal(date.seconds, 0);
    assert_int_equal(date.precision, FH_DATE_NONE);
}

static void reads_every_precision(void **state)
{
    (void)state;
    assert_int_equal(must_parse("1970", FH_DATE_YEAR), 0);
    assert_int_equal(must_parse("2026", FH_DATE_YEAR), 1767225600);
    assert_int_equal(must_parse("2026-02", FH_DATE_MONTH), 1769904000);
    assert_int_equal(must_parse("2026-02-09", FH_DATE_DAY), 1770595200);
    assert_int_equal(must_parse("2026-02-09T12:34", FH_DATE_SECOND), 1770640440);
    assert_int_equal(must_parse("2026-02-09T12:34:56", FH_DATE_SECOND), 1770640496);
    assert_int_equal(must_parse("2026-02-09 12:34:56", FH_DATE_SECOND), 1770640496);
    assert_int_equal(must_parse("2026-02-09t12:34:56z", FH_DATE_SECOND), 1770640496);
    assert_int_equal(must_parse("2026-02-09T12:34:56.999", FH_DATE_SECOND), 1770640496);
    assert_int_equal(must_parse("2026-02-09T12:34:56,5Z", FH_DATE_SECOND), 1770640496);
    assert_int_equal(must_parse("2026-02-09T00:00:60Z", FH_DATE_SECOND), 1770595259);
}

static void reads_zones(void **state)
{
    (void)state;
    int64_t noon = must_parse("2026-02-09T12:00Z", FH_DATE_SECOND);
    assert_int_equal(must_parse("2026-02-09T15:00+03:00", FH_DATE_SECOND), noon);
    assert_int_equal(must_parse("2026-02-09T15:00:00+0300", FH_DATE_SECOND), noon);
    assert_int_equal(must_parse("2026-02-09T15:00:00.25+03:00", FH_DATE_SECOND), noon);
    assert_int_equal(must_parse("2026-02-09T02:30-09:30", FH_DATE_SECOND), noon);
    assert_int_equal(must_parse("2026-02-10T01:45+13:45", FH_DATE_SECOND), noon);
    assert_int_equal(must_parse("2026-02-09T12:00-00:00", FH_DATE_SECOND), noon);
}

static void reads_arabic_and_persian_digits(void **state)
{
    (void)state;
    assert_int_equal(must_parse("٢٠٢٦-٠٢-٠٩", FH_DATE_DAY), 1770595200);
    assert_int_equal(must_parse("۲۰۲۶-۰۲-۰۹", FH_DATE_DAY), 1770595200);
    assert_int_equal(must_parse("٢٠26-۰2-٠9T١٢:٣٤:٥٦+٠٠:٠٠", FH_DATE_SECOND), 1770640496);
    assert_int_equal(must_parse("١٩٧٠", FH_DATE_YEAR), 0);
}

static void knows_leap_years(void **state)
{
    (void)state;
    must_parse("2024-02-29", FH_DATE_DAY);
    must_parse("2000-02-29", FH_DATE_DAY);
    must_parse("0004-02-29", FH_DATE_DAY);
    must_refuse(FH_STR("2025-02-29"));
    must_refuse(FH_STR("1900-02-29"));
    must_refuse(FH_STR("2100-02-29"));
    must_refuse(FH_STR("2024-02-30"));
}

static void reads_years_before_1970(void **state)
{
    (void)state;
    assert_int_equal(must_parse("1969-12-31T23:59:59", FH_DATE_SECOND), -1);
    assert_int_equal(must_parse("1969", FH_DATE_YEAR), -365 * DAY);
    assert_int_equal(must_parse("0001-01-01", FH_DATE_DAY), -719162 * DAY);
    assert_int_equal(must_parse("9999-12-31", FH_DATE_DAY), 2932896 * DAY);
}

/* Every day there is, against the C library. */
static void agrees_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t day = -719162; day <= 2932896; day++) {
        time_t seconds = (time_t)(day * DAY);
        struct tm tm;
        gmtime_r(&seconds, &tm);
        char want[80], got[FH_DATE_TEXT_MAX];
        snprintf(want, sizeof want, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1,
                 tm.tm_mday);
        fh_date_format((fh_date){day * DAY + DAY - 1, FH_DATE_DAY}, got);
        fh_date back;
        if (strcmp(got, want) != 0 || !fh_date_parse(fh_str_of(want), &back) ||
            back.seconds != day * DAY)
            fail_msg("day %lld is %s, not %s", (long long)day, got, want);
    }
}

static void refuses_all_else(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "0000",
        "0000-12-31",
        "26",
        "202",
        "20266",
        "-2026",
        "+2026",
        "2026-",
        "2026-2",
        "2026-00",
        "2026-13",
        "2026-02-",
        "2026-02-9",
        "2026-02-00",
        "2026-04-31",
        "2026-02-099",
        "2026/02/09",
        "20260209",
        "2026-0209",
        "2026-02-09T",
        "2026-02-09T1",
        "2026-02-09T12",
        "2026-02-09T12:",
        "2026-02-09T12:3",
        "2026-02-09T24:00",
        "2026-02-09T12:60",
        "2026-02-09T12:34:",
        "2026-02-09T12:34:61",
        "2026-02-09T12:34:56.",
        "2026-02-09T12:34:56.Z",
        "2026-02-09T12:34.5",
        "2026-02-09T12:34:56ZZ",
        "2026-02-09T12:34:56 Z",
        "2026-02-09T12:34:56+",
        "2026-02-09T12:34:56+3",
        "2026-02-09T12:34:56+03:",
        "2026-02-09T12:34:56+03:0",
        "2026-02-09T12:34:56+24:00",
        "2026-02-09T12:34:56+03:60",
        "2026-02Z",
        " 2026-02-09",
        "2026-02-09 ",
        "2026-02-09T12:34:56x",
        "٩ فبراير ٢٠٢٦",
        "२०२६",
        "0001-01-01T00:00+00:01",
        "9999-12-31T23:59-00:01",
        "2026-02-09T12:34:56.1234567890123456789012345678901234567890",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        must_refuse(fh_str_of(wrong[i]));
    must_refuse((fh_str){NULL, 0});
    must_refuse(FH_STR("2026\0"));
    must_refuse(FH_STR("2026-02-09T12:34:5\xD9"));
    must_refuse(FH_STR("\xFF\xFE"));
}

static void check_last(const char *text, const char *want)
{
    fh_date date, last;
    char out[FH_DATE_TEXT_MAX];
    assert_true(fh_date_parse(fh_str_of(text), &date));
    last = (fh_date){fh_date_last(date), FH_DATE_SECOND};
    assert_string_equal(fh_date_format(last, out), want);
}

static void knows_the_last_second(void **state)
{
    (void)state;
    check_last("2026", "2026-12-31T23:59:59Z");
    check_last("2024-02", "2024-02-29T23:59:59Z");
    check_last("2025-02", "2025-02-28T23:59:59Z");
    check_last("2026-12", "2026-12-31T23:59:59Z");
    check_last("2026-02-09", "2026-02-09T23:59:59Z");
    check_last("2026-02-09T12:34", "2026-02-09T12:34:00Z");
    check_last("1969", "1969-12-31T23:59:59Z");
    check_last("9999", "9999-12-31T23:59:59Z");
    assert_int_equal(fh_date_last((fh_date){0, FH_DATE_NONE}), 0);
}

static void must_span(const char *text, int64_t first, int64_t last)
{
    int64_t got_first = 1, got_last = 2;
    if (!fh_date_parse_range(fh_str_of(text), &got_first, &got_last))
        fail_msg("'%s' is refused", text);
    assert_int_equal(got_first, first);
    assert_int_equal(got_last, last);
}

static void reads_ranges(void **state)
{
    (void)state;
    int64_t first = must_parse("2026-02", FH_DATE_MONTH);
    int64_t last = must_parse("2026-02-28T23:59:59", FH_DATE_SECOND);
    must_span("2026-02", first, last);
    must_span("2026-02..2026-02", first, last);
    must_span("2026-02-01..2026-02-28", first, last);
    must_span("٢٠٢٦-٠٢..٢٠٢٦-٠٢", first, last);
    must_span("2026-02..", first, INT64_MAX);
    must_span("..2026-02", INT64_MIN, last);
    must_span("1969..1969", -365 * DAY, -1);
    must_span("1970-01-01T00:00:00..1970-01-01T00:00:00", 0, 0);
}

static void refuses_ranges_of_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",        "..",      "2026..2025", "2026-03..2026-02", "x..2026", "2026..x",
        "2026...", "...2026", "2026.",      "2026..2027..2028"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t first = 1, last = 1;
        if (fh_date_parse_range(fh_str_of(wrong[i]), &first, &last))
            fail_msg("'%s' is taken", wrong[i]);
        assert_int_equal(first, 0);
        assert_int_equal(last, 0);
    }
}

static void writes_what_it_has_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"2026",
                                        "2026-02",
                                        "2026-02-09",
                                        "2026-02-09T12:34:00Z",
                                        "0001",
                                        "9999-12-31T23:59:59Z",
                                        "1969-12-31T23:59:59Z",
                                        "0476-09-04"};
    char out[FH_DATE_TEXT_MAX];
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fh_date date;
        assert_true(fh_date_parse(fh_str_of(texts[i]), &date));
        assert_ptr_equal(fh_date_format(date, out), out);
        assert_string_equal(out, texts[i]);
    }
    assert_string_equal(fh_date_format((fh_date){0, FH_DATE_NONE}, out), "");
}

static void writes_any_number(void **state)
{
    (void)state;
    char out[FH_DATE_TEXT_MAX];
    fh_date_format((fh_date){INT64_MAX, FH_DATE_SECOND}, out);
    assert_string_equal(out, "9999-12-31T23:59:59Z");
    fh_date_format((fh_date){INT64_MIN, FH_DATE_SECOND}, out);
    assert_string_equal(out, "0001-01-01T00:00:00Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_precision),
        cmocka_unit_test(reads_zones),
        cmocka_unit_test(reads_arabic_and_persian_digits),
        cmocka_unit_test(knows_leap_years),
        cmocka_unit_test(reads_years_before_1970),
        cmocka_unit_test(agrees_with_the_c_library),
        cmocka_unit_test(refuses_all_else),
        cmocka_unit_test(knows_the_last_second),
        cmocka_unit_test(reads_ranges),
        cmocka_unit_test(refuses_ranges_of_nothing),
        cmocka_unit_test(writes_what_it_has_read),
        cmocka_unit_test(writes_any_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
