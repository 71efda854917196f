#include "indexer/text.h"

#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "indexer/input.h"

#define ARABIC_COMMA     FH_STR("\u060C")
#define ARABIC_SEMICOLON FH_STR("\u061B")

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

fh_str fh_text_trim(fh_str text)
{
    while (text.len > 0 && is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    while (text.len > 0 && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

fh_str fh_text_take_line(fh_str *rest)
{
    const char *feed = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    fh_str line = {rest->ptr, feed ? (size_t)(feed - rest->ptr) : rest->len};
    size_t used = line.len + (feed != NULL);
    rest->ptr += used;
    rest->len -= used;
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

bool fh_text_same(fh_str a, fh_str b)
{
    return a.len == b.len && (a.len == 0 || strncasecmp(a.ptr, b.ptr, a.len) == 0);
}

/* Append TEXT to OUT with U+FFFD for each NUL byte; returns how many there were. */
static size_t replace_nuls(fh_str text, fh_buffer *out)
{
    char mark[FH_UTF8_MAX];
    size_t len = fh_utf8_encode(FH_REPLACEMENT, mark), count = 0;
    for (const char *nul; text.len > 0 && (nul = memchr(text.ptr, '\0', text.len)); count++) {
        size_t before = (size_t)(nul - text.ptr);
        fh_buffer_add(out, text.ptr, before);
        fh_buffer_add(out, mark, len);
        text.ptr += before + 1;
        text.len -= before + 1;
    }
    fh_buffer_add_str(out, text);
    return count;
}

fh_status fh_text_clean(fh_str text, fh_buffer *space, fh_str *clean, size_t *repairs,
                        fh_error *err)
{
    fh_status status = fh_input_clean(text, space, clean, repairs, err);
    if (status || clean->len == 0 || !memchr(clean->ptr, '\0', clean->len))
        return status;
    fh_buffer whole = {0};
    *repairs += replace_nuls(*clean, &whole);
    fh_buffer_free(space);
    *space = whole;
    *clean = fh_buffer_str(space);
    return space->failed ? fh_fail_memory(err) : FH_OK;
}

void fh_text_tell_repairs(const fh_place *place, size_t repairs)
{
    if (repairs > 0)
        fh_listener_tell(place->listener, FH_REMARK_REPAIRED, place->file, place->line,
                         "%zu bad UTF-8 sequence%s replaced by U+FFFD", repairs,
                         repairs == 1 ? "" : "s");
}

/* The bytes of what stands between keywords at the beginning of TEXT; 0 when it is none. */
static size_t separator_of(fh_str text)
{
    if (text.ptr[0] != '\0' && strchr(",;|\n", text.ptr[0]))
        return 1;
    bool arabic = fh_str_starts(text, ARABIC_COMMA) || fh_str_starts(text, ARABIC_SEMICOLON);
    return arabic ? ARABIC_COMMA.len : 0;
}

void fh_text_keywords(fh_str text, fh_buffer *out)
{
    while (text.len > 0) {
        size_t len = 0, skip = 0;
        while (len < text.len &&
               (skip = separator_of((fh_str){text.ptr + len, text.len - len})) == 0)
            len++;
        fh_str word = fh_text_trim((fh_str){text.ptr, len});
        if (word.len > 0 && out->len > 0)
            fh_buffer_add_byte(out, '\n');
        fh_buffer_add_str(out, word);
        text.ptr += len + skip;
        text.len -= len + skip;
    }
}
