#include "tests/unit/reading.h"

#include "base/dates.h"
#include "base/file.h"
#include "indexer/feed_xml.h"
#include "indexer/mail_date.h"
#include "indexer/markup.h"

#define FEED &fh_format_feed

static void begin_file(reading *r, const char *path)
{
    fh_buffer bytes = {0};
    assert_int_equal(fh_file_read(path, 1 << 20, &bytes, NULL), FH_OK);
    assert_true(fh_format_feed.looks(fh_buffer_str(&bytes)));
    assert_int_equal(begin_bytes(r, FEED, bytes.data, bytes.len), FH_OK);
    fh_buffer_free(&bytes);
}

static void expect_date(const reading *r, const char *want)
{
    char date[FH_DATE_TEXT_MAX];
    assert_string_equal(fh_date_format(r->article.date, date), want);
}

static uint64_t line_of(const reading *r)
{
    return fh_format_feed.line(r->state);
}

static void rss_is_read(void **state)
{
    (void)state;
    reading r;
    begin_file(&r, "tests/data/feed.rss");
    expect_article(&r);
    expect_text(r.article.title, "البرلمان يقر الموازنة \"بالأغلبية\"");
    expect_text(r.article.url, "https://news.example.org/politics/1?a=1&b=2");
    expect_text(r.article.id, "");
    expect_text(r.article.body, "أقر البرلمان الموازنة العامة أمس.\nوصوت 120 نائبا\n"
                                "لصالحها & عارضها 40.");
    expect_text(r.article.source, "أخبار المدى");
    expect_text(r.article.section, "سياسة");
    expect_text(r.article.keywords, "سياسة\nالموازنة");
    expect_date(&r, "2026-02-09T09:34:56Z");
    assert_int_equal(line_of(&r), 12);
    expect_article(&r);
    expect_text(r.article.id, "tag:news.example.org,2026:7");
    expect_text(r.article.url, "");
    expect_text(r.article.source, "وكالة الشرق");
    expect_text(r.article.body, "نص قصير بلا رابط هنا.");
    expect_date(&r, "2026-02-09T10:00:00Z");
    expect_article(&r);
    expect_text(r.article.url, "https://news.example.org/3");
    expect_text(r.article.title, "");
    expect_date(&r, "");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1,
                   (const char *[]){"W 33: the date is not understood, the article is kept "
                                    "without: قبل ساعة"});
    end(&r);
}

static void atom_is_read(void **state)
{
    (void)state;
    reading r;
    begin_file(&r, "tests/data/feed.atom");
    expect_article(&r);
    expect_text(r.article.title, "إطلاق معالج جديد");
    expect_text(r.article.url, "https://blog.example.org/2026/cpu");
    expect_text(r.article.body, "أطلقت الشركة معالجا.\nسعره < 100 دولار.");
    expect_text(r.article.source, "مدونة التقنية");
    expect_text(r.article.keywords, "تقنية");
    expect_date(&r, "2026-02-08T05:00:00Z");
    expect_article(&r);
    expect_text(r.article.title, "a <b> c");
    expect_text(r.article.id, "urn:uuid:2");
    expect_text(r.article.body, "سطر\nآخر");
    expect_text(r.article.source, "مدونة أخرى");
    expect_date(&r, "2026-02-07");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 0, NULL);
    end(&r);
}

static void rdf_is_read_without_its_document_type(void **state)
{
    (void)state;
    reading r;
    begin_file(&r, "tests/data/feed.rdf");
    expect_article(&r);
    expect_text(r.article.title, "خبر من الأرشيف");
    expect_text(r.article.body, "نص الخبر «القديم».");
    expect_text(r.article.source, "أرشيف قديم");
    expect_text(r.article.section, "تاريخ");
    expect_date(&r, "2003-05-01T08:00:00Z");
    assert_int_equal(line_of(&r), 9);
    expect_end(&r, FH_OK);
    end(&r);
}

static void a_feed_in_windows_1256_is_read(void **state)
{
    (void)state;
    reading r;
    begin(&r, FEED,
          "<?xml version=\"1.0\" encoding=\"windows-1256\"?><rss><channel><item><title>"
          "\xE3\xE4</title></item></channel></rss>");
    expect_article(&r);
    expect_text(r.article.title, "من");
    expect_end(&r, FH_OK);
    end(&r);
}

static void prefixes_need_no_declaration(void **state)
{
    (void)state;
    reading r;
    begin(&r, FEED,
          "<rss><channel><item><content:encoded>full</content:encoded><description>short"
          "</description><dc:date>2026-02</dc:date><x:title>other</x:title></item></channel></"
          "rss>");
    expect_article(&r);
    expect_text(r.article.body, "full");
    expect_text(r.article.title, "");
    expect_date(&r, "2026-02");
    expect_end(&r, FH_OK);
    end(&r);
}

static void characters_that_are_no_text_are_told(void **state)
{
    (void)state;
    reading r;
    begin(&r, FEED, "<rss><channel><item><title>a\x01 b\xFF</title></item></channel></rss>");
    expect_article(&r);
    expect_text(r.article.title, "a\uFFFD b\uFFFD");
    expect_remarks(
        &r, 2,
        (const char *[]){"U 0: 1 bad UTF-8 sequence replaced by U+FFFD",
                         "W 0: 1 character that XML does not allow replaced by U+FFFD"});
    end(&r);
}

/* An item that is broken is refused, with its line, and costs no other. */
static void a_broken_item_is_refused_alone(void **state)
{
    (void)state;
    static const char *const items[] = {
        "<item><title>b</item>",
        "<item><title>b</title>",
        "<item a=1></item>",
        "<item><title>b</title><x></item></x>",
        "<item><b>\n</c></item>",
        "<item><undeclared:>x</item>",
        "<item ",
    };
    for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
        char text[512];
        reading r;
        snprintf(text, sizeof text,
                 "<rss><channel>\n<item><title>a</title></item>\n%s\n"
                 "<item><title>c</title></item></channel></rss>",
                 items[i]);
        begin(&r, FEED, text);
        expect_article(&r);
        expect_text(r.article.title, "a");
        expect_article(&r);
        expect_text(r.article.title, "c");
        expect_end(&r, FH_OK);
        assert_int_equal(r.remarks, 1);
        assert_non_null(strstr(r.remark[0], "R 3: not well-formed XML in line "));
        end(&r);
    }
}

static void a_feed_that_is_cut_is_told(void **state)
{
    (void)state;
    reading r;
    begin(&r, FEED, "<rss><channel>\n<item><title>a</title></item>\n<item><title>b</ti");
    expect_article(&r);
    expect_end(&r, FH_EFORMAT);
    assert_string_equal(r.error.message, "cut short: </rss> is missing at the end");
    assert_int_equal(r.remarks, 1);
    end(&r);
    begin(&r, FEED, "<rss><channel><item><title>a</title></item>");
    expect_article(&r);
    expect_end(&r, FH_EFORMAT);
    end(&r);
    begin(&r, FEED, "<feed/>");
    expect_end(&r, FH_OK);
    end(&r);
}

static void other_xml_is_no_feed(void **state)
{
    (void)state;
    static const char *const texts[] = {"<html><body/></html>", "<x><item/></x>", "", "no xml",
                                        "<rssx></rssx>"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        reading r;
        assert_int_equal(begin_bytes(&r, FEED, texts[i], strlen(texts[i])), FH_EFORMAT);
        end(&r);
        assert_false(fh_format_feed.looks(fh_str_of(texts[i])));
    }
}

/* Ten thousand million laughs, a file of the system, and a network address: none is read. */
static void entities_are_not_read(void **state)
{
    (void)state;
    static const char *const feeds[] = {
        "<!DOCTYPE rss [<!ENTITY a \"laugh\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">]><rss><channel><item><title>&c;</title>"
        "</item></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY c SYSTEM \"file:///etc/passwd\">]><rss><channel><item><title>"
        "&c;</title></item></channel></rss>",
        "<!DOCTYPE rss SYSTEM "
        "\"http://127.0.0.1:9/x.dtd\"><rss><channel><item><title>&c;</title>"
        "</item></channel></rss>",
        "<!DOCTYPE rss [<!ENTITY c ']>'>]><!--x--><rss><channel><item><title>&c;</title></item>"
        "</channel></rss>",
    };
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        reading r;
        begin(&r, FEED, feeds[i]);
        expect_article(&r);
        expect_text(r.article.title, "&c;");
        expect_end(&r, FH_OK);
        end(&r);
    }
}

/* Attributes by the ten thousand take libxml2 seconds. */
static void crowded_tags_are_refused(void **state)
{
    (void)state;
    reading r;
    fh_buffer text = {0};
    fh_buffer_add_str(&text, FH_STR("<rss><channel><item><title>a</title></item><item><title"));
    for (int i = 0; i < 100000; i++)
        fh_buffer_printf(&text, " a%d='>'", i);
    fh_buffer_add_str(&text, FH_STR(">b</title></item></channel></rss>"));
    begin(&r, FEED, text.data);
    expect_article(&r);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1, (const char *[]){"R 1: a tag with more than 512 attributes"});
    end(&r);
    fh_buffer_free(&text);
}

static void deep_and_long_feeds_end(void **state)
{
    (void)state;
    reading r;
    fh_buffer text = {0};
    fh_buffer_add_str(&text, FH_STR("<rss><channel><item><description>"));
    for (int i = 0; i < 200000; i++)
        fh_buffer_add_str(&text, FH_STR("<b>"));
    fh_buffer_add_str(&text, FH_STR("</description></item></channel></rss>"));
    begin(&r, FEED, text.data);
    expect_end(&r, FH_OK);
    assert_int_equal(r.remarks, 1);
    end(&r);
    fh_buffer_clear(&text);
    fh_buffer_add_str(&text, FH_STR("<rss><channel>\n<item><description>"));
    while (text.len <= 4u << 20)
        fh_buffer_add_str(&text, FH_STR("<b>too much of it</b>"));
    fh_buffer_add_str(&text, FH_STR("</description></item><item/></channel></rss>"));
    begin(&r, FEED, text.data);
    expect_article(&r);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1, (const char *[]){"R 2: an item of more than 4 MiB"});
    end(&r);
    fh_buffer_clear(&text);
    fh_buffer_add_str(&text, FH_STR("<rss><channel><item><description>"));
    while (text.len <= 16u << 20)
        fh_buffer_add_str(&text, FH_STR("too much of it, far too much "));
    assert_int_equal(begin_bytes(&r, FEED, text.data, text.len), FH_ELIMIT);
    end(&r);
    fh_buffer_free(&text);
}

static void assert_mended(const char *text, const char *want, size_t count)
{
    fh_buffer out = {0};
    assert_int_equal(fh_feed_mend(fh_str_of(text), &out), count);
    expect_text(fh_buffer_str(&out), want);
    fh_buffer_free(&out);
}

static void xml_is_mended(void **state)
{
    (void)state;
    assert_mended("<a>x &amp; y &lt; &#65;</a>", "<a>x &#38; y &#60; &#65;</a>", 0);
    assert_mended("<a>AT&T & &nbsp;&laquo;</a>", "<a>AT&#38;T &#38; \u00A0«</a>", 0);
    assert_mended("<a><![CDATA[&nbsp; & <b>]]>&</a>", "<a><![CDATA[&nbsp; & <b>]]>&#38;</a>",
                  0);
    assert_mended("<!-- & --><a b=\"&\"/>", "<!-- & --><a b=\"&#38;\"/>", 0);
    assert_mended("<!DOCTYPE x [\n<!ENTITY a '>]'>\n]>\n<x/>", "\n\n\n<x/>", 0);
    assert_mended("<x/><!DOCTYPE x>", "<x/><!DOCTYPE x>", 0);
    assert_mended("<a>\x01\x1F\uFFFE</a>", "<a>\uFFFD\uFFFD\uFFFD</a>", 3);
    assert_mended("<a>\t\n\r\uFFFD</a>", "<a>\t\n\r\uFFFD</a>", 0);
    assert_mended("<![CDATA[", "<![CDATA[", 0);
    assert_mended("<!DOCTYPE x [", "", 0);
    assert_mended("", "", 0);
}

static void assert_stripped(const char *html, const char *want)
{
    fh_buffer out = {0};
    fh_markup_strip(fh_str_of(html), &out);
    expect_text(fh_buffer_str(&out), want);
    fh_buffer_free(&out);
}

static void html_becomes_text(void **state)
{
    (void)state;
    assert_stripped("<p>a <b>b</b>c</p><p>d</p>", "a bc\nd");
    assert_stripped("a<br>b<br/>\n\n c  d", "a\nb\nc d");
    assert_stripped("1 < 2 && 3 > 2", "1 < 2 && 3 > 2");
    assert_stripped("&lt;b&gt; &amp;amp; &#1575;&#x628; &#150; &nosuch;",
                    "<b> &amp; اب – &nosuch;");
    assert_stripped("<script>x<p>y</script>a<style>b{}</style><!-- c -->", "a");
    assert_stripped("<a href=\"x>y\">z</a>", "z");
    assert_stripped("&#0;&#xD800;&#99999999;a", "a");
    assert_stripped("", "");
    assert_stripped("<p></p><div> </div>", "");
}

static void expect_mail_date(const char *text, const char *want)
{
    fh_date date;
    char got[FH_DATE_TEXT_MAX];
    assert_int_equal(fh_mail_date_parse(fh_str_of(text), &date), want[0] != '\0');
    assert_string_equal(fh_date_format(date, got), want);
}

static void mail_dates_are_read(void **state)
{
    (void)state;
    expect_mail_date("Mon, 09 Feb 2026 12:34:56 +0300", "2026-02-09T09:34:56Z");
    expect_mail_date("Mon, 09 Feb 2026 12:34:56 -05:30", "2026-02-09T18:04:56Z");
    expect_mail_date("9 February 2026 01:02 GMT", "2026-02-09T01:02:00Z");
    expect_mail_date("Mon,09 Feb 2026 12:34:56 EST", "2026-02-09T17:34:56Z");
    expect_mail_date("  Monday, 9-Feb-26 12:34:56 UTC", "2026-02-09T12:34:56Z");
    expect_mail_date("1 Jan 99 00:00:00 Z", "1999-01-01T00:00:00Z");
    expect_mail_date("1 Sept 2005", "2005-09-01");
    expect_mail_date("1 Jan 2026 12:00", "2026-01-01T12:00:00Z");
    expect_mail_date("1 Jan 2026 12:00:00 KSA", "2026-01-01");
    expect_mail_date("1 Jan 2026 12:00:00 +3", "2026-01-01");
    static const char *const wrong[] = {"",
                                        "Mon",
                                        "30 Feb 2026 12:00:00 GMT",
                                        "1 Foo 2026",
                                        "1 Ja 2026",
                                        "1 Jan 2026 25:00 GMT",
                                        "1 Jan 2026 noon",
                                        "1 Jan",
                                        "Mon, 2026-02-09",
                                        "1 Jan 20266",
                                        "1 Jan 2026 12:00:00 +2500"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        expect_mail_date(wrong[i], "");
}

static void a_feed_without_items_is_told(void **state)
{
    (void)state;
    static const char *const warning[] = {"W 0: a feed without items"};
    reading r;
    begin(&r, FEED, "<rss><channel><title>x</title></channel></rss>");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1, warning);
    end(&r);
    begin(&r, FEED, "<feed/>");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1, warning);
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rss_is_read),
        cmocka_unit_test(atom_is_read),
        cmocka_unit_test(rdf_is_read_without_its_document_type),
        cmocka_unit_test(a_feed_in_windows_1256_is_read),
        cmocka_unit_test(prefixes_need_no_declaration),
        cmocka_unit_test(characters_that_are_no_text_are_told),
        cmocka_unit_test(a_broken_item_is_refused_alone),
        cmocka_unit_test(a_feed_that_is_cut_is_told),
        cmocka_unit_test(a_feed_without_items_is_told),
        cmocka_unit_test(other_xml_is_no_feed),
        cmocka_unit_test(entities_are_not_read),
        cmocka_unit_test(crowded_tags_are_refused),
        cmocka_unit_test(deep_and_long_feeds_end),
        cmocka_unit_test(xml_is_mended),
        cmocka_unit_test(html_becomes_text),
        cmocka_unit_test(mail_dates_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
