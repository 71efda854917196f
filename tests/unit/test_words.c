#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "stemmers/words.h"

/* TEXT has the words WANT, separated by | there. */
static void has_words(fh_str text, const char *want)
{
    fh_buffer got = {0};
    fh_words words = {.text = text};
    fh_span span;
    while (fh_words_next(&words, &span)) {
        if (got.len > 0)
            fh_buffer_add_byte(&got, '|');
        fh_buffer_add(&got, text.ptr + span.start, span.end - span.start);
    }
    assert_false(fh_words_next(&words, &span));
    if (!fh_str_equal(fh_buffer_str(&got), fh_str_of(want)))
        fail_msg("\"%.*s\" gives %s, not %s", (int)text.len, text.ptr, got.data ? got.data : "",
                 want);
    fh_buffer_free(&got);
}

#define WORDS(text, want) has_words(FH_STR(text), want)

static void nothing_has_no_words(void **state)
{
    (void)state;
    WORDS("", "");
    WORDS("  \n\t،؛؟.!«»“”\"'_-…٪", "");
    WORDS("ـــ ــ", "");
    WORDS("\u064E \u0651\u200F", "");
    WORDS("\uFEFF\u200B", "");
    WORDS("😀👍🏽", "");
}

static void punctuation_separates(void **state)
{
    (void)state;
    WORDS("توقف\".وأضاف", "توقف|وأضاف");
    WORDS("بشكل كامل\n، إلا أن", "بشكل|كامل|إلا|أن");
    WORDS("قال: «نعم».", "قال|نعم");
    WORDS("#وسم_مركب", "وسم|مركب");
    WORDS("شباط/فبراير", "شباط|فبراير");
    WORDS("e-mail R&D don't C++ U.S.", "e|mail|R|D|don|t|C|U|S");
    WORDS("https://example.org/a_b?x=1", "https|example|org|a|b|x|1");
    WORDS("ا\u00A0ب", "ا|ب");
    has_words((fh_str){"ab\0cd", 5}, "ab|cd");
}

static void scripts_separate(void **state)
{
    (void)state;
    WORDS("كوفيد19", "كوفيد|19");
    WORDS("20مليون", "20|مليون");
    WORDS("1436هـ", "1436|هـ");
    WORDS("فيABC", "في|ABC");
    WORDS("ABCفي", "ABC|في");
    WORDS("١٠كم", "١٠|كم");
}

static void latin_letters_and_digits_are_one_word(void **state)
{
    (void)state;
    WORDS("B2B 3D G20 covid19 MH370", "B2B|3D|G20|covid19|MH370");
    WORDS("F١٦", "F١٦");
    WORDS("v1.5", "v1|5");
    WORDS("Привет мир", "Привет|мир");
}

static void numbers_are_one_word(void **state)
{
    (void)state;
    WORDS("12.5 ١٢٫٥ 3.14.", "12.5|١٢٫٥|3.14");
    WORDS("1,000 1,000,000 ١٬٠٠٠ 1،000 12,500.75", "1,000|1,000,000|١٬٠٠٠|1،000|12,500.75");
    WORDS("20٪ 20% -5", "20|20|5");
    WORDS("12.5مليون", "12.5|مليون");
}

static void dates_times_and_lists_are_several(void **state)
{
    (void)state;
    WORDS("09.02.2026", "09|02|2026");
    WORDS("1,5 2014،2015", "1|5|2014|2015");
    WORDS("1000,000 1,0000 1,000,00", "1000|000|1|0000|1|000|00");
    WORDS("1.5,000 7 8.5", "1|5|000|7|8.5");
    WORDS("12:34 2026-02-09 2/3", "12|34|2026|02|09|2|3");
    WORDS("5. 6, 7", "5|6|7");
}

static void a_word_has_its_marks(void **state)
{
    (void)state;
    WORDS("كتابٌ،وِزَارَةُ", "كتابٌ|وِزَارَةُ");
    WORDS("عامـ ـعام", "عامـ|عام");
    WORDS("ﷲ ﻻ بَﹱ", "ﷲ|ﻻ|بَﹱ");
    WORDS("cafe\u0301!", "cafe\u0301");
}

static void what_is_not_seen_does_not_end_a_word(void **state)
{
    (void)state;
    WORDS("\u200Fكت\u200Cا\u200Bب\u200F.", "كت\u200Cا\u200Bب");
    WORDS("soft\u00ADware", "soft\u00ADware");
    WORDS("\u2067كتاب\u2069 كتاب", "كتاب|كتاب");
    WORDS("كتاب\u200Fbook", "كتاب|book");
}

static void honorific_ligatures_separate(void **state)
{
    (void)state;
    WORDS("النبيﷺقال", "النبي|قال");
    WORDS("۞قال۝", "قال");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_has_no_words),
        cmocka_unit_test(punctuation_separates),
        cmocka_unit_test(scripts_separate),
        cmocka_unit_test(latin_letters_and_digits_are_one_word),
        cmocka_unit_test(numbers_are_one_word),
        cmocka_unit_test(dates_times_and_lists_are_several),
        cmocka_unit_test(a_word_has_its_marks),
        cmocka_unit_test(what_is_not_seen_does_not_end_a_word),
        cmocka_unit_test(honorific_ligatures_separate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
