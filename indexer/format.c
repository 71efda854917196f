#include "indexer/format.h"

#include <string.h>
#include <strings.h>

#include "indexer/http.h"

/* A longer ending, or one without a letter, is a part of the name: "news.2015", "v1.2". */
#define ENDING_MAX 10

/* The page is last: every text looks like one. */
static const fh_format *const formats[] = {
    &fh_format_jsonl, &fh_format_feed, &fh_format_html, &fh_format_markdown,
    &fh_format_csv,   &fh_format_pdf,  &fh_format_docx, &fh_format_page,
};

const fh_format *const *fh_format_table(size_t *count)
{
    *count = sizeof formats / sizeof *formats;
    return formats;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The ending of NAME with its dot, or the empty text. */
static fh_str ending_of(fh_str name)
{
    size_t at = name.len;
    bool letter = false;
    while (at > 0 && (is_letter(name.ptr[at - 1]) || is_digit(name.ptr[at - 1])))
        letter |= is_letter(name.ptr[--at]);
    size_t len = name.len - at + 1;
    bool dotted = at > 1 && name.ptr[at - 1] == '.' && name.ptr[at - 2] != '/';
    if (!dotted || !letter || len > ENDING_MAX)
        return (fh_str){"", 0};
    return (fh_str){name.ptr + at - 1, len};
}

static bool is_ending(fh_str ending, const char *word, size_t len)
{
    return ending.len == len && strncasecmp(ending.ptr, word, len) == 0;
}

static bool has_ending(const fh_format *format, fh_str ending)
{
    const char *word = format->endings;
    while (*word) {
        size_t len = strcspn(word, " ");
        if (is_ending(ending, word, len))
            return true;
        word += len + strspn(word + len, " ");
    }
    return false;
}

fh_status fh_format_by_name(fh_str name, const fh_format **out, fh_error *err)
{
    *out = NULL;
    fh_str ending = ending_of(name);
    if (ending.len == 0)
        return FH_OK;
    size_t count;
    const fh_format *const *table = fh_format_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (has_ending(table[i], ending)) {
            *out = table[i];
            return FH_OK;
        }
    }
    return fh_fail(err, FH_EUNSUPPORTED, "no reader for %.*s", (int)ending.len, ending.ptr);
}

/* Is every line of HEADERS `Name: value`, but those that go on with the one before? */
static bool are_headers(fh_str headers)
{
    size_t named = 0;
    for (size_t at = 0; at < headers.len;) {
        const char *line = headers.ptr + at;
        const char *feed = memchr(line, '\n', headers.len - at);
        size_t len = feed ? (size_t)(feed - line) : headers.len - at;
        size_t name = 0;
        while (name < len &&
               (is_letter(line[name]) || is_digit(line[name]) || line[name] == '-'))
            name++;
        bool goes_on = named > 0 && len > 0 && (line[0] == ' ' || line[0] == '\t');
        bool blank = len == 0 || (len == 1 && line[0] == '\r');
        if (!goes_on && !blank && (name == 0 || name == len || line[name] != ':'))
            return false;
        named += name > 0;
        at += len + (feed != NULL);
    }
    return named > 0;
}

/* A mail, or a page saved as one: what it says is in parts, encoded, and no text to be read as it is. */
static bool is_mail(fh_str head)
{
    fh_str headers = {head.ptr, fh_headers_len(head)};
    fh_str kind = fh_headers_kind(fh_headers_find(headers, "Content-Type"));
    return are_headers(headers) &&
           (fh_headers_find(headers, "MIME-Version").len > 0 ||
            fh_str_starts(fh_headers_find(headers, "From"), FH_STR("<Saved by")) ||
            fh_headers_is(kind, "multipart/related"));
}

fh_status fh_format_by_head(fh_str head, const fh_format **out, fh_error *err)
{
    *out = NULL;
    if (is_mail(head))
        return fh_fail(err, FH_EUNSUPPORTED,
                       "an e-mail or a page saved as MHTML: save it as HTML or text");
    size_t count;
    const fh_format *const *table = fh_format_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (!table[i]->raw && table[i]->looks(head)) {
            *out = table[i];
            return FH_OK;
        }
    }
    return fh_fail(err, FH_EUNSUPPORTED, "no reader for what is in it");
}
