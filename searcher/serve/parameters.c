#include "searcher/serve/parameters.h"

#include <stdio.h>
#include <string.h>

#include "base/digits.h"
#include "base/utf8.h"
#include "searcher/serve/url.h"

#define AT(member) offsetof(fh_parameters, member)
#define PRINT(s)   (int)((s).len < 64 ? (s).len : 64), (s).ptr

/* What parts the names of sources, beside the Latin comma. */
#define ARABIC_COMMA "\u060C"

/* The results of a page, and the suggestions, when the request does not say. */
#define PAGE        FH_PAGE_RESULTS
#define SUGGESTIONS 10

static const fh_parameter search_rows[] = {
    {"q", FH_PARAMETER_TEXT, AT(q), FH_SERVE_QUERY_MAX, 0, NULL,
     "The query, in the language of fihris-query(7)."},
    {"n", FH_PARAMETER_COUNT, AT(n), FH_SERVE_COUNT_MAX, PAGE, NULL,
     "How many results; 0 only counts."},
    {"first", FH_PARAMETER_COUNT, AT(first), FH_SERVE_FIRST_MAX, 0, NULL,
     "Leave out so many results before the page."},
    {"all", FH_PARAMETER_FLAG, AT(all), 0, 0, NULL, "Every word must match."},
    {"plain", FH_PARAMETER_FLAG, AT(plain), 0, 0, NULL,
     "The query is words only, nothing in it is an operator."},
    {"sort", FH_PARAMETER_CHOICE, AT(sort), 0, 0, "relevance|date|date-asc",
     "Best first, newest first, or oldest first."},
    {"from", FH_PARAMETER_TEXT, AT(from), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of that date or newer: 2026, 2026-02, 2026-02-09."},
    {"to", FH_PARAMETER_TEXT, AT(to), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of that date or older."},
    {"source", FH_PARAMETER_SOURCES, AT(sources), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of these sources, parted by commas."},
    {"copies", FH_PARAMETER_CHOICE, AT(copies), 0, 0, "fold|all",
     "Show a story once or with its copies; as yet both show all."},
    {"explain", FH_PARAMETER_FLAG, AT(explain), 0, 0, NULL,
     "Say which word matched in which form and what it scored."},
    /* A line of a batch takes all but this last one. */
    {"format", FH_PARAMETER_CHOICE, AT(format), 0, 0, "json|jsonl|tsv|atom",
     "The form of the answer."},
};

static const fh_parameter suggest_rows[] = {
    {"q", FH_PARAMETER_TEXT, AT(q), FH_SERVE_QUERY_MAX, 0, NULL,
     "What has been typed; its last word is completed."},
    {"n", FH_PARAMETER_COUNT, AT(n), 100, SUGGESTIONS, NULL, "How many completions."},
    {"format", FH_PARAMETER_CHOICE, AT(format), 0, 0, "json|opensearch",
     "An object, or the array that browsers take."},
};

static const fh_parameter page_rows[] = {
    {"q", FH_PARAMETER_TEXT, AT(q), FH_SERVE_QUERY_MAX, 0, NULL, "The query."},
    {"first", FH_PARAMETER_COUNT, AT(first), FH_SERVE_FIRST_MAX, 0, NULL,
     "Leave out so many results before the page."},
    {"sort", FH_PARAMETER_CHOICE, AT(sort), 0, 0, "relevance|date|date-asc",
     "Best first, newest first, or oldest first."},
    {"from", FH_PARAMETER_TEXT, AT(from), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of that date or newer."},
    {"to", FH_PARAMETER_TEXT, AT(to), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of that date or older."},
    {"source", FH_PARAMETER_SOURCES, AT(sources), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of these sources."},
    {"lang", FH_PARAMETER_CHOICE, AT(lang), 0, 0, "ar|en", "The language of the page."},
    {"digits", FH_PARAMETER_CHOICE, AT(digits), 0, 0, "latn|arab",
     "The digits of its numbers."},
};

/* Agents know these names by the tool, and need to be told what is what. */
static const fh_parameter search_tool_rows[] = {
    {"query", FH_PARAMETER_TEXT, AT(q), FH_SERVE_QUERY_MAX, 0, NULL,
     "Words to search for; articles that have any of them are found, those that fit best "
     "first. "
     "+word must be there, -word must not, \"some words\" must stand side by side, =word is "
     "not "
     "looked up in its other forms, word* begins a word, title:word stands in the title."},
    {"limit", FH_PARAMETER_COUNT, AT(n), FH_MCP_COUNT_MAX, PAGE, NULL,
     "How many results; 0 only counts."},
    {"from", FH_PARAMETER_TEXT, AT(from), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of that date or newer: 2026, 2026-02 or 2026-02-09."},
    {"to", FH_PARAMETER_TEXT, AT(to), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of that date or older; 2026-02 is all of February."},
    {"source", FH_PARAMETER_SOURCES, AT(sources), FH_SERVE_VALUE_MAX, 0, NULL,
     "Only articles of these sources, parted by commas, as results name them."},
};

static const fh_parameter fetch_tool_rows[] = {
    {"id", FH_PARAMETER_TEXT, AT(id), FH_SERVE_VALUE_MAX, 0, NULL,
     "The id of a result of search."},
    {"start", FH_PARAMETER_COUNT, AT(start), UINT32_MAX, 0, NULL,
     "Where to go on in a long text: the `next` of the answer before."},
};

#define ROWS(table) (sizeof(table) / sizeof *(table))

fh_parameter_table fh_parameters_search(void)
{
    return (fh_parameter_table){search_rows, ROWS(search_rows)};
}

fh_parameter_table fh_parameters_line(void)
{
    return (fh_parameter_table){search_rows, ROWS(search_rows) - 1};
}

fh_parameter_table fh_parameters_suggest(void)
{
    return (fh_parameter_table){suggest_rows, ROWS(suggest_rows)};
}

fh_parameter_table fh_parameters_page(void)
{
    return (fh_parameter_table){page_rows, ROWS(page_rows)};
}

fh_parameter_table fh_parameters_search_tool(void)
{
    return (fh_parameter_table){search_tool_rows, ROWS(search_tool_rows)};
}

fh_parameter_table fh_parameters_fetch_tool(void)
{
    return (fh_parameter_table){fetch_tool_rows, ROWS(fetch_tool_rows)};
}

/* One reading on its way. */
typedef struct reading {
    fh_parameter_table table;
    fh_arena *arena;
    fh_parameters *out;
    uint32_t seen; /* a bit for each row */
    fh_error *err;
} reading;

static fh_problem complain(reading *r, fh_problem problem, const fh_parameter *p,
                           const char *what)
{
    fh_fail(r->err, FH_EUSAGE, "%s %s", p->name, what);
    return problem;
}

/* ---- Values ---- */

static fh_problem set_text(reading *r, const fh_parameter *p, fh_str value)
{
    char what[96];
    if (value.len > p->max) {
        snprintf(what, sizeof what, "has %zu bytes, at most %llu can be", value.len,
                 (unsigned long long)p->max);
        return complain(
            r, p->offset == AT(q) ? FH_PROBLEM_QUERY_TOO_LONG : FH_PROBLEM_BAD_PARAMETER, p,
            what);
    }
    memcpy((char *)r->out + p->offset, &value, sizeof value);
    return FH_PROBLEM_NONE;
}

static fh_problem set_count(reading *r, const fh_parameter *p, fh_str value)
{
    char what[64];
    uint64_t number = 0;
    if (value.len == 0)
        return complain(r, FH_PROBLEM_BAD_PARAMETER, p, "is no number");
    for (size_t at = 0; at < value.len;) {
        uint32_t code;
        at += fh_utf8_decode(value.ptr + at, value.len - at, &code, NULL);
        int digit = fh_digit_value(code);
        if (digit < 0)
            return complain(r, FH_PROBLEM_BAD_PARAMETER, p, "is no number");
        if (number <= p->max)
            number = number * 10 + (uint64_t)digit;
    }
    if (number > p->max) {
        snprintf(what, sizeof what, "can be at most %llu", (unsigned long long)p->max);
        return complain(r, FH_PROBLEM_OUT_OF_RANGE, p, what);
    }
    memcpy((char *)r->out + p->offset, &number, sizeof number);
    return FH_PROBLEM_NONE;
}

static fh_problem set_flag(reading *r, const fh_parameter *p, fh_str value)
{
    bool yes = value.len == 0 || fh_str_equal(value, FH_STR("1")) ||
               fh_str_equal(value, FH_STR("true"));
    if (!yes && !fh_str_equal(value, FH_STR("0")) && !fh_str_equal(value, FH_STR("false")))
        return complain(r, FH_PROBLEM_BAD_PARAMETER, p, "takes true or false");
    memcpy((char *)r->out + p->offset, &yes, sizeof yes);
    return FH_PROBLEM_NONE;
}

static fh_problem set_choice(reading *r, const fh_parameter *p, fh_str value)
{
    char what[128];
    int place = 0;
    for (const char *at = p->choices; at; place++) {
        const char *bar = strchr(at, '|');
        fh_str choice = {at, bar ? (size_t)(bar - at) : strlen(at)};
        if (fh_str_equal(choice, value)) {
            memcpy((char *)r->out + p->offset, &place, sizeof place);
            return FH_PROBLEM_NONE;
        }
        at = bar ? bar + 1 : NULL;
    }
    snprintf(what, sizeof what, "takes %s", p->choices);
    return complain(r, FH_PROBLEM_BAD_PARAMETER, p, what);
}

/* Bytes of the comma, Latin or Arabic, at the beginning of TEXT. */
static size_t measure_comma(fh_str text)
{
    if (fh_str_starts(text, FH_STR(ARABIC_COMMA)))
        return sizeof ARABIC_COMMA - 1;
    return fh_str_starts(text, FH_STR(",")) ? 1 : 0;
}

static fh_problem set_sources(reading *r, const fh_parameter *p, fh_str rest)
{
    if (rest.len > p->max)
        return complain(r, FH_PROBLEM_BAD_PARAMETER, p, "is too long");
    while (rest.len > 0) {
        size_t len = 0;
        while (len < rest.len && !measure_comma((fh_str){rest.ptr + len, rest.len - len}))
            len++;
        if (len > 0 && r->out->source_count == FH_SERVE_SOURCES_MAX)
            return complain(r, FH_PROBLEM_OUT_OF_RANGE, p, "names too many sources");
        if (len > 0)
            r->out->sources[r->out->source_count++] = (fh_str){rest.ptr, len};
        rest = (fh_str){rest.ptr + len, rest.len - len};
        size_t comma = measure_comma(rest);
        rest = (fh_str){rest.ptr + comma, rest.len - comma};
    }
    return FH_PROBLEM_NONE;
}

static fh_problem set(reading *r, const fh_parameter *p, fh_str value)
{
    switch (p->kind) {
    case FH_PARAMETER_TEXT:
        return set_text(r, p, value);
    case FH_PARAMETER_COUNT:
        return set_count(r, p, value);
    case FH_PARAMETER_FLAG:
        return set_flag(r, p, value);
    case FH_PARAMETER_CHOICE:
        return set_choice(r, p, value);
    default:
        return set_sources(r, p, value);
    }
}

/* ---- Names ---- */

/* The row of NAME, which this request says for the first time or may say again; NULL, and *PROBLEM. */
static const fh_parameter *claim(reading *r, fh_str name, fh_problem *problem)
{
    for (size_t i = 0; i < r->table.count; i++) {
        const fh_parameter *p = &r->table.rows[i];
        if (!fh_str_equal(fh_str_of(p->name), name))
            continue;
        bool again = r->seen >> i & 1;
        r->seen |= UINT32_C(1) << i;
        if (!again || p->kind == FH_PARAMETER_SOURCES)
            return p;
        *problem = complain(r, FH_PROBLEM_BAD_PARAMETER, p, "stands there twice");
        return NULL;
    }
    fh_fail(r->err, FH_EUSAGE, "there is no parameter \"%.*s\" here", PRINT(name));
    *problem = FH_PROBLEM_UNKNOWN_PARAMETER;
    return NULL;
}

static void begin(reading *r)
{
    *r->out = (fh_parameters){0};
    for (size_t i = 0; i < r->table.count; i++) {
        const fh_parameter *p = &r->table.rows[i];
        if (p->kind == FH_PARAMETER_COUNT)
            memcpy((char *)r->out + p->offset, &p->usual, sizeof p->usual);
    }
}

/* ---- From a URL ---- */

static fh_problem read_pair(reading *r, fh_str raw_name, fh_str raw_value)
{
    fh_str name, value;
    fh_problem problem = FH_PROBLEM_NONE;
    const char *wrong = fh_url_decode(raw_name, true, r->arena, &name);
    if (wrong) {
        fh_fail(r->err, FH_EUSAGE, "the name of a parameter %s", wrong);
        return FH_PROBLEM_BAD_REQUEST;
    }
    const fh_parameter *p = claim(r, name, &problem);
    if (!p)
        return problem;
    wrong = fh_url_decode(raw_value, true, r->arena, &value);
    return wrong ? complain(r, FH_PROBLEM_BAD_REQUEST, p, wrong) : set(r, p, value);
}

fh_problem fh_parameters_read(fh_str text, fh_parameter_table table, fh_arena *arena,
                              fh_parameters *out, fh_error *err)
{
    reading r = {.table = table, .arena = arena, .out = out, .err = err};
    fh_str rest = text, name, value;
    fh_problem problem = FH_PROBLEM_NONE;
    size_t pairs = 0;
    begin(&r);
    while (!problem && fh_url_pair(&rest, &name, &value)) {
        if (++pairs > FH_SERVE_PAIRS_MAX) {
            fh_fail(err, FH_EUSAGE, "there are more than %d parameters", FH_SERVE_PAIRS_MAX);
            return FH_PROBLEM_BAD_REQUEST;
        }
        problem = read_pair(&r, name, value);
    }
    return problem;
}

/* ---- From JSON ---- */

/* JSON knows no whole numbers: to some programs 10 and 10.0 are the same. */
static bool is_whole(const json_t *value)
{
    double number = json_real_value(value);
    return json_is_real(value) && number >= 0 && number <= UINT32_MAX &&
           number == (double)(uint32_t)number;
}

/* VALUE as a URL would say it; a NULL ptr for what no URL can say. SPACE holds a number. */
static fh_str say(const json_t *value, char space[static 32])
{
    if (json_is_string(value))
        return (fh_str){json_string_value(value), json_string_length(value)};
    if (json_is_boolean(value))
        return json_is_true(value) ? FH_STR("true") : FH_STR("false");
    if (is_whole(value))
        snprintf(space, 32, "%.0f", json_real_value(value));
    else if (json_is_integer(value))
        snprintf(space, 32, "%lld", (long long)json_integer_value(value));
    else
        return (fh_str){0};
    return fh_str_of(space);
}

static fh_problem read_member(reading *r, const char *key, const json_t *value)
{
    char space[32];
    fh_problem problem = FH_PROBLEM_NONE;
    const fh_parameter *p = claim(r, fh_str_of(key), &problem);
    if (!p)
        return problem;
    bool list = json_is_array(value) && p->kind == FH_PARAMETER_SOURCES;
    size_t items = list ? json_array_size(value) : 1;
    for (size_t i = 0; i < items && !problem; i++) {
        fh_str said = say(list ? json_array_get(value, i) : value, space);
        if (!said.ptr)
            return complain(r, FH_PROBLEM_BAD_PARAMETER, p, "has a value of another type");
        fh_str kept = fh_arena_copy(r->arena, said);
        problem = kept.ptr ? set(r, p, kept)
                           : complain(r, FH_PROBLEM_FAILED, p, "does not fit into memory");
    }
    return problem;
}

static fh_problem read_members(json_t *object, bool nulls, reading *r)
{
    json_t *value;
    const char *key;
    fh_problem problem = FH_PROBLEM_NONE;
    begin(r);
    json_object_foreach(object, key, value)
    {
        if (json_is_null(value) && nulls)
            continue;
        problem = read_member(r, key, value);
        if (problem)
            break;
    }
    return problem;
}

fh_problem fh_parameters_read_json(fh_str text, fh_parameter_table table, fh_arena *arena,
                                   fh_parameters *out, fh_error *err)
{
    reading r = {.table = table, .arena = arena, .out = out, .err = err};
    json_t *object;
    begin(&r);
    if (fh_json_parse(text, &object, err))
        return FH_PROBLEM_BAD_LINE;
    fh_problem problem = read_members(object, false, &r);
    json_decref(object);
    return problem;
}

fh_problem fh_parameters_read_object(const json_t *object, fh_parameter_table table,
                                     fh_arena *arena, fh_parameters *out, fh_error *err)
{
    reading r = {.table = table, .arena = arena, .out = out, .err = err};
    return read_members((json_t *)(uintptr_t)object, true, &r);
}
