#include "indexer/html_body.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/html_text.h"

/* A sentence has so many; bylines, dates and names of sections have fewer. */
#define SENTENCE FH_HTML_LETTERS(40)

/* Less text than this is no article when there is much else on the page... */
#define ARTICLE_MIN FH_HTML_LETTERS(100)
/* ... that is, so many times as much. */
#define MUCH_ELSE 3

/* So many letters in links are a menu and no cell of a table of figures. */
#define MENU FH_HTML_LETTERS(30)

/* The title is looked for in so many blocks at the beginning of the article. */
#define TITLE_BLOCKS 6

/* Is PART at least N of M parts of WHOLE? */
static bool is_share(uint64_t part, uint64_t n, uint64_t m, uint64_t whole)
{
    return part * m >= whole * n;
}

/* ---- Choosing ---- */

static bool is_inside(const fh_html_body *b, uint32_t node, uint32_t outer)
{
    return node >= outer && node < b->tree->nodes[outer].end;
}

/* The heaviest node of TAG, or with one of the TRAITS, inside FROM; FROM itself when none weighs anything. */
static uint32_t heaviest(const fh_html_body *b, uint32_t from, fh_html_tag tag, unsigned traits)
{
    uint32_t best = from;
    uint64_t weight = 0;
    for (uint32_t i = from + 1; i < b->tree->nodes[from].end; i++) {
        const fh_html_node *n = &b->tree->nodes[i];
        if ((n->tag == tag || n->traits & traits) && b->nodes[i].weight > weight) {
            best = i;
            weight = b->nodes[i].weight;
        }
    }
    return best;
}

/* Is NODE one element without others inside, as A is? */
static bool is_alike(const fh_html_tree *t, uint32_t node, uint32_t a)
{
    const fh_html_node *n = &t->nodes[node];
    return n->end == node + 1 && n->tag == t->nodes[a].tag && n->traits == t->nodes[a].traits;
}

/*
 * Is NODE one paragraph of several? That is so when its siblings are elements of the same kind: all of
 * them, or one that holds a sentence.
 */
static bool is_paragraph(const fh_html_body *b, uint32_t node)
{
    const fh_html_tree *t = b->tree;
    uint32_t parent = t->nodes[node].parent;
    bool all = true, sentence = false, several = false;
    if (!is_alike(t, node, node))
        return false;
    for (uint32_t i = parent + 1; i < t->nodes[parent].end; i = t->nodes[i].end) {
        const fh_html_weight *w = &b->nodes[i];
        bool text = is_alike(t, i, node) && !w->furniture && w->linked * 2 <= w->letters;
        all &= text;
        several |= i != node;
        sentence |= i != node && text && w->letters >= SENTENCE;
    }
    return sentence || (all && several);
}

/* From node FROM down, as long as one of the holders inside has most of the text. */
static uint32_t descend(const fh_html_body *b, uint32_t from)
{
    const fh_html_tree *t = b->tree;
    for (uint32_t i = from + 1; i < t->nodes[from].end;) {
        bool holder = (t->nodes[i].traits & FH_HTML_HOLDER) != 0;
        if (holder && b->nodes[i].weight > 0 &&
            is_share(b->nodes[i].weight, 3, 4, b->nodes[from].weight))
            from = i;
        i = i == from ? i + 1 : t->nodes[i].end;
    }
    return is_paragraph(b, from) ? t->nodes[from].parent : from;
}

/* Articles that are not inside of others: their number, their weight, and what they are all in. */
static size_t count_articles(const fh_html_body *b, uint64_t *weight, uint32_t *around)
{
    const fh_html_tree *t = b->tree;
    size_t count = 0;
    *weight = 0;
    *around = 0;
    for (uint32_t i = 1; i < t->node_count;) {
        bool counts = t->nodes[i].tag == FH_TAG_ARTICLE && b->nodes[i].weight > 0;
        if (counts) {
            *weight += b->nodes[i].weight;
            *around = count++ > 0 ? *around : t->nodes[i].parent;
            while (t->nodes[*around].end <= i)
                *around = t->nodes[*around].parent;
        }
        i = counts ? t->nodes[i].end : i + 1;
    }
    return count;
}

/* Does another article with a sentence stand beside ARTICLE? Then both are posts, be one far longer. */
static bool has_peer(const fh_html_body *b, uint32_t article)
{
    const fh_html_tree *t = b->tree;
    uint32_t parent = t->nodes[article].parent;
    for (uint32_t i = parent + 1; i < t->nodes[parent].end; i = t->nodes[i].end) {
        const fh_html_weight *w = &b->nodes[i];
        bool other = i != article && t->nodes[i].tag == FH_TAG_ARTICLE;
        if (other && !w->furniture && !w->teaser && w->letters - w->linked >= SENTENCE)
            return true;
    }
    return false;
}

/* Go into what schema.org calls the body of the article, when most of the text of OUTER is there. */
static void narrow(fh_html_body *b, uint32_t outer)
{
    uint32_t story = heaviest(b, outer, FH_TAG_BODY, FH_HTML_STORY);
    b->outer = outer;
    b->region = is_share(b->nodes[story].weight, 3, 5, b->nodes[outer].weight) ? story : outer;
}

static void choose(fh_html_body *b)
{
    uint64_t articles;
    uint32_t around, dense = descend(b, 0);
    uint64_t half = b->nodes[dense].weight / 2;
    uint32_t article = heaviest(b, 0, FH_TAG_ARTICLE, 0);
    uint32_t story = heaviest(b, 0, FH_TAG_BODY, FH_HTML_STORY);
    uint32_t part = heaviest(b, 0, FH_TAG_MAIN, FH_HTML_MAIN);
    size_t count = count_articles(b, &articles, &around);
    bool dominant = is_share(b->nodes[article].weight, 3, 5, articles) && !has_peer(b, article);
    b->outer = b->region = dense;
    if (article > 0 && dominant && b->nodes[article].weight >= half) {
        narrow(b, article);
    } else if (story > 0 && b->nodes[story].weight >= half) {
        b->region = story;
    } else if (count > 1 && articles >= half) {
        b->outer = b->region = is_inside(b, around, part) && part > 0 ? part : around;
        b->list = true;
    } else if (part > 0 && b->nodes[part].weight >= half) {
        b->outer = part;
        b->region = descend(b, part);
    }
}

/* Little text, and much else: the page is a list of links, or we do not understand it. */
static void doubt(fh_html_body *b)
{
    const fh_html_weight *region = &b->nodes[b->region], *page = &b->nodes[0];
    bool said = b->outer != b->region || b->nodes[b->region].article ||
                b->tree->nodes[b->region].traits & FH_HTML_STORY;
    uint64_t letters = region->letters - region->linked;
    if (region->weight > 0 &&
        (said || letters >= ARTICLE_MIN || page->letters < letters * MUCH_ELSE))
        return;
    b->region = b->outer = 0;
    b->list = true;
}

fh_status fh_html_body_open(const fh_html_tree *tree, fh_html_body *body, fh_error *err)
{
    *body = (fh_html_body){.tree = tree};
    body->nodes = calloc(tree->node_count, sizeof *body->nodes);
    if (!body->nodes)
        return fh_fail_memory(err);
    fh_html_weigh(tree, body->nodes);
    choose(body);
    doubt(body);
    return FH_OK;
}

void fh_html_body_close(fh_html_body *body)
{
    free(body->nodes);
    body->nodes = NULL;
}

/* ---- Headline and date ---- */

static fh_str lines_of(const fh_html_tree *t, uint32_t node)
{
    uint32_t start = t->blocks[t->nodes[node].first].start;
    uint32_t end = t->blocks[t->nodes[node].last - 1].end;
    return (fh_str){fh_buffer_str(&t->text).ptr + start, end - start};
}

fh_str fh_html_body_headline(const fh_html_body *b)
{
    const fh_html_tree *t = b->tree;
    uint32_t found = 0;
    size_t count = 0;
    for (uint32_t i = 1; i < t->node_count; i++) {
        const fh_html_node *n = &t->nodes[i];
        if (n->tag != FH_TAG_H1 || n->first == n->last || b->nodes[i].furniture)
            continue;
        if (is_inside(b, i, b->outer) && !b->list)
            return lines_of(t, i);
        found = i;
        count++;
    }
    return count == 1 ? lines_of(t, found) : (fh_str){"", 0};
}

const fh_html_time *fh_html_body_time(const fh_html_body *b)
{
    const fh_html_time *best = NULL;
    int best_trust = 0;
    for (size_t i = 0; i < b->tree->time_count && !b->list; i++) {
        const fh_html_time *time = &b->tree->times[i];
        bool inside = is_inside(b, time->node, b->outer);
        bool alone = b->tree->time_count == 1;
        int trust = 2 * time->published + inside + alone;
        bool apart = b->nodes[time->node].furniture && !(time->published && alone);
        if (!apart && trust > best_trust) {
            best = time;
            best_trust = trust;
        }
    }
    return best;
}

/* ---- Writing ---- */

/* Is nearly all in NODE links? Of what is one piece of text, a paragraph, all of it. */
static bool is_linked(const fh_html_body *b, uint32_t node)
{
    const fh_html_node *n = &b->tree->nodes[node];
    const fh_html_weight *w = &b->nodes[node];
    bool holder = (n->traits & FH_HTML_HOLDER) || n->tag == FH_TAG_LIST;
    if (w->linked == 0 || n->tag == FH_TAG_H1 || n->tag == FH_TAG_HEADING)
        return false;
    if (n->tag == FH_TAG_CELL && w->linked < MENU)
        return false;
    if (n->end == node + 1 && n->tag != FH_TAG_CELL)
        return n->traits & FH_HTML_BLOCK && w->linked == w->letters &&
               b->tree->nodes[n->parent].tag != FH_TAG_LIST;
    return holder && is_share(w->linked, 7, 10, w->letters);
}

/* Inside a header: no headline of a part, and no sentence. */
static bool is_caption(const fh_html_body *b, const fh_html_block *block)
{
    const fh_html_tree *t = b->tree;
    bool header = false;
    if (block->weight - block->linked >= SENTENCE)
        return false;
    for (uint32_t i = block->node; i > b->region && !header; i = t->nodes[i].parent) {
        if (t->nodes[i].tag == FH_TAG_HEADING || t->nodes[i].tag == FH_TAG_H1)
            return false;
        header = t->nodes[i].tag == FH_TAG_HEADER;
    }
    return header;
}

/* The same text but for white space? */
static bool is_same(fh_str a, fh_str b)
{
    uint32_t weight = 0;
    while (a.len > 0 && b.len > 0) {
        size_t skip_a = fh_html_space(a), skip_b = fh_html_space(b);
        a = (fh_str){a.ptr + skip_a, a.len - skip_a};
        b = (fh_str){b.ptr + skip_b, b.len - skip_b};
        size_t len = fh_html_word(a, &weight);
        if (len != fh_html_word(b, &weight) || (len > 0 && memcmp(a.ptr, b.ptr, len) != 0))
            return false;
        a = (fh_str){a.ptr + len, a.len - len};
        b = (fh_str){b.ptr + len, b.len - len};
    }
    return fh_html_space(a) == a.len && fh_html_space(b) == b.len;
}

/* A body that is being written. */
typedef struct writing {
    fh_html_body *body;
    fh_buffer *out;
    fh_str title;
    size_t blocks; /* written so far */
    uint64_t weight;
    uint32_t last; /* the block written last */
} writing;

/* What parts the block NUMBER from the last: what stood between them, be it left out. */
static void write_gap(writing *w, uint32_t number)
{
    const fh_html_block *blocks = w->body->tree->blocks;
    bool line = false;
    for (uint32_t i = w->last + 1; i <= number && !line; i++)
        line = blocks[i].line;
    if (line || blocks[number].start > blocks[w->last].end)
        fh_buffer_add_byte(w->out, line ? '\n' : ' ');
}

static void write_block(writing *w, uint32_t number)
{
    const fh_html_tree *t = w->body->tree;
    const fh_html_block *block = &t->blocks[number];
    fh_str text = fh_html_tree_block(t, block);
    if (w->blocks < TITLE_BLOCKS && is_same(text, w->title))
        return;
    if (w->blocks++ > 0)
        write_gap(w, number);
    fh_buffer_add_str(w->out, text);
    w->weight += block->weight;
    w->last = number;
}

/*
 * The sentences between the headline and the region are the lead. The headline is whatever block says the
 * same as the title.
 */
static void write_lead(writing *w)
{
    const fh_html_body *b = w->body;
    const fh_html_tree *t = b->tree;
    uint32_t first = t->nodes[b->region].first, i = first;
    while (i > 0 && (b->nodes[t->blocks[i - 1].node].furniture ||
                     !is_same(fh_html_tree_block(t, &t->blocks[i - 1]), w->title)))
        i--;
    for (; i > 0 && i < first; i++) {
        const fh_html_block *block = &t->blocks[i];
        bool sentence = block->weight >= SENTENCE && block->linked * 10 <= block->weight;
        if (sentence && !b->nodes[block->node].furniture)
            write_block(w, i);
    }
}

/* All blocks of the region that are no furniture; lists of links and captions only where it is a list. */
static void write_region(writing *w)
{
    const fh_html_body *b = w->body;
    const fh_html_tree *t = b->tree;
    const fh_html_weight *region = &b->nodes[b->region];
    bool whole = b->list || is_share(region->linked, 7, 10, region->letters);
    uint32_t node = b->region;
    for (uint32_t i = t->nodes[node].first; i < t->nodes[b->region].last; i++) {
        const fh_html_block *block = &t->blocks[i];
        if (b->nodes[block->node].furniture)
            continue;
        /* All nodes up to the block's that have begun since the last one. */
        for (; !whole && node < block->node; node++) {
            if (is_linked(b, node + 1))
                break;
        }
        if (!whole && node < block->node) {
            i = t->nodes[node + 1].last - 1;
            node = t->nodes[node + 1].end - 1;
            continue;
        }
        if (whole || !is_caption(b, block))
            write_block(w, i);
    }
}

static void write_all(writing *w)
{
    for (uint32_t i = 0; i < w->body->tree->block_count; i++)
        write_block(w, i);
}

uint64_t fh_html_body_write(fh_html_body *body, fh_str title, fh_buffer *out)
{
    writing w = {.body = body, .out = out, .title = title};
    if (!body->list)
        write_lead(&w);
    write_region(&w);
    if (w.blocks == 0) {
        body->list = true;
        body->region = 0;
        write_region(&w);
    }
    if (w.blocks == 0)
        write_all(&w);
    return w.weight;
}
