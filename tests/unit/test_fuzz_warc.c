#include "tests/fuzz/fuzz_warc.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/warc", 3);
}

static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {
        PIECE("WARC/1.0\r\n"),
        PIECE("\r\n"),
        PIECE("\r\n\r\n"),
        PIECE("Content-Length: 5\r\n"),
        PIECE("Content-Length: 90\r\n"),
        PIECE("Content-Type: application/http\r\n"),
        PIECE("HTTP/1.1 200 OK\r\n"),
        PIECE("Transfer-Encoding: chunked\r\n"),
        PIECE("Content-Encoding: gzip\r\n"),
        PIECE("\x1f\x8b\x08\0\0\0\0\0\0\x03"),
        PIECE("5\r\nabcde\r\n"),
        PIECE("0\r\n\r\n"),
        PIECE("\0"),
        PIECE("x"),
    };
    feed_pieces("WARC/1.0\r\n", pieces, sizeof pieces / sizeof *pieces, 40, 3000);
    feed_pieces("", pieces, sizeof pieces / sizeof *pieces, 40, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
