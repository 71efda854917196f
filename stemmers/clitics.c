#include "stemmers/clitics.h"

#include "base/buffer.h"
#include "stemmers/affix.h"
#include "stemmers/letters.h"
#include "stemmers/stop.h"

/*
 * The article comes off with the conjunction and preposition before it: hardly anything else in the
 * language looks like it, but for some foreign names (بالدوين). A single و ف ب ل ك س may as well be
 * the first letter of the word (وزارة، فكرة، بيان، لجنة، كتاب، سعيد), which frequencies decide:
 *
 * 1. A word that takes the article (الوزارة) has its letter, for no conjunction or preposition can
 *    stand behind an article. So has a word of the dictionary, and a name.
 * 2. What is derived from such a word has it too: ورقي from ورق, كارثي from كارثة; but ويرى is not
 *    from وير, for what is left of it is met more often by far.
 * 3. Otherwise the letter comes off when what is left is met about as often as the whole. و goes with
 *    every word and asks for little, and it comes off words of which nothing is known; the others ask
 *    for a word that is well known.
 *
 * Rules 1 and 2 give way where what is left is met very much more often. Where a word is seldom met,
 * it is looked at again without its endings. Our own; the numbers were found by `make eval`.
 */

#define WAW     "و"
#define SEEN    "س"
#define CLITICS "وفبلكس"
#define VERBAL  "يتنا" /* what verbs of the future begin with */
#define LAM_LAM "لل"
#define KAF     "ك"

/* Shapes of what stands behind a preposition: how nouns begin, and how long they are. */
#define PREPOSITIONS     "بلك"
#define PARTICIPLE       "م"
#define PARTICIPLE_LEAST ((size_t)4 * FH_LETTER)
#define ACTION           "است"
#define ACTION_LEAST     ((size_t)7 * FH_LETTER)
#define TAFIL_LEAST      ((size_t)5 * FH_LETTER)
#define TAFIL_YEH        (3 * FH_LETTER) /* where تفعيل has its yeh */

#define KNOWN     8  /* times that a word must be met to be known */
#define ENOUGH    20 /* times that are evidence enough */
#define CLEARLY   8  /* so many times as often is clear */
#define HARDLY    10 /* so many times as often makes the other a chance */
#define WAW_SHARE 8  /* و is before a word up to so many times as often as not */
#define OFTEN     50 /* times that make a word a common one */
#define SOME      3  /* times that are more than a slip */
#define TWICE     2  /* so many times as often decides when nothing speaks for the whole */

/* Longer ones first, so that the first that fits is the right one. */
static const fh_str articles[] = {FH_AFFIX("وبال"),  FH_AFFIX("فبال"),    FH_AFFIX("وكال"),
                                  FH_AFFIX("ولل"),   FH_AFFIX("فلل"),     FH_AFFIX("وال"),
                                  FH_AFFIX("فال"),   FH_AFFIX("بال"),     FH_AFFIX("كال"),
                                  FH_AFFIX(LAM_LAM), FH_AFFIX(FH_ARTICLE)};

/* Endings without which a word is looked for that is seldom met with them, longer ones first. */
static const fh_str endings[] = {
    FH_AFFIX("تهما"), FH_AFFIX("تها"), FH_AFFIX("تهم"), FH_AFFIX("هما"), FH_AFFIX("ته"),
    FH_AFFIX("ها"),   FH_AFFIX("هم"),  FH_AFFIX("نا"),  FH_AFFIX("ات"),  FH_AFFIX("ون"),
    FH_AFFIX("ين"),   FH_AFFIX("ان"),  FH_AFFIX("يه"),  FH_AFFIX("تي"),  FH_AFFIX("وا"),
    FH_AFFIX("ه"),    FH_AFFIX("ي"),   FH_AFFIX("ا"),   FH_AFFIX("ت"),   {NULL, 0}};

/* The surest of them, for what stands before nouns and verbs of which more is asked. */
static const fh_str sure_endings[] = {FH_AFFIX("تهما"), FH_AFFIX("تها"), FH_AFFIX("تهم"),
                                      FH_AFFIX("هما"),  FH_AFFIX("ها"),  FH_AFFIX("هم"),
                                      FH_AFFIX("نا"),   FH_AFFIX("ات"),  {NULL, 0}};

/* Those by which nouns are derived. */
static const fh_str nominal[] = {FH_AFFIX("يات"), FH_AFFIX("يه"), FH_AFFIX("ات"),
                                 FH_AFFIX("ي"),   FH_AFFIX("ه"),  {NULL, 0}};
static const fh_str nominal_waw[] = {
    FH_AFFIX("يات"), FH_AFFIX("يه"), FH_AFFIX("ات"), FH_AFFIX("ي"), {NULL, 0}};

/* What stands behind verbs of the past. */
static const fh_str verbal[] = {FH_AFFIX("وا"), FH_AFFIX("ت"), {NULL, 0}};

/* A pronoun or a dual behind a feminine noun, and its ت. */
static const fh_str feminine[] = {FH_AFFIX("تهما"), FH_AFFIX("تها"), FH_AFFIX("تهم"),
                                  FH_AFFIX("تنا"),  FH_AFFIX("تين"), FH_AFFIX("تان"),
                                  FH_AFFIX("ته"),   FH_AFFIX("تي"),  {NULL, 0}};

/* What is an ending and no word, behind an article: آلات is not ال and ات. */
static const fh_str short_endings[] = {FH_AFFIX("ات"), FH_AFFIX("ان"), FH_AFFIX("ون"),
                                       FH_AFFIX("ين"), FH_AFFIX("يات")};

static bool is_ending(fh_str rest)
{
    for (size_t i = 0; i < sizeof short_endings / sizeof *short_endings; i++)
        if (fh_str_equal(rest, short_endings[i]))
            return true;
    return false;
}

/* ---- The article ---- */

/* Are the two letters of WORD a word that takes the article (حق، فن)? */
static bool is_short_noun(fh_str word)
{
    fh_frequency f = fh_frequency_of(word);
    return word.len == 2 * FH_LETTER && f.article >= KNOWN && CLEARLY * f.bare >= f.article;
}

/* Is a word left when REST is? */
static bool leaves_word(fh_str rest)
{
    if (is_ending(rest))
        return false;
    return rest.len >= FH_STEM_MIN || (is_short_noun(rest) && !fh_stop_has(rest));
}

/*
 * What is behind the second lam of لل: of ل and the article, or of ل, the article and a lam of its
 * own, of which one is not written (للجنة). The one that takes the article more often.
 */
static fh_str choose_lam(fh_str rest)
{
    fh_str own = {rest.ptr - FH_LETTER, rest.len + FH_LETTER};
    bool longer =
        own.len >= FH_STEM_MIN && fh_frequency_of(own).article > fh_frequency_of(rest).article;
    return longer ? own : rest;
}

fh_str fh_clitics_article(fh_str word)
{
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        size_t n = articles[i].len;
        if (!fh_affix_begins(word, articles[i]))
            continue;
        if (n > strlen(FH_ARTICLE) && fh_frequency_of(word).name)
            return word;
        fh_str rest = fh_affix_behind(word, n);
        if (fh_affix_ends((fh_str){word.ptr, n}, FH_STR(LAM_LAM)))
            rest = choose_lam(rest);
        if (leaves_word(rest))
            return rest;
    }
    return word;
}

/* ---- Single letters ---- */

/* WORD without the first of LIST that leaves LEAST bytes; the same if there is none. */
static fh_str shorten(fh_str word, const fh_str *list, size_t least)
{
    for (size_t i = 0; list[i].ptr; i++)
        if (fh_affix_ends(word, list[i]) && word.len >= list[i].len + least)
            return fh_affix_before(word, list[i]);
    return word;
}

/* Is F that of a word which has its first letter? A verb of the dictionary takes no endings of nouns. */
static bool is_base(fh_frequency f)
{
    return fh_affix_is_noun(f) || (f.word && (f.article > 0 || f.bare < OFTEN));
}

/*
 * Is what WORD is derived from, by an ending of LIST, a word that has its first letter, and met LEAST
 * times?
 */
static bool is_derived(fh_str word, const fh_str *list, uint32_t least)
{
    fh_str w = shorten(word, list, FH_STEM_MIN);
    if (w.len == word.len || fh_stop_has(w))
        return false;
    fh_frequency f = fh_frequency_of(w);
    fh_frequency heh = fh_affix_with(w, FH_STR(FH_AFFIX_HEH));
    fh_frequency alef = fh_affix_with(w, FH_STR(FH_AFFIX_ALEF));
    alef.word = alef.word && !fh_affix_ends(w, FH_STR(WAW)); /* وا is a verb's */
    if (!is_base(f) && !heh.word && !alef.word)
        return false;
    uint32_t base = is_base(f) ? fh_affix_sum(f) : 0;
    base += heh.word ? fh_affix_sum(heh) : 0;
    base += alef.word ? fh_affix_sum(alef) : 0;
    return base >= least;
}

/* Is WORD one with its first letter, with ة that a pronoun made ت (وزارتهم)? */
static bool is_feminine(fh_str word)
{
    fh_str w = shorten(word, feminine, FH_STEM_MIN);
    if (w.len == word.len)
        return false;
    fh_frequency f = fh_affix_with(w, FH_STR(FH_AFFIX_HEH));
    return f.word || fh_affix_is_noun(f);
}

/* How often WORD, of a plural in ات, is met as a singular in ة. */
static fh_frequency singular(fh_str word)
{
    if (word.len < FH_STEM_MIN || !fh_affix_ends(word, FH_STR(FH_AFFIX_PLURAL)))
        return (fh_frequency){0, 0, false, false};
    return fh_affix_with(fh_affix_before(word, FH_STR(FH_AFFIX_PLURAL)), FH_STR(FH_AFFIX_HEH));
}

/* Is what is left of WORD, and of it without endings, met often enough for a clitic? */
static bool leaves_enough(fh_str word, bool waw)
{
    const fh_str *list = waw ? endings : sure_endings;
    uint32_t whole = 0, rest = 0;
    size_t before = 0;
    for (fh_str w = word; w.len != before && whole + rest < ENOUGH;
         w = shorten(w, list, FH_STEM_MIN + FH_LETTER)) {
        fh_str left = fh_affix_behind(w, FH_LETTER);
        whole += fh_frequency_of(w).bare + singular(w).bare;
        rest += fh_affix_met(left) + fh_affix_sum(singular(left));
        before = w.len;
    }
    if (!waw)
        return rest >= KNOWN && rest >= whole;
    return WAW_SHARE * rest + KNOWN >= whole &&
           (rest > 0 || word.len > FH_STEM_MIN + FH_LETTER);
}

/*
 * Is WORD, of which nothing is known, of a shape that few roots have, and words behind ب ل ك often: a
 * participle behind it (لمستثمر), or a noun of action (بتفجير، لاستقدام)?
 */
static bool is_shaped(fh_str word)
{
    fh_str rest = fh_affix_behind(word, FH_LETTER);
    if (!fh_affix_among(word.ptr, PREPOSITIONS))
        return false;
    if (fh_affix_begins(rest, FH_STR(ACTION)))
        return rest.len >= ACTION_LEAST;
    if (fh_affix_begins(rest, FH_STR(FH_AFFIX_TEH)))
        return rest.len >= TAFIL_LEAST && fh_affix_among(rest.ptr + TAFIL_YEH, FH_AFFIX_YEH);
    return fh_affix_begins(rest, FH_STR(PARTICIPLE)) && rest.len >= PARTICIPLE_LEAST &&
           !fh_affix_begins(word, FH_STR(KAF));
}

/* Is REST met so much more often than WHOLE that the whole is a chance? */
static bool is_chance(fh_frequency whole, uint32_t rest, bool waw)
{
    if (rest < HARDLY * whole.bare)
        return false;
    return waw ? rest >= OFTEN : rest >= KNOWN && whole.bare >= SOME;
}

/* Is WHOLE, which begins with و, in the dictionary for another reason than that it is a word so often? */
static bool is_outweighed(fh_frequency whole, uint32_t rest)
{
    if (rest < KNOWN)
        return false;
    return rest >= HARDLY * whole.bare ||
           (whole.article == 0 && whole.bare >= ENOUGH && rest >= TWICE * whole.bare);
}

/* Is WHOLE, which begins with ب ل ك, seldom as a word of the dictionary that it is (لقوة)? */
static bool is_overtaken(fh_frequency whole, fh_frequency rest)
{
    return whole.bare >= ENOUGH && fh_affix_is_noun(rest) &&
           fh_affix_sum(rest) >= CLEARLY * whole.bare;
}

bool fh_clitics_begin(fh_str word)
{
    if (!fh_affix_among(word.ptr, CLITICS))
        return false;
    if (fh_affix_begins(word, FH_STR(SEEN)) && !fh_affix_among(word.ptr + FH_LETTER, VERBAL))
        return false;
    bool waw = fh_affix_begins(word, FH_STR(WAW));
    fh_frequency whole = fh_frequency_of(word);
    fh_frequency behind = fh_frequency_of(fh_affix_behind(word, FH_LETTER));
    uint32_t rest = fh_affix_sum(behind);
    if (whole.name || (fh_affix_is_noun(whole) && rest < OFTEN * fh_affix_sum(whole)))
        return false;
    if (whole.word && waw)
        return is_outweighed(whole, rest);
    if (whole.word)
        return fh_affix_among(word.ptr, PREPOSITIONS) && is_overtaken(whole, behind);
    if (waw && behind.name && fh_affix_sum(whole) < KNOWN)
        return true;
    const fh_str *derived = waw ? nominal_waw : nominal;
    if (is_derived(word, derived, rest))
        return false;
    if (waw && whole.bare >= rest && is_derived(word, verbal, rest))
        return false;
    if (is_chance(whole, rest, waw))
        return true;
    if (is_feminine(word) || is_derived(word, derived, rest / TWICE))
        return false;
    if (waw && rest >= SOME && rest >= whole.bare)
        return true;
    if (!waw && is_derived(word, endings, 0))
        return false;
    return leaves_enough(word, waw) || (!waw && fh_affix_sum(whole) < KNOWN && is_shaped(word));
}
