/*
 * fihris-serve: answer searches over HTTP, or those of an agent.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/options.h"
#include "searcher/fihris.h"
#include "searcher/serve/front.h"
#include "searcher/serve/limits.h"
#include "searcher/serve/listen.h"
#include "searcher/serve/mcp.h"
#include "searcher/serve/worker.h"

enum { EXIT_DONE = 0, EXIT_FAILED = 2 };

/* The first descriptor that a service manager hands over. */
#define FIRST_PASSED 3

/* How the service starts itself as a worker; nobody else does. */
#define AS_WORKER "--as-worker"

extern char **environ;

/* The command line. */
typedef struct app {
    const char *listen, *keys_path, *origins, *hosts, *base;
    uint64_t workers;
    bool log_queries;
    bool mcp;
    fh_keys *keys;
    int socket;
    int signals;
} app;

static int complain(const fh_error *err)
{
    fprintf(stderr, "fihris-serve: %s\n", err->message);
    return EXIT_FAILED;
}

/* ---- A worker ---- */

/* It ends when the service does: by the end of its socket, or, while it searches, by a signal. */
static int run_worker(const char *path)
{
    fh_error err;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "fihris-worker");
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    return fh_worker_run(FH_WORKER_SOCKET, path, &err) ? EXIT_FAILED : EXIT_DONE;
}

/* ---- For an agent ---- */

/* Whoever started it speaks to it through its standard input and output, and ends it by closing them. */
static int run_mcp(const char *path)
{
    fh_error err;
    signal(SIGPIPE, SIG_IGN);
    return fh_mcp_run(STDIN_FILENO, STDOUT_FILENO, path, &err) ? complain(&err) : EXIT_DONE;
}

/* ---- The service ---- */

/* Is there an index, and can this program read it? */
static fh_status try_index(const char *path, fh_error *err)
{
    fh_searcher *s;
    fh_status status = fh_searcher_open(path, &s, err);
    if (!status)
        fh_searcher_close(s);
    return status;
}

/* Did a service manager hand a socket over to this process? */
static fh_status find_passed(bool *passed, fh_error *err)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    *passed = pid && count && strtol(pid, NULL, 10) == (long)getpid();
    if (*passed && strcmp(count, "1") != 0)
        return fh_fail(err, FH_EUSAGE, "LISTEN_FDS is %s: one socket is served", count);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return FH_OK;
}

static fh_status open_socket(app *a, fh_error *err)
{
    fh_address address;
    bool passed;
    fh_status status = find_passed(&passed, err);
    if (status)
        return status;
    if (passed) {
        a->socket = FIRST_PASSED;
        return fh_listen_take(a->socket, err);
    }
    status = fh_address_parse(fh_str_of(a->listen), &address, err);
    return status ? status : fh_listen_open(&address, &a->socket, err);
}

static fh_status check_keys(app *a, fh_error *err)
{
    if (a->keys_path)
        return fh_keys_read(a->keys_path, &a->keys, err);
    if (!fh_listen_is_local(a->socket))
        return fh_fail(err, FH_EUSAGE,
                       "other machines can ask here: say --keys FILE, or listen at 127.0.0.1");
    return FH_OK;
}

/* SIGTERM and SIGINT come as a descriptor; others must not end the service. */
static fh_status watch_signals(app *a, fh_error *err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    if (sigprocmask(SIG_BLOCK, &set, NULL) == 0)
        a->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return a->signals >= 0 ? FH_OK
                           : fh_fail(err, FH_EIO, "cannot watch signals: %s", strerror(errno));
}

/* Every connection is a descriptor: have as many as one may. */
static void raise_limit(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

static void greet(const app *a)
{
    fh_buffer where = {0};
    fh_listen_name(a->socket, &where);
    fprintf(stderr, "fihris-serve: listening at %s\n", fh_buffer_str(&where).ptr);
    fh_buffer_free(&where);
}

static fh_status serve(app *a, const char *path, fh_error *err)
{
    const char *const worker[] = {"fihris-worker", AS_WORKER, path, NULL};
    fh_front_options options = {.listen = a->socket,
                                .signals = a->signals,
                                .log = STDERR_FILENO,
                                .log_queries = a->log_queries,
                                .keys = a->keys,
                                .origins = fh_str_of(a->origins),
                                .hosts = fh_str_of(a->hosts),
                                .any_host = fh_listen_is_file(a->socket),
                                .base = fh_str_of(a->base),
                                .pool = {.workers = a->workers,
                                         .program = "/proc/self/exe",
                                         .argv = worker,
                                         .environment = environ}};
    greet(a);
    return fh_front_run(&options, err);
}

static int run(app *a, char **rest, size_t count)
{
    fh_error err;
    if (count != 1) {
        fputs("fihris-serve: name one INDEX to serve\nTry: fihris-serve --help\n", stderr);
        return EXIT_FAILED;
    }
    fh_status status = try_index(rest[0], &err);
    if (!status && a->mcp)
        return run_mcp(rest[0]);
    raise_limit();
    if (!status)
        status = open_socket(a, &err);
    if (!status)
        status = check_keys(a, &err);
    if (!status)
        status = watch_signals(a, &err);
    if (!status)
        status = serve(a, rest[0], &err);
    fh_keys_free(a->keys);
    return status ? complain(&err) : EXIT_DONE;
}

/* As many workers as there are processors. */
static uint64_t count_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > FH_WORKERS_MAX ? FH_WORKERS_MAX : (uint64_t)count;
}

int main(int argc, char **argv)
{
    app a = {.listen = FH_LISTEN_DEFAULT,
             .workers = count_processors(),
             .socket = -1,
             .signals = -1};
    if (argc == 3 && strcmp(argv[1], AS_WORKER) == 0)
        return run_worker(argv[2]);
    const fh_option options[] = {
        {"listen", 'l', FH_OPTION_TEXT, &a.listen, "ADDRESS",
         "Listen there (127.0.0.1:8080); [::1]:8080, :8080 for all addresses, port 0 for any.",
         NULL, 0, 0},
        {"workers", 'w', FH_OPTION_COUNT, &a.workers, "N",
         "Search in so many processes (one for each processor).", NULL, 1, FH_WORKERS_MAX},
        {"keys", 0, FH_OPTION_TEXT, &a.keys_path, "FILE",
         "Answer only who says one of the keys in FILE, one a line.", NULL, 0, 0},
        {"allow-origin", 0, FH_OPTION_TEXT, &a.origins, "NAME",
         "Let pages of that site ask, such as https://example.org; several are parted by "
         "commas.",
         NULL, 0, 0},
        {"allow-host", 0, FH_OPTION_TEXT, &a.hosts, "NAME",
         "Without keys: let it be called NAME, too, as by a proxy; several are parted by "
         "commas.",
         NULL, 0, 0},
        {"base-url", 0, FH_OPTION_TEXT, &a.base, "URL",
         "What links in answers begin with, where a proxy stands in front.", NULL, 0, 0},
        {"log-queries", 0, FH_OPTION_FLAG, &a.log_queries, NULL,
         "Log what was searched for, too.", NULL, 0, 0},
        {"mcp", 0, FH_OPTION_FLAG, &a.mcp, NULL,
         "Serve one agent by the Model Context Protocol on standard input and output.", NULL, 0,
         0},
        {0},
    };
    const fh_program program = {
        .name = "fihris-serve",
        .usage = "[options] INDEX",
        .summary = "Answer searches of an index over HTTP, as JSON, lines or a feed, or those "
                   "of an agent. What is published while it runs is found by the next "
                   "search.",
        .examples = "  fihris-serve news.index\n"
                    "  curl -G http://127.0.0.1:8080/v1/search --data-urlencode 'q=الوزارة'\n",
        .options = options,
    };
    fh_error err;
    fh_parsed what;
    int first;
    if (fh_options_parse(&program, argc, argv, &first, &what, &err))
        return complain(&err);
    if (what == FH_PARSED_HELP)
        fh_options_help(&program, stdout);
    else if (what == FH_PARSED_VERSION)
        fh_options_version(&program, stdout);
    else
        return run(&a, argv + first, (size_t)(argc - first));
    return fflush(stdout) == 0 ? EXIT_DONE : EXIT_FAILED;
}
