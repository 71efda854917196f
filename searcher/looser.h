/*
 * What looser searches than one that found nothing would find.
 */
#ifndef FH_SEARCHER_LOOSER_H
#define FH_SEARCHER_LOOSER_H

#include "searcher/answer.h"

/*
 * Count what each looser search than that of JOB finds, into its `out`, in FH_LOOSER_MS or until its
 * deadline. A search that cannot be counted, for want of time or by a limit, is left out.
 */
fh_status fh_looser_count(const fh_job *job, fh_error *err);

#endif
