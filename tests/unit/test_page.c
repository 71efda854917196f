#include "base/dates.h"
#include "indexer/format.h"
#include "tests/unit/scratch.h"

#define TITLE "موسكو: الاتصالات مستمرة"
#define LEAD  "قال الوزير، اليوم الاثنين، إن الاتصالات مستمرة."

static void count_repairs(void *context, const fh_remark *remark)
{
    int *repairs = context;
    *repairs += remark->kind == FH_REMARK_REPAIRED;
}

/* A page that is being read. */
typedef struct reading {
    fh_listener listener;
    fh_input *input;
    void *state;
    fh_article article;
    int repairs;
} reading;

static void begin(reading *r, const char *bytes, size_t len)
{
    bool found;
    put_bytes("page.txt", bytes, len);
    *r = (reading){.listener = {.hear = count_repairs, .context = &r->repairs}};
    assert_int_equal(fh_input_open("page.txt", &r->listener, &r->input, NULL), FH_OK);
    assert_int_equal(fh_format_page.open(r->input, &r->listener, &r->state, NULL), FH_OK);
    assert_int_equal(fh_format_page.next(r->state, &found, &r->article, NULL), FH_OK);
    assert_true(found);
}

static void end(reading *r)
{
    bool found;
    fh_article none;
    assert_int_equal(fh_format_page.next(r->state, &found, &none, NULL), FH_OK);
    assert_false(found);
    fh_format_page.close(r->state);
    fh_input_close(r->input);
}

static void assert_text(fh_str got, const char *want)
{
    char *text = strndup(got.ptr ? got.ptr : "", got.len);
    assert_string_equal(text, want);
    free(text);
}

static void assert_page(const char *page, const char *url, const char *title, const char *body)
{
    reading r;
    begin(&r, page, strlen(page));
    assert_text(r.article.url, url);
    assert_text(r.article.title, title);
    assert_text(r.article.body, body);
    end(&r);
}

static void assert_date(const char *page, const char *date)
{
    reading r;
    char text[FH_DATE_TEXT_MAX];
    begin(&r, page, strlen(page));
    assert_string_equal(fh_date_format(r.article.date, text), date);
    end(&r);
}

static void splits_url_title_and_body(void **state)
{
    (void)state;
    assert_page("https://a.b/c\n" TITLE "\n" LEAD "\n", "https://a.b/c", TITLE, LEAD);
    assert_page("\xEF\xBB\xBFhttp://a.b/c\r\n\r\n" TITLE "\r\n\r\n" LEAD "\r\n\r\nب\r\n",
                "http://a.b/c", TITLE, LEAD "\r\n\r\nب");
    assert_page(TITLE "\n" LEAD, "", TITLE, LEAD);
    assert_page(TITLE, "", TITLE, "");
    assert_page("https://a.b/c\n", "https://a.b/c", "", "");
    assert_page("https://a.b/c d\n" LEAD, "", "https://a.b/c d", LEAD);
}

static void takes_no_paragraph_for_a_title(void **state)
{
    (void)state;
    assert_page(LEAD "\n\n" TITLE "\n", "", "", LEAD "\n\n" TITLE);
    assert_page("https://a.b/c\n" LEAD "\nب\n", "https://a.b/c", "", LEAD "\nب");
    assert_page("قال:\nب\n", "", "", "قال:\nب");
    assert_page("قال،\nب\n", "", "", "قال،\nب");
    assert_page("2026-02-09\n" LEAD, "", "", "2026-02-09\n" LEAD);
    assert_page("هل قال؟\nب\n", "", "هل قال؟", "ب");
}

/* 200 characters are a title, 201 a paragraph, whatever they take in bytes. */
static void knows_how_long_a_title_is(void **state)
{
    (void)state;
    char page[600], title[500] = "";
    for (int i = 0; i < 200; i++)
        strcat(title, "ب");
    snprintf(page, sizeof page, "%s\nx.", title);
    assert_page(page, "", title, "x.");
    snprintf(page, sizeof page, "ب%s\nx.", title);
    assert_page(page, "", "", page);
}

static void leaves_out_repeated_titles(void **state)
{
    (void)state;
    assert_page(TITLE "\n" TITLE "\nأ\n" TITLE "\n", "", TITLE, "أ\n" TITLE);
    assert_page(TITLE "\n\n  " TITLE " \n\n" TITLE "\n  أ\n", "", TITLE, "  أ");
}

static void keeps_the_body_as_it_stands(void **state)
{
    (void)state;
    assert_page(TITLE "\n\n \n  أ\n، ب  \n\n\nج \n \n", "", TITLE, "  أ\n، ب  \n\n\nج");
}

static void repairs_bytes(void **state)
{
    (void)state;
    static const char page[] = "title\nb\xFF"
                               "c\0d";
    reading r;
    begin(&r, page, sizeof page - 1);
    assert_text(r.article.body, "b\uFFFD"
                                "c\uFFFD"
                                "d");
    assert_int_equal(r.repairs, 1);
    end(&r);
}

static void finds_dates_that_stand_alone(void **state)
{
    (void)state;
    assert_date(TITLE "\n2026-02-09T12:34+0000\n" LEAD, "2026-02-09T12:34:00Z");
    assert_date(TITLE "\n 09.02.2026 \n" LEAD, "2026-02-09");
    assert_date(TITLE "\n9.2.2026\n" LEAD, "2026-02-09");
    assert_date(TITLE "\n2026-02-09\n" LEAD, "2026-02-09");
}

static void finds_the_agencys_dates(void **state)
{
    (void)state;
    assert_date(TITLE "\n12:34 GMT 09.02.2026 (تم التحديث: 13:50 GMT 10.02.2026) صرّح",
                "2026-02-09T12:34:00Z");
    assert_date(TITLE "\nصرح وأنه تم... 29.12.2025, سبوتنيك عربي\n" LEAD, "2025-12-29");
    assert_date(TITLE "\nتشكل منصة... 13.08.2025\n" LEAD, "2025-08-13");
}

static void takes_the_most_precise_date(void **state)
{
    (void)state;
    assert_date(TITLE "\nم... 08.02.2026, س\n2026-02-09T12:34Z\n2026-02-10T12:34Z\n",
                "2026-02-09T12:34:00Z");
}

static void takes_nothing_else_for_a_date(void **state)
{
    (void)state;
    assert_date(TITLE "\n2026\n2026-02\n" LEAD, "");
    assert_date(TITLE "\nفي 09.02.2026 قال\n", "");
    assert_date(TITLE "\n31.02.2026\n1.1.202\n1.1.20266\n1.1\n", "");
    assert_date(TITLE "\n12:34 GMT\n12:34 09.02.2026\n25:00 GMT 09.02.2026\n", "");
    assert_date(TITLE "\nتم... 09.02.2026 وقال\n", "");
}

/* Far down the page a date is another article's. */
static void looks_only_near_the_beginning(void **state)
{
    (void)state;
    char page[400] = TITLE "\n";
    for (int i = 0; i < 49; i++)
        strcat(page, "أ\n");
    size_t len = strlen(page);
    strcpy(page + len, "2026-02-09\n");
    assert_date(page, "2026-02-09");
    strcpy(page + len, "أ\n2026-02-09\n");
    assert_date(page, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(splits_url_title_and_body),     folder_test(takes_no_paragraph_for_a_title),
        folder_test(knows_how_long_a_title_is),     folder_test(leaves_out_repeated_titles),
        folder_test(keeps_the_body_as_it_stands),   folder_test(repairs_bytes),
        folder_test(finds_dates_that_stand_alone),  folder_test(finds_the_agencys_dates),
        folder_test(takes_the_most_precise_date),   folder_test(takes_nothing_else_for_a_date),
        folder_test(looks_only_near_the_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
