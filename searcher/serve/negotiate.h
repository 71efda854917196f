/*
 * What client and server agree on by headers: compression, and what need not be sent again.
 */
#ifndef FH_SEARCHER_SERVE_NEGOTIATE_H
#define FH_SEARCHER_SERVE_NEGOTIATE_H

#include "base/buffer.h"
#include "base/status.h"

/* Does Accept-Encoding VALUE take gzip? */
bool fh_accepts_gzip(fh_str value);

/* Does If-None-Match VALUE name TAG, or is it *? Tags are compared weakly. */
bool fh_tag_known(fh_str value, fh_str tag);

/* Bytes of a tag. */
#define FH_TAG_MAX 64

/*
 * Write the tag of an answer that is made of so many PARTS and the GENERATION of the index to TAG. It is
 * weak: an answer says how long it took, which differs.
 */
fh_str fh_tag_make(uint64_t generation, const fh_str *parts, size_t count,
                   char tag[static FH_TAG_MAX]);

/* A compressor that is used again and again. */
typedef struct fh_gzip fh_gzip;

fh_status fh_gzip_open(fh_gzip **out, fh_error *err);
/* Append BYTES as one gzip member to OUT. False, and OUT as it was, when memory ran out. */
bool fh_gzip_write(fh_gzip *gzip, fh_str bytes, fh_buffer *out);
void fh_gzip_close(fh_gzip *gzip);

/* Is VALUE fit to name a request in headers and logs? */
bool fh_request_id_fits(fh_str value);
#define FH_REQUEST_ID_MAX 64

/* Is VALUE a host, with or without a port, that links can begin with? */
bool fh_host_fits(fh_str value);

#endif
