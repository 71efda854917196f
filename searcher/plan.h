/*
 * Syntax tree -> expression: which words there are, what must match, what may, what filters.
 */
#ifndef FH_SEARCHER_PLAN_H
#define FH_SEARCHER_PLAN_H

#include "engines/engine.h"
#include "searcher/fihris.h"
#include "searcher/near.h"
#include "searcher/notes.h"
#include "searcher/query.h"
#include "searcher/rank.h"
#include "stemmers/analysis.h"

/* What planning needs. */
typedef struct fh_planner {
    fh_arena *arena;
    fh_index *index; /* for wildcards and the names of sources */
    fh_analyser *analyser;
    fh_finder
        *finder; /* of what was meant by words that no article has; NULL: they stay unknown */
    const fh_request *request;
    int64_t deadline; /* see searcher/deadline.h */
    bool relax;       /* quoted phrases are taken as words */
} fh_planner;

/* What came of it; all in the planner's arena. */
typedef struct fh_plan {
    const fh_expr *expr;   /* NULL: the query asks for nothing */
    fh_clues clues;        /* what scores; none when the query only filters and excludes */
    const fh_asked *asked; /* what they are for, in order of the query */
    fh_rerank rerank;      /* what raises the best */
    const fh_query_node *phrase; /* a phrase that relaxing would take as words, or NULL */
    size_t phrases;              /* how many of them there are */
    fh_notes notes;
} fh_plan;

/*
 * Plan QUERY with the filters of the request around it.
 * Fails with FH_ELIMIT beyond the limits of fihris.h, with FH_EUSAGE for a date that is none, with
 * FH_ESTOPPED at the deadline.
 */
fh_status fh_plan_query(const fh_planner *planner, const fh_query *query, fh_plan *plan,
                        fh_error *err);

#endif
