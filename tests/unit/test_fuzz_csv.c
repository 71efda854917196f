#include "tests/fuzz/fuzz_csv.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/csv", 2);
}

static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {
        PIECE("a"),       PIECE("\""),         PIECE("\"\""), PIECE(","),     PIECE(";"),
        PIECE("\t"),      PIECE("\n"),         PIECE("\r\n"), PIECE("title"), PIECE("body"),
        PIECE("العنوان"), PIECE("2026-01-01"), PIECE("\xFF"), PIECE("\0"),    PIECE(" "),
        PIECE(",\""),     PIECE("\",")};
    feed_pieces("title,body\n", pieces, sizeof pieces / sizeof *pieces, 60, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
