/*
 * The state of a native writer, shared by the files that native_writer.h names.
 */
#ifndef FH_ENGINES_NATIVE_NATIVE_STATE_H
#define FH_ENGINES_NATIVE_NATIVE_STATE_H

#include "engines/native/generation.h"
#include "engines/native/id_places.h"
#include "engines/native/native_writer.h"
#include "engines/native/segment_build.h"

typedef struct fh_nwriter {
    fh_workplace place;
    char *current;   /* the folder of the published data, or NULL */
    fh_shelf *shelf; /* they themselves, or NULL */
    /*
     * The generation to come: what is published, with the dead of this run, and the segments
     * written since. NULL as long as nothing has changed. Its first segments are those of the
     * shelf.
     */
    fh_generation *next;
    uint64_t first_new; /* the first number of a segment that this run writes */
    fh_gathering gathering;
    fh_bundle *waiting;  /* batches made and not gathered, in order of their numbers */
    fh_scratch *scratch; /* of a batch that was gathered, or NULL */
    uint64_t batches;    /* the number of the next */
    fh_id_places ids;    /* of all that is put and not published */
} fh_nwriter;

/* A batch is this until it is added: then the bundle is the writer's. */
typedef struct fh_nbatch {
    fh_nwriter *writer;
    fh_bundle *bundle; /* or NULL */
} fh_nbatch;

/* The folder into which segments are written. */
const char *fh_nwriter_folder(const fh_nwriter *w);

/* Make `next` if there is none yet. */
fh_status fh_nwriter_begin(fh_nwriter *w, fh_error *err);

/*
 * Take up all batches that were added, as far as none numbered before them is still being
 * filled.
 */
fh_status fh_nwriter_gather(fh_nwriter *w, fh_error *err);

/* Make what was gathered a segment of the generation to come. */
fh_status fh_nwriter_flush(fh_nwriter *w, fh_error *err);

/*
 * The article of ID, published or put since, is dead in the generation to come; *FOUND says
 * whether there was one. HASH is fh_checksum() of the id.
 */
fh_status fh_nwriter_kill_published(fh_nwriter *w, fh_str id, bool *found, fh_error *err);
fh_status fh_nwriter_kill_pending(fh_nwriter *w, fh_str id, uint64_t hash, bool *found,
                                  fh_error *err);

#endif
