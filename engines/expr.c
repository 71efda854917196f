#include "engines/expr.h"

#include <math.h>
#include <string.h>

fh_expr *fh_expr_leaf(fh_arena *a, fh_expr_kind kind)
{
    fh_expr *e = fh_arena_alloc(a, sizeof *e);
    if (!e)
        return NULL;
    *e = (fh_expr){.kind = kind, .weight = 1};
    return e;
}

/* A leaf of KIND with a copy of TEXT. */
static fh_expr *text_leaf(fh_arena *a, fh_expr_kind kind, fh_str text)
{
    fh_expr *e = fh_expr_leaf(a, kind);
    fh_str copy = fh_arena_copy(a, text);
    if (!e || !copy.ptr)
        return NULL;
    e->text = copy;
    return e;
}

fh_expr *fh_expr_term(fh_arena *a, fh_form form, fh_field field, fh_str text, float weight)
{
    fh_expr *e = text_leaf(a, FH_EXPR_TERM, text);
    if (!e)
        return NULL;
    e->form = form;
    e->field = field;
    e->weight = weight;
    return e;
}

fh_expr *fh_expr_source(fh_arena *a, fh_str text)
{
    return text_leaf(a, FH_EXPR_SOURCE, text);
}

fh_expr *fh_expr_date(fh_arena *a, int64_t first, int64_t last)
{
    fh_expr *e = fh_expr_leaf(a, FH_EXPR_DATE);
    if (!e)
        return NULL;
    e->first = first;
    e->last = last;
    return e;
}

/*
 * May a node of KIND be replaced by its only kid? ANY, BEST, PHRASE and NEAR may not: they
 * carry a weight.
 */
static bool is_transparent(fh_expr_kind kind)
{
    return kind == FH_EXPR_OR || kind == FH_EXPR_AND || kind == FH_EXPR_NOT ||
           kind == FH_EXPR_MAYBE || kind == FH_EXPR_FILTER;
}

fh_expr *fh_expr_node(fh_arena *a, fh_expr_kind kind, fh_expr *const *kids, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!kids[i])
            return NULL;
    if (count == 0)
        return fh_expr_leaf(a, kind == FH_EXPR_AND ? FH_EXPR_ALL : FH_EXPR_NOTHING);
    if (count == 1 && is_transparent(kind))
        return kids[0];
    fh_expr *e = fh_expr_leaf(a, kind);
    if (!e || count > SIZE_MAX / sizeof *kids)
        return NULL;
    e->kids = fh_arena_alloc(a, count * sizeof *kids);
    if (!e->kids)
        return NULL;
    memcpy(e->kids, kids, count * sizeof *kids);
    e->count = count;
    return e;
}

/*
 * Count the nodes of EXPR into *NODES, going no deeper and counting no further than is allowed.
 */
static bool measure(const fh_expr *expr, size_t depth, size_t *nodes)
{
    if (depth > FH_EXPR_DEPTH_MAX || ++*nodes > FH_EXPR_NODES_MAX)
        return false;
    for (size_t i = 0; i < expr->count; i++)
        if (!measure(expr->kids[i], depth + 1, nodes))
            return false;
    return true;
}

bool fh_expr_fits(const fh_expr *expr)
{
    size_t nodes = 0;
    return expr && measure(expr, 1, &nodes);
}

/* ---- Checking ---- */

/* Are the kids of ANY, BEST, PHRASE or NEAR what they must be? */
static fh_status check_words(const fh_expr *e, fh_error *err)
{
    bool places = e->kind == FH_EXPR_PHRASE || e->kind == FH_EXPR_NEAR;
    for (size_t i = 0; i < e->count; i++) {
        const fh_expr *kid = e->kids[i];
        if (kid->kind != FH_EXPR_TERM)
            return fh_fail(err, FH_EUSAGE, "only terms can stand in a phrase or a choice");
        if (places && kid->form != FH_FORM_FOLDED)
            return fh_fail(err, FH_EUSAGE, "only folded terms have positions for a phrase");
        if (e->kind == FH_EXPR_PHRASE && i > 0 && kid->offset <= e->kids[i - 1]->offset)
            return fh_fail(err, FH_EUSAGE, "the words of a phrase stand behind one another");
        if (e->kind == FH_EXPR_NEAR && kid->field != e->kids[0]->field)
            return fh_fail(err, FH_EUSAGE, "words that stand near are all of one field");
    }
    if (e->kind == FH_EXPR_NEAR && e->window < e->count)
        return fh_fail(err, FH_EUSAGE, "%zu words have no room in a stretch of %u", e->count,
                       (unsigned)e->window);
    return FH_OK;
}

/* Check EXPR, whose depth is known to be bounded. */
static fh_status check_node(const fh_expr *e, fh_error *err)
{
    fh_status status = FH_OK;
    if (!(e->weight >= 0) || isinf(e->weight))
        return fh_fail(err, FH_EUSAGE, "a weight in a query is negative or no number");
    if (e->kind == FH_EXPR_ANY || e->kind == FH_EXPR_BEST || e->kind == FH_EXPR_PHRASE ||
        e->kind == FH_EXPR_NEAR)
        status = check_words(e, err);
    for (size_t i = 0; i < e->count && !status; i++)
        status = check_node(e->kids[i], err);
    return status;
}

fh_status fh_expr_check(const fh_expr *expr, fh_error *err)
{
    if (!fh_expr_fits(expr))
        return fh_fail(err, FH_ELIMIT, "the query is too large: at most %d parts, %d deep",
                       FH_EXPR_NODES_MAX, FH_EXPR_DEPTH_MAX);
    return check_node(expr, err);
}
