/*
 * Connections by what they are at, the longest at it first: so that slow ones can be closed in time, and
 * the slowest when there is no room for others.
 */
#ifndef FH_SEARCHER_SERVE_CLIENTS_H
#define FH_SEARCHER_SERVE_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum fh_phase {
    FH_PHASE_RECEIVE, /* a request is awaited, or comes in */
    FH_PHASE_SEND,    /* an answer goes out */
    FH_PHASE_STREAM,  /* the answer to a batch goes out */
    FH_PHASE_WORK,    /* a worker has the request: that has a deadline of its own */
    FH_PHASES         /* how many there are */
} fh_phase;

typedef struct fh_client {
    int socket;
    fh_phase phase;
    int64_t since; /* milliseconds of the clock when it came into the phase */
    bool closing;
    void *request; /* that is under way, for who serves it; or NULL */
    struct fh_client *prev;
    struct fh_client *next;
} fh_client;

/* Begin with a zeroed one. */
typedef struct fh_clients {
    struct {
        fh_client *first;
        fh_client *last;
    } phases[FH_PHASES];
    size_t count;
    uint64_t evicted;
} fh_clients;

/* CLIENT, whose socket is set, is new; the oldest slow one is closed when there are too many. */
void fh_clients_add(fh_clients *all, fh_client *client, int64_t now);
void fh_clients_move(fh_clients *all, fh_client *client, fh_phase phase, int64_t now);
void fh_clients_remove(fh_clients *all, fh_client *client);

/*
 * Close those that take too long. Closing is a shutdown of the socket: who serves it sees its end and
 * calls fh_clients_remove.
 */
void fh_clients_reap(fh_clients *all, int64_t now);

#endif
