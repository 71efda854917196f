/*
 * Mixed-direction text on terminals, which either reorder it themselves or do not.
 *
 * Those that do (VTE, konsole, mlterm) get logical order inside U+2067..U+2069; the others get visual
 * order; what is no terminal gets the text as it is.
 */
#ifndef FH_SEARCHER_BIDI_H
#define FH_SEARCHER_BIDI_H

#include "base/types.h"

typedef enum fh_bidi {
    FH_BIDI_OFF,     /* logical order, nothing added */
    FH_BIDI_ISOLATE, /* logical order inside isolates */
    FH_BIDI_VISUAL   /* characters in the order of the screen, from the left */
} fh_bidi;

/* What is known of where the output goes; texts are of the environment and may be NULL. */
typedef struct fh_terminal {
    bool is_terminal;
    const char *vte_version;
    const char *konsole_version;
    const char *mlterm;
    const char *term;
} fh_terminal;

/* The mode that suits TERMINAL. */
fh_bidi fh_bidi_choose(const fh_terminal *terminal);

/* The most characters of one line that are reordered. */
#define FH_BIDI_LINE_MAX 4096

/* Does this paragraph read from the right? Its first letter decides. */
bool fh_bidi_is_rtl(const uint32_t *codes, size_t count);

/*
 * Bring COUNT characters of one line, in logical order, into the order of the screen.
 *
 * in: COUNT up to FH_BIDI_LINE_MAX; RTL, whether its paragraph reads from the right.
 * out: CODES in visual order, mirrored where they must be, marks behind their letters; PLACES[i], where
 * the character that is now at i stood. Returns false, and leaves the order as it was, when the line
 * is too long or memory runs out.
 */
bool fh_bidi_order(uint32_t *codes, size_t *places, size_t count, bool rtl);

/* Columns that CODE takes on a terminal: 0 for marks and invisible characters, 2 for wide ones. */
size_t fh_bidi_width(uint32_t code);

#endif
