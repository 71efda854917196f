#include "searcher/serve/url.h"

#include <string.h>

#include "base/utf8.h"

/* The value of a hexadecimal digit, or -1. */
static int read_hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Decode TEXT into OUT, which has room for all of it. Returns the bytes, or SIZE_MAX. */
static size_t decode(fh_str text, bool form, char *out)
{
    size_t len = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.ptr[at];
        if (c == '%') {
            int high = at + 2 < text.len ? read_hex(text.ptr[at + 1]) : -1;
            int low = high >= 0 ? read_hex(text.ptr[at + 2]) : -1;
            if (low < 0)
                return SIZE_MAX;
            c = (char)(high * 16 + low);
            at += 2;
        } else if (c == '+' && form) {
            c = ' ';
        }
        out[len++] = c;
    }
    return len;
}

const char *fh_url_decode(fh_str text, bool form, fh_arena *arena, fh_str *decoded)
{
    *decoded = (fh_str){0};
    char *out = fh_arena_alloc(arena, text.len + 1);
    if (!out)
        return "is too large for this machine's memory";
    size_t len = decode(text, form, out);
    if (len == SIZE_MAX)
        return "has a % without two hexadecimal digits behind it";
    fh_str all = {out, len};
    if (memchr(out, '\0', len))
        return "holds a NUL";
    if (fh_utf8_valid(all) != len)
        return "is not UTF-8";
    *decoded = all;
    return NULL;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-._~/", c));
}

void fh_url_encode(fh_str text, fh_buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (is_plain(text.ptr[i]))
            fh_buffer_add_byte(out, text.ptr[i]);
        else
            fh_buffer_printf(out, "%%%02X", (unsigned)(unsigned char)text.ptr[i]);
    }
}

/* What is before the first C in *REST, which then begins behind it. */
static fh_str cut(fh_str *rest, char c)
{
    fh_str first = {rest->ptr, 0};
    while (first.len < rest->len && rest->ptr[first.len] != c)
        first.len++;
    size_t used = first.len < rest->len ? first.len + 1 : first.len;
    if (used > 0)
        *rest = (fh_str){rest->ptr + used, rest->len - used};
    return first;
}

bool fh_url_pair(fh_str *rest, fh_str *name, fh_str *value)
{
    while (rest->len > 0) {
        fh_str pair = cut(rest, '&');
        if (pair.len == 0)
            continue;
        *name = cut(&pair, '=');
        *value = pair;
        return true;
    }
    return false;
}

void fh_url_split(fh_str target, fh_str *path, fh_str *parameters)
{
    *path = cut(&target, '?');
    *parameters = target;
}
