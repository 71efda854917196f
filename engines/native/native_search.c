#include <stdlib.h>
#include <time.h>

#include "engines/native/heads.h"
#include "engines/native/matching.h"
#include "engines/native/store.h"

/* So many pieces of work are done between two looks at the clock. */
#define TICKS 64

/* ---- The matcher ---- */

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

bool fh_matcher_tick(fh_matcher *m)
{
    if (m->deadline && m->ticks++ % TICKS == 0 && now() > m->deadline)
        m->late = true;
    return !m->late && !m->failed;
}

void *fh_matcher_alloc(fh_matcher *m, size_t size)
{
    void *memory = fh_arena_alloc(&m->arena, size);
    m->failed = m->failed || !memory;
    return memory;
}

void fh_matcher_free(fh_matcher *m)
{
    if (!m)
        return;
    fh_arena_free(&m->arena);
    fh_arena_free(&m->norms_memory);
    free(m);
}

/*
 * ---- Norms: made when a window is first scored, since a search looks at few windows of a
 * large index ----
 */

static float *make_norms(fh_matcher *m, const fh_segment *s, uint32_t window)
{
    float *norms = fh_arena_alloc(&m->norms_memory, FH_WINDOW * sizeof *norms);
    uint32_t base = window * FH_WINDOW;
    uint32_t left = s->header.articles - base;
    for (uint32_t i = 0; norms && i < left && i < FH_WINDOW; i++)
        norms[i] = fh_matcher_norm(m, (uint32_t)fh_column_get(&s->lengths, base + i));
    return norms;
}

const float *fh_matcher_make_norms(fh_matcher *m, size_t i, uint32_t window)
{
    const fh_segment *s = m->shelf->segments[i];
    if (!m->norms[i]) {
        size_t windows = s->header.articles / FH_WINDOW + 1;
        m->norms[i] = fh_arena_alloc(&m->norms_memory, windows * sizeof(float *));
    }
    if (m->norms[i] && !m->norms[i][window])
        m->norms[i][window] = make_norms(m, s, window);
    if (!m->norms[i] || !m->norms[i][window]) {
        m->failed = true;
        return NULL;
    }
    return m->norms[i][window];
}

fh_matcher *fh_matcher_prepare(fh_nindex *ix, int64_t deadline)
{
    fh_matcher *m = ix->matcher;
    if (!m)
        m = ix->matcher = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    const fh_shelf *shelf = ix->shelf;
    fh_arena_clear(&m->arena);
    m->shelf = ix->shelf;
    m->average = shelf->words > 0 ? (double)shelf->words / (double)shelf->articles : 1;
    m->deadline = deadline;
    m->root = NULL;
    m->ticks = 0;
    m->late = false;
    m->failed = false;
    if (!m->norms || m->generation != shelf->generation->number) {
        fh_arena_clear(&m->norms_memory);
        m->norms = fh_arena_alloc(&m->norms_memory, (shelf->count + 1) * sizeof *m->norms);
        m->generation = shelf->generation->number;
    }
    return m->norms ? m : NULL;
}

fh_status fh_matcher_conclude(const fh_matcher *m, fh_error *err)
{
    fh_status status = fh_shelf_status(m->shelf, err);
    if (!status && m->failed)
        return fh_fail_memory(err);
    if (!status && m->late)
        return fh_fail(err, FH_ESTOPPED, "the search was stopped at its deadline");
    return status;
}

/* ---- One segment ---- */

/* What an article is sorted by; undated ones come last either way. */
static int64_t key_of(fh_match *m, fh_sort sort)
{
    if (sort == FH_SORT_RELEVANCE)
        return m->kind->points(m);
    const fh_segment *s = m->matcher->shelf->segments[m->segment];
    fh_date date = fh_date_of_stored(fh_column_get(&s->dates, m->article));
    if (date.precision == FH_DATE_NONE)
        return INT64_MIN + 1;
    return sort == FH_SORT_DATE ? date.seconds : -date.seconds;
}

/*
 * Pass over articles that cannot get above THRESHOLD; returns the article up to which that need
 * not be asked again.
 */
static uint32_t skip_hopeless(fh_match *m, int64_t threshold, fh_top *top)
{
    uint32_t last = FH_END - 1;
    while (m->article != FH_END && m->kind->bound(m, m->article, &last) <= threshold) {
        top->complete = false;
        m->kind->seek(m, last + 1);
    }
    return last;
}

/* Offer all that M matches, one article after the other. */
static void collect(fh_match *m, fh_sort sort, fh_top *top)
{
    const fh_segment *s = m->matcher->shelf->segments[m->segment];
    uint32_t hopeful = 0; /* articles below this were not found hopeless */
    m->matcher->root = m;
    for (fh_match_lead(m); m->article != FH_END; m->kind->seek(m, m->article + 1)) {
        int64_t threshold = fh_top_threshold(top);
        bool prunes = threshold > INT64_MIN;
        if (prunes && sort == FH_SORT_RELEVANCE && m->kind->bound && m->article >= hopeful)
            hopeful = skip_hopeless(m, threshold, top) + 1;
        m->matcher->threshold = threshold;
        if (m->article == FH_END || !fh_matcher_tick(m->matcher))
            return;
        if (fh_segment_is_dead(s, m->article))
            continue;
        int64_t key = key_of(m, sort);
        if (prunes && key <= threshold)
            top->complete = false;
        else if ((!m->kind->confirm || m->kind->confirm(m)) &&
                 !fh_top_offer(top, key, s->base + m->article + 1))
            m->matcher->failed = true;
        if (threshold == INT64_MAX)
            return;
    }
}

static void search_segment(fh_matcher *m, size_t i, fh_goal *goal, fh_sort sort, fh_top *top)
{
    if (sort == FH_SORT_RELEVANCE && fh_match_ranked(m, i, goal, top))
        return;
    fh_match *match = fh_match_open(m, i, goal, sort == FH_SORT_RELEVANCE);
    if (match)
        collect(match, sort, top);
}

/* ---- The page ---- */

static fh_status read_hit(fh_nindex *ix, const fh_search *search, const fh_best *best,
                          fh_arena *arena, fh_hit *hit, fh_error *err)
{
    uint32_t local;
    uint64_t body_len;
    size_t i = fh_shelf_find(ix->shelf, best->document, &local);
    hit->document = best->document;
    if (search->sort == FH_SORT_RELEVANCE) {
        hit->score = (double)best->key / ix->matcher->scale;
        hit->raised = (double)best->raised / ix->matcher->scale;
    }
    fh_status status =
        fh_head_read(ix->shelf->segments[i], local, arena, &hit->article, &body_len, err);
    fh_store *store = NULL;
    if (!status && search->parts == FH_PARTS_ALL)
        status = fh_shelf_store(ix->shelf, i, &store, err);
    if (store)
        status = fh_store_body(store, local, arena, &hit->article.body, err);
    return status;
}

static fh_status fill_page(fh_nindex *ix, const fh_search *search, const fh_top *top,
                           fh_arena *arena, fh_page *page, fh_error *err)
{
    page->total = top->total;
    page->total_exact = top->complete;
    if (top->count <= search->first)
        return FH_OK;
    page->count = top->count - search->first;
    page->count = page->count < search->count ? page->count : search->count;
    page->hits = fh_arena_alloc(arena, page->count * sizeof *page->hits);
    fh_status status = page->hits ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < page->count && !status; i++)
        status =
            read_hit(ix, search, &top->heap[search->first + i], arena, &page->hits[i], err);
    return status;
}

/* What raises the hits of SEARCH, or NULL. A page behind all that are raised is as it is. */
static fh_raise *make_raise(fh_matcher *m, const fh_search *search, const fh_goal *goal)
{
    bool raises = search->sort == FH_SORT_RELEVANCE && search->count > 0 &&
                  search->first < search->rerank.depth;
    return raises ? fh_raise_make(m, &search->rerank, goal) : NULL;
}

/* Find what is best for the page of SEARCH, in order. */
static void find_best(fh_matcher *m, const fh_search *search, fh_top *top)
{
    fh_goal *goal = fh_goal_make(m, search->expr);
    if (!goal)
        return;
    fh_raise *raise = make_raise(m, search, goal);
    if (raise && top->capacity < search->rerank.depth)
        top->capacity = search->rerank.depth;
    fh_goal_scale(m, goal, raise ? fh_raise_most(raise) : 0);
    for (size_t i = 0; i < m->shelf->count && !m->late && !m->failed; i++)
        search_segment(m, i, goal, search->sort, top);
    fh_top_sort(top);
    if (raise && !m->late && !m->failed)
        fh_raise_best(raise, top);
}

fh_status fh_nindex_search(void *index, const fh_search *search, fh_arena *arena, fh_page *page,
                           fh_error *err)
{
    fh_nindex *ix = index;
    fh_matcher *m = fh_matcher_prepare(ix, search->deadline);
    if (!m)
        return fh_fail_memory(err);
    fh_top top = {.capacity = search->count > 0 ? search->first + search->count : 0,
                  .count_to = search->count_to,
                  .complete = true};
    find_best(m, search, &top);
    fh_status status = fh_matcher_conclude(m, err);
    if (!status)
        status = fill_page(ix, search, &top, arena, page, err);
    free(top.heap);
    return status;
}

fh_status fh_nindex_explain(void *index, const fh_expr *const *leaves, size_t count,
                            uint32_t document, double *scores, fh_error *err)
{
    fh_nindex *ix = index;
    uint32_t local;
    fh_matcher *m = fh_matcher_prepare(ix, 0);
    if (!m)
        return fh_fail_memory(err);
    size_t i = fh_shelf_find(ix->shelf, document, &local);
    if (i == ix->shelf->count || fh_segment_is_dead(ix->shelf->segments[i], local))
        return fh_fail(err, FH_ENOTFOUND, "the index has no document %u", document);
    for (size_t leaf = 0; leaf < count; leaf++) {
        fh_goal *goal = fh_goal_make(m, leaves[leaf]);
        if (goal)
            fh_goal_scale(m, goal, 0);
        fh_match *match = goal ? fh_match_open(m, i, goal, true) : NULL;
        if (match && fh_match_has(match, local))
            scores[leaf] = (double)match->kind->points(match) / m->scale;
        fh_status status = fh_matcher_conclude(m, err);
        if (status)
            return status;
    }
    return FH_OK;
}
