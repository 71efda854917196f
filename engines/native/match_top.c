/*
 * The best ones so far, in a heap whose top is the worst of them.
 */
#include <stdlib.h>

#include "engines/native/matching.h"

/* Is A worse than B? */
static bool is_worse(const fh_best *a, const fh_best *b)
{
    return a->key != b->key ? a->key < b->key : a->document > b->document;
}

int64_t fh_top_threshold(const fh_top *t)
{
    if (t->total < t->count_to)
        return INT64_MIN;
    if (t->capacity == 0)
        return INT64_MAX;
    return t->count < t->capacity ? INT64_MIN : t->heap[0].key;
}

static void sift_down(fh_top *t, fh_best item)
{
    size_t at = 0;
    for (;;) {
        size_t kid = 2 * at + 1;
        if (kid >= t->count)
            break;
        if (kid + 1 < t->count && is_worse(&t->heap[kid + 1], &t->heap[kid]))
            kid++;
        if (!is_worse(&t->heap[kid], &item))
            break;
        t->heap[at] = t->heap[kid];
        at = kid;
    }
    t->heap[at] = item;
}

static void sift_up(fh_top *t, fh_best item)
{
    size_t at = t->count++;
    while (at > 0 && is_worse(&item, &t->heap[(at - 1) / 2])) {
        t->heap[at] = t->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    t->heap[at] = item;
}

static bool make_room(fh_top *t)
{
    if (t->count < t->room)
        return true;
    size_t room = t->room ? 2 * t->room : 64;
    fh_best *heap = reallocarray(t->heap, room, sizeof *heap);
    if (!heap)
        return false;
    t->heap = heap;
    t->room = room;
    return true;
}

bool fh_top_offer(fh_top *t, int64_t key, uint32_t document)
{
    fh_best item = {.key = key, .document = document};
    t->total++;
    if (t->count < t->capacity) {
        if (!make_room(t))
            return false;
        sift_up(t, item);
    } else if (t->capacity > 0 && is_worse(&t->heap[0], &item)) {
        sift_down(t, item);
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    return is_worse(a, b) ? 1 : is_worse(b, a) ? -1 : 0;
}

void fh_best_sort(fh_best *best, size_t count)
{
    if (count > 0)
        qsort(best, count, sizeof *best, compare);
}

void fh_top_sort(fh_top *t)
{
    fh_best_sort(t->heap, t->count);
}
