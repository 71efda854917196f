/*
 * The moment at which a search gives up, as fh_search has it: nanoseconds of CLOCK_MONOTONIC; 0: never.
 */
#ifndef FH_SEARCHER_DEADLINE_H
#define FH_SEARCHER_DEADLINE_H

#include "base/status.h"

/* A loop of small steps looks at the clock once in so many. */
#define FH_DEADLINE_STEPS 1024

/* The moment in MS milliseconds; 0 for 0. */
int64_t fh_deadline_in(uint32_t ms);

bool fh_deadline_passed(int64_t deadline);

/* Fails with FH_ESTOPPED once the deadline has passed. */
fh_status fh_deadline_check(int64_t deadline, fh_error *err);

#endif
