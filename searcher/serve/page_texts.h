/*
 * What the page says by itself, in each of its languages.
 */
#ifndef FH_SEARCHER_SERVE_PAGE_TEXTS_H
#define FH_SEARCHER_SERVE_PAGE_TEXTS_H

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
} fh_page_texts;

/* LANGUAGE is FH_PAGE_ARABIC or FH_PAGE_ENGLISH. */
const fh_page_texts *fh_page_texts_of(int language);

#endif
