#include "searcher/results.h"

#include "searcher/deadline.h"
#include "searcher/snippet.h"

/* Up to that many results bring their bodies with them; of more, bodies are fetched one by one. */
#define BODIES_AT_ONCE 100
/* The form of evidence that is of no word alone. */
#define CLOSE "close"

/* What a page of results is looked at with. */
typedef struct sight {
    fh_lights *lights; /* NULL: nobody wants snippets */
    fh_levels levels;
} sight;

/* ---- Evidence ---- */

static const char *form_name(fh_match match)
{
    static const char *const names[] = {
        [FH_MATCH_FOLDED] = "folded", [FH_MATCH_STEM] = "stem", [FH_MATCH_PREFIX] = "prefix",
        [FH_MATCH_PHRASE] = "phrase", [FH_MATCH_NEAR] = "near", [FH_MATCH_TYPO] = "typo"};
    return names[match];
}

/* Say which clues HIT matched, and what each gave it. */
static fh_status explain(fh_job *j, const fh_hit *hit, fh_result *result, fh_error *err)
{
    size_t count = j->plan.clues.count, i = 0;
    const fh_expr **leaves = fh_arena_alloc(j->arena, (count + 1) * sizeof(fh_expr *));
    double *scores = fh_arena_alloc(j->arena, (count + 1) * sizeof *scores);
    fh_evidence *evidence = fh_arena_alloc(j->arena, (count + 1) * sizeof *evidence);
    if (!leaves || !scores || !evidence)
        return fh_fail_memory(err);
    for (const fh_clue *clue = j->plan.clues.first; clue; clue = clue->next)
        leaves[i++] = clue->leaf;
    fh_status status = fh_index_explain(j->index, leaves, count, hit->document, scores, err);
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
    if (hit->raised > 0)
        evidence[result->evidence_count++] = (fh_evidence){
            .form = CLOSE, .word = {"", 0}, .term = {"", 0}, .score = hit->raised};
    result->evidence = evidence;
    return FH_OK;
}

/* ---- Levels ---- */

/* Ask the index for the truest level, above *LEVEL, on which DOCUMENT has ONE. */
static fh_status prove(fh_job *j, const fh_asked *one, uint32_t document, fh_level *level,
                       fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t i = 0; !status && i < (size_t)*level; i++) {
        double score;
        if (!one->proofs[i])
            continue;
        status = fh_index_explain(j->index, &one->proofs[i], 1, document, &score, err);
        if (!status && score > 0)
            *level = (fh_level)i;
    }
    return status;
}

/* Find the levels of what stands behind the part of DOCUMENT that was read. */
static fh_status prove_rest(fh_job *j, fh_levels *levels, uint32_t document, fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t i = 0; i < levels->count && !status; i++)
        if (levels->found[i] > FH_LEVEL_FOLDED)
            status = prove(j, levels->asked[i], document, &levels->found[i], err);
    return status;
}

static fh_status add_levels(fh_job *j, fh_levels *levels, uint32_t document, fh_result *result,
                            fh_error *err)
{
    fh_status status = levels->cut ? prove_rest(j, levels, document, err) : FH_OK;
    fh_matched *matched =
        status ? NULL : fh_arena_alloc(j->arena, (levels->count + 1) * sizeof *matched);
    if (!matched)
        return status ? status : fh_fail_memory(err);
    for (size_t i = 0; i < levels->count; i++)
        matched[i] = (fh_matched){levels->asked[i]->typed, levels->found[i]};
    result->matched = matched;
    result->matched_count = levels->count;
    return FH_OK;
}

/* ---- Results ---- */

fh_parts fh_results_parts(const fh_request *request)
{
    bool bodies = request->snippets && request->count <= BODIES_AT_ONCE;
    return bodies ? FH_PARTS_ALL : FH_PARTS_HEAD;
}

/* Let the windows of RESULT own their texts, when the body they borrow from goes away. */
static fh_status keep_windows(fh_job *j, fh_window *windows, size_t count, fh_error *err)
{
    for (size_t i = 0; i < count; i++) {
        windows[i].text = fh_arena_copy(j->arena, windows[i].text);
        if (!windows[i].text.ptr)
            return fh_fail_memory(err);
    }
    return FH_OK;
}

/* The windows of an article whose body is still in the index. */
static fh_status fetch_windows(fh_job *j, fh_lights *lights, fh_str id, fh_window **windows,
                               size_t *count, fh_error *err)
{
    fh_arena scratch = {0};
    fh_article article;
    bool found = false;
    fh_status status = fh_index_article(j->index, id, &scratch, &found, &article, err);
    if (!status && found)
        status = fh_snippet_body(lights, article.body, j->arena, windows, count, err);
    if (!status)
        status = keep_windows(j, *windows, *count, err);
    fh_arena_free(&scratch);
    return status;
}

static fh_status add_snippet(fh_job *j, sight *by, const fh_hit *hit, fh_result *result,
                             fh_error *err)
{
    fh_window *windows = NULL;
    fh_lights *lights = by->lights;
    size_t count = 0;
    fh_levels_start(&by->levels);
    fh_status status =
        fh_snippet_title(lights, hit->article.title, j->arena, &result->title, err);
    if (!status && j->request->count > BODIES_AT_ONCE)
        status = fetch_windows(j, lights, hit->article.id, &windows, &count, err);
    else if (!status)
        status = fh_snippet_body(lights, hit->article.body, j->arena, &windows, &count, err);
    result->windows = windows;
    result->window_count = count;
    return status ? status : add_levels(j, &by->levels, hit->document, result, err);
}

static fh_status fill_result(fh_job *j, sight *by, size_t i, fh_result *result, fh_error *err)
{
    const fh_hit *hit = &j->page.hits[i];
    *result = (fh_result){.rank = j->request->first + i + 1,
                          .score = hit->score,
                          .article = hit->article,
                          .title = {.text = hit->article.title}};
    result->article.body = (fh_str){"", 0};
    fh_status status = by->lights ? add_snippet(j, by, hit, result, err) : FH_OK;
    if (!status && j->request->explain)
        status = explain(j, hit, result, err);
    return status ? status : fh_deadline_check(j->deadline, err);
}

static fh_status open_sight(fh_job *j, sight *by, fh_error *err)
{
    if (!fh_levels_make(j->plan.asked, j->arena, &by->levels))
        return fh_fail_memory(err);
    fh_status status =
        fh_lights_new(&j->plan.clues, j->analyser, j->deadline, &by->lights, err);
    if (!status)
        fh_lights_follow(by->lights, &by->levels);
    return status;
}

fh_status fh_results_fill(fh_job *j, fh_error *err)
{
    sight by = {0};
    fh_status status = FH_OK;
    fh_result *results = fh_arena_alloc(j->arena, (j->page.count + 1) * sizeof *results);
    if (!results)
        return fh_fail_memory(err);
    if (j->request->snippets && j->page.count > 0)
        status = open_sight(j, &by, err);
    for (size_t i = 0; !status && i < j->page.count; i++)
        status = fill_result(j, &by, i, &results[i], err);
    fh_lights_free(by.lights);
    j->out->results = results;
    j->out->count = j->page.count;
    j->out->total = j->page.total;
    j->out->total_exact = j->page.total_exact;
    return status;
}
