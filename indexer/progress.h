/*
 * How far a build has come, in words: one line for a terminal, one for a log.
 */
#ifndef FH_INDEXER_PROGRESS_H
#define FH_INDEXER_PROGRESS_H

#include "base/buffer.h"
#include "indexer/build.h"

/*
 * Append to OUT, in place of what it held, how far P is after so many SECONDS: with a BAR of that many
 * characters, or none for 0; the rate in bytes of the inputs, and the time left when the total is known.
 */
void fh_progress_write(const fh_build_progress *p, double seconds, size_t bar, fh_buffer *out);

/* Write the bytes of a size as people read them: "99.1 MB". Appends to OUT. */
void fh_progress_write_size(uint64_t bytes, fh_buffer *out);

#endif
