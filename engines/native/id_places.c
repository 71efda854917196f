#include "engines/native/id_places.h"

#include <stdlib.h>

#define BITS_MIN 6

/* The slot of HASH, or the empty one where it would go. */
static fh_id_place *slot_of(const fh_id_places *p, uint64_t hash)
{
    size_t mask = ((size_t)1 << p->bits) - 1;
    size_t at = hash & mask;
    while (p->slots[at].local && p->slots[at].hash != hash)
        at = (at + 1) & mask;
    return &p->slots[at];
}

const fh_id_place *fh_id_places_find(const fh_id_places *p, uint64_t hash)
{
    const fh_id_place *slot = p->slots ? slot_of(p, hash) : NULL;
    return slot && slot->local ? slot : NULL;
}

static bool grow(fh_id_places *p)
{
    fh_id_places larger = {.bits = p->bits ? p->bits + 1 : BITS_MIN, .count = p->count};
    larger.slots = calloc((size_t)1 << larger.bits, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; p->slots && i < (size_t)1 << p->bits; i++)
        if (p->slots[i].local)
            *slot_of(&larger, p->slots[i].hash) = p->slots[i];
    free(p->slots);
    *p = larger;
    return true;
}

bool fh_id_places_put(fh_id_places *p, fh_id_place place)
{
    if ((!p->slots || p->count * 2 >= (size_t)1 << p->bits) && !grow(p))
        return false;
    fh_id_place *slot = slot_of(p, place.hash);
    p->count += slot->local == 0;
    *slot = place;
    return true;
}

uint64_t fh_id_places_memory(const fh_id_places *p)
{
    return p->slots ? sizeof *p->slots << p->bits : 0;
}

void fh_id_places_free(fh_id_places *p)
{
    free(p->slots);
    *p = (fh_id_places){0};
}
