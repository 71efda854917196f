#include "indexer/charset.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>
#include <uchardet/uchardet.h>

#include "base/utf8.h"
#include "indexer/script.h"

#define UTF8         "UTF-8"
#define UTF16_LESS   "UTF-16LE"
#define UTF16_MORE   "UTF-16BE"
#define WINDOWS_1256 "WINDOWS-1256"
#define ISO_8859_6   "ISO-8859-6"
#define WINDOWS_1252 "WINDOWS-1252"

/* One odd character in this many bytes is an accident, more is another kind of file. */
#define BYTES_AN_ODD_ONE 20

/* So many are an accident too where the text is short, unless it is made of them. */
#define ODD_ONES_FEW  8
#define BYTES_MADE_OF 4

/* So many good sequences of UTF-8 to a bad one are no accident: no other text has them. */
#define GOOD_ONES_A_BAD_ONE 10

/* Fewer Arabic letters say nothing of the character set: "mn" in one is "kl" in another. */
#define LETTERS_MIN 10

/*
 * Bits, times ten, by which Arabic letters have to be likelier than random ones, and likelier
 * than in the other Arabic set; when uchardet says the same and when it does not.
 */
#define SCORE_AGREED    (-50)
#define SCORE_MIN       80
#define DISTANCE_AGREED 1
#define DISTANCE_MIN    200

/* One fault in so many letters is an accident. */
#define LETTERS_A_FAULT 50

/* Fewer letters beyond ASCII do not show which Latin letters they are. */
#define ACCENTS_MIN 4

/* Of three letters of a language in Latin ones, at most one is not ASCII. */
#define LETTERS_AN_ACCENT 3

/* Fewer units say nothing of UTF-16. */
#define UNITS_MIN 4

/*
 * Of UTF-16 in Arabic so many units in ten have the high byte of Arabic, Latin or punctuation.
 */
#define UNITS_OF_TEN 9

/* A declared name that is not known is shown up to so many bytes. */
#define NAME_MAX_SHOWN 40

bool fh_charset_is_utf8(const fh_charset *c)
{
    return strcmp(c->name, UTF8) == 0;
}

/* ---- Names ---- */

/*
 * What pages call the character sets that are read, in small letters, without what is between.
 */
static const struct alias {
    const char *alias;
    const char *name;
} aliases[] = {
    {"utf8", UTF8},
    {"windows1256", WINDOWS_1256},
    {"cp1256", WINDOWS_1256},
    {"xcp1256", WINDOWS_1256},
    {"iso88596", ISO_8859_6},
    {"iso885961987", ISO_8859_6},
    {"iso88596e", ISO_8859_6},
    {"iso88596i", ISO_8859_6},
    {"isoir127", ISO_8859_6},
    {"arabic", ISO_8859_6},
    {"csisolatinarabic", ISO_8859_6},
    {"asmo708", ISO_8859_6},
    {"ecma114", ISO_8859_6},
    {"utf16le", UTF16_LESS},
    {"utf16be", UTF16_MORE},
    {"windows1252", WINDOWS_1252},
    {"cp1252", WINDOWS_1252},
    /* Browsers read Latin-1 as windows-1252, and so the writers of pages mean it. */
    {"iso88591", WINDOWS_1252},
    {"latin1", WINDOWS_1252},
    {"usascii", WINDOWS_1252},
    {"iso885915", "ISO-8859-15"},
};

/*
 * Is NAME the same as ALIAS, but for the case of letters and what is neither letter nor digit?
 */
static bool is_alias(fh_str name, const char *alias)
{
    for (size_t i = 0; i < name.len; i++) {
        char c =
            (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] + 32 : name.ptr[i]);
        bool sign = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (sign && c != *alias++)
            return false;
    }
    return *alias == '\0';
}

/* The name that iconv has for DECLARED, or NULL. */
static const char *name_of(fh_str declared)
{
    for (size_t i = 0; declared.len > 0 && i < sizeof aliases / sizeof *aliases; i++) {
        if (is_alias(declared, aliases[i].alias))
            return aliases[i].name;
    }
    return NULL;
}

/* ---- UTF-8 ---- */

/* What a sample has when it is read as UTF-8. */
typedef struct census {
    size_t bytes;
    size_t good;     /* characters of several bytes */
    size_t bad;      /* sequences that are none */
    size_t controls; /* control characters but those that lay text out */
} census;

static bool is_control(uint32_t code)
{
    return (code < 0x20 && code != '\t' && code != '\n' && code != '\r' && code != '\f') ||
           code == 0x7F;
}

size_t fh_charset_plain(fh_str text)
{
    size_t len = 0;
    while (len < text.len && (unsigned char)text.ptr[len] < 0x80 &&
           !is_control((unsigned char)text.ptr[len]))
        len++;
    return len;
}

static census count(const fh_charset_sample *s)
{
    census c = {0};
    fh_str text = s->bytes;
    while (c.bytes < text.len) {
        uint32_t code;
        bool bad;
        size_t left = text.len - c.bytes;
        size_t used = fh_utf8_decode(text.ptr + c.bytes, left, &code, &bad);
        bool cut = bad && !s->ends && used == left;
        c.bytes += used;
        c.bad += bad && !cut;
        c.good += !bad && used > 1;
        c.controls += is_control(code);
    }
    return c;
}

static bool are_few(size_t odd, size_t bytes)
{
    return (odd <= ODD_ONES_FEW && odd * BYTES_MADE_OF <= bytes) ||
           odd * BYTES_AN_ODD_ONE <= bytes;
}

/* ---- UTF-16 ---- */

/* What a sample has when it is read as UTF-16. */
typedef struct wide_census {
    size_t units;
    size_t usual; /* units whose high byte is one that Arabic text has */
    size_t odd;   /* control characters, surrogates without the other half, no characters */
} wide_census;

static bool is_usual(unsigned high)
{
    return high == 0x00 || high == 0x06 || high == 0x20 || (high >= 0xFB && high <= 0xFE);
}

static wide_census count_wide(fh_str text, bool more)
{
    wide_census c = {0};
    bool open = false; /* the unit before was the first half of a surrogate pair */
    for (size_t i = 0; i + 1 < text.len; i += 2) {
        unsigned high = (unsigned char)text.ptr[i + !more];
        unsigned low = (unsigned char)text.ptr[i + more];
        bool second = high >= 0xDC && high <= 0xDF;
        c.units++;
        c.usual += is_usual(high);
        c.odd += is_control(high << 8 | low) || (high == 0xFF && low >= 0xFE) || second != open;
        open = high >= 0xD8 && high <= 0xDB;
    }
    return c;
}

/* The order of the bytes when TEXT, without a mark, is Arabic or Latin in UTF-16; else NULL. */
static const char *order_of(fh_str text)
{
    wide_census less = count_wide(text, false), more = count_wide(text, true);
    if (less.units < UNITS_MIN)
        return NULL;
    wide_census best = less.usual > more.usual ? less : more;
    size_t other = less.usual > more.usual ? more.usual : less.usual;
    bool clear = best.usual * 10 >= best.units * UNITS_OF_TEN && other * 2 < best.units;
    if (!clear || best.odd * BYTES_AN_ODD_ONE > best.units)
        return NULL;
    return less.usual > more.usual ? UTF16_LESS : UTF16_MORE;
}

/* ---- Sets of one byte a character ---- */

/* Fill PAGE by what iconv says of each byte; false when it does not know NAME. */
static bool read_page(const char *name, fh_code_page *page)
{
    iconv_t cd = iconv_open("UTF-8", name);
    *page = (fh_code_page){0};
    if (cd == (iconv_t)-1)
        return false;
    for (unsigned i = 0; i < 256; i++) {
        char byte = (char)i, utf8[FH_UTF8_MAX];
        char *in = &byte, *out = utf8;
        size_t in_left = 1, out_left = sizeof utf8;
        if (iconv(cd, &in, &in_left, &out, &out_left) != (size_t)-1 && out > utf8)
            fh_utf8_decode(utf8, (size_t)(out - utf8), &page->codes[i], NULL);
    }
    iconv_close(cd);
    return true;
}

static fh_script_score score_arabic(const char *name, fh_str text)
{
    fh_code_page page;
    return read_page(name, &page) ? fh_script_arabic(text, &page) : (fh_script_score){0};
}

/* What uchardet takes TEXT for, into SPACE; the empty text when it does not know. */
static void ask_uchardet(fh_str text, char space[static NAME_MAX_SHOWN])
{
    uchardet_t detector = uchardet_new();
    space[0] = '\0';
    if (!detector)
        return;
    if (uchardet_handle_data(detector, text.ptr, text.len) == 0) {
        uchardet_data_end(detector);
        snprintf(space, NAME_MAX_SHOWN, "%s", uchardet_get_charset(detector));
    }
    uchardet_delete(detector);
}

/* The Arabic set of one byte a character that TEXT is in, or NULL when that is not clear. */
static const char *detect_arabic(fh_str text, const char *second_opinion)
{
    fh_script_score windows = score_arabic(WINDOWS_1256, text);
    fh_script_score iso = score_arabic(ISO_8859_6, text);
    bool is_windows = windows.tenths >= iso.tenths;
    fh_script_score best = is_windows ? windows : iso;
    const char *name = is_windows ? WINDOWS_1256 : ISO_8859_6;
    int64_t distance = best.tenths - (is_windows ? iso.tenths : windows.tenths);
    /* The sets have many letters in common: a text of those alone reads the same in both. */
    bool same = distance == 0;
    const char *other = is_windows ? ISO_8859_6 : WINDOWS_1256;
    bool agreed =
        strcmp(name, second_opinion) == 0 || (same && strcmp(other, second_opinion) == 0);
    bool clear = same || distance >= (agreed ? DISTANCE_AGREED : DISTANCE_MIN);
    bool likely = best.tenths >= (agreed ? SCORE_AGREED : SCORE_MIN);
    return best.letters >= LETTERS_MIN && likely && clear ? name : NULL;
}

/*
 * Does TEXT, by the set NAME, read as a language in Latin letters, with so many ACCENTS or
 * more?
 */
static bool reads_latin(const char *name, fh_str text, size_t accents)
{
    fh_code_page page;
    if (!read_page(name, &page))
        return false;
    fh_script_score score = fh_script_latin(text, &page);
    size_t all = score.letters + score.ascii;
    return score.letters >= accents && score.faults * LETTERS_A_FAULT <= score.letters &&
           score.letters * LETTERS_AN_ACCENT <= all;
}

static bool detect_latin(fh_str text, const char *second_opinion)
{
    static const char *const names[] = {"ISO-8859-1", "ISO-8859-15", WINDOWS_1252};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(names[i], second_opinion) == 0)
            return reads_latin(WINDOWS_1252, text, ACCENTS_MIN);
    }
    return false;
}

/*
 * Does TEXT look like text when it is read as the declared NAME? ARABIC is what was detected.
 */
static bool fits(const char *name, const char *arabic, fh_str text)
{
    if (arabic)
        return strcmp(arabic, name) == 0;
    if (strcmp(name, WINDOWS_1256) == 0 || strcmp(name, ISO_8859_6) == 0) {
        fh_script_score score = score_arabic(name, text);
        return score.letters < LETTERS_MIN ? score.faults == 0 : score.tenths >= 0;
    }
    return strncmp(name, "UTF-", 4) != 0 && reads_latin(name, text, 0);
}

/* ---- Decision ---- */

static fh_status decide_for(const char *name, fh_charset_ground ground, fh_charset *out)
{
    out->name = name;
    out->ground = ground;
    return FH_OK;
}

/* The refusal of what is text in no character set that is known. */
static fh_status refuse(fh_str declared, const char *second_opinion, fh_error *err)
{
    char name[NAME_MAX_SHOWN + 32] = "";
    size_t len = declared.len < NAME_MAX_SHOWN ? declared.len : NAME_MAX_SHOWN;
    bool shown = declared.len > 0;
    for (size_t i = 0; i < len; i++)
        shown = shown && declared.ptr[i] > ' ' && declared.ptr[i] < 0x7F;
    if (shown)
        snprintf(name, sizeof name, ", nor in the declared %.*s", (int)len, declared.ptr);
    const char *guess = second_opinion[0] ? second_opinion : "nothing that is known";
    return fh_fail(err, FH_EFORMAT,
                   "text in no character set that is read: not UTF-8 or UTF-16, no Arabic in "
                   "windows-1256 or ISO-8859-6%s (it looks like %s): convert it to UTF-8 first",
                   name, guess);
}

/* Decide about what is neither UTF-8 nor UTF-16. */
static fh_status decide_bytes(const fh_charset_sample *s, const census *c, fh_charset *out,
                              fh_error *err)
{
    /* uchardet takes most of the time of a small page: it is asked only where it can tip the scales. */
    char opinion[NAME_MAX_SHOWN] = "";
    const char *arabic = detect_arabic(s->bytes, opinion);
    if (!arabic) {
        ask_uchardet(s->bytes, opinion);
        arabic = detect_arabic(s->bytes, opinion);
    }
    const char *declared = name_of(s->declared);
    const char *detected = arabic || !detect_latin(s->bytes, opinion) ? arabic : WINDOWS_1252;
    bool few = are_few(c->bad + c->controls, c->bytes);
    if (declared && fits(declared, arabic, s->bytes))
        return decide_for(declared, FH_CHARSET_DECLARED, out);
    if (!detected && !few)
        return refuse(s->declared, opinion, err);
    decide_for(detected ? detected : UTF8, detected ? FH_CHARSET_DETECTED : FH_CHARSET_REPAIRED,
               out);
    out->overruled = s->declared.len > 0 && (!declared || strcmp(declared, out->name) != 0);
    return FH_OK;
}

/* Decide by the mark that BYTES begin with; false when they begin with none. */
static bool decide_by_mark(fh_str bytes, fh_charset *out)
{
    static const struct {
        fh_str mark;
        const char *name;
    } marks[] = {{{"\xEF\xBB\xBF", 3}, UTF8},
                 {{"\xFF\xFE", 2}, UTF16_LESS},
                 {{"\xFE\xFF", 2}, UTF16_MORE}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (fh_str_starts(bytes, marks[i].mark)) {
            out->mark = marks[i].mark.len;
            decide_for(marks[i].name, FH_CHARSET_MARK, out);
            return true;
        }
    }
    return false;
}

static fh_status fail_not_text(fh_charset *out, fh_error *err)
{
    *out = (fh_charset){0};
    return fh_fail(err, FH_EFORMAT, "not text");
}

/* Is what stands behind the mark text? */
static fh_status check_marked(const fh_charset_sample *s, fh_charset *out, fh_error *err)
{
    fh_charset_sample rest = *s;
    rest.bytes.ptr += out->mark;
    rest.bytes.len -= out->mark;
    size_t odd, bytes;
    if (fh_charset_is_utf8(out)) {
        census c = count(&rest);
        odd = c.bad + c.controls;
        bytes = c.bytes;
    } else {
        wide_census c = count_wide(rest.bytes, strcmp(out->name, UTF16_MORE) == 0);
        odd = c.odd;
        bytes = c.units;
    }
    return are_few(odd, bytes) ? FH_OK : fail_not_text(out, err);
}

fh_status fh_charset_decide(const fh_charset_sample *sample, fh_charset *out, fh_error *err)
{
    fh_charset_sample s = *sample;
    *out = (fh_charset){0};
    if (s.bytes.len > FH_CHARSET_SAMPLE_MAX) {
        s.bytes.len = FH_CHARSET_SAMPLE_MAX;
        s.ends = false;
    }
    if (s.starts && decide_by_mark(s.bytes, out))
        return check_marked(&s, out, err);
    census c = count(&s);
    /* Arabic in UTF-16 is valid UTF-8: half of its bytes are control characters. */
    const char *wide = c.controls > 0 ? order_of(s.bytes) : NULL;
    if (wide) {
        bool declared = name_of(s.declared) && strcmp(name_of(s.declared), wide) == 0;
        return decide_for(wide, declared ? FH_CHARSET_DECLARED : FH_CHARSET_DETECTED, out);
    }
    if (!are_few(c.controls, c.bytes))
        return fail_not_text(out, err);
    if (c.bad == 0)
        return decide_for(UTF8, FH_CHARSET_VALID, out);
    if (c.good >= c.bad * GOOD_ONES_A_BAD_ONE)
        return decide_for(UTF8, FH_CHARSET_REPAIRED, out);
    return decide_bytes(&s, &c, out, err);
}

char *fh_charset_describe(const fh_charset *c, char out[static FH_CHARSET_TEXT_MAX])
{
    static const char *const grounds[] = {
        [FH_CHARSET_VALID] = "valid",
        [FH_CHARSET_MARK] = "by its mark",
        [FH_CHARSET_REPAIRED] = "with bad sequences",
        [FH_CHARSET_DECLARED] = "declared",
        [FH_CHARSET_DETECTED] = "detected",
    };
    snprintf(out, FH_CHARSET_TEXT_MAX, "%s (%s%s)", c->name, grounds[c->ground],
             c->overruled ? ", another one is declared" : "");
    return out;
}
