/*
 * Text as pages have it: what is white space in it, and how much of it there is to read.
 */
#ifndef FH_INDEXER_HTML_TEXT_H
#define FH_INDEXER_HTML_TEXT_H

#include "base/buffer.h"

/*
 * Text is weighed by its letters. An Arabic letter weighs as much as this, any other letter 1: on an
 * Arabic page, Latin text is mostly code, addresses and copyright.
 */
#define FH_LETTER_WEIGHT 4

/* The bytes of the white space at the beginning of S, which is valid UTF-8; no-break spaces are some. */
size_t fh_html_space(fh_str s);

/* The bytes at the beginning of S that are no white space; their weight is added to *WEIGHT. */
size_t fh_html_word(fh_str s, uint32_t *weight);

/* Append S with each run of white space as one space, and none at its ends. Returns its weight. */
uint32_t fh_html_tidy(fh_str s, fh_buffer *out);

#endif
