#include "base/utf8.h"

#include <string.h>

/* What may follow the first byte of a character. */
typedef struct lead {
    unsigned char more; /* how many bytes follow; 0 for a byte that begins nothing */
    unsigned char low,
        high; /* the range of the second: where overlong forms and surrogates end */
} lead;

static lead lead_of(unsigned char byte)
{
    if (byte < 0xC2 || byte > 0xF4)
        return (lead){0, 0, 0};
    if (byte < 0xE0)
        return (lead){1, 0x80, 0xBF};
    if (byte < 0xF0)
        return (lead){2, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF};
    return (lead){3, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF};
}

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Decode what is neither ASCII nor a whole character of two bytes. */
static size_t decode_rest(const unsigned char *s, size_t len, uint32_t *code, bool *bad)
{
    lead first = lead_of(s[0]);
    size_t used = 1;
    uint32_t c = s[0] & (0x3Fu >> first.more);
    if (first.more > 0 && len > 1 && s[1] >= first.low && s[1] <= first.high) {
        c = c << 6 | (s[1] & 0x3Fu);
        used = 2;
        while (used <= first.more && used < len && is_continuation(s[used]))
            c = c << 6 | (s[used++] & 0x3Fu);
    }
    *bad = first.more == 0 || used <= first.more;
    *code = *bad ? FH_REPLACEMENT : c;
    return used;
}

size_t fh_utf8_decode(const char *text, size_t len, uint32_t *code, bool *bad)
{
    const unsigned char *s = (const unsigned char *)text;
    size_t used;
    bool broken = false;
    if (s[0] < 0x80) {
        *code = s[0];
        used = 1;
    } else if (s[0] >= 0xC2 && s[0] < 0xE0 && len > 1 && is_continuation(s[1])) {
        *code = (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu);
        used = 2;
    } else {
        used = decode_rest(s, len, code, &broken);
    }
    if (bad)
        *bad = broken;
    return used;
}

size_t fh_utf8_encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    for (size_t i = more; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    static const unsigned char marks[] = {0, 0xC0, 0xE0, 0xF0};
    out[0] = (char)(marks[more] | code);
    return more + 1;
}

/* How many bytes at the beginning of TEXT are ASCII, looked at eight at a time. */
static size_t ascii_run(const char *text, size_t len)
{
    size_t i = 0;
    uint64_t eight;
    for (; i + sizeof eight <= len; i += sizeof eight) {
        memcpy(&eight, text + i, sizeof eight);
        if (eight & 0x8080808080808080u)
            break;
    }
    while (i < len && (unsigned char)text[i] < 0x80)
        i++;
    return i;
}

size_t fh_utf8_valid(fh_str text)
{
    size_t i = 0;
    while (i < text.len) {
        if ((unsigned char)text.ptr[i] < 0x80) {
            i += ascii_run(text.ptr + i, text.len - i);
            continue;
        }
        uint32_t code;
        bool bad;
        size_t used = fh_utf8_decode(text.ptr + i, text.len - i, &code, &bad);
        if (bad)
            return i;
        i += used;
    }
    return i;
}

size_t fh_utf8_repair(fh_str text, fh_buffer *out)
{
    char replacement[FH_UTF8_MAX];
    size_t replacement_len = fh_utf8_encode(FH_REPLACEMENT, replacement);
    size_t replaced = 0;
    for (;;) {
        size_t good = fh_utf8_valid(text);
        fh_buffer_add(out, text.ptr, good);
        if (good == text.len)
            return replaced;
        uint32_t code;
        good += fh_utf8_decode(text.ptr + good, text.len - good, &code, NULL);
        fh_buffer_add(out, replacement, replacement_len);
        text = (fh_str){text.ptr + good, text.len - good};
        replaced++;
    }
}

size_t fh_utf8_cut(const char *text, size_t len)
{
    size_t start = len;
    while (start > 0 && is_continuation((unsigned char)text[start - 1]))
        start--;
    if (start == 0)
        return 0;
    start--;
    size_t whole = start + 1 + lead_of((unsigned char)text[start]).more;
    return whole <= len ? len : start;
}

size_t fh_utf8_count(fh_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += !is_continuation((unsigned char)text.ptr[i]);
    return count;
}
