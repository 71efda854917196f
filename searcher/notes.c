#include "searcher/notes.h"

#include <stdarg.h>
#include <stdio.h>

struct fh_note {
    fh_str text;
    struct fh_note *next;
};

void fh_notes_add(fh_notes *notes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    struct fh_note *note = fh_arena_alloc(notes->arena, sizeof *note);
    char *text = len < 0 ? NULL : fh_arena_alloc(notes->arena, (size_t)len + 1);
    if (!note || !text)
        return;
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    note->text = (fh_str){text, (size_t)len};
    if (notes->last)
        notes->last->next = note;
    else
        notes->first = note;
    notes->last = note;
    notes->count++;
}

const fh_str *fh_notes_list(const fh_notes *notes)
{
    fh_str *list =
        notes->count ? fh_arena_alloc(notes->arena, notes->count * sizeof *list) : NULL;
    size_t i = 0;
    for (const struct fh_note *note = notes->first; list && note; note = note->next)
        list[i++] = note->text;
    return list;
}
