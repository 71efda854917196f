/*
 * What the page says by itself, in each of its languages.
 */
#ifndef FH_SEARCHER_SERVE_PAGE_TEXTS_H
#define FH_SEARCHER_SERVE_PAGE_TEXTS_H

#include "searcher/fihris.h"

typedef struct fh_page_texts {
    const char *lang, *dir;
    const char *name;  /* of the page */
    const char *query; /* label of the field */
    const char *search;
    const char *options;
    const char *sort, *best, *newest, *oldest;
    const char *from, *to, *date_hint;
    const char *total, *more; /* behind a total that is not exact */
    const char *dates, *sources;
    const char *every_date, *every_source;
    const char *pages, *earlier, *later;
    const char *nothing, *advice;
    const char *welcome, *syntax;
    const char *wrong;
    const char *other_language, *other_digits;
    const char *suggestions;
    const char *skip;
    const char *better; /* before the query that was probably meant */
    const char *looser; /* before what else can be searched */
    const char *missing,
        *close; /* before words that an article has not, or only a similar one of */
    const char *comma;
    const char *const *steps; /* of FH_STEPS, what each looser search is */
    const char *const
        *notes; /* of FH_NOTES, patterns for fh_note_fill(); NULL: as the note says it */
} fh_page_texts;

/* LANGUAGE is FH_PAGE_ARABIC or FH_PAGE_ENGLISH. */
const fh_page_texts *fh_page_texts_of(int language);

#endif
