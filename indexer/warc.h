/*
 * WARC files (ISO 28500), the archives of web crawlers: a run of records, each usually a gzip member of
 * its own. Our own reader, as libarchive's passes over records and leaves HTTP headers in.
 *
 *   open next* close
 *
 * A broken record costs that record: reading goes on at the next one, or at the next gzip member that
 * begins with one.
 */
#ifndef FH_INDEXER_WARC_H
#define FH_INDEXER_WARC_H

#include "base/buffer.h"
#include "indexer/source.h"

/* The headers of a record, and its content, in bytes; beyond, FH_ELIMIT. */
#define FH_WARC_HEADERS_MAX (64u * 1024)
#define FH_WARC_BLOCK_MAX   (64u * 1024 * 1024)

typedef struct fh_warc fh_warc;

/* One record. Its texts live until the next call. */
typedef struct fh_warc_record {
    uint64_t number; /* from 1, broken ones counted */
    uint64_t offset; /* where it begins, or the gzip member in which it does, in the file */
    fh_str headers;  /* for fh_headers_find() */
    fh_str block;
} fh_warc_record;

/* Read BYTES, gzipped or not. Takes BYTES, also when it fails. */
fh_status fh_warc_open(fh_source *bytes, fh_bounds *bounds, fh_warc **out, fh_error *err);

/*
 * The next record. *FOUND is false at the end.
 * Fails with FH_EFORMAT or FH_ELIMIT for a record that cannot be read; RECORD has its number and
 * offset, and the next call goes on behind it, unless fh_warc_ended(). After other failures there is
 * no going on.
 */
fh_status fh_warc_next(fh_warc *w, bool *found, fh_warc_record *record, fh_error *err);

/* Has all been read that can be? */
bool fh_warc_ended(const fh_warc *w);

void fh_warc_close(fh_warc *w);

#endif
