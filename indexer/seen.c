#include "indexer/seen.h"

#include <stdlib.h>

#define FIRST_CAPACITY 1024

/* 0 marks a free place, so the key 0 takes another's. */
static uint64_t stored(uint64_t key)
{
    return key ? key : 1;
}

/* The place of KEY, or the free one where it belongs. Keys are checksums: their bits are even. */
static fh_seen_entry *place_of(const fh_seen *s, uint64_t key)
{
    size_t at = key & (s->capacity - 1);
    while (s->entries[at].key != 0 && s->entries[at].key != key)
        at = (at + 1) & (s->capacity - 1);
    return &s->entries[at];
}

const fh_seen_entry *fh_seen_find(const fh_seen *s, uint64_t key)
{
    if (s->capacity == 0)
        return NULL;
    const fh_seen_entry *entry = place_of(s, stored(key));
    return entry->key != 0 ? entry : NULL;
}

/* At most two places of three are taken. */
static bool grow(fh_seen *s)
{
    if (s->count + 1 <= s->capacity / 3 * 2)
        return true;
    fh_seen bigger = {.capacity = s->capacity ? s->capacity * 2 : FIRST_CAPACITY};
    bigger.entries = calloc(bigger.capacity, sizeof *bigger.entries);
    if (!bigger.entries)
        return false;
    for (size_t i = 0; i < s->capacity; i++) {
        if (s->entries[i].key != 0)
            *place_of(&bigger, s->entries[i].key) = s->entries[i];
    }
    bigger.count = s->count;
    free(s->entries);
    *s = bigger;
    return true;
}

bool fh_seen_put(fh_seen *s, fh_seen_entry entry)
{
    if (!grow(s))
        return false;
    entry.key = stored(entry.key);
    *place_of(s, entry.key) = entry;
    s->count++;
    return true;
}

void fh_seen_free(fh_seen *s)
{
    free(s->entries);
    *s = (fh_seen){0};
}
