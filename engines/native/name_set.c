#include "engines/native/name_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "engines/lettercode.h"
#include "engines/native/segment.h"

#define FIRST_ROOM 64

typedef struct item {
    size_t at; /* in the codes */
    size_t len;
    uint64_t hash;
} item;

uint32_t fh_name_set_count(const fh_name_set *s)
{
    return (uint32_t)(s->items.len / sizeof(item));
}

static item item_of(const fh_name_set *s, uint32_t n)
{
    item found;
    memcpy(&found, s->items.data + n * sizeof found, sizeof found);
    return found;
}

static fh_str code_of(const fh_name_set *s, uint32_t n)
{
    item i = item_of(s, n);
    return (fh_str){s->codes.data + i.at, i.len};
}

/* Where the table has the name of that CODE, or has room for it. */
static uint32_t *slot_of(const fh_name_set *s, fh_str code, uint64_t hash)
{
    size_t at = (size_t)hash & (s->room - 1);
    while (s->table[at]) {
        uint32_t n = s->table[at] - 1;
        if (item_of(s, n).hash == hash && fh_str_equal(code_of(s, n), code))
            break;
        at = (at + 1) & (s->room - 1);
    }
    return &s->table[at];
}

/* Keep the table at least half empty. */
static bool make_room(fh_name_set *s)
{
    uint32_t count = fh_name_set_count(s);
    if (count < s->room / 2)
        return true;
    size_t room = s->room ? s->room * 2 : FIRST_ROOM;
    uint32_t *table = calloc(room, sizeof *table);
    if (!table) {
        s->items.failed = true;
        return false;
    }
    free(s->table);
    s->table = table;
    s->room = room;
    for (uint32_t n = 0; n < count; n++)
        *slot_of(s, code_of(s, n), item_of(s, n).hash) = n + 1;
    return true;
}

/* Add the name whose code is the last LEN of the codes, which go again if it is there. */
static uint32_t add_last(fh_name_set *s, size_t len)
{
    item new = {s->codes.len - len, len, 0};
    fh_str code = {s->codes.data + new.at, len};
    new.hash = fh_checksum(code);
    if (s->codes.failed || s->items.failed || !make_room(s))
        return 0;
    uint32_t *slot = slot_of(s, code, new.hash);
    if (*slot) {
        s->codes.len = new.at;
        return *slot - 1;
    }
    fh_buffer_add(&s->items, &new, sizeof new);
    if (s->items.failed)
        return 0;
    *slot = fh_name_set_count(s);
    return *slot - 1;
}

uint32_t fh_name_set_add(fh_name_set *s, fh_str name)
{
    if (name.len > FH_LETTERS_MAX || !fh_buffer_reserve(&s->codes, FH_LETTERS_CODED(name.len)))
        return 0;
    size_t len = fh_letters_encode(name, s->codes.data + s->codes.len);
    s->codes.len += len;
    return add_last(s, len);
}

uint32_t fh_name_set_join(fh_name_set *s, const fh_name_set *other, uint32_t n)
{
    fh_str code = code_of(other, n);
    fh_buffer_add_str(&s->codes, code);
    return s->codes.failed ? 0 : add_last(s, code.len);
}

static int compare_codes(const void *a, const void *b, void *set)
{
    return fh_str_compare(code_of(set, *(const uint32_t *)a),
                          code_of(set, *(const uint32_t *)b));
}

bool fh_name_set_write(fh_name_set *s, fh_spool *out, uint32_t **ranks)
{
    fh_name_set_add(s, FH_STR(""));
    uint32_t count = fh_name_set_count(s);
    uint32_t *order = malloc((count + (size_t)1) * sizeof *order);
    uint64_t *ends = malloc((count + (size_t)1) * sizeof *ends);
    uint64_t end = 0;
    *ranks = malloc((count + (size_t)1) * sizeof **ranks);
    bool made = order && ends && *ranks && !s->codes.failed && !s->items.failed;
    for (uint32_t n = 0; n < count && made; n++)
        order[n] = n;
    if (made)
        qsort_r(order, count, sizeof *order, compare_codes, s);
    for (uint32_t i = 0; i < count && made; i++) {
        (*ranks)[order[i]] = i;
        ends[i] = end += item_of(s, order[i]).len;
    }
    if (made)
        fh_column_write(ends, count, out);
    for (uint32_t i = 0; i < count && made; i++)
        fh_spool_add(out, code_of(s, order[i]).ptr, code_of(s, order[i]).len);
    free(order);
    free(ends);
    if (!made) {
        free(*ranks);
        *ranks = NULL;
    }
    return made;
}

void fh_name_set_free(fh_name_set *s)
{
    fh_buffer_free(&s->codes);
    fh_buffer_free(&s->items);
    free(s->table);
    *s = (fh_name_set){0};
}
