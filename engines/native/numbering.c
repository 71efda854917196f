#include "engines/native/numbering.h"

#include <stdlib.h>
#include <string.h>

#include "engines/native/memory.h"

#define BLOCK (1u << FH_NUMBERING_BLOCK_BITS)

/* Slots of a numbering that begins: 2 to so many bits. */
#define BITS_MIN 8

/* Texts are copied into chunks of at least so many bytes, which grow with the numbering. */
#define CHUNK_MIN ((size_t)16 * 1024)
#define CHUNK_MAX ((size_t)2 * 1024 * 1024 - 64)

/*
 * A look-up touches a slot, a record and a text, each of which is far away. They are fetched
 * so many keys ahead.
 */
#define SLOT_AHEAD   24
#define RECORD_AHEAD 16
#define TEXT_AHEAD   8

/* ---- Memory ---- */

static fh_numbering_text *text_at(const fh_numbering *l, uint32_t n)
{
    return &l->blocks[n >> FH_NUMBERING_BLOCK_BITS][n & (BLOCK - 1)];
}

static bool grow_slots(fh_numbering *l)
{
    unsigned bits = l->bits ? l->bits + 1 : BITS_MIN;
    uint64_t *slots = fh_memory_take(sizeof *slots << bits);
    if (!slots)
        return false;
    memset(slots, 0, sizeof *slots << bits);
    size_t mask = ((size_t)1 << bits) - 1;
    for (uint32_t n = 0; n < l->count; n++) {
        uint32_t hash = text_at(l, n)->hash;
        size_t at = hash & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = (uint64_t)hash << 32 | (n + 1);
    }
    l->bytes += (sizeof *slots << bits) - (l->bits ? sizeof *slots << l->bits : 0);
    free(l->slots);
    l->slots = slots;
    l->bits = bits;
    return true;
}

/* Make room for COUNT more texts. */
static bool make_room(fh_numbering *l, size_t count)
{
    if (count >= UINT32_MAX - l->count)
        return false;
    size_t blocks = (l->count + count + BLOCK - 1) / BLOCK;
    if (!fh_array_grow(&l->blocks, &l->block_room, blocks, sizeof(fh_numbering_text *)))
        return false;
    for (; l->block_count < blocks; l->block_count++) {
        fh_numbering_text *block = malloc(BLOCK * sizeof *block);
        if (!block)
            return false;
        l->blocks[l->block_count] = block;
        l->bytes += BLOCK * sizeof *block;
    }
    return true;
}

static char *copy(fh_numbering *l, const char *bytes, size_t len)
{
    if (l->size - l->used < len) {
        size_t size = l->size * 2 < CHUNK_MIN ? CHUNK_MIN : l->size * 2;
        size = size > CHUNK_MAX ? CHUNK_MAX : size;
        size = size < len + sizeof l->chunk ? len + sizeof l->chunk : size;
        char *chunk = malloc(size);
        if (!chunk)
            return NULL;
        memcpy(chunk, &l->chunk, sizeof l->chunk);
        l->chunk = chunk;
        l->used = sizeof l->chunk;
        l->size = size;
        l->bytes += size;
    }
    char *to = l->chunk + l->used;
    if (len > 0)
        memcpy(to, bytes, len);
    l->used += len;
    return to;
}

void fh_numbering_free(fh_numbering *l)
{
    while (l->chunk) {
        char *older;
        memcpy(&older, l->chunk, sizeof older);
        free(l->chunk);
        l->chunk = older;
    }
    for (size_t i = 0; i < l->block_count; i++)
        free(l->blocks[i]);
    free(l->blocks);
    free(l->slots);
    *l = (fh_numbering){0};
}

/* ---- Looking up ---- */

static void fetch_slot(const fh_numbering *l, const fh_numbering_key *key)
{
    __builtin_prefetch(&l->slots[key->hash >> 32 & (((size_t)1 << l->bits) - 1)]);
}

/* The number of the text whose slot KEY meets first: most often its own. */
static uint32_t guess(const fh_numbering *l, const fh_numbering_key *key)
{
    return (uint32_t)l->slots[key->hash >> 32 & (((size_t)1 << l->bits) - 1)];
}

static void fetch_record(const fh_numbering *l, const fh_numbering_key *key)
{
    uint32_t n = guess(l, key);
    if (n)
        __builtin_prefetch(text_at(l, n - 1));
}

static void fetch_text(const fh_numbering *l, const fh_numbering_key *key)
{
    uint32_t n = guess(l, key);
    if (n)
        __builtin_prefetch(text_at(l, n - 1)->ptr);
}

static bool add(fh_numbering *l, const fh_numbering_key *key, size_t at, uint32_t *number)
{
    char *text = copy(l, key->ptr, key->len);
    if (!text)
        return false;
    uint32_t hash = (uint32_t)(key->hash >> 32);
    *text_at(l, l->count) = (fh_numbering_text){text, key->len, hash};
    l->slots[at] = (uint64_t)hash << 32 | (l->count + 1);
    *number = l->count++;
    return (size_t)l->count * 4 <= (size_t)3 << l->bits || grow_slots(l);
}

static bool put(fh_numbering *l, const fh_numbering_key *key, uint32_t *number)
{
    size_t mask = ((size_t)1 << l->bits) - 1;
    uint64_t hash = key->hash >> 32;
    size_t at = hash & mask;
    for (uint64_t slot; (slot = l->slots[at]); at = (at + 1) & mask) {
        uint32_t n = (uint32_t)slot - 1;
        const fh_numbering_text *t = text_at(l, n);
        if (slot >> 32 != hash || t->len != key->len ||
            (key->len > 0 && memcmp(t->ptr, key->ptr, key->len) != 0))
            continue;
        *number = n;
        return true;
    }
    return add(l, key, at, number);
}

bool fh_numbering_put(fh_numbering *l, const fh_numbering_key *keys, size_t count,
                      uint32_t *numbers)
{
    if (!make_room(l, count) || (!l->slots && !grow_slots(l)))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i + SLOT_AHEAD < count)
            fetch_slot(l, &keys[i + SLOT_AHEAD]);
        if (i + RECORD_AHEAD < count)
            fetch_record(l, &keys[i + RECORD_AHEAD]);
        if (i + TEXT_AHEAD < count)
            fetch_text(l, &keys[i + TEXT_AHEAD]);
        if (!put(l, &keys[i], &numbers[i]))
            return false;
    }
    return true;
}
