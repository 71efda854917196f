/*
 * A query that found nothing -> the text of a looser one, in the language of fihris-query(7).
 */
#ifndef FH_SEARCHER_LOOSEN_H
#define FH_SEARCHER_LOOSEN_H

#include "searcher/query.h"
#include "stemmers/analysis.h"

/* "some words" are searched within so many when they were a phrase, and twice their number if that is more. */
#define FH_LOOSEN_WINDOW 10

/*
 * Append QUERY, loosened by STEP, to OUT; with FH_STEP_BETTER as it is, in the writing of this function,
 * so that texts can be compared. A query that is words only has nothing to loosen. An Arabic word that
 * could be an operator stays bare, and may become one where a parenthesis was all that kept it a word.
 */
void fh_loosen(const fh_query *query, fh_step step, fh_analyser *analyser, fh_buffer *out);

#endif
