#include "engines/native/met.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "engines/native/memory.h"

static const fh_str no_forms[FH_FORMS];

bool fh_mets_reserve(fh_mets *m, size_t count, size_t len)
{
    return fh_array_grow(&m->met, &m->room, m->count + count, sizeof *m->met) &&
           fh_array_grow(&m->texts, &m->texts_room, m->texts_len + len, 1);
}

uint64_t fh_mets_memory(const fh_mets *m)
{
    return m->room * sizeof *m->met + m->texts_room +
           (m->slots ? sizeof *m->slots << m->bits : 0);
}

void fh_mets_clear(fh_mets *m)
{
    m->count = 0;
    m->texts_len = 0;
    m->used = 0;
    memset(m->gaps, 0, sizeof m->gaps);
    if (m->slots)
        memset(m->slots, 0, sizeof *m->slots << m->bits);
}

void fh_mets_free(fh_mets *m)
{
    free(m->met);
    free(m->texts);
    free(m->slots);
    *m = (fh_mets){0};
}

/* ---- Meeting ---- */

static char *put_bytes(char *to, fh_str bytes)
{
    if (bytes.len > 0)
        memcpy(to, bytes.ptr, bytes.len);
    return to + bytes.len;
}

/* Note a spelling, a word or not; *MET is its fresh number. */
static bool note(fh_mets *m, fh_str written, bool word, const fh_str *forms, uint32_t *met)
{
    size_t len = FH_SPELLED_HEAD + written.len;
    for (unsigned f = 0; f < FH_FORMS; f++)
        len += forms[f].len;
    if (m->count >= FH_MET_MAX || !fh_mets_reserve(m, 1, len))
        return false;
    char *text = m->texts + m->texts_len;
    char *to = text + FH_SPELLED_HEAD;
    text[0] = word;
    for (unsigned f = 0; f < FH_FORMS; f++) {
        text[1 + f] = (char)forms[f].len;
        to = put_bytes(to, forms[f]);
    }
    put_bytes(to, written);
    m->met[m->count] = (fh_met){
        .hash = fh_checksum((fh_str){text, len}), .at = m->texts_len, .len = (uint32_t)len};
    m->texts_len += len;
    *met = (uint32_t)m->count++;
    return true;
}

bool fh_mets_add(fh_mets *m, fh_str written, const fh_str forms[FH_FORMS], uint32_t *met)
{
    return note(m, written, true, forms, met);
}

/* ---- Meeting again ---- */

static bool grow_slots(fh_mets *m)
{
    unsigned bits = m->bits ? m->bits + 1 : FH_GAP_BITS;
    uint32_t *slots = calloc((size_t)1 << bits, sizeof *slots);
    if (!slots)
        return false;
    size_t mask = ((size_t)1 << bits) - 1;
    for (size_t i = 0; m->bits && i < (size_t)1 << m->bits; i++) {
        if (!m->slots[i])
            continue;
        size_t at = m->met[m->slots[i] - 1].hash & mask;
        while (slots[at])
            at = (at + 1) & mask;
        slots[at] = m->slots[i];
    }
    free(m->slots);
    m->slots = slots;
    m->bits = bits;
    return true;
}

static bool is_same(const fh_mets *m, const fh_met *a, const fh_met *b)
{
    return a->hash == b->hash && a->len == b->len &&
           memcmp(fh_mets_text(m, a), fh_mets_text(m, b), a->len) == 0;
}

bool fh_mets_find(fh_mets *m, fh_str written, const fh_str forms[FH_FORMS], uint32_t *met)
{
    uint32_t last;
    if ((m->used * 2 >= (size_t)1 << m->bits || !m->bits) && !grow_slots(m))
        return false;
    if (!note(m, written, false, forms, &last))
        return false;
    const fh_met *fresh = &m->met[last];
    size_t mask = ((size_t)1 << m->bits) - 1;
    size_t at = fresh->hash & mask;
    while (m->slots[at] && !is_same(m, &m->met[m->slots[at] - 1], fresh))
        at = (at + 1) & mask;
    if (m->slots[at]) {
        *met = m->slots[at] - 1;
        m->count--;
        m->texts_len -= fresh->len;
        return true;
    }
    m->slots[at] = last + 1;
    m->used++;
    *met = last;
    return true;
}

bool fh_mets_find_gap(fh_mets *m, fh_str gap, uint32_t *met)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < gap.len; i++)
        bytes |= (uint64_t)(uint8_t)gap.ptr[i] << (8 * i);
    fh_gap *g = &m->gaps[(bytes + gap.len) * 0x9E3779B97F4A7C15u >> (64 - FH_GAP_BITS)];
    if (g->bytes != bytes || g->len != gap.len + 1) {
        if (!fh_mets_find(m, gap, no_forms, &g->met))
            return false;
        g->bytes = bytes;
        g->len = (uint32_t)gap.len + 1;
    }
    *met = g->met;
    return true;
}
