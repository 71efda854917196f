#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* How many bytes one read asks for. */
#define CHUNK ((size_t)64 * 1024)

/* Folders inside folders that are walked; an index has two or three. */
#define DEPTH_MAX 32

static fh_status fail_errno(fh_error *err, const char *verb, const char *path)
{
    fh_status status = errno == ENOENT ? FH_ENOTFOUND : errno == ENOMEM ? FH_ENOMEM : FH_EIO;
    return fh_fail(err, status, "cannot %s %s: %s", verb, path, strerror(errno));
}

/* ---- Reading ---- */

static fh_status read_all(int fd, const char *path, size_t limit, fh_buffer *out, fh_error *err)
{
    size_t before = out->len;
    for (;;) {
        if (!fh_buffer_reserve(out, CHUNK))
            return fh_fail_memory(err);
        ssize_t n = read(fd, out->data + out->len, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(err, "read", path);
        if (n == 0)
            return FH_OK;
        out->len += (size_t)n;
        if (out->len - before > limit)
            return fh_fail(err, FH_ELIMIT, "%s has more than %zu bytes", path, limit);
    }
}

fh_status fh_file_read(const char *path, size_t limit, fh_buffer *out, fh_error *err)
{
    size_t before = out->len;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, "open", path);
    fh_status status = read_all(fd, path, limit, out, err);
    if (status != FH_OK)
        out->len = before;
    if (out->data)
        out->data[out->len] = '\0';
    close(fd);
    return status;
}

/* ---- Replacing ---- */

static fh_status write_all(int fd, const char *path, fh_str bytes, fh_error *err)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(err, "write", path);
        bytes = (fh_str){bytes.ptr + n, bytes.len - (size_t)n};
    }
    return fsync(fd) == 0 ? FH_OK : fail_errno(err, "write", path);
}

/* Create PATH with BYTES, durably; what fails leaves no file. */
static fh_status write_new(const char *path, fh_str bytes, fh_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail_errno(err, "create", path);
    fh_status status = write_all(fd, path, bytes, err);
    if (close(fd) != 0 && status == FH_OK)
        status = fail_errno(err, "write", path);
    if (status != FH_OK)
        unlink(path);
    return status;
}

/* fsync the folder in which PATH stands. */
static fh_status sync_parent(const char *path, fh_error *err)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    const char *slash = memrchr(path, '/', len);
    if (!slash)
        return fh_folder_sync(".", err);
    char *parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (!parent)
        return fh_fail_memory(err);
    fh_status status = fh_folder_sync(parent, err);
    free(parent);
    return status;
}

fh_status fh_file_replace(const char *path, fh_str bytes, fh_error *err)
{
    fh_buffer temporary = {0};
    fh_buffer_printf(&temporary, "%s.tmp", path);
    if (temporary.failed)
        return fh_fail_memory(err);
    fh_status status = write_new(temporary.data, bytes, err);
    if (status == FH_OK && rename(temporary.data, path) != 0) {
        status = fail_errno(err, "replace", path);
        unlink(temporary.data);
    }
    if (status == FH_OK)
        status = sync_parent(path, err);
    fh_buffer_free(&temporary);
    return status;
}

/* ---- Walking folders ---- */

/* What is done to all that stands below a folder: the content of a folder before the folder itself. */
typedef struct walk {
    fh_status (*visit)(struct walk *w, int folder, const char *name, mode_t mode, off_t size);
    const char *root; /* for messages */
    uint64_t bytes;
    fh_error *err;
} walk;

static fh_status walk_folder(walk *w, int fd, int depth);

static fh_status walk_entry(walk *w, int folder, const char *name, int depth)
{
    struct stat st;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? FH_OK : fail_errno(w->err, "read", w->root);
    if (S_ISDIR(st.st_mode)) {
        int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (fd < 0)
            return fail_errno(w->err, "open a folder in", w->root);
        fh_status status = walk_folder(w, fd, depth + 1);
        if (status != FH_OK)
            return status;
    }
    return w->visit(w, folder, name, st.st_mode, st.st_size);
}

/* Takes FD. */
static fh_status walk_folder(walk *w, int fd, int depth)
{
    fh_status status = FH_OK;
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return fail_errno(w->err, "read", w->root);
    }
    if (depth > DEPTH_MAX)
        status =
            fh_fail(w->err, FH_ELIMIT, "%s has folders more than %d deep", w->root, DEPTH_MAX);
    while (status == FH_OK) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry) {
            if (errno != 0)
                status = fail_errno(w->err, "read", w->root);
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            status = walk_entry(w, dirfd(dir), entry->d_name, depth);
    }
    closedir(dir);
    return status;
}

static int open_folder(const char *path, int flags)
{
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
}

static fh_status sync_and_close(int fd, const char *path, fh_error *err)
{
    fh_status status = fsync(fd) == 0 ? FH_OK : fail_errno(err, "write", path);
    close(fd);
    return status;
}

fh_status fh_folder_sync(const char *path, fh_error *err)
{
    int fd = open_folder(path, 0);
    return fd < 0 ? fail_errno(err, "open", path) : sync_and_close(fd, path, err);
}

fh_status fh_folder_create(const char *path, fh_error *err)
{
    if (mkdir(path, 0777) == 0)
        return sync_parent(path, err);
    if (errno == EEXIST)
        return FH_OK;
    return fh_fail(err, FH_EIO, "cannot create the folder \"%s\": %s", path, strerror(errno));
}

static fh_status sync_entry(walk *w, int folder, const char *name, mode_t mode, off_t size)
{
    (void)size;
    if (!S_ISREG(mode) && !S_ISDIR(mode))
        return FH_OK;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(w->err, "open a file in", w->root);
    return sync_and_close(fd, w->root, w->err);
}

fh_status fh_folder_sync_all(const char *path, fh_error *err)
{
    walk w = {.visit = sync_entry, .root = path, .err = err};
    int fd = open_folder(path, 0);
    if (fd < 0)
        return fail_errno(err, "open", path);
    fh_status status = walk_folder(&w, fd, 1);
    return status == FH_OK ? fh_folder_sync(path, err) : status;
}

static fh_status remove_entry(walk *w, int folder, const char *name, mode_t mode, off_t size)
{
    (void)size;
    if (unlinkat(folder, name, S_ISDIR(mode) ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT)
        return FH_OK;
    return fail_errno(w->err, "remove what is in", w->root);
}

fh_status fh_folder_remove(const char *path, fh_error *err)
{
    walk w = {.visit = remove_entry, .root = path, .err = err};
    int fd = open_folder(path, O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? FH_OK : fail_errno(err, "open", path);
    fh_status status = walk_folder(&w, fd, 1);
    if (status == FH_OK && rmdir(path) != 0 && errno != ENOENT)
        status = fail_errno(err, "remove", path);
    return status;
}

static fh_status add_size(walk *w, int folder, const char *name, mode_t mode, off_t size)
{
    (void)folder;
    (void)name;
    if (S_ISREG(mode))
        w->bytes += (uint64_t)size;
    return FH_OK;
}

uint64_t fh_folder_bytes(const char *path)
{
    walk w = {.visit = add_size, .root = path};
    struct stat st;
    if (stat(path, &st) != 0)
        return 0;
    if (S_ISREG(st.st_mode))
        return (uint64_t)st.st_size;
    int fd = open_folder(path, 0);
    if (fd >= 0)
        walk_folder(&w, fd, 1);
    return w.bytes;
}

/* ---- Watching ---- */

void fh_watch_hold(fh_watch *w, const char *path)
{
    struct stat st;
    fh_watch_release(w);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &st) != 0) {
        close(fd);
        return;
    }
    *w = (fh_watch){fd + 1, st.st_dev, st.st_ino};
}

bool fh_watch_changed(const fh_watch *w, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return w->fd != 0;
    return w->fd == 0 || st.st_dev != w->device || st.st_ino != w->number;
}

void fh_watch_release(fh_watch *w)
{
    if (w->fd)
        close(w->fd - 1);
    *w = (fh_watch){0};
}

/* ---- The lock ---- */

/* The number of the process is for people; what locks is flock on the open file. */
struct fh_lock {
    int fd;
};

static fh_status fail_locked(int fd, const char *path, fh_error *err)
{
    char holder[32];
    ssize_t n = pread(fd, holder, sizeof holder - 1, 0);
    holder[n > 0 ? n : 0] = '\0';
    long process = strtol(holder, NULL, 10);
    if (process <= 0)
        return fh_fail(err, FH_ELOCKED, "another process holds %s: wait until it has ended",
                       path);
    return fh_fail(err, FH_ELOCKED, "process %ld holds %s: wait until it has ended", process,
                   path);
}

static fh_status lock_file(int fd, const char *path, fh_error *err)
{
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? fail_locked(fd, path, err)
                                    : fail_errno(err, "lock", path);
    if (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0)
        return fail_errno(err, "write", path);
    return FH_OK;
}

fh_status fh_lock_take(const char *path, fh_lock **out, fh_error *err)
{
    *out = NULL;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return fail_errno(err, "open", path);
    fh_status status = lock_file(fd, path, err);
    fh_lock *lock = status == FH_OK ? malloc(sizeof *lock) : NULL;
    if (!lock) {
        close(fd);
        return status == FH_OK ? fh_fail_memory(err) : status;
    }
    lock->fd = fd;
    *out = lock;
    return FH_OK;
}

void fh_lock_release(fh_lock *lock)
{
    if (!lock)
        return;
    close(lock->fd);
    free(lock);
}

uint64_t fh_checksum(fh_str bytes)
{
    return XXH3_64bits(bytes.ptr, bytes.len);
}
