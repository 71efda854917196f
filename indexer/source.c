#include "indexer/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/gz.h"
#include "indexer/input.h"

/* How long a slow file is waited for before the listener hears of it. */
#define WAIT_MILLISECONDS 200

/* ahead[start, end) has been read and not yet been given out. */
struct fh_source {
    const fh_source_kind *kind;
    void *self;
    uint64_t offset, farthest;
    size_t start, end;
    bool ended; /* it has given its last byte, or failed */
    fh_error failure;
    char ahead[FH_PEEK_MAX];
};

fh_status fh_source_new(const fh_source_kind *kind, void *self, fh_source **out, fh_error *err)
{
    fh_source *s = malloc(sizeof *s);
    *out = s;
    if (!s) {
        kind->close(self);
        return fh_fail_memory(err);
    }
    memset(s, 0, offsetof(fh_source, ahead));
    s->kind = kind;
    s->self = self;
    return FH_OK;
}

void fh_source_close(fh_source *s)
{
    if (!s)
        return;
    s->kind->close(s->self);
    free(s);
}

static void advance(fh_source *s, size_t len)
{
    s->offset += len;
    if (s->offset > s->farthest)
        s->farthest = s->offset;
}

/* Read more behind what was peeked. A failure is kept until all before it was given out. */
static void look_ahead(fh_source *s)
{
    size_t len = 0;
    memmove(s->ahead, s->ahead + s->start, s->end - s->start);
    s->end -= s->start;
    s->start = 0;
    fh_status status =
        s->kind->read(s->self, s->ahead + s->end, FH_PEEK_MAX - s->end, &len, &s->failure);
    s->end += len;
    s->ended = status || len == 0;
}

fh_status fh_source_peek(fh_source *s, size_t size, fh_str *bytes, fh_error *err)
{
    while (!s->ended && s->end - s->start < size && s->end - s->start < FH_PEEK_MAX)
        look_ahead(s);
    *bytes = (fh_str){s->ahead + s->start, s->end - s->start};
    if (bytes->len == 0 && s->failure.status)
        return fh_fail(err, s->failure.status, "%s", s->failure.message);
    return FH_OK;
}

void fh_source_skip(fh_source *s, size_t len)
{
    s->start += len;
    advance(s, len);
}

fh_status fh_source_read(fh_source *s, char *bytes, size_t size, size_t *len, fh_error *err)
{
    size_t left = s->end - s->start;
    fh_status status = FH_OK;
    *len = size < left ? size : left;
    if (*len > 0) {
        memcpy(bytes, s->ahead + s->start, *len);
        s->start += *len;
    } else if (s->failure.status) {
        status = fh_fail(err, s->failure.status, "%s", s->failure.message);
    } else if (!s->ended) {
        status = s->kind->read(s->self, bytes, size, len, err);
        s->ended = status || *len == 0;
        if (status)
            fh_fail(&s->failure, status, "%s", err ? err->message : fh_status_text(status));
    }
    advance(s, *len);
    return status;
}

bool fh_source_seeks(const fh_source *s)
{
    return s->kind->seek;
}

fh_status fh_source_seek(fh_source *s, int64_t position, uint64_t *at, fh_error *err)
{
    fh_status status = s->kind->seek(s->self, position, at, err);
    if (status)
        return status;
    s->start = s->end = 0;
    s->ended = false;
    s->offset = 0;
    advance(s, *at);
    return FH_OK;
}

uint64_t fh_source_offset(const fh_source *s)
{
    return s->offset;
}

uint64_t fh_source_farthest(const fh_source *s)
{
    return s->farthest;
}

/* ---- Files ---- */

typedef struct file {
    int fd;
    const fh_listener *listener;
} file;

/* Wait until there is something to read. A signal that comes meanwhile interrupts the read. */
static fh_status wait_for(const file *f, fh_error *err)
{
    struct pollfd wait = {.fd = f->fd, .events = POLLIN};
    while (!fh_listener_stops(f->listener) && poll(&wait, 1, WAIT_MILLISECONDS) == 0)
        fh_listener_wait(f->listener);
    return fh_listener_stops(f->listener) ? fh_fail(err, FH_ESTOPPED, "stopped") : FH_OK;
}

static fh_status read_file(void *self, char *bytes, size_t size, size_t *len, fh_error *err)
{
    const file *f = self;
    ssize_t n = -1;
    do {
        fh_status status = wait_for(f, err);
        if (status)
            return status;
        n = read(f->fd, bytes, size);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return fh_fail(err, FH_EIO, "cannot be read: %s", strerror(errno));
    *len = (size_t)n;
    return FH_OK;
}

static fh_status seek_file(void *self, int64_t position, uint64_t *at, fh_error *err)
{
    const file *f = self;
    off_t there = lseek(f->fd, position < 0 ? 0 : position, position < 0 ? SEEK_END : SEEK_SET);
    if (there < 0)
        return fh_fail(err, FH_EIO, "cannot be read: %s", strerror(errno));
    *at = (uint64_t)there;
    return FH_OK;
}

static void close_file(void *self)
{
    file *f = self;
    close(f->fd);
    free(f);
}

static const fh_source_kind file_kind = {read_file, seek_file, close_file};
static const fh_source_kind pipe_kind = {read_file, NULL, close_file};

fh_status fh_source_open(const char *path, const fh_listener *listener, fh_source **out,
                         fh_error *err)
{
    bool standard = strcmp(path, FH_STANDARD_INPUT) == 0;
    *out = NULL;
    int fd =
        standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fh_fail(err, errno == ENOENT ? FH_ENOTFOUND : FH_EIO, "cannot be opened: %s",
                       strerror(errno));
    file *f = malloc(sizeof *f);
    if (!f) {
        close(fd);
        return fh_fail_memory(err);
    }
    *f = (file){fd, listener};
    bool seeks = !standard && lseek(fd, 0, SEEK_CUR) == 0;
    return fh_source_new(seeks ? &file_kind : &pipe_kind, f, out, err);
}

/* ---- Gzip ---- */

typedef struct unzipped {
    fh_source *below;
    fh_gz *gz;
    char *name;
    fh_bounds *bounds;
    const fh_listener *listener;
} unzipped;

static fh_status read_below(void *context, char *bytes, size_t size, size_t *len, fh_error *err)
{
    return fh_source_read(context, bytes, size, len, err);
}

static fh_status read_unzipped(void *self, char *bytes, size_t size, size_t *len, fh_error *err)
{
    unzipped *u = self;
    uint64_t foreign;
    fh_error why;
    fh_status status = fh_gz_read(u->gz, bytes, size, len, &why);
    if (status == FH_EFORMAT && fh_gz_foreign(u->gz, &foreign)) {
        fh_listener_tell(u->listener, FH_REMARK_WARNING, u->name, 0,
                         "the bytes from %llu on are no gzip: they are left out",
                         (unsigned long long)foreign);
        *len = 0;
        return FH_OK;
    }
    if (status)
        fh_fail(err, status, "%s", why.message);
    if (!status && u->bounds)
        status = fh_bounds_produce(u->bounds, *len, err);
    if (status)
        *len = 0;
    return status;
}

static void close_unzipped(void *self)
{
    unzipped *u = self;
    fh_gz_close(u->gz);
    fh_source_close(u->below);
    free(u->name);
    free(u);
}

static const fh_source_kind unzipped_kind = {read_unzipped, NULL, close_unzipped};

fh_status fh_source_gzip(fh_source *below, const char *name, fh_bounds *bounds,
                         const fh_listener *listener, fh_source **out, fh_error *err)
{
    *out = NULL;
    unzipped *u = malloc(sizeof *u);
    if (!u) {
        fh_source_close(below);
        return fh_fail_memory(err);
    }
    *u = (unzipped){.below = below, .bounds = bounds, .listener = listener};
    u->name = strdup(name);
    fh_gz_from from = {read_below, below};
    fh_status status =
        u->name ? fh_gz_open_from(&from, name, &u->gz, err) : fh_fail_memory(err);
    if (!status)
        return fh_source_new(&unzipped_kind, u, out, err);
    close_unzipped(u);
    return status;
}

/* ---- Memory ---- */

static fh_status read_memory(void *self, char *bytes, size_t size, size_t *len, fh_error *err)
{
    fh_str *left = self;
    (void)err;
    *len = size < left->len ? size : left->len;
    if (*len > 0)
        memcpy(bytes, left->ptr, *len);
    left->ptr += *len;
    left->len -= *len;
    return FH_OK;
}

static const fh_source_kind memory_kind = {read_memory, NULL, free};

fh_status fh_source_memory(fh_str bytes, fh_source **out, fh_error *err)
{
    *out = NULL;
    fh_str *left = malloc(sizeof *left);
    if (!left)
        return fh_fail_memory(err);
    *left = bytes;
    return fh_source_new(&memory_kind, left, out, err);
}
