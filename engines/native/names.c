#include <stdlib.h>

#include "engines/lettercode.h"
#include "engines/native/heads.h"

uint32_t fh_names_count(const fh_segment *s)
{
    return s->name_ends.count;
}

bool fh_names_code(const fh_segment *s, uint64_t n, fh_str *code)
{
    const fh_slice *names = &s->sections[FH_SECTION_NAMES];
    *code = (fh_str){"", 0};
    if (n == 0)
        return true;
    if (n >= s->name_ends.count)
        return fh_sealed_distrust(s->file, names->offset,
                                  "the number of a name beyond the last");
    uint64_t start = fh_column_get(&s->name_ends, (uint32_t)n - 1);
    uint64_t end = fh_column_get(&s->name_ends, (uint32_t)n);
    uint64_t texts = fh_column_len(&s->name_ends);
    if (end < start || end > names->len - texts)
        return fh_sealed_distrust(s->file, names->offset, "a name beyond its section");
    const uint8_t *at = fh_slice_need(names, texts + start, end - start);
    if (!at)
        return false;
    *code = (fh_str){(const char *)at, (size_t)(end - start)};
    return true;
}

fh_status fh_names_text(const fh_segment *s, uint32_t n, fh_arena *arena, fh_str *name,
                        fh_error *err)
{
    fh_str code;
    size_t len;
    *name = (fh_str){NULL, 0};
    if (!fh_names_code(s, n, &code))
        return fh_segment_status(s, err);
    char *text = fh_arena_alloc(arena, FH_LETTERS_DECODED(code.len) + 1);
    if (!text)
        return fh_fail_memory(err);
    if (!fh_letters_decode(code, text, FH_LETTERS_DECODED(code.len), &len)) {
        fh_sealed_distrust(s->file, (uint64_t)((const uint8_t *)code.ptr - s->file->bytes),
                           "a name that cannot be");
        return fh_segment_status(s, err);
    }
    *name = (fh_str){text, len};
    return FH_OK;
}

/* The number of the name with that CODE. */
static uint32_t find_code(const fh_segment *s, fh_str code)
{
    uint32_t low = 0;
    uint32_t high = s->name_ends.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        fh_str found;
        if (!fh_names_code(s, middle, &found))
            return UINT32_MAX;
        int order = fh_str_compare(found, code);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return UINT32_MAX;
}

uint32_t fh_names_find(const fh_segment *s, fh_str name)
{
    char *code = name.len <= FH_LETTERS_MAX ? malloc(FH_LETTERS_CODED(name.len) + 1) : NULL;
    if (!code)
        return UINT32_MAX;
    uint32_t found = find_code(s, (fh_str){code, fh_letters_encode(name, code)});
    free(code);
    return found;
}
