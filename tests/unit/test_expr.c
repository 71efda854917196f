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
    };
    return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
