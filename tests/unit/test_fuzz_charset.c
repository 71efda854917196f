#include "tests/fuzz/fuzz_charset.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/charset", 5);
}

static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {PIECE("A"),
                                    PIECE(" plain text "),
                                    PIECE("وقال الوزير"),
                                    PIECE("\xE6\xDE\xC7\xE1 "),
                                    PIECE("\xC7\xE1\xE6\xD2\xED\xD1"),
                                    PIECE("\xE4\xEA\xE5 "),
                                    PIECE("\x27\x06\x44\x06"),
                                    PIECE("\x06\x27\x06\x44"),
                                    PIECE("\xFF\xFE"),
                                    PIECE("\xFE\xFF"),
                                    PIECE("\xEF\xBB\xBF"),
                                    PIECE("\xD8"),
                                    PIECE("\xC0\xAF"),
                                    PIECE("\xED\xA0\x80"),
                                    PIECE("\0"),
                                    PIECE("\n"),
                                    PIECE("<meta charset=windows-1256>"),
                                    PIECE("<?xml encoding=\"utf-8\"?>"),
                                    PIECE("é"),
                                    PIECE("\xE9t\xE9")};
    feed_pieces("", pieces, sizeof pieces / sizeof *pieces, 60, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
