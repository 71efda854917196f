/*
 * The worker processes: who is idle, what waits, and what became of it.
 *
 *   open (submit | ready | tick)* close
 *
 * Each worker is this program started afresh, with one end of a socket and an index; it answers one
 * question at a time. One that dies costs the question it had, which is asked of another once. One that
 * searches past the deadline is killed. All runs in the one thread of the front, which waits for the
 * sockets on its epoll.
 */
#ifndef FH_SEARCHER_SERVE_POOL_H
#define FH_SEARCHER_SERVE_POOL_H

#include "searcher/serve/wire.h"

typedef struct fh_pool fh_pool;
typedef struct fh_job fh_job;

/*
 * What became of a job. PROBLEM is FH_PROBLEM_NONE when a worker answered, also when it answered with a
 * problem; the answer's texts live until this returns. The job may be submitted again from here.
 */
typedef void (*fh_job_done)(fh_job *job, fh_problem problem, const fh_answer *answer);

/* A question on its way. Its owner keeps it, and the texts of the ask, until `done` is called. */
struct fh_job {
    fh_ask ask;
    int64_t deadline; /* milliseconds of fh_pool_now */
    fh_job_done done;
    void *context;
    /* The pool's own. */
    fh_job *next;
    bool waits;     /* for a worker */
    unsigned tries; /* workers that died of it, or with it */
};

typedef struct fh_pool_options {
    size_t workers;
    const char *program;      /* the file to run */
    const char *const *argv;  /* what starts a worker; its socket is FH_WORKER_SOCKET */
    char *const *environment; /* of workers */
    int epoll;                /* where the sockets are watched ... */
    uint64_t first_tag;       /* ... under this number for the first worker, and so on */
} fh_pool_options;

/* The number of the socket in a worker. */
#define FH_WORKER_SOCKET 3

typedef struct fh_pool_counts {
    size_t workers; /* that are there */
    size_t busy;
    size_t waiting;
    uint64_t lost;   /* workers that died by themselves */
    uint64_t killed; /* workers that were killed at a deadline */
} fh_pool_counts;

/* Milliseconds of a clock that only goes forward. */
int64_t fh_pool_now(void);

/* Start the workers. Fails when one cannot be started at all. */
fh_status fh_pool_open(const fh_pool_options *options, fh_pool **out, fh_error *err);

/* Hand JOB over; when too many wait it is done at once, with FH_PROBLEM_OVERLOADED. */
void fh_pool_submit(fh_pool *pool, fh_job *job);

/* Worker NUMBER, from 0, has something to say. */
void fh_pool_ready(fh_pool *pool, size_t number);

/* See to deadlines, the dead, and those to be started again. */
void fh_pool_tick(fh_pool *pool);

/* When the next tick is due, in milliseconds of the clock; INT64_MAX: nothing is. */
int64_t fh_pool_next(const fh_pool *pool);

void fh_pool_count(const fh_pool *pool, fh_pool_counts *counts);

/* End all workers. No job may be under way. NULL is allowed. */
void fh_pool_close(fh_pool *pool);

#endif
