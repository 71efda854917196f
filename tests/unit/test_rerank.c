/* Articles raised for words that stand close together and early, one rule after the other. */
#include <math.h>

#include "tests/unit/engine_lab.h"

/* Two articles that score alike, the first with its words apart, the second with them side by side. */
static const fh_article two[] = {
    {.id = FH_STR("apart"), .body = FH_STR("oak x x x x x x x x x x elm")},
    {.id = FH_STR("beside"), .body = FH_STR("x x x x x oak elm x x x x x")},
};

/* A search for any of some stems, raised by them. */
typedef struct question {
    const fh_expr *words[8];
    fh_search search;
} question;

static question *ask(lab *l, const char *first, const char *second)
{
    question *q = fh_arena_alloc(&l->arena, sizeof *q);
    fh_expr *kids[] = {stem(l, first), stem(l, second)};
    q->words[0] = kids[0];
    q->words[1] = kids[1];
    q->search = (fh_search){.expr = fh_expr_node(&l->arena, FH_EXPR_OR, kids, 2),
                            .rerank = {.words = q->words,
                                       .count = 2,
                                       .depth = 10,
                                       .lead_weight = 0,
                                       .ordered = 1,
                                       .close = 0,
                                       .lead = 0,
                                       .window = 3},
                            .count = 10,
                            .count_to = 100};
    return q;
}

/* Xapian keeps no places of stems. */
static bool takes_notice(const lab *l)
{
    return strcmp(l->engine, "native") == 0;
}

/* What hit I of Q was raised by. */
static double raised(lab *l, fh_index *ix, const question *q, size_t i)
{
    fh_page page = search(l, ix, q->search);
    assert_true(i < page.count);
    return page.hits[i].raised;
}

static bool same(double a, double b)
{
    double difference = a > b ? a - b : b - a;
    return difference < 1e-6;
}

static void words_side_by_side_come_first(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "oak", "elm");
    assert_string_equal(found(l, ix, q->search),
                        takes_notice(l) ? "beside apart" : "apart beside");
    fh_page page = search(l, ix, q->search);
    /* ln 1.2, the idf of both, times 1.8 / (1 + .8) */
    assert_true(!takes_notice(l) || same(page.hits[0].raised, .1823215568));
    assert_true(!takes_notice(l) ||
                same(page.hits[0].score - page.hits[0].raised, page.hits[1].score));
    assert_true(page.hits[1].raised == 0);
    q->search.rerank = (fh_rerank){0};
    assert_string_equal(found(l, ix, q->search), "apart beside");
    fh_index_close(ix);
}

static void order_and_distance_count_by_themselves(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "elm", "oak");
    assert_string_equal(found(l, ix, q->search), "apart beside");
    q->search.rerank.close = 1;
    assert_string_equal(found(l, ix, q->search),
                        takes_notice(l) ? "beside apart" : "apart beside");
    q->search.rerank.window = 0;
    assert_string_equal(found(l, ix, q->search), "apart beside");
    q->search.rerank.window = 11;
    assert_string_equal(found(l, ix, q->search), "apart beside");
    assert_true(!takes_notice(l) || same(raised(l, ix, q, 0), raised(l, ix, q, 1)));
    fh_index_close(ix);
}

static void only_the_best_are_raised(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "oak", "elm");
    q->search.rerank.depth = 0;
    assert_string_equal(found(l, ix, q->search), "apart beside");
    q->search.rerank.depth = 1;
    assert_string_equal(found(l, ix, q->search), "apart beside");
    assert_true(raised(l, ix, q, 1) == 0);
    q->search.rerank.depth = SIZE_MAX;
    q->search.first = 1;
    assert_string_equal(found(l, ix, q->search), takes_notice(l) ? "apart" : "beside");
    q->search.first = 2;
    assert_string_equal(found(l, ix, q->search), "");
    q->search.rerank.depth = 1;
    q->search.first = 1;
    assert_string_equal(found(l, ix, q->search), "beside");
    fh_index_close(ix);
}

/* A page of one hit looks as deep as a page of all. */
static void a_short_page_looks_as_deep(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "oak", "elm");
    q->search.count = 1;
    assert_string_equal(found(l, ix, q->search), takes_notice(l) ? "beside" : "apart");
    q->search.count_to = 0;
    assert_string_equal(found(l, ix, q->search), takes_notice(l) ? "beside" : "apart");
    q->search.count = 0;
    assert_string_equal(found(l, ix, q->search), "");
    fh_index_close(ix);
}

static void orders_by_date_are_left_alone(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "oak", "elm");
    q->search.sort = FH_SORT_DATE;
    assert_string_equal(found(l, ix, q->search), "apart beside");
    assert_true(raised(l, ix, q, 1) == 0);
    fh_index_close(ix);
}

static void the_lead_is_the_beginning_of_the_body(void **state)
{
    static const fh_article articles[] = {
        {.id = FH_STR("title"), .title = FH_STR("oak"), .body = FH_STR("x x x")},
        {.id = FH_STR("late"), .body = FH_STR("x x x oak")},
        {.id = FH_STR("early"), .body = FH_STR("oak x x x")},
    };
    lab *l = *state;
    fh_index *ix = build(l, articles, 3);
    question *q = ask(l, "oak", "elm");
    q->search.rerank.lead_weight = 1;
    q->search.rerank.lead = FH_FIELD_GAP + 1;
    assert_string_equal(found(l, ix, q->search),
                        takes_notice(l) ? "title early late" : "title late early");
    assert_true(raised(l, ix, q, 0) == 0);
    assert_true(!takes_notice(l) || raised(l, ix, q, 1) > 0);
    assert_true(raised(l, ix, q, 2) == 0);
    q->search.rerank.lead = FH_FIELD_GAP + 4;
    assert_string_equal(found(l, ix, q->search), "title late early");
    fh_index_close(ix);
}

/* ln(1 + .5 / 1.5) is the idf of a word in the one article there is; of three words it has. */
static void a_pair_in_the_title_counts_as_a_title(void **state)
{
    static const fh_article articles[] = {
        {.id = FH_STR("a"), .title = FH_STR("oak elm"), .body = FH_STR("x")}};
    lab *l = *state;
    fh_index *ix = build(l, articles, 1);
    question *q = ask(l, "oak", "elm");
    double worth = .2876820724 * (FH_BM25_K1 + 1);
    assert_true(
        !takes_notice(l) ||
        same(raised(l, ix, q, 0), worth * FH_TITLE_WEIGHT / (FH_TITLE_WEIGHT + FH_BM25_K1)));
    fh_index_close(ix);
}

/* The same leaf twice is one word, which makes no pair with itself, and two pairs with another. */
static void a_word_that_is_there_twice_follows_twice(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "oak", "elm");
    q->search.rerank.lead_weight = 1;
    q->search.rerank.lead = FH_FIELD_GAP + 20;
    double once = raised(l, ix, q, 0);
    q->words[2] = q->words[1];
    q->search.rerank.count = 3;
    assert_true(same(raised(l, ix, q, 0), once));
    q->words[2] = q->words[0];
    q->words[3] = q->words[1];
    q->search.rerank.count = 4;
    assert_true(!takes_notice(l) || same(raised(l, ix, q, 0), once + .1823215568));
    q->words[0] = stem(l, "oak"); /* a leaf that the expression does not have */
    assert_true(!takes_notice(l) || raised(l, ix, q, 0) > once + .1823215568);
    fh_index_close(ix);
}

static void articles_of_all_segments_are_raised(void **state)
{
    lab *l = *state;
    fh_writer *w = begin(l);
    fh_index *ix;
    publish(w, two, 2, false);
    for (char name[] = "0"; name[0] < '4'; name[0]++) {
        fh_article a = {.id = {name, 1}, .body = name[0] % 2 ? two[1].body : two[0].body};
        publish(w, &a, 1, false);
    }
    must(fh_index_open(l->path, &ix, err));
    question *q = ask(l, "oak", "elm");
    assert_string_equal(found(l, ix, q->search),
                        takes_notice(l) ? "beside 1 3 apart 0 2" : "apart beside 0 1 2 3");
    bool removed;
    must(fh_writer_remove(w, FH_STR("1"), &removed, err));
    publish(w, &(fh_article){.id = FH_STR("beside"), .body = two[0].body}, 1, true);
    bool changed;
    must(fh_index_refresh(ix, &changed, err));
    q->search.count = 2;
    if (takes_notice(l))
        assert_string_equal(found(l, ix, q->search), "3 apart");
    fh_index_close(ix);
    fh_writer_close(w);
}

static void what_cannot_raise_is_refused(void **state)
{
    lab *l = *state;
    fh_page page;
    fh_index *ix = build(l, two, 2);
    question *q = ask(l, "oak", "elm");
    q->words[1] = in_title(l, "elm");
    must_fail(FH_EUSAGE, "raise", fh_index_search(ix, &q->search, &l->arena, &page, err));
    q->words[1] = node(l, FH_EXPR_OR, word(l, "elm"), word(l, "oak"), NULL);
    must_fail(FH_EUSAGE, "raise", fh_index_search(ix, &q->search, &l->arena, &page, err));
    q->search.rerank.count = 1;
    must(fh_index_search(ix, &q->search, &l->arena, &page, err));
    float *weights[] = {&q->search.rerank.lead_weight, &q->search.rerank.ordered,
                        &q->search.rerank.close};
    for (size_t i = 0; i < 3; i++) {
        *weights[i] = -1;
        must_fail(FH_EUSAGE, "raise", fh_index_search(ix, &q->search, &l->arena, &page, err));
        *weights[i] = INFINITY;
        must_fail(FH_EUSAGE, "raise", fh_index_search(ix, &q->search, &l->arena, &page, err));
        *weights[i] = 1;
    }
    fh_index_close(ix);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(words_side_by_side_come_first),
        lab_test(order_and_distance_count_by_themselves),
        lab_test(only_the_best_are_raised),
        lab_test(a_short_page_looks_as_deep),
        lab_test(orders_by_date_are_left_alone),
        lab_test(the_lead_is_the_beginning_of_the_body),
        lab_test(a_pair_in_the_title_counts_as_a_title),
        lab_test(a_word_that_is_there_twice_follows_twice),
        lab_test(articles_of_all_segments_are_raised),
        lab_test(what_cannot_raise_is_refused),
    };
    return run_lab("rerank", tests, sizeof tests / sizeof *tests, argc, argv);
}
