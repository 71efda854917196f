#include "searcher/near.h"

#include <math.h>

#include "base/utf8.h"
#include "searcher/deadline.h"
#include "searcher/slips.h"

/* How much more frequent, as log2, a word must be to make up for a slip of FH_SLIP_ANY more. */
#define SLIP_WORTH 3.0
/* By how much a word counts less for each doubling by which it is less likely. */
#define BEHIND_WORTH 0.05
/* Rarity is reckoned in an index of so many articles, which need not be this one's. */
#define RARITY 1e5
/* The shortest part of two words that were run together, in letters, unless it is a stop word. */
#define PART_LETTERS 3
/* Only a likely slip turns so short a word into a stop word, in letters. */
#define STOPPED_LETTERS 4

/* What was found for a word. */
typedef struct fh_sought {
    fh_str folded;
    fh_nears found;
    struct fh_sought *next;
} fh_sought;

/* One word that is looked for. */
typedef struct hunt {
    fh_finder *finder;
    fh_str folded;
    fh_str stem;
    fh_arena scratch; /* of spellings that may turn out not to be there */
    fh_nears *found;
    fh_error *err;
} hunt;

/* ---- Looking up ---- */

static fh_status count_articles(hunt *h, fh_form form, fh_str text, uint32_t *articles)
{
    return fh_index_frequencies(h->finder->index, form, FH_FIELD_ANY, &text, 1, articles,
                                h->err);
}

/* How many articles hold each of LIST; *ARTICLES stays NULL when that is more than may be asked. */
static fh_status look_up(hunt *h, fh_form form, const fh_slips *list, uint32_t **articles)
{
    fh_finder *f = h->finder;
    *articles = NULL;
    if (list->count == 0)
        return FH_OK;
    if (list->count > f->lookups) {
        f->lookups = 0;
        return FH_OK;
    }
    f->lookups -= list->count;
    *articles = fh_arena_alloc(&h->scratch, list->count * sizeof **articles);
    if (!*articles)
        return fh_fail_memory(h->err);
    fh_status status = fh_deadline_check(f->deadline, h->err);
    return status ? status
                  : fh_index_frequencies(f->index, form, FH_FIELD_ANY, list->items, list->count,
                                         *articles, h->err);
}

/* The stem of FOLDED, in the arena of the finder; empty when it is no word by itself. */
static fh_str stem_of(hunt *h, fh_str folded)
{
    fh_term term;
    fh_str stem = {0};
    fh_analyser_start(h->finder->analyser, folded, FH_FIELD_ANY, 1);
    while (fh_analyser_next(h->finder->analyser, &term))
        if (term.form == FH_FORM_STEM)
            stem = fh_arena_copy(h->finder->arena, term.text);
    return stem;
}

/* ---- The likeliest ---- */

static double likelihood(const fh_near *n)
{
    return log2((double)n->articles) - SLIP_WORTH * n->cost / FH_SLIP_ANY;
}

/* Take the item AT out. */
static void drop(fh_nears *list, size_t at)
{
    list->count--;
    for (; at < list->count; at++)
        list->items[at] = list->items[at + 1];
}

/* The item of LIST with that STEM; its count when there is none. */
static size_t find_stem(const fh_nears *list, fh_str stem)
{
    size_t at = 0;
    while (at < list->count && !fh_str_equal(list->items[at].stem, stem))
        at++;
    return at;
}

/* Put N in its place, unless a likelier word has its stem or there are enough that are likelier. */
static void keep(fh_nears *list, fh_near n)
{
    if (n.articles < FH_NEAR_TIMES * (uint64_t)list->articles)
        return;
    size_t at = find_stem(list, n.stem);
    if (at == list->count && at == FH_NEAR_WORDS)
        at--;
    if (at < list->count) {
        double before = likelihood(&list->items[at]), now = likelihood(&n);
        if (before > now || (before == now && list->items[at].spelled >= n.spelled))
            return;
        drop(list, at);
    }
    for (at = list->count++; at > 0 && likelihood(&list->items[at - 1]) < likelihood(&n); at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = n;
}

/*
 * Is N a stop word that may stand for next to any short word? In so many articles it would be likelier
 * than all that say something, and nothing would be searched.
 */
static bool says_nothing(const hunt *h, const fh_near *n)
{
    return n->cost > FH_SLIP_LIKELY && fh_utf8_count(h->folded) <= STOPPED_LETTERS &&
           fh_analysis_stops(n->folded);
}

/* Keep the word FOLDED, which SPELLED articles hold. */
static fh_status keep_spelling(hunt *h, fh_str folded, uint32_t spelled)
{
    fh_near n = {.folded = fh_arena_copy(h->finder->arena, folded),
                 .stem = stem_of(h, folded),
                 .spelled = spelled,
                 .cost = fh_slips_cost(h->folded, folded)};
    if (!n.folded.ptr || !n.stem.ptr)
        return fh_fail_memory(h->err);
    if (says_nothing(h, &n))
        return FH_OK;
    fh_status status = count_articles(h, FH_FORM_STEM, n.stem, &n.articles);
    if (!status && n.articles > 0 && !fh_str_equal(n.stem, h->stem))
        keep(h->found, n);
    return status;
}

static fh_status keep_spellings(hunt *h, const fh_slips *list)
{
    uint32_t *articles;
    fh_status status = look_up(h, FH_FORM_FOLDED, list, &articles);
    for (size_t i = 0; articles && i < list->count && !status; i++)
        if (articles[i] > 0)
            status = keep_spelling(h, list->items[i], articles[i]);
    return status;
}

/* Keep the stems of LIST that some articles hold. */
static fh_status keep_stems(hunt *h, const fh_slips *list)
{
    uint32_t *articles;
    fh_status status = look_up(h, FH_FORM_STEM, list, &articles);
    for (size_t i = 0; articles && i < list->count && !status; i++) {
        if (articles[i] == 0)
            continue;
        fh_near n = {.folded = FH_STR(""),
                     .stem = fh_arena_copy(h->finder->arena, list->items[i]),
                     .articles = articles[i],
                     .cost = fh_slips_cost(h->stem, list->items[i])};
        if (n.stem.ptr)
            keep(h->found, n);
        else
            status = fh_fail_memory(h->err);
    }
    return status;
}

/* ---- The ways to be near ---- */

static fh_status find_one_slip(hunt *h)
{
    fh_slips folded;
    fh_status status = fh_slips_one(h->folded, &h->scratch, &folded, h->err);
    return status ? status : keep_spellings(h, &folded);
}

static fh_status find_stem_slip(hunt *h)
{
    fh_slips stems;
    fh_status status = fh_slips_one(h->stem, &h->scratch, &stems, h->err);
    return status ? status : keep_stems(h, &stems);
}

static fh_status find_two_slips(hunt *h)
{
    fh_slips folded;
    fh_status status = fh_slips_likely(h->folded, 2, &h->scratch, &folded, h->err);
    return status ? status : keep_spellings(h, &folded);
}

static bool can_be_part(fh_str part)
{
    return fh_utf8_count(part) >= PART_LETTERS || fh_analysis_stops(part);
}

/* Numbers that stand side by side are no number. */
static bool has_digit(fh_str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
            return true;
    return false;
}

/* The two words whose rarer one stands in most articles. */
static fh_status find_parts(hunt *h)
{
    fh_slips parts = {.items = fh_arena_alloc(&h->scratch, 2 * h->folded.len * sizeof(fh_str))};
    uint32_t *articles, most = 0;
    size_t best = 0;
    if (!parts.items)
        return fh_fail_memory(h->err);
    for (size_t at = 1; at < h->folded.len; at++) {
        fh_str first = {h->folded.ptr, at}, last = {h->folded.ptr + at, h->folded.len - at};
        if (fh_utf8_cut(h->folded.ptr, at) < at || !can_be_part(first) || !can_be_part(last))
            continue;
        parts.items[parts.count++] = first;
        parts.items[parts.count++] = last;
    }
    fh_status status = look_up(h, FH_FORM_FOLDED, &parts, &articles);
    for (size_t i = 0; articles && i < parts.count && !status; i += 2) {
        uint32_t rarer = articles[i] < articles[i + 1] ? articles[i] : articles[i + 1];
        best = rarer > most ? i : best;
        most = rarer > most ? rarer : most;
    }
    for (size_t i = 0; most > 0 && i < 2 && !status; i++) {
        fh_near part = {.folded = fh_arena_copy(h->finder->arena, parts.items[best + i]),
                        .spelled = articles[best + i],
                        .articles = articles[best + i]};
        part.stem = stem_of(h, parts.items[best + i]);
        h->found->items[h->found->count++] = part;
        if (!part.folded.ptr || !part.stem.ptr)
            status = fh_fail_memory(h->err);
    }
    h->found->parts = most > 0;
    return status;
}

/* Does the hunt go on? */
static bool is_open(const hunt *h)
{
    return h->found->count == 0 && h->found->articles == 0;
}

static fh_status find(hunt *h, uint32_t rare)
{
    fh_status status = count_articles(h, FH_FORM_FOLDED, h->folded, &h->found->spelled);
    if (status || h->found->spelled > rare)
        return status;
    status = count_articles(h, FH_FORM_STEM, h->stem, &h->found->articles);
    if (!status)
        status = find_one_slip(h);
    if (!status && is_open(h) && !has_digit(h->folded))
        status = find_parts(h);
    if (!status && is_open(h))
        status = find_stem_slip(h);
    if (!status && is_open(h))
        status = find_two_slips(h);
    return status;
}

/*
 * What N counts beside FIRST, the likeliest: less for being less likely, and no more for being rarer,
 * as ranking would have it.
 */
static float weigh(const fh_near *first, const fh_near *n)
{
    double behind = likelihood(first) - likelihood(n);
    double rarity = log2(1 + RARITY / first->articles) / log2(1 + RARITY / n->articles);
    return (float)((rarity < 1 ? rarity : 1) / (1 + BEHIND_WORTH * behind));
}

/* What was found for FOLDED before, or NULL. */
static const fh_sought *recall(const fh_finder *f, fh_str folded)
{
    const fh_sought *one = f->sought;
    while (one && !fh_str_equal(one->folded, folded))
        one = one->next;
    return one;
}

static fh_status remember(hunt *h)
{
    fh_sought *one = fh_arena_alloc(h->finder->arena, sizeof *one);
    if (!one)
        return fh_fail_memory(h->err);
    *one =
        (fh_sought){fh_arena_copy(h->finder->arena, h->folded), *h->found, h->finder->sought};
    h->finder->sought = one;
    return one->folded.ptr ? FH_OK : fh_fail_memory(h->err);
}

fh_status fh_near_find(fh_finder *f, fh_str folded, fh_str stem, uint32_t rare, fh_nears *found,
                       fh_error *err)
{
    hunt h = {.finder = f, .folded = folded, .stem = stem, .found = found, .err = err};
    *found = (fh_nears){0};
    const fh_sought *before = recall(f, folded);
    if (before) {
        *found = before->found.spelled <= rare ? before->found
                                               : (fh_nears){.spelled = before->found.spelled};
        return FH_OK;
    }
    fh_status status = find(&h, rare);
    for (size_t i = 0; i < found->count; i++)
        found->items[i].weight = found->parts ? 1 : weigh(&found->items[0], &found->items[i]);
    if (!status && found->spelled <= rare)
        status = remember(&h);
    fh_arena_free(&h.scratch);
    if (status)
        *found = (fh_nears){0};
    return status;
}
