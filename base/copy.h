/*
 * Copies of files.
 */
#ifndef FH_BASE_COPY_H
#define FH_BASE_COPY_H

#include "base/status.h"

/*
 * Copy what FD, open for reading, holds into the file TO, not there yet; synced. FROM is its name in
 * messages. out: *BYTES, how many there are. What fails leaves no file.
 */
fh_status fh_copy_open(int fd, const char *from, const char *to, uint64_t *bytes,
                       fh_error *err);

/* The same of the file FROM. */
fh_status fh_copy_file(const char *from, const char *to, uint64_t *bytes, fh_error *err);

#endif
