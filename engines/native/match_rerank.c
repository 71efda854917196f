/*
 * The best articles of a search raised for words that stand close together, and early: what fh_rerank
 * of engine.h says, in points.
 *
 * The articles are gone through in order of their numbers, with a cursor for each word. All of them:
 * what an article can be raised by at most rules out one in ten, and takes as long to find (measured).
 */
#include <stdlib.h>

#include "engines/native/matching.h"

/* So many places of a word in one article are looked at. */
#define PLACES_MAX (1u << 22)

/* A word of the query, and where it stands in the article at hand. */
typedef struct word {
    fh_goal goal;  /* its points: what the formula multiplies for weight 1 */
    double weight; /* of its leaf */
    fh_cursor cursor;
    uint32_t frequency; /* weighted; 0: it is not there */
    uint32_t titles;    /* the first places, which are in the title */
    uint32_t count;
    uint32_t room;
    uint32_t *places;
} word;

/* Two words that follow one another. */
typedef struct pair {
    word *first;
    word *second;
    double points; /* the mean of theirs */
} pair;

struct fh_raise {
    fh_matcher *matcher;
    const fh_rerank *how;
    word *words;
    size_t count;
    pair *pairs;
    size_t pair_count;
    size_t segment; /* of the cursors; SIZE_MAX: they are not open */
};

/* ---- Making ready ---- */

/* The goal of the leaf EXPR within GOAL, or NULL. */
static const fh_goal *find_leaf(const fh_goal *goal, const fh_expr *expr)
{
    const fh_goal *found = goal->expr == expr ? goal : NULL;
    for (size_t i = 0; i < goal->count && !found; i++)
        found = find_leaf(goal->kids[i], expr);
    return found;
}

/* The word of the leaf EXPR, made unless it is there; NULL when memory ran out. */
static word *find_word(fh_raise *r, const fh_expr *expr, const fh_goal *goal)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->words[i].goal.expr == expr)
            return &r->words[i];
    const fh_goal *leaf = find_leaf(goal, expr);
    if (!leaf)
        leaf = fh_goal_make(r->matcher, expr);
    if (!leaf)
        return NULL;
    word *w = &r->words[r->count++];
    *w = (word){.goal = *leaf, .weight = (double)expr->weight};
    w->goal.points = fh_matcher_worth(r->matcher, leaf->articles);
    return w;
}

static bool make_words(fh_raise *r, const fh_goal *goal)
{
    word *before = NULL;
    for (size_t i = 0; i < r->how->count; i++) {
        word *w = find_word(r, r->how->words[i], goal);
        if (!w)
            return false;
        if (before && !fh_str_equal(before->goal.expr->text, w->goal.expr->text))
            r->pairs[r->pair_count++] =
                (pair){before, w, (before->goal.points + w->goal.points) / 2};
        before = w;
    }
    return true;
}

fh_raise *fh_raise_make(fh_matcher *m, const fh_rerank *how, const fh_goal *goal)
{
    if (how->count == 0)
        return NULL;
    fh_raise *r = fh_matcher_alloc(m, sizeof *r);
    if (!r)
        return NULL;
    *r = (fh_raise){.matcher = m, .how = how, .segment = SIZE_MAX};
    r->words = fh_matcher_alloc(m, how->count * sizeof *r->words);
    r->pairs = fh_matcher_alloc(m, how->count * sizeof *r->pairs);
    return r->words && r->pairs && make_words(r, goal) ? r : NULL;
}

double fh_raise_most(const fh_raise *r)
{
    double most = 0;
    for (size_t i = 0; i < r->count; i++)
        most += r->words[i].weight * r->words[i].goal.points;
    for (size_t i = 0; i < r->pair_count; i++)
        most += ((double)r->how->ordered + (double)r->how->close) * r->pairs[i].points;
    return most;
}

/* Bring all points to the scale of the search. */
static void scale(fh_raise *r)
{
    for (size_t i = 0; i < r->count; i++)
        r->words[i].goal.points *= r->matcher->scale;
    for (size_t i = 0; i < r->pair_count; i++)
        r->pairs[i].points *= r->matcher->scale;
}

/* ---- Where the words of an article stand ---- */

/* Read the places of W in the article at which its cursor stands. */
static void read_places(fh_matcher *m, word *w)
{
    const fh_block *b = w->cursor.data;
    uint32_t count = b->counts[w->cursor.at];
    count = count < PLACES_MAX ? count : PLACES_MAX;
    if (count > w->room) {
        w->places = fh_matcher_alloc(m, 2 * (size_t)count * sizeof *w->places);
        w->room = w->places ? 2 * count : 0;
    }
    if (count <= w->room)
        w->count = fh_cursor_positions(&w->cursor, w->places, count);
}

/* Bring all words to ARTICLE. */
static void seek_words(fh_raise *r, uint32_t article)
{
    for (size_t i = 0; i < r->count; i++) {
        word *w = &r->words[i];
        if (w->cursor.article < article)
            fh_cursor_seek(&w->cursor, article);
        bool there = w->cursor.article == article;
        w->frequency = there ? fh_cursor_frequency(&w->cursor) : 0;
        w->titles = w->frequency > 0 ? w->cursor.data->titles[w->cursor.at] : 0;
        w->count = 0;
    }
}

/* What the place NUMBER of W counts. */
static uint32_t weigh_place(const word *w, uint32_t number)
{
    return number < w->titles ? FH_TITLE_WEIGHT : 1;
}

/*
 * Count the places of the first word of P: *ORDERED those right behind which the second stands, *CLOSE
 * those that the second is at most WINDOW before or behind.
 */
static void count_pair(const pair *p, uint32_t window, uint32_t *ordered, uint32_t *close)
{
    const word *a = p->first, *b = p->second;
    uint32_t near = 0, next = 0; /* the first of B from the window's beginning, and behind */
    *ordered = *close = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        uint64_t place = a->places[i];
        while (near < b->count && b->places[near] + (uint64_t)window < place)
            near++;
        while (next < b->count && b->places[next] <= place)
            next++;
        if (near < b->count && b->places[near] <= place + window)
            *close += weigh_place(a, i);
        if (next < b->count && b->places[next] == place + 1)
            *ordered += weigh_place(a, i);
    }
}

/* How many places of W are in the body and at most at LEAD. */
static uint32_t count_lead(const word *w, uint32_t lead)
{
    uint32_t count = 0;
    for (uint32_t i = w->titles; i < w->count && w->places[i] <= lead; i++)
        count++;
    return count;
}

/* ---- What an article is raised by ---- */

/* f / (f + norm), and 0 for 0. */
static double saturate(double frequency, double norm)
{
    return frequency > 0 ? frequency / (frequency + norm) : 0;
}

static int64_t round_points(double points)
{
    return (int64_t)(points + .5);
}

/* What W would give more for COUNT places in the lead. */
static int64_t lead_points(const fh_raise *r, const word *w, uint32_t count, double norm)
{
    double more = (double)w->frequency + (double)r->how->lead_weight * count;
    return round_points(w->weight * w->goal.points *
                        (saturate(more, norm) - saturate(w->frequency, norm)));
}

static int64_t pair_points(const fh_raise *r, const pair *p, uint32_t ordered, uint32_t close,
                           double norm)
{
    return round_points(p->points * ((double)r->how->ordered * saturate(ordered, norm) +
                                     (double)r->how->close * saturate(close, norm)));
}

/* What the words at hand lift their article by. */
static int64_t lift(fh_raise *r, double norm)
{
    int64_t points = 0;
    for (size_t i = 0; i < r->count; i++) {
        word *w = &r->words[i];
        if (w->frequency == 0)
            continue;
        read_places(r->matcher, w);
        points += lead_points(r, w, count_lead(w, r->how->lead), norm);
    }
    for (size_t i = 0; i < r->pair_count; i++) {
        uint32_t ordered, close;
        count_pair(&r->pairs[i], r->how->window, &ordered, &close);
        if (close > 0 || ordered > 0)
            points += pair_points(r, &r->pairs[i], ordered, close, norm);
    }
    return points;
}

/* ---- All of them ---- */

/* Open the cursors in SEGMENT, for articles from LOCAL on. */
static void open_segment(fh_raise *r, size_t segment, uint32_t local)
{
    r->segment = segment;
    for (size_t i = 0; i < r->count; i++) {
        word *w = &r->words[i];
        fh_cursor_open_at(&w->cursor, r->matcher, segment, &w->goal, local);
    }
}

static void raise_one(fh_raise *r, fh_best *best)
{
    uint32_t local;
    size_t segment = fh_shelf_find(r->matcher->shelf, best->document, &local);
    const float *norms = fh_matcher_norms(r->matcher, segment, local / FH_WINDOW);
    if (!norms || !fh_matcher_tick(r->matcher))
        return;
    if (segment != r->segment)
        open_segment(r, segment, local);
    seek_words(r, local);
    double norm = (double)norms[local % FH_WINDOW];
    best->raised = lift(r, norm);
    best->key += best->raised;
}

static int compare_documents(const void *a, const void *b)
{
    uint32_t x = ((const fh_best *)a)->document;
    uint32_t y = ((const fh_best *)b)->document;
    return (x > y) - (x < y);
}

void fh_raise_best(fh_raise *r, fh_top *top)
{
    size_t count = top->count < r->how->depth ? top->count : r->how->depth;
    scale(r);
    if (count > 0)
        qsort(top->heap, count, sizeof *top->heap, compare_documents);
    for (size_t i = 0; i < count; i++)
        raise_one(r, &top->heap[i]);
    fh_best_sort(top->heap, count);
}
