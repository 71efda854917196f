/*
 * A library to be loaded before a program (LD_PRELOAD): it counts the program's calls that change or seal
 * what lies below one folder, and lets the n-th go wrong.
 *
 *   FAULT_ROOT   the folder; nothing happens without it
 *   FAULT_AT     n, from 1; 0 lets all go well
 *   FAULT_DO     what becomes of the n-th call:
 *       exit     the process ends before it
 *       torn     the process ends behind it, or when half of a write is done
 *       power    the process ends before it, and what was never synced is lost: written bytes are what they
 *                were, what grew shrinks, new names in a folder go
 *       full     it and all later calls that need room fail with ENOSPC
 *       ENOSPC, EIO, ENOMEM   it fails so; a close is done all the same
 *       short    a write takes half of its bytes, and says so
 *   FAULT_LOG    a file to which the calls are written, one a line: n, name, path. "ack dirty PATH" stands
 *                there when the program flushes its output while PATH is not synced.
 *
 * Calls of the C library itself, of stdio or dprintf, are not seen: what matters in an index is not
 * written so.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))

enum { EXIT_STATUS = 99, DIRTY_STEP = 1024 };

typedef enum act { ACT_NONE, ACT_EXIT, ACT_TORN, ACT_POWER, ACT_FULL, ACT_FAIL, ACT_SHORT } act;

/* Something that is not synced: bytes [start, end) of a file, or the name of PATH in its folder. */
typedef struct dirt {
    char *path;
    bool name;
    bool
        replaced; /* another file had the name before and is gone: it stands, whatever happens */
    off_t start, end;
    off_t synced; /* the file's length when it was last synced */
    char *old;    /* the bytes that were overwritten, up to that length */
    size_t old_len;
} dirt;

static struct {
    pthread_mutex_t mutex;
    bool ready;
    char root[PATH_MAX];
    size_t root_len;
    long at, count;
    act act;
    int error; /* of ACT_FAIL */
    int log;
    dirt *dirty;
    size_t dirty_count;
} fault = {.mutex = PTHREAD_MUTEX_INITIALIZER, .log = -1};

/* ---- Beginning ---- */

static void read_act(const char *name)
{
    static const struct {
        const char *name;
        act act;
        int error;
    } acts[] = {
        {"exit", ACT_EXIT, 0},        {"torn", ACT_TORN, 0},        {"power", ACT_POWER, 0},
        {"full", ACT_FULL, ENOSPC},   {"ENOSPC", ACT_FAIL, ENOSPC}, {"EIO", ACT_FAIL, EIO},
        {"ENOMEM", ACT_FAIL, ENOMEM}, {"short", ACT_SHORT, 0},
    };
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (strcmp(acts[i].name, name) != 0)
            continue;
        fault.act = acts[i].act;
        fault.error = acts[i].error;
    }
}

__attribute__((constructor)) static void begin(void)
{
    const char *root = getenv("FAULT_ROOT");
    const char *at = getenv("FAULT_AT");
    const char *what = getenv("FAULT_DO");
    const char *log = getenv("FAULT_LOG");
    if (!root || !realpath(root, fault.root))
        return;
    fault.root_len = strlen(fault.root);
    fault.at = at ? strtol(at, NULL, 10) : 0;
    if (what)
        read_act(what);
    if (log)
        fault.log = (int)syscall(SYS_openat, AT_FDCWD, log,
                                 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    fault.ready = true;
}

/* ---- Paths ---- */

static bool is_below(const char *path)
{
    return strncmp(path, fault.root, fault.root_len) == 0 &&
           (path[fault.root_len] == '/' || path[fault.root_len] == '\0');
}

/* The path of an open FD; false when it is none of ours. */
static bool find_path(int fd, char path[PATH_MAX])
{
    char link[64];
    if (!fault.ready || fd < 0)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, path, PATH_MAX - 1);
    if (len < 0)
        return false;
    path[len] = '\0';
    return is_below(path);
}

/* NAME in the folder that is open as DIRECTORY, made absolute; false when it is none of ours. */
static bool find_name(int directory, const char *name, char path[PATH_MAX])
{
    char folder[PATH_MAX];
    if (!fault.ready || !name)
        return false;
    if (name[0] == '/')
        folder[0] = '\0';
    else if (directory == AT_FDCWD ? !getcwd(folder, sizeof folder)
                                   : !find_path(directory, folder))
        return false;
    while (name[0] == '.' && name[1] == '/')
        name += 2;
    int len = snprintf(path, PATH_MAX, name[0] == '/' ? "%s%s" : "%s/%s", folder, name);
    return len < PATH_MAX && is_below(path);
}

/* ---- What is not synced ---- */

static const dirt *find_dirt(const char *path, bool name)
{
    for (size_t i = 0; i < fault.dirty_count; i++)
        if (fault.dirty[i].name == name && strcmp(fault.dirty[i].path, path) == 0)
            return &fault.dirty[i];
    return NULL;
}

static void add_dirt(const char *path, dirt d)
{
    if (fault.dirty_count % DIRTY_STEP == 0)
        fault.dirty =
            realloc(fault.dirty, (fault.dirty_count + DIRTY_STEP) * sizeof *fault.dirty);
    d.path = strdup(path);
    if (!fault.dirty || !d.path)
        abort();
    fault.dirty[fault.dirty_count++] = d;
}

static void drop_dirt(size_t i)
{
    free(fault.dirty[i].path);
    free(fault.dirty[i].old);
    fault.dirty_count--;
    memmove(&fault.dirty[i], &fault.dirty[i + 1],
            (fault.dirty_count - i) * sizeof *fault.dirty);
}

/* What is known of PATH as a file, or as a name. */
static void drop_path(const char *path, bool name)
{
    for (size_t i = fault.dirty_count; i-- > 0;)
        if (fault.dirty[i].name == name && strcmp(fault.dirty[i].path, path) == 0)
            drop_dirt(i);
}

static void note_name(const char *path, bool replaced)
{
    if (!find_dirt(path, true))
        add_dirt(path, (dirt){.name = true, .replaced = replaced});
}

/* LEN bytes are going to be written at START of the file PATH. */
static void note_write(const char *path, off_t start, size_t len)
{
    struct stat st = {0};
    const dirt *known = find_dirt(path, false);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    fstat(fd, &st);
    dirt d = {.start = start,
              .end = start + (off_t)len,
              .synced = known ? known->synced : st.st_size,
              .old = malloc(len + 1)};
    ssize_t got = d.old ? pread(fd, d.old, len, start) : 0;
    d.old_len = got > 0 ? (size_t)got : 0;
    add_dirt(path, d);
    syscall(SYS_close, fd);
}

/* A file that was synced is clean; so are the names in a folder. */
static void note_sync(const char *path)
{
    size_t len = strlen(path);
    drop_path(path, false);
    for (size_t i = fault.dirty_count; i-- > 0;) {
        const char *other = fault.dirty[i].path;
        if (fault.dirty[i].name && strncmp(other, path, len) == 0 && other[len] == '/' &&
            !strchr(other + len + 1, '/'))
            drop_dirt(i);
    }
}

/* What was known of FROM and of all below it goes with its name. */
static void note_rename(const char *from, const char *to, bool replaces)
{
    size_t len = strlen(from);
    drop_path(to, false);
    drop_path(to, true);
    for (size_t i = 0; i < fault.dirty_count; i++) {
        char moved[2 * PATH_MAX];
        dirt *d = &fault.dirty[i];
        if (strncmp(d->path, from, len) != 0 || (d->path[len] != '/' && d->path[len] != '\0'))
            continue;
        snprintf(moved, sizeof moved, "%s%s", to, d->path + len);
        free(d->path);
        d->path = strdup(moved);
    }
    drop_path(to, true);
    note_name(to, replaces);
}

static void note_unlink(const char *path)
{
    drop_path(path, false);
    drop_path(path, true);
}

static void restore(const dirt *d)
{
    int fd = (int)syscall(SYS_openat, AT_FDCWD, d->path, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    syscall(SYS_pwrite64, fd, d->old, d->old_len, d->start);
    syscall(SYS_ftruncate, fd, d->synced);
    syscall(SYS_close, fd);
}

/* A name that replaced another may stand or not: here it stands, to end before the rename is the other. */
static void lose_unsynced(void)
{
    for (size_t i = fault.dirty_count; i-- > 0;)
        if (!fault.dirty[i].name)
            restore(&fault.dirty[i]);
    for (size_t i = fault.dirty_count; i-- > 0;) {
        const dirt *d = &fault.dirty[i];
        if (d->name && !d->replaced && syscall(SYS_unlinkat, AT_FDCWD, d->path, 0) != 0)
            syscall(SYS_unlinkat, AT_FDCWD, d->path, AT_REMOVEDIR);
    }
}

/* ---- Counting ---- */

static void write_log(const char *format, ...)
{
    char line[2 * PATH_MAX];
    va_list args;
    if (fault.log < 0)
        return;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    syscall(SYS_write, fault.log, line, (size_t)len);
}

/* What becomes of one call. */
typedef enum turn { TURN_GO, TURN_FAIL, TURN_HALF, TURN_LAST } turn;

/*
 * Count the call NAME on PATH; NEEDS_ROOM when it can fill a disk. TURN_LAST ends the process behind the call.
 */
static turn take_turn(const char *name, const char *path, bool needs_room)
{
    long n = ++fault.count;
    bool hit = n == fault.at;
    if (hit || fault.at == 0)
        write_log("%ld %s %s\n", n, name, path);
    if (hit && fault.act == ACT_POWER)
        lose_unsynced();
    if (hit && (fault.act == ACT_POWER || fault.act == ACT_EXIT))
        _exit(EXIT_STATUS);
    if (hit && fault.act == ACT_TORN)
        return TURN_LAST;
    if (hit && fault.act == ACT_SHORT)
        return TURN_HALF;
    bool fails = fault.act == ACT_FAIL   ? hit
                 : fault.act == ACT_FULL ? fault.at > 0 && n >= fault.at && needs_room
                                         : false;
    return fails ? TURN_FAIL : TURN_GO;
}

static void end_turn(turn t)
{
    if (t == TURN_LAST)
        _exit(EXIT_STATUS);
    int error = t == TURN_FAIL ? fault.error : errno;
    pthread_mutex_unlock(&fault.mutex);
    errno = error;
}

static turn begin_turn(const char *name, const char *path, bool needs_room)
{
    pthread_mutex_lock(&fault.mutex);
    return take_turn(name, path, needs_room);
}

/* ---- The calls: by descriptor ---- */

static ssize_t write_counted(const char *name, int fd, const void *bytes, size_t len, off_t at)
{
    char path[PATH_MAX];
    bool here = at < 0;
    if (!find_path(fd, path))
        return here ? syscall(SYS_write, fd, bytes, len)
                    : syscall(SYS_pwrite64, fd, bytes, len, at);
    turn t = begin_turn(name, path, true);
    ssize_t done = -1;
    if ((t == TURN_HALF || t == TURN_LAST) && len > 1)
        len /= 2;
    note_write(path, here ? lseek(fd, 0, SEEK_CUR) : at, len);
    if (t != TURN_FAIL)
        done = here ? syscall(SYS_write, fd, bytes, len)
                    : syscall(SYS_pwrite64, fd, bytes, len, at);
    end_turn(t);
    return done;
}

SHOWN ssize_t write(int fd, const void *bytes, size_t len)
{
    return write_counted("write", fd, bytes, len, -1);
}

SHOWN ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return write_counted("pwrite", fd, bytes, len, at);
}

SHOWN ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return write_counted("pwrite", fd, bytes, len, at);
}

static int sync_counted(const char *name, long number, int fd)
{
    char path[PATH_MAX];
    if (!find_path(fd, path))
        return (int)syscall(number, fd);
    turn t = begin_turn(name, path, false);
    int status = t == TURN_FAIL ? -1 : (int)syscall(number, fd);
    if (status == 0)
        note_sync(path);
    end_turn(t);
    return status;
}

SHOWN int fsync(int fd)
{
    return sync_counted("fsync", SYS_fsync, fd);
}

SHOWN int fdatasync(int fd)
{
    return sync_counted("fdatasync", SYS_fdatasync, fd);
}

SHOWN int close(int fd)
{
    char path[PATH_MAX];
    if (!find_path(fd, path))
        return (int)syscall(SYS_close, fd);
    turn t = begin_turn("close", path, false);
    int status = (int)syscall(SYS_close, fd);
    end_turn(t);
    return t == TURN_FAIL ? -1 : status;
}

static int truncate_counted(int fd, off_t len)
{
    char path[PATH_MAX];
    if (!find_path(fd, path))
        return (int)syscall(SYS_ftruncate, fd, len);
    turn t = begin_turn("ftruncate", path, true);
    int status = t == TURN_FAIL ? -1 : (int)syscall(SYS_ftruncate, fd, len);
    end_turn(t);
    return status;
}

SHOWN int ftruncate(int fd, off_t len)
{
    return truncate_counted(fd, len);
}

SHOWN int ftruncate64(int fd, off64_t len)
{
    return truncate_counted(fd, len);
}

static void *map_counted(void *place, size_t len, int access, int flags, int fd, off_t at)
{
    char path[PATH_MAX];
    if ((flags & MAP_ANONYMOUS) || !find_path(fd, path))
        return (void *)syscall(SYS_mmap, place, len, access, flags, fd, at);
    turn t = begin_turn("mmap", path, false);
    void *got = t == TURN_FAIL ? MAP_FAILED
                               : (void *)syscall(SYS_mmap, place, len, access, flags, fd, at);
    end_turn(t);
    return got;
}

SHOWN void *mmap(void *place, size_t len, int access, int flags, int fd, off_t at)
{
    return map_counted(place, len, access, flags, fd, at);
}

SHOWN void *mmap64(void *place, size_t len, int access, int flags, int fd, off64_t at)
{
    return map_counted(place, len, access, flags, fd, at);
}

/* ---- The calls: by name ---- */

static int open_counted(int directory, const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];
    if (!(flags & O_CREAT) || !find_name(directory, name, path))
        return (int)syscall(SYS_openat, directory, name, flags, mode);
    turn t = begin_turn("open", path, true);
    bool fresh = faccessat(AT_FDCWD, path, F_OK, 0) != 0;
    int fd = t == TURN_FAIL ? -1 : (int)syscall(SYS_openat, directory, name, flags, mode);
    if (fd >= 0 && fresh)
        note_name(path, false);
    end_turn(t);
    return fd;
}

static mode_t read_mode(int flags, va_list args)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(args, mode_t) : 0;
}

#define OPEN(function, directory, ...)                                                         \
    SHOWN int function(__VA_ARGS__, int flags, ...)                                            \
    {                                                                                          \
        va_list args;                                                                          \
        va_start(args, flags);                                                                 \
        mode_t mode = read_mode(flags, args);                                                  \
        va_end(args);                                                                          \
        return open_counted(directory, name, flags, mode);                                     \
    }

OPEN(open, AT_FDCWD, const char *name)
OPEN(open64, AT_FDCWD, const char *name)
OPEN(openat, folder, int folder, const char *name)
OPEN(openat64, folder, int folder, const char *name)

SHOWN int mkdirat(int directory, const char *name, mode_t mode)
{
    char path[PATH_MAX];
    if (!find_name(directory, name, path))
        return (int)syscall(SYS_mkdirat, directory, name, mode);
    turn t = begin_turn("mkdir", path, true);
    int status = t == TURN_FAIL ? -1 : (int)syscall(SYS_mkdirat, directory, name, mode);
    if (status == 0)
        note_name(path, false);
    end_turn(t);
    return status;
}

SHOWN int mkdir(const char *name, mode_t mode)
{
    return mkdirat(AT_FDCWD, name, mode);
}

SHOWN int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
    char old[PATH_MAX];
    char new[PATH_MAX];
    if (!find_name(to_folder, to, new) || !find_name(from_folder, from, old))
        return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    turn t = begin_turn("rename", new, false);
    bool replaces = faccessat(AT_FDCWD, new, F_OK, 0) == 0;
    int status =
        t == TURN_FAIL ? -1 : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    if (status == 0)
        note_rename(old, new, replaces);
    end_turn(t);
    return status;
}

SHOWN int rename(const char *from, const char *to)
{
    return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

SHOWN int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags)
{
    char path[PATH_MAX];
    if (!find_name(to_folder, to, path))
        return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    turn t = begin_turn("link", path, true);
    int status =
        t == TURN_FAIL ? -1 : (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    if (status == 0)
        note_name(path, false);
    end_turn(t);
    return status;
}

SHOWN int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

static int unlink_counted(const char *call, int directory, const char *name, int flags)
{
    char path[PATH_MAX];
    if (!find_name(directory, name, path))
        return (int)syscall(SYS_unlinkat, directory, name, flags);
    turn t = begin_turn(call, path, false);
    int status = t == TURN_FAIL ? -1 : (int)syscall(SYS_unlinkat, directory, name, flags);
    if (status == 0)
        note_unlink(path);
    end_turn(t);
    return status;
}

SHOWN int unlinkat(int directory, const char *name, int flags)
{
    return unlink_counted(flags & AT_REMOVEDIR ? "rmdir" : "unlink", directory, name, flags);
}

SHOWN int unlink(const char *name)
{
    return unlink_counted("unlink", AT_FDCWD, name, 0);
}

SHOWN int rmdir(const char *name)
{
    return unlink_counted("rmdir", AT_FDCWD, name, AT_REMOVEDIR);
}

/* ---- Acknowledging ---- */

/* What the program says is flushed: nothing of the index may be unsynced then, but for the lock. */
SHOWN int fflush(FILE *stream)
{
    pthread_mutex_lock(&fault.mutex);
    for (size_t i = 0; stream == stdout && i < fault.dirty_count; i++) {
        const char *name = strrchr(fault.dirty[i].path, '/');
        if (!name || strcmp(name, "/lock") != 0)
            write_log("ack dirty %s\n", fault.dirty[i].path);
    }
    pthread_mutex_unlock(&fault.mutex);
    return fflush_unlocked(stream);
}
