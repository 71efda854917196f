/*
 * What the reader adds to an article that a format gives: an id, a source, a title of one line; and
 * whether it can be kept.
 */
#ifndef FH_INDEXER_COMPLETE_H
#define FH_INDEXER_COMPLETE_H

#include "indexer/nest.h"

/* Memory for what is added. Begin with a zeroed one. */
typedef struct fh_completing {
    fh_buffer id;
    fh_buffer title;
} fh_completing;

/*
 * Complete ARTICLE, which PIECE gave on LINE, as the NTH there, from 1. What is added lives until the next call.
 * Fails with FH_EFORMAT or FH_ELIMIT when it cannot be kept, and for want of memory.
 */
fh_status fh_article_complete(fh_completing *c, const fh_piece *piece, uint64_t line,
                              uint64_t nth, fh_article *article, fh_error *err);

void fh_completing_free(fh_completing *c);

#endif
