/*
 * What the tests of engines share: an index in a folder of its own, articles made of words
 * between spaces, and searches whose answer is a line of ids. Include it last.
 *
 * Each test is run for every engine there is, or for the one named on the command line.
 */
#ifndef FH_TESTS_UNIT_ENGINE_LAB_H
#define FH_TESTS_UNIT_ENGINE_LAB_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "engines/engine.h"

#define LAB_ANALYSIS "test/words"
#define LAB_STEM     4 /* bytes: a stem is this much of a word */

typedef struct lab {
    const char *engine;
    char folder[64];
    char path[96]; /* of the index, not there yet */
    fh_arena arena;
    char answer[4096];
} lab;

static int open_lab(void **state)
{
    lab *l = calloc(1, sizeof *l);
    l->engine = *state;
    snprintf(l->folder, sizeof l->folder, "/tmp/fihris-test-engine.XXXXXX");
    if (!mkdtemp(l->folder))
        return -1;
    snprintf(l->path, sizeof l->path, "%s/index", l->folder);
    *state = l;
    return 0;
}

static int close_lab(void **state)
{
    lab *l = *state;
    fh_arena_free(&l->arena);
    int failed = fh_folder_remove(l->folder, NULL) != FH_OK;
    free(l);
    return failed;
}

/* fork(); the child dies with its parent, also when a test of that fails. */
static inline pid_t fork_child(void)
{
    pid_t child = fork();
    if (child == 0)
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    return child;
}

/* A fallible call that must succeed; the message shows why it did not. */
#define must(call)                                                                             \
    do {                                                                                       \
        fh_error must_err = {0};                                                               \
        fh_error *err = &must_err;                                                             \
        if ((call) != FH_OK)                                                                   \
            fail_msg("%s", must_err.message);                                                  \
    } while (0)

/*
 * A fallible call that must fail with WANTED, and with a message that has all of WORDS in it.
 */
#define must_fail(wanted, words, call)                                                         \
    do {                                                                                       \
        fh_error must_err = {0};                                                               \
        fh_error *err = &must_err;                                                             \
        assert_int_equal(call, wanted);                                                        \
        assert_int_equal(must_err.status, wanted);                                             \
        if (!strstr(must_err.message, words))                                                  \
            fail_msg("no \"%s\" in: %s", words, must_err.message);                             \
    } while (0)

static inline fh_writer *begin(const lab *l)
{
    fh_writer *w;
    fh_writer_options options = {.engine = l->engine, .analysis = LAB_ANALYSIS};
    must(fh_writer_open(l->path, &options, &w, err));
    return w;
}

/* The words of some texts, and the tokens that name them; every word is a spelling of its own. */
typedef struct lab_words {
    fh_vocabulary vocabulary; /* first, so that spell() finds the rest */
    fh_buffer words;          /* fh_str */
    fh_buffer tokens;         /* fh_token */
} lab_words;

static inline void spell_word(const fh_vocabulary *v, uint32_t n, fh_spelling *spelling)
{
    const lab_words *w = (const lab_words *)(const void *)v;
    fh_str word = ((const fh_str *)(const void *)w->words.data)[n];
    fh_str stem = {word.ptr, word.len < LAB_STEM ? word.len : LAB_STEM};
    *spelling = (fh_spelling){.written = word,
                              .forms = {[FH_FORM_FOLDED] = word, [FH_FORM_STEM] = stem}};
}

/* No two vocabularies are of one edition. */
static inline uint64_t next_edition(void)
{
    static _Atomic uint64_t last;
    return ++last;
}

/* Append the words of TEXT to WORDS; returns how many. */
static inline size_t split(fh_str text, lab_words *words)
{
    size_t count = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && text.ptr[end] != ' ')
            end++;
        if (end > at) {
            fh_str word = {text.ptr + at, end - at};
            fh_token token = {words->vocabulary.count++, {(uint32_t)at, (uint32_t)end}};
            fh_buffer_add(&words->words, &word, sizeof word);
            fh_buffer_add(&words->tokens, &token, sizeof token);
            count++;
        }
        at = end + 1;
    }
    return count;
}

static inline const fh_token *tokens_of(const lab_words *words)
{
    return (const fh_token *)(const void *)words->tokens.data;
}

static inline void free_words(lab_words *words)
{
    fh_buffer_free(&words->words);
    fh_buffer_free(&words->tokens);
}

/* Put an article with its words; its fingerprint is the length of its body. */
static inline fh_status try_put(fh_batch *b, const fh_article *a, bool replaces, fh_error *err)
{
    lab_words words = {.vocabulary = {.edition = next_edition(), .spell = spell_word}};
    size_t title = split(a->title, &words);
    size_t body = split(a->body, &words);
    assert_false(words.words.failed || words.tokens.failed);
    const fh_token *tokens = tokens_of(&words);
    fh_passage passages[] = {
        {.field = FH_FIELD_TITLE, .position = 1, .tokens = tokens, .count = title},
        {.field = FH_FIELD_BODY,
         .position = 1 + (uint32_t)title + FH_FIELD_GAP,
         .tokens = tokens ? tokens + title : NULL,
         .count = body}};
    fh_entry entry = {.article = a,
                      .fingerprint = a->body.len,
                      .replaces = replaces,
                      .vocabulary = &words.vocabulary,
                      .passages = passages,
                      .count = 2};
    fh_status status = fh_batch_put(b, &entry, err);
    free_words(&words);
    return status;
}

/* Publish COUNT articles as one batch; REPLACES holds for all of them. */
static inline void publish(fh_writer *w, const fh_article *articles, size_t count,
                           bool replaces)
{
    fh_batch *b;
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += articles[i].title.len + articles[i].body.len;
    must(fh_batch_new(w, count, bytes, &b, err));
    for (size_t i = 0; i < count; i++)
        must(try_put(b, &articles[i], replaces, err));
    must(fh_writer_add(w, b, err));
    must(fh_writer_publish(w, err));
}

/* A new index with COUNT articles in it, open for reading. */
static inline fh_index *build(lab *l, const fh_article *articles, size_t count)
{
    fh_index *ix;
    fh_writer *w = begin(l);
    publish(w, articles, count, false);
    fh_writer_close(w);
    must(fh_index_open(l->path, &ix, err));
    return ix;
}

static inline fh_page search(lab *l, fh_index *ix, fh_search s)
{
    fh_page page;
    must(fh_index_search(ix, &s, &l->arena, &page, err));
    return page;
}

/* The ids that a search finds, in order, a space between. */
static inline const char *found(lab *l, fh_index *ix, fh_search s)
{
    fh_page page = search(l, ix, s);
    size_t at = 0;
    l->answer[0] = '\0';
    for (size_t i = 0; i < page.count; i++)
        at += (size_t)snprintf(l->answer + at, sizeof l->answer - at, "%s%.*s", i ? " " : "",
                               (int)page.hits[i].article.id.len, page.hits[i].article.id.ptr);
    return l->answer;
}

/* The ids that EXPR finds in order of document numbers. */
static inline int compare_documents(const void *a, const void *b)
{
    uint32_t x = ((const fh_hit *)a)->document;
    uint32_t y = ((const fh_hit *)b)->document;
    return (x > y) - (x < y);
}

static inline const char *matching(lab *l, fh_index *ix, const fh_expr *e)
{
    fh_page page = search(l, ix, (fh_search){.expr = e, .count = 100, .count_to = 1000});
    size_t at = 0;
    l->answer[0] = '\0';
    assert_true(page.total_exact);
    assert_int_equal(page.total, page.count);
    if (page.count > 0)
        qsort(page.hits, page.count, sizeof *page.hits, compare_documents);
    for (size_t i = 0; i < page.count; i++)
        at += (size_t)snprintf(l->answer + at, sizeof l->answer - at, "%s%.*s", i ? " " : "",
                               (int)page.hits[i].article.id.len, page.hits[i].article.id.ptr);
    return l->answer;
}

static inline fh_expr *word(lab *l, const char *text)
{
    return fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_ANY, fh_str_of(text), 1);
}

static inline fh_expr *stem(lab *l, const char *text)
{
    return fh_expr_term(&l->arena, FH_FORM_STEM, FH_FIELD_ANY, fh_str_of(text), 1);
}

static inline fh_expr *in_title(lab *l, const char *text)
{
    return fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_TITLE, fh_str_of(text), 1);
}

/* A node over the kids that follow, up to a NULL. */
static inline fh_expr *node(lab *l, fh_expr_kind kind, ...)
{
    fh_expr *kids[16];
    size_t count = 0;
    va_list args;
    va_start(args, kind);
    while ((kids[count] = va_arg(args, fh_expr *)))
        count++;
    va_end(args);
    return fh_expr_node(&l->arena, kind, kids, count);
}

/* A phrase of the words in TEXT at the offsets at which they stand there; a * leaves a gap. */
static inline fh_expr *phrase(lab *l, fh_field field, const char *text)
{
    lab_words words = {0};
    fh_expr *kids[16];
    size_t count = 0;
    size_t all = split(fh_str_of(text), &words);
    const fh_str *word = (const fh_str *)(const void *)words.words.data;
    for (size_t i = 0; i < all; i++) {
        if (word[i].ptr[0] == '*')
            continue;
        kids[count] = fh_expr_term(&l->arena, FH_FORM_FOLDED, field, word[i], 1);
        kids[count++]->offset = (uint32_t)i;
    }
    free_words(&words);
    return fh_expr_node(&l->arena, FH_EXPR_PHRASE, kids, count);
}

/* Run COUNT tests for the engine named on the command line, or for every one. */
static inline int run_lab(const char *group, const struct CMUnitTest *tests, size_t count,
                          int argc, char **argv)
{
    size_t engines;
    const fh_engine_info *table = fh_engine_table(&engines);
    struct CMUnitTest *all = calloc(engines * count, sizeof *all);
    size_t total = 0;
    for (size_t e = 0; e < engines; e++) {
        if (argc > 1 && strcmp(argv[1], table[e].name) != 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            char *name;
            all[total] = tests[i];
            all[total].initial_state = (void *)(uintptr_t)table[e].name;
            if (asprintf(&name, "%s: %s", table[e].name, tests[i].name) > 0)
                all[total].name = name;
            total++;
        }
    }
    int failed = _cmocka_run_group_tests(group, all, total, NULL, NULL);
    for (size_t i = 0; i < total; i++)
        free((char *)(uintptr_t)all[i].name);
    free(all);
    return failed;
}

#define lab_test(f) cmocka_unit_test_setup_teardown(f, open_lab, close_lab)

#endif
