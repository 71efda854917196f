/*
 * For tests of the parts of a segment: spools are filled, sealed, and opened again. Include it last, behind
 * scratch.h.
 */
#ifndef FH_TESTS_UNIT_NATIVE_LAB_H
#define FH_TESTS_UNIT_NATIVE_LAB_H

#include "engines/native/segment.h"

/* Numbers that look random, and are the same each time. */
static inline uint64_t next_random(uint64_t *seed)
{
    uint64_t x = *seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static inline fh_segment_writer *begin_segment(const char *path)
{
    fh_segment_writer *w;
    unlink(path);
    assert_int_equal(fh_segment_writer_new(path, 1 << 20, &w, NULL), FH_OK);
    return w;
}

/* Write what was filled, and open it. */
static inline fh_segment *end_segment(fh_segment_writer *w)
{
    fh_seal seal;
    fh_segment *s;
    fh_error err = {0};
    if (fh_segment_writer_finish(w, &seal, &err) || fh_segment_open(w->path, &seal, &s, &err))
        fail_msg("%s", err.message);
    fh_segment_writer_free(w);
    return s;
}

#endif
