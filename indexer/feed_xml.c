#include "indexer/feed_xml.h"

#include "base/utf8.h"
#include "indexer/feed_cutter.h"
#include "indexer/markup.h"

/*
 * The bytes of a declaration `<!...>`: with what is in brackets, and quotes that hold either.
 */
static size_t declaration_len(fh_str text)
{
    char quote = 0;
    size_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '<' || c == '[')
            depth++;
        else if ((c == '>' || c == ']') && --depth == 0)
            return i + 1;
    }
    return text.len;
}

/* Append the line feeds of TEXT. */
static void add_feeds(fh_str text, fh_buffer *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            fh_buffer_add_byte(out, '\n');
    }
}

/* Is the character at the beginning of TEXT none that XML allows? *LEN is its length. */
static bool is_forbidden(fh_str text, size_t *len)
{
    unsigned char c = (unsigned char)text.ptr[0];
    *len = 1;
    if (c < 0x20)
        return c != '\t' && c != '\n' && c != '\r';
    if (c != 0xEF || text.len < 3)
        return false;
    bool none = fh_str_starts(text, FH_STR("\xEF\xBF\xBE")) ||
                fh_str_starts(text, FH_STR("\xEF\xBF\xBF"));
    *len = none ? 3 : 1;
    return none;
}

/* Append TEXT but for the characters that XML does not allow; returns how many there were. */
static size_t add_allowed(fh_str text, fh_buffer *out)
{
    char mark[FH_UTF8_MAX];
    size_t mark_len = fh_utf8_encode(FH_REPLACEMENT, mark);
    size_t count = 0, start = 0, len;
    for (size_t i = 0; i < text.len; i += len) {
        if (!is_forbidden((fh_str){text.ptr + i, text.len - i}, &len))
            continue;
        fh_buffer_add(out, text.ptr + start, i - start);
        fh_buffer_add(out, mark, mark_len);
        start = i + len;
        count++;
    }
    fh_buffer_add(out, text.ptr + start, text.len - start);
    return count;
}

/* Append what stands for the reference at the beginning of TEXT; returns the bytes it took. */
static size_t add_reference(fh_str text, fh_buffer *out)
{
    uint32_t code;
    char utf8[FH_UTF8_MAX];
    size_t used = fh_markup_reference(text, &code);
    if (code > 0 && code < 0x80)
        fh_buffer_printf(out, "&#%u;", (unsigned)code);
    else if (code > 0)
        fh_buffer_add(out, utf8, fh_utf8_encode(code, utf8));
    return used;
}

size_t fh_feed_mend(fh_str text, fh_buffer *out)
{
    size_t forbidden = 0;
    bool begun = false; /* an element has: no document type can come any more */
    while (text.len > 0) {
        size_t used = 0;
        while (used < text.len && text.ptr[used] != '<' && text.ptr[used] != '&')
            used++;
        if (used == 0 && text.ptr[0] == '&') {
            used = add_reference(text, out);
        } else if (used == 0 && !begun && fh_str_starts(text, FH_STR("<!DOCTYPE"))) {
            used = declaration_len(text);
            add_feeds((fh_str){text.ptr, used}, out);
        } else {
            size_t verbatim = used == 0 ? fh_feed_verbatim(text) : 0;
            begun = begun || (used == 0 && verbatim == 0);
            used = verbatim > 0 ? verbatim : used > 0 ? used : 1;
            forbidden += add_allowed((fh_str){text.ptr, used}, out);
        }
        text = (fh_str){text.ptr + used, text.len - used};
    }
    return forbidden;
}
