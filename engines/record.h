/*
 * An article as the bytes that an index stores, in the code of lettercode.h: for every engine.
 *
 * The head is all but the body; a list of results reads heads only, so engines keep the two
 * apart, or the body right behind the head.
 *
 *   head   format     1 byte, FH_RECORD_FORMAT
 *          precision  1 byte, an fh_precision
 *          seconds    varint, zigzag: 0, -1, 1, -2, ... are 0, 1, 2, 3, ...
 *          body       decoded length of the body, varint
 *          7 fields   id, title, url, source, section, keywords, origin; each
 *                       decoded length, coded length (varints), code
 *   body   code
 *
 * Varints have 7 bits a byte, lowest first; all but the last byte have the high bit.
 */
#ifndef FH_ENGINES_RECORD_H
#define FH_ENGINES_RECORD_H

#include "base/buffer.h"
#include "base/status.h"

#define FH_RECORD_FORMAT 1

/* Append the head or the body of ARTICLE to OUT, whose `failed` tells when memory ran out. */
void fh_record_add_head(fh_buffer *out, const fh_article *article);
void fh_record_add_body(fh_buffer *out, const fh_article *article);

/* What a head knows of the texts. */
typedef struct fh_record_sizes {
    size_t head;   /* bytes of the head itself */
    uint64_t body; /* bytes of the body, decoded */
    uint64_t text; /* bytes of title and body, decoded */
} fh_record_sizes;

/*
 * Read the head at the beginning of BYTES, which are not trusted, into ARTICLE, its texts made
 * in ARENA and its body empty; either may be NULL, and then only SIZES is wanted. Fails with
 * FH_ECORRUPT.
 */
fh_status fh_record_read_head(fh_str bytes, fh_arena *arena, fh_article *article,
                              fh_record_sizes *sizes, fh_error *err);

/* Read the body that BYTES are the code of and that has LEN bytes. Fails with FH_ECORRUPT. */
fh_status fh_record_read_body(fh_str bytes, uint64_t len, fh_arena *arena, fh_str *body,
                              fh_error *err);

#endif
