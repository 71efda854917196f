#include "indexer/html_tree.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/html_text.h"

/* The text of a link weighs no more. */
#define LINK_MAX (400 * FH_LETTER_WEIGHT)

void fh_html_tree_free(fh_html_tree *tree)
{
    fh_buffer_free(&tree->text);
    fh_buffer_free(&tree->title);
    fh_html_facts_free(&tree->facts);
    fh_arena_free(&tree->values);
    free(tree->nodes);
    free(tree->blocks);
}

fh_str fh_html_tree_block(const fh_html_tree *tree, const fh_html_block *block)
{
    return (fh_str){fh_buffer_str(&tree->text).ptr + block->start, block->end - block->start};
}

/* Room for one more of COUNT items of SIZE bytes in *ITEMS; false when memory ran out. */
static bool make_room(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return true;
    size_t more = *capacity ? *capacity * 2 : 64;
    void *grown = realloc(*items, more * size);
    if (!grown)
        return false;
    *items = grown;
    *capacity = more;
    return true;
}

/* ---- Blocks ---- */

/* What comes next belongs to another block. */
static void end_block(fh_html_tree *t)
{
    if (t->block.end == t->block.start)
        return;
    void *blocks = t->blocks;
    if (make_room(&blocks, &t->block_capacity, t->block_count, sizeof *t->blocks)) {
        t->blocks = blocks;
        t->blocks[t->block_count++] = t->block;
    } else {
        t->failed = true;
    }
    t->block = (fh_html_block){0};
}

static void end_line(fh_html_tree *t)
{
    t->line = true;
}

/* What stands between the last text and the next. */
static void add_gap(fh_html_tree *t)
{
    bool begins = t->block.start == t->block.end;
    bool line = t->line || t->text.len == 0;
    if (t->text.len > 0 && (line || t->space))
        fh_buffer_add_byte(&t->text, line ? '\n' : ' ');
    if (begins)
        t->block = (fh_html_block){.node = t->node,
                                   .start = (uint32_t)t->text.len,
                                   .end = (uint32_t)t->text.len,
                                   .line = line};
    t->line = t->space = false;
}

/* A link as long as that is one that does not end: what was read of it is no link. */
static void undo_link(fh_html_tree *t)
{
    fh_html_block *block = &t->block;
    for (size_t i = t->link_block; i < t->block_count; i++)
        t->blocks[i].linked = i == t->link_block ? t->link_before : 0;
    block->linked = t->block_count == t->link_block ? t->link_before : 0;
}

static void add_linked(fh_html_tree *t, uint32_t weight)
{
    bool was_link = t->link_weight <= LINK_MAX;
    t->link_weight += weight;
    t->block.linked += t->link_weight <= LINK_MAX ? weight : 0;
    if (was_link && t->link_weight > LINK_MAX)
        undo_link(t);
}

static void start_link(fh_html_tree *t)
{
    t->link_weight = 0;
    t->link_block = t->block_count;
    t->link_before = t->block.linked;
}

static void add_word(fh_html_tree *t, fh_str word, uint32_t weight)
{
    if (t->line || t->space || t->block.start == t->block.end)
        add_gap(t);
    fh_buffer_add_str(&t->text, word);
    t->block.end = (uint32_t)t->text.len;
    t->block.weight += weight;
    if (t->links > 0)
        add_linked(t, weight);
}

static void add_space(fh_html_tree *t, fh_str space)
{
    if (t->verbatim > 0 && memchr(space.ptr, '\n', space.len))
        end_line(t);
    t->space = true;
}

void fh_html_tree_text(fh_html_tree *t, fh_str text)
{
    if (t->titles > 0)
        fh_buffer_add_str(&t->title, text);
    if (t->unseen > 0)
        return;
    while (text.len > 0) {
        uint32_t weight = 0;
        size_t space = fh_html_space(text);
        if (space > 0)
            add_space(t, (fh_str){text.ptr, space});
        text = (fh_str){text.ptr + space, text.len - space};
        size_t len = fh_html_word(text, &weight);
        if (len > 0)
            add_word(t, (fh_str){text.ptr, len}, weight);
        text = (fh_str){text.ptr + len, text.len - len};
    }
}

/* ---- Nodes ---- */

static bool add_node(fh_html_tree *t, fh_html_tag tag, unsigned traits)
{
    void *nodes = t->nodes;
    bool full = t->node_count == FH_HTML_NODES_MAX;
    t->many |= full;
    if (full)
        return false;
    if (!make_room(&nodes, &t->node_capacity, t->node_count, sizeof *t->nodes)) {
        t->failed = true;
        return false;
    }
    t->nodes = nodes;
    end_block(t);
    uint32_t number = (uint32_t)t->node_count++;
    t->nodes[number] = (fh_html_node){
        .tag = tag, .traits = traits, .parent = t->node, .first = (uint32_t)t->block_count};
    t->node = number;
    return true;
}

static void end_node(fh_html_tree *t)
{
    fh_html_node *node = &t->nodes[t->node];
    end_block(t);
    node->end = (uint32_t)t->node_count;
    node->last = (uint32_t)t->block_count;
    t->node = node->parent;
}

/* ---- Facts ---- */

static fh_str attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes && attributes[i]; i += 2) {
        if (strcmp(attributes[i], name) == 0)
            return fh_str_of(attributes[i + 1]);
    }
    return (fh_str){"", 0};
}

static bool has_attribute(const char *const *attributes, const char *name)
{
    for (size_t i = 0; attributes && attributes[i]; i += 2) {
        if (strcmp(attributes[i], name) == 0)
            return true;
    }
    return false;
}

static void add_meta(fh_html_tree *t, const char *const *attributes)
{
    fh_str content = attribute(attributes, "content");
    fh_html_facts_add(&t->facts, attribute(attributes, "property"), content);
    fh_html_facts_add(&t->facts, attribute(attributes, "name"), content);
    fh_html_facts_add(&t->facts, attribute(attributes, "itemprop"), content);
}

static void add_link(fh_html_tree *t, const char *const *attributes)
{
    if (fh_str_equal(attribute(attributes, "rel"), FH_STR("canonical")))
        fh_html_facts_add(&t->facts, FH_STR(FH_HTML_CANONICAL), attribute(attributes, "href"));
}

/* A date in the text, as <time datetime>, or as other elements have it in `content` and `title`. */
static void add_time(fh_html_tree *t, fh_html_tag tag, unsigned traits,
                     const char *const *attributes)
{
    bool published = (traits & FH_HTML_PUBLISHED) != 0;
    fh_str value = attribute(attributes, "datetime");
    if (value.len == 0 && published)
        value = attribute(attributes, "content");
    if (value.len == 0 && published)
        value = attribute(attributes, "title");
    if ((tag != FH_TAG_TIME && !published) || value.len == 0 ||
        t->time_count == FH_HTML_TIMES_MAX)
        return;
    value = fh_arena_copy(&t->values, value);
    t->failed |= !value.ptr;
    if (value.ptr)
        t->times[t->time_count++] =
            (fh_html_time){.value = value, .node = t->node, .published = published};
}

/* ---- Elements ---- */

/* Old pages have <a name> too, which often does not end. */
static bool is_link(const fh_html_element *element, const char *const *attributes)
{
    return element->tag == FH_TAG_A && has_attribute(attributes, "href");
}

/* Traits for which an element is kept that does not cut the text. */
#define MARKED (FH_HTML_FURNITURE | FH_HTML_STORY | FH_HTML_MAIN)

static void open_element(fh_html_tree *t, const fh_html_element *element, unsigned traits,
                         bool link)
{
    fh_html_open *o = &t->open[t->depth++];
    *o = (fh_html_open){.traits = traits, .link = link};
    if (link)
        start_link(t);
    t->unseen += (traits & FH_HTML_UNSEEN) != 0;
    t->verbatim += (traits & FH_HTML_VERBATIM) != 0;
    t->links += o->link;
    if (t->unseen > 0)
        return;
    if (element->tag == FH_TAG_BR || traits & FH_HTML_BLOCK)
        end_line(t);
    if (traits & (FH_HTML_BLOCK | MARKED))
        o->node = add_node(t, element->tag, traits);
}

void fh_html_tree_start(fh_html_tree *t, const char *name, const char *const *attributes)
{
    const fh_html_element *element = fh_html_element_find(fh_str_of(name));
    if (t->node_count == 0)
        add_node(t, FH_TAG_BODY, FH_HTML_HOLDER);
    unsigned traits = fh_html_look(element, attributes);
    /* A picture has titles too. */
    if (element->tag == FH_TAG_TITLE && t->unseen == 0 && t->title.len == 0)
        t->titles = (unsigned)t->depth + 1;
    else if (element->tag == FH_TAG_META)
        add_meta(t, attributes);
    else if (element->tag == FH_TAG_LINK)
        add_link(t, attributes);
    open_element(t, element, traits, is_link(element, attributes));
    if (t->unseen == 0)
        add_time(t, element->tag, traits, attributes);
}

void fh_html_tree_end(fh_html_tree *t)
{
    fh_html_open o = t->open[--t->depth];
    if (t->titles > t->depth)
        t->titles = 0;
    if (o.node)
        end_node(t);
    if (t->unseen == 0 && o.traits & FH_HTML_BLOCK)
        end_line(t);
    t->unseen -= (o.traits & FH_HTML_UNSEEN) != 0;
    t->verbatim -= (o.traits & FH_HTML_VERBATIM) != 0;
    t->links -= o.link;
}

void fh_html_tree_finish(fh_html_tree *t)
{
    if (t->node_count == 0)
        add_node(t, FH_TAG_BODY, FH_HTML_HOLDER);
    if (t->node_count > 0)
        end_node(t);
    t->failed |= t->text.failed || t->title.failed || fh_html_facts_failed(&t->facts);
}
