#include <stdlib.h>

#include "engines/native/lists.h"
#include "engines/native/memory.h"

/* A segment on its way through its terms. */
typedef struct source {
    const fh_segment *segment;
    const uint32_t *map;
    fh_dictionary dictionary;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted;
    size_t number; /* which of the segments */
} source;

/* The postings of one term, of all segments. */
typedef struct gathered {
    fh_numbers articles, counts, titles, positions;
    bool titled;
} gathered;

typedef struct merge {
    unsigned form;
    source *sources;
    source **heap; /* those that have terms left, the one with the least first */
    size_t left;
    gathered postings;
    fh_block block;
    bool failed; /* for want of memory */
} merge;

/* ---- The segments in order of their terms, then of their numbers ---- */

static bool is_before(const source *a, const source *b)
{
    int order = fh_str_compare(a->code, b->code);
    return order < 0 || (order == 0 && a->number < b->number);
}

/* Let the source at I sink to where it belongs. */
static void sink(merge *m, size_t i)
{
    source *sinking = m->heap[i];
    for (size_t kid; (kid = 2 * i + 1) < m->left; i = kid) {
        if (kid + 1 < m->left && is_before(m->heap[kid + 1], m->heap[kid]))
            kid++;
        if (!is_before(m->heap[kid], sinking))
            break;
        m->heap[i] = m->heap[kid];
    }
    m->heap[i] = sinking;
}

/* Move the first source to its next term, or out of the heap. */
static void advance(merge *m)
{
    source *s = m->heap[0];
    if (!fh_term_walk_next(&s->walk, &s->code, &s->posted))
        m->heap[0] = m->heap[--m->left];
    if (m->left > 0)
        sink(m, 0);
}

static bool open_source(merge *m, const fh_segment *segment, const uint32_t *map, size_t number)
{
    source *s = &m->sources[number];
    *s = (source){.segment = segment, .map = map, .number = number};
    if (!fh_dictionary_open(segment, m->form, &s->dictionary))
        return false;
    fh_term_walk_start(&s->walk, &s->dictionary, (fh_str){NULL, 0});
    if (fh_term_walk_next(&s->walk, &s->code, &s->posted))
        m->heap[m->left++] = s;
    return true;
}

/* ---- The postings of one term ---- */

static void push(fh_numbers *n, uint32_t value)
{
    n->at[n->count++] = value;
}

/* Gather the positions of posting I of the block. */
static bool gather_positions(merge *m, const fh_list *list, unsigned i)
{
    uint32_t count = m->block.counts[i];
    fh_numbers *positions = &m->postings.positions;
    /* A count that its bytes cannot hold, if there are any, must not ask for memory. */
    if (count > list->positions.len * 8)
        return fh_sealed_distrust(list->positions.file, list->positions.offset,
                                  "more positions than there are");
    if (!fh_numbers_reserve(positions, count)) {
        m->failed = true;
        return false;
    }
    uint32_t got =
        fh_block_positions(list, &m->block, i, positions->at + positions->count, count);
    positions->count += got;
    return got == count;
}

/* Gather what lives of the block. */
static bool gather_block(merge *m, const source *s, const fh_list *list)
{
    gathered *g = &m->postings;
    const fh_block *b = &m->block;
    if (!fh_numbers_reserve(&g->articles, b->count) ||
        !fh_numbers_reserve(&g->counts, b->count) ||
        !fh_numbers_reserve(&g->titles, b->count)) {
        m->failed = true;
        return false;
    }
    for (unsigned i = 0; i < b->count; i++) {
        uint32_t article = s->map[b->articles[i]];
        if (article == UINT32_MAX)
            continue;
        push(&g->articles, article);
        push(&g->counts, b->counts[i]);
        push(&g->titles, b->titles[i]);
        g->titled |= b->titles[i] > 0;
        if (!gather_positions(m, list, i))
            return false;
    }
    return true;
}

static bool gather_list(merge *m, const source *s)
{
    fh_list list;
    if (!fh_list_open(s->segment, m->form, &s->posted, &list))
        return false;
    for (uint32_t b = 0; b < list.blocks; b++)
        if (!fh_list_block(&list, b, &m->block) || !fh_block_counts(&list, &m->block) ||
            !gather_block(m, s, &list))
            return false;
    return true;
}

/* Gather the least term of all, and move behind it. CODE has room for FH_CODE_MAX bytes. */
static bool gather_term(merge *m, char *code, size_t *len)
{
    gathered *g = &m->postings;
    g->articles.count = g->counts.count = g->titles.count = g->positions.count = 0;
    g->titled = false;
    *len = m->heap[0]->code.len;
    memcpy(code, m->heap[0]->code.ptr, *len);
    while (m->left > 0 && fh_str_equal(m->heap[0]->code, (fh_str){code, *len})) {
        if (!gather_list(m, m->heap[0]))
            return false;
        advance(m);
    }
    return true;
}

static void add_terms(merge *m, const uint32_t *lengths, uint32_t title_weight,
                      fh_terms_writer *w)
{
    char code[FH_CODE_MAX];
    size_t len;
    while (m->left > 0 && gather_term(m, code, &len)) {
        const gathered *g = &m->postings;
        fh_postings postings = {.articles = g->articles.at,
                                .counts = g->counts.at,
                                .titles = g->titled ? g->titles.at : NULL,
                                .count = g->articles.count,
                                .positions = g->positions.at};
        if (postings.count > 0)
            fh_terms_writer_add(w, (fh_str){code, len}, &postings, lengths, title_weight);
    }
}

/* What went wrong, if anything did. */
static fh_status find_failure(const merge *m, const fh_segment *const *segments, size_t count,
                              fh_error *err)
{
    fh_status status = m->failed ? fh_fail_memory(err) : FH_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = fh_segment_status(segments[i], err);
    return status;
}

static void clear(merge *m)
{
    free(m->postings.articles.at);
    free(m->postings.counts.at);
    free(m->postings.titles.at);
    free(m->postings.positions.at);
    free(m->sources);
    free(m->heap);
}

fh_status fh_terms_merge(const fh_segment *const *segments, const uint32_t *const *maps,
                         size_t count, unsigned form, const uint32_t *lengths,
                         uint32_t title_weight, fh_terms_writer *w, fh_error *err)
{
    merge m = {.form = form};
    bool opened = true;
    if (count == 0)
        return FH_OK;
    m.sources = calloc(count, sizeof *m.sources);
    m.heap = calloc(count, sizeof(source *));
    m.failed = !m.sources || !m.heap;
    for (size_t i = 0; i < count && opened && !m.failed; i++)
        opened = open_source(&m, segments[i], maps[i], i);
    for (size_t i = m.left; i-- > 0;)
        sink(&m, i);
    if (opened && !m.failed)
        add_terms(&m, lengths, title_weight, w);
    fh_status status = find_failure(&m, segments, count, err);
    clear(&m);
    return status;
}
