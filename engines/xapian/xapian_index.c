#include "engines/xapian/xapian_index.h"

#include <stdlib.h>
#include <string.h>

#include "engines/xapian/xapian_data.h"

typedef struct xindex {
    fhx_base *base;
    uint64_t generation;
} xindex;

static fh_status read_generation(xindex *ix, fh_error *err)
{
    fh_buffer note = {0};
    fh_status status = fhx_base_note(ix->base, NOTE_STATE, &note, err);
    if (!status)
        ix->generation = note.data ? strtoull(note.data, NULL, 10) : 0;
    fh_buffer_free(&note);
    return status;
}

fh_status fh_xindex_open(const char *data, void **out, fh_error *err)
{
    *out = NULL;
    xindex *ix = calloc(1, sizeof *ix);
    if (!ix)
        return fh_fail_memory(err);
    fh_status status = fhx_base_open(data, &ix->base, err);
    if (!status)
        status = fh_xtables_find(data, ix->base, err);
    if (!status)
        status = read_generation(ix, err);
    if (status)
        fh_xindex_close(ix);
    else
        *out = ix;
    return status;
}

void fh_xindex_close(void *index)
{
    xindex *ix = index;
    fhx_base_close(ix->base);
    free(ix);
}

fh_status fh_xindex_refresh(void *index, fh_error *err)
{
    xindex *ix = index;
    bool changed;
    fh_status status = fhx_base_reopen(ix->base, &changed, err);
    return status || !changed ? status : read_generation(ix, err);
}

uint64_t fh_xindex_generation(const void *index)
{
    return ((const xindex *)index)->generation;
}

fh_status fh_xindex_stats(void *index, fh_index_stats *stats, fh_error *err)
{
    return fh_xapian_stats(((xindex *)index)->base, stats, err);
}

/* ---- Searching ---- */

/* A page on its way from Xapian. */
typedef struct filling {
    fh_page *page;
    size_t room;
    bool body;
    bool scored;
    fh_arena *arena;
} filling;

static fh_status take_hit(void *context, const fhx_shown *shown, fh_error *err)
{
    filling *f = context;
    fh_hit *hit = &f->page->hits[f->page->count];
    if (f->page->count == f->room)
        return fh_fail(err, FH_EENGINE, "Xapian found more than it was asked for");
    hit->document = shown->number;
    hit->score = f->scored ? shown->score : 0;
    f->page->count++;
    return fh_xapian_read(shown, f->body, f->arena, &hit->article, NULL, err);
}

static uint32_t at_most(uint64_t value, uint32_t most)
{
    return value < most ? (uint32_t)value : most;
}

fh_status fh_xindex_search(void *index, const fh_search *search, fh_arena *arena, fh_page *page,
                           fh_error *err)
{
    static const fhx_sort sorts[] = {[FH_SORT_RELEVANCE] = FHX_BY_SCORE,
                                     [FH_SORT_DATE] = FHX_BY_VALUE_DOWN,
                                     [FH_SORT_DATE_ASC] = FHX_BY_VALUE_UP};
    xindex *ix = index;
    uint32_t all, last, low, high;
    fh_status status = fhx_base_count(ix->base, &all, &last, err);
    if (status)
        return status;
    fhx_search s = {
        .first = at_most(search->first, all),
        .count = at_most(search->count, all),
        .count_to = at_most(search->count_to, all),
        .sort = sorts[search->sort],
        .slot = search->sort == FH_SORT_DATE_ASC ? SLOT_DATE_UP : SLOT_DATE,
        .k1 = FH_BM25_K1,
        .b = FH_BM25_B,
        .want = search->parts == FH_PARTS_ALL ? WANT_ALL : WANT_HEAD,
    };
    status = fh_xapian_query(search->expr, arena, &s.nodes, &s.node_count, err);
    if (status)
        return status;
    s.count = at_most(s.count, all - s.first);
    page->hits = fh_arena_alloc(arena, (s.count + 1) * sizeof *page->hits);
    if (!page->hits)
        return fh_fail_memory(err);
    filling f = {page, s.count, s.want.data, s.sort == FHX_BY_SCORE, arena};
    status = fhx_base_search(ix->base, &s, take_hit, &f, &low, &high, err);
    if (status)
        return status;
    page->total = low;
    page->total_exact = low == high;
    return FH_OK;
}

/* ---- Explaining ---- */

static fh_status take_score(void *context, const fhx_shown *shown, fh_error *err)
{
    (void)err;
    *(double *)context = shown->score;
    return FH_OK;
}

/* What LEAF gives to the one document that has the id under KEY. */
static fh_status explain_leaf(xindex *ix, const fh_expr *leaf, fh_str key, fh_arena *arena,
                              double *score, fh_error *err)
{
    const fhx_node *made;
    size_t count;
    uint32_t low, high;
    fh_status status = fh_xapian_query(leaf, arena, &made, &count, err);
    if (status)
        return status;
    fhx_node *nodes = fh_arena_alloc(arena, (count + 2) * sizeof *nodes);
    if (!nodes)
        return fh_fail_memory(err);
    memcpy(nodes, made, count * sizeof *nodes);
    nodes[count] = (fhx_node){.op = FHX_TERM, .weight = 1, .text = key};
    nodes[count + 1] = (fhx_node){.op = FHX_FILTER, .weight = 1, .count = 2};
    fhx_search s = {.nodes = nodes,
                    .node_count = count + 2,
                    .count = 1,
                    .sort = FHX_BY_SCORE,
                    .k1 = FH_BM25_K1,
                    .b = FH_BM25_B,
                    .want = WANT_HEAD};
    return fhx_base_search(ix->base, &s, take_score, score, &low, &high, err);
}

/* The key of the one document that is shown. */
static fh_status take_key(void *context, const fhx_shown *shown, fh_error *err)
{
    fh_arena arena = {0};
    fh_article article;
    fh_status status = fh_xapian_read(shown, false, &arena, &article, NULL, err);
    if (!status)
        fh_xterm_key(context, PREFIX_ID, article.id);
    fh_arena_free(&arena);
    return status;
}

fh_status fh_xindex_explain(void *index, const fh_expr *const *leaves, size_t count,
                            uint32_t document, double *scores, fh_error *err)
{
    xindex *ix = index;
    fh_arena arena = {0};
    fh_xterm key;
    fh_status status = fhx_base_show(ix->base, document, WANT_HEAD, take_key, &key, err);
    for (size_t i = 0; i < count && !status; i++)
        status = explain_leaf(ix, leaves[i], fh_xterm_str(&key), &arena, &scores[i], err);
    fh_arena_free(&arena);
    return status;
}

/* ---- Reading ---- */

/* Where an article that is shown goes. */
typedef struct reading {
    fh_arena *arena;
    fh_article *article;
} reading;

static fh_status take_article(void *context, const fhx_shown *shown, fh_error *err)
{
    reading *r = context;
    return fh_xapian_read(shown, true, r->arena, r->article, NULL, err);
}

fh_status fh_xindex_article(void *index, fh_str id, fh_arena *arena, bool *found,
                            fh_article *article, fh_error *err)
{
    xindex *ix = index;
    reading r = {arena, article};
    fh_xterm key;
    uint32_t number;
    fh_xterm_key(&key, PREFIX_ID, id);
    fh_status status = fhx_base_newest(ix->base, fh_xterm_str(&key), &number, err);
    if (!status && number > 0)
        status = fhx_base_show(ix->base, number, WANT_ALL, take_article, &r, err);
    *found = !status && number > 0;
    return status;
}

fh_status fh_xindex_next(void *index, uint32_t after, fh_arena *arena, fh_hit *hit,
                         uint64_t *fingerprint, fh_error *err)
{
    xindex *ix = index;
    reading r = {arena, &hit->article};
    fh_status status = fhx_base_behind(ix->base, after, &hit->document, err);
    if (status || hit->document == 0)
        return status;
    status = fh_xapian_fingerprint(ix->base, hit->document, fingerprint, err);
    if (!status)
        status = fhx_base_show(ix->base, hit->document, WANT_ALL, take_article, &r, err);
    return status;
}

typedef struct term_walk {
    fhx_base *base;
    fh_term_visit visit;
    void *context;
    fh_status status;
    fh_error *err;
} term_walk;

static bool show_word(void *context, fh_str key, uint32_t documents)
{
    term_walk *walk = context;
    char text[FH_LETTERS_DECODED(FHX_TERM_MAX)];
    size_t len;
    if (!fh_letters_decode((fh_str){key.ptr + 1, key.len - 1}, text, sizeof text, &len)) {
        walk->status = fh_fail(walk->err, FH_ECORRUPT, "a term is damaged");
        return false;
    }
    return walk->visit(walk->context, (fh_str){text, len}, documents);
}

fh_status fh_xindex_frequencies(void *index, fh_form form, fh_field field, const fh_str *terms,
                                size_t count, uint32_t *articles, fh_error *err)
{
    fhx_base *base = ((xindex *)index)->base;
    fh_status status = FH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        fh_xterm term;
        bool holds = terms[i].len > 0 && terms[i].len <= FH_TERM_MAX &&
                     fh_xterm_word(&term, form, field, terms[i]);
        if (holds)
            status = fhx_base_frequency(base, fh_xterm_str(&term), &articles[i], err);
    }
    return status;
}

fh_status fh_xindex_walk(void *index, fh_form form, fh_field field, fh_str prefix,
                         fh_term_visit visit, void *context, fh_error *err)
{
    fh_xterm begin;
    term_walk walk = {((xindex *)index)->base, visit, context, FH_OK, err};
    if (!fh_xterm_word(&begin, form, field, prefix))
        return FH_OK;
    fh_status status = fhx_base_terms(walk.base, fh_xterm_str(&begin), show_word, &walk, err);
    return status ? status : walk.status;
}

/* The source of the first article that has it is the name that its key only stands for. */
typedef struct source_name {
    fh_arena arena;
    fh_str text;
} source_name;

static fh_status take_source(void *context, const fhx_shown *shown, fh_error *err)
{
    source_name *name = context;
    fh_article article;
    fh_status status = fh_xapian_read(shown, false, &name->arena, &article, NULL, err);
    name->text = article.source;
    return status ? status : FH_ESTOPPED;
}

static bool show_source(void *context, fh_str key, uint32_t documents)
{
    term_walk *walk = context;
    if (!memchr(key.ptr, 0, key.len))
        return walk->visit(walk->context, (fh_str){key.ptr + 1, key.len - 1}, documents);
    source_name name = {0};
    walk->status =
        fhx_base_documents(walk->base, key, WANT_HEAD, take_source, &name, walk->err);
    if (walk->status == FH_ESTOPPED)
        walk->status = FH_OK;
    bool on = !walk->status && walk->visit(walk->context, name.text, documents);
    fh_arena_free(&name.arena);
    return on;
}

fh_status fh_xindex_sources(void *index, fh_term_visit visit, void *context, fh_error *err)
{
    term_walk walk = {((xindex *)index)->base, visit, context, FH_OK, err};
    fh_xterm begin;
    fh_xterm_key(&begin, PREFIX_SOURCE, FH_STR(""));
    fh_status status = fhx_base_terms(walk.base, fh_xterm_str(&begin), show_source, &walk, err);
    return status ? status : walk.status;
}
