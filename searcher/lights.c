#include "searcher/lights.h"

#include <stdlib.h>
#include <string.h>

/* Words that are kept when a long text without a match is read on: more than any phrase has. */
#define WORDS_KEPT (2 * FH_QUERY_WORDS_MAX)
/* How far a text is read behind its first match at least, so that a window has its words. */
#define BYTES_BEHIND 4096

/* A text to compare words with, and the light it switches on. */
typedef struct entry {
    fh_str text;
    uint16_t light;
    bool title; /* in titles only */
} entry;

/* Entries of one kind. SHAPES has a bit for each length and last byte there is: most words of a text
 * are turned away by it without a comparison. */
typedef struct entries {
    entry *items;
    size_t count;
    uint64_t shapes;
} entries;

/* A phrase: its words by number among the spellings, in order, with their distances. */
typedef struct phrase {
    const fh_word *words;
    uint16_t *spellings;
    size_t count;
    uint16_t light;
    bool title;
} phrase;

struct fh_lights {
    fh_arena arena;
    fh_analyser *analyser;
    entries stems;
    entries folded;
    entries prefixes;
    entries spellings; /* of the words of phrases */
    phrase *phrases;
    size_t phrase_count;
    size_t lights;
    fh_lit_word *words; /* of the text that was read last */
    size_t capacity;
};

static uint64_t shape_of(fh_str text)
{
    unsigned char last = (unsigned char)text.ptr[text.len - 1];
    return (uint64_t)1 << ((text.len * 7 + last) & 63);
}

/* ---- Preparing ---- */

static bool has_room(fh_arena *arena, entries *e, size_t count)
{
    e->items = fh_arena_alloc(arena, (count + 1) * sizeof *e->items);
    return e->items != NULL;
}

static void add_entry(entries *e, fh_str text, size_t light, bool title)
{
    e->items[e->count++] = (entry){text, (uint16_t)light, title};
    e->shapes |= shape_of(text);
}

/* The number of TEXT among the spellings, from 1. */
static uint16_t number_spelling(entries *e, fh_str text)
{
    for (size_t i = 0; i < e->count; i++)
        if (fh_str_equal(e->items[i].text, text))
            return (uint16_t)(i + 1);
    add_entry(e, text, e->count + 1, false);
    return (uint16_t)e->count;
}

static bool add_phrase(fh_lights *l, const fh_clue *clue, size_t light)
{
    phrase *p = &l->phrases[l->phrase_count++];
    *p = (phrase){.words = clue->words,
                  .spellings = fh_arena_alloc(&l->arena, clue->word_count * sizeof(uint16_t)),
                  .count = clue->word_count,
                  .light = (uint16_t)light,
                  .title = clue->title};
    for (size_t i = 0; p->spellings && i < p->count; i++)
        p->spellings[i] = number_spelling(&l->spellings, clue->words[i].folded);
    return p->spellings != NULL;
}

static bool add_clue(fh_lights *l, const fh_clue *clue)
{
    size_t light = ++l->lights;
    if (clue->match == FH_MATCH_PHRASE)
        return add_phrase(l, clue, light);
    entries *e = clue->match == FH_MATCH_STEM     ? &l->stems
                 : clue->match == FH_MATCH_FOLDED ? &l->folded
                                                  : &l->prefixes;
    add_entry(e, clue->term, light, clue->title);
    return true;
}

fh_status fh_lights_new(const fh_clues *clues, fh_analyser *analyser, fh_lights **out,
                        fh_error *err)
{
    *out = NULL;
    fh_lights *l = calloc(1, sizeof *l);
    if (!l)
        return fh_fail_memory(err);
    l->analyser = analyser;
    size_t words = 0;
    for (const fh_clue *clue = clues->first; clue; clue = clue->next)
        words += clue->word_count;
    l->phrases = fh_arena_alloc(&l->arena, (clues->count + 1) * sizeof *l->phrases);
    bool fits = l->phrases && has_room(&l->arena, &l->stems, clues->count) &&
                has_room(&l->arena, &l->folded, clues->count) &&
                has_room(&l->arena, &l->prefixes, clues->count) &&
                has_room(&l->arena, &l->spellings, words);
    for (const fh_clue *clue = clues->first; fits && clue; clue = clue->next)
        fits = !clue->shown || add_clue(l, clue);
    if (!fits) {
        fh_lights_free(l);
        return fh_fail_memory(err);
    }
    *out = l;
    return FH_OK;
}

void fh_lights_free(fh_lights *l)
{
    if (!l)
        return;
    fh_arena_free(&l->arena);
    free(l->words);
    free(l);
}

size_t fh_lights_count(const fh_lights *l)
{
    return l->lights;
}

/* ---- Reading ---- */

/* The light of the entry that equals TEXT; 0: none. */
static uint16_t match(const entries *e, fh_str text, fh_field field)
{
    if (!(e->shapes & shape_of(text)))
        return 0;
    for (size_t i = 0; i < e->count; i++)
        if (fh_str_equal(e->items[i].text, text) &&
            (field == FH_FIELD_TITLE || !e->items[i].title))
            return e->items[i].light;
    return 0;
}

static uint16_t match_prefix(const entries *e, fh_str text, fh_field field)
{
    for (size_t i = 0; i < e->count; i++)
        if (fh_str_starts(text, e->items[i].text) &&
            (field == FH_FIELD_TITLE || !e->items[i].title))
            return e->items[i].light;
    return 0;
}

static bool make_room(fh_lights *l, size_t count)
{
    if (count < l->capacity)
        return true;
    size_t capacity = l->capacity ? 2 * l->capacity : 1024;
    fh_lit_word *words = realloc(l->words, capacity * sizeof *words);
    if (!words)
        return false;
    l->words = words;
    l->capacity = capacity;
    return true;
}

static void light(fh_lit_word *word, uint16_t number, size_t *lit)
{
    if (!word->light) {
        word->light = number;
        ++*lit;
    }
}

/* Does P end at the last of COUNT words? Its words stand at fixed distances behind one another. */
static bool ends_phrase(const fh_lights *l, const phrase *p, size_t count)
{
    uint32_t last = p->words[p->count - 1].position;
    if (last - p->words[0].position >= count)
        return false;
    for (size_t i = 0; i < p->count; i++)
        if (l->words[count - 1 - (last - p->words[i].position)].spelling != p->spellings[i])
            return false;
    return true;
}

/* Light the phrases that end at the last of COUNT words. */
static void light_phrases(fh_lights *l, size_t count, fh_field field, size_t *lit)
{
    for (size_t i = 0; i < l->phrase_count; i++) {
        const phrase *p = &l->phrases[i];
        if ((p->title && field != FH_FIELD_TITLE) || !ends_phrase(l, p, count))
            continue;
        uint32_t last = p->words[p->count - 1].position;
        for (size_t k = 0; k < p->count; k++)
            light(&l->words[count - 1 - (last - p->words[k].position)], p->light, lit);
    }
}

/* What the folded form of a word decides. */
static void read_folded(fh_lights *l, const fh_term *term, fh_field field, fh_lit_word *word,
                        size_t *lit)
{
    *word = (fh_lit_word){.span = term->span};
    uint16_t number = match(&l->folded, term->text, field);
    if (!number && l->prefixes.count > 0)
        number = match_prefix(&l->prefixes, term->text, field);
    if (number)
        light(word, number, lit);
    word->spelling = match(&l->spellings, term->text, field);
}

fh_status fh_lights_read(fh_lights *l, fh_str text, fh_field field, size_t limit,
                         fh_lit_text *out, fh_error *err)
{
    size_t count = 0, lit = 0, end = limit;
    fh_term term;
    *out = (fh_lit_text){.whole = true};
    fh_analyser_start(l->analyser, text, field, 1);
    while (fh_analyser_next(l->analyser, &term)) {
        if (term.form == FH_FORM_STEM && count > 0) {
            uint16_t number = match(&l->stems, term.text, field);
            if (number)
                light(&l->words[count - 1], number, &lit);
        }
        if (term.form != FH_FORM_FOLDED)
            continue;
        if (lit == 0 && term.span.start + BYTES_BEHIND > end)
            end = term.span.start + BYTES_BEHIND;
        if (term.span.start >= end) {
            out->whole = false;
            break;
        }
        if (term.span.start >= limit && count >= 2 * WORDS_KEPT) {
            memmove(l->words, l->words + count - WORDS_KEPT, WORDS_KEPT * sizeof *l->words);
            count = WORDS_KEPT;
            out->middle = true;
        }
        if (!make_room(l, count))
            return fh_fail_memory(err);
        read_folded(l, &term, field, &l->words[count++], &lit);
        if (l->phrase_count > 0)
            light_phrases(l, count, field, &lit);
    }
    out->words = l->words;
    out->count = count;
    out->lit = lit;
    return FH_OK;
}
