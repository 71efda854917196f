/*
 * Web pages as they are: one article a file. See html_page.h for what is read of them.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "indexer/format.h"
#include "indexer/html_parser.h"
#include "indexer/html_lexer.h"
#include "indexer/html_page.h"
#include "indexer/text.h"

/* How much of what is not understood is quoted, in bytes. */
#define QUOTE_MAX 80

/* A page begins within so many tokens: comments, white space, an XML declaration. */
#define TOKENS_MAX 16

typedef struct html {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer clean;
    fh_html_page page;
    bool given;
} html;

/* The elements with which pages, and parts of pages, begin. */
static bool begins_page(fh_str name)
{
    static const char *const names[] = {
        "html", "head",  "body", "title", "meta", "link",    "script", "style",
        "div",  "table", "p",    "h1",    "main", "article", "center", "font",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (fh_html_is(name, names[i]))
            return true;
    }
    return false;
}

static bool looks(fh_str head)
{
    fh_html_lexer lexer = {.rest = head};
    fh_html_token token;
    for (int i = 0; i < TOKENS_MAX && fh_html_lexer_next(&lexer, &token); i++) {
        if (token.kind == FH_HTML_START)
            return begins_page(token.name);
        if (token.kind != FH_HTML_COMMENT &&
            !(token.kind == FH_HTML_TEXT && fh_text_trim(token.text).len == 0))
            return false;
    }
    return false;
}

static fh_status open_html(fh_input *input, const fh_listener *listener, void **state,
                           fh_error *err)
{
    html *h = calloc(1, sizeof *h);
    *state = h;
    if (!h)
        return fh_fail_memory(err);
    h->input = input;
    h->listener = listener;
    return FH_OK;
}

static void close_html(void *state)
{
    html *h = state;
    if (!h)
        return;
    fh_html_page_free(&h->page);
    fh_buffer_free(&h->clean);
    free(h);
}

static void warn(const html *h, const char *what)
{
    fh_listener_tell(h->listener, FH_REMARK_WARNING, fh_input_name(h->input), 0, "%s", what);
}

/* Say what was left out of the page. */
static void tell_gaps(const html *h)
{
    const fh_html_gaps *gaps = &h->page.gaps;
    fh_str date = gaps->date;
    if (h->page.article.body.len == 0)
        warn(h, "nothing but a title is found in the page");
    if (gaps->crowded)
        warn(h, "a tag of more than 512 attributes: the rest of them is left out");
    if (gaps->deep)
        warn(h, "more than 256 nested tags: what is deeper is read as plain text");
    if (gaps->many)
        warn(h, "more than 200000 elements: the rest is read as plain text");
    if (gaps->script.status)
        fh_listener_tell(h->listener, FH_REMARK_WARNING, fh_input_name(h->input), 0,
                         "JSON-LD is left out: %s", gaps->script.message);
    if (date.len > QUOTE_MAX)
        date.len = fh_utf8_cut(date.ptr, QUOTE_MAX);
    if (date.len > 0)
        fh_listener_tell(h->listener, FH_REMARK_WARNING, fh_input_name(h->input), 0,
                         "its date is not understood, the page is kept without: %.*s",
                         (int)date.len, date.ptr);
}

_Static_assert(FH_HTML_ATTRIBUTES_MAX == 512 && FH_HTML_DEPTH_MAX == 256 &&
                   FH_HTML_NODES_MAX == 200000,
               "the limits that tell_gaps() speaks of");

static fh_status read_page(html *h, fh_error *err)
{
    fh_str text;
    size_t repairs = 0;
    fh_place place = {h->listener, fh_input_name(h->input), 0};
    fh_status status = fh_input_rest(h->input, &text, err);
    /* A page too long is not even looked through for what is not UTF-8. */
    if (!status && text.len <= FH_HTML_PAGE_MAX)
        status = fh_text_clean(text, &h->clean, &text, &repairs, err);
    if (!status)
        status = fh_html_page_read(&h->page, text, err);
    if (!status)
        fh_text_tell_repairs(&place, repairs);
    return status;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    html *h = state;
    *found = false;
    if (h->given)
        return FH_OK;
    h->given = true;
    fh_status status = read_page(h, err);
    if (status)
        return status;
    tell_gaps(h);
    *article = h->page.article;
    *found = true;
    return FH_OK;
}

const fh_format fh_format_html = {
    .name = "web page",
    .endings = ".html .htm .xhtml .shtml .php .asp .aspx .jsp",
    .many = false,
    .looks = looks,
    .open = open_html,
    .next = next_article,
    .close = close_html,
};
