#include "searcher/levels.h"

bool fh_levels_make(const fh_asked *asked, fh_arena *arena, fh_levels *levels)
{
    size_t count = 0;
    for (const fh_asked *one = asked; one; one = one->next)
        count++;
    *levels = (fh_levels){.asked = fh_arena_alloc(arena, (count + 1) * sizeof(fh_asked *)),
                          .found = fh_arena_alloc(arena, (count + 1) * sizeof(fh_level)),
                          .count = count};
    if (!levels->asked || !levels->found)
        return false;
    for (size_t i = 0; i < count; i++, asked = asked->next)
        levels->asked[i] = asked;
    fh_levels_start(levels);
    return true;
}

void fh_levels_start(fh_levels *l)
{
    for (size_t i = 0; i < l->count; i++)
        l->found[i] = FH_LEVEL_MISSING;
    l->cut = false;
}

/* Does LEAF, a term or one of several, look for TEXT? Another leaf, or none, does not. */
static bool holds(const fh_expr *leaf, fh_str text)
{
    if (!leaf)
        return false;
    if (leaf->kind == FH_EXPR_TERM)
        return fh_str_equal(leaf->text, text);
    bool held = false;
    for (size_t i = 0; leaf->kind == FH_EXPR_BEST && !held && i < leaf->count; i++)
        held = fh_str_equal(leaf->kids[i]->text, text);
    return held;
}

/* The level that SPELLING proves for ONE. */
static fh_level compare(const fh_asked *one, const fh_spelling *spelling)
{
    fh_str folded = spelling->forms[FH_FORM_FOLDED], stem = spelling->forms[FH_FORM_STEM];
    if (holds(one->proofs[FH_LEVEL_FOLDED], folded))
        return fh_str_equal(one->typed, spelling->written) ? FH_LEVEL_TYPED : FH_LEVEL_FOLDED;
    if (one->prefix.len > 0 && fh_str_starts(folded, one->prefix))
        return FH_LEVEL_FOLDED;
    if (holds(one->proofs[FH_LEVEL_STEM], stem))
        return FH_LEVEL_STEM;
    return holds(one->proofs[FH_LEVEL_NEAR], stem) ? FH_LEVEL_NEAR : FH_LEVEL_MISSING;
}

void fh_levels_see(fh_levels *l, const fh_spelling *spelling, fh_field field)
{
    for (size_t i = 0; i < l->count; i++) {
        const fh_asked *one = l->asked[i];
        if (l->found[i] == FH_LEVEL_TYPED || (one->title && field != FH_FIELD_TITLE))
            continue;
        fh_level level = compare(one, spelling);
        if (level < l->found[i])
            l->found[i] = level;
    }
}

void fh_levels_raise(fh_levels *l, const fh_expr *proof, fh_level level)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->asked[i]->proofs[FH_LEVEL_FOLDED] == proof && level < l->found[i])
            l->found[i] = level;
}
