/*
 * The elements of HTML: what each means for the text inside it.
 */
#ifndef FH_INDEXER_HTML_TAGS_H
#define FH_INDEXER_HTML_TAGS_H

#include "base/types.h"

/* The elements that are spoken of one by one. */
typedef enum fh_html_tag {
    FH_TAG_OTHER,
    FH_TAG_A,
    FH_TAG_ARTICLE,
    FH_TAG_BODY,
    FH_TAG_BR,
    FH_TAG_CELL, /* of a table, and its rows */
    FH_TAG_FORM,
    FH_TAG_H1,
    FH_TAG_HEADER,
    FH_TAG_HEADING, /* h2 to h6 */
    FH_TAG_LINK,
    FH_TAG_LIST,
    FH_TAG_MAIN,
    FH_TAG_MARGIN, /* nav and footer */
    FH_TAG_META,
    FH_TAG_P,
    FH_TAG_PRE,
    FH_TAG_SCRIPT,
    FH_TAG_TIME,
    FH_TAG_TITLE
} fh_html_tag;

/* What an element is to a reader; several at once. */
enum {
    FH_HTML_BLOCK = 1 << 0,     /* begins and ends a line */
    FH_HTML_HOLDER = 1 << 1,    /* a block that holds whole texts */
    FH_HTML_UNSEEN = 1 << 2,    /* shows no text of its page */
    FH_HTML_FURNITURE = 1 << 3, /* belongs to the page and not to the article */
    FH_HTML_VOID = 1 << 4,      /* has no end tag */
    FH_HTML_IDLE = 1 << 5,      /* says nothing, whether it is there or not */
    FH_HTML_VERBATIM = 1 << 6   /* its line feeds are seen */
};

typedef struct fh_html_element {
    const char *name;
    fh_html_tag tag;
    unsigned traits;
} fh_html_element;

/* The element NAME, in any letters; one of no traits when it is not known. */
const fh_html_element *fh_html_element_find(fh_str name);

#endif
