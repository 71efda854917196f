/*
 * JSON Lines: one object a line, an article each. Keys: id title body url date source section, texts;
 * keywords, texts in an array. id and date may be numbers. Other keys are ignored, null is nothing.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/dates.h"
#include "base/utf8.h"
#include "indexer/format.h"
#include "indexer/json_line.h"
#include "indexer/text.h"

/* So many bytes of a value that is not understood are shown, and of keys. */
#define QUOTE_MAX 40
#define KEYS_MAX  120

/* The keys of longer lines are not looked for: that takes many times the memory of the line. */
#define KEYS_LINE_MAX (1u << 20)

/* The keys of an article. */
enum { ID, TITLE, BODY, URL, DATE, SOURCE, SECTION, KEYWORDS, KEYS };

typedef struct jsonl {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer clean;     /* the line, when it was repaired */
    fh_json_line reader; /* and the texts of the article given out that had escapes */
    fh_json_value values[KEYS];
} jsonl;

static bool looks(fh_str head)
{
    fh_str text = fh_text_trim(head);
    if (text.len > 1 && text.ptr[0] == '[')
        text = fh_text_trim((fh_str){text.ptr + 1, text.len - 1});
    return text.len > 0 && text.ptr[0] == '{';
}

static fh_status open_lines(fh_input *input, const fh_listener *listener, void **state,
                            fh_error *err)
{
    jsonl *j = calloc(1, sizeof *j);
    *state = j;
    if (!j)
        return fh_fail_memory(err);
    j->input = input;
    j->listener = listener;
    return FH_OK;
}

static void close_lines(void *state)
{
    jsonl *j = state;
    if (!j)
        return;
    fh_json_line_free(&j->reader);
    fh_buffer_free(&j->clean);
    free(j);
}

static const fh_str keys[KEYS] = {
    [ID] = {"id", 2},           [TITLE] = {"title", 5},       [BODY] = {"body", 4},
    [URL] = {"url", 3},         [DATE] = {"date", 4},         [SOURCE] = {"source", 6},
    [SECTION] = {"section", 7}, [KEYWORDS] = {"keywords", 8},
};

/* The text under KEY; missing and null are the empty text. ALSO is a kind that will do as well. */
static fh_status read_text(const jsonl *j, int key, fh_json_kind also, fh_str *text,
                           fh_error *err)
{
    fh_json_kind kind = j->values[key].kind;
    *text = j->values[key].text;
    if (kind == FH_JSON_TEXT || kind == FH_JSON_MISSING || kind == FH_JSON_NULL || kind == also)
        return FH_OK;
    const char *what =
        kind == FH_JSON_ARRAY && also == FH_JSON_TEXTS ? "holds what is no text" : "is no text";
    return fh_fail(err, FH_EFORMAT, "\"%s\" %s", keys[key].ptr, what);
}

/* An article whose date nobody understands is worth more than none. */
static fh_status read_date(const jsonl *j, fh_date *date, fh_error *err)
{
    fh_str text;
    fh_status status = read_text(j, DATE, FH_JSON_NUMBER, &text, err);
    if (!status && text.len > 0 && !fh_date_parse(text, date))
        fh_listener_tell(
            j->listener, FH_REMARK_WARNING, fh_input_name(j->input),
            fh_input_line_number(j->input),
            "\"date\" is not understood, the article is kept without: %.*s",
            (int)(text.len < QUOTE_MAX ? text.len : fh_utf8_cut(text.ptr, QUOTE_MAX)),
            text.ptr);
    return status;
}

static fh_status read_article(const jsonl *j, fh_article *article, fh_error *err)
{
    fh_status status = read_text(j, ID, FH_JSON_NUMBER, &article->id, err);
    if (!status)
        status = read_text(j, TITLE, FH_JSON_TEXT, &article->title, err);
    if (!status)
        status = read_text(j, BODY, FH_JSON_TEXT, &article->body, err);
    if (!status)
        status = read_text(j, URL, FH_JSON_TEXT, &article->url, err);
    if (!status)
        status = read_text(j, SOURCE, FH_JSON_TEXT, &article->source, err);
    if (!status)
        status = read_text(j, SECTION, FH_JSON_TEXT, &article->section, err);
    if (!status)
        status = read_text(j, KEYWORDS, FH_JSON_TEXTS, &article->keywords, err);
    if (!status)
        status = read_date(j, &article->date, err);
    return status;
}

/*
 * One JSON value written over many lines would be refused line by line; say once what is the matter.
 */
static bool is_document(const jsonl *j, fh_str line)
{
    return fh_input_line_number(j->input) == 1 && line.len > 0 &&
           (line.ptr[0] == '[' || (line.len == 1 && line.ptr[0] == '{'));
}

/* Refuse LINE, which has no key that is needed, and say which it has: they may only be called otherwise. */
static fh_status fail_keys(fh_str line, fh_error *err)
{
    json_t *value;
    json_t *object = line.len <= KEYS_LINE_MAX ? json_loadb(line.ptr, line.len, 0, NULL) : NULL;
    const char *key;
    fh_buffer all = {0};
    json_object_foreach(object, key, value)
    {
        fh_buffer_add_str(&all, all.len > 0 ? FH_STR(", ") : FH_STR(": its keys are "));
        fh_buffer_add_str(&all, fh_str_of(key));
    }
    fh_str said = fh_buffer_str(&all);
    size_t len = said.len < KEYS_MAX ? said.len : fh_utf8_cut(said.ptr, KEYS_MAX);
    fh_fail(err, FH_EFORMAT, "neither title nor body%.*s", (int)len, len > 0 ? said.ptr : "");
    fh_buffer_free(&all);
    json_decref(object);
    return FH_EFORMAT;
}

/* Read the article on LINE into *ARTICLE. */
static fh_status read_line(jsonl *j, fh_str line, fh_article *article, fh_error *err)
{
    size_t repairs;
    *article = (fh_article){0};
    fh_status status = fh_input_clean(line, &j->clean, &line, &repairs, err);
    if (!status)
        status = fh_json_line_read(&j->reader, line, keys, KEYS, j->values, err);
    if (!status && j->values[TITLE].kind == FH_JSON_MISSING &&
        j->values[BODY].kind == FH_JSON_MISSING)
        status = fail_keys(line, err);
    if (!status)
        status = read_article(j, article, err);
    if (!status && repairs > 0)
        fh_listener_tell(j->listener, FH_REMARK_REPAIRED, fh_input_name(j->input),
                         fh_input_line_number(j->input),
                         "%zu bad UTF-8 sequence%s replaced by U+FFFD", repairs,
                         repairs == 1 ? "" : "s");
    return status;
}

static bool only_this_line(fh_status status)
{
    return status == FH_EFORMAT || status == FH_ELIMIT;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    jsonl *j = state;
    fh_error why = {0};
    fh_str line;
    *found = false;
    while (!fh_listener_stops(j->listener)) {
        bool more;
        fh_status status = fh_input_line(j->input, &line, &more, &why);
        if (status && status != FH_ELIMIT)
            return fh_fail(err, status, "%s", why.message);
        if (!status && !more)
            return FH_OK;
        fh_str text = fh_text_trim(line);
        if (!status && text.len == 0)
            continue;
        if (!status && is_document(j, text))
            return fh_fail(err, FH_EFORMAT,
                           "one JSON value over several lines: write each article as an object "
                           "on a line of its own");
        if (!status)
            status = read_line(j, line, article, &why);
        *found = !status;
        if (!only_this_line(status))
            return status ? fh_fail(err, status, "%s", why.message) : FH_OK;
        fh_listener_tell(j->listener, FH_REMARK_REFUSED, fh_input_name(j->input),
                         fh_input_line_number(j->input), "%s", why.message);
    }
    return fh_fail(err, FH_ESTOPPED, "stopped");
}

const fh_format fh_format_jsonl = {
    .name = "JSON Lines",
    .endings = ".jsonl .ndjson .json",
    .many = true,
    .looks = looks,
    .open = open_lines,
    .next = next_article,
    .close = close_lines,
};
