/*
 * One search from its request to its results, on an index that is open.
 */
#ifndef FH_SEARCHER_ANSWER_H
#define FH_SEARCHER_ANSWER_H

#include "engines/engine.h"
#include "searcher/fihris.h"
#include "searcher/plan.h"

/* A search on its way. What asks sets the first five; all that is made lives in the arena. */
typedef struct fh_job {
    fh_index *index;
    fh_analyser *analyser;
    const fh_request *request;
    int64_t deadline; /* see searcher/deadline.h */
    fh_arena *arena;
    fh_query query;
    fh_finder finder;
    fh_plan plan;
    fh_page page;
    fh_results *out;
} fh_job;

/*
 * Search as JOB says. out: *OUT, but for what is known of the whole call (took_us, generation).
 * Fails as fh_searcher_search does, and with FH_ECHANGED as the engine does.
 */
fh_status fh_answer(fh_job *job, fh_results *out, fh_error *err);

/* Plan the query of JOB, phrases as words with RELAX, and ask the index for the page. */
fh_status fh_answer_ask(fh_job *job, bool relax, fh_error *err);

#endif
