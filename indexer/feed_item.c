#include "indexer/feed_item.h"

#include <string.h>

#include "indexer/markup.h"
#include "indexer/text.h"

/* ---- Nodes ---- */

/* Whose vocabulary an element is of. */
typedef enum vocabulary { FOREIGN, FEED, DUBLIN_CORE, CONTENT } vocabulary;

static fh_str str_of(const xmlChar *s)
{
    return fh_str_of((const char *)s);
}

static vocabulary vocabulary_of_prefix(fh_str prefix)
{
    if (fh_str_equal(prefix, FH_STR("dc")))
        return DUBLIN_CORE;
    return fh_str_equal(prefix, FH_STR("content")) ? CONTENT : FOREIGN;
}

static vocabulary vocabulary_of_uri(fh_str uri)
{
    static const struct {
        fh_str uri;
        vocabulary vocabulary;
    } known[] = {
        {{"http://www.w3.org/2005/Atom", 27}, FEED},
        {{"http://purl.org/atom/ns#", 24}, FEED},
        {{"http://purl.org/rss/1.0/", 24}, FEED},
        {{"http://my.netscape.com/rdf/simple/0.9/", 38}, FEED},
        {{"http://backend.userland.com/rss2", 32}, FEED},
        {{"http://purl.org/dc/elements/1.1/", 32}, DUBLIN_CORE},
        {{"http://purl.org/dc/terms/", 25}, DUBLIN_CORE},
        {{"http://purl.org/rss/1.0/modules/content/", 40}, CONTENT},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (fh_str_equal(uri, known[i].uri))
            return known[i].vocabulary;
    }
    return FOREIGN;
}

/*
 * The vocabulary and the name in it of an element; one whose prefix is not declared goes by
 * that.
 */
static vocabulary name_element(const xmlNode *node, fh_str *name)
{
    *name = str_of(node->name);
    if (node->ns)
        return vocabulary_of_uri(str_of(node->ns->href));
    const char *colon = memchr(name->ptr, ':', name->len);
    if (!colon)
        return FEED;
    fh_str prefix = {name->ptr, (size_t)(colon - name->ptr)};
    *name = (fh_str){colon + 1, name->len - prefix.len - 1};
    return vocabulary_of_prefix(prefix);
}

static bool is_named(const xmlNode *node, vocabulary wanted, const char *name)
{
    fh_str own;
    return name_element(node, &own) == wanted && fh_str_equal(own, fh_str_of(name));
}

/* A copy of TEXT that lives as long as the item. */
static fh_str keep(fh_feed_scribe *s, fh_str text)
{
    fh_str copy = fh_arena_copy(&s->texts, text);
    s->failed = s->failed || !copy.ptr;
    return copy.ptr ? copy : (fh_str){"", 0};
}

/* Keep what libxml2 allocated, and free it. */
static fh_str keep_xml(fh_feed_scribe *s, xmlChar *text)
{
    fh_str kept = keep(s, str_of(text));
    xmlFree(text);
    return kept;
}

static fh_str attribute(fh_feed_scribe *s, const xmlNode *node, const char *name)
{
    return keep_xml(s, xmlGetNoNsProp(node, (const xmlChar *)name));
}

static fh_str plain_text(fh_feed_scribe *s, const xmlNode *node)
{
    return fh_text_trim(keep_xml(s, xmlNodeGetContent(node)));
}

/* The XML of what is inside NODE. */
static fh_str inner_xml(fh_feed_scribe *s, xmlNode *node)
{
    xmlBuffer *xml = xmlBufferCreate();
    s->failed = s->failed || !xml;
    for (xmlNode *child = node->children; xml && child; child = child->next)
        s->failed = xmlNodeDump(xml, node->doc, child, 0, 0) < 0 || s->failed;
    fh_str kept = keep(s, xml ? str_of(xmlBufferContent(xml)) : (fh_str){"", 0});
    xmlBufferFree(xml);
    return kept;
}

/* Is an element of an item HTML? Atom says so; RSS says nothing and mostly is. */
static bool is_html(fh_feed_scribe *s, const xmlNode *node)
{
    fh_str type = attribute(s, node, "type");
    return type.len > 0
               ? fh_text_same(type, FH_STR("html")) || fh_text_same(type, FH_STR("text/html"))
               : !s->atom;
}

/* The text of NODE, HTML or not. */
static fh_str text_of(fh_feed_scribe *s, xmlNode *node)
{
    bool xhtml = fh_str_equal(attribute(s, node, "type"), FH_STR("xhtml"));
    fh_str text = xhtml ? inner_xml(s, node) : plain_text(s, node);
    bool markup =
        text.len > 0 && (memchr(text.ptr, '<', text.len) || memchr(text.ptr, '&', text.len));
    if (!markup || !(xhtml || is_html(s, node)))
        return text;
    fh_buffer stripped = {0};
    fh_markup_strip(text, &stripped);
    text = keep(s, fh_buffer_str(&stripped));
    s->failed = s->failed || stripped.failed;
    fh_buffer_free(&stripped);
    return text;
}

/* ---- Items ---- */

/* What an item says, the best of each so far. */
typedef struct item {
    fh_str guid;
    fh_str body;
    unsigned body_rank;
    fh_str date;
    unsigned date_rank;
    fh_buffer keywords;
    fh_article *article;
} item;

static bool is_address(fh_str text)
{
    return fh_str_starts(text, FH_STR("http://")) || fh_str_starts(text, FH_STR("https://"));
}

static void read_title(fh_feed_scribe *s, xmlNode *node, item *i)
{
    if (i->article->title.len == 0)
        i->article->title = text_of(s, node);
}

/* RSS has the address inside the element, Atom in an attribute, and other links beside it. */
static void read_link(fh_feed_scribe *s, xmlNode *node, item *i)
{
    fh_str target = attribute(s, node, "href");
    fh_str relation = attribute(s, node, "rel");
    bool article = relation.len == 0 || fh_str_equal(relation, FH_STR("alternate"));
    if (i->article->url.len == 0 && article)
        i->article->url = fh_text_trim(target.len > 0 ? target : plain_text(s, node));
}

static void read_guid(fh_feed_scribe *s, xmlNode *node, item *i)
{
    i->guid = plain_text(s, node);
}

static void read_source(fh_feed_scribe *s, xmlNode *node, item *i)
{
    for (xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE && is_named(child, FEED, "title")) {
            i->article->source = text_of(s, child);
            return;
        }
    }
    i->article->source = xmlFirstElementChild(node) ? (fh_str){"", 0} : text_of(s, node);
}

static void read_category(fh_feed_scribe *s, xmlNode *node, item *i)
{
    fh_str label = attribute(s, node, "label");
    fh_str term = attribute(s, node, "term");
    fh_str text = label.len > 0 ? label : term.len > 0 ? term : text_of(s, node);
    if (i->article->section.len == 0)
        i->article->section = text;
    fh_text_keywords(text, &i->keywords);
}

static void read_body(fh_feed_scribe *s, xmlNode *node, item *i, unsigned rank)
{
    if (rank <= i->body_rank)
        return;
    fh_str text = text_of(s, node);
    if (text.len == 0)
        return;
    i->body = text;
    i->body_rank = rank;
}

static void read_date(fh_feed_scribe *s, xmlNode *node, item *i, unsigned rank)
{
    if (rank <= i->date_rank)
        return;
    fh_str text = plain_text(s, node);
    if (text.len == 0)
        return;
    i->date = text;
    i->date_rank = rank;
}

/*
 * What each element of an item is read by; where there may be several, the higher rank counts.
 */
static const struct part {
    vocabulary vocabulary;
    const char *name;
    void (*read)(fh_feed_scribe *s, xmlNode *node, item *i);
    void (*read_ranked)(fh_feed_scribe *s, xmlNode *node, item *i, unsigned rank);
    unsigned rank;
} parts[] = {
    {FEED, "title", read_title, NULL, 0},
    {FEED, "link", read_link, NULL, 0},
    {FEED, "guid", read_guid, NULL, 0},
    {FEED, "id", read_guid, NULL, 0},
    {FEED, "source", read_source, NULL, 0},
    {FEED, "category", read_category, NULL, 0},
    {DUBLIN_CORE, "subject", read_category, NULL, 0},
    {CONTENT, "encoded", NULL, read_body, 4},
    {FEED, "content", NULL, read_body, 3},
    {FEED, "description", NULL, read_body, 2},
    {FEED, "summary", NULL, read_body, 1},
    {FEED, "pubDate", NULL, read_date, 5},
    {FEED, "published", NULL, read_date, 4},
    {DUBLIN_CORE, "date", NULL, read_date, 3},
    {FEED, "issued", NULL, read_date, 2},
    {FEED, "updated", NULL, read_date, 1},
};

static void read_part(fh_feed_scribe *s, xmlNode *node, item *i)
{
    fh_str name;
    vocabulary from = name_element(node, &name);
    for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
        if (parts[p].vocabulary != from || !fh_str_equal(name, fh_str_of(parts[p].name)))
            continue;
        if (parts[p].read)
            parts[p].read(s, node, i);
        else
            parts[p].read_ranked(s, node, i, parts[p].rank);
    }
}

fh_str fh_feed_title_read(fh_feed_scribe *s, xmlNode *node)
{
    return is_named(node, FEED, "title") ? text_of(s, node) : (fh_str){"", 0};
}

void fh_feed_item_read(fh_feed_scribe *s, xmlNode *node, fh_article *article, fh_str *date)
{
    item i = {.article = article};
    *article = (fh_article){0};
    fh_arena_clear(&s->texts);
    for (xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE)
            read_part(s, child, &i);
    }
    if (article->url.len == 0 && is_address(i.guid))
        article->url = i.guid;
    if (article->url.len == 0)
        article->id = i.guid;
    article->body = i.body;
    *date = i.date;
    article->keywords = keep(s, fh_buffer_str(&i.keywords));
    s->failed = s->failed || i.keywords.failed;
    fh_buffer_free(&i.keywords);
}
