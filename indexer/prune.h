/*
 * Forgetting: which articles of an index came from the inputs of this run and are no longer there.
 */
#ifndef FH_INDEXER_PRUNE_H
#define FH_INDEXER_PRUNE_H

#include "engines/engine.h"
#include "indexer/remark.h"
#include "indexer/seen.h"

/* What a run knows of its inputs. */
typedef struct fh_prune {
    const fh_seen *seen; /* by fh_checksum() of their ids: the articles that are there */
    const fh_seen
        *troubled; /* by fh_checksum() of their names: files and folders that were refused,
                              * in whole or in part */
    const fh_listener *listener;
} fh_prune;

/*
 * Remove from W the articles that came from INPUT and were not seen. What came from a troubled file, or
 * from below a troubled folder, is kept, and the listener is told how much: a bad disk must not cost
 * an article. Adds the number of articles removed to *REMOVED.
 */
fh_status fh_prune_input(const fh_prune *prune, fh_writer *w, const char *input,
                         uint64_t *removed, fh_error *err);

#endif
