/*
 * Files: whole reads, atomic replacement, folders that survive a crash, the writer's lock, checksums.
 */
#ifndef FH_BASE_FILE_H
#define FH_BASE_FILE_H

#include "base/buffer.h"
#include "base/status.h"

/*
 * Read all of PATH into OUT (appended). Fails with FH_ENOTFOUND when there is no such file and with
 * FH_ELIMIT when it has more than LIMIT bytes; OUT is then as it was before.
 */
fh_status fh_file_read(const char *path, size_t limit, fh_buffer *out, fh_error *err);

/*
 * Replace PATH by BYTES so that a crash leaves the old content or the new: write PATH.tmp, fsync it,
 * rename it, fsync the folder.
 */
fh_status fh_file_replace(const char *path, fh_str bytes, fh_error *err);

/*
 * A file that is replaced by renaming another over it, kept open to notice that: as long as it is held
 * no other file can have its number. Begin with a zeroed one.
 */
typedef struct fh_watch {
    int fd; /* + 1 */
    uint64_t device;
    uint64_t number;
} fh_watch;

/* Hold the file that PATH names now; what was held before is let go. Nothing there is no error. */
void fh_watch_hold(fh_watch *w, const char *path);
/* Does PATH name another file than the one held? One call of the system. */
bool fh_watch_changed(const fh_watch *w, const char *path);
void fh_watch_release(fh_watch *w);

/* Create the folder PATH, and let its name survive a crash; one that is there already is no error. */
fh_status fh_folder_create(const char *path, fh_error *err);

/* fsync the folder PATH, so that the names in it survive a crash. */
fh_status fh_folder_sync(const char *path, fh_error *err);
/* fsync every regular file below the folder PATH, and every folder. */
fh_status fh_folder_sync_all(const char *path, fh_error *err);
/* Remove the folder PATH and all below it, following no links; nothing there is no error. */
fh_status fh_folder_remove(const char *path, fh_error *err);
/* Sum of the lengths of the regular files below PATH, which may also be a file; 0 if nothing is there. */
uint64_t fh_folder_bytes(const char *path);

/* The lock of the one writer of a folder. It dies with its process. */
typedef struct fh_lock fh_lock;

/*
 * Lock the file PATH (created if need be) and write this process's number into it.
 * Fails with FH_ELOCKED, naming the process that holds it.
 */
fh_status fh_lock_take(const char *path, fh_lock **out, fh_error *err);
void fh_lock_release(fh_lock *lock);

/* XXH3, 64 bits, of BYTES. */
uint64_t fh_checksum(fh_str bytes);

#endif
