/* Lines in, lines out. */
#include "searcher/serve/mcp.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "searcher/serve/limits.h"

/* What is read at a time. */
#define PIECE (64 * 1024)
/* Memory that is kept from one line to the next. */
#define KEPT_BYTES (256 * 1024)

/* One conversation. */
typedef struct talk {
    fh_mcp *mcp;
    int in, out;
    fh_buffer line; /* what of it has come */
    bool too_long;  /* ... more than is kept */
    fh_buffer answer;
} talk;

static fh_status send_answer(talk *t, fh_error *err)
{
    fh_str rest = fh_buffer_str(&t->answer);
    if (t->answer.failed)
        return fh_fail_memory(err);
    while (rest.len > 0) {
        ssize_t n = write(t->out, rest.ptr, rest.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fh_fail(err, FH_EIO, "cannot write an answer: %s", strerror(errno));
        rest = (fh_str){rest.ptr + n, rest.len - (size_t)n};
    }
    return FH_OK;
}

static void clear(fh_buffer *b)
{
    if (b->capacity > KEPT_BYTES)
        fh_buffer_free(b);
    fh_buffer_clear(b);
}

/* A line is there: answer it. */
static fh_status end_line(talk *t, fh_error *err)
{
    if (t->line.failed)
        return fh_fail_memory(err);
    if (t->too_long)
        fh_mcp_take_long(t->mcp, &t->answer);
    else
        fh_mcp_take(t->mcp, fh_buffer_str(&t->line), &t->answer);
    fh_status status = send_answer(t, err);
    clear(&t->line);
    clear(&t->answer);
    t->too_long = false;
    return status;
}

static void add_to_line(talk *t, const char *bytes, size_t len)
{
    if (t->line.len + len > FH_MCP_LINE_MAX)
        t->too_long = true;
    if (!t->too_long)
        fh_buffer_add(&t->line, bytes, len);
}

static fh_status take_piece(talk *t, const char *bytes, size_t len, fh_error *err)
{
    fh_status status = FH_OK;
    while (len > 0 && !status) {
        const char *end = memchr(bytes, '\n', len);
        size_t used = end ? (size_t)(end - bytes) : len;
        add_to_line(t, bytes, used);
        if (end)
            status = end_line(t, err);
        used += end ? 1 : 0;
        bytes += used;
        len -= used;
    }
    return status;
}

static fh_status read_lines(talk *t, fh_error *err)
{
    char piece[PIECE];
    for (;;) {
        ssize_t n = read(t->in, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fh_fail(err, FH_EIO, "cannot read a message: %s", strerror(errno));
        if (n == 0)
            return end_line(t, err);
        fh_status status = take_piece(t, piece, (size_t)n, err);
        if (status)
            return status;
    }
}

fh_status fh_mcp_run(int in, int out, const char *path, fh_error *err)
{
    talk t = {.in = in, .out = out};
    fh_status status = fh_mcp_open(path, &t.mcp, err);
    if (!status)
        status = read_lines(&t, err);
    fh_buffer_free(&t.line);
    fh_buffer_free(&t.answer);
    fh_mcp_close(t.mcp);
    return status;
}
