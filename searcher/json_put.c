#include "searcher/json_put.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "searcher/marks.h"

/* The first byte of characters of two bytes that are never escaped, from the first to the last. */
#define PAIR_FIRST 0xC3
#define PAIR_LAST  0xDF
/* A byte inside a character. */
#define IS_INSIDE(byte) (((byte)&0xC0) == 0x80)

void fh_json_put_comma(fh_buffer *out)
{
    char last = out->len > 0 ? out->data[out->len - 1] : '[';
    if (last != '{' && last != '[' && last != ':')
        fh_buffer_add_byte(out, ',');
}

void fh_json_put_key(fh_buffer *out, const char *key)
{
    fh_json_put_comma(out);
    fh_buffer_add_byte(out, '"');
    fh_buffer_add_str(out, fh_str_of(key));
    fh_buffer_add_str(out, FH_STR("\":"));
}

/* ---- Texts ---- */

/* Where the characters end that are written as they are: most of ASCII, and all Arabic of the usual block. */
static size_t skip_plain(fh_str text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    while (at < text.len) {
        unsigned char c = bytes[at];
        if (c >= ' ' && c < 0x7F && c != '"' && c != '\\')
            at++;
        else if (c >= PAIR_FIRST && c <= PAIR_LAST && at + 1 < text.len &&
                 IS_INSIDE(bytes[at + 1]))
            at += 2;
        else
            break;
    }
    return at;
}

/* The letter behind the backslash, or NUL when the code has none. */
static char find_letter(uint32_t code)
{
    static const char codes[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = code > 0 && code < 0x7F ? strchr(codes, (int)code) : NULL;
    return found ? letters[found - codes] : '\0';
}

static void put_character(fh_buffer *out, uint32_t code)
{
    char bytes[FH_UTF8_MAX];
    char letter = find_letter(code);
    if (letter) {
        fh_buffer_add(out, (const char[]){'\\', letter}, 2);
    } else if (fh_mark_harmful(code)) {
        fh_buffer_printf(out, "\\u%04x", (unsigned)code);
    } else {
        fh_buffer_add(out, bytes, fh_utf8_encode(code, bytes));
    }
}

void fh_json_put_text(fh_buffer *out, fh_str text)
{
    uint32_t code;
    fh_buffer_reserve(out, text.len + 2);
    fh_buffer_add_byte(out, '"');
    for (size_t at = 0; at < text.len;) {
        size_t end = skip_plain(text, at);
        fh_buffer_add(out, text.ptr + at, end - at);
        at = end;
        if (at == text.len)
            break;
        at += fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        put_character(out, code);
    }
    fh_buffer_add_byte(out, '"');
}

void fh_json_put_member(fh_buffer *out, const char *key, fh_str text)
{
    if (text.len == 0)
        return;
    fh_json_put_key(out, key);
    fh_json_put_text(out, text);
}

/* ---- Others ---- */

void fh_json_put_real(fh_buffer *out, double number)
{
    char text[40];
    int len = snprintf(text, sizeof text, "%.*g", FH_JSON_DIGITS, number);
    fh_buffer_add(out, text, (size_t)len);
    if (!strpbrk(text, ".e"))
        fh_buffer_add_str(out, FH_STR(".0"));
}

void fh_json_put_number(fh_buffer *out, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    fh_buffer_add(out, digits + at, sizeof digits - at);
}

void fh_json_put_bool(fh_buffer *out, bool value)
{
    fh_buffer_add_str(out, value ? FH_STR("true") : FH_STR("false"));
}
