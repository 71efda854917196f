#include "indexer/html_lexer.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"

/*
 * The elements whose content holds no tags. Where one is never closed, the rest of the page is a script
 * only for those that nobody reads.
 */
static const struct {
    const char *name;
    bool unread;
} raws[] = {
    {"script", true}, {"style", true},   {"title", false},   {"textarea", false},
    {"xmp", false},   {"iframe", false}, {"noembed", false},
};

enum { RAWS = sizeof raws / sizeof *raws };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool fh_html_is(fh_str name, const char *word)
{
    return strlen(word) == name.len && strncasecmp(name.ptr, word, name.len) == 0;
}

/* Take LEN bytes off S. */
static fh_str take(fh_str *s, size_t len)
{
    fh_str taken = {s->ptr, len};
    s->ptr += len;
    s->len -= len;
    return taken;
}

/* Where BYTE is in S from AT on; the length of S when it is not there. */
static size_t find(fh_str s, size_t at, char byte)
{
    const char *found = at < s.len ? memchr(s.ptr + at, byte, s.len - at) : NULL;
    return found ? (size_t)(found - s.ptr) : s.len;
}

static size_t skip_spaces(fh_str s, size_t at)
{
    while (at < s.len && is_space(s.ptr[at]))
        at++;
    return at;
}

/* ---- Attributes ---- */

/* The end of the attribute's name that begins at AT; a = at the beginning belongs to it. */
static size_t name_end(fh_str s, size_t at)
{
    size_t end = at + 1;
    while (end < s.len && !is_space(s.ptr[end]) && !strchr("/>=", s.ptr[end]))
        end++;
    return end;
}

/*
 * Read the attribute of S that begins at AT, which is no space, / or >, and give the place behind it.
 * *CLOSED is false when it ends in a quote that is not closed.
 */
static size_t read_attribute(fh_str s, size_t at, fh_str *name, fh_str *value, bool *closed)
{
    size_t end = name_end(s, at);
    *name = (fh_str){s.ptr + at, end - at};
    *value = (fh_str){"", 0};
    *closed = true;
    size_t equals = skip_spaces(s, end);
    if (equals == s.len || s.ptr[equals] != '=')
        return end;
    at = skip_spaces(s, equals + 1);
    if (at == s.len || s.ptr[at] == '>')
        return at;
    char quote = s.ptr[at];
    if (quote == '"' || quote == '\'') {
        end = find(s, at + 1, quote);
        *closed = end < s.len;
        *value = (fh_str){s.ptr + at + 1, end - at - 1};
        return *closed ? end + 1 : end;
    }
    for (end = at; end < s.len && !is_space(s.ptr[end]) && s.ptr[end] != '>';)
        end++;
    *value = (fh_str){s.ptr + at, end - at};
    return end;
}

static size_t skip_to_attribute(fh_str s, size_t at)
{
    while (at < s.len && (is_space(s.ptr[at]) || s.ptr[at] == '/'))
        at++;
    return at;
}

bool fh_html_attribute_next(fh_str *attributes, fh_str *name, fh_str *value)
{
    bool closed;
    take(attributes, skip_to_attribute(*attributes, 0));
    /* A > is left in here when quotes mean nothing, and ends the attributes. */
    if (attributes->len == 0 || attributes->ptr[0] == '>')
        return false;
    take(attributes, read_attribute(*attributes, 0, name, value, &closed));
    return true;
}

/* ---- Tokens ---- */

/* The > that ends the start tag at the beginning of S, whose attributes begin at AT. */
static size_t start_end(fh_html_lexer *l, size_t at)
{
    fh_str s = l->rest, name, value;
    size_t first = at;
    bool closed = !l->quoteless;
    while (closed) {
        at = skip_to_attribute(s, at);
        if (at == s.len || s.ptr[at] == '>')
            break;
        at = read_attribute(s, at, &name, &value, &closed);
    }
    if (closed && at < s.len)
        return at;
    l->quoteless = true;
    return find(s, first, '>');
}

/* Do ATTRIBUTES end in a slash that is none of a value? */
static bool ends_empty(fh_str attributes)
{
    size_t len = attributes.len;
    return len > 0 && attributes.ptr[len - 1] == '/' &&
           (len == 1 || is_space(attributes.ptr[len - 2]) ||
            strchr("\"'", attributes.ptr[len - 2]));
}

static bool take_start(fh_html_lexer *l, fh_html_token *token)
{
    size_t name = 1;
    while (name < l->rest.len && !is_space(l->rest.ptr[name]) &&
           !strchr("/>", l->rest.ptr[name]))
        name++;
    size_t end = start_end(l, name);
    l->tagless = end == l->rest.len;
    if (l->tagless)
        return false;
    *token = (fh_html_token){.kind = FH_HTML_START,
                             .name = {l->rest.ptr + 1, name - 1},
                             .text = {l->rest.ptr + name, end - name}};
    token->empty = l->xml && ends_empty(token->text);
    take(&l->rest, end + 1);
    l->raw = token->empty ? (fh_str){"", 0} : token->name;
    return true;
}

static bool take_end(fh_html_lexer *l, fh_html_token *token)
{
    size_t end = find(l->rest, 2, '>'), name = 2;
    l->tagless = end == l->rest.len;
    if (l->tagless)
        return false;
    while (name < end && !is_space(l->rest.ptr[name]) && l->rest.ptr[name] != '/')
        name++;
    *token = (fh_html_token){
        .kind = FH_HTML_END, .name = {l->rest.ptr + 2, name - 2}, .text = {"", 0}};
    take(&l->rest, end + 1);
    return true;
}

/* The length of the comment's content that begins S, and in *SKIP that of what closes it. */
static size_t comment_len(fh_str s, size_t *skip)
{
    /* <!--> and <!---> are whole. */
    size_t at = 0;
    *skip = fh_str_starts(s, FH_STR("->")) ? 2 : 1;
    if (fh_str_starts(s, FH_STR(">")) || *skip == 2)
        return 0;
    for (; (at = find(s, at, '-')) < s.len; at++) {
        fh_str rest = {s.ptr + at, s.len - at};
        bool plain = fh_str_starts(rest, FH_STR("-->"));
        *skip = plain ? 3 : 4;
        if (plain || fh_str_starts(rest, FH_STR("--!>")))
            return at;
    }
    return s.len;
}

static bool take_comment(fh_html_lexer *l, fh_html_token *token)
{
    const fh_str mark = FH_STR("<!--");
    *token = (fh_html_token){.kind = FH_HTML_COMMENT, .name = {"", 0}};
    if (!l->commentless && fh_str_starts(l->rest, mark)) {
        fh_str inside = {l->rest.ptr + mark.len, l->rest.len - mark.len};
        size_t skip, len = comment_len(inside, &skip);
        l->commentless = len == inside.len;
        if (!l->commentless) {
            token->text = (fh_str){inside.ptr, len};
            take(&l->rest, mark.len + len + skip);
            return true;
        }
    }
    size_t end = find(l->rest, 2, '>');
    l->tagless = end == l->rest.len;
    if (l->tagless)
        return false;
    token->text = (fh_str){l->rest.ptr + 2, end - 2};
    take(&l->rest, end + 1);
    return true;
}

/* In XML, text that may hold what looks like tags. */
static bool take_section(fh_html_lexer *l, fh_html_token *token)
{
    const fh_str open = FH_STR("<![CDATA["), close = FH_STR("]]>");
    if (!l->xml || l->sectionless || !fh_str_starts(l->rest, open))
        return false;
    const char *text = l->rest.ptr + open.len;
    const char *end = memmem(text, l->rest.len - open.len, close.ptr, close.len);
    l->sectionless = !end;
    if (!end)
        return false;
    *token = (fh_html_token){
        .kind = FH_HTML_TEXT, .name = {"", 0}, .text = {text, (size_t)(end - text)}};
    take(&l->rest, open.len + token->text.len + close.len);
    return true;
}

/* Where </NAME stands in S, in any letters; the length of S when it does not. */
static size_t find_close(fh_str s, const char *name)
{
    size_t len = strlen(name);
    for (size_t at = 0; (at = find(s, at, '<')) < s.len; at++) {
        if (s.len - at < len + 2 || s.ptr[at + 1] != '/' ||
            strncasecmp(s.ptr + at + 2, name, len) != 0)
            continue;
        char next = s.len - at > len + 2 ? s.ptr[at + 2 + len] : '>';
        if (is_space(next) || next == '/' || next == '>')
            return at;
    }
    return s.len;
}

/* After the start tag of a raw element, its content. */
static bool take_raw(fh_html_lexer *l, fh_html_token *token)
{
    fh_str name = l->raw;
    size_t i = 0;
    l->raw = (fh_str){0};
    while (i < RAWS && !fh_html_is(name, raws[i].name))
        i++;
    if (i == RAWS || l->closeless & 1u << i)
        return false;
    size_t len = find_close(l->rest, raws[i].name);
    if (len == l->rest.len && !raws[i].unread) {
        l->closeless |= 1u << i;
        return false;
    }
    *token = (fh_html_token){.kind = FH_HTML_RAW, .name = name, .text = take(&l->rest, len)};
    return true;
}

static bool take_tag(fh_html_lexer *l, fh_html_token *token)
{
    if (l->tagless || l->rest.len < 2 || l->rest.ptr[0] != '<')
        return false;
    char next = l->rest.ptr[1];
    if (is_letter(next))
        return take_start(l, token);
    if (next == '/' && l->rest.len > 2 && is_letter(l->rest.ptr[2]))
        return take_end(l, token);
    if (take_section(l, token))
        return true;
    return strchr("!?/", next) && next != '\0' && take_comment(l, token);
}

bool fh_html_lexer_next(fh_html_lexer *l, fh_html_token *token)
{
    if (l->raw.len > 0 && take_raw(l, token))
        return true;
    if (l->rest.len == 0)
        return false;
    if (take_tag(l, token))
        return true;
    *token = (fh_html_token){
        .kind = FH_HTML_TEXT, .name = {"", 0}, .text = take(&l->rest, find(l->rest, 1, '<'))};
    return true;
}
