#include "stemmers/stemmer.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "stemmers/affix.h"
#include "stemmers/clitics.h"
#include "stemmers/endings.h"
#include "stemmers/letters.h"

/*
 * The light stemmer, our own: what stands before a word comes off (clitics.c), then what stands
 * behind it (endings.c), by how often words are met (frequency.h). What is done here besides:
 *
 * 1. Hamza on waw, on yeh and alone are one letter: مسؤول and مسئول, بناء and بنائه.
 * 2. Stop words are their own stems, without a conjunction before them: ولديه is not ولد, and it
 *    is لديه.
 * 3. A few frequent words that the rules would take for something else are listed.
 * 4. Words that begin with alef and lam of their own (ألعاب، إلكتروني) lose them with the article
 *    or without it, so that both forms meet: hence once more after an article.
 */

/* Letters, as they stand in a word. */
#define HAMZA        "ء"
#define SEATED       "ؤئ" /* hamza on waw, on yeh */
#define CONJUNCTIONS "وف"

/* So many clitics of one letter stand before each other: ولكتاب، فسيكتب. */
#define CLITICS_MAX 2

#define ROW(word, stem)                                                                        \
    {                                                                                          \
        word, sizeof(word) - 1, stem                                                           \
    }

/* Frequent words that the rules would take for something else, and their stems; one hamza. */
static const struct {
    const char *word;
    size_t len;
    const char *stem;
} irregular[] = {
    ROW("الله", "الله"),     ROW("والله", "الله"),     ROW("بالله", "الله"),
    ROW("فالله", "الله"),    ROW("تالله", "الله"),     ROW("لله", "الله"),
    ROW("ولله", "الله"),     ROW("فلله", "الله"),      ROW("اللهم", "اللهم"),
    ROW("الوان", "الوان"),   ROW("البان", "البان"),    ROW("والدها", "والد"),
    ROW("والدهم", "والد"),   ROW("والدنا", "والد"),    ROW("والدته", "والد"),
    ROW("والدتها", "والد"),  ROW("والدتي", "والد"),    ROW("والدتهم", "والد"),
    ROW("والديه", "والد"),   ROW("والديها", "والد"),   ROW("والداه", "والد"),
    ROW("والدان", "والد"),   ROW("بالغين", "بالغ"),    ROW("بالغون", "بالغ"),
    ROW("بالغات", "بالغ"),   ROW("بالونات", "بالون"),  ROW("ماءه", "ماءه"),
    ROW("مءه", "ماءه"),      ROW("مءات", "ماءه"),      ROW("الاخر", "اخر"),
    ROW("والاخر", "اخر"),    ROW("الاخري", "اخري"),    ROW("والاخري", "اخري"),
    ROW("الاخرين", "اخرين"), ROW("والاخرين", "اخرين"), ROW("واتساب", "واتساب"),
};

/* So many shapes of words are told apart. */
#define SHAPES 2048

/* What is looked up for every word. */
typedef struct light {
    fh_stop_set stops;
    uint64_t irregular[SHAPES / 64]; /* a bit for each shape that an irregular word has */
} light;

/* A number for the length and the last letters of WORD: most others have none of the irregulars'. */
static unsigned shape_of(fh_str word)
{
    unsigned last = (unsigned char)word.ptr[word.len - 1];
    unsigned before =
        word.len >= 2 * FH_LETTER ? (unsigned char)word.ptr[word.len - FH_LETTER - 1] : 0;
    return ((unsigned)word.len * 157 + last * 67 + before) % SHAPES;
}

fh_status fh_light_open(void **state, fh_error *err)
{
    light *l = calloc(1, sizeof *l);
    *state = l;
    if (!l)
        return fh_fail_memory(err);
    fh_stop_set_fill(&l->stops);
    for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++) {
        unsigned shape = shape_of((fh_str){irregular[i].word, irregular[i].len});
        l->irregular[shape / 64] |= (uint64_t)1 << shape % 64;
    }
    return FH_OK;
}

void fh_light_close(void *state)
{
    free(state);
}

/* One letter for hamza alone, on waw and on yeh. */
static void level_hamza(char *word, size_t len)
{
    for (size_t i = 0; i < len; i += FH_LETTER)
        if (fh_affix_among(word + i, SEATED))
            memcpy(word + i, HAMZA, FH_LETTER);
}

/* Arabic, and of the Arabic block alone: only of such words two bytes are a letter. */
static bool is_plain(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i += FH_LETTER)
        if (!FH_ARABIC_LEAD(word[i]) || i + 1 == len)
            return false;
    return true;
}

/* The stem of WORD if it is irregular, else NULL. */
static const char *irregular_stem(const light *l, fh_str word)
{
    unsigned shape = shape_of(word);
    if (!(l->irregular[shape / 64] >> shape % 64 & 1))
        return NULL;
    for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++)
        if (irregular[i].len == word.len && memcmp(irregular[i].word, word.ptr, word.len) == 0)
            return irregular[i].stem;
    return NULL;
}

/* Is WORD, which is no stop word, another one than a conjunction and what follows it (وهم، فتحت)? */
static bool is_other(fh_str word)
{
    fh_frequency f = fh_frequency_of(word);
    if (f.word || f.name || fh_affix_is_noun(f))
        return true;
    return fh_affix_ends(word, FH_STR(FH_AFFIX_TEH)) &&
           fh_frequency_of(fh_affix_before(word, FH_STR(FH_AFFIX_TEH))).word;
}

/* The stop word that WORD is, behind conjunctions; empty if it is none. */
static fh_str find_stop(const light *l, fh_str word)
{
    fh_str found = {word.ptr, 0};
    for (;;) {
        bool stops = fh_stop_set_has(&l->stops, word);
        if (stops)
            found = word;
        if (word.len <= 2 * FH_LETTER || !fh_affix_among(word.ptr, CONJUNCTIONS))
            return found;
        fh_str rest = fh_affix_behind(word, FH_LETTER);
        if (!fh_stop_set_has(&l->stops, rest) || (!stops && is_other(word)))
            return found;
        word = rest;
    }
}

/* Alef and lam off what an article was taken off, unless a stop word would be left (ألوان). */
static fh_str take_second_article(const light *l, fh_str word)
{
    if (!fh_affix_begins(word, FH_STR(FH_ARTICLE)))
        return word;
    fh_str rest = fh_clitics_article(word);
    return rest.len < FH_STEM_MIN || fh_stop_set_has(&l->stops, rest) ? word : rest;
}

/* Take off what stands before WORD proper, up to an irregular word or, which is told, a stop word. */
static fh_str take_clitics(const light *l, fh_str word, bool *stops)
{
    *stops = false;
    for (int i = 0; i <= CLITICS_MAX && !irregular_stem(l, word); i++) {
        fh_str rest = fh_clitics_article(word);
        if (rest.len < word.len)
            return take_second_article(l, rest);
        if (i == CLITICS_MAX || word.len <= FH_STEM_MIN || !fh_clitics_begin(word))
            break;
        rest = fh_affix_behind(word, FH_LETTER);
        if (fh_stop_set_has(&l->stops, rest)) {
            *stops = !is_other(word);
            return *stops ? rest : word;
        }
        word = rest;
    }
    return word;
}

/* Write the stem of the plain WORD, whose hamzas are levelled, to TO, where it may stand. */
static size_t write_stem(const light *l, fh_str word, char *to)
{
    bool stops;
    fh_stem stem = {take_clitics(l, word, &stops), false};
    const char *known = irregular_stem(l, stem.word);
    if (known)
        stem.word = fh_str_of(known);
    else if (!stops)
        stem = fh_endings_take(stem.word, &l->stops);
    memmove(to, stem.word.ptr, stem.word.len);
    if (!stem.feminine)
        return stem.word.len;
    memcpy(to + stem.word.len, FH_AFFIX_HEH, FH_LETTER);
    return stem.word.len + FH_LETTER;
}

size_t fh_light_bare(char *word, size_t len)
{
    if (!is_plain(word, len))
        return len;
    fh_str bare = fh_clitics_article((fh_str){word, len});
    memmove(word, bare.ptr, bare.len);
    return bare.len;
}

size_t fh_light_stem(void *state, char *word, size_t len)
{
    const light *l = state;
    fh_str whole = {word, len};
    if (!is_plain(word, len))
        return len;
    fh_str stop = irregular_stem(l, whole) ? (fh_str){word, 0} : find_stop(l, whole);
    if (stop.len > 0) {
        memmove(word, stop.ptr, stop.len);
        return stop.len;
    }
    level_hamza(word, len);
    return write_stem(l, whole, word);
}
