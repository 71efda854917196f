/*
 * Folding: one word in any spelling -> the one spelling under which it is looked up.
 *
 * fold.md holds the table, code point by code point, with the reasons; fold.c does what it
 * says.
 */
#ifndef FH_STEMMERS_FOLD_H
#define FH_STEMMERS_FOLD_H

#include "base/types.h"

/*
 * Fold WORD, valid UTF-8, as stemmers/words.h delimits words.
 *
 * out: at most FH_TERM_MAX bytes at OUT, valid UTF-8, cut at a character when the word is
 * longer. Returns their number; 0 when nothing is left, which only a word without letters and
 * digits can be. Folding what is folded changes nothing.
 */
size_t fh_fold(fh_str word, char *out);

#endif
