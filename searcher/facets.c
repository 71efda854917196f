#include "searcher/facets.h"

#include "base/dates.h"
#include "searcher/deadline.h"

/* Sources that are looked at for those with most articles. */
#define SOURCES_SEEN 10000

/*
 * A count looks at every article that matches. So many looks are taken at all, some 4 ms of them, and where
 * much matches there are fewer periods and sources.
 */
#define LOOKS_MAX 120000

/* One counting on its way. */
typedef struct counting {
    fh_index *index;
    fh_expr *expr;
    fh_arena *arena;
    int64_t deadline;
    size_t most; /* counts that are left */
    fh_facet
        found[FH_PERIODS_MAX > FH_FACET_SOURCES_MAX ? FH_PERIODS_MAX : FH_FACET_SOURCES_MAX];
    size_t count;
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

/* A copy of what was found. */
static fh_status keep(counting *c, const fh_facet **out, size_t *count, fh_error *err)
{
    fh_facet *copy = fh_arena_alloc(c->arena, (c->count + 1) * sizeof *copy);
    if (!copy)
        return fh_fail_memory(err);
    for (size_t i = 0; i < c->count; i++)
        copy[i] = c->found[i];
    *out = copy;
    *count = c->count;
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

static fh_status count_period(counting *c, fh_date period, fh_error *err)
{
    char text[FH_DATE_TEXT_MAX];
    fh_facet *facet = &c->found[c->count++];
    facet->name = fh_arena_copy(c->arena, fh_str_of(fh_date_format(period, text)));
    if (!facet->name.ptr)
        return fh_fail_memory(err);
    fh_expr *filter = fh_expr_date(c->arena, period.seconds, fh_date_last(period));
    return count_with(c, filter, &facet->articles, err);
}

/* Leave out the periods of nothing before the first of something, and behind the last. */
static void trim(counting *c)
{
    size_t skipped = 0;
    while (c->count > 0 && c->found[c->count - 1].articles == 0)
        c->count--;
    while (skipped < c->count && c->found[skipped].articles == 0)
        skipped++;
    c->count -= skipped;
    for (size_t i = 0; i < c->count; i++)
        c->found[i] = c->found[i + skipped];
}

static fh_status count_in_periods(counting *c, const fh_request *request, fh_results *results,
                                  fh_error *err)
{
    int64_t first, last;
    fh_status status = find_range(c, request, &first, &last, err);
    size_t most = c->most < FH_PERIODS_MAX ? c->most : FH_PERIODS_MAX;
    c->count = 0;
    if (status || first > last || most == 0)
        return status;
    fh_precision precision = choose_precision(&first, last, most);
    while (!status && first <= last && c->count < most) {
        fh_date period = period_of(first, precision);
        status = count_period(c, period, err);
        first = fh_date_last(period) + 1;
    }
    trim(c);
    return status ? status : keep(c, &results->periods, &results->period_count, err);
}

/* ---- Sources ---- */

/* fh_term_visit: keep the sources of most articles, the largest first. */
static bool visit(void *context, fh_str source, uint32_t articles)
{
    counting *c = context;
    size_t at = c->count;
    while (at > 0 && c->found[at - 1].articles < articles)
        at--;
    if (at < FH_FACET_SOURCES_MAX) {
        fh_str name = fh_arena_copy(c->arena, source);
        c->failed = c->failed || !name.ptr;
        c->count += c->count < FH_FACET_SOURCES_MAX ? 1 : 0;
        for (size_t i = c->count - 1; i > at; i--)
            c->found[i] = c->found[i - 1];
        c->found[at] = (fh_facet){name, articles};
    }
    return !c->failed && ++c->seen < SOURCES_SEEN;
}

/* The largest first, those of which nothing matches not at all. */
static void sort(counting *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++) {
        fh_facet facet = c->found[i];
        size_t at = kept;
        if (facet.articles == 0)
            continue;
        for (; at > 0 && c->found[at - 1].articles < facet.articles; at--)
            c->found[at] = c->found[at - 1];
        c->found[at] = facet;
        kept++;
    }
    c->count = kept;
}

static fh_status count_in_sources(counting *c, fh_results *results, fh_error *err)
{
    c->count = 0;
    fh_status status = fh_index_sources(c->index, visit, c, err);
    if (c->failed)
        status = fh_fail_memory(err);
    c->count = c->count < c->most ? c->count : c->most;
    for (size_t i = 0; i < c->count && !status; i++)
        status = count_with(c, fh_expr_source(c->arena, c->found[i].name),
                            &c->found[i].articles, err);
    if (status)
        return status;
    sort(c);
    return keep(c, &results->sources, &results->source_count, err);
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

fh_status fh_facets_count(fh_index *ix, const fh_expr *expr, const fh_page *page,
                          const fh_request *request, fh_arena *arena, fh_results *results,
                          fh_error *err)
{
    counting c = {.index = ix,
                  .expr = (fh_expr *)(uintptr_t)expr,
                  .arena = arena,
                  .deadline = fh_deadline_in(FH_FACETS_MS)};
    fh_status status = afford(&c, page, err);
    if (!status)
        status = count_in_periods(&c, request, results, err);
    if (!status)
        status = count_in_sources(&c, results, err);
    if (status != FH_ESTOPPED)
        return status;
    results->period_count = results->source_count = 0;
    return FH_OK;
}
