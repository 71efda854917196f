#include "searcher/serve/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/utf8.h"
#include "searcher/serve/routes.h"

/* Every status that is answered; the last row is for what the client broke off. */
static const unsigned statuses[] = {200, 204, 304, 400, 401, 403, 404,
                                    405, 413, 422, 500, 503, 0};
#define STATUSES (sizeof statuses / sizeof *statuses)

/* The upper ends of the latency histogram, in microseconds. */
static const uint64_t ends[] = {500,   1000,   2000,   5000,   10000,   20000,
                                50000, 100000, 200000, 500000, 1000000, 2500000};
#define ENDS (sizeof ends / sizeof *ends)

typedef struct row {
    uint64_t requests[STATUSES];
    uint64_t under[ENDS + 1]; /* requests between two ends; the last: above all */
    uint64_t microseconds;
} row;

struct fh_metrics {
    row *rows; /* one for each route, and one for what has none */
    size_t count;
};

fh_status fh_metrics_new(fh_metrics **out, fh_error *err)
{
    size_t count;
    fh_routes(&count);
    *out = calloc(1, sizeof **out);
    row *rows = calloc(count + 1, sizeof *rows);
    if (!*out || !rows) {
        free(*out);
        free(rows);
        *out = NULL;
        return fh_fail_memory(err);
    }
    **out = (fh_metrics){.rows = rows, .count = count + 1};
    return FH_OK;
}

void fh_metrics_free(fh_metrics *m)
{
    if (!m)
        return;
    free(m->rows);
    free(m);
}

void fh_metrics_add(fh_metrics *m, const fh_request_log *entry)
{
    row *r = &m->rows[entry->route_number < m->count ? entry->route_number : m->count - 1];
    size_t status = 0, end = 0;
    while (status + 1 < STATUSES && statuses[status] != entry->status)
        status++;
    while (end < ENDS && entry->microseconds > ends[end])
        end++;
    r->requests[status]++;
    r->under[end]++;
    r->microseconds += entry->microseconds;
}

/* ---- As Prometheus reads it ---- */

static const char *name_of(const fh_metrics *m, size_t i)
{
    size_t count;
    const fh_route *routes = fh_routes(&count);
    return i + 1 < m->count ? routes[i].name : "other";
}

static void write_requests(const fh_metrics *m, fh_buffer *out)
{
    fh_buffer_printf(out, "# HELP fihris_requests_total Requests by path and status; 0: the "
                          "client broke off.\n# TYPE fihris_requests_total counter\n");
    for (size_t i = 0; i < m->count; i++)
        for (size_t s = 0; s < STATUSES; s++)
            if (m->rows[i].requests[s] > 0)
                fh_buffer_printf(out, "fihris_requests_total{path=\"%s\",status=\"%u\"} %llu\n",
                                 name_of(m, i), statuses[s],
                                 (unsigned long long)m->rows[i].requests[s]);
}

static void write_latency(const char *name, const row *r, fh_buffer *out)
{
    uint64_t sum = 0;
    for (size_t e = 0; e <= ENDS; e++) {
        sum += r->under[e];
        fh_buffer_printf(out, "fihris_request_seconds_bucket{path=\"%s\",le=\"", name);
        if (e < ENDS)
            fh_buffer_printf(out, "%g", (double)ends[e] / 1e6);
        else
            fh_buffer_add_str(out, FH_STR("+Inf"));
        fh_buffer_printf(out, "\"} %llu\n", (unsigned long long)sum);
    }
    fh_buffer_printf(out,
                     "fihris_request_seconds_sum{path=\"%s\"} %.6f\n"
                     "fihris_request_seconds_count{path=\"%s\"} %llu\n",
                     name, (double)r->microseconds / 1e6, name, (unsigned long long)sum);
}

static void write_latencies(const fh_metrics *m, fh_buffer *out)
{
    fh_buffer_printf(out,
                     "# HELP fihris_request_seconds From the first line of a request to the "
                     "end of its answer.\n# TYPE fihris_request_seconds histogram\n");
    for (size_t i = 0; i < m->count; i++) {
        bool any = false;
        for (size_t e = 0; e <= ENDS; e++)
            any = any || m->rows[i].under[e] > 0;
        if (any)
            write_latency(name_of(m, i), &m->rows[i], out);
    }
}

static void write_one(fh_buffer *out, const char *name, const char *type, const char *help,
                      uint64_t value)
{
    fh_buffer_printf(out, "# HELP %s %s\n# TYPE %s %s\n%s %llu\n", name, help, name, type, name,
                     (unsigned long long)value);
}

void fh_metrics_write(const fh_metrics *m, const fh_gauges *g, fh_buffer *out)
{
    write_requests(m, out);
    write_latencies(m, out);
    write_one(out, "fihris_workers", "gauge", "Workers that are there.", g->pool.workers);
    write_one(out, "fihris_workers_busy", "gauge", "Workers that search.", g->pool.busy);
    write_one(out, "fihris_requests_waiting", "gauge", "Requests that wait for a worker.",
              g->pool.waiting);
    write_one(out, "fihris_workers_lost_total", "counter", "Workers that died by themselves.",
              g->pool.lost);
    write_one(out, "fihris_workers_killed_total", "counter",
              "Workers that were killed because they searched past the deadline.",
              g->pool.killed);
    write_one(out, "fihris_connections", "gauge", "Connections that are open.", g->clients);
    write_one(out, "fihris_connections_evicted_total", "counter",
              "Connections that were closed for being slow.", g->evicted);
    write_one(out, "fihris_index_generation", "gauge",
              "The generation of the index that was asked last.", g->generation);
    write_one(out, "fihris_log_lost_total", "counter", "Lines of the log that were not taken.",
              g->log_lost);
}

/* ---- The log ---- */

static void set_number(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

/* TEXT came from a client: bad bytes become U+FFFD. */
static void set_foreign(json_t *object, const char *key, fh_str text)
{
    fh_buffer repaired = {0};
    fh_utf8_repair(text, &repaired);
    fh_json_set_text(object, key, fh_buffer_str(&repaired));
    fh_buffer_free(&repaired);
}

void fh_log_write(const fh_request_log *e, int64_t seconds, fh_buffer *out)
{
    char time[FH_DATE_TEXT_MAX];
    json_t *line = json_object();
    fh_date now = {seconds, FH_DATE_SECOND};
    fh_json_set_text(line, "time", fh_str_of(fh_date_format(now, time)));
    fh_json_set_text(line, "id", fh_str_of(e->id));
    fh_json_set_text(line, "remote", fh_str_of(e->remote));
    set_foreign(line, "method", e->method);
    fh_json_set_text(line, "path", fh_str_of(e->route));
    set_number(line, "status", e->status);
    if (e->problem)
        fh_json_set_text(line, "problem", fh_str_of(e->problem));
    set_number(line, "bytes", e->bytes);
    set_number(line, "us", e->microseconds);
    if (e->generation > 0)
        set_number(line, "generation", e->generation);
    if (e->error[0])
        fh_json_set_text(line, "error", fh_str_of(e->error));
    if (e->target.len > 0)
        set_foreign(line, "target", e->target);
    fh_json_write(line, out);
    json_decref(line);
    fh_buffer_add_byte(out, '\n');
}
