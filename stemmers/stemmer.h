/*
 * The table of stemmers. Adding one is one file and one row in stemmer.c.
 *
 * A stemmer takes one word and gives one stem. It is a pure function of the word.
 */
#ifndef FH_STEMMERS_STEMMER_H
#define FH_STEMMERS_STEMMER_H

#include "base/status.h"

typedef struct fh_stemmer {
    const char *name;   /* what --stemmer calls it, and what stands in the analysis id */
    const char *source; /* where it comes from, one sentence for --help and the man page */
    bool as_written;    /* it wants the word as the text has it, not folded */
    /* Make a state for one thread; NULL in *STATE is a state too. */
    fh_status (*open)(void **state, fh_error *err);
    /*
     * Stem the word of LEN bytes (1 to FH_TERM_MAX, valid UTF-8, no NUL) in place, in a buffer
     * of FH_TERM_MAX bytes; returns the new length, at least 1.
     */
    size_t (*stem)(void *state, char *word, size_t len);
    void (*close)(void *state);
} fh_stemmer;

/* The row of that name, or NULL. */
const fh_stemmer *fh_stemmer_find(const char *name);

/* All rows, in the order to list them; *COUNT of them. */
const fh_stemmer *fh_stemmer_table(size_t *count);

/* The rows' functions; see none.c, light.c, snowball.c. */
fh_status fh_stemmer_open_nothing(void **state, fh_error *err);
void fh_stemmer_close_nothing(void *state);
size_t fh_none_stem(void *state, char *word, size_t len);
fh_status fh_light_open(void **state, fh_error *err);
size_t fh_light_stem(void *state, char *word, size_t len);
void fh_light_close(void *state);
fh_status fh_snowball_open(void **state, fh_error *err);
size_t fh_snowball_stem(void *state, char *word, size_t len);
size_t fh_snowball_stem_bare(void *state, char *word, size_t len);
void fh_snowball_close(void *state);

/*
 * Take the article off the folded Arabic WORD, with what is written in front of it; the new
 * length.
 */
size_t fh_light_bare(char *word, size_t len);

#endif
