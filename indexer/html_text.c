#include "indexer/html_text.h"

/* What a byte that begins a character tells of it. Bytes inside characters weigh nothing. */
enum { WEIGHT = 7, SPACE = 8, PERHAPS_SPACE = 16 };

#define O2(x)  x, x
#define O4(x)  O2(x), O2(x)
#define O8(x)  O4(x), O4(x)
#define O16(x) O8(x), O8(x)
#define O26(x) O16(x), O8(x), O2(x)
#define ARABIC FH_LETTER_WEIGHT

static const unsigned char kinds[256] = {
    /* 00 */ O16(SPACE),
    O16(SPACE),
    SPACE,
    /* 21 */ O16(0),
    O8(0),
    O4(0),
    O2(0),
    0,
    0,
    /* 41, letters */ O26(1),
    O4(0),
    O2(0),
    /* 61, letters */ O26(1),
    O4(0),
    0,
    /* 80, inside characters */ O16(0),
    O16(0),
    O16(0),
    O16(0),
    /* C0 */ O2(0),
    PERHAPS_SPACE,
    1,
    O4(1),
    O8(1),
    /* D0 */ O8(1),
    O4(ARABIC),
    O4(1),
    /* E0 */ 1,
    1 | PERHAPS_SPACE,
    PERHAPS_SPACE,
    1 | PERHAPS_SPACE,
    O8(1),
    O2(1),
    1,
    ARABIC,
    /* F0 */ O4(1),
    O4(0),
    O8(0),
};

static size_t wide_space(fh_str s)
{
    if (fh_str_starts(s, FH_STR("\u00A0")) || fh_str_starts(s, FH_STR("\xC2\x85")))
        return 2;
    if (fh_str_starts(s, FH_STR("\u1680")) || fh_str_starts(s, FH_STR("\u202F")) ||
        fh_str_starts(s, FH_STR("\u205F")) || fh_str_starts(s, FH_STR("\u3000")) ||
        fh_str_starts(s, FH_STR("\u2028")) || fh_str_starts(s, FH_STR("\u2029")))
        return 3;
    /* U+2000 to U+200A. */
    bool fixed =
        s.len >= 3 && fh_str_starts(s, FH_STR("\xE2\x80")) && (unsigned char)s.ptr[2] <= 0x8A;
    return fixed ? 3 : 0;
}

size_t fh_html_space(fh_str s)
{
    size_t at = 0;
    while (at < s.len) {
        unsigned char kind = kinds[(unsigned char)s.ptr[at]];
        size_t len = kind == SPACE ? 1 : 0;
        if (kind & PERHAPS_SPACE)
            len = wide_space((fh_str){s.ptr + at, s.len - at});
        if (len == 0)
            break;
        at += len;
    }
    return at;
}

size_t fh_html_word(fh_str s, uint32_t *weight)
{
    size_t at = 0;
    uint32_t sum = 0;
    for (; at < s.len; at++) {
        unsigned char kind = kinds[(unsigned char)s.ptr[at]];
        if (kind == SPACE ||
            (kind & PERHAPS_SPACE && wide_space((fh_str){s.ptr + at, s.len - at}) > 0))
            break;
        sum += kind & WEIGHT;
    }
    *weight += sum;
    return at;
}

uint32_t fh_html_tidy(fh_str s, fh_buffer *out)
{
    uint32_t weight = 0;
    bool first = true;
    for (size_t at = 0; at < s.len;) {
        at += fh_html_space((fh_str){s.ptr + at, s.len - at});
        size_t len = fh_html_word((fh_str){s.ptr + at, s.len - at}, &weight);
        if (len > 0 && !first)
            fh_buffer_add_byte(out, ' ');
        fh_buffer_add(out, s.ptr + at, len);
        first &= len == 0;
        at += len;
    }
    return weight;
}
