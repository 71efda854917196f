#include "engines/native/lists.h"

#include <assert.h>

#include "engines/native/bytes.h"
#include "engines/native/lists_bytes.h"
#include "engines/native/pack.h"

/* The most bytes that a block takes, and the rest: see lists.h. */
#define TITLES_MOST (1 + 3 * FH_BLOCK)
#define BLOCK_MOST  (2 * FH_PATCHED_MAX + TITLES_MOST)
#define REST_MOST   (FH_BLOCK * (5 + 5 + FH_TITLE_MAX / 8 + 2))
/* The most bytes that a position takes, and a block of them beyond. */
#define PLACE_MOST  5
#define PLACES_MOST 16

/* A list on its way: what fh_list_write() was given, and where its parts go. */
typedef struct work {
    const fh_postings *p;
    const fh_list_ground *ground;
    uint32_t full;
    bool titled;
    uint8_t *lasts;
    uint8_t *ends;
    uint8_t *places;
    uint8_t *impacts;
    uint8_t *first;          /* block */
    uint8_t *at;             /* where the next block goes */
    uint8_t *first_place;    /* likewise of positions */
    uint8_t *place;          /* where the next block's positions go */
    const uint32_t *pending; /* positions that are not written yet */
    fh_front bounds;
} work;

static void put_word(uint8_t **at, uint64_t value)
{
    fh_put32(*at, (uint32_t)value);
    *at += 4;
}

static uint32_t title_of(const work *w, size_t i)
{
    uint32_t titles = w->titled ? w->p->titles[i] : 0;
    return titles < FH_TITLE_MAX ? titles : FH_TITLE_MAX;
}

/* The distance of posting I from the one before, less 1. */
static uint32_t distance_of(const work *w, size_t i)
{
    return w->p->articles[i] - (i > 0 ? w->p->articles[i - 1] + 1 : 0);
}

/* ---- Impacts ---- */

static void gather(const work *w, size_t from, size_t to, fh_front *front)
{
    fh_front_start(front);
    for (size_t i = from; i < to; i++) {
        uint64_t titles = title_of(w, i);
        uint64_t frequency = w->p->counts[i] - titles + titles * w->ground->title_weight;
        fh_front_add(front, frequency < UINT32_MAX ? (uint32_t)frequency : UINT32_MAX,
                     w->ground->lengths[w->p->articles[i]]);
    }
}

/* ---- Positions ---- */

/* Put the low WIDTH bits of the positions of postings FROM to TO as numbers. */
static void put_lows(const work *w, size_t from, size_t to, unsigned width, fh_bit_writer *bits)
{
    const uint32_t *next = w->pending;
    uint32_t mask = ((uint32_t)1 << width) - 1;
    for (size_t i = from; i < to; i++) {
        uint32_t before = 0;
        for (uint32_t k = 0; k < w->p->counts[i]; k++) {
            fh_bits_put(bits, (*next - before) & mask, width);
            before = *next++;
        }
    }
}

/* Put what stands above them. */
static void put_highs(const work *w, size_t from, size_t to, unsigned width,
                      fh_bit_writer *bits)
{
    const uint32_t *next = w->pending;
    for (size_t i = from; i < to; i++) {
        uint32_t before = 0;
        for (uint32_t k = 0; k < w->p->counts[i]; k++) {
            fh_unary_put(bits, (*next - before) >> width);
            before = *next++;
        }
    }
}

static void put_varints(work *w, size_t from, size_t to)
{
    const uint32_t *next = w->pending;
    for (size_t i = from; i < to; i++) {
        uint32_t before = 0;
        for (uint32_t k = 0; k < w->p->counts[i]; k++) {
            w->place += fh_varint_put(*next - before, w->place);
            before = *next++;
        }
    }
}

/* Write the positions of postings FROM to TO. */
static void put_places(work *w, size_t from, size_t to)
{
    uint64_t slots = 0, sum = 0;
    for (size_t i = from; i < to; i++) {
        slots += w->p->counts[i];
        sum += w->pending[slots - 1]; /* what its first and its distances add up to */
    }
    if (slots <= VARINTS_MAX) {
        put_varints(w, from, to);
    } else {
        unsigned width = fh_rice_width(sum, slots);
        fh_bit_writer bits = {.at = w->place};
        fh_bits_put(&bits, width, WIDTH_BITS);
        if (width > 0)
            put_lows(w, from, to, width, &bits);
        put_highs(w, from, to, width, &bits);
        w->place = fh_bits_finish(&bits);
    }
    w->pending += slots;
}

/* ---- Blocks ---- */

static void put_marks(work *w, size_t from)
{
    uint8_t *marks = w->at++;
    *marks = 0;
    for (unsigned i = 0; i < FH_BLOCK; i++) {
        uint32_t titles = title_of(w, from + i);
        if (titles == 0)
            continue;
        *w->at++ = (uint8_t)(i | (titles > 1 ? MARK_MORE : 0));
        w->at += titles > 1 ? fh_varint_put(titles - 2, w->at) : 0;
        ++*marks;
    }
}

static void put_full(work *w, size_t from)
{
    uint32_t numbers[FH_BLOCK];
    fh_front front;
    for (unsigned i = 0; i < FH_BLOCK; i++)
        numbers[i] = distance_of(w, from + i);
    w->at += fh_patched_put(numbers, w->at);
    for (unsigned i = 0; i < FH_BLOCK; i++)
        numbers[i] = w->p->counts[from + i] - 1;
    w->at += fh_patched_put(numbers, w->at);
    if (w->titled)
        put_marks(w, from);
    put_word(&w->lasts, w->p->articles[from + FH_BLOCK - 1]);
    put_word(&w->ends, (uint64_t)(w->at - w->first));
    put_places(w, from, from + FH_BLOCK);
    put_word(&w->places, (uint64_t)(w->place - w->first_place));
    gather(w, from, from + FH_BLOCK, &front);
    fh_front_write(&front, w->impacts);
    fh_front_join(&w->bounds, &front);
    w->impacts += FH_IMPACTS_BYTES;
}

static void put_rest_counts(const work *w, size_t from, unsigned count, uint64_t sum,
                            fh_bit_writer *bits)
{
    uint32_t numbers[FH_BLOCK];
    unsigned width = fh_rice_width(sum, count);
    for (unsigned i = 0; i < count; i++)
        numbers[i] = w->p->counts[from + i] - 1;
    fh_bits_put(bits, width, WIDTH_BITS);
    fh_rice_put(bits, numbers, count, width);
}

static void put_rest_titles(const work *w, size_t from, unsigned count, fh_bit_writer *bits)
{
    bool any = false;
    for (unsigned i = 0; i < count; i++)
        any |= title_of(w, from + i) > 0;
    fh_bits_put(bits, any, 1);
    for (unsigned i = 0; any && i < count; i++)
        fh_bits_put(bits, title_of(w, from + i) > 0, 1);
    for (unsigned i = 0; any && i < count; i++)
        if (title_of(w, from + i) > 0)
            fh_unary_put(bits, title_of(w, from + i) - 1);
}

static void put_rest(work *w, size_t from)
{
    unsigned count = (unsigned)(w->p->count - from);
    uint32_t left = w->ground->articles - (from > 0 ? w->p->articles[from - 1] + 1 : 0);
    uint32_t numbers[FH_BLOCK];
    uint64_t sum = 0;
    fh_bit_writer bits = {.at = w->at};
    for (unsigned i = 0; i < count; i++) {
        numbers[i] = distance_of(w, from + i);
        sum += w->p->counts[from + i] - 1;
    }
    fh_bits_put(&bits, sum > 0, 1);
    if (count == 1)
        fh_bits_put(&bits, numbers[0], fh_bits(left - 1));
    else
        fh_rice_put(&bits, numbers, count, fh_rice_width(left - count, count));
    if (sum > 0)
        put_rest_counts(w, from, count, sum, &bits);
    if (w->titled)
        put_rest_titles(w, from, count, &bits);
    w->at = fh_bits_finish(&bits);
    put_places(w, from, w->p->count);
}

/* ---- Lists ---- */

/* Lay the skips out at the beginning of the list. */
static void lay_out(work *w, uint8_t *bytes)
{
    uint64_t full = w->full;
    w->at = bytes;
    if (full == 0)
        return;
    w->lasts = bytes + FH_IMPACTS_BYTES;
    w->ends = w->lasts + 4 * full;
    w->places = w->ends + 4 * full;
    w->impacts = w->places + 4 * full;
    w->first = w->at = w->impacts + FH_IMPACTS_BYTES * full;
}

static void put_list(work *w, uint8_t *bytes)
{
    lay_out(w, bytes);
    fh_front_start(&w->bounds);
    for (uint32_t b = 0; b < w->full; b++)
        put_full(w, (size_t)b * FH_BLOCK);
    size_t from = (size_t)w->full * FH_BLOCK;
    if (w->full > 0) {
        fh_front front;
        gather(w, from, w->p->count, &front);
        fh_front_join(&w->bounds, &front);
        fh_front_write(&w->bounds, bytes);
    }
    if (from < w->p->count)
        put_rest(w, from);
}

/* How many positions P has; false when there are more of an article than can be told. */
static bool count_slots(const fh_postings *p, uint64_t *slots)
{
    *slots = 0;
    for (size_t i = 0; i < p->count; i++) {
        *slots += p->counts[i];
        if (p->counts[i] > FH_COUNT_MAX)
            return false;
    }
    return true;
}

static bool is_titled(const fh_postings *p)
{
    for (size_t i = 0; p->titles && i < p->count; i++)
        if (p->titles[i] > 0)
            return true;
    return false;
}

bool fh_list_write(const fh_postings *p, const fh_list_ground *ground, fh_buffer *postings,
                   fh_buffer *positions)
{
    uint64_t slots;
    work w = {.p = p, .ground = ground, .full = (uint32_t)(p->count / FH_BLOCK)};
    assert(p->count > 0 && p->articles[p->count - 1] < ground->articles);
    if (!count_slots(p, &slots))
        return false;
    uint64_t skips = FH_IMPACTS_BYTES + (12 + FH_IMPACTS_BYTES) * (uint64_t)w.full;
    if (!fh_buffer_reserve(postings, skips + w.full * (uint64_t)BLOCK_MOST + REST_MOST) ||
        !fh_buffer_reserve(positions,
                           slots * PLACE_MOST + (w.full + 1) * (uint64_t)PLACES_MOST))
        return false;
    w.titled = is_titled(p);
    w.pending = p->positions;
    w.first_place = w.place = (uint8_t *)positions->data + positions->len;
    put_list(&w, (uint8_t *)postings->data + postings->len);
    if (w.full > 0 && (w.at - w.first > (ptrdiff_t)UINT32_MAX ||
                       w.place - w.first_place > (ptrdiff_t)UINT32_MAX))
        return false;
    postings->len = (size_t)(w.at - (uint8_t *)postings->data);
    positions->len = (size_t)(w.place - (uint8_t *)positions->data);
    return true;
}
