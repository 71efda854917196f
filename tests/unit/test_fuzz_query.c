#include "tests/fuzz/fuzz_query.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/query", 6);
}

/* Pieces that queries and articles are made and broken of; the first line feed ends the query. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {
        PIECE("("),       PIECE(")"),      PIECE("\""),       PIECE("«"),      PIECE("»"),
        PIECE("'"),       PIECE(" "),      PIECE("+"),        PIECE("-"),      PIECE("="),
        PIECE(" AND "),   PIECE(" OR "),   PIECE(" NOT "),    PIECE(" أو "),   PIECE(" ليس "),
        PIECE("title:"),  PIECE("date:"),  PIECE("2025"),     PIECE(".."),     PIECE("روسيا"),
        PIECE("الروسية"), PIECE("وزارة"),  PIECE("الخارجية"), PIECE("،"),      PIECE("."),
        PIECE("\xD9"),    PIECE("\u200F"), PIECE("ـ"),        PIECE("\u064B"), PIECE("\033["),
        PIECE("\u202E"),  PIECE("😀"),      PIECE(" "),        PIECE(" "),      PIECE(" "),
        PIECE("\n"),      PIECE("\n"),     PIECE("\n"),       PIECE("\"~9"),   PIECE("»~٢٠")};
    feed_pieces("", pieces, sizeof pieces / sizeof *pieces, 200, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
