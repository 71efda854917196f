#include "engines/native/code_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "engines/native/memory.h"

typedef struct entry {
    uint64_t key; /* the first bytes, the first one highest; behind the end zeros */
    uint32_t number;
} entry;

typedef struct text_table {
    const char *codes;
    const uint64_t *ends;
} text_table;

#define DIGITS  8
#define BUCKETS 256

static fh_str text_of(const text_table *t, uint32_t n)
{
    uint64_t start = n > 0 ? t->ends[n - 1] : 0;
    return (fh_str){t->codes + start, (size_t)(t->ends[n] - start)};
}

static uint64_t key_of(fh_str text)
{
    uint64_t key = 0;
    for (size_t i = 0; i < DIGITS; i++)
        key = key << 8 | (i < text.len ? (uint8_t)text.ptr[i] : 0);
    return key;
}

static int compare(const void *a, const void *b, void *context)
{
    const entry *x = a;
    const entry *y = b;
    return fh_str_compare(text_of(context, x->number), text_of(context, y->number));
}

/*
 * Sort FROM by digit D, counted from the lowest, into TO; false when all have the same digit.
 */
static bool sort_digit(const entry *from, entry *to, uint32_t count, unsigned d)
{
    uint32_t starts[BUCKETS] = {0};
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++)
        starts[from[i].key >> (8 * d) & 0xFF]++;
    if (starts[from[0].key >> (8 * d) & 0xFF] == count)
        return false;
    for (unsigned b = 0; b < BUCKETS; b++) {
        uint32_t here = starts[b];
        starts[b] = at;
        at += here;
    }
    for (uint32_t i = 0; i < count; i++)
        to[starts[from[i].key >> (8 * d) & 0xFF]++] = from[i];
    return true;
}

/* Sort those whose keys are the same by all that they have. */
static void sort_alike(entry *entries, uint32_t count, text_table *table)
{
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && entries[end].key == entries[i].key; end++)
            continue;
        if (end - i > 1)
            qsort_r(entries + i, end - i, sizeof *entries, compare, table);
    }
}

uint32_t *fh_code_order(const char *codes, const uint64_t *ends, uint32_t count)
{
    text_table table = {codes, ends};
    entry *entries = fh_memory_take(count * sizeof *entries);
    entry *other = fh_memory_take(count * sizeof *other);
    uint32_t *order = fh_memory_take(count * sizeof *order);
    if (!entries || !other || !order) {
        free(entries);
        free(other);
        free(order);
        return NULL;
    }
    for (uint32_t n = 0; n < count; n++) {
        fh_str text = text_of(&table, n);
        entries[n] = (entry){key_of(text), n};
    }
    for (unsigned d = 0; d < DIGITS && count > 0; d++)
        if (sort_digit(entries, other, count, d)) {
            entry *sorted = other;
            other = entries;
            entries = sorted;
        }
    sort_alike(entries, count, &table);
    for (uint32_t i = 0; i < count; i++)
        order[i] = entries[i].number;
    free(entries);
    free(other);
    return order;
}
