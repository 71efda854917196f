#include "engines/native/segment.h"

#define WIDTH 4
#define GAP   5
#define BASE  8
#define SCALE 16

bool fh_column_open(const fh_slice *slice, fh_column *c)
{
    *c = (fh_column){.slice = *slice};
    if (slice->len == 0)
        return true;
    const uint8_t *head = fh_slice_need(slice, 0, FH_COLUMN_HEAD);
    if (!head)
        return false;
    fh_column found = {*slice,         fh_get32(head),        head[WIDTH],
                       head[GAP] != 0, fh_get64(head + BASE), fh_get64(head + SCALE)};
    if (head[WIDTH] > 64 || head[GAP] > 1 || fh_column_len(&found) > slice->len)
        return fh_sealed_distrust(slice->file, slice->offset, "a column that cannot be");
    *c = found;
    c->slice.len = fh_column_len(&found);
    return true;
}

uint64_t fh_column_len(const fh_column *c)
{
    return FH_COLUMN_HEAD + ((uint64_t)c->count * c->width + 7) / 8 + FH_COLUMN_TAIL;
}

/* ---- Writing ---- */

/* Numbers on their way into bytes. */
typedef struct packer {
    uint8_t bytes[512];
    size_t len;
    uint64_t bits; /* that are not a whole byte yet, the first the lowest */
    unsigned bit_count;
    fh_spool *out;
} packer;

static void put_byte(packer *p, uint8_t byte)
{
    p->bytes[p->len++] = byte;
    if (p->len == sizeof p->bytes) {
        fh_spool_add(p->out, p->bytes, p->len);
        p->len = 0;
    }
}

/* Append the lowest WIDTH bits of NUMBER, at most 32. */
static void put_bits(packer *p, uint64_t number, unsigned width)
{
    p->bits |= number << p->bit_count;
    for (p->bit_count += width; p->bit_count >= 8; p->bit_count -= 8) {
        put_byte(p, (uint8_t)p->bits);
        p->bits >>= 8;
    }
}

static void put_number(packer *p, uint64_t number, unsigned width)
{
    if (width > 32) {
        put_bits(p, number & UINT32_MAX, 32);
        put_bits(p, number >> 32, width - 32);
    } else {
        put_bits(p, number, width);
    }
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The least and the greatest of the values, zeros apart. */
typedef struct range {
    uint64_t least, greatest;
    bool zeros;
} range;

static range range_of(const uint64_t *values, uint32_t count)
{
    range r = {UINT64_MAX, 0, false};
    for (uint32_t i = 0; i < count; i++) {
        r.zeros |= values[i] == 0;
        if (values[i] && values[i] < r.least)
            r.least = values[i];
        if (values[i] > r.greatest)
            r.greatest = values[i];
    }
    return r;
}

/* The greatest number that divides all distances from LEAST; 0 when there are none. */
static uint64_t scale_of(const uint64_t *values, uint32_t count, uint64_t least)
{
    uint64_t scale = 0;
    for (uint32_t i = 0; i < count && scale != 1; i++)
        if (values[i])
            scale = common_divisor(values[i] - least, scale);
    return scale;
}

static unsigned bits_of(uint64_t value)
{
    return value ? 64 - (unsigned)__builtin_clzll(value) : 0;
}

/*
 * Choose base, scale and width. Zeros get a number of their own where that takes fewer bits
 * than to count from zero, which it does unless scale is 1 and the least of the others lies
 * near zero.
 */
static void choose(const uint64_t *values, uint32_t count, fh_column *c)
{
    range r = range_of(values, count);
    *c = (fh_column){.count = count, .scale = 1};
    if (r.greatest == 0)
        return;
    uint64_t scale = scale_of(values, count, r.least);
    scale = scale ? scale : 1;
    uint64_t steps = (r.greatest - r.least) / scale;
    if (!r.zeros) {
        *c = (fh_column){
            .count = count, .width = bits_of(steps), .base = r.least, .scale = scale};
    } else if (steps < UINT64_MAX && bits_of(steps + 1) < bits_of(r.greatest)) {
        *c = (fh_column){.count = count,
                         .width = bits_of(steps + 1),
                         .gap = true,
                         .base = r.least - scale,
                         .scale = scale};
    } else {
        c->width = bits_of(r.greatest);
    }
}

/* The number that stands for VALUE. */
static uint64_t number_of(uint64_t value, const fh_column *c)
{
    if (!c->gap)
        return (value - c->base) / c->scale;
    return value ? (value - (c->base + c->scale)) / c->scale + 1 : 0;
}

static void put_head(const fh_column *c, fh_spool *out)
{
    uint8_t head[FH_COLUMN_HEAD] = {0};
    fh_put32(head, c->count);
    head[WIDTH] = (uint8_t)c->width;
    head[GAP] = c->gap;
    fh_put64(head + BASE, c->base);
    fh_put64(head + SCALE, c->scale);
    fh_spool_add(out, head, sizeof head);
}

void fh_column_write(const uint64_t *values, uint32_t count, fh_spool *out)
{
    fh_column c;
    packer p = {.out = out};
    choose(values, count, &c);
    put_head(&c, out);
    for (uint32_t i = 0; i < count && c.width > 0; i++)
        put_number(&p, number_of(values[i], &c), c.width);
    if (p.bit_count > 0)
        put_byte(&p, (uint8_t)p.bits);
    for (unsigned i = 0; i < FH_COLUMN_TAIL; i++)
        put_byte(&p, 0);
    fh_spool_add(out, p.bytes, p.len);
}
