#include "engines/engine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engines/engine_row.h"
#include "engines/manifest.h"

/* How many publishes in a row may come between reading what is there and copying it. */
#define COPY_ATTEMPTS 100

/* Read and parse the manifest of the index at PATH; BYTES hold it. */
static fh_status read_manifest(const char *path, fh_buffer *bytes, fh_manifest *m,
                               fh_error *err)
{
    fh_status status = fh_manifest_read(path, bytes, err);
    return status ? status : fh_manifest_parse(path, fh_buffer_str(bytes), m, err);
}

static fh_status take_lock(const char *path, fh_lock **lock, fh_error *err)
{
    char *name = fh_path_join(path, FH_LOCK_NAME);
    fh_status status = name ? fh_lock_take(name, lock, err) : fh_fail_memory(err);
    free(name);
    return status;
}

/* ---- Checking ---- */

/* Verify the data that the manifest M of the index at PATH names. */
static fh_status check_data(const char *path, const fh_manifest *m, fh_error *err)
{
    const fh_engine *engine = fh_engine_find(m->engine);
    if (!engine)
        return fh_engine_fail(path, m->engine, err);
    char *data = fh_path_join(path, m->data);
    fh_status status = data ? engine->index_check(data, err) : fh_fail_memory(err);
    free(data);
    return status;
}

/*
 * What is being written cannot be verified; but where no lock can be taken, nobody can write
 * either.
 */
static fh_status keep_writers_out(const char *path, fh_lock **lock, fh_error *err)
{
    fh_status status = take_lock(path, lock, err);
    return status == FH_ELOCKED || status == FH_ENOMEM ? status : FH_OK;
}

fh_status fh_index_check(const char *path, fh_error *err)
{
    fh_buffer bytes = {0};
    fh_manifest m = {0};
    fh_lock *lock = NULL;
    fh_status status = fh_manifest_read(path, &bytes, err);
    if (!status)
        status = keep_writers_out(path, &lock, err);
    if (!status)
        status = read_manifest(path, &bytes, &m, err);
    if (!status && m.data[0])
        status = check_data(path, &m, err);
    fh_lock_release(lock);
    fh_buffer_free(&bytes);
    return status;
}

/* ---- New places ---- */

fh_status fh_index_vacant(const char *path, fh_error *err)
{
    fh_buffer bytes = {0};
    fh_manifest m = {0};
    struct stat st;
    if (stat(path, &st) != 0 && errno == ENOENT)
        return FH_OK;
    fh_status status = fh_manifest_admit(path, err);
    fh_status found = status ? status : read_manifest(path, &bytes, &m, err);
    if (!status && found != FH_ENOTFOUND)
        status = found;
    if (!status && m.data[0])
        status =
            fh_fail(err, FH_EUSAGE, "\"%s\" holds an index already: name another folder", path);
    fh_buffer_free(&bytes);
    return status;
}

static void remove_name(const char *path, const char *name)
{
    char *file = fh_path_join(path, name);
    if (file)
        unlink(file);
    free(file);
}

void fh_index_discard(const char *path, bool folder)
{
    fh_buffer bytes = {0};
    fh_manifest m = {0};
    fh_lock *lock;
    if (take_lock(path, &lock, NULL) != FH_OK)
        return;
    fh_status status = read_manifest(path, &bytes, &m, NULL);
    if (!status && !m.data[0])
        fh_manifest_tidy(path, "", NULL);
    if (status == FH_ENOTFOUND || (!status && !m.data[0])) {
        remove_name(path, FH_MANIFEST_NAME);
        remove_name(path, FH_MANIFEST_NAME ".tmp");
        remove_name(path, FH_LOCK_NAME);
        if (folder)
            rmdir(path);
    }
    fh_lock_release(lock);
    fh_buffer_free(&bytes);
}

/* ---- Copying ---- */

/* A copy on its way. */
typedef struct snapshot {
    const char *path; /* the index */
    const char *to;
    const fh_engine *engine;
    fh_manifest manifest;
    fh_buffer bytes; /* of the manifest */
    fh_lock *quiet;  /* keeps writers out of the index, where that must be */
    fh_lock *claim;  /* keeps everybody else out of the copy */
    fh_copied copied;
} snapshot;

static fh_status keep_quiet(snapshot *s, fh_error *err)
{
    fh_error why = {0};
    if (!s->engine->changes_in_place || s->quiet)
        return FH_OK;
    if (take_lock(s->path, &s->quiet, &why))
        return fh_fail(err, why.status,
                       "%s: the engine %s changes its files in place, so they can be copied "
                       "only when nobody writes",
                       why.message, s->manifest.engine);
    return read_manifest(s->path, &s->bytes, &s->manifest, err);
}

/* Find out what there is to copy. */
static fh_status look(snapshot *s, fh_error *err)
{
    fh_status status = read_manifest(s->path, &s->bytes, &s->manifest, err);
    if (status)
        return status;
    if (!s->manifest.data[0])
        return fh_fail(err, FH_ENOTFOUND,
                       "index \"%s\" is empty: nothing has been published in it yet", s->path);
    s->engine = fh_engine_find(s->manifest.engine);
    return s->engine ? keep_quiet(s, err) : fh_engine_fail(s->path, s->manifest.engine, err);
}

/* Open the copied DATA, as readers will, and count what is in them. */
static fh_status try_copy(snapshot *s, const char *data, fh_error *err)
{
    void *index = NULL;
    fh_index_stats stats = {0};
    fh_status status = s->engine->index_open(data, &index, err);
    if (!status)
        status = s->engine->index_stats(index, &stats, err);
    if (index)
        s->engine->index_close(index);
    s->copied.articles = stats.articles;
    return status;
}

static fh_status copy_data(snapshot *s, fh_error *err)
{
    char *from = fh_path_join(s->path, s->manifest.data);
    char *to = fh_path_join(s->to, s->manifest.data);
    s->copied = (fh_copied){0};
    fh_status status = from && to ? fh_manifest_tidy(s->to, "", err) : fh_fail_memory(err);
    if (!status)
        status = fh_folder_create(to, err);
    if (!status)
        status = s->engine->index_copy(from, to, &s->copied, err);
    if (!status)
        status = try_copy(s, to, err);
    free(from);
    free(to);
    return status;
}

/* Does the manifest say something else by now? */
static bool was_replaced(const snapshot *s)
{
    fh_buffer now = {0};
    fh_status status = fh_manifest_read(s->path, &now, NULL);
    bool replaced = !status && !fh_str_equal(fh_buffer_str(&now), fh_buffer_str(&s->bytes));
    fh_buffer_free(&now);
    return replaced;
}

static fh_status copy_current(snapshot *s, fh_error *err)
{
    fh_status status = FH_ECHANGED;
    bool again = true;
    for (int i = 0; i < COPY_ATTEMPTS && again; i++) {
        status = look(s, err);
        if (status)
            return status;
        status = copy_data(s, err);
        again = status == FH_ECHANGED || (status && was_replaced(s));
    }
    return status;
}

/*
 * Mark the folder as that of an index in which nothing is published: what is left when this process dies
 * can be told from what is somebody's.
 */
static fh_status claim(snapshot *s, fh_error *err)
{
    fh_status status = fh_folder_create(s->to, err);
    if (!status)
        status = take_lock(s->to, &s->claim, err);
    if (!status)
        status = fh_index_vacant(s->to, err);
    if (status)
        return status;
    fh_manifest unpublished = s->manifest;
    unpublished.data[0] = '\0';
    unpublished.generation = 0;
    return fh_manifest_write(s->to, &unpublished, err);
}

static fh_status put_manifest(const snapshot *s, fh_error *err)
{
    char *file = fh_path_join(s->to, FH_MANIFEST_NAME);
    fh_status status =
        file ? fh_file_replace(file, fh_buffer_str(&s->bytes), err) : fh_fail_memory(err);
    free(file);
    return status;
}

fh_status fh_index_snapshot(const char *path, const char *to, fh_copied *copied, fh_error *err)
{
    snapshot s = {.path = path, .to = to};
    struct stat st;
    *copied = (fh_copied){0};
    bool fresh = stat(to, &st) != 0;
    fh_status status = fh_index_vacant(to, err);
    if (!status)
        status = look(&s, err);
    bool begun = !status;
    if (!status)
        status = claim(&s, err);
    if (!status)
        status = copy_current(&s, err);
    if (!status)
        status = put_manifest(&s, err);
    fh_lock_release(s.claim);
    fh_lock_release(s.quiet);
    if (status && begun)
        fh_index_discard(to, fresh);
    if (!status)
        *copied = s.copied;
    fh_buffer_free(&s.bytes);
    return status;
}
