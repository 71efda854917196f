/*
 * What libarchive takes apart: archives (zip, tar), member by member in the order in which they lie
 * there, and streams compressed by bzip2, xz or zstd.
 *
 *   open (next member?)* close
 *
 * Nothing is ever unpacked onto the disk. Folders are passed over, and so are members whose names begin
 * with a dot, as in folders. The bounds are those of bounds.h.
 */
#ifndef FH_INDEXER_ARCHIVE_H
#define FH_INDEXER_ARCHIVE_H

#include "base/buffer.h"
#include "indexer/source.h"

typedef struct fh_archive fh_archive;

/* Open BYTES as an archive. Takes BYTES, also when it fails. NESTED: it lies in another archive. */
fh_status fh_archive_open(fh_source *bytes, bool nested, fh_bounds *bounds, fh_archive **out,
                          fh_error *err);

/* The next member. Its name lives until the next call. */
typedef struct fh_member {
    const char *name; /* harmless, see member_name.h */
    bool hostile;     /* as it stands there it would lead out of the archive */
    fh_error refusal; /* why it cannot be read; status FH_OK when it can */
} fh_member;

/* *FOUND is false at the end. A failure ends the archive. */
fh_status fh_archive_next(fh_archive *a, bool *found, fh_member *member, fh_error *err);

/* The bytes of the member found last; closed before the next call of fh_archive_next(). */
fh_status fh_archive_member(fh_archive *a, fh_source **out, fh_error *err);

void fh_archive_close(fh_archive *a);

/* BELOW without the compression that it has. Takes BELOW, also when it fails. */
fh_status fh_source_unpack(fh_source *below, fh_bounds *bounds, fh_source **out, fh_error *err);

#endif
