/*
 * One index into another: the same articles, words and fingerprints, kept by another engine.
 */
#ifndef FH_INDEXER_CONVERT_H
#define FH_INDEXER_CONVERT_H

#include "indexer/build.h"

/* What to convert. All of it is borrowed for the call. */
typedef struct fh_convert {
    const char *from;   /* the folder of the index that is read, and stays as it is */
    const char *to;     /* the folder of the new one: vacant, as fh_index_vacant says */
    const char *engine; /* NULL: the default */
    size_t jobs;        /* worker threads, at least 1 */
    uint64_t memory;    /* bytes for articles on their way and for the engine */
    bool (*stop)(void *context); /* has the user asked to stop? */
    void (*committed)(void *context, uint64_t articles);
    void (*progress)(void *context, const fh_build_progress *progress); /* in bytes of text */
    void *context;
} fh_convert;

/*
 * Put every article of an index into a new one, in its order and analysed anew by the analysis that the
 * index names. There is one publish, at the end: when the call fails or is asked to stop, there is no new
 * index.
 *
 * Fails with FH_EANALYSIS when this program has not that analysis, with FH_ECORRUPT when not all articles
 * can be read, and with FH_ECHANGED when a writer published in place while they were.
 */
fh_status fh_convert_run(const fh_convert *convert, fh_summary *summary, fh_error *err);

#endif
