/*
 * Expressions made goals: each term looked up once in every segment, and what it is worth.
 */
#include <math.h>

#include "engines/lettercode.h"
#include "engines/native/heads.h"
#include "engines/native/matching.h"

/*
 * The sum of all points of a query is below 2 to this: doubles hold it exactly, and have room
 * to round.
 */
#define POINT_BITS 50

/* ---- Terms ---- */

/* Look the term of EXPR up in segment I. */
static void post(fh_matcher *m, size_t i, const fh_expr *expr, fh_str code, fh_posted *posted)
{
    fh_dictionary d;
    *posted = (fh_posted){0};
    if (fh_dictionary_open(m->shelf->segments[i], expr->form, &d) &&
        !fh_dictionary_find(&d, code, posted))
        *posted = (fh_posted){0};
}

static bool post_term(fh_matcher *m, fh_goal *goal)
{
    const fh_expr *expr = goal->expr;
    char code[FH_CODE_MAX];
    goal->posted = fh_matcher_alloc(m, (m->shelf->count + 1) * sizeof *goal->posted);
    if (!goal->posted)
        return false;
    if (expr->text.len == 0 || expr->text.len > FH_TERM_MAX)
        return true;
    size_t len = fh_letters_encode(expr->text, code);
    for (size_t i = 0; i < m->shelf->count; i++) {
        fh_posted *posted = &goal->posted[i];
        post(m, i, expr, (fh_str){code, len}, posted);
        goal->articles += expr->field == FH_FIELD_TITLE ? posted->titled : posted->articles;
    }
    return true;
}

/* ln(1 + (n - df + .5) / (df + .5)), times k1 + 1. */
double fh_matcher_worth(const fh_matcher *m, uint64_t df)
{
    double n = (double)m->shelf->articles;
    double idf = log1p((n - (double)df + .5) / ((double)df + .5));
    return df > 0 ? idf * (FH_BM25_K1 + 1) : 0;
}

static bool name_source(fh_matcher *m, fh_goal *goal)
{
    goal->names = fh_matcher_alloc(m, (m->shelf->count + 1) * sizeof *goal->names);
    for (size_t i = 0; goal->names && i < m->shelf->count; i++)
        goal->names[i] = fh_names_find(m->shelf->segments[i], goal->expr->text);
    return goal->names != NULL;
}

/* ---- Nodes ---- */

static fh_goal *make(fh_matcher *m, const fh_expr *expr, double weight);

/* The kids of a phrase score as terms, by the phrase's weight; those of BEST by both weights. */
static bool make_kids(fh_matcher *m, fh_goal *goal)
{
    const fh_expr *e = goal->expr;
    bool phrase = e->kind == FH_EXPR_PHRASE || e->kind == FH_EXPR_NEAR;
    goal->count = e->count;
    goal->kids = fh_matcher_alloc(m, (e->count + 1) * sizeof(fh_goal *));
    for (size_t i = 0; goal->kids && i < e->count; i++) {
        double weight = (double)(phrase ? e->weight : e->kids[i]->weight);
        if (e->kind == FH_EXPR_BEST)
            weight *= (double)e->weight;
        goal->kids[i] = make(m, e->kids[i], weight);
        if (!goal->kids[i])
            return false;
    }
    return goal->kids != NULL;
}

/* Whether of the right shape or not, a node of one kid or none is what expr.h says it is. */
static bool fill(fh_matcher *m, fh_goal *goal, double weight)
{
    bool done = true;
    switch (goal->kind) {
    case FH_EXPR_TERM:
        done = post_term(m, goal);
        break;
    case FH_EXPR_SOURCE:
        done = name_source(m, goal);
        break;
    case FH_EXPR_ANY:
        done = make_kids(m, goal) && fh_goal_unite(m, goal);
        break;
    default:
        done = make_kids(m, goal);
        if (goal->count == 0 && goal->kind == FH_EXPR_AND)
            goal->kind = FH_EXPR_ALL;
        else if (goal->count == 0 && goal->kind >= FH_EXPR_OR)
            goal->kind = FH_EXPR_NOTHING;
    }
    goal->points = weight * fh_matcher_worth(m, goal->articles);
    return done;
}

static fh_goal *make(fh_matcher *m, const fh_expr *expr, double weight)
{
    fh_goal *goal = fh_matcher_alloc(m, sizeof *goal);
    if (goal)
        *goal = (fh_goal){.expr = expr, .kind = expr->kind};
    if (!goal || !fill(m, goal, weight))
        return NULL;
    return goal;
}

/* ---- The scale ---- */

static double sum_points(const fh_goal *goal)
{
    double sum = goal->points;
    for (size_t i = 0; i < goal->count; i++)
        sum += sum_points(goal->kids[i]);
    return sum;
}

static void scale_points(fh_goal *goal, double scale)
{
    goal->points *= scale;
    for (size_t i = 0; i < goal->count; i++)
        scale_points(goal->kids[i], scale);
}

fh_goal *fh_goal_make(fh_matcher *m, const fh_expr *expr)
{
    return make(m, expr, (double)expr->weight);
}

void fh_goal_scale(fh_matcher *m, fh_goal *goal, double more)
{
    int exponent;
    frexp(sum_points(goal) + more, &exponent);
    m->scale = ldexp(1, POINT_BITS - exponent);
    scale_points(goal, m->scale);
}
