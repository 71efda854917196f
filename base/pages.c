#include "base/pages.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Of so many bytes on an allocation is large. */
#define LARGE (1024 * 1024)

#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

void *fh_memory_take(size_t len)
{
    if (len < HUGE_PAGE)
        return malloc(len ? len : 1);
    void *memory = NULL;
    if (posix_memalign(&memory, HUGE_PAGE, len) != 0)
        return NULL;
    /*
     * Only what fills huge pages goes into them: half empty ones were a fifth of a small build's memory.
     * Where there are none the memory is good all the same.
     */
    (void)madvise(memory, len / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE);
    return memory;
}

void *fh_memory_take_zeroed(size_t len)
{
    if (len < HUGE_PAGE)
        return calloc(len ? len : 1, 1);
    void *memory = fh_memory_take(len);
    return memory ? memset(memory, 0, len) : NULL;
}

void fh_memory_return(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void fh_memory_keep_little(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}
