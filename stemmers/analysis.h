/*
 * The text-analysis chain: text -> words -> folded words -> stems, pulled term by term or, where
 * much is read, as words by number.
 *
 *   new (start (next)*)* free
 *   new (article (start (read)*)*)* free
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
 * default). An analyser serves one thread. It remembers the spellings it meets, which makes it
 * fast, up to a limit in bytes.
 */
fh_status fh_analyser_new(const char *stemmer, fh_analyser **out, fh_error *err);
void fh_analyser_free(fh_analyser *a);

/* Remember spellings in about so many BYTES; FH_ANALYSER_BYTES unless told. */
#define FH_ANALYSER_BYTES (16u * 1024 * 1024)
void fh_analyser_set_memory(fh_analyser *a, size_t bytes);

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

/*
 * An article begins. Here the numbers of spellings may begin anew, which is told by another edition
 * of the vocabulary; until the next call they all hold, however many spellings the article has, if
 * need be beyond the limit. (Reading term by term lets them begin anew at any time.)
 */
void fh_analyser_article(fh_analyser *a);

/* The spellings met so far; lives as long as the analyser, its count grows as it reads. */
const fh_vocabulary *fh_analyser_vocabulary(const fh_analyser *a);

/*
 * The next words of the text that was started, at most ROOM of them, each by the number of its
 * spelling. A text is read either so or term by term.
 *
 * out: TOKENS and their *COUNT, 0 at the end. A token without forms (the article alone) takes no
 * position. Fails when memory runs out.
 */
fh_status fh_analyser_read(fh_analyser *a, fh_token *tokens, size_t room, size_t *count,
                           fh_error *err);

/* The position of the next word to come; after the last word, one past it. */
uint32_t fh_analyser_position(const fh_analyser *a);

/*
 * Of which shapes the forms of a spelling are, which is found without a look at them: equal forms
 * have the same shape, others seldom, and an empty form has the shape 0.
 */
typedef struct fh_shapes {
    uint8_t form[FH_FORMS];
} fh_shapes;
fh_shapes fh_analyser_shapes(const fh_analyser *a, uint32_t spelling);
uint8_t fh_analysis_shape(fh_str form);

/* Is this folded word one that says nothing about what a text is about (في، من، التي، ...)? */
bool fh_analysis_stops(fh_str folded);

#endif
