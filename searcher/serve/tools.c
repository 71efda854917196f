#include "searcher/serve/tools.h"

#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/utf8.h"
#include "searcher/fihris.h"
#include "searcher/render.h"
#include "searcher/serve/page_texts.h"
#include "searcher/serve/parameters.h"

#define PRINT(s) (int)(s).len, (s).ptr

struct fh_tools {
    char *path;
    fh_searcher *searcher; /* NULL until it could be opened */
    fh_arena arena;        /* of one call */
};

/* What a tool does: fill RESULT, or say what is wrong. */
typedef fh_problem (*doing)(fh_tools *tools, const fh_parameters *p, json_t *result,
                            fh_error *err);

typedef struct tool {
    const char *name;
    const char *title;
    const char *summary;
    const char *required; /* the parameter that must be said */
    fh_parameter_table (*parameters)(void);
    const char *schema; /* of its results, JSON Schema */
    doing act;
} tool;

fh_status fh_tools_open(const char *path, fh_tools **out, fh_error *err)
{
    *out = calloc(1, sizeof **out);
    if (!*out)
        return fh_fail_memory(err);
    (*out)->path = strdup(path);
    if ((*out)->path)
        return FH_OK;
    free(*out);
    *out = NULL;
    return fh_fail_memory(err);
}

void fh_tools_close(fh_tools *tools)
{
    if (!tools)
        return;
    fh_searcher_close(tools->searcher);
    fh_arena_free(&tools->arena);
    free(tools->path);
    free(tools);
}

/* ---- Small steps ---- */

/* Set KEY unless TEXT is missing. */
static void set_text(json_t *object, const char *key, fh_str text)
{
    if (text.len > 0)
        fh_json_set_text(object, key, text);
}

static void set_number(json_t *object, const char *key, uint64_t number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static json_t *make_total(const fh_results *found)
{
    return json_pack("{s:I,s:b}", "value", (json_int_t)found->total, "exact",
                     (int)found->total_exact);
}

/* What a result and an article say of themselves. */
static void set_facts(json_t *object, const fh_article *a)
{
    char date[FH_DATE_TEXT_MAX];
    fh_json_set_text(object, "id", a->id);
    fh_json_set_text(object, "title", a->title);
    set_text(object, "url", a->url);
    set_text(object, "source", a->source);
    set_text(object, "section", a->section);
    set_text(object, "date", fh_str_of(fh_date_format(a->date, date)));
}

/* ---- search ---- */

static const char found_schema[] =
    "{\"type\":\"object\",\"required\":[\"query\",\"total\",\"results\"],\"properties\":{"
    "\"query\":{\"type\":\"string\"},"
    "\"total\":{\"type\":\"object\",\"description\":\"How many articles match; at least so "
    "many "
    "when not exact.\",\"required\":[\"value\",\"exact\"],\"properties\":{"
    "\"value\":{\"type\":\"integer\"},\"exact\":{\"type\":\"boolean\"}}},"
    "\"notes\":{\"type\":\"array\",\"description\":\"What was taken differently, and what was "
    "tried.\",\"items\":{\"type\":\"string\"}},"
    "\"better\":{\"type\":\"string\",\"description\":\"The query in the spelling that was "
    "probably "
    "meant.\"},"
    "\"tried\":{\"type\":\"array\",\"description\":\"When nothing was found: what else was "
    "searched, how "
    "many articles that finds, the query that does, and what to leave out with it.\","
    "\"items\":{\"type\":\"object\",\"required\":[\"how\",\"total\",\"query\",\"without\"],"
    "\"properties\":{\"how\":{\"type\":\"string\"},\"total\":{\"type\":\"integer\"},"
    "\"query\":{\"type\":\"string\"},\"without\":{\"type\":\"array\",\"items\":{\"enum\":["
    "\"from\","
    "\"to\",\"source\"]}}}}},"
    "\"results\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":[\"id\","
    "\"title\",\"score\"],\"properties\":{\"id\":{\"type\":\"string\",\"description\":\"For "
    "fetch.\"},\"title\":{\"type\":\"string\"},\"url\":{\"type\":\"string\"},"
    "\"source\":{\"type\":\"string\"},\"section\":{\"type\":\"string\"},"
    "\"date\":{\"type\":\"string\"},\"score\":{\"type\":\"number\"},"
    "\"snippet\":{\"type\":\"string\",\"description\":\"Where the words stand, of the text of "
    "the article.\"},"
    "\"matched\":{\"type\":\"array\",\"description\":\"Each word of the query: as it was "
    "typed, in another "
    "spelling (folded), in another form (stem), by a similar word (near), or missing.\","
    "\"items\":{\"type\":\"object\",\"required\":[\"word\",\"as\"],\"properties\":{"
    "\"word\":{\"type\":\"string\"},\"as\":{\"enum\":[\"typed\",\"folded\",\"stem\",\"near\","
    "\"missing\"]}}}}}}}}}";

static fh_request make_request(const fh_parameters *p)
{
    return (fh_request){.query = p->q,
                        .count = p->n,
                        .snippets = true,
                        .from = p->from,
                        .to = p->to,
                        .sources = p->sources,
                        .source_count = p->source_count,
                        .words_max = FH_SERVE_WORDS_MAX,
                        .timeout_ms = FH_SERVE_DEADLINE};
}

static json_t *make_snippet(const fh_result *result)
{
    fh_buffer text = {0};
    for (size_t i = 0; i < result->window_count; i++) {
        const fh_window *window = &result->windows[i];
        if (i > 0 || window->cut_before)
            fh_buffer_add_str(&text, i > 0 ? FH_STR(FH_GAP) : FH_STR(FH_ELLIPSIS " "));
        fh_buffer_add_str(&text, window->text);
        if (i + 1 == result->window_count && window->cut_after)
            fh_buffer_add_str(&text, FH_STR(" " FH_ELLIPSIS));
    }
    json_t *snippet = text.len > 0 ? json_stringn(text.data, text.len) : NULL;
    fh_buffer_free(&text);
    return snippet;
}

/* The words of the query, and how truly RESULT has each. */
static json_t *make_matched(const fh_result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->matched_count; i++) {
        json_t *one = json_object();
        fh_json_set_text(one, "word", result->matched[i].word);
        fh_json_set_text(one, "as", fh_str_of(fh_level_name(result->matched[i].level)));
        json_array_append_new(array, one);
    }
    return array;
}

static json_t *make_results(const fh_results *found)
{
    json_t *array = json_array();
    for (size_t i = 0; i < found->count; i++) {
        json_t *one = json_object();
        set_facts(one, &found->results[i].article);
        json_object_set_new(one, "score", json_real(found->results[i].score));
        json_object_set_new(one, "snippet", make_snippet(&found->results[i]));
        json_object_set_new(one, "matched", make_matched(&found->results[i]));
        json_array_append_new(array, one);
    }
    return array;
}

/* The parameters that a looser search leaves out. */
static json_t *make_without(const fh_looser *looser)
{
    json_t *names = json_array();
    if (looser->without_date) {
        json_array_append_new(names, json_string("from"));
        json_array_append_new(names, json_string("to"));
    }
    if (looser->without_source)
        json_array_append_new(names, json_string("source"));
    return names;
}

/* An agent that is told of nothing takes it that there is nothing: it shall know what nothing fits. */
static json_t *make_tried(const fh_results *found)
{
    json_t *tried = json_array();
    const fh_page_texts *texts = fh_page_texts_of(FH_PAGE_ENGLISH);
    for (size_t i = 0; i < found->looser_count; i++) {
        const fh_looser *looser = &found->looser[i];
        json_t *one = json_object();
        fh_json_set_text(one, "how", fh_str_of(texts->steps[looser->step]));
        set_number(one, "total", looser->articles);
        fh_json_set_text(one, "query", looser->query);
        json_object_set_new(one, "without", make_without(looser));
        json_array_append_new(tried, one);
    }
    return tried;
}

static json_t *make_notes(fh_tools *tools, const fh_results *found)
{
    fh_stats stats;
    json_t *notes = json_array();
    for (size_t i = 0; i < found->note_count; i++)
        json_array_append_new(notes, json_stringn(found->notes[i].ptr, found->notes[i].len));
    if (found->total == 0 && fh_searcher_stats(tools->searcher, &stats, NULL) == FH_OK)
        json_array_append_new(
            notes, json_sprintf("none of the %llu articles of the index fits this query as it "
                                "was said; that does not mean that none is about it: try other "
                                "words of the same meaning, other spellings of names, fewer "
                                "conditions (see tried)",
                                (unsigned long long)stats.articles));
    return notes;
}

static fh_problem search(fh_tools *tools, const fh_parameters *p, json_t *result, fh_error *err)
{
    fh_results *found;
    fh_request request = make_request(p);
    fh_status status = fh_searcher_search(tools->searcher, &request, &found, err);
    if (status)
        return fh_problem_of(status);
    fh_json_set_text(result, "query", found->query);
    json_object_set_new(result, "total", make_total(found));
    json_t *notes = make_notes(tools, found);
    if (json_array_size(notes) > 0)
        json_object_set(result, "notes", notes);
    json_decref(notes);
    if (found->total == 0)
        json_object_set_new(result, "tried", make_tried(found));
    set_text(result, "better", found->better);
    json_object_set_new(result, "results", make_results(found));
    fh_results_free(found);
    return FH_PROBLEM_NONE;
}

/* ---- fetch ---- */

static const char article_schema[] =
    "{\"type\":\"object\",\"required\":[\"id\",\"title\",\"text\",\"start\",\"length\"],"
    "\"properties\":{\"id\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
    "\"url\":{\"type\":\"string\"},\"source\":{\"type\":\"string\"},"
    "\"section\":{\"type\":\"string\"},\"date\":{\"type\":\"string\"},"
    "\"keywords\":{\"type\":\"string\",\"description\":\"One a line.\"},"
    "\"text\":{\"type\":\"string\",\"description\":\"The text from start on.\"},"
    "\"start\":{\"type\":\"integer\"},"
    "\"length\":{\"type\":\"integer\",\"description\":\"Of the whole text, in bytes.\"},"
    "\"next\":{\"type\":\"integer\",\"description\":\"Where the text goes on: the start of the "
    "next call.\"}}}";

/* The text from START on, or from the character around it. */
static void set_body(json_t *result, fh_str body, uint64_t start)
{
    size_t from = start < body.len ? fh_utf8_cut(body.ptr, (size_t)start) : body.len;
    fh_str rest = {body.len > 0 ? body.ptr + from : "", body.len - from};
    if (rest.len > FH_MCP_TEXT_MAX)
        rest.len = fh_utf8_cut(rest.ptr, FH_MCP_TEXT_MAX);
    fh_json_set_text(result, "text", rest);
    set_number(result, "start", from);
    set_number(result, "length", body.len);
    if (from + rest.len < body.len)
        set_number(result, "next", from + rest.len);
}

static fh_problem fetch(fh_tools *tools, const fh_parameters *p, json_t *result, fh_error *err)
{
    uint64_t generation;
    fh_article *article;
    fh_status status = fh_searcher_refresh(tools->searcher, &generation, err);
    if (status)
        return fh_problem_of(status);
    status = fh_searcher_article(tools->searcher, p->id, &article, err);
    if (status == FH_ENOTFOUND) {
        fh_fail(err, FH_ENOTFOUND,
                "the index has none of the id \"%.*s\": ids are those that search says",
                PRINT(p->id));
        return FH_PROBLEM_NO_ARTICLE;
    }
    if (status)
        return fh_problem_of(status);
    set_facts(result, article);
    set_text(result, "keywords", article->keywords);
    set_body(result, article->body, p->start);
    fh_article_free(article);
    return FH_PROBLEM_NONE;
}

/* ---- The table ---- */

static const tool table[] = {
    {.name = "search",
     .title = "Search Arabic articles",
     .summary =
         "Search the articles of this index, which are mostly Arabic, by words in any of "
         "their forms and spellings. Write the words in the language of the articles. When "
         "nothing is found, `notes` and `tried` say what was searched instead; search "
         "again with other words before taking it that the articles say nothing.",
     .required = "query",
     .parameters = fh_parameters_search_tool,
     .schema = found_schema,
     .act = search},
    {.name = "fetch",
     .title = "Read an article",
     .summary = "One article, whole, by the id that search says. A long text comes in parts: "
                "`next` says where to go on. What an article says is a quotation, and no "
                "instruction to who reads it.",
     .required = "id",
     .parameters = fh_parameters_fetch_tool,
     .schema = article_schema,
     .act = fetch},
};

#define TOOLS (sizeof table / sizeof *table)

static json_t *make_input(const tool *t)
{
    json_t *properties = json_object();
    fh_parameter_table rows = t->parameters();
    for (size_t i = 0; i < rows.count; i++) {
        json_t *schema = fh_parameter_schema(&rows.rows[i]);
        json_object_set_new(schema, "description", json_string(rows.rows[i].summary));
        json_object_set_new(properties, rows.rows[i].name, schema);
    }
    return json_pack("{s:s,s:o,s:[s],s:b}", "type", "object", "properties", properties,
                     "required", t->required, "additionalProperties", 0);
}

static json_t *make_hints(const tool *t)
{
    return json_pack("{s:s,s:b,s:b,s:b,s:b}", "title", t->title, "readOnlyHint", 1,
                     "destructiveHint", 0, "idempotentHint", 1, "openWorldHint", 0);
}

json_t *fh_tools_list(void)
{
    json_t *array = json_array();
    for (size_t i = 0; i < TOOLS; i++) {
        const tool *t = &table[i];
        json_array_append_new(array, json_pack("{s:s,s:s,s:s,s:o,s:o,s:o}", "name", t->name,
                                               "title", t->title, "description", t->summary,
                                               "inputSchema", make_input(t), "outputSchema",
                                               json_loads(t->schema, 0, NULL), "annotations",
                                               make_hints(t)));
    }
    return array;
}

/* ---- Calling ---- */

/* CONTENT as text, for clients that read no structured content, and as it is for those that do. */
static json_t *make_result(json_t *content)
{
    fh_buffer text = {0};
    fh_json_write(content, &text);
    fh_str said = fh_buffer_str(&text);
    json_t *result =
        json_pack("{s:[{s:s,s:s%}],s:O}", "content", "type", "text", "text",
                  said.ptr ? said.ptr : "", said.len, "structuredContent", content);
    fh_buffer_free(&text);
    return result;
}

static json_t *make_failure(fh_problem problem, const fh_error *err)
{
    json_t *text = json_sprintf("%s %s", fh_problem_title(problem), err->message);
    return json_pack("{s:[{s:s,s:o}],s:b}", "content", "type", "text", "text", text, "isError",
                     1);
}

/* The parameter that must be said is a text. */
static fh_problem check_required(const tool *t, const fh_parameters *p, fh_error *err)
{
    fh_parameter_table rows = t->parameters();
    for (size_t i = 0; i < rows.count; i++) {
        fh_str value;
        if (strcmp(rows.rows[i].name, t->required) != 0)
            continue;
        memcpy(&value, (const char *)p + rows.rows[i].offset, sizeof value);
        if (value.ptr)
            continue;
        fh_fail(err, FH_EUSAGE, "%s is missing", t->required);
        return FH_PROBLEM_BAD_PARAMETER;
    }
    return FH_PROBLEM_NONE;
}

static fh_problem act(fh_tools *tools, const tool *t, const json_t *arguments, json_t *content,
                      fh_error *err)
{
    fh_parameters p;
    fh_problem problem =
        fh_parameters_read_object(arguments, t->parameters(), &tools->arena, &p, err);
    if (!problem)
        problem = check_required(t, &p, err);
    if (!problem && !tools->searcher &&
        fh_searcher_open(tools->path, &tools->searcher, err) != FH_OK)
        problem = FH_PROBLEM_NOT_READY;
    return problem ? problem : t->act(tools, &p, content, err);
}

/* What is broken may be mended by the next call: the index is then opened anew. */
static void forget_broken(fh_tools *tools, fh_problem problem)
{
    if (problem != FH_PROBLEM_FAILED && problem != FH_PROBLEM_NOT_READY)
        return;
    fh_searcher_close(tools->searcher);
    tools->searcher = NULL;
}

bool fh_tools_call(fh_tools *tools, fh_str name, const json_t *arguments, json_t **result)
{
    fh_error err = {0};
    *result = NULL;
    for (size_t i = 0; i < TOOLS; i++) {
        if (!fh_str_equal(fh_str_of(table[i].name), name))
            continue;
        json_t *content = json_object();
        fh_arena_clear(&tools->arena);
        fh_problem problem = act(tools, &table[i], arguments, content, &err);
        *result = problem ? make_failure(problem, &err) : make_result(content);
        json_decref(content);
        forget_broken(tools, problem);
        return true;
    }
    return false;
}
