/*
 * Counters and latencies by path, as Prometheus reads them; and the log, a JSON line for each request.
 */
#ifndef FH_SEARCHER_SERVE_METRICS_H
#define FH_SEARCHER_SERVE_METRICS_H

#include "base/buffer.h"
#include "base/status.h"
#include "searcher/serve/pool.h"

typedef struct fh_metrics fh_metrics;

fh_status fh_metrics_new(fh_metrics **out, fh_error *err);
void fh_metrics_free(fh_metrics *m);

/* One request as it ended. */
typedef struct fh_request_log {
    const char *id;
    const char *remote; /* who asked */
    fh_str method;      /* as the client said it */
    const char *route;  /* the name of the path, or "" */
    size_t
        route_number; /* its place in the table of routes; their number where there is none */
    unsigned status;  /* 0: the client went, or broke off */
    const char *problem; /* its name, or NULL */
    uint64_t bytes;      /* of the body */
    uint64_t microseconds;
    uint64_t generation; /* of the index that was asked; 0: none was */
    const char *error;   /* what went wrong inside, or "" */
    fh_str target;       /* what was asked, with its query; logged only where it is not empty */
} fh_request_log;

/* Count a request. */
void fh_metrics_add(fh_metrics *m, const fh_request_log *entry);

/* What is not counted by request. */
typedef struct fh_gauges {
    fh_pool_counts pool;
    size_t clients;
    uint64_t evicted; /* connections closed because they were too slow, or to make room */
    uint64_t generation;
    uint64_t log_lost; /* lines that could not be written */
} fh_gauges;

void fh_metrics_write(const fh_metrics *m, const fh_gauges *gauges, fh_buffer *out);

/* Append ENTRY as one line of JSON; SECONDS since 1970. */
void fh_log_write(const fh_request_log *entry, int64_t seconds, fh_buffer *out);

#endif
