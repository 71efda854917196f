/*
 * Matching: an expression against segments. For the files match_*.c and native_search.c only.
 *
 *   expression -> fh_goal, once a search: terms looked up in all segments, weights computed
 *   fh_goal -> fh_match, once a segment: an iterator over the local numbers of what matches
 *
 * Scores are counted in points: score * scale, rounded to an integer, with a power of two for
 * scale that fits the query. Sums of integers do not depend on their order, so that articles
 * with equal evidence have exactly equal scores however the work was pruned, and ties can be
 * broken by the document number.
 */
#ifndef FH_ENGINES_NATIVE_MATCHING_H
#define FH_ENGINES_NATIVE_MATCHING_H

#include "engines/native/lists.h"
#include "engines/native/native_index.h"

/* Articles are counted and scored in windows of so many. */
#define FH_WINDOW 2048u

/* Words that have a bit for each article of a window. */
#define FH_WINDOW_WORDS (FH_WINDOW / 64)

/* The local number that comes behind all others. */
#define FH_END UINT32_MAX

/* What searches keep from one to the next, and what the one under way works with. */
struct fh_matcher {
    fh_arena arena; /* of one search */
    fh_shelf *shelf;
    double average;              /* words of an article */
    double scale;                /* points of a score of 1 */
    int64_t deadline;            /* as in fh_search */
    unsigned ticks;              /* until the clock is looked at again */
    bool late;                   /* the deadline has passed: all loops end */
    bool failed;                 /* memory ran out */
    const struct fh_match *root; /* the whole query, where articles are asked one by one */
    int64_t threshold;           /* of no use to the root is what has not more points */
    uint64_t generation;         /* of the shelf that the norms are of */
    fh_arena norms_memory;       /* until the next generation */
    float ***norms;              /* of each segment, of each window: see fh_matcher_norms() */
};

/*
 * A matcher for what the index is now, with nothing of the last search in it; NULL when memory ran out.
 */
fh_matcher *fh_matcher_prepare(fh_nindex *ix, int64_t deadline);
/* What ended a search, if it was not its end. */
fh_status fh_matcher_conclude(const fh_matcher *m, fh_error *err);

/*
 * Count one piece of work (a block, a window, a position list); false when it is time to give
 * up.
 */
bool fh_matcher_tick(fh_matcher *m);

/* Zeroed memory for this search, or NULL, and `failed` is set. */
void *fh_matcher_alloc(fh_matcher *m, size_t size);

/* What the formula adds to the frequency in an article of LENGTH words. */
static inline float fh_matcher_norm(const fh_matcher *m, uint32_t length)
{
    return (float)(FH_BM25_K1 * (1 - FH_BM25_B + FH_BM25_B * length / m->average));
}

/* Make the norms of WINDOW of segment I; NULL when memory ran out. */
const float *fh_matcher_make_norms(fh_matcher *m, size_t i, uint32_t window);

/*
 * The norms of the articles of WINDOW of segment I, FH_WINDOW of them; NULL when memory ran
 * out.
 */
static inline const float *fh_matcher_norms(fh_matcher *m, size_t i, uint32_t window)
{
    if (m->norms[i] && m->norms[i][window])
        return m->norms[i][window];
    return fh_matcher_make_norms(m, i, window);
}

/* ---- Goals ---- */

/* Postings that were made for one search: the union of the terms of an ANY. */
typedef struct fh_made {
    const uint32_t *articles;
    const uint32_t *frequencies; /* weighted */
    uint32_t count;
} fh_made;

typedef struct fh_goal {
    const fh_expr *expr;
    fh_expr_kind kind;
    double points;     /* TERM, ANY: what the formula multiplies; 0: it does not rank */
    uint64_t articles; /* TERM, ANY: document frequency over all segments */
    fh_posted *posted; /* TERM: of each segment; `articles` 0 where it has none */
    fh_made *made;     /* ANY: of each segment */
    uint32_t *names;   /* SOURCE: its number in each segment, UINT32_MAX for none */
    struct fh_goal **kids;
    size_t count;
} fh_goal;

/* Is it a list that ranks, read by a choice? */
static inline bool fh_goal_is_list(const fh_goal *g)
{
    return g->kind == FH_EXPR_TERM || g->kind == FH_EXPR_ANY || g->kind == FH_EXPR_BEST;
}

/* How many postings the lists of a goal that is one have in SEGMENT. */
uint64_t fh_goal_postings(const fh_goal *goal, size_t segment);

/*
 * Make EXPR, which fh_expr_check() has passed, a goal of this search, in points of a scale of 1; NULL
 * when memory ran out.
 */
fh_goal *fh_goal_make(fh_matcher *m, const fh_expr *expr);
/*
 * Choose the scale of this search, so that the points of GOAL and MORE points beside them fit, and bring
 * GOAL to it.
 */
void fh_goal_scale(fh_matcher *m, fh_goal *goal, double more);
/* What the formula multiplies for a term of weight 1 that DF articles hold. */
double fh_matcher_worth(const fh_matcher *m, uint64_t df);

/* ---- Cursors: the postings of a term, or of an ANY, in one segment ---- */

typedef struct fh_cursor {
    fh_matcher *matcher;
    size_t segment;
    fh_list list;
    const fh_made *made; /* instead of the list, or NULL */
    bool titles;         /* only articles that have it in the title */
    double points;
    uint32_t article;     /* at which it stands, FH_END behind the last */
    uint32_t block;       /* of it, the one decoded */
    unsigned at;          /* in the block, or in `made` */
    uint32_t bound_block; /* whose bound is known */
    int64_t bound;
    fh_block *data; /* NULL until one is decoded */
} fh_cursor;

/* Open a cursor at the first article that is not below TARGET. */
void fh_cursor_open_at(fh_cursor *c, fh_matcher *m, size_t segment, const fh_goal *goal,
                       uint32_t target);
/* ... at the first of all. */
void fh_cursor_open(fh_cursor *c, fh_matcher *m, size_t segment, const fh_goal *goal);
/* Go to the first article that is not below TARGET; never back. */
void fh_cursor_seek(fh_cursor *c, uint32_t target);
int64_t fh_cursor_points(fh_cursor *c);
/*
 * How many points an article of [FROM, *LAST] can have at most, FROM not below `article` or
 * one; sets *LAST.
 */
int64_t fh_cursor_bound(fh_cursor *c, uint32_t from, uint32_t *last);
/* The most points that any of its articles can have. */
int64_t fh_cursor_most(const fh_cursor *c);
/*
 * Take all articles below the end of WINDOW, in which the cursor stands: set their bits in
 * SEEN, and add their points to SUMS unless NULL: integers, in doubles because those can be
 * compared two at a time. Leaves the cursor at the first article behind the window.
 */
void fh_cursor_take(fh_cursor *c, uint32_t window, uint64_t *seen, double *sums);
/* The weighted frequency of the article at which it stands. */
uint32_t fh_cursor_frequency(fh_cursor *c);
/*
 * The positions of the term in the article at which it stands, at most MOST; returns how many.
 */
uint32_t fh_cursor_positions(fh_cursor *c, uint32_t *out, uint32_t most);

/* ---- Choices: a term, an ANY, or a BEST, in one segment ---- */

/* Where a BEST works out what counts in a window; all 0 in between. */
typedef struct fh_choice_room {
    double own[FH_WINDOW];  /* what one of its terms gives */
    double most[FH_WINDOW]; /* the most that any did so far */
} fh_choice_room;

/* Cursors of which for each article the one counts that gives it most. The calls are those of cursors. */
typedef struct fh_choice {
    fh_cursor *cursors;
    size_t count;
    uint32_t article;     /* the first at which one of them stands */
    fh_choice_room *room; /* NULL when there is nothing to choose */
} fh_choice;

/* Open GOAL, which is a list; false when memory ran out. POINTS false: scores do not matter. */
bool fh_choice_open(fh_choice *c, fh_matcher *m, size_t segment, const fh_goal *goal,
                    bool points);
/* The calls for several cursors; most choices have one. */
void fh_choice_seek_all(fh_choice *c, uint32_t target);
int64_t fh_choice_most_points(fh_choice *c);

static inline void fh_choice_seek(fh_choice *c, uint32_t target)
{
    if (c->count > 1) {
        fh_choice_seek_all(c, target);
        return;
    }
    fh_cursor_seek(c->cursors, target);
    c->article = c->cursors->article;
}

static inline int64_t fh_choice_points(fh_choice *c)
{
    return c->count > 1 ? fh_choice_most_points(c) : fh_cursor_points(c->cursors);
}

int64_t fh_choice_bound(fh_choice *c, uint32_t from, uint32_t *last);
int64_t fh_choice_most(const fh_choice *c);
void fh_choice_take(fh_choice *c, uint32_t window, uint64_t *seen, double *sums);

/* ---- Matches: what a goal is in one segment ---- */

typedef struct fh_match fh_match;

typedef struct fh_match_kind {
    /* Go to the first article not below TARGET that may match; never back. */
    void (*seek)(fh_match *m, uint32_t target);
    /* Does the article at which it stands match? NULL: what seek finds always does. */
    bool (*confirm)(fh_match *m);
    /* Does ARTICLE match? For kinds that are a test of one article; the others have NULL. */
    bool (*test)(const fh_match *m, uint32_t article);
    /* The points of the article at which it stands, once confirmed; of a phrase also before. */
    int64_t (*points)(fh_match *m);
    /* As fh_cursor_bound(); NULL: nothing is known. */
    int64_t (*bound)(fh_match *m, uint32_t from, uint32_t *last);
} fh_match_kind;

struct fh_match {
    const fh_match_kind *kind;
    fh_matcher *matcher;
    size_t segment;
    const fh_goal *goal;
    uint32_t article;
    uint64_t cost; /* articles at most */
    fh_match **kids;
    size_t count;
    void *state; /* of the kind */
};

/*
 * Open GOAL in segment I, at its first article; NULL when memory ran out. POINTS false: scores
 * do not matter. A test stands nowhere yet, as most are only asked: fh_match_lead() brings it
 * to its first article.
 */
fh_match *fh_match_open(fh_matcher *m, size_t i, const fh_goal *goal, bool points);
void fh_match_lead(fh_match *m);
/* Go to the first article not below TARGET that matches for sure. */
void fh_match_find(fh_match *m, uint32_t target);
/* Does ARTICLE match? Asked in ascending order. */
bool fh_match_has(fh_match *m, uint32_t article);

/* The kinds that live in files of their own. */
fh_match *fh_match_open_phrase(fh_matcher *m, size_t i, const fh_goal *goal);
fh_match *fh_match_open_union(fh_matcher *m, size_t i, const fh_goal *goal, bool points);

/* Fill the unions of an ANY over all segments. */
bool fh_goal_unite(fh_matcher *m, fh_goal *goal);

/* ---- The best ones ---- */

typedef struct fh_best {
    int64_t key; /* higher is better; with equal keys the lower document */
    uint32_t document;
    int64_t raised; /* how much of the key match_rerank.c added */
} fh_best;

/* The best so far: a heap with the worst at the top. Documents come in ascending order. */
typedef struct fh_top {
    fh_best *heap;
    size_t count;
    size_t capacity;   /* how many are wanted */
    size_t room;       /* for how many there is memory */
    uint64_t total;    /* seen so far */
    uint64_t count_to; /* totals are exact up to here */
    bool complete;     /* nothing was left out of the total */
} fh_top;

/*
 * A key must be above this to be taken; INT64_MIN as long as any is, or as the total must grow.
 */
int64_t fh_top_threshold(const fh_top *t);
/* Offer one; false when memory ran out. */
bool fh_top_offer(fh_top *t, int64_t key, uint32_t document);
/* Order the heap, best first. */
void fh_top_sort(fh_top *t);
/* Order COUNT of them, best first. */
void fh_best_sort(fh_best *best, size_t count);

/* The terms of a query that is ranked by windows: those that all must match, and those that may. */
typedef struct fh_shape {
    fh_goal *const *must;
    size_t must_count;
    fh_goal *const *may;
    size_t may_count;
} fh_shape;

/*
 * Is the goal at AT, behind its filters, an OR of terms, or an AND of terms to which others may add,
 * of which none is rare in the segment? Then *SHAPE has its terms, which are the goal's.
 */
bool fh_shape_find(fh_goal *const *at, size_t segment, fh_shape *shape);

/*
 * Search segment I for GOAL by relevance when it is an OR of terms, or an AND of terms that are
 * not rare to which others may add, perhaps behind filters: true when that was done, false when
 * it is of another shape.
 */
bool fh_match_ranked(fh_matcher *m, size_t i, fh_goal *goal, fh_top *top);

/* ---- Raising the best ones: see fh_rerank of engine.h ---- */

typedef struct fh_raise fh_raise;

/*
 * Make HOW, for the search of GOAL, ready; in points of a scale of 1. NULL when nothing can be raised, or
 * when memory ran out.
 */
fh_raise *fh_raise_make(fh_matcher *m, const fh_rerank *how, const fh_goal *goal);
/* The most points that it can give an article. */
double fh_raise_most(const fh_raise *r);
/* Raise the best of TOP, which is sorted, and sort them anew. */
void fh_raise_best(fh_raise *r, fh_top *top);

#endif
