#include "tests/fuzz/fuzz_analysis.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/analysis", 5);
}

static void random_bytes_hold(void **state)
{
    (void)state;
    unsigned seed = 3;
    for (int round = 0; round < 3000; round++) {
        char bytes[200];
        size_t len = (size_t)rand_r(&seed) % sizeof bytes;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (char)rand_r(&seed);
        feed_target((fh_str){bytes, len});
    }
}

/* Pieces that words are made and broken of. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {
        PIECE("ال"),     PIECE("و"),      PIECE("ب"),        PIECE("كتاب"),   PIECE("ة"),
        PIECE("ات"),     PIECE("ها"),     PIECE("أ"),        PIECE("ى"),      PIECE("ـ"),
        PIECE("َ"),       PIECE("ّ"),       PIECE("\u0654"),   PIECE("\u0653"), PIECE("\u200F"),
        PIECE("\u200C"), PIECE("\uFEFB"), PIECE("ﷺ"),        PIECE("ﷲ"),      PIECE("1"),
        PIECE("٢"),      PIECE("12"),     PIECE(","),        PIECE("."),      PIECE("٫"),
        PIECE("،"),      PIECE("000"),    PIECE(" "),        PIECE("\n"),     PIECE("\""),
        PIECE("abc"),    PIECE("É"),      PIECE("e\u0301"),  PIECE("ß"),      PIECE("_"),
        PIECE("\xFF"),   PIECE("\xD8"),   PIECE("\xE2\x80"), PIECE("한"),     PIECE("क्"),
        PIECE("\u0591"), PIECE("\u05B0"), PIECE("😀"),        PIECE("\u1100"), PIECE("\u1161"),
        PIECE("\uFFFE"), PIECE("\0")};
    size_t count = sizeof pieces / sizeof *pieces;
    feed_pieces("", pieces, count, 60, 3000);
    feed_pieces("", pieces, count, 4000, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_bytes_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
