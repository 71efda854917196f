/*
 * Articles into an index: what fihris-index does, without its command line.
 *
 * One thread reads, knows what is new, and hands loads of articles to workers; what they made is added to
 * the index in the order in which it was read, so that the number of workers changes no answer.
 */
#ifndef FH_INDEXER_BUILD_H
#define FH_INDEXER_BUILD_H

#include "engines/engine.h"
#include "indexer/remark.h"

/* The least memory a build makes do with, in bytes. */
#define FH_BUILD_MEMORY_MIN (16u * 1024 * 1024)

/* How far a build has come. */
typedef struct fh_build_progress {
    uint64_t articles; /* read so far */
    uint64_t done;     /* bytes of the inputs read so far */
    uint64_t total;    /* of so many; 0 when that is not known */
    bool publishing;   /* reading waits for a publish */
} fh_build_progress;

/* What to build. All of it is borrowed for the call. */
typedef struct fh_build {
    const char *index;         /* the folder of the index */
    const char *const *inputs; /* as named on the command line */
    size_t input_count;
    const char *engine;     /* NULL: the index's own, or the default for a new one */
    const char *stemmer;    /* NULL: likewise */
    size_t jobs;            /* worker threads, at least 1 */
    uint64_t memory;        /* bytes for articles on their way and for the engine */
    uint64_t publish_every; /* seconds between publishes while reading */
    bool prune;             /* remove what came from the inputs and is no longer there */
    bool rebuild;           /* begin anew; there is one publish, at the end */
    fh_listener listener;
    /* After each publish: so many articles are in the index and durable. */
    void (*committed)(void *context, uint64_t articles);
    /* After each article and each remark, and while waiting. */
    void (*progress)(void *context, const fh_build_progress *progress);
    void *context;
} fh_build;

/* What a build has done. */
typedef struct fh_summary {
    fh_index_stats index; /* what the index holds now */
    uint64_t read;        /* articles that the inputs gave */
    uint64_t added;
    uint64_t changed;
    uint64_t unchanged;
    uint64_t removed;
    uint64_t refused;  /* inputs, and articles in them, that did not come in */
    uint64_t repaired; /* articles whose bad bytes were replaced */
    bool stopped;      /* the listener asked to stop before the end */
    double seconds;
} fh_summary;

/*
 * Bring the index up to date with the inputs.
 *
 * When the listener asks to stop, what was read is published, and the summary says so; the same call
 * again goes on. A rebuild that is stopped publishes nothing.
 * Fails as fh_writer_open does, and when the engine fails; the index is then as published last.
 */
fh_status fh_build_run(const fh_build *build, fh_summary *summary, fh_error *err);

/*
 * Remove the article of that ID from the index in the folder PATH; SUMMARY says whether there was one.
 * Fails with FH_ENOTFOUND when there is no index.
 */
fh_status fh_build_remove(const char *path, fh_str id, fh_summary *summary, fh_error *err);

#endif
