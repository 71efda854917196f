#include "engines/native/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* ---- Terms ---- */

/* Form F of spelling N. */
static fh_str form_of(const fh_gathering *g, uint32_t n, unsigned f)
{
    const uint8_t *text = (const uint8_t *)fh_numbering_get(&g->spellings, n).ptr;
    size_t at = FH_SPELLED_HEAD;
    for (unsigned i = 0; i < f; i++)
        at += text[1 + i];
    return (fh_str){(const char *)text + at, text[1 + f]};
}

static bool grow(fh_gathering *g)
{
    for (unsigned f = 0; f < FH_FORMS; f++) {
        size_t before = g->tokens_room[f];
        if (!fh_array_grow(&g->tokens[f], &g->tokens_room[f], g->terms[f].count,
                           sizeof *g->tokens[f]))
            return false;
        if (g->tokens_room[f] > before)
            memset(g->tokens[f] + before, 0,
                   (g->tokens_room[f] - before) * sizeof *g->tokens[f]);
    }
    return true;
}

/*
 * Number the terms of form F of the spellings from FIRST on. KEYS and NUMBERS have room for
 * them; OF says whose key it is.
 */
static bool number_terms(fh_gathering *g, uint32_t first, unsigned f, fh_numbering_key *keys,
                         uint32_t *of, uint32_t *numbers)
{
    size_t count = 0;
    for (uint32_t n = first; n < g->spellings.count; n++) {
        fh_str form = form_of(g, n, f);
        if (form.len == 0)
            continue;
        of[count] = n;
        keys[count++] = (fh_numbering_key){form.ptr, (uint32_t)form.len, fh_checksum(form)};
    }
    if (!fh_numbering_put(&g->terms[f], keys, count, numbers))
        return false;
    for (size_t i = 0; i < count; i++)
        g->gathered[of[i]].terms[f] = numbers[i];
    return true;
}

/* Find out what the spellings from FIRST on are indexed under. */
static bool know_spellings(fh_gathering *g, uint32_t first, fh_numbering_key *keys)
{
    size_t count = g->spellings.count - first;
    uint32_t *numbers = malloc((2 * count + 1) * sizeof *numbers);
    bool known = numbers && fh_array_grow(&g->gathered, &g->gathered_room, g->spellings.count,
                                          sizeof *g->gathered);
    for (uint32_t n = first; known && n < g->spellings.count; n++) {
        const char *head = fh_numbering_get(&g->spellings, n).ptr;
        uint32_t none = FH_NO_WORD;
        for (unsigned f = 0; f < FH_FORMS; f++)
            none = head[1 + f] ? FH_NO_TERM : none;
        for (unsigned f = 0; f < FH_FORMS; f++)
            g->gathered[n].terms[f] = none;
        g->gathered[n].uses = 0;
    }
    for (unsigned f = 0; known && f < FH_FORMS; f++)
        known = number_terms(g, first, f, keys, numbers + count, numbers);
    free(numbers);
    return known && grow(g);
}

/* ---- Bundles ---- */

/* Give the spellings of B their numbers. */
static bool number_spellings(fh_gathering *g, fh_bundle *b)
{
    const fh_mets *mets = fh_bundle_mets(b);
    uint32_t before = g->spellings.count;
    b->numbers = malloc((b->met_count + 1) * sizeof *b->numbers);
    fh_numbering_key *keys = malloc((b->met_count + 1) * sizeof *keys);
    bool numbered = b->numbers && keys;
    for (size_t i = 0; numbered && i < b->met_count; i++) {
        const fh_met *m = &mets->met[i];
        keys[i] = (fh_numbering_key){fh_mets_text(mets, m), m->len, m->hash};
    }
    numbered = numbered && fh_numbering_put(&g->spellings, keys, b->met_count, b->numbers) &&
               know_spellings(g, before, keys);
    free(keys);
    return numbered;
}

static void count_uses(fh_gathering *g, const fh_bundle *b)
{
    const fh_mets *mets = fh_bundle_mets(b);
    for (size_t i = 0; i < b->met_count; i++) {
        const fh_met *m = &mets->met[i];
        fh_gathered *s = &g->gathered[b->numbers[i]];
        s->uses = s->uses < UINT32_MAX - m->uses ? s->uses + m->uses : UINT32_MAX;
        for (unsigned f = 0; f < FH_FORMS; f++)
            if (s->terms[f] < FH_NO_TERM)
                g->tokens[f][s->terms[f]] += m->uses + m->titles;
    }
}

fh_status fh_gathering_add(fh_gathering *g, fh_bundle *b, fh_scratch **scratch, fh_error *err)
{
    *scratch = NULL;
    if (!fh_array_grow(&g->bundles, &g->room, g->count + 1, sizeof(fh_bundle *)) ||
        !number_spellings(g, b))
        return fh_fail_memory(err);
    count_uses(g, b);
    g->articles += (uint32_t)b->count;
    g->words += b->words;
    g->pieces += b->pieces.count;
    *scratch = fh_bundle_release(b);
    g->bundle_bytes += fh_bundle_memory(b);
    g->bundles[g->count++] = b;
    return FH_OK;
}

uint64_t fh_gathering_memory(const fh_gathering *g)
{
    uint64_t bytes =
        g->bundle_bytes + g->spellings.bytes + g->gathered_room * sizeof *g->gathered;
    for (unsigned f = 0; f < FH_FORMS; f++)
        bytes += g->terms[f].bytes + g->tokens_room[f] * sizeof *g->tokens[f];
    return bytes;
}

void fh_gathering_clear(fh_gathering *g)
{
    for (size_t i = 0; i < g->count; i++)
        fh_bundle_free(g->bundles[i]);
    free(g->bundles);
    fh_numbering_free(&g->spellings);
    free(g->gathered);
    for (unsigned f = 0; f < FH_FORMS; f++) {
        fh_numbering_free(&g->terms[f]);
        free(g->tokens[f]);
    }
    *g = (fh_gathering){0};
}
