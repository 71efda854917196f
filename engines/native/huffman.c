#include <stdlib.h>

#include "engines/native/keyed.h"
#include "engines/native/memory.h"
#include "engines/native/spellings.h"

/*
 * A tree under construction: nodes 0 to leaves - 1 are the symbols in ascending order of
 * weight, those behind them join two nodes each, and are made in ascending order of weight as
 * well; so the lightest that has no parent yet is always the next of one kind or the other.
 */
typedef struct tree {
    uint64_t *weights; /* of all nodes */
    uint32_t *parents;
    uint8_t *depths;
    uint32_t leaves;
} tree;

/* The lightest node that has no parent yet. */
static uint32_t take_lightest(const tree *t, uint32_t *leaf, uint32_t *join, uint32_t joins)
{
    if (*leaf < t->leaves && (*join == joins || t->weights[*leaf] <= t->weights[*join]))
        return (*leaf)++;
    return (*join)++;
}

/* Join all nodes; returns the greatest depth, cut at 255. */
static unsigned grow(tree *t)
{
    uint32_t leaf = 0;
    uint32_t join = t->leaves;
    uint32_t nodes = 2 * t->leaves - 1;
    for (uint32_t n = t->leaves; n < nodes; n++) {
        uint32_t a = take_lightest(t, &leaf, &join, n);
        uint32_t b = take_lightest(t, &leaf, &join, n);
        t->weights[n] = t->weights[a] + t->weights[b];
        t->parents[a] = t->parents[b] = n;
    }
    t->depths[nodes - 1] = 0;
    for (uint32_t n = nodes - 1; n-- > 0;) {
        unsigned depth = t->depths[t->parents[n]] + 1u;
        t->depths[n] = (uint8_t)(depth < 255 ? depth : 255);
    }
    return t->depths[0];
}

/*
 * Where a code would be too long, weights are halved until none is: what that costs is far
 * below a bit a thousand, since only symbols of next to no weight have such codes.
 */
static void limit_depth(tree *t)
{
    while (grow(t) > FH_CODE_BITS_MAX)
        for (uint32_t n = 0; n < t->leaves; n++)
            t->weights[n] = t->weights[n] / 2 + 1;
}

/* Put the symbols that have a weight, lightest first, into ITEMS; returns how many. */
static uint32_t sort_symbols(const uint64_t *weights, uint32_t count, fh_keyed *items,
                             fh_keyed *scratch)
{
    uint32_t leaves = 0;
    for (uint32_t i = 0; i < count; i++)
        if (weights[i])
            items[leaves++] = (fh_keyed){weights[i], i};
    fh_keyed_sort(items, scratch, leaves);
    return leaves;
}

/* No sum of weights may pass 64 bits. */
#define WEIGHT_MAX UINT32_MAX

bool fh_huffman_lengths(const uint64_t *weights, uint32_t count, uint8_t *lengths)
{
    size_t room = 2 * (size_t)count + 1;
    fh_keyed *items = fh_memory_take(room * sizeof *items);
    tree t = {.weights = fh_memory_take(room * sizeof *t.weights),
              .parents = fh_memory_take(room * sizeof *t.parents),
              .depths = fh_memory_take(room)};
    bool made = items && t.weights && t.parents && t.depths;
    for (uint32_t i = 0; i < count; i++)
        lengths[i] = 0;
    if (made)
        t.leaves = sort_symbols(weights, count, items, items + count);
    for (uint32_t n = 0; n < t.leaves; n++)
        t.weights[n] = items[n].key < WEIGHT_MAX ? items[n].key : WEIGHT_MAX;
    if (t.leaves > 1)
        limit_depth(&t);
    for (uint32_t n = 0; n < t.leaves; n++)
        lengths[items[n].value] = t.leaves > 1 ? t.depths[n] : 1;
    free(items);
    free(t.weights);
    free(t.parents);
    free(t.depths);
    return made;
}
