/*
 * The words of a query while it is planned: how they are read, and what stands for those that no
 * article has. plan.c decides which of them must match.
 */
#ifndef FH_SEARCHER_PLAN_WORDS_H
#define FH_SEARCHER_PLAN_WORDS_H

#include "searcher/plan.h"

/* The state of one planning: `status` is its first failure, after which all that it makes is void. */
typedef struct fh_planning {
    const fh_planner *in;
    fh_plan *out;
    fh_ranker ranker;
    size_t words;    /* that were read so far */
    size_t prefixes; /* words with a star, likewise */
    fh_status status;
    fh_error *err;
} fh_planning;

/* Did anything fail, memory in the ranker's hands too? Then `status` says what. */
bool fh_planning_failed(fh_planning *p);

/* The words of a piece of query text, in the planner's arena. */
typedef struct fh_words {
    fh_word *items;
    size_t count;
} fh_words;

/*
 * The words of TEXT as the chain of the index reads them; TEXT is borrowed by them. Beyond the
 * words that the request allows the planning fails with FH_ELIMIT.
 */
fh_words fh_planning_read(fh_planning *p, fh_str text);

/*
 * Append to TO what WORD asks for; when no article has it as it is spelled, what it may have been
 * meant to be stands for it, or beside its stem. It must match, and ADDS gets what only scores; with
 * ADDS NULL it may.
 */
void fh_planning_rank(fh_planning *p, const fh_word *word, fh_manner manner, fh_exprs *to,
                      fh_exprs *adds);

#endif
