#include "engines/lettercode.h"

#include <string.h>

#include "base/utf8.h"

#define HAMZA        0x0621u /* the first letter of the Arabic block */
#define SUKUN        0x0652u /* the last of the marks that follow its letters */
#define LETTERS_CODE 0x8Fu   /* the code of HAMZA; the others follow in order */
#define LETTERS      (SUKUN - HAMZA + 1)
#define BAD_BYTE     0xFFu

/*
 * A run of characters with codes of their own. The code below the first one's is the gap
 * before.
 */
typedef struct run {
    uint32_t first;
    uint32_t last;
    unsigned char code; /* of the first */
} run;

/* In order of characters and codes, so that codes sort as texts. */
static const run runs[] = {
    {0x00A0, 0x00A0, 0x81},       /* no-break space */
    {0x00AB, 0x00AB, 0x83},       /* « */
    {0x00BB, 0x00BB, 0x85},       /* » */
    {0x00D7, 0x00D7, 0x87},       /* × */
    {0x060C, 0x060C, 0x89},       /* Arabic comma */
    {0x061B, 0x061B, 0x8B},       /* Arabic semicolon */
    {0x061F, 0x061F, 0x8D},       /* Arabic question mark */
    {HAMZA, SUKUN, LETTERS_CODE}, /* letters, tatweel and tashkeel */
    {0x0660, 0x066C, 0xC2}, /* Arabic-Indic digits, percent, decimal and thousands marks */
    {0x0670, 0x0671, 0xD0}, /* superscript alef, alef wasla */
    {0x067E, 0x067E, 0xD3}, /* peh */
    {0x0686, 0x0686, 0xD5}, /* tcheh */
    {0x0698, 0x0698, 0xD7}, /* jeh */
    {0x06A4, 0x06A4, 0xD9}, /* veh */
    {0x06A9, 0x06A9, 0xDB}, /* keheh */
    {0x06AF, 0x06AF, 0xDD}, /* gaf */
    {0x06CC, 0x06CC, 0xDF}, /* Farsi yeh */
    {0x200B, 0x200F, 0xE1}, /* zero-width space, joiners, direction marks */
    {0x2013, 0x2014, 0xE7}, /* dashes */
    {0x2018, 0x2019, 0xEA}, /* single quotation marks */
    {0x201C, 0x201D, 0xED}, /* double quotation marks */
    {0x2022, 0x2022, 0xF0}, /* bullet */
    {0x2026, 0x2026, 0xF2}, /* ellipsis */
    {0xFEFF, 0xFEFF, 0xF4}, /* byte order mark */
    {FH_REPLACEMENT, FH_REPLACEMENT, 0xF6},
};

#define RUNS     (sizeof runs / sizeof *runs)
#define LAST_GAP 0xF7u /* above the last run */

/* The first run that ends at CODE or behind it, or RUNS. */
static size_t run_at(uint32_t code)
{
    size_t low = 0;
    size_t high = RUNS;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (runs[middle].last < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Encode one character that is neither ASCII nor an Arabic letter; moves *TEXT on. */
static unsigned char *encode_rare(const char **text, const char *end, unsigned char *out)
{
    uint32_t code;
    bool bad;
    size_t used = fh_utf8_decode(*text, (size_t)(end - *text), &code, &bad);
    if (bad) {
        *out++ = BAD_BYTE;
        *out++ = (unsigned char)*(*text)++;
        return out;
    }
    size_t at = run_at(code);
    if (at < RUNS && code >= runs[at].first) {
        *out++ = (unsigned char)(runs[at].code + (code - runs[at].first));
    } else {
        *out++ = at < RUNS ? (unsigned char)(runs[at].code - 1) : LAST_GAP;
        memcpy(out, *text, used);
        out += used;
    }
    *text += used;
    return out;
}

size_t fh_letters_encode(fh_str text, char *out)
{
    const char *at = text.ptr;
    const char *end = text.ptr + text.len;
    unsigned char *to = (unsigned char *)out;
    while (at < end) {
        unsigned char byte = (unsigned char)*at;
        if (byte < 0x80) {
            *to++ = byte;
            at++;
            continue;
        }
        if ((byte & 0xFC) == 0xD8 && end - at > 1 && ((unsigned char)at[1] & 0xC0) == 0x80) {
            uint32_t code = (byte & 0x1Fu) << 6 | ((unsigned char)at[1] & 0x3Fu);
            if (code - HAMZA < LETTERS) {
                *to++ = (unsigned char)(LETTERS_CODE + (code - HAMZA));
                at += 2;
                continue;
            }
        }
        to = encode_rare(&at, end, to);
    }
    return (size_t)(to - (unsigned char *)out);
}

/*
 * The run or the gap before a run that BYTE, 0x80 to LAST_GAP, belongs to; RUNS for LAST_GAP.
 */
static size_t run_of(unsigned char byte)
{
    size_t low = 0;
    size_t high = RUNS;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (runs[middle].code + (runs[middle].last - runs[middle].first) < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/*
 * Decode one character that is neither ASCII nor an Arabic letter; moves *AT on.
 * Returns the bytes written to OUT (room for FH_UTF8_MAX), 0 for what encode never writes.
 */
static size_t decode_rare(const char **at, const char *end, char *out)
{
    unsigned char byte = (unsigned char)*(*at)++;
    if (byte == BAD_BYTE && *at < end && ((unsigned char)**at & 0x80)) {
        *out = *(*at)++;
        return 1;
    }
    if (byte > LAST_GAP)
        return 0;
    size_t i = run_of(byte);
    if (i < RUNS && byte >= runs[i].code)
        return fh_utf8_encode(runs[i].first + (byte - runs[i].code), out);
    uint32_t code;
    bool bad;
    size_t used = *at < end ? fh_utf8_decode(*at, (size_t)(end - *at), &code, &bad) : 0;
    if (used == 0 || bad || code < 0x80 || run_at(code) != i ||
        (i < RUNS && code >= runs[i].first))
        return 0;
    memcpy(out, *at, used);
    *at += used;
    return used;
}

/*
 * Decode what is ASCII or an Arabic letter, up to the first byte that is neither or to the room's end.
 * Both are written as two bytes, of which an ASCII character keeps one: without a branch on which it is.
 */
static void decode_common(const char **at, const char *end, char **to, const char *limit)
{
    const char *from = *at;
    char *out = *to;
    for (; from < end && limit - out > 1; from++) {
        unsigned byte = (unsigned char)*from;
        unsigned letter = byte - LETTERS_CODE;
        bool ascii = byte < 0x80;
        if (!ascii && letter >= LETTERS)
            break;
        letter += HAMZA;
        out[0] = (char)(ascii ? byte : 0xC0 | letter >> 6);
        out[1] = (char)(0x80 | (letter & 0x3F));
        out += 2 - ascii;
    }
    *at = from;
    *to = out;
}

bool fh_letters_decode(fh_str code, char *out, size_t room, size_t *len)
{
    const char *at = code.ptr;
    const char *end = code.ptr + code.len;
    char *to = out;
    char *limit = out + room;
    *len = 0;
    for (decode_common(&at, end, &to, limit); at < end; decode_common(&at, end, &to, limit)) {
        if ((unsigned char)*at < 0x80) { /* the last byte of the room */
            if (to == limit)
                return false;
            *to++ = *at++;
            continue;
        }
        char rare[FH_UTF8_MAX];
        size_t used = decode_rare(&at, end, rare);
        if (used == 0 || used > (size_t)(limit - to))
            return false;
        memcpy(to, rare, used);
        to += used;
    }
    *len = (size_t)(to - out);
    return true;
}
