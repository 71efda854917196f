/*
 * What is served where: one table for the front, the workers, the metrics and the OpenAPI document.
 * Adding a path is one row, and a handler.
 */
#ifndef FH_SEARCHER_SERVE_ROUTES_H
#define FH_SEARCHER_SERVE_ROUTES_H

#include "searcher/fihris.h"
#include "searcher/serve/parameters.h"
#include "searcher/serve/wire.h"

/* One answer on its way, in a worker. */
typedef struct fh_reply {
    fh_searcher *searcher; /* NULL only where the route needs none */
    const fh_ask *ask;
    fh_arena *arena;   /* lives until the answer is sent */
    fh_answer *answer; /* `kind` is that of the route unless the handler says another */
    fh_buffer *body;
} fh_reply;

/* Make the body, or say what is wrong; the detail goes to ERR. */
typedef fh_problem (*fh_handler)(fh_reply *reply, fh_error *err);

typedef struct fh_route {
    const char *path;    /* one that ends in a slash has an argument behind it; "/" has none */
    const char *name;    /* in logs, metrics and OpenAPI */
    const char *methods; /* as Allow says them */
    const char *kind;    /* the media type of its answers */
    const char *const *kinds; /* others that `format` gives, up to a NULL; or NULL */
    const char *schema;       /* in the OpenAPI document, of a JSON answer; or NULL */
    const char *summary;      /* one sentence */
    fh_parameter_table (*parameters)(void); /* NULL: it takes none */
    fh_handler handler;                     /* NULL: the front answers by itself */
    bool open;                              /* needs no key */
    bool tagged;  /* the answer depends on the request and the index alone: has an ETag */
    bool indexed; /* needs the index */
    bool body;    /* takes a body, of lines that are answered one by one */
} fh_route;

/* The rows; *COUNT of them. */
const fh_route *fh_routes(size_t *count);

/* The route of PATH, still percent-encoded, and its *ARGUMENT; NULL when nothing is served there. */
const fh_route *fh_route_find(fh_str path, fh_str *argument);

/* Does ROUTE take METHOD? */
bool fh_route_takes(const fh_route *route, fh_str method);

/* The paths that the front knows by themselves. */
#define FH_PATH_LIVE    "/livez"
#define FH_PATH_METRICS "/metrics"

/* The media type of the page. */
#define FH_PAGE_KIND "text/html; charset=utf-8"

/* ---- Handlers ---- */

fh_problem fh_api_search(fh_reply *reply, fh_error *err);
fh_problem fh_api_line(fh_reply *reply, fh_error *err);
fh_problem fh_api_article(fh_reply *reply, fh_error *err);
fh_problem fh_api_suggest(fh_reply *reply, fh_error *err);
fh_problem fh_api_stats(fh_reply *reply, fh_error *err);
fh_problem fh_api_ready(fh_reply *reply, fh_error *err);
fh_problem fh_api_openapi(fh_reply *reply, fh_error *err);
fh_problem fh_page_show(fh_reply *reply, fh_error *err);
fh_problem fh_page_style(fh_reply *reply, fh_error *err);
fh_problem fh_page_script(fh_reply *reply, fh_error *err);
fh_problem fh_api_opensearch(fh_reply *reply, fh_error *err);

#endif
