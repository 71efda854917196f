/*
 * Names on their way into a segment: each different one gets a number, in the order they come,
 * and at the end its rank in order of bytes.
 */
#ifndef FH_ENGINES_NATIVE_NAME_SET_H
#define FH_ENGINES_NATIVE_NAME_SET_H

#include "base/buffer.h"
#include "engines/native/sealed.h"

/* Begin with a zeroed one. `codes.failed` or `items.failed`: memory ran out. */
typedef struct fh_name_set {
    fh_buffer codes; /* the letter codes of all names, one after the other */
    fh_buffer items; /* an item for each name */
    uint32_t *table; /* name + 1 at its hash, 0 where there is none */
    size_t room;     /* of the table, a power of two */
} fh_name_set;

/* How many names there are. */
uint32_t fh_name_set_count(const fh_name_set *s);
/* The number of NAME, which is added unless it is there; 0 when memory ran out. */
uint32_t fh_name_set_add(fh_name_set *s, fh_str name);
/* The number in S of name N of OTHER, likewise. */
uint32_t fh_name_set_join(fh_name_set *s, const fh_name_set *other, uint32_t n);
/*
 * Write FH_SECTION_NAMES. *RANKS, for free(), are the numbers that the names have there; the
 * empty name is always one of them. false for want of memory.
 */
bool fh_name_set_write(fh_name_set *s, fh_spool *out, uint32_t **ranks);
void fh_name_set_free(fh_name_set *s);

#endif
