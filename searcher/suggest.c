#include "searcher/suggest.h"

#include <string.h>

#include "base/utf8.h"
#include "searcher/marks.h"
#include "searcher/slips.h"
#include "searcher/spelling.h"
#include "stemmers/letters.h"

/* So many words are grouped by their stems for each completion that is asked for, at most so many. */
#define WORDS_EACH 6
#define WORDS_MOST 200
/* So many words of the index are looked at for one prefix, ... */
#define WALK_MOST 10000
/* ... and so many for one that may have been meant where nothing begins with the one that was typed. */
#define WALK_NEAR 100
/* Words in so many articles are no completions beside one that stands in a thousand times as many. */
#define RARE       2
#define RARE_TIMES 1000

/* What is written in front of a word. */
#define WAW "\u0648"
#define FEH "\u0641"
#define BEH "\u0628"
#define KAF "\u0643"
#define LAM "\u0644"

/* One word that begins with the prefix, and those with its stem, of which it is the best known. */
typedef struct candidate {
    uint32_t articles;
    size_t len;
    char text[FH_TERM_MAX];
    fh_str stem;
} candidate;

/* The best so far, the best first. */
typedef struct best {
    candidate *items;
    size_t count;
    size_t room;
    size_t left; /* words that may still be looked at */
} best;

/* What is being completed. */
typedef struct completion {
    fh_index *index;
    fh_analyser *analyser;
    fh_arena *arena;
    fh_str head; /* what stands before the word */
    fh_str kept; /* clitics of the word that stay in front of what completes the rest */
    best best;
    fh_error *err;
} completion;

/* ---- Words of the index ---- */

/* fh_term_visit: put the word in its place, behind those that came before and have as many articles. */
static bool consider(void *context, fh_str term, uint32_t articles)
{
    best *b = context;
    if (b->left-- == 0)
        return false;
    if (term.len > FH_TERM_MAX ||
        (b->count == b->room && articles <= b->items[b->count - 1].articles))
        return true;
    size_t at = b->count < b->room ? b->count++ : b->count - 1;
    for (; at > 0 && b->items[at - 1].articles < articles; at--)
        b->items[at] = b->items[at - 1];
    b->items[at].articles = articles;
    b->items[at].len = term.len;
    memcpy(b->items[at].text, term.ptr, term.len);
    return true;
}

/* Consider words that begin with PREFIX, MOST of them at most. */
static fh_status walk(completion *c, fh_str prefix, size_t most)
{
    c->best.left = most;
    return fh_index_walk(c->index, FH_FORM_FOLDED, FH_FIELD_ANY, prefix, consider, &c->best,
                         c->err);
}

/* How many bytes of WORD are a clitic that may be taken off: a conjunction, a preposition, the article. */
static size_t measure_clitic(fh_str word)
{
    static const char *const clitics[] = {WAW, FEH, BEH, KAF, LAM, FH_ARTICLE};
    for (size_t i = 0; i < sizeof clitics / sizeof *clitics; i++) {
        fh_str clitic = fh_str_of(clitics[i]);
        if (fh_str_starts(word, clitic))
            return clitic.len;
    }
    return 0;
}

static bool is_long_enough(fh_str prefix)
{
    return fh_utf8_count(prefix) >= FH_SUGGEST_LETTERS;
}

/* Consider what completes PREFIX once its clitics are off, the fewest that must be. */
static fh_status walk_bare(completion *c, fh_str prefix)
{
    fh_str rest = prefix;
    fh_status status = FH_OK;
    for (size_t len; !status && c->best.count == 0 && (len = measure_clitic(rest)) > 0;) {
        rest = (fh_str){rest.ptr + len, rest.len - len};
        if (!is_long_enough(rest))
            break;
        c->kept = (fh_str){prefix.ptr, (size_t)(rest.ptr - prefix.ptr)};
        status = walk(c, rest, WALK_MOST);
    }
    if (c->best.count == 0)
        c->kept = (fh_str){"", 0};
    return status;
}

static fh_status walk_all(completion *c, const fh_slips *prefixes)
{
    fh_status status = FH_OK;
    for (size_t i = 0; i < prefixes->count && !status; i++)
        status = walk(c, prefixes->items[i], WALK_NEAR);
    return status;
}

/* Consider what completes a prefix that is one slip away from PREFIX: a likely one if there is any. */
static fh_status walk_near(completion *c, fh_str prefix)
{
    fh_slips slips;
    fh_status status = fh_slips_likely(prefix, 1, c->arena, &slips, c->err);
    if (!status)
        status = walk_all(c, &slips);
    if (status || c->best.count > 0)
        return status;
    status = fh_slips_one(prefix, c->arena, &slips, c->err);
    return status ? status : walk_all(c, &slips);
}

/* ---- The word that is completed ---- */

/* Where the last word of TEXT begins; at its end when a space or a mark stands there. */
static size_t find_last(fh_str text)
{
    size_t start = 0, bytes;
    for (size_t at = 0; at < text.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        fh_mark mark = fh_mark_of(code);
        bool inside = mark == FH_MARK_NONE || mark == FH_MARK_HIDDEN || mark == FH_MARK_SINGLE;
        if (!inside || (code < 0x80 && strchr("()+-=:*", (char)code)))
            start = at + bytes;
    }
    return start;
}

/* What the words of the index that complete WORD begin with; empty when it is no word, or several. */
static fh_str fold(fh_analyser *analyser, fh_str word, fh_arena *arena)
{
    fh_term term;
    fh_str folded = {0};
    size_t words = 0;
    fh_analyser_start(analyser, word, FH_FIELD_ANY, 1);
    while (fh_analyser_next(analyser, &term)) {
        if (term.form != FH_FORM_FOLDED)
            continue;
        folded = fh_arena_copy(arena, term.text);
        words++;
    }
    return words == 1 ? folded : (fh_str){"", 0};
}

/* ---- Completions ---- */

/* The stem of WORD; empty when it is no word by itself. */
static fh_str stem_of(completion *c, fh_str word)
{
    fh_term term;
    fh_str stem = {"", 0};
    fh_analyser_start(c->analyser, word, FH_FIELD_ANY, 1);
    while (fh_analyser_next(c->analyser, &term))
        if (term.form == FH_FORM_STEM)
            stem = fh_arena_copy(c->arena, term.text);
    return stem;
}

/* Has one of the first COUNT the stem of the one behind them? */
static bool is_grouped(const best *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fh_str_equal(b->items[i].stem, b->items[count].stem))
            return true;
    return false;
}

/* Leave one word of each stem, the best known, of COUNT stems. */
static void group(completion *c, size_t count)
{
    best *b = &c->best;
    size_t groups = 0;
    for (size_t i = 0; i < b->count && groups < count; i++) {
        if (b->items[i].articles <= RARE &&
            b->items[0].articles >= RARE_TIMES * b->items[i].articles)
            break;
        b->items[groups] = b->items[i];
        b->items[groups].stem =
            stem_of(c, (fh_str){b->items[groups].text, b->items[groups].len});
        groups += !is_grouped(b, groups);
    }
    b->count = groups;
}

/* What is typed when WORD is chosen: all before it, and the word as articles write it. */
static fh_status offer(completion *c, const candidate *word, fh_suggestion *out)
{
    fh_str folded = {word->text, word->len}, written;
    fh_status status =
        fh_spelling_find(c->index, c->analyser, folded, 0, c->arena, &written, c->err);
    if (!status)
        status = fh_index_frequencies(c->index, FH_FORM_STEM, FH_FIELD_ANY, &word->stem, 1,
                                      &out->articles, c->err);
    if (status)
        return status;
    fh_buffer text = {0};
    fh_buffer_add_str(&text, c->head);
    fh_buffer_add_str(&text, c->kept);
    fh_buffer_add_str(&text, written);
    out->text = fh_arena_copy(c->arena, fh_buffer_str(&text));
    bool whole = !text.failed && out->text.ptr;
    fh_buffer_free(&text);
    return whole ? FH_OK : fh_fail_memory(c->err);
}

static fh_status look_for(completion *c, fh_str prefix)
{
    fh_status status = walk(c, prefix, WALK_MOST);
    if (!status && c->best.count == 0)
        status = walk_bare(c, prefix);
    if (!status && c->best.count == 0)
        status = walk_near(c, prefix);
    return status;
}

fh_status fh_suggest(fh_index *ix, fh_analyser *analyser, fh_str text, size_t count,
                     fh_arena *arena, fh_suggestion **items, size_t *found, fh_error *err)
{
    *items = NULL;
    *found = 0;
    size_t start = find_last(text);
    fh_str prefix = fold(analyser, (fh_str){text.ptr + start, text.len - start}, arena);
    if (count == 0 || !is_long_enough(prefix))
        return FH_OK;
    size_t room = count * WORDS_EACH < WORDS_MOST ? count * WORDS_EACH : WORDS_MOST;
    completion c = {
        .index = ix,
        .analyser = analyser,
        .arena = arena,
        .head = {text.ptr, start},
        .best = {.items = fh_arena_alloc(arena, room * sizeof(candidate)), .room = room},
        .err = err};
    fh_suggestion *out = fh_arena_alloc(arena, count * sizeof *out);
    if (!c.best.items || !out)
        return fh_fail_memory(err);
    fh_status status = look_for(&c, prefix);
    if (status)
        return status;
    group(&c, count);
    for (size_t i = 0; i < c.best.count && !status; i++)
        status = offer(&c, &c.best.items[i], &out[i]);
    *items = out;
    *found = status ? 0 : c.best.count;
    return status;
}
