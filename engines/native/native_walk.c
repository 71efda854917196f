/*
 * The terms of all segments in one order, each once; and how many articles hold given ones.
 */
#include <stdlib.h>
#include <string.h>

#include "engines/lettercode.h"
#include "engines/native/dictionary.h"
#include "engines/native/native_index.h"

/* A walk through one segment, and the term at which it stands. */
typedef struct walker {
    fh_dictionary dictionary;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted;
    bool there;
} walker;

static void step(walker *w, fh_str prefix)
{
    w->there =
        fh_term_walk_next(&w->walk, &w->code, &w->posted) && fh_str_starts(w->code, prefix);
}

static walker *begin(const fh_shelf *shelf, fh_form form, fh_str prefix)
{
    walker *walkers = calloc(shelf->count + 1, sizeof *walkers);
    for (size_t i = 0; walkers && i < shelf->count; i++) {
        walker *w = &walkers[i];
        if (!fh_dictionary_open(shelf->segments[i], form, &w->dictionary))
            continue;
        fh_term_walk_start(&w->walk, &w->dictionary, prefix);
        step(w, prefix);
    }
    return walkers;
}

/* The walker whose term comes first; NULL at the end. */
static const walker *find_first(const walker *walkers, size_t count)
{
    const walker *first = NULL;
    for (size_t i = 0; i < count; i++)
        if (walkers[i].there && (!first || fh_str_compare(walkers[i].code, first->code) < 0))
            first = &walkers[i];
    return first;
}

/* Sum up what the segments have of the term CODE, and go on behind it. */
static uint64_t pass(walker *walkers, size_t count, fh_str code, fh_field field, fh_str prefix)
{
    uint64_t articles = 0;
    for (size_t i = 0; i < count; i++) {
        walker *w = &walkers[i];
        if (!w->there || !fh_str_equal(w->code, code))
            continue;
        articles += field == FH_FIELD_TITLE ? w->posted.titled : w->posted.articles;
        step(w, prefix);
    }
    return articles;
}

fh_status fh_nindex_walk(void *index, fh_form form, fh_field field, fh_str prefix,
                         fh_term_visit visit, void *context, fh_error *err)
{
    const fh_nindex *ix = index;
    char from[FH_CODE_MAX];
    char code[FH_CODE_MAX];
    char text[FH_LETTERS_DECODED(FH_CODE_MAX)];
    fh_str coded = {from, fh_letters_encode(prefix, from)};
    walker *walkers = begin(ix->shelf, form, coded);
    if (!walkers)
        return fh_fail_memory(err);
    fh_status status = FH_OK;
    for (const walker *first; !status && (first = find_first(walkers, ix->shelf->count));) {
        fh_str term = {code, first->code.len};
        size_t len;
        memcpy(code, first->code.ptr, term.len);
        uint64_t articles = pass(walkers, ix->shelf->count, term, field, coded);
        if (!fh_letters_decode(term, text, sizeof text, &len))
            status = fh_fail(err, FH_ECORRUPT, "a term in the dictionary is no text");
        else if (articles > 0 && !visit(context, (fh_str){text, len}, (uint32_t)articles))
            break;
    }
    free(walkers);
    return status ? status : fh_shelf_status(ix->shelf, err);
}

/* ---- Given terms ---- */

/* Add what the segment of D has of each of COUNT TERMS. */
static void add_frequencies(const fh_dictionary *d, fh_field field, const fh_str *terms,
                            size_t count, uint32_t *articles)
{
    char code[FH_CODE_MAX];
    for (size_t i = 0; i < count; i++) {
        fh_posted posted;
        if (terms[i].len == 0 || terms[i].len > FH_TERM_MAX)
            continue;
        fh_str coded = {code, fh_letters_encode(terms[i], code)};
        if (fh_dictionary_find(d, coded, &posted))
            articles[i] += field == FH_FIELD_TITLE ? posted.titled : posted.articles;
    }
}

fh_status fh_nindex_frequencies(void *index, fh_form form, fh_field field, const fh_str *terms,
                                size_t count, uint32_t *articles, fh_error *err)
{
    const fh_nindex *ix = index;
    for (size_t i = 0; i < ix->shelf->count; i++) {
        fh_dictionary dictionary;
        if (fh_dictionary_open(ix->shelf->segments[i], form, &dictionary))
            add_frequencies(&dictionary, field, terms, count, articles);
    }
    return fh_shelf_status(ix->shelf, err);
}
