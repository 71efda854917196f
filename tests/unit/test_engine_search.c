/* What searches find, in which order, and with which totals. */
#include "tests/unit/engine_lab.h"

#include <math.h>
#include <pthread.h>

static const fh_article zoo[] = {
    {.id = {"1", 1},
     .title = {"red fox", 7},
     .body = {"the quick red fox jumps over the lazy dog", 41},
     .source = {"north", 5},
     .date = {1000, FH_DATE_SECOND}},
    {.id = {"2", 1},
     .title = {"dogs", 4},
     .body = {"a dog is a dog is a dog", 23},
     .source = {"south", 5},
     .date = {-3000, FH_DATE_SECOND}},
    {.id = {"3", 1},
     .title = {"birds", 5},
     .body = {"the quick bird and the fox", 26},
     .source = {"north", 5}},
    {.id = {"4", 1},
     .title = {"quick", 5},
     .body = {"red bird quick fox fox quick", 28},
     .source = {"south", 5},
     .date = {1000, FH_DATE_SECOND}},
    {.id = {"5", 1}, .title = {"nothing", 7}, .body = {"", 0}, .date = {5000, FH_DATE_YEAR}},
};

#define ZOO (sizeof zoo / sizeof *zoo)

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

/* ---- Each kind of expression ---- */

static void terms_match_forms_and_fields(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    assert_string_equal(matching(l, ix, word(l, "fox")), "1 3 4");
    assert_string_equal(matching(l, ix, word(l, "dogs")), "2");
    assert_string_equal(matching(l, ix, stem(l, "quic")), "1 3 4");
    assert_string_equal(matching(l, ix, word(l, "quic")), "");
    assert_string_equal(matching(l, ix, in_title(l, "quick")), "4");
    assert_string_equal(matching(l, ix, in_title(l, "lazy")), "");
    assert_string_equal(
        matching(l, ix,
                 fh_expr_term(&l->arena, FH_FORM_STEM, FH_FIELD_TITLE, FH_STR("bird"), 1)),
        "3");
    assert_string_equal(matching(l, ix, word(l, "")), "");
    fh_index_close(ix);
}

static void nodes_combine_their_kids(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    fh_expr *red = word(l, "red");
    fh_expr *fox = word(l, "fox");
    fh_expr *dog = word(l, "dog");
    fh_expr *bird = word(l, "bird");
    fh_expr *none = fh_expr_leaf(&l->arena, FH_EXPR_NOTHING);
    fh_expr *all = fh_expr_leaf(&l->arena, FH_EXPR_ALL);
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_OR, red, dog, NULL)), "1 2 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_AND, red, fox, bird, NULL)), "4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_NOT, fox, bird, NULL)), "1");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_NOT, all, bird, dog, NULL)), "5");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_MAYBE, bird, red, dog, NULL)), "3 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_FILTER, fox, bird, red, NULL)), "4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_ANY, dog, bird, NULL)), "1 2 3 4");
    assert_string_equal(matching(l, ix, all), "1 2 3 4 5");
    assert_string_equal(matching(l, ix, none), "");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_AND, fox, none, NULL)), "");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_OR, none, bird, NULL)), "3 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_NOT, fox, none, NULL)), "1 3 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_NOT, none, fox, NULL)), "");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_MAYBE, fox, none, NULL)), "1 3 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_FILTER, fox, none, NULL)), "");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_ANY, bird, NULL)), "3 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_BEST, dog, bird, NULL)), "1 2 3 4");
    assert_string_equal(matching(l, ix, node(l, FH_EXPR_BEST, bird, NULL)), "3 4");
    assert_string_equal(
        matching(l, ix,
                 node(l, FH_EXPR_AND, node(l, FH_EXPR_BEST, dog, bird, NULL), fox, NULL)),
        "1 3 4");
    assert_string_equal(matching(l, ix,
                                 node(l, FH_EXPR_NOT, node(l, FH_EXPR_OR, fox, dog, NULL),
                                      node(l, FH_EXPR_AND, red, bird, NULL), NULL)),
                        "1 2 3");
    fh_index_close(ix);
}

static void phrases_stand_at_exact_positions(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    const fh_field any = FH_FIELD_ANY;
    assert_string_equal(matching(l, ix, phrase(l, any, "quick red")), "1");
    assert_string_equal(matching(l, ix, phrase(l, any, "red fox")), "1");
    assert_string_equal(matching(l, ix, phrase(l, any, "red quick")), "");
    assert_string_equal(matching(l, ix, phrase(l, any, "quick fox")), "4");
    assert_string_equal(matching(l, ix, phrase(l, any, "fox fox quick")), "4");
    assert_string_equal(matching(l, ix, phrase(l, any, "a dog is a dog is a dog")), "2");
    assert_string_equal(matching(l, ix, phrase(l, any, "dog is a dog a")), "");
    assert_string_equal(matching(l, ix, phrase(l, any, "dog")), "1 2");
    assert_string_equal(matching(l, ix, phrase(l, any, "fox the")), "");
    assert_string_equal(matching(l, ix, phrase(l, any, "quick red bird")), "");
    fh_index_close(ix);
}

static void phrases_may_have_gaps(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    const fh_field any = FH_FIELD_ANY;
    assert_string_equal(matching(l, ix, phrase(l, any, "quick * fox")), "1 4");
    assert_string_equal(matching(l, ix, phrase(l, any, "the * * fox")), "1");
    assert_string_equal(matching(l, ix, phrase(l, any, "red * quick * fox")), "4");
    assert_string_equal(matching(l, ix, phrase(l, any, "dog * * dog")), "2");
    assert_string_equal(matching(l, ix, phrase(l, any, "dog * dog")), "");
    assert_string_equal(matching(l, ix, phrase(l, any, "red * missing")), "");
    char text[FH_TERM_MAX + 20];
    snprintf(text, sizeof text, "red * %0*d", FH_TERM_MAX + 1, 0);
    assert_string_equal(matching(l, ix, phrase(l, any, text)), "");
    fh_expr *both = node(l, FH_EXPR_AND, phrase(l, any, "quick * fox"), word(l, "lazy"), NULL);
    assert_string_equal(matching(l, ix, both), "1");
    /* It ranks as the same words side by side would. */
    fh_expr *gap = phrase(l, any, "quick * fox");
    fh_expr *words =
        node(l, FH_EXPR_AND, word(l, "quick"), word(l, "fox"), word(l, "jumps"), NULL);
    fh_expr *jumps = word(l, "jumps");
    double score[2];
    const fh_expr *leaves[] = {gap, jumps};
    fh_page page = search(l, ix, (fh_search){.expr = words, .count = 1});
    must(fh_index_explain(ix, leaves, 2, page.hits[0].document, score, err));
    assert_near(score[0] + score[1], page.hits[0].score);
    fh_index_close(ix);
}

static void titles_have_phrases_of_their_own(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_TITLE, "red fox")), "1");
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_TITLE, "quick fox")), "");
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_ANY, "birds the")), "");
    fh_index_close(ix);
}

static void dates_and_sources_filter(void **state)
{
    lab *l = *state;
    fh_arena *a = &l->arena;
    fh_index *ix = build(l, zoo, ZOO);
    assert_string_equal(matching(l, ix, fh_expr_date(a, 1000, 1000)), "1 4");
    assert_string_equal(matching(l, ix, fh_expr_date(a, 1001, INT64_MAX)), "5");
    assert_string_equal(matching(l, ix, fh_expr_date(a, INT64_MIN, 999)), "2");
    assert_string_equal(matching(l, ix, fh_expr_date(a, INT64_MIN, INT64_MAX)), "1 2 4 5");
    assert_string_equal(matching(l, ix, fh_expr_date(a, -3000, 1000)), "1 2 4");
    assert_string_equal(matching(l, ix, fh_expr_date(a, 2, 1)), "");
    assert_string_equal(matching(l, ix, fh_expr_source(a, FH_STR("north"))), "1 3");
    fh_expr *filtered =
        node(l, FH_EXPR_FILTER, word(l, "fox"), fh_expr_source(a, FH_STR("south")),
             fh_expr_date(a, 0, 2000), NULL);
    assert_string_equal(matching(l, ix, filtered), "4");
    fh_index_stats stats;
    must(fh_index_get_stats(ix, &stats, err));
    assert_int_equal(stats.first_date, -3000);
    assert_int_equal(stats.last_date, 5000);
    fh_index_close(ix);
}

/* ---- Scores ---- */

/* What E scores in the article of that ID, which it must find. */
static double score_of(lab *l, fh_index *ix, const fh_expr *e, const char *id)
{
    fh_page page = search(l, ix, (fh_search){.expr = e, .count = ZOO});
    for (size_t i = 0; i < page.count; i++)
        if (fh_str_equal(page.hits[i].article.id, fh_str_of(id)))
            return page.hits[i].score;
    fail_msg("article %s is not found", id);
    return 0;
}

static void weights_multiply_scores(void **state)
{
    lab *l = *state;
    fh_arena *a = &l->arena;
    fh_index *ix = build(l, zoo, ZOO);
    fh_expr *kids[] = {word(l, "dog"), word(l, "lazy")};
    fh_expr *any = fh_expr_node(a, FH_EXPR_ANY, kids, 2);
    fh_expr *said = phrase(l, FH_FIELD_ANY, "lazy dog");
    double one = score_of(l, ix, kids[0], "1");
    double any_one = score_of(l, ix, any, "1");
    double said_one = score_of(l, ix, said, "1");
    assert_true(one > 0 && any_one > 0 && said_one > 0);
    kids[0]->weight = any->weight = said->weight = 2.5f;
    assert_near(score_of(l, ix, kids[0], "1"), 2.5 * one);
    assert_near(score_of(l, ix, any, "1"), 2.5 * any_one);
    assert_near(score_of(l, ix, said, "1"), 2.5 * said_one);
    kids[0]->weight = 0;
    assert_true(score_of(l, ix, kids[0], "1") == 0);
    kids[0]->weight = -1;
    fh_page page;
    must_fail(FH_EUSAGE, "weight",
              fh_index_search(ix, &(fh_search){.expr = kids[0], .count = 1}, a, &page, err));
    kids[0]->weight = NAN;
    must_fail(FH_EUSAGE, "weight",
              fh_index_search(ix, &(fh_search){.expr = kids[0], .count = 1}, a, &page, err));
    fh_index_close(ix);
}

static void what_filters_does_not_score(void **state)
{
    lab *l = *state;
    fh_arena *a = &l->arena;
    fh_index *ix = build(l, zoo, ZOO);
    double fox = score_of(l, ix, word(l, "fox"), "4");
    fh_expr *all = fh_expr_leaf(a, FH_EXPR_ALL);
    fh_expr *south = fh_expr_source(a, FH_STR("south"));
    fh_expr *dates = fh_expr_date(a, 0, 2000);
    assert_true(score_of(l, ix, all, "4") == 0);
    assert_true(score_of(l, ix, south, "4") == 0);
    assert_true(score_of(l, ix, dates, "4") == 0);
    fh_expr *both = node(l, FH_EXPR_AND, word(l, "fox"), all, south, dates, NULL);
    assert_near(score_of(l, ix, both, "4"), fox);
    both = node(l, FH_EXPR_FILTER, word(l, "fox"), word(l, "quick"), NULL);
    assert_near(score_of(l, ix, both, "4"), fox);
    both = node(l, FH_EXPR_MAYBE, word(l, "fox"), word(l, "bird"), NULL);
    assert_true(score_of(l, ix, both, "4") > fox);
    fh_index_close(ix);
}

static void a_title_word_counts_more(void **state)
{
    lab *l = *state;
    fh_article articles[] = {
        {.id = {"body", 4}, .title = {"one two", 7}, .body = {"cat four", 8}},
        {.id = {"title", 5}, .title = {"cat two", 7}, .body = {"one four", 8}}};
    fh_index *ix = build(l, articles, 2);
    assert_string_equal(found(l, ix, (fh_search){.expr = word(l, "cat"), .count = 2}),
                        "title body");
    fh_index_close(ix);
}

static void evidence_adds_up_to_the_score(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    fh_expr *s = stem(l, "quic");
    fh_expr *n = fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_ANY, FH_STR("quick"), .25f);
    fh_expr *any = node(l, FH_EXPR_ANY, word(l, "lazy"), word(l, "bird"), NULL);
    fh_expr *said = phrase(l, FH_FIELD_ANY, "red fox");
    fh_expr *query = node(l, FH_EXPR_OR, s, n, any, said, word(l, "nowhere"), NULL);
    const fh_expr *leaves[] = {s, n, any, said, word(l, "nowhere"), in_title(l, "quick")};
    fh_page page = search(l, ix, (fh_search){.expr = query, .count = ZOO});
    assert_int_equal(page.count, 3);
    for (size_t i = 0; i < page.count; i++) {
        double scores[6];
        const fh_hit *hit = &page.hits[i];
        must(fh_index_explain(ix, leaves, 6, hit->document, scores, err));
        assert_near(scores[0] + scores[1] + scores[2] + scores[3], hit->score);
        assert_true(scores[4] == 0);
        assert_true((scores[5] > 0) == (hit->article.id.ptr[0] == '4'));
        assert_true((scores[3] > 0) == (hit->article.id.ptr[0] == '1'));
    }
    double none;
    must_fail(FH_ENOTFOUND, "", fh_index_explain(ix, leaves, 1, 99, &none, err));
    fh_index_close(ix);
}

/* ---- Order, pages, totals ---- */

static void a_year_before_1970_ends_where_the_next_begins(void **state)
{
    lab *l = *state;
    enum { NEW_YEAR = -2019686400 }; /* of 1906 */
    const fh_article articles[] = {
        {.id = FH_STR("1905"), .body = FH_STR("x"), .date = {NEW_YEAR - 1, FH_DATE_SECOND}},
        {.id = FH_STR("1906"), .body = FH_STR("x"), .date = {NEW_YEAR, FH_DATE_YEAR}}};
    fh_index *ix = build(l, articles, 2);
    fh_arena *a = &l->arena;
    assert_string_equal(matching(l, ix, fh_expr_date(a, INT64_MIN, NEW_YEAR - 1)), "1905");
    assert_string_equal(matching(l, ix, fh_expr_date(a, NEW_YEAR, INT64_MAX)), "1906");
    fh_index_close(ix);
}

static void dates_sort_and_undated_come_last(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, zoo, ZOO);
    fh_search s = {
        .expr = fh_expr_leaf(&l->arena, FH_EXPR_ALL), .count = 10, .sort = FH_SORT_DATE};
    assert_string_equal(found(l, ix, s), "5 1 4 2 3");
    s.sort = FH_SORT_DATE_ASC;
    assert_string_equal(found(l, ix, s), "2 1 4 5 3");
    s.first = 1;
    s.count = 2;
    assert_string_equal(found(l, ix, s), "1 4");
    s.expr = word(l, "fox");
    assert_true(search(l, ix, s).hits[0].score == 0);
    fh_index_close(ix);
}

/* Articles of random words, some of them common, some with the same text. */
enum { MANY = 1500, VOCABULARY = 300, WORDS = 30 };

static void invent(fh_arena *a, fh_article *articles)
{
    uint32_t seed = 1;
    for (size_t i = 0; i < MANY; i++) {
        fh_buffer body = {0};
        char *id;
        for (size_t k = 0; k < WORDS; k++) {
            seed = seed * 1664525u + 1013904223u;
            uint32_t r = seed >> 8;
            fh_buffer_printf(&body, "w%u ", r % (r & 0x100000 ? 20u : (unsigned)VOCABULARY));
        }
        assert_true(asprintf(&id, "%zu", i) > 0);
        articles[i] = (fh_article){.id = fh_arena_copy(a, fh_str_of(id)),
                                   .title = FH_STR("same title"),
                                   .body = i % 7 == 0 ? FH_STR("w1 w2 w3")
                                                      : fh_arena_copy(a, fh_buffer_str(&body)),
                                   .date = {(int64_t)(seed % 50), FH_DATE_SECOND}};
        free(id);
        fh_buffer_free(&body);
    }
}

static void pages_join_without_a_seam(void **state)
{
    lab *l = *state;
    fh_article *articles = calloc(MANY, sizeof *articles);
    invent(&l->arena, articles);
    fh_index *ix = build(l, articles, MANY);
    fh_expr *e = node(l, FH_EXPR_OR, word(l, "w1"), word(l, "w2"), word(l, "w77"), NULL);
    for (int sort = FH_SORT_RELEVANCE; sort <= FH_SORT_DATE_ASC; sort++) {
        fh_search s = {.expr = e, .count = MANY, .sort = (fh_sort)sort, .count_to = MANY};
        fh_page whole = search(l, ix, s);
        assert_true(whole.total_exact);
        assert_int_equal(whole.total, whole.count);
        for (size_t i = 1; i < whole.count; i++) {
            const fh_hit *x = &whole.hits[i - 1];
            const fh_hit *y = &whole.hits[i];
            double up = sort == FH_SORT_RELEVANCE ? x->score - y->score
                        : sort == FH_SORT_DATE
                            ? (double)(x->article.date.seconds - y->article.date.seconds)
                            : (double)(y->article.date.seconds - x->article.date.seconds);
            assert_true(up > 0 || (up == 0 && x->document < y->document));
        }
        for (s.first = 0; s.first < whole.count; s.first += 97) {
            s.count = 97;
            s.count_to = 0;
            fh_page part = search(l, ix, s);
            size_t want = whole.count - s.first < 97 ? whole.count - s.first : 97;
            assert_int_equal(part.count, want);
            assert_true(part.total >= s.first + part.count && part.total <= whole.total);
            for (size_t i = 0; i < part.count; i++)
                assert_int_equal(part.hits[i].document, whole.hits[s.first + i].document);
        }
        s.first = whole.count;
        assert_int_equal(search(l, ix, s).count, 0);
        s.first = SIZE_MAX;
        s.count = SIZE_MAX;
        assert_int_equal(search(l, ix, s).count, 0);
    }
    fh_index_close(ix);
    free(articles);
}

static void totals_are_exact_as_far_as_asked(void **state)
{
    lab *l = *state;
    fh_article *articles = calloc(MANY, sizeof *articles);
    invent(&l->arena, articles);
    fh_index *ix = build(l, articles, MANY);
    fh_expr *e = node(l, FH_EXPR_OR, word(l, "w1"), word(l, "w2"), word(l, "w77"), NULL);
    uint64_t all = search(l, ix, (fh_search){.expr = e, .count = MANY, .count_to = MANY}).total;
    for (uint64_t to = 0; to <= all + 1; to += all / 3) {
        fh_page page = search(l, ix, (fh_search){.expr = e, .count = 10, .count_to = to});
        assert_int_equal(page.count, 10);
        assert_true(page.total >= (to < all ? to : all) && page.total <= all);
        assert_true(!page.total_exact || page.total == all);
        assert_true(page.total_exact || to < all);
    }
    fh_page page = search(l, ix, (fh_search){.expr = e, .count = 0, .count_to = UINT64_MAX});
    assert_int_equal(page.count, 0);
    assert_int_equal(page.total, all);
    assert_true(page.total_exact);
    fh_index_close(ix);
    free(articles);
}

/* ---- Several at once ---- */

typedef struct job {
    fh_batch *batch;
    const fh_article *articles;
    size_t count;
} job;

static void *fill(void *job_)
{
    job *j = job_;
    for (size_t i = 0; i < j->count; i++)
        if (try_put(j->batch, &j->articles[i], false, NULL) != FH_OK)
            return j;
    return NULL;
}

/*
 * Build the index in THREADS batches, all filled at the same time and added in reverse order.
 */
static fh_index *build_in_parallel(lab *l, const fh_article *articles, size_t threads,
                                   uint64_t memory)
{
    job jobs[8];
    pthread_t ids[8];
    fh_index *ix;
    fh_writer *w;
    fh_writer_options options = {
        .engine = l->engine, .analysis = LAB_ANALYSIS, .rebuild = true, .memory = memory};
    must(fh_writer_open(l->path, &options, &w, err));
    for (size_t i = 0; i < threads; i++) {
        size_t start = MANY * i / threads;
        jobs[i] = (job){NULL, articles + start, MANY * (i + 1) / threads - start};
        must(fh_batch_new(w, jobs[i].count, 1 << 20, &jobs[i].batch, err));
    }
    for (size_t i = 0; i < threads; i++)
        assert_int_equal(pthread_create(&ids[i], NULL, fill, &jobs[i]), 0);
    for (size_t i = threads; i-- > 0;) {
        void *failed;
        assert_int_equal(pthread_join(ids[i], &failed), 0);
        assert_null(failed);
        must(fh_writer_add(w, jobs[i].batch, err));
    }
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    must(fh_index_open(l->path, &ix, err));
    return ix;
}

static void assert_same_page(const fh_page *a, const fh_page *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->total, b->total);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->hits[i].document, b->hits[i].document);
        assert_true(a->hits[i].score == b->hits[i].score);
        assert_true(fh_str_equal(a->hits[i].article.id, b->hits[i].article.id));
    }
}

/*
 * One thread, several, and several with so little memory that they write in many small pieces.
 */
static void the_number_of_workers_does_not_matter(void **state)
{
    lab *l = *state;
    static const struct {
        size_t threads;
        uint64_t memory;
    } ways[] = {{1, 0}, {4, 0}, {3, 150000}};
    fh_article *articles = calloc(MANY, sizeof *articles);
    fh_page pages[3][2];
    invent(&l->arena, articles);
    for (size_t i = 0; i < 3; i++) {
        fh_index *ix = build_in_parallel(l, articles, ways[i].threads, ways[i].memory);
        fh_expr *e = node(l, FH_EXPR_OR, word(l, "w1"), word(l, "w5"), word(l, "w99"), NULL);
        pages[i][0] = search(l, ix, (fh_search){.expr = e, .count = MANY, .count_to = MANY});
        e = phrase(l, FH_FIELD_ANY, "w1 w2");
        pages[i][1] = search(l, ix, (fh_search){.expr = e, .count = 50, .count_to = MANY});
        assert_true(pages[i][0].count > 100 && pages[i][1].count > 20);
        fh_index_close(ix);
    }
    for (size_t i = 1; i < 3; i++) {
        assert_same_page(&pages[0][0], &pages[i][0]);
        assert_same_page(&pages[0][1], &pages[i][1]);
    }
    free(articles);
}

/* ---- Limits ---- */

static void queries_have_limits(void **state)
{
    lab *l = *state;
    fh_arena *a = &l->arena;
    fh_index *ix = build(l, zoo, ZOO);
    fh_expr *deep = word(l, "fox");
    for (int depth = 1; depth < FH_EXPR_DEPTH_MAX; depth++)
        deep = node(l, depth % 2 ? FH_EXPR_AND : FH_EXPR_OR, word(l, "fox"), deep, NULL);
    assert_string_equal(matching(l, ix, deep), "1 3 4");
    fh_page page;
    deep = node(l, FH_EXPR_OR, deep, deep, NULL);
    must_fail(FH_ELIMIT, "too large",
              fh_index_search(ix, &(fh_search){.expr = deep, .count = 1}, a, &page, err));
    assert_null(page.hits);
    static fh_expr *kids[FH_EXPR_NODES_MAX];
    for (size_t i = 0; i < FH_EXPR_NODES_MAX; i++) {
        char text[16];
        snprintf(text, sizeof text, "%s%zu", i == 7 ? "bird" : "w", i == 7 ? (size_t)0 : i);
        kids[i] = word(l, i == 7 ? "bird" : text);
    }
    fh_expr *wide = fh_expr_node(a, FH_EXPR_OR, kids, FH_EXPR_NODES_MAX - 1);
    assert_string_equal(matching(l, ix, wide), "3 4");
    wide = fh_expr_node(a, FH_EXPR_OR, kids, FH_EXPR_NODES_MAX);
    must_fail(FH_ELIMIT, "too large",
              fh_index_search(ix, &(fh_search){.expr = wide, .count = 1}, a, &page, err));
    fh_expr *odd = node(l, FH_EXPR_PHRASE, stem(l, "fox"), word(l, "fox"), NULL);
    must_fail(FH_EUSAGE, "phrase",
              fh_index_search(ix, &(fh_search){.expr = odd, .count = 1}, a, &page, err));
    odd = node(l, FH_EXPR_ANY, fh_expr_leaf(a, FH_EXPR_ALL), word(l, "fox"), NULL);
    must_fail(FH_EUSAGE, "only terms",
              fh_index_search(ix, &(fh_search){.expr = odd, .count = 1}, a, &page, err));
    fh_index_close(ix);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(terms_match_forms_and_fields),
        lab_test(nodes_combine_their_kids),
        lab_test(phrases_stand_at_exact_positions),
        lab_test(phrases_may_have_gaps),
        lab_test(titles_have_phrases_of_their_own),
        lab_test(dates_and_sources_filter),
        lab_test(weights_multiply_scores),
        lab_test(what_filters_does_not_score),
        lab_test(a_title_word_counts_more),
        lab_test(evidence_adds_up_to_the_score),
        lab_test(a_year_before_1970_ends_where_the_next_begins),
        lab_test(dates_sort_and_undated_come_last),
        lab_test(pages_join_without_a_seam),
        lab_test(totals_are_exact_as_far_as_asked),
        lab_test(the_number_of_workers_does_not_matter),
        lab_test(queries_have_limits),
    };
    return run_lab("engine search", tests, sizeof tests / sizeof *tests, argc, argv);
}
