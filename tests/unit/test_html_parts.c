#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/html_charset.h"
#include "indexer/html_lexer.h"
#include "indexer/html_look.h"
#include "indexer/html_references.h"
#include "indexer/html_text.h"
#include "indexer/json_ld.h"
#include "indexer/web_date.h"

static void expect(fh_str got, const char *want)
{
    char *text = strndup(got.ptr ? got.ptr : "", got.len);
    assert_string_equal(text, want);
    free(text);
}

/* ---- The declared character set ---- */

static void reads_the_declared_charset(void **state)
{
    (void)state;
    static const struct {
        const char *head;
        const char *name;
    } samples[] = {
        {"<meta charset=windows-1256>", "windows-1256"},
        {"<html><head><META CharSet = 'UTF-8' /><title>x", "UTF-8"},
        {"<meta http-equiv=Content-Type content='text/html; charset=ISO-8859-6'>",
         "ISO-8859-6"},
        {"<meta content=\"text/html;charset = 'cp1256'\" http-equiv=\"content-type\">",
         "cp1256"},
        {"<?xml version=\"1.0\" encoding=\"windows-1256\"?><html>", "windows-1256"},
        {"<meta name=a content='charset=no'><meta charset=utf-8>", "utf-8"},
        {"<meta charset=first><meta charset=second>", "first"},
        {"<!-- <meta charset=no> --><meta charset=yes>", "yes"},
        {"<script>'<meta charset=no>'</script><meta charset=yes>", "yes"},
        {"<title><meta charset=no></title><meta charset=yes>", "yes"},
        {"<meta name=description content='\xE4\xD5 \xFF'><meta charset=windows-1256>",
         "windows-1256"},
        {"<!--xml encoding=no--><p charset=no>", ""},
        {"<meta charset=''><meta charset=", ""},
        {"<meta http-equiv=refresh content='charset=no'>", ""},
        {"charset=no", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        expect(fh_html_charset(fh_str_of(samples[i].head)), samples[i].name);
}

/* ---- Tokens ---- */

/* The tokens of PAGE, one a line: `kind name|text`. */
static void expect_tokens(const char *page, const char *want)
{
    fh_html_lexer lexer = {.rest = fh_str_of(page)};
    fh_html_token t;
    fh_buffer all = {0};
    while (fh_html_lexer_next(&lexer, &t))
        fh_buffer_printf(&all, "%c %.*s|%.*s\n", "TSERC"[t.kind], (int)t.name.len, t.name.ptr,
                         (int)t.text.len, t.text.ptr);
    expect(fh_buffer_str(&all), want);
    fh_buffer_free(&all);
}

static void cuts_a_page_into_tokens(void **state)
{
    (void)state;
    expect_tokens("a<b c=\"d>e\" f>g</b >h", "T |a\nS b| c=\"d>e\" f\nT |g\nE b|\nT |h\n");
    expect_tokens("a < b <3", "T |a \nT |< b \nT |<3\n");
    expect_tokens("<br/><!-- a > b --><?php x ?><!DOCTYPE html>",
                  "S br|/\nC | a > b \nC |php x ?\nC |DOCTYPE html\n");
    expect_tokens("<!--><!---><!--a--!></ x>", "C |\nC |\nC |a\nC | x\n");
    expect_tokens("<script>if(a<b)'<p>'</SCRIPT ><p>",
                  "S script|\nR script|if(a<b)'<p>'\nE SCRIPT|\nS p|\n");
    expect_tokens("<title>a</titles></title>", "S title|\nR title|a</titles>\nE title|\n");
}

static void what_is_not_closed_swallows_nothing(void **state)
{
    (void)state;
    expect_tokens("<a href=\"x>y</a><b>", "S a| href=\"x\nT |y\nE a|\nS b|\n");
    expect_tokens("<!-- a ><p>b", "C |-- a \nS p|\nT |b\n");
    expect_tokens("<title>a<p>b", "S title|\nT |a\nS p|\nT |b\n");
    expect_tokens("<script>a<p>b", "S script|\nR script|a<p>b\n");
    expect_tokens("a<p", "T |a\nT |<p\n");
    expect_tokens("a</p", "T |a\nT |</p\n");
    expect_tokens("a<!-", "T |a\nT |<!-\n");
}

static void expect_attributes(const char *text, const char *want)
{
    fh_str rest = fh_str_of(text), name, value;
    fh_buffer all = {0};
    while (fh_html_attribute_next(&rest, &name, &value))
        fh_buffer_printf(&all, "%.*s=%.*s;", (int)name.len, name.ptr, (int)value.len,
                         value.ptr);
    expect(fh_buffer_str(&all), want);
    fh_buffer_free(&all);
}

static void takes_attributes_one_by_one(void **state)
{
    (void)state;
    expect_attributes(" a=1 b='2 3' c=\"4\"d e = f / g=/h/", "a=1;b=2 3;c=4;d=;e=f;g=/h/;");
    expect_attributes("=x 'y' a==b", "=x=;'y'=;a==b;");
    expect_attributes(" / ", "");
    expect_attributes("a=", "a=;");
    expect_attributes("a='b", "a=b;");
}

/* ---- References ---- */

static void expect_reference(const char *text, const char *want, size_t used)
{
    fh_buffer out = {0};
    assert_int_equal(fh_html_reference(fh_str_of(text), &out), used);
    expect(fh_buffer_str(&out), want);
    fh_buffer_free(&out);
}

static void writes_references_in_full(void **state)
{
    (void)state;
    expect_reference("&amp;x", "&amp;", 5);
    expect_reference("&nbsp x", "&nbsp;", 5);
    expect_reference("&#1575;", "&#1575;", 7);
    expect_reference("&#x627 ", "&#1575;", 6);
    expect_reference("&#150;", "&#8211;", 6);
    expect_reference("&#129;", "&#129;", 6);
    expect_reference("&#0;", "", 4);
    expect_reference("&#xD800;", "", 8);
    expect_reference("&#99999999999999;", "", 17);
    expect_reference("&#xfffe;", "", 8);
    expect_reference("&#;", "&amp;", 1);
    expect_reference("&#x;", "&amp;", 1);
    expect_reference("& x", "&amp;", 1);
    expect_reference("&", "&amp;", 1);
    expect_reference("&unknown;", "&amp;", 1);
    expect_reference("&averyveryverylongname;", "&amp;", 1);
}

/* ---- White space and letters ---- */

static void tidies_white_space(void **state)
{
    (void)state;
    fh_buffer out = {0};
    uint32_t weight = fh_html_tidy(FH_STR(" \u00A0قال\n\u2003a1\u3000\u200Fب\u200B \t"), &out);
    expect(fh_buffer_str(&out), "قال a1 \u200Fب\u200B");
    assert_int_equal(weight, 4 * FH_LETTER_WEIGHT + 1);
    fh_buffer_clear(&out);
    assert_int_equal(fh_html_tidy(FH_STR(" \u2028 \u205F"), &out), 0);
    assert_int_equal(out.len, 0);
    fh_buffer_free(&out);
}

/* ---- Looks ---- */

static unsigned look(const char *element, const char *name, const char *value)
{
    const char *attributes[] = {name, value, NULL, NULL};
    return fh_html_look(fh_html_element_find(fh_str_of(element)), attributes);
}

static void sees_furniture_in_names(void **state)
{
    (void)state;
    static const char *const furniture[] = {"menu",          "main-menu",     "leftMenu",
                                            "site_footer",   "post comments", "share-buttons",
                                            "related-posts", "a b sidebar",   "breadcrumbs",
                                            "header",        "NAVBAR",        "td-ad x"};
    static const char *const others[] = {"content",
                                         "menus",
                                         "category-social",
                                         "tag-menu",
                                         "entry-header",
                                         "addition",
                                         "post has-thumbnail",
                                         "shared",
                                         "",
                                         "  ",
                                         "elementor-widget-text"};
    for (size_t i = 0; i < sizeof furniture / sizeof *furniture; i++) {
        assert_true(look("div", "class", furniture[i]) & FH_HTML_FURNITURE);
        assert_false(look("article", "class", furniture[i]) & FH_HTML_FURNITURE);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(look("div", "class", others[i]) & FH_HTML_FURNITURE);
    assert_true(look("div", "role", "navigation") & FH_HTML_FURNITURE);
    assert_true(look("div", "role", "main") & FH_HTML_MAIN);
    assert_true(look("div", "itemprop", "description articleBody") & FH_HTML_STORY);
    assert_false(look("div", "itemprop", "articleBodyText") & FH_HTML_STORY);
    assert_false(look("h2", "class", "header") & FH_HTML_FURNITURE);
    assert_false(look("h1", "class", "related") & FH_HTML_FURNITURE);
    assert_true(look("span", "class", "share") & FH_HTML_FURNITURE);
    assert_true(look("NAV", NULL, NULL) & FH_HTML_FURNITURE);
    assert_int_equal(look("unheard-of", NULL, NULL), 0);
}

/* ---- Dates ---- */

static void reads_dates_of_the_web(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *date;
    } samples[] = {
        {" 2026-02-09T12:34:56+03:00 ", "2026-02-09T09:34:56Z"},
        {"2026-02-09 12:34:56.000 UTC", "2026-02-09T12:34:56Z"},
        {"2026-02-09T12:34:56+03:00[Asia/Riyadh]", "2026-02-09T09:34:56Z"},
        {"2026/02/09 12:34", "2026-02-09T12:34:00Z"},
        {"20260209", "2026-02-09"},
        {"09.02.2026", "2026-02-09"},
        {"25/12/2025", "2025-12-25"},
        {"12/25/2025 1:05:00 PM", "2025-12-25T13:05:00Z"},
        {"Mon, 09 Feb 2026 12:34:56 +0300", "2026-02-09T09:34:56Z"},
        {"Mon Feb 09 12:34:56 2026", "2026-02-09T12:34:56Z"},
        {"Feb 9, 2026 12:34 AM", "2026-02-09T00:34:00Z"},
        {"February 9, 2026", "2026-02-09"},
        {"2026", "2026"},
        {"03/02/2026", ""},
        {"31/02/2026", ""},
        {"yesterday", ""},
        {"الاثنين، ٩ فبراير ٢٠٢٦", "2026-02-09"},
        {"9 شباط/فبراير 2026م", "2026-02-09"},
        {"9 تشرين الثاني 2025 في 10:22 مساءً", "2025-11-09T22:22:00Z"},
        {"2026/02/09 - 12:34 ص", "2026-02-09T00:34:00Z"},
        {"9 غشت 2025", "2025-08-09"},
        {"5 رجب 1440 هـ", ""},
        {"الاثنين 5 رجب 1440 هـ - 12 مارس 2019م", ""},
        {"9 آذار/مايو 2026", ""},
        {"9 كانون 2026", ""},
        {"منذ 3 أيام", ""},
        {"12:34", ""},
        {"Feb 2026 30", ""},
        {"1/1/1/1/1/1/1", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        fh_date date;
        char text[FH_DATE_TEXT_MAX];
        assert_int_equal(fh_web_date_parse(fh_str_of(samples[i].text), &date),
                         samples[i].date[0] != '\0');
        assert_string_equal(fh_date_format(date, text), samples[i].date);
    }
}

/* ---- JSON-LD ---- */

static fh_status add_script(const char *text, fh_json_ld *ld)
{
    *ld = (fh_json_ld){0};
    return fh_json_ld_add(ld, fh_str_of(text), NULL);
}

static void finds_articles_wherever_they_lie(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "{\"@type\":\"NewsArticle\",\"headline\":\"x\"}",
        "[{\"@type\":\"Person\"},{\"@type\":[\"Thing\",\"Article\"],\"headline\":[\"x\",\"y\"]}"
        "]",
        "{\"@graph\":[{\"@type\":\"http://schema.org/LiveBlogPosting\",\"name\":\"x\"}]}",
        "{\"@type\":\"WebPage\",\"mainEntity\":{\"@type\":\"BlogPosting\",\"headline\":\"x\"}}",
        "<!--\n{\"@type\":\"Article\",\"headline\":\"x\"}\n//-->;",
        "[{\"a\":\"\\\",}\",\"@type\":\"Article\",\"headline\":\"x\" , \n},]",
        "//<![CDATA[\n{\"@type\":\"Article\",\n\t\"headline\":\"x\",\"a\":\"b\nc\"}\n//]]>",
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        fh_json_ld ld;
        assert_int_equal(add_script(scripts[i], &ld), FH_OK);
        expect(fh_json_ld_choose(&ld, (fh_str){0}, (fh_str){0}).title, "x");
        fh_json_ld_free(&ld);
    }
}

static void bad_scripts_say_nothing(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "", "null", "{", "{\"@type\":\"Article\",,}", "{\"a\":\"\\ud800\"}", "[1,2", "{'a':1}"};
    static const char *const strange[] = {
        "{}", "[]", "{\"@type\":7,\"@graph\":7,\"mainEntity\":[[[[[[[[[[[[{}]]]]]]]]]]]]}",
        "{\"@type\":\"Article\",\"headline\":7,\"publisher\":7,\"keywords\":{},\"url\":[]}",
        "{\"@type\":\"Article\",\"publisher\":{\"@id\":\"x\"},\"articleSection\":[]}"};
    fh_json_ld ld;
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        assert_int_equal(add_script(scripts[i], &ld), FH_EFORMAT);
        assert_int_equal(ld.script_count, 0);
    }
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        assert_int_equal(add_script(strange[i], &ld), FH_OK);
        fh_json_ld_article a = fh_json_ld_choose(&ld, (fh_str){0}, (fh_str){0});
        assert_int_equal(a.title.len + a.url.len + a.source.len + a.section.len, 0);
        fh_json_ld_free(&ld);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_declared_charset),
        cmocka_unit_test(cuts_a_page_into_tokens),
        cmocka_unit_test(what_is_not_closed_swallows_nothing),
        cmocka_unit_test(takes_attributes_one_by_one),
        cmocka_unit_test(writes_references_in_full),
        cmocka_unit_test(tidies_white_space),
        cmocka_unit_test(sees_furniture_in_names),
        cmocka_unit_test(reads_dates_of_the_web),
        cmocka_unit_test(finds_articles_wherever_they_lie),
        cmocka_unit_test(bad_scripts_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
