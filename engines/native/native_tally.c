/* Counting by columns: of each article that matches, when it was published and by whom. */
#include <stdlib.h>

#include "engines/native/heads.h"
#include "engines/native/matching.h"

/* One counting on its way. */
typedef struct counting {
    const fh_tally *tally;
    uint64_t *periods;
    uint32_t *sources; /* of the segment at hand, by the numbers of their names */
    uint32_t names;    /* that it has */
    fh_arena arena;    /* the sources of all segments, see fh_nindex_add_sources() */
    fh_buffer found;
} counting;

/* Count a date in the period that it is in, if any. */
static void count_date(const counting *c, fh_date date)
{
    const int64_t *ends = c->tally->ends;
    size_t low = 0, high = c->tally->period_count;
    if (date.precision == FH_DATE_NONE || date.seconds < ends[0] || date.seconds >= ends[high])
        return;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (date.seconds < ends[middle])
            high = middle;
        else
            low = middle;
    }
    c->periods[low]++;
}

static void count_article(const counting *c, const fh_segment *s, uint32_t article)
{
    uint64_t source = fh_column_get(&s->sources, article);
    if (source > 0 && source < c->names)
        c->sources[source]++;
    if (c->tally->period_count > 0)
        count_date(c, fh_date_of_stored(fh_column_get(&s->dates, article)));
}

static void count_matches(counting *c, fh_matcher *m, size_t i, const fh_goal *goal)
{
    const fh_segment *s = m->shelf->segments[i];
    fh_match *match = fh_match_open(m, i, goal, false);
    if (!match)
        return;
    fh_match_lead(match);
    for (fh_match_find(match, 0); match->article != FH_END && fh_matcher_tick(m);
         fh_match_find(match, match->article + 1))
        if (!fh_segment_is_dead(s, match->article))
            count_article(c, s, match->article);
}

static fh_status count_segment(counting *c, fh_matcher *m, size_t i, const fh_goal *goal,
                               fh_error *err)
{
    const fh_segment *s = m->shelf->segments[i];
    c->names = fh_names_count(s);
    c->sources = calloc((size_t)c->names + 1, sizeof *c->sources);
    if (!c->sources)
        return fh_fail_memory(err);
    count_matches(c, m, i, goal);
    fh_status status = fh_matcher_conclude(m, err);
    if (!status)
        status = fh_nindex_add_sources(s, c->sources, &c->arena, &c->found, err);
    free(c->sources);
    return status;
}

fh_status fh_nindex_tally(void *index, const fh_tally *tally, uint64_t *periods,
                          fh_term_visit visit, void *context, fh_error *err)
{
    fh_nindex *ix = index;
    counting c = {.tally = tally, .periods = periods};
    fh_matcher *m = fh_matcher_prepare(ix, tally->deadline);
    const fh_goal *goal = m ? fh_goal_make(m, tally->expr) : NULL;
    fh_status status = goal ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < ix->shelf->count && !status; i++)
        status = count_segment(&c, m, i, goal, err);
    if (!status && c.found.failed)
        status = fh_fail_memory(err);
    if (!status)
        fh_nindex_visit_sources(&c.found, visit, context);
    fh_buffer_free(&c.found);
    fh_arena_free(&c.arena);
    return status;
}
