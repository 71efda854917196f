/*
 * A file read from its beginning to its end, gzip taken apart on the way. A file that does not begin
 * as gzip is read as it is; several gzip members are one text. What zlib's own gzread passes over in
 * silence, damage and foreign bytes behind a member, is an error here.
 */
#ifndef FH_BASE_GZ_H
#define FH_BASE_GZ_H

#include "base/buffer.h"
#include "base/status.h"

typedef struct fh_gz fh_gz;

/*
 * Open PATH, or standard input for "-". Fails with FH_ENOTFOUND when there is no such file.
 * This and the calls that read fail with FH_ESTOPPED when a signal interrupts a read, which is so for
 * handlers without SA_RESTART; reading can go on then, behind a line that was begun.
 */
fh_status fh_gz_open(const char *path, fh_gz **out, fh_error *err);

/*
 * Read up to SIZE bytes into BYTES; *LEN is 0 at the end.
 * A gzip stream that is cut or damaged gives what could be read first, then FH_EFORMAT.
 */
fh_status fh_gz_read(fh_gz *gz, char *bytes, size_t size, size_t *len, fh_error *err);

/*
 * Read one line, without its LF or CRLF, into LINE (cleared first). *FOUND is false at the end.
 * A line longer than LIMIT bytes is passed over to its end and gives FH_ELIMIT; reading can go on.
 */
fh_status fh_gz_line(fh_gz *gz, size_t limit, fh_buffer *line, bool *found, fh_error *err);

/*
 * Wait at most so many MILLISECONDS until there is something to read; false when nothing came. After
 * true the next read does not wait for a slow pipe, or is interrupted by the signal that came.
 */
bool fh_gz_ready(const fh_gz *gz, int milliseconds);

/* Bytes of the file itself that have been read so far, before decompression: for progress. */
uint64_t fh_gz_offset(const fh_gz *gz);

void fh_gz_close(fh_gz *gz);

#endif
