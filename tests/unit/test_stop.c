#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "stemmers/analysis.h"
#include "stemmers/fold.h"
#include "stemmers/stop.h"

static bool stops(const char *word)
{
    char folded[FH_TERM_MAX];
    size_t len = fh_fold(fh_str_of(word), folded);
    return fh_analysis_stops((fh_str){folded, len});
}

static void function_words_stop_in_any_spelling(void **state)
{
    (void)state;
    static const char *const words[] = {"في",   "فى",    "وفي",  "من",   "إلى",   "الى",  "على",
                                        "التي", "والتى", "هذا",  "بهذا", "وبهذا", "لِهذا", "كان",
                                        "وكان", "أن",    "بأنه", "مِنْ",   "عليها", "أيضًا", "و"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!stops(words[i]))
            fail_msg("%s is no stop word", words[i]);
}

static void content_words_do_not(void **state)
{
    (void)state;
    static const char *const words[] = {"وزارة", "روسيا", "كتاب", "هيا", "أولى",
                                        "2025",  "in",    "ف",    ""};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (stops(words[i]))
            fail_msg("%s is a stop word", words[i]);
}

static void the_table_is_folded_sorted_and_found(void **state)
{
    (void)state;
    size_t count;
    const char *const *table = fh_stop_table(&count);
    assert_true(count > 500);
    for (size_t i = 0; i < count; i++) {
        char folded[FH_TERM_MAX];
        size_t len = fh_fold(fh_str_of(table[i]), folded);
        if (!fh_str_equal((fh_str){folded, len}, fh_str_of(table[i])))
            fail_msg("%s is not folded", table[i]);
        if (i > 0 && strcmp(table[i - 1], table[i]) >= 0)
            fail_msg("%s stands before %s", table[i - 1], table[i]);
        assert_true(fh_stop_has(fh_str_of(table[i])));
    }
}

/* Both ways to look up agree on the stop words, on all that they begin and end with, and on more. */
static void the_set_is_the_table(void **state)
{
    (void)state;
    size_t count;
    const char *const *table = fh_stop_table(&count);
    fh_stop_set set;
    memset(&set, 0xAA, sizeof set);
    fh_stop_set_fill(&set);
    for (size_t i = 0; i < count; i++) {
        char longer[64];
        fh_str word = fh_str_of(table[i]);
        assert_true(fh_stop_set_has(&set, word));
        for (size_t len = 0; len < word.len; len++) {
            fh_str begin = {word.ptr, len};
            fh_str end = {word.ptr + word.len - len, len};
            assert_int_equal(fh_stop_set_has(&set, begin), fh_stop_has(begin));
            assert_int_equal(fh_stop_set_has(&set, end), fh_stop_has(end));
        }
        int len = snprintf(longer, sizeof longer, "%s%s", table[i], table[count - 1 - i]);
        fh_str both = {longer, (size_t)len};
        assert_int_equal(fh_stop_set_has(&set, both), fh_stop_has(both));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(function_words_stop_in_any_spelling),
        cmocka_unit_test(content_words_do_not),
        cmocka_unit_test(the_table_is_folded_sorted_and_found),
        cmocka_unit_test(the_set_is_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
