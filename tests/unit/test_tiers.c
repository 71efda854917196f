/* Which segments are merged: they stay few, and nothing is written too often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engines/native/tiers.h"

enum { MOST = 64, ARTICLE = 4000 };

/* An index as the writer keeps it; BYTES_WRITTEN counts what merging costs. */
typedef struct index_model {
    fh_tier tiers[MOST];
    size_t count;
    uint64_t bytes_written;
} index_model;

static uint64_t alive(const fh_tier *t)
{
    return (uint64_t)(t->articles - t->dead) * ARTICLE;
}

/* Merge until nothing is due; returns how many merges there were. */
static unsigned settle(index_model *x, uint64_t most)
{
    size_t first, count;
    unsigned merges = 0;
    while (fh_tiers_choose(x->tiers, x->count, most, &first, &count)) {
        fh_tier sum = {0};
        assert_true(count > 0 && first + count <= x->count);
        for (size_t i = first; i < first + count; i++)
            sum.articles += x->tiers[i].articles - x->tiers[i].dead;
        sum.bytes = alive(&sum);
        x->bytes_written += sum.bytes;
        x->tiers[first] = sum;
        memmove(&x->tiers[first + 1], &x->tiers[first + count],
                (x->count - first - count) * sizeof *x->tiers);
        x->count -= count - 1;
        assert_true(++merges < MOST);
    }
    return merges;
}

static void add(index_model *x, uint32_t articles)
{
    assert_true(x->count < MOST);
    x->tiers[x->count++] =
        (fh_tier){.bytes = (uint64_t)articles * ARTICLE, .articles = articles};
}

static uint64_t articles_in(const index_model *x)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < x->count; i++)
        sum += x->tiers[i].articles - x->tiers[i].dead;
    return sum;
}

static void one_segment_stays(void **state)
{
    (void)state;
    index_model x = {0};
    assert_int_equal(settle(&x, UINT32_MAX), 0);
    add(&x, 1000);
    assert_int_equal(settle(&x, UINT32_MAX), 0);
    add(&x, 1);
    assert_int_equal(settle(&x, UINT32_MAX), 0);
    assert_int_equal(x.count, 2);
}

static void equals_become_one_at_once(void **state)
{
    (void)state;
    index_model x = {0};
    for (int i = 0; i < 40; i++)
        add(&x, 5000);
    assert_int_equal(settle(&x, UINT32_MAX), 1);
    assert_int_equal(x.count, 1);
    assert_int_equal(x.tiers[0].articles, 200000);
}

static void segments_stay_few_and_writing_cheap(void **state)
{
    (void)state;
    index_model x = {0};
    enum { BASE = 30000, UPDATES = 20000 };
    add(&x, BASE);
    for (uint64_t i = 1; i <= UPDATES; i++) {
        add(&x, 1);
        settle(&x, UINT32_MAX);
        assert_int_equal(articles_in(&x), BASE + i);
        assert_in_range(x.count, 1, 6);
    }
    /* Each article may be written about the ratio times a level, of which there are five. */
    assert_true(x.bytes_written / ARTICLE < (uint64_t)UPDATES * FH_TIERS_RATIO * 5);
}

static void the_dead_are_cleared_away(void **state)
{
    (void)state;
    index_model x = {0};
    add(&x, 1000);
    x.tiers[0].dead = 1000 / FH_TIERS_DEAD_SHARE;
    assert_int_equal(settle(&x, UINT32_MAX), 0);
    x.tiers[0].dead++;
    assert_int_equal(settle(&x, UINT32_MAX), 1);
    assert_int_equal(x.tiers[0].articles, 1000 - 1000 / FH_TIERS_DEAD_SHARE - 1);
    assert_int_equal(x.tiers[0].dead, 0);
}

static void the_most_articles_are_kept_to(void **state)
{
    (void)state;
    index_model x = {0};
    for (int i = 0; i < 10; i++)
        add(&x, 1000);
    settle(&x, 2500);
    assert_int_equal(articles_in(&x), 10000);
    assert_int_equal(x.count, 5);
    for (size_t i = 0; i < x.count; i++)
        assert_int_equal(x.tiers[i].articles, 2000);
}

static void sizes_may_be_anything(void **state)
{
    (void)state;
    size_t first, count;
    fh_tier odd[] = {{UINT64_MAX, UINT32_MAX, 0}, {0, 0, 0}, {UINT64_MAX, 1, 1}, {1, 1, 0}};
    assert_true(fh_tiers_choose(odd, 4, UINT64_MAX, &first, &count));
    assert_true(first + count <= 4);
    assert_false(fh_tiers_choose(odd, 0, 1, &first, &count));
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_segment_stays),
        cmocka_unit_test(equals_become_one_at_once),
        cmocka_unit_test(segments_stay_few_and_writing_cheap),
        cmocka_unit_test(the_dead_are_cleared_away),
        cmocka_unit_test(the_most_articles_are_kept_to),
        cmocka_unit_test(sizes_may_be_anything),
    };
    return cmocka_run_group_tests_name("tiers", tests, NULL, NULL);
}
