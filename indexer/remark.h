/*
 * What readers say of the inputs while they read: nothing is passed over in silence.
 */
#ifndef FH_INDEXER_REMARK_H
#define FH_INDEXER_REMARK_H

#include "base/status.h"

typedef enum fh_remark_kind {
    FH_REMARK_REFUSED,  /* an input, or an article in it, does not come into the index */
    FH_REMARK_REPAIRED, /* an article was kept, with U+FFFD where bytes were not UTF-8 */
    FH_REMARK_WARNING,  /* something was kept without a part that was not understood */
    FH_REMARK_DETAIL,   /* for those who want to know: how a file was read */
    FH_REMARK_KINDS     /* how many there are */
} fh_remark_kind;

/* One sentence about one place. The texts live for the call. */
typedef struct fh_remark {
    fh_remark_kind kind;
    const char *file;   /* as it was named on the command line or found in a folder */
    uint64_t line;      /* counted from 1; 0 is all of it */
    const char *reason; /* without the place */
    const char *sort; /* the reason without what differs from one place to the next, or NULL */
} fh_remark;

/* Who hears the remarks, and says when it is time to stop. */
typedef struct fh_listener {
    void (*hear)(void *context, const fh_remark *remark);
    bool (*stop)(void *context); /* has the user asked to stop? NULL: never */
    void (*wait)(void *context); /* an input keeps the reader waiting; said again and again */
    void *context;
} fh_listener;

/*
 * Say REASON, formatted as by printf, of LINE of FILE. Its sort is the format with "…" for the texts in it;
 * where the format is "%s" alone, the text with N for the numbers that stand in it alone.
 */
void fh_listener_tell(const fh_listener *listener, fh_remark_kind kind, const char *file,
                      uint64_t line, const char *reason, ...)
    __attribute__((format(printf, 5, 6)));

bool fh_listener_stops(const fh_listener *listener);
void fh_listener_wait(const fh_listener *listener);

#endif
