/*
 * The text of a piece of HTML, as feeds have it in their items: no page, and no furniture in
 * it.
 *
 * One pass over html_lexer.h, without a tree: time and memory are linear whatever the markup.
 */
#ifndef FH_INDEXER_MARKUP_H
#define FH_INDEXER_MARKUP_H

#include "base/buffer.h"

/*
 * The character that the reference at the beginning of TEXT, which is not empty, stands for:
 * `&amp;`, `&#1575;`, those of HTML 4 by name. *CODE is 0 for one that stands for nothing in a
 * text, and the first byte of TEXT where no reference is. Returns the bytes used, at least 1.
 */
size_t fh_markup_reference(fh_str text, uint32_t *code);

/*
 * Append the text of HTML, valid UTF-8, to OUT: a block or <br> is a line, white space is as
 * browsers show it, scripts and comments are left out.
 */
void fh_markup_strip(fh_str html, fh_buffer *out);

#endif
