#include "base/utf8.h"
#include "indexer/html_charset.h"
#include "indexer/html_lexer.h"
#include "indexer/html_page.h"
#include "indexer/html_parser.h"
#include "tests/fuzz/target.h"

/*
 * A web page from any bytes: its tokens, its tree, its article.
 */

static bool is_inside(fh_str part, fh_str whole)
{
    return part.len == 0 ||
           (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

/* Tokens are pieces of the page, in its order, and the lexer gets on. */
static void check_tokens(fh_str page)
{
    fh_html_lexer lexer = {.rest = page};
    fh_html_token token;
    const char *at = page.ptr;
    while (fh_html_lexer_next(&lexer, &token)) {
        hold(is_inside(token.text, page) && is_inside(token.name, page), "a token is borrowed");
        hold(lexer.rest.ptr >= at, "the lexer goes forward");
        hold(lexer.rest.ptr > at || token.kind == FH_HTML_RAW, "the lexer gets on");
        at = lexer.rest.ptr;
        fh_str attributes = token.text, name, value;
        while (token.kind == FH_HTML_START &&
               fh_html_attribute_next(&attributes, &name, &value))
            hold(name.len > 0 && is_inside(name, token.text) && is_inside(value, token.text),
                 "an attribute is borrowed");
    }
    hold(lexer.rest.len == 0, "all is read");
    hold(is_inside(fh_html_charset(page), page), "a character set is borrowed");
}

static void check_node(const fh_html_tree *t, uint32_t i)
{
    const fh_html_node *n = &t->nodes[i];
    const fh_html_node *parent = &t->nodes[n->parent];
    hold(n->end > i && n->end <= t->node_count, "a node ends behind itself");
    hold(i == 0 || (n->parent < i && n->end <= parent->end), "a node is inside its parent");
    hold(n->first <= n->last && n->last <= t->block_count, "the blocks of a node");
    hold(n->first >= parent->first && n->last <= parent->last, "blocks are in the parent too");
}

static void check_tree(fh_str page)
{
    fh_html_tree t = {0};
    uint32_t end = 0;
    hold(fh_html_parse(page, &t, NULL) == FH_OK, "a page is parsed");
    hold(t.depth == 0 && t.node == 0 && t.unseen == 0 && t.links == 0, "all elements end");
    hold(t.node_count > 0 && t.node_count <= FH_HTML_NODES_MAX, "the number of nodes");
    for (uint32_t i = 0; i < t.node_count; i++)
        check_node(&t, i);
    for (uint32_t i = 0; i < t.block_count; i++) {
        const fh_html_block *b = &t.blocks[i];
        hold(b->start >= end && b->end > b->start && b->end <= t.text.len, "blocks in order");
        hold(b->linked <= b->weight, "links are a part");
        hold(b->node < t.node_count && t.nodes[b->node].first <= i && i < t.nodes[b->node].last,
             "a block is in its node");
        end = b->end;
    }
    hold(end == t.text.len, "all text is in blocks");
    hold(fh_utf8_valid(fh_buffer_str(&t.text)) == t.text.len, "the text is UTF-8");
    fh_html_tree_free(&t);
}

static void check_field(fh_str text, bool lines)
{
    hold(fh_utf8_valid(text) == text.len, "a field is UTF-8");
    hold(text.len == 0 || !memchr(text.ptr, '\0', text.len), "a field has no NUL");
    hold(text.len == 0 || lines || !memchr(text.ptr, '\n', text.len), "a field is one line");
    hold(text.len == 0 || (text.ptr[0] != '\n' && text.ptr[text.len - 1] != '\n'),
         "no line is empty");
}

static void check_article(fh_str page)
{
    fh_html_page p = {0};
    fh_status status = fh_html_page_read(&p, page, NULL);
    hold(status == FH_OK || status == FH_EFORMAT, "a page is read, or has no text");
    check_field(p.article.title, false);
    check_field(p.article.body, true);
    check_field(p.article.url, false);
    check_field(p.article.source, false);
    check_field(p.article.section, false);
    check_field(p.article.keywords, true);
    hold((status != FH_OK) == (p.article.title.len == 0 && p.article.body.len == 0),
         "an article has text");
    fh_html_page_free(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_str bytes = {(const char *)data, size};
    fh_buffer page = {0};
    check_tokens(bytes);
    fh_utf8_repair(bytes, &page);
    check_tree(fh_buffer_str(&page));
    check_article(fh_buffer_str(&page));
    fh_buffer_free(&page);
    return 0;
}
