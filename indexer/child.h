/*
 * Another program as a part of this one, held on a short lead: no shell, bytes in, bytes out, and
 * bounds on its time, its memory and what it says. It gets no files but those of its own.
 */
#ifndef FH_INDEXER_CHILD_H
#define FH_INDEXER_CHILD_H

#include "base/buffer.h"
#include "indexer/remark.h"

/* Seconds that it may work, and wait. */
#define FH_CHILD_SECONDS 60
/* Bytes of memory that it may take. */
#define FH_CHILD_MEMORY (400u * 1024 * 1024)
/* Bytes that it may write. */
#define FH_CHILD_OUTPUT_MAX (64u * 1024 * 1024)

/*
 * Run the program ARGV[0], which is looked for as a shell does, on INPUT as its standard input.
 *
 * out: OUT, cleared first: its standard output.
 * Fails with FH_ENOTFOUND when there is no such program, FH_ELIMIT beyond the bounds, FH_EFORMAT when it
 * ends in failure, FH_ESTOPPED when LISTENER asks to stop.
 */
fh_status fh_child_run(const char *const *argv, fh_str input, const fh_listener *listener,
                       fh_buffer *out, fh_error *err);

#endif
