/*
 * A query as engines see it: a tree over index terms, that knows neither Arabic nor query syntax.
 *
 * A tree is built in an arena, is not changed afterwards, and lives as long as the arena.
 */
#ifndef FH_ENGINES_EXPR_H
#define FH_ENGINES_EXPR_H

#include "base/buffer.h"
#include "base/status.h"

/* The deepest tree an engine accepts, and the most nodes; beyond, FH_ELIMIT. */
#define FH_EXPR_DEPTH_MAX 256
#define FH_EXPR_NODES_MAX 20000

/*
 * What a tree scores. A TERM gives each article that holds it
 *
 *   weight * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len / avglen))
 *
 *   tf    how often it stands in the body, plus FH_TITLE_WEIGHT times how often in the title; for a
 *         term in titles only the latter
 *   idf   ln(1 + (n - df + .5) / (df + .5)); df of n articles hold it, in titles for a term in titles
 *   len   the words of title and body that have positions; avglen is the mean of all articles
 *
 * with k1 and b of engine.h. ANY is one term: tf is the sum of its kids', and df the number of
 * articles that hold any of them. BEST gives its weight times the most that one of its kids gives, each
 * with its own weight. PHRASE and NEAR give weight times the sum of what their kids score
 * as terms of weight 1; a word that stands twice in them counts twice. The weights of kids of ANY,
 * PHRASE and NEAR do not count.
 *
 * tests/unit/exhaustive.h is the same as a program. Xapian ranks by a BM25 of its own and agrees in
 * what is found and in totals only.
 */
typedef enum fh_expr_kind {
    /* Leaves */
    FH_EXPR_NOTHING, /* no article */
    FH_EXPR_ALL,     /* every article, score 0 */
    FH_EXPR_TERM,    /* articles that hold the term */
    FH_EXPR_SOURCE,  /* articles whose source is the text, byte for byte; score 0 */
    FH_EXPR_DATE,    /* articles dated between first and last, both included; score 0 */
    /* Nodes */
    FH_EXPR_OR,     /* any kid; the scores of those that match add up */
    FH_EXPR_AND,    /* all kids; scores add up */
    FH_EXPR_NOT,    /* the first kid and none of the others; the first one's score */
    FH_EXPR_MAYBE,  /* the first kid; the others only add to its score */
    FH_EXPR_FILTER, /* the first kid and all of the others; the first one's score */
    FH_EXPR_ANY,    /* any kid, all of them terms; they score as if they were one term */
    FH_EXPR_BEST, /* any kid, all of them terms; the score of the one that gives the article most */
    FH_EXPR_PHRASE, /* all kids, folded terms, in this order at distances as kids[i].offset; a kid in
                     * titles must stand in the title */
    FH_EXPR_NEAR /* all kids, folded terms of one field, each at a place of its own, in any order:
                     * the last place minus the first is less than `window` */
} fh_expr_kind;

typedef struct fh_expr {
    fh_expr_kind kind;
    float weight;    /* multiplies the score of a TERM, ANY, PHRASE or NEAR; 0: it has none */
    fh_form form;    /* TERM */
    fh_field field;  /* TERM: FH_FIELD_ANY or FH_FIELD_TITLE */
    fh_str text;     /* TERM, SOURCE */
    uint32_t offset; /* TERM inside a PHRASE: position minus that of the phrase's first word */
    uint32_t window; /* NEAR: in words, at least `count` */
    int64_t first;   /* DATE, seconds */
    int64_t last;
    size_t count; /* nodes */
    struct fh_expr **kids;
} fh_expr;

/* Each of these copies what it is given into the arena and returns NULL when memory runs out. */
fh_expr *fh_expr_leaf(fh_arena *a, fh_expr_kind kind);
fh_expr *fh_expr_term(fh_arena *a, fh_form form, fh_field field, fh_str text, float weight);
fh_expr *fh_expr_source(fh_arena *a, fh_str text);
fh_expr *fh_expr_date(fh_arena *a, int64_t first, int64_t last);
/* A node over COUNT KIDS; with one kid OR, AND, NOT, MAYBE and FILTER are that kid itself; without
 * kids OR is NOTHING and AND is ALL. A NULL among the kids gives NULL. */
fh_expr *fh_expr_node(fh_arena *a, fh_expr_kind kind, fh_expr *const *kids, size_t count);

/* Is EXPR within FH_EXPR_DEPTH_MAX and FH_EXPR_NODES_MAX? */
bool fh_expr_fits(const fh_expr *expr);

/*
 * Is EXPR one that engines take? Fails with FH_ELIMIT unless it fits, with FH_EUSAGE for a weight that
 * is negative or no number, for a kid of ANY, PHRASE or NEAR that is not as it must be, and for
 * offsets that do not ascend.
 */
fh_status fh_expr_check(const fh_expr *expr, fh_error *err);

#endif
