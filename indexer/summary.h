/*
 * What a build has done, and what an index holds, in words and as JSON.
 */
#ifndef FH_INDEXER_SUMMARY_H
#define FH_INDEXER_SUMMARY_H

#include "base/buffer.h"
#include "indexer/build.h"

/* Append two lines: what the index at PATH holds, and what was done to it. */
void fh_summary_write(const fh_summary *s, const char *path, fh_buffer *out);

/* Append S as one line of JSON; its keys are in man/fihris-index.1. */
void fh_summary_write_json(const fh_summary *s, fh_buffer *out);

/* Append one line: what the copy of an index in the folder PATH is made of; and the same as JSON. */
void fh_copied_write(const fh_copied *c, const char *path, fh_buffer *out);
void fh_copied_write_json(const fh_copied *c, fh_buffer *out);

/* Append what an index holds as one line of JSON, as fihris-index --stats prints it. */
void fh_stats_write_json(const fh_index_stats *s, fh_buffer *out);

#endif
