/*
 * Article and query -> windows on the untouched text, with spans that say what matched.
 *
 * What is lit is what matched: the words with the stem of a ranked word, the exact folded word for
 * =word, the words of a phrase only where the phrase stands and those that must stand near only where
 * they do, the words of a wildcard by its prefix;
 * always whole words, with their clitics and marks. Knows spans, and no markup.
 */
#ifndef FH_SEARCHER_SNIPPET_H
#define FH_SEARCHER_SNIPPET_H

#include "searcher/fihris.h"
#include "searcher/levels.h"
#include "searcher/rank.h"
#include "stemmers/analysis.h"

/* Words on all windows of a snippet together. */
#define FH_SNIPPET_WORDS 30
/* The most windows a snippet has. */
#define FH_SNIPPET_WINDOWS 2
/* A body is read up to here; beyond, only until something matches. */
#define FH_SNIPPET_BYTES (200u * 1024)

/* What to light for one query. */
typedef struct fh_lights fh_lights;

/*
 * Prepare CLUES for lighting, with ANALYSER for reading; both must outlive the lights.
 * Fails only for want of memory. Whatever reads a text with them fails with FH_ESTOPPED at the DEADLINE.
 */
fh_status fh_lights_new(const fh_clues *clues, fh_analyser *analyser, int64_t deadline,
                        fh_lights **out, fh_error *err);
void fh_lights_free(fh_lights *l);

/* Let LEVELS, borrowed, see all that is read from now on. */
void fh_lights_follow(fh_lights *l, fh_levels *levels);

/* The whole of TITLE as one window, its text borrowed; the matches are made in ARENA. */
fh_status fh_snippet_title(fh_lights *l, fh_str title, fh_arena *arena, fh_window *window,
                           fh_error *err);

/*
 * The densest windows of BODY, its text borrowed, or its beginning when nothing in it matches.
 * out: *WINDOWS in ARENA, *COUNT of them; none for a body without words.
 */
fh_status fh_snippet_body(fh_lights *l, fh_str body, fh_arena *arena, fh_window **windows,
                          size_t *count, fh_error *err);

#endif
