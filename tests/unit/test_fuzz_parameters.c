#include "tests/fuzz/fuzz_parameters.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/parameters", 5);
}

/* Pieces that targets and lines are made and broken of. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {
        PIECE("q"),    PIECE("n"),       PIECE("first"), PIECE("source"), PIECE("sort"),
        PIECE("all"),  PIECE("="),       PIECE("&"),     PIECE("?"),      PIECE("%"),
        PIECE("%D9"),  PIECE("%85"),     PIECE("%00"),   PIECE("م"),      PIECE("،"),
        PIECE(","),    PIECE("date"),    PIECE("true"),  PIECE("9"),      PIECE("٩"),
        PIECE("\xFF"), PIECE("{\"q\":"), PIECE("\"x\""), PIECE("}"),      PIECE("["),
        PIECE("+"),    PIECE("gzip"),    PIECE(";q=0"),  PIECE("\""),     PIECE("\0\0\0")};
    feed_pieces("/v1/search?", pieces, sizeof pieces / sizeof *pieces, 60, 1500);
    feed_pieces("{\"q\":", pieces, sizeof pieces / sizeof *pieces, 20, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
