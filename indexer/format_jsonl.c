/*
 * JSON Lines: one object a line, an article each. Keys: id title body url date source section, texts;
 * keywords, texts in an array. id and date may be numbers. Other keys are ignored, null is nothing.
 */
#include <stdlib.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/utf8.h"
#include "indexer/format.h"

/* So many bytes of a value that is not understood are shown. */
#define QUOTE_MAX 40

typedef struct jsonl {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer clean; /* the line, when it was repaired */
    fh_arena texts;  /* of the article given out: what jansson does not hold itself */
    json_t *object;  /* the article given out */
} jsonl;

/* JSON's white space. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static fh_str trim(fh_str s)
{
    while (s.len > 0 && is_space(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len > 0 && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

static bool looks(fh_str head)
{
    fh_str text = trim(head);
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
    json_decref(j->object);
    fh_buffer_free(&j->clean);
    fh_arena_free(&j->texts);
    free(j);
}

/* The text under KEY; missing and null are the empty text. */
static fh_status read_text(const jsonl *j, const char *key, fh_str *text, fh_error *err)
{
    const json_t *value = json_object_get(j->object, key);
    if (fh_json_text(j->object, key, text) || !value || json_is_null(value))
        return FH_OK;
    return fh_fail(err, FH_EFORMAT, "\"%s\" is no text", key);
}

/* The text or number under KEY, as text. */
static fh_status read_label(jsonl *j, const char *key, fh_str *text, fh_error *err)
{
    const json_t *value = json_object_get(j->object, key);
    if (!json_is_number(value))
        return read_text(j, key, text, err);
    fh_buffer digits = {0};
    fh_json_write(value, &digits);
    *text = fh_arena_copy(&j->texts, fh_buffer_str(&digits));
    bool failed = digits.failed || !text->ptr;
    fh_buffer_free(&digits);
    return failed ? fh_fail_memory(err) : FH_OK;
}

/* Keywords, one a line: from an array of texts, or from one text as it stands. */
static fh_status read_keywords(jsonl *j, fh_str *text, fh_error *err)
{
    const json_t *value = json_object_get(j->object, "keywords");
    if (!json_is_array(value))
        return read_text(j, "keywords", text, err);
    fh_buffer lines = {0};
    size_t i;
    const json_t *word;
    json_array_foreach(value, i, word)
    {
        if (!json_is_string(word)) {
            fh_buffer_free(&lines);
            return fh_fail(err, FH_EFORMAT, "\"keywords\" holds what is no text");
        }
        if (lines.len > 0)
            fh_buffer_add_byte(&lines, '\n');
        fh_buffer_add(&lines, json_string_value(word), json_string_length(word));
    }
    *text = fh_arena_copy(&j->texts, fh_buffer_str(&lines));
    bool failed = lines.failed || !text->ptr;
    fh_buffer_free(&lines);
    return failed ? fh_fail_memory(err) : FH_OK;
}

/* An article whose date nobody understands is worth more than none. */
static fh_status read_date(jsonl *j, fh_date *date, fh_error *err)
{
    fh_str text;
    fh_status status = read_label(j, "date", &text, err);
    if (!status && text.len > 0 && !fh_date_parse(text, date))
        fh_listener_tell(
            j->listener, FH_REMARK_WARNING, fh_input_name(j->input),
            fh_input_line_number(j->input),
            "\"date\" is not understood, the article is kept without: %.*s",
            (int)(text.len < QUOTE_MAX ? text.len : fh_utf8_cut(text.ptr, QUOTE_MAX)),
            text.ptr);
    return status;
}

static fh_status read_article(jsonl *j, fh_article *article, fh_error *err)
{
    fh_status status = read_label(j, "id", &article->id, err);
    if (!status)
        status = read_text(j, "title", &article->title, err);
    if (!status)
        status = read_text(j, "body", &article->body, err);
    if (!status)
        status = read_text(j, "url", &article->url, err);
    if (!status)
        status = read_text(j, "source", &article->source, err);
    if (!status)
        status = read_text(j, "section", &article->section, err);
    if (!status)
        status = read_keywords(j, &article->keywords, err);
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

/* Read the article on LINE into *ARTICLE. */
static fh_status read_line(jsonl *j, fh_str line, fh_article *article, fh_error *err)
{
    size_t repairs;
    *article = (fh_article){0};
    json_decref(j->object);
    j->object = NULL;
    fh_arena_clear(&j->texts);
    fh_status status = fh_input_clean(line, &j->clean, &line, &repairs, err);
    if (!status)
        status = fh_json_parse(line, &j->object, err);
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
        line = trim(line);
        if (!status && line.len == 0)
            continue;
        if (!status && is_document(j, line))
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
