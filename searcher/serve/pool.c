#include "searcher/serve/pool.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "searcher/serve/limits.h"

/* How often a job is given to another worker when one dies with it. */
#define TRIES_MAX 3

/* A worker that dies before its first answer is started again after this, then twice this, ... */
#define BACKOFF_FIRST_MS 50
#define BACKOFF_MAX_MS   2000

/* How much of an answer is read at once. */
#define READ_BYTES (64u * 1024)
/* Memory of a worker's buffer that is kept from one answer to the next. */
#define KEPT_BYTES (256u * 1024)

typedef struct worker {
    pid_t process; /* 0: there is none */
    int socket;
    fh_job *job;       /* NULL: idle */
    fh_buffer message; /* what has come of the answer */
    bool answered;     /* since it was started */
    int64_t backoff;   /* milliseconds, after a worker that never answered */
    int64_t start_at;  /* when there is none: when to start one */
} worker;

struct fh_pool {
    fh_pool_options options;
    worker *workers;
    fh_job *first; /* that waits, and the last */
    fh_job *last;
    size_t waiting;
    fh_buffer question;
    uint64_t lost;
    uint64_t killed;
};

int64_t fh_pool_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- Starting and ending workers ---- */

/* Run the program with SOCKET. Returns an error number. */
static int spawn(const fh_pool_options *o, int socket, pid_t *process)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    int code = posix_spawn_file_actions_init(&files);
    if (code)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (code) {
        posix_spawn_file_actions_destroy(&files);
        return code;
    }
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_adddup2(&files, socket, FH_WORKER_SOCKET);
    code = posix_spawn(process, o->program, &files, &attributes, (char *const *)o->argv,
                       o->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return code;
}

static fh_status start_worker(fh_pool *pool, size_t number, fh_error *err)
{
    worker *w = &pool->workers[number];
    int ends[2];
    pid_t process = 0;
    struct epoll_event watch = {.events = EPOLLIN,
                                .data.u64 = pool->options.first_tag + number};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return fh_fail(err, FH_EIO, "cannot make a socket: %s", strerror(errno));
    int code = spawn(&pool->options, ends[1], &process);
    close(ends[1]);
    if (!code && epoll_ctl(pool->options.epoll, EPOLL_CTL_ADD, ends[0], &watch) != 0)
        code = errno;
    if (code) {
        close(ends[0]);
        return fh_fail(err, FH_EIO, "cannot start a worker: %s", strerror(code));
    }
    w->process = process;
    w->socket = ends[0];
    w->answered = false;
    fh_buffer_clear(&w->message);
    return FH_OK;
}

/* How long to wait before a worker takes the place of W, which is gone. */
static void plan_start(worker *w)
{
    int64_t twice = w->backoff > 0 ? 2 * w->backoff : BACKOFF_FIRST_MS;
    w->backoff = w->answered ? 0 : twice < BACKOFF_MAX_MS ? twice : BACKOFF_MAX_MS;
    w->start_at = fh_pool_now() + w->backoff;
}

/* Have done with a worker, dead or not; the process is collected by the next tick. */
static void end_worker(worker *w)
{
    kill(w->process, SIGKILL);
    close(w->socket);
    w->process = 0;
    fh_buffer_clear(&w->message);
    plan_start(w);
}

/* ---- The queue ---- */

static void enqueue(fh_pool *pool, fh_job *job)
{
    job->next = NULL;
    job->waits = true;
    if (pool->last)
        pool->last->next = job;
    else
        pool->first = job;
    pool->last = job;
    pool->waiting++;
}

static void enqueue_first(fh_pool *pool, fh_job *job)
{
    job->next = pool->first;
    job->waits = true;
    pool->first = job;
    if (!pool->last)
        pool->last = job;
    pool->waiting++;
}

/* Take the job behind BEFORE out of the queue; NULL: the first. */
static fh_job *dequeue(fh_pool *pool, fh_job *before)
{
    fh_job *job = before ? before->next : pool->first;
    if (before)
        before->next = job->next;
    else
        pool->first = job->next;
    if (pool->last == job)
        pool->last = before;
    job->waits = false;
    pool->waiting--;
    return job;
}

static void fail_job(fh_job *job, fh_problem problem)
{
    const fh_answer none = {.status = fh_problem_status(problem)};
    job->done(job, problem, &none);
}

/* The worker that had JOB is gone: ask another, unless it is the question that kills them. */
static void retry(fh_pool *pool, fh_job *job)
{
    if (++job->tries < TRIES_MAX && fh_pool_now() < job->deadline)
        enqueue_first(pool, job);
    else
        fail_job(job, FH_PROBLEM_FAILED);
}

static void lose_worker(fh_pool *pool, worker *w)
{
    fh_job *job = w->job;
    w->job = NULL;
    pool->lost++;
    end_worker(w);
    if (job)
        retry(pool, job);
}

/* ---- Asking ---- */

/* The socket is empty while its worker is idle, so that a question goes into it whole. */
static bool ask(fh_pool *pool, worker *w, fh_job *job)
{
    int64_t left = job->deadline - fh_pool_now();
    job->ask.timeout_ms = left > 0 ? (uint32_t)left : 1;
    fh_buffer_clear(&pool->question);
    fh_wire_put_ask(&job->ask, &pool->question);
    fh_str question = fh_buffer_str(&pool->question);
    if (pool->question.failed)
        return false;
    w->job = job;
    if (send(w->socket, question.ptr, question.len, MSG_NOSIGNAL | MSG_DONTWAIT) !=
        (ssize_t)question.len)
        lose_worker(pool, w);
    return true;
}

/* Has one of the workers shown that it can answer? */
static bool has_proven(const fh_pool *pool)
{
    for (size_t i = 0; i < pool->options.workers; i++)
        if (pool->workers[i].process && pool->workers[i].answered)
            return true;
    return false;
}

/*
 * The job for W that waits longest, or NULL. One whose worker died waits for a worker that has answered
 * before, where there is one: what kills workers kills most of all those that begin.
 */
static fh_job *dequeue_for(fh_pool *pool, const worker *w)
{
    fh_job *before = NULL;
    bool any = w->answered || !has_proven(pool);
    for (fh_job *job = pool->first; job; before = job, job = job->next)
        if (any || job->tries == 0)
            return dequeue(pool, before);
    return NULL;
}

/* Give what waits to who is idle. */
static void dispatch(fh_pool *pool)
{
    for (size_t i = 0; i < pool->options.workers && pool->first; i++) {
        worker *w = &pool->workers[i];
        fh_job *job = w->process && !w->job ? dequeue_for(pool, w) : NULL;
        if (job && !ask(pool, w, job))
            fail_job(job, FH_PROBLEM_FAILED);
    }
}

void fh_pool_submit(fh_pool *pool, fh_job *job)
{
    job->tries = 0;
    if (pool->waiting >= FH_WAITING_MAX) {
        fail_job(job, FH_PROBLEM_OVERLOADED);
        return;
    }
    enqueue(pool, job);
    dispatch(pool);
}

/* ---- Listening ---- */

/* Has all of the message come? A length that no answer has counts as what cannot be one. */
static bool is_whole(const worker *w, bool *bad)
{
    *bad = false;
    if (w->message.len < FH_WIRE_LENGTH)
        return false;
    size_t len = fh_wire_length(w->message.data);
    *bad = len > FH_ANSWER_MAX + READ_BYTES || w->message.len > FH_WIRE_LENGTH + len;
    return w->message.len == FH_WIRE_LENGTH + len;
}

/* Hand the answer to who asked. */
static void finish(fh_pool *pool, worker *w)
{
    fh_answer answer;
    fh_buffer message = w->message;
    fh_job *job = w->job;
    fh_str text = {message.data + FH_WIRE_LENGTH, message.len - FH_WIRE_LENGTH};
    if (!job || !fh_wire_get_answer(text, &answer)) {
        lose_worker(pool, w);
        return;
    }
    w->message = (fh_buffer){0};
    w->job = NULL;
    w->answered = true;
    dispatch(pool);
    job->done(job, FH_PROBLEM_NONE, &answer);
    if (w->message.data || message.capacity > KEPT_BYTES) {
        fh_buffer_free(&message);
    } else {
        w->message = message;
        fh_buffer_clear(&w->message);
    }
}

void fh_pool_ready(fh_pool *pool, size_t number)
{
    worker *w = &pool->workers[number];
    bool bad = false;
    if (!w->process)
        return;
    if (!fh_buffer_reserve(&w->message, READ_BYTES)) {
        lose_worker(pool, w);
        return;
    }
    ssize_t n = recv(w->socket, w->message.data + w->message.len, READ_BYTES, MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        w->message.len += (size_t)n;
    if (n > 0 && is_whole(w, &bad))
        finish(pool, w);
    else if (n <= 0 || bad)
        lose_worker(pool, w);
    dispatch(pool);
}

/* ---- Time ---- */

static void expire_waiting(fh_pool *pool, int64_t now)
{
    while (pool->first && pool->first->deadline <= now)
        fail_job(dequeue(pool, NULL), FH_PROBLEM_DEADLINE);
}

static void kill_late(fh_pool *pool, int64_t now)
{
    for (size_t i = 0; i < pool->options.workers; i++) {
        worker *w = &pool->workers[i];
        fh_job *job = w->job;
        if (!job || job->deadline + FH_SERVE_GRACE > now)
            continue;
        w->job = NULL;
        w->answered = true;
        pool->killed++;
        end_worker(w);
        fail_job(job, FH_PROBLEM_DEADLINE);
    }
}

static void start_due(fh_pool *pool, int64_t now)
{
    for (size_t i = 0; i < pool->options.workers; i++) {
        worker *w = &pool->workers[i];
        if (!w->process && w->start_at <= now && start_worker(pool, i, NULL))
            plan_start(w);
    }
}

void fh_pool_tick(fh_pool *pool)
{
    int64_t now = fh_pool_now();
    while (waitpid(-1, NULL, WNOHANG) > 0)
        ;
    expire_waiting(pool, now);
    kill_late(pool, now);
    start_due(pool, now);
    dispatch(pool);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t fh_pool_next(const fh_pool *pool)
{
    int64_t next = pool->first ? pool->first->deadline : INT64_MAX;
    for (size_t i = 0; i < pool->options.workers; i++) {
        const worker *w = &pool->workers[i];
        if (!w->process)
            next = earlier(next, w->start_at);
        else if (w->job)
            next = earlier(next, w->job->deadline + FH_SERVE_GRACE);
    }
    return next;
}

void fh_pool_count(const fh_pool *pool, fh_pool_counts *counts)
{
    *counts =
        (fh_pool_counts){.waiting = pool->waiting, .lost = pool->lost, .killed = pool->killed};
    for (size_t i = 0; i < pool->options.workers; i++) {
        counts->workers += pool->workers[i].process != 0;
        counts->busy += pool->workers[i].job != NULL;
    }
}

/* ---- The whole ---- */

fh_status fh_pool_open(const fh_pool_options *options, fh_pool **out, fh_error *err)
{
    *out = NULL;
    fh_status status = FH_OK;
    fh_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return fh_fail_memory(err);
    pool->options = *options;
    pool->workers = calloc(options->workers, sizeof *pool->workers);
    if (!pool->workers)
        status = fh_fail_memory(err);
    for (size_t i = 0; !status && i < options->workers; i++)
        status = start_worker(pool, i, err);
    if (status) {
        fh_pool_close(pool);
        return status;
    }
    *out = pool;
    return FH_OK;
}

void fh_pool_close(fh_pool *pool)
{
    if (!pool)
        return;
    for (size_t i = 0; pool->workers && i < pool->options.workers; i++) {
        worker *w = &pool->workers[i];
        pid_t process = w->process;
        if (process) {
            end_worker(w);
            waitpid(process, NULL, 0);
        }
        fh_buffer_free(&w->message);
    }
    fh_buffer_free(&pool->question);
    free(pool->workers);
    free(pool);
}
