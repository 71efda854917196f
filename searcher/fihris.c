#include "searcher/fihris.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "engines/engine.h"
#include "searcher/answer.h"
#include "searcher/deadline.h"
#include "searcher/suggest.h"
#include "stemmers/analysis.h"

/* How often a search begins again because the index was replaced under it. */
#define TRIES 5

struct fh_searcher {
    char *path;
    fh_index *index;
    fh_analyser *analyser;
};

/* Results and the memory they own; callers hold the first member. */
typedef struct box {
    fh_results results;
    fh_arena arena;
} box;

/* ---- Opening ---- */

/* The analyser that this program uses by itself, to name it. */
static fh_status refuse_analysis(const fh_searcher *s, fh_error *err)
{
    fh_analyser *own;
    fh_status status = fh_analyser_new(NULL, &own, err);
    if (status)
        return status;
    status = fh_fail(err, FH_EANALYSIS,
                     "index \"%s\" was built by analysis %s, this program has %s: run "
                     "fihris-index --rebuild",
                     s->path, fh_index_analysis(s->index), fh_analyser_id(own));
    fh_analyser_free(own);
    return status;
}

/* Make the analyser that the index was built with, unless it is there. */
static fh_status match_analysis(fh_searcher *s, fh_error *err)
{
    const char *id = fh_index_analysis(s->index);
    if (s->analyser && strcmp(fh_analyser_id(s->analyser), id) == 0)
        return FH_OK;
    fh_analyser_free(s->analyser);
    s->analyser = NULL;
    const char *stemmer = fh_analysis_stemmer(id);
    return stemmer ? fh_analyser_new(stemmer, &s->analyser, err) : refuse_analysis(s, err);
}

fh_status fh_searcher_open(const char *path, fh_searcher **out, fh_error *err)
{
    *out = NULL;
    fh_searcher *s = calloc(1, sizeof *s);
    if (!s)
        return fh_fail_memory(err);
    s->path = strdup(path);
    fh_status status = s->path ? fh_index_open(path, &s->index, err) : fh_fail_memory(err);
    if (!status)
        status = match_analysis(s, err);
    if (status) {
        fh_searcher_close(s);
        return status;
    }
    *out = s;
    return FH_OK;
}

void fh_searcher_close(fh_searcher *s)
{
    if (!s)
        return;
    fh_analyser_free(s->analyser);
    if (s->index)
        fh_index_close(s->index);
    free(s->path);
    free(s);
}

/* Pick up what was published, and the analysis that belongs to it. */
static fh_status refresh(fh_searcher *s, fh_error *err)
{
    bool changed;
    fh_status status = fh_index_refresh(s->index, &changed, err);
    return status ? status : match_analysis(s, err);
}

/* ---- Searching ---- */

static fh_status check_request(const fh_request *request, fh_error *err)
{
    if (request->count > FH_COUNT_MAX)
        return fh_fail(err, FH_ELIMIT,
                       "%zu results were asked for, at most %d can be had at once",
                       request->count, FH_COUNT_MAX);
    if (request->first > FH_FIRST_MAX)
        return fh_fail(err, FH_ELIMIT, "%zu results were to be left out, at most %d can be",
                       request->first, FH_FIRST_MAX);
    return FH_OK;
}

static fh_status search_once(fh_searcher *s, const fh_request *request, int64_t deadline,
                             box *b, fh_error *err)
{
    fh_job job = {.index = s->index,
                  .analyser = s->analyser,
                  .request = request,
                  .deadline = deadline,
                  .arena = &b->arena};
    return fh_answer(&job, &b->results, err);
}

static uint64_t microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

fh_status fh_searcher_search(fh_searcher *s, const fh_request *request, fh_results **out,
                             fh_error *err)
{
    uint64_t begin = microseconds();
    int64_t deadline = fh_deadline_in(request->timeout_ms);
    *out = NULL;
    fh_status status = check_request(request, err);
    box *b = status ? NULL : calloc(1, sizeof *b);
    if (!b)
        return status ? status : fh_fail_memory(err);
    for (int i = 0; i < TRIES; i++) {
        fh_arena_clear(&b->arena);
        b->results = (fh_results){0};
        status = refresh(s, err);
        if (!status)
            status = search_once(s, request, deadline, b, err);
        if (status != FH_ECHANGED)
            break;
    }
    if (status == FH_ESTOPPED)
        fh_fail(err, status,
                "the search was not done within %u ms: allow it more time, or ask for rarer "
                "words",
                (unsigned)request->timeout_ms);
    if (status) {
        fh_results_free(&b->results);
        return status;
    }
    b->results.took_us = microseconds() - begin;
    b->results.generation = fh_index_generation(s->index);
    *out = &b->results;
    return FH_OK;
}

void fh_results_free(fh_results *results)
{
    if (!results)
        return;
    box *b = (box *)results;
    fh_arena_free(&b->arena);
    free(b);
}

fh_status fh_searcher_refresh(fh_searcher *s, uint64_t *generation, fh_error *err)
{
    fh_status status = refresh(s, err);
    *generation = status ? 0 : fh_index_generation(s->index);
    return status;
}

/* ---- Suggestions ---- */

typedef struct suggestions_box {
    fh_suggestions suggestions;
    fh_arena arena;
} suggestions_box;

static fh_status suggest_once(fh_searcher *s, fh_str text, size_t most, suggestions_box *b,
                              fh_error *err)
{
    fh_suggestion *items;
    fh_buffer repaired = {0};
    fh_utf8_repair(text, &repaired);
    fh_str typed = fh_arena_copy(&b->arena, fh_buffer_str(&repaired));
    fh_buffer_free(&repaired);
    fh_status status = typed.ptr ? refresh(s, err) : fh_fail_memory(err);
    if (!status)
        status = fh_suggest(s->index, s->analyser, typed, most, &b->arena, &items,
                            &b->suggestions.count, err);
    if (status)
        return status;
    b->suggestions.items = items;
    b->suggestions.generation = fh_index_generation(s->index);
    return FH_OK;
}

fh_status fh_searcher_suggest(fh_searcher *s, fh_str text, size_t most, fh_suggestions **out,
                              fh_error *err)
{
    *out = NULL;
    if (most > FH_SUGGEST_MAX || text.len > FH_QUERY_MAX)
        return fh_fail(err, FH_ELIMIT, "at most %d bytes are completed, in at most %d ways",
                       FH_QUERY_MAX, FH_SUGGEST_MAX);
    suggestions_box *b = calloc(1, sizeof *b);
    if (!b)
        return fh_fail_memory(err);
    fh_status status = FH_OK;
    for (int i = 0; i < TRIES; i++) {
        fh_arena_clear(&b->arena);
        status = suggest_once(s, text, most, b, err);
        if (status != FH_ECHANGED)
            break;
    }
    if (status) {
        fh_suggestions_free(&b->suggestions);
        return status;
    }
    *out = &b->suggestions;
    return FH_OK;
}

void fh_suggestions_free(fh_suggestions *suggestions)
{
    if (!suggestions)
        return;
    suggestions_box *b = (suggestions_box *)suggestions;
    fh_arena_free(&b->arena);
    free(b);
}

/* ---- One article, statistics ---- */

typedef struct article_box {
    fh_article article;
    fh_arena arena;
} article_box;

fh_status fh_searcher_article(fh_searcher *s, fh_str id, fh_article **out, fh_error *err)
{
    *out = NULL;
    bool found = false;
    fh_status status = FH_OK;
    article_box *b = calloc(1, sizeof *b);
    if (!b)
        return fh_fail_memory(err);
    for (int i = 0; i < TRIES; i++) {
        fh_arena_clear(&b->arena);
        status = refresh(s, err);
        if (!status)
            status = fh_index_article(s->index, id, &b->arena, &found, &b->article, err);
        if (status != FH_ECHANGED)
            break;
    }
    if (!status && !found)
        status = fh_fail(err, FH_ENOTFOUND, "index \"%s\" has no article \"%.*s\"", s->path,
                         FH_PRINT(id));
    if (status) {
        fh_article_free(&b->article);
        return status;
    }
    *out = &b->article;
    return FH_OK;
}

void fh_article_free(fh_article *article)
{
    if (!article)
        return;
    article_box *b = (article_box *)article;
    fh_arena_free(&b->arena);
    free(b);
}

fh_status fh_searcher_stats(fh_searcher *s, fh_stats *stats, fh_error *err)
{
    fh_index_stats all;
    *stats = (fh_stats){0};
    fh_status status = refresh(s, err);
    if (!status)
        status = fh_index_get_stats(s->index, &all, err);
    if (status)
        return status;
    *stats = (fh_stats){.generation = all.generation,
                        .articles = all.articles,
                        .text_bytes = all.text_bytes,
                        .index_bytes = all.index_bytes};
    const fh_engine_info *engine = fh_engine_describe(all.engine);
    stats->checksums = engine && engine->checksums;
    stats->deadlines = engine && engine->deadlines;
    memcpy(stats->engine, all.engine, sizeof stats->engine);
    memcpy(stats->analysis, all.analysis, sizeof stats->analysis);
    return FH_OK;
}
