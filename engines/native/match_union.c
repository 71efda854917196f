/*
 * Unions: OR, which works through its kids window by window, and the terms of an ANY made one
 * list.
 */
#include <string.h>

#include "engines/native/matching.h"

typedef struct union_state {
    uint32_t window;                /* the one that is filled; UINT32_MAX before the first */
    uint64_t seen[FH_WINDOW_WORDS]; /* which of its articles match */
    double *sums;                   /* their points; NULL when they do not matter */
} union_state;

/* ---- Windows ---- */

/* Any other kid than a term: one article after the other. */
static void take_kid(fh_match *kid, uint32_t window, uint64_t *seen, double *sums)
{
    uint32_t base = window * FH_WINDOW;
    fh_match_find(kid, kid->article);
    while (kid->article != FH_END && kid->article - base < FH_WINDOW) {
        uint32_t slot = kid->article - base;
        seen[slot / 64] |= UINT64_C(1) << (slot % 64);
        if (sums)
            sums[slot] += (double)kid->kind->points(kid);
        fh_match_find(kid, kid->article + 1);
    }
}

/* Fill the window in which the first article from TARGET on lies; false when there is none. */
static bool fill(fh_match *m, uint32_t target)
{
    union_state *u = m->state;
    uint32_t first = FH_END;
    for (size_t i = 0; i < m->count; i++) {
        if (m->kids[i]->article < target)
            m->kids[i]->kind->seek(m->kids[i], target);
        first = m->kids[i]->article < first ? m->kids[i]->article : first;
    }
    if (first == FH_END || !fh_matcher_tick(m->matcher))
        return false;
    u->window = first / FH_WINDOW;
    memset(u->seen, 0, sizeof u->seen);
    if (u->sums)
        memset(u->sums, 0, FH_WINDOW * sizeof *u->sums);
    for (size_t i = 0; i < m->count; i++) {
        fh_match *kid = m->kids[i];
        if (kid->article == FH_END || kid->article / FH_WINDOW != u->window)
            continue;
        if (fh_goal_is_list(kid->goal)) {
            fh_choice_take(kid->state, u->window, u->seen, u->sums);
            kid->article = ((const fh_choice *)kid->state)->article;
        } else {
            take_kid(kid, u->window, u->seen, u->sums);
        }
    }
    return true;
}

/* The first article of the window from SLOT on, or FH_END. */
static uint32_t find_slot(const union_state *u, uint32_t slot)
{
    uint64_t bits = u->seen[slot / 64] & (~UINT64_C(0) << (slot % 64));
    for (size_t i = slot / 64;; bits = u->seen[i]) {
        if (bits)
            return u->window * FH_WINDOW + (uint32_t)(i * 64) + (uint32_t)__builtin_ctzll(bits);
        if (++i == FH_WINDOW_WORDS)
            return FH_END;
    }
}

static void seek_union(fh_match *m, uint32_t target)
{
    const union_state *u = m->state;
    m->article = FH_END;
    if (target / FH_WINDOW == u->window)
        m->article = find_slot(u, target % FH_WINDOW);
    else if (target / FH_WINDOW < u->window && u->window != UINT32_MAX)
        m->article = find_slot(u, 0);
    while (m->article == FH_END && fill(m, target)) {
        uint32_t base = u->window * FH_WINDOW;
        m->article = find_slot(u, target > base ? target - base : 0);
    }
}

static int64_t union_points(fh_match *m)
{
    const union_state *u = m->state;
    return u->sums ? (int64_t)u->sums[m->article % FH_WINDOW] : 0;
}

static const fh_match_kind union_kind = {.seek = seek_union, .points = union_points};

fh_match *fh_match_open_union(fh_matcher *matcher, size_t segment, const fh_goal *goal,
                              bool points)
{
    fh_match *m = fh_matcher_alloc(matcher, sizeof *m);
    union_state *u = fh_matcher_alloc(matcher, sizeof *u);
    if (!m || !u)
        return NULL;
    *m = (fh_match){.kind = &union_kind,
                    .matcher = matcher,
                    .segment = segment,
                    .goal = goal,
                    .count = goal->count,
                    .state = u};
    u->window = UINT32_MAX;
    m->kids = fh_matcher_alloc(matcher, (m->count + 1) * sizeof *m->kids);
    if (points)
        u->sums = fh_matcher_alloc(matcher, FH_WINDOW * sizeof *u->sums);
    if (!m->kids || (points && !u->sums))
        return NULL;
    for (size_t i = 0; i < m->count; i++) {
        m->kids[i] = fh_match_open(matcher, segment, goal->kids[i], points);
        if (!m->kids[i])
            return NULL;
        fh_match_lead(m->kids[i]);
        m->cost += m->kids[i]->cost;
    }
    seek_union(m, 0);
    return m;
}

/* ---- ANY ---- */

typedef struct maker {
    fh_matcher *matcher;
    fh_cursor *kids;
    size_t count;
    uint32_t frequencies[FH_WINDOW];
    uint32_t *articles; /* as many as the kids have at most ... */
    uint32_t *sums;     /* ... and their frequencies */
    uint32_t made;
} maker;

/* Add what KID has in the window, and mark it. */
static void add_window(maker *k, fh_cursor *kid, uint32_t base, uint64_t *seen)
{
    while (kid->article != FH_END && kid->article - base < FH_WINDOW) {
        uint32_t slot = kid->article - base;
        seen[slot / 64] |= UINT64_C(1) << (slot % 64);
        k->frequencies[slot] += fh_cursor_frequency(kid);
        fh_cursor_seek(kid, kid->article + 1);
    }
}

static void keep_window(maker *k, uint32_t base, const uint64_t *seen)
{
    for (uint32_t i = 0; i < FH_WINDOW_WORDS; i++) {
        for (uint64_t bits = seen[i]; bits; bits &= bits - 1) {
            uint32_t slot = i * 64 + (uint32_t)__builtin_ctzll(bits);
            k->articles[k->made] = base + slot;
            k->sums[k->made++] = k->frequencies[slot];
            k->frequencies[slot] = 0;
        }
    }
}

static uint32_t next_article(const maker *k)
{
    uint32_t first = FH_END;
    for (size_t i = 0; i < k->count; i++)
        first = k->kids[i].article < first ? k->kids[i].article : first;
    return first;
}

/* The union of the kids' postings in segment I. */
static bool make_union(maker *k, size_t segment, const fh_goal *goal, fh_made *made)
{
    fh_matcher *m = k->matcher;
    uint64_t most = 0;
    uint32_t first;
    k->made = 0;
    for (size_t i = 0; i < k->count; i++) {
        fh_cursor_open(&k->kids[i], m, segment, goal->kids[i]);
        most += goal->kids[i]->posted[segment].articles;
    }
    uint32_t articles = m->shelf->segments[segment]->header.articles;
    most = most < articles ? most : articles;
    k->articles = fh_matcher_alloc(m, (most + 1) * sizeof *k->articles);
    k->sums = fh_matcher_alloc(m, (most + 1) * sizeof *k->sums);
    if (!k->articles || !k->sums)
        return false;
    while ((first = next_article(k)) != FH_END && fh_matcher_tick(m)) {
        uint64_t seen[FH_WINDOW_WORDS] = {0};
        uint32_t base = first / FH_WINDOW * FH_WINDOW;
        for (size_t i = 0; i < k->count; i++)
            add_window(k, &k->kids[i], base, seen);
        keep_window(k, base, seen);
    }
    *made = (fh_made){k->articles, k->sums, k->made};
    return true;
}

bool fh_goal_unite(fh_matcher *m, fh_goal *goal)
{
    size_t segments = m->shelf->count;
    maker *k = fh_matcher_alloc(m, sizeof *k);
    goal->made = fh_matcher_alloc(m, (segments + 1) * sizeof *goal->made);
    if (!k || !goal->made)
        return false;
    *k = (maker){.matcher = m, .count = goal->count};
    k->kids = fh_matcher_alloc(m, (goal->count + 1) * sizeof *k->kids);
    if (!k->kids)
        return false;
    for (size_t i = 0; i < segments; i++) {
        if (!make_union(k, i, goal, &goal->made[i]))
            return false;
        goal->articles += goal->made[i].count;
    }
    return true;
}
