/*
 * Where the articles stand that were put and are not published yet, by the checksums of their
 * ids.
 */
#ifndef FH_ENGINES_NATIVE_ID_PLACES_H
#define FH_ENGINES_NATIVE_ID_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An article: its segment's place in the generation to come, and its number there. */
typedef struct fh_id_place {
    uint64_t hash;
    uint32_t segment;
    uint32_t local; /* + 1, so that a zeroed place is none */
} fh_id_place;

/* Begin with a zeroed one. */
typedef struct fh_id_places {
    fh_id_place *slots;
    unsigned bits; /* there are 2^bits slots */
    size_t count;
} fh_id_places;

/* The place under HASH, or NULL; valid until the next put. */
const fh_id_place *fh_id_places_find(const fh_id_places *p, uint64_t hash);
/* Put PLACE in place of what stands under its hash; false when memory ran out. */
bool fh_id_places_put(fh_id_places *p, fh_id_place place);
/* Bytes of memory that it takes. */
uint64_t fh_id_places_memory(const fh_id_places *p);
void fh_id_places_free(fh_id_places *p);

#endif
