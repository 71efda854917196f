/*
 * Sentences for the user that come with an answer: what was taken differently, what was tried.
 */
#ifndef FH_SEARCHER_NOTES_H
#define FH_SEARCHER_NOTES_H

#include "base/buffer.h"

/* Notes in an arena. Begin with {.arena = ...}. Once memory has run out, notes are dropped. */
typedef struct fh_notes {
    fh_arena *arena;
    struct fh_note *first;
    struct fh_note *last;
    size_t count;
} fh_notes;

/* Append one note. */
void fh_notes_add(fh_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* All notes as an array in the arena; NULL when there are none or memory ran out. */
const fh_str *fh_notes_list(const fh_notes *notes);

/* For "%.*s" in a format: the length of S as an int, its bytes. */
#define FH_PRINT(s) (int)(s).len, (s).ptr

#endif
