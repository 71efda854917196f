/*
 * Sorting texts by their bytes: the first eight of each as a number (keyed.h), what is alike in
 * them by comparing.
 */
#ifndef FH_ENGINES_NATIVE_CODE_ORDER_H
#define FH_ENGINES_NATIVE_CODE_ORDER_H

#include "base/types.h"

/*
 * The numbers of COUNT texts that stand one after the other in CODES, in order of bytes, for
 * free(); text N ends at ENDS[N]. NULL when memory ran out.
 */
uint32_t *fh_code_order(const char *codes, const uint64_t *ends, uint32_t count);

#endif
