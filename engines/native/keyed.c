#include "engines/native/keyed.h"

#include <string.h>

#define BYTES ((size_t)8)

/* Where the items with each value of byte B of their keys begin, from how many there are. */
static void begin_runs(size_t counts[256])
{
    size_t begin = 0;
    for (size_t i = 0; i < 256; i++) {
        size_t count = counts[i];
        counts[i] = begin;
        begin += count;
    }
}

void fh_keyed_sort(fh_keyed *items, fh_keyed *scratch, size_t count)
{
    size_t counts[BYTES][256] = {{0}};
    fh_keyed *from = items, *to = scratch;
    for (size_t i = 0; i < count; i++)
        for (size_t b = 0; b < BYTES; b++)
            counts[b][items[i].key >> (8 * b) & 0xFF]++;
    for (size_t b = 0; b < BYTES && count > 0; b++) {
        if (counts[b][items[0].key >> (8 * b) & 0xFF] == count)
            continue; /* all the same */
        begin_runs(counts[b]);
        for (size_t i = 0; i < count; i++)
            to[counts[b][from[i].key >> (8 * b) & 0xFF]++] = from[i];
        fh_keyed *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}
