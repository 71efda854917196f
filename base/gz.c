#include "base/gz.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define INPUT_SIZE ((size_t)128 * 1024)
#define LINES_SIZE ((size_t)128 * 1024)

/* The two bytes with which gzip begins; no text does. */
#define MAGIC     "\x1f\x8b"
#define MAGIC_LEN 2

/* windowBits that make zlib expect a gzip header. */
#define GZIP_WINDOW (16 + MAX_WBITS)

/*
 * Bytes go from the file through `input` and zlib to the caller, or to `lines` when the caller reads
 * lines. gzread() would do, but it drops what it has decoded when it meets damage, and takes bytes
 * behind a gzip member for the end of the file without a word.
 */
struct fh_gz {
    int fd; /* -1 when the bytes come from elsewhere */
    fh_gz_from from;
    char *path;
    bool zipped;
    bool between;      /* zipped: at the border of two members, or before the first */
    bool foreign;      /* zipped: what stands behind the last member is no gzip */
    bool ended;        /* the file has been read to its end */
    uint64_t taken;    /* bytes read from the file */
    z_stream z;        /* next_in and avail_in say what of `input` is left, zipped or not */
    size_t start, end; /* what of `lines` is left */
    unsigned char input[INPUT_SIZE];
    char lines[LINES_SIZE];
};

/* ---- The file ---- */

static fh_status read_file(fh_gz *gz, unsigned char *bytes, size_t size, size_t *len,
                           fh_error *err)
{
    ssize_t n = read(gz->fd, bytes, size);
    if (n < 0 && errno == EINTR)
        return fh_fail(err, FH_ESTOPPED, "%s: a signal came", gz->path);
    if (n < 0)
        return fh_fail(err, FH_EIO, "cannot read %s: %s", gz->path, strerror(errno));
    *len = (size_t)n;
    return FH_OK;
}

/* Read more into `input`, behind what is left there. */
static fh_status fill(fh_gz *gz, fh_error *err)
{
    size_t left = gz->z.avail_in, len = 0;
    memmove(gz->input, gz->z.next_in, left);
    gz->z.next_in = gz->input;
    unsigned char *to = gz->input + left;
    fh_status status = gz->from.read ? gz->from.read(gz->from.context, (char *)to,
                                                     INPUT_SIZE - left, &len, err)
                                     : read_file(gz, to, INPUT_SIZE - left, &len, err);
    if (status)
        return status;
    gz->ended = len == 0;
    gz->taken += len;
    gz->z.avail_in += (unsigned)len;
    return FH_OK;
}

/* Look at the first bytes: is it gzip? */
static fh_status begin(fh_gz *gz, fh_error *err)
{
    gz->z.next_in = gz->input;
    while (gz->z.avail_in < MAGIC_LEN && !gz->ended) {
        fh_status status = fill(gz, err);
        if (status != FH_OK)
            return status;
    }
    gz->zipped = gz->z.avail_in >= MAGIC_LEN && memcmp(gz->input, MAGIC, MAGIC_LEN) == 0;
    gz->between = true;
    if (gz->zipped && inflateInit2(&gz->z, GZIP_WINDOW) != Z_OK) {
        gz->zipped = false;
        return fh_fail_memory(err);
    }
    return FH_OK;
}

/* One that is called PATH and reads from nowhere yet; NULL when there is no memory. */
static fh_gz *create(const char *path)
{
    fh_gz *gz = calloc(1, sizeof *gz);
    if (!gz)
        return NULL;
    gz->fd = -1;
    gz->path = strdup(path);
    if (gz->path)
        return gz;
    fh_gz_close(gz);
    return NULL;
}

static fh_status open_file(fh_gz *gz, const char *path, fh_error *err)
{
    gz->fd = path ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO);
    if (gz->fd < 0)
        return fh_fail(err, errno == ENOENT ? FH_ENOTFOUND : FH_EIO, "cannot open %s: %s",
                       gz->path, strerror(errno));
    return begin(gz, err);
}

fh_status fh_gz_open(const char *path, fh_gz **out, fh_error *err)
{
    bool standard = strcmp(path, "-") == 0;
    *out = NULL;
    fh_gz *gz = create(standard ? "standard input" : path);
    if (!gz)
        return fh_fail_memory(err);
    fh_status status = open_file(gz, standard ? NULL : path, err);
    if (status == FH_OK)
        *out = gz;
    else
        fh_gz_close(gz);
    return status;
}

fh_status fh_gz_open_from(const fh_gz_from *from, const char *name, fh_gz **out, fh_error *err)
{
    *out = NULL;
    fh_gz *gz = create(name);
    if (!gz)
        return fh_fail_memory(err);
    gz->from = *from;
    fh_status status = begin(gz, err);
    if (status == FH_OK)
        *out = gz;
    else
        fh_gz_close(gz);
    return status;
}

void fh_gz_close(fh_gz *gz)
{
    if (!gz)
        return;
    if (gz->zipped)
        inflateEnd(&gz->z);
    if (gz->fd >= 0)
        close(gz->fd);
    free(gz->path);
    free(gz);
}

uint64_t fh_gz_offset(const fh_gz *gz)
{
    return gz->taken - gz->z.avail_in;
}

/* ---- Bytes ---- */

/*
 * Step over the zeros that tapes and some writers leave behind a member.
 * Returns whether another one begins; at the end of the file none does.
 */
static bool next_member(fh_gz *gz)
{
    while (gz->z.avail_in > 0 && *gz->z.next_in == 0) {
        gz->z.next_in++;
        gz->z.avail_in--;
    }
    if (gz->z.avail_in == 0)
        return false;
    inflateReset(&gz->z);
    gz->between = false;
    return true;
}

bool fh_gz_foreign(const fh_gz *gz, uint64_t *offset)
{
    *offset = fh_gz_offset(gz);
    return gz->foreign;
}

/* See that what begins is a member, as far as two bytes show it. */
static fh_status check_member(fh_gz *gz, fh_error *err)
{
    while (gz->z.avail_in < MAGIC_LEN && !gz->ended) {
        fh_status status = fill(gz, err);
        gz->between = status;
        if (status)
            return status;
    }
    size_t len = gz->z.avail_in < MAGIC_LEN ? gz->z.avail_in : MAGIC_LEN;
    gz->foreign = memcmp(gz->z.next_in, MAGIC, len) != 0;
    gz->between = gz->foreign;
    return gz->foreign ? fh_fail(err, FH_EFORMAT, "%s: the bytes from %llu on are no gzip",
                                 gz->path, (unsigned long long)fh_gz_offset(gz))
                       : FH_OK;
}

static fh_status fail_inflate(const fh_gz *gz, int code, fh_error *err)
{
    if (code == Z_MEM_ERROR)
        return fh_fail_memory(err);
    return fh_fail(err, FH_EFORMAT, "%s: the gzip data is damaged near byte %llu: %s", gz->path,
                   (unsigned long long)fh_gz_offset(gz),
                   gz->z.msg ? gz->z.msg : "no reason known");
}

static size_t at_most(size_t size)
{
    return size < (1u << 30) ? size : 1u << 30;
}

/* Decode until there is something, an end or an error. */
static fh_status inflate_some(fh_gz *gz, char *bytes, size_t size, size_t *len, fh_error *err)
{
    size = at_most(size);
    gz->z.next_out = (unsigned char *)bytes;
    gz->z.avail_out = (unsigned)size;
    while (size > 0 && gz->z.avail_out == size) {
        if (gz->z.avail_in == 0 && !gz->ended) {
            fh_status status = fill(gz, err);
            if (status != FH_OK)
                return status;
        }
        bool begins = gz->between;
        if (begins && !next_member(gz)) {
            if (gz->ended)
                break;
            continue;
        }
        fh_status begun = begins ? check_member(gz, err) : FH_OK;
        if (begun)
            return begun;
        int code = inflate(&gz->z, Z_NO_FLUSH);
        gz->between = code == Z_STREAM_END;
        if (code == Z_BUF_ERROR && gz->ended && gz->z.avail_in == 0)
            return fh_fail(err, FH_EFORMAT, "%s: the gzip data is cut at byte %llu", gz->path,
                           (unsigned long long)gz->taken);
        if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR &&
            gz->z.avail_out == size)
            return fail_inflate(gz, code, err);
    }
    *len = size - gz->z.avail_out;
    return FH_OK;
}

/* A plain file. */
static fh_status copy_some(fh_gz *gz, char *bytes, size_t size, size_t *len, fh_error *err)
{
    if (gz->z.avail_in == 0 && !gz->ended) {
        fh_status status = fill(gz, err);
        if (status != FH_OK)
            return status;
    }
    *len = size < gz->z.avail_in ? size : gz->z.avail_in;
    memcpy(bytes, gz->z.next_in, *len);
    gz->z.next_in += *len;
    gz->z.avail_in -= (unsigned)*len;
    return FH_OK;
}

static fh_status read_some(fh_gz *gz, char *bytes, size_t size, size_t *len, fh_error *err)
{
    *len = 0;
    return gz->zipped ? inflate_some(gz, bytes, size, len, err)
                      : copy_some(gz, bytes, size, len, err);
}

fh_status fh_gz_read(fh_gz *gz, char *bytes, size_t size, size_t *len, fh_error *err)
{
    size_t left = gz->end - gz->start;
    if (left == 0)
        return read_some(gz, bytes, size, len, err);
    *len = size < left ? size : left;
    memcpy(bytes, gz->lines + gz->start, *len);
    gz->start += *len;
    return FH_OK;
}

/* ---- Lines ---- */

/*
 * Move the rest of the line, or as much of it as is there, from `lines` into LINE, which grows to
 * LIMIT + 1 bytes at most: one more than allowed, which may be the CR of the line's end.
 */
static bool take_line(fh_gz *gz, size_t limit, fh_buffer *line, bool *too_long)
{
    const char *from = gz->lines + gz->start;
    size_t left = gz->end - gz->start;
    const char *feed = memchr(from, '\n', left);
    size_t len = feed ? (size_t)(feed - from) : left;
    if (len > limit + 1 - line->len)
        *too_long = true;
    if (!*too_long)
        fh_buffer_add(line, from, len);
    gz->start += len + (feed ? 1 : 0);
    return feed;
}

/* Bring more text into `lines`, which is empty; at the end of the file it stays so. */
static fh_status fill_lines(fh_gz *gz, fh_error *err)
{
    gz->start = gz->end = 0;
    return read_some(gz, gz->lines, LINES_SIZE, &gz->end, err);
}

fh_status fh_gz_line(fh_gz *gz, size_t limit, fh_buffer *line, bool *found, fh_error *err)
{
    bool any = false, whole = false, too_long = false;
    fh_status status = FH_OK;
    *found = false;
    fh_buffer_clear(line);
    while (!whole && status == FH_OK) {
        if (gz->start == gz->end)
            status = fill_lines(gz, err);
        if (gz->start == gz->end)
            break;
        any = true;
        whole = take_line(gz, limit, line, &too_long);
    }
    if (whole && line->len > 0 && line->data[line->len - 1] == '\r')
        line->data[--line->len] = '\0';
    if (status == FH_OK && line->failed)
        status = fh_fail_memory(err);
    if (status == FH_OK && (too_long || line->len > limit))
        status = fh_fail(err, FH_ELIMIT, "%s: a line has more than %zu bytes", gz->path, limit);
    if (status != FH_OK)
        fh_buffer_clear(line);
    *found = status == FH_OK && any;
    return status;
}
