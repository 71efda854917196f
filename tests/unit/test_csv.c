#include "tests/unit/reading.h"

#include "base/dates.h"
#include "base/file.h"

#include <zlib.h>

#define CSV &fh_format_csv

static void begin_file(reading *r, const char *path)
{
    fh_buffer bytes = {0};
    assert_int_equal(fh_file_read(path, 1 << 20, &bytes, NULL), FH_OK);
    assert_true(fh_format_csv.looks(fh_buffer_str(&bytes)));
    assert_int_equal(begin_bytes(r, CSV, bytes.data, bytes.len), FH_OK);
    fh_buffer_free(&bytes);
}

static uint64_t line_of(const reading *r)
{
    return fh_format_csv.line(r->state);
}

static void a_table_of_news_is_read(void **state)
{
    (void)state;
    reading r;
    char date[FH_DATE_TEXT_MAX];
    begin_file(&r, "tests/data/news.csv");
    expect_article(&r);
    expect_text(r.article.id, "2041");
    expect_text(r.article.title, "افتتاح معرض الكتاب في الدوحة");
    expect_text(r.article.body,
                "افتتح وزير الثقافة، صباح اليوم، معرض الكتاب في دورته الجديدة.\n\n"
                "وقال الوزير: \"القراءة حق للجميع\"، مشيرا إلى مشاركة 200 دار نشر.");
    expect_text(r.article.source, "صحيفة المدى");
    expect_text(r.article.url, "https://news.example.org/culture/2041");
    expect_text(r.article.section, "ثقافة");
    expect_text(r.article.keywords, "معرض الكتاب\nالدوحة");
    assert_string_equal(fh_date_format(r.article.date, date), "2026-01-14");
    assert_int_equal(line_of(&r), 2);
    expect_article(&r);
    expect_text(r.article.body, "توقعت الأرصاد أمطارا غزيرة, ورياحا نشطة.");
    expect_text(r.article.keywords, "أمطار\nطقس");
    assert_string_equal(fh_date_format(r.article.date, date), "2026-01-15T06:30:00Z");
    assert_int_equal(line_of(&r), 5);
    expect_article(&r);
    expect_text(r.article.id, "2044");
    assert_int_equal(r.article.date.precision, FH_DATE_NONE);
    assert_int_equal(line_of(&r), 7);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 2,
                   (const char *[]){"R 6: 3 fields, the header line names 9",
                                    "W 7: the date is not understood, the article is kept "
                                    "without: الأسبوع الماضي"});
    end(&r);
}

static void quotes_in_tsv_may_be_text(void **state)
{
    (void)state;
    reading r;
    char date[FH_DATE_TEXT_MAX];
    begin_file(&r, "tests/data/news.tsv");
    expect_article(&r);
    expect_text(r.article.title, "\"النهضة\" تعلن برنامجها");
    expect_text(r.article.body, "أعلنت الحركة \"برنامجها\" أمس.");
    assert_string_equal(fh_date_format(r.article.date, date), "2026-02-09T09:34:00Z");
    expect_article(&r);
    expect_text(r.article.title, "عنوان في علامتين");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 0, NULL);
    end(&r);
}

/* TABLE gives one article of this TITLE and BODY. */
static void assert_one(const char *table, const char *title, const char *body)
{
    reading r;
    begin(&r, CSV, table);
    expect_article(&r);
    expect_text(r.article.title, title);
    expect_text(r.article.body, body);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 0, NULL);
    end(&r);
}

static void the_separator_is_found(void **state)
{
    (void)state;
    assert_one("title;body\na;b,c\n", "a", "b,c");
    assert_one("title,body\na,b;c\n", "a", "b;c");
    assert_one("title\tbody\na\tb,c;d\n", "a", "b,c;d");
    /* More commas than semicolons, but the semicolons cut out what is known. */
    assert_one("title;body;\"a, b, c, d\"\nx;y;z\n", "x", "y");
}

static void headers_are_read_in_any_form(void **state)
{
    (void)state;
    assert_one("\xEF\xBB\xBFTITLE,Body\na,b\n", "a", "b");
    assert_one(" Title , \"TEXT\" \r\na,b\r\n", "a", "");
    assert_one("\"Title\",\"TEXT\"\r\na,b\r\n", "a", "b");
    assert_one("\n  \nHeadline,Content\n\na,b\n\n", "a", "b");
    assert_one("body\nb\n", "", "b");
    assert_one("body,other,text\nfirst,x,second\n", "", "first");
    assert_one("title,body\na,b", "a", "b");
    assert_one("title,body\n\"a\",\"b\"", "a", "b");
    assert_one("title,body\n\"\"\"a\"\"\",\"\"\n", "\"a\"", "");
    assert_one("title,body\na,b \"c\" d\n", "a", "b \"c\" d");
}

static void a_header_without_articles_is_refused(void **state)
{
    (void)state;
    static const char *const tables[] = {"id,url,date\n1,2,3\n", "just a line of text\nother\n",
                                         "\"title,body\na,b\n"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        reading r;
        assert_int_equal(begin_bytes(&r, CSV, tables[i], strlen(tables[i])), FH_EFORMAT);
        assert_non_null(strstr(r.error.message, "neither a title nor a body column"));
        assert_null(r.state);
        end(&r);
    }
    assert_false(fh_format_csv.looks(FH_STR("id,url,date\n1,2,3\n")));
    assert_false(fh_format_csv.looks(FH_STR("Title of a page\nand its text, too\n")));
    assert_false(fh_format_csv.looks(FH_STR("")));
}

/* As Excel has it. */
static void the_separator_may_be_declared(void **state)
{
    (void)state;
    reading r;
    begin(&r, CSV, "sep=;\r\ntitle;body\r\na;b\r\n");
    expect_article(&r);
    expect_text(r.article.title, "a");
    expect_text(r.article.body, "b");
    assert_int_equal(line_of(&r), 3);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 0, NULL);
    end(&r);
    begin(&r, CSV, "SEP=\t\ntitle\tbody\na\tb\n");
    expect_article(&r);
    expect_text(r.article.body, "b");
    end(&r);
}

static void an_empty_table_is_told(void **state)
{
    (void)state;
    static const char *const warning[] = {"W 0: a table without records"};
    static const char *const tables[] = {"", "\n\n", "title,body\n", "title,body"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        reading r;
        begin(&r, CSV, tables[i]);
        expect_end(&r, FH_OK);
        expect_remarks(&r, 1, warning);
        end(&r);
    }
}

static void a_stray_quote_costs_one_record(void **state)
{
    (void)state;
    reading r;
    begin(&r, CSV,
          "title,body\n1,one\n2,\"two\n3,three\n4,\"four\"\n5,\"fi\"ve\n6,six\n7,\"seven");
    static const char *const titles[] = {"1", "3", "4", "6"};
    static const uint64_t lines[] = {2, 4, 5, 7};
    for (size_t i = 0; i < 4; i++) {
        expect_article(&r);
        expect_text(r.article.title, titles[i]);
        assert_int_equal(line_of(&r), lines[i]);
    }
    expect_end(&r, FH_OK);
    expect_remarks(&r, 3,
                   (const char *[]){
                       "R 3: text behind a closing quote, or a quote that is not doubled",
                       "R 6: text behind a closing quote, or a quote that is not doubled",
                       "R 8: a quote is opened and never closed",
                   });
    end(&r);
}

static void bad_bytes_are_repaired_and_told(void **state)
{
    (void)state;
    static const char table[] = "title,body\na\xFF,\"b\0\nc\xD8\"\nd,e\n";
    reading r;
    assert_int_equal(begin_bytes(&r, CSV, table, sizeof table - 1), FH_OK);
    expect_article(&r);
    expect_text(r.article.title, "a\uFFFD");
    expect_text(r.article.body, "b\uFFFD\nc\uFFFD");
    expect_article(&r);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1, (const char *[]){"U 2: 3 bad UTF-8 sequences replaced by U+FFFD"});
    end(&r);
}

/* A record of more than 16 MiB, from a quote that is not closed, and what is behind it. */
static void a_record_without_end_is_refused(void **state)
{
    (void)state;
    reading r;
    fh_buffer table = {0};
    fh_buffer_add_str(&table, FH_STR("title,body\n1,\"one\n"));
    while (table.len < 17u << 20)
        fh_buffer_add_str(&table, FH_STR("only one field on this line, but for these two\n"));
    fh_buffer_add_str(&table, FH_STR("last,line\n"));
    assert_int_equal(begin_bytes(&r, CSV, table.data, table.len), FH_OK);
    expect_article(&r);
    assert_string_equal(r.remark[0], "R 2: a quote is not closed within 16 MiB");
    expect_text(r.article.title, "only one field on this line");
    assert_int_equal(line_of(&r), 3);
    end(&r);
    fh_buffer_free(&table);
}

/* A line that is too long, alone and inside a record. */
static void a_line_without_end_is_refused(void **state)
{
    (void)state;
    reading r;
    fh_buffer table = {0};
    fh_buffer_add_str(&table, FH_STR("title,body\n1,one\n2,\"two\n"));
    for (size_t i = 0; i <= FH_LINE_MAX / 64; i++)
        fh_buffer_add_str(
            &table, FH_STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
    fh_buffer_add_str(&table, FH_STR("\n3,three\n"));
    assert_int_equal(begin_bytes(&r, CSV, table.data, table.len), FH_OK);
    fh_buffer_free(&table);
    expect_article(&r);
    expect_text(r.article.title, "1");
    expect_article(&r);
    expect_text(r.article.title, "3");
    assert_int_equal(line_of(&r), 5);
    expect_end(&r, FH_OK);
    expect_remarks(&r, 2,
                   (const char *[]){"R 4: a line of more than 64 MiB",
                                    "R 3: a record with a line that is too long"});
    end(&r);
}

/* A quote that is not closed, and gzip that ends before its time: what was read before is kept. */
static void what_came_before_damage_is_kept(void **state)
{
    (void)state;
    reading r;
    fh_buffer table = {0}, bytes = {0};
    fh_buffer_add_str(&table, FH_STR("title,body\n1,\"one\n2,two\n3,three\n"));
    unsigned seed = 1;
    while (table.len < 1 << 20)
        fh_buffer_printf(&table, "%d,%d\n", rand_r(&seed), rand_r(&seed));
    char path[64];
    snprintf(path, sizeof path, "/tmp/fihris-test-csv.%ld.gz", (long)getpid());
    gzFile file = gzopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, table.data, (unsigned)table.len), table.len);
    assert_int_equal(gzclose(file), Z_OK);
    assert_int_equal(fh_file_read(path, 4 << 20, &bytes, NULL), FH_OK);
    unlink(path);
    assert_int_equal(begin_bytes(&r, CSV, bytes.data, bytes.len / 2), FH_OK);
    for (int i = 2; i < 1000; i++) {
        expect_article(&r);
        assert_int_equal(line_of(&r), i + 1);
    }
    expect_remarks(&r, 1, (const char *[]){"R 2: a quote is opened and never closed"});
    fh_status status = FH_OK;
    for (bool found = true; found;)
        status = fh_format_csv.next(r.state, &found, &r.article, &r.error);
    assert_int_equal(status, FH_EFORMAT);
    end(&r);
    fh_buffer_free(&table);
    fh_buffer_free(&bytes);
}

static void many_columns_are_counted_and_ignored(void **state)
{
    (void)state;
    reading r;
    fh_buffer table = {0};
    for (int line = 0; line < 3; line++) {
        fh_buffer_add_str(&table, line ? FH_STR("a,b") : FH_STR("title,body"));
        for (int i = 0; i < 1000 + (line == 2); i++)
            fh_buffer_add_str(&table, FH_STR(",x"));
        fh_buffer_add_str(&table, FH_STR("\n"));
    }
    assert_int_equal(begin_bytes(&r, CSV, table.data, table.len), FH_OK);
    expect_article(&r);
    expect_text(r.article.body, "b");
    expect_end(&r, FH_OK);
    expect_remarks(&r, 1, (const char *[]){"R 3: 1003 fields, the header line names 1002"});
    end(&r);
    fh_buffer_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_of_news_is_read),
        cmocka_unit_test(quotes_in_tsv_may_be_text),
        cmocka_unit_test(the_separator_is_found),
        cmocka_unit_test(headers_are_read_in_any_form),
        cmocka_unit_test(a_header_without_articles_is_refused),
        cmocka_unit_test(an_empty_table_is_told),
        cmocka_unit_test(the_separator_may_be_declared),
        cmocka_unit_test(a_stray_quote_costs_one_record),
        cmocka_unit_test(bad_bytes_are_repaired_and_told),
        cmocka_unit_test(a_record_without_end_is_refused),
        cmocka_unit_test(a_line_without_end_is_refused),
        cmocka_unit_test(what_came_before_damage_is_kept),
        cmocka_unit_test(many_columns_are_counted_and_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
