/*
 * A row of the table of engines: what engine.c asks of an engine. For engines/ only.
 *
 * engine.c keeps the folder, the lock, the manifest and the generations; it checks what comes
 * from outside (ids, terms, trees) once for all engines. An engine keeps the data. Its states
 * are its own; the calls mean what engine.h says of the public ones of the same name, unless
 * said here.
 */
#ifndef FH_ENGINES_ENGINE_ROW_H
#define FH_ENGINES_ENGINE_ROW_H

#include "engines/engine.h"

/*
 * Where a writer works; `path` and `work` live as long as the writer, `current` while it is
 * opened.
 */
typedef struct fh_workplace {
    const char *path;    /* the folder of the index */
    const char *current; /* the folder of the data to go on from; NULL to begin empty */
    /*
     * A folder for what is not published, not there yet: the engine creates it when it needs
     * it, and engine.c removes it after a publish and when a writer opens or closes.
     */
    const char *work;
    uint64_t memory; /* never 0 */
    unsigned jobs;   /* threads that publishing may use; never 0 */
} fh_workplace;

struct fh_engine {
    /* ---- Writing ---- */
    fh_status (*writer_open)(const fh_workplace *place, void **writer, fh_error *err);
    fh_status (*writer_lookup)(void *writer, fh_str id, bool *found, uint64_t *fingerprint,
                               fh_error *err);
    fh_status (*batch_new)(void *writer, size_t count, uint64_t text_bytes, void **batch,
                           fh_error *err);
    fh_status (*batch_put)(void *batch, const fh_entry *entry, fh_error *err);
    fh_status (*writer_add)(void *writer, void *batch, fh_error *err);
    void (*batch_free)(void *batch);
    fh_status (*writer_remove)(void *writer, fh_str id, bool *found, fh_error *err);
    fh_status (*writer_walk)(void *writer, fh_str origin, fh_origin_visit visit, void *context,
                             fh_error *err);
    /*
     * Make what was added and removed durable, as generation GENERATION: in the current data by
     * one atomic step, or as a new folder FRESH, complete and synced when it gets that name;
     * *MOVED says which. After a failure the current data are what they were.
     */
    fh_status (*writer_publish)(void *writer, uint64_t generation, const char *fresh,
                                bool *moved, fh_error *err);
    /*
     * The publish stands, also in the manifest if it moved: go on from the data in folder
     * CURRENT.
     */
    fh_status (*writer_settle)(void *writer, const char *current, fh_error *err);
    /* Fills generation, articles, text_bytes, terms and dates, as published last. */
    fh_status (*writer_stats)(void *writer, fh_index_stats *stats, fh_error *err);
    void (*writer_close)(void *writer);

    /* ---- Reading: DATA is the folder of the data ---- */
    fh_status (*index_open)(const char *data, void **index, fh_error *err);
    void (*index_close)(void *index);
    /*
     * Pick up what was published in place, if anything; called before every search, so be
     * quick.
     */
    fh_status (*index_refresh)(void *index, fh_error *err);
    uint64_t (*index_generation)(const void *index);
    fh_status (*index_stats)(void *index, fh_index_stats *stats, fh_error *err);
    fh_status (*index_search)(void *index, const fh_search *search, fh_arena *arena,
                              fh_page *page, fh_error *err);
    fh_status (*index_explain)(void *index, const fh_expr *const *leaves, size_t count,
                               uint32_t document, double *scores, fh_error *err);
    fh_status (*index_article)(void *index, fh_str id, fh_arena *arena, bool *found,
                               fh_article *article, fh_error *err);
    fh_status (*index_next)(void *index, uint32_t after, fh_arena *arena, fh_hit *hit,
                            uint64_t *fingerprint, fh_error *err);
    /* All COUNT counts are 0 before the call. A term that no index can hold is in no article. */
    fh_status (*index_frequencies)(void *index, fh_form form, fh_field field,
                                   const fh_str *terms, size_t count, uint32_t *articles,
                                   fh_error *err);
    fh_status (*index_walk)(void *index, fh_form form, fh_field field, fh_str prefix,
                            fh_term_visit visit, void *context, fh_error *err);
    fh_status (*index_sources)(void *index, fh_term_visit visit, void *context, fh_error *err);
    /* NULL: the engine cannot. PERIODS are all 0. */
    fh_status (*index_tally)(void *index, const fh_tally *tally, uint64_t *periods,
                             fh_term_visit visit, void *context, fh_error *err);
    fh_status (*index_check)(const char *data, fh_error *err);
    /*
     * Copy what is published in DATA into the folder TO, which is there and empty, all files synced; the
     * counts of files are added to COPIED. FH_ECHANGED: a writer removed something meanwhile, try again.
     */
    fh_status (*index_copy)(const char *data, const char *to, fh_copied *copied, fh_error *err);
    bool changes_in_place; /* no writer may be at work while the data are copied */
};

extern const fh_engine fh_engine_xapian;
extern const fh_engine fh_engine_native;

/* Is ORIGIN what TOP names, or in it as a folder or an archive? */
bool fh_origin_lies_below(fh_str origin, fh_str top);

/* The engine of that name, or NULL. */
const fh_engine *fh_engine_find(const char *name);

/* FH_EUNSUPPORTED: the index at PATH has the engine NAME, which is not there. */
fh_status fh_engine_fail(const char *path, const char *name, fh_error *err);

#endif
