/*
 * The part of a page that is its article.
 *
 *   open (headline | time)* write close
 *
 * Where the page does not say so by <article>, schema.org's articleBody or <main>, it is where the text is
 * densest: text outside links, and long blocks of it rather than short ones. Furniture is left out, and so
 * are lists of links and what surrounds a headline; a page of nothing else, a list of articles or of links,
 * is kept whole. This is the coarse choice of a region; what sites put between the paragraphs of an article
 * is cleaned behind it.
 */
#ifndef FH_INDEXER_HTML_BODY_H
#define FH_INDEXER_HTML_BODY_H

#include "base/status.h"
#include "indexer/html_weigh.h"

typedef struct fh_html_body {
    const fh_html_tree *tree;
    fh_html_weight *nodes; /* one for each of the tree's */
    uint32_t region;       /* the node that holds the article */
    uint32_t outer;        /* what that was found in: with its headline and date, perhaps */
    bool list;             /* the page is no article, but a list of such or of links */
} fh_html_body;

/* Choose the region of TREE, which outlives *BODY. Fails with FH_ENOMEM. */
fh_status fh_html_body_open(const fh_html_tree *tree, fh_html_body *body, fh_error *err);

/* The h1 that belongs to the article; empty when it is not clear. It may have several lines. */
fh_str fh_html_body_headline(const fh_html_body *body);

/* The date that stands in the text and is most likely the article's; NULL when there is none. */
const fh_html_time *fh_html_body_time(const fh_html_body *body);

/*
 * Append the article to OUT, its paragraphs parted by line feeds, without its TITLE. Never nothing while
 * the page has any visible text besides its title. Returns the weight of what was written.
 */
uint64_t fh_html_body_write(fh_html_body *body, fh_str title, fh_buffer *out);

void fh_html_body_close(fh_html_body *body);

#endif
