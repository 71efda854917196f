#include "engines/native/lists.h"

#include "engines/native/bytes.h"
#include "engines/native/lists_bytes.h"
#include "engines/native/pack.h"

/* Distances below this add up to no overflow in a block. */
#define NEAR (1u << 23)

/* Number I of 4 bytes each. */
static uint32_t word_at(const uint8_t *words, uint64_t i)
{
    return fh_get32(words + 4 * i);
}

/* ---- The parts of the skips: see lists.h ---- */

static const uint8_t *lasts_of(const fh_list *l)
{
    return l->skips + FH_IMPACTS_BYTES;
}

static const uint8_t *ends_of(const fh_list *l)
{
    return lasts_of(l) + 4 * (uint64_t)l->full_blocks;
}

static const uint8_t *places_of(const fh_list *l)
{
    return ends_of(l) + 4 * (uint64_t)l->full_blocks;
}

static const uint8_t *impacts_of(const fh_list *l)
{
    return l->skips + l->skips_len - FH_IMPACTS_BYTES * (uint64_t)l->full_blocks;
}

static bool distrust(const fh_list *l, const char *what)
{
    return fh_sealed_distrust(l->postings.file, l->postings.offset, what);
}

static bool part_of(const fh_slice *section, uint64_t at, uint64_t len, fh_slice *part)
{
    if (at > section->len || len > section->len - at)
        return fh_sealed_distrust(section->file, section->offset,
                                  "a posting list beyond its section");
    *part = (fh_slice){section->file, section->offset + at, len};
    return true;
}

bool fh_list_open(const fh_segment *s, unsigned form, const fh_posted *posted, fh_list *list)
{
    const fh_slice *postings = &s->sections[FH_SECTION_OF(FH_SECTION_POSTINGS, form)];
    const fh_slice *positions = &s->sections[FH_SECTION_OF(FH_SECTION_POSITIONS, form)];
    *list = (fh_list){.segment = s, .articles = posted->articles, .titled = posted->titled};
    if (!part_of(postings, posted->postings, posted->postings_len, &list->postings) ||
        !part_of(positions, posted->positions, posted->positions_len, &list->positions))
        return false;
    if (posted->articles == 0 || posted->articles > s->header.articles ||
        posted->titled > posted->articles)
        return distrust(list, "a posting list of no possible length");
    list->full_blocks = posted->articles / FH_BLOCK;
    list->blocks = list->full_blocks + (posted->articles % FH_BLOCK > 0);
    if (list->full_blocks == 0)
        return true;
    list->skips_len =
        FH_IMPACTS_BYTES + (uint64_t)list->full_blocks * (4 * 3 + FH_IMPACTS_BYTES);
    list->skips = fh_slice_need(&list->postings, 0, list->skips_len);
    return list->skips != NULL;
}

uint32_t fh_list_last(const fh_list *l, uint32_t b)
{
    return b < l->full_blocks ? word_at(lasts_of(l), b) : UINT32_MAX;
}

uint32_t fh_list_seek(const fh_list *l, uint32_t from, uint32_t article)
{
    uint32_t full = l->full_blocks, step = 1;
    if (from >= full)
        return from < l->blocks ? from : l->blocks;
    const uint8_t *lasts = lasts_of(l);
    uint32_t low = from; /* all blocks below end before the article */
    while (step < full - low && word_at(lasts, low + step - 1) < article) {
        low += step;
        step *= 2;
    }
    uint32_t high = step < full - low ? low + step - 1 : full; /* it, or the rest, does not */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (word_at(lasts, middle) < article)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

unsigned fh_list_impacts(const fh_list *l, uint32_t b, fh_impact impacts[FH_IMPACTS])
{
    if (b >= l->full_blocks)
        return 0;
    return fh_impacts_read(impacts_of(l) + FH_IMPACTS_BYTES * (uint64_t)b, impacts);
}

unsigned fh_list_bounds(const fh_list *l, fh_impact impacts[FH_IMPACTS])
{
    return l->full_blocks > 0 ? fh_impacts_read(l->skips, impacts) : 0;
}

/* ---- Articles ---- */

/*
 * Do COUNT distances less 1, from FIRST - 1 on, stay among the articles that a segment can
 * have? TOP is no less than any of them.
 */
static bool stays_inside(const uint32_t *distances, unsigned count, uint32_t first,
                         uint32_t top)
{
    uint64_t sum = first;
    if (top < NEAR)
        return true;
    for (unsigned i = 0; i < count; i++)
        sum += (uint64_t)distances[i] + 1;
    return sum <= (uint64_t)FH_SEGMENT_ARTICLES_MAX + 1;
}

static bool read_full(const fh_list *l, uint32_t b, fh_block *block)
{
    const uint8_t *ends = ends_of(l);
    uint64_t start = b > 0 ? word_at(ends, b - 1) : 0;
    uint64_t end = word_at(ends, b);
    uint32_t first = b > 0 ? fh_list_last(l, b - 1) + 1 : 0;
    uint32_t last = fh_list_last(l, b);
    uint32_t top;
    if (start > end || last >= l->segment->header.articles || first > last)
        return distrust(l, "a block of a posting list out of order");
    const uint8_t *at = fh_slice_need(&l->postings, l->skips_len + start, end - start);
    if (!at)
        return false;
    block->count = FH_BLOCK;
    block->end = at + (end - start);
    if (!fh_patched_get(&at, block->end, block->articles, &top) ||
        !stays_inside(block->articles, FH_BLOCK, first, top))
        return distrust(l, "a block of articles that makes no sense");
    fh_pack_sum(block->articles, first);
    if (block->articles[FH_BLOCK - 1] != last)
        return distrust(l, "a block of articles that ends elsewhere");
    block->rest = at;
    return true;
}

/* The bits of the last block, from its beginning. */
static fh_bit_reader rest_of(const fh_block *block)
{
    return (fh_bit_reader){block->rest, 0, (uint64_t)(block->end - block->rest) * 8};
}

static bool read_rest(const fh_list *l, fh_block *block)
{
    uint32_t full = l->full_blocks;
    uint64_t start = l->skips_len + (full > 0 ? word_at(ends_of(l), full - 1) : 0);
    uint32_t first = full > 0 ? fh_list_last(l, full - 1) + 1 : 0;
    uint32_t left = l->segment->header.articles - first;
    unsigned count = l->articles % FH_BLOCK;
    bool read = true;
    if (start > l->postings.len || first > l->segment->header.articles || count > left)
        return distrust(l, "the rest of a posting list out of order");
    block->rest = fh_slice_need(&l->postings, start, l->postings.len - start);
    if (!block->rest)
        return false;
    block->count = count;
    block->end = block->rest + (l->postings.len - start);
    fh_bit_reader r = rest_of(block);
    r.at = 1;
    if (count == 1)
        block->articles[0] = fh_bits_get(&r, fh_bits(left - 1));
    else
        read = fh_rice_get(&r, block->articles, count, fh_rice_width(left - count, count));
    block->rest_bit = r.at;
    if (!read || r.at > r.end)
        return distrust(l, "articles that make no sense");
    uint64_t next = first;
    for (unsigned i = 0; i < count; i++) {
        next += block->articles[i];
        if (next >= l->segment->header.articles)
            return distrust(l, "articles that are not in the segment");
        block->articles[i] = (uint32_t)next++;
    }
    return true;
}

bool fh_list_block(const fh_list *l, uint32_t b, fh_block *block)
{
    block->count = 0;
    block->number = b;
    block->has_counts = false;
    block->has_titles = false;
    block->places.bytes = NULL;
    bool read =
        b < l->full_blocks ? read_full(l, b, block) : b < l->blocks && read_rest(l, block);
    if (!read)
        block->count = 0;
    return read;
}

/* ---- Counts and titles ---- */

/* Take TITLES of posting I; false when it has not so many. */
static bool put_title(fh_block *block, unsigned i, uint64_t titles)
{
    if (titles > block->counts[i] || titles > FH_TITLE_MAX)
        return false;
    block->titles[i] = (uint8_t)titles;
    block->has_titles = true;
    return true;
}

/* The titles of a full block, from AT on. */
static bool read_marks(fh_block *block, const uint8_t *at)
{
    if (at == block->end)
        return false;
    for (unsigned marks = *at++; marks > 0; marks--) {
        uint64_t titles = 1;
        if (at == block->end)
            return false;
        unsigned mark = *at++;
        if (mark & MARK_MORE) {
            if (!fh_varint_get(&at, block->end, &titles) || titles > FH_TITLE_MAX)
                return false;
            titles += 2;
        }
        if (!put_title(block, mark & MARK_PLACE, titles))
            return false;
    }
    return true;
}

static bool read_full_counts(const fh_list *l, fh_block *block)
{
    const uint8_t *at = block->rest;
    uint32_t top;
    if (!fh_patched_get(&at, block->end, block->counts, &top) || top > FH_COUNT_MAX)
        return false;
    for (unsigned i = 0; i < FH_BLOCK; i++)
        block->counts[i]++;
    return l->titled == 0 || read_marks(block, at);
}

static bool read_rest_titles(fh_block *block, fh_bit_reader *r)
{
    uint64_t at = r->at + block->count;
    for (unsigned from = 0; from < block->count; from += 32) {
        unsigned left = block->count - from;
        uint32_t which = fh_bits_get(r, left < 32 ? left : 32);
        for (; which; which &= which - 1) {
            uint32_t more;
            if (!fh_unary_get(r, &at, &more) ||
                !put_title(block, from + (unsigned)__builtin_ctz(which), (uint64_t)more + 1))
                return false;
        }
    }
    r->at = at;
    return true;
}

static bool read_rest_counts(const fh_list *l, fh_block *block)
{
    fh_bit_reader r = rest_of(block);
    bool some = fh_bits_get(&r, 1);
    uint32_t all = 0;
    r.at = block->rest_bit;
    if (some && !fh_rice_get(&r, block->counts, block->count, fh_bits_get(&r, WIDTH_BITS)))
        return false;
    for (unsigned i = 0; i < block->count; i++) {
        uint32_t more = some ? block->counts[i] : 0;
        all |= more;
        block->counts[i] = more + 1;
    }
    bool titled = l->titled > 0 && fh_bits_get(&r, 1);
    return all <= FH_COUNT_MAX && (!titled || read_rest_titles(block, &r)) && r.at <= r.end;
}

bool fh_block_counts(const fh_list *l, fh_block *block)
{
    memset(block->titles, 0, sizeof block->titles);
    bool read = block->number < l->full_blocks ? read_full_counts(l, block)
                                               : read_rest_counts(l, block);
    block->has_counts = read;
    return read || distrust(l, "counts that make no sense");
}

/* ---- Positions ---- */

static bool distrust_places(const fh_list *l)
{
    return fh_sealed_distrust(l->positions.file, l->positions.offset,
                              "positions that make no sense");
}

static fh_bit_reader row_of(const struct fh_block_places *p)
{
    return (fh_bit_reader){p->bytes, 0, p->len * 8};
}

/* Go back to the block's first posting. */
static void rewind_places(struct fh_block_places *p)
{
    p->read = 0;
    p->slot = 0;
    p->at = p->slots > VARINTS_MAX ? WIDTH_BITS + p->slots * p->width : 0;
}

/* Find the positions of BLOCK. */
static bool open_places(const fh_list *l, fh_block *block)
{
    struct fh_block_places *p = &block->places;
    uint32_t b = block->number;
    uint64_t start = b > 0 ? word_at(places_of(l), b - 1) : 0;
    uint64_t end = b < l->full_blocks ? word_at(places_of(l), b) : l->positions.len;
    if (start > end)
        return distrust_places(l);
    p->bytes = fh_slice_need(&l->positions, start, end - start);
    if (!p->bytes)
        return false;
    p->len = end - start;
    p->slots = 0;
    for (unsigned i = 0; i < block->count; i++)
        p->slots += block->counts[i];
    if (p->slots > p->len * 8) {
        p->bytes = NULL;
        return distrust_places(l);
    }
    fh_bit_reader r = row_of(p);
    p->width = fh_bits_get(&r, WIDTH_BITS);
    rewind_places(p);
    return true;
}

/* The next number of the row; false at its end. */
static bool next_number(struct fh_block_places *p, fh_bit_reader *r, uint64_t *number)
{
    if (p->slots <= VARINTS_MAX) {
        const uint8_t *at = p->bytes + p->at;
        bool read = fh_varint_get(&at, p->bytes + p->len, number);
        p->at = (uint64_t)(at - p->bytes);
        return read;
    }
    uint32_t high;
    if (!fh_unary_get(r, &p->at, &high))
        return false;
    r->at = WIDTH_BITS + p->slot++ * p->width;
    *number = (uint64_t)high << p->width | fh_bits_get(r, p->width);
    return true;
}

/* Skip to the first position of posting I. */
static bool skip_places(fh_block *block, unsigned i)
{
    struct fh_block_places *p = &block->places;
    fh_bit_reader r = row_of(p);
    uint64_t slots = 0, number;
    if (i < p->read)
        rewind_places(p);
    for (; p->read < i; p->read++)
        slots += block->counts[p->read];
    if (p->slots > VARINTS_MAX) {
        p->at = fh_unary_skip(&r, p->at, slots);
        p->slot += slots;
        return true;
    }
    for (; slots > 0; slots--)
        if (!next_number(p, &r, &number))
            return false;
    return true;
}

uint32_t fh_block_positions(const fh_list *l, fh_block *block, unsigned i, uint32_t *out,
                            uint32_t most)
{
    struct fh_block_places *p = &block->places;
    uint32_t count = block->counts[i] < most ? block->counts[i] : most;
    uint64_t position = 0, number;
    if (!p->bytes && !open_places(l, block))
        return 0;
    if (!skip_places(block, i)) {
        distrust_places(l);
        return 0;
    }
    struct fh_block_places begun = *p;
    fh_bit_reader r = row_of(p);
    for (uint32_t k = 0; k < count; k++) {
        if (!next_number(p, &r, &number) || number > UINT32_MAX ||
            (position += number) > UINT32_MAX) {
            distrust_places(l);
            return 0;
        }
        out[k] = (uint32_t)position;
    }
    if (count < block->counts[i])
        *p = begun; /* what was cut is still to be skipped */
    else
        p->read++;
    return count;
}
