#include "engines/native/tasks.h"

#include <pthread.h>
#include <signal.h>

/* The most threads that one run starts. */
#define THREADS_MAX 63

typedef struct tasks {
    pthread_mutex_t lock;
    fh_task task;
    void *context;
    size_t next;
    size_t count;
    fh_error failure;
} tasks;

/* The number of the task to do next, or `count`. */
static size_t claim(tasks *t)
{
    pthread_mutex_lock(&t->lock);
    size_t i = t->failure.status ? t->count : t->next;
    t->next += i < t->count;
    pthread_mutex_unlock(&t->lock);
    return i;
}

static void *work(void *context)
{
    tasks *t = context;
    for (size_t i; (i = claim(t)) < t->count;) {
        fh_error err = {0};
        if (t->task(t->context, i, &err) == FH_OK)
            continue;
        pthread_mutex_lock(&t->lock);
        if (!t->failure.status)
            t->failure = err;
        pthread_mutex_unlock(&t->lock);
    }
    return NULL;
}

fh_status fh_tasks_run(unsigned jobs, size_t count, fh_task task, void *context, fh_error *err)
{
    tasks t = {PTHREAD_MUTEX_INITIALIZER, task, context, 0, count, {0}};
    pthread_t threads[THREADS_MAX];
    size_t started = 0;
    sigset_t all, before;
    /* Signals are for the caller's thread. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    /* A thread that cannot be started is one helper less. */
    while (started < THREADS_MAX && started + 1 < jobs && started + 1 < count &&
           pthread_create(&threads[started], NULL, work, &t) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work(&t);
    for (size_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    pthread_mutex_destroy(&t.lock);
    return t.failure.status ? fh_fail(err, t.failure.status, "%s", t.failure.message) : FH_OK;
}
