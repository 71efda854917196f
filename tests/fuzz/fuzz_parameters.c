#include "base/utf8.h"
#include "searcher/serve/negotiate.h"
#include "searcher/serve/parameters.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/url.h"
#include "searcher/serve/wire.h"
#include "tests/fuzz/target.h"

/*
 * What a client says of what it wants, from any bytes: the target of a request, lists in headers, a line
 * of a batch, and a message between front and worker.
 */

static void check_text(fh_str text, size_t limit)
{
    hold(text.len <= limit, "a text is within its limit");
    hold(fh_utf8_valid(text) == text.len, "a text is UTF-8");
    hold(text.len == 0 || !memchr(text.ptr, '\0', text.len), "a text has no NUL");
}

static void check_values(const fh_parameters *p)
{
    check_text(p->q, FH_SERVE_QUERY_MAX);
    check_text(p->from, FH_SERVE_VALUE_MAX);
    check_text(p->to, FH_SERVE_VALUE_MAX);
    hold(p->n <= FH_SERVE_COUNT_MAX && p->first <= FH_SERVE_FIRST_MAX, "numbers are in range");
    hold(p->source_count <= FH_SERVE_SOURCES_MAX, "the number of sources");
    for (size_t i = 0; i < p->source_count; i++)
        check_text(p->sources[i], FH_SERVE_VALUE_MAX);
}

static void check_target(fh_str target, fh_arena *arena)
{
    fh_str path, text, argument, id;
    fh_parameters p;
    fh_url_split(target, &path, &text);
    const fh_route *route = fh_route_find(path, &argument);
    if (route && !fh_url_decode(argument, false, arena, &id))
        check_text(id, target.len);
    if (fh_parameters_read(text, fh_parameters_search(), arena, &p, NULL) == FH_PROBLEM_NONE)
        check_values(&p);
    fh_parameters_read(text, fh_parameters_suggest(), arena, &p, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_str bytes = {(const char *)data, size};
    fh_arena arena = {0};
    fh_parameters p;
    fh_ask ask;
    fh_answer answer;
    check_target(bytes, &arena);
    if (fh_parameters_read_json(bytes, fh_parameters_line(), &arena, &p, NULL) ==
        FH_PROBLEM_NONE)
        check_values(&p);
    fh_accepts_gzip(bytes);
    fh_tag_known(bytes, FH_STR("W/\"1-2\""));
    fh_wire_get_ask(bytes, &ask);
    fh_wire_get_answer(bytes, &answer);
    fh_arena_free(&arena);
    return 0;
}
