#include "engines/native/native_index.h"

/*
 * The first living article from LOCAL of segment I on: its segment, the shelf's count when
 * there is none.
 */
static size_t find_living(const fh_shelf *shelf, size_t i, uint32_t *local)
{
    for (; i < shelf->count; i++, *local = 0)
        for (; *local < shelf->segments[i]->header.articles; ++*local)
            if (!fh_segment_is_dead(shelf->segments[i], *local))
                return i;
    return i;
}

fh_status fh_nindex_next(void *index, uint32_t after, fh_arena *arena, fh_hit *hit,
                         uint64_t *fingerprint, fh_error *err)
{
    fh_shelf *shelf = ((fh_nindex *)index)->shelf;
    uint32_t local = 0;
    size_t i = after < shelf->articles ? fh_shelf_find(shelf, after + 1, &local) : shelf->count;
    i = find_living(shelf, i, &local);
    if (i == shelf->count)
        return FH_OK;
    const fh_segment *s = shelf->segments[i];
    hit->document = 1 + s->base + local;
    *fingerprint = fh_column_get(&s->prints, local);
    fh_status status = fh_segment_status(s, err);
    return status ? status : fh_nindex_read(shelf, i, local, arena, &hit->article, err);
}
