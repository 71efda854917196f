/*
 * The text-analysis chain: text -> words -> folded words -> stems, pulled term by term.
 *
 *   new (start (next)*)* free
 *
 * The same chain reads articles and queries, so that both meet in the same terms. An index
 * keeps the chain's id; a searcher whose id is another one cannot read it.
 */
#ifndef FH_STEMMERS_ANALYSIS_H
#define FH_STEMMERS_ANALYSIS_H

#include "base/status.h"

/* The stemmer that is used when nothing else is asked for. */
#define FH_STEMMER_DEFAULT "light"

typedef struct fh_analyser fh_analyser;

/*
 * Make an analyser that stems by the stemmer named (see stemmers/stemmer.h; NULL for the
 * default). An analyser serves one thread. It keeps a cache of words, which makes it fast and
 * bounded in size.
 */
fh_status fh_analyser_new(const char *stemmer, fh_analyser **out, fh_error *err);
void fh_analyser_free(fh_analyser *a);

/*
 * What this analyser does to a text, as a short name such as "ar1/light"; lives as long as it.
 */
const char *fh_analyser_id(const fh_analyser *a);

/*
 * The stemmer's name inside an analysis ID that this program can run, or NULL when ID is of
 * another version or stemmer. It points into ID.
 */
const char *fh_analysis_stemmer(const char *id);

/*
 * Begin to read TEXT, valid UTF-8, which must stay until the last term was taken. Of a text of
 * 4 GB or more the beginning is read. POSITION is that of the first word: 1, or what
 * fh_analyser_position() gave and FH_FIELD_GAP.
 */
void fh_analyser_start(fh_analyser *a, fh_str text, fh_field field, uint32_t position);

/*
 * The next term: for each word its folded form, then its stem, at the same position.
 *
 * out: *TERM; its text lives until the next call of start or next. Returns false at the end.
 * Every word has both forms, which may be the same. stemmers/words.h says what a word is; the
 * article alone is none, and takes no position.
 */
bool fh_analyser_next(fh_analyser *a, fh_term *term);

/* The position of the next word to come; after the last word, one past it. */
uint32_t fh_analyser_position(const fh_analyser *a);

/* Is this folded word one that says nothing about what a text is about (في، من، التي، ...)? */
bool fh_analysis_stops(fh_str folded);

#endif
