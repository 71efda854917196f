/*
 * JSON by jansson, in our types: strict reading, one-line writing.
 */
#ifndef FH_BASE_JSON_H
#define FH_BASE_JSON_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/status.h"

/* Digits of a number with a fraction: enough, and what was rounded before stays as it was rounded. */
#define FH_JSON_DIGITS 15

/*
 * Parse TEXT, which must be one JSON object and nothing else. Refuses what jansson refuses (bad UTF-8,
 * control characters, lone surrogates, U+0000) and duplicate keys; FH_EFORMAT says why and at which byte.
 * out: *OBJECT, for json_decref().
 */
fh_status fh_json_parse(fh_str text, json_t **object, fh_error *err);

/* The text under KEY, borrowed from OBJECT; false when it is missing, null or no string. */
bool fh_json_text(const json_t *object, const char *key, fh_str *text);

/* Set KEY to TEXT. NULL values and failures are remembered by jansson's -1, which this returns. */
int fh_json_set_text(json_t *object, const char *key, fh_str text);

/* Append VALUE to OUT on one line, keys in the order in which they were set, Arabic as it is. */
void fh_json_write(const json_t *value, fh_buffer *out);

#endif
