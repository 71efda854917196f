#include "stemmers/memo.h"

#include <stdlib.h>
#include <string.h>

/*
 * A hash table with linear probing. A slot has the upper half of a word's hash and the place of
 * its record in `text`; place 0 is an empty slot. A record, each number one byte:
 *
 *     word_len  folded_at  folded_len  stem_at  stem_len  word...  [folded...]  [stem...]
 *
 * The places count from the first byte of the word. A form that stands in the bytes before it
 * (the folded form is often the word itself, the stem mostly a part of it) takes none of its
 * own.
 */
struct slot {
    uint32_t tag;
    uint32_t place;
};

struct fh_memo {
    struct slot *slots;
    size_t slot_count; /* a power of two */
    size_t used;
    char *text;
    size_t text_len;
    size_t text_capacity;
    size_t slot_limit; /* slots at most */
    size_t text_limit; /* bytes of text at most */
};

#define HEADER     5
#define WORD_MAX   127 /* bytes; longer words are not kept, so that places fit in a byte */
#define SLOTS_MIN  256
#define TEXT_MIN   4096
#define RECORD_MAX (HEADER + WORD_MAX + 2 * FH_TERM_MAX)

_Static_assert(WORD_MAX + FH_TERM_MAX <= UINT8_MAX, "the places in a record are bytes");

fh_memo *fh_memo_new(size_t limit)
{
    fh_memo *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    /* Words are kept up to three quarters of the slots, at about 20 bytes of text each. */
    m->slot_limit = limit / 4 / sizeof *m->slots;
    m->text_limit = limit - limit / 4;
    m->slot_count = SLOTS_MIN;
    m->text_capacity = TEXT_MIN;
    m->text_len = 1;
    m->slots = calloc(m->slot_count, sizeof *m->slots);
    m->text = malloc(m->text_capacity);
    if (m->slots && m->text)
        return m;
    fh_memo_free(m);
    return NULL;
}

void fh_memo_free(fh_memo *m)
{
    if (!m)
        return;
    free(m->slots);
    free(m->text);
    free(m);
}

/* ---- Hashing: our own, multiply and fold, for words of a few letters ---- */

static uint64_t load8(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

static uint64_t load4(const char *p)
{
    uint32_t x;
    memcpy(&x, p, sizeof x);
    return x;
}

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0x9E3779B97F4A7C15U;
    return h ^ (h >> 29);
}

/*
 * The last bytes are read together with some that were read before, so that no loop is needed.
 */
uint64_t fh_memo_hash(fh_str word)
{
    const char *p = word.ptr;
    size_t n = word.len;
    uint64_t h = mix(n, 0);
    if (n < 4) {
        uint64_t x = 0;
        for (size_t i = 0; i < n; i++)
            x = x << 8 | (unsigned char)p[i];
        return mix(mix(h, x), h);
    }
    if (n < 8)
        return mix(mix(h, load4(p) << 32 | load4(p + n - 4)), h);
    for (; n > 8; p += 8, n -= 8)
        h = mix(h, load8(p));
    return mix(mix(h, load8(p + n - 8)), h);
}

/* ---- Looking up ---- */

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32);
}

void fh_memo_prefetch(const fh_memo *m, uint64_t hash)
{
    __builtin_prefetch(&m->slots[hash & (m->slot_count - 1)]);
}

static unsigned char byte_at(const char *record, size_t i)
{
    return (unsigned char)record[i];
}

static bool holds(const char *record, fh_str word)
{
    return byte_at(record, 0) == word.len && memcmp(record + HEADER, word.ptr, word.len) == 0;
}

bool fh_memo_find(const fh_memo *m, fh_str word, uint64_t hash, fh_forms *forms)
{
    size_t mask = m->slot_count - 1;
    for (size_t i = hash & mask; m->slots[i].place != 0; i = (i + 1) & mask) {
        const char *record = m->text + m->slots[i].place;
        if (m->slots[i].tag != tag_of(hash) || !holds(record, word))
            continue;
        const char *bytes = record + HEADER;
        forms->folded = (fh_str){bytes + byte_at(record, 1), byte_at(record, 2)};
        forms->stem = (fh_str){bytes + byte_at(record, 3), byte_at(record, 4)};
        return true;
    }
    return false;
}

/* ---- Adding ---- */

static void forget(fh_memo *m)
{
    memset(m->slots, 0, m->slot_count * sizeof *m->slots);
    m->used = 0;
    m->text_len = 1;
}

static void place(struct slot *slots, size_t slot_count, uint64_t hash, uint32_t at)
{
    size_t i = hash & (slot_count - 1);
    while (slots[i].place != 0)
        i = (i + 1) & (slot_count - 1);
    slots[i] = (struct slot){tag_of(hash), at};
}

static bool grow_slots(fh_memo *m)
{
    size_t slot_count = m->slot_count * 2;
    if (slot_count > m->slot_limit)
        return false;
    struct slot *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < m->slot_count; i++) {
        const char *record = m->text + m->slots[i].place;
        if (m->slots[i].place != 0)
            place(slots, slot_count,
                  fh_memo_hash((fh_str){record + HEADER, byte_at(record, 0)}),
                  m->slots[i].place);
    }
    free(m->slots);
    m->slots = slots;
    m->slot_count = slot_count;
    return true;
}

static bool grow_text(fh_memo *m)
{
    size_t capacity = m->text_capacity * 2;
    if (capacity > m->text_limit)
        capacity = m->text_limit;
    if (capacity < m->text_len + RECORD_MAX)
        return false;
    char *text = realloc(m->text, capacity);
    if (!text)
        return false;
    m->text = text;
    m->text_capacity = capacity;
    return true;
}

/* Append FORM to the record's BYTES unless it stands in them already; says where it stands. */
static size_t put(fh_memo *m, char *bytes, fh_str form)
{
    size_t end = (size_t)(m->text + m->text_len - bytes);
    char *there = memmem(bytes, end, form.ptr, form.len);
    if (there)
        return (size_t)(there - bytes);
    memcpy(bytes + end, form.ptr, form.len);
    m->text_len += form.len;
    return end;
}

void fh_memo_add(fh_memo *m, fh_str word, uint64_t hash, const fh_forms *forms)
{
    if (word.len > WORD_MAX)
        return;
    if ((4 * m->used >= 3 * m->slot_count && !grow_slots(m)) ||
        (m->text_len + RECORD_MAX > m->text_capacity && !grow_text(m)))
        forget(m);
    size_t at = m->text_len;
    char *record = m->text + at;
    char *bytes = record + HEADER;
    m->text_len += HEADER + word.len;
    memcpy(bytes, word.ptr, word.len);
    size_t folded_at = put(m, bytes, forms->folded);
    size_t stem_at = put(m, bytes, forms->stem);
    record[0] = (char)word.len;
    record[1] = (char)folded_at;
    record[2] = (char)forms->folded.len;
    record[3] = (char)stem_at;
    record[4] = (char)forms->stem.len;
    place(m->slots, m->slot_count, hash, (uint32_t)at);
    m->used++;
}
