#include "indexer/json_scan.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

/* A number without an exponent and so short is none that is too large. */
#define NUMBER_SHORT 300

/* ---- Failures ---- */

bool fh_json_scan_fail_at(fh_json_scan *s, const char *place, const char *reason)
{
    size_t byte = (size_t)(place - s->start) + (place < s->end);
    fh_fail(s->err, FH_EFORMAT, "bad JSON at byte %zu: %s", byte, reason);
    return false;
}

bool fh_json_scan_fail(fh_json_scan *s, const char *reason)
{
    return fh_json_scan_fail_at(s, s->at, reason);
}

bool fh_json_scan_fail_memory(fh_json_scan *s)
{
    fh_fail_memory(s->err);
    return false;
}

/* ---- Single bytes ---- */

void fh_json_scan_space(fh_json_scan *s)
{
    while (s->at < s->end &&
           (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
        s->at++;
}

bool fh_json_scan_take(fh_json_scan *s, char byte)
{
    fh_json_scan_space(s);
    if (s->at == s->end || *s->at != byte)
        return false;
    s->at++;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_digit(const fh_json_scan *s)
{
    return s->at < s->end && is_digit(*s->at);
}

/* ---- Texts ---- */

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* So many bytes are looked at together, whatever the processor has for that. */
#define TOGETHER 16
typedef unsigned char vector __attribute__((vector_size(TOGETHER)));

static inline bool has_special(const char *at)
{
    vector some;
    uint64_t found[2];
    memcpy(&some, at, sizeof some);
    vector special = (vector)((some < 0x20) | (some == '"') | (some == '\\'));
    memcpy(found, &special, sizeof found);
    return (found[0] | found[1]) != 0;
}

const char *fh_json_special(const char *at, const char *end)
{
    while (end - at >= TOGETHER && !has_special(at))
        at += TOGETHER;
    while (at < end && is_plain((unsigned char)*at))
        at++;
    return at;
}

/* The value of four hexadecimal digits at TEXT, or -1. */
static int read_hex(const char *text, const char *end)
{
    int value = 0;
    if (end - text < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = text[i], small = (char)(c | 0x20);
        if (is_digit(c))
            value = value * 16 + (c - '0');
        else if (small >= 'a' && small <= 'f')
            value = value * 16 + (small - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* \uXXXX, behind the u, and the second half of a surrogate pair. */
static bool read_code(fh_json_scan *s)
{
    fh_buffer *out = s->unescaped;
    const char *escape = s->at - 2;
    int code = read_hex(s->at, s->end);
    if (code < 0)
        return fh_json_scan_fail(s, "invalid escape");
    s->at += 4;
    if (code >= 0xD800 && code < 0xDC00 && s->end - s->at >= 6 && s->at[0] == '\\' &&
        s->at[1] == 'u') {
        int second = read_hex(s->at + 2, s->end);
        if (second >= 0xDC00 && second < 0xE000) {
            code = 0x10000 + (code - 0xD800) * 0x400 + (second - 0xDC00);
            s->at += 6;
        }
    }
    if (code >= 0xD800 && code < 0xE000)
        return fh_json_scan_fail_at(s, escape, "half a surrogate pair");
    if (code == 0)
        return fh_json_scan_fail_at(s, escape, "\\u0000 is not allowed");
    out->len += fh_utf8_encode((uint32_t)code, out->data + out->len);
    return true;
}

/* One escape, at its backslash. */
static bool read_escape(fh_json_scan *s)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    s->at++;
    if (s->at == s->end)
        return fh_json_scan_fail(s, "premature end of input");
    char c = *s->at;
    const char *letter = c ? strchr(letters, c) : NULL;
    if (c != 'u' && !letter)
        return fh_json_scan_fail(s, "invalid escape");
    s->at++;
    if (c == 'u')
        return read_code(s);
    s->unescaped->data[s->unescaped->len++] = meanings[letter - letters];
    return true;
}

bool fh_json_scan_room(fh_json_scan *s)
{
    size_t need = (size_t)(s->end - s->start) + FH_JSON_SPARE;
    bool there = s->unescaped->capacity > need;
    return there || fh_buffer_reserve(s->unescaped, need) || fh_json_scan_fail_memory(s);
}

void fh_json_scan_append(fh_json_scan *s, const char *bytes, size_t len)
{
    fh_buffer *out = s->unescaped;
    memcpy(out->data + out->len, bytes, len);
    out->len += len;
}

/* Go on with the text from START, which is plain up to `at`, where there is no quote. */
static bool read_escaped(fh_json_scan *s, const char *start, fh_str *text)
{
    if (!fh_json_scan_room(s))
        return false;
    size_t begin = s->unescaped->len;
    fh_json_scan_append(s, start, (size_t)(s->at - start));
    while (s->at < s->end && *s->at != '"') {
        if (*s->at != '\\')
            return fh_json_scan_fail(s, *s->at == '\n' ? "unexpected newline"
                                                       : "control character in a text");
        if (!read_escape(s))
            return false;
        start = s->at;
        s->at = fh_json_special(start, s->end);
        fh_json_scan_append(s, start, (size_t)(s->at - start));
    }
    if (s->at == s->end)
        return fh_json_scan_fail(s, "premature end of input");
    s->at++;
    *text = (fh_str){s->unescaped->data + begin, s->unescaped->len - begin};
    return true;
}

bool fh_json_scan_text(fh_json_scan *s, fh_str *text)
{
    const char *start = s->at;
    s->at = fh_json_special(start, s->end);
    if (s->at == s->end || *s->at != '"')
        return read_escaped(s, start, text);
    *text = (fh_str){start, (size_t)(s->at - start)};
    s->at++;
    return true;
}

/* ---- Numbers and words ---- */

/* Of the LEN digits at DIGITS, behind a minus sign if NEGATIVE: is it more than 64 bits hold? */
static bool is_too_big(const char *digits, size_t len, bool negative)
{
    uint64_t value = 0;
    if (len != 19)
        return len > 19;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (uint64_t)(digits[i] - '0');
    return value > (uint64_t)INT64_MAX + negative;
}

/* Step over a fraction and an exponent; both may be missing. */
static bool pass_fraction(fh_json_scan *s, bool *exponent)
{
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        if (!has_digit(s))
            return fh_json_scan_fail(s, "invalid number");
        while (has_digit(s))
            s->at++;
    }
    *exponent = s->at < s->end && (*s->at | 0x20) == 'e';
    if (!*exponent)
        return true;
    s->at++;
    if (s->at < s->end && (*s->at == '+' || *s->at == '-'))
        s->at++;
    if (!has_digit(s))
        return fh_json_scan_fail(s, "invalid number");
    while (has_digit(s))
        s->at++;
    return true;
}

bool fh_json_scan_number(fh_json_scan *s, fh_str *number, bool *real)
{
    const char *start = s->at;
    bool exponent, negative = *s->at == '-';
    s->at += negative;
    const char *digits = s->at;
    while (has_digit(s))
        s->at++;
    size_t len = (size_t)(s->at - digits);
    if (len == 0 || (len > 1 && *digits == '0'))
        return fh_json_scan_fail_at(s, len ? digits + 1 : digits, "invalid number");
    const char *behind = s->at;
    if (!pass_fraction(s, &exponent))
        return false;
    *real = s->at > behind;
    *number = (fh_str){start, (size_t)(s->at - start)};
    if (!*real)
        return !is_too_big(digits, len, negative) ||
               fh_json_scan_fail_at(s, start, "too big a number");
    if (!exponent && number->len <= NUMBER_SHORT)
        return true;
    json_t *value = json_loadb(number->ptr, number->len, JSON_DECODE_ANY, NULL);
    json_decref(value);
    return value || fh_json_scan_fail_at(s, start, "too big a number");
}

bool fh_json_scan_word(fh_json_scan *s, fh_str word)
{
    if (!fh_str_starts((fh_str){s->at, (size_t)(s->end - s->at)}, word))
        return fh_json_scan_fail(s, "invalid token");
    s->at += word.len;
    return true;
}
