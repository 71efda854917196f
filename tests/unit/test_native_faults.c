/*
 * Every call to the system that writing a native index makes fails once, and ends the process
 * once: the old index is there or the new one, and the same work again succeeds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "tests/unit/engine_lab.h"

/* ---- Calls to the system, ours in place of the C library's ---- */

/* The call at which something happens, counted from 1; 0: never. */
static atomic_int fails_at, exits_at, calls;

enum { EXIT = 77 };

/* Is this the call that fails? */
static bool strikes(int code)
{
    int n = atomic_fetch_add(&calls, 1) + 1;
    if (n == exits_at)
        _exit(EXIT);
    if (n != fails_at)
        return false;
    errno = code;
    return true;
}

static bool is_counted(int fd)
{
    return fd > 2 && (fails_at || exits_at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    if (is_counted(fd) && strikes(ENOSPC))
        return -1;
    return syscall(SYS_write, fd, bytes, len);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    if (is_counted(fd) && strikes(ENOSPC))
        return -1;
    return syscall(SYS_pwrite64, fd, bytes, len, at);
}

int fsync(int fd)
{
    if (is_counted(fd) && strikes(EIO))
        return -1;
    return (int)syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
    if ((fails_at || exits_at) && strikes(EIO))
        return -1;
    return (int)syscall(SYS_rename, from, to);
}

int mkdir(const char *path, mode_t mode)
{
    if ((fails_at || exits_at) && strikes(ENOSPC))
        return -1;
    return (int)syscall(SYS_mkdir, path, mode);
}

static void arm(int fail, int leave)
{
    calls = 0;
    fails_at = fail;
    exits_at = leave;
}

/* ---- What is done, and what there must be before and after ---- */

typedef struct task {
    const char *before; /* the ids that are there, in order of documents; NULL: no index */
    const char *after;
    uint64_t memory;
    void (*prepare)(lab *l);
    fh_status (*work)(fh_writer *w, fh_error *err);
} task;

static fh_status put(fh_writer *w, const char *id, const char *body, fh_error *err)
{
    fh_batch *b;
    bool replaces;
    uint64_t print;
    fh_article a = {.id = fh_str_of(id), .body = fh_str_of(body)};
    fh_status status = fh_writer_lookup(w, a.id, &replaces, &print, err);
    if (!status)
        status = fh_batch_new(w, 1, a.body.len, &b, err);
    if (status)
        return status;
    status = try_put(b, &a, replaces, err);
    if (!status)
        return fh_writer_add(w, b, err);
    fh_batch_free(b);
    return status;
}

static fh_status put_three(fh_writer *w, fh_error *err)
{
    fh_status status = put(w, "1", "x one", err);
    if (!status)
        status = put(w, "2", "x two", err);
    return status ? status : put(w, "3", "x three", err);
}

static void nothing(lab *l)
{
    (void)l;
}

static void three_there(lab *l)
{
    fh_writer *w = begin(l);
    must(put_three(w, err));
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
}

static fh_status change_two(fh_writer *w, fh_error *err)
{
    bool found;
    fh_status status = put(w, "2", "x changed", err);
    return status ? status : fh_writer_remove(w, FH_STR("3"), &found, err);
}

static const task tasks[] = {
    {NULL, "1 2 3", 0, nothing, put_three},       /* a new index, one segment */
    {NULL, "1 2 3", 1, nothing, put_three},       /* several, merged */
    {"1 2 3", "1 2", 0, three_there, change_two}, /* in place, merged with what is there */
    {"1 2 3", "1 2", 1, three_there, change_two},
};

enum { TASKS = sizeof tasks / sizeof *tasks };

/* Do all of a task; what it fails with. */
static fh_status perform(const lab *l, const task *t, fh_error *err)
{
    fh_writer *w = NULL;
    fh_writer_options options = {
        .engine = l->engine, .analysis = LAB_ANALYSIS, .memory = t->memory, .jobs = 2};
    fh_status status = fh_writer_open(l->path, &options, &w, err);
    if (!status)
        status = t->work(w, err);
    if (!status)
        status = fh_writer_publish(w, err);
    fh_writer_close(w);
    return status;
}

/* Which ids are there: in ANSWER, "" for an empty index; false when there is none. */
static bool look(lab *l, const char **answer)
{
    fh_index *ix;
    if (fh_index_open(l->path, &ix, NULL) == FH_ENOTFOUND)
        return false;
    must(fh_index_check(l->path, err));
    *answer = matching(l, ix, word(l, "x"));
    fh_index_close(ix);
    return true;
}

/* The index is as before the task or as after it. */
static void expect_either(lab *l, const task *t)
{
    const char *ids = NULL;
    bool there = look(l, &ids);
    bool before = t->before ? there && !strcmp(ids, t->before) : !there;
    if (!before && !(there && !strcmp(ids, t->after)))
        fail_msg("neither before nor after: \"%s\"", there ? ids : "(none)");
}

static void expect_after(lab *l, const task *t)
{
    const char *ids = NULL;
    fh_error why = {0};
    if (perform(l, t, &why) != FH_OK)
        fail_msg("%s", why.message);
    assert_true(look(l, &ids));
    assert_string_equal(ids, t->after);
}

static void begin_task(lab *l, const task *t)
{
    arm(0, 0);
    fh_folder_remove(l->path, NULL);
    t->prepare(l);
}

static void any_call_may_fail(void **state)
{
    lab *l = *state;
    for (size_t i = 0; i < TASKS; i++) {
        int n = 0;
        fh_status status;
        do {
            fh_error err = {0};
            begin_task(l, &tasks[i]);
            arm(++n, 0);
            status = perform(l, &tasks[i], &err);
            bool struck = calls >= n;
            arm(0, 0);
            if (status) {
                assert_int_equal(status, FH_EIO);
                if (!strstr(err.message, l->folder))
                    fail_msg("call %d of task %zu: %s", n, i, err.message);
            }
            assert_true(struck || !status);
            expect_either(l, &tasks[i]);
            if (!struck)
                break;
            expect_after(l, &tasks[i]);
        } while (n < 1000);
        assert_in_range(n, 12, 200);
    }
}

static void the_process_may_end_at_any_call(void **state)
{
    lab *l = *state;
    for (size_t i = 0; i < TASKS; i++) {
        int status, n = 0;
        do {
            begin_task(l, &tasks[i]);
            pid_t child = fork_child();
            if (child == 0) {
                arm(0, n + 1);
                _exit(perform(l, &tasks[i], NULL) == FH_OK ? 0 : 1);
            }
            n++;
            waitpid(child, &status, 0);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 1);
            expect_either(l, &tasks[i]);
            if (WEXITSTATUS(status) == EXIT)
                expect_after(l, &tasks[i]);
        } while (WEXITSTATUS(status) == EXIT);
        assert_in_range(n, 12, 200);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        lab_test(any_call_may_fail),
        lab_test(the_process_may_end_at_any_call),
    };
    char native[] = "native";
    char *arguments[] = {native, native, NULL};
    return run_lab("native faults", tests, sizeof tests / sizeof *tests, 2, arguments);
}
