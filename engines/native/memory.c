#include "engines/native/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

/* The fewest elements of an array. */
#define ROOM_MIN 64

void *fh_memory_take(size_t len)
{
    if (len < HUGE_PAGE)
        return malloc(len ? len : 1);
    if (len > SIZE_MAX - HUGE_PAGE)
        return NULL;
    void *memory = aligned_alloc(HUGE_PAGE, (len + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
    /* Where there are no huge pages the memory is good all the same. */
    if (memory)
        (void)madvise(memory, (len + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
    return memory;
}

void fh_memory_return(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

bool fh_array_grow(void *array, size_t *room, size_t wanted, size_t size)
{
    if (wanted <= *room)
        return true;
    size_t more = *room > ROOM_MIN / 2 ? *room : ROOM_MIN / 2;
    more = more > SIZE_MAX / 2 || more * 2 < wanted ? wanted : more * 2;
    if (more > SIZE_MAX / size)
        return false;
    void *old;
    memcpy(&old, array, sizeof old);
    void *memory = fh_memory_take(more * size);
    if (!memory)
        return false;
    if (*room > 0)
        memcpy(memory, old, *room * size);
    free(old);
    memcpy(array, &memory, sizeof memory);
    *room = more;
    return true;
}

bool fh_numbers_reserve(fh_numbers *n, size_t count)
{
    return count <= SIZE_MAX - n->count &&
           fh_array_grow(&n->at, &n->room, n->count + count, sizeof *n->at);
}
