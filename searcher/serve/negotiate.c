#include "searcher/serve/negotiate.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "base/file.h"

/* zlib's way to ask for a gzip header, and its fastest level: the answers are made while one waits. */
#define WINDOW_BITS (15 + 16)
#define LEVEL       1
#define MEMORY      8

/* ---- Lists in headers ---- */

static fh_str trim(fh_str s)
{
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = (fh_str){s.ptr + 1, s.len - 1};
    while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

/* Take what is before the next C from *REST, without spaces around it. */
static fh_str cut(fh_str *rest, char c)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, c, rest->len) : NULL;
    fh_str first = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};
    size_t used = first.len + (end ? 1 : 0);
    if (used > 0)
        *rest = (fh_str){rest->ptr + used, rest->len - used};
    return trim(first);
}

static bool is_word(fh_str text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.ptr, word, text.len) == 0;
}

/* Is PARAMETER a weight of nothing: q=0, q=0.0, ...? */
static bool is_zero(fh_str parameter)
{
    if (parameter.len < 3 || strncasecmp(parameter.ptr, "q=0", 3) != 0)
        return false;
    for (size_t i = 3; i < parameter.len; i++)
        if (parameter.ptr[i] != '0' && parameter.ptr[i] != '.')
            return false;
    return true;
}

bool fh_accepts_gzip(fh_str value)
{
    bool any = false;
    while (value.len > 0) {
        fh_str rest = cut(&value, ',');
        fh_str coding = cut(&rest, ';');
        bool wanted = !is_zero(trim(rest));
        if (is_word(coding, "gzip") || is_word(coding, "x-gzip"))
            return wanted;
        if (is_word(coding, "*"))
            any = wanted;
    }
    return any;
}

static fh_str opaque(fh_str tag)
{
    return fh_str_starts(tag, FH_STR("W/")) ? (fh_str){tag.ptr + 2, tag.len - 2} : tag;
}

bool fh_tag_known(fh_str value, fh_str tag)
{
    if (fh_str_equal(trim(value), FH_STR("*")))
        return true;
    while (value.len > 0)
        if (fh_str_equal(opaque(cut(&value, ',')), opaque(tag)))
            return true;
    return false;
}

fh_str fh_tag_make(uint64_t generation, const fh_str *parts, size_t count,
                   char tag[static FH_TAG_MAX])
{
    fh_buffer all = {0};
    for (size_t i = 0; i < count; i++) {
        fh_buffer_printf(&all, "%zu ", parts[i].len);
        fh_buffer_add_str(&all, parts[i]);
    }
    snprintf(tag, FH_TAG_MAX, "W/\"%llu-%016llx\"", (unsigned long long)generation,
             (unsigned long long)fh_checksum(fh_buffer_str(&all)));
    bool failed = all.failed;
    fh_buffer_free(&all);
    return failed ? (fh_str){"", 0} : fh_str_of(tag);
}

/* ---- Compression ---- */

struct fh_gzip {
    z_stream stream;
};

fh_status fh_gzip_open(fh_gzip **out, fh_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return fh_fail_memory(err);
    if (deflateInit2(&(*out)->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY,
                     Z_DEFAULT_STRATEGY) == Z_OK)
        return FH_OK;
    free(*out);
    *out = NULL;
    return fh_fail_memory(err);
}

bool fh_gzip_write(fh_gzip *gzip, fh_str bytes, fh_buffer *out)
{
    z_stream *z = &gzip->stream;
    if (bytes.len > UINT_MAX / 2 || deflateReset(z) != Z_OK)
        return false;
    size_t room = deflateBound(z, (uLong)bytes.len);
    if (!fh_buffer_reserve(out, room))
        return false;
    z->next_in = (Bytef *)(uintptr_t)bytes.ptr;
    z->avail_in = (uInt)bytes.len;
    z->next_out = (Bytef *)out->data + out->len;
    z->avail_out = (uInt)room;
    if (deflate(z, Z_FINISH) != Z_STREAM_END)
        return false;
    out->len += room - z->avail_out;
    out->data[out->len] = '\0';
    return true;
}

void fh_gzip_close(fh_gzip *gzip)
{
    if (!gzip)
        return;
    deflateEnd(&gzip->stream);
    free(gzip);
}

/* ---- Names ---- */

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Is VALUE, of 1 to MAX bytes, of letters, digits and MARKS alone? */
static bool is_made_of(fh_str value, size_t max, const char *marks)
{
    if (value.len == 0 || value.len > max)
        return false;
    for (size_t i = 0; i < value.len; i++)
        if (!is_letter_or_digit(value.ptr[i]) &&
            (value.ptr[i] == '\0' || !strchr(marks, value.ptr[i])))
            return false;
    return true;
}

bool fh_request_id_fits(fh_str value)
{
    return is_made_of(value, FH_REQUEST_ID_MAX, "-_.");
}

bool fh_host_fits(fh_str value)
{
    return is_made_of(value, 255, "-_.:[]");
}
