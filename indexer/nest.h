/*
 * One input file down to the texts in it: compressed streams, archives and archives in them, and WARC
 * files are taken apart, and what is in them comes out one after the other.
 *
 *   open next* close
 *
 * What cannot be read is told to the listener by its name: `a.zip!dir/b.txt` is the member dir/b.txt
 * of the archive a.zip.
 */
#ifndef FH_INDEXER_NEST_H
#define FH_INDEXER_NEST_H

#include "indexer/format.h"

typedef struct fh_nest fh_nest;

/* One text, and how it is read. All of it lives until the next call. */
typedef struct fh_piece {
    const char *name;
    fh_input *input;
    const fh_format *format;
    const fh_listener *listener; /* who hears of it */
    uint64_t record;             /* its number in a WARC file, or 0 */
    fh_str url;                  /* what the WARC file says of it */
    fh_date date;
} fh_piece;

/* Open PATH, or standard input for "-". Fails when it cannot be opened, or for what its name says. */
fh_status fh_nest_open(const char *path, const fh_listener *listener, fh_nest **out,
                       fh_error *err);

/*
 * The next text. *FOUND is false at the end.
 * Fails with FH_ESTOPPED and for want of memory; and when nothing in the file can be read at all.
 */
fh_status fh_nest_next(fh_nest *n, bool *found, fh_piece *piece, fh_error *err);

/* Bytes of the file read so far, as they lie on the disk: for progress. */
uint64_t fh_nest_offset(const fh_nest *n);

void fh_nest_close(fh_nest *n);

#endif
