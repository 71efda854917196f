/*
 * Arrays that grow, in memory of large pages where they are large.
 */
#ifndef FH_ENGINES_NATIVE_MEMORY_H
#define FH_ENGINES_NATIVE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pages.h"

/* Numbers that grow at the end. Begin with a zeroed one; free `at` with free(). */
typedef struct fh_numbers {
    uint32_t *at;
    size_t count;
    size_t room;
} fh_numbers;

/* Make room for COUNT more; false when memory ran out. */
bool fh_numbers_reserve(fh_numbers *n, size_t count);

/*
 * Make *ARRAY, of *ROOM elements of SIZE bytes, hold at least WANTED; false when memory ran
 * out.
 */
bool fh_array_grow(void *array, size_t *room, size_t wanted, size_t size);

#endif
