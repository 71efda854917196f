/*
 * The spellings of a segment's texts and their codes: FH_SECTION_SPELLINGS.
 *
 * Spellings are numbered by the length of their code, then in order of their letter code; so
 * the codes themselves need not be stored: code number i of a length is the first code of that
 * length + i, and the first code of a length is twice the one that would follow the last of the
 * length before (a canonical Huffman code [Schwartz & Kallick 1964]).
 *
 *     0  count     4 bytes, of spellings
 *     4  plain     4 bytes, how many of them, the first ones, are written in UTF-8
 *     8  text      4 bytes, length of those texts
 *    12  zero      4 bytes
 *    16  lengths   4 bytes each: how many spellings have a code of 1, 2, ... 32 bits
 *   144  starts    4 bytes each, plain + 1: where its text begins, times 2, plus 1 for a word
 *        texts     UTF-8
 *        blocks    column: where each block ends
 *        block     8 spellings (the last block has the rest), each:
 *                    shared  varint, bytes in common with the one before; 0 in a block's first
 *                    rest    varint: bytes that follow, times 2, plus 1 for a word
 *                    text    the rest, in letter code
 */
#ifndef FH_ENGINES_NATIVE_SPELLINGS_H
#define FH_ENGINES_NATIVE_SPELLINGS_H

#include "engines/native/store.h"

#define FH_CODE_BITS_MAX 32u

#define FH_SPELLINGS_LENGTHS 16u
#define FH_SPELLINGS_STARTS  (FH_SPELLINGS_LENGTHS + 4 * FH_CODE_BITS_MAX)
#define FH_SPELLINGS_BLOCK   8u

/*
 * How many spellings are plain: those are copied as they stand when a body is read; each of the
 * others costs a walk through its block. On 99 MB of news (317,000 spellings, 320 pieces a
 * body):
 *
 *    plain   of all pieces   section / text   us a body
 *     8192        .76             .0184           13.8
 *    16384        .84             .0193           12.2
 *    32768        .90             .0209           11.0
 */
#define FH_SPELLINGS_PLAIN 16384u

/* The longest text of a plain spelling. */
#define FH_SPELLINGS_PLAIN_LEN 255u

/* The code of a spelling: its lowest `len` bits; len 0 for one that has none. */
typedef struct fh_piece_code {
    uint32_t bits;
    uint8_t len;
} fh_piece_code;

/* Write the section for COUNT SPELLINGS into SECTION. out: CODES[i], the code of spelling i. */
fh_status fh_spellings_write(const fh_used *spellings, uint32_t count, fh_piece_code *codes,
                             fh_spool *section, fh_error *err);

/*
 * Give each of COUNT symbols the length of its code, 1 to FH_CODE_BITS_MAX; 0 to those whose
 * weight is 0. A single symbol gets one bit. false for want of memory.
 */
bool fh_huffman_lengths(const uint64_t *weights, uint32_t count, uint8_t *lengths);

#endif
