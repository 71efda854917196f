/*
 * The best of an OR of terms, window by window: MaxScore (Turtle & Flood 1995) with the maxima
 * of blocks (Ding & Suel 2011) over windows (Dimopoulos, Nepomnyachiy & Suel 2013).
 *
 * Terms that even together cannot lift an article above the threshold are not walked through:
 * they are only asked about articles that the other terms have brought close enough. Which
 * terms those are is decided anew for every window, by what its blocks can score at most. A
 * window none of whose articles can get in is skipped.
 *
 * Terms that must match are intersected window by window, and what may add to them is asked
 * about what is left.
 */
#include <stdlib.h>
#include <string.h>

#include "engines/native/matching.h"

/* Of 64 articles, fewer than these are looked at one by one. */
#define FEW_SEEN 8

/* To look one article up takes as long as to walk over so many: measured. */
#define LOOKUP_COST 24

typedef struct leaf {
    fh_choice list;
    int64_t most; /* points that it can give anywhere */
    int64_t here; /* ... in the window */
    uint64_t articles;
} leaf;

/* Something that must hold, or must not, for an article to count. */
typedef struct gate {
    fh_match *match;
    bool wanted;
    struct gate *next;
} gate;

typedef struct ranking {
    fh_matcher *matcher;
    const fh_segment *segment;
    fh_top *top;
    gate *gates;
    leaf *must; /* by articles, ascending */
    size_t must_count;
    leaf **order;   /* those that may, by `most`, ascending */
    leaf **local;   /* by `here`, ascending */
    int64_t *below; /* below[i]: the sum of `here` of the first i of `local` */
    size_t count;
    int64_t threshold;
    uint64_t seen[FH_WINDOW_WORDS];
    double sums[FH_WINDOW];
} ranking;

/* ---- One article ---- */

static bool passes(const ranking *r, uint32_t article)
{
    if (fh_segment_is_dead(r->segment, article))
        return false;
    for (const gate *g = r->gates; g; g = g->next)
        if (fh_match_has(g->match, article) != g->wanted)
            return false;
    return true;
}

/*
 * ARTICLE has POINTS of the essential terms; ask the REST others, the heaviest first, for as
 * long as it can get above the threshold.
 */
static void finish_article(ranking *r, uint32_t article, int64_t points, size_t rest)
{
    for (size_t i = rest; i > 0 && points + r->below[i] > r->threshold; i--) {
        fh_choice *c = &r->local[i - 1]->list;
        if (c->article < article)
            fh_choice_seek(c, article);
        if (c->article == article)
            points += fh_choice_points(c);
    }
    if (points <= r->threshold) {
        r->top->complete = false;
    } else if (passes(r, article)) {
        if (!fh_top_offer(r->top, points, r->segment->base + article + 1))
            r->matcher->failed = true;
        r->threshold = fh_top_threshold(r->top);
    }
}

/* ---- One window ---- */

/* Which of the 64 SUMS are above LIMIT: a bit for each. */
static uint64_t find_above(const double sums[64], double limit)
{
    typedef double two __attribute__((vector_size(16)));
    typedef uint64_t two_bits __attribute__((vector_size(16)));
    two_bits above = {0, 0}, bit = {1, 2};
    for (unsigned i = 0; i < 64; i += 2, bit <<= 2) {
        two pair;
        memcpy(&pair, &sums[i], sizeof pair);
        above |= (two_bits)(pair > limit) & bit;
    }
    return above[0] | above[1];
}

/* Of 64 articles, of which BITS were seen, those with SUMS above LIMIT. */
static uint64_t choose_above(uint64_t bits, const double sums[64], double limit)
{
    uint64_t above = 0;
    if (__builtin_popcountll(bits) >= FEW_SEEN)
        return bits & find_above(sums, limit);
    for (; bits; bits &= bits - 1)
        if (sums[__builtin_ctzll(bits)] > limit)
            above |= bits & -bits;
    return above;
}

/* Forget 64 SUMS, of which those of BITS were added to. */
static void clear_sums(uint64_t bits, double sums[64])
{
    if (__builtin_popcountll(bits) >= FEW_SEEN) {
        memset(sums, 0, 64 * sizeof *sums);
        return;
    }
    for (; bits; bits &= bits - 1)
        sums[__builtin_ctzll(bits)] = 0;
}

/* Finish what the REST other terms can bring above the threshold. */
static void finish_window(ranking *r, uint32_t base, size_t rest)
{
    for (uint32_t i = 0; i < FH_WINDOW_WORDS; i++) {
        uint64_t bits = r->seen[i];
        double *sums = &r->sums[i * 64];
        if (!bits)
            continue;
        if (r->threshold > INT64_MIN)
            bits = choose_above(bits, sums, (double)(r->threshold - r->below[rest]));
        if (bits != r->seen[i])
            r->top->complete = false;
        for (; bits; bits &= bits - 1) {
            uint32_t slot = (uint32_t)__builtin_ctzll(bits);
            finish_article(r, base + i * 64 + slot, (int64_t)sums[slot], rest);
        }
        clear_sums(r->seen[i], sums);
        r->seen[i] = 0;
    }
}

/* The most points that L can give in the window at BASE. */
static int64_t bound_window(leaf *l, uint32_t base)
{
    int64_t most = 0;
    uint32_t last;
    if (l->list.article == FH_END)
        return 0;
    for (uint32_t from = base; from - base < FH_WINDOW; from = last + 1) {
        int64_t bound = fh_choice_bound(&l->list, from, &last);
        most = bound > most ? bound : most;
        if (last == FH_END - 1 || last < from)
            break;
    }
    return most < l->most ? most : l->most;
}

/*
 * Order the leaves by what they can give in the window; returns how many of them need not be
 * walked.
 */
static size_t divide(ranking *r, uint32_t base)
{
    bool prunes = r->threshold > INT64_MIN;
    for (size_t i = 0; i < r->count; i++) {
        leaf *l = r->order[i];
        size_t at = i;
        l->here = prunes ? bound_window(l, base) : l->most;
        for (; at > 0 && r->local[at - 1]->here > l->here; at--)
            r->local[at] = r->local[at - 1];
        r->local[at] = l;
    }
    size_t rest = 0;
    for (size_t i = 0; i < r->count; i++) {
        r->below[i + 1] = r->below[i] + r->local[i]->here;
        if (prunes && r->below[i + 1] <= r->threshold)
            rest = i + 1;
    }
    return rest;
}

static void rank_window(ranking *r, uint32_t window)
{
    uint32_t base = window * FH_WINDOW;
    size_t rest = divide(r, base);
    for (size_t i = rest; i < r->count; i++) {
        fh_choice *c = &r->local[i]->list;
        if (c->article < base)
            fh_choice_seek(c, base);
        if (c->article != FH_END && c->article - base < FH_WINDOW)
            fh_choice_take(c, window, r->seen, r->sums);
    }
    if (rest > 0)
        r->top->complete = false;
    if (rest < r->count)
        finish_window(r, base, rest);
}

/* ---- One window of terms that must match ---- */

static uint32_t count_seen(const ranking *r)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < FH_WINDOW_WORDS; i++)
        count += (uint32_t)__builtin_popcountll(r->seen[i]);
    return count;
}

/* The articles BITS of 64 from slot FIRST on are out. */
static void drop(ranking *r, uint32_t first, uint64_t bits)
{
    r->seen[first / 64] &= ~bits;
    for (; bits; bits &= bits - 1)
        r->sums[first + (uint32_t)__builtin_ctzll(bits)] = 0;
}

/* Keep what L has too by looking each article up. */
static void look_up(ranking *r, leaf *l, uint32_t base)
{
    fh_choice *c = &l->list;
    for (uint32_t first = 0; first < FH_WINDOW; first += 64) {
        for (uint64_t bits = r->seen[first / 64]; bits; bits &= bits - 1) {
            uint32_t slot = first + (uint32_t)__builtin_ctzll(bits);
            if (c->article < base + slot)
                fh_choice_seek(c, base + slot);
            if (c->article == base + slot)
                r->sums[slot] += (double)fh_choice_points(c);
            else
                drop(r, first, bits & -bits);
        }
    }
}

/* Keep what L has too by walking over what it has in the window. */
static void walk_over(ranking *r, leaf *l, uint32_t window)
{
    uint64_t other[FH_WINDOW_WORDS] = {0};
    fh_choice_take(&l->list, window, other, r->sums);
    for (uint32_t i = 0; i < FH_WINDOW_WORDS; i++) {
        uint64_t kept = r->seen[i] & other[i];
        drop(r, i * 64, r->seen[i] ^ other[i]);
        r->seen[i] = kept;
    }
}

/* Can an article of the window get above the threshold? */
static bool is_hopeful(ranking *r, uint32_t base)
{
    divide(r, base);
    int64_t sum = r->below[r->count];
    for (size_t i = 0; i < r->must_count; i++)
        sum += bound_window(&r->must[i], base);
    return r->threshold == INT64_MIN || sum > r->threshold;
}

static void intersect_window(ranking *r, uint32_t window)
{
    uint32_t base = window * FH_WINDOW;
    if (!is_hopeful(r, base)) {
        r->top->complete = false;
        return;
    }
    fh_choice_take(&r->must[0].list, window, r->seen, r->sums);
    for (size_t i = 1; i < r->must_count; i++) {
        leaf *l = &r->must[i];
        uint64_t expected = l->articles * FH_WINDOW / r->segment->header.articles;
        if (count_seen(r) * LOOKUP_COST < expected)
            look_up(r, l, base);
        else
            walk_over(r, l, window);
    }
    finish_window(r, base, r->count);
}

/* ---- All windows ---- */

/*
 * The next window from article FROM on in which all terms that must match have articles;
 * UINT32_MAX if there is none.
 */
static uint32_t meet(ranking *r, uint32_t from)
{
    uint32_t window = UINT32_MAX;
    size_t agreed = 0;
    for (size_t i = 0; agreed < r->must_count; i = (i + 1) % r->must_count) {
        fh_choice *c = &r->must[i].list;
        if (c->article < from)
            fh_choice_seek(c, from);
        if (c->article == FH_END)
            return UINT32_MAX;
        agreed = c->article / FH_WINDOW == window ? agreed + 1 : 1;
        window = c->article / FH_WINDOW;
        from = from > window * FH_WINDOW ? from : window * FH_WINDOW;
    }
    return window;
}

/*
 * The next window in which a term has an article that may bring one above the threshold;
 * UINT32_MAX if none has. FROM is the first article that was not looked at.
 */
static uint32_t find_window(ranking *r, uint32_t from)
{
    uint32_t first = FH_END;
    int64_t sum = 0;
    for (size_t i = 0; i < r->count; i++) {
        fh_choice *c = &r->order[i]->list;
        sum += r->order[i]->most;
        if (c->article == FH_END)
            continue;
        if (sum <= r->threshold) {
            r->top->complete = false;
            continue;
        }
        if (c->article < from)
            fh_choice_seek(c, from);
        first = c->article < first ? c->article : first;
    }
    return first == FH_END ? UINT32_MAX : first / FH_WINDOW;
}

static void rank_all(ranking *r)
{
    uint32_t from = 0;
    for (;;) {
        r->threshold = fh_top_threshold(r->top);
        if (r->threshold == INT64_MAX) {
            r->top->complete = false;
            return;
        }
        uint32_t window = r->must_count ? meet(r, from) : find_window(r, from);
        if (window == UINT32_MAX || r->matcher->failed || !fh_matcher_tick(r->matcher))
            return;
        if (r->must_count)
            intersect_window(r, window);
        else
            rank_window(r, window);
        if (window == (FH_END - 1) / FH_WINDOW)
            return;
        from = (window + 1) * FH_WINDOW;
    }
}

/* ---- Opening ---- */

static bool open_gates(ranking *r, size_t segment, const fh_goal *goal)
{
    for (; goal->kind == FH_EXPR_FILTER || goal->kind == FH_EXPR_NOT; goal = goal->kids[0]) {
        for (size_t i = 1; i < goal->count; i++) {
            gate *g = fh_matcher_alloc(r->matcher, sizeof *g);
            if (!g)
                return false;
            g->wanted = goal->kind == FH_EXPR_FILTER;
            g->match = fh_match_open(r->matcher, segment, goal->kids[i], false);
            g->next = r->gates;
            r->gates = g;
            if (!g->match)
                return false;
        }
    }
    return true;
}

static int compare_most(const void *a, const void *b)
{
    const leaf *x = *(leaf *const *)a;
    const leaf *y = *(leaf *const *)b;
    return (x->most > y->most) - (x->most < y->most);
}

static int compare_articles(const void *a, const void *b)
{
    const leaf *x = a;
    const leaf *y = b;
    return (x->articles > y->articles) - (x->articles < y->articles);
}

static bool open_leaf(ranking *r, size_t segment, const fh_goal *goal, leaf *l)
{
    if (!fh_choice_open(&l->list, r->matcher, segment, goal, true))
        return false;
    l->articles = fh_goal_postings(goal, segment);
    l->most = fh_choice_most(&l->list);
    return true;
}

static bool open_may(ranking *r, size_t segment, const fh_shape *s)
{
    leaf *leaves = fh_matcher_alloc(r->matcher, (s->may_count + 1) * sizeof *leaves);
    r->order = fh_matcher_alloc(r->matcher, (s->may_count + 1) * sizeof(leaf *));
    r->local = fh_matcher_alloc(r->matcher, (s->may_count + 1) * sizeof(leaf *));
    r->below = fh_matcher_alloc(r->matcher, (s->may_count + 1) * sizeof *r->below);
    if (!leaves || !r->order || !r->local || !r->below)
        return false;
    for (size_t i = 0; i < s->may_count; i++) {
        if (!open_leaf(r, segment, s->may[i], &leaves[i]))
            return false;
        if (leaves[i].list.article != FH_END)
            r->order[r->count++] = &leaves[i];
    }
    if (r->count > 0)
        qsort(r->order, r->count, sizeof(leaf *), compare_most);
    return r->count > 0 || s->must_count > 0;
}

/* Open what must match; false when it cannot. */
static bool open_must(ranking *r, size_t segment, const fh_shape *s)
{
    r->must_count = s->must_count;
    r->must = fh_matcher_alloc(r->matcher, (s->must_count + 1) * sizeof *r->must);
    for (size_t i = 0; r->must && i < s->must_count; i++) {
        if (!open_leaf(r, segment, s->must[i], &r->must[i]) ||
            r->must[i].list.article == FH_END)
            return false;
    }
    if (r->must && r->must_count > 0)
        qsort(r->must, r->must_count, sizeof *r->must, compare_articles);
    return r->must != NULL;
}

bool fh_match_ranked(fh_matcher *m, size_t segment, fh_goal *goal, fh_top *top)
{
    fh_shape s;
    if (!fh_shape_find(&goal, segment, &s))
        return false;
    ranking *r = fh_matcher_alloc(m, sizeof *r);
    if (!r)
        return true;
    r->matcher = m;
    r->segment = m->shelf->segments[segment];
    r->top = top;
    if (open_must(r, segment, &s) && open_gates(r, segment, goal) && open_may(r, segment, &s))
        rank_all(r);
    return true;
}
