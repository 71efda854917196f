#include "searcher/serve/problem.h"

#include "base/json.h"

typedef struct row {
    unsigned status;
    const char *name;
    const char *title;
} row;

static const row table[FH_PROBLEMS] = {
    [FH_PROBLEM_NONE] = {200, "none", "Nothing is wrong."},
    [FH_PROBLEM_BAD_REQUEST] = {400, "bad-request", "The request is malformed."},
    [FH_PROBLEM_UNKNOWN_PARAMETER] = {400, "unknown-parameter",
                                      "The path does not take that parameter."},
    [FH_PROBLEM_BAD_PARAMETER] = {400, "bad-parameter", "The value of a parameter is wrong."},
    [FH_PROBLEM_BAD_LINE] = {400, "bad-line", "The line is not a JSON object."},
    [FH_PROBLEM_NO_KEY] = {401, "no-key", "A key is needed."},
    [FH_PROBLEM_FOREIGN_ORIGIN] = {403, "foreign-origin", "That site may not ask."},
    [FH_PROBLEM_FOREIGN_HOST] = {421, "foreign-host", "That name is not served here."},
    [FH_PROBLEM_NO_PATH] = {404, "no-path", "Nothing is served there."},
    [FH_PROBLEM_NO_ARTICLE] = {404, "no-article", "There is no article of that id."},
    [FH_PROBLEM_BAD_METHOD] = {405, "bad-method", "The path does not take that method."},
    [FH_PROBLEM_QUERY_TOO_LONG] = {413, "query-too-long", "The query is too long."},
    [FH_PROBLEM_BODY_TOO_LARGE] = {413, "body-too-large", "The body is too large."},
    [FH_PROBLEM_QUERY_TOO_COMPLEX] = {422, "query-too-complex",
                                      "The query has more parts than are searched."},
    [FH_PROBLEM_OUT_OF_RANGE] = {422, "out-of-range", "A number is beyond what is served."},
    [FH_PROBLEM_FAILED] = {500, "failed", "The search failed."},
    [FH_PROBLEM_DEADLINE] = {503, "deadline", "The search took too long."},
    [FH_PROBLEM_OVERLOADED] = {503, "overloaded", "Too many requests are waiting."},
    [FH_PROBLEM_NOT_READY] = {503, "not-ready", "The index cannot be read at the moment."},
};

unsigned fh_problem_status(fh_problem problem)
{
    return table[problem].status;
}

const char *fh_problem_name(fh_problem problem)
{
    return table[problem].name;
}

const char *fh_problem_title(fh_problem problem)
{
    return table[problem].title;
}

fh_problem fh_problem_of(fh_status status)
{
    switch (status) {
    case FH_OK:
        return FH_PROBLEM_NONE;
    case FH_EUSAGE:
        return FH_PROBLEM_BAD_PARAMETER;
    case FH_ELIMIT:
        return FH_PROBLEM_QUERY_TOO_COMPLEX;
    case FH_ESTOPPED:
        return FH_PROBLEM_DEADLINE;
    case FH_ENOTFOUND:
    case FH_ECHANGED:
    case FH_EANALYSIS:
        return FH_PROBLEM_NOT_READY;
    default:
        return FH_PROBLEM_FAILED;
    }
}

void fh_problem_write(fh_problem problem, fh_str detail, fh_buffer *out)
{
    json_t *document = json_object();
    json_object_set_new(document, "type",
                        json_sprintf("%s%s", FH_PROBLEM_TYPE, fh_problem_name(problem)));
    fh_json_set_text(document, "title", fh_str_of(table[problem].title));
    json_object_set_new(document, "status", json_integer(table[problem].status));
    if (detail.len > 0)
        fh_json_set_text(document, "detail", detail);
    fh_json_write(document, out);
    json_decref(document);
    fh_buffer_add_byte(out, '\n');
}
