/*
 * The files that the inputs of a command line stand for, in the order in which they are read: as the
 * inputs are named, and in folders by the bytes of their names, so that the same inputs always give the
 * same articles in the same order.
 *
 * Names that begin with a dot are passed over in folders, and so is a folder that holds an index of
 * ours. What is neither a file nor a folder, or was already read through a link, is refused.
 */
#ifndef FH_INDEXER_LISTING_H
#define FH_INDEXER_LISTING_H

#include "base/buffer.h"
#include "indexer/remark.h"

/* Folders inside folders, at most. */
#define FH_LISTING_DEPTH_MAX 100

/* The file that makes a folder an index. */
#define FH_INDEX_MARK "fihris.json"

typedef struct fh_listed {
    const char
        *path;      /* to open it, and to name it: the input as named and the way from there */
    uint64_t bytes; /* 0 when it is no regular file */
} fh_listed;

/* Begin with a zeroed one but for `index`. The paths live as long as the listing. */
typedef struct fh_listing {
    fh_listed *files;
    size_t count;
    size_t capacity;
    uint64_t bytes; /* of all files */
    fh_arena paths;
    const char *index; /* the folder that is being written, which is passed over too; or NULL */
} fh_listing;

/*
 * Add what INPUT, a path or "-", stands for. What cannot be listed is refused to LISTENER.
 * out: *THERE, whether there is anything of that name at all.
 */
fh_status fh_listing_add(fh_listing *l, const char *input, const fh_listener *listener,
                         bool *there, fh_error *err);
void fh_listing_free(fh_listing *l);

/* INPUT as it stands in ids and origins: without a leading ./ and trailing slashes. */
fh_str fh_listing_name(const char *input);

#endif
