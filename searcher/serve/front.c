#include "searcher/serve/front.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "searcher/serve/exchange.h"
#include "searcher/serve/limits.h"

/* What the epoll watches, by number. */
enum { TAG_HTTP, TAG_SIGNALS, TAG_WORKERS };

#define EVENTS_AT_ONCE 64

/* How often slow connections are looked for. */
#define REAP_MS 500

/* A pipe that can be written to takes at least so many bytes without blocking (PIPE_BUF). */
#define LOG_STEP 4096

/* When told to end: so long requests that are on their way are still waited for. */
#define LINGER_MS 100

/* libmicrohttpd's own limit lies above ours: at its own it would stop to accept. */
#define CLIENTS_SPARE 256

/* ---- Connections ---- */

static void note_client(void *context, struct MHD_Connection *connection, void **client,
                        enum MHD_ConnectionNotificationCode what)
{
    fh_front *front = context;
    fh_client *c = *client;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        /* A request whose parameters do not fit into its memory is begun, and never ended. */
        if (c && c->request)
            fh_exchange_end(front, connection, &c->request, MHD_REQUEST_TERMINATED_WITH_ERROR);
        if (c)
            fh_clients_remove(&front->clients, c);
        free(c);
        *client = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    c = info ? calloc(1, sizeof *c) : NULL;
    *client = c;
    if (!c)
        return;
    c->socket = info->connect_fd;
    fh_clients_add(&front->clients, c, fh_pool_now());
}

/* ---- The log ---- */

static void write_log(fh_front *front)
{
    struct pollfd out = {.fd = front->options->log, .events = POLLOUT};
    size_t done = 0;
    while (done < front->log.len && poll(&out, 1, 0) == 1) {
        size_t left = front->log.len - done;
        ssize_t n = write(out.fd, front->log.data + done, left < LOG_STEP ? left : LOG_STEP);
        if (n <= 0 && errno != EINTR && errno != EAGAIN)
            n = (ssize_t)left;
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    if (done == 0)
        return;
    memmove(front->log.data, front->log.data + done, front->log.len - done);
    front->log.len -= done;
    front->log.data[front->log.len] = '\0';
}

/* ---- The loop ---- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Milliseconds until something is due. */
static int find_timeout(const fh_front *front, int64_t reap_at)
{
    MHD_UNSIGNED_LONG_LONG http;
    int64_t now = fh_pool_now();
    int64_t next = earlier(reap_at, fh_pool_next(front->pool));
    if (front->draining)
        next = earlier(next, now + LINGER_MS);
    if (MHD_get_timeout(front->daemon, &http) == MHD_YES && http < REAP_MS)
        next = earlier(next, now + (int64_t)http);
    return next <= now ? 0 : (int)(next - now);
}

static void see_events(fh_front *front, const struct epoll_event *events, int count, bool *stop)
{
    for (int i = 0; i < count; i++) {
        if (events[i].data.u64 >= TAG_WORKERS)
            fh_pool_ready(front->pool, (size_t)(events[i].data.u64 - TAG_WORKERS));
        else if (events[i].data.u64 == TAG_SIGNALS)
            *stop = true;
    }
}

/* Accept no more; connections end with the answer that they wait for. */
static void drain(fh_front *front, int epoll)
{
    front->draining = true;
    epoll_ctl(epoll, EPOLL_CTL_DEL, front->options->signals, NULL);
    MHD_quiesce_daemon(front->daemon);
}

static fh_status loop(fh_front *front, int epoll, fh_error *err)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int64_t reap_at = fh_pool_now() + REAP_MS, drained_at = INT64_MAX, end_at = INT64_MAX;
    for (;;) {
        bool stop = false;
        int count = epoll_wait(epoll, events, EVENTS_AT_ONCE, find_timeout(front, reap_at));
        if (count < 0 && errno != EINTR)
            return fh_fail(err, FH_EIO, "cannot wait for requests: %s", strerror(errno));
        see_events(front, events, count, &stop);
        int64_t now = fh_pool_now();
        if (fh_pool_next(front->pool) <= now || reap_at <= now)
            fh_pool_tick(front->pool);
        MHD_run(front->daemon);
        if (reap_at <= now) {
            fh_clients_reap(&front->clients, now);
            reap_at = now + REAP_MS;
        }
        write_log(front);
        if (stop && !front->draining) {
            drain(front, epoll);
            drained_at = now + LINGER_MS;
            end_at = now + FH_DRAIN_MS;
        }
        front->aborting = now >= end_at;
        if (now >= drained_at && front->jobs == 0 && (front->exchanges == 0 || front->aborting))
            return FH_OK;
    }
}

/* ---- Beginning and end ---- */

static fh_status watch(int epoll, int fd, uint64_t tag, fh_error *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = tag};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        return fh_fail(err, FH_EIO, "cannot watch a descriptor: %s", strerror(errno));
    return FH_OK;
}

static fh_status start_http(fh_front *front, int epoll, fh_error *err)
{
    front->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, fh_exchange_go, front,
        MHD_OPTION_LISTEN_SOCKET, front->options->listen, MHD_OPTION_URI_LOG_CALLBACK,
        fh_exchange_begin, front, MHD_OPTION_NOTIFY_COMPLETED, fh_exchange_end, front,
        MHD_OPTION_NOTIFY_CONNECTION, note_client, front, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)(FH_CLIENTS_MAX + CLIENTS_SPARE), MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)FH_CLIENT_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        front->daemon ? MHD_get_daemon_info(front->daemon, MHD_DAEMON_INFO_EPOLL_FD) : NULL;
    if (!info)
        return fh_fail(err, FH_EIO, "cannot start libmicrohttpd");
    return watch(epoll, info->epoll_fd, TAG_HTTP, err);
}

static fh_status start(fh_front *front, int epoll, fh_error *err)
{
    fh_pool_options pool = front->options->pool;
    pool.epoll = epoll;
    pool.first_tag = TAG_WORKERS;
    fh_status status = fh_metrics_new(&front->metrics, err);
    if (!status)
        status = watch(epoll, front->options->signals, TAG_SIGNALS, err);
    if (!status)
        status = fh_pool_open(&pool, &front->pool, err);
    if (!status)
        status = start_http(front, epoll, err);
    return status;
}

fh_status fh_front_run(const fh_front_options *options, fh_error *err)
{
    fh_front front = {.options = options};
    if (getrandom(&front.ids, sizeof front.ids, 0) != sizeof front.ids)
        return fh_fail(err, FH_EIO, "there is no randomness: %s", strerror(errno));
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        return fh_fail(err, FH_EIO, "cannot make an epoll: %s", strerror(errno));
    fh_status status = start(&front, epoll, err);
    if (!status)
        status = loop(&front, epoll, err);
    if (front.daemon)
        MHD_stop_daemon(front.daemon);
    write_log(&front);
    fh_pool_close(front.pool);
    fh_metrics_free(front.metrics);
    fh_buffer_free(&front.log);
    close(epoll);
    return status;
}
