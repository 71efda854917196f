#include "indexer/refused.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/utf8.h"
#include "indexer/json_write.h"

struct fh_refused {
    int fd;
    char *path;
    fh_buffer text, line;
    int failure; /* of the first write that failed, as errno has it */
};

/* Is the file PATH also one of INPUTS? It would be emptied before it is read. */
static bool is_input(const char *path, const char *const *inputs, size_t count)
{
    struct stat it, input;
    if (stat(path, &it) != 0 || !S_ISREG(it.st_mode))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (stat(inputs[i], &input) == 0 && input.st_dev == it.st_dev &&
            input.st_ino == it.st_ino)
            return true;
    }
    return false;
}

fh_status fh_refused_open(const char *path, const char *const *inputs, size_t count,
                          fh_refused **out, fh_error *err)
{
    *out = NULL;
    if (is_input(path, inputs, count))
        return fh_fail(err, FH_EUSAGE, "%s is an input: name another file for --refused", path);
    fh_refused *r = calloc(1, sizeof *r);
    char *copy = strdup(path);
    if (!r || !copy) {
        free(r);
        free(copy);
        return fh_fail_memory(err);
    }
    r->path = copy;
    r->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (r->fd < 0) {
        fh_status status = fh_fail(err, FH_EIO, "cannot write %s: %s", path, strerror(errno));
        fh_refused_close(r);
        return status;
    }
    *out = r;
    return FH_OK;
}

void fh_refused_close(fh_refused *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    fh_buffer_free(&r->text);
    fh_buffer_free(&r->line);
    free(r->path);
    free(r);
}

/* Names of files may be any bytes. */
static void write_text(fh_refused *r, const char *text)
{
    fh_buffer_clear(&r->text);
    fh_utf8_repair(fh_str_of(text), &r->text);
    fh_json_write_text(fh_buffer_str(&r->text), &r->line);
    r->line.failed |= r->text.failed;
}

static void write_all(fh_refused *r, fh_str bytes)
{
    while (bytes.len > 0 && !r->failure) {
        ssize_t n = write(r->fd, bytes.ptr, bytes.len);
        if (n < 0 && errno != EINTR)
            r->failure = errno;
        if (n > 0)
            bytes = (fh_str){bytes.ptr + n, bytes.len - (size_t)n};
    }
}

void fh_refused_add(fh_refused *r, const fh_remark *remark)
{
    if (remark->kind != FH_REMARK_REFUSED || r->failure)
        return;
    fh_buffer_clear(&r->line);
    fh_buffer_add_str(&r->line, FH_STR("{\"file\":"));
    write_text(r, remark->file);
    fh_buffer_printf(&r->line, ",\"line\":%" PRIu64 ",\"reason\":", remark->line);
    write_text(r, remark->reason);
    fh_buffer_add_str(&r->line, FH_STR("}\n"));
    if (r->line.failed)
        r->failure = ENOMEM;
    write_all(r, fh_buffer_str(&r->line));
}

fh_status fh_refused_sync(fh_refused *r, fh_error *err)
{
    /* EINVAL: a pipe or a terminal, which there is nothing to make durable of. */
    if (!r->failure && fsync(r->fd) != 0 && errno != EINVAL && errno != EROFS)
        r->failure = errno;
    if (!r->failure)
        return FH_OK;
    return fh_fail(err, FH_EIO, "cannot write %s: %s", r->path, strerror(r->failure));
}
