#include <assert.h>
#include <stdlib.h>

#include "engines/native/dictionary_bytes.h"
#include "engines/native/lists.h"
#include "engines/native/pack.h"

struct fh_terms_writer {
    fh_spool *spools[3]; /* terms, postings, positions */
    uint32_t articles;
    uint64_t terms;
    uint64_t lens[3];     /* what was written into each of them */
    uint8_t entry[ENTRY]; /* of the block that is being filled */
    unsigned filled;      /* terms in it */
    uint8_t *at;          /* where the next goes */
    uint8_t block[BLOCK_BYTES];
    uint8_t last[FH_CODE_MAX]; /* the term added last */
    size_t last_len;
    fh_buffer entries;
    fh_buffer list; /* of one term */
    fh_buffer positions;
    fh_status status; /* the first failure */
};

enum { TERMS, POSTINGS, POSITIONS };

fh_terms_writer *fh_terms_writer_new(fh_spool *terms, fh_spool *postings, fh_spool *positions,
                                     uint32_t articles)
{
    fh_terms_writer *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->spools[TERMS] = terms;
    w->spools[POSTINGS] = postings;
    w->spools[POSITIONS] = positions;
    w->articles = articles;
    w->at = w->block;
    return w;
}

void fh_terms_writer_free(fh_terms_writer *w)
{
    if (!w)
        return;
    fh_buffer_free(&w->entries);
    fh_buffer_free(&w->list);
    fh_buffer_free(&w->positions);
    free(w);
}

static void spool(fh_terms_writer *w, unsigned which, const void *bytes, size_t len)
{
    fh_spool_add(w->spools[which], bytes, len);
    w->lens[which] += len;
}

/* Write the block that is being filled. */
static void close_block(fh_terms_writer *w)
{
    if (w->filled == 0)
        return;
    fh_buffer_add(&w->entries, w->entry, ENTRY);
    spool(w, TERMS, w->block, (size_t)(w->at - w->block));
    w->filled = 0;
    w->at = w->block;
}

/* Begin a block with the term CODE. */
static void open_block(fh_terms_writer *w, fh_str code)
{
    memset(w->entry, 0, sizeof w->entry);
    memcpy(w->entry, code.ptr, code.len < 8 ? code.len : 8);
    write_number(w->entry + 8, w->lens[TERMS], 4);
    write_number(w->entry + 12, w->lens[POSTINGS], 6);
    write_number(w->entry + 18, w->lens[POSITIONS], 6);
}

static void put_text(fh_terms_writer *w, fh_str code)
{
    size_t shared = 0;
    size_t most = code.len < w->last_len ? code.len : w->last_len;
    while (w->filled > 0 && shared < most && (uint8_t)code.ptr[shared] == w->last[shared])
        shared++;
    size_t rest = code.len - shared;
    *w->at++ = (uint8_t)((shared < PART_MORE ? shared : PART_MORE) << 4 |
                         (rest < PART_MORE ? rest : PART_MORE));
    if (shared >= PART_MORE)
        w->at += fh_varint_put(shared - PART_MORE, w->at);
    if (rest >= PART_MORE)
        w->at += fh_varint_put(rest - PART_MORE, w->at);
    memcpy(w->at, code.ptr + shared, rest);
    w->at += rest;
    memcpy(w->last + shared, code.ptr + shared, rest);
    w->last_len = code.len;
}

static void put_sizes(fh_terms_writer *w, uint32_t articles, uint32_t titled)
{
    size_t list = w->list.len, places = w->positions.len;
    size_t over = places - articles;
    if (articles <= 4 && titled == 0 && list <= 8 && over < 4) {
        *w->at++ = (uint8_t)(over << 5 | (list - 1) << 2 | (articles - 1));
        return;
    }
    unsigned few = articles - 1 < SIZES_ARTICLES ? articles - 1 : SIZES_ARTICLES;
    *w->at++ = (uint8_t)(SIZES_MANY | (titled > 0 ? SIZES_TITLED : 0) | few);
    if (few == SIZES_ARTICLES)
        w->at += fh_varint_put(articles - 1 - SIZES_ARTICLES, w->at);
    if (titled > 0)
        w->at += fh_varint_put(titled, w->at);
    w->at += fh_varint_put(list, w->at);
    w->at += fh_varint_put(places, w->at);
}

/* What went wrong when a list could not be written. */
static fh_status reason(const fh_terms_writer *w)
{
    return w->list.failed || w->positions.failed || w->entries.failed ? FH_ENOMEM : FH_ELIMIT;
}

static uint32_t count_titled(const fh_postings *p)
{
    uint32_t titled = 0;
    for (size_t i = 0; p->titles && i < p->count; i++)
        titled += p->titles[i] > 0;
    return titled;
}

void fh_terms_writer_add(fh_terms_writer *w, fh_str code, const fh_postings *postings,
                         const uint32_t *lengths, uint32_t title_weight)
{
    fh_list_ground ground = {w->articles, lengths, title_weight};
    assert(code.len <= FH_CODE_MAX &&
           (w->terms == 0 ||
            fh_str_compare((fh_str){(const char *)w->last, w->last_len}, code) < 0));
    if (w->status)
        return;
    w->list.len = 0;
    w->positions.len = 0;
    if (!fh_list_write(postings, &ground, &w->list, &w->positions) ||
        w->lens[TERMS] > UINT32_MAX || w->lens[POSTINGS] > LISTS_MAX ||
        w->lens[POSITIONS] > LISTS_MAX) {
        w->status = reason(w);
        return;
    }
    if (w->filled == 0)
        open_block(w, code);
    put_text(w, code);
    put_sizes(w, (uint32_t)postings->count, count_titled(postings));
    spool(w, POSTINGS, w->list.data, w->list.len);
    spool(w, POSITIONS, w->positions.data, w->positions.len);
    w->terms++;
    if (++w->filled == BLOCK_TERMS)
        close_block(w);
}

/* Move an ENTRY of a writer that is appended behind what W has. */
static void move_entry(const fh_terms_writer *w, uint8_t *entry)
{
    write_number(entry + 8, read_number(entry + 8, 4) + w->lens[TERMS], 4);
    write_number(entry + 12, read_number(entry + 12, 6) + w->lens[POSTINGS], 6);
    write_number(entry + 18, read_number(entry + 18, 6) + w->lens[POSITIONS], 6);
}

static fh_status say(const fh_terms_writer *w, fh_error *err)
{
    if (w->status == FH_ELIMIT)
        return fh_fail(err, FH_ELIMIT, "a term has more postings than a segment can hold");
    return w->status ? fh_fail_memory(err) : FH_OK;
}

fh_status fh_terms_writer_append(fh_terms_writer *w, fh_terms_writer *other, fh_error *err)
{
    close_block(w);
    close_block(other);
    if (!w->status)
        w->status = other->status;
    if (w->lens[TERMS] + other->lens[TERMS] > UINT32_MAX)
        w->status = FH_ELIMIT;
    for (size_t at = 0; at < other->entries.len; at += ENTRY)
        move_entry(w, (uint8_t *)other->entries.data + at);
    fh_buffer_add(&w->entries, other->entries.data, other->entries.len);
    for (unsigned i = 0; i < 3; i++) {
        fh_spool_append(w->spools[i], other->spools[i]);
        w->lens[i] += other->lens[i];
    }
    w->terms += other->terms;
    memcpy(w->last, other->last, other->last_len);
    w->last_len = other->last_len;
    return say(w, err);
}

fh_status fh_terms_writer_finish(fh_terms_writer *w, fh_error *err)
{
    uint8_t trailer[TRAILER] = {0};
    close_block(w);
    if (!w->status && (w->entries.failed || w->lens[TERMS] > UINT32_MAX))
        w->status = reason(w);
    if (w->status || w->terms == 0)
        return say(w, err);
    write_number(trailer, w->terms, 8);
    write_number(trailer + 8, w->entries.len / ENTRY, 4);
    spool(w, TERMS, w->entries.data, w->entries.len);
    spool(w, TERMS, trailer, sizeof trailer);
    return FH_OK;
}
