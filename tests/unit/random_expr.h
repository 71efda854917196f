/*
 * Expressions by chance over a random corpus, and how they are shown when one of them fails.
 * Include it after random_corpus.h.
 */
#ifndef FH_TESTS_UNIT_RANDOM_EXPR_H
#define FH_TESTS_UNIT_RANDOM_EXPR_H

#include "tests/unit/random_corpus.h"

#define EXPR_DEPTH   4
#define ANY_MAX      100
#define KIDS_MAX     6
#define PLACES_MAX   4  /* words of a phrase, or near one another */
#define FRAGMENT_MAX 24 /* words of a text that those near one another come from */

/* ---- Making ---- */

typedef struct growing {
    fh_arena *arena;
    const corpus *corpus;
    dice *chance;
} growing;

static inline float any_weight(growing *g)
{
    static const float weights[] = {1, 1, 1, 1, .25f, .25f, 3.7f, 0};
    return weights[below(g->chance, sizeof weights / sizeof *weights)];
}

/* The spelling of some word, common ones more often. */
static inline fh_spelling any_spelling(growing *g)
{
    const drafts *all = g->corpus->drafts;
    fh_spelling s = {0};
    while (!is_word(&s)) {
        uint32_t count = all->vocabulary->count;
        uint32_t n =
            often(g->chance, 50) ? below(g->chance, count) : below_zipf(g->chance, count);
        if (often(g->chance, 5))
            n = count - 1 - below(g->chance, count < 20 ? count : 20);
        all->vocabulary->spell(all->vocabulary, n, &s);
    }
    return s;
}

static inline fh_field any_field(growing *g)
{
    return often(g->chance, 15) ? FH_FIELD_TITLE : FH_FIELD_ANY;
}

static inline fh_expr *grow_term_of(growing *g, fh_form form, fh_field field, float weight)
{
    fh_str text = often(g->chance, 3) ? FH_STR("غائب") : any_spelling(g).forms[form];
    return fh_expr_term(g->arena, form, field, text, weight);
}

static inline fh_expr *grow_term(growing *g)
{
    fh_form form = often(g->chance, 50) ? FH_FORM_STEM : FH_FORM_FOLDED;
    return grow_term_of(g, form, any_field(g), any_weight(g));
}

/* As wildcards do: many words, all folded; or a few of any kind, the same one twice among them. */
static inline fh_expr *grow_any(growing *g)
{
    fh_expr *kids[ANY_MAX];
    bool wild = often(g->chance, 30);
    size_t count = 1 + below(g->chance, wild ? ANY_MAX : 4);
    fh_field field = any_field(g);
    for (size_t i = 0; i < count; i++)
        kids[i] = wild ? grow_term_of(g, FH_FORM_FOLDED, field, 1) : grow_term(g);
    if (!wild && count > 1 && often(g->chance, 20))
        kids[1] = kids[0];
    fh_expr *e = fh_expr_node(g->arena, FH_EXPR_ANY, kids, count);
    e->weight = any_weight(g);
    return e;
}

/* As words that are probably misspelled do: several that may be meant, each with a weight. */
static inline fh_expr *grow_best(growing *g)
{
    fh_expr *kids[KIDS_MAX];
    size_t count = 1 + below(g->chance, KIDS_MAX);
    for (size_t i = 0; i < count; i++)
        kids[i] = i > 0 && often(g->chance, 5) ? kids[0] : grow_term(g);
    fh_expr *e = fh_expr_node(g->arena, FH_EXPR_BEST, kids, count);
    e->weight = any_weight(g);
    return e;
}

/*
 * Words of one article, at most MOST, each at most STEP behind the one before it. Returns how many
 * there are.
 */
static inline size_t any_fragment(growing *g, const ex_word **words, size_t most, uint32_t step)
{
    const ex_article *a = &g->corpus->versions[below(g->chance, g->corpus->ex.count)];
    size_t count = 0;
    if (a->count == 0)
        return 0;
    for (size_t at = below(g->chance, a->count); at < a->count && count < most;
         at += 1 + below(g->chance, step))
        words[count++] = &a->words[at];
    return count;
}

static inline fh_expr *term_of_word(growing *g, const ex_word *w, fh_field field)
{
    fh_str text = g->corpus->ex.texts[w->forms[FH_FORM_FOLDED]];
    return fh_expr_term(g->arena, FH_FORM_FOLDED, field, text, any_weight(g));
}

/* Words that stand so somewhere, or at other distances, or one of them another one. */
static inline fh_expr *grow_phrase(growing *g)
{
    const ex_word *words[PLACES_MAX];
    fh_expr *kids[PLACES_MAX];
    fh_field field = any_field(g);
    size_t most = 1 + below(g->chance, PLACES_MAX);
    size_t count = any_fragment(g, words, most, often(g->chance, 70) ? 1 : 3);
    if (count == 0)
        return grow_term(g);
    for (size_t i = 0; i < count; i++) {
        kids[i] = term_of_word(g, words[i], field);
        if (often(g->chance, 5))
            kids[i] = grow_term_of(g, FH_FORM_FOLDED, field, 1);
        kids[i]->offset = words[i]->position - words[0]->position;
    }
    for (size_t i = often(g->chance, 20) ? 1 + below(g->chance, count) : count; i < count; i++)
        kids[i]->offset++;
    fh_expr *e = fh_expr_node(g->arena, FH_EXPR_PHRASE, kids, count);
    e->weight = any_weight(g);
    return e;
}

/* Words that stand near one another somewhere, in any order, or not quite. */
static inline fh_expr *grow_near(growing *g)
{
    const ex_word *words[FRAGMENT_MAX];
    fh_expr *kids[PLACES_MAX];
    fh_field field = any_field(g);
    size_t stretch = any_fragment(g, words, FRAGMENT_MAX, 1);
    size_t count = 1 + below(g->chance, PLACES_MAX);
    if (stretch == 0)
        return grow_term(g);
    uint32_t low = UINT32_MAX, high = 0;
    for (size_t i = 0; i < count; i++) {
        const ex_word *w = words[below(g->chance, stretch)];
        kids[i] = term_of_word(g, w, field);
        low = w->position < low ? w->position : low;
        high = w->position > high ? w->position : high;
    }
    if (count > 1 && often(g->chance, 20))
        kids[1] = kids[0];
    fh_expr *e = fh_expr_node(g->arena, FH_EXPR_NEAR, kids, count);
    e->weight = any_weight(g);
    /* Mostly just as wide as it must be there, or a word less. */
    e->window = often(g->chance, 60) ? high - low + below(g->chance, 2) : below(g->chance, 200);
    e->window = e->window < count ? (uint32_t)count : e->window;
    return e;
}

static inline fh_expr *grow_date(growing *g)
{
    int64_t first = 86400 * ((int64_t)below(g->chance, 60) - 20);
    int64_t last = first + 86400 * ((int64_t)below(g->chance, 30) - 1);
    if (often(g->chance, 10))
        first = INT64_MIN;
    if (often(g->chance, 10))
        last = INT64_MAX;
    const ex_article *a = &g->corpus->versions[below(g->chance, g->corpus->ex.count)];
    if (a->date.precision != FH_DATE_NONE && often(g->chance, 30))
        first = a->date.seconds;
    return fh_expr_date(g->arena, first, last);
}

static inline fh_expr *grow_source(growing *g)
{
    const ex_article *a = &g->corpus->versions[below(g->chance, g->corpus->ex.count)];
    bool named = a->source.len > 0 && !often(g->chance, 5);
    return fh_expr_source(g->arena, named ? a->source : FH_STR("لا أحد"));
}

static inline fh_expr *grow_leaf(growing *g)
{
    uint32_t kind = below(g->chance, 100);
    return kind < 45   ? grow_term(g)
           : kind < 52 ? grow_best(g)
           : kind < 60 ? grow_any(g)
           : kind < 73 ? grow_phrase(g)
           : kind < 86 ? grow_near(g)
           : kind < 91 ? grow_date(g)
           : kind < 96 ? grow_source(g)
           : kind < 99 ? fh_expr_leaf(g->arena, FH_EXPR_ALL)
                       : fh_expr_leaf(g->arena, FH_EXPR_NOTHING);
}

/* A tree at most DEPTH deep; now and then two kids of a node are one. */
static inline fh_expr *grow_tree(growing *g, int depth)
{
    static const fh_expr_kind kinds[] = {FH_EXPR_OR,  FH_EXPR_OR,    FH_EXPR_AND,
                                         FH_EXPR_NOT, FH_EXPR_MAYBE, FH_EXPR_FILTER};
    fh_expr *kids[KIDS_MAX];
    if (depth <= 1 || often(g->chance, 30))
        return grow_leaf(g);
    fh_expr_kind kind = kinds[below(g->chance, sizeof kinds / sizeof *kinds)];
    size_t count = 2 + below(g->chance, kind == FH_EXPR_OR ? KIDS_MAX - 1 : 2);
    for (size_t i = 0; i < count; i++)
        kids[i] = i > 0 && often(g->chance, 5) ? kids[0] : grow_tree(g, depth - 1);
    return fh_expr_node(g->arena, kind, kids, count);
}

/* As most queries are: some terms, any or all of which match, in one form or in two, or misspelled. */
static inline fh_expr *grow_flat(growing *g)
{
    fh_expr *kids[2 * KIDS_MAX];
    size_t count = 0;
    bool pairs = often(g->chance, 60);
    bool misspelled = often(g->chance, 30);
    for (uint32_t words = 1 + below(g->chance, KIDS_MAX); words > 0; words--) {
        fh_spelling s = any_spelling(g);
        if (misspelled && often(g->chance, 40)) {
            kids[count++] = grow_best(g);
            continue;
        }
        kids[count++] =
            fh_expr_term(g->arena, FH_FORM_STEM, FH_FIELD_ANY, s.forms[FH_FORM_STEM], 1);
        if (pairs)
            kids[count++] = fh_expr_term(g->arena, FH_FORM_FOLDED, FH_FIELD_ANY,
                                         s.forms[FH_FORM_FOLDED], .25f);
    }
    return fh_expr_node(g->arena, often(g->chance, 70) ? FH_EXPR_OR : FH_EXPR_AND, kids, count);
}

static inline fh_expr *grow(growing *g)
{
    uint32_t kind = below(g->chance, 100);
    return kind < 35   ? grow_flat(g)
           : kind < 50 ? grow_leaf(g)
           : kind < 60 ? grow_tree(g, 2)
                       : grow_tree(g, EXPR_DEPTH);
}

/* ---- Showing ---- */

static inline void show_expr(const fh_expr *e, fh_buffer *out)
{
    static const char *const names[] = {"NOTHING", "ALL",  "TERM",   "SOURCE", "DATE",
                                        "OR",      "AND",  "NOT",    "MAYBE",  "FILTER",
                                        "ANY",     "BEST", "PHRASE", "NEAR"};
    fh_buffer_printf(out, "(%s", names[e->kind]);
    if (e->kind == FH_EXPR_TERM)
        fh_buffer_printf(out, "%s%s", e->form == FH_FORM_STEM ? " stem" : " folded",
                         e->field == FH_FIELD_TITLE ? " title" : "");
    if (e->kind == FH_EXPR_TERM || e->kind == FH_EXPR_SOURCE)
        fh_buffer_printf(out, " \"%.*s\"", (int)e->text.len, e->text.ptr);
    if (e->kind == FH_EXPR_DATE)
        fh_buffer_printf(out, " %lld %lld", (long long)e->first, (long long)e->last);
    if (e->weight != 1)
        fh_buffer_printf(out, " *%g", (double)e->weight);
    if (e->offset > 0)
        fh_buffer_printf(out, " +%u", (unsigned)e->offset);
    if (e->kind == FH_EXPR_NEAR)
        fh_buffer_printf(out, " ~%u", (unsigned)e->window);
    for (size_t i = 0; i < e->count; i++) {
        fh_buffer_add_byte(out, ' ');
        show_expr(e->kids[i], out);
    }
    fh_buffer_add_byte(out, ')');
}

#endif
