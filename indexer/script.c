#include "indexer/script.h"

/* What a fault takes off the score, and what a word of two scripts does: bits, times ten. */
#define FAULT_COST   120
#define MIXTURE_COST 30

/*
 * A letter that Arabic does not use but Persian or Urdu do; and the rarest of the Arabic ones.
 */
#define FOREIGN_WEIGHT (-20)

#define ARABIC_COMMA        0x060C
#define ARABIC_SEMICOLON    0x061B
#define ARABIC_QUESTION     0x061F
#define HAMZA               0x0621
#define TEH_MARBUTA         0x0629
#define ALEF_MAKSURA        0x0649
#define YEH                 0x064A
#define DAMMATAN            0x064C
#define KASRATAN            0x064D
#define FATHATAN            0x064B
#define SUKUN               0x0652
#define TATWEEL             0x0640
#define NO_BREAK_SPACE      0x00A0
#define LEFT_GUILLEMET      0x00AB
#define SOFT_HYPHEN         0x00AD
#define MIDDLE_DOT          0x00B7
#define RIGHT_GUILLEMET     0x00BB
#define MULTIPLICATION      0x00D7
#define DIVISION            0x00F7
#define APOSTROPHE          0x2019
#define GENERAL_PUNCTUATION 0x2000
#define PUNCTUATION_END     0x2070
#define DAGGER              0x2020
#define PER_MILLE           0x2030
#define LATIN_EXTENDED_END  0x0250

/*
 * Ten times the binary logarithm of (frequency x 36), from HAMZA to YEH; 0 where there is no
 * letter.
 */
static const signed char weights[] = {
    -27, -40, -1, -46, -15, -30, 24,  4,   -3,  3,   -22, -11, -7,  -18,
    0,   -14, 6,  -25, -4,  -17, -15, -22, -20, -34, 3,   -26, 0,   0,
    0,   0,   0,  -65, 1,   -4,  -4,  21,  12,  11,  6,   11,  -15, 13,
};

/* What a character is for the words around it. */
typedef enum kind {
    OTHER, /* stands between words: spaces, punctuation, digits */
    ARABIC,
    MARK, /* a vowel sign on an Arabic letter */
    ASCII,
    LATIN,  /* a Latin letter that is not ASCII */
    SYMBOL, /* beyond ASCII, and does not stand inside a word */
    NOTHING /* in no text at all */
} kind;

typedef struct glyph {
    uint32_t code;
    kind is;
} glyph;

static bool is_ascii_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

static kind kind_of_ascii(uint32_t code)
{
    if (is_ascii_letter(code))
        return ASCII;
    bool layout = code == '\t' || code == '\n' || code == '\r' || code == '\f';
    return (code < 0x20 && !layout) || code == 0x7F ? NOTHING : OTHER;
}

/* Sloppy writers leave out the space at these. */
static bool is_punctuation(uint32_t code)
{
    static const uint32_t marks[] = {ARABIC_COMMA,   ARABIC_SEMICOLON, ARABIC_QUESTION,
                                     NO_BREAK_SPACE, LEFT_GUILLEMET,   RIGHT_GUILLEMET,
                                     SOFT_HYPHEN,    MIDDLE_DOT};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (code == marks[i])
            return true;
    }
    bool general = code >= GENERAL_PUNCTUATION && code < PUNCTUATION_END;
    return general && code != DAGGER && code != DAGGER + 1 && code != PER_MILLE;
}

static kind kind_of(uint32_t code, unsigned char byte)
{
    if (byte < 0x80)
        return kind_of_ascii(byte);
    if (code < 0xA0)
        return NOTHING;
    if (is_punctuation(code))
        return OTHER;
    if (code >= FATHATAN && code <= SUKUN)
        return MARK;
    if (code >= HAMZA && code < 0x0700)
        return ARABIC;
    bool letter = code >= 0xC0 && code != MULTIPLICATION && code != DIVISION;
    return letter && code < LATIN_EXTENDED_END ? LATIN : SYMBOL;
}

static void name_glyphs(const fh_code_page *page, glyph glyphs[256])
{
    for (unsigned i = 0; i < 256; i++)
        glyphs[i] = (glyph){page->codes[i], kind_of(page->codes[i], (unsigned char)i)};
}

static int weight_of(uint32_t code)
{
    return code <= YEH ? weights[code - HAMZA] : FOREIGN_WEIGHT;
}

static bool is_arabic(kind k)
{
    return k == ARABIC || k == MARK;
}

/* A letter or sign with which a word ends. */
static bool ends_word(uint32_t code)
{
    return code == TEH_MARBUTA || code == ALEF_MAKSURA || code == DAMMATAN || code == KASRATAN;
}

/* Can B not follow A in a text that has Arabic letters? */
static bool is_arabic_fault(glyph a, glyph b)
{
    if (b.is == NOTHING)
        return true;
    if (b.is == MARK)
        return !is_arabic(a.is);
    if (b.is == ARABIC && b.code != TATWEEL)
        return ends_word(a.code) || a.is == LATIN;
    return b.is == LATIN && is_arabic(a.is);
}

fh_script_score fh_script_arabic(fh_str text, const fh_code_page *page)
{
    glyph glyphs[256];
    glyph before = {0}, last = {0};
    fh_script_score score = {0};
    name_glyphs(page, glyphs);
    for (size_t i = 0; i < text.len; i++) {
        glyph g = glyphs[(unsigned char)text.ptr[i]];
        if (g.is == ARABIC) {
            score.letters++;
            score.tenths += weight_of(g.code);
        }
        bool mixed =
            (g.is == ASCII && is_arabic(last.is)) || (g.is == ARABIC && last.is == ASCII);
        bool torn = g.is == ARABIC && last.is == SYMBOL && is_arabic(before.is);
        score.ascii += g.is == ASCII;
        score.faults += torn || is_arabic_fault(last, g);
        score.tenths -= mixed ? MIXTURE_COST : 0;
        before = last;
        last = g;
    }
    score.tenths -= (int64_t)score.faults * FAULT_COST;
    return score;
}

static bool is_latin(kind k)
{
    return k == ASCII || k == LATIN;
}

/*
 * An upper-case letter of those that Latin-1 has beyond ASCII; the lower-case ones come 32
 * later.
 */
static bool is_upper(glyph g)
{
    return g.is == LATIN && g.code >= 0xC0 && g.code < 0xDF;
}

static bool is_lower(glyph g)
{
    return (g.code >= 'a' && g.code <= 'z') || (g.code >= 0xDF && g.code <= 0xFF);
}

/*
 * Symbols and upper-case letters inside words, and words of accents only, are in no language.
 */
fh_script_score fh_script_latin(fh_str text, const fh_code_page *page)
{
    glyph glyphs[256];
    glyph before = {0}, last = {0};
    fh_script_score score = {0};
    name_glyphs(page, glyphs);
    for (size_t i = 0; i < text.len; i++) {
        glyph g = glyphs[(unsigned char)text.ptr[i]];
        bool stops = last.code >= 0x80 && !is_latin(last.is) && last.code != APOSTROPHE &&
                     last.code != SOFT_HYPHEN && last.code != MIDDLE_DOT;
        bool torn = is_latin(g.is) && stops && is_latin(before.is);
        bool raised = is_upper(g) && is_lower(last);
        bool heap = g.is == LATIN && last.is == LATIN && before.is == LATIN;
        score.letters += g.is == LATIN;
        score.ascii += g.is == ASCII;
        score.faults +=
            torn || raised || heap || g.is == NOTHING || g.is == ARABIC || g.is == MARK;
        before = last;
        last = g;
    }
    return score;
}
