#include "indexer/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEP 65536u

/* How long it is waited for before the listener hears of it. */
#define WAIT_MILLISECONDS 200

typedef struct child {
    pid_t process;
    int said; /* the end of a pipe where its output comes out, or -1 */
} child;

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec;
}

/* A file in memory that holds BYTES, at its beginning; -1 when there is none. */
static int hold(fh_str bytes)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    while (fd >= 0 && bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            close(fd);
            return -1;
        }
        bytes.ptr += n;
        bytes.len -= (size_t)n;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

/* It has begun by now, and has not come far: it has read nothing yet. */
static void limit(pid_t process)
{
    const struct rlimit memory = {FH_CHILD_MEMORY, FH_CHILD_MEMORY};
    const struct rlimit seconds = {FH_CHILD_SECONDS, FH_CHILD_SECONDS};
    const struct rlimit none = {0, 0};
    prlimit(process, RLIMIT_AS, &memory, NULL);
    prlimit(process, RLIMIT_CPU, &seconds, NULL);
    prlimit(process, RLIMIT_FSIZE, &none, NULL);
    prlimit(process, RLIMIT_CORE, &none, NULL);
}

/* Start ARGV with INPUT and OUTPUT as its standard files. Returns an error number. */
static int spawn(const char *const *argv, int input, int output, pid_t *process)
{
    char *const environment[] = {(char *)"LC_ALL=C.UTF-8", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t signals;
    int code = posix_spawn_file_actions_init(&files);
    if (code)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (code) {
        posix_spawn_file_actions_destroy(&files);
        return code;
    }
    /* Signals are for us; we end it. */
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    code =
        posix_spawnp(process, argv[0], &files, &attributes, (char *const *)argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return code;
}

static fh_status start(const char *const *argv, fh_str input, child *c, fh_error *err)
{
    int ends[2] = {-1, -1};
    int in = hold(input);
    int code =
        in < 0 || pipe2(ends, O_CLOEXEC) != 0 ? errno : spawn(argv, in, ends[1], &c->process);
    if (in >= 0)
        close(in);
    if (ends[1] >= 0)
        close(ends[1]);
    if (code && ends[0] >= 0)
        close(ends[0]);
    if (code)
        return fh_fail(err, code == ENOENT ? FH_ENOTFOUND : FH_EIO, "cannot run %s: %s",
                       argv[0], strerror(code));
    limit(c->process);
    c->said = ends[0];
    return FH_OK;
}

/* Read what it says to the end. */
static fh_status listen_to(const child *c, const fh_listener *listener, fh_buffer *out,
                           fh_error *err)
{
    const int64_t deadline = now() + FH_CHILD_SECONDS;
    struct pollfd wait = {.fd = c->said, .events = POLLIN};
    for (;;) {
        if (fh_listener_stops(listener))
            return fh_fail(err, FH_ESTOPPED, "stopped");
        if (now() > deadline)
            return fh_fail(err, FH_ELIMIT, "it takes more than %d seconds", FH_CHILD_SECONDS);
        if (out->len > FH_CHILD_OUTPUT_MAX)
            return fh_fail(err, FH_ELIMIT, "a text of more than %u MiB",
                           FH_CHILD_OUTPUT_MAX >> 20);
        if (poll(&wait, 1, WAIT_MILLISECONDS) <= 0) {
            fh_listener_wait(listener);
            continue;
        }
        if (!fh_buffer_reserve(out, STEP))
            return fh_fail_memory(err);
        ssize_t n = read(c->said, out->data + out->len, STEP);
        if (n < 0 && errno != EINTR)
            return fh_fail(err, FH_EIO, "cannot be read: %s", strerror(errno));
        if (n == 0)
            break;
        out->len += n > 0 ? (size_t)n : 0;
    }
    if (out->data)
        out->data[out->len] = '\0';
    return FH_OK;
}

/* Wait for its end, and say when it was no good one. */
static fh_status finish(const child *c, const char *name, fh_error *err)
{
    int status;
    while (waitpid(c->process, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return FH_OK;
    if (WIFEXITED(status))
        return fh_fail(err, FH_EFORMAT, "%s cannot read it: its exit status is %d", name,
                       WEXITSTATUS(status));
    return fh_fail(err, FH_ELIMIT, "%s was ended by signal %d: it needs more than it may have",
                   name, WTERMSIG(status));
}

fh_status fh_child_run(const char *const *argv, fh_str input, const fh_listener *listener,
                       fh_buffer *out, fh_error *err)
{
    child c = {.said = -1};
    fh_buffer_clear(out);
    fh_status status = start(argv, input, &c, err);
    if (status)
        return status;
    status = listen_to(&c, listener, out, err);
    if (status)
        kill(c.process, SIGKILL);
    close(c.said);
    fh_status ended = finish(&c, argv[0], status ? NULL : err);
    return status ? status : ended;
}
