/*
 * Arabic text at one byte a letter: what an index keeps instead of UTF-8.
 *
 * UTF-8 spends two bytes on every Arabic letter, and whatever comes after pays for them:
 * deflate in size and time (.288 instead of .406 of the text), a B-tree in the length of its
 * keys. The code:
 *
 *   00-7F  the ASCII character
 *   80-FE  one of the characters common in Arabic text, or
 *          a gap between two of them: the character, which lies there, follows in UTF-8
 *   FF     the byte that follows is no part of any UTF-8 character
 *
 * Every string of bytes has exactly one code and comes back from it unchanged. Codes of valid
 * UTF-8 sort as their texts do, and the code of a text's beginning is the beginning of the
 * text's code.
 */
#ifndef FH_ENGINES_LETTERCODE_H
#define FH_ENGINES_LETTERCODE_H

#include "base/types.h"

/* The most bytes that the code of LEN bytes takes, and that LEN bytes of code stand for. */
#define FH_LETTERS_CODED(len)   ((len)*2)
#define FH_LETTERS_DECODED(len) ((len)*3)

/* A text longer than this has a code too long for memory. */
#define FH_LETTERS_MAX (SIZE_MAX / 4)

/*
 * Write the code of TEXT to OUT, which has room for FH_LETTERS_CODED(text.len); returns its
 * length.
 */
size_t fh_letters_encode(fh_str text, char *out);

/*
 * Write the text that CODE stands for to OUT, which has room for ROOM bytes. out: *LEN, its
 * length. Returns false when CODE is not one that encode writes or needs more room.
 */
bool fh_letters_decode(fh_str code, char *out, size_t room, size_t *len);

#endif
