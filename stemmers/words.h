/*
 * Where a word starts and ends.
 *
 * - A word is a run of letters of one kind, with their marks. Arabic letters are one kind;
 *   Latin and all other letters, together with digits, are the other: B2B, 3D, G20, covid19
 *   stay whole, while كوفيد19, 20مليون, 1436هـ and فيABC are two words each.
 * - A number is a word: digits of any script. It keeps one decimal point between digits (12.5,
 *   ١٢٫٥) and the separators of thousands, that is a comma (, ٬ or ،) before groups of exactly
 *   three digits (1,000 and ١٬٠٠٠ fold to 1000). Digits with more points or with other commas
 *   are a date, a version or a list, and every group is a word: 09.02.2026 is three, 1,5 is
 *   two.
 * - All else separates: spaces and line feeds, every punctuation mark, apostrophes,
 *   underscores, symbols, control characters, NUL. So e-mail, R&D, don't, U.S., 12:34,
 *   #وسم_مركب and addresses are taken apart, C++ is C, 20٪ is 20, and «توقف".وأضاف» is two
 *   words. A quotation typed with or without its punctuation gives the same words in the same
 *   order.
 * - Tashkeel, Quranic marks and tatweel belong to the word before them, also at its end, and
 *   are no word alone. Zero-width characters and bidi controls inside a word do not end it; at
 *   either end they are no part of it.
 * - The honorific ligatures U+FDFA and U+FDFB separate: they stand for phrases, set close to a
 *   name.
 * - Scripts that write no spaces (Chinese, Thai, ...) are not taken apart.
 */
#ifndef FH_STEMMERS_WORDS_H
#define FH_STEMMERS_WORDS_H

#include "base/types.h"

/* A place in a text. Begin with {.text = TEXT}; TEXT is valid UTF-8, shorter than 4 GB. */
typedef struct fh_words {
    fh_str text;
    size_t next;  /* where to look for the next word */
    size_t plain; /* up to here digits are words of their own: a date, a version, a list */
} fh_words;

/* The next word, as a range of bytes of the text; false at the end. */
bool fh_words_next(fh_words *w, fh_span *span);

/*
 * The same words, several at a time and several times as fast.
 *
 * out: the `span` of the first COUNT of TOKENS, their other members untouched; returns COUNT, which
 * is less than ROOM only at the end of the text.
 */
size_t fh_words_some(fh_words *w, fh_token *tokens, size_t room);

#endif
