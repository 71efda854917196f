#include "engines/manifest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"

char *fh_path_join(const char *path, const char *name)
{
    char *joined;
    return asprintf(&joined, "%s/%s", path, name) < 0 ? NULL : joined;
}

fh_status fh_manifest_read(const char *path, fh_buffer *bytes, fh_error *err)
{
    fh_status status;
    fh_buffer_clear(bytes);
    char *file = fh_path_join(path, FH_MANIFEST_NAME);
    if (!file)
        return fh_fail_memory(err);
    if (access(file, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        status = fh_fail(err, FH_ENOTFOUND, "there is no index in \"%s\"", path);
    else
        status = fh_file_read(file, FH_MANIFEST_MAX, bytes, err);
    free(file);
    return status;
}

/* Copy the text under KEY to TO, which has room for SIZE bytes. */
static bool copy_text(const json_t *object, const char *key, char *to, size_t size)
{
    fh_str text;
    if (!fh_json_text(object, key, &text) || text.len >= size || memchr(text.ptr, 0, text.len))
        return false;
    memcpy(to, text.ptr, text.len);
    to[text.len] = '\0';
    return true;
}

/* Is NAME "g" and digits, and how far does that go? */
static size_t generation_name_length(const char *name)
{
    size_t digits = name[0] == 'g' ? strspn(name + 1, "0123456789") : 0;
    return digits > 0 ? digits + 1 : 0;
}

bool fh_manifest_owns(const char *name)
{
    size_t len = generation_name_length(name);
    const char *rest = name + len;
    return len > 0 && (!*rest || !strcmp(rest, ".tmp") || !strcmp(rest, ".work"));
}

/* `data` becomes part of a path: nothing but a generation's name may stand there. */
static bool is_data_name(const char *name)
{
    return !*name || !name[generation_name_length(name)];
}

fh_status fh_manifest_parse(const char *path, fh_str bytes, fh_manifest *m, fh_error *err)
{
    json_t *object = NULL;
    fh_error why;
    fh_manifest found = {0};
    fh_status status = FH_OK;
    *m = (fh_manifest){0};
    if (fh_json_parse(bytes, &object, &why))
        return fh_fail(err, FH_ECORRUPT, "%s/%s is damaged (%s): index into a new folder", path,
                       FH_MANIFEST_NAME, why.message);
    json_int_t format = json_integer_value(json_object_get(object, "fihris"));
    json_int_t generation = json_integer_value(json_object_get(object, "generation"));
    if (format != 0 && format != FH_MANIFEST_FORMAT)
        status =
            fh_fail(err, FH_EUNSUPPORTED,
                    "index \"%s\" has format %lld, this program reads %d: use a newer fihris",
                    path, (long long)format, FH_MANIFEST_FORMAT);
    else if (format == 0 || !json_is_integer(json_object_get(object, "generation")) ||
             generation < 0 ||
             !copy_text(object, "engine", found.engine, sizeof found.engine) ||
             !copy_text(object, "analysis", found.analysis, sizeof found.analysis) ||
             !copy_text(object, "data", found.data, sizeof found.data) ||
             !is_data_name(found.data))
        status = fh_fail(err, FH_ECORRUPT, "%s/%s is not the manifest of an index", path,
                         FH_MANIFEST_NAME);
    found.generation = (uint64_t)generation;
    if (!status)
        *m = found;
    json_decref(object);
    return status;
}

fh_status fh_manifest_write(const char *path, const fh_manifest *m, fh_error *err)
{
    fh_buffer bytes = {0};
    fh_status status = FH_OK;
    char *file = fh_path_join(path, FH_MANIFEST_NAME);
    json_t *object = json_pack("{s:i, s:s, s:s, s:I, s:s}", "fihris", FH_MANIFEST_FORMAT,
                               "engine", m->engine, "analysis", m->analysis, "generation",
                               (json_int_t)m->generation, "data", m->data);
    if (object)
        fh_json_write(object, &bytes);
    fh_buffer_add_byte(&bytes, '\n');
    if (!file || !object || bytes.failed)
        status = fh_fail_memory(err);
    else
        status = fh_file_replace(file, fh_buffer_str(&bytes), err);
    json_decref(object);
    fh_buffer_free(&bytes);
    free(file);
    return status;
}

/* ---- The folder ---- */

/*
 * May a folder without a manifest hold NAME? Only what a writer leaves that dies before it
 * writes one.
 */
static bool is_harmless(const char *name)
{
    return !strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, FH_LOCK_NAME) ||
           !strcmp(name, FH_MANIFEST_NAME) || !strcmp(name, FH_MANIFEST_NAME ".tmp");
}

fh_status fh_manifest_admit(const char *path, fh_error *err)
{
    fh_status status = FH_OK;
    fh_buffer manifest = {0};
    fh_status missing = fh_manifest_read(path, &manifest, NULL);
    fh_buffer_free(&manifest);
    if (missing != FH_ENOTFOUND)
        return FH_OK;
    DIR *folder = opendir(path);
    if (!folder)
        return fh_fail(err, FH_EIO, "cannot open \"%s\": %s", path, strerror(errno));
    for (struct dirent *entry; !status && (entry = readdir(folder));)
        if (!is_harmless(entry->d_name))
            status =
                fh_fail(err, FH_EUSAGE,
                        "\"%s\" is not an index and not empty (it holds \"%s\"): name another "
                        "folder",
                        path, entry->d_name);
    closedir(folder);
    return status;
}

fh_status fh_manifest_tidy(const char *path, const char *data, fh_error *err)
{
    fh_status status = FH_OK;
    DIR *folder = opendir(path);
    if (!folder)
        return fh_fail(err, FH_EIO, "cannot open \"%s\": %s", path, strerror(errno));
    for (struct dirent *entry; !status && (entry = readdir(folder));) {
        if (!fh_manifest_owns(entry->d_name) || !strcmp(entry->d_name, data))
            continue;
        char *left = fh_path_join(path, entry->d_name);
        status = left ? fh_folder_remove(left, err) : fh_fail_memory(err);
        free(left);
    }
    closedir(folder);
    return status;
}
