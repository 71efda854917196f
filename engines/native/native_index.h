/*
 * A native index that is open for reading: the state behind the calls of the engine's row. The
 * calls are those of engine_row.h of the same name.
 */
#ifndef FH_ENGINES_NATIVE_NATIVE_INDEX_H
#define FH_ENGINES_NATIVE_NATIVE_INDEX_H

#include "engines/engine_row.h"
#include "engines/native/generation.h"

typedef struct fh_matcher fh_matcher;

typedef struct fh_nindex {
    fh_shelf *shelf;
    fh_matcher *matcher; /* memory that searches use again; made by the first */
} fh_nindex;

/* native_index.c */
fh_status fh_nindex_open(const char *data, void **index, fh_error *err);
void fh_nindex_close(void *index);
fh_status fh_nindex_refresh(void *index, fh_error *err);
uint64_t fh_nindex_generation(const void *index);
fh_status fh_nindex_stats(void *index, fh_index_stats *stats, fh_error *err);
fh_status fh_nindex_article(void *index, fh_str id, fh_arena *arena, bool *found,
                            fh_article *article, fh_error *err);
/* The article LOCAL of segment I of SHELF, whole, made in ARENA. */
fh_status fh_nindex_read(fh_shelf *shelf, size_t i, uint32_t local, fh_arena *arena,
                         fh_article *article, fh_error *err);
fh_status fh_nindex_sources(void *index, fh_term_visit visit, void *context, fh_error *err);
fh_status fh_nindex_check(const char *data, fh_error *err);

/* native_next.c and native_copy.c */
fh_status fh_nindex_next(void *index, uint32_t after, fh_arena *arena, fh_hit *hit,
                         uint64_t *fingerprint, fh_error *err);
fh_status fh_nindex_copy(const char *data, const char *to, fh_copied *copied, fh_error *err);

/* native_search.c and native_walk.c */
fh_status fh_nindex_search(void *index, const fh_search *search, fh_arena *arena, fh_page *page,
                           fh_error *err);
fh_status fh_nindex_explain(void *index, const fh_expr *const *leaves, size_t count,
                            uint32_t document, double *scores, fh_error *err);
fh_status fh_nindex_walk(void *index, fh_form form, fh_field field, fh_str prefix,
                         fh_term_visit visit, void *context, fh_error *err);
void fh_matcher_free(fh_matcher *m);

#endif
