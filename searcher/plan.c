#include "searcher/plan.h"

#include <string.h>

#include "base/dates.h"
#include "base/utf8.h"
#include "searcher/sources.h"
#include "searcher/wildcard.h"

/* The state of one planning. */
typedef struct planning {
    const fh_planner *in;
    fh_plan *out;
    fh_ranker ranker;
    size_t words; /* so far */
    size_t prefixes;
    fh_status status;
    fh_error *err;
} planning;

/* The words of a piece of query text. */
typedef struct word_list {
    fh_word *items;
    size_t count;
} word_list;

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

static fh_expr *plan_node(planning *p, const fh_query_node *node, fh_manner manner);

/* ---- Small steps ---- */

static bool failed(planning *p)
{
    if (p->ranker.failed && p->status == FH_OK)
        p->status = fh_fail_memory(p->err);
    return p->status != FH_OK;
}

static void add(planning *p, fh_exprs *list, fh_expr *expr)
{
    fh_rank_add(&p->ranker, list, expr);
}

/* Append EXPR unless it asks for nothing. */
static void add_some(planning *p, fh_exprs *list, fh_expr *expr)
{
    if (expr)
        add(p, list, expr);
}

static fh_expr *join(planning *p, fh_expr_kind kind, const fh_exprs *list)
{
    fh_expr *expr = fh_expr_node(p->in->arena, kind, list->items, list->count);
    p->ranker.failed = p->ranker.failed || !expr;
    return expr;
}

/* FIRST and REST under a node of KIND, which means FIRST when REST is empty. */
static fh_expr *attach(planning *p, fh_expr_kind kind, fh_expr *first, const fh_exprs *rest)
{
    fh_exprs all = {0};
    if (rest->count == 0)
        return first;
    add(p, &all, first);
    for (size_t i = 0; i < rest->count; i++)
        add(p, &all, rest->items[i]);
    return join(p, kind, &all);
}

static fh_expr *everything(planning *p)
{
    fh_expr *expr = fh_expr_leaf(p->in->arena, FH_EXPR_ALL);
    p->ranker.failed = p->ranker.failed || !expr;
    return expr;
}

/* Tell the user of what TEXT was taken for; the numbers that the note has no use for are 0. */
static void tell(planning *p, fh_note_kind kind, fh_str text, uint64_t second, uint64_t third)
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

static bool keep_word(planning *p, word_list *list, size_t *capacity, fh_word word)
{
    size_t most = p->in->request->words_max;
    if (most == 0 || most > FH_QUERY_WORDS_MAX)
        most = FH_QUERY_WORDS_MAX;
    if (++p->words > most) {
        p->status = fh_fail(p->err, FH_ELIMIT, "the query has more than %zu words", most);
        return false;
    }
    if (list->count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 4;
        fh_word *items = fh_arena_alloc(p->in->arena, *capacity * sizeof *items);
        if (!items) {
            p->ranker.failed = true;
            return false;
        }
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
    }
    list->items[list->count++] = word;
    return true;
}

/* The words of TEXT as the chain of the index reads them. */
static word_list read_words(planning *p, fh_str text)
{
    word_list list = {0};
    size_t capacity = 0;
    fh_word word = {0};
    fh_term term;
    fh_analyser_start(p->in->analyser, text, FH_FIELD_ANY, 1);
    while (fh_analyser_next(p->in->analyser, &term)) {
        fh_str copy = fh_arena_copy(p->in->arena, term.text);
        p->ranker.failed = p->ranker.failed || !copy.ptr;
        if (term.form == FH_FORM_FOLDED) {
            word.folded = copy;
            word.stops = fh_analysis_stops(term.text);
            word.position = term.position;
            word.typed = (fh_str){text.ptr + term.span.start, term.span.end - term.span.start};
        } else if (term.form == FH_FORM_STEM) {
            word.stem = copy;
            if (!keep_word(p, &list, &capacity, word))
                break;
        }
    }
    return list;
}

/* Is WORD one that no article has as it is spelled, and are there others that may have been meant? */
static bool find_near(planning *p, const fh_word *word, fh_manner manner, fh_nears *near)
{
    bool asks =
        !manner.exact && !manner.negative && manner.field == FH_FIELD_ANY && !word->stops;
    if (!asks || !p->in->finder || failed(p))
        return false;
    p->status = fh_near_find(p->in->finder, word->folded, word->stem, 0, near, p->err);
    return p->status == FH_OK && near->count > 0;
}

/*
 * What stands for WORD, as words that were typed in its place; *COUNT of them, none for a word that
 * says nothing.
 */
static fh_word *replace(planning *p, const fh_word *word, const fh_nears *near, size_t *count)
{
    fh_word *words = fh_arena_alloc(p->in->arena, near->count * sizeof *words);
    *count = 0;
    p->ranker.failed = p->ranker.failed || !words;
    if (!near->parts && near->count > 0 && fh_analysis_stops(near->items[0].folded))
        return words;
    for (size_t i = 0; words && i < near->count; i++) {
        fh_word one = {.typed = word->typed,
                       .folded = near->items[i].folded.len > 0 ? near->items[i].folded
                                                               : near->items[i].stem,
                       .stem = near->items[i].stem,
                       .position = word->position,
                       .weight = near->items[i].weight,
                       .guessed = true};
        if (!fh_analysis_stops(one.folded))
            words[(*count)++] = one;
    }
    return words;
}

/* A word that must match, in which case ADDS gets what only scores, or one that may: then ADDS is NULL. */
static void rank_known(planning *p, const fh_word *word, fh_manner manner, fh_exprs *to,
                       fh_exprs *adds)
{
    if (adds)
        fh_rank_must(&p->ranker, word, manner, to, adds);
    else
        fh_rank_any(&p->ranker, word, manner, to);
}

/* The same for a word of which it is not known whether the index has it. */
static void rank_word(planning *p, const fh_word *word, fh_manner manner, fh_exprs *to,
                      fh_exprs *adds)
{
    fh_nears near = {0};
    size_t count = 0;
    fh_word *words = find_near(p, word, manner, &near) ? replace(p, word, &near, &count) : NULL;
    bool known = near.articles > 0;
    if (count == 0 || known)
        rank_known(p, word, manner, to, adds);
    if (count > 0 && !near.parts)
        fh_rank_typo(&p->ranker, word, words, count, manner, known && adds ? adds : to);
    for (size_t i = 0; near.parts && i < count; i++)
        rank_known(p, &words[i], manner, to, adds);
}

static void wait(planning *p, parts *to, const fh_word *word, fh_manner manner)
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
static void add_words(planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    word_list list = read_words(p, node->text);
    for (size_t i = 0; i < list.count; i++)
        wait(p, to, &list.items[i], manner);
}

/* Words that must all match, stop words too: the user said so. */
static void demand_words(planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    word_list list = read_words(p, node->text);
    for (size_t i = 0; i < list.count; i++)
        rank_word(p, &list.items[i], manner, &to->must, &to->adds);
}

/* In how long a stretch the COUNT words of NODE stand near: as asked, within limits; 0: they are a phrase. */
static uint32_t choose_window(planning *p, const fh_query_node *node, size_t count)
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
static void demand_phrase(planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    word_list list = read_words(p, node->text);
    if (list.count == 1 && node->kind == FH_QUERY_WORDS)
        rank_word(p, list.items, manner, &to->must, &to->adds);
    else if (list.count > 0)
        fh_rank_phrase(&p->ranker, node->text, list.items, list.count,
                       choose_window(p, node, list.count), manner, &to->must, &to->adds);
}

/*
 * The words that waited: stop words among them are left out, unless nothing else is in the query's
 * ranked part. With `all` each of the others must match.
 */
static void release(planning *p, parts *to)
{
    bool content = to->must.count > 0 || to->ranked.count > 0;
    for (const pending *one = to->first; one; one = one->next)
        content = content || !one->word->stops || one->manner.exact;
    for (const pending *one = to->first; one; one = one->next) {
        if (content && one->word->stops && !one->manner.exact)
            continue;
        if (p->in->request->all && !one->manner.negative)
            rank_word(p, one->word, one->manner, &to->must, &to->adds);
        else
            rank_word(p, one->word, one->manner, &to->ranked, NULL);
    }
}

/* ---- Wildcards ---- */

/* Is the prefix one that can be looked up? If not, a note says why. */
static bool check_prefix(planning *p, const fh_query_node *node, word_list words)
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

static fh_expr *plan_prefix(planning *p, const fh_query_node *node, fh_str prefix,
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
static void add_prefix(planning *p, const fh_query_node *node, fh_manner manner, parts *to)
{
    word_list words = read_words(p, node->text);
    if (check_prefix(p, node, words)) {
        add(p, &to->ranked, plan_prefix(p, node, words.items[0].folded, manner));
        return;
    }
    for (size_t i = 0; i < words.count; i++)
        wait(p, to, &words.items[i], manner);
}

/* ---- Filters ---- */

static fh_expr *plan_source(planning *p, fh_str name)
{
    fh_expr *expr = NULL;
    if (p->status == FH_OK)
        p->status = fh_sources_expr(p->in->index, p->in->analyser, name, p->in->deadline,
                                    p->in->arena, &p->out->notes, &expr, p->err);
    return expr;
}

static fh_expr *plan_date(planning *p, int64_t first, int64_t last)
{
    fh_expr *expr = fh_expr_date(p->in->arena, first, last);
    p->ranker.failed = p->ranker.failed || !expr;
    return expr;
}

/* ---- Nodes ---- */

/* All of PARTS as one expression, NULL when they ask for nothing. */
static fh_expr *assemble(planning *p, parts *from)
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
    if (failed(p) || !base)
        return NULL;
    base = attach(p, FH_EXPR_NOT, base, &from->negative);
    return attach(p, FH_EXPR_FILTER, base, &from->filters);
}

static bool has_words(planning *p, fh_str text)
{
    fh_term term;
    fh_analyser_start(p->in->analyser, text, FH_FIELD_ANY, 1);
    return fh_analyser_next(p->in->analyser, &term);
}

/* Does the request let this phrase be searched as words? Counts those that it would. */
static bool relaxes(planning *p, const fh_query_node *node, fh_manner manner)
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
static void demand(planning *p, const fh_query_node *kid, fh_manner manner, parts *to)
{
    if (kid->kind == FH_QUERY_WORDS || kid->kind == FH_QUERY_PHRASE)
        demand_phrase(p, kid, manner, to);
    else
        add_some(p, &to->must, plan_node(p, kid, manner));
}

static void exclude(planning *p, const fh_query_node *kid, fh_manner manner, parts *to)
{
    parts inner = {0};
    manner.negative = true;
    demand(p, kid, manner, &inner);
    add_some(p, &to->negative, assemble(p, &inner));
}

/* A kid of a LIST. */
static void add_kid(planning *p, const fh_query_node *kid, fh_manner outer, parts *to)
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
static void add_operand(planning *p, const fh_query_node *kid, fh_manner outer, parts *to)
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
static void add_alternative(planning *p, const fh_query_node *kid, fh_manner outer,
                            fh_exprs *to)
{
    fh_manner manner = inherit(outer, kid);
    if (kid->kind != FH_QUERY_WORDS || p->in->request->all) {
        add_some(p, to, plan_node(p, kid, manner));
        return;
    }
    word_list words = read_words(p, kid->text);
    for (size_t i = 0; i < words.count; i++)
        rank_word(p, &words.items[i], manner, to, NULL);
}

static void fill_parts(planning *p, const fh_query_node *node, fh_manner manner, parts *to)
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
        for (const fh_query_node *kid = node->kids; kid && !failed(p); kid = kid->next) {
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
static fh_expr *plan_node(planning *p, const fh_query_node *node, fh_manner manner)
{
    parts all = {0};
    if (failed(p))
        return NULL;
    fill_parts(p, node, manner, &all);
    return failed(p) ? NULL : assemble(p, &all);
}

/* ---- The request around the query ---- */

static bool read_bound(planning *p, fh_str text, bool last, int64_t *seconds)
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
static void add_filters(planning *p, fh_exprs *filters)
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
    planning p = {.in = planner, .out = plan, .ranker = {.arena = planner->arena}, .err = err};
    fh_exprs filters = {0};
    fh_manner manner = inherit((fh_manner){.field = FH_FIELD_ANY}, query->root);
    fh_expr *expr = plan_node(&p, query->root, manner);
    if (!failed(&p))
        add_filters(&p, &filters);
    if (!failed(&p) && !expr && filters.count > 0)
        expr = everything(&p);
    if (!failed(&p) && expr)
        expr = attach(&p, FH_EXPR_FILTER, expr, &filters);
    if (!failed(&p) && expr && !fh_expr_fits(expr))
        p.status = fh_fail(err, FH_ELIMIT, "the query is nested too deeply");
    if (failed(&p)) {
        *plan = (fh_plan){0};
        return p.status;
    }
    plan->expr = expr;
    plan->clues = p.ranker.clues;
    plan->asked = p.ranker.asked;
    plan->rerank = fh_rank_close(&p.ranker);
    return FH_OK;
}
