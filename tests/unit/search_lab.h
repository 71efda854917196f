/*
 * What the tests of searching share: an index in a folder of its own, filled with articles, and a
 * searcher on it. Include it last.
 */
#ifndef FH_TESTS_UNIT_SEARCH_LAB_H
#define FH_TESTS_UNIT_SEARCH_LAB_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/file.h"
#include "engines/engine.h"
#include "searcher/fihris.h"
#include "stemmers/analysis.h"

/* A fallible call that must succeed; the message shows why it did not. */
#define must(call)                                                                             \
    do {                                                                                       \
        fh_error lab_err = {0};                                                                \
        fh_error *err = &lab_err;                                                              \
        if ((call) != FH_OK) {                                                                 \
            print_error("%s\n", lab_err.message);                                              \
            fail();                                                                            \
        }                                                                                      \
    } while (0)

typedef struct lab {
    char folder[64];
    char path[96];
    fh_analyser *analyser;
    fh_searcher *searcher;
    fh_results *found;
} lab;

/* One article of a test; NULL is missing. */
typedef struct page {
    const char *id, *title, *body, *source, *date;
} page;

static inline int open_lab(void **state)
{
    lab *l = calloc(1, sizeof *l);
    if (!l)
        return -1;
    *state = l;
    snprintf(l->folder, sizeof l->folder, "/tmp/fihris-test-search.XXXXXX");
    snprintf(l->path, sizeof l->path, "%s/index", mkdtemp(l->folder) ? l->folder : "");
    return fh_analyser_new(NULL, &l->analyser, NULL) == FH_OK ? 0 : -1;
}

static inline int close_lab(void **state)
{
    lab *l = *state;
    fh_results_free(l->found);
    fh_searcher_close(l->searcher);
    fh_analyser_free(l->analyser);
    int failed = fh_folder_remove(l->folder, NULL) != FH_OK;
    free(l);
    return failed;
}

/* The tokens of TEXT in FIELD, whose first word stands at POSITION, appended to TOKENS. */
static inline size_t add_tokens(fh_analyser *a, fh_str text, fh_field field, uint32_t position,
                                fh_buffer *tokens)
{
    fh_token some[64];
    size_t count, all = 0;
    fh_analyser_start(a, text, field, position);
    do {
        must(fh_analyser_read(a, some, sizeof some / sizeof *some, &count, err));
        fh_buffer_add(tokens, some, count * sizeof *some);
        all += count;
    } while (count > 0);
    return all;
}

static inline void put_page(lab *l, fh_batch *batch, const page *p)
{
    fh_buffer tokens = {0};
    fh_article article = {.id = fh_str_of(p->id),
                          .title = fh_str_of(p->title),
                          .body = fh_str_of(p->body),
                          .source = fh_str_of(p->source)};
    fh_date_parse(fh_str_of(p->date), &article.date);
    fh_analyser_article(l->analyser);
    size_t title = add_tokens(l->analyser, article.title, FH_FIELD_TITLE, 1, &tokens);
    uint32_t position = fh_analyser_position(l->analyser) + FH_FIELD_GAP;
    size_t body = add_tokens(l->analyser, article.body, FH_FIELD_BODY, position, &tokens);
    const fh_token *all = (const fh_token *)(const void *)tokens.data;
    fh_passage passages[] = {{FH_FIELD_TITLE, 1, all, title},
                             {FH_FIELD_BODY, position, all ? all + title : NULL, body}};
    fh_entry entry = {.article = &article,
                      .fingerprint = 1,
                      .vocabulary = fh_analyser_vocabulary(l->analyser),
                      .passages = passages,
                      .count = 2};
    must(fh_batch_put(batch, &entry, err));
    fh_buffer_free(&tokens);
}

/* Add PAGES to the lab's index and publish them. */
static inline void publish(lab *l, const page *pages, size_t count)
{
    fh_writer *writer;
    fh_batch *batch;
    fh_writer_options options = {.analysis = fh_analyser_id(l->analyser)};
    must(fh_writer_open(l->path, &options, &writer, err));
    must(fh_batch_new(writer, count, 1024 * 1024, &batch, err));
    for (size_t i = 0; i < count; i++)
        put_page(l, batch, &pages[i]);
    must(fh_writer_add(writer, batch, err));
    must(fh_writer_publish(writer, err));
    fh_writer_close(writer);
}

/* Search; the results belong to the lab until the next search. */
static inline const fh_results *ask(lab *l, const fh_request *request)
{
    fh_results_free(l->found);
    l->found = NULL;
    if (!l->searcher)
        must(fh_searcher_open(l->path, &l->searcher, err));
    must(fh_searcher_search(l->searcher, request, &l->found, err));
    return l->found;
}

#endif
