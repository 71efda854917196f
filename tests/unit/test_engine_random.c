/*
 * Engines against the exhaustive scorer: thousands of expressions by chance over corpora by chance.
 *
 * A failure shows the seed of its corpus, the number of its query and the expression.
 * FIHRIS_SEED in the environment chooses other corpora and queries than those of every day.
 */
#include "tests/unit/engine_lab.h"

#include "tests/unit/comparison.h"
#include "tests/unit/exhaustive_raise.h"

#define NEWS   "../shared/corpora/news.jsonl.gz"
#define SAMPLE "corpus/sample"

static uint64_t choose_seed(uint64_t number)
{
    const char *said = getenv("FIHRIS_SEED");
    return (said ? strtoull(said, NULL, 10) : 1) * 1000 + number;
}

/* ---- Explaining ---- */

enum { LEAVES_MAX = 8, EXPLAINED = 3 };

/* The leaves of E that can score, appended to LEAVES while there is room. */
static void gather_leaves(const fh_expr *e, const fh_expr **leaves, size_t *count)
{
    bool scores = e->kind == FH_EXPR_TERM || e->kind == FH_EXPR_ANY ||
                  e->kind == FH_EXPR_BEST || e->kind == FH_EXPR_PHRASE ||
                  e->kind == FH_EXPR_NEAR;
    if (scores && *count < LEAVES_MAX)
        leaves[(*count)++] = e;
    for (size_t i = 0; i < e->count && !scores; i++)
        gather_leaves(e->kids[i], leaves, count);
}

/* What each leaf gives some of the hits is what the scorer says, or at least as positive. */
static void compare_evidence(const comparison *c, const fh_page *page, dice *chance)
{
    const fh_expr *leaves[LEAVES_MAX];
    double scores[LEAVES_MAX];
    size_t count = 0;
    bool by_formula = ranks_by_formula(c->lab) && !c->corpus->has_dead;
    ex_verdict *says = calloc(c->corpus->ex.count + 1, sizeof *says);
    gather_leaves(c->expr, leaves, &count);
    for (size_t k = 0; k < count; k++) {
        ex_judge(&c->corpus->ex, leaves[k], says);
        for (int i = 0; i < EXPLAINED && page->count > 0; i++) {
            const fh_hit *hit = &page->hits[below(chance, page->count)];
            size_t version = version_of(c, hit);
            must(fh_index_explain(c->index, leaves, count, hit->document, scores, err));
            expect(c,
                   by_formula ? is_near(scores[k], says[version].score)
                              : (scores[k] > 0) == (says[version].score > 0),
                   "leaf %zu gives a%zu %.9g instead of %.9g", k, c->corpus->slot_of[version],
                   scores[k], says[version].score);
        }
    }
    free(says);
}

/* ---- Raising ---- */

enum { RAISED_MAX = 6 };

/* The leaves of E that can raise, appended to LEAVES while there is room. */
static void gather_stems(const fh_expr *e, const fh_expr **leaves, size_t *count)
{
    if (e->kind == FH_EXPR_TERM && e->form == FH_FORM_STEM && e->field == FH_FIELD_ANY &&
        *count < LEAVES_MAX)
        leaves[(*count)++] = e;
    for (size_t i = 0; i < e->count; i++)
        gather_stems(e->kids[i], leaves, count);
}

/* Any of the leaves that EXPR has, the same one now and then; and others. */
static fh_rerank any_rerank(const comparison *c, const fh_expr **words, fh_arena *arena,
                            dice *chance)
{
    static const uint32_t leads[] = {0, 3, 103, 108, 160, UINT32_MAX};
    static const uint32_t windows[] = {0, 1, 2, 8, 99, 105, UINT32_MAX};
    static const float weights[] = {0, .2f, .5f, 3};
    const fh_expr *leaves[LEAVES_MAX];
    size_t count = 0, depths[] = {0, 1, 2, 10, 50, c->corpus->ex.count, SIZE_MAX / 2};
    growing g = {arena, c->corpus, chance};
    fh_rerank r = {.words = words, .count = below(chance, RAISED_MAX)};
    gather_stems(c->expr, leaves, &count);
    for (size_t i = 0; i < r.count; i++)
        words[i] = count > 0 && often(chance, 80)
                       ? leaves[below(chance, count)]
                       : grow_term_of(&g, FH_FORM_STEM, FH_FIELD_ANY, any_weight(&g));
    r.depth = depths[below(chance, 7)];
    r.lead = leads[below(chance, 6)];
    r.window = windows[below(chance, 7)];
    r.lead_weight = weights[below(chance, 4)];
    r.ordered = weights[below(chance, 4)];
    r.close = weights[below(chance, 4)];
    return r;
}

/*
 * ALL, raised by R, against BEFORE, which is not: the best have their due and stand in order, and what
 * stands behind them is as it was.
 */
static void compare_raised(const comparison *c, const fh_rerank *r, const fh_page *before,
                           const fh_page *all)
{
    double *raised = ex_raise(&c->corpus->ex, r);
    double *score = calloc(c->corpus->ex.count + 1, sizeof *score);
    size_t depth = r->count > 0 ? r->depth : 0;
    expect(c, all->count == before->count && all->total == before->total,
           "raising changed what is found");
    for (size_t i = 0; i < before->count; i++)
        score[version_of(c, &before->hits[i])] = before->hits[i].score;
    for (size_t i = 0; i < all->count; i++) {
        const fh_hit *hit = &all->hits[i];
        size_t version = version_of(c, hit);
        double due = i < depth ? raised[version] : 0, sum = score[version] + due;
        size_t last = depth < all->count ? depth : all->count;
        expect(c, is_near(hit->score, sum) && is_near(hit->score - hit->raised + due, sum),
               "a%zu scores %.9g, raised by %.9g, instead of %.9g, by %.9g",
               c->corpus->slot_of[version], hit->score, hit->raised, sum, due);
        expect(c,
               i >= depth || score[version] >= before->hits[last - 1].score ||
                   is_near(score[version], before->hits[last - 1].score),
               "a%zu is not among the best", c->corpus->slot_of[version]);
        expect(c,
               i == 0 || i == depth || hit[-1].score > hit->score ||
                   (hit[-1].score == hit->score && hit[-1].document < hit->document),
               "hits %zu and %zu are in the wrong order", i - 1, i);
    }
    free(score);
    free(raised);
}

/* Every page is a piece of ALL. */
static void compare_pages(comparison *c, const fh_page *all, fh_search search)
{
    fh_arena arena = {0};
    fh_page page;
    c->search = search;
    must(fh_index_search(c->index, &search, &arena, &page, err));
    size_t left = all->count > search.first ? all->count - search.first : 0;
    expect(c, page.count == (left < search.count ? left : search.count), "%zu hits",
           page.count);
    for (size_t i = 0; i < page.count; i++) {
        const fh_hit *hit = &page.hits[i], *same = &all->hits[search.first + i];
        expect(c, hit->document == same->document, "hit %zu is another one on this page", i);
        expect(c, is_near(hit->score, same->score), "hit %zu scores otherwise", i);
    }
    fh_arena_free(&arena);
}

/* The expression at hand with the best raised. Where dead articles are counted, only what holds anyway. */
static void compare_rerank(comparison *c, dice *chance)
{
    const fh_expr *words[RAISED_MAX];
    fh_arena arena = {0};
    fh_page before, all;
    if (!ranks_by_formula(c->lab) || c->corpus->has_dead)
        return;
    fh_search s = {.expr = c->expr, .count = c->corpus->ex.count, .count_to = UINT64_MAX};
    c->search = s;
    must(fh_index_search(c->index, &s, &arena, &before, err));
    s.rerank = any_rerank(c, words, &arena, chance);
    c->search = s;
    must(fh_index_search(c->index, &s, &arena, &all, err));
    compare_raised(c, &s.rerank, &before, &all);
    s.count = below(chance, 20);
    compare_pages(c, &all, s);
    s.first = below(chance, all.count + 3);
    s.count_to = below(chance, 30);
    compare_pages(c, &all, s);
    fh_arena_free(&arena);
}

/* ---- All of it ---- */

static void compare(comparison *c, const ex_answer *answer, fh_search search, dice *chance)
{
    fh_page page;
    fh_arena arena = {0};
    fh_error err = {0};
    search.expr = c->expr;
    c->search = search;
    expect(c, fh_index_search(c->index, &search, &arena, &page, &err) == FH_OK, "%s",
           err.message);
    compare_total(c, answer, &page);
    bool whole = search.first == 0 && search.count >= answer->count;
    bool by_formula = ranks_by_formula(c->lab) && !c->corpus->has_dead;
    if (whole || by_formula || search.sort != FH_SORT_RELEVANCE)
        compare_set(c, answer, &page);
    if (search.sort != FH_SORT_RELEVANCE)
        compare_dates(c, answer, &page);
    else if (by_formula)
        compare_scores(c, answer, &page);
    if (whole && often(chance, 30))
        compare_evidence(c, &page, chance);
    fh_arena_free(&arena);
}

/* One expression, in all orders, on several pages, counted in several ways. */
static void compare_searches(comparison *c, dice *chance)
{
    static const uint64_t counts[] = {0, 1, 10, 1000, UINT64_MAX};
    ex_verdict *verdicts = calloc(c->corpus->ex.count + 1, sizeof *verdicts);
    ex_judge(&c->corpus->ex, c->expr, verdicts);
    for (int sort = FH_SORT_RELEVANCE; sort <= FH_SORT_DATE_ASC; sort++) {
        if (sort != FH_SORT_RELEVANCE && !often(chance, 30))
            continue;
        ex_answer answer = ex_order(&c->corpus->ex, verdicts, (fh_sort)sort);
        fh_search s = {.sort = (fh_sort)sort, .count = c->corpus->ex.count};
        s.count_to = counts[below(chance, 5)];
        if (sort == FH_SORT_RELEVANCE || often(chance, 30))
            compare(c, &answer, s, chance);
        s.count = below(chance, 20);
        s.count_to = counts[below(chance, 5)];
        compare(c, &answer, s, chance);
        s.first = below(chance, answer.count + 3);
        s.count_to = counts[below(chance, 5)];
        compare(c, &answer, s, chance);
        free(answer.hits);
    }
    free(verdicts);
}

static void search_randomly(lab *l, const drafts *all, const course *how, uint64_t seed,
                            int queries)
{
    dice chance = {seed};
    corpus *made = make_corpus(l, all, how, &chance);
    comparison c = {.lab = l, .corpus = made, .seed = seed};
    must(fh_index_open(l->path, &c.index, err));
    for (c.query = 0; c.query < queries; c.query++) {
        fh_arena arena = {0};
        growing g = {&arena, made, &chance};
        c.expr = grow(&g);
        compare_searches(&c, &chance);
        compare_rerank(&c, &chance);
        fh_arena_free(&arena);
    }
    fh_index_close(c.index);
    must(fh_index_check(l->path, err));
    free_corpus(made);
    must(fh_folder_remove(l->path, err));
}

/* ---- Corpora ---- */

static const course at_once = {.batch_max = 0};
static const course in_parts = {.batch_max = 60};
static const course with_changes = {.batch_max = 25, .changes = true};

static void search_invented(lab *l, const recipe *r, const course *how, uint64_t seed,
                            int queries)
{
    dice chance = {seed};
    drafts *all = invent(r, &chance);
    search_randomly(l, all, how, seed, queries);
    free_drafts(all);
}

/* Few words, short texts, many copies: everything ties. */
static void small_corpora(void **state)
{
    for (uint64_t i = 0; i < 12; i++) {
        recipe r = {.articles = 1 + (size_t)(i * i) * 3 / 2,
                    .words = 3 + (size_t)i * 5,
                    .title_max = i % 3 * 3,
                    .body_max = 5 + (size_t)i * 3,
                    .copies = i % 2 ? 40 : 0,
                    .sources = 1 + (uint32_t)i,
                    .days = 30};
        search_invented(*state, &r, i % 2 ? &in_parts : &at_once, choose_seed(i), 60);
    }
}

/* Articles come in many publishes, are replaced and removed. */
static void corpora_that_change(void **state)
{
    for (uint64_t i = 0; i < 4; i++) {
        recipe r = {.articles = 100 + 60 * (size_t)i,
                    .words = 40 + 60 * (size_t)i,
                    .title_max = 5,
                    .body_max = 20,
                    .copies = 20,
                    .sources = 4,
                    .days = 30};
        search_invented(*state, &r, &with_changes, choose_seed(100 + i), 80);
    }
}

/* Lists of postings as long as a block, a word more, a word less, and many blocks. */
static void lists_around_whole_blocks(void **state)
{
    static const uint32_t counts[] = {1,   2,   127, 128, 129, 255,  256,
                                      257, 384, 385, 640, 999, 1280, 0};
    const recipe r = {.articles = 1500,
                      .words = 400,
                      .title_max = 4,
                      .body_max = 12,
                      .copies = 10,
                      .sources = 5,
                      .days = 40,
                      .counts = counts};
    search_invented(*state, &r, &at_once, choose_seed(200), 150);
    const course parts = {.batch_max = 300};
    search_invented(*state, &r, &parts, choose_seed(201), 100);
}

/* Thousands of postings, few different scores. */
static void long_lists(void **state)
{
    static const uint32_t counts[] = {1000, 2000, 3000, 3999, 4000, 0};
    const recipe r = {.articles = 4000,
                      .words = 30,
                      .title_max = 2,
                      .body_max = 8,
                      .copies = 30,
                      .sources = 3,
                      .days = 20,
                      .counts = counts};
    search_invented(*state, &r, &at_once, choose_seed(300), 60);
}

static void the_sample(void **state)
{
    drafts *all = read_drafts(SAMPLE, DRAFTS_MAX);
    search_randomly(*state, all, &at_once, choose_seed(400), 150);
    search_randomly(*state, all, &in_parts, choose_seed(401), 50);
    free_drafts(all);
}

static void news(void **state)
{
    lab *l = *state;
    if (access(NEWS, R_OK) != 0) {
        print_message("skipped: ../shared is not there\n");
        skip();
    }
    /* Xapian takes longer to index them than the rest of this file. */
    drafts *all = read_drafts(NEWS, ranks_by_formula(l) ? 3000 : 300);
    search_randomly(l, all, &at_once, choose_seed(500), 30);
    free_drafts(all);
}

/* ---- Deadlines ---- */

/* A deadline that has passed ends a search that is not short, where the table says so. */
static void deadlines_are_kept_where_the_table_says(void **state)
{
    lab *l = *state;
    fh_page page;
    fh_error why;
    dice chance = {choose_seed(600)};
    const recipe r = {
        .articles = 4000, .words = 10, .title_max = 2, .body_max = 8, .sources = 1, .days = 1};
    drafts *all = invent(&r, &chance);
    corpus *made = make_corpus(l, all, &at_once, &chance);
    fh_index *ix;
    must(fh_index_open(l->path, &ix, err));
    fh_str text = all->spellings[1].forms[FH_FORM_FOLDED];
    fh_expr *kids[] = {fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_ANY, text, 1),
                       fh_expr_leaf(&l->arena, FH_EXPR_ALL)};
    fh_search s = {.expr = fh_expr_node(&l->arena, FH_EXPR_OR, kids, 2),
                   .count = 10,
                   .count_to = UINT64_MAX,
                   .deadline = INT64_MAX};
    assert_int_equal(search(l, ix, s).total, 4000);
    s.deadline = 1;
    fh_status status = fh_index_search(ix, &s, &l->arena, &page, &why);
    if (fh_engine_describe(l->engine)->deadlines) {
        assert_int_equal(status, FH_ESTOPPED);
        assert_int_equal(page.count, 0);
        assert_true(strlen(why.message) > 0);
    } else {
        assert_int_equal(status, FH_OK);
        assert_int_equal(page.total, 4000);
    }
    fh_index_close(ix);
    free_corpus(made);
    free_drafts(all);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(small_corpora),
        lab_test(corpora_that_change),
        lab_test(lists_around_whole_blocks),
        lab_test(long_lists),
        lab_test(deadlines_are_kept_where_the_table_says),
        lab_test(the_sample),
        lab_test(news),
    };
    return run_lab("engine random", tests, sizeof tests / sizeof *tests, argc, argv);
}
