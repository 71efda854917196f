#include "engines/xapian/xapian_data.h"

/* The nodes that are being made; there is room for all of them. */
typedef struct list {
    fh_arena *arena;
    fhx_node *nodes;
    size_t count;
    fh_error *err;
} list;

static fh_status flatten(list *l, const fh_expr *e);

static void add(list *l, fhx_op op, size_t kids)
{
    l->nodes[l->count++] = (fhx_node){.op = op, .weight = 1, .count = kids};
}

static fh_status add_text(list *l, fhx_op op, fh_str text, double weight)
{
    fh_str copy = fh_arena_copy(l->arena, text);
    if (!copy.ptr)
        return fh_fail_memory(l->err);
    l->nodes[l->count++] = (fhx_node){.op = op, .weight = weight, .text = copy};
    return FH_OK;
}

/* A term, or nothing if no index can hold it. */
static fh_status add_word(list *l, const fh_expr *e, double weight)
{
    fh_xterm term;
    if (e->text.len == 0 || e->text.len > FH_TERM_MAX ||
        !fh_xterm_word(&term, e->form, e->field, e->text)) {
        add(l, FHX_NOTHING, 0);
        return FH_OK;
    }
    return add_text(l, FHX_TERM, fh_xterm_str(&term), weight);
}

static fh_status add_source(list *l, const fh_expr *e)
{
    fh_xterm key;
    fh_xterm_key(&key, PREFIX_SOURCE, e->text);
    return add_text(l, FHX_TERM, fh_xterm_str(&key), 0);
}

static fh_status add_date(list *l, const fh_expr *e)
{
    char first[FHX_SORTABLE_MAX];
    char last[FHX_SORTABLE_MAX];
    if (e->first > e->last) {
        add(l, FHX_NOTHING, 0);
        return FH_OK;
    }
    fh_str from = fh_arena_copy(l->arena, (fh_str){first, fh_xdate(e->first, first)});
    fh_str to = fh_arena_copy(l->arena, (fh_str){last, fh_xdate(e->last, last)});
    if (!from.ptr || !to.ptr)
        return fh_fail_memory(l->err);
    l->nodes[l->count++] = (fhx_node){
        .op = FHX_RANGE, .weight = 1, .text = from, .text_end = to, .slot = SLOT_DATE};
    return FH_OK;
}

/* ANY, PHRASE and NEAR: terms below, whose own weights do not count. */
static fh_status add_words(list *l, fhx_op op, const fh_expr *e)
{
    uint32_t *offsets = fh_arena_alloc(l->arena, e->count * sizeof *offsets);
    fh_status status = offsets ? FH_OK : fh_fail_memory(l->err);
    for (size_t i = 0; i < e->count && !status; i++) {
        const fh_expr *kid = e->kids[i];
        offsets[i] = kid->offset;
        status = add_word(l, kid, 1);
    }
    add(l, op, e->count);
    l->nodes[l->count - 1].weight = e->weight;
    l->nodes[l->count - 1].offsets = offsets;
    l->nodes[l->count - 1].window = e->window;
    return status;
}

static fh_status flatten_kids(list *l, const fh_expr *e, size_t from)
{
    fh_status status = FH_OK;
    for (size_t i = from; i < e->count && !status; i++)
        status = flatten(l, e->kids[i]);
    return status;
}

/* The first kid, and the others joined by JOIN, under OP. */
static fh_status add_pair(list *l, fhx_op op, fhx_op join, const fh_expr *e)
{
    fh_status status = flatten_kids(l, e, 0);
    if (status || e->count < 2)
        return status;
    if (e->count > 2)
        add(l, join, e->count - 1);
    add(l, op, 2);
    return FH_OK;
}

static fh_status flatten(list *l, const fh_expr *e)
{
    fh_status status = FH_OK;
    switch (e->kind) {
    case FH_EXPR_NOTHING:
        add(l, FHX_NOTHING, 0);
        break;
    case FH_EXPR_ALL:
        add(l, FHX_ALL, 0);
        l->nodes[l->count - 1].weight = 0;
        break;
    case FH_EXPR_TERM:
        return add_word(l, e, e->weight);
    case FH_EXPR_SOURCE:
        return add_source(l, e);
    case FH_EXPR_DATE:
        return add_date(l, e);
    case FH_EXPR_OR:
    case FH_EXPR_AND:
        status = flatten_kids(l, e, 0);
        add(l, e->kind == FH_EXPR_OR ? FHX_OR : FHX_AND, e->count);
        break;
    case FH_EXPR_NOT:
        return add_pair(l, FHX_NOT, FHX_OR, e);
    case FH_EXPR_MAYBE:
        return add_pair(l, FHX_MAYBE, FHX_OR, e);
    case FH_EXPR_FILTER:
        return add_pair(l, FHX_FILTER, FHX_AND, e);
    case FH_EXPR_ANY:
        return add_words(l, FHX_SYNONYM, e);
    case FH_EXPR_BEST:
        status = flatten_kids(l, e, 0);
        /* Not OP_MAX: inside other nodes libxapian 1.4.22 crashes in it, see test_engine_random. */
        add(l, FHX_OR, e->count);
        l->nodes[l->count - 1].weight = (double)e->weight;
        break;
    case FH_EXPR_PHRASE:
        return add_words(l, FHX_PHRASE, e);
    case FH_EXPR_NEAR:
        return add_words(l, FHX_NEAR, e);
    }
    return status;
}

static size_t count_nodes(const fh_expr *e)
{
    size_t count = 1;
    for (size_t i = 0; i < e->count; i++)
        count += count_nodes(e->kids[i]);
    return count;
}

fh_status fh_xapian_query(const fh_expr *expr, fh_arena *arena, const fhx_node **nodes,
                          size_t *count, fh_error *err)
{
    /* A node becomes itself and at most one more, which joins all its kids but the first. */
    list l = {.arena = arena, .err = err};
    l.nodes = fh_arena_alloc(arena, 2 * count_nodes(expr) * sizeof *l.nodes);
    *nodes = NULL;
    *count = 0;
    if (!l.nodes)
        return fh_fail_memory(err);
    fh_status status = flatten(&l, expr);
    if (status)
        return status;
    *nodes = l.nodes;
    *count = l.count;
    return FH_OK;
}
