/*
 * What has been met, by a 64-bit key: a small table that never forgets.
 *
 * Keys are checksums. Two different things under one key are so rare that it costs a message and not
 * an article without one: see build.c and prune.c for what each use does then.
 */
#ifndef FH_INDEXER_SEEN_H
#define FH_INDEXER_SEEN_H

#include "base/types.h"

/* 32 bytes for each thing met. */
typedef struct fh_seen_entry {
    uint64_t key;   /* never 0 in the table */
    uint64_t value; /* the user's */
    uint64_t line;  /* where it was met */
    uint32_t file;
} fh_seen_entry;

/* Begin with a zeroed one. */
typedef struct fh_seen {
    fh_seen_entry *entries;
    size_t count;
    size_t capacity; /* 0 or a power of two */
} fh_seen;

/* The entry of KEY, or NULL; valid until the next put. */
const fh_seen_entry *fh_seen_find(const fh_seen *s, uint64_t key);

/* Put ENTRY, whose key must not be there yet. False when memory ran out. */
bool fh_seen_put(fh_seen *s, fh_seen_entry entry);

void fh_seen_free(fh_seen *s);

#endif
