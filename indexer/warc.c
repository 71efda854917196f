#include "indexer/warc.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "indexer/http.h"
#include "indexer/wrapping.h"

/* windowBits that make zlib expect a gzip header. */
#define GZIP_WINDOW (16 + MAX_WBITS)

#define STEP 65536u

/* How every record begins, at the beginning of a line. */
#define BEGIN FH_STR("WARC/")

/* Inside another record, where text may speak of it, it has to be surer. */
#define BEGIN_INSIDE FH_STR("WARC/1.")

/* So much is looked at to see whether a gzip member begins with a record; its header may hold a name. */
#define MEMBER_HEAD 4096u

/* The shortest gzip member. */
#define MEMBER_MIN 18u

#define GZIP_MARK     "\x1f\x8b\x08"
#define GZIP_MARK_LEN 3u

/* The bytes of the blank lines behind a record. */
#define BLANK_LINES 4u

/* A length has no more digits than this. */
#define LENGTH_DIGITS_MAX 15

/* How a reader that has met damage finds the next record. */
typedef enum way_on {
    WAY_STRAIGHT,  /* there was none */
    WAY_BY_TEXT,   /* in what is decoded: the next line that begins a record */
    WAY_BY_MEMBER, /* in the file: the next gzip member that begins with one */
    WAY_INSIDE     /* it was found inside the broken one, at `behind` */
} way_on;

/* data[start, len) has been decoded and is not behind us. */
struct fh_warc {
    fh_source *bytes;
    fh_bounds *bounds;
    bool zipped;
    bool between; /* zipped: at the border of two members, or before the first */
    bool ended;
    z_stream z;
    way_on way;
    fh_buffer data;
    size_t start;
    size_t border;   /* where in `data` the present gzip member begins */
    uint64_t member; /* where in the file it does */
    uint64_t number; /* of records met */
    uint64_t behind; /* bytes of the last record that are to be passed over */
};

fh_status fh_warc_open(fh_source *bytes, fh_bounds *bounds, fh_warc **out, fh_error *err)
{
    fh_str head;
    *out = NULL;
    fh_warc *w = calloc(1, sizeof *w);
    if (!w) {
        fh_source_close(bytes);
        return fh_fail_memory(err);
    }
    w->bytes = bytes;
    w->bounds = bounds;
    w->between = true;
    fh_status status = fh_source_peek(bytes, GZIP_MARK_LEN, &head, err);
    bool zipped = !status && fh_wrapping_by_head(head) == FH_WRAPPED_GZIP;
    if (zipped && inflateInit2(&w->z, GZIP_WINDOW) != Z_OK)
        status = fh_fail_memory(err);
    else
        w->zipped = zipped;
    if (status)
        fh_warc_close(w);
    else
        *out = w;
    return status;
}

void fh_warc_close(fh_warc *w)
{
    if (!w)
        return;
    if (w->zipped)
        inflateEnd(&w->z);
    fh_source_close(w->bytes);
    fh_buffer_free(&w->data);
    free(w);
}

bool fh_warc_ended(const fh_warc *w)
{
    return w->ended && w->data.len == w->start;
}

/* ---- Bytes ---- */

static size_t left(const fh_warc *w)
{
    return w->data.len - w->start;
}

static fh_status fail_at(fh_error *err, uint64_t offset, const char *what)
{
    return fh_fail(err, FH_EFORMAT, "%s near byte %llu", what, (unsigned long long)offset);
}

static fh_status fill_plain(fh_warc *w, fh_error *err)
{
    size_t len;
    fh_status status = fh_source_read(w->bytes, w->data.data + w->data.len, STEP, &len, err);
    w->data.len += len;
    w->ended = status || len == 0;
    return status;
}

/* Begin the member that HEAD begins with, or pass over zeros behind the last one. */
static fh_status begin_member(fh_warc *w, fh_str head, fh_error *err)
{
    size_t zeros = 0;
    while (zeros < head.len && head.ptr[zeros] == '\0')
        zeros++;
    fh_source_skip(w->bytes, zeros);
    if (zeros > 0)
        return FH_OK;
    w->member = fh_source_offset(w->bytes);
    w->border = w->data.len;
    if (head.ptr[0] != GZIP_MARK[0]) {
        w->way = WAY_BY_MEMBER;
        return fail_at(err, w->member, "bytes that are no gzip");
    }
    w->between = false;
    inflateReset(&w->z);
    return FH_OK;
}

/* Inflate what HEAD gives, behind the data, which have room for it. */
static fh_status inflate_some(fh_warc *w, fh_str head, fh_error *err)
{
    w->z.next_in = (unsigned char *)head.ptr;
    w->z.avail_in = (unsigned)head.len;
    w->z.next_out = (unsigned char *)w->data.data + w->data.len;
    w->z.avail_out = STEP;
    int code = inflate(&w->z, Z_NO_FLUSH);
    size_t len = STEP - w->z.avail_out;
    fh_source_skip(w->bytes, head.len - w->z.avail_in);
    w->data.len += len;
    w->between = code == Z_STREAM_END;
    if (code == Z_MEM_ERROR)
        return fh_fail_memory(err);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        w->way = WAY_BY_MEMBER;
        return fail_at(err, fh_source_offset(w->bytes), "the gzip data is damaged");
    }
    fh_status status = fh_bounds_produce(w->bounds, len, err);
    w->ended = status;
    return status;
}

static fh_status fill_zipped(fh_warc *w, fh_error *err)
{
    const size_t before = w->data.len;
    while (w->data.len == before && !w->ended) {
        fh_str head;
        fh_status status = fh_source_peek(w->bytes, 1, &head, err);
        w->ended = status || head.len == 0;
        if (!status && w->ended && !w->between)
            status = fail_at(err, fh_source_offset(w->bytes), "the gzip data is cut");
        if (!w->ended)
            status = w->between ? begin_member(w, head, err) : inflate_some(w, head, err);
        if (status)
            return status;
    }
    return FH_OK;
}

/* Have SIZE bytes of data, or all there are. */
static fh_status need(fh_warc *w, size_t size, fh_error *err)
{
    while (left(w) < size && !w->ended) {
        if (!fh_buffer_reserve(&w->data, STEP))
            return fh_fail_memory(err);
        fh_status status = w->zipped ? fill_zipped(w, err) : fill_plain(w, err);
        if (status)
            return status;
    }
    return FH_OK;
}

/* Forget what is behind us, once that is no less than what would have to be moved. */
static void settle(fh_warc *w)
{
    if (w->start == 0 || w->start < left(w))
        return;
    memmove(w->data.data, w->data.data + w->start, left(w));
    w->data.len -= w->start;
    w->border = w->border > w->start ? w->border - w->start : 0;
    w->start = 0;
}

/* ---- Behind damage ---- */

/* Go to the next gzip member that begins with a record. */
static fh_status find_member(fh_warc *w, fh_error *err)
{
    uint64_t at;
    fh_str head;
    fh_status status = FH_OK;
    w->start = w->data.len;
    w->between = true;
    if (fh_source_seeks(w->bytes))
        status = fh_source_seek(w->bytes, (int64_t)w->member + 1, &at, err);
    while (!status) {
        status = fh_source_peek(w->bytes, MEMBER_HEAD, &head, err);
        if (status || head.len < MEMBER_MIN)
            break;
        const char *mark = memmem(head.ptr, head.len, GZIP_MARK, GZIP_MARK_LEN);
        if (mark == head.ptr && fh_wrapping_holds_warc(head))
            return FH_OK;
        fh_source_skip(w->bytes, mark == head.ptr ? 1
                                 : mark           ? (size_t)(mark - head.ptr)
                                                  : head.len - GZIP_MARK_LEN + 1);
    }
    w->ended = true;
    return status;
}

/* Does a record begin at AT of the data? */
static bool is_begin(const fh_warc *w, size_t at)
{
    fh_str text = {w->data.data + at, w->data.len - at};
    bool line = at == w->border || (at > 0 && w->data.data[at - 1] == '\n');
    return line && fh_str_starts(text, BEGIN);
}

/* Go to the next line of the data that begins a record. */
static fh_status find_line(fh_warc *w, fh_error *err)
{
    for (;;) {
        size_t last = w->data.len < BEGIN.len ? 0 : w->data.len - BEGIN.len;
        while (w->start < last && !is_begin(w, w->start + 1))
            w->start++;
        if (w->start < last || w->ended)
            break;
        settle(w);
        fh_status status = need(w, left(w) + 1, err);
        if (status)
            return status;
    }
    w->start = w->ended && w->start + BEGIN.len >= w->data.len ? w->data.len : w->start + 1;
    return FH_OK;
}

/* Go on behind the damage that was met. More of it on the way is the same damage. */
static fh_status find_way(fh_warc *w, fh_error *err)
{
    fh_status status = FH_OK;
    if (w->way == WAY_INSIDE)
        w->way = WAY_STRAIGHT;
    if (w->way != WAY_STRAIGHT)
        w->behind = 0;
    while (w->way != WAY_STRAIGHT) {
        bool by_text = w->way == WAY_BY_TEXT;
        w->way = WAY_STRAIGHT;
        status = by_text ? find_line(w, err) : find_member(w, err);
    }
    return status == FH_EFORMAT ? FH_OK : status;
}

/* ---- Records ---- */

/* Pass over what is left of the last record, and over the blank lines behind it. */
static fh_status pass_over(fh_warc *w, fh_error *err)
{
    fh_status status = FH_OK;
    while (w->behind > 0 && !status) {
        size_t some = left(w) < w->behind ? left(w) : (size_t)w->behind;
        w->start += some;
        w->behind -= some;
        settle(w);
        status = w->behind > 0 ? need(w, 1, err) : FH_OK;
        if (w->ended && left(w) == 0)
            w->behind = 0;
    }
    while (!status) {
        status = need(w, 1, err);
        if (status || left(w) == 0)
            break;
        char c = w->data.data[w->start];
        if (c != '\r' && c != '\n')
            break;
        w->start++;
    }
    return status;
}

/* The headers of the record at the start. */
static fh_status read_headers(fh_warc *w, fh_str *headers, fh_error *err)
{
    size_t size = BEGIN.len, len = 0;
    fh_status status = FH_OK;
    do {
        status = need(w, size, err);
        fh_str text = {w->data.data + w->start, left(w)};
        if (!status && !fh_str_starts(text, BEGIN)) {
            w->way = WAY_BY_TEXT;
            return fh_fail(err, FH_EFORMAT, "no WARC record begins here");
        }
        len = fh_headers_len(text);
        size = left(w) + 1;
    } while (!status && len == 0 && !w->ended && size <= FH_WARC_HEADERS_MAX);
    if (status)
        return status;
    if (len == 0 || len > FH_WARC_HEADERS_MAX) {
        w->way = w->ended ? WAY_STRAIGHT : WAY_BY_TEXT;
        w->start = w->ended ? w->data.len : w->start;
        return fh_fail(err, w->ended ? FH_EFORMAT : FH_ELIMIT,
                       w->ended ? "its headers are cut" : "headers of more than 64 KiB");
    }
    *headers = (fh_str){w->data.data + w->start, len};
    return FH_OK;
}

/* The number that TEXT is; false when it is none. */
static bool read_length(fh_str text, uint64_t *length)
{
    *length = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        *length = *length * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    return text.len > 0 && text.len <= LENGTH_DIGITS_MAX;
}

/*
 * Have the blank lines behind the record, and go to the end of the gzip member if it is near: behind it
 * stands whether the record is sound.
 */
static fh_status see_end(fh_warc *w, fh_error *err)
{
    fh_status status = FH_OK;
    while (!status && !w->ended && !(w->zipped && w->between) &&
           left(w) <= w->behind + BLANK_LINES)
        status = need(w, left(w) + 1, err);
    return status;
}

/* Does the record end where its length says: with blank lines behind it, or all there is of them? */
static bool ends_well(const fh_warc *w)
{
    if (left(w) < w->behind)
        return false;
    fh_str tail = {w->data.data + w->start + w->behind, left(w) - (size_t)w->behind};
    size_t blank = 0;
    while (blank < tail.len && (tail.ptr[blank] == '\r' || tail.ptr[blank] == '\n'))
        blank++;
    return blank == tail.len || fh_str_starts(tail, FH_STR("\r\n\r\n")) ||
           fh_str_starts(tail, FH_STR("\n\n"));
}

/*
 * Find the record that begins inside the one at the start, behind its HEADERS_LEN: its length was too
 * long, then. Goes there next time.
 */
static bool find_inside(fh_warc *w, size_t headers_len)
{
    size_t len = left(w) < w->behind ? left(w) : (size_t)w->behind;
    for (size_t i = headers_len + 1; i < len; i++) {
        const char *mark = memchr(w->data.data + w->start + i, BEGIN.ptr[0], len - i);
        if (!mark)
            return false;
        i = (size_t)(mark - w->data.data) - w->start;
        fh_str text = {mark, left(w) - i};
        if (is_begin(w, w->start + i) && fh_str_starts(text, BEGIN_INSIDE)) {
            w->behind = i;
            w->way = WAY_INSIDE;
            return true;
        }
    }
    return false;
}

static fh_status read_record(fh_warc *w, fh_warc_record *record, fh_error *err)
{
    fh_str headers;
    uint64_t length;
    fh_status status = read_headers(w, &headers, err);
    if (status)
        return status;
    if (!read_length(fh_headers_find(headers, "Content-Length"), &length)) {
        w->way = WAY_BY_TEXT;
        return fh_fail(err, FH_EFORMAT, "no Content-Length that is a number");
    }
    w->behind = headers.len + length;
    if (length > FH_WARC_BLOCK_MAX)
        return fh_fail(err, FH_ELIMIT, "a record of more than %u MiB", FH_WARC_BLOCK_MAX >> 20);
    status = need(w, (size_t)w->behind, err);
    if (!status && left(w) >= w->behind)
        status = see_end(w, err);
    if (!status && !ends_well(w) && find_inside(w, headers.len))
        return fh_fail(err, FH_EFORMAT,
                       "its Content-Length is too long: the next record begins inside it");
    if (!status && left(w) < w->behind)
        status = fh_fail(err, FH_EFORMAT, "the record is cut");
    if (status) {
        w->behind = left(w);
        return status;
    }
    const char *text = w->data.data + w->start;
    record->headers = (fh_str){text, headers.len};
    record->block = (fh_str){text + headers.len, (size_t)length};
    return FH_OK;
}

fh_status fh_warc_next(fh_warc *w, bool *found, fh_warc_record *record, fh_error *err)
{
    *found = false;
    *record = (fh_warc_record){.number = w->number + 1, .offset = w->member};
    settle(w);
    fh_status status = find_way(w, err);
    if (!status)
        status = pass_over(w, err);
    if (!status && left(w) == 0)
        return FH_OK;
    record->number = ++w->number;
    record->offset = w->zipped ? w->member : fh_source_offset(w->bytes) - left(w);
    if (!status)
        status = read_record(w, record, err);
    if (status && w->ended && w->way != WAY_INSIDE)
        w->start = w->data.len;
    *found = !status;
    return status;
}
