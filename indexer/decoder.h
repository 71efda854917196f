/*
 * Bytes of any character set that charset.h knows, as UTF-8: all at once, or as they come.
 *
 *   open feed* close
 *
 * The two differ in what becomes of bad sequences of UTF-8. A whole text comes out valid, with
 * U+FFFD for each. A stream of UTF-8 passes as it is, for it is the reader of lines that can
 * name the line: fh_input_clean() replaces them there. Bytes that another character set does
 * not have become U+FFFD in both. NUL bytes pass.
 */
#ifndef FH_INDEXER_DECODER_H
#define FH_INDEXER_DECODER_H

#include "base/buffer.h"
#include "indexer/charset.h"

/* A declaration is looked for in so many bytes from the beginning; HTML asks for 1,024. */
#define FH_DECLARATION_MAX 4096u

/*
 * BYTES, a whole text, as UTF-8.
 *
 * in: DECLARED, the character set that came with them; when empty, it is looked for in them.
 * out: *TEXT, BYTES themselves (behind a mark) or in SPACE, which is cleared first; *REPAIRS,
 * how many U+FFFD stand for bad sequences; *HOW it was read.
 * Fails with FH_EFORMAT as fh_charset_decide() does.
 */
fh_status fh_decode(fh_str bytes, fh_str declared, fh_buffer *space, fh_str *text,
                    size_t *repairs, fh_charset *how, fh_error *err);

typedef struct fh_decoder fh_decoder;

fh_status fh_decoder_open(fh_decoder **out, fh_error *err);

/*
 * Append the next BYTES of a text, as UTF-8, to OUT. ENDS says that no more will come.
 *
 * ASCII passes at once. From the first byte that is not ASCII, or from the beginning of what
 * looks like markup, bytes are held back until it is clear what they are, which needs
 * FH_CHARSET_SAMPLE_MAX of them at most.
 * Fails with FH_EFORMAT as fh_charset_decide() does; there is no going on then.
 */
fh_status fh_decoder_feed(fh_decoder *d, fh_str bytes, bool ends, fh_buffer *out,
                          fh_error *err);

/* What was decided, or NULL as long as nothing is. */
const fh_charset *fh_decoder_charset(const fh_decoder *d);

/* Does it pass what comes now as it is? Then bytes need not be fed any more. */
bool fh_decoder_passes(const fh_decoder *d);

/* How many U+FFFD were written so far for what was not in the character set. */
size_t fh_decoder_repairs(const fh_decoder *d);

void fh_decoder_close(fh_decoder *d);

#endif
