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

/* Where the bytes come from when it is no file. */
typedef struct fh_gz_from {
    /* Read up to SIZE bytes into BYTES; *LEN is 0 at the end. Its failures are handed on. */
    fh_status (*read)(void *context, char *bytes, size_t size, size_t *len, fh_error *err);
    void *context;
} fh_gz_from;

/* Read what FROM gives, which outlives *OUT; messages call it NAME. */
fh_status fh_gz_open_from(const fh_gz_from *from, const char *name, fh_gz **out, fh_error *err);

/*
 * Read up to SIZE bytes into BYTES; *LEN is 0 at the end.
 * A gzip stream that is cut or damaged gives what could be read first, then FH_EFORMAT.
 */
fh_status fh_gz_read(fh_gz *gz, char *bytes, size_t size, size_t *len, fh_error *err);

/*
 * Did reading end at bytes that are no gzip, behind a member that was whole? *OFFSET is where in the
 * file they begin. All that came out before them is sound, so that who reads may keep it.
 */
bool fh_gz_foreign(const fh_gz *gz, uint64_t *offset);

/*
 * Read one line, without its LF or CRLF, into LINE (cleared first). *FOUND is false at the end.
 * A line longer than LIMIT bytes is passed over to its end and gives FH_ELIMIT; reading can go on.
 */
fh_status fh_gz_line(fh_gz *gz, size_t limit, fh_buffer *line, bool *found, fh_error *err);

/* Bytes of the file itself that have been read so far, before decompression: for progress. */
uint64_t fh_gz_offset(const fh_gz *gz);

void fh_gz_close(fh_gz *gz);

#endif
