#include "searcher/suggest.h"

#include <string.h>

#include "base/utf8.h"
#include "searcher/marks.h"

/* One word that begins with the prefix. */
typedef struct candidate {
    uint32_t articles;
    size_t len;
    char text[FH_TERM_MAX];
} candidate;

/* The best so far, the best first. */
typedef struct best {
    candidate *items;
    size_t count;
    size_t room;
} best;

/* fh_term_visit: put the word in its place, behind those that came before and have as many articles. */
static bool consider(void *context, fh_str term, uint32_t articles)
{
    best *b = context;
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

/* HEAD, as typed, and the word behind it. */
static fh_str join(fh_str head, const candidate *c, fh_arena *arena)
{
    char *text = fh_arena_alloc(arena, head.len + c->len + 1);
    if (!text)
        return (fh_str){0};
    if (head.len > 0)
        memcpy(text, head.ptr, head.len);
    memcpy(text + head.len, c->text, c->len);
    return (fh_str){text, head.len + c->len};
}

fh_status fh_suggest(fh_index *ix, fh_analyser *analyser, fh_str text, size_t count,
                     fh_arena *arena, fh_suggestion **items, size_t *found, fh_error *err)
{
    *items = NULL;
    *found = 0;
    size_t start = find_last(text);
    fh_str head = {text.ptr, start};
    fh_str prefix = fold(analyser, (fh_str){text.ptr + start, text.len - start}, arena);
    if (count == 0 || prefix.len == 0 || fh_utf8_count(prefix) < FH_SUGGEST_LETTERS)
        return FH_OK;
    best b = {.items = fh_arena_alloc(arena, count * sizeof *b.items), .room = count};
    fh_suggestion *out = fh_arena_alloc(arena, count * sizeof *out);
    if (!b.items || !out)
        return fh_fail_memory(err);
    fh_status status =
        fh_index_walk(ix, FH_FORM_FOLDED, FH_FIELD_ANY, prefix, consider, &b, err);
    for (size_t i = 0; !status && i < b.count; i++) {
        out[i] = (fh_suggestion){join(head, &b.items[i], arena), b.items[i].articles};
        if (!out[i].text.ptr)
            status = fh_fail_memory(err);
    }
    *items = out;
    *found = status ? 0 : b.count;
    return status;
}
