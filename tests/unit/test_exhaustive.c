/* The exhaustive scorer against what was worked out by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* What is worked out here does not change when the ranking is tuned. */
#define EX_K1 1.2
#define EX_B  .75

#include "tests/unit/exhaustive_raise.h"

/* Words are letters. The stem of a and b is s, that of the others the letter itself. */
static const fh_str texts[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1},
                               {"e", 1}, {"f", 1}, {"s", 1}};

#define TEXTS (sizeof texts / sizeof *texts)

enum { ARTICLES = 4, WORDS_MAX = 8 };

typedef struct lab {
    fh_arena arena;
    ex_word words[ARTICLES][WORDS_MAX];
    ex_article articles[ARTICLES];
    ex_corpus corpus;
    ex_answer answer;
    char line[256];
} lab;

static void add_words(lab *l, size_t article, fh_field field, uint32_t position,
                      const char *letters)
{
    ex_article *a = &l->articles[article];
    for (; *letters; letters++) {
        uint32_t letter = (uint32_t)(*letters - 'a');
        l->words[article][a->count++] =
            (ex_word){{letter, letter < 2 ? 6 : letter}, position++, field};
    }
    a->words = l->words[article];
}

static int open_lab(void **state)
{
    static const struct {
        const char *title, *body;
        fh_str source;
        fh_date date;
    } made[ARTICLES] = {
        {"a", "bc", {"x", 1}, {100, FH_DATE_SECOND}},
        {"", "aabba", {"y", 1}, {0, FH_DATE_NONE}},
        {"c", "", {"x", 1}, {-7, FH_DATE_YEAR}},
        {"d", "ed", {"", 0}, {100, FH_DATE_DAY}},
    };
    lab *l = calloc(1, sizeof *l);
    for (size_t i = 0; i < ARTICLES; i++) {
        uint32_t title = (uint32_t)strlen(made[i].title);
        l->articles[i] =
            (ex_article){.source = made[i].source, .date = made[i].date, .live = true};
        add_words(l, i, FH_FIELD_TITLE, 1, made[i].title);
        add_words(l, i, FH_FIELD_BODY, 1 + title + FH_FIELD_GAP, made[i].body);
    }
    l->corpus = (ex_corpus){l->articles, ARTICLES, texts, TEXTS, false};
    *state = l;
    return 0;
}

static int close_lab(void **state)
{
    lab *l = *state;
    free(l->answer.hits);
    fh_arena_free(&l->arena);
    free(l);
    return 0;
}

/* What E finds, by rank: the number of each article, and its score when there are scores. */
static const char *found(lab *l, const fh_expr *e, fh_sort sort)
{
    size_t at = 0;
    free(l->answer.hits);
    ex_verdict verdicts[ARTICLES];
    ex_judge(&l->corpus, e, verdicts);
    l->answer = ex_order(&l->corpus, verdicts, sort);
    l->line[0] = '\0';
    for (size_t i = 0; i < l->answer.count; i++) {
        const ex_hit *hit = &l->answer.hits[i];
        at += (size_t)snprintf(l->line + at, sizeof l->line - at, "%s%zu", i ? " " : "",
                               hit->article);
        if (sort == FH_SORT_RELEVANCE)
            at += (size_t)snprintf(l->line + at, sizeof l->line - at, ":%.5f", hit->score);
    }
    return l->line;
}

static const char *scores(lab *l, const fh_expr *e)
{
    return found(l, e, FH_SORT_RELEVANCE);
}

static fh_expr *term(lab *l, const char *text)
{
    return fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_ANY, fh_str_of(text), 1);
}

static fh_expr *in_title(lab *l, const char *text)
{
    return fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_TITLE, fh_str_of(text), 1);
}

static fh_expr *pair(lab *l, fh_expr_kind kind, fh_expr *first, fh_expr *second)
{
    fh_expr *kids[] = {first, second};
    return fh_expr_node(&l->arena, kind, kids, 2);
}

static fh_expr *near(lab *l, fh_expr *first, fh_expr *second, uint32_t window)
{
    fh_expr *e = pair(l, FH_EXPR_NEAR, first, second);
    e->window = window;
    return e;
}

/* The words in LETTERS, side by side; a dot leaves a gap. */
static fh_expr *phrase(lab *l, fh_field field, const char *letters)
{
    fh_expr *kids[WORDS_MAX];
    size_t count = 0;
    for (uint32_t i = 0; letters[i]; i++) {
        if (letters[i] == '.')
            continue;
        kids[count] =
            fh_expr_term(&l->arena, FH_FORM_FOLDED, field, (fh_str){letters + i, 1}, 1);
        kids[count++]->offset = i;
    }
    return fh_expr_node(&l->arena, FH_EXPR_PHRASE, kids, count);
}

/*
 * The lengths are 3, 5, 1 and 3, the mean is 3: k1 * (1 - b + b * len / 3) is 1.2 in articles 0
 * and 3, 1.8 in article 1, .6 in article 2. A term in two of the four articles has the idf ln 2,
 * one that is in one ln(10/3).
 */
static void a_term_scores_as_the_formula_says(void **state)
{
    lab *l = *state;
    /* ln 2 * 3 * 2.2 / (3 + 1.2), a title word; ln 2 * 3 * 2.2 / (3 + 1.8), three in the body */
    assert_string_equal(scores(l, term(l, "a")), "0:1.08923 1:0.95308");
    /* ln 2 * 2 * 2.2 / (2 + 1.8), ln 2 * 1 * 2.2 / (1 + 1.2) */
    assert_string_equal(scores(l, term(l, "b")), "1:0.80259 0:0.69315");
    /* ln(10/3) * 4 * 2.2 / (4 + 1.2), one in the title, one in the body */
    assert_string_equal(scores(l, term(l, "d")), "3:2.03749");
    assert_string_equal(scores(l, term(l, "f")), "");
    assert_string_equal(scores(l, term(l, "missing")), "");
    /* The stem of a and b: ln 2 * 4 * 2.2 / (4 + 1.2), ln 2 * 5 * 2.2 / (5 + 1.8) */
    fh_expr *s = fh_expr_term(&l->arena, FH_FORM_STEM, FH_FIELD_ANY, FH_STR("s"), 1);
    assert_string_equal(scores(l, s), "0:1.17302 1:1.12127");
    s->form = FH_FORM_FOLDED;
    assert_string_equal(scores(l, s), "");
}

static void a_title_term_counts_titles_only(void **state)
{
    lab *l = *state;
    /* ln(10/3) * 3 * 2.2 / (3 + .6) */
    assert_string_equal(scores(l, in_title(l, "c")), "2:2.20728");
    assert_string_equal(scores(l, in_title(l, "b")), "");
    /* ln(10/3) * 3 * 2.2 / (3 + 1.2): the one in the body does not count */
    assert_string_equal(scores(l, in_title(l, "d")), "3:1.89196");
}

static void weights_multiply(void **state)
{
    lab *l = *state;
    fh_expr *e = term(l, "b");
    e->weight = 2;
    assert_string_equal(scores(l, e), "1:1.60518 0:1.38629");
    e->weight = 0;
    assert_string_equal(scores(l, e), "0:0.00000 1:0.00000");
}

static void any_is_one_term(void **state)
{
    lab *l = *state;
    fh_expr *e = pair(l, FH_EXPR_ANY, term(l, "b"), term(l, "c"));
    /* df 3, ln(1 + 1.5/3.5): tf' 3, 2 and 2 */
    assert_string_equal(scores(l, e), "2:0.65390 0:0.49043 1:0.41299");
    e->weight = 2;
    e->kids[0]->weight = 9;
    assert_string_equal(scores(l, e), "2:1.30781 0:0.98086 1:0.82598");
    e = pair(l, FH_EXPR_ANY, in_title(l, "c"), term(l, "missing"));
    assert_string_equal(scores(l, e), "2:2.20728");
}

static void phrases_score_the_sum_of_their_words(void **state)
{
    lab *l = *state;
    /* c alone gives article 0 ln 2, as b does. */
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "bc")), "0:1.38629");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "cb")), "");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "ab")), "1:1.75567");
    /* A word twice counts twice: 2 * .95308 + 2 * .80259 */
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "aabb")), "1:3.51134");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "aaa")), "");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "a.b")), "1:1.75567");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "a...a")), "1:1.90615");
    /* e alone gives article 3 ln(10/3), as its length is the mean; its title is d. */
    assert_string_equal(scores(l, phrase(l, FH_FIELD_ANY, "ed")), "3:3.24147");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_TITLE, "d")), "3:1.89196");
    assert_string_equal(scores(l, phrase(l, FH_FIELD_TITLE, "ed")), "");
    fh_expr *e = phrase(l, FH_FIELD_ANY, "bc");
    e->weight = .5;
    e->kids[0]->weight = 7;
    assert_string_equal(scores(l, e), "0:0.69315");
}

static void near_takes_a_place_for_each_word(void **state)
{
    lab *l = *state;
    fh_expr *a = term(l, "a"), *b = term(l, "b"), *c = term(l, "c"), *e = term(l, "e");
    assert_string_equal(scores(l, near(l, c, b, 2)), "0:1.38629");
    assert_string_equal(scores(l, near(l, a, b, 2)), "1:1.75567");
    /* The title word is 1 + FH_FIELD_GAP before the first of the body. */
    assert_string_equal(scores(l, near(l, a, b, FH_FIELD_GAP + 1)), "1:1.75567");
    assert_string_equal(scores(l, near(l, a, b, FH_FIELD_GAP + 2)), "0:1.78238 1:1.75567");
    assert_string_equal(scores(l, near(l, e, e, 100)), "");
    assert_string_equal(scores(l, near(l, b, b, 2)), "1:1.60518");
    fh_expr *kids[] = {a, b, a, a};
    fh_expr *four = fh_expr_node(&l->arena, FH_EXPR_NEAR, kids, 4);
    four->window = 5;
    assert_string_equal(scores(l, four), "1:3.66182");
    four->window = 4;
    assert_string_equal(scores(l, four), "");
}

static void nodes_combine(void **state)
{
    lab *l = *state;
    fh_expr *a = term(l, "a"), *b = term(l, "b"), *c = term(l, "c"), *d = term(l, "d");
    assert_string_equal(scores(l, pair(l, FH_EXPR_OR, a, c)), "0:1.78238 2:1.27077 1:0.95308");
    assert_string_equal(scores(l, pair(l, FH_EXPR_AND, a, b)), "0:1.78238 1:1.75567");
    assert_string_equal(scores(l, pair(l, FH_EXPR_NOT, a, c)), "1:0.95308");
    assert_string_equal(scores(l, pair(l, FH_EXPR_MAYBE, c, a)), "0:1.78238 2:1.27077");
    assert_string_equal(scores(l, pair(l, FH_EXPR_FILTER, c, a)), "0:0.69315");
    assert_string_equal(scores(l, pair(l, FH_EXPR_OR, pair(l, FH_EXPR_AND, a, c), d)),
                        "3:2.03749 0:1.78238");
    fh_expr *all = fh_expr_leaf(&l->arena, FH_EXPR_ALL);
    fh_expr *kids[] = {all, a, d};
    assert_string_equal(scores(l, fh_expr_node(&l->arena, FH_EXPR_NOT, kids, 3)), "2:0.00000");
    kids[0] = c;
    assert_string_equal(scores(l, fh_expr_node(&l->arena, FH_EXPR_FILTER, kids, 3)), "");
    assert_string_equal(scores(l, fh_expr_leaf(&l->arena, FH_EXPR_NOTHING)), "");
    assert_string_equal(scores(l, pair(l, FH_EXPR_OR, a, a)), "0:2.17846 1:1.90615");
}

static void filters_have_no_score(void **state)
{
    lab *l = *state;
    fh_arena *a = &l->arena;
    assert_string_equal(scores(l, fh_expr_leaf(a, FH_EXPR_ALL)),
                        "0:0.00000 1:0.00000 2:0.00000 3:0.00000");
    assert_string_equal(scores(l, fh_expr_source(a, FH_STR("x"))), "0:0.00000 2:0.00000");
    assert_string_equal(scores(l, fh_expr_date(a, -7, 99)), "2:0.00000");
    assert_string_equal(scores(l, fh_expr_date(a, 100, 100)), "0:0.00000 3:0.00000");
    assert_string_equal(scores(l, fh_expr_date(a, INT64_MIN, INT64_MAX)),
                        "0:0.00000 2:0.00000 3:0.00000");
}

static void dates_sort(void **state)
{
    lab *l = *state;
    fh_expr *all = fh_expr_leaf(&l->arena, FH_EXPR_ALL);
    assert_string_equal(found(l, all, FH_SORT_DATE), "0 3 2 1");
    assert_string_equal(found(l, all, FH_SORT_DATE_ASC), "2 0 3 1");
}

static void the_dead_are_never_found(void **state)
{
    lab *l = *state;
    l->articles[1].live = false;
    /* Of the living, a is in 1 of 3, the mean is 7/3: ln(1 + 2.5/1.5) * 6.6 / (3 + 1.45714) */
    assert_string_equal(scores(l, term(l, "a")), "0:1.45238");
    l->corpus.counts_dead = true;
    assert_string_equal(scores(l, term(l, "a")), "0:1.08923");
    assert_string_equal(found(l, fh_expr_leaf(&l->arena, FH_EXPR_ALL), FH_SORT_DATE), "0 3 2");
}

static void prints_tell_twins(void **state)
{
    lab *l = *state;
    ex_verdict v[ARTICLES];
    l->articles[3] = l->articles[0];
    fh_expr *e = pair(l, FH_EXPR_OR, term(l, "b"), term(l, "c"));
    ex_judge(&l->corpus, e, v);
    assert_true(v[0].print == v[3].print);
    /* The others have other words, or other lengths. */
    assert_true(v[0].print != v[1].print && v[0].print != v[2].print);
}

static void the_best_of_some_terms_counts(void **state)
{
    lab *l = *state;
    fh_expr *a = in_title(l, "a");
    a->weight = .5f;
    fh_expr *best = pair(l, FH_EXPR_BEST, term(l, "b"), a);
    /* ln(10/3) * 3 * 2.2 / (3 + 1.2) / 2, which is more than b gives; and what b gives */
    assert_string_equal(scores(l, best), "0:0.94598 1:0.80259");
    best->weight = 2;
    assert_string_equal(scores(l, best), "0:1.89196 1:1.60518");
}

/*
 * Article 3 has d in the title, e at 102 and d at 103. The idf of both is ln(10/3).
 */
static void words_together_and_early_raise(void **state)
{
    lab *l = *state;
    fh_expr *e = fh_expr_term(&l->arena, FH_FORM_STEM, FH_FIELD_ANY, FH_STR("e"), 1);
    fh_expr *d = fh_expr_term(&l->arena, FH_FORM_STEM, FH_FIELD_ANY, FH_STR("d"), 1);
    const fh_expr *words[] = {e, d, e};
    fh_rerank r = {.words = words, .count = 2, .lead = 102, .window = 1, .lead_weight = 2};
    double *raised = ex_raise(&l->corpus, &r);
    /* ln(10/3) * 2.2 * (3 / (3 + 1.2) - 1 / (1 + 1.2)): only the e is in the lead */
    assert_true(fabs(raised[3] - .687985) < 1e-5 && raised[0] == 0);
    free(raised);
    r.lead_weight = 0;
    r.ordered = 1;
    r.close = .5f;
    raised = ex_raise(&l->corpus, &r);
    /* ln(10/3) * 2.2 * 1.5 / (1 + 1.2) */
    assert_true(fabs(raised[3] - 1.805959) < 1e-5);
    free(raised);
    r.count = 3;
    raised = ex_raise(&l->corpus, &r);
    /* ... and the d before the e: close, but the other way round */
    assert_true(fabs(raised[3] - 1.805959 - .601986) < 1e-5);
    free(raised);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_term_scores_as_the_formula_says, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(a_title_term_counts_titles_only, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(weights_multiply, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(any_is_one_term, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(phrases_score_the_sum_of_their_words, open_lab,
                                        close_lab),
        cmocka_unit_test_setup_teardown(near_takes_a_place_for_each_word, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(nodes_combine, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(filters_have_no_score, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(dates_sort, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(the_dead_are_never_found, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(prints_tell_twins, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(the_best_of_some_terms_counts, open_lab, close_lab),
        cmocka_unit_test_setup_teardown(words_together_and_early_raise, open_lab, close_lab),
    };
    return cmocka_run_group_tests_name("exhaustive", tests, NULL, NULL);
}
