#include "engines/native/matching.h"

/* Terms that must match are looked up one article at a time when one of them has fewer. */
#define RARE 1024

static bool are_lists(fh_goal *const *goals, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!fh_goal_is_list(goals[i]))
            return false;
    return true;
}

/* Is the goal at AT a term that must match, or several? */
static bool has_must(fh_goal *const *at, fh_shape *s)
{
    const fh_goal *goal = *at;
    bool one = fh_goal_is_list(goal);
    if (!one && (goal->kind != FH_EXPR_AND || !are_lists(goal->kids, goal->count)))
        return false;
    s->must = one ? at : goal->kids;
    s->must_count = one ? 1 : goal->count;
    return true;
}

/* Is the goal at AT, behind its filters, made of terms in one of the ways that are known here? */
static bool has_shape(fh_goal *const *at, fh_shape *s)
{
    *s = (fh_shape){0};
    while (((*at)->kind == FH_EXPR_FILTER || (*at)->kind == FH_EXPR_NOT) && (*at)->count > 0)
        at = &(*at)->kids[0];
    const fh_goal *goal = *at;
    switch (goal->kind) {
    case FH_EXPR_TERM:
    case FH_EXPR_ANY:
    case FH_EXPR_BEST:
        s->may = at;
        s->may_count = 1;
        return true;
    case FH_EXPR_OR:
        s->may = goal->kids;
        s->may_count = goal->count;
        return are_lists(goal->kids, goal->count);
    case FH_EXPR_AND:
        return has_must(at, s);
    case FH_EXPR_MAYBE:
        s->may = goal->kids + 1;
        s->may_count = goal->count - 1;
        return has_must(goal->kids, s) && are_lists(s->may, s->may_count);
    default:
        return false;
    }
}

/* Is one of the terms that must match so rare that nothing is to be gained by windows? */
static bool is_rare(const fh_shape *s, size_t segment)
{
    for (size_t i = 0; i < s->must_count; i++) {
        if (fh_goal_postings(s->must[i], segment) < RARE)
            return true;
    }
    return false;
}

bool fh_shape_find(fh_goal *const *at, size_t segment, fh_shape *shape)
{
    return has_shape(at, shape) && !is_rare(shape, segment);
}
