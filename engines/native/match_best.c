/*
 * Lists that rank: a term or an ANY by itself, or the terms of a BEST, of which for each article the one
 * counts that gives it most.
 */
#include "engines/native/matching.h"

uint64_t fh_goal_postings(const fh_goal *goal, size_t segment)
{
    uint64_t postings = 0;
    if (goal->kind == FH_EXPR_ANY)
        return goal->made[segment].count;
    if (goal->kind == FH_EXPR_TERM)
        return goal->posted[segment].articles;
    for (size_t i = 0; i < goal->count; i++)
        postings += fh_goal_postings(goal->kids[i], segment);
    return postings;
}

/* ---- Opening and moving ---- */

static void stand(fh_choice *c)
{
    c->article = FH_END;
    for (size_t i = 0; i < c->count; i++)
        if (c->cursors[i].article < c->article)
            c->article = c->cursors[i].article;
}

bool fh_choice_open(fh_choice *c, fh_matcher *m, size_t segment, const fh_goal *goal,
                    bool points)
{
    bool best = goal->kind == FH_EXPR_BEST && goal->count > 1;
    const fh_goal *one = goal->kind == FH_EXPR_BEST ? goal->kids[0] : goal;
    *c = (fh_choice){.count = best ? goal->count : 1, .article = FH_END};
    c->cursors = fh_matcher_alloc(m, c->count * sizeof *c->cursors);
    if (best && points)
        c->room = fh_matcher_alloc(m, sizeof *c->room);
    if (!c->cursors || (best && points && !c->room))
        return false;
    for (size_t i = 0; i < c->count; i++) {
        fh_cursor_open(&c->cursors[i], m, segment, best ? goal->kids[i] : one);
        if (!points)
            c->cursors[i].points = 0;
    }
    stand(c);
    return true;
}

void fh_choice_seek_all(fh_choice *c, uint32_t target)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->cursors[i].article < target)
            fh_cursor_seek(&c->cursors[i], target);
    stand(c);
}

/* ---- Scoring ---- */

int64_t fh_choice_most_points(fh_choice *c)
{
    int64_t most = 0;
    for (size_t i = 0; i < c->count; i++) {
        fh_cursor *cursor = &c->cursors[i];
        int64_t points = cursor->article == c->article ? fh_cursor_points(cursor) : 0;
        most = points > most ? points : most;
    }
    return most;
}

int64_t fh_choice_bound(fh_choice *c, uint32_t from, uint32_t *last)
{
    int64_t most = 0;
    *last = FH_END - 1;
    for (size_t i = 0; i < c->count; i++) {
        uint32_t end;
        int64_t bound = fh_cursor_bound(&c->cursors[i], from, &end);
        most = bound > most ? bound : most;
        *last = end < *last ? end : *last;
    }
    return most;
}

int64_t fh_choice_most(const fh_choice *c)
{
    int64_t most = 0;
    for (size_t i = 0; i < c->count; i++) {
        bool some = c->cursors[i].article != FH_END;
        int64_t points = some ? fh_cursor_most(&c->cursors[i]) : 0;
        most = points > most ? points : most;
    }
    return most;
}

/* ---- Windows ---- */

/* Let what one cursor has in the window, the articles OWN, count where it is more. */
static void keep_most(fh_choice_room *room, const uint64_t *own, uint64_t *any)
{
    for (uint32_t i = 0; i < FH_WINDOW_WORDS; i++) {
        any[i] |= own[i];
        for (uint64_t bits = own[i]; bits; bits &= bits - 1) {
            uint32_t slot = i * 64 + (uint32_t)__builtin_ctzll(bits);
            if (room->own[slot] > room->most[slot])
                room->most[slot] = room->own[slot];
            room->own[slot] = 0;
        }
    }
}

/* Add what counts to SUMS, and forget it. */
static void add_most(fh_choice_room *room, const uint64_t *any, uint64_t *seen, double *sums)
{
    for (uint32_t i = 0; i < FH_WINDOW_WORDS; i++) {
        seen[i] |= any[i];
        for (uint64_t bits = any[i]; bits; bits &= bits - 1) {
            uint32_t slot = i * 64 + (uint32_t)__builtin_ctzll(bits);
            sums[slot] += room->most[slot];
            room->most[slot] = 0;
        }
    }
}

static void take_most(fh_choice *c, uint32_t window, uint64_t *seen, double *sums)
{
    uint64_t any[FH_WINDOW_WORDS] = {0};
    for (size_t i = 0; i < c->count; i++) {
        uint64_t own[FH_WINDOW_WORDS] = {0};
        if (c->cursors[i].article == FH_END || c->cursors[i].article / FH_WINDOW != window)
            continue;
        fh_cursor_take(&c->cursors[i], window, own, c->room->own);
        keep_most(c->room, own, any);
    }
    add_most(c->room, any, seen, sums);
}

void fh_choice_take(fh_choice *c, uint32_t window, uint64_t *seen, double *sums)
{
    if (sums && c->room)
        take_most(c, window, seen, sums);
    else
        for (size_t i = 0; i < c->count; i++)
            if (c->cursors[i].article != FH_END && c->cursors[i].article / FH_WINDOW == window)
                fh_cursor_take(&c->cursors[i], window, seen, sums);
    stand(c);
}
