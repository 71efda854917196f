/*
 * The stored bodies of a segment: lossless, small, and each one read back by itself.
 *
 * A text is a row of pieces, words and what stands between them, each one a spelling of the
 * segment. A single space between two words is not written. Every spelling has a Huffman code,
 * short for the common ones, and a body is the codes of its pieces: this is as small as codes
 * of bytes through deflate (the commonest words are some hundred thousand, and deflate knows
 * 286), needs no block to be inflated around an article, and costs a table look-up a word in
 * both directions.
 *
 *   FH_SECTION_TEXT       the codes, the highest bit of a byte first; then 8 bytes of zero
 *   FH_SECTION_TEXT_ENDS  column: the bit behind the last of each body
 *   FH_SECTION_SPELLINGS  spellings.h draws it
 */
#ifndef FH_ENGINES_NATIVE_STORE_H
#define FH_ENGINES_NATIVE_STORE_H

#include "engines/native/segment.h"

/* ---- Writing ---- */

/* A spelling that bodies are made of, and how often they use it. */
typedef struct fh_used {
    fh_str written; /* UTF-8, as articles have it; a separator may be empty */
    bool word;      /* a word; else what stands between two words */
    uint64_t uses;  /* 0: no body has it, and it is left out */
} fh_used;

typedef struct fh_store_writer fh_store_writer;

/*
 * Begin with all spellings, numbered 0 to COUNT - 1, in any order; no two are equal in text and
 * `word`. What the spellings' section has to hold is written into SECTION at once; they need
 * not stay.
 */
fh_status fh_store_writer_new(const fh_used *spellings, uint32_t count, fh_spool *section,
                              fh_store_writer **out, fh_error *err);

/*
 * A stretch of articles' bodies, one after the other, that one thread encodes: several may be
 * made at the same time of one writer. They are joined in their order by
 * fh_store_writer_join().
 */
typedef struct fh_store_part fh_store_part;
/* NULL for want of memory. */
fh_store_part *fh_store_part_new(const fh_store_writer *w);
/*
 * Add the next article's body: COUNT PIECES are numbers of spellings. Between two pieces that
 * follow each other and are both words the reader puts a single space: so a body is given as
 * its words, and as separators whatever stands before, between and behind them and is not a
 * single space; the empty separator stands between two words that touch. A failure is kept for
 * join.
 */
void fh_store_part_add(fh_store_part *p, const uint32_t *pieces, size_t count);
/* Free a part that is not joined. NULL is allowed. */
void fh_store_part_free(fh_store_part *p);
/* Append the part to the section TEXT; parts come in order. Takes P, also on failure. */
fh_status fh_store_writer_join(fh_store_writer *w, fh_store_part *p, fh_spool *text,
                               fh_error *err);
/* Write what is left of TEXT, and the column ENDS. */
fh_status fh_store_writer_finish(fh_store_writer *w, fh_spool *text, fh_spool *ends,
                                 fh_error *err);
void fh_store_writer_free(fh_store_writer *w);

/* ---- Reading ---- */

typedef struct fh_store fh_store;

/* Makes the tables that reading needs; a reader is for one thread. */
fh_status fh_store_open(const fh_segment *s, fh_store **out, fh_error *err);
void fh_store_close(fh_store *s);

/* The body of article LOCAL, made in ARENA. Fails with FH_ECORRUPT. */
fh_status fh_store_body(fh_store *s, uint32_t local, fh_arena *arena, fh_str *body,
                        fh_error *err);

/*
 * For merging and checking: the pieces of article LOCAL as numbers of the segment's spellings,
 * valid until the next call; how many spellings there are; and spelling N, made in ARENA.
 */
fh_status fh_store_pieces(fh_store *s, uint32_t local, const uint32_t **pieces, size_t *count,
                          fh_error *err);
uint32_t fh_store_spellings(const fh_store *s);
fh_status fh_store_spelling(fh_store *s, uint32_t n, fh_arena *arena, fh_str *written,
                            bool *word, fh_error *err);

#endif
