/* Counting by columns against counting by searches: expressions by chance over corpora by chance. */
#include "tests/unit/engine_lab.h"

#include "tests/unit/random_expr.h"

#define PERIODS 7
#define QUERIES 60

/* What a tally said of sources, in the order of its visits. */
typedef struct visited {
    lab *lab;
    fh_index *index;
    fh_expr *expr;
    size_t count;
    uint64_t articles;
    fh_str last;
} visited;

/* How many articles match EXPR and FILTER? */
static uint64_t count_with(lab *l, fh_index *ix, fh_expr *expr, fh_expr *filter)
{
    fh_expr *kids[] = {expr, filter};
    return search(l, ix,
                  (fh_search){.expr = fh_expr_node(&l->arena, FH_EXPR_FILTER, kids, 2),
                              .sort = FH_SORT_DATE,
                              .count_to = UINT64_MAX})
        .total;
}

static bool check_source(void *context, fh_str source, uint32_t articles)
{
    visited *v = context;
    assert_true(source.len > 0 && articles > 0);
    assert_true(v->count == 0 || fh_str_compare(v->last, source) < 0);
    assert_int_equal(articles, count_with(v->lab, v->index, v->expr,
                                          fh_expr_source(&v->lab->arena, source)));
    v->last = fh_arena_copy(&v->lab->arena, source);
    v->count++;
    v->articles += articles;
    return true;
}

/* Bounds by chance around the dates that there are, some periods empty, some of one second. */
static void choose_ends(fh_index *ix, dice *chance, int64_t *ends)
{
    fh_index_stats stats;
    must(fh_index_get_stats(ix, &stats, err));
    int64_t at = stats.first_date - (int64_t)below(chance, 100000);
    int64_t step = (stats.last_date - stats.first_date) / PERIODS + 1;
    for (size_t i = 0; i <= PERIODS; i++) {
        ends[i] = at;
        at += often(chance, 20) ? 1 : (int64_t)below(chance, 86400) + step;
    }
}

static void compare_tally(lab *l, fh_index *ix, fh_expr *expr, dice *chance)
{
    int64_t ends[PERIODS + 1];
    uint64_t periods[PERIODS];
    visited v = {.lab = l, .index = ix, .expr = expr};
    choose_ends(ix, chance, ends);
    fh_tally tally = {.expr = expr, .ends = ends, .period_count = PERIODS};
    must(fh_index_tally(ix, &tally, periods, check_source, &v, err));
    for (size_t i = 0; i < PERIODS; i++)
        assert_int_equal(
            periods[i],
            count_with(l, ix, expr, fh_expr_date(&l->arena, ends[i], ends[i + 1] - 1)));
    uint64_t all = count_with(l, ix, expr, fh_expr_leaf(&l->arena, FH_EXPR_ALL));
    assert_true(v.articles <= all);
}

static void compare_corpus(lab *l, const recipe *r, const course *how, uint64_t seed)
{
    dice chance = {seed};
    drafts *all = invent(r, &chance);
    corpus *made = make_corpus(l, all, how, &chance);
    growing g = {&l->arena, made, &chance};
    fh_index *ix;
    must(fh_index_open(l->path, &ix, err));
    for (int i = 0; fh_index_tallies(ix) && i < QUERIES; i++)
        compare_tally(l, ix, grow(&g), &chance);
    fh_index_close(ix);
    free_corpus(made);
    free_drafts(all);
}

static const course at_once = {.batch_max = 0};
static const course with_changes = {.batch_max = 25, .changes = true};

static void counts_are_those_of_searches(void **state)
{
    for (uint64_t i = 0; i < 6; i++) {
        const recipe r = {.articles = 1 + 70 * (size_t)i,
                          .words = 10 + 20 * (size_t)i,
                          .title_max = 4,
                          .body_max = 12,
                          .copies = 10,
                          .sources = 1 + (uint32_t)i * 2,
                          .days = 40};
        compare_corpus(*state, &r, i % 2 ? &with_changes : &at_once, 700 + i);
    }
}

static void what_cannot_be_counted_is_told(void **state)
{
    lab *l = *state;
    const fh_article articles[] = {
        {.id = FH_STR("a"), .body = FH_STR("سفينة"), .source = FH_STR("المرسى")},
        {.id = FH_STR("b"), .body = FH_STR("سفينة")}};
    fh_index *ix = build(l, articles, 2);
    const int64_t ends[] = {0, 1};
    uint64_t period = 7;
    fh_error why;
    visited v = {.lab = l, .index = ix, .expr = fh_expr_leaf(&l->arena, FH_EXPR_ALL)};
    fh_tally tally = {.expr = v.expr, .ends = ends, .period_count = 1};
    fh_status status = fh_index_tally(ix, &tally, &period, check_source, &v, &why);
    if (!fh_index_tallies(ix)) {
        assert_int_equal(status, FH_EUNSUPPORTED);
        assert_int_equal(period, 0);
        fh_index_close(ix);
        return;
    }
    assert_int_equal(status, FH_OK);
    assert_int_equal(period, 0); /* undated */
    assert_int_equal(v.count, 1);
    assert_int_equal(v.articles, 1);
    period = 7;
    tally.deadline = 1;
    assert_int_equal(fh_index_tally(ix, &tally, &period, check_source, &v, &why), FH_ESTOPPED);
    assert_int_equal(period, 0);
    tally.deadline = 0;
    tally.expr = fh_expr_node(&l->arena, FH_EXPR_ANY, &v.expr, 1);
    assert_int_equal(fh_index_tally(ix, &tally, &period, check_source, &v, &why), FH_EUSAGE);
    fh_index_close(ix);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(counts_are_those_of_searches),
        lab_test(what_cannot_be_counted_is_told),
    };
    return run_lab("engine tally", tests, sizeof tests / sizeof *tests, argc, argv);
}
