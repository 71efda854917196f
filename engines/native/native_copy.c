#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/copy.h"
#include "engines/manifest.h"
#include "engines/native/native_index.h"

/* A generation on its way into another folder. */
typedef struct transfer {
    const char *data;
    const char *to;
    fh_generation *generation;
    int *files; /* + 1: its segments, open; they stay readable when a writer removes them */
    fh_watch watch;
    fh_copied *copied;
} transfer;

/* ---- What is to be copied ---- */

/* The list of segments is small and read back from its copy, so that this is what counts. */
static fh_status copy_list(transfer *t, fh_error *err)
{
    uint64_t bytes;
    char *from = fh_path_join(t->data, FH_GENERATION_NAME);
    char *to = fh_path_join(t->to, FH_GENERATION_NAME);
    fh_status status = from && to ? FH_OK : fh_fail_memory(err);
    if (!status) {
        fh_watch_hold(&t->watch, from);
        status = fh_copy_file(from, to, &bytes, err);
    }
    if (!status) {
        t->copied->copied++;
        t->copied->copied_bytes += bytes;
        status = fh_generation_read(t->to, &t->generation, err);
    }
    free(from);
    free(to);
    return status;
}

/* A segment that is gone was replaced, if there is another list of them by now. */
static fh_status fail_missing(const transfer *t, const char *path, fh_error *err)
{
    char *list = fh_path_join(t->data, FH_GENERATION_NAME);
    bool changed = list && fh_watch_changed(&t->watch, list);
    free(list);
    if (changed)
        return fh_fail(err, FH_ECHANGED, "%s was replaced while it was copied", path);
    return fh_fail(err, FH_ECORRUPT, "a file of the index is missing: %s", path);
}

static fh_status open_segment(transfer *t, size_t i, fh_error *err)
{
    const fh_generation_entry *e = &t->generation->entries[i];
    struct stat st;
    fh_status status = FH_OK;
    char *path = fh_segment_path(t->data, e->number);
    if (!path)
        return fh_fail_memory(err);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    t->files[i] = fd + 1;
    if (fd < 0 && errno == ENOENT)
        status = fail_missing(t, path, err);
    else if (fd < 0 || fstat(fd, &st) != 0)
        status = fh_fail(err, FH_EIO, "cannot open %s: %s", path, strerror(errno));
    else if ((uint64_t)st.st_size != e->seal.file_len)
        status = fh_fail(err, FH_ECORRUPT, "%s has %" PRIu64 " bytes instead of %" PRIu64, path,
                         (uint64_t)st.st_size, e->seal.file_len);
    free(path);
    return status;
}

static fh_status open_segments(transfer *t, fh_error *err)
{
    fh_status status = FH_OK;
    t->files = calloc(t->generation->count + 1, sizeof *t->files);
    if (!t->files)
        return fh_fail_memory(err);
    for (size_t i = 0; i < t->generation->count && !status; i++)
        status = open_segment(t, i, err);
    return status;
}

/* ---- Copying ---- */

/*
 * A segment is never written again, so a second name does for a copy. Where that cannot be, or
 * a writer has just removed the first name, its bytes are copied.
 */
static fh_status move_segment(const transfer *t, size_t i, fh_error *err)
{
    const fh_generation_entry *e = &t->generation->entries[i];
    uint64_t bytes;
    fh_status status = FH_OK;
    char *from = fh_segment_path(t->data, e->number);
    char *to = fh_segment_path(t->to, e->number);
    if (!from || !to)
        status = fh_fail_memory(err);
    else if (link(from, to) == 0) {
        t->copied->linked++;
        t->copied->linked_bytes += e->seal.file_len;
    } else {
        status = fh_copy_open(t->files[i] - 1, from, to, &bytes, err);
        t->copied->copied += !status;
        t->copied->copied_bytes += bytes;
    }
    free(from);
    free(to);
    return status;
}

static void end_transfer(transfer *t)
{
    for (size_t i = 0; t->files && i < t->generation->count; i++)
        if (t->files[i] > 0)
            close(t->files[i] - 1);
    free(t->files);
    fh_watch_release(&t->watch);
    fh_generation_free(t->generation);
}

fh_status fh_nindex_copy(const char *data, const char *to, fh_copied *copied, fh_error *err)
{
    transfer t = {.data = data, .to = to, .copied = copied};
    fh_status status = copy_list(&t, err);
    if (!status)
        status = open_segments(&t, err);
    for (size_t i = 0; !status && i < t.generation->count; i++)
        status = move_segment(&t, i, err);
    end_transfer(&t);
    return status ? status : fh_folder_sync(to, err);
}
