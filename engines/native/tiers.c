#include "engines/native/tiers.h"

/* What a segment would be without its dead. */
static fh_tier living(const fh_tier *t)
{
    double share = t->articles > 0 ? (double)(t->articles - t->dead) / t->articles : 0;
    return (fh_tier){.bytes = (uint64_t)((double)t->bytes * share),
                     .articles = t->articles - t->dead};
}

static unsigned level_of(uint64_t bytes)
{
    unsigned level = 0;
    for (uint64_t least = FH_TIERS_LEAST; bytes >= least; level++) {
        if (least > UINT64_MAX / FH_TIERS_RATIO)
            return level + 1;
        least *= FH_TIERS_RATIO;
    }
    return level;
}

/* Grow the merge that ends before END towards the old; returns where it begins. */
static size_t reach_back(const fh_tier *tiers, size_t end, uint64_t most)
{
    size_t first = end - 1;
    fh_tier sum = living(&tiers[first]);
    uint64_t articles = sum.articles;
    while (first > 0) {
        fh_tier older = living(&tiers[first - 1]);
        articles += older.articles;
        if (level_of(older.bytes) > level_of(sum.bytes) || articles > most)
            break;
        sum.bytes += older.bytes;
        first--;
    }
    return first;
}

bool fh_tiers_choose(const fh_tier *tiers, size_t count, uint64_t most, size_t *first,
                     size_t *merge)
{
    for (size_t end = count; end > 0; end--) {
        *first = reach_back(tiers, end, most);
        *merge = end - *first;
        if (*merge > 1)
            return true;
    }
    for (size_t i = 0; i < count; i++)
        if ((uint64_t)tiers[i].dead * FH_TIERS_DEAD_SHARE > tiers[i].articles) {
            *first = i;
            *merge = 1;
            return true;
        }
    *first = 0;
    *merge = 0;
    return false;
}
