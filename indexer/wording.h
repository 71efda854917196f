/*
 * What the indexer has to say of its inputs, in words: remarks as they come, and the report at the end.
 *
 * Names of files and reasons hold foreign text, which must not move a terminal's cursor: its control
 * characters become question marks.
 */
#ifndef FH_INDEXER_WORDING_H
#define FH_INDEXER_WORDING_H

#include "base/buffer.h"
#include "indexer/report.h"

/* Append TEXT, made harmless. */
void fh_wording_harmless(const char *text, fh_buffer *out);

/* Append a line: the place, the kind and the reason of REMARK. */
void fh_wording_remark(const fh_remark *remark, fh_buffer *out);

/* Append a line in place of REMARK and all behind it that are like it: they are counted, not named. */
void fh_wording_no_more(const fh_remark *remark, fh_buffer *out);

/* Append all that was said, by reason, with the first places of each; nothing when nothing was. */
void fh_wording_report(fh_report *report, fh_buffer *out);

#endif
