/*
 * Slips of typists: the spellings that are one slip away from a word, and how likely a slip is.
 *
 * Words are folded ones (stemmers/fold.h), all in Arabic letters or all in those from a to z. Of any
 * other word, and of a number, nothing is near: 2024 is no misspelling of 2025.
 */
#ifndef FH_SEARCHER_SLIPS_H
#define FH_SEARCHER_SLIPS_H

#include "base/buffer.h"
#include "base/status.h"

/* Shorter words are near to too many, longer ones are no words; in letters. */
#define FH_SLIPS_LETTERS_MIN 3
#define FH_SLIPS_LETTERS_MAX 16

/* The most spellings that are likely slips away. */
#define FH_SLIPS_LIKELY_MAX 1000

/* What a slip costs, see fh_slips_cost. */
#define FH_SLIP_LIKELY   2 /* one that typists make all the time */
#define FH_SLIP_ANY      4 /* any other */
#define FH_SLIP_TOO_MUCH 99

/* Spellings. */
typedef struct fh_slips {
    fh_str *items;
    size_t count;
} fh_slips;

/*
 * All spellings one slip away from WORD: a letter more, less, or another, or two neighbours swapped.
 * out: *SLIPS in ARENA, some of them twice; none for a word that nothing is near. FH_ENOMEM.
 */
fh_status fh_slips_one(fh_str word, fh_arena *arena, fh_slips *slips, fh_error *err);

/*
 * All spellings COUNT slips away from WORD, all of them of the likeliest kinds: a letter for one that
 * sounds or looks like it, one letter of two that are the same, two swapped; the first
 * FH_SLIPS_LIKELY_MAX of them.
 */
fh_status fh_slips_likely(fh_str word, unsigned count, fh_arena *arena, fh_slips *slips,
                          fh_error *err);

/*
 * How unlikely it is that OTHER was meant where WORD was typed: the cheapest way from one to the
 * other, in slips. Cheap are letters that sound alike (in a dialect, or to who never saw the word
 * written), letters that differ in dots, doubled letters, long vowels, keys that are neighbours on the
 * Arabic 101 keyboard; dear is a slip in the first letter. FH_SLIP_TOO_MUCH when either is a word that
 * nothing is near.
 */
unsigned fh_slips_cost(fh_str word, fh_str other);

#endif
