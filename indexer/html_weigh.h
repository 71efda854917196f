/*
 * How much there is to read in each element of a page, and which of them are furniture.
 */
#ifndef FH_INDEXER_HTML_WEIGH_H
#define FH_INDEXER_HTML_WEIGH_H

#include "indexer/html_text.h"
#include "indexer/html_tree.h"

/* What so many Arabic letters weigh. */
#define FH_HTML_LETTERS(count) ((count)*FH_LETTER_WEIGHT)

/* What is known of a node. Furniture that is inside of it is not counted. */
typedef struct fh_html_weight {
    uint64_t
        weight; /* how much of an article it looks: long blocks and text outside links count */
    uint64_t letters; /* of all its text */
    uint64_t linked;  /* of that inside links */
    bool furniture;   /* it, or what it is in */
    bool teaser;      /* it, or what it is in, is small and leads elsewhere */
    bool article;     /* it, or what it is in, is <article> or <main> */
} fh_html_weight;

/* Weigh the nodes of TREE: NODES are zeroed, one for each. */
void fh_html_weigh(const fh_html_tree *tree, fh_html_weight *nodes);

#endif
