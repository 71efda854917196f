#include "searcher/fihris.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "engines/engine.h"
#include "searcher/deadline.h"
#include "searcher/facets.h"
#include "searcher/plan.h"
#include "searcher/query.h"
#include "searcher/snippet.h"
#include "searcher/suggest.h"
#include "stemmers/analysis.h"

/* How often a search begins again because the index was replaced under it. */
#define TRIES 5
/* Up to that many results bring their bodies with them; of more, bodies are fetched one by one. */
#define BODIES_AT_ONCE 100
/* The total is exact up to here when the request does not say. */
#define COUNT_TO 10000

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

/* One search on its way. */
typedef struct job {
    fh_searcher *searcher;
    const fh_request *request;
    int64_t deadline;
    fh_arena *arena; /* of the results */
    fh_query query;
    fh_plan plan;
    fh_page page;
    fh_notes notes;
    fh_results *out;
} job;

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

static fh_sort sort_of(const job *j)
{
    switch (j->request->order) {
    case FH_ORDER_DATE:
        return FH_SORT_DATE;
    case FH_ORDER_DATE_ASC:
        return FH_SORT_DATE_ASC;
    default:
        return j->plan.clues.count > 0 ? FH_SORT_RELEVANCE : FH_SORT_DATE;
    }
}

/* Plan the query and ask the index for the page. */
static fh_status ask(job *j, bool relax, fh_error *err)
{
    const fh_request *request = j->request;
    fh_planner planner = {.arena = j->arena,
                          .index = j->searcher->index,
                          .analyser = j->searcher->analyser,
                          .request = request,
                          .deadline = j->deadline,
                          .relax = relax};
    fh_status status = fh_plan_query(&planner, &j->query, &j->plan, err);
    j->page = (fh_page){.total_exact = true};
    if (status || !j->plan.expr)
        return status;
    bool bodies = request->snippets && request->count <= BODIES_AT_ONCE;
    fh_search search = {.expr = j->plan.expr,
                        .first = request->first,
                        .count = request->count,
                        .sort = sort_of(j),
                        .parts = bodies ? FH_PARTS_ALL : FH_PARTS_HEAD,
                        .count_to = request->count_to ? request->count_to : COUNT_TO,
                        .deadline = j->deadline};
    status = fh_index_search(j->searcher->index, &search, j->arena, &j->page, err);
    return status ? status : fh_deadline_check(j->deadline, err);
}

/* Search, and when no article has the quoted phrases, search for their words. */
static fh_status ask_twice(job *j, fh_error *err)
{
    fh_status status = ask(j, false, err);
    if (status || j->page.total > 0 || j->plan.phrases == 0)
        return status;
    const fh_query_node *phrase = j->plan.phrase;
    size_t phrases = j->plan.phrases;
    status = ask(j, true, err);
    if (status)
        return status;
    if (phrases == 1)
        fh_notes_add(&j->notes, "no article that fits has \"%.*s\"%s: its words were searched",
                     FH_PRINT(phrase->text), phrase->near ? " near one another" : "");
    else
        fh_notes_add(&j->notes,
                     "no article that fits has all %zu phrases: their words were searched",
                     phrases);
    return FH_OK;
}

/* ---- Evidence ---- */

static const char *form_name(fh_match match)
{
    static const char *const names[] = {[FH_MATCH_FOLDED] = "folded",
                                        [FH_MATCH_STEM] = "stem",
                                        [FH_MATCH_PREFIX] = "prefix",
                                        [FH_MATCH_PHRASE] = "phrase",
                                        [FH_MATCH_NEAR] = "near"};
    return names[match];
}

/* Say which clues DOCUMENT matched, and what each gave it. */
static fh_status explain(job *j, uint32_t document, fh_result *result, fh_error *err)
{
    size_t count = j->plan.clues.count, i = 0;
    const fh_expr **leaves = fh_arena_alloc(j->arena, (count + 1) * sizeof(fh_expr *));
    double *scores = fh_arena_alloc(j->arena, (count + 1) * sizeof *scores);
    fh_evidence *evidence = fh_arena_alloc(j->arena, (count + 1) * sizeof *evidence);
    if (!leaves || !scores || !evidence)
        return fh_fail_memory(err);
    for (const fh_clue *clue = j->plan.clues.first; clue; clue = clue->next)
        leaves[i++] = clue->leaf;
    fh_status status =
        fh_index_explain(j->searcher->index, leaves, count, document, scores, err);
    if (status)
        return status;
    i = 0;
    for (const fh_clue *clue = j->plan.clues.first; clue; clue = clue->next, i++)
        if (scores[i] > 0)
            evidence[result->evidence_count++] = (fh_evidence){.word = clue->word,
                                                               .term = clue->term,
                                                               .form = form_name(clue->match),
                                                               .title = clue->title,
                                                               .score = scores[i]};
    result->evidence = evidence;
    return FH_OK;
}

/* ---- Results ---- */

/* Let the windows of RESULT own their texts, when the body they borrow from goes away. */
static fh_status keep_windows(job *j, fh_window *windows, size_t count, fh_error *err)
{
    for (size_t i = 0; i < count; i++) {
        windows[i].text = fh_arena_copy(j->arena, windows[i].text);
        if (!windows[i].text.ptr)
            return fh_fail_memory(err);
    }
    return FH_OK;
}

/* The windows of an article whose body is still in the index. */
static fh_status fetch_windows(job *j, fh_lights *lights, fh_str id, fh_window **windows,
                               size_t *count, fh_error *err)
{
    fh_arena scratch = {0};
    fh_article article;
    bool found = false;
    fh_status status =
        fh_index_article(j->searcher->index, id, &scratch, &found, &article, err);
    if (!status && found)
        status = fh_snippet_body(lights, article.body, j->arena, windows, count, err);
    if (!status)
        status = keep_windows(j, *windows, *count, err);
    fh_arena_free(&scratch);
    return status;
}

static fh_status add_snippet(job *j, fh_lights *lights, const fh_hit *hit, fh_result *result,
                             fh_error *err)
{
    fh_window *windows = NULL;
    size_t count = 0;
    fh_status status =
        fh_snippet_title(lights, hit->article.title, j->arena, &result->title, err);
    if (!status && j->request->count > BODIES_AT_ONCE)
        status = fetch_windows(j, lights, hit->article.id, &windows, &count, err);
    else if (!status)
        status = fh_snippet_body(lights, hit->article.body, j->arena, &windows, &count, err);
    result->windows = windows;
    result->window_count = count;
    return status;
}

static fh_status fill_result(job *j, fh_lights *lights, size_t i, fh_result *result,
                             fh_error *err)
{
    const fh_hit *hit = &j->page.hits[i];
    *result = (fh_result){.rank = j->request->first + i + 1,
                          .score = hit->score,
                          .article = hit->article,
                          .title = {.text = hit->article.title}};
    result->article.body = (fh_str){"", 0};
    fh_status status = lights ? add_snippet(j, lights, hit, result, err) : FH_OK;
    if (!status && j->request->explain)
        status = explain(j, hit->document, result, err);
    return status ? status : fh_deadline_check(j->deadline, err);
}

static fh_status fill_results(job *j, fh_error *err)
{
    fh_lights *lights = NULL;
    fh_status status = FH_OK;
    fh_result *results = fh_arena_alloc(j->arena, (j->page.count + 1) * sizeof *results);
    if (!results)
        return fh_fail_memory(err);
    if (j->request->snippets && j->page.count > 0)
        status =
            fh_lights_new(&j->plan.clues, j->searcher->analyser, j->deadline, &lights, err);
    for (size_t i = 0; !status && i < j->page.count; i++)
        status = fill_result(j, lights, i, &results[i], err);
    fh_lights_free(lights);
    j->out->results = results;
    j->out->count = j->page.count;
    j->out->total = j->page.total;
    j->out->total_exact = j->page.total_exact;
    return status;
}

/* ---- What was tried ---- */

/* How many articles hold the term of CLUE? */
static fh_status count_articles(job *j, const fh_clue *clue, uint64_t *articles, fh_error *err)
{
    fh_page page;
    fh_search search = {.expr = clue->leaf, .count_to = UINT64_MAX, .deadline = j->deadline};
    fh_status status = fh_index_search(j->searcher->index, &search, j->arena, &page, err);
    *articles = page.total;
    return status;
}

/* Say for each word of a query that found nothing how many articles hold it. */
static fh_status tell_tried(job *j, fh_error *err)
{
    fh_buffer known = {0}, unknown = {0};
    fh_status status = FH_OK;
    for (const fh_clue *clue = j->plan.clues.first; clue && !status; clue = clue->next) {
        uint64_t articles;
        bool decides = clue->match == FH_MATCH_STEM || clue->shown;
        if (clue->leaf->kind != FH_EXPR_TERM || !decides)
            continue;
        status = count_articles(j, clue, &articles, err);
        fh_buffer *to = articles > 0 ? &known : &unknown;
        fh_buffer_add_str(to, to->len > 0 ? FH_STR(", ") : FH_STR(""));
        fh_buffer_add_str(to, clue->word);
        if (articles > 0)
            fh_buffer_printf(to, " %" PRIu64, articles);
    }
    if (known.len > 0)
        fh_notes_add(&j->notes, "articles that hold each word: %s", known.data);
    if (unknown.len > 0)
        fh_notes_add(&j->notes, "in no article: %s", unknown.data);
    if (j->notes.count == 0)
        fh_notes_add(&j->notes, "every article is excluded or filtered out");
    fh_buffer_free(&known);
    fh_buffer_free(&unknown);
    return status;
}

static void add_plan_notes(job *j)
{
    const fh_str *list = fh_notes_list(&j->plan.notes);
    for (size_t i = 0; list && i < j->plan.notes.count; i++)
        fh_notes_add(&j->notes, "%.*s", FH_PRINT(list[i]));
}

static fh_status fill_notes(job *j, fh_error *err)
{
    fh_status status = FH_OK;
    add_plan_notes(j);
    if (!j->plan.expr)
        fh_notes_add(&j->notes, "the query has no words to search for");
    else if (j->page.total == 0)
        status = tell_tried(j, err);
    j->out->notes = fh_notes_list(&j->notes);
    j->out->note_count = j->out->notes ? j->notes.count : 0;
    return status;
}

/* ---- The whole search ---- */

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
    job j = {.searcher = s,
             .request = request,
             .deadline = deadline,
             .arena = &b->arena,
             .notes = {.arena = &b->arena},
             .out = &b->results};
    fh_status status = fh_query_parse(request->query, request->plain, j.arena, &j.query, err);
    if (status)
        return status;
    b->results.query = j.query.text;
    if (j.query.problem.len > 0)
        fh_notes_add(&j.notes, "the query was searched as plain words: %.*s",
                     FH_PRINT(j.query.problem));
    status = ask_twice(&j, err);
    if (!status)
        status = fill_results(&j, err);
    if (!status)
        status = fill_notes(&j, err);
    if (!status && request->facets && j.page.total > 0)
        status = fh_facets_count(s->index, j.plan.expr, &j.page, request, j.arena, j.out, err);
    return status;
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
