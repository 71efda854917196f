/*
 * What is written behind a word: pronouns, number, gender. A part of the stemmer `light`, whose words
 * stemmers/affix.h describes.
 */
#ifndef FH_STEMMERS_ENDINGS_H
#define FH_STEMMERS_ENDINGS_H

#include "stemmers/stop.h"

/* A stem: a part of a word, with a feminine ending put to it or not. */
typedef struct fh_stem {
    fh_str word;
    bool feminine;
} fh_stem;

/* Take the endings off WORD, unless one of STOPS or less than three letters would be left. */
fh_stem fh_endings_take(fh_str word, const fh_stop_set *stops);

#endif
