/*
 * On which level an article has each word of a query: noted while its text is read for a snippet.
 */
#ifndef FH_SEARCHER_LEVELS_H
#define FH_SEARCHER_LEVELS_H

#include "searcher/rank.h"

/* What is known of one article so far. */
typedef struct fh_levels {
    const fh_asked **asked;
    fh_level *found; /* of each */
    size_t count;
    bool cut; /* the article goes on behind what was read */
} fh_levels;

/* Prepare LEVELS, in ARENA, for what was ASKED; false when memory ran out. */
bool fh_levels_make(const fh_asked *asked, fh_arena *arena, fh_levels *levels);

/* Another article begins. */
void fh_levels_start(fh_levels *l);

/* The article has this SPELLING, in FIELD. */
void fh_levels_see(fh_levels *l, const fh_spelling *spelling, fh_field field);

/* The article has what the leaf PROOF looks for, on LEVEL. */
void fh_levels_raise(fh_levels *l, const fh_expr *proof, fh_level level);

#endif
