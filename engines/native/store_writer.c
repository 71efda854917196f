#include <stdlib.h>
#include <string.h>

#include "engines/native/memory.h"
#include "engines/native/spellings.h"

/* What is read beyond the last code: see fh_get64_big() in store.c. */
#define TAIL 8u

struct fh_store_writer {
    uint32_t count;
    fh_piece_code *codes;
    fh_buffer ends; /* uint64_t: the bit behind each body */
    uint64_t bits;  /* of all bodies so far */
    uint8_t tail;   /* those that are not a whole byte yet, the first the highest */
};

struct fh_store_part {
    const fh_store_writer *writer;
    fh_buffer bytes; /* codes, whole bytes of them */
    fh_buffer ends;  /* as above, from the part's beginning */
    uint64_t bits;
    uint64_t pending; /* the lowest pending_count bits wait for more */
    unsigned pending_count;
    bool unknown; /* it was given a piece that has no code */
};

fh_status fh_store_writer_new(const fh_used *spellings, uint32_t count, fh_spool *section,
                              fh_store_writer **out, fh_error *err)
{
    fh_store_writer *w = calloc(1, sizeof *w);
    *out = NULL;
    if (w) {
        w->count = count;
        w->codes = fh_memory_take((count + (size_t)1) * sizeof *w->codes);
    }
    fh_status status = w && w->codes
                           ? fh_spellings_write(spellings, count, w->codes, section, err)
                           : fh_fail_memory(err);
    if (status)
        fh_store_writer_free(w);
    else
        *out = w;
    return status;
}

void fh_store_writer_free(fh_store_writer *w)
{
    if (!w)
        return;
    fh_buffer_free(&w->ends);
    free(w->codes);
    free(w);
}

/* ---- Parts ---- */

fh_store_part *fh_store_part_new(const fh_store_writer *w)
{
    fh_store_part *p = calloc(1, sizeof *p);
    if (p)
        p->writer = w;
    return p;
}

void fh_store_part_free(fh_store_part *p)
{
    if (!p)
        return;
    fh_buffer_free(&p->bytes);
    fh_buffer_free(&p->ends);
    free(p);
}

void fh_store_part_add(fh_store_part *p, const uint32_t *pieces, size_t count)
{
    if (count > SIZE_MAX / 8 || !fh_buffer_reserve(&p->bytes, count * 4 + 4))
        return;
    const fh_piece_code *codes = p->writer->codes;
    uint8_t *out = (uint8_t *)p->bytes.data + p->bytes.len;
    uint64_t pending = p->pending;
    unsigned waiting = p->pending_count;
    for (size_t i = 0; i < count; i++) {
        fh_piece_code code = codes[pieces[i]];
        p->unknown |= code.len == 0;
        pending = pending << code.len | code.bits;
        waiting += code.len;
        p->bits += code.len;
        if (waiting >= 32) {
            waiting -= 32;
            fh_put32(out, __builtin_bswap32((uint32_t)(pending >> waiting)));
            out += 4;
        }
    }
    p->pending = pending;
    p->pending_count = waiting;
    p->bytes.len = (size_t)(out - (uint8_t *)p->bytes.data);
    fh_buffer_add(&p->ends, &p->bits, sizeof p->bits);
}

/* Complete the bytes of P by what waits, and by zeros up to a multiple of eight. */
static bool complete(fh_store_part *p)
{
    uint8_t rest[16] = {0};
    uint64_t left = p->pending_count ? p->pending << (64 - p->pending_count) : 0;
    fh_put64(rest, __builtin_bswap64(left));
    fh_buffer_add(&p->bytes, rest, 8);
    fh_buffer_add(&p->bytes, rest + 8, (8 - p->bytes.len % 8) % 8);
    return !p->bytes.failed && !p->ends.failed;
}

/*
 * Move all bits of P down by SHIFT, 1 to 7, and put the highest SHIFT bits of FIRST before
 * them.
 */
static void shift_bits(fh_store_part *p, uint8_t first, unsigned shift)
{
    uint64_t carry = (uint64_t)first << 56;
    for (size_t at = 0; at < p->bytes.len; at += 8) {
        uint64_t bits = fh_get64_big(p->bytes.data + at);
        fh_put64(p->bytes.data + at, __builtin_bswap64(carry | bits >> shift));
        carry = bits << (64 - shift);
    }
}

static void join(fh_store_writer *w, fh_store_part *p, fh_spool *text)
{
    unsigned shift = (unsigned)(w->bits % 8);
    if (shift > 0)
        shift_bits(p, w->tail, shift);
    size_t whole = (size_t)((shift + p->bits) / 8);
    fh_spool_add(text, p->bytes.data, whole);
    w->tail = (uint8_t)p->bytes.data[whole];
    fh_buffer_reserve(&w->ends, p->ends.len);
    for (size_t i = 0; i < p->ends.len; i += sizeof(uint64_t)) {
        uint64_t end;
        memcpy(&end, p->ends.data + i, sizeof end);
        end += w->bits;
        fh_buffer_add(&w->ends, &end, sizeof end);
    }
    w->bits += p->bits;
}

fh_status fh_store_writer_join(fh_store_writer *w, fh_store_part *p, fh_spool *text,
                               fh_error *err)
{
    fh_status status = FH_OK;
    if (p->unknown)
        status = fh_fail(err, FH_EUSAGE, "a text was to be stored with a spelling of no use");
    else if (!complete(p))
        status = fh_fail_memory(err);
    else
        join(w, p, text);
    if (!status && w->ends.failed)
        status = fh_fail_memory(err);
    fh_store_part_free(p);
    return status;
}

fh_status fh_store_writer_finish(fh_store_writer *w, fh_spool *text, fh_spool *ends,
                                 fh_error *err)
{
    uint8_t tail[1 + TAIL] = {w->tail};
    if (w->ends.failed)
        return fh_fail_memory(err);
    unsigned skip = w->bits % 8 == 0;
    fh_spool_add(text, tail + skip, sizeof tail - skip);
    fh_column_write((const uint64_t *)(const void *)w->ends.data,
                    (uint32_t)(w->ends.len / sizeof(uint64_t)), ends);
    return FH_OK;
}
