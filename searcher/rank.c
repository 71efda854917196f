#include "searcher/rank.h"

#include <string.h>

static void add_clue(fh_ranker *r, fh_clue clue, fh_manner manner)
{
    if (manner.negative || !clue.leaf)
        return;
    fh_clue *copy = fh_arena_alloc(r->arena, sizeof *copy);
    if (!copy) {
        r->failed = true;
        return;
    }
    *copy = clue;
    copy->title = manner.field == FH_FIELD_TITLE;
    if (r->clues.last)
        r->clues.last->next = copy;
    else
        r->clues.first = copy;
    r->clues.last = copy;
    r->clues.count++;
}

void fh_rank_add(fh_ranker *r, fh_exprs *list, fh_expr *expr)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 8;
        fh_expr **items = fh_arena_alloc(r->arena, capacity * sizeof(fh_expr *));
        if (!items) {
            r->failed = true;
            return;
        }
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof(fh_expr *));
        list->items = items;
        list->capacity = capacity;
    }
    if (expr)
        list->items[list->count++] = expr;
    else
        r->failed = true;
}

/* The leaf of that term among LIST, so that a word typed twice is looked up once. */
static fh_expr *find_term(const fh_exprs *list, fh_form form, fh_field field, fh_str text)
{
    for (size_t i = 0; i < list->count; i++) {
        fh_expr *e = list->items[i];
        if (e->kind == FH_EXPR_TERM && e->form == form && e->field == field &&
            fh_str_equal(e->text, text))
            return e;
    }
    return NULL;
}

/* Add one form of WORD to LIST, as a leaf of that WEIGHT or as more weight of the leaf that is there. */
static const fh_expr *add_form(fh_ranker *r, const fh_word *word, fh_form form, float weight,
                               bool shown, fh_manner manner, fh_exprs *list)
{
    fh_str text = form == FH_FORM_STEM ? word->stem : word->folded;
    fh_expr *leaf = find_term(list, form, manner.field, text);
    bool again = leaf != NULL;
    if (again)
        leaf->weight += weight;
    else
        leaf = fh_expr_term(r->arena, form, manner.field, text, weight);
    if (form == FH_FORM_STEM && manner.field == FH_FIELD_ANY && !manner.negative)
        fh_rank_add(r, &r->close, leaf);
    if (again)
        return leaf;
    fh_rank_add(r, list, leaf);
    fh_clue clue = {.match = form == FH_FORM_STEM ? FH_MATCH_STEM : FH_MATCH_FOLDED,
                    .leaf = leaf,
                    .word = word->typed,
                    .term = text,
                    .shown = shown};
    add_clue(r, clue, manner);
    return leaf;
}

/* Let KNOWN be proved by whatever proves ONE, too. */
static void merge_proofs(fh_asked *known, const fh_asked *one)
{
    for (size_t i = 0; i < FH_LEVELS; i++)
        if (!known->proofs[i])
            known->proofs[i] = one->proofs[i];
}

/* Remember that ONE was asked, where it stands in the query: typed texts are pieces of one text. */
static void add_asked(fh_ranker *r, fh_asked one, fh_manner manner)
{
    fh_asked **at = &r->asked;
    if (manner.negative)
        return;
    one.title = manner.field == FH_FIELD_TITLE;
    for (fh_asked *other = r->asked; other; other = other->next) {
        if (fh_str_equal(other->typed, one.typed) && other->title == one.title) {
            merge_proofs(other, &one);
            return;
        }
        if (other->typed.ptr < one.typed.ptr)
            at = &other->next;
    }
    fh_asked *copy = fh_arena_alloc(r->arena, sizeof *copy);
    if (!copy) {
        r->failed = true;
        return;
    }
    *copy = one;
    copy->next = *at;
    *at = copy;
}

/* Remember a word with the leaves of its forms, of which STEM may be NULL. */
static void add_asked_word(fh_ranker *r, const fh_word *word, const fh_expr *folded,
                           const fh_expr *stem, fh_manner manner)
{
    fh_asked one = {.typed = word->typed};
    if (word->guessed) {
        one.proofs[FH_LEVEL_NEAR] = stem;
    } else {
        one.proofs[FH_LEVEL_FOLDED] = folded;
        one.proofs[FH_LEVEL_STEM] = stem;
    }
    add_asked(r, one, manner);
}

/* A word whose forms go to DECIDES and to ADDS. */
static void rank_word(fh_ranker *r, const fh_word *word, fh_manner manner, fh_exprs *decides,
                      fh_exprs *adds)
{
    const fh_expr *folded = NULL, *stem = NULL;
    if (manner.exact) {
        folded = add_form(r, word, FH_FORM_FOLDED, FH_WEIGHT_ALONE, true, manner, decides);
    } else {
        stem = add_form(r, word, FH_FORM_STEM, FH_WEIGHT_STEM, true, manner, decides);
        if (!manner.negative)
            folded = add_form(r, word, FH_FORM_FOLDED, FH_WEIGHT_FOLDED, false, manner, adds);
    }
    add_asked_word(r, word, folded, stem, manner);
}

void fh_rank_any(fh_ranker *r, const fh_word *word, fh_manner manner, fh_exprs *ranked)
{
    rank_word(r, word, manner, ranked, ranked);
}

void fh_rank_must(fh_ranker *r, const fh_word *word, fh_manner manner, fh_exprs *must,
                  fh_exprs *adds)
{
    rank_word(r, word, manner, must, adds);
}

/* The folded words of a phrase, as the expression that only articles with the phrase pass. */
static fh_expr *make_phrase(fh_ranker *r, const fh_word *words, size_t count, uint32_t window,
                            fh_manner manner)
{
    fh_expr_kind kind = window > 0 ? FH_EXPR_NEAR : FH_EXPR_PHRASE;
    fh_exprs kids = {0};
    for (size_t i = 0; i < count; i++) {
        fh_expr *kid =
            fh_expr_term(r->arena, FH_FORM_FOLDED, manner.field, words[i].folded, 1.0f);
        if (kid && kind == FH_EXPR_PHRASE)
            kid->offset = words[i].position - words[0].position;
        fh_rank_add(r, &kids, kid);
    }
    if (r->failed)
        return NULL;
    fh_expr *phrase = fh_expr_node(r->arena, kind, kids.items, kids.count);
    if (!phrase)
        return NULL;
    phrase->weight = manner.exact ? FH_WEIGHT_ALONE : FH_WEIGHT_FOLDED;
    phrase->window = window;
    return phrase;
}

void fh_rank_phrase(fh_ranker *r, fh_str typed, const fh_word *words, size_t count,
                    uint32_t window, fh_manner manner, fh_exprs *must, fh_exprs *adds)
{
    if (count == 1) {
        fh_manner folded = manner;
        folded.exact = true;
        fh_rank_must(r, words, folded, must, adds);
    } else {
        fh_expr *phrase = make_phrase(r, words, count, window, manner);
        fh_rank_add(r, must, phrase);
        fh_clue clue = {.match = window > 0 ? FH_MATCH_NEAR : FH_MATCH_PHRASE,
                        .leaf = phrase,
                        .word = typed,
                        .term = typed,
                        .shown = true,
                        .words = words,
                        .word_count = count};
        add_clue(r, clue, manner);
        add_asked(r, (fh_asked){.typed = typed, .proofs = {[FH_LEVEL_FOLDED] = phrase}},
                  manner);
    }
    if (manner.exact || manner.negative)
        return;
    for (size_t i = 0; i < count; i++)
        if (!words[i].stops || count == 1)
            add_form(r, &words[i], FH_FORM_STEM, FH_WEIGHT_STEM, false, manner, adds);
}

fh_expr *fh_rank_prefix(fh_ranker *r, fh_str typed, fh_str prefix, const fh_str *terms,
                        size_t count, fh_manner manner)
{
    fh_exprs kids = {0};
    for (size_t i = 0; i < count; i++)
        fh_rank_add(r, &kids,
                    fh_expr_term(r->arena, FH_FORM_FOLDED, manner.field, terms[i], 1.0f));
    fh_expr *any = NULL;
    if (count > 0 && !r->failed)
        any = fh_expr_node(r->arena, FH_EXPR_ANY, kids.items, kids.count);
    else if (count == 0)
        any = fh_expr_leaf(r->arena, FH_EXPR_NOTHING);
    if (any)
        any->weight = FH_WEIGHT_ALONE;
    fh_clue clue = {.match = FH_MATCH_PREFIX,
                    .leaf = any,
                    .word = typed,
                    .term = prefix,
                    .shown = count > 0};
    fh_asked one = {.typed = typed, .prefix = prefix};
    if (count > 0) {
        add_clue(r, clue, manner);
        one.proofs[FH_LEVEL_FOLDED] = any;
    }
    add_asked(r, one, manner);
    return any;
}

void fh_rank_typo(fh_ranker *r, const fh_word *word, const fh_word *near, size_t count,
                  fh_manner manner, fh_exprs *list)
{
    fh_exprs kids = {0};
    for (size_t i = 0; i < count; i++)
        fh_rank_add(r, &kids,
                    fh_expr_term(r->arena, FH_FORM_STEM, manner.field, near[i].stem,
                                 FH_WEIGHT_TYPO * near[i].weight));
    fh_expr *best =
        r->failed ? NULL : fh_expr_node(r->arena, FH_EXPR_BEST, kids.items, kids.count);
    fh_rank_add(r, list, best);
    fh_clue clue = {.match = FH_MATCH_TYPO,
                    .leaf = best,
                    .word = word->typed,
                    .term = near[0].folded,
                    .shown = true,
                    .words = near,
                    .word_count = count};
    add_clue(r, clue, manner);
    add_asked(r, (fh_asked){.typed = word->typed, .proofs = {[FH_LEVEL_NEAR] = best}}, manner);
}

fh_rerank fh_rank_close(const fh_ranker *r)
{
    return (fh_rerank){.words = (const fh_expr *const *)r->close.items,
                       .count = r->close.count,
                       .depth = FH_RERANK_DEPTH,
                       .lead_weight = FH_RERANK_LEAD_WEIGHT,
                       .ordered = FH_RERANK_ORDERED,
                       .close = FH_RERANK_CLOSE,
                       .lead = FH_RERANK_LEAD,
                       .window = FH_RERANK_WINDOW};
}
