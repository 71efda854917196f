/*
 * What bounds the score of some articles that hold a term: few pairs of a frequency and a
 * length, so that each of the articles has, against one of the pairs, no higher frequency and
 * no lower length.
 *
 * A number of a pair is one byte on a scale of 8 steps an octave: below 16 it is the number
 * itself, else 8 * e + m stands for (8 + m) << (e - 1), e from 2, m below 8.
 */
#ifndef FH_ENGINES_NATIVE_IMPACTS_H
#define FH_ENGINES_NATIVE_IMPACTS_H

#include "base/types.h"

#define FH_IMPACTS       4
#define FH_IMPACTS_BYTES (2u * FH_IMPACTS)

typedef struct fh_impact {
    uint32_t frequency; /* weighted, as the writer's title weight has it */
    uint32_t length;
} fh_impact;

/* The number that a byte of the scale stands for; UINT32_MAX for those above it. */
static inline uint32_t fh_scale_value(uint8_t step)
{
    if (step < 16)
        return step;
    return step < 240 ? (uint32_t)(8 + step % 8) << (step / 8 - 1) : UINT32_MAX;
}

/*
 * The highest step that does not stand for more than VALUE, the lowest that does not stand
 * for less.
 */
uint8_t fh_scale_down(uint32_t value);
uint8_t fh_scale_up(uint32_t value);

/* Read what fh_front_write() wrote; returns how many pairs, 0 to FH_IMPACTS. */
unsigned fh_impacts_read(const uint8_t *bytes, fh_impact impacts[FH_IMPACTS]);

/* ---- Gathering: start (add)* write ---- */

#define FH_SCALE_STEPS 241

/* The shortest length met at each step of frequency. */
typedef struct fh_front {
    uint32_t shortest[FH_SCALE_STEPS]; /* UINT32_MAX: none */
    unsigned top;                      /* above the highest step met */
} fh_front;

void fh_front_start(fh_front *f);
void fh_front_add(fh_front *f, uint32_t frequency, uint32_t length);
/* Add all that FROM has. */
void fh_front_join(fh_front *f, const fh_front *from);
/* Write FH_IMPACTS_BYTES that bound all that was added. */
void fh_front_write(const fh_front *f, uint8_t *out);

#endif
