/* Batches: lines of JSON in, lines of JSON out, one at a time, as fast as the client takes them. */
#include "searcher/serve/exchange.h"

#include <string.h>

#include "searcher/serve/limits.h"

#define BLOCK_BYTES (32 * 1024)

/* The next line that is not blank; false at the end. */
static bool next_line(fh_exchange *x, fh_str *line)
{
    while (x->line_at < x->lines.len) {
        const char *begin = x->lines.data + x->line_at;
        size_t left = x->lines.len - x->line_at;
        const char *end = memchr(begin, '\n', left);
        size_t len = end ? (size_t)(end - begin) : left;
        x->line_at += len + (end ? 1 : 0);
        while (len > 0 && strchr(" \t\r", begin[len - 1]) && begin[len - 1] != '\0')
            len--;
        *line = (fh_str){begin, len};
        if (len > 0)
            return true;
    }
    return false;
}

void fh_stream_begin(fh_exchange *x)
{
    fh_str line;
    size_t count = 0;
    if (x->too_large) {
        fh_exchange_fail(x, FH_PROBLEM_BODY_TOO_LARGE, "a batch can have 1 MiB");
        return;
    }
    while (next_line(x, &line))
        count++;
    x->line_at = 0;
    if (count > FH_BATCH_LINES_MAX)
        fh_exchange_fail(x, FH_PROBLEM_BODY_TOO_LARGE, "a batch can have 1000 lines");
}

/* fh_job_done: the answer to one line, which is one line. */
static void take_answer(fh_job *job, fh_problem problem, const fh_answer *answer)
{
    fh_exchange *x = job->context;
    x->front->jobs--;
    fh_buffer_clear(&x->piece);
    x->piece_at = 0;
    if (problem)
        fh_problem_write(problem, fh_str_of(fh_exchange_detail(problem)), &x->piece);
    else
        fh_buffer_add_str(&x->piece, answer->body);
    if (answer->generation > 0)
        x->front->generation = x->generation = answer->generation;
    fh_exchange_resume(x);
}

static void ask(fh_exchange *x, fh_str line)
{
    x->job.ask.body = line;
    x->job.deadline = fh_pool_now() + FH_SERVE_DEADLINE;
    x->job.done = take_answer;
    x->front->jobs++;
    MHD_suspend_connection(x->connection);
    fh_pool_submit(x->front->pool, &x->job);
}

/* MHD_ContentReaderCallback: what has come, or nothing until something has. */
static ssize_t read_piece(void *context, uint64_t position, char *out, size_t room)
{
    fh_exchange *x = context;
    fh_str line;
    (void)position;
    if (x->front->aborting || x->piece.failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = x->piece.len - x->piece_at;
    if (left > 0) {
        size_t len = left < room ? left : room;
        memcpy(out, x->piece.data + x->piece_at, len);
        x->piece_at += len;
        x->sent += len;
        return (ssize_t)len;
    }
    if (!next_line(x, &line))
        return MHD_CONTENT_READER_END_OF_STREAM;
    ask(x, line);
    return 0;
}

struct MHD_Response *fh_stream_respond(fh_exchange *x)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_piece, x,
                                             NULL);
}
