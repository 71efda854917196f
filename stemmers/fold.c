#include "stemmers/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "stemmers/letters.h"

/*
 * Two ways lead to the same result. Nearly every word is made of ASCII and of the Arabic block,
 * for which a direct table says all (fold_plain). Any other word goes through utf8proc
 * (fold_any): taken apart into letters and marks, mapped, put in order, composed again.
 */

/*
 * What becomes of a character, besides "that character instead"; valid text has no surrogates.
 */
enum { KEEP = 0, DROP = 0xD800, JOIN = 0xD801 };

/*
 * The Arabic block: what each of its characters becomes; those not listed are kept. See
 * fold.md.
 */
static const uint16_t arabic[FH_ARABIC_COUNT] = {
    [FH_ARABIC_COMMA - FH_ARABIC_FIRST] = DROP,
    [0x10 ... 0x1A] = DROP,
    [0x1C] = DROP,
    [0x22] = FH_ALEF,
    [0x23] = FH_ALEF,
    [0x25] = FH_ALEF,
    [0x29] = FH_HEH,
    [0x40] = DROP,
    [0x49] = FH_YEH,
    [0x4B ... 0x53] = DROP,
    [FH_HAMZA_ABOVE - FH_ARABIC_FIRST] = JOIN,
    [0x55 ... 0x5F] = DROP,
    [0x60] = '0',
    [0x61] = '1',
    [0x62] = '2',
    [0x63] = '3',
    [0x64] = '4',
    [0x65] = '5',
    [0x66] = '6',
    [0x67] = '7',
    [0x68] = '8',
    [0x69] = '9',
    [0x6A] = '%',
    [FH_ARABIC_DECIMAL - FH_ARABIC_FIRST] = '.',
    [FH_ARABIC_THOUSANDS - FH_ARABIC_FIRST] = DROP,
    [0x70] = DROP,
    [0x71 ... 0x73] = FH_ALEF,
    [0x75] = FH_ALEF,
    [0xA9 ... 0xAA] = FH_KAF,
    [0xBE] = FH_HEH,
    [0xC0 ... 0xC3] = FH_HEH,
    [0xCC] = FH_YEH,
    [0xD0] = FH_YEH,
    [0xD2] = FH_YEH,
    [0xD3] = FH_YEH_HAMZA,
    [0xD5] = FH_HEH,
    [0xD6 ... 0xED] = DROP,
    [0xF0] = '0',
    [0xF1] = '1',
    [0xF2] = '2',
    [0xF3] = '3',
    [0xF4] = '4',
    [0xF5] = '5',
    [0xF6] = '6',
    [0xF7] = '7',
    [0xF8] = '8',
    [0xF9] = '9',
};

/* What is dropped elsewhere, in ascending order. See fold.md. */
static const struct {
    uint32_t first, last;
} dropped[] = {
    {' ', ' '},       {',', ','},       {0x00AD, 0x00AD}, {0x0300, 0x036F},
    {0x0898, 0x089F}, {0x08CA, 0x08FF}, {0x200B, 0x200F}, {0x202A, 0x202E},
    {0x2060, 0x206F}, {0xFE00, 0xFE0F}, {0xFE73, 0xFE73}, {0xFEFF, 0xFEFF},
};

/*
 * Arabic letters as fonts once drew them, which utf8proc resolves by their compatibility
 * mapping.
 */
static bool is_presentation(uint32_t code)
{
    return (code >= 0xFB50 && code <= 0xFDFF) || (code >= 0xFE70 && code <= 0xFEFC);
}

static uint32_t map(uint32_t code)
{
    if (code >= FH_ARABIC_FIRST && code < FH_ARABIC_FIRST + FH_ARABIC_COUNT) {
        uint32_t to = arabic[code - FH_ARABIC_FIRST];
        return to == KEEP ? code : to;
    }
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (code >= dropped[i].first && code <= dropped[i].last)
            return DROP;
    return code;
}

/* The letter that LETTER, folded already, becomes under a hamza: only waw and yeh carry one. */
static uint32_t carry_hamza(uint32_t letter)
{
    return letter == FH_WAW ? FH_WAW_HAMZA : letter == FH_YEH ? FH_YEH_HAMZA : letter;
}

/* ---- Plain words ---- */

/* Put CODE, of the Arabic block or ASCII, behind the LEN bytes at OUT; the new length. */
static size_t put_plain(uint32_t code, char *out, size_t len)
{
    if (code < 0x80) {
        out[len] = (char)code;
        return len + 1;
    }
    out[len] = (char)(0xC0 | (code >> 6));
    out[len + 1] = (char)(0x80 | (code & 0x3F));
    return len + 2;
}

static uint32_t fold_ascii(unsigned char byte)
{
    if (byte == ',' || byte == ' ')
        return DROP;
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

/* Put a hamza on the last letter at OUT, if that can carry one. */
static void join_plain(char *out, size_t len)
{
    if (len < 2 || !FH_ARABIC_LEAD(out[len - 2]))
        return;
    uint32_t letter = FH_ARABIC_FIRST + FH_ARABIC_INDEX(out[len - 2], out[len - 1]);
    put_plain(carry_hamza(letter), out, len - 2);
}

/* Fold a word of ASCII and the Arabic block; false when WORD holds anything else. */
static bool fold_plain(fh_str word, char *out, size_t *len)
{
    size_t n = 0;
    size_t i = 0;
    while (i < word.len) {
        unsigned char byte = (unsigned char)word.ptr[i];
        uint32_t to;
        if (byte < 0x80) {
            to = fold_ascii(byte);
            i++;
        } else if (FH_ARABIC_LEAD(byte) && i + 1 < word.len) {
            uint32_t index = FH_ARABIC_INDEX(byte, word.ptr[i + 1]);
            to = arabic[index] == KEEP ? FH_ARABIC_FIRST + index : arabic[index];
            i += 2;
        } else {
            return false;
        }
        if (to == DROP)
            continue;
        if (to == JOIN) {
            join_plain(out, n);
            continue;
        }
        if (n + (to < 0x80 ? 1 : 2) > FH_TERM_MAX)
            break;
        n = put_plain(to, out, n);
    }
    *len = n;
    return true;
}

/* ---- Any word ---- */

/* More letters and marks than FH_TERM_MAX bytes can come from, however they compose. */
#define CODES_MAX 1024
/* The longest mapping of one character, that of U+FDFA, has 18. */
#define PARTS_MAX 32

typedef struct codes {
    utf8proc_int32_t code[CODES_MAX];
    size_t count;
} codes;

static int class_of(utf8proc_int32_t code)
{
    return utf8proc_get_property(code)->combining_class;
}

/* Put a hamza on the last letter, whatever marks stand between. */
static void join_any(codes *c)
{
    size_t i = c->count;
    while (i > 0 && class_of(c->code[i - 1]) != 0)
        i--;
    if (i > 0)
        c->code[i - 1] = (utf8proc_int32_t)carry_hamza((uint32_t)c->code[i - 1]);
}

/* Add CODE, a mark behind those marks of its letter that Unicode orders before it. */
static void add_code(codes *c, utf8proc_int32_t code)
{
    int class = class_of(code);
    size_t i = c->count++;
    while (class != 0 && i > 0 && class_of(c->code[i - 1]) > class) {
        c->code[i] = c->code[i - 1];
        i--;
    }
    c->code[i] = code;
}

/* Take CODE apart, case folded, and add what the table leaves of it. */
static void add_parts(codes *c, uint32_t code)
{
    utf8proc_int32_t part[PARTS_MAX];
    int bounds = 0;
    utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD;
    if (is_presentation(code))
        options |= UTF8PROC_COMPAT;
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)code, part, PARTS_MAX, options, &bounds);
    for (utf8proc_ssize_t i = 0; i < count && i < PARTS_MAX && c->count < CODES_MAX; i++) {
        uint32_t to = map((uint32_t)part[i]);
        if (to == JOIN)
            join_any(c);
        else if (to != DROP)
            add_code(c, (utf8proc_int32_t)to);
    }
}

static size_t fold_any(fh_str word, char *out)
{
    codes c;
    c.count = 0;
    for (size_t i = 0; i < word.len && c.count < CODES_MAX;) {
        uint32_t code;
        i += fh_utf8_decode(word.ptr + i, word.len - i, &code, NULL);
        add_parts(&c, code);
    }
    utf8proc_ssize_t count = utf8proc_normalize_utf32(c.code, (utf8proc_ssize_t)c.count,
                                                      UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    size_t len = 0;
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        char bytes[FH_UTF8_MAX];
        size_t size = fh_utf8_encode((uint32_t)c.code[i], bytes);
        if (len + size > FH_TERM_MAX)
            break;
        memcpy(out + len, bytes, size);
        len += size;
    }
    return len;
}

size_t fh_fold(fh_str word, char *out)
{
    size_t len;
    return fold_plain(word, out, &len) ? len : fold_any(word, out);
}
