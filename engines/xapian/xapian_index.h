/* The calls of fh_engine on readers; see engine_row.h. */
#ifndef FH_ENGINES_XAPIAN_INDEX_H
#define FH_ENGINES_XAPIAN_INDEX_H

#include "engines/engine_row.h"

fh_status fh_xindex_open(const char *data, void **out, fh_error *err);
void fh_xindex_close(void *index);
fh_status fh_xindex_refresh(void *index, fh_error *err);
uint64_t fh_xindex_generation(const void *index);
fh_status fh_xindex_stats(void *index, fh_index_stats *stats, fh_error *err);
fh_status fh_xindex_search(void *index, const fh_search *search, fh_arena *arena, fh_page *page,
                           fh_error *err);
fh_status fh_xindex_explain(void *index, const fh_expr *const *leaves, size_t count,
                            uint32_t document, double *scores, fh_error *err);
fh_status fh_xindex_article(void *index, fh_str id, fh_arena *arena, bool *found,
                            fh_article *article, fh_error *err);
fh_status fh_xindex_next(void *index, uint32_t after, fh_arena *arena, fh_hit *hit,
                         uint64_t *fingerprint, fh_error *err);
fh_status fh_xindex_frequencies(void *index, fh_form form, fh_field field, const fh_str *terms,
                                size_t count, uint32_t *articles, fh_error *err);
fh_status fh_xindex_walk(void *index, fh_form form, fh_field field, fh_str prefix,
                         fh_term_visit visit, void *context, fh_error *err);
fh_status fh_xindex_sources(void *index, fh_term_visit visit, void *context, fh_error *err);
fh_status fh_xindex_check(const char *data, fh_error *err);
fh_status fh_xindex_copy(const char *data, const char *to, fh_copied *copied, fh_error *err);

#endif
