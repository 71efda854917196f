#include "searcher/serve/exchange.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/file.h"
#include "searcher/serve/limits.h"

/* What of the log is kept while nobody takes it; what comes then is counted and lost. */
#define LOG_KEPT (1024u * 1024)

static uint64_t microseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* ---- Beginning ---- */

static fh_client *find_client(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

void *fh_exchange_begin(void *context, const char *target, struct MHD_Connection *connection)
{
    fh_front *front = context;
    fh_exchange *x = calloc(1, sizeof *x);
    char *copy = strdup(target);
    if (!x || !copy) {
        free(x);
        free(copy);
        return NULL;
    }
    *x = (fh_exchange){.front = front,
                       .connection = connection,
                       .client = find_client(connection),
                       .target = copy,
                       .begun_us = microseconds()};
    snprintf(x->id, sizeof x->id, "%016llx",
             (unsigned long long)(front->ids + 0x9E3779B97F4A7C15u * ++front->counter));
    front->exchanges++;
    if (x->client)
        x->client->request = x;
    return x;
}

/* ---- Answers ---- */

static void take_body(fh_exchange *x, const char *body, size_t len)
{
    x->body = malloc(len > 0 ? len : 1);
    if (!x->body) {
        x->status = 500;
        return;
    }
    memcpy(x->body, body, len);
    x->body_len = len;
    x->sent = len;
    x->front->answer_bytes += len;
}

void fh_exchange_fail(fh_exchange *x, fh_problem problem, const char *detail)
{
    fh_buffer document = {0};
    x->problem = problem;
    x->status = fh_problem_status(problem);
    x->ready = true;
    if (problem == FH_PROBLEM_BAD_METHOD)
        x->allow = x->route->methods;
    fh_problem_write(problem, fh_str_of(detail), &document);
    snprintf(x->kind, sizeof x->kind, "%s", FH_PROBLEM_KIND);
    take_body(x, fh_buffer_str(&document).ptr, document.len);
    fh_buffer_free(&document);
}

const char *fh_exchange_detail(fh_problem problem)
{
    switch (problem) {
    case FH_PROBLEM_DEADLINE:
        return "it had two seconds: ask for less";
    case FH_PROBLEM_OVERLOADED:
        return "ask again later";
    default:
        return "";
    }
}

void fh_exchange_resume(fh_exchange *x)
{
    x->front->resumed = true;
    MHD_resume_connection(x->connection);
}

/* fh_job_done */
static void take_answer(fh_job *job, fh_problem problem, const fh_answer *answer)
{
    fh_exchange *x = job->context;
    x->front->jobs--;
    x->ready = true;
    if (problem) {
        fh_exchange_fail(x, problem, fh_exchange_detail(problem));
    } else {
        x->status = answer->status;
        x->problem = (fh_problem)answer->problem;
        x->gzip = answer->gzip;
        x->generation = answer->generation;
        snprintf(x->error, sizeof x->error, "%.*s", (int)answer->error.len, answer->error.ptr);
        snprintf(x->kind, sizeof x->kind, "%.*s", (int)answer->kind.len, answer->kind.ptr);
        snprintf(x->tag, sizeof x->tag, "%.*s", (int)answer->tag.len, answer->tag.ptr);
        take_body(x, answer->body.ptr, answer->body.len);
    }
    if (x->generation > 0)
        x->front->generation = x->generation;
    fh_exchange_resume(x);
}

/* What links in answers begin with. */
static fh_str find_base(fh_exchange *x)
{
    if (x->front->options->base.len > 0)
        return x->front->options->base;
    fh_buffer_printf(&x->base, "http://%.*s",
                     x->headers.host.len > 0 ? (int)x->headers.host.len : 9,
                     x->headers.host.len > 0 ? x->headers.host.ptr : "localhost");
    return fh_buffer_str(&x->base);
}

static void fill_job(fh_exchange *x)
{
    size_t count;
    fh_ask *ask = &x->job.ask;
    ask->route = (uint32_t)(x->route - fh_routes(&count));
    ask->gzip = !x->route->body && fh_accepts_gzip(x->headers.encodings);
    ask->known = x->headers.known;
    ask->base = find_base(x);
    x->job.context = x;
}

/* Give the request to a worker; the connection sleeps meanwhile. */
static void submit(fh_exchange *x)
{
    fh_front *front = x->front;
    if (front->answer_bytes > FH_ANSWERS_BYTES_MAX) {
        fh_exchange_fail(x, FH_PROBLEM_OVERLOADED, "too many answers have not been taken");
        return;
    }
    fill_job(x);
    x->job.deadline = fh_pool_now() + FH_SERVE_DEADLINE;
    x->job.done = take_answer;
    x->submitted = true;
    front->jobs++;
    fh_clients_move(&front->clients, x->client, FH_PHASE_WORK, fh_pool_now());
    MHD_suspend_connection(x->connection);
    fh_pool_submit(front->pool, &x->job);
}

/* ---- What the front knows by itself ---- */

static void answer_metrics(fh_exchange *x, fh_buffer *out)
{
    fh_front *front = x->front;
    fh_gauges gauges = {.clients = front->clients.count,
                        .evicted = front->clients.evicted,
                        .generation = front->generation,
                        .log_lost = front->log_lost};
    fh_pool_count(front->pool, &gauges.pool);
    fh_metrics_write(front->metrics, &gauges, out);
}

static void answer_alone(fh_exchange *x)
{
    fh_buffer body = {0};
    if (strcmp(x->route->path, FH_PATH_METRICS) == 0)
        answer_metrics(x, &body);
    else
        fh_buffer_add_str(&body, FH_STR("{\"status\":\"alive\"}\n"));
    x->status = body.failed ? 500 : 200;
    x->ready = true;
    snprintf(x->kind, sizeof x->kind, "%s", x->route->kind);
    take_body(x, fh_buffer_str(&body).ptr, body.len);
    fh_buffer_free(&body);
}

/* ---- Sending ---- */

static void add_origin(fh_exchange *x, struct MHD_Response *response)
{
    char origin[256];
    if (x->front->options->origins.len == 0)
        return;
    MHD_add_response_header(response, "Vary", "Origin");
    if (!fh_exchange_origin_allowed(x) || x->headers.origin.len >= sizeof origin)
        return;
    snprintf(origin, sizeof origin, "%.*s", (int)x->headers.origin.len, x->headers.origin.ptr);
    MHD_add_response_header(response, "Access-Control-Allow-Origin", origin);
    MHD_add_response_header(response, "Access-Control-Expose-Headers", "ETag, X-Request-Id");
    if (x->status != 204)
        return;
    MHD_add_response_header(response, "Access-Control-Allow-Methods", x->allow);
    MHD_add_response_header(response, "Access-Control-Allow-Headers",
                            "Authorization, Content-Type, X-Request-Id");
    MHD_add_response_header(response, "Access-Control-Max-Age", "600");
}

/* The page loads nothing but its own style and script, and neither it nor a text in it can run more. */
static void add_policy(struct MHD_Response *response)
{
    MHD_add_response_header(response, "Content-Security-Policy",
                            "default-src 'none'; style-src 'self'; script-src 'self'; "
                            "connect-src 'self'; img-src data:; base-uri 'none'; "
                            "form-action 'self'; frame-ancestors 'none'");
    MHD_add_response_header(response, "Referrer-Policy", "no-referrer");
}

static void add_headers(fh_exchange *x, struct MHD_Response *response)
{
    if (strcmp(x->kind, FH_PAGE_KIND) == 0)
        add_policy(response);
    if (x->kind[0] && x->status != 304)
        MHD_add_response_header(response, "Content-Type", x->kind);
    if (x->gzip)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    if (x->tag[0])
        MHD_add_response_header(response, "ETag", x->tag);
    if (x->submitted)
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    MHD_add_response_header(response, "Cache-Control", x->tag[0] ? "no-cache" : "no-store");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(response, "X-Request-Id", x->id);
    if (x->problem == FH_PROBLEM_BAD_METHOD)
        MHD_add_response_header(response, "Allow", x->allow);
    if (x->problem == FH_PROBLEM_NO_KEY)
        MHD_add_response_header(response, "WWW-Authenticate", "Bearer realm=\"fihris\"");
    if (x->status == 503)
        MHD_add_response_header(response, "Retry-After", "1");
    if (x->front->draining)
        MHD_add_response_header(response, "Connection", "close");
    add_origin(x, response);
}

/* The body is the response's from here on. */
static struct MHD_Response *make_response(fh_exchange *x)
{
    char *body = x->body;
    x->body = NULL;
    return MHD_create_response_from_buffer(
        x->body_len, body, body ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result respond(fh_exchange *x, bool streamed)
{
    struct MHD_Response *response = streamed ? fh_stream_respond(x) : make_response(x);
    if (!response)
        return MHD_NO;
    add_headers(x, response);
    if (x->client)
        fh_clients_move(&x->front->clients, x->client,
                        streamed ? FH_PHASE_STREAM : FH_PHASE_SEND, fh_pool_now());
    enum MHD_Result result = MHD_queue_response(x->connection, x->status, response);
    MHD_destroy_response(response);
    return result;
}

/* All of a batch is there: answer it line by line. */
static enum MHD_Result respond_lines(fh_exchange *x)
{
    fh_stream_begin(x);
    if (x->ready)
        return respond(x, false);
    fill_job(x);
    x->front->batches++;
    x->submitted = true;
    x->status = 200;
    snprintf(x->kind, sizeof x->kind, "%s", x->route->kind);
    return respond(x, true);
}

/* ---- The callbacks ---- */

static void take_data(fh_exchange *x, const char *data, size_t len)
{
    if (x->ready)
        return;
    if (x->lines.len + len > FH_BATCH_BYTES_MAX || x->lines.failed)
        x->too_large = true;
    else
        fh_buffer_add(&x->lines, data, len);
}

/*
 * May the rest of the request not be read? Then the answer is sent at once and the connection closed,
 * whereby the answer may be lost on a client that still sends; so it is done only where it must be.
 */
static bool is_hopeless(const fh_exchange *x)
{
    return x->problem == FH_PROBLEM_BAD_REQUEST || x->headers.length > FH_DISCARD_MAX;
}

enum MHD_Result fh_exchange_go(void *context, struct MHD_Connection *connection,
                               const char *url, const char *method, const char *version,
                               const char *data, size_t *len, void **exchange)
{
    fh_exchange *x = *exchange;
    (void)context, (void)connection, (void)url, (void)version;
    if (!x || !x->client)
        return MHD_NO;
    if (!x->checked) {
        x->checked = true;
        x->method = fh_str_of(method);
        fh_exchange_check(x);
        return x->ready && is_hopeless(x) ? respond(x, false) : MHD_YES;
    }
    if (*len > 0) {
        take_data(x, data, *len);
        *len = 0;
        return MHD_YES;
    }
    if (!x->ready && x->route->body)
        return respond_lines(x);
    if (!x->ready && !x->route->handler)
        answer_alone(x);
    if (!x->ready) {
        submit(x);
        if (x->submitted)
            return MHD_YES;
    }
    return respond(x, false);
}

/* ---- Ending ---- */

static const char *name_remote(struct MHD_Connection *connection,
                               char out[static INET6_ADDRSTRLEN])
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *name = info ? info->client_addr : NULL;
    const char *text = NULL;
    if (name && name->sa_family == AF_INET) {
        memcpy(&v4, name, sizeof v4);
        text = inet_ntop(AF_INET, &v4.sin_addr, out, INET6_ADDRSTRLEN);
    } else if (name && name->sa_family == AF_INET6) {
        memcpy(&v6, name, sizeof v6);
        text = inet_ntop(AF_INET6, &v6.sin6_addr, out, INET6_ADDRSTRLEN);
    }
    return text ? text : "local";
}

static void log_exchange(fh_exchange *x, bool whole)
{
    size_t count;
    char remote[INET6_ADDRSTRLEN];
    fh_front *front = x->front;
    const fh_route *routes = fh_routes(&count);
    fh_request_log entry = {.id = x->id,
                            .remote = name_remote(x->connection, remote),
                            .method = x->method,
                            .route = x->route ? x->route->name : "",
                            .route_number = x->route ? (size_t)(x->route - routes) : count,
                            .status = whole ? x->status : 0,
                            .problem = x->problem ? fh_problem_name(x->problem) : NULL,
                            .bytes = x->sent,
                            .microseconds = microseconds() - x->begun_us,
                            .generation = x->generation,
                            .error = x->error};
    if (front->options->log_queries)
        entry.target = fh_str_of(x->target);
    fh_metrics_add(front->metrics, &entry);
    if (front->log.len > LOG_KEPT)
        front->log_lost++;
    else
        fh_log_write(&entry, (int64_t)time(NULL), &front->log);
}

void fh_exchange_end(void *context, struct MHD_Connection *connection, void **exchange,
                     enum MHD_RequestTerminationCode why)
{
    fh_front *front = context;
    fh_exchange *x = *exchange;
    (void)connection;
    if (!x)
        return;
    *exchange = NULL;
    log_exchange(x, why == MHD_REQUEST_TERMINATED_COMPLETED_OK);
    if (x->client) {
        x->client->request = NULL;
        fh_clients_move(&front->clients, x->client, FH_PHASE_RECEIVE, fh_pool_now());
    }
    front->answer_bytes -= x->body_len;
    front->batches -= x->route && x->route->body && x->submitted;
    front->exchanges--;
    fh_buffer_free(&x->base);
    fh_buffer_free(&x->lines);
    fh_buffer_free(&x->piece);
    free(x->body);
    free(x->target);
    free(x);
}
