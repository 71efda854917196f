#include "tests/fuzz/fuzz_feed.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/feed", 3);
}

static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {PIECE("<item>"),
                                    PIECE("</item>"),
                                    PIECE("<title>"),
                                    PIECE("</title>"),
                                    PIECE("<title/>"),
                                    PIECE("<link href=\"http://x\"/>"),
                                    PIECE("<description>"),
                                    PIECE("</description>"),
                                    PIECE("<![CDATA["),
                                    PIECE("]]>"),
                                    PIECE("<!--"),
                                    PIECE("-->"),
                                    PIECE("&amp;"),
                                    PIECE("&nbsp;"),
                                    PIECE("&"),
                                    PIECE("&#x627;"),
                                    PIECE("<p>"),
                                    PIECE("<"),
                                    PIECE(">"),
                                    PIECE("\""),
                                    PIECE("\n"),
                                    PIECE("خبر"),
                                    PIECE("\x01"),
                                    PIECE("\xFF"),
                                    PIECE("<image>"),
                                    PIECE("</image>"),
                                    PIECE("<pubDate>Mon, 09 Feb 2026 12:34:56 +0300</pubDate>"),
                                    PIECE("<category term=\"x\"/>"),
                                    PIECE("</rss>"),
                                    PIECE("<?x?>")};
    feed_pieces("<rss><channel>", pieces, sizeof pieces / sizeof *pieces, 60, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
