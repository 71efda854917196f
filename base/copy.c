#include "base/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How many bytes are read at once. */
#define CHUNK ((size_t)256 * 1024)

static fh_status fail_errno(fh_error *err, const char *verb, const char *path)
{
    return fh_fail(err, errno == ENOENT ? FH_ENOTFOUND : FH_EIO, "cannot %s %s: %s", verb, path,
                   strerror(errno));
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* Read by place: whoever shares the descriptor does not move it. */
static fh_status pump(int from, const char *from_name, int to, const char *to_name, char *chunk,
                      uint64_t *bytes, fh_error *err)
{
    for (;;) {
        ssize_t n = pread(from, chunk, CHUNK, (off_t)*bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(err, "read", from_name);
        if (n == 0)
            return fsync(to) == 0 ? FH_OK : fail_errno(err, "write", to_name);
        if (!write_all(to, chunk, (size_t)n))
            return fail_errno(err, "write", to_name);
        *bytes += (uint64_t)n;
    }
}

fh_status fh_copy_open(int fd, const char *from, const char *to, uint64_t *bytes, fh_error *err)
{
    *bytes = 0;
    char *chunk = malloc(CHUNK);
    if (!chunk)
        return fh_fail_memory(err);
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    fh_status status =
        out < 0 ? fail_errno(err, "create", to) : pump(fd, from, out, to, chunk, bytes, err);
    if (out >= 0 && close(out) != 0 && !status)
        status = fail_errno(err, "write", to);
    if (status && out >= 0)
        unlink(to);
    if (status)
        *bytes = 0;
    free(chunk);
    return status;
}

fh_status fh_copy_file(const char *from, const char *to, uint64_t *bytes, fh_error *err)
{
    *bytes = 0;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, "open", from);
    fh_status status = fh_copy_open(fd, from, to, bytes, err);
    close(fd);
    return status;
}
