/*
 * One request and its answer, between libmicrohttpd and the workers. For front.c and what it is made of.
 */
#ifndef FH_SEARCHER_SERVE_EXCHANGE_H
#define FH_SEARCHER_SERVE_EXCHANGE_H

#include <microhttpd.h>

#include "searcher/serve/clients.h"
#include "searcher/serve/front.h"
#include "searcher/serve/metrics.h"
#include "searcher/serve/negotiate.h"
#include "searcher/serve/routes.h"

/* All that the front has. */
typedef struct fh_front {
    const fh_front_options *options;
    struct MHD_Daemon *daemon;
    fh_pool *pool;
    fh_clients clients;
    fh_metrics *metrics;
    fh_buffer log;
    uint64_t log_lost;
    uint64_t ids; /* of requests: where counting began, and how far it is */
    uint64_t counter;
    uint64_t generation;   /* of the index that was asked last */
    uint64_t answer_bytes; /* of all answers that clients have not taken */
    size_t exchanges;      /* under way */
    size_t jobs;           /* at the pool */
    size_t batches;
    bool draining; /* the service ends: no more requests on a connection */
    bool aborting; /* ... and batches are cut */
    bool resumed;  /* connections go on with the next run of the daemon */
} fh_front;

/* What of the headers matters. All texts live as long as the request. */
typedef struct fh_headers_seen {
    fh_str host;
    fh_str authorization;
    fh_str encodings;
    fh_str known;
    fh_str origin;
    fh_str request_id;
    fh_str asked_method; /* Access-Control-Request-Method */
    fh_str coding;       /* Transfer-Encoding */
    uint64_t length;     /* Content-Length */
    unsigned hosts, lengths, codings, authorizations;
    bool bad_length;
    bool bad_name;
} fh_headers_seen;

typedef struct fh_exchange {
    fh_front *front;
    struct MHD_Connection *connection;
    fh_client *client;
    char *target; /* as the client said it */
    fh_str path, parameters;
    fh_str method;
    const fh_route *route;
    fh_headers_seen headers;
    char id[FH_REQUEST_ID_MAX + 1];
    uint64_t begun_us;
    bool checked;   /* the headers were */
    bool submitted; /* to the pool */
    bool ready;     /* the answer is there */
    fh_job job;
    fh_buffer base;
    /* The answer. */
    unsigned status; /* 0: none was sent */
    fh_problem problem;
    const char *allow; /* the methods, of FH_PROBLEM_BAD_METHOD */
    char kind[96];
    char error[FH_ERROR_MAX]; /* for the log */
    char tag[FH_TAG_MAX];
    bool gzip;
    uint64_t generation;
    char *body;
    size_t body_len;
    uint64_t sent; /* bytes of the body, for the log */
    /* A batch. */
    fh_buffer lines; /* what came */
    bool too_large;
    size_t line_at;
    fh_buffer piece; /* the answer to one line, and what of it was taken */
    size_t piece_at;
} fh_exchange;

/* ---- exchange.c ---- */

/* The callbacks of libmicrohttpd; CONTEXT is the front. */
void *fh_exchange_begin(void *context, const char *target, struct MHD_Connection *connection);
enum MHD_Result fh_exchange_go(void *context, struct MHD_Connection *connection,
                               const char *url, const char *method, const char *version,
                               const char *data, size_t *len, void **exchange);
void fh_exchange_end(void *context, struct MHD_Connection *connection, void **exchange,
                     enum MHD_RequestTerminationCode why);

/* Let the answer be a problem. */
void fh_exchange_fail(fh_exchange *x, fh_problem problem, const char *detail);
/* Go on with X, which was suspended. */
void fh_exchange_resume(fh_exchange *x);
/* What a problem of the service itself is told by; the others say more themselves. */
const char *fh_exchange_detail(fh_problem problem);

/* ---- checks.c ---- */

/* See whether the request may be answered. Sets the route, and what is wrong; an answer that the front
 * gives by itself is then there too. */
void fh_exchange_check(fh_exchange *x);
/* Is the page that asks one of those that may? */
bool fh_exchange_origin_allowed(const fh_exchange *x);

/* ---- stream.c ---- */

/* Can the batch that has come be answered? If not, what is wrong is set. */
void fh_stream_begin(fh_exchange *x);
/* The body of the answer, line by line. */
struct MHD_Response *fh_stream_respond(fh_exchange *x);

#endif
