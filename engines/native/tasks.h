/*
 * Work that is cut into tasks, done by several threads at a time.
 */
#ifndef FH_ENGINES_NATIVE_TASKS_H
#define FH_ENGINES_NATIVE_TASKS_H

#include "base/status.h"

/* Do task I; it may run at the same time as others. */
typedef fh_status (*fh_task)(void *context, size_t i, fh_error *err);

/*
 * Do COUNT tasks, begun in their order, on at most JOBS threads, of which the caller's is one;
 * returns when all are done. After a failure no further task is begun; the first one's is
 * told.
 */
fh_status fh_tasks_run(unsigned jobs, size_t count, fh_task task, void *context, fh_error *err);

#endif
