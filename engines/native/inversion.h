/*
 * From articles as rows of words to words as rows of articles.
 *
 * Terms are sorted once. Then, for one range of terms after the other, all words are gone
 * through and those of the range are dealt out to the rows of their terms, whose lengths are
 * known, so that nothing is ever compared or moved. (Ranges, because memory that is touched
 * the first time costs more than to go through the words a few times more: measured.)
 */
#ifndef FH_ENGINES_NATIVE_INVERSION_H
#define FH_ENGINES_NATIVE_INVERSION_H

#include "engines/native/dictionary.h"
#include "engines/native/gathering.h"

/* The terms of one form in order. */
typedef struct fh_inversion {
    const fh_gathering *gathering;
    fh_form form;
    uint32_t count;
    uint32_t *order;  /* the numbers of the terms in order of their codes */
    uint64_t *starts; /* by place in that order, and one behind: words of all terms before */
    uint32_t *
        *ranks;     /* of each bundle's spellings: place of its term, FH_NO_TERM, FH_NO_WORD */
    char *codes;    /* of the terms, one after the other by number */
    uint64_t *ends; /* by number of term: where its code ends */
} fh_inversion;

/* Sort the terms of FORM of G. */
fh_status fh_inversion_make(const fh_gathering *g, fh_form form, fh_inversion *out,
                            fh_error *err);
void fh_inversion_free(fh_inversion *v);

/*
 * Where to cut the terms into COUNT ranges of about as many words: CUTS[0] = 0, ...,
 * CUTS[COUNT] = all; others are multiples of UNIT.
 */
void fh_inversion_cut(const fh_inversion *v, uint32_t unit, size_t count, uint32_t *cuts);

/* Memory that writing one range after the other uses again; begin with a zeroed one. */
typedef struct fh_rows {
    void *words;
    size_t words_room;
    uint32_t *next;
    size_t next_room;
    uint32_t *articles, *counts, *titles; /* of the term that is written */
    size_t room;
} fh_rows;

void fh_rows_free(fh_rows *r);

/* Write the terms at [FROM, TO) of the order into W. LENGTHS are the words of each article. */
fh_status fh_inversion_write(const fh_inversion *v, const uint32_t *lengths, uint32_t from,
                             uint32_t to, fh_rows *rows, fh_terms_writer *w, fh_error *err);

#endif
