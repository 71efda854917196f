/*
 * What a web server answered, as a WARC file keeps it: the status line, headers, and a body that may be
 * cut into chunks and compressed.
 */
#ifndef FH_INDEXER_HTTP_H
#define FH_INDEXER_HTTP_H

#include "base/buffer.h"
#include "base/status.h"

/* The longest body, in bytes, once it is decompressed. */
#define FH_HTTP_BODY_MAX (64u * 1024 * 1024)

/* The value of the first header NAME in HEADERS, lines of `Name: value`; empty when there is none. */
fh_str fh_headers_find(fh_str headers, const char *name);

/* The first value of a header in a list, without parameters: `text/html; charset=x` is `text/html`. */
fh_str fh_headers_kind(fh_str value);
/* The parameter NAME of a header's value, without quotes; empty when there is none. */
fh_str fh_headers_parameter(fh_str value, const char *name);
/* Is TEXT that WORD, in letters of either case? */
bool fh_headers_is(fh_str text, const char *word);

/*
 * The length of the block of headers at the beginning of TEXT, with the blank line that ends it; 0 when
 * it does not end.
 */
size_t fh_headers_len(fh_str text);

typedef struct fh_http {
    unsigned status; /* 200 and the like */
    fh_str headers;
    fh_str body;
} fh_http;

/*
 * Take RESPONSE apart. The body is RESPONSE's, or in SPACE when it had to be put together.
 * Fails with FH_EFORMAT, and with FH_ELIMIT for a body that is too long.
 */
fh_status fh_http_read(fh_str response, fh_buffer *space, fh_http *out, fh_error *err);

#endif
