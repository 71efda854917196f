#include <stdlib.h>
#include <string.h>

#include "engines/manifest.h"
#include "engines/native/generation.h"
#include "engines/native/store.h"

/* How many generations in a row may go while they are opened. */
#define ATTEMPTS 100

/* What a shelf holds of one generation. */
typedef struct content {
    fh_generation *generation;
    fh_segment **segments;
    fh_store **stores;
    bool *kept; /* the segment is one that the shelf has already */
    fh_watch watch;
} content;

/* ---- One generation ---- */

/* Close what is C's alone. */
static void close_content(content *c)
{
    size_t count = c->generation ? c->generation->count : 0;
    for (size_t i = 0; i < count && c->segments && c->kept; i++)
        if (!c->kept[i])
            fh_segment_close(c->segments[i]);
    fh_watch_release(&c->watch);
    fh_generation_free(c->generation);
    free(c->segments);
    free(c->stores);
    free(c->kept);
}

/* The place in S of the segment that E names; its count when it has none. */
static size_t find_open(const fh_shelf *s, const fh_generation_entry *e)
{
    size_t count = s->generation ? s->count : 0;
    for (size_t i = 0; i < count; i++)
        if (s->generation->entries[i].number == e->number &&
            s->segments[i]->file->seal.sum == e->seal.sum &&
            s->segments[i]->file->seal.file_len == e->seal.file_len)
            return i;
    return s->count;
}

static fh_status open_segments(const fh_shelf *s, content *c, fh_error *err)
{
    size_t count = c->generation->count;
    c->segments = calloc(count + 1, sizeof *c->segments);
    c->stores = calloc(count + 1, sizeof *c->stores);
    c->kept = calloc(count + 1, sizeof *c->kept);
    fh_status status = c->segments && c->stores && c->kept ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < count && !status; i++) {
        size_t open = find_open(s, &c->generation->entries[i]);
        c->kept[i] = open < s->count;
        if (c->kept[i]) {
            c->segments[i] = s->segments[open];
            c->stores[i] = s->stores[open];
        } else {
            status = fh_generation_open_segment(s->data, &c->generation->entries[i],
                                                &c->segments[i], err);
        }
    }
    return status;
}

/*
 * Open what is published now. The file is held before it is read, so that what is read is never
 * older than what is held. FH_ENOTFOUND: a file was removed meanwhile, or is missing.
 */
static fh_status open_once(const fh_shelf *s, content *c, fh_error *err)
{
    *c = (content){0};
    fh_watch_hold(&c->watch, s->path);
    fh_status status = fh_generation_read(s->data, &c->generation, err);
    if (!status)
        status = open_segments(s, c, err);
    return status;
}

/*
 * A writer may remove segments between our reading the generation and opening them, but only
 * after it has published another one: when a segment is gone and the generation is still the
 * same, that is damage.
 */
static fh_status open_content(const fh_shelf *s, content *c, fh_error *err)
{
    fh_error why = {0};
    fh_status status = FH_ENOTFOUND;
    bool again = true;
    for (int i = 0; i < ATTEMPTS && again; i++) {
        status = open_once(s, c, &why);
        again = status == FH_ENOTFOUND && fh_watch_changed(&c->watch, s->path);
        bool missing = status == FH_ENOTFOUND && c->generation && !again;
        if (status)
            close_content(c);
        if (missing)
            return fh_fail(err, FH_ECORRUPT, "a file of the index is missing: %s", why.message);
    }
    if (status && err)
        *err = why;
    return status;
}

/* ---- The shelf ---- */

static void close_unkept(fh_shelf *s, const content *c)
{
    for (size_t i = 0; i < s->count; i++) {
        bool kept = false;
        for (size_t k = 0; k < c->generation->count && !kept; k++)
            kept = c->kept[k] && c->segments[k] == s->segments[i];
        if (kept)
            continue;
        fh_store_close(s->stores[i]);
        fh_segment_close(s->segments[i]);
    }
}

/* Let S hold what C has. */
static void adopt(fh_shelf *s, content *c)
{
    close_unkept(s, c);
    fh_generation_free(s->generation);
    free(s->segments);
    free(s->stores);
    fh_watch_release(&s->watch);
    s->generation = c->generation;
    s->segments = c->segments;
    s->stores = c->stores;
    s->watch = c->watch;
    s->count = c->generation->count;
    s->articles = s->dead = s->words = 0;
    for (size_t i = 0; i < s->count; i++) {
        const fh_generation_entry *e = &s->generation->entries[i];
        fh_segment *segment = s->segments[i];
        segment->base = (uint32_t)s->articles;
        segment->dead = e->dead;
        segment->dead_count = e->dead_count;
        s->articles += e->articles;
        s->dead += e->dead_count;
        s->words += segment->header.words;
    }
    free(c->kept);
}

fh_status fh_shelf_open(const char *data, fh_shelf **out, fh_error *err)
{
    fh_shelf *s = calloc(1, sizeof *s);
    content c;
    *out = NULL;
    if (!s)
        return fh_fail_memory(err);
    s->data = strdup(data);
    s->path = fh_path_join(data, FH_GENERATION_NAME);
    fh_status status = s->data && s->path ? open_content(s, &c, err) : fh_fail_memory(err);
    if (status) {
        fh_shelf_close(s);
        return status;
    }
    adopt(s, &c);
    *out = s;
    return FH_OK;
}

fh_status fh_shelf_refresh(fh_shelf *s, bool *changed, fh_error *err)
{
    content c;
    *changed = false;
    if (!fh_watch_changed(&s->watch, s->path))
        return FH_OK;
    fh_status status = open_content(s, &c, err);
    if (status)
        return status;
    *changed = c.generation->number != s->generation->number;
    adopt(s, &c);
    return FH_OK;
}

void fh_shelf_close(fh_shelf *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->count; i++) {
        fh_store_close(s->stores[i]);
        fh_segment_close(s->segments[i]);
    }
    fh_watch_release(&s->watch);
    fh_generation_free(s->generation);
    free(s->segments);
    free(s->stores);
    free(s->data);
    free(s->path);
    free(s);
}

size_t fh_shelf_find(const fh_shelf *s, uint32_t document, uint32_t *local)
{
    *local = 0;
    if (document == 0 || document > s->articles)
        return s->count;
    size_t low = 0;
    size_t high = s->count;
    while (high - low > 1) { /* the last segment that does not begin behind it */
        size_t middle = (low + high) / 2;
        if (s->segments[middle]->base < document)
            low = middle;
        else
            high = middle;
    }
    *local = document - 1 - s->segments[low]->base;
    return low;
}

fh_status fh_shelf_store(fh_shelf *s, size_t i, fh_store **out, fh_error *err)
{
    fh_status status = s->stores[i] ? FH_OK : fh_store_open(s->segments[i], &s->stores[i], err);
    *out = s->stores[i];
    return status;
}

fh_status fh_shelf_status(const fh_shelf *s, fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t i = 0; i < s->count && !status; i++)
        status = fh_segment_status(s->segments[i], err);
    return status;
}
