#include "stemmers/clitics.h"

#include "stemmers/affix.h"
#include "stemmers/letters.h"
#include "stemmers/stop.h"

/*
 * The article comes off with the conjunction and preposition before it: hardly anything else in the
 * language looks like it. A single و ف ب ل ك س may as well be the first letter of the word (وزارة،
 * فكرة، بيان، لجنة، كتاب، سعيد), which frequencies decide:
 *
 * 1. A word that takes the article (الوزارة) has its letter, for no conjunction or preposition can
 *    stand behind an article. So has a word of the dictionary.
 * 2. What is derived from such a word has it too: ورقي from ورق, كارثي from كارثة.
 * 3. Otherwise the letter comes off when what is left is met about as often as the whole. و goes with
 *    every word and asks for little, and it comes off words of which nothing is known; the others ask
 *    for a word that is well known.
 *
 * Rules 1 (of the dictionary) and 2 give way where what is left is met very much more often. Where
 * a word is seldom met, it is looked at again without its endings. Our own; the numbers were found by
 * `make eval`.
 */

#define WAW     "و"
#define SEEN    "س"
#define CLITICS "وفبلكس"
#define VERBAL  "يتنا" /* what verbs of the future begin with */
#define LAM_LAM "لل"

#define KNOWN     8  /* times that a word must be met to be known */
#define ENOUGH    20 /* times that are evidence enough */
#define CLEARLY   8  /* so many times as often is clear */
#define HARDLY    10 /* so many times as often makes the other a chance */
#define LAM       3  /* times as often makes a lam a part of the word */
#define WAW_SHARE 8  /* و is before a word up to so many times as often as not */
#define OFTEN     50 /* times that make a word a common one */
#define SOME      3  /* times that are more than a slip */

/* Longer ones first, so that the first that fits is the right one. */
static const char *const articles[] = {"وبال", "فبال", "وكال", "ولل",   "فلل",     "وال",
                                       "فال",  "بال",  "كال",  LAM_LAM, FH_ARTICLE};

/* Endings without which a word is looked for that is seldom met with them, longer ones first. */
static const char *const endings[] = {"تهما", "تها", "تهم", "هما", "ته", "ها", "هم",
                                      "نا",   "ات",  "ون",  "ين",  "ان", "يه", "تي",
                                      "وا",   "ه",   "ي",   "ا",   "ت",  NULL};

/* The surest of them, for what stands before nouns and verbs of which more is asked. */
static const char *const sure_endings[] = {"تهما", "تها", "تهم", "هما", "ها",
                                           "هم",   "نا",  "ات",  NULL};

/* Those by which nouns are derived; ه behind و is as often that of another word: وعزة is not وعز. */
static const char *const nominal[] = {"يات", "يه", "ات", "ي", "ه", NULL};
static const char *const nominal_waw[] = {"يات", "يه", "ات", "ي", NULL};

/* A pronoun behind a feminine noun, and its ت. */
static const char *const feminine[] = {"تهما", "تها", "تهم", "تنا", "ته", "تي", NULL};

/* Two letters behind an article that are an ending: آلات is not ال and ات. */
static const char *const short_endings[] = {"ات", "ان", "ون", "ين"};

/* ---- The article ---- */

/* Are the two letters of WORD a word that takes the article (حق، فن)? */
static bool is_short_noun(fh_str word)
{
    fh_frequency f = fh_frequency_of(word);
    if (word.len != 2 * FH_LETTER || f.article < KNOWN || CLEARLY * f.bare < f.article)
        return false;
    for (size_t i = 0; i < sizeof short_endings / sizeof *short_endings; i++)
        if (fh_affix_begins(word, short_endings[i]))
            return false;
    return true;
}

/* Is a word left when REST is? */
static bool leaves_word(fh_str rest)
{
    return rest.len >= FH_STEM_MIN || (is_short_noun(rest) && !fh_stop_has(rest));
}

/*
 * What is behind the second lam of لل: of ل and the article, or of ل, the article and a lam of its
 * own, of which one is not written (للجنة). The one that takes the article more often.
 */
static fh_str choose_lam(fh_str rest)
{
    fh_str own = {rest.ptr - FH_LETTER, rest.len + FH_LETTER};
    bool longer = own.len >= FH_STEM_MIN &&
                  fh_frequency_of(own).article >= LAM * (fh_frequency_of(rest).article + 1);
    return longer ? own : rest;
}

fh_str fh_clitics_article(fh_str word)
{
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        size_t n = strlen(articles[i]);
        if (!fh_affix_begins(word, articles[i]))
            continue;
        fh_str rest = fh_affix_behind(word, n);
        if (fh_affix_ends((fh_str){word.ptr, n}, LAM_LAM))
            rest = choose_lam(rest);
        if (leaves_word(rest))
            return rest;
    }
    return word;
}

/* ---- Single letters ---- */

/* WORD without the first of LIST that leaves LEAST bytes; the same if there is none. */
static fh_str shorten(fh_str word, const char *const *list, size_t least)
{
    for (size_t i = 0; list[i]; i++)
        if (fh_affix_ends(word, list[i]) && word.len >= strlen(list[i]) + least)
            return fh_affix_before(word, list[i]);
    return word;
}

/* Is what WORD is derived from, by an ending of LIST, a word that has its first letter? */
static bool is_derived(fh_str word, const char *const *list)
{
    fh_str w = shorten(word, list, FH_STEM_MIN);
    if (w.len == word.len)
        return false;
    fh_frequency f = fh_frequency_of(w);
    return f.word || fh_affix_is_noun(f) || fh_affix_with(w, FH_AFFIX_HEH).word ||
           fh_affix_with(w, FH_AFFIX_ALEF).word;
}

/* Is WORD one with its first letter, with ة that a pronoun made ت (وزارتهم)? */
static bool is_feminine(fh_str word)
{
    fh_str w = shorten(word, feminine, FH_STEM_MIN);
    if (w.len == word.len)
        return false;
    fh_frequency f = fh_affix_with(w, FH_AFFIX_HEH);
    return f.word || fh_affix_is_noun(f);
}

/* Is what is left of WORD, and of it without endings, met often enough for a clitic? */
static bool leaves_enough(fh_str word, bool waw)
{
    const char *const *list = waw ? endings : sure_endings;
    uint32_t whole = 0, rest = 0;
    size_t before = 0;
    for (fh_str w = word; w.len != before && whole + rest < ENOUGH;
         w = shorten(w, list, FH_STEM_MIN + FH_LETTER)) {
        whole += fh_frequency_of(w).bare;
        rest += fh_affix_met(fh_affix_behind(w, FH_LETTER));
        before = w.len;
    }
    if (!waw)
        return rest >= KNOWN && rest >= whole;
    return WAW_SHARE * rest + KNOWN >= whole &&
           (rest > 0 || word.len > FH_STEM_MIN + FH_LETTER);
}

/* Is REST met so much more often than WHOLE that the whole is a chance? */
static bool is_chance(fh_frequency whole, uint32_t rest, bool waw)
{
    if (rest < HARDLY * whole.bare)
        return false;
    return waw ? rest >= OFTEN : rest >= KNOWN && whole.bare >= SOME;
}

bool fh_clitics_begin(fh_str word)
{
    if (!fh_affix_among(word.ptr, CLITICS))
        return false;
    if (fh_affix_begins(word, SEEN) && !fh_affix_among(word.ptr + FH_LETTER, VERBAL))
        return false;
    bool waw = fh_affix_begins(word, WAW);
    fh_frequency whole = fh_frequency_of(word);
    uint32_t rest = fh_affix_met(fh_affix_behind(word, FH_LETTER));
    if (fh_affix_is_noun(whole))
        return false;
    if (whole.word)
        return waw && rest >= KNOWN && rest >= HARDLY * whole.bare;
    if (is_chance(whole, rest, waw))
        return true;
    if (is_feminine(word) || is_derived(word, waw ? nominal_waw : nominal))
        return false;
    if (waw && rest >= SOME && rest >= whole.bare)
        return true;
    return (waw || !is_derived(word, endings)) && leaves_enough(word, waw);
}
