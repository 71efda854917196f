#include <stdlib.h>

#include "engines/native/heads.h"
#include "engines/native/native_index.h"

/* A source of one segment. */
typedef struct source {
    fh_str name; /* in the walk's arena */
    uint32_t articles;
} source;

/*
 * How many living articles each name of S is the source of, for free(); NULL for want of
 * memory.
 */
static uint32_t *count_articles(const fh_segment *s)
{
    uint32_t names = fh_names_count(s);
    uint32_t *counts = calloc((size_t)names + 1, sizeof *counts);
    for (uint32_t local = 0; counts && local < s->header.articles; local++) {
        uint64_t name = fh_column_get(&s->sources, local);
        if (name > 0 && name < names && !fh_segment_is_dead(s, local))
            counts[name]++;
    }
    return counts;
}

fh_status fh_nindex_add_sources(const fh_segment *s, const uint32_t *counts, fh_arena *arena,
                                fh_buffer *found, fh_error *err)
{
    fh_status status = fh_segment_status(s, err);
    for (uint32_t n = 1; n < fh_names_count(s) && !status; n++) {
        source one = {.articles = counts[n]};
        if (counts[n] == 0)
            continue;
        status = fh_names_text(s, n, arena, &one.name, err);
        fh_buffer_add(found, &one, sizeof one);
    }
    return status;
}

static int compare_sources(const void *a, const void *b)
{
    return fh_str_compare(((const source *)a)->name, ((const source *)b)->name);
}

/* Visit each of COUNT SOURCES, which are in order, once for all segments. */
static void visit_all(const source *sources, size_t count, fh_term_visit visit, void *context)
{
    for (size_t i = 0, next; i < count; i = next) {
        uint32_t articles = 0;
        for (next = i; next < count && fh_str_equal(sources[i].name, sources[next].name);
             next++)
            articles += sources[next].articles;
        if (!visit(context, sources[i].name, articles))
            return;
    }
}

void fh_nindex_visit_sources(fh_buffer *found, fh_term_visit visit, void *context)
{
    source *all = (source *)(void *)found->data;
    size_t count = found->len / sizeof *all;
    if (count == 0)
        return;
    qsort(all, count, sizeof *all, compare_sources);
    visit_all(all, count, visit, context);
}

fh_status fh_nindex_sources(void *index, fh_term_visit visit, void *context, fh_error *err)
{
    const fh_shelf *shelf = ((const fh_nindex *)index)->shelf;
    fh_buffer found = {0};
    fh_arena arena = {0};
    fh_status status = FH_OK;
    for (size_t i = 0; i < shelf->count && !status; i++) {
        uint32_t *counts = count_articles(shelf->segments[i]);
        status = counts ? fh_nindex_add_sources(shelf->segments[i], counts, &arena, &found, err)
                        : fh_fail_memory(err);
        free(counts);
    }
    if (!status && found.failed)
        status = fh_fail_memory(err);
    if (!status)
        fh_nindex_visit_sources(&found, visit, context);
    fh_buffer_free(&found);
    fh_arena_free(&arena);
    return status;
}
