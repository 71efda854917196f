/*
 * One web page as one article.
 *
 *   (read)* free
 *
 * What JSON-LD says goes before <meta>, that before what stands in the text, that before <title>.
 */
#ifndef FH_INDEXER_HTML_PAGE_H
#define FH_INDEXER_HTML_PAGE_H

#include "base/buffer.h"
#include "base/status.h"

/* The longest page, in bytes. */
#define FH_HTML_PAGE_MAX (5u * 1024 * 1024)

/* Keywords beyond so many are left out. */
#define FH_HTML_KEYWORDS_MAX 100

/* What was left out of a page, and is worth a word. */
typedef struct fh_html_gaps {
    bool crowded;    /* tags of more than FH_HTML_ATTRIBUTES_MAX attributes */
    bool deep;       /* elements inside more than FH_HTML_DEPTH_MAX others */
    bool many;       /* more than FH_HTML_NODES_MAX elements */
    fh_error script; /* why the first bad JSON-LD is bad; of status FH_OK when none is */
    fh_str date;     /* a date that is not understood, when there is no other */
} fh_html_gaps;

/* Begin with a zeroed one. */
typedef struct fh_html_page {
    fh_article article; /* its texts live until the next read, or free */
    fh_html_gaps gaps;
    fh_arena texts;
    fh_buffer body;
} fh_html_page;

/*
 * Read TEXT, valid UTF-8. NUL bytes in it become U+FFFD, and other control characters nothing.
 *
 * Fails with FH_ELIMIT for more than FH_HTML_PAGE_MAX bytes, FH_EFORMAT for a page without any text, and
 * FH_ENOMEM. Several threads may read pages at once.
 */
fh_status fh_html_page_read(fh_html_page *page, fh_str text, fh_error *err);

void fh_html_page_free(fh_html_page *page);

#endif
