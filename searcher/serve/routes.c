#include "searcher/serve/routes.h"

#include <string.h>

#define JSON  "application/json"
#define READS "GET, HEAD"

static const char *const search_kinds[] = {"application/x-ndjson", "text/tab-separated-values",
                                           "application/atom+xml", NULL};
static const char *const suggest_kinds[] = {"application/x-suggestions+json", NULL};

static const fh_route table[] = {
    {.path = "/",
     .name = "/",
     .methods = READS,
     .kind = FH_PAGE_KIND,
     .summary = "The page for people.",
     .parameters = fh_parameters_page,
     .handler = fh_page_show,
     .tagged = true,
     .indexed = true},
    {.path = "/page.css",
     .name = "/page.css",
     .methods = READS,
     .kind = "text/css; charset=utf-8",
     .summary = "How it looks.",
     .handler = fh_page_style,
     .tagged = true},
    {.path = "/page.js",
     .name = "/page.js",
     .methods = READS,
     .kind = "text/javascript; charset=utf-8",
     .summary = "What makes it quick.",
     .handler = fh_page_script,
     .tagged = true},
    {.path = "/v1/search",
     .name = "/v1/search",
     .methods = READS,
     .kind = JSON,
     .kinds = search_kinds,
     .schema = "Answer",
     .summary = "Search. The answer is what fihris-search --format json prints.",
     .parameters = fh_parameters_search,
     .handler = fh_api_search,
     .tagged = true,
     .indexed = true},
    {.path = "/v1/articles/",
     .name = "/v1/articles/{id}",
     .methods = READS,
     .kind = JSON,
     .schema = "Article",
     .summary = "One article, whole.",
     .handler = fh_api_article,
     .tagged = true,
     .indexed = true},
    {.path = "/v1/suggest",
     .name = "/v1/suggest",
     .methods = READS,
     .kind = JSON,
     .kinds = suggest_kinds,
     .schema = "Suggestions",
     .summary = "Words of the index that complete the last word typed.",
     .parameters = fh_parameters_suggest,
     .handler = fh_api_suggest,
     .tagged = true,
     .indexed = true},
    {.path = "/v1/batch",
     .name = "/v1/batch",
     .methods = "POST",
     .kind = "application/x-ndjson",
     .schema = "Line",
     .summary = "Many searches: a JSON object of parameters a line, an answer or a problem "
                "document a line, in the same order.",
     .handler = fh_api_line,
     .indexed = true,
     .body = true},
    {.path = "/v1/stats",
     .name = "/v1/stats",
     .methods = READS,
     .kind = JSON,
     .schema = "Stats",
     .summary = "What the index holds.",
     .handler = fh_api_stats,
     .tagged = true,
     .indexed = true},
    {.path = FH_PATH_LIVE,
     .name = FH_PATH_LIVE,
     .methods = READS,
     .kind = JSON,
     .schema = "Status",
     .summary = "Is the service there?",
     .open = true},
    {.path = "/readyz",
     .name = "/readyz",
     .methods = READS,
     .kind = JSON,
     .schema = "Status",
     .summary = "Can it search? Asks a worker to look at the index.",
     .handler = fh_api_ready,
     .open = true,
     .indexed = true},
    {.path = FH_PATH_METRICS,
     .name = FH_PATH_METRICS,
     .methods = READS,
     .kind = "text/plain; version=0.0.4; charset=utf-8",
     .summary = "Counters and latencies as Prometheus reads them."},
    {.path = "/openapi.json",
     .name = "/openapi.json",
     .methods = READS,
     .kind = JSON,
     .schema = "OpenAPI",
     .summary = "This document.",
     .handler = fh_api_openapi,
     .tagged = true},
    {.path = "/opensearch.xml",
     .name = "/opensearch.xml",
     .methods = READS,
     .kind = "application/opensearchdescription+xml; charset=utf-8",
     .summary = "What a browser needs to offer this search.",
     .handler = fh_api_opensearch,
     .tagged = true},
};

const fh_route *fh_routes(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

static bool has_argument(fh_str path)
{
    return path.len > 1 && path.ptr[path.len - 1] == '/';
}

const fh_route *fh_route_find(fh_str path, fh_str *argument)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        fh_str own = fh_str_of(table[i].path);
        *argument = (fh_str){"", 0};
        if (fh_str_equal(own, path))
            return &table[i];
        if (!has_argument(own) || !fh_str_starts(path, own))
            continue;
        *argument = (fh_str){path.ptr + own.len, path.len - own.len};
        return &table[i];
    }
    return NULL;
}

bool fh_route_takes(const fh_route *route, fh_str method)
{
    for (const char *at = route->methods; *at;) {
        size_t len = strcspn(at, ",");
        if (fh_str_equal((fh_str){at, len}, method))
            return true;
        at += len + strspn(at + len, ", ");
    }
    return false;
}
