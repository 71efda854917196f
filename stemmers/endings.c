#include "stemmers/endings.h"

#include "stemmers/affix.h"

/*
 * Three letters stay, and no stop word is left: ولاية is not ولا. Names keep all of
 * their letters (كلينتون، كيري). The endings come off in the order in which they were put on, from
 * the last one:
 *
 * 1. Pronouns, but not of a word that takes the article or stands in the dictionary (درهم، محاكم).
 * 2. وا and ا, if what is left is attested: كتابا, and بريطانيا from بريطاني.
 * 3. Those of number. ان ون ين ask for the other of the pair, for many a word ends so by itself:
 *    مهندسون beside مهندسين, but not ميدان, لبنان, فرعون. A word of which nothing is known loses them when what is left is
 *    attested, or has the shape of what people are called.
 * 4. ه, which the folded ة is too, then ي.
 * 5. ت that was ة before a pronoun or a dual (وزارته، وزارتان), or a verb's (أعلنت). A word of two
 *    letters and ة keeps it: لغات and لغته are لغه.
 *
 * Our own; the numbers were found by `make eval`.
 */

#define PLURAL_MASCULINE "ون"
#define PLURAL_OBLIQUE   "ين"
#define DUAL             "ان"
#define VERB_PLURAL      "وا"
#define PARTICIPLE       "م"

#define KNOWN    8  /* times that a word must be met to be known */
#define ATTESTED 10 /* what is left is attested at one in so many times of the whole */
#define PAIRED   10 /* and the other of a pair at one in so many */
#define ALEF     3  /* and a word without its alef at one in so many */
#define SINGLE   2  /* and a plural's singular at one in so many */

/* Longer ones first, so that the first that fits is the right one. */
static const fh_str pronouns[] = {FH_AFFIX("هما"), FH_AFFIX("كما"), FH_AFFIX("ها"),
                                  FH_AFFIX("هم"),  FH_AFFIX("هن"),  FH_AFFIX("كم"),
                                  FH_AFFIX("نا")};

/* Endings of number, and what else ends the same words: at least one of the two. */
static const struct {
    fh_str ending;
    fh_str others[2];
    bool paired; /* the word alone is not enough */
} numbers[] = {
    {FH_AFFIX(DUAL), {FH_AFFIX(PLURAL_OBLIQUE), FH_AFFIX(PLURAL_OBLIQUE)}, true},
    {FH_AFFIX(FH_AFFIX_PLURAL), {FH_AFFIX(""), FH_AFFIX(FH_AFFIX_HEH)}, false},
    {FH_AFFIX(PLURAL_MASCULINE), {FH_AFFIX(PLURAL_OBLIQUE), FH_AFFIX(PLURAL_OBLIQUE)}, true},
    {FH_AFFIX(PLURAL_OBLIQUE), {FH_AFFIX(PLURAL_MASCULINE), FH_AFFIX(DUAL)}, true}};

static uint32_t met_with(fh_str word, fh_str ending)
{
    return fh_affix_sum(fh_affix_with(word, ending));
}

/* How often REST is met, its ت as the ة that it is without an ending. */
static uint32_t met_single(fh_str rest)
{
    uint32_t times = fh_affix_met(rest);
    if (fh_affix_ends(rest, FH_STR(FH_AFFIX_TEH)))
        times += met_with(fh_affix_before(rest, FH_STR(FH_AFFIX_TEH)), FH_STR(FH_AFFIX_HEH));
    return times;
}

static bool goes_pronoun(fh_str word, fh_str pronoun)
{
    fh_frequency whole = fh_frequency_of(word);
    if (whole.word || fh_affix_is_noun(whole))
        return false;
    return whole.bare < KNOWN ||
           ATTESTED * met_single(fh_affix_before(word, pronoun)) >= whole.bare;
}

static bool goes_alef(fh_str word)
{
    uint32_t rest = fh_affix_met(fh_affix_before(word, FH_STR(FH_AFFIX_ALEF)));
    return rest > 0 && ALEF * rest >= fh_affix_met(word);
}

/* Does REST look like a participle, a nisba or a trade: مسلم، حوثي، ناخب، فنان? */
static bool is_shaped(fh_str rest)
{
    return fh_affix_begins(rest, FH_STR(PARTICIPLE)) ||
           fh_affix_ends(rest, FH_STR(FH_AFFIX_YEH)) ||
           (rest.len == 4 * FH_LETTER &&
            (fh_affix_among(rest.ptr + FH_LETTER, FH_AFFIX_ALEF) ||
             fh_affix_among(rest.ptr + 2 * FH_LETTER, FH_AFFIX_ALEF)));
}

/* Is REST a word, or looks like one that people are called by? */
static bool is_attested(fh_str rest)
{
    return is_shaped(rest) || met_single(rest) > 0 ||
           met_with(rest, FH_STR(FH_AFFIX_HEH)) > 0 || met_with(rest, FH_STR(FH_AFFIX_YEH)) > 0;
}

/* Does the ending of number I go off WORD? */
static bool goes_number(fh_str word, size_t i)
{
    fh_frequency f = fh_frequency_of(word);
    fh_str rest = fh_affix_before(word, numbers[i].ending);
    uint32_t least = fh_affix_sum(f) / PAIRED;
    if (fh_affix_sum(f) < KNOWN && !f.word)
        return !numbers[i].paired || is_attested(rest);
    if (numbers[i].paired && (f.word || met_single(rest) <= least))
        return false;
    return met_with(rest, numbers[i].others[0]) > least ||
           met_with(rest, numbers[i].others[1]) > least;
}

static bool goes_teh(fh_str word, bool inner)
{
    fh_frequency whole = fh_frequency_of(word);
    fh_str rest = fh_affix_before(word, FH_STR(FH_AFFIX_TEH));
    uint32_t feminine = met_with(rest, FH_STR(FH_AFFIX_HEH));
    if (feminine > 0 && feminine >= fh_affix_sum(whole))
        return true;
    if (whole.word || fh_affix_is_noun(whole))
        return false;
    uint32_t verb = fh_affix_met(rest);
    return (verb > 0 && verb >= whole.bare) || (inner && whole.bare == 0);
}

static bool fits(fh_str word, fh_str ending, const fh_stop_set *stops)
{
    return word.len >= ending.len + FH_STEM_MIN && fh_affix_ends(word, ending) &&
           !fh_stop_set_has(stops, fh_affix_before(word, ending));
}

static fh_str take_pronoun(fh_str word, const fh_stop_set *stops)
{
    for (size_t i = 0; i < sizeof pronouns / sizeof *pronouns; i++)
        if (fits(word, pronouns[i], stops) && goes_pronoun(word, pronouns[i]))
            return fh_affix_before(word, pronouns[i]);
    return word;
}

static fh_str take_alef(fh_str word, const fh_stop_set *stops)
{
    if (fits(word, FH_STR(VERB_PLURAL), stops) &&
        fh_affix_met(fh_affix_before(word, FH_STR(VERB_PLURAL))) > 0)
        return fh_affix_before(word, FH_STR(VERB_PLURAL));
    if (fits(word, FH_STR(FH_AFFIX_ALEF), stops) && goes_alef(word))
        return fh_affix_before(word, FH_STR(FH_AFFIX_ALEF));
    return word;
}

static fh_str take_number(fh_str word, const fh_stop_set *stops)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (fits(word, numbers[i].ending, stops) && goes_number(word, i))
            return fh_affix_before(word, numbers[i].ending);
    return word;
}

/*
 * Is WORD, of ENDING behind two letters or one of STOPS, one of these and ة? It should be met about
 * as often.
 */
static bool is_short_feminine(fh_str word, fh_str ending, const fh_stop_set *stops)
{
    if (word.len < 2 * FH_LETTER + ending.len || !fh_affix_ends(word, ending))
        return false;
    fh_str rest = fh_affix_before(word, ending);
    if (rest.len > 2 * FH_LETTER && !fh_stop_set_has(stops, rest))
        return false;
    fh_frequency whole = fh_frequency_of(word);
    bool plural = ending.len > FH_LETTER && fh_affix_is_noun(whole);
    uint32_t single = met_with(rest, FH_STR(FH_AFFIX_HEH));
    return !fh_affix_ends(rest, FH_STR(FH_AFFIX_ALEF)) && single > 0 &&
           (plural ? SINGLE : 1) * single >= fh_affix_sum(whole);
}

fh_stem fh_endings_take(fh_str word, const fh_stop_set *stops)
{
    size_t whole = word.len;
    if (fh_frequency_of(word).name)
        return (fh_stem){word, false};
    word = take_alef(take_pronoun(word, stops), stops);
    size_t single = word.len;
    word = take_number(word, stops);
    if (word.len == single && fits(word, FH_STR(FH_AFFIX_HEH), stops))
        word = fh_affix_before(word, FH_STR(FH_AFFIX_HEH));
    if (fits(word, FH_STR(FH_AFFIX_YEH), stops))
        word = fh_affix_before(word, FH_STR(FH_AFFIX_YEH));
    bool inner = word.len < whole;
    if (is_short_feminine(word, FH_STR(FH_AFFIX_PLURAL), stops))
        return (fh_stem){fh_affix_before(word, FH_STR(FH_AFFIX_PLURAL)), true};
    if (fits(word, FH_STR(FH_AFFIX_TEH), stops) && goes_teh(word, inner))
        return (fh_stem){fh_affix_before(word, FH_STR(FH_AFFIX_TEH)), false};
    if (inner && is_short_feminine(word, FH_STR(FH_AFFIX_TEH), stops))
        return (fh_stem){fh_affix_before(word, FH_STR(FH_AFFIX_TEH)), true};
    return (fh_stem){word, false};
}
