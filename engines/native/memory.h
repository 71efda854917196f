/*
 * Memory for arrays of many megabytes: where it can be had in huge pages, first touching it
 * costs a five hundredth of the page faults. (Measured: page faults were a fifth of a build's
 * time.)
 */
#ifndef FH_ENGINES_NATIVE_MEMORY_H
#define FH_ENGINES_NATIVE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* LEN bytes of any content for free(), or NULL. */
void *fh_memory_take(size_t len);

/*
 * Give free memory back to the system, as far as that is possible: what one thread has freed the C
 * library keeps from the others. (Measured: without it a build in 160 MB took 290.)
 */
void fh_memory_return(void);

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
