#include "indexer/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "indexer/text.h"

/* windowBits that make zlib expect a gzip or a zlib header. */
#define ANY_WINDOW (32 + MAX_WBITS)
#define RAW_WINDOW (-MAX_WBITS)

#define STEP 65536u

/* A chunk's length has no more digits than this, leading zeros apart. */
#define CHUNK_DIGITS_MAX 8

bool fh_headers_is(fh_str text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.ptr, word, text.len) == 0;
}

/* Take the first line off TEXT, with its line feed. */
static fh_str take_line(fh_str *text)
{
    const char *feed = text->len > 0 ? memchr(text->ptr, '\n', text->len) : NULL;
    size_t len = feed ? (size_t)(feed - text->ptr) + 1 : text->len;
    fh_str line = {text->ptr, len};
    text->ptr += len;
    text->len -= len;
    return line;
}

/* S up to the first of ENDS, which is passed over in *REST. */
static fh_str take_until(fh_str s, char end, fh_str *rest)
{
    const char *at = s.len > 0 ? memchr(s.ptr, end, s.len) : NULL;
    size_t len = at ? (size_t)(at - s.ptr) : s.len;
    *rest = at ? (fh_str){at + 1, s.len - len - 1} : (fh_str){s.ptr + len, 0};
    return (fh_str){s.ptr, len};
}

fh_str fh_headers_find(fh_str headers, const char *name)
{
    while (headers.len > 0) {
        fh_str value;
        fh_str line = take_line(&headers);
        fh_str key = fh_text_trim(take_until(line, ':', &value));
        if (fh_headers_is(key, name))
            return fh_text_trim(value);
    }
    return (fh_str){"", 0};
}

fh_str fh_headers_kind(fh_str value)
{
    fh_str rest;
    return fh_text_trim(take_until(value, ';', &rest));
}

fh_str fh_headers_parameter(fh_str value, const char *name)
{
    fh_str rest;
    take_until(value, ';', &rest);
    while (rest.len > 0) {
        fh_str text;
        fh_str key = fh_text_trim(take_until(take_until(rest, ';', &rest), '=', &text));
        text = fh_text_trim(text);
        if (!fh_headers_is(key, name))
            continue;
        if (text.len >= 2 && (text.ptr[0] == '"' || text.ptr[0] == '\'') &&
            text.ptr[text.len - 1] == text.ptr[0])
            text = (fh_str){text.ptr + 1, text.len - 2};
        return text;
    }
    return (fh_str){"", 0};
}

size_t fh_headers_len(fh_str text)
{
    const char *begin = text.ptr;
    while (text.len > 0) {
        fh_str line = take_line(&text);
        bool whole = line.len > 0 && line.ptr[line.len - 1] == '\n';
        if (whole && fh_text_trim(line).len == 0)
            return (size_t)(text.ptr - begin);
    }
    return 0;
}

/* ---- Bodies ---- */

/* The length on a chunk's first line; false when it is none. */
static bool read_chunk_len(fh_str line, size_t *len)
{
    fh_str rest;
    fh_str digits = fh_text_trim(take_until(line, ';', &rest));
    *len = 0;
    while (digits.len > 1 && digits.ptr[0] == '0') {
        digits.ptr++;
        digits.len--;
    }
    if (digits.len == 0 || digits.len > CHUNK_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        char c = (char)(digits.ptr[i] | 0x20);
        if ((c < '0' || c > '9') && (c < 'a' || c > 'f'))
            return false;
        *len = *len * 16 + (size_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return true;
}

/* Some archives keep the header, but the body without the chunks that it speaks of. */
static bool is_chunked(fh_str headers, fh_str body)
{
    size_t len;
    return fh_headers_is(fh_headers_find(headers, "Transfer-Encoding"), "chunked") &&
           read_chunk_len(take_line(&body), &len);
}

/* Put the chunks of BODY together in OUT. */
static fh_status join_chunks(fh_str body, fh_buffer *out, fh_error *err)
{
    for (;;) {
        size_t len;
        if (body.len == 0)
            return fh_fail(err, FH_EFORMAT, "the chunked body is cut");
        if (!read_chunk_len(take_line(&body), &len))
            return fh_fail(err, FH_EFORMAT, "the chunked body is damaged");
        if (len == 0)
            return FH_OK;
        if (len > body.len)
            return fh_fail(err, FH_EFORMAT, "the chunked body is cut");
        fh_buffer_add(out, body.ptr, len);
        body.ptr += len;
        body.len -= len;
        take_line(&body);
    }
}

/* Inflate BYTES behind what is in OUT. */
static fh_status inflate_all(fh_str bytes, int window, fh_buffer *out, fh_error *err)
{
    z_stream z = {.next_in = (unsigned char *)bytes.ptr, .avail_in = (unsigned)bytes.len};
    int code = inflateInit2(&z, window);
    if (code != Z_OK)
        return fh_fail_memory(err);
    while (code == Z_OK && out->len <= FH_HTTP_BODY_MAX && fh_buffer_reserve(out, STEP)) {
        z.next_out = (unsigned char *)out->data + out->len;
        z.avail_out = STEP;
        code = inflate(&z, Z_NO_FLUSH);
        out->len += STEP - z.avail_out;
    }
    inflateEnd(&z);
    if (out->failed || code == Z_MEM_ERROR)
        return fh_fail_memory(err);
    if (out->len > FH_HTTP_BODY_MAX)
        return fh_fail(err, FH_ELIMIT, "a body of more than %u MiB", FH_HTTP_BODY_MAX >> 20);
    if (code != Z_STREAM_END)
        return fh_fail(err, FH_EFORMAT, "the compressed body is %s",
                       code == Z_BUF_ERROR ? "cut" : "damaged");
    out->data[out->len] = '\0';
    return FH_OK;
}

/* Does BODY begin as gzip or zlib does? Some archives keep the header, but the body decompressed. */
static bool is_deflated(fh_str body, bool gzip)
{
    if (body.len < 2)
        return false;
    unsigned first = (unsigned char)body.ptr[0], second = (unsigned char)body.ptr[1];
    return gzip ? first == 0x1F && second == 0x8B
                : (first & 0x0F) == Z_DEFLATED && (first * 256 + second) % 31 == 0;
}

static fh_status decompress(fh_str headers, fh_str body, fh_buffer *space, fh_str *out,
                            fh_error *err)
{
    fh_str coding = fh_headers_find(headers, "Content-Encoding");
    bool gzip = fh_headers_is(coding, "gzip") || fh_headers_is(coding, "x-gzip");
    bool deflate = fh_headers_is(coding, "deflate");
    *out = body;
    if (coding.len == 0 || fh_headers_is(coding, "identity") || body.len == 0)
        return FH_OK;
    if (!gzip && !deflate)
        return fh_fail(err, FH_EUNSUPPORTED, "no reader for the Content-Encoding %.*s",
                       (int)(coding.len < 20 ? coding.len : 20), coding.ptr);
    if (gzip && !is_deflated(body, true))
        return FH_OK;
    fh_buffer inflated = {0};
    int window = gzip || is_deflated(body, false) ? ANY_WINDOW : RAW_WINDOW;
    fh_status status = inflate_all(body, window, &inflated, err);
    fh_buffer_free(space);
    *space = inflated;
    *out = fh_buffer_str(space);
    return status;
}

/* The number in `HTTP/1.1 200 OK`; 0 when it is no such line. */
static unsigned read_status(fh_str line)
{
    fh_str rest;
    fh_str version = take_until(line, ' ', &rest);
    rest = fh_text_trim(rest);
    unsigned status = 0;
    if (!fh_str_starts(version, FH_STR("HTTP/")) || rest.len < 3)
        return 0;
    for (int i = 0; i < 3; i++) {
        if (rest.ptr[i] < '0' || rest.ptr[i] > '9')
            return 0;
        status = status * 10 + (unsigned)(rest.ptr[i] - '0');
    }
    return status;
}

fh_status fh_http_read(fh_str response, fh_buffer *space, fh_http *out, fh_error *err)
{
    *out = (fh_http){0};
    fh_buffer_clear(space);
    size_t len = fh_headers_len(response);
    fh_str headers = {response.ptr, len};
    unsigned code = read_status(take_line(&headers));
    if (len == 0 || code == 0)
        return fh_fail(err, FH_EFORMAT, "no HTTP response");
    fh_str body = {response.ptr + len, response.len - len};
    fh_status status = FH_OK;
    if (is_chunked(headers, body)) {
        status = join_chunks(body, space, err);
        body = fh_buffer_str(space);
    }
    if (!status)
        status = decompress(headers, body, space, &body, err);
    if (!status && space->failed)
        status = fh_fail_memory(err);
    if (!status)
        *out = (fh_http){code, headers, body};
    return status;
}
