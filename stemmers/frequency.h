/*
 * How often words are met: what decides whether a letter belongs to a word or was put to it.
 *
 * The frequencies are those of a corpus of our choice (LICENSES-data.md), made by frequency.py and
 * built into the program. They are a part of the analysis: others give other stems.
 */
#ifndef FH_STEMMERS_FREQUENCY_H
#define FH_STEMMERS_FREQUENCY_H

#include "base/types.h"

/* How often a word is met, to within an eighth. */
typedef struct fh_frequency {
    uint32_t bare;    /* by itself */
    uint32_t article; /* with an article before it */
    bool word;        /* is it in the dictionary? */
    bool name;        /* is it a name, and seldom anything else? */
} fh_frequency;

/*
 * The frequency of the folded WORD, which has no article. Zero for a word that is not known, and
 * for most words that are met only once.
 */
fh_frequency fh_frequency_of(fh_str word);

/* How many words are known. */
size_t fh_frequency_count(void);

#endif
