#include "searcher/cursor.h"

#include <string.h>

#include "base/digits.h"
#include "base/utf8.h"

/* The mark at AT and how many bytes it has; a space, with 0 bytes, at the end. */
static fh_mark look(const fh_cursor *c, size_t at, size_t *bytes)
{
    *bytes = 0;
    if (at >= c->text.len)
        return FH_MARK_SPACE;
    uint32_t code;
    *bytes = fh_utf8_decode(c->text.ptr + at, c->text.len - at, &code, NULL);
    return fh_mark_of(code);
}

static char byte_at(const fh_cursor *c, size_t at)
{
    return at < c->text.len ? c->text.ptr[at] : '\0';
}

static bool parts_words(fh_mark mark)
{
    return mark == FH_MARK_SPACE || mark == FH_MARK_SEPARATOR;
}

char fh_cursor_byte(const fh_cursor *c)
{
    return byte_at(c, c->at);
}

void fh_cursor_skip_spaces(fh_cursor *c)
{
    size_t bytes;
    while (c->at < c->text.len && parts_words(look(c, c->at, &bytes)))
        c->at += bytes;
}

/* ---- Words ---- */

/* The value of the digit at AT, in any script Arabic is written with; -1 if there is none. */
static int digit_at(const fh_cursor *c, size_t at)
{
    uint32_t code = 0;
    if (at < c->text.len)
        fh_utf8_decode(c->text.ptr + at, c->text.len - at, &code, NULL);
    return fh_digit_value(code);
}

static bool is_digit(const fh_cursor *c, size_t at)
{
    return digit_at(c, at) >= 0;
}

/* Does what is at AT end the chunk before it? */
static bool ends_chunk(const fh_cursor *c, size_t at)
{
    size_t bytes;
    fh_mark mark = look(c, at, &bytes);
    char byte = byte_at(c, at);
    return parts_words(mark) || fh_mark_quotes(mark) || byte == '(' || byte == ')';
}

fh_str fh_cursor_take_chunk(fh_cursor *c)
{
    size_t start = c->at, bytes;
    for (bool digit_before = false; c->at < c->text.len; c->at += bytes) {
        fh_mark mark = look(c, c->at, &bytes);
        bool in_number =
            mark == FH_MARK_SEPARATOR && digit_before && is_digit(c, c->at + bytes);
        if (ends_chunk(c, c->at) && !in_number)
            break;
        digit_before = is_digit(c, c->at);
    }
    return (fh_str){c->text.ptr + start, c->at - start};
}

/* Can a word, a quotation or a parenthesis begin at AT? */
static bool begins_term(const fh_cursor *c, size_t at)
{
    size_t bytes;
    char byte = byte_at(c, at);
    return !parts_words(look(c, at, &bytes)) && byte != ')' && byte != '+' && byte != '-';
}

bool fh_cursor_take_sign(fh_cursor *c, char sign)
{
    if (byte_at(c, c->at) != sign || !begins_term(c, c->at + 1))
        return false;
    c->at++;
    return true;
}

bool fh_cursor_take_name(fh_cursor *c, const char *name)
{
    size_t len = strlen(name);
    if (c->text.len - c->at < len || strncasecmp(c->text.ptr + c->at, name, len) != 0 ||
        !begins_term(c, c->at + len))
        return false;
    c->at += len;
    return true;
}

bool fh_cursor_take_number(fh_cursor *c, char sign, uint32_t *number)
{
    uint64_t value = 0;
    size_t at = c->at + 1, bytes;
    *number = 0;
    if (byte_at(c, c->at) != sign || !is_digit(c, at))
        return false;
    for (; is_digit(c, at); at += bytes) {
        look(c, at, &bytes);
        value = 10 * value + (uint64_t)digit_at(c, at);
        value = value < UINT32_MAX ? value : UINT32_MAX;
    }
    if (!ends_chunk(c, at))
        return false;
    *number = (uint32_t)value;
    c->at = at;
    return true;
}

/* ---- Quotations ---- */

/* Does a mark of BYTES bytes at AT stand before a word? */
static bool before_word(const fh_cursor *c, size_t at, size_t bytes)
{
    size_t next;
    return !parts_words(look(c, at + bytes, &next));
}

/*
 * The place of the mark that closes the quotation whose inside begins at START, or the text's length.
 * With NESTED, marks of another family than OPENING may open quotations inside it.
 */
static size_t find_closing(const fh_cursor *c, size_t start, fh_mark opening, bool nested)
{
    size_t depth = 0, bytes;
    bool space_before = false;
    for (size_t at = start; at < c->text.len; at += bytes) {
        fh_mark mark = look(c, at, &bytes);
        if (fh_mark_quotes(mark)) {
            if (nested && mark != opening && space_before && before_word(c, at, bytes))
                depth++;
            else if (depth == 0)
                return at;
            else
                depth--;
        }
        space_before = parts_words(mark);
    }
    return c->text.len;
}

/* The place of the single mark that closes what begins at START, or the text's length. */
static size_t find_single(const fh_cursor *c, size_t start)
{
    size_t bytes, next;
    bool word_before = false;
    for (size_t at = start; at < c->text.len; at += bytes) {
        fh_mark mark = look(c, at, &bytes);
        if (fh_mark_quotes(mark))
            break;
        if (mark == FH_MARK_SINGLE && word_before) {
            fh_mark behind = look(c, at + bytes, &next);
            char byte = byte_at(c, at + bytes);
            if (parts_words(behind) || fh_mark_quotes(behind) || byte == ')' ||
                (byte == '~' && is_digit(c, at + bytes + 1)))
                return at;
        }
        word_before = !parts_words(mark);
    }
    return c->text.len;
}

bool fh_cursor_at_quotation(fh_cursor *c)
{
    size_t bytes;
    fh_mark mark = look(c, c->at, &bytes);
    if (mark != FH_MARK_SINGLE || c->at < c->unpaired)
        return fh_mark_quotes(mark);
    if (find_single(c, c->at + bytes) < c->text.len)
        return true;
    c->unpaired = c->at + bytes;
    while (c->unpaired < c->text.len && !fh_mark_quotes(look(c, c->unpaired, &bytes)))
        c->unpaired += bytes;
    return false;
}

bool fh_cursor_take_quotation(fh_cursor *c, fh_str *inside)
{
    size_t bytes, end;
    fh_mark opening = look(c, c->at, &bytes);
    size_t start = c->at + bytes;
    if (opening == FH_MARK_SINGLE)
        end = find_single(c, start);
    else
        end = find_closing(c, start, opening, true);
    if (end == c->text.len)
        end = find_closing(c, start, opening, false);
    if (end == c->text.len)
        return false;
    *inside = (fh_str){c->text.ptr + start, end - start};
    look(c, end, &bytes);
    c->at = end + bytes;
    return true;
}
