#include "indexer/html_references.h"

#include <libxml/HTMLparser.h>
#include <string.h>

/* No reference of HTML 4 has a longer name. */
#define NAME_MAX_LEN 8

/* The last code point has so many digits. */
#define DIGITS_MAX 7

#define LAST_CODE 0x10FFFF

/* What old pages mean by &#128; to &#159;: windows-1252. 0 where that has nothing. */
#define WINDOWS_FIRST 128
static const uint16_t windows[] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool is_text(uint32_t code)
{
    bool control = code < ' ' && code != '\t' && code != '\n' && code != '\r';
    bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return !control && !surrogate && code <= LAST_CODE && (code & 0xFFFE) != 0xFFFE;
}

/* `&#1575;` or `&#x627;`, with or without the semicolon; 0 when it is none. */
static size_t read_number(fh_str text, uint32_t *code)
{
    size_t at = 2;
    bool hex = text.len > at && (text.ptr[at] == 'x' || text.ptr[at] == 'X');
    uint32_t base = hex ? 16 : 10;
    at += hex;
    size_t first = at;
    *code = 0;
    for (int d; at < text.len && (d = digit(text.ptr[at])) >= 0 && d < (int)base; at++) {
        if (at - first >= DIGITS_MAX || (*code = *code * base + (uint32_t)d) > LAST_CODE)
            *code = LAST_CODE + 1;
    }
    if (at == first)
        return 0;
    return at + (at < text.len && text.ptr[at] == ';');
}

static size_t add_number(fh_str text, fh_buffer *out)
{
    uint32_t code;
    size_t used = read_number(text, &code);
    if (used == 0)
        return 0;
    if (code >= WINDOWS_FIRST && code < WINDOWS_FIRST + sizeof windows / sizeof *windows &&
        windows[code - WINDOWS_FIRST] != 0)
        code = windows[code - WINDOWS_FIRST];
    if (is_text(code))
        fh_buffer_printf(out, "&#%u;", (unsigned)code);
    return used;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static size_t add_name(fh_str text, fh_buffer *out)
{
    char name[NAME_MAX_LEN + 1] = "";
    size_t len = 0;
    while (1 + len < text.len && len <= NAME_MAX_LEN && is_name(text.ptr[1 + len]))
        len++;
    if (len == 0 || len > NAME_MAX_LEN)
        return 0;
    memcpy(name, text.ptr + 1, len);
    if (!htmlEntityLookup((const xmlChar *)name))
        return 0;
    fh_buffer_add(out, text.ptr, 1 + len);
    fh_buffer_add_byte(out, ';');
    return 1 + len + (1 + len < text.len && text.ptr[1 + len] == ';');
}

size_t fh_html_reference(fh_str text, fh_buffer *out)
{
    bool number = text.len > 1 && text.ptr[1] == '#';
    size_t used = number ? add_number(text, out) : add_name(text, out);
    if (used > 0)
        return used;
    fh_buffer_add_str(out, FH_STR("&amp;"));
    return 1;
}
