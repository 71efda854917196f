#include "searcher/plan.h"

#include <string.h>

#include "base/dates.h"
#include "base/utf8.h"
#include "searcher/plan_words.h"
#include "searcher/sources.h"
#include "searcher/wildcard.h"

/* A word of the ranked part, until it is known whether stop words are all there is. */
typedef struct pending {
    const fh_word *word;
    fh_manner manner;
    struct pending *next;
} pending;

/* What a node comes to, before it is one expression. */
typedef struct parts {
    fh_exprs must;     /* all of these */
    fh_exprs adds;     /* only score */
    fh_exprs ranked;   /* any of these, when nothing must */
    fh_exprs negative; /* none of these */
    fh_exprs sources;  /* any of these */
    fh_exprs dates;    /* any of these */
    fh_exprs filters;  /* all of these, without a score */
    pending *first;    /* words that may match */
    pending *last;
} parts;

static fh_expr *plan_node(fh_planning *p, const fh_query_node *node, fh_manner manner);

/* ---- Small steps ---- */

static void add(fh_planning *p, fh_exprs *list, fh_expr *expr)
{
    fh_rank_add(&p->ranker, list, expr);
}

/* Append EXPR unless it asks for nothing. */
static void add_some(fh_planning *p, fh_exprs *list, fh_expr *expr)
{
    if (expr)
        add(p, list, expr);
}

static fh_expr *join(fh_planning *p, fh_expr_kind kind, const fh_exprs *list)
{
    fh_expr *expr = fh_expr_node(p->in->arena, kind, list->items, list->count);
    p->ranker.failed = p->ranker.failed || !expr;
    return expr;
}

/* FIRST and REST under a node of KIND, which means FIRST when REST is empty. */
static fh_expr *attach(fh_planning *p, fh_expr_kind kind, fh_expr *first, const fh_exprs *rest)
{
    fh_exprs all = {0};
    if (rest->count == 0)
        return first;
    add(p, &all, first);
    for (size_t i = 0; i < rest->count; i++)
        add(p, &all, rest->items[i]);
    return join(p, kind, &all);
}

static fh_expr *everything(fh_planning *p)
{
    fh_expr *expr = fh_expr_leaf(p->in->arena, FH_EXPR_ALL);
    p->ranker.failed = p->ranker.failed || !expr;
    return expr;
}

/* Tell the user of what TEXT was taken for; the numbers that the note has no use for are 0. */
static void tell(fh_planning *p, fh_note_kind kind, fh_str text, uint64_t second,
                 uint64_t third)
{
    fh_notes *notes = &p->out->notes;
    const fh_str args[] = {text, fh_notes_number(notes, second), fh_notes_number(notes, third)};
    fh_notes_add(notes, kind, args, third > 0 ? 3 : second > 0 ? 2 : 1);
}

static fh_manner inherit(fh_manner manner, const fh_query_node *node)
{
    manner.exact = manner.exact || node->exact;
    if (node->title)
        manner.field = FH_FIELD_TITLE;
    if (node->sign == FH_SIGN_EXCLUDED)
        manner.negative = true;
    return manner;
}

/* ---- Words ---- */

static void wait(fh_planning *p, parts *to, const fh_word *word, fh_manner manner)
{
    pending *one = fh_arena_alloc(p->in->arena, sizeof *one);
    if (!one) {
        p->ranker.failed = true;
        return;
    }
    *one = (pending){.word = word, .manner = manner};
    if (to->last)
        to->last->next = one;
    else
        to->first = one;
    to->last = one;
}

/* Words side by side: any of them may match, or all must. */
static void add_words(fh_planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    fh_words list = fh_planning_read(p, node->text);
    for (size_t i = 0; i < list.count; i++)
        wait(p, to, &list.items[i], manner);
}

/* Words that must all match, stop words too: the user said so. */
static void demand_words(fh_planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    fh_words list = fh_planning_read(p, node->text);
    for (size_t i = 0; i < list.count; i++)
        fh_planning_rank(p, &list.items[i], manner, &to->must, &to->adds);
}

/* In how long a stretch the COUNT words of NODE stand near: as asked, within limits; 0: they are a phrase. */
static uint32_t choose_window(fh_planning *p, const fh_query_node *node, size_t count)
{
    if (!node->near || count < 2)
        return 0;
    uint32_t window = node->window < FH_NEAR_MAX ? node->window : FH_NEAR_MAX;
    window = window > count ? window : (uint32_t)count;
    if (node->window < count)
        tell(p, FH_NOTE_NEAR_WIDENED, node->text, window, 0);
    else if (window < node->window)
        tell(p, FH_NOTE_NEAR_NARROWED, node->text, window, 0);
    return window;
}

/* A phrase, or a word with a sign: when punctuation makes several words of it, it is a phrase. */
static void demand_phrase(fh_planning *p, const fh_query_node *node, fh_manner manner,
                          parts *to)
{
    fh_words list = fh_planning_read(p, node->text);
    if (list.count == 1 && node->kind == FH_QUERY_WORDS)
        fh_planning_rank(p, list.items, manner, &to->must, &to->adds);
    else if (list.count > 0)
        fh_rank_phrase(&p->ranker, node->text, list.items, list.count,
                       choose_window(p, node, list.count), manner, &to->must, &to->adds);
}

/*
 * The words that waited: stop words among them are left out, unless nothing else is in the query's
 * ranked part. With `all` each of the others must match.
 */
static void release(fh_planning *p, parts *to)
{
    bool content = to->must.count > 0 || to->ranked.count > 0;
    for (const pending *one = to->first; one; one = one->next)
        content = content || !one->word->stops || one->manner.exact;
    for (const pending *one = to->first; one; one = one->next) {
        if (content && one->word->stops && !one->manner.exact)
            continue;
        if (p->in->request->all && !one->manner.negative)
            fh_planning_rank(p, one->word, one->manner, &to->must, &to->adds);
        else
            fh_planning_rank(p, one->word, one->manner, &to->ranked, NULL);
    }
}

/* ---- Wildcards ---- */

/* Is the prefix one that can be looked up? If not, a note says why. */
static bool check_prefix(fh_planning *p, const fh_query_node *node, fh_words words)
{
    if (words.count > 1)
        tell(p, FH_NOTE_STAR_INSIDE, node->text, 0, 0);
    if (words.count == 0)
        tell(p, FH_NOTE_STAR_ALONE, node->text, FH_PREFIX_MIN, 0);
    if (words.count != 1)
        return false;
    if (fh_utf8_count(words.items[0].folded) < FH_PREFIX_MIN) {
        tell(p, FH_NOTE_STAR_SHORT, node->text, FH_PREFIX_MIN, 0);
        return false;
    }
    if (++p->prefixes > FH_QUERY_PREFIXES_MAX)
        p->status = fh_fail(p->err, FH_ELIMIT, "the query has more than %d words with a star",
                            FH_QUERY_PREFIXES_MAX);
    return p->status == FH_OK;
}

static fh_expr *plan_prefix(fh_planning *p, const fh_query_node *node, fh_str prefix,
                            fh_manner manner)
{
    fh_expansion found;
    p->status = fh_wildcard_expand(p->in->index, prefix, manner.field, p->in->deadline,
                                   p->in->arena, &found, p->err);
    if (p->status)
        return NULL;
    if (found.count == 0)
        tell(p, FH_NOTE_STAR_NOTHING, node->text, 0, 0);
    else if (found.all > found.count)
        tell(p, FH_NOTE_STAR_MANY, node->text, found.count, found.all);
    return fh_rank_prefix(&p->ranker, node->text, prefix, found.terms, found.count, manner);
}

/* A wildcard, or words when it cannot be one. */
static void add_prefix(fh_planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    fh_words words = fh_planning_read(p, node->text);
    if (check_prefix(p, node, words)) {
        add(p, &to->ranked, plan_prefix(p, node, words.items[0].folded, manner));
        return;
    }
    for (size_t i = 0; i < words.count; i++)
        wait(p, to, &words.items[i], manner);
}

/* ---- Filters ---- */

static fh_expr *plan_source(fh_planning *p, fh_str name)
{
    fh_expr *expr = NULL;
    if (p->status == FH_OK)
        p->status = fh_sources_expr(p->in->index, p->in->analyser, name, p->in->deadline,
                                    p->in->arena, &p->out->notes, &expr, p->err);
    return expr;
}

static fh_expr *plan_date(fh_planning *p, int64_t first, int64_t last)
{
    fh_expr *expr = fh_expr_date(p->in->arena, first, last);
    p->ranker.failed = p->ranker.failed || !expr;
    return expr;
}

/* ---- Nodes ---- */

/* All of PARTS as one expression, NULL when they ask for nothing. */
static fh_expr *assemble(fh_planning *p, parts *from)
{
    fh_expr *base = NULL;
    release(p, from);
    if (from->sources.count > 0)
        add(p, &from->filters, join(p, FH_EXPR_OR, &from->sources));
    if (from->dates.count > 0)
        add(p, &from->filters, join(p, FH_EXPR_OR, &from->dates));
    if (from->must.count > 0) {
        for (size_t i = 0; i < from->ranked.count; i++)
            add(p, &from->adds, from->ranked.items[i]);
        base = attach(p, FH_EXPR_MAYBE, join(p, FH_EXPR_AND, &from->must), &from->adds);
    } else if (from->ranked.count > 0) {
        base = join(p, FH_EXPR_OR, &from->ranked);
    } else if (from->negative.count > 0 || from->filters.count > 0) {
        base = everything(p);
    }
    if (fh_planning_failed(p) || !base)
        return NULL;
    base = attach(p, FH_EXPR_NOT, base, &from->negative);
    return attach(p, FH_EXPR_FILTER, base, &from->filters);
}

static bool has_words(fh_planning *p, fh_str text)
{
    fh_term term;
    fh_analyser_start(p->in->analyser, text, FH_FIELD_ANY, 1);
    return fh_analyser_next(p->in->analyser, &term);
}

/* Does the request let this phrase be searched as words? Counts those that it would. */
static bool relaxes(fh_planning *p, const fh_query_node *node, fh_manner manner)
{
    if (node->kind != FH_QUERY_PHRASE || node->sign || manner.negative ||
        !has_words(p, node->text))
        return false;
    if (!p->out->phrase)
        p->out->phrase = node;
    p->out->phrases++;
    return p->in->relax;
}

/* KID must match. */
static void demand(fh_planning *p, const fh_query_node *kid, fh_manner manner, parts *to)
{
    if (kid->kind == FH_QUERY_WORDS || kid->kind == FH_QUERY_PHRASE)
        demand_phrase(p, kid, manner, to);
    else
        add_some(p, &to->must, plan_node(p, kid, manner));
}

static void exclude(fh_planning *p, const fh_query_node *kid, fh_manner manner, parts *to)
{
    parts inner = {0};
    manner.negative = true;
    demand(p, kid, manner, &inner);
    add_some(p, &to->negative, assemble(p, &inner));
}

/* A kid of a LIST. */
static void add_kid(fh_planning *p, const fh_query_node *kid, fh_manner outer, parts *to)
{
    fh_manner manner = inherit(outer, kid);
    bool must = kid->sign == FH_SIGN_REQUIRED || p->in->request->all;
    if (kid->sign == FH_SIGN_EXCLUDED)
        exclude(p, kid, manner, to);
    else if (kid->kind == FH_QUERY_SOURCE)
        add_some(p, &to->sources, plan_source(p, kid->text));
    else if (kid->kind == FH_QUERY_DATE)
        add(p, &to->dates, plan_date(p, kid->first, kid->last));
    else if (relaxes(p, kid, manner) || (kid->kind == FH_QUERY_WORDS && !kid->sign))
        add_words(p, kid, manner, to);
    else if (kid->kind == FH_QUERY_PHRASE)
        demand_phrase(p, kid, manner, to);
    else if (must)
        demand(p, kid, manner, to);
    else if (kid->kind == FH_QUERY_PREFIX)
        add_prefix(p, kid, manner, to);
    else
        add_some(p, &to->ranked, plan_node(p, kid, manner));
}

/* A kid of an AND. */
static void add_operand(fh_planning *p, const fh_query_node *kid, fh_manner outer, parts *to)
{
    fh_manner manner = inherit(outer, kid);
    if (kid->kind == FH_QUERY_NOT)
        exclude(p, kid->kids, inherit(manner, kid->kids), to);
    else if (kid->kind == FH_QUERY_SOURCE)
        add_some(p, &to->filters, plan_source(p, kid->text));
    else if (kid->kind == FH_QUERY_DATE)
        add(p, &to->filters, plan_date(p, kid->first, kid->last));
    else if (kid->kind == FH_QUERY_WORDS)
        demand_words(p, kid, manner, to);
    else if (kid->kind == FH_QUERY_PHRASE && !relaxes(p, kid, manner))
        demand_phrase(p, kid, manner, to);
    else
        add_some(p, &to->must, plan_node(p, kid, manner));
}

/* A kid of an OR: its words are set side by side with the others', so that the OR stays flat. */
static void add_alternative(fh_planning *p, const fh_query_node *kid, fh_manner outer,
                            fh_exprs *to)
{
    fh_manner manner = inherit(outer, kid);
    if (kid->kind != FH_QUERY_WORDS || p->in->request->all) {
        add_some(p, to, plan_node(p, kid, manner));
        return;
    }
    fh_words words = fh_planning_read(p, kid->text);
    for (size_t i = 0; i < words.count; i++)
        fh_planning_rank(p, &words.items[i], manner, to, NULL);
}

static void fill_parts(fh_planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    switch (node->kind) {
    case FH_QUERY_WORDS:
        add_words(p, node, manner, to);
        break;
    case FH_QUERY_PHRASE:
        if (relaxes(p, node, manner))
            add_words(p, node, manner, to);
        else
            demand_phrase(p, node, manner, to);
        break;
    case FH_QUERY_PREFIX:
        add_prefix(p, node, manner, to);
        break;
    case FH_QUERY_SOURCE:
        add_some(p, &to->sources, plan_source(p, node->text));
        break;
    case FH_QUERY_DATE:
        add(p, &to->dates, plan_date(p, node->first, node->last));
        break;
    case FH_QUERY_NOT:
        exclude(p, node->kids, inherit(manner, node->kids), to);
        break;
    default:
        for (const fh_query_node *kid = node->kids; kid && !fh_planning_failed(p);
             kid = kid->next) {
            if (node->kind == FH_QUERY_AND)
                add_operand(p, kid, manner, to);
            else if (node->kind == FH_QUERY_OR)
                add_alternative(p, kid, manner, &to->ranked);
            else
                add_kid(p, kid, manner, to);
        }
    }
}

/* NODE as an expression; NULL when it asks for nothing. MANNER already holds what NODE says of it. */
static fh_expr *plan_node(fh_planning *p, const fh_query_node *node, fh_manner manner)
{
    parts all = {0};
    if (fh_planning_failed(p))
        return NULL;
    fill_parts(p, node, manner, &all);
    return fh_planning_failed(p) ? NULL : assemble(p, &all);
}

/* ---- The request around the query ---- */

static bool read_bound(fh_planning *p, fh_str text, bool last, int64_t *seconds)
{
    fh_date date;
    if (text.len == 0)
        return true;
    if (!fh_date_parse(text, &date)) {
        p->status =
            fh_fail(p->err, FH_EUSAGE, "\"%.*s\" is no date: write 2026, 2026-02 or 2026-02-09",
                    FH_PRINT(text));
        return false;
    }
    *seconds = last ? fh_date_last(date) : date.seconds;
    return true;
}

/* The filters that the request puts around the query. */
static void add_filters(fh_planning *p, fh_exprs *filters)
{
    const fh_request *request = p->in->request;
    int64_t first = INT64_MIN, last = INT64_MAX;
    if (!read_bound(p, request->from, false, &first) ||
        !read_bound(p, request->to, true, &last))
        return;
    if (first > last) {
        p->status = fh_fail(p->err, FH_EUSAGE, "\"%.*s\" comes after \"%.*s\"",
                            FH_PRINT(request->from), FH_PRINT(request->to));
        return;
    }
    if (request->from.len > 0 || request->to.len > 0)
        add(p, filters, plan_date(p, first, last));
    fh_exprs sources = {0};
    for (size_t i = 0; i < request->source_count; i++)
        add_some(p, &sources, plan_source(p, request->sources[i]));
    if (sources.count > 0)
        add(p, filters, join(p, FH_EXPR_OR, &sources));
}

fh_status fh_plan_query(const fh_planner *planner, const fh_query *query, fh_plan *plan,
                        fh_error *err)
{
    *plan = (fh_plan){.notes = {.arena = planner->arena}};
    fh_planning p = {
        .in = planner, .out = plan, .ranker = {.arena = planner->arena}, .err = err};
    fh_exprs filters = {0};
    fh_manner manner = inherit((fh_manner){.field = FH_FIELD_ANY}, query->root);
    fh_expr *expr = plan_node(&p, query->root, manner);
    if (!fh_planning_failed(&p))
        add_filters(&p, &filters);
    if (!fh_planning_failed(&p) && !expr && filters.count > 0)
        expr = everything(&p);
    if (!fh_planning_failed(&p) && expr)
        expr = attach(&p, FH_EXPR_FILTER, expr, &filters);
    if (!fh_planning_failed(&p) && expr && !fh_expr_fits(expr))
        p.status = fh_fail(err, FH_ELIMIT, "the query is nested too deeply");
    if (fh_planning_failed(&p)) {
        *plan = (fh_plan){0};
        return p.status;
    }
    plan->expr = expr;
    plan->clues = p.ranker.clues;
    plan->asked = p.ranker.asked;
    plan->rerank = fh_rank_close(&p.ranker);
    return FH_OK;
}
