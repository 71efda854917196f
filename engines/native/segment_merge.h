/*
 * Several segments of one folder become one, without their dead articles.
 */
#ifndef FH_ENGINES_NATIVE_SEGMENT_MERGE_H
#define FH_ENGINES_NATIVE_SEGMENT_MERGE_H

#include "engines/native/generation.h"
#include "engines/native/segment_build.h"

/*
 * Make the living articles of COUNT neighbouring ENTRIES of a generation, whose files are in
 * the folder DATA, the segment number NUMBER there, synced. *MERGED is its entry. All that is
 * read is verified. What fails leaves no file.
 */
fh_status fh_segment_merge(const char *data, const fh_generation_entry *entries, size_t count,
                           uint64_t number, const fh_means *means, fh_generation_entry *merged,
                           fh_error *err);

#endif
