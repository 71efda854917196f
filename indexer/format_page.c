/*
 * A text page: a web page saved as text, one article a file.
 *
 *   URL          if the first line is one
 *   title        if the next line looks like one; its repetitions right below are left out
 *   body         everything else, as it stands
 *
 * The date is the most precise of those that stand near the beginning in one of the ways in which
 * news pages write theirs. Anything less certain is left alone: a wrong date is worse than none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/utf8.h"
#include "indexer/format.h"
#include "indexer/text.h"

/* A line of more characters is a paragraph. */
#define TITLE_MAX 200

/* A date is looked for in so many lines from the beginning. */
#define DATE_LINES 50

typedef struct page {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer clean;
    bool given;
} page;

static bool looks(fh_str head)
{
    (void)head;
    return true;
}

static fh_status open_page(fh_input *input, const fh_listener *listener, void **state,
                           fh_error *err)
{
    page *p = calloc(1, sizeof *p);
    *state = p;
    if (!p)
        return fh_fail_memory(err);
    p->input = input;
    p->listener = listener;
    return FH_OK;
}

static void close_page(void *state)
{
    page *p = state;
    if (!p)
        return;
    fh_buffer_free(&p->clean);
    free(p);
}

/* ---- Lines ---- */

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Take the first line off TEXT; trimmed. */
static fh_str take_line(fh_str *text)
{
    const char *feed = text->len > 0 ? memchr(text->ptr, '\n', text->len) : NULL;
    size_t len = feed ? (size_t)(feed - text->ptr) : text->len;
    fh_str line = {text->ptr, len};
    text->ptr += len + (feed != NULL);
    text->len -= len + (feed != NULL);
    return fh_text_trim(line);
}

/* Take lines off TEXT up to the first that is not blank; the empty text at the end. */
static fh_str take_text_line(fh_str *text)
{
    fh_str line = {0};
    while (line.len == 0 && text->len > 0)
        line = take_line(text);
    return line;
}

static bool is_url(fh_str line)
{
    if (!fh_str_starts(line, FH_STR("http://")) && !fh_str_starts(line, FH_STR("https://")))
        return false;
    for (size_t i = 0; i < line.len; i++) {
        if (is_space(line.ptr[i]))
            return false;
    }
    return true;
}

/* ---- Dates ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A number of at most MOST digits at *AT of S, which moves behind it; -1 when there is none. */
static int take_number(fh_str s, size_t *at, size_t most)
{
    int number = 0;
    size_t from = *at;
    while (*at < s.len && *at - from < most && is_digit(s.ptr[*at]))
        number = number * 10 + (s.ptr[(*at)++] - '0');
    return *at > from ? number : -1;
}

static bool take_byte(fh_str s, size_t *at, char byte)
{
    bool there = *at < s.len && s.ptr[*at] == byte;
    *at += there;
    return there;
}

/* `9.2.2026` or `09.02.2026` at *AT, which moves behind it; TIME ("T12:34Z") or "" completes it. */
static bool take_dotted(fh_str s, size_t *at, const char *time, fh_date *date)
{
    size_t here = *at;
    int day = take_number(s, &here, 2);
    bool whole = day >= 0 && take_byte(s, &here, '.');
    int month = whole ? take_number(s, &here, 2) : -1;
    whole = month >= 0 && take_byte(s, &here, '.');
    size_t year_at = here;
    int year = whole ? take_number(s, &here, 4) : -1;
    if (year < 0 || here - year_at != 4 || (here < s.len && is_digit(s.ptr[here])))
        return false;
    char iso[32];
    int len = snprintf(iso, sizeof iso, "%04d-%02d-%02d%s", year, month, day, time);
    *at = here;
    return fh_date_parse((fh_str){iso, (size_t)len}, date);
}

/* `2026-02-09T12:34+0000` or `09.02.2026`, alone on the line. */
static bool is_date_alone(fh_str line, fh_date *date)
{
    size_t at = 0;
    if (take_dotted(line, &at, "", date))
        return at == line.len;
    return fh_date_parse(line, date) && date->precision >= FH_DATE_DAY;
}

/* `12:34 GMT 09.02.2026` at the beginning of the line. */
static bool is_time_and_date(fh_str line, fh_date *date)
{
    size_t at = 0;
    int hour = take_number(line, &at, 2);
    int minute = hour >= 0 && take_byte(line, &at, ':') ? take_number(line, &at, 2) : -1;
    fh_str rest = {line.ptr + at, line.len - at};
    if (minute < 0 || !fh_str_starts(rest, FH_STR(" GMT ")))
        return false;
    char time[32];
    snprintf(time, sizeof time, "T%02d:%02dZ", hour, minute);
    at += FH_STR(" GMT ").len;
    return take_dotted(line, &at, time, date);
}

/* A teaser's end: `... 29.12.2025`, and then perhaps `, WHO`. */
static bool ends_in_date(fh_str line, fh_date *date)
{
    const fh_str dots = FH_STR("... ");
    for (size_t i = line.len; i-- > 0;) {
        fh_str rest = {line.ptr + i, line.len - i};
        if (!fh_str_starts(rest, dots))
            continue;
        size_t at = i + dots.len;
        return take_dotted(line, &at, "", date) && (at == line.len || line.ptr[at] == ',');
    }
    return false;
}

static fh_date find_date(fh_str text)
{
    fh_date best = {0};
    for (int i = 0; i < DATE_LINES && text.len > 0; i++) {
        fh_str line = take_text_line(&text);
        fh_date date = {0};
        bool dated = is_date_alone(line, &date) || is_time_and_date(line, &date) ||
                     ends_in_date(line, &date);
        if (dated && date.precision > best.precision)
            best = date;
    }
    return best;
}

/* ---- The page ---- */

static bool ends_in(fh_str line, fh_str end)
{
    return line.len >= end.len && memcmp(line.ptr + line.len - end.len, end.ptr, end.len) == 0;
}

/* A headline is one short line that does not stop as a sentence or a list does, and no date. */
static bool is_title(fh_str line)
{
    static const fh_str stops[] = {
        {".", 1}, {":", 1}, {",", 1}, {";", 1}, {"\u060C", 2}, {"\u061B", 2}, {"\u06D4", 2},
    };
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        if (ends_in(line, stops[i]))
            return false;
    }
    fh_date date;
    return line.len > 0 && fh_utf8_count(line) <= TITLE_MAX && !is_url(line) &&
           !is_date_alone(line, &date);
}

/* Without blank lines around it, and otherwise as it stands. */
static fh_str trim_blank_lines(fh_str text)
{
    fh_str rest = text;
    while (rest.len > 0 && take_line(&rest).len == 0)
        text = rest;
    while (text.len > 0 && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

void fh_page_read(fh_str text, fh_article *article)
{
    fh_str rest = text;
    fh_str line = take_text_line(&rest);
    if (is_url(line)) {
        article->url = line;
        text = rest;
        line = take_text_line(&rest);
    }
    if (is_title(line)) {
        article->title = line;
        do
            text = rest;
        while (rest.len > 0 && fh_str_equal(take_text_line(&rest), article->title));
    }
    article->body = trim_blank_lines(text);
    article->date = find_date(article->body);
}

/* The whole page as valid UTF-8 without NUL bytes. */
static fh_status read_clean(page *p, fh_str *text, fh_error *err)
{
    size_t repairs = 0;
    fh_status status = fh_input_rest(p->input, text, err);
    if (!status)
        status = fh_text_clean(*text, &p->clean, text, &repairs, err);
    fh_place place = {p->listener, fh_input_name(p->input), 0};
    if (!status)
        fh_text_tell_repairs(&place, repairs);
    return status;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    page *p = state;
    fh_str text;
    *found = false;
    if (p->given)
        return FH_OK;
    p->given = true;
    *article = (fh_article){0};
    fh_status status = read_clean(p, &text, err);
    if (status)
        return status;
    fh_page_read(text, article);
    *found = true;
    return FH_OK;
}

const fh_format fh_format_page = {
    .name = "text page",
    .endings = ".txt",
    .many = false,
    .looks = looks,
    .open = open_page,
    .next = next_article,
    .close = close_page,
};
