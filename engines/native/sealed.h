/*
 * A sealed file: written once, never changed, and every page of it can be verified by itself.
 *
 *   content   `len` bytes
 *   sums      XXH3 (64 bits, little endian) of every page of the content, the last one short
 *   tops      XXH3 of every page of the sums
 *   footer    48 bytes:
 *               0  magic   "fihris\x1A\n"
 *               8  kind    4 letters that say what the content is, e.g. "SEGM"
 *              12  version of the content's format, 4 bytes
 *              16  len     of the content
 *              24  tops    XXH3 of the tops
 *              32  zero    8 bytes
 *              40  XXH3 of the footer's first 40 bytes
 *
 * A page is 4,096 bytes, counted from the beginning of the content, or of the sums. All
 * integers in native files are little endian. Opening reads the footer and the tops: 8 bytes
 * for every 2 MB. A page is verified when it is first needed; what is needed again costs one
 * test of a bit.
 */
#ifndef FH_ENGINES_NATIVE_SEALED_H
#define FH_ENGINES_NATIVE_SEALED_H

#include "base/buffer.h"
#include "base/status.h"

#define FH_PAGE 4096u

/*
 * What names a sealed file beyond its path: a generation keeps it, so that no other file takes
 * its place.
 */
typedef struct fh_seal {
    uint64_t file_len; /* bytes of the whole file */
    uint64_t sum;      /* the footer's own XXH3 */
} fh_seal;

/* ---- Reading: one thread at a time ---- */

typedef struct fh_sealed {
    const uint8_t *bytes; /* the content, mapped; fh_sealed_need() says what may be read */
    uint64_t len;
    uint32_t version;   /* of the content's format */
    uint64_t *verified; /* a bit for each page of the content */
    uint64_t *sums_verified;
    uint64_t map_len; /* of the whole file */
    fh_seal seal;
    char *path;
    fh_error failure; /* the first that happened; FH_OK when nothing has */
} fh_sealed;

/*
 * Open the file PATH of that KIND. SEAL, unless NULL, is what it must have. Fails with
 * FH_ENOTFOUND when it is not there, FH_ECORRUPT when it was cut, grown, swapped or its footer
 * altered, FH_EUNSUPPORTED when its version is above VERSION.
 */
fh_status fh_sealed_open(const char *path, const char kind[4], uint32_t version,
                         const fh_seal *seal, fh_sealed **out, fh_error *err);
void fh_sealed_close(fh_sealed *f);

/* fh_sealed_need() for what is not verified yet. */
bool fh_sealed_verify(fh_sealed *f, uint64_t offset, uint64_t len);

/*
 * May the bytes [OFFSET, OFFSET + LEN) of the content be read? Verifies their pages unless that
 * was done. Returns false when they lie outside or are damaged; `failure` names file and place
 * then.
 */
static inline bool fh_sealed_need(fh_sealed *f, uint64_t offset, uint64_t len)
{
    uint64_t page = offset / FH_PAGE;
    if (offset < f->len && len <= f->len - offset && offset % FH_PAGE + len <= FH_PAGE &&
        (f->verified[page / 64] >> (page % 64) & 1))
        return true;
    return fh_sealed_verify(f, offset, len);
}

/* Record that the bytes at OFFSET make no sense though their sum is right; returns false. */
bool fh_sealed_distrust(fh_sealed *f, uint64_t offset, const char *what);

/* FH_OK, or the failure that was recorded. */
fh_status fh_sealed_status(const fh_sealed *f, fh_error *err);

/* Verify every page, whatever was verified before. */
fh_status fh_sealed_check(fh_sealed *f, fh_error *err);

/* A part of a sealed file's content. */
typedef struct fh_slice {
    fh_sealed *file;
    uint64_t offset;
    uint64_t len;
} fh_slice;

/* LEN bytes at AT of the slice, verified, or NULL (and the file's `failure` says why). */
static inline const uint8_t *fh_slice_need(const fh_slice *s, uint64_t at, uint64_t len)
{
    if (at > s->len || len > s->len - at) {
        fh_sealed_distrust(s->file, s->offset + at, "a place beyond its section");
        return NULL;
    }
    return fh_sealed_need(s->file, s->offset + at, len) ? s->file->bytes + s->offset + at
                                                        : NULL;
}

/* ---- Writing ---- */

typedef struct fh_sealer fh_sealer;

/* Create the file PATH, which must not be there. */
fh_status fh_sealer_open(const char *path, fh_sealer **out, fh_error *err);
/* Append to the content; a failure is kept for finish. */
void fh_sealer_add(fh_sealer *s, const void *bytes, size_t len);
/*
 * Write sums, tops and footer, fsync and close; the folder is for the caller to sync. *SEAL is
 * set.
 */
fh_status fh_sealer_finish(fh_sealer *s, const char kind[4], uint32_t version, fh_seal *seal,
                           fh_error *err);
/* Give up and remove the file, unless it was finished; frees S. NULL is allowed. */
void fh_sealer_close(fh_sealer *s);

/*
 * ---- Spools: bytes on their way into a sealed file, in memory up to a limit, then in a file
 * ----
 */

typedef struct fh_spool fh_spool;

/*
 * Beyond LIMIT bytes the spool writes into the file PATH (copied), which free removes; PATH
 * NULL: never.
 */
fh_spool *fh_spool_new(const char *path, size_t limit);
void fh_spool_add(fh_spool *s, const void *bytes, size_t len);
uint64_t fh_spool_len(const fh_spool *s);
/* Append all of S to SEALER and empty it. */
fh_status fh_spool_pour(fh_spool *s, fh_sealer *sealer, fh_error *err);
/* Append all of FROM to S and empty it; a failure is kept for pour. */
void fh_spool_append(fh_spool *s, fh_spool *from);
void fh_spool_free(fh_spool *s);

#endif
