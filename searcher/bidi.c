#include "searcher/bidi.h"

#include <fribidi.h>
#include <stdlib.h>
#include <string.h>

static bool is_set(const char *value)
{
    return value && *value;
}

fh_bidi fh_bidi_choose(const fh_terminal *terminal)
{
    if (!terminal->is_terminal)
        return FH_BIDI_OFF;
    if (is_set(terminal->vte_version) || is_set(terminal->konsole_version) ||
        is_set(terminal->mlterm) ||
        (terminal->term && strncmp(terminal->term, "mlterm", 6) == 0))
        return FH_BIDI_ISOLATE;
    return FH_BIDI_VISUAL;
}

/* The memory of one reordering. */
typedef struct work {
    FriBidiCharType *types;
    FriBidiBracketType *brackets;
    FriBidiLevel *levels;
    FriBidiStrIndex *map;
} work;

static bool take_work(work *w, size_t count)
{
    w->types = malloc(count * sizeof *w->types);
    w->brackets = malloc(count * sizeof *w->brackets);
    w->levels = malloc(count * sizeof *w->levels);
    w->map = malloc(count * sizeof *w->map);
    return w->types && w->brackets && w->levels && w->map;
}

static void give_back(work *w)
{
    free(w->types);
    free(w->brackets);
    free(w->levels);
    free(w->map);
}

bool fh_bidi_is_rtl(const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        FriBidiCharType type = fribidi_get_bidi_type(codes[i]);
        if (FRIBIDI_IS_LETTER(type))
            return FRIBIDI_IS_RTL(type);
    }
    return false;
}

/* Find the levels of the line and reorder it. */
static bool reorder(work *w, uint32_t *codes, FriBidiStrIndex count, bool rtl)
{
    FriBidiParType direction = rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    fribidi_get_bidi_types(codes, count, w->types);
    fribidi_get_bracket_types(codes, count, w->types, w->brackets);
    if (!fribidi_get_par_embedding_levels_ex(w->types, w->brackets, count, &direction,
                                             w->levels))
        return false;
    for (FriBidiStrIndex i = 0; i < count; i++)
        w->map[i] = i;
    fribidi_shape_mirroring(w->levels, count, codes);
    return fribidi_reorder_line(FRIBIDI_FLAG_REORDER_NSM, w->types, count, 0, direction,
                                w->levels, codes, w->map) != 0;
}

bool fh_bidi_order(uint32_t *codes, size_t *places, size_t count, bool rtl)
{
    work w = {0};
    bool done = false;
    for (size_t i = 0; i < count; i++)
        places[i] = i;
    if (count == 0)
        return true;
    if (count <= FH_BIDI_LINE_MAX && take_work(&w, count))
        done = reorder(&w, codes, (FriBidiStrIndex)count, rtl);
    for (size_t i = 0; done && i < count; i++)
        places[i] = (size_t)w.map[i];
    give_back(&w);
    return done;
}

/* Scripts whose characters take two columns. */
static bool is_wide(uint32_t code)
{
    return (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
           (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
           (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
}

/* Invisible, though bidi counts them as letters. */
static bool is_direction_mark(uint32_t code)
{
    return code == 0x200E || code == 0x200F || code == 0x061C;
}

size_t fh_bidi_width(uint32_t code)
{
    FriBidiCharType type = fribidi_get_bidi_type(code);
    if (type == FRIBIDI_TYPE_NSM || type == FRIBIDI_TYPE_BN || FRIBIDI_IS_EXPLICIT(type) ||
        FRIBIDI_IS_ISOLATE(type) || is_direction_mark(code))
        return 0;
    return is_wide(code) ? 2 : 1;
}
