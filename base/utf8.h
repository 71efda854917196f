/*
 * UTF-8, one character at a time, on bytes that nobody vouches for.
 *
 * Valid is what Unicode calls well-formed: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef FH_BASE_UTF8_H
#define FH_BASE_UTF8_H

#include "base/buffer.h"

/* What stands in the text where bytes were not UTF-8. */
#define FH_REPLACEMENT 0xFFFD

/* The most bytes one character takes. */
#define FH_UTF8_MAX 4

/*
 * Decode the character at TEXT, of which LEN > 0 bytes may be read.
 *
 * out: *CODE, the code point, or FH_REPLACEMENT for a bad sequence; *BAD (NULL allowed) says which.
 * Returns the bytes used, at least 1; a bad sequence uses its longest well-begun part, as Unicode
 * recommends (chapter 3, "Substitution of Maximal Subparts").
 */
size_t fh_utf8_decode(const char *text, size_t len, uint32_t *code, bool *bad);

/* Write CODE (a valid code point) to OUT, which has room for FH_UTF8_MAX bytes; returns the bytes. */
size_t fh_utf8_encode(uint32_t code, char *out);

/* The byte offset of the first bad sequence in TEXT, or its length when there is none. */
size_t fh_utf8_valid(fh_str text);

/*
 * Append TEXT to OUT with every bad sequence replaced by U+FFFD. Returns how many were replaced.
 */
size_t fh_utf8_repair(fh_str text, fh_buffer *out);

/* The longest LEN' <= LEN at which TEXT, valid and LEN or more bytes long, can be cut. */
size_t fh_utf8_cut(const char *text, size_t len);

/* How many characters valid TEXT has. */
size_t fh_utf8_count(fh_str text);

#endif
