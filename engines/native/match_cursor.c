#include <string.h>

#include "engines/native/matching.h"

/* Behind the last block, or before the first was decoded. */
#define NO_BLOCK UINT32_MAX

/* ---- The formula ---- */

/*
 * The formula is computed in floats, one article at a time or four: the same operations either
 * way, so that equal articles get equal points.
 */
typedef float four __attribute__((vector_size(16)));
typedef double two __attribute__((vector_size(16)));
typedef int32_t four_counts __attribute__((vector_size(16)));

/* Added to a double below 2^51 and taken off again, this rounds it to an integer. */
#define ROUNDING 6755399441055744.0 /* 1.5 * 2^52 */

/* The points of a weighted frequency in an article with that norm: an integer. */
static inline double weigh(double points, uint32_t frequency, float norm)
{
    float f = (float)(int32_t)frequency;
    return points * (double)(f / (f + norm)) + ROUNDING - ROUNDING;
}

static inline uint32_t frequency_of(const fh_cursor *c, unsigned i)
{
    const fh_block *b = c->data;
    if (c->titles)
        return FH_TITLE_WEIGHT * (uint32_t)b->titles[i];
    return b->counts[i] + (FH_TITLE_WEIGHT - 1) * (uint32_t)b->titles[i];
}

static const fh_segment *segment_of(const fh_cursor *c)
{
    return c->matcher->shelf->segments[c->segment];
}

/* ---- Opening ---- */

void fh_cursor_open_at(fh_cursor *c, fh_matcher *m, size_t segment, const fh_goal *goal,
                       uint32_t target)
{
    *c = (fh_cursor){.matcher = m,
                     .segment = segment,
                     .points = goal->points,
                     .block = NO_BLOCK,
                     .bound_block = NO_BLOCK,
                     .article = FH_END};
    if (goal->kind == FH_EXPR_ANY) {
        c->made = &goal->made[segment];
        fh_cursor_seek(c, target);
        return;
    }
    const fh_posted *posted = &goal->posted[segment];
    c->titles = goal->expr->field == FH_FIELD_TITLE;
    if ((c->titles ? posted->titled : posted->articles) > 0 &&
        fh_list_open(segment_of(c), goal->expr->form, posted, &c->list))
        fh_cursor_seek(c, target);
}

void fh_cursor_open(fh_cursor *c, fh_matcher *m, size_t segment, const fh_goal *goal)
{
    fh_cursor_open_at(c, m, segment, goal, 0);
}

/* ---- Moving ---- */

/* Decode block B; at its end, at damage and at the deadline the cursor is at its end. */
static bool decode(fh_cursor *c, uint32_t b)
{
    c->at = 0;
    c->block = b;
    c->article = FH_END;
    if (b < c->list.blocks && !c->data)
        c->data = fh_matcher_alloc(c->matcher, sizeof *c->data);
    if (b < c->list.blocks && c->data && fh_matcher_tick(c->matcher) &&
        fh_list_block(&c->list, b, c->data) &&
        (!c->titles || fh_block_counts(&c->list, c->data)))
        return true;
    c->block = c->list.blocks;
    return false;
}

/*
 * The first place whose article is not below TARGET. The steps depend on COUNT alone, which is mostly
 * FH_BLOCK: a branch that follows the articles is guessed wrong half of the time.
 */
static unsigned find_place(const uint32_t *articles, unsigned count, uint32_t target)
{
    unsigned at = 0;
    while (count > 1) {
        unsigned half = count / 2;
        at += half & -(unsigned)(articles[at + half - 1] < target);
        count -= half;
    }
    return at + (count > 0 && articles[at] < target);
}

/*
 * Stand at the first place from AT of the decoded block that counts; false when none is left in
 * it.
 */
static bool stand(fh_cursor *c)
{
    while (c->titles && c->at < c->data->count && c->data->titles[c->at] == 0)
        c->at++;
    if (c->at >= c->data->count)
        return false;
    c->article = c->data->articles[c->at];
    return true;
}

static void seek_made(fh_cursor *c, uint32_t target)
{
    c->at += find_place(c->made->articles + c->at, c->made->count - c->at, target);
    c->article = c->at < c->made->count ? c->made->articles[c->at] : FH_END;
}

void fh_cursor_seek(fh_cursor *c, uint32_t target)
{
    if (c->made) {
        seek_made(c, target);
        return;
    }
    uint32_t b = c->block;
    if (b == NO_BLOCK) {
        b = fh_list_seek(&c->list, 0, target);
    } else if (b < c->list.blocks && target <= c->data->articles[c->data->count - 1]) {
        c->at = find_place(c->data->articles, c->data->count, target);
        if (stand(c))
            return;
        b++;
    } else if (b < c->list.blocks) {
        b = fh_list_seek(&c->list, b + 1, target);
    }
    for (; decode(c, b); b++) {
        c->at = find_place(c->data->articles, c->data->count, target);
        if (stand(c))
            return;
    }
}

/* ---- Scoring ---- */

/* Counts of the decoded block; without them nothing is worth anything. */
static bool count(fh_cursor *c)
{
    return c->data->has_counts || fh_block_counts(&c->list, c->data);
}

uint32_t fh_cursor_frequency(fh_cursor *c)
{
    if (c->made)
        return c->made->frequencies[c->at];
    return count(c) ? frequency_of(c, c->at) : 0;
}

int64_t fh_cursor_points(fh_cursor *c)
{
    if (c->points == 0)
        return 0;
    const float *norms = fh_matcher_norms(c->matcher, c->segment, c->article / FH_WINDOW);
    uint32_t frequency = fh_cursor_frequency(c);
    if (!norms || frequency == 0)
        return 0;
    return (int64_t)weigh(c->points, frequency, norms[c->article % FH_WINDOW]);
}

/* How much more a title counts than when the segment was written, at least 1. */
static uint32_t heavier(const fh_cursor *c)
{
    uint32_t written = segment_of(c)->header.title_weight;
    return written > 0 ? (FH_TITLE_WEIGHT + written - 1) / written : FH_TITLE_WEIGHT;
}

static int64_t bound_of(const fh_cursor *c, const fh_impact *impacts, unsigned count)
{
    int64_t most = 0;
    uint32_t factor = heavier(c);
    for (unsigned i = 0; i < count; i++) {
        float norm = fh_matcher_norm(c->matcher, impacts[i].length);
        int64_t points = (int64_t)weigh(c->points, impacts[i].frequency * factor, norm);
        most = points > most ? points : most;
    }
    /* Floats may be rounded up where they are compared with what is larger. */
    return count ? most + most / (1 << 20) + 1 : (int64_t)c->points;
}

int64_t fh_cursor_most(const fh_cursor *c)
{
    fh_impact impacts[FH_IMPACTS];
    if (c->made || c->points == 0)
        return (int64_t)c->points;
    return bound_of(c, impacts, fh_list_bounds(&c->list, impacts));
}

int64_t fh_cursor_bound(fh_cursor *c, uint32_t from, uint32_t *last)
{
    *last = FH_END - 1;
    if (c->made || c->list.full_blocks == 0)
        return c->article == FH_END ? 0 : (int64_t)c->points;
    uint32_t b = c->block != NO_BLOCK ? c->block : 0;
    if (c->bound_block != NO_BLOCK && c->bound_block > b)
        b = c->bound_block;
    b = fh_list_seek(&c->list, b, from);
    if (b >= c->list.blocks)
        return 0;
    if (b != c->bound_block) {
        fh_impact impacts[FH_IMPACTS];
        c->bound = bound_of(c, impacts, fh_list_impacts(&c->list, b, impacts));
        c->bound_block = b;
    }
    if (b < c->list.full_blocks)
        *last = fh_list_last(&c->list, b);
    return c->bound;
}

/* ---- Windows ---- */

static void take_made(fh_cursor *c, uint32_t base, const float *norms, uint64_t *seen,
                      double *sums)
{
    const fh_made *made = c->made;
    unsigned i = c->at;
    for (; i < made->count && made->articles[i] - base < FH_WINDOW; i++) {
        uint32_t slot = made->articles[i] - base;
        seen[slot / 64] |= UINT64_C(1) << (slot % 64);
        if (sums)
            sums[slot] += weigh(c->points, made->frequencies[i], norms[slot]);
    }
    c->at = i;
    c->article = i < made->count ? made->articles[i] : FH_END;
}

/*
 * The places of the decoded block from `at` on that lie in the window; returns the first behind
 * them.
 */
static unsigned end_of_window(const fh_cursor *c, uint32_t base)
{
    const fh_block *b = c->data;
    if (b->articles[b->count - 1] - base < FH_WINDOW)
        return b->count;
    return find_place(b->articles, b->count, base + FH_WINDOW);
}

static void mark(const fh_cursor *c, unsigned end, uint32_t base, uint64_t *seen)
{
    const fh_block *b = c->data;
    for (unsigned i = c->at; i < end; i++) {
        uint32_t slot = b->articles[i] - base;
        seen[slot / 64] |= UINT64_C(1) << (slot % 64);
    }
}

static void mark_titled(const fh_cursor *c, unsigned end, uint32_t base, uint64_t *seen)
{
    const fh_block *b = c->data;
    for (unsigned i = c->at; i < end; i++) {
        uint32_t slot = b->articles[i] - base;
        seen[slot / 64] |= (uint64_t)(b->titles[i] > 0) << (slot % 64);
    }
}

static void sum_one(const fh_cursor *c, unsigned i, uint32_t base, const float *norms,
                    double *sums)
{
    uint32_t slot = c->data->articles[i] - base;
    uint32_t frequency = frequency_of(c, i);
    if (frequency > 0)
        sums[slot] += weigh(c->points, frequency, norms[slot]);
}

/* Add the points of the places up to END, four at a time where no titles interfere. */
static void sum(const fh_cursor *c, unsigned end, uint32_t base, const float *norms,
                double *sums)
{
    const fh_block *b = c->data;
    double points = c->points;
    unsigned i = c->at;
    for (; !c->titles && !b->has_titles && i + 4 <= end; i += 4) {
        four_counts counts;
        memcpy(&counts, &b->counts[i], sizeof counts);
        const uint32_t *at = &b->articles[i];
        four norm = {norms[at[0] - base], norms[at[1] - base], norms[at[2] - base],
                     norms[at[3] - base]};
        four f = __builtin_convertvector(counts, four);
        four part = f / (f + norm);
        two low = {(double)part[0], (double)part[1]};
        two high = {(double)part[2], (double)part[3]};
        low = low * points + ROUNDING - ROUNDING;
        high = high * points + ROUNDING - ROUNDING;
        sums[at[0] - base] += low[0];
        sums[at[1] - base] += low[1];
        sums[at[2] - base] += high[0];
        sums[at[3] - base] += high[1];
    }
    for (; i < end; i++)
        sum_one(c, i, base, norms, sums);
}

void fh_cursor_take(fh_cursor *c, uint32_t window, uint64_t *seen, double *sums)
{
    uint32_t base = window * FH_WINDOW;
    const float *norms = NULL;
    if (c->points == 0)
        sums = NULL;
    if (sums && !(norms = fh_matcher_norms(c->matcher, c->segment, window)))
        sums = NULL;
    if (c->made) {
        take_made(c, base, norms, seen, sums);
        return;
    }
    while (c->article != FH_END && c->article - base < FH_WINDOW) {
        unsigned end = end_of_window(c, base);
        if (c->titles)
            mark_titled(c, end, base, seen);
        else
            mark(c, end, base, seen);
        if (sums && count(c))
            sum(c, end, base, norms, sums);
        c->at = end;
        while (!stand(c) && decode(c, c->block + 1))
            continue;
    }
}

uint32_t fh_cursor_positions(fh_cursor *c, uint32_t *out, uint32_t most)
{
    if (c->made || !count(c))
        return 0;
    return fh_block_positions(&c->list, c->data, c->at, out, most);
}
