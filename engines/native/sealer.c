#include "engines/native/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engines/native/sealed_layout.h"

/* What is written at once: whole pages, so that each is in memory when its sum is made. */
#define PENDING ((size_t)64 * FH_PAGE)

struct fh_sealer {
    char *path;
    int fd;
    uint64_t len; /* of the content, what is pending included */
    size_t pending_len;
    uint8_t *pending;
    fh_buffer sums;
    fh_error failure;
    bool finished;
};

static void fail_write(fh_sealer *s)
{
    if (!s->failure.status)
        fh_fail(&s->failure, FH_EIO, "cannot write %s: %s", s->path, strerror(errno));
}

fh_status fh_sealer_open(const char *path, fh_sealer **out, fh_error *err)
{
    fh_sealer *s = calloc(1, sizeof *s);
    *out = NULL;
    if (s) {
        s->fd = -1;
        s->path = strdup(path);
        s->pending = malloc(PENDING);
    }
    fh_status status = s && s->path && s->pending ? FH_OK : fh_fail_memory(err);
    if (!status) {
        s->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (s->fd < 0)
            status = fh_fail(err, FH_EIO, "cannot create %s: %s", path, strerror(errno));
    }
    if (status)
        fh_sealer_close(s);
    else
        *out = s;
    return status;
}

static void write_out(fh_sealer *s, const uint8_t *bytes, size_t len)
{
    while (len > 0 && !s->failure.status) {
        ssize_t n = write(s->fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail_write(s);
            return;
        }
        bytes += n;
        len -= (size_t)n;
    }
}

/* Append the sum of each page of BYTES to SUMS. */
static void add_sums(fh_buffer *sums, const uint8_t *bytes, size_t len)
{
    for (size_t at = 0; at < len; at += FH_PAGE) {
        uint8_t sum[SEAL_SUM_LEN];
        fh_put64(sum, seal_sum(bytes + at, len - at < FH_PAGE ? len - at : FH_PAGE));
        fh_buffer_add(sums, sum, sizeof sum);
    }
}

static void flush(fh_sealer *s)
{
    add_sums(&s->sums, s->pending, s->pending_len);
    write_out(s, s->pending, s->pending_len);
    s->pending_len = 0;
}

void fh_sealer_add(fh_sealer *s, const void *bytes, size_t len)
{
    const uint8_t *from = bytes;
    s->len += len;
    while (len > 0) {
        size_t room = PENDING - s->pending_len;
        size_t taken = len < room ? len : room;
        memcpy(s->pending + s->pending_len, from, taken);
        s->pending_len += taken;
        from += taken;
        len -= taken;
        if (s->pending_len == PENDING)
            flush(s);
    }
}

static void make_footer(const char kind[4], uint32_t version, uint64_t len,
                        const fh_buffer *tops, uint8_t footer[SEAL_FOOTER])
{
    memset(footer, 0, SEAL_FOOTER);
    memcpy(footer, FH_MAGIC, FH_MAGIC_LEN);
    memcpy(footer + SEAL_KIND, kind, 4);
    fh_put32(footer + SEAL_VERSION, version);
    fh_put64(footer + SEAL_LEN, len);
    fh_put64(footer + SEAL_TOPS, seal_sum(tops->data, tops->len));
    fh_put64(footer + SEAL_SUM, seal_sum(footer, SEAL_SUM));
}

static void sync_and_close(fh_sealer *s)
{
    if (!s->failure.status && fsync(s->fd) != 0)
        fail_write(s);
    if (close(s->fd) != 0)
        fail_write(s);
    s->fd = -1;
}

fh_status fh_sealer_finish(fh_sealer *s, const char kind[4], uint32_t version, fh_seal *seal,
                           fh_error *err)
{
    uint8_t footer[SEAL_FOOTER];
    fh_buffer tops = {0};
    *seal = (fh_seal){0};
    flush(s);
    add_sums(&tops, (const uint8_t *)s->sums.data, s->sums.len);
    make_footer(kind, version, s->len, &tops, footer);
    write_out(s, (const uint8_t *)s->sums.data, s->sums.len);
    write_out(s, (const uint8_t *)tops.data, tops.len);
    write_out(s, footer, sizeof footer);
    if (!s->failure.status && (s->sums.failed || tops.failed))
        fh_fail_memory(&s->failure);
    sync_and_close(s);
    uint64_t file_len = s->len + s->sums.len + tops.len + sizeof footer;
    fh_buffer_free(&tops);
    if (s->failure.status) {
        if (err)
            *err = s->failure;
        return s->failure.status;
    }
    s->finished = true;
    *seal = (fh_seal){file_len, fh_get64(footer + SEAL_SUM)};
    return FH_OK;
}

void fh_sealer_close(fh_sealer *s)
{
    if (!s)
        return;
    bool created = s->fd >= 0 || s->failure.status;
    if (s->fd >= 0)
        close(s->fd);
    if (created && !s->finished)
        unlink(s->path);
    fh_buffer_free(&s->sums);
    free(s->pending);
    free(s->path);
    free(s);
}
