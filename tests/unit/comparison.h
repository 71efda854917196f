/*
 * What an engine answers beside what the exhaustive scorer says: hits, totals, order, scores. A
 * failure shows the seed of its corpus, the number of its query and the expression.
 *
 * Include it after engine_lab.h.
 */
#ifndef FH_TESTS_UNIT_COMPARISON_H
#define FH_TESTS_UNIT_COMPARISON_H

#include "tests/unit/random_expr.h"

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
static inline bool ranks_by_formula(const lab *l)
{
    return strcmp(l->engine, "xapian") != 0;
}

/* ---- Failing ---- */

#define expect(c, condition, ...)                                                              \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            show_failure(c);                                                                   \
            fail_msg(__VA_ARGS__);                                                             \
        }                                                                                      \
    } while (0)

static inline void show_failure(const comparison *c)
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

static inline bool is_near(double a, double b)
{
    return fabs(a - b) <= TOLERANCE * fmax(fabs(a), fabs(b));
}

/* The place among the versions of the article that HIT says it found. */
static inline size_t version_of(const comparison *c, const fh_hit *hit)
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
static inline size_t *rank_versions(const comparison *c, const ex_answer *answer)
{
    size_t *ranks = malloc((c->corpus->ex.count + 1) * sizeof *ranks);
    for (size_t i = 0; i < c->corpus->ex.count; i++)
        ranks[i] = SIZE_MAX;
    for (size_t i = 0; i < answer->count; i++)
        ranks[answer->hits[i].article] = i;
    return ranks;
}

/* The page has as many hits as it should, all of them wanted, none of them twice. */
static inline void compare_set(const comparison *c, const ex_answer *answer,
                               const fh_page *page)
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
static inline void compare_total(const comparison *c, const ex_answer *answer,
                                 const fh_page *page)
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
static inline void compare_dates(const comparison *c, const ex_answer *answer,
                                 const fh_page *page)
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
static inline void compare_twins(const comparison *c, const ex_answer *answer,
                                 const fh_page *page)
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
static inline void compare_scores(const comparison *c, const ex_answer *answer,
                                  const fh_page *page)
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

#endif
