#include "engines/native/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is read back at once. */
#define CHUNK ((size_t)256 * 1024)

/* A part in memory; the next one is as large as all before it, between these bounds. */
#define PART_MIN ((size_t)1024)
#define PART_MAX ((size_t)64 * 1024)

/*
 * What is in memory stands in parts, so that nothing is copied when a spool grows or is
 * appended to another: memory that is touched the first time costs more than what is written
 * there.
 */
typedef struct part {
    struct part *next;
    size_t len;
    size_t room;
    char bytes[];
} part;

struct fh_spool {
    char *path; /* NULL: all stays in memory */
    size_t limit;
    part *first; /* behind what is in the file */
    part *last;
    size_t memory_len; /* in the parts */
    uint64_t file_len; /* in the file */
    int fd;            /* of the file; -1 before there is one */
    fh_error failure;
};

fh_spool *fh_spool_new(const char *path, size_t limit)
{
    fh_spool *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->fd = -1;
    s->limit = limit;
    s->path = path ? strdup(path) : NULL;
    if (path && !s->path) {
        free(s);
        return NULL;
    }
    return s;
}

static void fail_file(fh_spool *s, const char *verb)
{
    if (!s->failure.status)
        fh_fail(&s->failure, FH_EIO, "cannot %s %s: %s", verb, s->path, strerror(errno));
}

/* Create the file and forget its name at once: it ends with this process, however that ends. */
static void create_file(fh_spool *s)
{
    s->fd = open(s->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (s->fd < 0)
        fail_file(s, "create");
    else
        unlink(s->path);
}

static void write_file(fh_spool *s, const char *bytes, size_t len)
{
    if (s->fd < 0)
        create_file(s);
    while (len > 0 && !s->failure.status) {
        ssize_t n = pwrite(s->fd, bytes, len, (off_t)s->file_len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail_file(s, "write");
            return;
        }
        s->file_len += (uint64_t)n;
        bytes += n;
        len -= (size_t)n;
    }
}

static void free_parts(fh_spool *s)
{
    while (s->first) {
        part *next = s->first->next;
        free(s->first);
        s->first = next;
    }
    s->last = NULL;
    s->memory_len = 0;
}

/* All that is in memory goes to the file. */
static void spill(fh_spool *s)
{
    for (const part *p = s->first; p; p = p->next)
        write_file(s, p->bytes, p->len);
    free_parts(s);
}

/* Would LEN more bytes be too many for the memory? */
static bool overflows(const fh_spool *s, size_t len)
{
    return s->path && (s->memory_len > s->limit || len > s->limit - s->memory_len);
}

/* A new last part for at least one byte, at best LEN; false when memory ran out. */
static bool add_part(fh_spool *s, size_t len)
{
    size_t room = s->memory_len < PART_MIN   ? PART_MIN
                  : s->memory_len > PART_MAX ? PART_MAX
                                             : s->memory_len;
    part *p = malloc(sizeof *p + (room < len ? len : room));
    if (!p) {
        fh_fail_memory(&s->failure);
        return false;
    }
    *p = (part){.room = room < len ? len : room};
    if (s->last)
        s->last->next = p;
    else
        s->first = p;
    s->last = p;
    return true;
}

void fh_spool_add(fh_spool *s, const void *bytes, size_t len)
{
    if (s->failure.status || len == 0)
        return;
    if (overflows(s, len)) {
        spill(s);
        if (len > s->limit) {
            write_file(s, bytes, len);
            return;
        }
    }
    const char *from = bytes;
    size_t room = s->last ? s->last->room - s->last->len : 0;
    size_t fits = len < room ? len : room;
    s->memory_len += len;
    if (fits > 0) {
        memcpy(s->last->bytes + s->last->len, from, fits);
        s->last->len += fits;
    }
    if (fits == len || !add_part(s, len - fits))
        return;
    memcpy(s->last->bytes, from + fits, len - fits);
    s->last->len = len - fits;
}

uint64_t fh_spool_len(const fh_spool *s)
{
    return s->file_len + s->memory_len;
}

/* Where the bytes of a spool go when it is emptied. */
typedef void (*taker)(void *to, const void *bytes, size_t len);

/* Hand what S has in its file to TAKE; a failure is kept. */
static void empty_file(fh_spool *s, taker take, void *to)
{
    char *chunk = s->file_len > 0 ? malloc(CHUNK) : NULL;
    if (s->file_len > 0 && !chunk)
        fh_fail_memory(&s->failure);
    for (uint64_t at = 0; at < s->file_len && !s->failure.status;) {
        uint64_t left = s->file_len - at;
        ssize_t n = pread(s->fd, chunk, left < CHUNK ? (size_t)left : CHUNK, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            errno = n == 0 ? EIO : errno;
            fail_file(s, "read");
        } else {
            take(to, chunk, (size_t)n);
            at += (uint64_t)n;
        }
    }
    s->file_len = 0;
    free(chunk);
}

static void take_sealed(void *sealer, const void *bytes, size_t len)
{
    fh_sealer_add(sealer, bytes, len);
}

static void take_spooled(void *spool, const void *bytes, size_t len)
{
    fh_spool_add(spool, bytes, len);
}

fh_status fh_spool_pour(fh_spool *s, fh_sealer *sealer, fh_error *err)
{
    empty_file(s, take_sealed, sealer);
    if (s->failure.status) {
        if (err)
            *err = s->failure;
        return s->failure.status;
    }
    for (const part *p = s->first; p; p = p->next)
        fh_sealer_add(sealer, p->bytes, p->len);
    free_parts(s);
    return FH_OK;
}

/* The parts of FROM go to the file of S, in which all of S is. */
static void spill_into(fh_spool *s, fh_spool *from)
{
    for (const part *p = from->first; p; p = p->next)
        write_file(s, p->bytes, p->len);
    free_parts(from);
}

void fh_spool_append(fh_spool *s, fh_spool *from)
{
    empty_file(from, take_spooled, s);
    if (!s->failure.status)
        s->failure = from->failure;
    if (s->failure.status || !from->first)
        return;
    if (overflows(s, from->memory_len)) {
        spill(s);
        spill_into(s, from);
        return;
    }
    if (s->last)
        s->last->next = from->first;
    else
        s->first = from->first;
    s->last = from->last;
    s->memory_len += from->memory_len;
    from->first = from->last = NULL;
    from->memory_len = 0;
}

void fh_spool_free(fh_spool *s)
{
    if (!s)
        return;
    if (s->fd >= 0)
        close(s->fd);
    free_parts(s);
    free(s->path);
    free(s);
}
