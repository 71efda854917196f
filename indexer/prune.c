#include "indexer/prune.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/file.h"
#include "indexer/listing.h"

/* The articles that go. They are gathered first: the walk is over what is being changed. */
typedef struct gone {
    const fh_prune *prune;
    fh_arena texts;
    fh_str *ids;
    size_t count, capacity;
    uint64_t kept; /* not seen, but of a troubled file */
} gone;

/* Was ORIGIN refused in whole or in part, or a folder or archive that it lies in? */
static bool is_troubled(const fh_prune *prune, fh_str origin)
{
    for (size_t len = 1; len <= origin.len; len++) {
        bool border = len == origin.len || origin.ptr[len] == '/' || origin.ptr[len] == '!';
        if (border && fh_seen_find(prune->troubled, fh_checksum((fh_str){origin.ptr, len})))
            return true;
    }
    return false;
}

static fh_status gather(void *context, fh_str origin, fh_str id, fh_error *err)
{
    gone *g = context;
    if (fh_seen_find(g->prune->seen, fh_checksum(id)))
        return FH_OK;
    if (is_troubled(g->prune, origin)) {
        g->kept++;
        return FH_OK;
    }
    if (g->count == g->capacity) {
        size_t wanted = g->capacity ? g->capacity * 2 : 256;
        fh_str *more = reallocarray(g->ids, wanted, sizeof *more);
        if (!more)
            return fh_fail_memory(err);
        g->ids = more;
        g->capacity = wanted;
    }
    g->ids[g->count] = fh_arena_copy(&g->texts, id);
    return g->ids[g->count++].ptr ? FH_OK : fh_fail_memory(err);
}

fh_status fh_prune_input(const fh_prune *prune, fh_writer *w, const char *input,
                         uint64_t *removed, fh_error *err)
{
    gone g = {.prune = prune};
    fh_status status = fh_writer_walk(w, fh_listing_name(input), gather, &g, err);
    for (size_t i = 0; i < g.count && !status; i++) {
        bool found;
        status = fh_writer_remove(w, g.ids[i], &found, err);
        *removed += !status && found;
    }
    if (g.kept > 0)
        fh_listener_tell(prune->listener, FH_REMARK_WARNING, input, 0,
                         "%" PRIu64
                         " article%s not found again kept, because files were refused",
                         g.kept, g.kept == 1 ? "" : "s");
    fh_arena_free(&g.texts);
    free(g.ids);
    return status;
}
