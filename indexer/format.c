#include "indexer/format.h"

#include <string.h>
#include <strings.h>

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

fh_status fh_format_by_head(fh_str head, const fh_format **out, fh_error *err)
{
    *out = NULL;
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
