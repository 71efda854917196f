/*
 * How a folded word is written: an index keeps words folded, and articles as they were written.
 */
#ifndef FH_SEARCHER_SPELLING_H
#define FH_SEARCHER_SPELLING_H

#include "engines/engine.h"
#include "stemmers/analysis.h"

/* So many titles are asked how they write a word. */
#define FH_SPELLING_TITLES 3

/*
 * The spelling of the word FOLDED that most of some titles have, or else that of one body, without
 * tashkeel and tatweel.
 * out: *WRITTEN, in ARENA; FOLDED itself when the index has no article with it.
 */
fh_status fh_spelling_find(fh_index *ix, fh_analyser *analyser, fh_str folded, int64_t deadline,
                           fh_arena *arena, fh_str *written, fh_error *err);

#endif
