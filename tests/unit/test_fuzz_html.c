#include "tests/fuzz/fuzz_html.c"
#include "tests/unit/fuzzing.h"

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/html", 5);
}

/* Cut anywhere, and with bytes changed, doubled and left out. */
static void break_page(fh_str page)
{
    unsigned seed = (unsigned)page.len;
    for (int round = 0; round < 30; round++) {
        fh_buffer broken = {0};
        size_t cut = (size_t)rand_r(&seed) % (page.len + 1);
        fh_buffer_add(&broken, page.ptr, round % 3 == 0 ? cut : page.len);
        for (int i = rand_r(&seed) % 40; i > 0 && broken.len > 0; i--)
            broken.data[(size_t)rand_r(&seed) % broken.len] =
                "<>/\"'=& !-\n\0x\xD8\xFF"[rand_r(&seed) % 15];
        feed_target(fh_buffer_str(&broken));
        fh_buffer_free(&broken);
    }
}

static void broken_pages_hold(void **state)
{
    (void)state;
    each_saved("tests/data/html", 30, break_page);
}

/* Pieces that pages are made of, in any order. */
static void random_pieces_hold(void **state)
{
    (void)state;
    static const fh_str pieces[] = {PIECE("<p>"),
                                    PIECE("</p>"),
                                    PIECE("<div>"),
                                    PIECE("</div>"),
                                    PIECE("<div class=menu>"),
                                    PIECE("<article>"),
                                    PIECE("</article>"),
                                    PIECE("<header>"),
                                    PIECE("</header>"),
                                    PIECE("<h1>"),
                                    PIECE("</h1>"),
                                    PIECE("<a href=x>"),
                                    PIECE("</a>"),
                                    PIECE("<br>"),
                                    PIECE("<table><tr><td>"),
                                    PIECE("</table>"),
                                    PIECE("<ul><li>"),
                                    PIECE("</ul>"),
                                    PIECE("<pre>"),
                                    PIECE("<title>"),
                                    PIECE("</title>"),
                                    PIECE("<main>"),
                                    PIECE("<nav>"),
                                    PIECE("</nav>"),
                                    PIECE("<!--"),
                                    PIECE("-->"),
                                    PIECE("<script type=application/ld+json>"),
                                    PIECE("{\"@type\":\"Article\",\"headline\":\"x\"}"),
                                    PIECE("</script>"),
                                    PIECE("<meta property=og:title content='x'>"),
                                    PIECE("<time datetime=2020>"),
                                    PIECE("<span hidden>"),
                                    PIECE("</span>"),
                                    PIECE("<p itemprop=articleBody>"),
                                    PIECE("<aside>"),
                                    PIECE("<form>"),
                                    PIECE("<svg>"),
                                    PIECE("&nbsp;"),
                                    PIECE("&amp"),
                                    PIECE("&#150;"),
                                    PIECE("<"),
                                    PIECE(">"),
                                    PIECE("\""),
                                    PIECE("\n"),
                                    PIECE("كلمة "),
                                    PIECE("قال المتحدث اليوم إن الأمور تسير كما ينبغي لها. "),
                                    PIECE("text "),
                                    PIECE("\xD9"),
                                    PIECE("\xC2\xA0")};
    feed_pieces("", pieces, sizeof pieces / sizeof *pieces, 120, 1500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(broken_pages_hold),
        cmocka_unit_test(random_pieces_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
