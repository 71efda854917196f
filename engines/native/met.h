/*
 * The spellings that a bundle has met, numbered in the order in which they came first, each with its
 * forms: words, which come with numbers of their own and so are met once, and what is found by its bytes:
 * what stands between words, and words longer than a piece.
 */
#ifndef FH_ENGINES_NATIVE_MET_H
#define FH_ENGINES_NATIVE_MET_H

#include "base/types.h"

/*
 * How a spelling is written down, to be compared and hashed as one text: whether it is a word
 * (1 byte, 0 or 1), the lengths of its forms (1 byte each), the forms, and the spelling as
 * articles have it.
 */
#define FH_SPELLED_HEAD (1 + FH_FORMS)

/* A bundle has fewer spellings. */
#define FH_MET_MAX (UINT32_MAX - 2)

typedef struct fh_met {
    uint64_t hash; /* fh_checksum() of it as written down */
    uint64_t at;   /* where that stands in the texts */
    uint32_t len;
    uint32_t uses;   /* as a piece of bodies */
    uint32_t titles; /* in titles, or otherwise only to be indexed */
} fh_met;

/* Separators of up to 8 bytes are found by their bytes, most of them at once. */
#define FH_GAP_MAX  8
#define FH_GAP_BITS 10

typedef struct fh_gap {
    uint64_t bytes;
    uint32_t len; /* + 1, so that a zeroed one is nothing */
    uint32_t met;
} fh_gap;

/* Begin with a zeroed one. */
typedef struct fh_mets {
    fh_met *met; /* by number */
    size_t count, room;
    char *texts; /* the spellings, written down */
    size_t texts_len, texts_room;
    fh_gap gaps[1 << FH_GAP_BITS];
    uint32_t *slots; /* what is found by its bytes, by hash: its number + 1 */
    unsigned bits;   /* there are 2^bits slots; 0: none yet */
    size_t used;     /* of these */
} fh_mets;

/* Make room for COUNT spellings of LEN bytes written down; false when memory ran out. */
bool fh_mets_reserve(fh_mets *m, size_t count, size_t len);

/* A word that is not met yet: *MET is its number. All of these return false when memory ran out. */
bool fh_mets_add(fh_mets *m, fh_str written, const fh_str forms[FH_FORMS], uint32_t *met);

/*
 * What stands between words, a part of a long word, or, without a text, the FORMS of one: *MET is its
 * number, a fresh one when it comes for the first time.
 */
bool fh_mets_find(fh_mets *m, fh_str written, const fh_str forms[FH_FORMS], uint32_t *met);

/* fh_mets_find() of what stands between words, at most FH_GAP_MAX bytes. */
bool fh_mets_find_gap(fh_mets *m, fh_str gap, uint32_t *met);

/* MET as it is written down; its length is met->len. */
static inline const char *fh_mets_text(const fh_mets *m, const fh_met *met)
{
    return m->texts + met->at;
}

/* Bytes of memory that it takes, besides itself. */
uint64_t fh_mets_memory(const fh_mets *m);
/* Forget all, and keep the memory. */
void fh_mets_clear(fh_mets *m);
void fh_mets_free(fh_mets *m);

#endif
