#include "indexer/listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "indexer/input.h"
#include "indexer/seen.h"

#define FIRST_CAPACITY 64

/* One walk below one input. */
typedef struct walk {
    fh_listing *listing;
    const fh_listener *listener;
    fh_seen entered; /* the folders */
    uint64_t passed; /* the folder that is not entered: the index that is being written */
} walk;

void fh_listing_free(fh_listing *l)
{
    free(l->files);
    fh_arena_free(&l->paths);
    *l = (fh_listing){0};
}

fh_str fh_listing_name(const char *input)
{
    fh_str name = fh_str_of(input);
    while (name.len > 1 && name.ptr[name.len - 1] == '/')
        name.len--;
    while (name.len > 2 && fh_str_starts(name, FH_STR("./"))) {
        size_t skip = 2 + strspn(name.ptr + 2, "/");
        name.ptr += skip;
        name.len -= skip;
    }
    return name;
}

static fh_status add_file(fh_listing *l, const char *path, uint64_t bytes, fh_error *err)
{
    if (l->count == l->capacity) {
        size_t wanted = l->capacity ? l->capacity * 2 : FIRST_CAPACITY;
        fh_listed *more = reallocarray(l->files, wanted, sizeof *more);
        if (!more)
            return fh_fail_memory(err);
        l->files = more;
        l->capacity = wanted;
    }
    l->files[l->count++] = (fh_listed){path, bytes};
    l->bytes += bytes;
    return FH_OK;
}

static fh_status refuse(const walk *w, const char *path, const char *reason)
{
    fh_listener_tell(w->listener, FH_REMARK_REFUSED, path, 0, "%s", reason);
    return FH_OK;
}

/* FOLDER/NAME, in the listing's memory; NULL when there is none left. */
static char *join(walk *w, const char *path, const char *name)
{
    size_t len = strlen(path), more = strlen(name);
    bool slash = len > 0 && path[len - 1] != '/';
    char *joined = fh_arena_alloc(&w->listing->paths, len + slash + more + 1);
    if (!joined)
        return NULL;
    memcpy(joined, path, len);
    joined[len] = '/';
    memcpy(joined + len + slash, name, more + 1);
    return joined;
}

/* What a folder is, whatever its name. */
static uint64_t identify(const struct stat *info)
{
    uint64_t numbers[2] = {info->st_dev, info->st_ino};
    return fh_checksum((fh_str){(const char *)numbers, sizeof numbers});
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_shown(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static fh_status list_path(walk *w, const char *path, int depth, fh_error *err);

static fh_status list_entries(walk *w, const char *path, int depth, fh_error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_shown, by_bytes);
    if (count < 0)
        return errno == ENOMEM ? fh_fail_memory(err) : refuse(w, path, strerror(errno));
    bool index = false;
    for (int i = 0; i < count && !index; i++)
        index = strcmp(entries[i]->d_name, FH_INDEX_MARK) == 0;
    fh_status status = index && depth == 0 ? refuse(w, path, "an index, not articles") : FH_OK;
    for (int i = 0; i < count; i++) {
        if (!status && !index) {
            const char *below = join(w, path, entries[i]->d_name);
            status = below ? list_path(w, below, depth + 1, err) : fh_fail_memory(err);
        }
        free(entries[i]);
    }
    free(entries);
    return status;
}

static fh_status list_folder(walk *w, const char *path, const struct stat *info, int depth,
                             fh_error *err)
{
    if (depth > FH_LISTING_DEPTH_MAX)
        return refuse(w, path, "more folders inside folders than are followed");
    uint64_t folder = identify(info);
    if (folder == w->passed)
        return FH_OK;
    if (fh_seen_find(&w->entered, folder))
        return refuse(w, path, "a link to a folder that is already read");
    if (!fh_seen_put(&w->entered, (fh_seen_entry){.key = folder}))
        return fh_fail_memory(err);
    return list_entries(w, path, depth, err);
}

/* List what stands at PATH, in a folder or, at DEPTH 0, on the command line. */
static fh_status list_path(walk *w, const char *path, int depth, fh_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return refuse(w, path, strerror(errno));
    if (S_ISDIR(info.st_mode))
        return list_folder(w, path, &info, depth, err);
    if (S_ISREG(info.st_mode))
        return add_file(w->listing, path, (uint64_t)info.st_size, err);
    if (depth == 0 && !S_ISSOCK(info.st_mode))
        return add_file(w->listing, path, 0, err);
    return refuse(w, path, "neither a file nor a folder");
}

fh_status fh_listing_add(fh_listing *l, const char *input, const fh_listener *listener,
                         bool *there, fh_error *err)
{
    struct stat info;
    walk w = {.listing = l, .listener = listener};
    if (l->index && stat(l->index, &info) == 0)
        w.passed = identify(&info);
    *there = true;
    if (strcmp(input, FH_STANDARD_INPUT) == 0)
        return add_file(l, FH_STANDARD_INPUT, 0, err);
    fh_str path = fh_arena_copy(&l->paths, fh_listing_name(input));
    if (!path.ptr)
        return fh_fail_memory(err);
    *there = stat(path.ptr, &info) == 0;
    fh_status status = list_path(&w, path.ptr, 0, err);
    fh_seen_free(&w.entered);
    return status;
}
