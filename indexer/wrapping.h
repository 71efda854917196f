/*
 * What an input is wrapped in, by its name and by its first bytes: compressed, an archive, a WARC file.
 */
#ifndef FH_INDEXER_WRAPPING_H
#define FH_INDEXER_WRAPPING_H

#include "base/types.h"

typedef enum fh_wrapping {
    FH_WRAPPED_NOT,
    FH_WRAPPED_GZIP,  /* one stream, by zlib */
    FH_WRAPPED_OTHER, /* one stream, by another compressor that libarchive knows */
    FH_WRAPPED_ARCHIVE,
    FH_WRAPPED_WARC /* of which gzip is a part: it marks the records */
} fh_wrapping;

/* The bytes that show all that can be shown, when there are so many. */
#define FH_WRAPPING_HEAD 512u

/*
 * What the endings of NAME say. *INNER is the name of what is in it, borrowed from NAME, but that of
 * a .tgz and the like is that of a .tar; for an archive and a WARC file it is NAME.
 */
fh_wrapping fh_wrapping_by_name(fh_str name, fh_str *inner);

/* Is it a WACZ file, by its NAME: an archive of which the WARC files alone are read? */
bool fh_wrapping_is_wacz(fh_str name);

/* What HEAD, the first bytes, shows. */
fh_wrapping fh_wrapping_by_head(fh_str head);

/* Is a WARC file in the gzip that begins with HEAD? */
bool fh_wrapping_holds_warc(fh_str head);

/* Does HEAD begin as PDF does? */
bool fh_wrapping_is_pdf(fh_str head);

#endif
