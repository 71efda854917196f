#include "tests/unit/reading.h"

#include <time.h>

#include "base/dates.h"
#include "base/file.h"

#define MARKDOWN &fh_format_markdown

static void a_post_is_read(void **state)
{
    (void)state;
    reading r;
    char date[FH_DATE_TEXT_MAX];
    fh_buffer bytes = {0};
    assert_int_equal(fh_file_read("tests/data/post.md", 1 << 20, &bytes, NULL), FH_OK);
    assert_true(fh_format_markdown.looks(fh_buffer_str(&bytes)));
    assert_int_equal(begin_bytes(&r, MARKDOWN, bytes.data, bytes.len), FH_OK);
    expect_article(&r);
    expect_text(r.article.title, "دليل الزراعة المنزلية: البداية");
    expect_text(r.article.source, "مدونة الحديقة");
    expect_text(r.article.url, "https://garden.example.org/start");
    expect_text(r.article.keywords, "زراعة\nحديقة منزلية\nري");
    expect_text(r.article.section, "نصائح");
    assert_string_equal(fh_date_format(r.article.date, date), "2025-11-03");
    expect_text(r.article.body,
                "# مقدمة\n\nالزراعة **المنزلية** سهلة كما يقول دليل الوزارة.\n\n!صورة حديقة\n\n"
                "!شعار وانظر القسم الثاني و[1].");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 0, NULL);
    end(&r);
    fh_buffer_free(&bytes);
}

static void assert_article(const char *text, const char *title, const char *body)
{
    reading r;
    begin(&r, MARKDOWN, text);
    expect_article(&r);
    expect_text(r.article.title, title);
    expect_text(r.article.body, body);
    expect_end(&r, FH_OK);
    end(&r);
}

static void the_first_heading_is_the_title(void **state)
{
    (void)state;
    assert_article("# Title\n\ntext\n", "Title", "text");
    assert_article("\n\n# Title #\r\ntext\r\n", "Title", "text");
    assert_article("---\ntitle: Title\n---\n# Title\ntext", "Title", "text");
    assert_article("---\ntitle: Other\n---\n# Title\ntext", "Other", "# Title\ntext");
    assert_article("text\n# Later\n", "", "text\n# Later");
    assert_article("## Second\n", "", "## Second");
    assert_article("", "", "");
}

static void front_matter_is_read_in_its_forms(void **state)
{
    (void)state;
    reading r;
    begin(
        &r, MARKDOWN,
        "---\r\n# comment\r\nTitle: 'One: two'\r\ntags:\r\n  - \"a b\"\r\n  - c\r\ncategories: "
        "[news]\r\nnested:\r\n  title: no\r\ndate: 2026-02-09 12:34:00 +0300\r\n---\r\nbody");
    expect_article(&r);
    expect_text(r.article.title, "One: two");
    expect_text(r.article.keywords, "a b\nc");
    expect_text(r.article.section, "news");
    expect_text(r.article.body, "body");
    end(&r);
    assert_article("---\ntitle: never closed\n", "", "---\ntitle: never closed");
    assert_article("text\n---\ntitle: x\n---\n", "", "text\n---\ntitle: x\n---");
    assert_article("---\n---\ntext", "", "text");
    assert_false(fh_format_markdown.looks(FH_STR("---\nno keys\n---\n")));
    assert_false(fh_format_markdown.looks(FH_STR("# Title\n")));
    assert_false(fh_format_markdown.looks(FH_STR("")));
}

static void folded_values_are_one_line(void **state)
{
    (void)state;
    reading r;
    assert_article("---\ntitle: >-\n  One\n  two\ndate: 2026-02-09\n---\nb", "One two", "b");
    assert_article("---\ntitle: |\n  One\n\nurl: x\n---\nb", "One", "b");
    assert_article("---\ntitle: \"One\n  two\"\n---\nb", "One two", "b");
    assert_article("---\nnested:\n  title: no\n---\nb", "", "b");
    begin(&r, MARKDOWN, "---\ntags: [a,\n  b,\n]\nkeywords:\n---\nbody");
    expect_article(&r);
    expect_text(r.article.keywords, "a\nb");
    end(&r);
}

static void toml_is_front_matter_too(void **state)
{
    (void)state;
    reading r;
    char date[FH_DATE_TEXT_MAX];
    begin(&r, MARKDOWN,
          "+++\ntitle = \"One: = two\"\ndate = 2026-02-09T12:34:00+02:00\ndraft = false\n"
          "tags = [\n  \"a b\",\n  'c',\n]\n[params]\n  title = \"no\"\nsource = \"no\"\n"
          "+++\nbody");
    expect_article(&r);
    expect_text(r.article.title, "One: = two");
    expect_text(r.article.keywords, "a b\nc");
    expect_text(r.article.source, "");
    expect_text(r.article.body, "body");
    assert_string_equal(fh_date_format(r.article.date, date), "2026-02-09T10:34:00Z");
    expect_remarks(&r, 0, NULL);
    end(&r);
    assert_true(fh_format_markdown.looks(FH_STR("+++\ntitle = \"x\"\n+++\n")));
    assert_article("+++\ntitle = 'x'\n---\n", "", "+++\ntitle = 'x'\n---");
}

static void text_between_rules_is_body(void **state)
{
    (void)state;
    assert_article("---\n\nhe said: one\n\n---\n\ntwo", "",
                   "---\n\nhe said: one\n\n---\n\ntwo");
    assert_article("---\nhttp://x.example/\n---\n", "", "---\nhttp://x.example/\n---");
    assert_article("---\n\n# comment\ntitle: One\n---\ntwo", "One", "two");
}

static void underlined_headings_are_titles(void **state)
{
    (void)state;
    assert_article("Title\n=====\n\ntext", "Title", "text");
    assert_article("\nTitle\r\n==\r\ntext", "Title", "text");
    assert_article("text\n= x\n", "", "text\n= x");
    assert_article("text\n----\n", "", "text\n----");
}

static void paths_are_no_addresses(void **state)
{
    (void)state;
    reading r;
    begin(&r, MARKDOWN, "---\nurl: /2019/dam/\ntitle: x\n---\n");
    expect_article(&r);
    expect_text(r.article.url, "");
    end(&r);
}

static void links_become_their_words(void **state)
{
    (void)state;
    assert_article("a [b](c) d", "", "a b d");
    assert_article("[b](c (d) e) f", "", "b f");
    assert_article("[b][c] [d] [ ] (e)", "", "b [d] [ ] (e)");
    assert_article("[a [b] c](d)", "", "a [b] c");
    assert_article("x [a\\](b", "", "x [a\\](b");
    assert_article("[a](b\n\n[c](d)", "", "[a](b\n\nc");
    assert_article("text\n[name]: http://x.org 'y'\nmore", "", "text\nmore");
    assert_article("\\[a](b)", "", "\\[a](b)");
    assert_article("[^1]: a note", "", "[^1]: a note");
}

static void a_date_that_is_none_is_told(void **state)
{
    (void)state;
    reading r;
    begin(&r, MARKDOWN, "---\ndate: yesterday\n---\ntext\xFF\n");
    expect_article(&r);
    assert_int_equal(r.article.date.precision, FH_DATE_NONE);
    expect_text(r.article.body, "text\uFFFD");
    expect_remarks(&r, 2,
                   (const char *[]){"U 0: 1 bad UTF-8 sequence replaced by U+FFFD",
                                    "W 0: the date is not understood, the article is kept "
                                    "without: yesterday"});
    end(&r);
}

/* Brackets without end cost no more than other text. */
static void brackets_are_searched_in_linear_time(void **state)
{
    (void)state;
    static const char *const units[] = {"[", "[a", "[a](", "![", "[a\\", "[a][", "[a] ", "[]("};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        reading r;
        fh_buffer text = {0};
        while (text.len < 2u << 20)
            fh_buffer_add_str(&text, fh_str_of(units[i]));
        clock_t start = clock();
        assert_int_equal(begin_bytes(&r, MARKDOWN, text.data, text.len), FH_OK);
        expect_article(&r);
        assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
        end(&r);
        fh_buffer_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_is_read),
        cmocka_unit_test(the_first_heading_is_the_title),
        cmocka_unit_test(front_matter_is_read_in_its_forms),
        cmocka_unit_test(folded_values_are_one_line),
        cmocka_unit_test(toml_is_front_matter_too),
        cmocka_unit_test(text_between_rules_is_body),
        cmocka_unit_test(underlined_headings_are_titles),
        cmocka_unit_test(paths_are_no_addresses),
        cmocka_unit_test(links_become_their_words),
        cmocka_unit_test(a_date_that_is_none_is_told),
        cmocka_unit_test(brackets_are_searched_in_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
