#include "searcher/marks.h"

#include "base/utf8.h"

/* A run of characters that mean the same; the table is in order of code points. */
typedef struct mark_range {
    uint32_t first;
    uint32_t last;
    fh_mark mark;
} mark_range;

static const mark_range table[] = {
    {0x0000, 0x0020, FH_MARK_SPACE},     /* C0 controls and the space */
    {0x0022, 0x0022, FH_MARK_STRAIGHT},  /* " */
    {0x0027, 0x0027, FH_MARK_SINGLE},    /* ' */
    {0x007F, 0x00A0, FH_MARK_SPACE},     /* DEL, C1 controls, no-break space */
    {0x00AB, 0x00AB, FH_MARK_ANGLE},     /* left guillemet */
    {0x00AD, 0x00AD, FH_MARK_HIDDEN},    /* soft hyphen */
    {0x00BB, 0x00BB, FH_MARK_ANGLE},     /* right guillemet */
    {0x060C, 0x060C, FH_MARK_SEPARATOR}, /* Arabic comma */
    {0x061B, 0x061B, FH_MARK_SEPARATOR}, /* Arabic semicolon */
    {0x061C, 0x061C, FH_MARK_HIDDEN},    /* Arabic letter mark */
    {0x061F, 0x061F, FH_MARK_SEPARATOR}, /* Arabic question mark */
    {0x0640, 0x0640, FH_MARK_HIDDEN},    /* tatweel */
    {0x06D4, 0x06D4, FH_MARK_SEPARATOR}, /* Arabic full stop */
    {0x1680, 0x1680, FH_MARK_SPACE},     /* Ogham space */
    {0x2000, 0x200A, FH_MARK_SPACE},     /* en quad to hair space */
    {0x200B, 0x200F, FH_MARK_HIDDEN},    /* zero-width space, joiners, direction marks */
    {0x2018, 0x201B, FH_MARK_SINGLE},    /* single curly marks */
    {0x201C, 0x201F, FH_MARK_CURLY},     /* double curly marks */
    {0x2028, 0x2029, FH_MARK_SPACE},     /* line and paragraph separator */
    {0x202A, 0x202E, FH_MARK_HIDDEN},    /* embeddings and overrides */
    {0x202F, 0x202F, FH_MARK_SPACE},     /* narrow no-break space */
    {0x2033, 0x2033, FH_MARK_STRAIGHT},  /* double prime */
    {0x2036, 0x2036, FH_MARK_STRAIGHT},  /* reversed double prime */
    {0x2039, 0x203A, FH_MARK_ANGLE},     /* single guillemets */
    {0x205F, 0x205F, FH_MARK_SPACE},     /* mathematical space */
    {0x2066, 0x2069, FH_MARK_HIDDEN},    /* isolates */
    {0x275D, 0x275E, FH_MARK_CURLY},     /* ornamental double marks */
    {0x3000, 0x3000, FH_MARK_SPACE},     /* ideographic space */
    {0x300A, 0x300B, FH_MARK_ANGLE},     /* double angle brackets */
    {0x300C, 0x300F, FH_MARK_CORNER},    /* corner brackets */
    {0x301D, 0x301F, FH_MARK_CURLY},     /* prime quotation marks */
    {0xFEFF, 0xFEFF, FH_MARK_HIDDEN},    /* byte order mark */
    {0xFF02, 0xFF02, FH_MARK_STRAIGHT},  /* full-width " */
};

fh_mark fh_mark_of(uint32_t code)
{
    size_t low = 0, high = sizeof table / sizeof *table;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (code > table[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == sizeof table / sizeof *table || code < table[low].first)
        return FH_MARK_NONE;
    return table[low].mark;
}

bool fh_mark_quotes(fh_mark mark)
{
    return mark == FH_MARK_STRAIGHT || mark == FH_MARK_CURLY || mark == FH_MARK_ANGLE ||
           mark == FH_MARK_CORNER;
}

bool fh_mark_harmful(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool fh_marks_clean(fh_str text, fh_arena *arena, fh_str *out)
{
    char *copy = fh_arena_alloc(arena, text.len + 1);
    size_t bytes, len = 0;
    if (!copy)
        return false;
    for (size_t at = 0; at < text.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        fh_mark mark = fh_mark_of(code);
        if (mark == FH_MARK_SPACE)
            copy[len++] = ' ';
        else if (mark != FH_MARK_HIDDEN)
            len += fh_utf8_encode(code, copy + len);
    }
    *out = (fh_str){copy, len};
    return true;
}
