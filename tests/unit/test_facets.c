/* Counts by period and source, held to searches with that filter. */
#include "tests/unit/search_lab.h"

static const page pages[] = {
    {"1", "السفينة", "وصلت السفينة", "المرسى", "2026-02-09"},
    {"2", "السفينة", "وصلت السفينة", "المرسى", "2026-02-11"},
    {"3", "السفينة", "وصلت السفينة", "السوق", "2026-02-11"},
    {"4", "القمح", "ارتفع السعر", "السوق", "2026-02-20"},
    {"5", "القمح", "ارتفع السعر", "القديم", "1950-01-01"},
    {"6", "القمح", "ارتفع السعر", NULL, NULL},
};

static int fill_lab(void **state)
{
    int failed = open_lab(state);
    if (!failed)
        publish(*state, pages, sizeof pages / sizeof *pages);
    return failed;
}

static const fh_results *count(lab *l, const char *query, const char *from, const char *to)
{
    fh_request request = {.query = fh_str_of(query),
                          .facets = true,
                          .from = fh_str_of(from),
                          .to = fh_str_of(to)};
    return ask(l, &request);
}

/* NAME:COUNT of each, with a space between them. */
static void expect(const fh_facet *facets, size_t count, const char *want)
{
    fh_buffer got = {0};
    for (size_t i = 0; i < count; i++)
        fh_buffer_printf(&got, "%s%.*s:%d", i > 0 ? " " : "", (int)facets[i].name.len,
                         facets[i].name.ptr, (int)facets[i].articles);
    assert_string_equal(got.data ? got.data : "", want);
    fh_buffer_free(&got);
}

static void years_are_counted_and_the_newest_kept(void **state)
{
    const fh_results *found = count(*state, "القمح", "", "");
    expect(found->periods, found->period_count, "2026:1");
    assert_int_equal(found->total, 3);
}

static void a_short_time_is_counted_by_days(void **state)
{
    const fh_results *found = count(*state, "السفينة", "2026-02", "2026-02");
    expect(found->periods, found->period_count, "2026-02-09:1 2026-02-10:0 2026-02-11:2");
    found = count(*state, "السفينة القمح", "2026-02-11", "2026-02-20");
    assert_int_equal(found->period_count, 10);
    assert_int_equal(found->periods[0].articles + found->periods[9].articles, 3);
}

static void a_longer_one_by_months(void **state)
{
    const fh_results *found = count(*state, "القمح السفينة", "2025-01", "2026");
    expect(found->periods, found->period_count, "2026-02:4");
}

static void sources_that_match_are_counted(void **state)
{
    const fh_results *found = count(*state, "السفينة", "", "");
    expect(found->sources, found->source_count, "المرسى:2 السوق:1");
    found = count(*state, "القمح", "2026", "");
    expect(found->sources, found->source_count, "السوق:1");
}

static void nothing_is_counted_unasked_or_for_nothing(void **state)
{
    fh_request request = {.query = FH_STR("السفينة")};
    const fh_results *found = ask(*state, &request);
    assert_int_equal(found->period_count + found->source_count, 0);
    found = count(*state, "ديناصور", "", "");
    assert_int_equal(found->period_count + found->source_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(years_are_counted_and_the_newest_kept),
        cmocka_unit_test(a_short_time_is_counted_by_days),
        cmocka_unit_test(a_longer_one_by_months),
        cmocka_unit_test(sources_that_match_are_counted),
        cmocka_unit_test(nothing_is_counted_unasked_or_for_nothing),
    };
    return cmocka_run_group_tests(tests, fill_lab, close_lab);
}
