/*
 * Which segments to merge, so that they stay few, the dead are cleared away, and an article is
 * written only a few times however large the index becomes.
 *
 * A segment's level is the power of FH_TIERS_RATIO that its living bytes reach. Segments stand
 * from old to new, and levels fall: when a new segment stands beside one that is not of a
 * higher level, the two become one, and so on towards the old. So there is at most one segment
 * a level, and an article moves up a level when its segment has met about FH_TIERS_RATIO
 * others [O'Neil et al. 1996, the log-structured merge-tree].
 */
#ifndef FH_ENGINES_NATIVE_TIERS_H
#define FH_ENGINES_NATIVE_TIERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FH_TIERS_RATIO 8

/* Below so many bytes all segments are of one level. */
#define FH_TIERS_LEAST 16384u

/* A segment is written again when more than one in so many of its articles is dead. */
#define FH_TIERS_DEAD_SHARE 25

/* What is known of a segment. */
typedef struct fh_tier {
    uint64_t bytes;
    uint32_t articles; /* with the dead */
    uint32_t dead;
} fh_tier;

/*
 * The neighbours to merge next, [*FIRST, *FIRST + *MERGE), of COUNT segments from old to new;
 * one alone is to be written again without its dead. A merged segment has at most MOST
 * articles. Returns false when nothing is due.
 */
bool fh_tiers_choose(const fh_tier *tiers, size_t count, uint64_t most, size_t *first,
                     size_t *merge);

#endif
