#include "searcher/plan_words.h"

#include <string.h>

bool fh_planning_failed(fh_planning *p)
{
    if (p->ranker.failed && p->status == FH_OK)
        p->status = fh_fail_memory(p->err);
    return p->status != FH_OK;
}

/* ---- Reading ---- */

static bool keep_word(fh_planning *p, fh_words *list, size_t *capacity, fh_word word)
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

fh_words fh_planning_read(fh_planning *p, fh_str text)
{
    fh_words list = {0};
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

/* ---- Ranking ---- */

/* Is WORD one that no article has as it is spelled, and are there others that may have been meant? */
static bool find_near(fh_planning *p, const fh_word *word, fh_manner manner, fh_nears *near)
{
    bool asks =
        !manner.exact && !manner.negative && manner.field == FH_FIELD_ANY && !word->stops;
    if (!asks || !p->in->finder || fh_planning_failed(p))
        return false;
    p->status = fh_near_find(p->in->finder, word->folded, word->stem, 0, near, p->err);
    return p->status == FH_OK && near->count > 0;
}

/*
 * What stands for WORD, as words that were typed in its place; *COUNT of them, none for a word that
 * says nothing.
 */
static fh_word *replace(fh_planning *p, const fh_word *word, const fh_nears *near,
                        size_t *count)
{
    fh_word *words = fh_arena_alloc(p->in->arena, near->count * sizeof *words);
    *count = 0;
    p->ranker.failed = p->ranker.failed || !words;
    if (!near->parts && fh_analysis_stops(near->items[0].folded))
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
static void rank_known(fh_planning *p, const fh_word *word, fh_manner manner, fh_exprs *to,
                       fh_exprs *adds)
{
    if (adds)
        fh_rank_must(&p->ranker, word, manner, to, adds);
    else
        fh_rank_any(&p->ranker, word, manner, to);
}

void fh_planning_rank(fh_planning *p, const fh_word *word, fh_manner manner, fh_exprs *to,
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
