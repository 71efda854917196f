#include "searcher/looser.h"

#include "searcher/deadline.h"
#include "searcher/loosen.h"

/* From the search that is nearest to what was asked to the one that is farthest. */
static const fh_step steps[] = {
    FH_STEP_BETTER,  FH_STEP_NEAR,     FH_STEP_FOLDED,   FH_STEP_STEM, FH_STEP_DATES,
    FH_STEP_SOURCES, FH_STEP_EXCLUDED, FH_STEP_ANYWHERE, FH_STEP_ANY,  FH_STEP_EVERYTHING};

enum { STEPS = sizeof steps / sizeof *steps };

/* The looser searches found so far. */
typedef struct ladder {
    const fh_job *job;
    fh_buffer text;
    fh_str asked; /* the query that found nothing, as fh_loosen writes it */
    fh_looser *items;
    size_t count;
    int64_t deadline;
} ladder;

/* Is the query words only, in which nothing is an operator? */
static bool is_plain(const ladder *l)
{
    return l->job->request->plain || l->job->query.problem;
}

/* Which conditions of the request, outside of its query, does STEP leave out? */
static fh_looser drop(const ladder *l, fh_step step)
{
    const fh_request *request = l->job->request;
    bool all = step == FH_STEP_EVERYTHING;
    return (fh_looser){.step = step,
                       .without_all = request->all && (all || step == FH_STEP_ANY),
                       .without_date = (request->from.len > 0 || request->to.len > 0) &&
                                       (all || step == FH_STEP_DATES),
                       .without_source =
                           request->source_count > 0 && (all || step == FH_STEP_SOURCES)};
}

static bool same(const fh_looser *a, const fh_looser *b)
{
    return fh_str_equal(a->query, b->query) && a->without_all == b->without_all &&
           a->without_date == b->without_date && a->without_source == b->without_source;
}

/* The query of STEP, in the arena; its ptr is NULL when memory runs out. */
static fh_str write_query(ladder *l, fh_step step)
{
    if (step == FH_STEP_BETTER && l->job->out->better.len > 0)
        return l->job->out->better;
    if (is_plain(l))
        return l->job->query.text;
    fh_loosen(&l->job->query, step, l->job->analyser, &l->text);
    return l->text.failed ? (fh_str){0} : fh_arena_copy(l->job->arena, fh_buffer_str(&l->text));
}

/* Is ONE neither the search that found nothing nor one that has been counted? */
static bool is_new(const ladder *l, const fh_looser *one)
{
    fh_looser asked = {.query = l->asked};
    bool is = !same(one, &asked) && one->query.len > 0;
    for (size_t i = 0; is && i < l->count; i++)
        is = !same(one, &l->items[i]);
    return is;
}

static fh_status count(ladder *l, fh_looser *one, fh_error *err)
{
    fh_request request = *l->job->request;
    fh_job job = {.index = l->job->index,
                  .analyser = l->job->analyser,
                  .request = &request,
                  .deadline = l->deadline,
                  .arena = l->job->arena,
                  .finder = l->job->finder};
    job.finder.deadline = l->deadline;
    request.query = one->query;
    request.first = request.count = 0;
    request.count_to = FH_LOOSER_MAX;
    request.all = request.all && !one->without_all;
    if (one->without_date)
        request.from = request.to = (fh_str){0};
    if (one->without_source)
        request.source_count = 0;
    fh_status status = fh_query_parse(request.query, request.plain, job.arena, &job.query, err);
    if (!status)
        status = fh_answer_ask(&job, false, err);
    /* Its words are what a phrase finds that nothing has, here as there. */
    if (!status && job.page.total == 0 && job.plan.phrases > 0)
        status = fh_answer_ask(&job, true, err);
    /* How far an engine looks beyond the bound is its own affair. */
    one->exact = job.page.total_exact && job.page.total <= FH_LOOSER_MAX;
    one->articles = one->exact ? job.page.total : FH_LOOSER_MAX;
    return status;
}

static fh_status climb(ladder *l, fh_step step, fh_error *err)
{
    fh_looser one = drop(l, step);
    one.query = write_query(l, step);
    if (!one.query.ptr)
        return fh_fail_memory(err);
    if (!is_new(l, &one))
        return FH_OK;
    fh_status status = count(l, &one, err);
    if (status == FH_ELIMIT)
        return FH_OK;
    if (!status)
        l->items[l->count++] = one;
    return status;
}

fh_status fh_looser_count(const fh_job *j, fh_error *err)
{
    ladder l = {.job = j, .deadline = fh_deadline_in(FH_LOOSER_MS)};
    if (j->deadline && j->deadline < l.deadline)
        l.deadline = j->deadline;
    l.items = fh_arena_alloc(j->arena, STEPS * sizeof *l.items);
    if (!l.items)
        return fh_fail_memory(err);
    fh_status status = FH_OK;
    fh_loosen(&j->query, FH_STEP_BETTER, j->analyser, &l.text);
    l.asked = is_plain(&l) ? j->query.text : fh_arena_copy(j->arena, fh_buffer_str(&l.text));
    if (!l.asked.ptr || l.text.failed)
        status = fh_fail_memory(err);
    for (size_t i = 0; i < STEPS && !status; i++)
        status = climb(&l, steps[i], err);
    fh_buffer_free(&l.text);
    j->out->looser = l.items;
    j->out->looser_count = l.count;
    return status == FH_ESTOPPED ? FH_OK : status;
}
