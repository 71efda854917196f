/*
 * Results -> output: one interface for every format, so that a program is written once for all.
 *
 *   begin (result)* end
 *
 * A renderer appends to a buffer and knows neither files nor terminals. Adding a format is one file and
 * one row in render.c.
 */
#ifndef FH_SEARCHER_RENDER_H
#define FH_SEARCHER_RENDER_H

#include "searcher/fihris.h"
#include "searcher/paint.h"

/* What is shown where text was left out, and between the two windows of a snippet. */
#define FH_ELLIPSIS "\u2026"
#define FH_GAP      " " FH_ELLIPSIS " "

/* One rendering on its way. */
typedef struct fh_render {
    fh_paint paint;   /* for text */
    const char *qid;  /* the query's number in a batch, or NULL */
    const char *self; /* the URL of the answer, for feeds, or NULL */
    fh_buffer *out;
    float last_score; /* of the result before, for formats whose scores must fall */
} fh_render;

typedef struct fh_renderer {
    const char *name; /* what --format calls it */
    bool snippets;    /* shows snippets */
    bool batches;     /* its output says which query a result belongs to */
    bool notes;       /* its output holds the notes */
    /* Each may be NULL when the format has nothing there. */
    void (*begin)(fh_render *r, const fh_results *results);
    void (*result)(fh_render *r, const fh_result *result);
    void (*end)(fh_render *r, const fh_results *results);
    void (*article)(fh_render *r, const fh_article *article); /* one article, whole */
} fh_renderer;

extern const fh_renderer fh_render_text;
extern const fh_renderer fh_render_json;
extern const fh_renderer fh_render_jsonl;
extern const fh_renderer fh_render_tsv;
extern const fh_renderer fh_render_trec;

/* The renderer of that name, or NULL. */
const fh_renderer *fh_renderer_find(const char *name);

/* Render RESULTS, all of them; R holds where to and how. */
void fh_render_results(const fh_renderer *to, fh_render *r, const fh_results *results);

/* Append TEXT as one field of a line: every control, tab and line feed becomes a space. */
void fh_render_field(fh_buffer *out, fh_str text);

#endif
