#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engines/native/matching.h"

#define OFFERS 500

static int compare(const void *a, const void *b)
{
    const fh_best *x = a;
    const fh_best *y = b;
    if (x->key != y->key)
        return x->key > y->key ? -1 : 1;
    return (x->document > y->document) - (x->document < y->document);
}

/* Offer OFFERS keys, of which many are equal, and compare what is kept with a sorted list of all. */
static void keeps(size_t capacity, unsigned seed)
{
    fh_best all[OFFERS];
    fh_top top = {.capacity = capacity, .complete = true};
    srand(seed);
    for (uint32_t i = 0; i < OFFERS; i++) {
        all[i] = (fh_best){.key = rand() % 20, .document = i + 1};
        int64_t threshold = fh_top_threshold(&top);
        if (all[i].key > threshold)
            assert_true(fh_top_offer(&top, all[i].key, all[i].document));
    }
    fh_top_sort(&top);
    qsort(all, OFFERS, sizeof *all, compare);
    assert_int_equal(top.count, capacity < OFFERS ? capacity : OFFERS);
    for (size_t i = 0; i < top.count; i++) {
        assert_int_equal(top.heap[i].key, all[i].key);
        assert_int_equal(top.heap[i].document, all[i].document);
    }
    free(top.heap);
}

static void keeps_the_best_and_breaks_ties_by_document(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 50; seed++) {
        keeps(1, seed);
        keeps(10, seed);
        keeps(129, seed);
        keeps(OFFERS, seed);
        keeps(2 * OFFERS, seed);
    }
}

static void takes_all_until_the_total_is_counted(void **state)
{
    (void)state;
    fh_top top = {.capacity = 1, .count_to = 3};
    assert_true(fh_top_threshold(&top) == INT64_MIN);
    for (uint32_t i = 1; i <= 3; i++) {
        assert_true(fh_top_threshold(&top) == INT64_MIN);
        assert_true(fh_top_offer(&top, 10 - (int64_t)i, i));
    }
    assert_int_equal(fh_top_threshold(&top), 9);
    assert_int_equal(top.total, 3);
    free(top.heap);
}

static void only_counts_when_nothing_is_wanted(void **state)
{
    (void)state;
    fh_top top = {.count_to = 2};
    assert_true(fh_top_offer(&top, 5, 1));
    assert_true(fh_top_threshold(&top) == INT64_MIN);
    assert_true(fh_top_offer(&top, 5, 2));
    assert_true(fh_top_threshold(&top) == INT64_MAX);
    assert_int_equal(top.count, 0);
    fh_top_sort(&top);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_best_and_breaks_ties_by_document),
        cmocka_unit_test(takes_all_until_the_total_is_counted),
        cmocka_unit_test(only_counts_when_nothing_is_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
