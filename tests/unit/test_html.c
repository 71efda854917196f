#include <dirent.h>
#include <jansson.h>
#include <pthread.h>

#include "base/dates.h"
#include "base/file.h"
#include "indexer/html_page.h"
#include "tests/unit/reading.h"

/*
 * Web pages that were written for this test, in the shapes in which the web has them, each with the article
 * that a reader sees in it: tests/data/html. Runs in the checkout.
 */

#define PAGES     "tests/data/html/"
#define PAGES_MIN 17
#define PAGES_MAX 64
#define BYTES_MAX ((size_t)1024 * 1024)
#define THREADS   4
#define ROUNDS    20

/* ---- Pages and what is in them ---- */

static void load(const char *name, const char *ending, fh_buffer *bytes)
{
    char path[300];
    snprintf(path, sizeof path, PAGES "%s%s", name, ending);
    assert_int_equal(fh_file_read(path, BYTES_MAX, bytes, NULL), FH_OK);
}

/* The names of all pages, without their endings. */
static size_t list_pages(char names[PAGES_MAX][64])
{
    DIR *folder = opendir(PAGES);
    size_t count = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".html") != 0)
            continue;
        assert_true(count < PAGES_MAX);
        snprintf(names[count++], sizeof names[0], "%.*s", (int)(dot - entry->d_name),
                 entry->d_name);
    }
    closedir(folder);
    return count;
}

/* What VALUE, a text or an array of lines or nothing, stands for. */
static char *wanted_text(const json_t *value)
{
    fh_buffer text = {0};
    size_t i;
    const json_t *line;
    if (json_is_string(value))
        fh_buffer_add_str(&text, fh_str_of(json_string_value(value)));
    json_array_foreach(value, i, line)
    {
        if (i > 0)
            fh_buffer_add_byte(&text, '\n');
        fh_buffer_add_str(&text, fh_str_of(json_string_value(line)));
    }
    char *copy = strdup(fh_buffer_str(&text).ptr);
    fh_buffer_free(&text);
    return copy;
}

static bool is_as_wanted(const char *page, const char *field, fh_str got, const json_t *wanted)
{
    char *text = wanted_text(json_object_get(wanted, field));
    bool same = fh_str_equal(got, fh_str_of(text));
    if (!same)
        fprintf(stderr, "# %s: %s is\n%.*s\n# and not\n%s\n", page, field, (int)got.len,
                got.ptr, text);
    free(text);
    return same;
}

static bool is_article(const char *page, const fh_article *a, const json_t *wanted)
{
    char date[FH_DATE_TEXT_MAX];
    bool same = is_as_wanted(page, "title", a->title, wanted);
    same &= is_as_wanted(page, "body", a->body, wanted);
    same &= is_as_wanted(page, "url", a->url, wanted);
    same &= is_as_wanted(page, "source", a->source, wanted);
    same &= is_as_wanted(page, "section", a->section, wanted);
    same &= is_as_wanted(page, "keywords", a->keywords, wanted);
    same &= is_as_wanted(page, "date", fh_str_of(fh_date_format(a->date, date)), wanted);
    return same;
}

static void pages_give_their_articles(void **state)
{
    (void)state;
    char names[PAGES_MAX][64];
    size_t count = list_pages(names), wrong = 0;
    fh_html_page page = {0};
    assert_true(count >= PAGES_MIN);
    for (size_t i = 0; i < count; i++) {
        fh_buffer bytes = {0}, json = {0};
        load(names[i], ".html", &bytes);
        load(names[i], ".json", &json);
        json_t *wanted = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
        assert_non_null(wanted);
        assert_int_equal(fh_html_page_read(&page, fh_buffer_str(&bytes), NULL), FH_OK);
        wrong += !is_article(names[i], &page.article, wanted);
        json_decref(wanted);
        fh_buffer_free(&json);
        fh_buffer_free(&bytes);
    }
    fh_html_page_free(&page);
    assert_int_equal(wrong, 0);
}

/* ---- Several threads at once ---- */

typedef struct shared {
    fh_str page;
    fh_str body;
    bool same;
} shared;

static void *read_again(void *context)
{
    shared *s = context;
    fh_html_page page = {0};
    s->same = true;
    for (int i = 0; i < ROUNDS; i++) {
        s->same &= fh_html_page_read(&page, s->page, NULL) == FH_OK &&
                   fh_str_equal(page.article.body, s->body);
    }
    fh_html_page_free(&page);
    return NULL;
}

static void threads_read_pages_at_once(void **state)
{
    (void)state;
    static const char *const names[THREADS] = {"wordpress", "json_ld_only", "malformed",
                                               "blogger"};
    fh_buffer bytes[THREADS] = {0};
    fh_html_page pages[THREADS] = {0};
    shared work[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        load(names[i], ".html", &bytes[i]);
        assert_int_equal(fh_html_page_read(&pages[i], fh_buffer_str(&bytes[i]), NULL), FH_OK);
        work[i] = (shared){.page = fh_buffer_str(&bytes[i]), .body = pages[i].article.body};
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_again, &work[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(work[i].same);
        fh_html_page_free(&pages[i]);
        fh_buffer_free(&bytes[i]);
    }
}

/* ---- What is seen and what is not ---- */

static void expect_body(const char *html, const char *want)
{
    fh_html_page page = {0};
    fh_error err = {0};
    if (fh_html_page_read(&page, fh_str_of(html), &err) != FH_OK)
        fail_msg("%s: %s", html, err.message);
    expect_text(page.article.body, want);
    fh_html_page_free(&page);
}

static void hidden_text_is_left_out(void **state)
{
    (void)state;
    expect_body("<p>نص</p><p hidden>لا</p>", "نص");
    expect_body("<p>نص</p><p aria-hidden=true>لا</p>", "نص");
    expect_body("<p>نص</p><div style='color:red; DISPLAY : none'>لا<p>لا</p></div>", "نص");
    expect_body("<p>نص</p><span style='visibility:hidden'>لا</span>", "نص");
    expect_body("<p>نص</p><span class='x sr-only'>لا</span>", "نص");
    expect_body("<p>نص</p><noscript>لا</noscript><template>لا</template>", "نص");
    expect_body("<p>نص</p><script>'<p>لا</p>'</script><style>لا</style>", "نص");
    expect_body("<p>نص</p><!-- <p>لا</p> --><svg><title>لا</title></svg>", "نص");
    expect_body("<p>نص</p><textarea>لا</textarea><select><option>لا</select>", "نص");
    expect_body("<p>نص</p><button>لا</button><label>لا</label><iframe>لا</iframe>", "نص");
    /* Not so easily: the whole page is never hidden, nor is what only voices pass over. */
    expect_body("<body style='display:none'><p>نص</p></body>", "نص");
    expect_body("<main aria-hidden=true><p>نص</p></main>", "نص");
}

static void text_is_as_a_reader_sees_it(void **state)
{
    (void)state;
    expect_body("<p>  سطر\n\tواحد&nbsp;&nbsp; هنا </p>", "سطر واحد هنا");
    expect_body("<p>كل<b>مة</b> <i>أخرى</i></p>", "كلمة أخرى");
    expect_body("<p>أ<p>ب<div>ج</div>د<br>ه<br><br>و", "أ\nب\nج\nد\nه\nو");
    expect_body("<pre>أ\n  ب\n\nج</pre>", "أ\nب\nج");
    expect_body("<p>&laquo;أ&raquo; &quot;ب&quot; &#1580;&#x62F; &lt;p&gt;",
                "«أ» \"ب\" جد <p>");
    expect_body("<p>&copy أ&nbspب &#147;ج&#148; &bogus; &#0;&#xD800;د", "© أ ب “ج” &bogus; د");
    expect_body("<p>a < b && c > d <3", "a < b && c > d <3");
    expect_body("<p>أ<span class=share>ب</span>ج</p>", "أ ج");
}

#define PARAGRAPH                                                                                                                                                    \
    "قال الوزير، في مؤتمر صحفي عقده مساء أمس، إن العمل في الطريق الجديد سيبدأ خلال أسبوعين، " \
    "وإن أهل "                                                                                                                                                 \
    "القرى الواقعة عليه لن يدفعوا شيئا من تكاليفه التي تتحملها الوزارة كلها."
#define TEASER                                                                                                                                     \
    "<div><a href=2>عنوان خبر آخر في مكان آخر</a><p>ملخص الخبر الآخر الذي يقع في سطر واحد أو " \
    "سطرين لا "                                                                                                                             \
    "أكثر، ثم يقطع في وسطه...</div>"
#define LINK   "<a href=3>مقال عن تاريخ المدينة القديمة</a>; "
#define LINKED "مقال عن تاريخ المدينة القديمة; "

static void no_article_is_lost(void **state)
{
    (void)state;
    /* Nothing but links, nothing but furniture, nothing but a title and what stands in the head. */
    expect_body("<ul><li><a href=1>أول</a><li><a href=2>ثان</a></ul>", "أول\nثان");
    expect_body("<nav><a href=1>أول</a></nav><footer>آخر</footer>", "أول\nآخر");
    expect_body("<div class=menu>كل النص في مكان يسمى قائمة</div>",
                "كل النص في مكان يسمى قائمة");
    expect_body("<title>ع</title><meta property=og:description content='وصف'>", "وصف");
    expect_body("<title>ع</title>", "");
    /* A page that JSON-LD repeats word for word is the page's, in its paragraphs. */
    expect_body("<script type=application/ld+json>{\"@type\":\"NewsArticle\",\"articleBody\":"
                "\"فقرة أولى.فقرة ثانية.\"}</script><article><p>فقرة أولى.<p>فقرة ثانية.",
                "فقرة أولى.\nفقرة ثانية.");
}

/* Text is dense where nothing else tells the article from the rest. */
static void the_densest_part_is_the_article(void **state)
{
    (void)state;
    /* Paragraphs that are <div>, of which one is by far the longest. */
    expect_body("<div><a href=1>الصفحة الأولى</a></div><div><div>" PARAGRAPH PARAGRAPH PARAGRAPH
                "</div><div>خاتمة قصيرة.</div></div>",
                PARAGRAPH PARAGRAPH PARAGRAPH "\nخاتمة قصيرة.");
    /* Many excerpts of other articles beside a short one. */
    expect_body("<div><div>" PARAGRAPH
                "</div><div>" TEASER TEASER TEASER TEASER TEASER TEASER TEASER "</div></div>",
                PARAGRAPH);
    /* A list of links under a sentence about it is a list. */
    expect_body("<div>مقالات هذا الشهر كلها.</div><div><p>" LINK LINK
                "آخر مقال في القائمة</div>",
                "مقالات هذا الشهر كلها.\n" LINKED LINKED "آخر مقال في القائمة");
    /* All posts of a thread are read, be one far longer than the others. */
    expect_body(
        "<main><article><p>من منكم قرأ الخبر الذي نشرته الصحيفة أمس عن المتحف؟</p></article>"
        "<article><p>" PARAGRAPH "</p><p>" PARAGRAPH "</p></article></main>",
        "من منكم قرأ الخبر الذي نشرته الصحيفة أمس عن المتحف؟\n" PARAGRAPH "\n" PARAGRAPH);
    /* A link that is not closed makes no links of all the rest. */
    expect_body("<div>" LINK LINK LINK LINK LINK "</div><div><a href=1>" PARAGRAPH
                "<p>" PARAGRAPH "<p>" PARAGRAPH PARAGRAPH PARAGRAPH "</div>",
                PARAGRAPH "\n" PARAGRAPH "\n" PARAGRAPH PARAGRAPH PARAGRAPH);
}

static void a_page_without_text_is_refused(void **state)
{
    (void)state;
    static const char *const pages[] = {"",
                                        " \n ",
                                        "<html><body></body></html>",
                                        "<img src=a.jpg alt='صورة'>",
                                        "<script>var a</script>",
                                        "<p hidden>مخفي</p>",
                                        "<!-- تعليق -->"};
    fh_html_page page = {0};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        fh_error err = {0};
        assert_int_equal(fh_html_page_read(&page, fh_str_of(pages[i]), &err), FH_EFORMAT);
        assert_string_equal(err.message, "a web page without any text");
        assert_int_equal(page.article.body.len, 0);
    }
    fh_html_page_free(&page);
}

/* ---- What goes before what ---- */

#define LD(fields)                                                                             \
    "<script type='application/ld+json'>{\"@type\":\"NewsArticle\"," fields "}</script>"

static void expect_fields(const char *html, const char *title, const char *url,
                          const char *date)
{
    char text[FH_DATE_TEXT_MAX];
    fh_html_page page = {0};
    assert_int_equal(fh_html_page_read(&page, fh_str_of(html), NULL), FH_OK);
    expect_text(page.article.title, title);
    expect_text(page.article.url, url);
    assert_string_equal(fh_date_format(page.article.date, text), date);
    fh_html_page_free(&page);
}

static void the_most_trusted_fact_counts(void **state)
{
    (void)state;
    expect_fields(LD("\"headline\":\"ج\",\"url\":\"https://a.example/"
                     "j\",\"datePublished\":\"2001\"") "<meta property=og:title "
                                                       "content=و><meta property=og:url "
                                                       "content=https://a.example/o><meta "
                                                       "name=date content=2002><title>ت</title>"
                                                       "<article><h1>ه</h1><time "
                                                       "datetime=2003>أمس</time><p>نص</p></"
                                                       "article>",
                  "ج", "https://a.example/o", "2001");
    expect_fields(
        "<title>ت</title><meta property=og:title content=و><meta name=date content=2002>"
        "<article><h1>ه</h1><time datetime=2003>أمس</time><p>نص</p></article>",
        "و", "", "2002");
    expect_fields("<title>ت</title><article><h1>ه</h1><time datetime=2003>أمس</time><p>نص</p>"
                  "</article><aside><time datetime=2004 pubdate></time></aside>",
                  "ه", "", "2003");
    expect_fields("<title>ت</title><p>نص</p>", "ت", "", "");
    /* The front door is no article's address, and what is no address none at all. */
    expect_fields("<link rel=canonical href=https://a.example/><meta property=og:url "
                  "content=https://a.example/o><title>ت</title><p>نص",
                  "ت", "https://a.example/o", "");
    expect_fields("<link rel=canonical href=/o><title>ت</title><p>نص", "ت", "", "");
    /* Programs that save pages note where they were; what the page says of itself goes before. */
    expect_fields("<!-- saved from url=(0019)http://a.example/s1 --><title>ت</title><p>نص", "ت",
                  "http://a.example/s1", "");
    expect_fields(
        "<!--\n Page saved with SingleFile \n url: https://a.example/s2 \n saved date: Tue"
        " Mar 12 2019\n--><title>ت</title><p>نص",
        "ت", "https://a.example/s2", "");
    expect_fields("<title>ت</title><!-- Mirrored from a.example/s3.html by HTTrack Website "
                  "Copier/3.x [XR&CO'2014], Mon, 01 Jan 2018 --><p>نص",
                  "ت", "http://a.example/s3.html", "");
    expect_fields("<!-- Mirrored from here --><!-- url: https://a.example/x --><title>ت</title>"
                  "<p>نص",
                  "ت", "", "");
    /* The site's name at the end of a title is not part of it. */
    expect_fields("<title>خبر | موقع</title><meta property=og:site_name content=موقع><p>نص",
                  "خبر", "", "");
    /* Of several articles in JSON-LD, the one that the page is about; of strangers, none. */
    expect_fields("<link rel=canonical href=https://a.example/2>" LD(
                      "\"headline\":\"أ\",\"url\":\"https://a.example/1\"")
                      LD("\"headline\":\"ب\",\"url\":\"https://a.example/2\"") "<p>نص",
                  "ب", "https://a.example/2", "");
    expect_fields("<title>ت</title>" LD("\"headline\":\"أ\"") LD("\"headline\":\"ب\"") "<p>نص",
                  "ت", "", "");
}

static void expect_page(const char *html, const char *title, const char *body)
{
    fh_html_page page = {0};
    assert_int_equal(fh_html_page_read(&page, fh_str_of(html), NULL), FH_OK);
    expect_text(page.article.title, title);
    expect_text(page.article.body, body);
    fh_html_page_free(&page);
}

static void a_title_that_is_not_closed_ends_at_the_next_tag(void **state)
{
    (void)state;
    expect_page("<html><head><title>عنوان<body><p>نص المقال", "عنوان", "نص المقال");
    expect_page("<head><title>عنوان</head><body><p>نص المقال</body>", "عنوان", "نص المقال");
    expect_page("<title>عنوان <p> منه</title><p>نص المقال", "عنوان منه", "نص المقال");
}

static void elements_of_xml_may_be_empty(void **state)
{
    (void)state;
    expect_page(
        "<?xml version='1.0'?><html><head><script src='a.js'/><title>عنوان</title></head>"
        "<body><a name='x'/><p>نص المقال</p><div class='sidebar' /><p>وآخره</p>"
        "<script>لا</script></body></html>",
        "عنوان", "نص المقال\nوآخره");
    expect_page("<?xml version='1.0'?><html><title>عنوان</title><p><![CDATA[نص <b المقال]]></p>"
                "<p>وآخره</p>",
                "عنوان", "نص <b المقال\nوآخره");
    /* In HTML the slash means nothing. */
    expect_page("<title>عنوان</title><script src=a.js />لا</script><p>نص المقال</p>", "عنوان",
                "نص المقال");
    expect_page(
        "<?xml version='1.0'?><title>عنوان</title><script src=/a/>لا</script><p>نص المقال",
        "عنوان", "نص المقال");
}

/* ---- The format ---- */

static void begin_page(reading *r, const char *html)
{
    begin(r, &fh_format_html, html);
    expect_article(r);
}

static void the_format_gives_one_article(void **state)
{
    (void)state;
    reading r;
    begin_page(&r, "<title>عنوان</title><p>نص المقال هنا");
    expect_text(r.article.title, "عنوان");
    expect_text(r.article.body, "نص المقال هنا");
    expect_remarks(&r, 0, NULL);
    expect_end(&r, FH_OK);
    end(&r);
}

static void the_format_says_what_is_left_out(void **state)
{
    (void)state;
    reading r;
    static const char *const script[] = {"W 0: JSON-LD is left out: bad JSON at byte 4"};
    static const char *const date[] = {
        "W 0: its date is not understood, the page is kept without: 03/02/2026"};
    static const char *const title[] = {"W 0: nothing but a title is found in the page"};
    static const char *const nul[] = {"U 0: 1 bad UTF-8 sequence replaced by U+FFFD"};
    begin_page(&r, "<script type=application/ld+json>oops</script><p>نص المقال هنا");
    expect_remarks(&r, 1, script);
    end(&r);
    begin_page(&r, "<meta name=date content=03/02/2026><p>نص المقال هنا");
    expect_remarks(&r, 1, date);
    end(&r);
    begin_page(&r, "<title>عنوان</title><div id=app></div><script src=app.js></script>");
    expect_remarks(&r, 1, title);
    end(&r);
    const char bytes[] = "<p>نص \0 المقال";
    assert_int_equal(begin_bytes(&r, &fh_format_html, bytes, sizeof bytes - 1), FH_OK);
    expect_article(&r);
    expect_text(r.article.body, "نص \uFFFD المقال");
    expect_remarks(&r, 1, nul);
    end(&r);
}

static void the_format_reads_what_a_page_declares(void **state)
{
    (void)state;
    /* "نص المقال عن البلاد والناس" in windows-1256. */
    const char bytes[] =
        "<meta charset=windows-1256><p>\xE4\xD5 \xC7\xE1\xE3\xDE\xC7\xE1 \xDA\xE4 "
        "\xC7\xE1\xC8\xE1\xC7\xCF \xE6\xC7\xE1\xE4\xC7\xD3</p>";
    reading r;
    assert_int_equal(begin_bytes(&r, &fh_format_html, bytes, sizeof bytes - 1), FH_OK);
    expect_article(&r);
    expect_text(r.article.body, "نص المقال عن البلاد والناس");
    end(&r);
}

static void the_format_knows_a_page(void **state)
{
    (void)state;
    static const char *const pages[] = {
        "<!DOCTYPE html>\n<html>", "<?xml version='1.0'?><!-- x --><HTML>", " <title>x", "<P>x",
        "<!-- saved from url=(0014)about:internet -->\n<html>"};
    static const char *const others[] = {
        "", "نص", "نص <p>", "{\"title\":1}", "<?xml version='1.0'?><rss>", "<feed>", "< p>"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        assert_true(fh_format_html.looks(fh_str_of(pages[i])));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(fh_format_html.looks(fh_str_of(others[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_give_their_articles),
        cmocka_unit_test(threads_read_pages_at_once),
        cmocka_unit_test(hidden_text_is_left_out),
        cmocka_unit_test(text_is_as_a_reader_sees_it),
        cmocka_unit_test(no_article_is_lost),
        cmocka_unit_test(the_densest_part_is_the_article),
        cmocka_unit_test(a_page_without_text_is_refused),
        cmocka_unit_test(the_most_trusted_fact_counts),
        cmocka_unit_test(a_title_that_is_not_closed_ends_at_the_next_tag),
        cmocka_unit_test(elements_of_xml_may_be_empty),
        cmocka_unit_test(the_format_gives_one_article),
        cmocka_unit_test(the_format_says_what_is_left_out),
        cmocka_unit_test(the_format_reads_what_a_page_declares),
        cmocka_unit_test(the_format_knows_a_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
