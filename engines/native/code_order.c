#include "engines/native/code_order.h"

#include <stdlib.h>

#include "base/buffer.h"
#include "engines/native/bytes.h"
#include "engines/native/keyed.h"
#include "engines/native/memory.h"

typedef struct text_table {
    const char *codes;
    const uint64_t *ends;
} text_table;

static fh_str text_of(const text_table *t, uint32_t n)
{
    uint64_t start = n > 0 ? t->ends[n - 1] : 0;
    return (fh_str){t->codes + start, (size_t)(t->ends[n] - start)};
}

static int compare(const void *a, const void *b, void *context)
{
    const fh_keyed *x = a;
    const fh_keyed *y = b;
    return fh_str_compare(text_of(context, x->value), text_of(context, y->value));
}

/* Sort those whose keys are the same by all that they have. */
static void sort_alike(fh_keyed *items, uint32_t count, text_table *table)
{
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && items[end].key == items[i].key; end++)
            continue;
        if (end - i > 1)
            qsort_r(items + i, end - i, sizeof *items, compare, table);
    }
}

uint32_t *fh_code_order(const char *codes, const uint64_t *ends, uint32_t count)
{
    text_table table = {codes, ends};
    fh_keyed *items = fh_memory_take(count * sizeof *items);
    fh_keyed *scratch = fh_memory_take(count * sizeof *scratch);
    uint32_t *order = fh_memory_take(count * sizeof *order);
    bool sorted = items && scratch && order;
    if (sorted) {
        for (uint32_t n = 0; n < count; n++) {
            fh_str text = text_of(&table, n);
            items[n] = (fh_keyed){fh_get_key(text.ptr, text.len), n};
        }
        fh_keyed_sort(items, scratch, count);
        sort_alike(items, count, &table);
        for (uint32_t i = 0; i < count; i++)
            order[i] = items[i].value;
    }
    free(items);
    free(scratch);
    if (sorted)
        return order;
    free(order);
    return NULL;
}
