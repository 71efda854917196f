/*
 * Every way a thing can go wrong, and the sentence that is told to the user.
 *
 * A fallible function returns fh_status and fills a caller-owned fh_error (NULL is allowed).
 * On failure every out-parameter is zero and nothing is owed.
 */
#ifndef FH_BASE_STATUS_H
#define FH_BASE_STATUS_H

#include "base/types.h"

typedef enum fh_status {
    FH_OK = 0,
    FH_EUSAGE,       /* the caller asked for something that makes no sense */
    FH_ENOMEM,       /* memory ran out */
    FH_EIO,          /* the operating system refused a read, a write, an open */
    FH_EFORMAT,      /* foreign bytes are not what they claim to be */
    FH_ELIMIT,       /* a size passes one of the named limits */
    FH_ENOTFOUND,    /* the named thing is not there */
    FH_ELOCKED,      /* another process is writing to the index */
    FH_ECORRUPT,     /* the index is damaged */
    FH_EANALYSIS,    /* the index was built by another analysis */
    FH_ECHANGED,     /* the index was replaced while it was read: refresh and ask again */
    FH_EUNSUPPORTED, /* this engine cannot do that */
    FH_ESTOPPED,     /* a signal or a deadline ended the work */
    FH_EENGINE,      /* the engine failed in a way of its own */
    FH_STATUSES      /* how many there are */
} fh_status;

#define FH_ERROR_MAX 512

/* What went wrong, in one sentence that names the thing and the way out. */
typedef struct fh_error {
    fh_status status;
    char message[FH_ERROR_MAX]; /* UTF-8, NUL-terminated, cut at a character when too long */
} fh_error;

/*
 * Record a failure and hand its status back, so that callers write
 * `return fh_fail(err, FH_EIO, "cannot open %s: %s", path, strerror(errno));`
 *
 * in: ERR may be NULL; FORMAT and what follows as printf has them. out: *ERR.
 */
fh_status fh_fail(fh_error *err, fh_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* fh_fail() for want of memory. */
fh_status fh_fail_memory(fh_error *err);

/* The sentence that explains a status in general; a static string. */
const char *fh_status_text(fh_status status);

#endif
