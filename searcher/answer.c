#include "searcher/answer.h"

#include "searcher/better.h"
#include "searcher/deadline.h"
#include "searcher/facets.h"
#include "searcher/looser.h"
#include "searcher/results.h"

/* The total is exact up to here when the request does not say. */
#define COUNT_TO 10000

/* ---- Asking ---- */

static fh_sort sort_of(const fh_job *j)
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

fh_status fh_answer_ask(fh_job *j, bool relax, fh_error *err)
{
    const fh_request *request = j->request;
    fh_planner planner = {.arena = j->arena,
                          .index = j->index,
                          .analyser = j->analyser,
                          .finder = &j->finder,
                          .request = request,
                          .deadline = j->deadline,
                          .relax = relax};
    fh_status status = fh_plan_query(&planner, &j->query, &j->plan, err);
    j->page = (fh_page){.total_exact = true};
    if (status || !j->plan.expr)
        return status;
    fh_search search = {.expr = j->plan.expr,
                        .rerank = j->plan.rerank,
                        .first = request->first,
                        .count = request->count,
                        .sort = sort_of(j),
                        .parts = fh_results_parts(request),
                        .count_to = request->count_to ? request->count_to : COUNT_TO,
                        .deadline = j->deadline};
    status = fh_index_search(j->index, &search, j->arena, &j->page, err);
    return status ? status : fh_deadline_check(j->deadline, err);
}

static void tell_apart(const fh_query_node *phrase, size_t phrases, fh_notes *notes)
{
    fh_note_kind kind = phrase->near ? FH_NOTE_NEAR_APART : FH_NOTE_PHRASE_APART;
    fh_str arg = phrase->text;
    if (phrases > 1) {
        kind = FH_NOTE_PHRASES_APART;
        arg = fh_notes_number(notes, phrases);
    }
    fh_notes_add(notes, kind, &arg, 1);
}

/* Search, and when no article has the quoted phrases, search for their words. */
static fh_status ask_twice(fh_job *j, fh_notes *notes, fh_error *err)
{
    fh_status status = fh_answer_ask(j, false, err);
    if (status || j->page.total > 0 || j->plan.phrases == 0)
        return status;
    const fh_query_node *phrase = j->plan.phrase;
    size_t phrases = j->plan.phrases;
    status = fh_answer_ask(j, true, err);
    if (!status)
        tell_apart(phrase, phrases, notes);
    return status;
}

/* ---- Nothing found ---- */

/* Arguments of a note, as they are found. */
typedef struct arguments {
    fh_str *items;
    size_t count;
} arguments;

/* How many articles hold the term of CLUE? */
static fh_status count_articles(fh_job *j, const fh_clue *clue, uint64_t *articles,
                                fh_error *err)
{
    fh_page page;
    fh_search search = {.expr = clue->leaf, .count_to = UINT64_MAX, .deadline = j->deadline};
    fh_status status = fh_index_search(j->index, &search, j->arena, &page, err);
    *articles = page.total;
    return status;
}

/* Was CLUE made for a near word? Then the word that was typed stands in no article. */
static bool is_guess(const fh_job *j, const fh_clue *clue)
{
    for (const fh_asked *one = j->plan.asked; one; one = one->next)
        if (fh_str_equal(one->typed, clue->word))
            return one->proofs[FH_LEVEL_NEAR] != NULL;
    return false;
}

/* Say for each word of a query that found nothing how many articles hold it. */
static fh_status tell_tried(fh_job *j, fh_notes *notes, fh_error *err)
{
    size_t most = j->plan.clues.count;
    arguments known = {.items = fh_arena_alloc(j->arena, (2 * most + 1) * sizeof(fh_str))};
    arguments unknown = {.items = fh_arena_alloc(j->arena, (most + 1) * sizeof(fh_str))};
    bool titles = false; /* some word is in no title, which says nothing of articles */
    fh_status status = known.items && unknown.items ? FH_OK : fh_fail_memory(err);
    for (const fh_clue *clue = j->plan.clues.first; clue && !status; clue = clue->next) {
        uint64_t articles;
        bool decides = clue->match == FH_MATCH_STEM || clue->shown;
        if (clue->leaf->kind != FH_EXPR_TERM || !decides || is_guess(j, clue))
            continue;
        status = count_articles(j, clue, &articles, err);
        if (articles > 0) {
            known.items[known.count++] = clue->word;
            known.items[known.count++] = fh_notes_number(notes, articles);
        } else if (clue->title) {
            titles = true;
        } else {
            unknown.items[unknown.count++] = clue->word;
        }
    }
    if (known.count > 0)
        fh_notes_add(notes, FH_NOTE_WORDS_HELD, known.items, known.count);
    if (unknown.count > 0)
        fh_notes_add(notes, FH_NOTE_WORDS_UNKNOWN, unknown.items, unknown.count);
    if (notes->count == 0 && !titles)
        fh_notes_add(notes, FH_NOTE_ALL_FILTERED, NULL, 0);
    return status;
}

/* ---- The whole ---- */

static fh_status add_notes(fh_job *j, fh_notes *notes, fh_error *err)
{
    fh_status status = FH_OK;
    fh_notes_append(notes, &j->plan.notes);
    if (!j->plan.expr)
        fh_notes_add(notes, FH_NOTE_NO_WORDS, NULL, 0);
    else if (j->page.total == 0)
        status = tell_tried(j, notes, err);
    j->out->notes = fh_notes_list(notes);
    j->out->told = fh_notes_told(notes);
    j->out->note_count = j->out->notes && j->out->told ? notes->count : 0;
    return status;
}

fh_status fh_answer(fh_job *j, fh_results *out, fh_error *err)
{
    fh_notes notes = {.arena = j->arena};
    fh_status status =
        fh_query_parse(j->request->query, j->request->plain, j->arena, &j->query, err);
    if (status)
        return status;
    j->out = out;
    j->finder = (fh_finder){.index = j->index,
                            .analyser = j->analyser,
                            .arena = j->arena,
                            .deadline = j->deadline,
                            .lookups = FH_NEAR_LOOKUPS};
    out->query = j->query.text;
    if (j->query.problem)
        fh_notes_add(&notes, j->query.problem, NULL, 0);
    status = ask_twice(j, &notes, err);
    if (!status)
        status = fh_results_fill(j, err);
    if (!status)
        status = add_notes(j, &notes, err);
    if (!status && (j->request->snippets || j->page.total == 0))
        status = fh_better_find(&j->finder, &j->query, &out->better, err);
    if (!status && j->plan.expr && j->page.total == 0)
        status = fh_looser_count(j, err);
    if (!status && j->request->facets && j->page.total > 0)
        status =
            fh_facets_count(j->index, j->plan.expr, &j->page, j->request, j->arena, out, err);
    return status;
}
