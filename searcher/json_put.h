/*
 * JSON written straight into a buffer, one line, for answers: most of what a search costs beyond itself
 * would else be a tree of values that is built and thrown away.
 *
 * A value is put behind `{`, `[`, a key, or another value; who writes puts the brackets, as bytes. Texts
 * are escaped as JSON wants it, and so are DEL, the controls of C1 and turns of direction, which JSON allows
 * as they are: a terminal may take them for commands. What is no UTF-8 becomes U+FFFD.
 */
#ifndef FH_SEARCHER_JSON_PUT_H
#define FH_SEARCHER_JSON_PUT_H

#include "base/buffer.h"

/* A comma, unless what is to come is the first in its object or array. */
void fh_json_put_comma(fh_buffer *out);
/* `"key":`, with a comma before it where one is due; KEY is ours and needs no escapes. */
void fh_json_put_key(fh_buffer *out, const char *key);
/* A text in quotation marks. */
void fh_json_put_text(fh_buffer *out, fh_str text);
/* A number with a fraction, of as many digits as base/json.h writes. */
void fh_json_put_real(fh_buffer *out, double number);
void fh_json_put_number(fh_buffer *out, uint64_t number);
void fh_json_put_bool(fh_buffer *out, bool value);

/* A key and its text, unless the text is missing. */
void fh_json_put_member(fh_buffer *out, const char *key, fh_str text);

#endif
