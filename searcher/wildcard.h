/*
 * Wildcards: which words of an index begin with these letters, the most frequent first.
 *
 * Letters are compared folded, from the first letter as written, so that clitics count: a prefix without
 * the article does not find the word with it.
 */
#ifndef FH_SEARCHER_WILDCARD_H
#define FH_SEARCHER_WILDCARD_H

#include "engines/engine.h"

typedef struct fh_expansion {
    fh_str *terms; /* at most FH_PREFIX_TERMS, by falling number of articles, then by bytes */
    size_t count;
    size_t all; /* how many words begin with the prefix */
} fh_expansion;

/*
 * Expand PREFIX, folded, over FIELD (ANY or TITLE). The terms are made in ARENA.
 * Fails with FH_ESTOPPED at the DEADLINE.
 */
fh_status fh_wildcard_expand(fh_index *ix, fh_str prefix, fh_field field, int64_t deadline,
                             fh_arena *arena, fh_expansion *out, fh_error *err);

#endif
