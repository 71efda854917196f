#include "base/file.h"
#include "engines/engine.h"
#include "engines/lettercode.h"
#include "engines/native/heads.h"

#define ENTRY 8u /* bytes of an id's entry */

uint32_t fh_id_hash(fh_str id)
{
    return (uint32_t)(fh_checksum(id) >> 32);
}

/* Entry I; false at damage. */
static bool get_entry(const fh_segment *s, uint32_t i, uint64_t *entry)
{
    const uint8_t *at = fh_slice_need(&s->sections[FH_SECTION_IDS], (uint64_t)i * ENTRY, ENTRY);
    *entry = at ? fh_get64(at) : 0;
    return at != NULL;
}

/* The first entry that is not below VALUE; false at damage. */
static bool seek_entry(const fh_segment *s, uint64_t value, uint32_t *found)
{
    uint32_t low = 0;
    uint32_t high = s->header.articles;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t entry;
        if (!get_entry(s, middle, &entry))
            return false;
        if (entry < value)
            low = middle + 1;
        else
            high = middle;
    }
    *found = low;
    return true;
}

/* Look CODE up, whose text has that HASH; false at damage. */
static bool find_code(const fh_segment *s, fh_str code, uint32_t hash, bool *found,
                      uint32_t *local)
{
    uint32_t i;
    uint64_t entry;
    if (!seek_entry(s, (uint64_t)hash << 32, &i))
        return false;
    for (; i < s->header.articles; i++) {
        fh_str other;
        if (!get_entry(s, i, &entry))
            return false;
        if (entry >> 32 != hash)
            return true;
        *local = (uint32_t)entry;
        if (*local >= s->header.articles)
            return fh_sealed_distrust(s->file, s->sections[FH_SECTION_IDS].offset,
                                      "an id of an article that is not there");
        if (fh_segment_is_dead(s, *local))
            continue;
        if (!fh_head_id(s, *local, &other))
            return false;
        if (fh_str_equal(other, code)) {
            *found = true;
            return true;
        }
    }
    return true;
}

fh_status fh_ids_find(const fh_segment *s, fh_str id, bool *found, uint32_t *local,
                      fh_error *err)
{
    char code[FH_LETTERS_CODED(FH_ID_MAX)];
    *found = false;
    *local = 0;
    if (id.len > FH_ID_MAX)
        return FH_OK;
    fh_str coded = {code, fh_letters_encode(id, code)};
    if (!find_code(s, coded, fh_id_hash(id), found, local))
        return fh_segment_status(s, err);
    if (!*found)
        *local = 0;
    return FH_OK;
}
