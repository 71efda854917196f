/*
 * The page as HTML: what was asked, what was found, and the ways on from there.
 */
#ifndef FH_SEARCHER_SERVE_PAGE_HTML_H
#define FH_SEARCHER_SERVE_PAGE_HTML_H

#include "searcher/fihris.h"
#include "searcher/serve/page_texts.h"
#include "searcher/serve/parameters.h"

/* What the page shows. */
typedef struct fh_page_view {
    fh_buffer *out;
    const fh_parameters *p;
    const fh_page_texts *texts;
    const fh_results *found; /* NULL: nothing was asked, or it went wrong */
    const char *wrong;       /* what did, or NULL */
    uint64_t articles;       /* of the index */
} fh_page_view;

/* Append the whole page. */
void fh_page_write(const fh_page_view *view);

/* ---- What its parts are made of, page_parts.c ---- */

/* Append a text of ours, which may hold markup. */
void fh_page_add(const fh_page_view *view, const char *html);
/* Append NUMBER, or TEXT, in the digits that were chosen. */
void fh_page_number(const fh_page_view *view, uint64_t number);
void fh_page_digits(const fh_page_view *view, fh_str text);
/* Append ` href="..."` of the page that asks P. */
void fh_page_href(const fh_page_view *view, const fh_parameters *p);
/* What may have been meant, what was taken differently, what a looser search would find, page_hints.c. */
void fh_page_better(const fh_page_view *view);
void fh_page_notes(const fh_page_view *view);
void fh_page_looser(const fh_page_view *view);
/* Which words of the query RESULT has not, or only similar ones of. */
void fh_page_levels(const fh_page_view *view, const fh_result *result);

/* The picture of dates, the sources, and the pages there are. */
void fh_page_dates(const fh_page_view *view);
void fh_page_sources(const fh_page_view *view);
void fh_page_pages(const fh_page_view *view);

#endif
