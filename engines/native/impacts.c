#include "engines/native/impacts.h"

#include <string.h>

uint8_t fh_scale_down(uint32_t value)
{
    if (value < 16)
        return (uint8_t)value;
    unsigned shift = 28 - (unsigned)__builtin_clz(value);
    return (uint8_t)(8 * (shift + 1) + (value >> shift) - 8);
}

uint8_t fh_scale_up(uint32_t value)
{
    uint8_t step = fh_scale_down(value);
    return (uint8_t)(step + (fh_scale_value(step) < value));
}

unsigned fh_impacts_read(const uint8_t *bytes, fh_impact impacts[FH_IMPACTS])
{
    unsigned count = 0;
    for (; count < FH_IMPACTS && bytes[2 * count] > 0; count++)
        impacts[count] =
            (fh_impact){fh_scale_value(bytes[2 * count]), fh_scale_value(bytes[2 * count + 1])};
    return count;
}

void fh_front_start(fh_front *f)
{
    f->top = 0;
}

void fh_front_add(fh_front *f, uint32_t frequency, uint32_t length)
{
    unsigned step = fh_scale_up(frequency);
    length = length < UINT32_MAX ? length : UINT32_MAX - 1;
    for (; f->top <= step; f->top++)
        f->shortest[f->top] = UINT32_MAX;
    if (length < f->shortest[step])
        f->shortest[step] = length;
}

void fh_front_join(fh_front *f, const fh_front *from)
{
    for (unsigned step = 0; step < from->top; step++)
        if (from->shortest[step] < UINT32_MAX)
            fh_front_add(f, fh_scale_value((uint8_t)step), from->shortest[step]);
}

/*
 * What a pair scores with the usual constants, for an average length that is the first pair's:
 * good enough to choose which pairs to join; the bound itself depends on no constants.
 */
static float worth(uint8_t frequency, uint32_t length, float average)
{
    float f = (float)fh_scale_value(frequency);
    return f / (f + .3f + .9f * (float)length / average);
}

/* A pair that is not beaten by another. */
typedef struct pair {
    uint8_t frequency;
    uint32_t length;
} pair;

/* The pairs that none beats, from the highest frequency down, so with falling lengths. */
static unsigned list_pairs(const fh_front *f, pair pairs[FH_SCALE_STEPS])
{
    unsigned count = 0;
    uint32_t shortest = UINT32_MAX;
    for (unsigned step = f->top; step-- > 0;) {
        if (f->shortest[step] >= shortest)
            continue;
        shortest = f->shortest[step];
        pairs[count++] = (pair){(uint8_t)step, shortest};
    }
    return count;
}

/* Join the two neighbours whose common bound is the lowest. */
static unsigned join_pairs(pair *pairs, unsigned count, float average)
{
    unsigned best = 0;
    float least = 2;
    for (unsigned i = 0; i + 1 < count; i++) {
        float joined = worth(pairs[i].frequency, pairs[i + 1].length, average);
        if (joined < least) {
            least = joined;
            best = i;
        }
    }
    pairs[best].length = pairs[best + 1].length;
    memmove(pairs + best + 1, pairs + best + 2, (count - best - 2) * sizeof *pairs);
    return count - 1;
}

void fh_front_write(const fh_front *f, uint8_t *out)
{
    pair pairs[FH_SCALE_STEPS];
    unsigned count = list_pairs(f, pairs);
    float average = 1 + (count > 0 ? (float)pairs[0].length : 0);
    while (count > FH_IMPACTS)
        count = join_pairs(pairs, count, average);
    memset(out, 0, FH_IMPACTS_BYTES);
    for (unsigned i = 0; i < count; i++) {
        out[2 * i] = pairs[i].frequency;
        out[2 * i + 1] = fh_scale_down(pairs[i].length);
    }
}
