#include "engines/entry.h"

#include <string.h>

/* The text that a passage's spans are of, or NULL when it has no such field. */
static const fh_str *text_of(const fh_entry *e, fh_field field)
{
    if (field == FH_FIELD_TITLE)
        return &e->article->title;
    return field == FH_FIELD_BODY ? &e->article->body : NULL;
}

/*
 * The first token that is wrong, or their count. All is decided in one pass without a jump that
 * depends on the tokens: there are many.
 */
static size_t find_bad_token(const fh_passage *p, size_t text_len, uint32_t spellings)
{
    uint32_t end = 0;
    for (size_t i = 0; i < p->count; i++) {
        const fh_token *t = &p->tokens[i];
        if ((t->spelling >= spellings) | (t->span.start < end) | (t->span.end <= t->span.start))
            return i;
        end = t->span.end;
    }
    return end > text_len ? p->count - 1 : p->count;
}

fh_status fh_entry_check(const fh_entry *entry, fh_error *err)
{
    unsigned fields = 0;
    uint32_t position = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const fh_passage *p = &entry->passages[i];
        const fh_str *text = text_of(entry, p->field);
        if (!text || (fields & 1U << p->field))
            return fh_fail(err, FH_EUSAGE, "passage %zu is of no text of its own", i);
        if (p->position <= position || p->count > UINT32_MAX - p->position)
            return fh_fail(err, FH_EUSAGE, "passage %zu has no place at position %u", i,
                           p->position);
        size_t bad = find_bad_token(p, text->len, entry->vocabulary->count);
        if (bad < p->count)
            return fh_fail(err, FH_EUSAGE, "token %zu of passage %zu is none (%u at %u to %u)",
                           bad, i, p->tokens[bad].spelling, p->tokens[bad].span.start,
                           p->tokens[bad].span.end);
        fields |= 1U << p->field;
        position = p->position;
    }
    return FH_OK;
}

fh_status fh_entry_spell(const fh_entry *entry, uint32_t n, fh_spelling *spelling,
                         fh_error *err)
{
    entry->vocabulary->spell(entry->vocabulary, n, spelling);
    for (size_t i = 0; i < FH_FORMS; i++) {
        fh_str form = spelling->forms[i];
        if (form.len > FH_TERM_MAX || (form.len > 0 && memchr(form.ptr, 0, form.len)))
            return fh_fail(err, FH_EUSAGE, "form %zu of spelling %u is no term (%zu bytes)", i,
                           n, form.len);
    }
    if (spelling->written.len == 0)
        return fh_fail(err, FH_EUSAGE, "spelling %u is empty", n);
    return FH_OK;
}

static bool is_word(const fh_spelling *spelling)
{
    size_t len = 0;
    for (size_t i = 0; i < FH_FORMS; i++)
        len += spelling->forms[i].len;
    return len > 0;
}

/* Go on to the next token, spelling it; *FOUND is false at the end. */
static fh_status next_token(fh_entry_walk *w, bool *found, fh_error *err)
{
    while (w->passage < w->entry->count && w->token == w->entry->passages[w->passage].count) {
        w->passage++;
        w->token = 0;
        w->ahead = 0;
    }
    *found = w->passage < w->entry->count;
    if (!*found)
        return FH_OK;
    const fh_token *token = &w->entry->passages[w->passage].tokens[w->token];
    return fh_entry_spell(w->entry, token->spelling, &w->spelling, err);
}

fh_status fh_entry_next(fh_entry_walk *walk, bool *found, fh_term *term, fh_error *err)
{
    for (;;) {
        if (walk->form == 0) {
            fh_status status = next_token(walk, found, err);
            if (status || !*found)
                return status;
        }
        const fh_passage *p = &walk->entry->passages[walk->passage];
        fh_form form = walk->form++;
        *term = (fh_term){.text = walk->spelling.forms[form],
                          .form = form,
                          .field = p->field,
                          .position = p->position + walk->ahead,
                          .span = p->tokens[walk->token].span};
        if (walk->form == FH_FORMS) {
            walk->form = 0;
            walk->token++;
            walk->ahead += is_word(&walk->spelling);
        }
        if (term->text.len > 0)
            return FH_OK;
    }
}
