/* The handlers of /v1 and of readiness: parameters -> library -> renderer. */
#include "searcher/serve/routes.h"

#include "base/json.h"
#include "searcher/render.h"
#include "searcher/serve/feed.h"
#include "searcher/serve/url.h"

#define PRINT(s) (int)(s).len, (s).ptr

/* ---- Searching ---- */

typedef struct form {
    const fh_renderer *renderer;
    const char *kind;
} form;

static form find_form(int format)
{
    static const form forms[] = {
        [FH_FORMAT_JSON] = {&fh_render_json, "application/json"},
        [FH_FORMAT_JSONL] = {&fh_render_jsonl, "application/x-ndjson"},
        [FH_FORMAT_TSV] = {&fh_render_tsv, "text/tab-separated-values; charset=utf-8"},
        [FH_FORMAT_ATOM] = {&fh_render_atom, "application/atom+xml; charset=utf-8"},
    };
    return forms[format];
}

/* The URL of the answer itself, for formats that name it. */
static const char *make_self(const fh_reply *reply, fh_arena *arena)
{
    fh_buffer url = {0};
    fh_buffer_add_str(&url, reply->ask->base);
    fh_buffer_add_str(&url, FH_STR("/v1/search?"));
    fh_buffer_add_str(&url, reply->ask->parameters);
    fh_str kept = fh_arena_copy(arena, fh_buffer_str(&url));
    fh_buffer_free(&url);
    return kept.ptr;
}

static fh_problem search(fh_reply *reply, const fh_parameters *p, form f, fh_error *err)
{
    fh_results *found;
    fh_request request = {.query = p->q,
                          .first = p->first,
                          .count = p->n,
                          .order = (fh_order)p->sort,
                          .all = p->all,
                          .plain = p->plain,
                          .snippets = f.renderer->snippets,
                          .explain = p->explain,
                          .from = p->from,
                          .to = p->to,
                          .sources = p->sources,
                          .source_count = p->source_count,
                          .words_max = FH_SERVE_WORDS_MAX,
                          .timeout_ms = reply->ask->timeout_ms};
    fh_status status = fh_searcher_search(reply->searcher, &request, &found, err);
    if (status)
        return fh_problem_of(status);
    fh_render render = {.out = reply->body, .self = make_self(reply, reply->arena)};
    fh_render_results(f.renderer, &render, found);
    reply->answer->kind = fh_str_of(f.kind);
    reply->answer->generation = found->generation;
    reply->answer->total = found->total;
    fh_results_free(found);
    return FH_PROBLEM_NONE;
}

static bool asks_nothing(const fh_parameters *p)
{
    return p->q.len == 0 && p->from.len == 0 && p->to.len == 0 && p->source_count == 0;
}

/* As the program does: without a query there must be something to filter by. */
static fh_problem search_checked(fh_reply *reply, const fh_parameters *p, form f, fh_error *err)
{
    if (asks_nothing(p)) {
        fh_fail(err, FH_EUSAGE, "there is no query: say q, from, to or source");
        return FH_PROBLEM_BAD_PARAMETER;
    }
    return search(reply, p, f, err);
}

fh_problem fh_api_search(fh_reply *reply, fh_error *err)
{
    fh_parameters p;
    fh_problem problem = fh_parameters_read(reply->ask->parameters, fh_parameters_search(),
                                            reply->arena, &p, err);
    return problem ? problem : search_checked(reply, &p, find_form(p.format), err);
}

fh_problem fh_api_line(fh_reply *reply, fh_error *err)
{
    fh_parameters p;
    fh_problem problem =
        fh_parameters_read_json(reply->ask->body, fh_parameters_line(), reply->arena, &p, err);
    return problem ? problem : search_checked(reply, &p, find_form(FH_FORMAT_JSON), err);
}

/* ---- The rest ---- */

/* Does the request say a parameter, where none is taken? */
static fh_problem refuse_parameters(fh_reply *reply, fh_error *err)
{
    fh_parameters none;
    return fh_parameters_read(reply->ask->parameters, (fh_parameter_table){0}, reply->arena,
                              &none, err);
}

fh_problem fh_api_article(fh_reply *reply, fh_error *err)
{
    fh_str id;
    fh_article *article;
    fh_problem problem = refuse_parameters(reply, err);
    if (problem)
        return problem;
    const char *wrong = fh_url_decode(reply->ask->argument, false, reply->arena, &id);
    if (wrong || id.len == 0) {
        fh_fail(err, FH_EUSAGE, "the id %s", wrong ? wrong : "is empty");
        return FH_PROBLEM_BAD_REQUEST;
    }
    fh_status status = fh_searcher_refresh(reply->searcher, &reply->answer->generation, err);
    if (status)
        return fh_problem_of(status);
    status = fh_searcher_article(reply->searcher, id, &article, err);
    if (status == FH_ENOTFOUND) {
        fh_fail(err, FH_ENOTFOUND, "the index may have had one, or not yet");
        return FH_PROBLEM_NO_ARTICLE;
    }
    if (status)
        return fh_problem_of(status);
    fh_render render = {.out = reply->body};
    fh_render_json.article(&render, article);
    fh_article_free(article);
    return FH_PROBLEM_NONE;
}

static void write_suggestions(const fh_suggestions *s, fh_str query, fh_buffer *out)
{
    json_t *object = json_object(), *array = json_array();
    fh_json_set_text(object, "query", query);
    for (size_t i = 0; i < s->count; i++) {
        json_t *one = json_object();
        fh_json_set_text(one, "text", s->items[i].text);
        json_object_set_new(one, "articles", json_integer(s->items[i].articles));
        json_array_append_new(array, one);
    }
    json_object_set_new(object, "suggestions", array);
    fh_json_write(object, out);
    json_decref(object);
}

/* [query, [text, ...]], as browsers have it. */
static void write_opensearch(const fh_suggestions *s, fh_str query, fh_buffer *out)
{
    json_t *outer = json_array(), *inner = json_array();
    json_array_append_new(outer, json_stringn(query.ptr ? query.ptr : "", query.len));
    for (size_t i = 0; i < s->count; i++)
        json_array_append_new(inner, json_stringn(s->items[i].text.ptr, s->items[i].text.len));
    json_array_append_new(outer, inner);
    fh_json_write(outer, out);
    json_decref(outer);
}

fh_problem fh_api_suggest(fh_reply *reply, fh_error *err)
{
    fh_parameters p;
    fh_suggestions *found;
    fh_problem problem = fh_parameters_read(reply->ask->parameters, fh_parameters_suggest(),
                                            reply->arena, &p, err);
    if (problem)
        return problem;
    fh_status status = fh_searcher_suggest(reply->searcher, p.q, p.n, &found, err);
    if (status)
        return fh_problem_of(status);
    if (p.format == FH_SUGGEST_OPENSEARCH) {
        reply->answer->kind = FH_STR("application/x-suggestions+json");
        write_opensearch(found, p.q, reply->body);
    } else {
        write_suggestions(found, p.q, reply->body);
    }
    fh_buffer_add_byte(reply->body, '\n');
    reply->answer->generation = found->generation;
    fh_suggestions_free(found);
    return FH_PROBLEM_NONE;
}

static void set_number(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

fh_problem fh_api_stats(fh_reply *reply, fh_error *err)
{
    fh_stats stats;
    fh_problem problem = refuse_parameters(reply, err);
    fh_status status = problem ? FH_OK : fh_searcher_stats(reply->searcher, &stats, err);
    if (problem || status)
        return problem ? problem : fh_problem_of(status);
    json_t *object = json_object();
    fh_json_set_text(object, "engine", fh_str_of(stats.engine));
    fh_json_set_text(object, "analysis", fh_str_of(stats.analysis));
    set_number(object, "generation", stats.generation);
    set_number(object, "articles", stats.articles);
    set_number(object, "text_bytes", stats.text_bytes);
    set_number(object, "index_bytes", stats.index_bytes);
    fh_json_write(object, reply->body);
    json_decref(object);
    fh_buffer_add_byte(reply->body, '\n');
    reply->answer->generation = stats.generation;
    return FH_PROBLEM_NONE;
}

fh_problem fh_api_ready(fh_reply *reply, fh_error *err)
{
    fh_status status = fh_searcher_refresh(reply->searcher, &reply->answer->generation, err);
    if (status)
        return FH_PROBLEM_NOT_READY;
    fh_buffer_add_str(reply->body, FH_STR("{\"status\":\"ready\"}\n"));
    return FH_PROBLEM_NONE;
}

static void write_url(fh_buffer *out, const char *kind, fh_str base, const char *path)
{
    fh_buffer_printf(out, "  <Url type=\"%s\" template=\"%.*s%s\"/>\n", kind, PRINT(base),
                     path);
}

fh_problem fh_api_opensearch(fh_reply *reply, fh_error *err)
{
    fh_buffer *out = reply->body;
    fh_str base = reply->ask->base;
    fh_problem problem = refuse_parameters(reply, err);
    if (problem)
        return problem;
    fh_buffer_printf(out,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                     "<OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\">\n"
                     "  <ShortName>fihris</ShortName>\n"
                     "  <Description>Arabic full-text search</Description>\n"
                     "  <InputEncoding>UTF-8</InputEncoding>\n"
                     "  <Language>ar</Language>\n");
    write_url(out, "text/html", base, "/?q={searchTerms}");
    write_url(out, "application/atom+xml", base,
              "/v1/search?q={searchTerms}&amp;n={count?}&amp;first={startIndex?}&amp;"
              "format=atom\" indexOffset=\"0");
    write_url(out, "application/json", base, "/v1/search?q={searchTerms}");
    write_url(out, "application/x-suggestions+json", base,
              "/v1/suggest?q={searchTerms}&amp;format=opensearch");
    fh_buffer_add_str(out, FH_STR("</OpenSearchDescription>\n"));
    return FH_PROBLEM_NONE;
}
