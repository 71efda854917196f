/*
 * From a gathering to a segment file: inverted by several threads, stored by several threads,
 * and the same bytes whatever their number.
 */
#ifndef FH_ENGINES_NATIVE_SEGMENT_BUILD_H
#define FH_ENGINES_NATIVE_SEGMENT_BUILD_H

#include "engines/native/gathering.h"
#include "engines/native/segment.h"

/* What work on a segment may take. */
typedef struct fh_means {
    unsigned jobs;   /* threads */
    uint64_t memory; /* bytes that all buffers together should take */
} fh_means;

/* How large a spool may grow in memory. */
size_t fh_means_spool(const fh_means *means);

/*
 * Make G, whose heads are used up by it, the segment file PATH, synced. What fails leaves no
 * file.
 */
fh_status fh_segment_build(fh_gathering *g, const char *path, const fh_means *means,
                           fh_seal *seal, fh_error *err);

/* Bytes of memory, about, that building takes beyond the gathering's own. */
uint64_t fh_segment_build_memory(const fh_gathering *g);

#endif
