/*
 * The numbers of the layout that dictionary.h draws, for those who read and write it.
 */
#ifndef FH_ENGINES_NATIVE_DICTIONARY_BYTES_H
#define FH_ENGINES_NATIVE_DICTIONARY_BYTES_H

#include "engines/native/bytes.h"
#include "engines/native/dictionary.h"

#define BLOCK_TERMS FH_DICTIONARY_BLOCK
#define ENTRY       24u
#define TRAILER     16u

#define PART_MORE      15u /* in a shape: a varint follows */
#define SIZES_MANY     0x80u
#define SIZES_TITLED   0x40u
#define SIZES_ARTICLES 0x3Fu

/* The most bytes of a term, and of a block: shape, two parts, text, sizes and four varints. */
#define TERM_BYTES  (1 + 2 * 2 + FH_CODE_MAX + 1 + 4 * 10)
#define BLOCK_BYTES (BLOCK_TERMS * TERM_BYTES)

/* Bytes of all lists of a form, or of all positions: what an entry can say. */
#define LISTS_MAX ((UINT64_C(1) << 48) - 1)

/* The number in LEN <= 8 bytes at BYTES, and back. */
static inline uint64_t read_number(const uint8_t *bytes, size_t len)
{
    uint64_t value = 0;
    memcpy(&value, bytes, len);
    return FH_LITTLE64(value);
}

static inline void write_number(uint8_t *bytes, uint64_t value, size_t len)
{
    value = FH_LITTLE64(value);
    memcpy(bytes, &value, len);
}

#endif
