/*
 * Sentences for the user that come with an answer: what was taken differently, what was tried. Each has
 * a kind and arguments, from which it can be said in other words and languages.
 */
#ifndef FH_SEARCHER_NOTES_H
#define FH_SEARCHER_NOTES_H

#include "base/buffer.h"
#include "searcher/fihris.h"

/* Notes in an arena. Begin with {.arena = ...}. Once memory has run out, notes are dropped. */
typedef struct fh_notes {
    fh_arena *arena;
    struct fh_notes_item *first;
    struct fh_notes_item *last;
    size_t count;
} fh_notes;

/* Append a note of KIND with COUNT ARGS, which are copied. */
void fh_notes_add(fh_notes *notes, fh_note_kind kind, const fh_str *args, size_t count);

/* Append the notes of OTHER, which share their texts. */
void fh_notes_append(fh_notes *notes, const fh_notes *other);

/* NUMBER as an argument, in the arena of NOTES. */
fh_str fh_notes_number(const fh_notes *notes, uint64_t number);

/* All notes, and their texts alone, as arrays in the arena; NULL when there are none or memory ran out. */
const fh_note *fh_notes_told(const fh_notes *notes);
const fh_str *fh_notes_list(const fh_notes *notes);

/*
 * Append PATTERN to OUT with the arguments of NOTE in their places: $1 to $9; $* for those from the third
 * on with COMMA between them, and an ellipsis when $2 counts more of them; $, for all of them; $= for
 * all of them as pairs of a word and its number.
 */
void fh_note_fill(const char *pattern, fh_str comma, const fh_note *note, fh_buffer *out);

/* For "%.*s" in a format: the length of S as an int, its bytes. */
#define FH_PRINT(s) (int)(s).len, (s).ptr

#endif
