#include "searcher/sources.h"

#include <string.h>

#include "searcher/deadline.h"

/* How many names a note tells. */
#define NAMES_TOLD 8

typedef struct search {
    fh_analyser *analyser;
    fh_arena *arena;
    fh_buffer wanted;
    fh_buffer folded;
    fh_str names[NAMES_TOLD]; /* of the first sources, for the note */
    size_t count;
    fh_expr **found; /* of as many as there are spellings; grows */
    size_t found_count;
    size_t found_capacity;
    int64_t deadline;
    bool failed;
} search;

/* NAME's folded words with a space between them into OUT; the name itself when it has no words. */
static void fold(fh_analyser *analyser, fh_str name, fh_buffer *out)
{
    fh_term term;
    fh_buffer_clear(out);
    fh_analyser_start(analyser, name, FH_FIELD_ANY, 1);
    while (fh_analyser_next(analyser, &term)) {
        if (term.form != FH_FORM_FOLDED)
            continue;
        if (out->len > 0)
            fh_buffer_add_byte(out, ' ');
        fh_buffer_add_str(out, term.text);
    }
    if (out->len == 0)
        fh_buffer_add_str(out, name);
}

static void keep(search *s, fh_str source)
{
    if (s->found_count == s->found_capacity) {
        size_t capacity = s->found_capacity ? 2 * s->found_capacity : 4;
        fh_expr **grown = fh_arena_alloc(s->arena, capacity * sizeof(fh_expr *));
        s->failed = s->failed || !grown;
        if (!grown)
            return;
        for (size_t i = 0; i < s->found_count; i++)
            grown[i] = s->found[i];
        s->found = grown;
        s->found_capacity = capacity;
    }
    s->found[s->found_count++] = fh_expr_source(s->arena, source);
}

/* fh_term_visit */
static bool visit(void *context, fh_str source, uint32_t articles)
{
    search *s = context;
    (void)articles;
    if (s->count < NAMES_TOLD)
        s->names[s->count] = fh_arena_copy(s->arena, source);
    s->count++;
    fold(s->analyser, source, &s->folded);
    if (fh_str_equal(fh_buffer_str(&s->folded), fh_buffer_str(&s->wanted)))
        keep(s, source);
    bool over = s->count % FH_DEADLINE_STEPS == 0 && fh_deadline_passed(s->deadline);
    return !s->failed && !over;
}

static void tell_names(const search *s, fh_str name, fh_notes *notes)
{
    fh_str args[NAMES_TOLD + 2] = {name, fh_notes_number(notes, s->count)};
    size_t told = s->count < NAMES_TOLD ? s->count : NAMES_TOLD;
    memcpy(args + 2, s->names, told * sizeof *args);
    if (s->count == 0)
        fh_notes_add(notes, FH_NOTE_SOURCE_NONE, args, 1);
    else
        fh_notes_add(notes, FH_NOTE_SOURCE_UNKNOWN, args, told + 2);
}

fh_status fh_sources_expr(fh_index *ix, fh_analyser *analyser, fh_str name, int64_t deadline,
                          fh_arena *arena, fh_notes *notes, fh_expr **out, fh_error *err)
{
    search s = {.analyser = analyser, .arena = arena, .deadline = deadline};
    *out = NULL;
    fold(analyser, name, &s.wanted);
    fh_status status = fh_index_sources(ix, visit, &s, err);
    if (!status)
        status = fh_deadline_check(deadline, err);
    if (status)
        goto done;
    if (s.found_count == 0 && !s.failed)
        tell_names(&s, name, notes);
    *out = fh_expr_node(arena, FH_EXPR_OR, s.found, s.found_count);
    if (!*out || s.failed || s.wanted.failed || s.folded.failed) {
        *out = NULL;
        status = fh_fail_memory(err);
    }
done:
    fh_buffer_free(&s.wanted);
    fh_buffer_free(&s.folded);
    return status;
}
