#include "stemmers/stemmer.h"

#include <stdlib.h>
#include <string.h>

#include "stemmers/letters.h"
#include "stemmers/stop.h"

/*
 * The light stemmer, our own. It knows few words, those in `irregular` and the stop words.
 * Frequencies of words would decide better what is a clitic; what it does is chosen for want of
 * them:
 *
 * 1. The article comes off with the conjunction and preposition before it: hardly anything else
 *    in the language looks like it. Words that begin with alef and lam of their own (ألعاب،
 *    إلكتروني) lose them with the article or without it, so that both forms meet: hence once
 *    more after an article.
 * 2. A single و is a conjunction or the first letter of a root (وزارة، ولاية، وفد). Before the
 *    letters in `joined` and `joined_alef` roots hardly ever begin so, and it comes off;
 *    elsewhere it stays, so that وزارة is found through الوزارة and the other way round.
 * 3. The suffixes come off one after another, each once, in this order, unless a stop word
 *    would be left: ولاية is not ولا.
 * 4. Hamza on waw, on yeh and alone are one letter: مسؤول and مسئول, بناء and بنائه.
 *
 * Stop words are their own stems: ولديه is not ولد. Never fewer than three letters stay. The
 * letters ب ف ك ل س alone never come off: too many words begin with them.
 */

#define LETTER   2 /* bytes; the folded letters of the Arabic block all take two */
#define STEM_MIN (3 * LETTER)

/* Letters, as they stand in a word. */
#define ALEF   "ا"
#define WAW    "و"
#define HAMZA  "ء"
#define SEATED "ؤئ" /* hamza on waw, on yeh */

/* Longer ones first, so that the first that fits is the right one. */
static const char *const articles[] = {"وبال", "فبال", "وكال", "ولل", "فلل",     "وال",
                                       "فال",  "بال",  "كال",  "لل",  FH_ARTICLE};

static const char *const suffixes[] = {"ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"};

/* The second letters before which و is a conjunction; after و and alef, the third letters. */
static const char joined[] = "بتمنوي";
static const char joined_alef[] = "بتخمنوي";

#define ROW(word, stem)                                                                        \
    {                                                                                          \
        word, sizeof(word) - 1, stem                                                           \
    }

/* Frequent words that the rules would take for something else, and their stems. */
static const struct {
    const char *word;
    size_t len;
    const char *stem;
} irregular[] = {ROW("الله", "الله"),     ROW("والله", "الله"),    ROW("بالله", "الله"),
                 ROW("فالله", "الله"),    ROW("تالله", "الله"),    ROW("لله", "الله"),
                 ROW("ولله", "الله"),     ROW("فلله", "الله"),     ROW("اللهم", "اللهم"),
                 ROW("الوان", "الوان"),   ROW("والدها", "والد"),   ROW("والدهم", "والد"),
                 ROW("والدنا", "والد"),   ROW("والدته", "والد"),   ROW("والدتها", "والد"),
                 ROW("والدتي", "والد"),   ROW("والدتهم", "والد"),  ROW("والديه", "والد"),
                 ROW("والديها", "والد"),  ROW("والداه", "والد"),   ROW("والدان", "والد"),
                 ROW("بالغين", "بالغ"),   ROW("بالغون", "بالغ"),   ROW("بالغات", "بالغ"),
                 ROW("بالونات", "بالون"), ROW("وتيره", "وتير"),    ROW("وباء", "وباء"),
                 ROW("وبائي", "وباء"),    ROW("وبائيه", "وباء"),   ROW("ويلات", "ويل"),
                 ROW("وميض", "وميض"),     ROW("واتساب", "واتساب"), ROW("مائه", "مائه"),
                 ROW("مئه", "مائه")};

/* What is looked up for every word. */
typedef struct light {
    fh_stop_set stops;
    uint64_t irregular; /* a bit for each shape that an irregular word has */
} light;

/* A bit for the length and the last letters of WORD: most others have none of the irregulars'. */
static uint64_t shape_of(const char *word, size_t len)
{
    unsigned last = (unsigned char)word[len - 1];
    unsigned before = len >= 2 * LETTER ? (unsigned char)word[len - LETTER - 1] : 0;
    return (uint64_t)1 << ((7 * len + 3 * last + before) & 63);
}

fh_status fh_light_open(void **state, fh_error *err)
{
    light *l = calloc(1, sizeof *l);
    *state = l;
    if (!l)
        return fh_fail_memory(err);
    fh_stop_set_fill(&l->stops);
    for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++)
        l->irregular |= shape_of(irregular[i].word, irregular[i].len);
    return FH_OK;
}

void fh_light_close(void *state)
{
    free(state);
}

/* Take PREFIX off WORD if three letters stay; the new length. */
static size_t take_prefix(char *word, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);
    if (len < n + STEM_MIN || memcmp(word, prefix, n) != 0)
        return len;
    memmove(word, word + n, len - n);
    return len - n;
}

/* Take SUFFIX off WORD if three letters stay that are no stop word; the new length. */
static size_t take_suffix(const light *l, const char *word, size_t len, const char *suffix)
{
    size_t n = strlen(suffix);
    if (len < n + STEM_MIN || memcmp(word + len - n, suffix, n) != 0)
        return len;
    return fh_stop_set_has(&l->stops, (fh_str){word, len - n}) ? len : len - n;
}

static size_t take_article(char *word, size_t len)
{
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        size_t rest = take_prefix(word, len, articles[i]);
        if (rest < len)
            return rest;
    }
    return len;
}

/*
 * Take alef and lam off what an article was taken off, unless a stop word would be left
 * (ألوان).
 */
static size_t take_second_article(const light *l, char *word, size_t len)
{
    size_t n = strlen(FH_ARTICLE);
    if (len > n && fh_stop_set_has(&l->stops, (fh_str){word + n, len - n}))
        return len;
    return take_prefix(word, len, FH_ARTICLE);
}

/* Is the letter at AT one of LETTERS? */
static bool among(const char *at, const char *letters)
{
    for (const char *l = letters; *l; l += LETTER)
        if (memcmp(at, l, LETTER) == 0)
            return true;
    return false;
}

/* Does WORD, of at least four letters, begin as only a conjunction before another word does? */
static bool begins_joined(const char *word)
{
    if (!among(word, WAW))
        return false;
    const char *second = word + LETTER;
    return among(second, joined) ||
           (among(second, ALEF) && among(second + LETTER, joined_alef));
}

/* One letter for hamza alone, on waw and on yeh. */
static void level_hamza(char *word, size_t len)
{
    for (size_t i = 0; i < len; i += LETTER)
        if (among(word + i, SEATED))
            memcpy(word + i, HAMZA, LETTER);
}

/* Arabic, and of the Arabic block alone: only of such words two bytes are a letter. */
static bool is_plain(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i += LETTER)
        if (!FH_ARABIC_LEAD(word[i]) || i + 1 == len)
            return false;
    return true;
}

/* Make WORD its stem if it is irregular; the new length, 0 when it is not. */
static size_t replace_irregular(const light *l, char *word, size_t len)
{
    if (!(l->irregular & shape_of(word, len)))
        return 0;
    for (size_t i = 0; i < sizeof irregular / sizeof *irregular; i++)
        if (irregular[i].len == len && memcmp(irregular[i].word, word, len) == 0) {
            size_t n = strlen(irregular[i].stem);
            memcpy(word, irregular[i].stem, n);
            return n;
        }
    return 0;
}

/* Take off what stands before the word proper; the new length. */
static size_t take_clitics(const light *l, char *word, size_t len)
{
    size_t rest = take_article(word, len);
    if (rest < len)
        return take_second_article(l, word, rest);
    if (len > STEM_MIN && begins_joined(word))
        return take_prefix(word, len, WAW);
    return len;
}

size_t fh_light_bare(char *word, size_t len)
{
    return is_plain(word, len) ? take_article(word, len) : len;
}

size_t fh_light_stem(void *state, char *word, size_t len)
{
    const light *l = state;
    if (!is_plain(word, len))
        return len;
    if (fh_stop_set_has(&l->stops, (fh_str){word, len}))
        return len;
    size_t known = replace_irregular(l, word, len);
    if (known > 0)
        return known;
    len = take_clitics(l, word, len);
    known = replace_irregular(l, word, len);
    if (known > 0)
        return known;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        len = take_suffix(l, word, len, suffixes[i]);
    level_hamza(word, len);
    return len;
}
