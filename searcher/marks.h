/*
 * The characters that mean something in a query, whatever keyboard, phone or page they come from.
 */
#ifndef FH_SEARCHER_MARKS_H
#define FH_SEARCHER_MARKS_H

#include "base/buffer.h"
#include "base/types.h"

typedef enum fh_mark {
    FH_MARK_NONE,  /* a letter, a digit, punctuation without a meaning here */
    FH_MARK_SPACE, /* any white space, and control characters */
    FH_MARK_SEPARATOR, /* Arabic comma, semicolon, question mark, full stop: parts words as a space does */
    FH_MARK_HIDDEN,   /* direction marks, joiners, tatweel: seen by nobody, so read by nobody */
    FH_MARK_STRAIGHT, /* the quotation marks, by family */
    FH_MARK_CURLY,
    FH_MARK_ANGLE,
    FH_MARK_CORNER,
    FH_MARK_SINGLE /* a quotation mark around words, an apostrophe inside one */
} fh_mark;

/* What CODE means in a query. */
fh_mark fh_mark_of(uint32_t code);

/* Is it a quotation mark that always opens or closes a phrase? */
bool fh_mark_quotes(fh_mark mark);

/* Is CODE a control of C0 or C1, or one that turns the direction of what follows it? */
bool fh_mark_harmful(uint32_t code);

/*
 * *OUT is TEXT, in ARENA, without what nobody sees, every control and white space a space. false for
 * want of memory.
 */
bool fh_marks_clean(fh_str text, fh_arena *arena, fh_str *out);

#endif
