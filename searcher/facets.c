#include "searcher/facets.h"

#include "base/dates.h"
#include "searcher/deadline.h"

/* Sources that are looked at for those with most articles. */
#define SOURCES_SEEN 10000

/*
 * Where the engine cannot tally, each count is a search that looks at every article that matches. So many looks
 * are taken at all, some 4 ms of them, and where much matches there are fewer periods and sources.
 */
#define LOOKS_MAX 120000

/* One counting on its way. */
typedef struct counting {
    fh_index *index;
    fh_expr *expr;
    fh_arena *arena;
    int64_t deadline;
    size_t most; /* counts that are left, where each is a search */
    fh_facet periods[FH_PERIODS_MAX];
    size_t period_count;
    int64_t ends[FH_PERIODS_MAX + 1]; /* where each period begins, and the last one ends */
    fh_facet sources[FH_FACET_SOURCES_MAX];
    size_t source_count;
    size_t seen; /* sources */
    bool failed;
} counting;

/* How many articles match the expression and FILTER as well? */
static fh_status count_with(counting *c, fh_expr *filter, uint64_t *articles, fh_error *err)
{
    fh_page page;
    fh_expr *kids[] = {c->expr, filter};
    fh_search search = {.expr = fh_expr_node(c->arena, FH_EXPR_FILTER, kids, 2),
                        .sort = FH_SORT_DATE,
                        .count_to = UINT64_MAX,
                        .deadline = c->deadline};
    *articles = 0;
    if (!filter || !search.expr)
        return fh_fail_memory(err);
    c->most--;
    fh_status status = fh_deadline_check(c->deadline, err);
    if (!status)
        status = fh_index_search(c->index, &search, c->arena, &page, err);
    if (!status)
        *articles = page.total;
    return status;
}

/* A copy of COUNT facets that lives as long as the results. */
static fh_status keep(counting *c, const fh_facet *from, size_t count, const fh_facet **out,
                      size_t *out_count, fh_error *err)
{
    fh_facet *copy = fh_arena_alloc(c->arena, (count + 1) * sizeof *copy);
    if (!copy)
        return fh_fail_memory(err);
    for (size_t i = 0; i < count; i++)
        copy[i] = from[i];
    *out = copy;
    *out_count = count;
    return FH_OK;
}

/* ---- Periods ---- */

/* The period of that precision in which SECONDS is. */
static fh_date period_of(int64_t seconds, fh_precision precision)
{
    char text[FH_DATE_TEXT_MAX];
    fh_date period;
    fh_date_format((fh_date){seconds, precision}, text);
    fh_date_parse(fh_str_of(text), &period);
    return period;
}

/* The periods between FIRST and LAST, or one more than MOST. */
static size_t count_periods(int64_t first, int64_t last, fh_precision precision, size_t most)
{
    size_t count = 0;
    while (first <= last && count <= most) {
        first = fh_date_last(period_of(first, precision)) + 1;
        count++;
    }
    return count;
}

/* The days, else the months, else the years between *FIRST and LAST; of too many years the newest. */
static fh_precision choose_precision(int64_t *first, int64_t last, size_t most)
{
    for (fh_precision p = FH_DATE_DAY; p > FH_DATE_YEAR; p--)
        if (count_periods(*first, last, p, most) <= most)
            return p;
    int64_t kept = INT64_C(86400) * 365 * ((int64_t)most - 1);
    if (last - kept > *first)
        *first = last - kept;
    return FH_DATE_YEAR;
}

/* The dates that the articles of the index have, as far as the request asks for them. */
static fh_status find_range(counting *c, const fh_request *request, int64_t *first,
                            int64_t *last, fh_error *err)
{
    fh_index_stats stats;
    fh_date from, to;
    fh_status status = fh_index_get_stats(c->index, &stats, err);
    *first = stats.first_date;
    *last = stats.last_date;
    if (!status && fh_date_parse(request->from, &from) && from.seconds > *first)
        *first = from.seconds;
    if (!status && fh_date_parse(request->to, &to) && fh_date_last(to) < *last)
        *last = fh_date_last(to);
    return status;
}

static fh_status add_period(counting *c, fh_date period, fh_error *err)
{
    char text[FH_DATE_TEXT_MAX];
    fh_facet *facet = &c->periods[c->period_count];
    *facet =
        (fh_facet){.name = fh_arena_copy(c->arena, fh_str_of(fh_date_format(period, text)))};
    c->ends[c->period_count++] = period.seconds;
    c->ends[c->period_count] = fh_date_last(period) + 1;
    return facet->name.ptr ? FH_OK : fh_fail_memory(err);
}

/* Choose at most MOST periods. */
static fh_status find_periods(counting *c, const fh_request *request, size_t most,
                              fh_error *err)
{
    int64_t first, last;
    fh_status status = find_range(c, request, &first, &last, err);
    if (status || first > last || most == 0)
        return status;
    fh_precision precision = choose_precision(&first, last, most);
    while (!status && first <= last && c->period_count < most) {
        fh_date period = period_of(first, precision);
        status = add_period(c, period, err);
        first = fh_date_last(period) + 1;
    }
    return status;
}

/* Leave out the periods of nothing before the first of something, and behind the last. */
static void trim(counting *c)
{
    size_t skipped = 0;
    while (c->period_count > 0 && c->periods[c->period_count - 1].articles == 0)
        c->period_count--;
    while (skipped < c->period_count && c->periods[skipped].articles == 0)
        skipped++;
    c->period_count -= skipped;
    for (size_t i = 0; i < c->period_count; i++)
        c->periods[i] = c->periods[i + skipped];
}

static fh_status keep_periods(counting *c, fh_results *results, fh_error *err)
{
    trim(c);
    return keep(c, c->periods, c->period_count, &results->periods, &results->period_count, err);
}

/* ---- Sources ---- */

/* fh_term_visit: keep the sources of most articles, the largest first. */
static bool visit(void *context, fh_str source, uint32_t articles)
{
    counting *c = context;
    size_t at = c->source_count;
    while (at > 0 && c->sources[at - 1].articles < articles)
        at--;
    if (at < FH_FACET_SOURCES_MAX) {
        fh_str name = fh_arena_copy(c->arena, source);
        c->failed = c->failed || !name.ptr;
        c->source_count += c->source_count < FH_FACET_SOURCES_MAX ? 1 : 0;
        for (size_t i = c->source_count - 1; i > at; i--)
            c->sources[i] = c->sources[i - 1];
        c->sources[at] = (fh_facet){name, articles};
    }
    return !c->failed && ++c->seen < SOURCES_SEEN;
}

/* The largest first, those of which nothing matches not at all. */
static void sort(counting *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->source_count; i++) {
        fh_facet facet = c->sources[i];
        size_t at = kept;
        if (facet.articles == 0)
            continue;
        for (; at > 0 && c->sources[at - 1].articles < facet.articles; at--)
            c->sources[at] = c->sources[at - 1];
        c->sources[at] = facet;
        kept++;
    }
    c->source_count = kept;
}

static fh_status keep_sources(counting *c, fh_results *results, fh_error *err)
{
    if (c->failed)
        return fh_fail_memory(err);
    sort(c);
    return keep(c, c->sources, c->source_count, &results->sources, &results->source_count, err);
}

/* ---- In one pass ---- */

static fh_status tally(counting *c, const fh_request *request, fh_results *results,
                       fh_error *err)
{
    uint64_t articles[FH_PERIODS_MAX];
    fh_status status = find_periods(c, request, FH_PERIODS_MAX, err);
    if (status)
        return status;
    const fh_tally what = {.expr = c->expr,
                           .ends = c->ends,
                           .period_count = c->period_count,
                           .deadline = c->deadline};
    status = fh_index_tally(c->index, &what, articles, visit, c, err);
    for (size_t i = 0; i < c->period_count && !status; i++)
        c->periods[i].articles = articles[i];
    if (!status)
        status = keep_periods(c, results, err);
    return status ? status : keep_sources(c, results, err);
}

/* ---- By a search for each count ---- */

static fh_status search_periods(counting *c, const fh_request *request, fh_results *results,
                                fh_error *err)
{
    size_t most = c->most < FH_PERIODS_MAX ? c->most : FH_PERIODS_MAX;
    fh_status status = find_periods(c, request, most, err);
    for (size_t i = 0; i < c->period_count && !status; i++)
        status = count_with(c, fh_expr_date(c->arena, c->ends[i], c->ends[i + 1] - 1),
                            &c->periods[i].articles, err);
    return status ? status : keep_periods(c, results, err);
}

static fh_status search_sources(counting *c, fh_results *results, fh_error *err)
{
    fh_status status = fh_index_sources(c->index, visit, c, err);
    if (c->source_count > c->most)
        c->source_count = c->most;
    for (size_t i = 0; i < c->source_count && !status; i++)
        status = count_with(c, fh_expr_source(c->arena, c->sources[i].name),
                            &c->sources[i].articles, err);
    return status ? status : keep_sources(c, results, err);
}

/* How many counts are affordable? A total that is not exact says nothing of how many match. */
static fh_status afford(counting *c, const fh_page *page, fh_error *err)
{
    fh_index_stats stats = {0};
    uint64_t total = page->total;
    fh_status status = page->total_exact ? FH_OK : fh_index_get_stats(c->index, &stats, err);
    if (!page->total_exact)
        total = stats.articles;
    c->most = total > 0 ? (size_t)(LOOKS_MAX / total) : 0;
    return status;
}

static fh_status search(counting *c, const fh_page *page, const fh_request *request,
                        fh_results *results, fh_error *err)
{
    fh_status status = afford(c, page, err);
    if (!status)
        status = search_periods(c, request, results, err);
    return status ? status : search_sources(c, results, err);
}

fh_status fh_facets_count(fh_index *ix, const fh_expr *expr, const fh_page *page,
                          const fh_request *request, fh_arena *arena, fh_results *results,
                          fh_error *err)
{
    counting c = {.index = ix,
                  .expr = (fh_expr *)(uintptr_t)expr,
                  .arena = arena,
                  .deadline = fh_deadline_in(FH_FACETS_MS)};
    fh_status status = fh_index_tallies(ix) ? tally(&c, request, results, err)
                                            : search(&c, page, request, results, err);
    if (status != FH_ESTOPPED)
        return status;
    results->period_count = results->source_count = 0;
    return FH_OK;
}
