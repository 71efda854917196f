/*
 * Stop words: Arabic function words, which say nothing about what a text is about.
 *
 * Our own selection. They are indexed like all words (phrases need them) and left out where words
 * are ranked.
 */
#ifndef FH_STEMMERS_STOP_H
#define FH_STEMMERS_STOP_H

#include "base/types.h"

/* Is FOLDED, the folded form of a word, a stop word? */
bool fh_stop_has(fh_str folded);

/* All stop words, folded, in ascending order of bytes; *COUNT of them. */
const char *const *fh_stop_table(size_t *count);

#endif
