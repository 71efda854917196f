/*
 * A file of everything that was refused, as JSON Lines: {"file":...,"line":N,"reason":...}. Line 0 is all
 * of the file. Each line is written when it happens, so that it is there even if the program is killed.
 */
#ifndef FH_INDEXER_REFUSED_H
#define FH_INDEXER_REFUSED_H

#include "indexer/remark.h"

typedef struct fh_refused fh_refused;

/* Make the file PATH, or empty it. Fails with FH_EUSAGE when it is one of the COUNT INPUTS. */
fh_status fh_refused_open(const char *path, const char *const *inputs, size_t count,
                          fh_refused **out, fh_error *err);

/* Write REMARK, if it is a refusal. A failure is kept until fh_refused_sync(), and nothing follows. */
void fh_refused_add(fh_refused *r, const fh_remark *remark);

/* What was written survives a power failure from here on. Fails if anything was not written. */
fh_status fh_refused_sync(fh_refused *r, fh_error *err);

void fh_refused_close(fh_refused *r);

#endif
