#include "indexer/feed_cutter.h"

#include <string.h>

#include "base/buffer.h"

/* The bytes of TEXT up to and with the first MARK, or all of them. */
static size_t through(fh_str text, fh_str mark)
{
    const char *at = memmem(text.ptr, text.len, mark.ptr, mark.len);
    return at ? (size_t)(at - text.ptr) + mark.len : text.len;
}

size_t fh_feed_verbatim(fh_str text)
{
    static const fh_str marks[][2] = {
        {{"<![CDATA[", 9}, {"]]>", 3}}, {{"<!--", 4}, {"-->", 3}}, {{"<?", 2}, {"?>", 2}}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (fh_str_starts(text, marks[i][0]))
            return through(text, marks[i][1]);
    }
    return 0;
}

static fh_str behind(fh_str text, size_t len)
{
    return (fh_str){text.ptr + len, text.len - len};
}

/*
 * The bytes of TEXT before the next tag, 0 when it begins with one; all of it when there is
 * none.
 */
static size_t find_tag(fh_str text)
{
    size_t at = 0;
    while (at < text.len) {
        const char *open = memchr(text.ptr + at, '<', text.len - at);
        if (!open)
            return text.len;
        at = (size_t)(open - text.ptr);
        size_t verbatim = fh_feed_verbatim(behind(text, at));
        if (verbatim == 0)
            return at;
        at += verbatim;
    }
    return text.len;
}

/* A tag, as far as it has to be known. */
typedef struct tag {
    fh_str name; /* with its prefix, without its slash */
    bool closes; /* </name> */
    bool empty;  /* <name/> */
    size_t len;  /* with both brackets */
    size_t attributes;
} tag;

/* The place behind the quotes that begin at AT, or of a <, which cannot be inside them. */
static size_t skip_quotes(fh_str text, size_t at)
{
    char quote = text.ptr[at++];
    while (at < text.len && text.ptr[at] != quote && text.ptr[at] != '<')
        at++;
    return at + (at < text.len && text.ptr[at] == quote);
}

/* Read the tag at the beginning of TEXT. One that is not closed ends at the next <. */
static tag read_tag(fh_str text)
{
    tag t = {.closes = text.len > 1 && text.ptr[1] == '/'};
    size_t at = 1 + t.closes;
    t.name.ptr = text.ptr + at;
    while (at < text.len && !memchr(" \t\r\n/><", text.ptr[at], 7))
        at++;
    t.name.len = (size_t)(text.ptr + at - t.name.ptr);
    while (at < text.len && text.ptr[at] != '>' && text.ptr[at] != '<') {
        bool quoted = text.ptr[at] == '"' || text.ptr[at] == '\'';
        at = quoted ? skip_quotes(text, at) : at + 1;
        t.attributes += quoted;
    }
    bool closed = at < text.len && text.ptr[at] == '>';
    t.empty = closed && text.ptr[at - 1] == '/';
    t.len = at + closed;
    return t;
}

/* NAME without its prefix. */
static fh_str local_of(fh_str name)
{
    const char *colon = name.len > 0 ? memchr(name.ptr, ':', name.len) : NULL;
    return colon ? behind(name, (size_t)(colon - name.ptr) + 1) : name;
}

static bool is_item(fh_str name)
{
    name = local_of(name);
    return fh_str_equal(name, FH_STR("item")) || fh_str_equal(name, FH_STR("entry"));
}

/* Is an element of this name cut out? Those of other vocabularies are not, but for items. */
static bool is_wanted(fh_str name)
{
    return is_item(name) || fh_str_equal(name, FH_STR("title")) ||
           fh_str_equal(name, FH_STR("image")) || fh_str_equal(name, FH_STR("textInput")) ||
           fh_str_equal(name, FH_STR("textinput"));
}

/* The bytes of the element at the beginning of TEXT, whose start tag is START. */
static size_t element_len(fh_str text, tag start, bool *crowded)
{
    size_t at = start.len;
    *crowded = start.attributes > FH_ATTRIBUTES_MAX;
    if (start.empty)
        return at;
    for (;;) {
        at += find_tag(behind(text, at));
        if (at == text.len)
            return at;
        tag t = read_tag(behind(text, at));
        bool same = fh_str_equal(t.name, start.name);
        if (!t.closes && (same || is_item(t.name)))
            return at;
        *crowded = *crowded || t.attributes > FH_ATTRIBUTES_MAX;
        at += t.len;
        if (t.closes && same)
            return at;
    }
}

/* Move LEN bytes on. */
static void pass(fh_feed_cutter *c, size_t len)
{
    for (size_t i = 0; i < len; i++)
        c->line += c->rest.ptr[i] == '\n';
    c->rest = behind(c->rest, len);
}

bool fh_feed_cutter_root(fh_feed_cutter *c, fh_feed_piece *root)
{
    pass(c, find_tag(c->rest));
    if (c->rest.len == 0)
        return false;
    tag t = read_tag(c->rest);
    *root = (fh_feed_piece){local_of(t.name), {c->rest.ptr, t.len}, c->line, false};
    root->crowded = t.attributes > FH_ATTRIBUTES_MAX;
    pass(c, t.len);
    return !root->crowded;
}

bool fh_feed_cutter_next(fh_feed_cutter *c, fh_feed_piece *piece)
{
    for (;;) {
        pass(c, find_tag(c->rest));
        if (c->rest.len == 0)
            return false;
        tag t = read_tag(c->rest);
        if (t.closes || !is_wanted(t.name)) {
            pass(c, t.len);
            continue;
        }
        *piece = (fh_feed_piece){.name = local_of(t.name), .line = c->line};
        piece->text = (fh_str){c->rest.ptr, element_len(c->rest, t, &piece->crowded)};
        pass(c, piece->text.len);
        return true;
    }
}
