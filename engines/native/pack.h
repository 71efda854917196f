/*
 * Integers in few bits: varints, blocks of 128 numbers packed at one width, and rows of bits.
 *
 * A varint has 7 bits a byte, lowest first; all but the last byte have the high bit.
 */
#ifndef FH_ENGINES_NATIVE_PACK_H
#define FH_ENGINES_NATIVE_PACK_H

#include "base/types.h"
#include "engines/native/bytes.h"

#define FH_VARINT_MAX 10 /* bytes */

/* Write VALUE to OUT, which has room for FH_VARINT_MAX bytes; returns the bytes written. */
static inline size_t fh_varint_put(uint64_t value, uint8_t *out)
{
    size_t len = 0;
    while (value >= 0x80) {
        out[len++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    out[len++] = (uint8_t)value;
    return len;
}

/*
 * Read a varint from *AT, which moves behind it; false when END comes first or it has no end.
 */
static inline bool fh_varint_get(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    const uint8_t *p = *at;
    uint64_t v = 0;
    for (unsigned shift = 0; p < end && shift < 64; shift += 7) {
        v |= (uint64_t)(*p & 0x7F) << shift;
        if (*p++ < 0x80) {
            *at = p;
            *value = v;
            return true;
        }
    }
    return false;
}

/* The bits that VALUE needs: 0 for 0. */
static inline unsigned fh_bits(uint32_t value)
{
    return value ? 32 - (unsigned)__builtin_clz(value) : 0;
}

/* ---- 128 numbers at one width ---- */

/* Bytes of 128 numbers of WIDTH bits. */
#define FH_PACKED(width) (16u * (width))

/*
 * Pack IN, every number below 2^WIDTH, WIDTH <= 32, into FH_PACKED(WIDTH) bytes at OUT, and
 * back.
 *
 * The numbers are dealt to four lanes in turn, and each lane is a row of WIDTH words of 32
 * bits, filled from the lowest bit; word W of lane L stands at byte 16 * W + 4 * L. So one
 * instruction works on four.
 */
void fh_pack(const uint32_t in[128], unsigned width, uint8_t *out);
void fh_unpack(const uint8_t *in, unsigned width, uint32_t out[128]);

/* Turn distances less 1 into the numbers that they lead to from FIRST - 1, modulo 2^32. */
void fh_pack_sum(uint32_t numbers[128], uint32_t first);

/*
 * Most of 128 numbers at the width that most of them need, and the others mended:
 *
 *   width       1 byte, at most 32
 *   exceptions  1 byte, how many
 *   packed      the low WIDTH bits of all, as fh_pack() has them
 *   mends       for each exception, in order: 1 byte, its place in the low 7 bits; what stands
 *               above its low bits is 1, or when the high bit is set 2 + the varint that
 *               follows
 */
#define FH_PATCHED_MAX (2 + FH_PACKED(32))

/* Write IN to OUT, which has room for FH_PATCHED_MAX bytes; returns the bytes written. */
size_t fh_patched_put(const uint32_t in[128], uint8_t *out);
/*
 * Read from *AT, which moves behind. *TOP is set above or equal to every number. false when
 * END comes first or it makes no sense.
 */
bool fh_patched_get(const uint8_t **at, const uint8_t *end, uint32_t out[128], uint32_t *top);

/* ---- Rows of bits, the lowest bit of the first byte first ---- */

typedef struct fh_bit_writer {
    uint8_t *at;
    uint64_t bits;
    unsigned held; /* below 32 */
} fh_bit_writer;

/* Write the low WIDTH <= 32 bits of VALUE, which has no others. */
static inline void fh_bits_put(fh_bit_writer *w, uint32_t value, unsigned width)
{
    w->bits |= (uint64_t)value << w->held;
    w->held += width;
    if (w->held >= 32) {
        fh_put32(w->at, (uint32_t)w->bits);
        w->at += 4;
        w->bits >>= 32;
        w->held -= 32;
    }
}

/* Write VALUE in unary: as many zeros, and a one. */
static inline void fh_unary_put(fh_bit_writer *w, uint32_t value)
{
    for (; value >= 32; value -= 32)
        fh_bits_put(w, 0, 32);
    fh_bits_put(w, (uint32_t)1 << value, value + 1);
}

/* Write what is held, the last byte filled with zeros; returns where the row ends. */
uint8_t *fh_bits_finish(fh_bit_writer *w);

typedef struct fh_bit_reader {
    const uint8_t *bytes;
    uint64_t at;  /* the bit to read next */
    uint64_t end; /* how many there are */
} fh_bit_reader;

/* The bits from AT on, at least 57 of them; behind the end there are zeros. */
static inline uint64_t fh_bits_peek(const fh_bit_reader *r, uint64_t at)
{
    uint64_t word = 0;
    uint64_t byte = at / 8;
    uint64_t len = r->end / 8;
    if (byte + 8 <= len)
        memcpy(&word, r->bytes + byte, 8);
    else if (byte < len)
        memcpy(&word, r->bytes + byte, (size_t)(len - byte));
    return FH_LITTLE64(word) >> (at % 8);
}

/* The next WIDTH <= 32 bits; zeros behind the end, which the caller sees by `at`. */
static inline uint32_t fh_bits_get(fh_bit_reader *r, unsigned width)
{
    uint64_t bits = fh_bits_peek(r, r->at) & ((UINT64_C(1) << width) - 1);
    r->at += width;
    return (uint32_t)bits;
}

/*
 * Numbers in Rice's code [Rice 1979], as Elias and Fano lay it out: first the low WIDTH bits
 * of all, then for each what stands above them, in unary: as many zeros, and a one. WIDTH < 32.
 */
void fh_rice_put(fh_bit_writer *w, const uint32_t *values, size_t count, unsigned width);
/* false when the row ends before. */
bool fh_rice_get(fh_bit_reader *r, uint32_t *values, size_t count, unsigned width);

/*
 * The width that serves COUNT numbers of that SUM well: the bits that SUM * 89 / 128 / COUNT
 * needs, each quotient rounded down, and at most 31.
 */
unsigned fh_rice_width(uint64_t sum, size_t count);

/*
 * Where the unary number behind WANTED others begins, counted from the bit FROM; r->end when
 * none does.
 */
uint64_t fh_unary_skip(const fh_bit_reader *r, uint64_t from, uint64_t wanted);
/*
 * The unary number at *AT, which moves behind it; false when the row ends before, or it
 * passes 32 bits.
 */
bool fh_unary_get(const fh_bit_reader *r, uint64_t *at, uint32_t *value);

#endif
