#include "indexer/html_parser.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "base/utf8.h"
#include "indexer/html_lexer.h"
#include "indexer/html_references.h"

/* The parser is given so much at once. */
#define CHUNK (16u * 1024)

/* No reference takes more bytes; one that does is read as text. */
#define REFERENCE_MAX 32u

/* Names longer than this are of elements that mean nothing here. */
#define NAME_MAX_LEN 64

/* Comments are passed over; one makes the parser take the text before it. */
#define EMPTY_COMMENT FH_STR("<!---->")

#define JSON_LD FH_STR("application/ld+json")

typedef struct feeder {
    htmlParserCtxtPtr parser;
    fh_html_tree *tree;
    fh_buffer out; /* for the parser, and not yet given to it */
    size_t starts; /* tags in there that may make the page deeper */
    size_t deeper; /* elements that were left out as too deep, and have not ended */
    bool title;    /* a title has begun */
    bool json;     /* the script that has begun is JSON-LD */
} feeder;

/* ---- From the parser to the tree ---- */

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    fh_html_tree_start(context, (const char *)name, (const char *const *)attributes);
}

static void on_end(void *context, const xmlChar *name)
{
    (void)name;
    fh_html_tree_end(context);
}

static void on_text(void *context, const xmlChar *text, int len)
{
    fh_html_tree_text(context, (fh_str){(const char *)text, (size_t)len});
}

static fh_status open_parser(feeder *f, fh_error *err)
{
    xmlSAXHandler handler = {.startElement = on_start,
                             .endElement = on_end,
                             .characters = on_text,
                             .ignorableWhitespace = on_text};
    xmlInitParser();
    f->parser =
        htmlCreatePushParserCtxt(&handler, f->tree, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);
    if (!f->parser)
        return fh_fail_memory(err);
    htmlCtxtUseOptions(f->parser, HTML_PARSE_IGNORE_ENC | HTML_PARSE_NONET |
                                      HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING);
    /* The page's own <html>, <head> and <body> are left out: they come late, twice, or not at all. */
    fh_buffer_add_str(&f->out, FH_STR("<html><body>"));
    f->starts = 2;
    return FH_OK;
}

/* Give the parser what there is for it. */
static void flush(feeder *f)
{
    fh_buffer_add_str(&f->out, EMPTY_COMMENT);
    if (!f->out.failed)
        htmlParseChunk(f->parser, f->out.data, (int)f->out.len, 0);
    f->tree->failed |= f->out.failed || f->parser->errNo == XML_ERR_NO_MEMORY;
    fh_buffer_clear(&f->out);
    f->starts = 0;
}

/* ---- Text ---- */

static bool is_control(char c)
{
    return (unsigned char)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

/* The bytes of S up to the first that the parser must not see as it is. */
static size_t plain_len(fh_str s)
{
    size_t at = 0;
    while (at < s.len && s.ptr[at] != '&' && s.ptr[at] != '<' && s.ptr[at] != '"' &&
           !is_control(s.ptr[at]))
        at++;
    return at;
}

/* Append the character at the beginning of S, which plain_len() stopped at; returns its bytes. */
static size_t add_special(feeder *f, fh_str s)
{
    if (s.ptr[0] == '&')
        return fh_html_reference(s, &f->out);
    if (s.ptr[0] == '\0')
        fh_buffer_add_str(&f->out, FH_STR("\uFFFD"));
    else if (s.ptr[0] == '<')
        fh_buffer_add_str(&f->out, FH_STR("&lt;"));
    else if (s.ptr[0] == '"')
        fh_buffer_add_str(&f->out, FH_STR("&quot;"));
    return 1;
}

static void add_plain(feeder *f, fh_str s)
{
    while (s.len > 0) {
        size_t len = plain_len(s);
        fh_buffer_add(&f->out, s.ptr, len);
        if (len < s.len)
            len += add_special(f, (fh_str){s.ptr + len, s.len - len});
        s = (fh_str){s.ptr + len, s.len - len};
    }
}

/* The bytes of TEXT that are added at once: no character, and no reference, is cut. */
static size_t piece_len(fh_str text)
{
    if (text.len <= CHUNK)
        return text.len;
    size_t len = fh_utf8_cut(text.ptr, CHUNK);
    const char *mark = memrchr(text.ptr + len - REFERENCE_MAX, '&', REFERENCE_MAX);
    return mark ? (size_t)(mark - text.ptr) : len;
}

static void add_text(feeder *f, fh_str text)
{
    while (text.len > 0) {
        size_t len = piece_len(text);
        add_plain(f, (fh_str){text.ptr, len});
        text = (fh_str){text.ptr + len, text.len - len};
        if (f->out.len >= CHUNK)
            flush(f);
    }
}

/* ---- Tags ---- */

/* An attribute that means something: on any element, or on one. */
typedef struct wanted {
    const char *name;
    const char *element;
    bool bare; /* its value does not matter */
} wanted;

static const wanted *find_wanted(fh_str name, fh_str element)
{
    static const wanted all[] = {
        {"class", NULL, false},  {"id", NULL, false},          {"style", NULL, false},
        {"role", NULL, false},   {"itemprop", NULL, false},    {"content", NULL, false},
        {"hidden", NULL, true},  {"aria-hidden", NULL, false}, {"datetime", NULL, false},
        {"pubdate", NULL, true}, {"title", "abbr", false},     {"property", "meta", false},
        {"name", "meta", false}, {"rel", "link", false},       {"href", "link", false},
        {"href", "a", true},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (fh_html_is(name, all[i].name) &&
            (!all[i].element || fh_html_is(element, all[i].element)))
            return &all[i];
    }
    return NULL;
}

static void add_attributes(feeder *f, fh_str element, fh_str text)
{
    fh_str name, value;
    size_t count = 0;
    while (fh_html_attribute_next(&text, &name, &value)) {
        if (++count > FH_HTML_ATTRIBUTES_MAX) {
            f->tree->crowded = true;
            return;
        }
        const wanted *w = find_wanted(name, element);
        if (!w)
            continue;
        if (w->bare)
            value.len = 0;
        else if (value.len > FH_HTML_VALUE_MAX)
            value.len = fh_utf8_cut(value.ptr, FH_HTML_VALUE_MAX);
        fh_buffer_add_byte(&f->out, ' ');
        fh_buffer_add_str(&f->out, name);
        fh_buffer_add_str(&f->out, FH_STR("=\""));
        add_plain(f, value);
        fh_buffer_add_byte(&f->out, '"');
    }
}

/* Does the parser take NAME as it stands? What is named otherwise is none of HTML's elements. */
static bool is_name(fh_str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_' || c == ':' || c == '.'))
            return false;
    }
    return name.len <= NAME_MAX_LEN;
}

/*
 * Is there room inside the deepest element for one more? What the parser has not yet seen may all be
 * inside of each other. Void elements need some room too.
 */
static bool has_room(feeder *f)
{
    if (f->tree->depth + f->starts + 2 > FH_HTML_DEPTH_MAX)
        flush(f);
    return f->tree->depth + f->starts + 2 <= FH_HTML_DEPTH_MAX;
}

/* A line ends where an element would that is left out. */
static void add_line(feeder *f, const fh_html_element *element)
{
    if (element->traits & FH_HTML_BLOCK)
        fh_buffer_add_str(&f->out, FH_STR("<br>"));
}

static bool is_json(fh_str text)
{
    fh_str name, value;
    while (fh_html_attribute_next(&text, &name, &value)) {
        if (fh_html_is(name, "type"))
            return value.len >= JSON_LD.len &&
                   fh_html_is((fh_str){value.ptr, JSON_LD.len}, JSON_LD.ptr);
    }
    return false;
}

/* A title has no elements inside: where one begins or another ends, it was not closed. */
static void close_title(feeder *f)
{
    if (f->title)
        fh_buffer_add_str(&f->out, FH_STR("</title>"));
    f->title = false;
}

static void add_start(feeder *f, const fh_html_token *token)
{
    const fh_html_element *element = fh_html_element_find(token->name);
    if (element->tag == FH_TAG_SCRIPT)
        f->json = is_json(token->text);
    close_title(f);
    if (element->traits & FH_HTML_IDLE || !is_name(token->name))
        return;
    bool holds = !(element->traits & FH_HTML_VOID);
    if (!has_room(f) && holds) {
        f->tree->deep = true;
        f->deeper++;
        add_line(f, element);
        return;
    }
    f->starts += holds;
    f->title = element->tag == FH_TAG_TITLE;
    fh_buffer_add_byte(&f->out, '<');
    fh_buffer_add_str(&f->out, token->name);
    add_attributes(f, token->name, token->text);
    fh_buffer_add_byte(&f->out, '>');
}

static void add_end(feeder *f, const fh_html_token *token)
{
    const fh_html_element *element = fh_html_element_find(token->name);
    if (element->traits & (FH_HTML_IDLE | FH_HTML_VOID) || !is_name(token->name))
        return;
    if (f->deeper > 0) {
        f->deeper--;
        add_line(f, element);
        return;
    }
    if (element->tag != FH_TAG_TITLE)
        close_title(f);
    f->title = false;
    fh_buffer_add_str(&f->out, FH_STR("</"));
    fh_buffer_add_str(&f->out, token->name);
    fh_buffer_add_byte(&f->out, '>');
}

static void add_raw(feeder *f, const fh_html_token *token)
{
    const fh_html_element *element = fh_html_element_find(token->name);
    if (element->tag == FH_TAG_SCRIPT && f->json && f->tree->script_count < FH_HTML_SCRIPTS_MAX)
        f->tree->scripts[f->tree->script_count++] = token->text;
    if (!(element->traits & FH_HTML_IDLE))
        add_text(f, token->text);
}

/* The place behind MARK in TEXT; NULL when it is not there. */
static const char *behind(fh_str text, fh_str mark)
{
    const char *found = text.len > 0 ? memmem(text.ptr, text.len, mark.ptr, mark.len) : NULL;
    return found ? found + mark.len : NULL;
}

/*
 * Programs that save pages write where they were: browsers `saved from url=(0031)https://...`, SingleFile
 * `url: https://...` on a line, and HTTrack `Mirrored from host/path by HTTrack`.
 */
static void read_comment(feeder *f, fh_str text)
{
    static const struct {
        fh_str mark, before, scheme;
    } programs[] = {
        {{" saved from url=(", 17}, {")", 1}, {"", 0}},
        {{" Page saved with SingleFile", 27}, {" url: ", 6}, {"", 0}},
        {{" by HTTrack", 11}, {" Mirrored from ", 15}, {"http://", 7}},
    };
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        const char *at =
            behind(text, programs[i].mark) ? behind(text, programs[i].before) : NULL;
        if (!at)
            continue;
        fh_buffer url = {0};
        fh_str rest = {at, text.len - (size_t)(at - text.ptr)};
        size_t len = 0;
        while (len < rest.len && !strchr(" \t\r\n", rest.ptr[len]))
            len++;
        fh_buffer_add_str(&url, programs[i].scheme);
        fh_buffer_add(&url, rest.ptr, len);
        f->tree->failed |= url.failed;
        fh_html_facts_add(&f->tree->facts, FH_STR(FH_HTML_SAVED_FROM), fh_buffer_str(&url));
        fh_buffer_free(&url);
        return;
    }
}

static void add_token(feeder *f, const fh_html_token *token)
{
    switch (token->kind) {
    case FH_HTML_TEXT:
        add_text(f, token->text);
        break;
    case FH_HTML_START:
        add_start(f, token);
        if (token->empty)
            add_end(f, token);
        break;
    case FH_HTML_END:
        add_end(f, token);
        break;
    case FH_HTML_RAW:
        add_raw(f, token);
        break;
    case FH_HTML_COMMENT:
        read_comment(f, token->text);
        break;
    }
    if (f->out.len >= CHUNK)
        flush(f);
}

fh_status fh_html_parse(fh_str page, fh_html_tree *tree, fh_error *err)
{
    feeder f = {.tree = tree};
    fh_html_lexer lexer = {.rest = page, .xml = fh_str_starts(page, FH_STR("<?xml"))};
    fh_html_token token;
    fh_status status = open_parser(&f, err);
    if (status)
        return status;
    while (!tree->failed && fh_html_lexer_next(&lexer, &token))
        add_token(&f, &token);
    flush(&f);
    htmlParseChunk(f.parser, NULL, 0, 1);
    fh_html_tree_finish(tree);
    htmlFreeParserCtxt(f.parser);
    fh_buffer_free(&f.out);
    return tree->failed ? fh_fail_memory(err) : FH_OK;
}
