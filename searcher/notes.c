#include "searcher/notes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One note among others. */
struct fh_notes_item {
    fh_note note;
    struct fh_notes_item *next;
};

#define AS_PLAIN "the query was searched as plain words: "

static const char *const english[FH_NOTES] = {
    [FH_NOTE_QUOTATION_ALONE] = AS_PLAIN "a quotation mark has no partner",
    [FH_NOTE_PARENTHESIS_OPEN] = AS_PLAIN "a parenthesis is not closed",
    [FH_NOTE_PARENTHESIS_CLOSE] = AS_PLAIN "a parenthesis is not opened",
    [FH_NOTE_OPERATOR_ALONE] = AS_PLAIN "an operator has nothing to join",
    [FH_NOTE_SOURCE_NAMELESS] = AS_PLAIN "source: names no source",
    [FH_NOTE_DATE_WRONG] = AS_PLAIN "what follows date: is no date",
    [FH_NOTE_PHRASE_APART] = "no article that fits has \"$1\": its words were searched",
    [FH_NOTE_NEAR_APART] =
        "no article that fits has \"$1\" near one another: its words were searched",
    [FH_NOTE_PHRASES_APART] =
        "no article that fits has all $1 phrases: their words were searched",
    [FH_NOTE_NEAR_WIDENED] = "\"$1\" was searched within $2 words: it has so many",
    [FH_NOTE_NEAR_NARROWED] = "\"$1\" was searched within $2 words: further is not near",
    [FH_NOTE_STAR_INSIDE] = "\"$1*\" was searched as words: a star ends one word",
    [FH_NOTE_STAR_ALONE] = "\"$1*\" was left out: a star needs $2 letters before it",
    [FH_NOTE_STAR_SHORT] = "\"$1*\" was searched as a word: a star needs $2 letters before it",
    [FH_NOTE_STAR_NOTHING] = "no word of the index begins with \"$1\"",
    [FH_NOTE_STAR_MANY] = "\"$1*\" stands for the $2 most frequent of $3 words that begin so",
    [FH_NOTE_SOURCE_NONE] = "no source is called \"$1\": the articles of this index name none",
    [FH_NOTE_SOURCE_UNKNOWN] = "no source is called \"$1\"; there are $2: $*",
    [FH_NOTE_NO_WORDS] = "the query has no words to search for",
    [FH_NOTE_WORDS_HELD] = "articles that hold each word: $=",
    [FH_NOTE_WORDS_UNKNOWN] = "in no article: $,",
    [FH_NOTE_ALL_FILTERED] = "every article is excluded or filtered out",
};

/* ---- Saying ---- */

/* Append the arguments from FIRST on, STEP of them at a time, the parts of a step apart by a space. */
static void fill_list(const fh_note *note, size_t first, size_t step, fh_str comma,
                      fh_buffer *out)
{
    for (size_t i = first; i < note->arg_count; i++) {
        if (i > first)
            fh_buffer_add_str(out, (i - first) % step == 0 ? comma : FH_STR(" "));
        fh_buffer_add_str(out, note->args[i]);
    }
}

/* Append the arguments from the third on, and an ellipsis when the second counts more of them. */
static void fill_some(const fh_note *note, fh_str comma, fh_buffer *out)
{
    fill_list(note, 2, 1, comma, out);
    if (note->arg_count > 2 && strtoull(note->args[1].ptr, NULL, 10) > note->arg_count - 2) {
        fh_buffer_add_str(out, comma);
        fh_buffer_add_str(out, FH_STR("..."));
    }
}

void fh_note_fill(const char *pattern, fh_str comma, const fh_note *note, fh_buffer *out)
{
    for (const char *at = pattern; *at; at++) {
        size_t number = (size_t)(at[1] - '1');
        if (*at != '$' || !at[1]) {
            fh_buffer_add_byte(out, *at);
            continue;
        }
        at++;
        if (*at == '*')
            fill_some(note, comma, out);
        else if (*at == '=')
            fill_list(note, 0, 2, comma, out);
        else if (*at == ',')
            fill_list(note, 0, 1, comma, out);
        else if (number < note->arg_count)
            fh_buffer_add_str(out, note->args[number]);
    }
}

/* ---- Gathering ---- */

static void append(fh_notes *notes, const fh_note *note)
{
    struct fh_notes_item *item = fh_arena_alloc(notes->arena, sizeof *item);
    if (!item)
        return;
    item->note = *note;
    if (notes->last)
        notes->last->next = item;
    else
        notes->first = item;
    notes->last = item;
    notes->count++;
}

void fh_notes_add(fh_notes *notes, fh_note_kind kind, const fh_str *args, size_t count)
{
    fh_buffer text = {0};
    fh_str *copies = fh_arena_alloc(notes->arena, (count + 1) * sizeof *copies);
    fh_note note = {.kind = kind, .args = copies, .arg_count = count};
    bool whole = copies != NULL;
    for (size_t i = 0; whole && i < count; i++) {
        copies[i] = fh_arena_copy(notes->arena, args[i]);
        whole = copies[i].ptr != NULL;
    }
    if (whole) {
        fh_note_fill(english[kind], FH_STR(", "), &note, &text);
        note.text = fh_arena_copy(notes->arena, fh_buffer_str(&text));
    }
    if (note.text.ptr && !text.failed)
        append(notes, &note);
    fh_buffer_free(&text);
}

void fh_notes_append(fh_notes *notes, const fh_notes *other)
{
    for (const struct fh_notes_item *item = other->first; item; item = item->next)
        append(notes, &item->note);
}

fh_str fh_notes_number(const fh_notes *notes, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    return fh_arena_copy(notes->arena, fh_str_of(text));
}

const fh_note *fh_notes_told(const fh_notes *notes)
{
    fh_note *list =
        notes->count ? fh_arena_alloc(notes->arena, notes->count * sizeof *list) : NULL;
    size_t i = 0;
    for (const struct fh_notes_item *item = notes->first; list && item; item = item->next)
        list[i++] = item->note;
    return list;
}

const fh_str *fh_notes_list(const fh_notes *notes)
{
    fh_str *list =
        notes->count ? fh_arena_alloc(notes->arena, notes->count * sizeof *list) : NULL;
    size_t i = 0;
    for (const struct fh_notes_item *item = notes->first; list && item; item = item->next)
        list[i++] = item->note.text;
    return list;
}
