#include "stemmers/memo.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"

/*
 * A hash table with linear probing, whose slots hold the keys themselves, so that a look-up
 * touches nothing else: two slots are a line of the processor's cache. `number` is one more than
 * the spelling's, so that a zeroed slot is an empty one.
 */
struct slot {
    uint64_t part[3];
    uint32_t number;
    uint32_t no_word;
};

/*
 * What is known of a spelling: places in `text`. A form that stands in the spelling (the folded
 * form is often the spelling itself, the stem mostly a part of it) takes no bytes of its own.
 */
struct record {
    uint32_t word;
    uint32_t word_len;
    uint32_t form[FH_FORMS];
    uint8_t form_len[FH_FORMS];
};

struct fh_memo {
    struct slot *slots;
    struct record *records;
    fh_shapes *shapes; /* as many as records */
    char *text;
    size_t slot_bits; /* there are so many bits of slots */
    size_t count;
    size_t record_capacity;
    size_t text_len;
    size_t text_capacity;
    size_t limit;
};

#define SLOT_BITS_MIN 8
#define RECORDS_MIN   256
#define TEXT_MIN      4096

/* The third part of a long spelling's key: UTF-8 has no such bytes. */
#define LONG_MARK UINT64_MAX

/* So many bytes of a spelling are searched for its forms. */
#define SHARED_MAX 64

/* A spelling that fits into a key. */
#define SHORT_MAX (3 * sizeof(uint64_t))

_Static_assert(sizeof(struct slot) == 32, "two slots are a line of cache");
_Static_assert(FH_TERM_MAX <= UINT8_MAX, "the length of a form is a byte");

static bool allocate(fh_memo *m)
{
    m->slot_bits = SLOT_BITS_MIN;
    m->record_capacity = RECORDS_MIN;
    m->text_capacity = TEXT_MIN;
    m->slots = fh_memory_take_zeroed(sizeof *m->slots << m->slot_bits);
    m->records = malloc(m->record_capacity * sizeof *m->records);
    m->shapes = malloc(m->record_capacity * sizeof *m->shapes);
    m->text = malloc(m->text_capacity);
    return m->slots && m->records && m->shapes && m->text;
}

fh_memo *fh_memo_new(size_t limit)
{
    fh_memo *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->limit = limit;
    if (allocate(m))
        return m;
    fh_memo_free(m);
    return NULL;
}

void fh_memo_free(fh_memo *m)
{
    if (!m)
        return;
    free(m->slots);
    free(m->records);
    free(m->shapes);
    free(m->text);
    free(m);
}

void fh_memo_set_limit(fh_memo *m, size_t limit)
{
    m->limit = limit;
}

/* ---- Keys and hashing: our own, multiply and fold, for words of a few letters ---- */

#define FACTOR_A 0x9E3779B97F4A7C15U
#define FACTOR_B 0xC2B2AE3D27D4EB4FU
#define FACTOR_C 0xD6E8FEB86659FD93U

static uint64_t load8(const char *p)
{
    uint64_t x;
    memcpy(&x, p, sizeof x);
    return le64toh(x);
}

static inline uint64_t hash_parts(const uint64_t part[3])
{
    uint64_t h = part[0] * FACTOR_A ^ (part[1] + FACTOR_B) * FACTOR_C ^ part[2] * FACTOR_B;
    h = (h ^ h >> 32) * FACTOR_A;
    return h ^ h >> 29;
}

static void make_long_key(fh_str word, uint64_t part[3])
{
    const char *p = word.ptr;
    size_t n = word.len;
    uint64_t h = n;
    for (; n > 8; p += 8, n -= 8) {
        h = (h ^ load8(p)) * FACTOR_A;
        h ^= h >> 29;
    }
    part[0] = (h ^ load8(p + n - 8)) * FACTOR_A;
    part[1] = word.len;
    part[2] = LONG_MARK;
}

/* What the parts of a key keep of the bytes of a word, by its length. */
static const uint64_t masks[SHORT_MAX + 1][3] = {
#define ALL     UINT64_MAX
#define SOME(n) (UINT64_MAX >> (64 - 8 * (n)))
    {0, 0, 0},           {SOME(1), 0, 0},     {SOME(2), 0, 0},     {SOME(3), 0, 0},
    {SOME(4), 0, 0},     {SOME(5), 0, 0},     {SOME(6), 0, 0},     {SOME(7), 0, 0},
    {ALL, 0, 0},         {ALL, SOME(1), 0},   {ALL, SOME(2), 0},   {ALL, SOME(3), 0},
    {ALL, SOME(4), 0},   {ALL, SOME(5), 0},   {ALL, SOME(6), 0},   {ALL, SOME(7), 0},
    {ALL, ALL, 0},       {ALL, ALL, SOME(1)}, {ALL, ALL, SOME(2)}, {ALL, ALL, SOME(3)},
    {ALL, ALL, SOME(4)}, {ALL, ALL, SOME(5)}, {ALL, ALL, SOME(6)}, {ALL, ALL, SOME(7)},
    {ALL, ALL, ALL},
};

static inline void make_short_key(const char *bytes, size_t len, uint64_t part[3])
{
    part[0] = load8(bytes) & masks[len][0];
    part[1] = load8(bytes + 8) & masks[len][1];
    part[2] = load8(bytes + 16) & masks[len][2];
}

/* The key of a word behind which its text has not enough bytes to read them at once. */
static void make_last_key(fh_str word, uint64_t part[3])
{
    char bytes[SHORT_MAX] = {0};
    memcpy(bytes, word.ptr, word.len);
    make_short_key(bytes, word.len, part);
}

/* ---- Looking up ---- */

static inline size_t first_slot(uint64_t hash, size_t slot_bits)
{
    return hash >> (64 - slot_bits);
}

static inline fh_str word_at(fh_str text, fh_span span)
{
    return (fh_str){text.ptr + span.start, span.end - span.start};
}

void fh_memo_prepare(const fh_memo *m, fh_str text, const fh_token *tokens, size_t count,
                     fh_memo_key *keys)
{
    const struct slot *slots = m->slots;
    size_t slot_bits = m->slot_bits;
    for (size_t i = 0; i < count; i++) {
        fh_str word = word_at(text, tokens[i].span);
        uint64_t part[3];
        if (word.len > SHORT_MAX)
            make_long_key(word, part);
        else if (tokens[i].span.start + SHORT_MAX > text.len)
            make_last_key(word, part);
        else
            make_short_key(word.ptr, word.len, part);
        keys[i] = (fh_memo_key){{part[0], part[1], part[2]}, hash_parts(part)};
        __builtin_prefetch(&slots[first_slot(keys[i].hash, slot_bits)]);
    }
}

static bool is_word(const fh_memo *m, uint32_t number, fh_str word)
{
    const struct record *r = &m->records[number];
    return r->word_len == word.len && memcmp(m->text + r->word, word.ptr, word.len) == 0;
}

/* The slot of the word at SPAN, whose key is KEY, or an empty one. */
static inline const struct slot *find_slot(const fh_memo *m, const fh_memo_key *key,
                                           fh_str text, fh_span span)
{
    size_t mask = ((size_t)1 << m->slot_bits) - 1;
    size_t i = first_slot(key->hash, m->slot_bits);
    for (;; i = (i + 1) & mask) {
        const struct slot *s = &m->slots[i];
        if (s->number == 0)
            return s;
        if (((s->part[0] ^ key->part[0]) | (s->part[1] ^ key->part[1]) |
             (s->part[2] ^ key->part[2])) != 0)
            continue;
        if (key->part[2] != LONG_MARK || is_word(m, s->number - 1, word_at(text, span)))
            return s;
    }
}

size_t fh_memo_find(const fh_memo *m, fh_str text, const fh_memo_key *keys, fh_token *tokens,
                    size_t count, uint32_t *no_words)
{
    uint32_t none = 0;
    size_t i;
    for (i = 0; i < count; i++) {
        const struct slot *s = find_slot(m, &keys[i], text, tokens[i].span);
        if (s->number == 0)
            break;
        tokens[i].spelling = s->number - 1;
        none += s->no_word;
    }
    *no_words += none;
    return i;
}

void fh_memo_spell(const fh_memo *m, uint32_t number, fh_spelling *spelling)
{
    const struct record *r = &m->records[number];
    spelling->written = (fh_str){m->text + r->word, r->word_len};
    for (size_t i = 0; i < FH_FORMS; i++)
        spelling->forms[i] = (fh_str){m->text + r->form[i], r->form_len[i]};
}

fh_shapes fh_memo_shapes(const fh_memo *m, uint32_t number)
{
    return m->shapes[number];
}

uint32_t fh_memo_count(const fh_memo *m)
{
    return (uint32_t)m->count;
}

/* ---- Adding ---- */

static void place(struct slot *slots, size_t slot_bits, uint64_t hash, const struct slot *slot)
{
    size_t mask = ((size_t)1 << slot_bits) - 1;
    size_t i = first_slot(hash, slot_bits);
    while (slots[i].number != 0)
        i = (i + 1) & mask;
    slots[i] = *slot;
}

/* Are five in eight slots taken, more than which would make look-ups slow? */
static bool is_crowded(const fh_memo *m)
{
    return 8 * m->count >= (size_t)5 << m->slot_bits;
}

/* Room for one more slot. */
static bool reserve_slot(fh_memo *m)
{
    if (!is_crowded(m))
        return true;
    size_t slot_count = (size_t)1 << m->slot_bits;
    struct slot *slots = fh_memory_take_zeroed(2 * slot_count * sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < slot_count; i++)
        if (m->slots[i].number != 0)
            place(slots, m->slot_bits + 1, hash_parts(m->slots[i].part), &m->slots[i]);
    free(m->slots);
    m->slots = slots;
    m->slot_bits++;
    return true;
}

/* Memory of LEN bytes, the first USED of them those of OLD, which is freed; NULL, and OLD stays. */
static void *resize(void *old, size_t used, size_t len)
{
    void *memory = fh_memory_take(len);
    if (!memory)
        return NULL;
    memcpy(memory, old, used);
    free(old);
    return memory;
}

/* Let there be room for CAPACITY records; false, and no change, when there is no memory for it. */
static bool resize_records(fh_memo *m, size_t capacity)
{
    struct record *records =
        resize(m->records, m->count * sizeof *records, capacity * sizeof *records);
    m->records = records ? records : m->records;
    fh_shapes *shapes = reallocarray(m->shapes, capacity, sizeof *shapes);
    m->shapes = shapes ? shapes : m->shapes;
    if (!records || !shapes)
        return false;
    m->record_capacity = capacity;
    return true;
}

static bool reserve_record(fh_memo *m)
{
    if (m->count < m->record_capacity)
        return true;
    return m->count < FH_MEMO_NONE / 2 && resize_records(m, 2 * m->record_capacity);
}

static bool reserve_text(fh_memo *m, size_t len)
{
    size_t wanted = m->text_len + len;
    if (wanted <= m->text_capacity)
        return true;
    if (wanted > UINT32_MAX)
        return false;
    size_t capacity = wanted > 2 * m->text_capacity ? wanted : 2 * m->text_capacity;
    char *text = resize(m->text, m->text_len, capacity);
    if (!text)
        return false;
    m->text = text;
    m->text_capacity = capacity;
    return true;
}

/* Append BYTES to the text; says where they stand. */
static uint32_t append(fh_memo *m, fh_str bytes)
{
    size_t at = m->text_len;
    if (bytes.len > 0)
        memcpy(m->text + at, bytes.ptr, bytes.len);
    m->text_len += bytes.len;
    return (uint32_t)at;
}

/* Where FORM stands: in the spelling at WORD, or behind all that was there. */
static uint32_t keep_form(fh_memo *m, uint32_t word, size_t word_len, fh_str form)
{
    size_t searched = word_len < SHARED_MAX ? word_len : SHARED_MAX;
    const char *bytes = m->text + word;
    for (size_t at = 0; at + form.len <= searched; at++)
        if (memcmp(bytes + at, form.ptr, form.len) == 0)
            return word + (uint32_t)at;
    return append(m, form);
}

uint32_t fh_memo_add(fh_memo *m, const fh_memo_key *key, fh_str word,
                     const fh_str forms[FH_FORMS])
{
    if (!reserve_slot(m) || !reserve_record(m) ||
        !reserve_text(m, word.len + FH_FORMS * (size_t)FH_TERM_MAX))
        return FH_MEMO_NONE;
    struct record *r = &m->records[m->count];
    *r = (struct record){.word = append(m, word), .word_len = (uint32_t)word.len};
    bool empty = true;
    for (size_t i = 0; i < FH_FORMS; i++) {
        r->form[i] = keep_form(m, r->word, word.len, forms[i]);
        r->form_len[i] = (uint8_t)forms[i].len;
        m->shapes[m->count].form[i] = fh_analysis_shape(forms[i]);
        empty = empty && forms[i].len == 0;
    }
    struct slot slot = {.part = {key->part[0], key->part[1], key->part[2]},
                        .number = (uint32_t)m->count + 1,
                        .no_word = empty};
    place(m->slots, m->slot_bits, key->hash, &slot);
    return (uint32_t)m->count++;
}

/* ---- Forgetting ---- */

/* Half of the limit is for slots, a quarter each for records and text. */
static size_t slots_limit(const fh_memo *m)
{
    return m->limit / 2 / sizeof *m->slots;
}

bool fh_memo_is_full(const fh_memo *m)
{
    size_t slot_count = (size_t)1 << m->slot_bits;
    return slot_count > slots_limit(m) || (is_crowded(m) && 2 * slot_count > slots_limit(m)) ||
           m->count * sizeof *m->records >= m->limit / 4 || m->text_len >= m->limit / 4;
}

void fh_memo_forget(fh_memo *m)
{
    struct slot *slots = NULL;
    size_t slot_count = (size_t)1 << m->slot_bits;
    size_t least = (size_t)1 << SLOT_BITS_MIN;
    m->count = 0;
    m->text_len = 0;
    if (slot_count > slots_limit(m) && slot_count > least)
        slots = calloc(least, sizeof *slots);
    if (slots) {
        free(m->slots);
        m->slots = slots;
        m->slot_bits = SLOT_BITS_MIN;
    } else {
        memset(m->slots, 0, slot_count * sizeof *m->slots);
    }
    if (m->text_capacity > m->limit / 2 && m->text_capacity > TEXT_MIN) {
        char *text = realloc(m->text, TEXT_MIN);
        m->text = text ? text : m->text;
        m->text_capacity = text ? TEXT_MIN : m->text_capacity;
    }
    if (m->record_capacity * sizeof *m->records > m->limit / 2 &&
        m->record_capacity > RECORDS_MIN) {
        m->record_capacity = RECORDS_MIN;
        resize_records(m, RECORDS_MIN);
    }
}
