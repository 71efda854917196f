#include <sys/resource.h>
#include <time.h>

#include "base/utf8.h"
#include "indexer/html_page.h"
#include "indexer/html_parser.h"
#include "tests/unit/reading.h"

/*
 * Pages that were made to break a parser, or to keep it busy: what they cost is bounded, and what can be
 * read in them is read.
 */

#define MANY 5000000u /* bytes: nearly the longest page */

/* Of processor time, for any page at all; under sanitizers all takes some times longer. */
#define SECONDS_MAX 20

#define MEMORY_MAX_KIB (300L * 1024)

/* PIECE again and again, up to LEN bytes. */
static void repeat(fh_buffer *out, const char *piece, size_t len)
{
    size_t piece_len = strlen(piece), end = out->len + len;
    while (piece_len > 0 && out->len + piece_len <= end)
        fh_buffer_add(out, piece, piece_len);
}

/* Read what is in BYTES, which is freed, in bounded time. */
static fh_status read_bounded(fh_buffer *bytes, fh_html_page *page, fh_error *err)
{
    clock_t start = clock();
    fh_status status = fh_html_page_read(page, fh_buffer_str(bytes), err);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    if (seconds > SECONDS_MAX)
        fail_msg("%.1f seconds for a page that begins %.40s", seconds, bytes->data);
    fh_buffer_free(bytes);
    return status;
}

static bool has(fh_str text, const char *part)
{
    return memmem(text.ptr, text.len, part, strlen(part)) != NULL;
}

static void a_tag_of_30000_attributes(void **state)
{
    (void)state;
    fh_buffer bytes = {0};
    fh_html_page page = {0};
    fh_buffer_add_str(&bytes, FH_STR("<p>قبل</p><p "));
    for (int i = 0; i < 30000; i++)
        fh_buffer_printf(&bytes, "a%d=\"%d\" ", i, i);
    fh_buffer_add_str(&bytes, FH_STR("hidden>داخل</p><p>بعد</p>"));
    assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
    expect_text(page.article.body, "قبل\nداخل\nبعد");
    assert_true(page.gaps.crowded);
    fh_html_page_free(&page);
}

static void attributes_up_to_the_limit_count(void **state)
{
    (void)state;
    for (unsigned more = 0; more < 2; more++) {
        fh_buffer bytes = {0};
        fh_html_page page = {0};
        fh_buffer_add_str(&bytes, FH_STR("<p>نص<p "));
        for (unsigned i = 1; i < FH_HTML_ATTRIBUTES_MAX + more; i++)
            fh_buffer_printf(&bytes, "a%u ", i);
        fh_buffer_add_str(&bytes, FH_STR("hidden>داخل"));
        assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
        assert_int_equal(page.gaps.crowded, more);
        expect_text(page.article.body, more ? "نص\nداخل" : "نص");
        fh_html_page_free(&page);
    }
}

static void tags_nested_200000_deep(void **state)
{
    (void)state;
    static const char *const tags[][2] = {{"<div>", "</div>"},
                                          {"<b>", "</b>"},
                                          {"<b>", "</i>"},
                                          {"<table><tr><td>", ""},
                                          {"<section><p>", "</section>"},
                                          {"<ul><li>", "</li></ul>"}};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        fh_buffer bytes = {0};
        fh_html_page page = {0};
        repeat(&bytes, tags[i][0], 200000 * strlen(tags[i][0]));
        fh_buffer_add_str(&bytes, FH_STR("القاع"));
        repeat(&bytes, tags[i][1], 200000 * strlen(tags[i][1]));
        fh_buffer_add_str(&bytes, FH_STR("<p>بعد"));
        assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
        assert_true(has(page.article.body, "القاع"));
        assert_true(has(page.article.body, "بعد"));
        assert_true(page.gaps.deep || i == 3);
        fh_html_page_free(&page);
    }
}

static void depth_up_to_the_limit_counts(void **state)
{
    (void)state;
    fh_buffer bytes = {0};
    fh_html_page page = {0};
    repeat(&bytes, "<div>", 5 * (FH_HTML_DEPTH_MAX - 8));
    fh_buffer_add_str(&bytes, FH_STR("<p hidden>لا</p><p>نعم</p>"));
    assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
    assert_false(page.gaps.deep);
    expect_text(page.article.body, "نعم");
    fh_html_page_free(&page);
}

static void the_longest_page_and_one_byte_more(void **state)
{
    (void)state;
    for (unsigned more = 0; more < 2; more++) {
        fh_buffer bytes = {0};
        fh_html_page page = {0};
        fh_error err = {0};
        fh_buffer_add_str(&bytes, FH_STR("<p>"));
        repeat(&bytes, "x", FH_HTML_PAGE_MAX + more - bytes.len);
        assert_int_equal(read_bounded(&bytes, &page, &err), more ? FH_ELIMIT : FH_OK);
        assert_int_equal(page.article.body.len, more ? 0 : FH_HTML_PAGE_MAX - 3);
        assert_string_equal(err.message, more ? "a web page of more than 5 MiB" : "");
        fh_html_page_free(&page);
    }
}

static void a_page_of_50_megabytes_is_refused(void **state)
{
    (void)state;
    reading r;
    fh_buffer bytes = {0};
    repeat(&bytes, "<p>نص طويل جدا</p>\n", 50000000);
    assert_int_equal(begin_bytes(&r, &fh_format_html, bytes.data, bytes.len), FH_OK);
    fh_buffer_free(&bytes);
    expect_end(&r, FH_ELIMIT);
    assert_string_equal(r.error.message, "a web page of more than 5 MiB");
    end(&r);
}

static void all_text_of_too_many_elements_is_kept(void **state)
{
    (void)state;
    fh_buffer bytes = {0};
    fh_html_page page = {0};
    size_t count = FH_HTML_NODES_MAX + 50000;
    for (size_t i = 0; i < count; i++)
        fh_buffer_add_str(&bytes, FH_STR("<p>w "));
    assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
    assert_true(page.gaps.many);
    assert_int_equal(page.article.body.len, 2 * count - 1);
    fh_html_page_free(&page);
}

/* What a page may be full of. */
static void pages_full_of_one_thing(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<",
                                         "<a ",
                                         "<a \"",
                                         "<a b=\">\" c ",
                                         "<a href='",
                                         "</",
                                         "</a",
                                         "<!--",
                                         "<!-- -",
                                         "<!>",
                                         "<?x>",
                                         "&",
                                         "&a",
                                         "&quot;",
                                         "&zwnj ",
                                         "&#0;",
                                         "&#1575;",
                                         "\x01",
                                         "\uFFFE",
                                         "<title>",
                                         "<textarea>",
                                         "<script>",
                                         "<script></script>",
                                         "<style>x</style>",
                                         "<svg>",
                                         "<p>",
                                         "<p>x",
                                         "x<br>",
                                         "<p hidden>x",
                                         "<a href=x>y</a> ",
                                         "<form>",
                                         "<dl><dt><dd>",
                                         "<h1>x</h1>",
                                         "<header>",
                                         "<header>x</header>",
                                         "<article><p>نص",
                                         "<article>نص</article>",
                                         "<p itemprop=articleBody>x",
                                         "<meta name=keywords content='a,b'>",
                                         "<meta property=article:tag content=abcdefg>",
                                         "<time datetime=x>y",
                                         "<i class='a b c d e f g h'>",
                                         "<i style='a:b;c:d'>",
                                         "<select><option>x",
                                         "<p a b c d e f g>x",
                                         "<script type=application/ld+json>[]</script>",
                                         "</p></div></em>x"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        fh_buffer bytes = {0};
        fh_html_page page = {0};
        repeat(&bytes, pieces[i], MANY / 10);
        fh_status status = read_bounded(&bytes, &page, NULL);
        assert_true(status == FH_OK || status == FH_EFORMAT);
        fh_html_page_free(&page);
    }
}

static void one_piece_of_text(void **state)
{
    (void)state;
    static const char *const pieces[] = {"ك", "كلمة ", "&amp;", "a<b "};
    static const char *const texts[] = {"ك", "كلمة ", "&", "a<b "};
    for (size_t i = 0; i < 4; i++) {
        fh_buffer bytes = {0}, want = {0};
        fh_html_page page = {0};
        size_t count = MANY / strlen(pieces[i]);
        repeat(&bytes, pieces[i], count * strlen(pieces[i]));
        repeat(&want, texts[i], count * strlen(texts[i]));
        want.len -= want.data[want.len - 1] == ' ';
        assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
        assert_true(i == 3 || fh_str_equal(page.article.body, fh_buffer_str(&want)));
        assert_true(has(page.article.body, "a") == (i == 3));
        fh_html_page_free(&page);
        fh_buffer_free(&want);
    }
}

static void a_page_brings_no_entities_and_no_files(void **state)
{
    (void)state;
    fh_buffer bytes = {0};
    fh_html_page page = {0};
    fh_buffer_add_str(
        &bytes, FH_STR("<!DOCTYPE html SYSTEM \"file:///etc/passwd\" [<!ENTITY a \"aaaa\">"));
    for (int i = 1; i < 40; i++)
        fh_buffer_printf(&bytes, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;\">", i, i - 1, i - 1,
                         i - 1, i - 1);
    fh_buffer_add_str(&bytes,
                      FH_STR("<!ENTITY f SYSTEM \"file:///etc/passwd\">]><p>&a39; &f;"));
    assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
    assert_true(has(page.article.body, "&a39; &f;"));
    assert_false(has(page.article.body, "root:"));
    assert_true(page.article.body.len < 4096);
    fh_html_page_free(&page);
}

static void json_ld_is_bounded(void **state)
{
    (void)state;
    static const char *const pieces[] = {"[", "[],", "{\"a\":", "{\"@graph\":[", "\"", "1,"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        fh_buffer bytes = {0};
        fh_html_page page = {0};
        fh_buffer_add_str(&bytes, FH_STR("<p>نص<script type=application/ld+json>["));
        repeat(&bytes, pieces[i], 1000000);
        fh_buffer_add_str(&bytes, FH_STR("0]</script>"));
        assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
        expect_text(page.article.body, "نص");
        assert_int_equal(page.gaps.script.status, i == 1 || i == 5 ? FH_OK : FH_EFORMAT);
        fh_html_page_free(&page);
    }
    fh_buffer bytes = {0};
    fh_html_page page = {0};
    fh_buffer_add_str(&bytes, FH_STR("<p>نص<script type=application/ld+json>["));
    repeat(&bytes, " ", 2000000);
    fh_buffer_add_str(&bytes, FH_STR("]</script>"));
    assert_int_equal(read_bounded(&bytes, &page, NULL), FH_OK);
    assert_int_equal(page.gaps.script.status, FH_ELIMIT);
    fh_html_page_free(&page);
}

static void memory_was_bounded(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    printf("skipped: the sanitizer keeps what was freed\n");
    skip();
#endif
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    assert_true(usage.ru_maxrss < MEMORY_MAX_KIB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_of_30000_attributes),
        cmocka_unit_test(attributes_up_to_the_limit_count),
        cmocka_unit_test(tags_nested_200000_deep),
        cmocka_unit_test(depth_up_to_the_limit_counts),
        cmocka_unit_test(the_longest_page_and_one_byte_more),
        cmocka_unit_test(a_page_of_50_megabytes_is_refused),
        cmocka_unit_test(all_text_of_too_many_elements_is_kept),
        cmocka_unit_test(pages_full_of_one_thing),
        cmocka_unit_test(one_piece_of_text),
        cmocka_unit_test(a_page_brings_no_entities_and_no_files),
        cmocka_unit_test(json_ld_is_bounded),
        cmocka_unit_test(memory_was_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
