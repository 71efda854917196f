#include "searcher/serve/worker.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "searcher/serve/service.h"
#include "searcher/serve/wire.h"

/* What one question may take: its line and headers, or a line of a batch. */
#define ASK_MAX (4 * 1024 * 1024)
/* Memory that is kept from one question to the next. */
#define KEPT_BYTES (1024 * 1024)

/* Read LEN bytes; *END when the other side was closed before the first. */
static fh_status receive(int socket, char *bytes, size_t len, bool *end, fh_error *err)
{
    size_t got = 0;
    *end = false;
    while (got < len) {
        ssize_t n = recv(socket, bytes + got, len - got, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fh_fail(err, FH_EIO, "cannot read a question: %s", strerror(errno));
        if (n == 0 && got > 0)
            return fh_fail(err, FH_EFORMAT, "a question was cut");
        *end = n == 0;
        if (*end)
            return FH_OK;
        got += (size_t)n;
    }
    return FH_OK;
}

static fh_status send_all(int socket, fh_str bytes, fh_error *err)
{
    while (bytes.len > 0) {
        ssize_t n = send(socket, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fh_fail(err, FH_EIO, "cannot send an answer: %s", strerror(errno));
        bytes = (fh_str){bytes.ptr + n, bytes.len - (size_t)n};
    }
    return FH_OK;
}

/* One question, and its answer. */
static fh_status serve(int socket, fh_service *s, fh_buffer *message, bool *end, fh_error *err)
{
    char length[FH_WIRE_LENGTH];
    fh_ask ask;
    fh_answer answer;
    fh_status status = receive(socket, length, sizeof length, end, err);
    if (status || *end)
        return status;
    size_t len = fh_wire_length(length);
    if (message->capacity > KEPT_BYTES)
        fh_buffer_free(message);
    fh_buffer_clear(message);
    if (len > ASK_MAX)
        return fh_fail(err, FH_ELIMIT, "a question has %zu bytes", len);
    if (!fh_buffer_reserve(message, len))
        return fh_fail_memory(err);
    status = receive(socket, message->data, len, end, err);
    if (status || *end)
        return status;
    if (!fh_wire_get_ask((fh_str){message->data, len}, &ask))
        return fh_fail(err, FH_EFORMAT, "a question is none");
    fh_service_answer(s, &ask, &answer);
    fh_buffer_clear(message);
    fh_wire_put_answer(&answer, message);
    return message->failed ? fh_fail_memory(err)
                           : send_all(socket, fh_buffer_str(message), err);
}

fh_status fh_worker_run(int socket, const char *path, fh_error *err)
{
    fh_service *s;
    fh_buffer message = {0};
    bool end = false;
    fh_status status = fh_service_open(path, &s, err);
    while (!status && !end)
        status = serve(socket, s, &message, &end, err);
    fh_buffer_free(&message);
    fh_service_close(s);
    return status;
}
