/*
 * «Did you mean»: a query with the words in it that were probably mistyped as they were meant.
 */
#ifndef FH_SEARCHER_BETTER_H
#define FH_SEARCHER_BETTER_H

#include "searcher/near.h"
#include "searcher/query.h"

/* A word in so many articles may be a slip of theirs, too, ... */
#define FH_BETTER_RARE 2
/* ... when a word near it stands in so many times as many. */
#define FH_BETTER_TIMES 100

/*
 * QUERY as it was typed, but with the words that no article has, or hardly any, as articles write the
 * likeliest word near them. What must be so, or must not be, stays: =words, excluded ones, wildcards,
 * sources.
 * out: *BETTER, in the arena of FINDER; empty when nothing is better.
 */
fh_status fh_better_find(fh_finder *finder, const fh_query *query, fh_str *better,
                         fh_error *err);

#endif
