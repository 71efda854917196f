/*
 * Which words of a text a query matched: the reading half of snippets.
 */
#ifndef FH_SEARCHER_LIGHTS_H
#define FH_SEARCHER_LIGHTS_H

#include "searcher/snippet.h"

/* One word of a text that was read. */
typedef struct fh_lit_word {
    fh_span span;
    uint16_t light;    /* the number of the light it matched, from 1; 0: none */
    uint16_t spelling; /* its number among the words of phrases and the like, from 1; 0: none */
} fh_lit_word;

/* A text that was read. The words live until the next reading. */
typedef struct fh_lit_text {
    const fh_lit_word *words;
    size_t count;
    size_t lit;  /* how many of them are lit */
    bool whole;  /* false: the text goes on */
    bool middle; /* words before the first one were dropped */
} fh_lit_text;

/*
 * Read TEXT, up to LIMIT bytes or, when nothing is lit by then, until something is.
 * FIELD decides whether lights for titles only count.
 */
fh_status fh_lights_read(fh_lights *l, fh_str text, fh_field field, size_t limit,
                         fh_lit_text *out, fh_error *err);

/* How many lights there are; the numbers in words go from 1 to this. */
size_t fh_lights_count(const fh_lights *l);

#endif
