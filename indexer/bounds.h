/*
 * What may come out of one input file, whatever is packed into it: promise 11.
 *
 * A bomb is known by what it does, not by what it claims: everything that is taken out of a compressed
 * stream or an archive, at any depth, is counted against what has been read of the file.
 */
#ifndef FH_INDEXER_BOUNDS_H
#define FH_INDEXER_BOUNDS_H

#include "base/status.h"

/* So many bytes may come out of each byte of the file. Text packs 3 to 20 times smaller. */
#define FH_RATIO_MAX 200u
/* So many come out of any file before that is looked at: small and very even files are no bombs. */
#define FH_RATIO_FREE (16u * 1024 * 1024)
/* So many bytes may come out of an archive that lies in another one. */
#define FH_NESTED_MAX (1024u * 1024 * 1024)
/* So many entries may be in a file, those of archives inside archives with it. */
#define FH_ENTRIES_MAX 1000000u
/* Archives inside archives: the file itself is the first. */
#define FH_ARCHIVES_MAX 3
/* Compressed streams inside one another, as in a.gz.gz. */
#define FH_FILTERS_MAX 3

struct fh_source;

/* One for each input file. Begin with a zeroed one but for `file`. */
typedef struct fh_bounds {
    const struct fh_source *file; /* at the bottom of it all */
    uint64_t produced;            /* bytes taken out */
    uint64_t entries;
} fh_bounds;

/* LEN more bytes have come out; FH_ELIMIT when that is too much. */
fh_status fh_bounds_produce(fh_bounds *b, size_t len, fh_error *err);
/* One more entry has been met; FH_ELIMIT when that is too much. */
fh_status fh_bounds_enter(fh_bounds *b, fh_error *err);

#endif
