/*
 * Feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom. Each item or entry is an article.
 *
 *   title      of the item
 *   body       content:encoded, else content, else description or summary; HTML becomes text
 *   url        the link; a guid that is an address, when there is none
 *   id         the guid, when there is no url either
 *   date       pubDate, published, dc:date, issued, else updated
 *   source     of the item, else the title of the feed
 *   keywords   the categories; section the first of them
 *
 * Items are parsed one by one: one that is not well-formed XML, but for what feed_xml.h mends,
 * is refused, and the others stand. Nothing is loaded and no entity is declared.
 */
#include <inttypes.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "indexer/feed_cutter.h"
#include "indexer/feed_item.h"
#include "indexer/feed_xml.h"
#include "indexer/format.h"
#include "indexer/text.h"
#include "indexer/web_date.h"

/* The longest feed in bytes. */
#define FEED_MAX (16u * 1024 * 1024)

/*
 * The longest item in bytes, once it is mended: the parser takes thirty times as much for it.
 */
#define ITEM_MAX (4u * 1024 * 1024)

/* The title of the feed is one of its first, before or behind those of other vocabularies. */
#define TITLES_MAX 8

/* The start tag of a feed declares vocabularies; a longer one is left out of account. */
#define ROOT_MAX 4096

/* The first line of an error of the parser is shown up to so many bytes. */
#define REASON_MAX 200

typedef struct feed {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer xml; /* all of it, mended */
    fh_feed_cutter cutter;
    fh_feed_piece root;
    fh_str name;   /* title of the feed */
    size_t titles; /* tried to be that */
    fh_arena names;
    fh_buffer small; /* one item inside the element of the feed */
    xmlParserCtxt *parser;
    fh_feed_scribe scribe;
    uint64_t line; /* of the last item */
} feed;

static void close_feed(void *state)
{
    feed *f = state;
    if (!f)
        return;
    xmlFreeParserCtxt(f->parser);
    fh_buffer_free(&f->xml);
    fh_buffer_free(&f->small);
    fh_arena_free(&f->names);
    fh_arena_free(&f->scribe.texts);
    free(f);
}

/* ---- The feed ---- */

static bool is_empty_tag(fh_str tag)
{
    return tag.len >= 2 && tag.ptr[tag.len - 2] == '/';
}

/*
 * PIECE as a document: inside the start tag of the feed, where its vocabularies are declared.
 */
static fh_str wrap(feed *f, const fh_feed_piece *piece)
{
    fh_str root = f->root.text;
    if (root.len > ROOT_MAX || is_empty_tag(root))
        root = FH_STR("<feed>");
    fh_buffer_clear(&f->small);
    fh_buffer_add_str(&f->small, root);
    /* On one line, so that the lines of errors are those of the piece. */
    for (size_t i = 0; i < f->small.len; i++) {
        if (f->small.data[i] == '\n')
            f->small.data[i] = ' ';
    }
    size_t name = 1;
    while (name < root.len && !memchr(" \t\r\n>", root.ptr[name], 5))
        name++;
    fh_buffer_add_str(&f->small, piece->text);
    fh_buffer_printf(&f->small, "</%.*s>", (int)name - 1, root.ptr + 1);
    f->scribe.failed = f->scribe.failed || f->small.failed;
    return fh_buffer_str(&f->small);
}

/* The last failure of the parser, as a sentence about the line it stands on. */
static fh_status fail_xml(feed *f, const fh_feed_piece *piece, fh_error *err)
{
    const xmlError *error = xmlCtxtGetLastError(f->parser);
    if (error && error->code == XML_ERR_NO_MEMORY)
        return fh_fail_memory(err);
    const char *message = error && error->message ? error->message : "cut short";
    uint64_t line = piece->line + (error && error->line > 0 ? (uint64_t)error->line - 1 : 0);
    int len = (int)strcspn(message, "\r\n");
    return fh_fail(err, FH_EFORMAT, "not well-formed XML in line %" PRIu64 ": %.*s", line,
                   len < REASON_MAX ? len : REASON_MAX, message);
}

/* Parse PIECE; *DOC is the caller's to free, *NODE the element in it. */
static fh_status parse(feed *f, const fh_feed_piece *piece, xmlDoc **doc, xmlNode **node,
                       fh_error *err)
{
    *doc = NULL;
    *node = NULL;
    if (piece->text.len > ITEM_MAX)
        return fh_fail(err, FH_ELIMIT, "an item of more than %u MiB", ITEM_MAX >> 20);
    if (piece->crowded)
        return fh_fail(err, FH_ELIMIT, "a tag with more than %d attributes", FH_ATTRIBUTES_MAX);
    fh_str xml = wrap(f, piece);
    if (f->scribe.failed)
        return fh_fail_memory(err);
    *doc = xmlCtxtReadMemory(f->parser, xml.ptr, (int)xml.len, NULL, "UTF-8",
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                 XML_PARSE_IGNORE_ENC | XML_PARSE_COMPACT | XML_PARSE_NOCDATA);
    if (!*doc)
        return fail_xml(f, piece, err);
    *node = xmlFirstElementChild(xmlDocGetRootElement(*doc));
    return FH_OK;
}

/* Remember the title of the feed. One that cannot be read leaves it without. */
static void read_name(feed *f, const fh_feed_piece *piece)
{
    xmlDoc *doc;
    xmlNode *node;
    if (f->name.len > 0 || f->titles++ >= TITLES_MAX || parse(f, piece, &doc, &node, NULL))
        return;
    f->name = fh_arena_copy(&f->names, fh_feed_title_read(&f->scribe, node));
    f->scribe.failed = f->scribe.failed || !f->name.ptr;
    xmlFreeDoc(doc);
}

static bool is_item(const fh_feed_piece *piece)
{
    return fh_str_equal(piece->name, FH_STR("item")) ||
           fh_str_equal(piece->name, FH_STR("entry"));
}

static void read_item(feed *f, xmlNode *node, fh_article *article)
{
    fh_str date;
    fh_place place = {f->listener, fh_input_name(f->input), f->line};
    fh_feed_item_read(&f->scribe, node, article, &date);
    article->date = fh_web_date_read(&place, date);
    if (article->source.len == 0)
        article->source = f->name;
}

/* Read PIECE, an item, into *ARTICLE, or refuse it. */
static fh_status read_piece(feed *f, const fh_feed_piece *piece, bool *found,
                            fh_article *article, fh_error *err)
{
    fh_error why = {0};
    xmlDoc *doc;
    xmlNode *node;
    f->line = piece->line;
    fh_status status = parse(f, piece, &doc, &node, &why);
    if (!status) {
        read_item(f, node, article);
        xmlFreeDoc(doc);
    }
    if (f->scribe.failed || status == FH_ENOMEM)
        return fh_fail_memory(err);
    if (status)
        fh_listener_tell(f->listener, FH_REMARK_REFUSED, fh_input_name(f->input), piece->line,
                         "%s", why.message);
    *found = !status;
    return FH_OK;
}

/* See that the feed was not cut between two items, and had some. */
static fh_status check_end(const feed *f, fh_error *err)
{
    const char *file = fh_input_name(f->input);
    fh_str all = fh_buffer_str(&f->xml), name = f->root.name;
    const char *slash = all.len > 0 ? memrchr(all.ptr, '/', all.len) : NULL;
    size_t left = slash ? (size_t)(all.ptr + all.len - slash) : 0;
    bool whole =
        is_empty_tag(f->root.text) || (slash && memmem(slash, left, name.ptr, name.len));
    if (!whole)
        return fh_fail(err, FH_EFORMAT, "cut short: </%.*s> is missing at the end",
                       (int)name.len, name.ptr);
    if (f->line == 0)
        fh_listener_tell(f->listener, FH_REMARK_WARNING, file, 0, "a feed without items");
    return FH_OK;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    feed *f = state;
    fh_feed_piece piece;
    fh_status status = FH_OK;
    *found = false;
    while (!status && !*found) {
        if (fh_listener_stops(f->listener))
            return fh_fail(err, FH_ESTOPPED, "stopped");
        if (!fh_feed_cutter_next(&f->cutter, &piece))
            return check_end(f, err);
        if (is_item(&piece))
            status = read_piece(f, &piece, found, article, err);
        else if (fh_str_equal(piece.name, FH_STR("title")))
            read_name(f, &piece);
        if (!status && f->scribe.failed)
            status = fh_fail_memory(err);
    }
    return status;
}

/* All of the input as XML that the parser takes. */
static fh_status read_xml(feed *f, fh_error *err)
{
    fh_str text;
    size_t repairs;
    fh_buffer clean = {0};
    fh_place place = {f->listener, fh_input_name(f->input), 0};
    fh_status status = fh_input_rest(f->input, &text, err);
    if (!status && text.len > FEED_MAX)
        status = fh_fail(err, FH_ELIMIT, "a feed of more than %u MiB", FEED_MAX >> 20);
    if (!status)
        status = fh_text_clean(text, &clean, &text, &repairs, err);
    if (!status) {
        size_t forbidden = fh_feed_mend(text, &f->xml);
        fh_text_tell_repairs(&place, repairs);
        if (forbidden > 0)
            fh_listener_tell(f->listener, FH_REMARK_WARNING, place.file, 0,
                             "%zu character%s that XML does not allow replaced by U+FFFD",
                             forbidden, forbidden == 1 ? "" : "s");
        status = f->xml.failed ? fh_fail_memory(err) : FH_OK;
    }
    fh_buffer_free(&clean);
    return status;
}

/* See that the first element is that of a feed. */
static fh_status read_root(feed *f, fh_error *err)
{
    static const char *const roots[] = {"rss", "RDF", "feed"};
    f->cutter = (fh_feed_cutter){fh_buffer_str(&f->xml), 1};
    bool there = fh_feed_cutter_root(&f->cutter, &f->root);
    for (size_t i = 0; there && i < sizeof roots / sizeof *roots; i++) {
        if (fh_str_equal(f->root.name, fh_str_of(roots[i]))) {
            f->scribe.atom = i == 2;
            return FH_OK;
        }
    }
    return fh_fail(err, FH_EFORMAT,
                   "no feed: it does not begin with <rss>, <feed> or <rdf:RDF>");
}

static fh_status open_feed(fh_input *input, const fh_listener *listener, void **state,
                           fh_error *err)
{
    feed *f = calloc(1, sizeof *f);
    *state = NULL;
    if (!f)
        return fh_fail_memory(err);
    f->input = input;
    f->listener = listener;
    f->parser = xmlNewParserCtxt();
    fh_status status = f->parser ? read_xml(f, err) : fh_fail_memory(err);
    if (!status)
        status = read_root(f, err);
    if (status)
        close_feed(f);
    else
        *state = f;
    return status;
}

/* A feed begins with its element, behind a declaration, comments, a document type. */
static bool looks(fh_str head)
{
    feed f = {0};
    fh_feed_mend(head, &f.xml);
    bool is_feed = !f.xml.failed && read_root(&f, NULL) == FH_OK;
    fh_buffer_free(&f.xml);
    return is_feed;
}

static uint64_t line_of(const void *state)
{
    const feed *f = state;
    return f->line;
}

const fh_format fh_format_feed = {
    .name = "feed",
    .endings = ".rss .atom .rdf .xml",
    .many = true,
    .looks = looks,
    .open = open_feed,
    .next = next_article,
    .close = close_feed,
    .line = line_of,
};
