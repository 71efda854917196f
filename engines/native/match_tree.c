/*
 * The nodes of a query tree as iterators, but for phrases (match_phrase.c) and unions
 * (match_union.c).
 *
 * A conjunction is led by its rarest kid; the others are moved to where it stands. Kids that
 * are tests (a date, a source) are asked last, and phrases look at positions only when
 * everything else agrees.
 */
#include <stdlib.h>

#include "engines/native/heads.h"
#include "engines/native/matching.h"

/* More points than any article has, with room to add. */
#define ENDLESS (INT64_MAX / 4)

/* ---- Asking ---- */

static bool confirms(fh_match *m)
{
    return !m->kind->confirm || m->kind->confirm(m);
}

/* Move M on to TARGET unless it is there or behind. */
static void advance(fh_match *m, uint32_t target)
{
    if (m->article < target)
        m->kind->seek(m, target);
}

void fh_match_find(fh_match *m, uint32_t target)
{
    advance(m, target);
    while (m->article != FH_END && !confirms(m))
        m->kind->seek(m, m->article + 1);
}

void fh_match_lead(fh_match *m)
{
    if (m->kind->test)
        m->kind->seek(m, 0);
}

bool fh_match_has(fh_match *m, uint32_t article)
{
    if (m->kind->test)
        return m->kind->test(m, article);
    advance(m, article);
    return m->article == article && confirms(m);
}

static uint32_t articles_of(const fh_match *m)
{
    return m->matcher->shelf->segments[m->segment]->header.articles;
}

static int64_t no_points(fh_match *m)
{
    (void)m;
    return 0;
}

static int64_t no_bound(fh_match *m, uint32_t from, uint32_t *last)
{
    (void)m;
    (void)from;
    *last = FH_END - 1;
    return 0;
}

/* ---- Nothing, all, and tests of one article ---- */

static void seek_nothing(fh_match *m, uint32_t target)
{
    (void)target;
    m->article = FH_END;
}

static const fh_match_kind nothing = {
    .seek = seek_nothing, .points = no_points, .bound = no_bound};

static void seek_all(fh_match *m, uint32_t target)
{
    m->article = target < articles_of(m) ? target : FH_END;
}

static bool test_all(const fh_match *m, uint32_t article)
{
    return article < articles_of(m);
}

static const fh_match_kind all = {
    .seek = seek_all, .test = test_all, .points = no_points, .bound = no_bound};

/* Try one article after the other. */
static void seek_test(fh_match *m, uint32_t target)
{
    uint32_t end = articles_of(m);
    uint32_t article = target;
    while (article < end && !m->kind->test(m, article)) {
        article++;
        if (article % FH_WINDOW == 0 && !fh_matcher_tick(m->matcher))
            break;
    }
    m->article = article < end && !m->matcher->late ? article : FH_END;
}

static bool test_source(const fh_match *m, uint32_t article)
{
    const fh_segment *s = m->matcher->shelf->segments[m->segment];
    return fh_column_get(&s->sources, article) == m->goal->names[m->segment];
}

static const fh_match_kind source = {
    .seek = seek_test, .test = test_source, .points = no_points, .bound = no_bound};

static bool test_date(const fh_match *m, uint32_t article)
{
    const fh_segment *s = m->matcher->shelf->segments[m->segment];
    fh_date date = fh_date_of_stored(fh_column_get(&s->dates, article));
    return date.precision != FH_DATE_NONE && date.seconds >= m->goal->expr->first &&
           date.seconds <= m->goal->expr->last;
}

static const fh_match_kind date = {
    .seek = seek_test, .test = test_date, .points = no_points, .bound = no_bound};

/* ---- Lists: terms, ANY and BEST ---- */

static void seek_list(fh_match *m, uint32_t target)
{
    fh_choice *c = m->state;
    fh_choice_seek(c, target);
    m->article = c->article;
}

static int64_t list_points(fh_match *m)
{
    return fh_choice_points(m->state);
}

static int64_t list_bound(fh_match *m, uint32_t from, uint32_t *last)
{
    return fh_choice_bound(m->state, from, last);
}

static const fh_match_kind list = {
    .seek = seek_list, .points = list_points, .bound = list_bound};

static fh_match *open_list(fh_match *m, bool points)
{
    fh_choice *c = fh_matcher_alloc(m->matcher, sizeof *c);
    if (!c || !fh_choice_open(c, m->matcher, m->segment, m->goal, points))
        return NULL;
    m->kind = &list;
    m->state = c;
    m->article = c->article;
    m->cost = fh_goal_postings(m->goal, m->segment);
    return m;
}

/* ---- Nodes with kids ---- */

/* What the bounds of the first COUNT kids add up to; INT64_MAX when one of them cannot tell. */
static int64_t sum_bounds(fh_match *m, size_t count, uint32_t from, uint32_t *last)
{
    int64_t points = 0;
    *last = FH_END - 1;
    for (size_t i = 0; i < count; i++) {
        uint32_t end;
        if (!m->kids[i]->kind->bound)
            return INT64_MAX;
        int64_t bound = m->kids[i]->kind->bound(m->kids[i], from, &end);
        if (bound == INT64_MAX)
            return bound;
        points += bound;
        *last = end < *last ? end : *last;
    }
    return points;
}

/* ---- AND and FILTER: all kids; the first `scoring` of them add points ---- */

typedef struct conjunction {
    fh_match **order; /* the kids, the rarest first, tests at the end */
    size_t movers;    /* of these, those that are no tests */
    size_t scoring;
} conjunction;

/* Bring all movers to the first article from TARGET on at which they meet. */
static void seek_conjunction(fh_match *m, uint32_t target)
{
    const conjunction *c = m->state;
    fh_match *lead = c->order[0];
    size_t i = 0;
    while (i < c->movers) {
        advance(lead, target);
        target = lead->article;
        for (i = 1; i < c->movers && target != FH_END; i++) {
            advance(c->order[i], target);
            if (c->order[i]->article != target)
                break;
        }
        if (target == FH_END)
            break;
        if (i < c->movers)
            target = c->order[i]->article;
    }
    m->article = target;
}

static bool confirm_conjunction(fh_match *m)
{
    const conjunction *c = m->state;
    for (size_t i = c->movers; i < m->count; i++)
        if (!c->order[i]->kind->test(c->order[i], m->article))
            return false;
    for (size_t i = 0; i < c->movers; i++)
        if (!confirms(c->order[i]))
            return false;
    return true;
}

static int64_t conjunction_points(fh_match *m)
{
    const conjunction *c = m->state;
    int64_t points = 0;
    for (size_t i = 0; i < c->scoring; i++)
        points += m->kids[i]->kind->points(m->kids[i]);
    return points;
}

static int64_t conjunction_bound(fh_match *m, uint32_t from, uint32_t *last)
{
    const conjunction *c = m->state;
    return sum_bounds(m, c->scoring, from, last);
}

static const fh_match_kind conjunction_kind = {.seek = seek_conjunction,
                                               .confirm = confirm_conjunction,
                                               .points = conjunction_points,
                                               .bound = conjunction_bound};

static int compare_kids(const void *a, const void *b)
{
    const fh_match *x = *(fh_match *const *)a;
    const fh_match *y = *(fh_match *const *)b;
    if (!x->kind->test != !y->kind->test)
        return x->kind->test ? 1 : -1;
    return (x->cost > y->cost) - (x->cost < y->cost);
}

static fh_match *open_conjunction(fh_match *m, size_t scoring)
{
    conjunction *c = fh_matcher_alloc(m->matcher, sizeof *c);
    if (!c)
        return NULL;
    c->order = fh_matcher_alloc(m->matcher, m->count * sizeof(fh_match *));
    if (!c->order)
        return NULL;
    for (size_t i = 0; i < m->count; i++) {
        c->order[i] = m->kids[i];
        c->movers += !m->kids[i]->kind->test;
    }
    qsort(c->order, m->count, sizeof(fh_match *), compare_kids);
    /* Somebody must lead: of tests alone, one tries every article. */
    c->movers = c->movers ? c->movers : 1;
    c->scoring = scoring;
    m->kind = &conjunction_kind;
    m->state = c;
    m->cost = c->order[0]->cost;
    fh_match_lead(c->order[0]);
    seek_conjunction(m, 0);
    return m;
}

/* ---- NOT: the first kid and none of the others ---- */

static void seek_first(fh_match *m, uint32_t target)
{
    advance(m->kids[0], target);
    m->article = m->kids[0]->article;
}

static bool confirm_not(fh_match *m)
{
    if (!confirms(m->kids[0]))
        return false;
    for (size_t i = 1; i < m->count; i++)
        if (fh_match_has(m->kids[i], m->article))
            return false;
    return true;
}

static int64_t first_points(fh_match *m)
{
    return m->kids[0]->kind->points(m->kids[0]);
}

static int64_t first_bound(fh_match *m, uint32_t from, uint32_t *last)
{
    return m->kids[0]->kind->bound ? m->kids[0]->kind->bound(m->kids[0], from, last)
                                   : INT64_MAX;
}

static const fh_match_kind not = {
    .seek = seek_first, .confirm = confirm_not, .points = first_points, .bound = first_bound};

/* ---- MAYBE: the first kid, to whose points the others add ---- */

static bool confirm_first(fh_match *m)
{
    return confirms(m->kids[0]);
}

/* The others are not asked when even all they have would not help. */
static int64_t maybe_points(fh_match *m)
{
    const int64_t *most = m->state;
    int64_t points = first_points(m);
    if (m == m->matcher->root && points + *most <= m->matcher->threshold)
        return points;
    for (size_t i = 1; i < m->count; i++)
        if (fh_match_has(m->kids[i], m->article))
            points += m->kids[i]->kind->points(m->kids[i]);
    return points;
}

static int64_t maybe_bound(fh_match *m, uint32_t from, uint32_t *last)
{
    return sum_bounds(m, m->count, from, last);
}

/*
 * The most points that all kids but the first can add; as good as endless when one of them
 * cannot tell.
 */
static bool sum_most(fh_match *m)
{
    int64_t *most = fh_matcher_alloc(m->matcher, sizeof *most);
    if (!most)
        return false;
    for (size_t i = 1; i < m->count; i++) {
        bool ends = fh_goal_is_list(m->kids[i]->goal) && *most < ENDLESS;
        *most = ends ? *most + fh_choice_most(m->kids[i]->state) : ENDLESS;
    }
    m->state = most;
    return true;
}

static const fh_match_kind maybe = {
    .seek = seek_first, .confirm = confirm_first, .points = maybe_points, .bound = maybe_bound};

/* ---- Opening ---- */

/* Do the kids from I on of a node of this kind add points? */
static bool scores_kid(fh_expr_kind kind, size_t i)
{
    return i == 0 || (kind != FH_EXPR_NOT && kind != FH_EXPR_FILTER);
}

static bool open_kids(fh_match *m, bool points)
{
    m->count = m->goal->count;
    m->kids = fh_matcher_alloc(m->matcher, (m->count + 1) * sizeof *m->kids);
    for (size_t i = 0; m->kids && i < m->count; i++) {
        m->kids[i] = fh_match_open(m->matcher, m->segment, m->goal->kids[i],
                                   points && scores_kid(m->goal->kind, i));
        if (!m->kids[i])
            return false;
    }
    return m->kids != NULL;
}

static fh_match *open_leaf(fh_match *m, const fh_match_kind *kind)
{
    m->kind = kind;
    m->cost = kind == &nothing ? 0 : articles_of(m);
    m->article = kind == &nothing ? FH_END : 0;
    return m;
}

static fh_match *open_node(fh_match *m, bool points)
{
    if (!open_kids(m, points))
        return NULL;
    if (m->goal->kind == FH_EXPR_AND || m->goal->kind == FH_EXPR_FILTER)
        return open_conjunction(m, m->goal->kind == FH_EXPR_AND ? m->count : 1);
    m->kind = m->goal->kind == FH_EXPR_NOT ? &not : &maybe;
    if (m->kind == &maybe && !sum_most(m))
        return NULL;
    m->cost = m->kids[0]->cost;
    fh_match_lead(m->kids[0]);
    m->article = m->kids[0]->article;
    return m;
}

fh_match *fh_match_open(fh_matcher *matcher, size_t segment, const fh_goal *goal, bool points)
{
    if (goal->kind == FH_EXPR_PHRASE || goal->kind == FH_EXPR_NEAR)
        return fh_match_open_phrase(matcher, segment, goal);
    if (goal->kind == FH_EXPR_OR)
        return fh_match_open_union(matcher, segment, goal, points);
    fh_match *m = fh_matcher_alloc(matcher, sizeof *m);
    if (!m)
        return NULL;
    *m = (fh_match){.matcher = matcher, .segment = segment, .goal = goal};
    switch (goal->kind) {
    case FH_EXPR_NOTHING:
        return open_leaf(m, &nothing);
    case FH_EXPR_ALL:
        return open_leaf(m, &all);
    case FH_EXPR_SOURCE:
        return open_leaf(m, goal->names[segment] == UINT32_MAX ? &nothing : &source);
    case FH_EXPR_DATE:
        return open_leaf(m, goal->expr->first > goal->expr->last ? &nothing : &date);
    case FH_EXPR_TERM:
    case FH_EXPR_ANY:
    case FH_EXPR_BEST:
        return open_list(m, points);
    default:
        return open_node(m, points);
    }
}
