#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(function_words_stop_in_any_spelling),
        cmocka_unit_test(content_words_do_not),
        cmocka_unit_test(the_table_is_folded_sorted_and_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
