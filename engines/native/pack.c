#include "engines/native/pack.h"

#define NUMBERS 128
#define WIDTHS  33

typedef uint32_t lanes __attribute__((vector_size(16)));

/* Row ROW of numbers in memory, four of them. */
static inline lanes load(const uint32_t *in, unsigned row)
{
    lanes v;
    memcpy(&v, in + 4 * (size_t)row, sizeof v);
    return v;
}

static inline void store(uint32_t *out, unsigned row, lanes v)
{
    memcpy(out + 4 * (size_t)row, &v, sizeof v);
}

/* From the order of bytes in files to the machine's, and back. */
static inline lanes swap(lanes v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return v;
#else
    return v << 24 | (v & 0xFF00) << 8 | (v >> 8 & 0xFF00) | v >> 24;
#endif
}

/* Row ROW of packed words. */
static inline lanes load_packed(const uint8_t *in, unsigned row)
{
    lanes v;
    memcpy(&v, in + 16 * (size_t)row, sizeof v);
    return swap(v);
}

static inline void store_packed(uint8_t *out, unsigned row, lanes v)
{
    v = swap(v);
    memcpy(out + 16 * (size_t)row, &v, sizeof v);
}

void fh_pack(const uint32_t in[128], unsigned width, uint8_t *out)
{
    lanes held = {0};
    unsigned bits = 0, row = 0;
    if (width == 0)
        return;
    for (unsigned i = 0; i < NUMBERS / 4; i++) {
        lanes v = load(in, i);
        held |= v << bits;
        bits += width;
        if (bits < 32)
            continue;
        store_packed(out, row++, held);
        bits -= 32;
        held = bits > 0 ? v >> (width - bits) : (lanes){0};
    }
}

/* The lanes moved up by one and by two, zeros behind them; and the last in all four. */
#ifdef __clang__
#define MOVED_ONE(v) __builtin_shufflevector(v, (lanes){0}, 4, 0, 1, 2)
#define MOVED_TWO(v) __builtin_shufflevector(v, (lanes){0}, 4, 5, 0, 1)
#define LAST(v)      __builtin_shufflevector(v, v, 3, 3, 3, 3)
#else
#define MOVED_ONE(v) __builtin_shuffle(v, (lanes){0}, (lanes){4, 0, 1, 2})
#define MOVED_TWO(v) __builtin_shuffle(v, (lanes){0}, (lanes){4, 5, 0, 1})
#define LAST(v)      __builtin_shuffle(v, (lanes){3, 3, 3, 3})
#endif

void fh_pack_sum(uint32_t numbers[128], uint32_t first)
{
    lanes before = (lanes){0} + (first - 1);
    for (unsigned i = 0; i < NUMBERS / 4; i++) {
        lanes v = load(numbers, i) + 1;
        v += MOVED_ONE(v);
        v += MOVED_TWO(v);
        v += before;
        store(numbers, i, v);
        before = LAST(v);
    }
}

/*
 * Unrolled for every width, so that each shift is a constant and the compiler sees four lanes
 * at a time.
 */
#define ROW(i)                                                                                 \
    do {                                                                                       \
        const unsigned bit = (i)*width, shift = bit % 32;                                      \
        lanes v = load_packed(in, bit / 32) >> shift;                                          \
        if (shift + width > 32)                                                                \
            v |= load_packed(in, bit / 32 + 1) << (32 - shift) % 32;                           \
        store(out, i, width < 32 ? v & (((uint32_t)1 << (width % 32)) - 1) : v);               \
    } while (0)
#define ROWS(i)                                                                                \
    ROW(i);                                                                                    \
    ROW((i) + 1);                                                                              \
    ROW((i) + 2);                                                                              \
    ROW((i) + 3)

static inline __attribute__((always_inline)) void unpack(const uint8_t *in,
                                                         const unsigned width, uint32_t *out)
{
    ROWS(0);
    ROWS(4);
    ROWS(8);
    ROWS(12);
    ROWS(16);
    ROWS(20);
    ROWS(24);
    ROWS(28);
}

#define WIDTH(w)                                                                               \
    case w:                                                                                    \
        unpack(in, w, out);                                                                    \
        break
#define WIDTHS_FROM(w)                                                                         \
    WIDTH(w);                                                                                  \
    WIDTH(w + 1);                                                                              \
    WIDTH(w + 2);                                                                              \
    WIDTH(w + 3)

void fh_unpack(const uint8_t *in, unsigned width, uint32_t out[128])
{
    switch (width) {
        WIDTHS_FROM(1);
        WIDTHS_FROM(5);
        WIDTHS_FROM(9);
        WIDTHS_FROM(13);
        WIDTHS_FROM(17);
        WIDTHS_FROM(21);
        WIDTHS_FROM(25);
        WIDTHS_FROM(29);
    default:
        memset(out, 0, NUMBERS * sizeof *out);
    }
}

/*
 * The width at which IN takes the fewest bytes. A number that needs more bits is a mend of one
 * byte; one that needs two bits more, of two; eight more, of three; and then of another for
 * every seven.
 */
static unsigned best_width(const uint32_t in[128])
{
    /* How many numbers need so many bits, later so many or more. */
    uint8_t needing[WIDTHS + 2] = {0};
    unsigned best = 32, least = FH_PACKED(32);
    for (unsigned i = 0; i < NUMBERS; i++)
        needing[fh_bits(in[i])]++;
    for (unsigned w = WIDTHS; w-- > 0;)
        needing[w] = (uint8_t)(needing[w] + needing[w + 1]);
    for (unsigned w = 32; w-- > 0;) {
        unsigned bytes = FH_PACKED(w) + needing[w + 1] + needing[w + 2];
        for (unsigned more = w + 8; more < WIDTHS; more += 7)
            bytes += needing[more];
        if (bytes < least) {
            least = bytes;
            best = w;
        }
    }
    return best;
}

size_t fh_patched_put(const uint32_t in[128], uint8_t *out)
{
    unsigned width = best_width(in);
    uint32_t low[NUMBERS];
    uint32_t mask = width < 32 ? ((uint32_t)1 << width) - 1 : UINT32_MAX;
    uint8_t *end = out + 2 + FH_PACKED(width);
    out[0] = (uint8_t)width;
    out[1] = 0;
    for (unsigned i = 0; i < NUMBERS; i++) {
        low[i] = in[i] & mask;
        if (low[i] == in[i])
            continue;
        uint32_t high = in[i] >> width;
        *end++ = (uint8_t)(i | (high > 1 ? 0x80 : 0));
        end += high > 1 ? fh_varint_put(high - 2, end) : 0;
        out[1]++;
    }
    fh_pack(low, width, out + 2);
    return (size_t)(end - out);
}

bool fh_patched_get(const uint8_t **at, const uint8_t *end, uint32_t out[128], uint32_t *top)
{
    const uint8_t *p = *at;
    if (end - p < 2)
        return false;
    unsigned width = p[0], mends = p[1];
    p += 2;
    if (width > 32 || (size_t)(end - p) < FH_PACKED(width))
        return false;
    fh_unpack(p, width, out);
    p += FH_PACKED(width);
    uint32_t highest = width < 32 ? ((uint32_t)1 << width) - 1 : UINT32_MAX;
    if (mends > 0 && width == 32)
        return false;
    for (; mends > 0; mends--) {
        uint64_t high = 1;
        if (p == end)
            return false;
        unsigned mark = *p++;
        if (mark & 0x80) {
            if (!fh_varint_get(&p, end, &high) || high > UINT32_MAX - 2)
                return false;
            high += 2;
            if (high << width > UINT32_MAX)
                return false;
        }
        out[mark & 0x7F] |= (uint32_t)high << width;
        highest |= (uint32_t)high << width;
    }
    *top = highest;
    *at = p;
    return true;
}

uint8_t *fh_bits_finish(fh_bit_writer *w)
{
    for (; w->held > 0; w->held -= w->held < 8 ? w->held : 8) {
        *w->at++ = (uint8_t)w->bits;
        w->bits >>= 8;
    }
    return w->at;
}

void fh_rice_put(fh_bit_writer *w, const uint32_t *values, size_t count, unsigned width)
{
    uint32_t mask = ((uint32_t)1 << width) - 1;
    for (size_t i = 0; width > 0 && i < count; i++)
        fh_bits_put(w, values[i] & mask, width);
    for (size_t i = 0; i < count; i++)
        fh_unary_put(w, values[i] >> width);
}

bool fh_unary_get(const fh_bit_reader *r, uint64_t *at, uint32_t *value)
{
    uint64_t from = *at;
    uint64_t bits;
    uint64_t p = from;
    while (!(bits = fh_bits_peek(r, p))) {
        if (p >= r->end)
            return false;
        p += 64 - p % 8;
    }
    p += (unsigned)__builtin_ctzll(bits);
    if (p - from > UINT32_MAX)
        return false;
    *value = (uint32_t)(p - from);
    *at = p + 1;
    return true;
}

bool fh_rice_get(fh_bit_reader *r, uint32_t *values, size_t count, unsigned width)
{
    uint64_t at = r->at + (uint64_t)count * width;
    uint64_t bits = fh_bits_peek(r, at); /* from `at` on, a word of them at a time */
    uint64_t top = 0;
    for (size_t i = 0; i < count; i++)
        values[i] = width > 0 ? fh_bits_get(r, width) : 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t high;
        if (bits) {
            high = (uint32_t)__builtin_ctzll(bits);
            bits = bits >> high >> 1;
            at += high + 1;
        } else {
            if (!fh_unary_get(r, &at, &high))
                return false;
            bits = fh_bits_peek(r, at);
        }
        top |= (uint64_t)high << width;
        values[i] |= high << width;
    }
    r->at = at;
    return top <= UINT32_MAX && at <= r->end;
}

unsigned fh_rice_width(uint64_t sum, size_t count)
{
    /* A number's bits cost width + 1 + number / 2^width: least about log2(mean * ln 2). */
    uint64_t mean = count > 0 ? sum * 89 / 128 / count : 0;
    unsigned width = mean >> 32 ? 31 : fh_bits((uint32_t)mean);
    return width > 31 ? 31 : width;
}

uint64_t fh_unary_skip(const fh_bit_reader *r, uint64_t from, uint64_t wanted)
{
    while (wanted > 0) {
        if (from >= r->end)
            return r->end;
        uint64_t bits = fh_bits_peek(r, from);
        unsigned valid = 64 - (unsigned)(from % 8);
        uint64_t ones = (uint64_t)__builtin_popcountll(bits);
        if (ones >= wanted) {
            while (--wanted > 0)
                bits &= bits - 1;
            return from + (unsigned)__builtin_ctzll(bits) + 1;
        }
        wanted -= ones;
        from += valid;
    }
    return from;
}
