#include "base/buffer.h"
#include "base/utf8.h"
#include "stemmers/analysis.h"
#include "stemmers/fold.h"
#include "stemmers/stemmer.h"
#include "stemmers/words.h"
#include "tests/fuzz/target.h"

/*
 * Analysis under any bytes, repaired to UTF-8: what every caller relies on, for every stemmer.
 */

/* Is AT a place between two characters of TEXT? */
static bool is_border(fh_str text, size_t at)
{
    return at == text.len || (at < text.len && ((unsigned char)text.ptr[at] & 0xC0) != 0x80);
}

static void check_term(const fh_term *t)
{
    hold(t->text.len > 0 && t->text.len <= FH_TERM_MAX, "the length of a term");
    hold(fh_utf8_valid(t->text) == t->text.len, "a term is UTF-8");
    hold(!memchr(t->text.ptr, '\0', t->text.len), "a term has no NUL");
}

/* What the terms of a word must be, found without the memo. */
static void check_forms(const fh_stemmer *stemmer, void *state, fh_str word,
                        const fh_term *folded, const fh_term *stem)
{
    char out[FH_TERM_MAX];
    size_t len = fh_fold(word, out);
    hold(fh_str_equal(folded->text, (fh_str){out, len}), "the memo's folded form");
    if (stemmer->as_written) {
        len = word.len < FH_TERM_MAX ? word.len : fh_utf8_cut(word.ptr, FH_TERM_MAX);
        memcpy(out, word.ptr, len);
    }
    len = stemmer->stem(state, out, len);
    hold(fh_str_equal(stem->text, (fh_str){out, len}), "the memo's stem");
}

/* The next span of words that is no lone article. */
static bool next_word(fh_words *words, fh_span *span)
{
    char out[FH_TERM_MAX];
    while (fh_words_next(words, span)) {
        fh_str word = {words->text.ptr + span->start, span->end - span->start};
        size_t len = fh_fold(word, out);
        fh_str folded = {out, len};
        hold(folded.len > 0, "a word folds to something");
        if (!fh_str_equal(folded, FH_STR("ال")))
            return true;
    }
    return false;
}

static void check_text(fh_analyser *a, const fh_stemmer *stemmer, void *state, fh_str text)
{
    fh_words words = {.text = text};
    fh_span span;
    uint32_t position = 7;
    size_t end = 0;
    fh_term folded, stem;
    fh_analyser_start(a, text, FH_FIELD_TITLE, position);
    while (next_word(&words, &span)) {
        hold(span.start >= end && span.start < span.end, "spans are in order");
        hold(is_border(text, span.start) && is_border(text, span.end),
             "spans are whole characters");
        hold(fh_analyser_position(a) == position, "the position to come");
        hold(fh_analyser_next(a, &folded), "as many terms as words");
        char kept[FH_TERM_MAX];
        memcpy(kept, folded.text.ptr, folded.text.len);
        folded.text.ptr = kept;
        hold(fh_analyser_next(a, &stem), "a stem for each word");
        hold(folded.form == FH_FORM_FOLDED && stem.form == FH_FORM_STEM,
             "folded form, then stem");
        hold(folded.position == position && stem.position == position, "one position");
        hold(folded.span.start == span.start && stem.span.end == span.end, "the word's span");
        hold(folded.field == FH_FIELD_TITLE && stem.field == FH_FIELD_TITLE, "the field");
        check_term(&folded);
        check_term(&stem);
        check_forms(stemmer, state, (fh_str){text.ptr + span.start, span.end - span.start},
                    &folded, &stem);
        position++;
        end = span.end;
    }
    hold(!fh_analyser_next(a, &folded) && !fh_analyser_next(a, &folded),
         "no more terms than words");
    hold(fh_analyser_position(a) == position, "the position behind the last word");
}

/* The same words by number, a few at a time. */
static void check_numbers(fh_analyser *a, fh_str text)
{
    const fh_vocabulary *v = fh_analyser_vocabulary(a);
    fh_words words = {.text = text};
    fh_token tokens[7];
    fh_span span;
    size_t count;
    fh_analyser_article(a);
    fh_analyser_start(a, text, FH_FIELD_BODY, 1);
    do {
        hold(fh_analyser_read(a, tokens, 7, &count, NULL) == FH_OK, "memory is enough");
        for (size_t i = 0; i < count; i++) {
            fh_spelling s;
            char out[FH_TERM_MAX];
            hold(fh_words_next(&words, &span), "as many words as tokens");
            hold(tokens[i].span.start == span.start && tokens[i].span.end == span.end,
                 "the token's span");
            hold(tokens[i].spelling < v->count, "the token's number");
            v->spell(v, tokens[i].spelling, &s);
            fh_str word = {text.ptr + span.start, span.end - span.start};
            hold(fh_str_equal(s.written, word), "the spelling");
            fh_str folded = {out, fh_fold(word, out)};
            hold(fh_str_equal(s.forms[FH_FORM_FOLDED], folded) ||
                     (s.forms[FH_FORM_FOLDED].len + s.forms[FH_FORM_STEM].len == 0 &&
                      fh_str_equal(folded, FH_STR("ال"))),
                 "the spelling's folded form");
        }
    } while (count > 0);
    hold(!fh_words_next(&words, &span), "as many tokens as words");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_buffer text = {0};
    size_t count;
    const fh_stemmer *table = fh_stemmer_table(&count);
    fh_utf8_repair((fh_str){(const char *)data, size}, &text);
    for (size_t i = 0; i < count; i++) {
        fh_analyser *a;
        void *state;
        hold(fh_analyser_new(table[i].name, &a, NULL) == FH_OK, "a new analyser");
        hold(table[i].open(&state, NULL) == FH_OK, "a new stemmer");
        check_text(a, &table[i], state, fh_buffer_str(&text));
        check_text(a, &table[i], state, fh_buffer_str(&text));
        check_numbers(a, fh_buffer_str(&text));
        table[i].close(state);
        fh_analyser_free(a);
    }
    fh_buffer_free(&text);
    return 0;
}
