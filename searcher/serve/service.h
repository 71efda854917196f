/*
 * A worker's side: a question in, an answer out. It knows the index and no network.
 */
#ifndef FH_SEARCHER_SERVE_SERVICE_H
#define FH_SEARCHER_SERVE_SERVICE_H

#include "searcher/serve/wire.h"

typedef struct fh_service fh_service;

/* PATH is the index, which may be missing as yet: it is opened when it is first asked for. */
fh_status fh_service_open(const char *path, fh_service **out, fh_error *err);

/*
 * Answer ASK. What is published meanwhile is picked up first.
 * out: *ANSWER, whose texts live until the next call. What goes wrong is an answer too.
 */
void fh_service_answer(fh_service *s, const fh_ask *ask, fh_answer *answer);

void fh_service_close(fh_service *s);

#endif
