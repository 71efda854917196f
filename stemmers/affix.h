/*
 * What the parts of the stemmer `light` share: letters at both ends of a word. Words here are
 * folded, of the Arabic block alone, and have one letter for every hamza.
 */
#ifndef FH_STEMMERS_AFFIX_H
#define FH_STEMMERS_AFFIX_H

#include <string.h>

#include "stemmers/frequency.h"

/* A letter in bytes, and what must be left of a word. */
#define FH_LETTER   2
#define FH_STEM_MIN ((size_t)3 * FH_LETTER)

/* A noun has the article at least once in so many times. */
#define FH_AFFIX_NOUN 10

/* Letters, as they stand in a word. */
#define FH_AFFIX_ALEF "ا"
#define FH_AFFIX_TEH  "ت"
#define FH_AFFIX_HEH  "ه"
#define FH_AFFIX_YEH  "ي"

/* The ending of the feminine plural. */
#define FH_AFFIX_PLURAL "ات"

/* An fh_str of a string literal, where only a constant may stand. */
#define FH_AFFIX(literal)                                                                      \
    {                                                                                          \
        literal, sizeof(literal) - 1                                                           \
    }

/* Are the LEN bytes, whole letters, at A and B the same? They are too few to call memcmp() for. */
static inline bool fh_affix_same(const char *a, const char *b, size_t len)
{
    for (size_t i = 0; i < len; i += FH_LETTER)
        if (memcmp(a + i, b + i, FH_LETTER) != 0)
            return false;
    return true;
}

/* Does WORD begin with PREFIX? */
static inline bool fh_affix_begins(fh_str word, fh_str prefix)
{
    return word.len >= prefix.len && fh_affix_same(word.ptr, prefix.ptr, prefix.len);
}

/* Most words differ from SUFFIX, not empty, in the last byte. */
static inline bool fh_affix_ends(fh_str word, fh_str suffix)
{
    return word.len >= suffix.len && word.ptr[word.len - 1] == suffix.ptr[suffix.len - 1] &&
           fh_affix_same(word.ptr + word.len - suffix.len, suffix.ptr, suffix.len);
}

/* WORD without its first LEN bytes. */
static inline fh_str fh_affix_behind(fh_str word, size_t len)
{
    return (fh_str){word.ptr + len, word.len - len};
}

/* WORD without SUFFIX, with which it ends. */
static inline fh_str fh_affix_before(fh_str word, fh_str suffix)
{
    return (fh_str){word.ptr, word.len - suffix.len};
}

/* Is the letter at AT one of LETTERS? */
static inline bool fh_affix_among(const char *at, const char *letters)
{
    for (const char *l = letters; *l; l += FH_LETTER)
        if (memcmp(at, l, FH_LETTER) == 0)
            return true;
    return false;
}

/*
 * Does a word that is met so often take the article? Then it has its first letter, for nothing
 * stands before an article but what comes off with it, and no pronoun stands behind it.
 */
static inline bool fh_affix_is_noun(fh_frequency f)
{
    return f.article > 0 && FH_AFFIX_NOUN * f.article >= f.bare;
}

/* How often a word is met, with an article or without. */
static inline uint32_t fh_affix_sum(fh_frequency f)
{
    return f.bare + f.article;
}

static inline uint32_t fh_affix_met(fh_str word)
{
    return fh_affix_sum(fh_frequency_of(word));
}

/* The frequency of WORD, of at most FH_TERM_MAX bytes, with the one or two letters of ENDING. */
static inline fh_frequency fh_affix_with(fh_str word, fh_str ending)
{
    char longer[FH_TERM_MAX + 2 * FH_LETTER];
    memcpy(longer, word.ptr, word.len);
    memcpy(longer + word.len, ending.ptr, ending.len);
    return fh_frequency_of((fh_str){longer, word.len + ending.len});
}

#endif
