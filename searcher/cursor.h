/*
 * A place in a query's text, and the steps that need no grammar: words, quotations, prefixes.
 */
#ifndef FH_SEARCHER_CURSOR_H
#define FH_SEARCHER_CURSOR_H

#include "searcher/marks.h"

/* Begin with {.text = TEXT}: valid UTF-8, with no characters that are FH_MARK_HIDDEN. */
typedef struct fh_cursor {
    fh_str text;
    size_t at;
    size_t unpaired; /* no single quotation mark before this place is closed */
} fh_cursor;

/* The byte at the cursor, or 0 at the end of the text. */
char fh_cursor_byte(const fh_cursor *c);

void fh_cursor_skip_spaces(fh_cursor *c);

/* Step over a run without spaces, double quotation marks and parentheses, and give it; it may be empty. */
fh_str fh_cursor_take_chunk(fh_cursor *c);

/* Step over SIGN, or over NAME in small or capital letters, when a term stands right behind it. */
bool fh_cursor_take_sign(fh_cursor *c, char sign);
bool fh_cursor_take_name(fh_cursor *c, const char *name);

/*
 * Step over SIGN and the whole number right behind it, when one stands there by itself.
 * out: *NUMBER, UINT32_MAX when it is larger.
 */
bool fh_cursor_take_number(fh_cursor *c, char sign, uint32_t *number);

/* Does a quotation begin here? A single mark begins one only where another one closes it. */
bool fh_cursor_at_quotation(fh_cursor *c);

/*
 * Step over the quotation that begins here, and give what is inside.
 * Returns false when its mark has no partner.
 *
 * Any kind of mark closes any kind. But a mark of another family than the first, standing before a word and
 * behind a space, begins a quotation inside the quotation, if the whole then still has an end.
 */
bool fh_cursor_take_quotation(fh_cursor *c, fh_str *inside);

#endif
