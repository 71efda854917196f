#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/copy.h"
#include "base/file.h"
#include "engines/manifest.h"
#include "engines/xapian/xapian_index.h"

/* Tables change in place, so each needs bytes of its own. */
static fh_status copy_table(const char *data, const char *name, const char *to,
                            fh_copied *copied, fh_error *err)
{
    struct stat st;
    uint64_t bytes = 0;
    char *from = fh_path_join(data, name);
    char *there = fh_path_join(to, name);
    fh_status status = from && there ? FH_OK : fh_fail_memory(err);
    if (!status && stat(from, &st) != 0)
        status = fh_fail(err, FH_EIO, "cannot read %s: %s", from, strerror(errno));
    if (!status && S_ISREG(st.st_mode)) {
        status = fh_copy_file(from, there, &bytes, err);
        copied->copied += !status;
        copied->copied_bytes += bytes;
    }
    free(from);
    free(there);
    return status;
}

fh_status fh_xindex_copy(const char *data, const char *to, fh_copied *copied, fh_error *err)
{
    fh_status status = FH_OK;
    DIR *folder = opendir(data);
    if (!folder)
        return fh_fail(err, FH_EIO, "cannot open \"%s\": %s", data, strerror(errno));
    while (!status) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry)
            break;
        status = copy_table(data, entry->d_name, to, copied, err);
    }
    if (!status && errno != 0)
        status = fh_fail(err, FH_EIO, "cannot read \"%s\": %s", data, strerror(errno));
    closedir(folder);
    return status ? status : fh_folder_sync(to, err);
}
