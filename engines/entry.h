/*
 * What every engine needs of an fh_entry: that it makes sense, and its words.
 *
 * Whether the numbers and spans make sense is seen once for all, before an engine gets the entry;
 * whether a spelling does, when the engine first spells it, by fh_entry_spell().
 */
#ifndef FH_ENGINES_ENTRY_H
#define FH_ENGINES_ENTRY_H

#include "engines/engine.h"

/*
 * Is each passage of a title or body, at most one of each, and each of its tokens, in order and
 * apart, in that text and in the vocabulary? Fails with FH_EUSAGE.
 */
fh_status fh_entry_check(const fh_entry *entry, fh_error *err);

/*
 * out: *SPELLING number N of the entry's vocabulary. Fails with FH_EUSAGE when a form is too long or
 * has a NUL byte, or nothing is written.
 */
fh_status fh_entry_spell(const fh_entry *entry, uint32_t n, fh_spelling *spelling,
                         fh_error *err);

/* A place among the words of an entry. Begin with {.entry = ENTRY}. */
typedef struct fh_entry_walk {
    const fh_entry *entry;
    size_t passage;
    size_t token;
    uint32_t ahead; /* words of this passage that were passed */
    fh_form form;   /* the next one of the word */
    fh_spelling spelling;
} fh_entry_walk;

/*
 * For engines that index term by term: the next form of a word, in order of positions.
 *
 * out: *FOUND, false at the end; *TERM, whose text lives as long as the vocabulary's.
 */
fh_status fh_entry_next(fh_entry_walk *walk, bool *found, fh_term *term, fh_error *err);

#endif
