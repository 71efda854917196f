/*
 * What is written in front of a word: the article, conjunctions, prepositions. A part of the stemmer
 * `light`, whose words stemmers/affix.h describes.
 */
#ifndef FH_STEMMERS_CLITICS_H
#define FH_STEMMERS_CLITICS_H

#include "base/types.h"

/*
 * The part of WORD behind the article and what is written in front of that, or all of it if there is
 * no article or no word behind it.
 */
fh_str fh_clitics_article(fh_str word);

/*
 * Does WORD, of more than three letters and without an article, begin with a conjunction, a
 * preposition or the particle of the future?
 */
bool fh_clitics_begin(fh_str word);

#endif
