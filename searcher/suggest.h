/*
 * Completions of the last word of a query, from the words of the index.
 */
#ifndef FH_SEARCHER_SUGGEST_H
#define FH_SEARCHER_SUGGEST_H

#include "engines/engine.h"
#include "searcher/fihris.h"
#include "stemmers/analysis.h"

/*
 * Complete the last word of TEXT: the COUNT words that stand in most articles.
 * out: *ITEMS, *FOUND of them, in ARENA; none when the word has less than FH_SUGGEST_LETTERS letters.
 */
fh_status fh_suggest(fh_index *ix, fh_analyser *analyser, fh_str text, size_t count,
                     fh_arena *arena, fh_suggestion **items, size_t *found, fh_error *err);

#endif
