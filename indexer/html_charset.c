#include "indexer/html_charset.h"

#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "indexer/html_lexer.h"

/* What the name of a character set is made of; anything else ends it. */
static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_.:+", c));
}

/* The name that begins S behind spaces and a quote. */
static fh_str read_name(fh_str s)
{
    size_t start = 0;
    while (start < s.len && s.ptr[start] != '\0' && strchr(" \t\r\n\f\"'", s.ptr[start]))
        start++;
    size_t end = start;
    while (end < s.len && is_name(s.ptr[end]))
        end++;
    return (fh_str){s.ptr + start, end - start};
}

/* The name behind `KEY =` in S; empty when it is not there. */
static fh_str read_behind(fh_str s, fh_str key)
{
    for (size_t at = 0; at + key.len < s.len; at++) {
        if (strncasecmp(s.ptr + at, key.ptr, key.len) != 0)
            continue;
        size_t equals = at + key.len;
        while (equals < s.len && (s.ptr[equals] == ' ' || s.ptr[equals] == '\t'))
            equals++;
        if (equals < s.len && s.ptr[equals] == '=')
            return read_name((fh_str){s.ptr + equals + 1, s.len - equals - 1});
    }
    return (fh_str){"", 0};
}

static fh_str read_meta(fh_str attributes)
{
    fh_str name, value, charset = {"", 0}, content = {"", 0};
    bool type = false;
    while (fh_html_attribute_next(&attributes, &name, &value)) {
        if (fh_html_is(name, "charset"))
            charset = read_name(value);
        else if (fh_html_is(name, "content"))
            content = value;
        else if (fh_html_is(name, "http-equiv"))
            type = fh_html_is(value, "content-type");
    }
    return charset.len > 0 || !type ? charset : read_behind(content, FH_STR("charset"));
}

fh_str fh_html_charset(fh_str head)
{
    fh_html_lexer lexer = {.rest = head};
    fh_html_token token;
    fh_str found = {"", 0};
    while (found.len == 0 && fh_html_lexer_next(&lexer, &token)) {
        if (token.kind == FH_HTML_START && fh_html_is(token.name, "meta"))
            found = read_meta(token.text);
        else if (token.text.ptr == head.ptr + 2 && fh_str_starts(head, FH_STR("<?xml ")))
            found = read_behind(token.text, FH_STR("encoding"));
    }
    return found;
}
