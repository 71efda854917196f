/*
 * What the readers of text formats have in common.
 */
#ifndef FH_INDEXER_TEXT_H
#define FH_INDEXER_TEXT_H

#include "base/buffer.h"
#include "base/status.h"
#include "indexer/remark.h"

/* A place in an input, to speak of it. */
typedef struct fh_place {
    const fh_listener *listener;
    const char *file;
    uint64_t line; /* 0 for all of it */
} fh_place;

/* TEXT without the ASCII white space at its ends. */
fh_str fh_text_trim(fh_str text);

/* Take the first line off REST: without its LF or CRLF. */
fh_str fh_text_take_line(fh_str *rest);

/* Are A and B the same, but for the case of ASCII letters? */
bool fh_text_same(fh_str a, fh_str b);

/*
 * TEXT as valid UTF-8 without NUL bytes: itself, or in SPACE (cleared first) with U+FFFD for
 * what is left out. *REPAIRS counts them. Fails with FH_ENOMEM.
 */
fh_status fh_text_clean(fh_str text, fh_buffer *space, fh_str *clean, size_t *repairs,
                        fh_error *err);

/* Say that an article at PLACE was kept with so many REPAIRS; nothing when there are none. */
void fh_text_tell_repairs(const fh_place *place, size_t repairs);

/*
 * Append to OUT, one a line, the keywords in TEXT: between commas, semicolons, Arabic ones too,
 * bars and line feeds.
 */
void fh_text_keywords(fh_str text, fh_buffer *out);

#endif
