#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engines/expr.h"

static fh_arena arena;

static int free_arena(void **state)
{
    (void)state;
    fh_arena_free(&arena);
    return 0;
}

static void leaves_copy_their_text(void **state)
{
    (void)state;
    char text[] = "وزير";
    fh_expr *e = fh_expr_term(&arena, FH_FORM_STEM, FH_FIELD_TITLE, fh_str_of(text), 2);
    text[0] = 'x';
    assert_int_equal(e->kind, FH_EXPR_TERM);
    assert_int_equal(e->form, FH_FORM_STEM);
    assert_int_equal(e->field, FH_FIELD_TITLE);
    assert_true(e->weight == 2);
    assert_true(fh_str_equal(e->text, FH_STR("وزير")));
    e = fh_expr_source(&arena, FH_STR("وكالة"));
    assert_int_equal(e->kind, FH_EXPR_SOURCE);
    assert_true(fh_str_equal(e->text, FH_STR("وكالة")));
    e = fh_expr_date(&arena, -5, 7);
    assert_int_equal(e->first, -5);
    assert_int_equal(e->last, 7);
}

static void one_kid_is_the_node(void **state)
{
    (void)state;
    fh_expr *kid = fh_expr_leaf(&arena, FH_EXPR_ALL);
    const fh_expr_kind same[] = {FH_EXPR_OR, FH_EXPR_AND, FH_EXPR_NOT, FH_EXPR_MAYBE,
                                 FH_EXPR_FILTER};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_ptr_equal(fh_expr_node(&arena, same[i], &kid, 1), kid);
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_PHRASE, &kid, 1)->kind, FH_EXPR_PHRASE);
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_ANY, &kid, 1)->kind, FH_EXPR_ANY);
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_BEST, &kid, 1)->kind, FH_EXPR_BEST);
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_NEAR, &kid, 1)->kind, FH_EXPR_NEAR);
}

static void no_kids_match_nothing_or_everything(void **state)
{
    (void)state;
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_OR, NULL, 0)->kind, FH_EXPR_NOTHING);
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_AND, NULL, 0)->kind, FH_EXPR_ALL);
    assert_int_equal(fh_expr_node(&arena, FH_EXPR_PHRASE, NULL, 0)->kind, FH_EXPR_NOTHING);
}

static void a_missing_kid_is_passed_on(void **state)
{
    (void)state;
    fh_expr *kids[] = {fh_expr_leaf(&arena, FH_EXPR_ALL), NULL};
    assert_null(fh_expr_node(&arena, FH_EXPR_AND, kids, 2));
    assert_false(fh_expr_fits(NULL));
}

static void nodes_copy_their_kids(void **state)
{
    (void)state;
    fh_expr *all = fh_expr_leaf(&arena, FH_EXPR_ALL);
    fh_expr *kids[] = {all, all, all};
    fh_expr *e = fh_expr_node(&arena, FH_EXPR_AND, kids, 3);
    kids[1] = NULL;
    assert_int_equal(e->count, 3);
    assert_ptr_equal(e->kids[1], all);
    assert_true(e->weight == 1);
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    fh_expr *e = fh_expr_leaf(&arena, FH_EXPR_ALL);
    for (int depth = 1; depth < FH_EXPR_DEPTH_MAX; depth++) {
        fh_expr *kids[] = {fh_expr_leaf(&arena, FH_EXPR_ALL), e};
        e = fh_expr_node(&arena, FH_EXPR_OR, kids, 2);
    }
    assert_true(fh_expr_fits(e));
    fh_expr *kids[] = {e, e};
    assert_false(fh_expr_fits(fh_expr_node(&arena, FH_EXPR_OR, kids, 2)));
}

static void the_number_of_nodes_has_a_limit(void **state)
{
    (void)state;
    static fh_expr *kids[FH_EXPR_NODES_MAX];
    for (size_t i = 0; i < FH_EXPR_NODES_MAX; i++)
        kids[i] = fh_expr_leaf(&arena, FH_EXPR_ALL);
    assert_true(fh_expr_fits(fh_expr_node(&arena, FH_EXPR_OR, kids, FH_EXPR_NODES_MAX - 1)));
    assert_false(fh_expr_fits(fh_expr_node(&arena, FH_EXPR_OR, kids, FH_EXPR_NODES_MAX)));
}

static fh_expr *term(fh_form form, fh_field field, const char *text)
{
    return fh_expr_term(&arena, form, field, fh_str_of(text), 1);
}

/* KIND over two kids, as fh_expr_check() sees it when it stands deep in a tree. */
static fh_status check_pair(fh_expr_kind kind, fh_expr *first, fh_expr *second, uint32_t window)
{
    fh_expr *kids[] = {first, second};
    fh_expr *e = fh_expr_node(&arena, kind, kids, 2);
    e->window = window;
    fh_expr *outer[] = {fh_expr_leaf(&arena, FH_EXPR_ALL), e};
    return fh_expr_check(fh_expr_node(&arena, FH_EXPR_FILTER, outer, 2), NULL);
}

static void kids_must_be_what_they_must_be(void **state)
{
    (void)state;
    fh_expr *a = term(FH_FORM_FOLDED, FH_FIELD_ANY, "a");
    fh_expr *b = term(FH_FORM_FOLDED, FH_FIELD_ANY, "b");
    fh_expr *stem = term(FH_FORM_STEM, FH_FIELD_ANY, "b");
    fh_expr *title = term(FH_FORM_FOLDED, FH_FIELD_TITLE, "b");
    fh_expr *all = fh_expr_leaf(&arena, FH_EXPR_ALL);
    b->offset = stem->offset = title->offset = all->offset = 1;
    assert_int_equal(check_pair(FH_EXPR_ANY, a, stem, 0), FH_OK);
    assert_int_equal(check_pair(FH_EXPR_ANY, a, all, 0), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_BEST, a, stem, 0), FH_OK);
    assert_int_equal(check_pair(FH_EXPR_BEST, a, all, 0), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_PHRASE, a, b, 0), FH_OK);
    assert_int_equal(check_pair(FH_EXPR_PHRASE, a, title, 0), FH_OK);
    assert_int_equal(check_pair(FH_EXPR_PHRASE, a, stem, 0), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_PHRASE, a, all, 0), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_PHRASE, b, b, 0), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_PHRASE, b, a, 0), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_NEAR, a, b, 2), FH_OK);
    assert_int_equal(check_pair(FH_EXPR_NEAR, b, a, UINT32_MAX), FH_OK);
    assert_int_equal(check_pair(FH_EXPR_NEAR, a, b, 1), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_NEAR, a, stem, 2), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_NEAR, a, title, 2), FH_EUSAGE);
    assert_int_equal(check_pair(FH_EXPR_NEAR, a, all, 2), FH_EUSAGE);
}

static void weights_are_numbers_from_0_up(void **state)
{
    (void)state;
    const float wrong[] = {-1, -INFINITY, INFINITY, NAN};
    fh_expr *a = term(FH_FORM_FOLDED, FH_FIELD_ANY, "a");
    a->weight = 0;
    assert_int_equal(check_pair(FH_EXPR_OR, a, a, 0), FH_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        a->weight = wrong[i];
        assert_int_equal(check_pair(FH_EXPR_OR, a, a, 0), FH_EUSAGE);
    }
}

static void what_does_not_fit_is_not_looked_at(void **state)
{
    (void)state;
    assert_int_equal(fh_expr_check(NULL, NULL), FH_ELIMIT);
    fh_expr *e = fh_expr_leaf(&arena, FH_EXPR_ALL);
    for (int depth = 0; depth < FH_EXPR_DEPTH_MAX; depth++) {
        fh_expr *kids[] = {e, e};
        e = fh_expr_node(&arena, FH_EXPR_OR, kids, 2);
    }
    assert_int_equal(fh_expr_check(e, NULL), FH_ELIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(leaves_copy_their_text, free_arena),
        cmocka_unit_test_teardown(one_kid_is_the_node, free_arena),
        cmocka_unit_test_teardown(no_kids_match_nothing_or_everything, free_arena),
        cmocka_unit_test_teardown(a_missing_kid_is_passed_on, free_arena),
        cmocka_unit_test_teardown(nodes_copy_their_kids, free_arena),
        cmocka_unit_test_teardown(depth_has_a_limit, free_arena),
        cmocka_unit_test_teardown(the_number_of_nodes_has_a_limit, free_arena),
        cmocka_unit_test_teardown(kids_must_be_what_they_must_be, free_arena),
        cmocka_unit_test_teardown(weights_are_numbers_from_0_up, free_arena),
        cmocka_unit_test_teardown(what_does_not_fit_is_not_looked_at, free_arena),
    };
    return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
