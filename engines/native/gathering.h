/*
 * All that the next segment will be made of: bundles in their order, and the spellings and
 * terms that they have together, each by number.
 */
#ifndef FH_ENGINES_NATIVE_GATHERING_H
#define FH_ENGINES_NATIVE_GATHERING_H

#include "engines/native/numbering.h"
#include "engines/native/native_batch.h"

/*
 * What a spelling has in place of a term's number: it has no such form, or none at all and takes
 * no position.
 */
#define FH_NO_TERM (UINT32_MAX - 1)
#define FH_NO_WORD UINT32_MAX

/* A segment has fewer words, so that the place of one among all fits in 32 bits. */
#define FH_SEGMENT_WORDS_MAX 0x7FFFFFFFu

typedef struct fh_gathered {
    uint32_t terms[FH_FORMS]; /* the numbers of its terms */
    uint32_t uses;            /* in bodies, at most UINT32_MAX */
} fh_gathered;

typedef struct fh_gathering {
    fh_bundle **bundles;
    size_t count, room;
    fh_numbering spellings; /* as native_batch.h writes them down */
    fh_gathered *gathered;  /* by number of spelling */
    size_t gathered_room;
    fh_numbering terms[FH_FORMS];
    uint32_t *tokens[FH_FORMS]; /* by number of term: how many words have it */
    size_t tokens_room[FH_FORMS];
    uint32_t articles;
    uint64_t words;
    uint64_t pieces;
    uint64_t bundle_bytes; /* memory of the bundles */
} fh_gathering;

/*
 * Take up B, whose filling is over, behind the others. Takes it, unless it fails, for want of
 * memory. out: *SCRATCH, the bundle's, which is needed no more.
 */
fh_status fh_gathering_add(fh_gathering *g, fh_bundle *b, fh_scratch **scratch, fh_error *err);

/* Bytes of memory that it takes. */
uint64_t fh_gathering_memory(const fh_gathering *g);

/* Empty it; a zeroed one may be cleared too. */
void fh_gathering_clear(fh_gathering *g);

#endif
