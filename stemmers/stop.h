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

/* The stop words again, for who looks up many words: a table of hashes. */
#define FH_STOP_SLOT_BITS 11
#define FH_STOP_SLOTS     (1U << FH_STOP_SLOT_BITS)
typedef struct fh_stop_set {
    uint16_t word[FH_STOP_SLOTS]; /* its place in the table, from 1; 0: none */
} fh_stop_set;

/* Fill SET, whatever it held. */
void fh_stop_set_fill(fh_stop_set *set);
/* What fh_stop_has() says. */
bool fh_stop_set_has(const fh_stop_set *set, fh_str folded);

#endif
