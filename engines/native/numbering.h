/*
 * Texts that are numbered in the order in which they come first: a word that comes again has
 * the number it had.
 */
#ifndef FH_ENGINES_NATIVE_NUMBERING_H
#define FH_ENGINES_NATIVE_NUMBERING_H

#include "base/buffer.h"

typedef struct fh_numbering_text {
    const char *ptr;
    uint32_t len;
    uint32_t hash; /* the upper half */
} fh_numbering_text;

/* Texts are recorded in blocks of so many, so that records never move. */
#define FH_NUMBERING_BLOCK_BITS 12

typedef struct fh_numbering {
    fh_numbering_text **blocks; /* by number */
    uint32_t count;
    size_t block_count, block_room;
    uint64_t *slots; /* upper half: of the hash; lower half: number + 1, or 0 */
    unsigned bits;   /* there are 2^bits slots */
    char *chunk; /* the memory that texts are copied to, in chunks that name the one before */
    size_t used, size;
    uint64_t bytes; /* of all memory taken */
} fh_numbering;

/* A text that is looked for; `hash` is fh_checksum() of it. */
typedef struct fh_numbering_key {
    const char *ptr;
    uint32_t len;
    uint64_t hash;
} fh_numbering_key;

/*
 * The numbers of COUNT texts, which may hold one text twice; those that are new are copied and
 * get the next numbers in their order. Begin with a zeroed numbering. Returns false when memory
 * ran out.
 */
bool fh_numbering_put(fh_numbering *l, const fh_numbering_key *keys, size_t count,
                      uint32_t *numbers);

/* Text N; lives as long as the numbering. */
static inline fh_str fh_numbering_get(const fh_numbering *l, uint32_t n)
{
    const fh_numbering_text *t =
        &l->blocks[n >> FH_NUMBERING_BLOCK_BITS][n & ((1u << FH_NUMBERING_BLOCK_BITS) - 1)];
    return (fh_str){t->ptr, t->len};
}

void fh_numbering_free(fh_numbering *l);

#endif
