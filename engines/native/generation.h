/*
 * A generation: which segments an index is made of, and which of their articles are dead.
 *
 * It is the file "segments" in the folder of the data, replaced by one rename at each publish:
 *
 *    0  magic        "fihris\x1A\n" (8)
 *    8  version      4 bytes
 *   12  segments     4 bytes, how many follow
 *   16  generation   8 bytes
 *   24  next         8 bytes, the number that the next segment file gets
 *   32  segments, each:
 *           0  number     8 bytes
 *           8  file_len   8 bytes, of its file
 *          16  sum        8 bytes, the last of its file: see sealed.h
 *          24  articles   4 bytes
 *          28  dead       4 bytes, how many of them
 *          32  length     4 bytes, of the dead list
 *          36  zero       4 bytes
 *          40  dead list  distances between the local numbers of dead articles, as varints; of
 *                         the first, from -1
 *       spans: what spans articles of several segments; none yet:
 *           0  count      4 bytes
 *           4  zero       4 bytes
 *           8  each: 4 letters, zero (4), length (8), bytes; a reader passes over letters that
 *              it does not know
 *       XXH3 of all that stands before (8)
 *
 * Segment number N is the file "N.seg" beside it, N in decimal. A file is written under a
 * number once and never again, synced before the generation that names it, and removed when the
 * newest generation does not name it; who has it open keeps reading it.
 */
#ifndef FH_ENGINES_NATIVE_GENERATION_H
#define FH_ENGINES_NATIVE_GENERATION_H

#include "base/file.h"
#include "engines/native/store.h"

#define FH_GENERATION_NAME    "segments"
#define FH_GENERATION_VERSION 1
#define FH_GENERATION_MAX     (1u << 30) /* bytes */
#define FH_SEGMENTS_MAX       4096

/* Document numbers have 32 bits, and begin at 1. */
#define FH_ARTICLES_MAX (UINT32_MAX - 1)

typedef struct fh_generation_entry {
    uint64_t number;
    fh_seal seal;
    uint32_t articles;
    uint32_t dead_count;
    uint64_t *dead; /* a bit for each article, or NULL when all live; owned */
} fh_generation_entry;

typedef struct fh_generation {
    uint64_t number;
    uint64_t next; /* segment number */
    fh_generation_entry *entries;
    size_t count;
} fh_generation;

/* Read the generation in the folder DATA. FH_ENOTFOUND, FH_ECORRUPT, FH_EUNSUPPORTED. */
fh_status fh_generation_read(const char *data, fh_generation **out, fh_error *err);
/*
 * Replace it, durably: fsync of the folder, for the names of the segments, then write, fsync,
 * rename, fsync of the folder. FH_ELIMIT beyond FH_SEGMENTS_MAX segments or FH_ARTICLES_MAX
 * articles.
 */
fh_status fh_generation_write(const char *data, const fh_generation *g, fh_error *err);
/* A copy for the next generation, dead bits included. */
fh_generation *fh_generation_copy(const fh_generation *g);
/* Mark LOCAL of entry I dead; false for want of memory. Dead already: nothing changes. */
bool fh_generation_kill(fh_generation *g, size_t i, uint32_t local);
void fh_generation_free(fh_generation *g);

/* DATA/N.seg for free(), or NULL. */
char *fh_segment_path(const char *data, uint64_t number);

/*
 * Open the segment that E names, in the folder DATA, with its dead, which stay E's. Fails as
 * fh_segment_open() does, and with FH_ECORRUPT when it has not as many articles as E says.
 */
fh_status fh_generation_open_segment(const char *data, const fh_generation_entry *e,
                                     fh_segment **out, fh_error *err);

/* ---- A generation with its segments open: what readers and writers search in ---- */

typedef struct fh_shelf {
    fh_generation *generation;
    fh_segment **segments; /* as many as the generation has entries; base and dead are set */
    fh_store **stores;     /* likewise; made when first needed */
    size_t count;
    uint64_t articles; /* all, the dead included */
    uint64_t dead;
    uint64_t words; /* of all, the dead included */
    char *data;
    char *path;     /* of the file "segments" */
    fh_watch watch; /* that file, as it was read */
} fh_shelf;

/*
 * Open what is published in the folder DATA now. Tries again when a segment is gone meanwhile;
 * a segment that is missing is FH_ECORRUPT.
 */
fh_status fh_shelf_open(const char *data, fh_shelf **out, fh_error *err);
/*
 * Take up a newer generation if there is one; segments that stay are kept open with what was
 * verified. After a failure the shelf is what it was. One stat() when nothing is new.
 */
fh_status fh_shelf_refresh(fh_shelf *s, bool *changed, fh_error *err);
void fh_shelf_close(fh_shelf *s);

/*
 * The segment that holds DOCUMENT (1 ...): its place in `segments`, and *LOCAL; count when none
 * does.
 */
size_t fh_shelf_find(const fh_shelf *s, uint32_t document, uint32_t *local);

/* The store of segment I. */
fh_status fh_shelf_store(fh_shelf *s, size_t i, fh_store **out, fh_error *err);

/* FH_OK, or what was found damaged in any of the files while they were read. */
fh_status fh_shelf_status(const fh_shelf *s, fh_error *err);

#endif
