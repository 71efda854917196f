/*
 * A native index that is open for reading: the state behind the calls of the engine's row,
 * which mean what engine.h and engine_row.h say of those of the same name.
 *
 * The way through this folder begins here. A file stands on those below it:
 *
 *   native_engine.c   the row itself: what the engine can do, call by call
 *
 *   Articles become a segment
 *     native_writer.h   the calls for writing: put, add, publish
 *     native_batch.h    articles as numbers of spellings, one batch a thread
 *     met.h             the spellings that a batch has met
 *     gathering.h       all batches of a segment, their spellings and terms numbered together
 *     inversion.h       from articles as rows of words to words as rows of articles
 *     segment_build.h   a gathering becomes a file
 *     tiers.h           which segments to merge, and segment_merge.h how
 *
 *   A query becomes hits
 *     native_search.c   the calls for searching: one segment after the other, then the page
 *     matching.h        an expression becomes goals, cursors and matches; match_*.c
 *     native_walk.c     the terms of all segments in one order
 *
 *   What both stand on
 *     generation.h      which segments there are, and which of their articles are dead
 *     segment.h         the sections of a segment's file, and columns
 *     heads.h           ids, titles and all else that a list of results shows
 *     store.h           the bodies; spellings.h what they are written in
 *     dictionary.h      terms; lists.h their postings and positions
 *     sealed.h          files of which every page can be verified
 *     pack.h, bytes.h   numbers in few bits, and in bytes
 *
 * man/fihris-format.5 draws all files in one place. Whatever is read from a file is checked
 * where it is read; what makes no sense is kept as the file's failure (fh_sealed_distrust),
 * which the calls of the row look at when they end.
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

/* native_index.c and native_sources.c */
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
/* native_tally.c */
fh_status fh_nindex_tally(void *index, const fh_tally *tally, uint64_t *periods,
                          fh_term_visit visit, void *context, fh_error *err);
/*
 * Append the sources of S with the number of articles each has, by the numbers of their names, to FOUND, with
 * texts made in ARENA; and visit all that were appended, of any segment, in order of bytes.
 */
fh_status fh_nindex_add_sources(const fh_segment *s, const uint32_t *counts, fh_arena *arena,
                                fh_buffer *found, fh_error *err);
void fh_nindex_visit_sources(fh_buffer *found, fh_term_visit visit, void *context);
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
fh_status fh_nindex_frequencies(void *index, fh_form form, fh_field field, const fh_str *terms,
                                size_t count, uint32_t *articles, fh_error *err);
fh_status fh_nindex_walk(void *index, fh_form form, fh_field field, fh_str prefix,
                         fh_term_visit visit, void *context, fh_error *err);
void fh_matcher_free(fh_matcher *m);

#endif
