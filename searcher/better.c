#include "searcher/better.h"

#include <math.h>

#include "searcher/slips.h"
#include "searcher/spelling.h"

/* How much more frequent, as log2, a spelling must be to make up for a slip of FH_SLIP_ANY more. */
#define SLIP_WORTH 5.0

/* A word of the query. */
typedef struct item {
    fh_str typed; /* a piece of the text of the query */
    fh_str folded;
    fh_str stem;
    struct item *next;
} item;

/* One query that is made better. */
typedef struct repair {
    fh_finder *finder;
    item *first; /* in the order of the text */
    item **end;
    fh_buffer text;
    const char *done; /* the text of the query is in `text` up to here */
    bool changed;
    bool failed; /* memory ran out */
    fh_error *err;
} repair;

/* ---- Which words there are ---- */

static void add_item(repair *r, item one)
{
    item *copy = fh_arena_alloc(r->finder->arena, sizeof *copy);
    r->failed = r->failed || !copy || !one.folded.ptr || !one.stem.ptr;
    if (r->failed)
        return;
    *copy = one;
    *r->end = copy;
    r->end = &copy->next;
}

/* Is the piece of TEXT that ends at END what a colon follows? That is no word but a name of something. */
static bool is_name(fh_str text, size_t end)
{
    return end < text.len && text.ptr[end] == ':';
}

static void add_text(repair *r, fh_str text)
{
    fh_term term;
    item one = {0};
    fh_analyser_start(r->finder->analyser, text, FH_FIELD_ANY, 1);
    while (fh_analyser_next(r->finder->analyser, &term)) {
        fh_str copy = fh_arena_copy(r->finder->arena, term.text);
        if (term.form == FH_FORM_FOLDED) {
            one.typed = (fh_str){text.ptr + term.span.start, term.span.end - term.span.start};
            one.folded = copy;
        } else if (term.form == FH_FORM_STEM && !fh_analysis_stops(one.folded) &&
                   !is_name(text, term.span.end)) {
            one.stem = copy;
            add_item(r, one);
        }
    }
}

static void add_node(repair *r, const fh_query_node *node)
{
    if (node->exact || node->sign == FH_SIGN_EXCLUDED || node->kind == FH_QUERY_NOT)
        return;
    if (node->kind == FH_QUERY_WORDS || node->kind == FH_QUERY_PHRASE)
        add_text(r, node->text);
    for (const fh_query_node *kid = node->kids; kid; kid = kid->next)
        add_node(r, kid);
}

/* ---- What was meant ---- */

/* Does no article have the word, nor another of its stem? */
static bool is_unknown(const fh_nears *found)
{
    return found->spelled == 0 && found->articles == 0;
}

/* Is ONE spelled so by next to none of the articles that hold its stem? Then it is a slip itself. */
static bool is_odd(const fh_near *one)
{
    return one->spelled <= FH_BETTER_RARE &&
           one->articles >= FH_BETTER_TIMES * (uint64_t)one->spelled;
}

/* May ONE be told? A word that only holds a sentence together is near to too many that mean something. */
static bool may_be_meant(const fh_nears *found, const fh_near *one)
{
    return one->folded.len > 0 && !is_odd(one) &&
           (!fh_analysis_stops(one->folded) ||
            (is_unknown(found) && one->cost <= FH_SLIP_LIKELY));
}

/* A typist makes the likely slips all the time, and articles spell a word so seldom by chance. */
static double likelihood(const fh_near *one)
{
    return log2((double)one->spelled) - SLIP_WORTH * one->cost / FH_SLIP_ANY;
}

/* The likeliest by how it is spelled, not by its stem as in a search; NULL when there is none. */
static const fh_near *choose(const fh_nears *found)
{
    const fh_near *best = NULL;
    for (size_t i = 0; i < found->count; i++) {
        const fh_near *one = &found->items[i];
        if (may_be_meant(found, one) && (!best || likelihood(one) > likelihood(best)))
            best = one;
    }
    return best;
}

/* Is ONE so much better than what was FOUND of the word itself that it is worth to be told? */
static bool convinces(const fh_nears *found, const fh_near *one)
{
    uint64_t spelled = found->spelled > 0 ? found->spelled : 1;
    uint64_t articles = found->articles > 0 ? found->articles : 1;
    return is_unknown(found) || (one->spelled >= FH_BETTER_TIMES * spelled &&
                                 one->articles >= FH_BETTER_TIMES * articles);
}

/* Append COUNT WORDS as articles write them. */
static fh_status write(repair *r, const fh_near *words, size_t count)
{
    const fh_finder *f = r->finder;
    fh_status status = FH_OK;
    for (size_t i = 0; i < count && !status; i++) {
        fh_str written;
        status = fh_spelling_find(f->index, f->analyser, words[i].folded, f->deadline, f->arena,
                                  &written, r->err);
        fh_buffer_add_str(&r->text, i > 0 ? FH_STR(" ") : FH_STR(""));
        fh_buffer_add_str(&r->text, written);
    }
    return status;
}

/* Append the text of the query up to WORD, and what stands for that. */
static fh_status mend(repair *r, const item *word)
{
    fh_nears found;
    fh_status status =
        fh_near_find(r->finder, word->folded, word->stem, FH_BETTER_RARE, &found, r->err);
    const fh_near *one = found.parts ? found.items : choose(&found);
    if (status || !one || !convinces(&found, one))
        return status;
    fh_buffer_add(&r->text, r->done, (size_t)(word->typed.ptr - r->done));
    r->done = word->typed.ptr + word->typed.len;
    r->changed = true;
    return write(r, one, found.parts ? found.count : 1);
}

fh_status fh_better_find(fh_finder *finder, const fh_query *query, fh_str *better,
                         fh_error *err)
{
    repair r = {.finder = finder, .done = query->clean.ptr, .err = err};
    fh_status status = FH_OK;
    *better = (fh_str){"", 0};
    r.end = &r.first;
    add_node(&r, query->root);
    for (const item *word = r.first; word && !status && !r.failed; word = word->next)
        status = mend(&r, word);
    if (!status && r.changed) {
        fh_buffer_add(&r.text, r.done, (size_t)(query->clean.ptr + query->clean.len - r.done));
        *better = fh_arena_copy(finder->arena, fh_buffer_str(&r.text));
    }
    if (!status && (r.failed || r.text.failed || !better->ptr))
        status = fh_fail_memory(err);
    if (status)
        *better = (fh_str){"", 0};
    fh_buffer_free(&r.text);
    return status;
}
