#include "searcher/wildcard.h"

#include <stdlib.h>
#include <string.h>

#include "searcher/deadline.h"
#include "searcher/fihris.h"

typedef struct candidate {
    uint32_t articles;
    size_t order; /* of the walk, which is that of bytes */
    size_t len;
    char text[FH_TERM_MAX];
} candidate;

/* The best terms so far: a heap with the worst one on top. */
typedef struct best {
    candidate *heap;
    size_t count;
    size_t seen;
    int64_t deadline;
} best;

/* Is A to be left out rather than B? */
static bool is_worse(const candidate *a, const candidate *b)
{
    return a->articles != b->articles ? a->articles < b->articles : a->order > b->order;
}

static void swap(candidate *a, candidate *b)
{
    candidate kept = *a;
    *a = *b;
    *b = kept;
}

static void sift_up(candidate *heap, size_t at)
{
    for (; at > 0 && is_worse(&heap[at], &heap[(at - 1) / 2]); at = (at - 1) / 2)
        swap(&heap[at], &heap[(at - 1) / 2]);
}

static void sift_down(candidate *heap, size_t count, size_t at)
{
    for (;;) {
        size_t worst = at, left = 2 * at + 1, right = left + 1;
        if (left < count && is_worse(&heap[left], &heap[worst]))
            worst = left;
        if (right < count && is_worse(&heap[right], &heap[worst]))
            worst = right;
        if (worst == at)
            return;
        swap(&heap[at], &heap[worst]);
        at = worst;
    }
}

static void fill(candidate *c, fh_str term, uint32_t articles, size_t order)
{
    c->articles = articles;
    c->order = order;
    c->len = term.len;
    memcpy(c->text, term.ptr, term.len);
}

/* fh_term_visit */
static bool consider(void *context, fh_str term, uint32_t articles)
{
    best *b = context;
    if (++b->seen % FH_DEADLINE_STEPS == 0 && fh_deadline_passed(b->deadline))
        return false;
    if (term.len > FH_TERM_MAX)
        return true;
    if (b->count < FH_PREFIX_TERMS) {
        fill(&b->heap[b->count], term, articles, b->seen);
        sift_up(b->heap, b->count++);
    } else if (articles > b->heap[0].articles) {
        fill(&b->heap[0], term, articles, b->seen);
        sift_down(b->heap, b->count, 0);
    }
    return true;
}

/* qsort: the best first. */
static int compare(const void *left, const void *right)
{
    return is_worse(left, right) ? 1 : -1;
}

fh_status fh_wildcard_expand(fh_index *ix, fh_str prefix, fh_field field, int64_t deadline,
                             fh_arena *arena, fh_expansion *out, fh_error *err)
{
    *out = (fh_expansion){0};
    best b = {.heap = fh_arena_alloc(arena, FH_PREFIX_TERMS * sizeof *b.heap),
              .deadline = deadline};
    fh_str *terms = fh_arena_alloc(arena, FH_PREFIX_TERMS * sizeof *terms);
    if (!b.heap || !terms)
        return fh_fail_memory(err);
    fh_status status = fh_index_walk(ix, FH_FORM_FOLDED, field, prefix, consider, &b, err);
    if (!status)
        status = fh_deadline_check(deadline, err);
    if (status)
        return status;
    qsort(b.heap, b.count, sizeof *b.heap, compare);
    for (size_t i = 0; i < b.count; i++)
        terms[i] = (fh_str){b.heap[i].text, b.heap[i].len};
    *out = (fh_expansion){.terms = terms, .count = b.count, .all = b.seen};
    return FH_OK;
}
