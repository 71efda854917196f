#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "stemmers/analysis.h"
#include "stemmers/fold.h"

static int open_analyser(void **state)
{
    return (int)fh_analyser_new(NULL, (fh_analyser **)state, NULL);
}

static int free_analyser(void **state)
{
    fh_analyser_free(*state);
    return 0;
}

/* The terms of TEXT of FORM with their positions and spans: `term@position[start,end) ...`. */
static void list_terms(fh_analyser *a, fh_str text, fh_form form, fh_buffer *out)
{
    fh_term term;
    fh_buffer_clear(out);
    fh_analyser_start(a, text, FH_FIELD_BODY, 1);
    while (fh_analyser_next(a, &term)) {
        if (term.form != form)
            continue;
        if (out->len > 0)
            fh_buffer_add_byte(out, ' ');
        fh_buffer_add_str(out, term.text);
        fh_buffer_printf(out, "@%u[%u,%u)", term.position, term.span.start, term.span.end);
    }
}

static void gives(fh_analyser *a, const char *text, fh_form form, const char *want)
{
    fh_buffer got = {0};
    list_terms(a, fh_str_of(text), form, &got);
    if (!fh_str_equal(fh_buffer_str(&got), fh_str_of(want)))
        fail_msg("\"%s\" gives %s, not %s", text, got.data ? got.data : "", want);
    fh_buffer_free(&got);
}

static void a_word_has_two_forms_at_one_position(void **state)
{
    fh_analyser *a = *state;
    fh_term folded, stem;
    fh_analyser_start(a, FH_STR(" والوِزارةُ!"), FH_FIELD_TITLE, 5);
    assert_int_equal(fh_analyser_position(a), 5);
    assert_true(fh_analyser_next(a, &folded));
    assert_int_equal(folded.form, FH_FORM_FOLDED);
    assert_int_equal(folded.field, FH_FIELD_TITLE);
    assert_true(fh_str_equal(folded.text, FH_STR("والوزاره")));
    assert_true(fh_analyser_next(a, &stem));
    assert_int_equal(stem.form, FH_FORM_STEM);
    assert_true(fh_str_equal(stem.text, FH_STR("وزار")));
    assert_int_equal(folded.position, 5);
    assert_int_equal(stem.position, 5);
    assert_int_equal(stem.span.start, 1);
    assert_int_equal(stem.span.end, 1 + strlen("والوِزارةُ"));
    assert_false(fh_analyser_next(a, &stem));
    assert_int_equal(fh_analyser_position(a), 6);
}

static void spans_are_whole_words_of_the_original(void **state)
{
    gives(*state, "في وِزَارَةِ، ﻻ", FH_FORM_FOLDED, "في@1[0,4) وزاره@2[5,23) لا@3[26,29)");
}

static void the_article_alone_is_no_word(void **state)
{
    gives(*state, "ال", FH_FORM_FOLDED, "");
    gives(*state, "الـ20 آل سعود", FH_FORM_FOLDED, "20@1[6,8) سعود@2[14,22)");
}

static void positions_run_through_line_feeds_and_punctuation(void **state)
{
    gives(*state, "بشكل\n، إلا", FH_FORM_FOLDED, "بشكل@1[0,8) الا@2[12,18)");
    gives(*state, "توقف\".وأضاف", FH_FORM_FOLDED, "توقف@1[0,8) واضاف@2[10,20)");
}

/* A and B have the same terms of both forms, at the same positions. */
static void same(fh_analyser *a, const char *one, const char *other)
{
    fh_str texts[] = {fh_str_of(one), fh_str_of(other)};
    fh_buffer terms[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        fh_term term;
        fh_analyser_start(a, texts[i], FH_FIELD_BODY, 1);
        while (fh_analyser_next(a, &term)) {
            fh_buffer_add_str(&terms[i], term.text);
            fh_buffer_printf(&terms[i], "/%d@%u ", (int)term.form, term.position);
        }
    }
    if (!fh_str_equal(fh_buffer_str(&terms[0]), fh_buffer_str(&terms[1])))
        fail_msg("\"%s\" is %s, \"%s\" is %s", one, terms[0].data, other, terms[1].data);
    assert_true(terms[0].len > 0);
    fh_buffer_free(&terms[0]);
    fh_buffer_free(&terms[1]);
}

static void spellings_have_the_same_terms(void **state)
{
    same(*state, "الأطلسى", "الأطلسي");
    same(*state, "الولایات المتحدة", "الولايات المتحده");
    same(*state, "٢٠٢٥", "2025");
    same(*state, "وزارتى الخارجية الروسية والأمريكية", "وزارتي الخارجيه الروسيه والامريكيه");
    same(*state, "\u200Fكتاب\u200E", "كِتَاب");
    same(*state, "“القاهرة الإخبارية”:", "القاهره الاخباريه");
    same(*state, "NATO café", "nato CAFE\u0301");
    same(*state, "20٪", "20%");
}

static void long_words_are_cut_alike(void **state)
{
    fh_analyser *a = *state;
    fh_buffer word = {0};
    fh_term folded;
    for (int i = 0; i < 1000; i++)
        fh_buffer_add_str(&word, FH_STR("بَ"));
    fh_analyser_start(a, fh_buffer_str(&word), FH_FIELD_BODY, 1);
    assert_true(fh_analyser_next(a, &folded));
    assert_int_equal(folded.text.len, FH_TERM_MAX);
    assert_int_equal(folded.span.end, word.len);
    assert_true(fh_analyser_next(a, &folded));
    assert_false(fh_analyser_next(a, &folded));
    fh_buffer_free(&word);
}

/* More different words than the memo holds: each still has the terms that it has alone. */
static void a_full_memo_changes_nothing(void **state)
{
    fh_analyser *a = *state;
    fh_buffer text = {0};
    int words = 300000;
    for (int i = 0; i < words; i++)
        fh_buffer_printf(&text, "الو%cزَارةABC%d\n", 'a' + i % 26, i);
    for (int round = 0; round < 2; round++) {
        fh_term term;
        int i = 0;
        fh_analyser_start(a, fh_buffer_str(&text), FH_FIELD_BODY, 1);
        while (fh_analyser_next(a, &term)) {
            char out[FH_TERM_MAX];
            if (term.form != FH_FORM_FOLDED)
                continue;
            fh_str word = {text.data + term.span.start, term.span.end - term.span.start};
            size_t len = fh_fold(word, out);
            if (!fh_str_equal(term.text, (fh_str){out, len}))
                fail_msg("word %d is %.*s", i, (int)term.text.len, term.text.ptr);
            i++;
        }
        assert_true(i >= words);
    }
    fh_buffer_free(&text);
}

static void a_text_may_be_left_before_its_end(void **state)
{
    fh_analyser *a = *state;
    fh_term term;
    fh_analyser_start(a, FH_STR("واحد اثنان ثلاثة"), FH_FIELD_BODY, 1);
    assert_true(fh_analyser_next(a, &term));
    fh_analyser_start(a, FH_STR("كتاب"), FH_FIELD_BODY, 1);
    assert_true(fh_analyser_next(a, &term));
    assert_int_equal(term.form, FH_FORM_FOLDED);
    assert_true(fh_str_equal(term.text, FH_STR("كتاب")));
}

/* ---- By number ---- */

/* Read TEXT by number in steps of ROOM, and hold it to what it is term by term. */
static void same_by_number(fh_analyser *a, fh_analyser *other, fh_str text, size_t room)
{
    const fh_vocabulary *v = fh_analyser_vocabulary(a);
    fh_token tokens[200];
    size_t count;
    uint32_t position = 5;
    fh_analyser_start(a, text, FH_FIELD_BODY, position);
    fh_analyser_start(other, text, FH_FIELD_BODY, position);
    do {
        assert_int_equal(fh_analyser_read(a, tokens, room, &count, NULL), FH_OK);
        for (size_t i = 0; i < count; i++) {
            fh_spelling s;
            fh_term term;
            fh_str word = {text.ptr + tokens[i].span.start,
                           tokens[i].span.end - tokens[i].span.start};
            assert_true(tokens[i].spelling < v->count);
            v->spell(v, tokens[i].spelling, &s);
            assert_true(fh_str_equal(s.written, word));
            for (size_t form = 0; form < FH_FORMS && s.forms[0].len > 0; form++) {
                assert_true(fh_analyser_next(other, &term));
                assert_int_equal(term.form, form);
                assert_int_equal(term.position, position);
                assert_memory_equal(&term.span, &tokens[i].span, sizeof term.span);
                assert_true(fh_str_equal(term.text, s.forms[form]));
            }
            assert_int_equal(s.forms[0].len > 0, s.forms[1].len > 0);
            position += s.forms[0].len > 0;
        }
    } while (count > 0);
    assert_false(fh_analyser_next(other, &(fh_term){.position = 0}));
    assert_int_equal(fh_analyser_position(a), position);
    assert_int_equal(fh_analyser_position(other), position);
}

static void words_by_number_are_the_terms(void **state)
{
    fh_analyser *a = *state;
    fh_analyser *other;
    fh_buffer text = {0};
    assert_int_equal(fh_analyser_new(NULL, &other, NULL), FH_OK);
    for (int i = 0; i < 300; i++)
        fh_buffer_printf(&text, "في الـ%d وِزارة %*d، ال covid%d (", i % 40, i % 50, 1, i % 3);
    static const size_t rooms[] = {1, 2, 63, 64, 65, 128, 200};
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        fh_analyser_article(a);
        same_by_number(a, other, fh_buffer_str(&text), rooms[i]);
    }
    same_by_number(a, other, FH_STR(""), 7);
    same_by_number(a, other, FH_STR("ال"), 7);
    assert_int_equal(fh_analyser_vocabulary(a)->edition, 1);
    fh_analyser_free(other);
    fh_buffer_free(&text);
}

static void the_article_alone_has_a_number(void **state)
{
    fh_analyser *a = *state;
    const fh_vocabulary *v = fh_analyser_vocabulary(a);
    fh_token tokens[8];
    fh_spelling s;
    size_t count;
    fh_analyser_start(a, FH_STR("الـ20 مليون"), FH_FIELD_BODY, 1);
    assert_int_equal(fh_analyser_read(a, tokens, 8, &count, NULL), FH_OK);
    assert_int_equal(count, 3);
    v->spell(v, tokens[0].spelling, &s);
    assert_true(fh_str_equal(s.written, FH_STR("الـ")));
    assert_int_equal(s.forms[FH_FORM_FOLDED].len + s.forms[FH_FORM_STEM].len, 0);
    assert_int_equal(fh_analyser_position(a), 3);
}

/* The shapes of a spelling are those of its forms, and few forms share one. */
static void shapes_are_of_forms(void **state)
{
    fh_analyser *a = *state;
    const fh_vocabulary *v = fh_analyser_vocabulary(a);
    fh_buffer text = {0};
    fh_token tokens[256];
    size_t count, words = 0, same = 0;
    for (int i = 0; i < 85; i++)
        fh_buffer_printf(&text, "الـ وزارات%c حرف%d ", 'a' + i % 26, i);
    fh_analyser_start(a, fh_buffer_str(&text), FH_FIELD_BODY, 1);
    assert_int_equal(fh_analyser_read(a, tokens, 256, &count, NULL), FH_OK);
    assert_true(count > 200);
    for (size_t i = 0; i < count; i++) {
        fh_spelling s;
        fh_shapes shapes = fh_analyser_shapes(a, tokens[i].spelling);
        v->spell(v, tokens[i].spelling, &s);
        for (size_t form = 0; form < FH_FORMS; form++) {
            assert_int_equal(shapes.form[form], fh_analysis_shape(s.forms[form]));
            assert_int_equal(shapes.form[form] == 0, s.forms[form].len == 0);
        }
        words += s.forms[FH_FORM_FOLDED].len > 0;
        same += shapes.form[FH_FORM_FOLDED] == fh_analysis_shape(FH_STR("كتاب"));
    }
    assert_true(words > 100);
    assert_true(same < words / 20);
    fh_buffer_free(&text);
}

/* Far more spellings than are remembered: within one article all numbers hold. */
static void numbers_hold_for_an_article(void **state)
{
    fh_analyser *a = *state;
    const fh_vocabulary *v = fh_analyser_vocabulary(a);
    fh_buffer text = {0};
    size_t words = 50000, count;
    fh_token *tokens = calloc(words, sizeof *tokens);
    for (size_t i = 0; i < words; i++)
        fh_buffer_printf(&text, "ABC%zu\n", i);
    fh_analyser_set_memory(a, 64 * 1024);
    for (uint64_t edition = 1; edition <= 3; edition++) {
        fh_analyser_article(a);
        assert_int_equal(v->edition, edition);
        assert_int_equal(v->count, 0);
        fh_analyser_start(a, fh_buffer_str(&text), FH_FIELD_BODY, 1);
        assert_int_equal(fh_analyser_read(a, tokens, words, &count, NULL), FH_OK);
        assert_int_equal(count, words);
        assert_int_equal(v->count, words);
        for (size_t i = 0; i < count; i++) {
            fh_spelling s;
            char want[32];
            assert_int_equal(tokens[i].spelling, i);
            v->spell(v, tokens[i].spelling, &s);
            snprintf(want, sizeof want, "abc%zu", i);
            assert_true(fh_str_equal(s.forms[FH_FORM_FOLDED], fh_str_of(want)));
        }
    }
    free(tokens);
    fh_buffer_free(&text);
}

static void words_too_long_to_be_terms_have_numbers(void **state)
{
    fh_analyser *a = *state;
    const fh_vocabulary *v = fh_analyser_vocabulary(a);
    fh_buffer text = {0};
    fh_token tokens[8];
    fh_spelling s;
    size_t count;
    for (int i = 0; i < 100000; i++)
        fh_buffer_add_str(&text, FH_STR("بَ"));
    size_t len = text.len;
    fh_buffer_add_str(&text, FH_STR(" قال "));
    assert_true(fh_buffer_reserve(&text, len));
    fh_buffer_add(&text, text.data, len);
    fh_buffer_add_str(&text, FH_STR("ت"));
    fh_analyser_start(a, fh_buffer_str(&text), FH_FIELD_BODY, 1);
    assert_int_equal(fh_analyser_read(a, tokens, 8, &count, NULL), FH_OK);
    assert_int_equal(count, 3);
    assert_int_not_equal(tokens[0].spelling, tokens[2].spelling);
    v->spell(v, tokens[0].spelling, &s);
    assert_true(fh_str_equal(s.written, (fh_str){text.data, len}));
    assert_int_equal(s.forms[FH_FORM_FOLDED].len, FH_TERM_MAX);
    v->spell(v, tokens[2].spelling, &s);
    assert_true(fh_str_equal(s.written, (fh_str){text.data + tokens[2].span.start, len + 2}));
    fh_buffer_free(&text);
}

static void the_id_names_version_and_stemmer(void **state)
{
    (void)state;
    fh_analyser *a;
    assert_int_equal(fh_analyser_new("snowball", &a, NULL), FH_OK);
    assert_string_equal(fh_analyser_id(a), "ar3/snowball");
    assert_string_equal(fh_analysis_stemmer(fh_analyser_id(a)), "snowball");
    fh_analyser_free(a);
    assert_string_equal(fh_analysis_stemmer("ar3/light"), "light");
    assert_null(fh_analysis_stemmer("ar3/unknown"));
    assert_null(fh_analysis_stemmer("ar1/light"));
    assert_null(fh_analysis_stemmer("ar3"));
    assert_null(fh_analysis_stemmer("light"));
    assert_null(fh_analysis_stemmer(""));
}

static void an_unknown_stemmer_is_refused(void **state)
{
    (void)state;
    fh_analyser *a = (fh_analyser *)"";
    fh_error err = {0};
    assert_int_equal(fh_analyser_new("heavy", &a, &err), FH_EUSAGE);
    assert_null(a);
    assert_non_null(strstr(err.message, "heavy"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_analyser, free_analyser)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_word_has_two_forms_at_one_position),
        TEST(spans_are_whole_words_of_the_original),
        TEST(the_article_alone_is_no_word),
        TEST(positions_run_through_line_feeds_and_punctuation),
        TEST(spellings_have_the_same_terms),
        TEST(long_words_are_cut_alike),
        TEST(a_full_memo_changes_nothing),
        TEST(a_text_may_be_left_before_its_end),
        TEST(words_by_number_are_the_terms),
        TEST(the_article_alone_has_a_number),
        TEST(shapes_are_of_forms),
        TEST(numbers_hold_for_an_article),
        TEST(words_too_long_to_be_terms_have_numbers),
        cmocka_unit_test(the_id_names_version_and_stemmer),
        cmocka_unit_test(an_unknown_stemmer_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
