#include "engines/native/dictionary.h"

#include "engines/native/dictionary_bytes.h"
#include "engines/native/pack.h"

static bool distrust(const fh_dictionary *d, const char *what)
{
    return fh_sealed_distrust(d->slice.file, d->slice.offset, what);
}

bool fh_dictionary_open(const fh_segment *s, unsigned form, fh_dictionary *d)
{
    const fh_slice *section = &s->sections[FH_SECTION_OF(FH_SECTION_TERMS, form)];
    *d = (fh_dictionary){.slice = *section};
    if (section->len == 0)
        return true;
    if (section->len < TRAILER)
        return distrust(d, "a dictionary that is too short");
    const uint8_t *trailer = fh_slice_need(section, section->len - TRAILER, TRAILER);
    if (!trailer)
        return false;
    uint64_t terms = read_number(trailer, 8), blocks = read_number(trailer + 8, 4);
    if (blocks > (section->len - TRAILER) / ENTRY || terms > blocks * BLOCK_TERMS)
        return distrust(d, "a dictionary that is too short");
    d->terms = terms;
    d->blocks = (uint32_t)blocks;
    d->index = section->len - TRAILER - ENTRY * blocks;
    return true;
}

/* ---- Terms ---- */

/* A length that shape says: NIBBLE, or 15 and the varint at *AT. */
static inline bool read_part(const uint8_t **at, const uint8_t *end, unsigned nibble,
                             uint64_t *len)
{
    *len = nibble;
    if (nibble < PART_MORE)
        return true;
    bool read = fh_varint_get(at, end, len) && *len <= FH_CODE_MAX;
    *len += PART_MORE;
    return read;
}

/* What stands of a term's text in its block. */
typedef struct written {
    uint64_t shared; /* bytes of the term before it */
    uint64_t rest;   /* bytes that follow them ... */
    const uint8_t *text;
} written;

static inline bool read_written(const uint8_t **at, const uint8_t *end, written *text)
{
    if (*at == end)
        return false;
    unsigned shape = *(*at)++;
    if (!read_part(at, end, shape >> 4, &text->shared) ||
        !read_part(at, end, shape & 15, &text->rest) || text->rest > (uint64_t)(end - *at))
        return false;
    text->text = *at;
    *at += text->rest;
    return true;
}

/*
 * Read the text at *AT into W, behind what it shares with the one before; it has to sort
 * behind it.
 */
static bool read_text(fh_term_walk *w, const uint8_t **at, bool first)
{
    written t;
    if (!read_written(at, w->end, &t) || t.shared > w->len || t.rest > FH_CODE_MAX - t.shared)
        return false;
    if (first) {
        fh_str before = {(const char *)w->code, w->len};
        fh_str now = {(const char *)t.text, t.rest};
        if (t.shared > 0 || (w->len > 0 && fh_str_compare(before, now) >= 0))
            return false;
    } else if (t.rest == 0 || (t.shared < w->len && *t.text <= w->code[t.shared])) {
        return false;
    }
    memcpy(w->code + t.shared, t.text, t.rest);
    w->len = (size_t)(t.shared + t.rest);
    return true;
}

static bool read_many(const uint8_t **at, const uint8_t *end, unsigned sizes, fh_posted *posted)
{
    uint64_t articles = sizes & SIZES_ARTICLES, titled = 0;
    if (articles == SIZES_ARTICLES) {
        if (!fh_varint_get(at, end, &articles) || articles > FH_SEGMENT_ARTICLES_MAX)
            return false;
        articles += SIZES_ARTICLES;
    }
    if (++articles > FH_SEGMENT_ARTICLES_MAX)
        return false;
    if ((sizes & SIZES_TITLED) && (!fh_varint_get(at, end, &titled) || titled > articles))
        return false;
    posted->articles = (uint32_t)articles;
    posted->titled = (uint32_t)titled;
    return fh_varint_get(at, end, &posted->postings_len) &&
           fh_varint_get(at, end, &posted->positions_len) &&
           posted->postings_len <= LISTS_MAX && posted->positions_len <= LISTS_MAX;
}

static inline bool read_sizes(const uint8_t **at, const uint8_t *end, fh_posted *posted)
{
    if (*at == end)
        return false;
    unsigned sizes = *(*at)++;
    if (sizes & SIZES_MANY)
        return read_many(at, end, sizes, posted);
    posted->articles = (sizes & 3) + 1;
    posted->postings_len = (sizes >> 2 & 7) + 1;
    posted->positions_len = (sizes >> 5) + posted->articles;
    return true;
}

/* Read the term at W->at. */
static bool read_term(fh_term_walk *w, bool first)
{
    fh_posted posted = {.postings = w->postings, .positions = w->positions};
    const uint8_t *at = w->at;
    if (!read_text(w, &at, first) || !read_sizes(&at, w->end, &posted))
        return distrust(w->dictionary, "a term that makes no sense");
    w->posted = posted;
    w->postings += posted.postings_len;
    w->positions += posted.positions_len;
    w->at = at;
    return true;
}

/* ---- Blocks ---- */

static const uint8_t *entry_of(const fh_dictionary *d, uint32_t b)
{
    return fh_slice_need(&d->slice, d->index + ENTRY * (uint64_t)b, ENTRY);
}

/* Begin to read block B. */
static bool open_block(fh_term_walk *w, uint32_t b)
{
    const fh_dictionary *d = w->dictionary;
    const uint8_t *entry = entry_of(d, b);
    const uint8_t *behind = b + 1 < d->blocks ? entry_of(d, b + 1) : NULL;
    if (!entry || (b + 1 < d->blocks && !behind))
        return false;
    uint64_t start = read_number(entry + 8, 4);
    uint64_t end = behind ? read_number(behind + 8, 4) : d->index;
    if (start >= end || end > d->index || end - start > BLOCK_BYTES)
        return distrust(d, "a block of terms out of order");
    w->at = fh_slice_need(&d->slice, start, end - start);
    w->end = w->at + (w->at ? end - start : 0);
    w->postings = read_number(entry + 12, 6);
    w->positions = read_number(entry + 18, 6);
    w->block = b + 1;
    return w->at != NULL;
}

/* Read the next term; false at the end, or at damage, which is an end as well. */
static bool step(fh_term_walk *w)
{
    bool first = w->at == w->end;
    if (first && w->block == w->dictionary->blocks)
        return false;
    if ((!first || open_block(w, w->block)) && read_term(w, first))
        return true;
    w->at = w->end;
    w->block = w->dictionary->blocks;
    return false;
}

/* How the first term of block B compares with FROM, which has KEY. *BAD at damage. */
static int compare_block(fh_term_walk *w, uint32_t b, fh_str from, uint64_t key, bool *bad)
{
    const uint8_t *entry = entry_of(w->dictionary, b);
    if (!entry) {
        *bad = true;
        return 0;
    }
    uint64_t first = fh_get64_big(entry);
    if (first != key)
        return first < key ? -1 : 1;
    w->len = 0;
    *bad = !open_block(w, b) || !read_term(w, true);
    return *bad ? 0 : fh_str_compare((fh_str){(const char *)w->code, w->len}, from);
}

/* The last block whose first term is not above FROM, or the first of all. */
static uint32_t find_block(fh_term_walk *w, fh_str from, bool *bad)
{
    uint64_t key = fh_get_key(from.ptr, from.len);
    uint32_t low = 0, high = w->dictionary->blocks;
    while (high - low > 1 && !*bad) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_block(w, middle, from, key, bad) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void fh_term_walk_start(fh_term_walk *w, const fh_dictionary *d, fh_str from)
{
    bool bad = false;
    w->dictionary = d;
    w->at = w->end = NULL;
    w->pending = false;
    uint32_t block = d->blocks > 0 ? find_block(w, from, &bad) : 0;
    w->block = bad ? d->blocks : block;
    w->at = w->end = NULL;
    w->len = 0;
    while (!w->pending && step(w))
        w->pending = fh_str_compare((fh_str){(const char *)w->code, w->len}, from) >= 0;
}

bool fh_term_walk_next(fh_term_walk *w, fh_str *code, fh_posted *posted)
{
    if (!w->pending && !step(w))
        return false;
    w->pending = false;
    *code = (fh_str){(const char *)w->code, w->len};
    *posted = w->posted;
    return true;
}

/* ---- One term ---- */

typedef enum order { BELOW, FOUND, ABOVE } order;

/*
 * How the term T compares with CODE, when the one before it is below CODE and has its first
 * *MATCH bytes and not the next: most terms are passed over by `shared` alone.
 */
static order compare_written(const written *t, fh_str code, size_t *match)
{
    if (t->shared != *match)
        return t->shared > *match ? BELOW : ABOVE;
    size_t i = 0, at = *match;
    while (i < t->rest && at < code.len && t->text[i] == (uint8_t)code.ptr[at]) {
        i++;
        at++;
    }
    *match = at;
    if (i == t->rest)
        return at == code.len ? FOUND : BELOW;
    return at == code.len || t->text[i] > (uint8_t)code.ptr[at] ? ABOVE : BELOW;
}

/* Look for CODE in the block that W has opened. */
static bool scan_block(const fh_term_walk *w, fh_str code, fh_posted *posted)
{
    const uint8_t *at = w->at;
    uint64_t postings = w->postings, positions = w->positions;
    size_t match = 0;
    while (at < w->end) {
        written t;
        *posted = (fh_posted){.postings = postings, .positions = positions};
        if (!read_written(&at, w->end, &t))
            return distrust(w->dictionary, "a term that makes no sense");
        order o = compare_written(&t, code, &match);
        if (o == ABOVE)
            return false;
        if (!read_sizes(&at, w->end, posted))
            return distrust(w->dictionary, "a term that makes no sense");
        if (o == FOUND)
            return true;
        postings += posted->postings_len;
        positions += posted->positions_len;
    }
    return false;
}

bool fh_dictionary_find(const fh_dictionary *d, fh_str code, fh_posted *posted)
{
    fh_term_walk w;
    bool bad = false;
    w.dictionary = d;
    uint32_t block = d->blocks > 0 ? find_block(&w, code, &bad) : 0;
    if (d->blocks > 0 && !bad && open_block(&w, block) && scan_block(&w, code, posted))
        return true;
    *posted = (fh_posted){0};
    return false;
}
