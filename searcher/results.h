/*
 * Hits -> results: snippets, how each word of the query matched, and what it scored.
 */
#ifndef FH_SEARCHER_RESULTS_H
#define FH_SEARCHER_RESULTS_H

#include "searcher/answer.h"

/* The parts of an article that the hits of REQUEST must bring for their results to be made. */
fh_parts fh_results_parts(const fh_request *request);

/* Make the results of the page of JOB, with its total, in its `out`. */
fh_status fh_results_fill(fh_job *job, fh_error *err);

#endif
