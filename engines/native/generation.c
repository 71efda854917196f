#include "engines/native/generation.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engines/manifest.h"
#include "engines/native/pack.h"

/* Places in the file. */
#define VERSION  8
#define SEGMENTS 12
#define NUMBER   16
#define NEXT     24
#define HEADER   32u
#define ENTRY    40u /* bytes of a segment, its dead list apart */
#define SPAN     16u /* bytes of a span's head */
#define SUM      8u

char *fh_segment_path(const char *data, uint64_t number)
{
    char name[32];
    snprintf(name, sizeof name, "%" PRIu64 ".seg", number);
    return fh_path_join(data, name);
}

fh_status fh_generation_open_segment(const char *data, const fh_generation_entry *e,
                                     fh_segment **out, fh_error *err)
{
    char *path = fh_segment_path(data, e->number);
    *out = NULL;
    fh_status status = path ? fh_segment_open(path, &e->seal, out, err) : fh_fail_memory(err);
    if (!status && (*out)->header.articles != e->articles) {
        status = fh_fail(err, FH_ECORRUPT, "%s has %" PRIu32 " articles instead of %" PRIu32,
                         path, (*out)->header.articles, e->articles);
        fh_segment_close(*out);
        *out = NULL;
    }
    if (!status) {
        (*out)->dead = e->dead;
        (*out)->dead_count = e->dead_count;
    }
    free(path);
    return status;
}

void fh_generation_free(fh_generation *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->count; i++)
        free(g->entries[i].dead);
    free(g->entries);
    free(g);
}

/* A generation with room for COUNT entries, or NULL. */
static fh_generation *new_generation(size_t count)
{
    fh_generation *g = calloc(1, sizeof *g);
    fh_generation_entry *entries = calloc(count + 1, sizeof *entries);
    if (!g || !entries) {
        free(g);
        free(entries);
        return NULL;
    }
    g->entries = entries;
    g->count = count;
    return g;
}

static size_t dead_words(const fh_generation_entry *e)
{
    return (size_t)e->articles / 64 + 1;
}

bool fh_generation_kill(fh_generation *g, size_t i, uint32_t local)
{
    fh_generation_entry *e = &g->entries[i];
    if (!e->dead)
        e->dead = calloc(dead_words(e), sizeof *e->dead);
    if (!e->dead)
        return false;
    uint64_t bit = UINT64_C(1) << (local % 64);
    e->dead_count += !(e->dead[local / 64] & bit);
    e->dead[local / 64] |= bit;
    return true;
}

fh_generation *fh_generation_copy(const fh_generation *g)
{
    fh_generation *copy = new_generation(g->count);
    if (!copy)
        return NULL;
    copy->number = g->number;
    copy->next = g->next;
    for (size_t i = 0; i < g->count; i++) {
        fh_generation_entry *e = &copy->entries[i];
        *e = g->entries[i];
        if (!e->dead)
            continue;
        e->dead = malloc(dead_words(e) * sizeof *e->dead);
        if (!e->dead) {
            fh_generation_free(copy);
            return NULL;
        }
        memcpy(e->dead, g->entries[i].dead, dead_words(e) * sizeof *e->dead);
    }
    return copy;
}

/* ---- Reading ---- */

/* What is left to read of the file. */
typedef struct rest {
    const char *path;
    const uint8_t *begin;
    const uint8_t *at;
    const uint8_t *end;
    fh_error *err;
} rest;

static fh_status fail_at(const rest *r, const char *what)
{
    return fh_fail(r->err, FH_ECORRUPT, "%s is damaged at byte %zu: %s", r->path,
                   (size_t)(r->at - r->begin), what);
}

/* Read the LEN bytes of the list of dead articles of entry I. */
static fh_status read_dead(rest *r, fh_generation *g, size_t i, uint32_t count, uint32_t len)
{
    fh_generation_entry *e = &g->entries[i];
    const uint8_t *end = r->at + len;
    uint64_t next = 0; /* one more than the last local number */
    while (r->at < end) {
        uint64_t distance;
        if (!fh_varint_get(&r->at, end, &distance) || distance == 0 ||
            distance > e->articles - next)
            return fail_at(r, "a dead article that its segment does not have");
        next += distance;
        if (!fh_generation_kill(g, i, (uint32_t)(next - 1)))
            return fh_fail_memory(r->err);
    }
    return e->dead_count == count ? FH_OK
                                  : fail_at(r, "more or fewer dead articles than it says");
}

static fh_status read_entry(rest *r, fh_generation *g, size_t i)
{
    fh_generation_entry *e = &g->entries[i];
    if ((size_t)(r->end - r->at) < ENTRY)
        return fail_at(r, "it was cut");
    *e = (fh_generation_entry){.number = fh_get64(r->at),
                               .seal = {fh_get64(r->at + 8), fh_get64(r->at + 16)},
                               .articles = fh_get32(r->at + 24)};
    uint32_t dead = fh_get32(r->at + 28);
    uint32_t len = fh_get32(r->at + 32);
    if (e->number >= g->next || e->articles > FH_SEGMENT_ARTICLES_MAX)
        return fail_at(r, "a segment that cannot be");
    r->at += ENTRY;
    return len <= (size_t)(r->end - r->at) ? read_dead(r, g, i, dead, len)
                                           : fail_at(r, "a list beyond its end");
}

/* Pass over what spans several segments: this version knows of nothing that does. */
static fh_status read_spans(rest *r)
{
    if (r->end - r->at < 8)
        return fail_at(r, "it was cut");
    uint32_t count = fh_get32(r->at);
    r->at += 8;
    for (; count > 0; count--) {
        size_t left = (size_t)(r->end - r->at);
        if (left < SPAN || fh_get64(r->at + 8) > left - SPAN)
            return fail_at(r, "a part beyond its end");
        r->at += SPAN + fh_get64(r->at + 8);
    }
    return r->at == r->end ? FH_OK : fail_at(r, "more than it should have");
}

static fh_status check_head(rest *r, uint64_t len)
{
    const uint8_t *bytes = r->begin;
    if (len < HEADER + SUM || memcmp(bytes, FH_MAGIC, FH_MAGIC_LEN) != 0)
        return fail_at(r, "it is no list of segments");
    if (fh_checksum((fh_str){(const char *)bytes, (size_t)len - SUM}) !=
        fh_get64(bytes + len - SUM))
        return fail_at(r, "it was cut or altered");
    if (fh_get32(bytes + VERSION) != FH_GENERATION_VERSION)
        return fh_fail(r->err, FH_EUNSUPPORTED,
                       "%s has format %" PRIu32 ", this program knows %d: use a newer fihris",
                       r->path, fh_get32(bytes + VERSION), FH_GENERATION_VERSION);
    if (fh_get32(bytes + SEGMENTS) > FH_SEGMENTS_MAX)
        return fail_at(r, "more segments than an index can have");
    return FH_OK;
}

static fh_status parse(const char *path, fh_str bytes, fh_generation **out, fh_error *err)
{
    const uint8_t *begin = (const uint8_t *)bytes.ptr;
    rest r = {path, begin, begin, begin + bytes.len, err};
    uint64_t articles = 0;
    fh_status status = check_head(&r, bytes.len);
    if (status)
        return status;
    fh_generation *g = new_generation(fh_get32(begin + SEGMENTS));
    if (!g)
        return fh_fail_memory(err);
    g->number = fh_get64(begin + NUMBER);
    g->next = fh_get64(begin + NEXT);
    r.at += HEADER;
    r.end -= SUM;
    for (size_t i = 0; i < g->count && !status; i++) {
        status = read_entry(&r, g, i);
        articles += g->entries[i].articles;
    }
    if (!status && articles > FH_ARTICLES_MAX)
        status = fail_at(&r, "more articles than an index can have");
    if (!status)
        status = read_spans(&r);
    if (status)
        fh_generation_free(g);
    else
        *out = g;
    return status;
}

fh_status fh_generation_read(const char *data, fh_generation **out, fh_error *err)
{
    fh_buffer bytes = {0};
    char *path = fh_path_join(data, FH_GENERATION_NAME);
    *out = NULL;
    fh_status status =
        path ? fh_file_read(path, FH_GENERATION_MAX, &bytes, err) : fh_fail_memory(err);
    if (!status)
        status = parse(path, fh_buffer_str(&bytes), out, err);
    fh_buffer_free(&bytes);
    free(path);
    return status;
}

/* ---- Writing ---- */

static void add_dead(const fh_generation_entry *e, fh_buffer *out)
{
    uint8_t varint[FH_VARINT_MAX];
    uint32_t next = 0;
    for (size_t w = 0; e->dead && w < dead_words(e); w++)
        for (uint64_t bits = e->dead[w]; bits; bits &= bits - 1) {
            uint32_t local = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(bits);
            fh_buffer_add(out, varint, fh_varint_put(local + 1 - next, varint));
            next = local + 1;
        }
}

static void add_entry(const fh_generation_entry *e, fh_buffer *out)
{
    uint8_t head[ENTRY] = {0};
    fh_buffer dead = {0};
    add_dead(e, &dead);
    fh_put64(head, e->number);
    fh_put64(head + 8, e->seal.file_len);
    fh_put64(head + 16, e->seal.sum);
    fh_put32(head + 24, e->articles);
    fh_put32(head + 28, e->dead_count);
    fh_put32(head + 32, (uint32_t)dead.len);
    fh_buffer_add(out, head, sizeof head);
    fh_buffer_add_str(out, fh_buffer_str(&dead));
    out->failed |= dead.failed;
    fh_buffer_free(&dead);
}

static void add_all(const fh_generation *g, fh_buffer *out)
{
    uint8_t head[HEADER] = {0};
    uint8_t spans[8] = {0};
    uint8_t sum[SUM];
    memcpy(head, FH_MAGIC, FH_MAGIC_LEN);
    fh_put32(head + VERSION, FH_GENERATION_VERSION);
    fh_put32(head + SEGMENTS, (uint32_t)g->count);
    fh_put64(head + NUMBER, g->number);
    fh_put64(head + NEXT, g->next);
    fh_buffer_add(out, head, sizeof head);
    for (size_t i = 0; i < g->count; i++)
        add_entry(&g->entries[i], out);
    fh_buffer_add(out, spans, sizeof spans);
    fh_put64(sum, fh_checksum(fh_buffer_str(out)));
    fh_buffer_add(out, sum, sizeof sum);
}

fh_status fh_generation_write(const char *data, const fh_generation *g, fh_error *err)
{
    fh_buffer bytes = {0};
    uint64_t articles = 0;
    for (size_t i = 0; i < g->count; i++)
        articles += g->entries[i].articles;
    if (g->count > FH_SEGMENTS_MAX || articles > FH_ARTICLES_MAX)
        return fh_fail(err, FH_ELIMIT,
                       "an index has at most %d segments and %" PRIu32 " articles",
                       FH_SEGMENTS_MAX, FH_ARTICLES_MAX);
    char *path = fh_path_join(data, FH_GENERATION_NAME);
    add_all(g, &bytes);
    fh_status status = path && !bytes.failed ? fh_folder_sync(data, err) : fh_fail_memory(err);
    if (!status)
        status = fh_file_replace(path, fh_buffer_str(&bytes), err);
    fh_buffer_free(&bytes);
    free(path);
    return status;
}
