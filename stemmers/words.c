#include "stemmers/words.h"

#include <endian.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"
#include "stemmers/letters.h"

/* What a character does to words. Those from ARABIC on begin one. */
enum {
    SEPARATOR, /* ends a word */
    MARK,      /* belongs to the word before it */
    UNSEEN,    /* inside a word does not end it */
    ARABIC,    /* a letter */
    OTHER,     /* a letter of any other script */
    DIGIT
};

static const uint8_t ascii[0x80] = {
    ['0' ... '9'] = DIGIT,
    ['A' ... 'Z'] = OTHER,
    ['a' ... 'z'] = OTHER,
};

/* The Arabic block, from U+0600. What is not listed separates. */
static const uint8_t arabic[FH_ARABIC_COUNT] = {
    [0x10 ... 0x1A] = MARK,
    [0x1C] = UNSEEN,
    [0x20 ... 0x3F] = ARABIC,
    [0x40] = MARK,
    [0x41 ... 0x4A] = ARABIC,
    [0x4B ... 0x5F] = MARK,
    [0x60 ... 0x69] = DIGIT,
    [0x6E ... 0x6F] = ARABIC,
    [0x70] = MARK,
    [0x71 ... 0xD3] = ARABIC,
    [0xD5] = ARABIC,
    [0xD6 ... 0xDC] = MARK,
    [0xDF ... 0xE8] = MARK,
    [0xEA ... 0xED] = MARK,
    [0xEE ... 0xEF] = ARABIC,
    [0xF0 ... 0xF9] = DIGIT,
    [0xFA ... 0xFC] = ARABIC,
    [0xFF] = ARABIC,
};

/* Ranges beyond the Arabic block where the general category does not decide; ascending. */
static const struct {
    uint32_t first, last;
    int class;
} ranges[] = {
    {0x00AD, 0x00AD, UNSEEN}, {0x0750, 0x077F, ARABIC}, {0x0870, 0x0887, ARABIC},
    {0x0889, 0x088E, ARABIC}, {0x0898, 0x089F, MARK},   {0x08A0, 0x08C9, ARABIC},
    {0x08CA, 0x08E1, MARK},   {0x08E3, 0x08FF, MARK},   {0x200B, 0x200F, UNSEEN},
    {0x202A, 0x202E, UNSEEN}, {0x2060, 0x206F, UNSEEN}, {0xFB50, 0xFBB1, ARABIC},
    {0xFBD3, 0xFC5D, ARABIC}, {0xFC5E, 0xFC63, MARK},   {0xFC64, 0xFCF1, ARABIC},
    {0xFCF2, 0xFCF4, MARK},   {0xFCF5, 0xFD3D, ARABIC}, {0xFD50, 0xFD8F, ARABIC},
    {0xFD92, 0xFDC7, ARABIC}, {0xFDF0, 0xFDF9, ARABIC}, {0xFDFA, 0xFDFB, SEPARATOR},
    {0xFE70, 0xFE7F, MARK},   {0xFE80, 0xFEFC, ARABIC}, {0xFEFF, 0xFEFF, UNSEEN},
};

static int class_by_category(uint32_t code)
{
    switch (utf8proc_category((utf8proc_int32_t)code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
        return OTHER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return MARK;
    case UTF8PROC_CATEGORY_ND:
        return DIGIT;
    default:
        return SEPARATOR;
    }
}

static int class_of(uint32_t code)
{
    size_t count = sizeof ranges / sizeof *ranges;
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return ranges[i].class;
    return class_by_category(code);
}

/* The class of the character at AT, which is inside the text; *SIZE are its bytes. */
static inline int classify(fh_str text, size_t at, size_t *size)
{
    unsigned char byte = (unsigned char)text.ptr[at];
    if (byte < 0x80) {
        *size = 1;
        return ascii[byte];
    }
    if (FH_ARABIC_LEAD(byte) && at + 1 < text.len) {
        *size = 2;
        return arabic[FH_ARABIC_INDEX(byte, text.ptr[at + 1])];
    }
    uint32_t code;
    *size = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
    return class_of(code);
}

/* ---- Numbers ---- */

/* The end of the digits from AT on; *COUNT of them. */
static size_t pass_digits(fh_str text, size_t at, size_t *count)
{
    size_t size;
    for (*count = 0; at < text.len && classify(text, at, &size) == DIGIT; ++*count)
        at += size;
    return at;
}

/*
 * If a separator with a digit behind it stands at AT, the place of that digit, else 0.
 * *POINT says that it is a decimal point, not a separator of thousands.
 */
static size_t pass_separator(fh_str text, size_t at, bool *point)
{
    if (at >= text.len)
        return 0;
    uint32_t code;
    size_t size = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
    *point = code == '.' || code == FH_ARABIC_DECIMAL;
    if (!*point && code != ',' && code != FH_ARABIC_COMMA && code != FH_ARABIC_THOUSANDS)
        return 0;
    at += size;
    return at < text.len && classify(text, at, &size) == DIGIT ? at : 0;
}

/*
 * The end of the number whose first digits end at AT, COUNT of them: more groups follow as long as
 * they make one number; if any group is left over, it was none, and AT is the end.
 */
static size_t end_number(fh_words *w, size_t at, size_t count)
{
    bool whole = true;
    bool grouped = count <= 3;
    bool pointed = false;
    bool point = false;
    size_t end = at;
    for (size_t next; (next = pass_separator(w->text, end, &point)) != 0;) {
        end = pass_digits(w->text, next, &count);
        if (pointed || (!point && (!grouped || count != 3)))
            whole = false;
        pointed = pointed || point;
    }
    if (whole)
        return end;
    w->plain = end;
    return at;
}

/* ---- Words ---- */

/* Does a character of CLASS go on with a word of KIND? */
static inline bool goes_on(int kind, int class)
{
    return class == kind || (kind != ARABIC && (class == OTHER || class == DIGIT));
}

/* The end of the letters and marks of the Arabic block from AT on: most words are nothing else. */
static size_t pass_arabic(fh_str text, size_t at)
{
    while (at + 1 < text.len && FH_ARABIC_LEAD(text.ptr[at])) {
        int class = arabic[FH_ARABIC_INDEX(text.ptr[at], text.ptr[at + 1])];
        if (class != ARABIC && class != MARK)
            break;
        at += 2;
    }
    return at;
}

/* The end of the number, or of the group of digits, that begins at AT. */
static size_t pass_number(fh_words *w, size_t at)
{
    size_t count;
    size_t end = pass_digits(w->text, at, &count);
    return at < w->plain ? end : end_number(w, end, count);
}

/* The end of the word that begins at AT with a character of KIND. */
static size_t end_word(fh_words *w, size_t at, int kind)
{
    fh_str text = w->text;
    size_t end = at;
    if (kind == ARABIC)
        end = pass_arabic(text, at);
    else if (kind == DIGIT)
        end = pass_number(w, at);
    size_t size;
    for (size_t i = end; i < text.len; i += size) {
        int class = classify(text, i, &size);
        if (class == UNSEEN)
            continue;
        if (class != MARK && !goes_on(kind, class))
            break;
        end = i + size;
    }
    return end;
}

bool fh_words_next(fh_words *w, fh_span *span)
{
    size_t size;
    for (size_t i = w->next; i < w->text.len; i += size) {
        int class = classify(w->text, i, &size);
        if (class < ARABIC)
            continue;
        w->next = end_word(w, i, class);
        *span = (fh_span){(uint32_t)i, (uint32_t)w->next};
        return true;
    }
    w->next = w->text.len;
    *span = (fh_span){0, 0};
    return false;
}

/* ---- Several words at a time ---- */

/*
 * Nearly all words are letters of the Arabic block that stand behind a space or two. Those are
 * found here, four letters in one step; all others by fh_words_next().
 */

/* Letters of two bytes in one step, and steps taken without a look at what they gave. */
#define STEP  4
#define STEPS 2

/* So many bytes behind the beginning of a word may be read. */
#define REACH (2 * STEP * STEPS)

/*
 * How many of the STEP characters at P are of U+0620 to U+065F, which all go on with an Arabic word:
 * those with a lead byte of D8 and a trail byte of A0 to BF, or with D9 and 80 to 9F. In both, the
 * last bit of the lead byte is another than bit 5 of the trail byte.
 */
static inline unsigned count_letters(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    x = le64toh(x);
    uint64_t bad = ((x & 0xC0FEC0FEC0FEC0FEU) ^ 0x80D880D880D880D8U) |
                   (~(x ^ (x >> 13)) & 0x0001000100010001U);
    return bad ? (unsigned)__builtin_ctzll(bad) / 16 : STEP;
}

/*
 * Pass what separates, from AT on. *FOUND says that an Arabic letter was found, with REACH bytes of
 * text behind it; else fh_words_next() has to go on from here.
 */
static inline size_t begin_plain(fh_str text, size_t at, bool *found)
{
    const char *p = text.ptr;
    *found = false;
    while (at + REACH < text.len) {
        unsigned char byte = (unsigned char)p[at];
        if (FH_ARABIC_LEAD(byte)) {
            int class = arabic[FH_ARABIC_INDEX(byte, p[at + 1])];
            *found = class == ARABIC;
            if (class >= ARABIC)
                break;
            at += 2;
        } else if (byte < 0x80 && ascii[byte] == SEPARATOR) {
            at++;
        } else {
            break;
        }
    }
    return at;
}

/* Does the character at AT, inside the text, end every Arabic word? */
static inline bool ends_plain(fh_str text, size_t at)
{
    unsigned char byte = (unsigned char)text.ptr[at];
    if (byte < 0x80)
        return true;
    return FH_ARABIC_LEAD(byte) && arabic[FH_ARABIC_INDEX(byte, text.ptr[at + 1])] == SEPARATOR;
}

/* The end of the letters from AT on, with REACH bytes behind it; the text may go on with others. */
static inline size_t pass_plain(fh_str text, size_t at)
{
    do {
        unsigned first = count_letters(text.ptr + at);
        unsigned second = count_letters(text.ptr + at + 2 * STEP);
        unsigned letters = first < STEP ? first : first + second;
        at += 2 * letters;
        if (letters < STEP * STEPS)
            break;
    } while (at + REACH < text.len);
    return at;
}

size_t fh_words_some(fh_words *w, fh_token *tokens, size_t room)
{
    fh_str text = w->text;
    size_t count = 0;
    size_t at = w->next;
    while (count < room) {
        bool found;
        size_t start = begin_plain(text, at, &found);
        size_t end = found ? pass_plain(text, start) : 0;
        if (found && end + 1 < text.len && ends_plain(text, end)) {
            tokens[count++].span = (fh_span){(uint32_t)start, (uint32_t)end};
            at = end;
            continue;
        }
        w->next = start;
        if (!fh_words_next(w, &tokens[count].span))
            return count;
        count++;
        at = w->next;
    }
    w->next = at;
    return count;
}
