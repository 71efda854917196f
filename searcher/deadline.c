#include "searcher/deadline.h"

#include <time.h>

#define NANOSECONDS_A_SECOND      1000000000
#define NANOSECONDS_A_MILLISECOND 1000000

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * NANOSECONDS_A_SECOND + t.tv_nsec;
}

int64_t fh_deadline_in(uint32_t ms)
{
    return ms ? now() + (int64_t)ms * NANOSECONDS_A_MILLISECOND : 0;
}

bool fh_deadline_passed(int64_t deadline)
{
    return deadline && now() > deadline;
}

fh_status fh_deadline_check(int64_t deadline, fh_error *err)
{
    if (!fh_deadline_passed(deadline))
        return FH_OK;
    return fh_fail(err, FH_ESTOPPED, "the time for the search is over");
}
