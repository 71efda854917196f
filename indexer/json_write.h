/*
 * Articles and texts as JSON, at the speed at which they are read.
 */
#ifndef FH_INDEXER_JSON_WRITE_H
#define FH_INDEXER_JSON_WRITE_H

#include "base/buffer.h"

/*
 * Append TEXT, valid UTF-8, as a JSON string with its quotes; Arabic stays as it is. A NUL byte, which
 * strict readers refuse, becomes U+FFFD.
 */
void fh_json_write_text(fh_str text, fh_buffer *out);

/*
 * Append A and a line feed in the shape that fihris-index reads; what it does not have is left out. Reading
 * it again gives the same article, but for where it was found.
 */
void fh_json_write_article(const fh_article *a, fh_buffer *out);

#endif
