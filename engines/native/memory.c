#include "engines/native/memory.h"

#include <stdlib.h>
#include <string.h>

/* The fewest elements of an array. */
#define ROOM_MIN 64

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
