#include "base/utf8.h"

#include <string.h>

/* What may follow the first byte of a character. */
typedef struct lead {
    unsigned char more;      /* how many bytes follow; 0 for a byte that begins nothing */
    unsigned char low, high; /* the range of the second: where overlong forms and
                              surrogates end */
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

/* How many bytes at the beginning of TEXT are ASCII, looked at eight at a time.
 */
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

/*
 * Many bytes at a time: an automaton whose state is a shift. Each byte has a
 * row of nine next states of six bits, and the state says at which bit to read:
 * a lookup that does not wait for the state, and one shift. BETWEEN stands
 * between characters; MORE_n awaits n bytes; AFTER_xx a second byte that the
 * first one, xx, leaves only a part of its range.
 */
enum {
    BETWEEN = 0,
    BROKEN = 6,
    MORE_1 = 12,
    MORE_2 = 18,
    MORE_3 = 24,
    AFTER_E0 = 30,
    AFTER_ED = 36,
    AFTER_F0 = 42,
    AFTER_F4 = 48
};

#define STATE_MASK 63

/* The row of a byte that leads from BETWEEN to the first state given, from
 * MORE_1 to the second, ... */
#define ROW(between, more_1, more_2, more_3, e0, ed, f0, f4)                                   \
    ((uint64_t)(between) | (uint64_t)BROKEN << BROKEN | (uint64_t)(more_1) << MORE_1 |         \
     (uint64_t)(more_2) << MORE_2 | (uint64_t)(more_3) << MORE_3 |                             \
     (uint64_t)(e0) << AFTER_E0 | (uint64_t)(ed) << AFTER_ED | (uint64_t)(f0) << AFTER_F0 |    \
     (uint64_t)(f4) << AFTER_F4)
#define FIRST(next) ROW(next, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN, BROKEN)

#define ASCII   FIRST(BETWEEN)
#define TO_8F   ROW(BROKEN, BETWEEN, MORE_1, MORE_2, BROKEN, MORE_1, BROKEN, MORE_2)
#define TO_9F   ROW(BROKEN, BETWEEN, MORE_1, MORE_2, BROKEN, MORE_1, MORE_2, BROKEN)
#define TO_BF   ROW(BROKEN, BETWEEN, MORE_1, MORE_2, MORE_1, BROKEN, MORE_2, BROKEN)
#define NOTHING FIRST(BROKEN)

#define TWO(row)     row, row
#define FOUR(row)    TWO(row), TWO(row)
#define EIGHT(row)   FOUR(row), FOUR(row)
#define SIXTEEN(row) EIGHT(row), EIGHT(row)

static const uint64_t rows[256] = {SIXTEEN(ASCII),         SIXTEEN(ASCII),
                                   SIXTEEN(ASCII),         SIXTEEN(ASCII), /* 00 */
                                   SIXTEEN(ASCII),         SIXTEEN(ASCII),
                                   SIXTEEN(ASCII),         SIXTEEN(ASCII), /* 40 */
                                   SIXTEEN(TO_8F),         SIXTEEN(TO_9F),
                                   SIXTEEN(TO_BF),         SIXTEEN(TO_BF), /* 80 */
                                   TWO(NOTHING),                           /* C0 */
                                   TWO(FIRST(MORE_1)),     FOUR(FIRST(MORE_1)),
                                   EIGHT(FIRST(MORE_1)),                        /* C2 */
                                   SIXTEEN(FIRST(MORE_1)),                      /* D0 */
                                   FIRST(AFTER_E0),                             /* E0 */
                                   EIGHT(FIRST(MORE_2)),   FOUR(FIRST(MORE_2)), /* E1 */
                                   FIRST(AFTER_ED),                             /* ED */
                                   TWO(FIRST(MORE_2)),                          /* EE */
                                   FIRST(AFTER_F0),                             /* F0 */
                                   FIRST(MORE_3),          TWO(FIRST(MORE_3)),  /* F1 */
                                   FIRST(AFTER_F4),                             /* F4 */
                                   TWO(NOTHING),           NOTHING,
                                   EIGHT(NOTHING)}; /* F5 */

/* So many bytes are looked at together, whatever the processor has for that. */
#define TOGETHER 16
#define BLOCK    (2 * TOGETHER)
typedef unsigned char vector __attribute__((vector_size(TOGETHER)));

static inline vector load(const char *p)
{
    vector some;
    memcpy(&some, p, sizeof some);
    return some;
}

static inline bool has_any(vector found)
{
    uint64_t halves[2];
    memcpy(halves, &found, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static bool is_ascii_block(const char *p)
{
    return !has_any((load(p) | load(p + TOGETHER)) & 0x80);
}

/*
 * What is wrong with the bytes at P if they are to be of characters of one and two bytes only: a
 * continuation stands behind each first byte, and nowhere else. The byte before P is read too.
 */
static inline vector find_other_than_pairs(const char *p)
{
    vector here = load(p);
    vector before = load(p - 1);
    vector follows = (vector)((here & 0xC0) == 0x80);
    vector awaited = (vector)(before - 0xC2 < 0xE0 - 0xC2);
    return (follows ^ awaited) | (vector)(here >= 0xE0) | (vector)((here & 0xFE) == 0xC0);
}

/*
 * Is the block at P, not the first of its text, valid and without characters of more than two bytes,
 * as nearly all Arabic text is? STATE is that before it and, if so, behind it.
 */
static bool pass_pairs(const char *p, uint64_t *state)
{
    unsigned char before = (unsigned char)p[-1];
    bool amid = (*state & STATE_MASK) == MORE_1 && before >= 0xC2 && before < 0xE0;
    if (!amid && (*state & STATE_MASK) != BETWEEN)
        return false;
    if (has_any(find_other_than_pairs(p) | find_other_than_pairs(p + TOGETHER)))
        return false;
    *state = (unsigned char)p[BLOCK - 1] >= 0xC0 ? MORE_1 : BETWEEN;
    return true;
}

/* A place in TEXT up to which it is valid, near the first bad sequence or the
 * end. */
static size_t valid_blocks(fh_str text)
{
    uint64_t state = BETWEEN;
    size_t valid = 0;
    for (size_t i = 0; text.len - i >= BLOCK; i += BLOCK) {
        const char *block = text.ptr + i;
        bool ascii = (state & STATE_MASK) == BETWEEN && is_ascii_block(block);
        if (!ascii && (i == 0 || !pass_pairs(block, &state))) {
            for (size_t k = 0; k < BLOCK; k++)
                state = rows[(unsigned char)block[k]] >> (state & STATE_MASK);
        }
        if ((state & STATE_MASK) == BROKEN)
            break;
        if ((state & STATE_MASK) == BETWEEN)
            valid = i + BLOCK;
    }
    return valid;
}

size_t fh_utf8_valid(fh_str text)
{
    size_t i = valid_blocks(text);
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
