#include "tests/fuzz/fuzz_mcp.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/mcp", 5);
}

/* Pieces that messages are made and broken of. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {PIECE("\"id\":1"),
                                    PIECE("\"id\":null"),
                                    PIECE(",\"id\":\"x\""),
                                    PIECE("\"method\":"),
                                    PIECE("\"ping\""),
                                    PIECE("\"tools/call\""),
                                    PIECE("\"tools/list\""),
                                    PIECE("\"params\":"),
                                    PIECE("{\"name\":\"fetch\"}"),
                                    PIECE("\"name\":"),
                                    PIECE("\"search\""),
                                    PIECE("\"arguments\":{\"query\":\"x\"}"),
                                    PIECE("\"initialize\""),
                                    PIECE("{"),
                                    PIECE("}"),
                                    PIECE("["),
                                    PIECE("]"),
                                    PIECE(","),
                                    PIECE("null"),
                                    PIECE("1e9"),
                                    PIECE("\""),
                                    PIECE("\xFF"),
                                    PIECE("\n"),
                                    PIECE("\\ud800"),
                                    PIECE("\"result\":true"),
                                    PIECE(":")};
    feed_pieces("{\"jsonrpc\":\"2.0\",", pieces, sizeof pieces / sizeof *pieces, 12, 3000);
    feed_pieces("[", pieces, sizeof pieces / sizeof *pieces, 12, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
