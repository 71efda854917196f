#include "engines/native/spellings.h"

#include <stdlib.h>

#include "engines/lettercode.h"
#include "engines/native/keyed.h"
#include "engines/native/memory.h"
#include "engines/native/pack.h"

/* All that is known of the spellings while their section is made. */
typedef struct work {
    const fh_used *spellings;
    uint32_t count;
    fh_buffer codes; /* letter codes of all, one after the other */
    size_t *starts;  /* of each in `codes`, and one behind the last */
    uint64_t *uses;
    uint8_t *lengths; /* of the Huffman codes */
    fh_keyed *order;  /* used ones by their number in the segment; as many behind as scratch */
    uint32_t used;
} work;

static fh_str code_of(const work *w, uint32_t i)
{
    return (fh_str){w->codes.data + w->starts[i], w->starts[i + 1] - w->starts[i]};
}

static bool make_room(work *w)
{
    size_t room = (size_t)w->count + 1;
    w->starts = fh_memory_take(room * sizeof *w->starts);
    w->uses = fh_memory_take(room * sizeof *w->uses);
    w->lengths = fh_memory_take(room);
    w->order = fh_memory_take(2 * room * sizeof *w->order);
    return w->starts && w->uses && w->lengths && w->order;
}

static bool code_all(work *w)
{
    size_t room = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        size_t len = w->spellings[i].written.len;
        if (len > FH_LETTERS_MAX - room)
            return false;
        room += FH_LETTERS_CODED(len);
        w->uses[i] = w->spellings[i].uses;
    }
    if (!fh_buffer_reserve(&w->codes, room))
        return false;
    for (uint32_t i = 0; i < w->count; i++) {
        w->starts[i] = w->codes.len;
        w->codes.len +=
            fh_letters_encode(w->spellings[i].written, w->codes.data + w->codes.len);
    }
    w->starts[w->count] = w->codes.len;
    return true;
}

/*
 * A spelling's place in the order, as far as it fits: the length of its Huffman code, then
 * seven bytes.
 */
static uint64_t key_of(const work *w, uint32_t i)
{
    fh_str code = code_of(w, i);
    return (uint64_t)w->lengths[i] << 56 | fh_get_key(code.ptr, code.len) >> 8;
}

static int compare_codes(const void *a, const void *b, void *context)
{
    const work *w = context;
    return fh_str_compare(code_of(w, ((const fh_keyed *)a)->value),
                          code_of(w, ((const fh_keyed *)b)->value));
}

static void sort_used(work *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        if (w->lengths[i])
            w->order[w->used++] = (fh_keyed){key_of(w, i), i};
    fh_keyed_sort(w->order, w->order + w->count, w->used);
    for (uint32_t i = 0, next; i < w->used; i = next) {
        for (next = i + 1; next < w->used && w->order[next].key == w->order[i].key; next++)
            ;
        if (next - i > 1)
            qsort_r(w->order + i, next - i, sizeof *w->order, compare_codes, w);
    }
}

/* Give out codes in order: each is one more than the last, moved up where the length grows. */
static void give_codes(const work *w, fh_piece_code *codes)
{
    uint64_t next = 0;
    unsigned len = 1;
    for (uint32_t i = 0; i < w->count; i++)
        codes[i] = (fh_piece_code){0, 0};
    for (uint32_t i = 0; i < w->used; i++) {
        uint32_t spelling = w->order[i].value;
        next <<= w->lengths[spelling] - len;
        len = w->lengths[spelling];
        codes[spelling] = (fh_piece_code){(uint32_t)next++, (uint8_t)len};
    }
}

/* ---- The section ---- */

static uint32_t count_plain(const work *w)
{
    uint32_t plain = 0;
    while (plain < w->used && plain < FH_SPELLINGS_PLAIN &&
           w->spellings[w->order[plain].value].written.len <= FH_SPELLINGS_PLAIN_LEN)
        plain++;
    return plain;
}

static void put_head(const work *w, uint32_t plain, uint32_t text, fh_spool *out)
{
    uint8_t head[FH_SPELLINGS_STARTS] = {0};
    uint32_t counts[FH_CODE_BITS_MAX] = {0};
    for (uint32_t i = 0; i < w->used; i++)
        counts[w->lengths[w->order[i].value] - 1]++;
    fh_put32(head, w->used);
    fh_put32(head + 4, plain);
    fh_put32(head + 8, text);
    for (size_t i = 0; i < FH_CODE_BITS_MAX; i++)
        fh_put32(head + FH_SPELLINGS_LENGTHS + 4 * i, counts[i]);
    fh_spool_add(out, head, sizeof head);
}

static void put_plain(const work *w, uint32_t plain, fh_spool *out)
{
    uint8_t start[4];
    uint32_t end = 0;
    for (uint32_t i = 0; i < plain; i++)
        end += (uint32_t)w->spellings[w->order[i].value].written.len;
    put_head(w, plain, end, out);
    end = 0;
    for (uint32_t i = 0; i < plain; i++) {
        const fh_used *s = &w->spellings[w->order[i].value];
        fh_put32(start, end * 2 + s->word);
        fh_spool_add(out, start, sizeof start);
        end += (uint32_t)s->written.len;
    }
    fh_put32(start, end * 2);
    fh_spool_add(out, start, sizeof start);
    for (uint32_t i = 0; i < plain; i++) {
        fh_str text = w->spellings[w->order[i].value].written;
        fh_spool_add(out, text.ptr, text.len);
    }
}

static size_t shared_len(fh_str a, fh_str b)
{
    size_t len = 0;
    while (len < a.len && len < b.len && a.ptr[len] == b.ptr[len])
        len++;
    return len;
}

/* Append spelling number N, which follows those with the code BEFORE. */
static void put_coded(const work *w, uint32_t n, fh_str before, fh_buffer *out)
{
    uint8_t lengths[2 * FH_VARINT_MAX];
    uint32_t i = w->order[n].value;
    fh_str code = code_of(w, i);
    size_t shared = shared_len(before, code);
    size_t len = fh_varint_put(shared, lengths);
    len +=
        fh_varint_put((uint64_t)(code.len - shared) * 2 + w->spellings[i].word, lengths + len);
    fh_buffer_add(out, lengths, len);
    fh_buffer_add(out, code.ptr + shared, code.len - shared);
}

static bool put_blocks(const work *w, uint32_t plain, fh_spool *out)
{
    fh_buffer blocks = {0};
    uint32_t count = (w->used - plain + FH_SPELLINGS_BLOCK - 1) / FH_SPELLINGS_BLOCK;
    uint64_t *ends = malloc((count + (size_t)1) * sizeof *ends);
    fh_str before = {NULL, 0};
    for (uint32_t n = plain; n < w->used && ends; n++) {
        uint32_t i = n - plain;
        before = i % FH_SPELLINGS_BLOCK == 0 ? (fh_str){NULL, 0} : before;
        put_coded(w, n, before, &blocks);
        before = code_of(w, w->order[n].value);
        ends[i / FH_SPELLINGS_BLOCK] = blocks.len;
    }
    bool made = ends && !blocks.failed;
    if (made) {
        fh_column_write(ends, count, out);
        fh_spool_add(out, blocks.data, blocks.len);
    }
    fh_buffer_free(&blocks);
    free(ends);
    return made;
}

fh_status fh_spellings_write(const fh_used *spellings, uint32_t count, fh_piece_code *codes,
                             fh_spool *section, fh_error *err)
{
    work w = {.spellings = spellings, .count = count};
    bool made = make_room(&w) && code_all(&w) && fh_huffman_lengths(w.uses, count, w.lengths);
    if (made) {
        sort_used(&w);
        give_codes(&w, codes);
        uint32_t plain = count_plain(&w);
        put_plain(&w, plain, section);
        made = put_blocks(&w, plain, section);
    }
    fh_buffer_free(&w.codes);
    free(w.starts);
    free(w.uses);
    free(w.lengths);
    free(w.order);
    return made ? FH_OK : fh_fail_memory(err);
}
