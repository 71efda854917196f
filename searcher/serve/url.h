/*
 * What stands in the first line of a request: percent-encoded text, and pairs behind the `?`.
 */
#ifndef FH_SEARCHER_SERVE_URL_H
#define FH_SEARCHER_SERVE_URL_H

#include "base/buffer.h"

/*
 * Undo the percent-encoding of TEXT; with FORM a plus is a space, as in what browsers send.
 * out: *DECODED, in ARENA, valid UTF-8 without a NUL.
 * Returns NULL, or what is wrong with TEXT as half a sentence.
 */
const char *fh_url_decode(fh_str text, bool form, fh_arena *arena, fh_str *decoded);

/* Append TEXT with all but letters, digits and -._~/ percent-encoded. */
void fh_url_encode(fh_str text, fh_buffer *out);

/*
 * Take the next `name=value` from the beginning of *REST, both still encoded; empty ones between two &
 * are passed over. False at the end.
 */
bool fh_url_pair(fh_str *rest, fh_str *name, fh_str *value);

/* Take a request's target apart: what is before the first `?`, and what is behind it. */
void fh_url_split(fh_str target, fh_str *path, fh_str *parameters);

#endif
