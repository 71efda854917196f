#include "indexer/html_weigh.h"

/* Text counts by its letters times those of its block, up to a whole paragraph of so many. */
#define PARAGRAPH FH_HTML_LETTERS(300)

/*
 * A teaser is a headline that leads elsewhere with an excerpt below it: at most so many letters, a fifth of
 * them in links. Many of them, side by side, look like a text: they count for so many times less.
 */
#define TEASER_MAX  FH_HTML_LETTERS(400)
#define TEASER_LESS 8

static uint64_t weigh_block(const fh_html_block *block)
{
    uint64_t letters = block->weight - block->linked;
    if (block->linked > letters)
        return 0;
    return letters * (letters < PARAGRAPH ? letters : PARAGRAPH);
}

/* Sum up the blocks, without furniture if need be, in the nodes that they are in. */
static void sum_up(const fh_html_tree *t, fh_html_weight *nodes, bool furniture)
{
    for (size_t i = 0; i < t->node_count; i++)
        nodes[i].weight = nodes[i].letters = nodes[i].linked = 0;
    for (size_t i = 0; i < t->block_count; i++) {
        fh_html_weight *n = &nodes[t->blocks[i].node];
        if (n->furniture && !furniture)
            continue;
        n->weight += weigh_block(&t->blocks[i]) / (n->teaser ? TEASER_LESS : 1);
        n->letters += t->blocks[i].weight;
        n->linked += t->blocks[i].linked;
    }
    for (size_t i = t->node_count; i-- > 1;) {
        fh_html_weight *parent = &nodes[t->nodes[i].parent];
        parent->weight += nodes[i].weight;
        parent->letters += nodes[i].letters;
        parent->linked += nodes[i].linked;
    }
}

static bool holds_h1(const fh_html_tree *t, size_t node)
{
    for (size_t i = node + 1; i < t->nodes[node].end; i++) {
        if (t->nodes[i].tag == FH_TAG_H1 && t->nodes[i].first < t->nodes[i].last)
            return true;
    }
    return false;
}

/* A header is the page's unless it is inside of an article or has the headline in it. */
static bool is_furniture(const fh_html_tree *t, const fh_html_weight *nodes, size_t node)
{
    const fh_html_node *n = &t->nodes[node];
    bool page_header =
        n->tag == FH_TAG_HEADER && !nodes[n->parent].article && !holds_h1(t, node);
    if (!page_header && !(n->traits & FH_HTML_FURNITURE))
        return false;
    /* Whatever a class calls it: where most of the text is, there is the article. */
    return n->tag == FH_TAG_MARGIN || nodes[node].weight == 0 ||
           nodes[node].weight * 2 < nodes[0].weight;
}

static bool is_teaser(const fh_html_node *node, const fh_html_weight *w)
{
    bool holder = (node->traits & FH_HTML_HOLDER) != 0;
    return holder && w->letters <= TEASER_MAX && w->linked * 5 >= w->letters;
}

void fh_html_weigh(const fh_html_tree *tree, fh_html_weight *nodes)
{
    sum_up(tree, nodes, true);
    for (size_t i = 1; i < tree->node_count; i++) {
        const fh_html_node *n = &tree->nodes[i];
        const fh_html_weight *parent = &nodes[n->parent];
        bool article = n->tag == FH_TAG_ARTICLE || n->traits & FH_HTML_MAIN;
        nodes[i].article = parent->article || article;
        nodes[i].furniture = parent->furniture || is_furniture(tree, nodes, i);
        nodes[i].teaser = parent->teaser || is_teaser(n, &nodes[i]);
    }
    sum_up(tree, nodes, false);
}
