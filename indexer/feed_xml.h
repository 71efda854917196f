/*
 * The XML of feeds as they are, made into XML as it should be: what no parser would take.
 */
#ifndef FH_INDEXER_FEED_XML_H
#define FH_INDEXER_FEED_XML_H

#include "base/buffer.h"

/*
 * Append TEXT, valid UTF-8, to OUT:
 *
 *   - without its document type, and so without entities of its own, be they bombs or files;
 *   - with the references of HTML, &nbsp; and its like, as what they stand for;
 *   - with &amp; for an & that begins no reference;
 *   - with U+FFFD for control characters, which XML does not allow, and the like. Returns how many.
 *
 * Line feeds stay, so that line numbers stay true.
 */
size_t fh_feed_mend(fh_str text, fh_buffer *out);

#endif
