/*
 * Words of the index near a word that it does not have: what a mistyped word was meant to be.
 */
#ifndef FH_SEARCHER_NEAR_H
#define FH_SEARCHER_NEAR_H

#include "engines/engine.h"
#include "stemmers/analysis.h"

/* The most words that stand for one that was mistyped. */
#define FH_NEAR_WORDS 8
/* The most spellings that are looked up for one query: enough for a dozen words of ten letters. */
#define FH_NEAR_LOOKUPS 20000

/* Of a word whose stem is known, those are near that stand in so many times as many articles. */
#define FH_NEAR_TIMES 10

/* A word of the index; its texts live in the arena of the finder. */
typedef struct fh_near {
    fh_str folded; /* empty when only the stem is known */
    fh_str stem;
    uint32_t spelled;  /* articles that hold the folded form */
    uint32_t articles; /* that hold the stem */
    unsigned cost;     /* how far it is, see fh_slips_cost */
    float weight;      /* what it counts beside the likeliest, which counts 1 */
} fh_near;

typedef struct fh_nears {
    fh_near items[FH_NEAR_WORDS]; /* the likeliest first */
    size_t count;
    bool parts;        /* they are the two words between which the space is missing */
    uint32_t spelled;  /* articles that hold the folded form of the word itself */
    uint32_t articles; /* that hold its stem */
} fh_nears;

/* Looks for near words for one query, and remembers what it found. */
typedef struct fh_finder {
    fh_index *index;
    fh_analyser *analyser; /* is asked for stems */
    fh_arena *arena;
    int64_t deadline;         /* see searcher/deadline.h */
    size_t lookups;           /* that are left of FH_NEAR_LOOKUPS */
    struct fh_sought *sought; /* words that were looked for; NULL to begin with */
} fh_finder;

/*
 * The words near the one with these forms, unless more than RARE articles hold it as it is spelled:
 * one slip of the typist away; when there is none and no article has its stem, the two words it is run
 * together from, else a stem one slip away, else words two likely slips away. None once the lookups of
 * the query are spent.
 * Fails with FH_ESTOPPED at the deadline.
 */
fh_status fh_near_find(fh_finder *f, fh_str folded, fh_str stem, uint32_t rare, fh_nears *found,
                       fh_error *err);

#endif
