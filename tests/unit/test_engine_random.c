/*
 * Engines against the exhaustive scorer: thousands of expressions by chance over corpora by chance.
 *
 * A failure shows the seed of its corpus, the number of its query and the expression.
 * FIHRIS_SEED in the environment chooses other corpora and queries than those of every day.
 */
#include "tests/unit/engine_lab.h"

#include "tests/unit/random_expr.h"

#define NEWS      "../shared/corpora/news.jsonl.gz"
#define SAMPLE    "corpus/sample"
#define TOLERANCE 1e-5

/* What is being compared. */
typedef struct comparison {
    lab *lab;
    const corpus *corpus;
    fh_index *index;
    uint64_t seed;
    int query;
    const fh_expr *expr;
    fh_search search;
} comparison;

/* Xapian ranks by a BM25 of its own. */
static bool ranks_by_formula(const lab *l)
{
    return strcmp(l->engine, "xapian") != 0;
}

static uint64_t choose_seed(uint64_t number)
{
    const char *said = getenv("FIHRIS_SEED");
    return (said ? strtoull(said, NULL, 10) : 1) * 1000 + number;
}

/* ---- Failing ---- */

#define expect(c, condition, ...)                                                              \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            show_failure(c);                                                                   \
            fail_msg(__VA_ARGS__);                                                             \
        }                                                                                      \
    } while (0)

static void show_failure(const comparison *c)
{
    static const char *const sorts[] = {"relevance", "date", "date-asc"};
    fh_buffer text = {0};
    show_expr(c->expr, &text);
    print_error("engine %s, seed %llu, query %d, sort %s, first %zu, count %zu, ",
                c->lab->engine, (unsigned long long)c->seed, c->query, sorts[c->search.sort],
                c->search.first, c->search.count);
    print_error("count_to %llu\n", (unsigned long long)c->search.count_to);
    const fh_rerank *r = &c->search.rerank;
    if (r->count > 0)
        print_error("depth %zu, lead %u *%g, ordered *%g, close %u *%g:\n", r->depth,
                    (unsigned)r->lead, (double)r->lead_weight, (double)r->ordered,
                    (unsigned)r->window, (double)r->close);
    for (size_t i = 0; i < r->count; i++)
        print_error("  %.*s *%g\n", (int)r->words[i]->text.len, r->words[i]->text.ptr,
                    (double)r->words[i]->weight);
    fprintf(stderr, "%s\n", fh_buffer_str(&text).ptr);
    fh_buffer_free(&text);
}

/* ---- Comparing ---- */

static bool is_near(double a, double b)
{
    return fabs(a - b) <= TOLERANCE * fmax(fabs(a), fabs(b));
}

/* The place among the versions of the article that HIT says it found. */
static size_t version_of(const comparison *c, const fh_hit *hit)
{
    char number[24] = "";
    fh_str id = hit->article.id;
    expect(c, id.len > 1 && id.len < sizeof number && id.ptr[0] == 'a', "an id is damaged");
    memcpy(number, id.ptr + 1, id.len - 1);
    size_t slot = strtoull(number, NULL, 10);
    expect(c, slot < c->corpus->slots, "article a%s was never put", number);
    return c->corpus->newest[slot];
}

/* The place of each version in the ANSWER, or SIZE_MAX. */
static size_t *rank_versions(const comparison *c, const ex_answer *answer)
{
    size_t *ranks = malloc((c->corpus->ex.count + 1) * sizeof *ranks);
    for (size_t i = 0; i < c->corpus->ex.count; i++)
        ranks[i] = SIZE_MAX;
    for (size_t i = 0; i < answer->count; i++)
        ranks[answer->hits[i].article] = i;
    return ranks;
}

/* The page has as many hits as it should, all of them wanted, none of them twice. */
static void compare_set(const comparison *c, const ex_answer *answer, const fh_page *page)
{
    size_t *ranks = rank_versions(c, answer);
    size_t first = c->search.first < answer->count ? c->search.first : answer->count;
    size_t left = answer->count - first;
    size_t want = left < c->search.count ? left : c->search.count;
    expect(c, page->count == want, "%zu hits instead of %zu", page->count, want);
    for (size_t i = 0; i < page->count; i++) {
        size_t version = version_of(c, &page->hits[i]);
        expect(c, ranks[version] != SIZE_MAX,
               "hit %zu, article a%zu, does not match or is twice", i,
               c->corpus->slot_of[version]);
        ranks[version] = SIZE_MAX;
    }
    free(ranks);
}

/* Exact as far as was asked, else at least. */
static void compare_total(const comparison *c, const ex_answer *answer, const fh_page *page)
{
    uint64_t all = answer->count, to = c->search.count_to;
    expect(c, page->total <= all && page->total >= (to < all ? to : all),
           "the total is %llu, %llu articles match", (unsigned long long)page->total,
           (unsigned long long)all);
    expect(c, !page->total_exact || page->total == all, "the total is said to be exact");
    expect(c, page->total_exact || to <= all, "the total is said not to be exact");
    expect(c, page->total >= c->search.first + page->count || page->count == 0,
           "the total is below what is on the page");
}

/* By date the order leaves nothing open. */
static void compare_dates(const comparison *c, const ex_answer *answer, const fh_page *page)
{
    for (size_t i = 0; i < page->count; i++) {
        size_t version = version_of(c, &page->hits[i]);
        size_t want = answer->hits[c->search.first + i].article;
        expect(c, version == want, "hit %zu is a%zu instead of a%zu", i,
               c->corpus->slot_of[version], c->corpus->slot_of[want]);
        expect(c, page->hits[i].score == 0, "hit %zu has a score without ranking", i);
    }
}

/*
 * Twins, to which every leaf gives the same, must stand by number: what is on the page behind one with a
 * lower number, and what is not there though a higher number is, breaks the rule.
 */
static void compare_twins(const comparison *c, const ex_answer *answer, const fh_page *page)
{
    size_t *ranks = rank_versions(c, answer);
    size_t *place = malloc((c->corpus->ex.count + 1) * sizeof *place);
    for (size_t i = 0; i < c->corpus->ex.count; i++)
        place[i] = SIZE_MAX;
    for (size_t i = 0; i < page->count; i++)
        place[version_of(c, &page->hits[i])] = i;
    for (size_t i = 0; i < page->count; i++) {
        size_t version = version_of(c, &page->hits[i]);
        const ex_hit *hit = &answer->hits[ranks[version]];
        for (size_t k = ranks[version]; k > 0 && hit[-1].score == hit->score; k--, hit--) {
            if (hit[-1].print != answer->hits[ranks[version]].print)
                continue;
            size_t twin = place[hit[-1].article];
            bool before = twin == SIZE_MAX ? c->search.first > 0 : twin < i;
            expect(c, before, "a%zu stands before its twin a%zu", c->corpus->slot_of[version],
                   c->corpus->slot_of[hit[-1].article]);
            break;
        }
    }
    free(place);
    free(ranks);
}

/*
 * By relevance the scores are those of the scorer; articles whose scores differ by less than
 * TOLERANCE may stand either way, unless they are twins.
 */
static void compare_scores(const comparison *c, const ex_answer *answer, const fh_page *page)
{
    size_t *ranks = rank_versions(c, answer);
    for (size_t i = 0; i < page->count; i++) {
        double score = page->hits[i].score;
        size_t version = version_of(c, &page->hits[i]);
        double own = answer->hits[ranks[version]].score;
        double best = answer->hits[c->search.first + i].score;
        expect(c, is_near(score, own), "a%zu scores %.9g instead of %.9g",
               c->corpus->slot_of[version], score, own);
        expect(c, is_near(score, best), "hit %zu, a%zu, scores %.9g; there should be %.9g", i,
               c->corpus->slot_of[version], score, best);
        if (i == 0)
            continue;
        const fh_hit *hit = &page->hits[i];
        expect(c,
               hit[-1].score > hit->score ||
                   (hit[-1].score == hit->score && hit[-1].document < hit->document),
               "hits %zu and %zu are in the wrong order", i - 1, i);
    }
    free(ranks);
    compare_twins(c, answer, page);
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
