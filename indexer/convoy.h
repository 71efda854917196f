/*
 * The way of articles from who reads them into an index: put into loads, taken through the crew, and
 * added to the writer in the order in which they came. Memory is shared out here among all of these.
 *
 *   new start (put | finish)* free          all from one thread
 */
#ifndef FH_INDEXER_CONVOY_H
#define FH_INDEXER_CONVOY_H

#include "indexer/crew.h"

typedef struct fh_convoy fh_convoy;

/* What a convoy is made of. */
typedef struct fh_convoy_plan {
    const char *stemmer;    /* NULL: the default */
    size_t jobs;            /* worker threads, at least 1 */
    uint64_t memory;        /* bytes for articles on their way and for the engine */
    uint64_t publish_every; /* a publish so many seconds on must not wait for large loads */
    /* An article has come through; its `refusal` says whether it is in the index to come. */
    fh_status (*arrived)(void *context, const fh_parcel *parcel, fh_error *err);
    void *context;
} fh_convoy_plan;

fh_status fh_convoy_new(const fh_convoy_plan *plan, fh_convoy **out, fh_error *err);

/* The id of the analysis that articles go through; lives as long as the convoy. */
const char *fh_convoy_analysis(const fh_convoy *c);
/* The bytes of memory that are left for the engine. */
uint64_t fh_convoy_engine_memory(const fh_convoy *c);

/* Articles go into W, which stays open until the convoy is freed. */
void fh_convoy_start(fh_convoy *c, fh_writer *w);

/* Send PARCEL on its way; what it points to is copied. */
fh_status fh_convoy_put(fh_convoy *c, const fh_parcel *parcel, fh_error *err);

/* Wait until all that was put has arrived and is added to the writer. */
fh_status fh_convoy_finish(fh_convoy *c, fh_error *err);

/* Is anything on its way? */
bool fh_convoy_is_busy(const fh_convoy *c);

/* Give up what is on its way. NULL is allowed. */
void fh_convoy_free(fh_convoy *c);

#endif
