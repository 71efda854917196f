/*
 * The loop of a worker process: questions from a socket, answers into it.
 */
#ifndef FH_SEARCHER_SERVE_WORKER_H
#define FH_SEARCHER_SERVE_WORKER_H

#include "base/status.h"

/*
 * Answer every message that comes from SOCKET, about the index at PATH, until the other end is closed.
 * Fails with FH_EIO, and with FH_EFORMAT for a message that is none.
 */
fh_status fh_worker_run(int socket, const char *path, fh_error *err);

#endif
