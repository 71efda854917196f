#include "searcher/spelling.h"

#include <string.h>

#include "base/utf8.h"
#include "searcher/marks.h"

/* The vowel marks that are written above and below letters. */
#define TASHKEEL_FIRST 0x064B
#define TASHKEEL_LAST  0x0652
#define DAGGER_ALEF    0x0670

static bool is_silent(uint32_t code)
{
    return (code >= TASHKEEL_FIRST && code <= TASHKEEL_LAST) || code == DAGGER_ALEF ||
           fh_mark_of(code) == FH_MARK_HIDDEN;
}

/* WORD without what is not needed to read it. */
static fh_str strip(fh_str word, fh_arena *arena)
{
    char *copy = fh_arena_alloc(arena, word.len + 1);
    size_t len = 0, bytes;
    for (size_t at = 0; copy && at < word.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(word.ptr + at, word.len - at, &code, NULL);
        if (is_silent(code))
            continue;
        memcpy(copy + len, word.ptr + at, bytes);
        len += bytes;
    }
    return (fh_str){copy, len};
}

/* The first word of TEXT whose folded form is FOLDED; empty when there is none. */
static fh_str find_word(fh_analyser *analyser, fh_str text, fh_str folded, fh_arena *arena)
{
    fh_term term;
    fh_analyser_start(analyser, text, FH_FIELD_ANY, 1);
    while (fh_analyser_next(analyser, &term)) {
        fh_str word = {text.ptr + term.span.start, term.span.end - term.span.start};
        if (term.form == FH_FORM_FOLDED && fh_str_equal(term.text, folded))
            return strip(word, arena);
    }
    return (fh_str){"", 0};
}

/* The spelling that most of COUNT have, the first of those that as many have; empty when none is any. */
static fh_str choose(const fh_str *spellings, size_t count)
{
    fh_str best = {"", 0};
    size_t most = 0;
    for (size_t i = 0; i < count; i++) {
        size_t same = 0;
        for (size_t j = 0; j < count; j++)
            same += spellings[i].len > 0 && fh_str_equal(spellings[i], spellings[j]);
        if (same > most)
            best = spellings[i];
        most = same > most ? same : most;
    }
    return best;
}

/* The spelling that COUNT articles with the word FOLDED in FIELD have. */
static fh_status ask(fh_index *ix, fh_analyser *analyser, fh_str folded, fh_field field,
                     size_t count, int64_t deadline, fh_arena *arena, fh_str *written,
                     fh_error *err)
{
    fh_page page;
    fh_str spellings[FH_SPELLING_TITLES] = {{0}};
    fh_arena scratch = {0};
    fh_search search = {.expr = fh_expr_term(&scratch, FH_FORM_FOLDED, field, folded, 0),
                        .count = count,
                        .parts = field == FH_FIELD_TITLE ? FH_PARTS_HEAD : FH_PARTS_ALL,
                        .deadline = deadline};
    fh_status status =
        search.expr ? fh_index_search(ix, &search, &scratch, &page, err) : fh_fail_memory(err);
    for (size_t i = 0; !status && i < page.count; i++) {
        const fh_article *a = &page.hits[i].article;
        spellings[i] =
            find_word(analyser, field == FH_FIELD_TITLE ? a->title : a->body, folded, arena);
        if (!spellings[i].ptr)
            status = fh_fail_memory(err);
    }
    *written = status ? (fh_str){"", 0} : choose(spellings, count);
    fh_arena_free(&scratch);
    return status;
}

fh_status fh_spelling_find(fh_index *ix, fh_analyser *analyser, fh_str folded, int64_t deadline,
                           fh_arena *arena, fh_str *written, fh_error *err)
{
    fh_status status = ask(ix, analyser, folded, FH_FIELD_TITLE, FH_SPELLING_TITLES, deadline,
                           arena, written, err);
    if (!status && written->len == 0)
        status = ask(ix, analyser, folded, FH_FIELD_ANY, 1, deadline, arena, written, err);
    if (!status && written->len == 0)
        *written = folded;
    return status;
}
