/*
 * A feed cut into its items, before any of it is parsed: so that one item that is broken is
 * refused, and not all that come after it.
 */
#ifndef FH_INDEXER_FEED_CUTTER_H
#define FH_INDEXER_FEED_CUTTER_H

#include "base/types.h"

/*
 * More attributes in one tag are refused. libxml2 compares each with all before it: 30,000 in
 * one tag take seconds.
 */
#define FH_ATTRIBUTES_MAX 512

/* An element of a feed, borrowed from it. */
typedef struct fh_feed_piece {
    fh_str name; /* without its prefix */
    fh_str text; /* from the < of its start tag to the > of its end tag, if it has one */
    uint64_t line;
    bool crowded; /* one of its tags has more than FH_ATTRIBUTES_MAX attributes */
} fh_feed_piece;

/* Begin with a zeroed one but for `rest`, what fh_feed_mend() made, and `line` 1. */
typedef struct fh_feed_cutter {
    fh_str rest;
    uint64_t line; /* of rest */
} fh_feed_cutter;

/*
 * The start tag of the first element, <...>, which `rest` moves behind; false when there is
 * none or it is crowded.
 */
bool fh_feed_cutter_root(fh_feed_cutter *c, fh_feed_piece *root);

/*
 * The next item or entry, or title, image or text input of the feed itself; false at the end.
 * One that is never closed ends where the next begins.
 */
bool fh_feed_cutter_next(fh_feed_cutter *c, fh_feed_piece *piece);

/*
 * The bytes of the CDATA section, comment or instruction that TEXT begins with; 0 when it does
 * not.
 */
size_t fh_feed_verbatim(fh_str text);

#endif
