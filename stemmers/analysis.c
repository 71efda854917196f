#include "stemmers/analysis.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "stemmers/fold.h"
#include "stemmers/letters.h"
#include "stemmers/memo.h"
#include "stemmers/stemmer.h"
#include "stemmers/stop.h"
#include "stemmers/words.h"

/* Changes whenever a text gives other terms than before. */
#define VERSION "ar1/"

#define ID_MAX     64
#define MEMO_BYTES (8U * 1024 * 1024)

/*
 * So many words are found and their places in the memo fetched before the first is looked up.
 */
#define AHEAD 16

struct ahead {
    fh_span span;
    uint64_t hash;
};

struct fh_analyser {
    char id[ID_MAX];
    const fh_stemmer *stemmer;
    void *state; /* of the stemmer */
    fh_memo *memo;

    fh_words words; /* the text and the place in it */
    fh_field field;
    struct ahead ahead[AHEAD];
    size_t ahead_count;
    size_t ahead_next;

    fh_span span;      /* of the word whose terms are handed out */
    fh_forms forms;    /* of that word */
    uint32_t position; /* of that word while its stem is due, else of the next one */
    bool stem_due;

    char folded[FH_TERM_MAX]; /* forms that the memo does not have */
    char stem[FH_TERM_MAX];
};

fh_status fh_analyser_new(const char *stemmer, fh_analyser **out, fh_error *err)
{
    *out = NULL;
    const char *name = stemmer ? stemmer : FH_STEMMER_DEFAULT;
    const fh_stemmer *row = fh_stemmer_find(name);
    if (!row)
        return fh_fail(err, FH_EUSAGE,
                       "there is no stemmer \"%s\": fihris-stem --list names them", name);
    fh_analyser *a = calloc(1, sizeof *a);
    if (!a)
        return fh_fail_memory(err);
    fh_status status = row->open(&a->state, err);
    if (status) {
        free(a);
        return status;
    }
    a->stemmer = row;
    a->position = 1;
    snprintf(a->id, sizeof a->id, VERSION "%s", row->name);
    a->memo = fh_memo_new(MEMO_BYTES);
    if (!a->memo) {
        fh_analyser_free(a);
        return fh_fail_memory(err);
    }
    *out = a;
    return FH_OK;
}

void fh_analyser_free(fh_analyser *a)
{
    if (!a)
        return;
    a->stemmer->close(a->state);
    fh_memo_free(a->memo);
    free(a);
}

const char *fh_analyser_id(const fh_analyser *a)
{
    return a->id;
}

const char *fh_analysis_stemmer(const char *id)
{
    size_t len = strlen(VERSION);
    if (strncmp(id, VERSION, len) != 0 || !fh_stemmer_find(id + len))
        return NULL;
    return id + len;
}

void fh_analyser_start(fh_analyser *a, fh_str text, fh_field field, uint32_t position)
{
    if (text.len > UINT32_MAX)
        text.len = fh_utf8_cut(text.ptr, UINT32_MAX);
    a->words = (fh_words){.text = text};
    a->field = field;
    a->ahead_count = 0;
    a->ahead_next = 0;
    a->position = position;
    a->stem_due = false;
}

/* Find the words to come; false at the end of the text. */
static bool look_ahead(fh_analyser *a)
{
    a->ahead_count = 0;
    a->ahead_next = 0;
    fh_span span;
    while (a->ahead_count < AHEAD && fh_words_next(&a->words, &span)) {
        fh_str word = {a->words.text.ptr + span.start, span.end - span.start};
        uint64_t hash = fh_memo_hash(word);
        fh_memo_prefetch(a->memo, hash);
        a->ahead[a->ahead_count++] = (struct ahead){span, hash};
    }
    return a->ahead_count > 0;
}

/*
 * The article alone, split off by a slip of the pen or by the number it stood before, is no
 * word.
 */
static bool is_article(fh_str folded)
{
    return fh_str_equal(folded, FH_STR(FH_ARTICLE));
}

/* Fold and stem WORD. */
static void make_forms(fh_analyser *a, fh_str word)
{
    a->forms = (fh_forms){{a->folded, fh_fold(word, a->folded)}, {a->stem, 0}};
    fh_str source = a->forms.folded;
    if (source.len == 0 || is_article(source)) {
        a->forms.folded.len = 0;
        return;
    }
    if (a->stemmer->as_written)
        source = (fh_str){
            word.ptr, fh_utf8_cut(word.ptr, word.len < FH_TERM_MAX ? word.len : FH_TERM_MAX)};
    memcpy(a->stem, source.ptr, source.len);
    a->forms.stem.len = a->stemmer->stem(a->state, a->stem, source.len);
}

/* Go to the next word that has forms; false at the end of the text. */
static bool next_word(fh_analyser *a)
{
    while (a->ahead_next < a->ahead_count || look_ahead(a)) {
        const struct ahead *next = &a->ahead[a->ahead_next++];
        a->span = next->span;
        fh_str word = {a->words.text.ptr + next->span.start, next->span.end - next->span.start};
        if (!fh_memo_find(a->memo, word, next->hash, &a->forms)) {
            make_forms(a, word);
            fh_memo_add(a->memo, word, next->hash, &a->forms);
        }
        if (a->forms.folded.len > 0)
            return true;
    }
    return false;
}

bool fh_analyser_next(fh_analyser *a, fh_term *term)
{
    if (!a->stem_due && !next_word(a))
        return false;
    bool stem = a->stem_due;
    *term = (fh_term){.text = stem ? a->forms.stem : a->forms.folded,
                      .form = stem ? FH_FORM_STEM : FH_FORM_FOLDED,
                      .field = a->field,
                      .position = a->position,
                      .span = a->span};
    a->position += stem;
    a->stem_due = !stem;
    return true;
}

uint32_t fh_analyser_position(const fh_analyser *a)
{
    return a->position + a->stem_due;
}

bool fh_analysis_stops(fh_str folded)
{
    return fh_stop_has(folded);
}
