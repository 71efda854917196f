/*
 * Completions of the last word of a query, from the words of the index.
 */
#ifndef FH_SEARCHER_SUGGEST_H
#define FH_SEARCHER_SUGGEST_H

#include "engines/engine.h"
#include "searcher/fihris.h"
#include "stemmers/analysis.h"

/*
 * Complete the last word of TEXT. Words that begin with it are grouped by their stems, and each group is
 * offered once: in the spelling that most articles have, as they write it, with the number of articles
 * that have the stem; in order of how many have the spelling, COUNT at most. When nothing begins with
 * the word, its clitics stay and the rest is completed; when there is nothing either, a word that it may
 * have been meant to begin.
 * out: *ITEMS, *FOUND of them, in ARENA; none when the word has less than FH_SUGGEST_LETTERS letters.
 */
fh_status fh_suggest(fh_index *ix, fh_analyser *analyser, fh_str text, size_t count,
                     fh_arena *arena, fh_suggestion **items, size_t *found, fh_error *err);

#endif
