/*
 * The writer's insides, shared by xapian_batch.c and xapian_writer.c.
 *
 * A batch of some size becomes runs: throw-away databases in the folder for work, each written
 * in one go and never touched again, which spares Xapian's B-trees all rewriting. Publishing
 * merges the data and all runs into a new folder. A batch so small that merging would cost more
 * than it holds its documents packed, and publishing puts them into the data in place, as one
 * transaction.
 *
 * Whatever is put under an id that the index has, and whatever is removed, leaves a drop:
 * delete all documents of that id with numbers below a bound. Drops are applied last, so that
 * the order in which batches are filled does not matter.
 */
#ifndef FH_ENGINES_XAPIAN_WRITER_H
#define FH_ENGINES_XAPIAN_WRITER_H

#include <stdatomic.h>

#include "engines/engine_row.h"
#include "engines/xapian/xapian_data.h"

/* Documents of batches that are published in place. */
typedef struct fh_xheld {
    uint32_t number;
    uint32_t len; /* of the packed document that follows in the buffer */
} fh_xheld;

/* One drop; the key's bytes follow in the buffer. */
typedef struct fh_xdrop {
    uint32_t before;
    uint32_t len;
} fh_xdrop;

/* What waits for a publish: in a batch, and then in the writer. */
typedef struct fh_xpending {
    fh_buffer held;  /* fh_xheld and bytes, again and again */
    fh_buffer drops; /* fh_xdrop and bytes, likewise */
    fh_buffer runs;  /* uint32_t: the first number of each run, which is its name */
    uint64_t documents;
    uint64_t text_bytes;
} fh_xpending;

typedef struct fh_xwriter {
    fh_workplace place;
    fhx_base *base;        /* what is published, or NULL when there is nothing to go on from */
    char *current;         /* its folder, or NULL */
    uint32_t next;         /* the next document number */
    uint64_t text_bytes;   /* published */
    uint64_t in_place;     /* text of the batches since the last publish that are held */
    atomic_size_t batches; /* that are between new and add or free */
    fh_xpending pending;
} fh_xwriter;

/* The calls of fh_engine on batches. */
fh_status fh_xbatch_new(void *writer, size_t count, uint64_t text_bytes, void **out,
                        fh_error *err);
fh_status fh_xbatch_put(void *batch, const fh_entry *entry, fh_error *err);
fh_status fh_xbatch_add(void *writer, void *batch, fh_error *err);
void fh_xbatch_free(void *batch);

/* The calls of fh_engine on writers. */
fh_status fh_xwriter_open(const fh_workplace *place, void **out, fh_error *err);
fh_status fh_xwriter_lookup(void *writer, fh_str id, bool *found, uint64_t *fingerprint,
                            fh_error *err);
fh_status fh_xwriter_remove(void *writer, fh_str id, bool *found, fh_error *err);
fh_status fh_xwriter_walk(void *writer, fh_str origin, fh_origin_visit visit, void *context,
                          fh_error *err);
fh_status fh_xwriter_publish(void *writer, uint64_t generation, const char *fresh, bool *moved,
                             fh_error *err);
fh_status fh_xwriter_settle(void *writer, const char *current, fh_error *err);
fh_status fh_xwriter_stats(void *writer, fh_index_stats *stats, fh_error *err);
void fh_xwriter_close(void *writer);

/* Shared. */
void fh_xpending_drop(fh_xpending *p, fh_str id, uint32_t before);
void fh_xpending_free(fh_xpending *p);
/* The path of the run that begins with document FIRST, for free(), or NULL. */
char *fh_xrun_path(const fh_xwriter *w, uint32_t first);

#endif
