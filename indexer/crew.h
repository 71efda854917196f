/*
 * The workers: they turn loads of articles into words and put them into the engine's batches, several
 * loads at a time, and give them back in the order in which they came.
 *
 *   new (give | take)* free          all from one thread
 */
#ifndef FH_INDEXER_CREW_H
#define FH_INDEXER_CREW_H

#include "base/buffer.h"
#include "engines/engine.h"

/* One article on its way, with what the engine is told of it. */
typedef struct fh_parcel {
    fh_article article;
    uint64_t fingerprint;
    bool replaces; /* the index already holds its id */
    uint32_t file; /* where it was found */
    uint64_t line;
    fh_error *refusal; /* why the engine does not take it; NULL when it does */
} fh_parcel;

/* Some articles on their way together. A load that has arrived may be filled anew. */
typedef struct fh_load {
    struct fh_load *next; /* for whoever keeps several */
    char *texts;          /* of the articles */
    size_t texts_len, texts_room;
    fh_arena memory; /* texts that find no room there, and refusals */
    fh_parcel *parcels;
    size_t count;
    size_t capacity;
    uint64_t text_bytes; /* of titles and bodies */
    uint64_t bytes;      /* of all texts */
    fh_batch *batch;     /* made before the load is given, added or freed after it is taken */
    fh_error failure;    /* what ended the work on it; status FH_OK when nothing did */
    bool done;           /* the crew's own */
} fh_load;

/* An empty load for at most COUNT articles, whose texts take about BYTES. */
fh_status fh_load_new(size_t count, size_t bytes, fh_load **out, fh_error *err);
/* Copy PARCEL into L, which has room for it. */
fh_status fh_load_add(fh_load *l, const fh_parcel *parcel, fh_error *err);
/* Empty L, and free the batch in it, but keep the memory. */
void fh_load_clear(fh_load *l);
/* Free L, and the batch in it. NULL is allowed. */
void fh_load_free(fh_load *l);

typedef struct fh_crew fh_crew;

/*
 * WORKERS threads that stem by the stemmer named (NULL: the default); each remembers spellings in
 * about MEMORY bytes.
 */
fh_status fh_crew_new(size_t workers, const char *stemmer, size_t memory, fh_crew **out,
                      fh_error *err);

/* The id of the crew's analysis; lives as long as it. */
const char *fh_crew_analysis(const fh_crew *c);

/* How many loads are with the crew, and how many it can have at a time. */
size_t fh_crew_loads(const fh_crew *c);
size_t fh_crew_room(const fh_crew *c);

/* Give a load, of which there are fewer than fh_crew_room(). Takes it. */
void fh_crew_give(fh_crew *c, fh_load *load);

/* The oldest load, once it is done: waited for with WAIT, else NULL if it is not. */
fh_load *fh_crew_take(fh_crew *c, bool wait);

/* Let the workers go home after the article they are at; frees loads not taken. NULL is allowed. */
void fh_crew_free(fh_crew *c);

#endif
