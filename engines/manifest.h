/*
 * fihris.json: what the folder of an index is, in one small file that is replaced atomically.
 *
 *   {"fihris": 1, "engine": "xapian", "analysis": "ar1/light", "generation": 3, "data": "g3"}
 *
 * `data` names the folder beside it that holds the current data, and `generation` the publish
 * that made that folder; an engine may have published in place since. `data` is empty until the
 * first publish.
 */
#ifndef FH_ENGINES_MANIFEST_H
#define FH_ENGINES_MANIFEST_H

#include "base/buffer.h"
#include "base/status.h"

#define FH_MANIFEST_NAME   "fihris.json"
#define FH_MANIFEST_FORMAT 1
#define FH_MANIFEST_MAX    65536 /* bytes */

/* The file beside it that a writer keeps locked. */
#define FH_LOCK_NAME "lock"

typedef struct fh_manifest {
    char engine[32];
    char analysis[64];
    char data[32];
    uint64_t generation;
} fh_manifest;

/*
 * The bytes of the manifest of the index in folder PATH, into BYTES (cleared first).
 * FH_ENOTFOUND when there is none.
 */
fh_status fh_manifest_read(const char *path, fh_buffer *bytes, fh_error *err);

/*
 * Take BYTES apart. PATH serves messages. FH_ECORRUPT, or FH_EUNSUPPORTED for another format.
 */
fh_status fh_manifest_parse(const char *path, fh_str bytes, fh_manifest *m, fh_error *err);

/* Replace the manifest of the index in folder PATH; durable when it returns. */
fh_status fh_manifest_write(const char *path, const fh_manifest *m, fh_error *err);

/*
 * Is NAME one that only an index gives to what lies in its folder beside the manifest: g3, or
 * g3.tmp and g3.work on the way to it?
 */
bool fh_manifest_owns(const char *name);

/*
 * May the folder PATH hold an index? It does, or it holds nothing but what a writer leaves that dies
 * before it writes a manifest. FH_EUSAGE when it is something else: nothing of it may be touched.
 */
fh_status fh_manifest_admit(const char *path, fh_error *err);

/* Remove from PATH what writers left half done: every name that is ours and not the current DATA. */
fh_status fh_manifest_tidy(const char *path, const char *data, fh_error *err);

/* PATH/NAME for free(), or NULL when memory ran out. */
char *fh_path_join(const char *path, const char *name);

#endif
