/*
 * A web page as a reader sees it: its visible text, cut into blocks, and the elements that hold them.
 *
 *   (start | text | end)* finish
 *
 * The elements of a page, its nodes, are kept in the order in which they begin, so that those inside
 * one follow it up to `end`; and so are the blocks, runs of text that no other block-like element cuts.
 */
#ifndef FH_INDEXER_HTML_TREE_H
#define FH_INDEXER_HTML_TREE_H

#include "indexer/html_facts.h"
#include "indexer/html_look.h"

/* Elements inside elements, at most: what is deeper counts as text of the last one. */
#define FH_HTML_DEPTH_MAX 256

/* Elements that hold text, at most: the text of more counts for what they stand in. */
#define FH_HTML_NODES_MAX 200000

/* So many dates in the text, and so many scripts of data, are looked at. */
#define FH_HTML_TIMES_MAX   64
#define FH_HTML_SCRIPTS_MAX 32

typedef struct fh_html_node {
    fh_html_tag tag;
    unsigned traits;
    uint32_t parent; /* 0, the whole page, is its own */
    uint32_t end;    /* the node behind all inside it */
    uint32_t first;  /* its first block */
    uint32_t last;   /* the block behind its last */
} fh_html_node;

typedef struct fh_html_block {
    uint32_t node;
    uint32_t start; /* in the text of the tree; lines in it end in line feeds */
    uint32_t end;
    uint32_t weight; /* of its letters */
    uint32_t linked; /* of those that are inside links */
    bool line;       /* begins on a line of its own */
} fh_html_block;

/* A date that stands in the text. */
typedef struct fh_html_time {
    fh_str value;
    uint32_t node;
    bool published; /* it says so */
} fh_html_time;

/* An element that has begun and not yet ended. */
typedef struct fh_html_open {
    unsigned traits;
    bool node;
    bool link;
} fh_html_open;

/* Begin with a zeroed one. */
typedef struct fh_html_tree {
    fh_buffer text;
    fh_html_node *nodes;
    size_t node_count;
    size_t node_capacity;
    fh_html_block *blocks;
    size_t block_count;
    size_t block_capacity;
    fh_buffer title; /* the <title>, as it stands */
    fh_html_facts facts;
    fh_html_time times[FH_HTML_TIMES_MAX];
    size_t time_count;
    fh_str scripts[FH_HTML_SCRIPTS_MAX]; /* JSON-LD, borrowed from the page */
    size_t script_count;
    fh_arena values;
    bool failed; /* memory ran out */
    /* What limits have cut: tags of too many attributes, elements too deep, too many elements. */
    bool crowded, deep, many;
    /* Where reading is. */
    fh_html_open open[FH_HTML_DEPTH_MAX];
    size_t depth;
    uint32_t node;                            /* the innermost */
    unsigned unseen, links, verbatim, titles; /* how many such elements are open */
    fh_html_block block; /* the one that is being read; of no text when start == end */
    /* The link that began last: the weight of its text, its first block, what was linked there before. */
    uint64_t link_weight;
    size_t link_block;
    uint32_t link_before;
    bool space, line; /* white space, the end of a line, come before what is next */
} fh_html_tree;

void fh_html_tree_free(fh_html_tree *tree);

/*
 * An element begins: NAME in small letters, ATTRIBUTES as fh_html_look() has them. Every element that
 * begins must end, and no more than FH_HTML_DEPTH_MAX are open at once.
 */
void fh_html_tree_start(fh_html_tree *tree, const char *name, const char *const *attributes);
void fh_html_tree_end(fh_html_tree *tree);
/* Text, valid UTF-8 and decoded, in pieces that end anywhere between characters. */
void fh_html_tree_text(fh_html_tree *tree, fh_str text);
/* All is read, and all elements have ended. */
void fh_html_tree_finish(fh_html_tree *tree);

/* The text of BLOCK. */
fh_str fh_html_tree_block(const fh_html_tree *tree, const fh_html_block *block);

#endif
