/*
 * What an item of a feed says, out of its XML.
 */
#ifndef FH_INDEXER_FEED_ITEM_H
#define FH_INDEXER_FEED_ITEM_H

#include <libxml/tree.h>

#include "base/buffer.h"

/*
 * Begin with a zeroed one but for `atom`. What is read lives in `texts`, until the next item
 * is.
 */
typedef struct fh_feed_scribe {
    bool atom; /* says of each text whether it is HTML; RSS does not */
    fh_arena texts;
    bool failed; /* memory ran out */
} fh_feed_scribe;

/*
 * Read the element NODE, an item or entry, of its names those of RSS, Atom, Dublin Core and the
 * content module: see format_feed.c. out: *ARTICLE but for its date, which *DATE has as it is
 * written.
 */
void fh_feed_item_read(fh_feed_scribe *s, xmlNode *node, fh_article *article, fh_str *date);

/* The text of NODE when it is the title of a feed or an item; else the empty text. */
fh_str fh_feed_title_read(fh_feed_scribe *s, xmlNode *node);

#endif
