/*
 * The front of the service: HTTP by libmicrohttpd, in one thread of one process that never searches.
 *
 *     client --HTTP--> front --question--> worker, of which there are several
 *            <--------       <--answer----
 *
 * One listening socket, one queue: whichever worker is idle takes the request that waits longest, so that
 * a slow query holds up one worker and nobody else, and a worker that crashes takes down no connection.
 * (Workers that listen by themselves, on one socket or by SO_REUSEPORT, would lose all connections they
 * have, and those behind a slow query would wait although another worker is idle.)
 */
#ifndef FH_SEARCHER_SERVE_FRONT_H
#define FH_SEARCHER_SERVE_FRONT_H

#include "searcher/serve/keys.h"
#include "searcher/serve/pool.h"

typedef struct fh_front_options {
    int listen;           /* a socket that listens and does not block */
    int signals;          /* readable when the service shall end */
    int log;              /* where the log goes */
    bool log_queries;     /* log what was asked */
    const fh_keys *keys;  /* NULL: anybody may ask */
    fh_str origins;       /* sites whose pages may ask, parted by commas; may be empty */
    fh_str hosts;         /* names that it may be called by, see hosts.h */
    bool any_host;        /* ... or by any */
    fh_str base;          /* what links begin with; empty: what the client calls us */
    fh_pool_options pool; /* but for the epoll and the tags */
} fh_front_options;

/* Serve until told to end; what is under way then is finished. */
fh_status fh_front_run(const fh_front_options *options, fh_error *err);

#endif
