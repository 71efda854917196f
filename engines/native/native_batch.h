/*
 * A batch on its way into a segment: articles as numbers of spellings.
 *
 * A worker fills a batch by itself: the batch numbers the spellings that it meets, words and
 * what stands between them, and keeps of each text the numbers alone. Whoever adds the batch
 * gives all its spellings the numbers that they have in the gathering (gathering.h), so that
 * texts are compared once for each spelling and batch and never for each word.
 */
#ifndef FH_ENGINES_NATIVE_NATIVE_BATCH_H
#define FH_ENGINES_NATIVE_NATIVE_BATCH_H

#include "engines/engine.h"
#include "engines/native/heads.h"
#include "engines/native/memory.h"
#include "engines/native/met.h"

/*
 * What stands between words is kept in spellings of at most so many bytes, and so are longer
 * words.
 */
#define FH_PIECE_MAX 128

/* An article in a bundle. */
typedef struct fh_kept {
    uint64_t id_hash; /* fh_checksum() */
    uint64_t id_at;   /* where its id stands in the bundle's ids */
    uint32_t id_len;
    uint32_t titles;         /* pieces of its title: words only */
    uint32_t pieces;         /* pieces of its body */
    uint32_t words;          /* of both, that are indexed */
    uint32_t title_position; /* of the first word */
    uint32_t body_position;
    bool replaces;
    bool dead; /* a later one has the same id */
} fh_kept;

/*
 * What is needed to fill a bundle and to number its spellings, and then no more: a bundle
 * hands it to a later one, because memory that is touched the first time is dear.
 */
typedef struct fh_scratch fh_scratch;

/* What a batch holds. */
typedef struct fh_bundle {
    struct fh_bundle *next; /* the one numbered behind it, of those that the writer waits for */
    uint64_t number;
    uint64_t expected; /* bytes that it may take while it is filled */
    bool added;
    size_t most; /* articles */
    fh_kept *articles;
    size_t count;
    fh_numbers
        pieces; /* of each article its title's, then its body's, as numbers of spellings met */
    uint64_t words;
    fh_heads_writer *heads;
    fh_buffer ids;
    fh_scratch *scratch; /* NULL when it is needed no more */
    size_t met_count;    /* spellings met, when the filling is over */
    fh_error failure;    /* why it can neither be filled on nor added */
    uint32_t *numbers;   /* by number met: the spelling's in the gathering */
} fh_bundle;

/* What was met, valid as long as the bundle has its scratch. */
const fh_mets *fh_bundle_mets(const fh_bundle *b);

/*
 * An empty bundle for COUNT articles with TEXT_BYTES of text, or NULL. SCRATCH (NULL allowed)
 * is taken, also on failure.
 */
fh_bundle *fh_bundle_new(size_t count, uint64_t text_bytes, fh_scratch *scratch);
fh_status fh_bundle_put(fh_bundle *b, const fh_entry *entry, fh_error *err);
/* The filling is over: count what was met. Returns what went wrong in it. */
fh_status fh_bundle_end(fh_bundle *b, fh_error *err);
/* The spellings have their numbers: take the scratch out, for another bundle or to be freed. */
fh_scratch *fh_bundle_release(fh_bundle *b);
/* Bytes of memory that it takes. */
uint64_t fh_bundle_memory(const fh_bundle *b);
void fh_bundle_free(fh_bundle *b);

uint64_t fh_scratch_memory(const fh_scratch *s);
void fh_scratch_free(fh_scratch *s);

#endif
