#include "searcher/lights.h"

#include <stdlib.h>
#include <string.h>

#include "searcher/deadline.h"

/* Words that are kept when a long text without a match is read on: more than any phrase has, and more
 * than words that stand near are apart. */
#define WORDS_KEPT (2 * FH_QUERY_WORDS_MAX)
_Static_assert(FH_NEAR_MAX <= FH_QUERY_WORDS_MAX, "words that stand near are kept");
/* How far a text is read behind its first match at least, so that a window has its words. */
#define BYTES_BEHIND 4096

/* A text to compare words with, and the light it switches on. */
typedef struct entry {
    fh_str text;
    uint16_t light;
    bool title; /* in titles only */
} entry;

/* Entries of one kind. */
typedef struct entries {
    entry *items;
    size_t count;
} entries;

/* A phrase: its words by number among the spellings, in order, with their distances. */
typedef struct phrase {
    const fh_word *words;
    uint16_t *spellings;
    size_t count;
    const fh_expr *leaf;
    uint16_t light;
    bool title;
} phrase;

/* Which words a stretch of text lacks, counted by spelling. */
typedef struct tally {
    int16_t *needed; /* how many more of each; below 0 there are too many */
    size_t missing;  /* all of them together */
} tally;

/* Words that stand near, and the stretch that was read last. */
typedef struct vicinity {
    const fh_clue *clue;
    int16_t *wanted; /* how often each spelling is wanted: 0 if it is none of the words */
    tally any;       /* in any spelling */
    tally typed;     /* in the one that was typed */
    uint16_t light;
} vicinity;

/* What a spelling decides wherever it stands. */
typedef struct verdict {
    uint16_t exact;    /* the light that its folded form switches on; 0: none */
    uint16_t stem;     /* the light that its stem switches on */
    uint16_t spelling; /* its number among the words of phrases and the like */
} verdict;

/* Words that are read together. */
#define TOKENS 128

struct fh_lights {
    fh_arena arena;
    fh_analyser *analyser;
    const fh_vocabulary *vocabulary;      /* the analyser's */
    bool wanted[FH_FORMS][UINT8_MAX + 1]; /* the shapes of forms that decide anything */
    int64_t deadline;
    entries stems;
    entries folded;
    entries prefixes;
    entries spellings; /* of the words of phrases and of words that stand near */
    phrase *phrases;
    size_t phrase_count;
    vicinity *vicinities;
    size_t vicinity_count;
    size_t spelling_room; /* spellings there can be */
    size_t lights;
    fh_levels *levels;  /* that see what is read, or NULL */
    fh_str text;        /* that was read last */
    fh_lit_word *words; /* of it */
    size_t capacity;
};

/* ---- Preparing ---- */

static bool has_room(fh_arena *arena, entries *e, size_t count)
{
    e->items = fh_arena_alloc(arena, (count + 1) * sizeof *e->items);
    return e->items != NULL;
}

static void add_entry(entries *e, fh_str text, size_t light, bool title)
{
    e->items[e->count++] = (entry){text, (uint16_t)light, title};
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
                  .leaf = clue->leaf,
                  .light = (uint16_t)light,
                  .title = clue->title};
    for (size_t i = 0; p->spellings && i < p->count; i++)
        p->spellings[i] = number_spelling(&l->spellings, clue->words[i].folded);
    return p->spellings != NULL;
}

static bool add_vicinity(fh_lights *l, const fh_clue *clue, size_t light)
{
    vicinity *v = &l->vicinities[l->vicinity_count++];
    size_t bytes = (l->spelling_room + 1) * sizeof *v->wanted;
    *v = (vicinity){.clue = clue,
                    .wanted = fh_arena_alloc(&l->arena, bytes),
                    .any.needed = fh_arena_alloc(&l->arena, bytes),
                    .typed.needed = fh_arena_alloc(&l->arena, bytes),
                    .light = (uint16_t)light};
    for (size_t i = 0; v->wanted && i < clue->word_count; i++)
        v->wanted[number_spelling(&l->spellings, clue->words[i].folded)]++;
    return v->wanted && v->any.needed && v->typed.needed;
}

static bool add_clue(fh_lights *l, const fh_clue *clue)
{
    size_t light = ++l->lights;
    if (clue->match == FH_MATCH_PHRASE)
        return add_phrase(l, clue, light);
    if (clue->match == FH_MATCH_NEAR)
        return add_vicinity(l, clue, light);
    for (size_t i = 0; clue->match == FH_MATCH_TYPO && i < clue->word_count; i++)
        add_entry(&l->stems, clue->words[i].stem, light, clue->title);
    if (clue->match == FH_MATCH_TYPO)
        return true;
    entries *e = clue->match == FH_MATCH_STEM     ? &l->stems
                 : clue->match == FH_MATCH_FOLDED ? &l->folded
                                                  : &l->prefixes;
    add_entry(e, clue->term, light, clue->title);
    return true;
}

static void want(fh_lights *l, fh_form form, const entries *e)
{
    for (size_t i = 0; i < e->count; i++)
        l->wanted[form][fh_analysis_shape(e->items[i].text)] = true;
}

/* Know the shapes of forms that decide anything: most words of a text are turned away by theirs. */
static void want_shapes(fh_lights *l)
{
    want(l, FH_FORM_STEM, &l->stems);
    want(l, FH_FORM_FOLDED, &l->folded);
    want(l, FH_FORM_FOLDED, &l->spellings);
    if (l->prefixes.count > 0)
        memset(l->wanted[FH_FORM_FOLDED], true, sizeof l->wanted[FH_FORM_FOLDED]);
}

fh_status fh_lights_new(const fh_clues *clues, fh_analyser *analyser, int64_t deadline,
                        fh_lights **out, fh_error *err)
{
    *out = NULL;
    fh_lights *l = calloc(1, sizeof *l);
    if (!l)
        return fh_fail_memory(err);
    l->analyser = analyser;
    l->vocabulary = fh_analyser_vocabulary(analyser);
    l->deadline = deadline;
    for (const fh_clue *clue = clues->first; clue; clue = clue->next)
        l->spelling_room += clue->word_count;
    l->phrases = fh_arena_alloc(&l->arena, (clues->count + 1) * sizeof *l->phrases);
    l->vicinities = fh_arena_alloc(&l->arena, (clues->count + 1) * sizeof *l->vicinities);
    bool fits = l->phrases && l->vicinities &&
                has_room(&l->arena, &l->stems, clues->count + l->spelling_room) &&
                has_room(&l->arena, &l->folded, clues->count) &&
                has_room(&l->arena, &l->prefixes, clues->count) &&
                has_room(&l->arena, &l->spellings, l->spelling_room);
    for (const fh_clue *clue = clues->first; fits && clue; clue = clue->next)
        fits = !clue->shown || add_clue(l, clue);
    if (!fits) {
        fh_lights_free(l);
        return fh_fail_memory(err);
    }
    want_shapes(l);
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

void fh_lights_follow(fh_lights *l, fh_levels *levels)
{
    l->levels = levels;
}

size_t fh_lights_count(const fh_lights *l)
{
    return l->lights;
}

/* ---- Reading ---- */

/* The light of the entry that equals TEXT; 0: none. */
static uint16_t match(const entries *e, fh_str text, fh_field field)
{
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

/* Does WORD stand in the text exactly as TYPED? */
static bool spells(const fh_lights *l, const fh_lit_word *word, fh_str typed)
{
    fh_str written = {l->text.ptr + word->span.start, word->span.end - word->span.start};
    return fh_str_equal(written, typed);
}

/* The words of LEAF, a phrase or words that stand near, stand in the text: are they as TYPED? */
static void raise(fh_lights *l, const fh_expr *leaf, bool typed)
{
    if (l->levels)
        fh_levels_raise(l->levels, leaf, typed ? FH_LEVEL_TYPED : FH_LEVEL_FOLDED);
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
        bool typed = true;
        for (size_t k = 0; k < p->count; k++) {
            fh_lit_word *word = &l->words[count - 1 - (last - p->words[k].position)];
            light(word, p->light, lit);
            typed = typed && spells(l, word, p->words[k].typed);
        }
        raise(l, p->leaf, typed);
    }
}

static void start_tally(const fh_lights *l, const vicinity *v, tally *t)
{
    memcpy(t->needed, v->wanted, (l->spelling_room + 1) * sizeof *t->needed);
    t->missing = v->clue->word_count;
}

/* No word of the text has been read. */
static void start_vicinities(fh_lights *l)
{
    for (size_t i = 0; i < l->vicinity_count; i++) {
        start_tally(l, &l->vicinities[i], &l->vicinities[i].any);
        start_tally(l, &l->vicinities[i], &l->vicinities[i].typed);
    }
}

static void enter(tally *t, uint16_t spelling)
{
    t->missing -= t->needed[spelling]-- > 0;
}

static void leave(tally *t, uint16_t spelling)
{
    t->missing += ++t->needed[spelling] > 0;
}

/* Is WORD spelled as one of those of V was typed? */
static bool is_typed(const fh_lights *l, const vicinity *v, const fh_lit_word *word)
{
    bool typed = false;
    for (size_t i = 0; v->wanted[word->spelling] && !typed && i < v->clue->word_count; i++)
        typed = spells(l, word, v->clue->words[i].typed);
    return typed;
}

/* Let the stretch of V end at the last of COUNT words; light its words there when it has them all. */
static void move_vicinity(fh_lights *l, vicinity *v, size_t count, size_t *lit)
{
    uint32_t window = v->clue->leaf->window;
    size_t first = count > window ? count - window : 0;
    const fh_lit_word *last = &l->words[count - 1], *gone = first > 0 ? last - window : NULL;
    enter(&v->any, last->spelling);
    if (is_typed(l, v, last))
        enter(&v->typed, last->spelling);
    if (gone)
        leave(&v->any, gone->spelling);
    if (gone && is_typed(l, v, gone))
        leave(&v->typed, gone->spelling);
    if (v->any.missing > 0 || !v->wanted[last->spelling])
        return;
    for (size_t i = first; i < count; i++)
        if (v->wanted[l->words[i].spelling])
            light(&l->words[i], v->light, lit);
    raise(l, v->clue->leaf, v->typed.missing == 0);
}

static void move_vicinities(fh_lights *l, size_t count, fh_field field, size_t *lit)
{
    for (size_t i = 0; i < l->vicinity_count; i++)
        if (field == FH_FIELD_TITLE || !l->vicinities[i].clue->title)
            move_vicinity(l, &l->vicinities[i], count, lit);
}

/* Drop all but the last of COUNT words; returns how many are left. */
static size_t keep_last(fh_lights *l, size_t count)
{
    memmove(l->words, l->words + count - WORDS_KEPT, WORDS_KEPT * sizeof *l->words);
    return WORDS_KEPT;
}

/* Find out what spelling N decides, of which most decide nothing. */
static verdict judge(fh_lights *l, uint32_t n, fh_shapes shapes, fh_field field)
{
    verdict v = {0};
    fh_spelling s;
    if (!l->wanted[FH_FORM_FOLDED][shapes.form[FH_FORM_FOLDED]] &&
        !l->wanted[FH_FORM_STEM][shapes.form[FH_FORM_STEM]])
        return v;
    l->vocabulary->spell(l->vocabulary, n, &s);
    fh_str folded = s.forms[FH_FORM_FOLDED];
    v.exact = match(&l->folded, folded, field);
    if (!v.exact && l->prefixes.count > 0)
        v.exact = match_prefix(&l->prefixes, folded, field);
    v.stem = match(&l->stems, s.forms[FH_FORM_STEM], field);
    v.spelling = match(&l->spellings, folded, field);
    if (l->levels && (v.exact || v.stem))
        fh_levels_see(l->levels, &s, field);
    return v;
}

/* How far a text has been read. */
typedef struct reading {
    fh_field field;
    size_t limit;
    size_t end;   /* of what is read, in bytes */
    size_t count; /* words that are kept */
    size_t words; /* words that were read */
    size_t lit;
    bool middle;
    bool ended; /* before the text did */
} reading;

/* Take the word at TOKEN, unless the reading ends before it. */
static fh_status take_word(fh_lights *l, reading *r, const fh_token *token, fh_error *err)
{
    size_t start = token->span.start;
    fh_shapes shapes = fh_analyser_shapes(l->analyser, token->spelling);
    if (shapes.form[FH_FORM_FOLDED] == 0)
        return FH_OK;
    if (r->lit == 0 && start + BYTES_BEHIND > r->end)
        r->end = start + BYTES_BEHIND;
    r->ended = start >= r->end;
    if (r->ended)
        return FH_OK;
    if (start >= r->limit && r->count >= 2 * WORDS_KEPT) {
        r->count = keep_last(l, r->count);
        r->middle = true;
    }
    if (++r->words % FH_DEADLINE_STEPS == 0 && fh_deadline_passed(l->deadline))
        return fh_deadline_check(l->deadline, err);
    if (!make_room(l, r->count))
        return fh_fail_memory(err);
    verdict v = judge(l, token->spelling, shapes, r->field);
    fh_lit_word *word = &l->words[r->count++];
    *word = (fh_lit_word){.span = token->span, .spelling = v.spelling};
    if (v.exact)
        light(word, v.exact, &r->lit);
    light_phrases(l, r->count, r->field, &r->lit);
    move_vicinities(l, r->count, r->field, &r->lit);
    if (v.stem)
        light(word, v.stem, &r->lit);
    return FH_OK;
}

fh_status fh_lights_read(fh_lights *l, fh_str text, fh_field field, size_t limit,
                         fh_lit_text *out, fh_error *err)
{
    reading r = {.field = field, .limit = limit, .end = limit};
    fh_token tokens[TOKENS];
    size_t count;
    fh_status status;
    *out = (fh_lit_text){0};
    l->text = text;
    fh_analyser_article(l->analyser);
    fh_analyser_start(l->analyser, text, field, 1);
    start_vicinities(l);
    do {
        status = fh_analyser_read(l->analyser, tokens, TOKENS, &count, err);
        for (size_t i = 0; i < count && !r.ended && !status; i++)
            status = take_word(l, &r, &tokens[i], err);
    } while (!status && !r.ended && count > 0);
    if (status)
        return status;
    *out = (fh_lit_text){.words = l->words,
                         .count = r.count,
                         .lit = r.lit,
                         .whole = !r.ended,
                         .middle = r.middle};
    if (l->levels && r.ended)
        l->levels->cut = true;
    return FH_OK;
}
