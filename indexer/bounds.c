#include "indexer/bounds.h"

#include "indexer/source.h"

fh_status fh_bounds_produce(fh_bounds *b, size_t len, fh_error *err)
{
    b->produced += len;
    if (b->produced <= FH_RATIO_FREE ||
        (b->produced - FH_RATIO_FREE) / FH_RATIO_MAX <= fh_source_farthest(b->file))
        return FH_OK;
    return fh_fail(err, FH_ELIMIT, "more than %u times as much comes out as was packed: a bomb",
                   FH_RATIO_MAX);
}

fh_status fh_bounds_enter(fh_bounds *b, fh_error *err)
{
    if (b->entries++ < FH_ENTRIES_MAX)
        return FH_OK;
    return fh_fail(err, FH_ELIMIT, "more than %u entries: the rest is left out",
                   FH_ENTRIES_MAX);
}
