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
#define VERSION "ar3/"

#define ID_MAX 64

/*
 * So many words are found and their places in the memo fetched before the first is looked up.
 */
#define AHEAD 64

struct fh_analyser {
    fh_vocabulary vocabulary; /* first, so that spell() finds the rest */
    char id[ID_MAX];
    const fh_stemmer *stemmer;
    void *state; /* of the stemmer */
    fh_memo *memo;

    fh_words words; /* the text and the place in it */
    fh_field field;
    fh_token ahead[AHEAD]; /* of those that are read term by term */
    fh_memo_key keys[AHEAD];
    size_t ahead_count;
    size_t ahead_next;

    fh_span span;           /* of the word whose terms are handed out */
    fh_str forms[FH_FORMS]; /* of that word */
    uint32_t position;      /* of that word while its stem is due, else of the next one */
    bool stem_due;

    char made[FH_FORMS][FH_TERM_MAX]; /* forms that the memo did not have */
};

static void spell(const fh_vocabulary *v, uint32_t n, fh_spelling *spelling)
{
    const fh_analyser *a = (const fh_analyser *)(const void *)v;
    fh_memo_spell(a->memo, n, spelling);
}

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
    a->vocabulary = (fh_vocabulary){.edition = 1, .spell = spell};
    a->memo = fh_memo_new(FH_ANALYSER_BYTES);
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

void fh_analyser_set_memory(fh_analyser *a, size_t bytes)
{
    fh_memo_set_limit(a->memo, bytes);
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

/* ---- Words ---- */

static fh_str text_at(const fh_analyser *a, fh_span span)
{
    return (fh_str){a->words.text.ptr + span.start, span.end - span.start};
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
    char *stem = a->made[FH_FORM_STEM];
    fh_str source = {a->made[FH_FORM_FOLDED], fh_fold(word, a->made[FH_FORM_FOLDED])};
    a->forms[FH_FORM_FOLDED] = source;
    a->forms[FH_FORM_STEM] = (fh_str){stem, 0};
    if (source.len == 0 || is_article(source)) {
        a->forms[FH_FORM_FOLDED].len = 0;
        return;
    }
    if (a->stemmer->as_written)
        source = (fh_str){
            word.ptr, fh_utf8_cut(word.ptr, word.len < FH_TERM_MAX ? word.len : FH_TERM_MAX)};
    memcpy(stem, source.ptr, source.len);
    a->forms[FH_FORM_STEM].len = a->stemmer->stem(a->state, stem, source.len);
}

/* Make the forms of the word at TOKEN and keep them under its number, if memory allows. */
static bool learn(fh_analyser *a, const fh_memo_key *key, fh_token *token)
{
    fh_str word = text_at(a, token->span);
    make_forms(a, word);
    token->spelling = fh_memo_add(a->memo, key, word, a->forms);
    a->vocabulary.count = fh_memo_count(a->memo);
    return token->spelling != FH_MEMO_NONE;
}

static void begin_anew(fh_analyser *a)
{
    fh_memo_forget(a->memo);
    a->vocabulary.count = 0;
    a->vocabulary.edition++;
}

/* ---- By number ---- */

void fh_analyser_article(fh_analyser *a)
{
    if (fh_memo_is_full(a->memo))
        begin_anew(a);
}

const fh_vocabulary *fh_analyser_vocabulary(const fh_analyser *a)
{
    return &a->vocabulary;
}

/* Number the COUNT words at TOKENS, not more than AHEAD; false when memory ran out. */
static bool number_words(fh_analyser *a, fh_token *tokens, size_t count)
{
    uint32_t no_words = 0;
    fh_memo_prepare(a->memo, a->words.text, tokens, count, a->keys);
    for (size_t i = 0; i < count; i++) {
        i +=
            fh_memo_find(a->memo, a->words.text, a->keys + i, tokens + i, count - i, &no_words);
        if (i == count)
            break;
        if (!learn(a, &a->keys[i], &tokens[i]))
            return false;
        no_words += a->forms[FH_FORM_FOLDED].len == 0;
    }
    a->position += (uint32_t)count - no_words;
    return true;
}

fh_status fh_analyser_read(fh_analyser *a, fh_token *tokens, size_t room, size_t *count,
                           fh_error *err)
{
    size_t some;
    *count = 0;
    do {
        size_t most = room - *count < AHEAD ? room - *count : AHEAD;
        some = fh_words_some(&a->words, tokens + *count, most);
        if (!number_words(a, tokens + *count, some)) {
            *count = 0;
            return fh_fail_memory(err);
        }
        *count += some;
    } while (some == AHEAD);
    return FH_OK;
}

/* ---- Term by term ---- */

/* Find the words to come; false at the end of the text. */
static bool look_ahead(fh_analyser *a)
{
    if (fh_memo_is_full(a->memo))
        begin_anew(a);
    a->ahead_count = fh_words_some(&a->words, a->ahead, AHEAD);
    a->ahead_next = 0;
    fh_memo_prepare(a->memo, a->words.text, a->ahead, a->ahead_count, a->keys);
    return a->ahead_count > 0;
}

/* Go to the next word that has forms; false at the end of the text. */
static bool next_word(fh_analyser *a)
{
    uint32_t no_words = 0;
    fh_spelling known;
    while (a->ahead_next < a->ahead_count || look_ahead(a)) {
        const fh_memo_key *key = &a->keys[a->ahead_next];
        fh_token *token = &a->ahead[a->ahead_next++];
        a->span = token->span;
        if (fh_memo_find(a->memo, a->words.text, key, token, 1, &no_words)) {
            fh_memo_spell(a->memo, token->spelling, &known);
            memcpy(a->forms, known.forms, sizeof a->forms);
        } else {
            learn(a, key, token);
        }
        if (a->forms[FH_FORM_FOLDED].len > 0)
            return true;
    }
    return false;
}

bool fh_analyser_next(fh_analyser *a, fh_term *term)
{
    if (!a->stem_due && !next_word(a))
        return false;
    fh_form form = a->stem_due ? FH_FORM_STEM : FH_FORM_FOLDED;
    *term = (fh_term){.text = a->forms[form],
                      .form = form,
                      .field = a->field,
                      .position = a->position,
                      .span = a->span};
    a->position += a->stem_due;
    a->stem_due = !a->stem_due;
    return true;
}

uint32_t fh_analyser_position(const fh_analyser *a)
{
    return a->position + a->stem_due;
}

fh_shapes fh_analyser_shapes(const fh_analyser *a, uint32_t spelling)
{
    return fh_memo_shapes(a->memo, spelling);
}

uint8_t fh_analysis_shape(fh_str form)
{
    uint32_t h = (uint32_t)form.len;
    for (size_t i = 0; i < form.len; i++)
        h = (h ^ (unsigned char)form.ptr[i]) * 0x9E3779B1U;
    return form.len == 0 ? 0 : (uint8_t)(1 + (h >> 16) % UINT8_MAX);
}

bool fh_analysis_stops(fh_str folded)
{
    return fh_stop_has(folded);
}
