/*
 * Bytes that come one after the other: of a file, out of a compressed one, of a member of an archive.
 *
 *   open (peek | read | skip)* close
 *
 * What stands on another source takes it, and closes it. Every source knows the file at its bottom, by
 * which progress is told and bombs are found out; see bounds.h.
 */
#ifndef FH_INDEXER_SOURCE_H
#define FH_INDEXER_SOURCE_H

#include "base/status.h"
#include "indexer/bounds.h"
#include "indexer/remark.h"

/* The most bytes that can be looked at before they are read. */
#define FH_PEEK_MAX (64u * 1024)

typedef struct fh_source fh_source;

/* A kind of source. SELF is its own state. */
typedef struct fh_source_kind {
    /* Up to SIZE > 0 bytes; *LEN is 0 at the end. */
    fh_status (*read)(void *self, char *bytes, size_t size, size_t *len, fh_error *err);
    /* Go to POSITION of the file, or to its end when it is negative; *AT is where that is. NULL: cannot. */
    fh_status (*seek)(void *self, int64_t position, uint64_t *at, fh_error *err);
    void (*close)(void *self);
} fh_source_kind;

/* A source of that KIND. Takes SELF, also when it fails. */
fh_status fh_source_new(const fh_source_kind *kind, void *self, fh_source **out, fh_error *err);

/*
 * The file PATH, or standard input for "-". LISTENER is told when it keeps a reader waiting, and asked
 * whether to stop then; reading fails with FH_ESTOPPED.
 */
fh_status fh_source_open(const char *path, const fh_listener *listener, fh_source **out,
                         fh_error *err);

/*
 * BELOW with gzip taken apart, several members as one. Messages call it NAME. Takes BELOW, also when it
 * fails. What comes out is counted to BOUNDS, unless that is NULL. Bytes behind a whole member that are
 * no gzip are left out, and LISTENER is told.
 */
fh_status fh_source_gzip(fh_source *below, const char *name, fh_bounds *bounds,
                         const fh_listener *listener, fh_source **out, fh_error *err);

/* BYTES, which stay the caller's and outlive it. */
fh_status fh_source_memory(fh_str bytes, fh_source **out, fh_error *err);

/* What comes next: SIZE bytes (at most FH_PEEK_MAX) or more, or all there is. Valid until the next call. */
fh_status fh_source_peek(fh_source *s, size_t size, fh_str *bytes, fh_error *err);

/* Pass over LEN bytes of what was peeked. */
void fh_source_skip(fh_source *s, size_t len);

fh_status fh_source_read(fh_source *s, char *bytes, size_t size, size_t *len, fh_error *err);

/* Can it seek? Only files can. */
bool fh_source_seeks(const fh_source *s);
fh_status fh_source_seek(fh_source *s, int64_t position, uint64_t *at, fh_error *err);

/* Bytes that were given out, or the position that was sought and what was given out from there. */
uint64_t fh_source_offset(const fh_source *s);
/* The farthest that has ever been. */
uint64_t fh_source_farthest(const fh_source *s);

void fh_source_close(fh_source *s);

#endif
