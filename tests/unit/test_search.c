/* Searching from query to results, on small indexes made here. */
#include "tests/unit/search_lab.h"

static const page pages[] = {
    {"1", "وزارة الخارجية تعلن", "قالت وزارة الخارجية الروسية إن المحادثات مستمرة في موسكو.",
     "سبوتنيك عربي", "2026-02-09"},
    {"2", "سفير جديد في القاهرة",
     "التقى السفير وزير الخارجية. وأضافت الوزارة أن الزيارة ناجحة.", "الأهرام", "2025-06-01"},
    {"3", "أسعار النفط", "ارتفعت أسعار النفط في ٢٠٢٥ بحسب وزارة النفط", "الأهرام",
     "2025-12-31"},
    {"4", "Google في الرياض", "افتتحت Google مكتبا في الرياض عام 2025", NULL, NULL},
};

static int fill_lab(void **state)
{
    int failed = open_lab(state);
    if (!failed)
        publish(*state, pages, sizeof pages / sizeof *pages);
    return failed;
}

/* The ids found, in order of ids, as one text. */
static const char *ids(const fh_results *found, char out[64])
{
    size_t len = 0;
    for (const char *id = "123456789"; *id; id++)
        for (size_t i = 0; i < found->count; i++)
            if (found->results[i].article.id.ptr[0] == *id)
                out[len++] = *id;
    out[len] = '\0';
    return out;
}

static void expect(lab *l, const char *query, const char *want)
{
    char got[64];
    fh_request request = {
        .query = fh_str_of(query), .count = 50, .snippets = true, .explain = true};
    ids(ask(l, &request), got);
    if (strcmp(got, want) != 0)
        print_error("query: %s\n", query);
    assert_string_equal(got, want);
    assert_int_equal(l->found->total, strlen(want));
}

static bool has_note(const fh_results *found, const char *part)
{
    for (size_t i = 0; i < found->note_count; i++)
        if (memmem(found->notes[i].ptr, found->notes[i].len, part, strlen(part)))
            return true;
    return false;
}

static void test_queries(void **state)
{
    lab *l = *state;
    expect(l, "الوزارة", "123");
    expect(l, "وَزارة", "123");
    expect(l, "السفير النفط", "23");
    expect(l, "+وزارة +النفط", "3");
    expect(l, "وزارة -النفط", "12");
    expect(l, "وزارة AND NOT النفط", "12");
    expect(l, "السفير OR النفط", "23");
    expect(l, "(السفير OR النفط) AND وزارة", "23");
    expect(l, "\"وزارة الخارجية\"", "1");
    expect(l, "«وزارة الخارجية»", "1");
    expect(l, "title:وزارة", "1");
    expect(l, "title:\"وزارة الخارجية\"", "1");
    expect(l, "title:الزيارة", "");
    expect(l, "=السفير", "2");
    expect(l, "=سفير", "2");
    expect(l, "=الوزارة", "2");
    expect(l, "وزار*", "13");
    expect(l, "goog*", "4");
    expect(l, "٢٠٢٥", "34");
    expect(l, "2025", "34");
    expect(l, "-وزارة", "4");
    expect(l, "\"وزارة الخارجية\" AND النفط", "3");
    expect(l, "+\"وزارة الخارجية\" +النفط", "");
    expect(l, "\"تعلن قالت\"", "1");
    assert_true(has_note(l->found, "its words were searched"));
}

static void test_filters(void **state)
{
    lab *l = *state;
    expect(l, "source:الاهرام", "23");
    expect(l, "source:\"سبوتنيك عربى\"", "1");
    expect(l, "source:الأهرام source:\"سبوتنيك عربي\" وزارة", "123");
    expect(l, "وزارة -source:الأهرام", "1");
    expect(l, "source:لوموند", "");
    assert_true(has_note(l->found, "no source is called \"لوموند\"; there are 2: "));
    expect(l, "date:2025", "23");
    expect(l, "date:2025-06..2025-11", "2");
    expect(l, "وزارة date:2026-01..", "1");
    fh_str sources[] = {FH_STR("الاهرام")};
    fh_request request = {.query = FH_STR("وزارة"),
                          .count = 10,
                          .from = FH_STR("2025-06-01"),
                          .to = FH_STR("2025-06"),
                          .sources = sources,
                          .source_count = 1};
    char got[64];
    assert_string_equal(ids(ask(l, &request), got), "2");
    request = (fh_request){.query = FH_STR("وزارة"), .count = 10, .to = FH_STR("2025-12-31")};
    assert_string_equal(ids(ask(l, &request), got), "23");
}

/* Without words there is nothing to rank by: the newest article comes first. */
static void test_order(void **state)
{
    lab *l = *state;
    fh_request request = {.query = FH_STR("date:2025.."), .count = 10};
    assert_int_equal(ask(l, &request)->count, 3);
    assert_true(fh_str_equal(l->found->results[0].article.id, FH_STR("1")));
    assert_true(fh_str_equal(l->found->results[2].article.id, FH_STR("2")));
    request.order = FH_ORDER_DATE_ASC;
    assert_true(fh_str_equal(ask(l, &request)->results[0].article.id, FH_STR("2")));
    request = (fh_request){.query = FH_STR("وزارة"), .count = 2, .first = 1};
    assert_int_equal(ask(l, &request)->count, 2);
    assert_int_equal(l->found->results[0].rank, 2);
    assert_int_equal(l->found->total, 3);
    request = (fh_request){.query = FH_STR("وزارة")};
    assert_int_equal(ask(l, &request)->count, 0);
    assert_int_equal(l->found->total, 3);
    request = (fh_request){.query = FH_STR("السفير النفط"), .count = 9, .all = true};
    assert_int_equal(ask(l, &request)->count, 0);
    request = (fh_request){.query = FH_STR("+النفط -وزارة AND"), .count = 9, .plain = true};
    assert_int_equal(ask(l, &request)->count, 3);
}

static void test_notes(void **state)
{
    lab *l = *state;
    expect(l, "", "");
    assert_true(has_note(l->found, "no words"));
    expect(l, "+فزعبل +وزارة", "");
    assert_true(has_note(l->found, "articles that hold each word: وزارة 3"));
    assert_true(has_note(l->found, "in no article: فزعبل"));
    expect(l, "\"المحادثات روسية\"~9", "1");
    assert_true(
        has_note(l->found, "no article that fits has \"المحادثات روسية\" near one another"));
    expect(l, "\"المحادثات الروسية\"~3", "1");
    assert_int_equal(l->found->note_count, 0);
    expect(l, "+\"المحادثات الروسية\"~2", "");
    expect(l, "وزارة -\"المحادثات الروسية\"~3", "23");
    expect(l, "title:\"النفط اسعار\"~2", "3");
    expect(l, "+title:\"الخارجية قالت\"~100", "");
    expect(l, "(وزارة", "123");
    assert_true(has_note(l->found, "plain words: a parenthesis is not closed"));
    expect(l, "وز* النفط", "3");
    assert_true(has_note(l->found, "needs 3 letters"));
    expect(l, "نفطط*", "");
    assert_true(has_note(l->found, "no word of the index begins with"));
    expect(l, "وزارة", "123");
    assert_int_equal(l->found->note_count, 0);
}

/* The evidence of a hit adds up to its score. */
static void test_evidence(void **state)
{
    lab *l = *state;
    expect(l, "\"وزارة الخارجية\" \"موسكو المحادثات\"~4 الروسية وزار* title:تعلن", "1");
    const fh_result *r = &l->found->results[0];
    double sum = 0;
    bool phrase = false, near = false, prefix = false, title = false;
    for (size_t i = 0; i < r->evidence_count; i++) {
        sum += r->evidence[i].score;
        phrase = phrase || strcmp(r->evidence[i].form, "phrase") == 0;
        near = near || strcmp(r->evidence[i].form, "near") == 0;
        prefix = prefix || strcmp(r->evidence[i].form, "prefix") == 0;
        title = title || r->evidence[i].title;
    }
    assert_true(phrase && near && prefix && title);
    assert_true(sum > r->score - 1e-6 && sum < r->score + 1e-6);
}

static void test_snippets(void **state)
{
    lab *l = *state;
    expect(l, "الوزارة", "123");
    for (size_t i = 0; i < l->found->count; i++) {
        const fh_result *r = &l->found->results[i];
        assert_int_equal(r->window_count, 1);
        assert_int_equal(r->windows[0].match_count, 1);
        assert_int_equal(r->title.match_count, r->article.id.ptr[0] == '1');
        assert_int_equal(r->article.body.len, 0);
    }
}

/* Many results fetch their bodies one by one, and have the same windows. */
static void test_many_snippets(void **state)
{
    lab *l = *state;
    fh_request request = {.query = FH_STR("الوزارة"), .count = 1000, .snippets = true};
    fh_results *few;
    ask(l, &request);
    request.count = 10;
    must(fh_searcher_search(l->searcher, &request, &few, err));
    assert_int_equal(few->count, 3);
    for (size_t i = 0; i < few->count; i++) {
        const fh_window *a = &few->results[i].windows[0], *b = &l->found->results[i].windows[0];
        assert_true(fh_str_equal(a->text, b->text));
        assert_int_equal(a->match_count, b->match_count);
    }
    fh_results_free(few);
}

static void test_limits(void **state)
{
    lab *l = *state;
    fh_results *found = NULL;
    fh_error why;
    fh_request request = {.query = FH_STR("وزارة"), .count = FH_COUNT_MAX};
    assert_int_equal(ask(l, &request)->count, 3);
    request.count++;
    assert_int_equal(fh_searcher_search(l->searcher, &request, &found, &why), FH_ELIMIT);
    request = (fh_request){.query = FH_STR("x"), .first = FH_FIRST_MAX + 1};
    assert_int_equal(fh_searcher_search(l->searcher, &request, &found, &why), FH_ELIMIT);
    request = (fh_request){.query = FH_STR("x"), .from = FH_STR("أمس")};
    assert_int_equal(fh_searcher_search(l->searcher, &request, &found, &why), FH_EUSAGE);
    assert_null(found);
    fh_buffer stars = {0};
    for (int i = 0; i < FH_QUERY_PREFIXES_MAX; i++)
        fh_buffer_add_str(&stars, FH_STR("وزار* "));
    request = (fh_request){.query = fh_buffer_str(&stars), .count = 9};
    assert_int_equal(ask(l, &request)->count, 2);
    fh_buffer_add_str(&stars, FH_STR("وزار*"));
    request.query = fh_buffer_str(&stars);
    assert_int_equal(fh_searcher_search(l->searcher, &request, &found, &why), FH_ELIMIT);
    fh_buffer_free(&stars);
}

/* The deepest query there may be is one that the engine takes. */
static void test_deep(void **state)
{
    lab *l = *state;
    fh_buffer text = {0};
    for (int i = 0; i < FH_QUERY_DEPTH_MAX; i++)
        fh_buffer_add_str(&text, FH_STR("(+ا -ب ج date:2025 OR +د AND +ه -و date:2024 "));
    fh_buffer_add_str(&text, FH_STR("x"));
    for (int i = 0; i < FH_QUERY_DEPTH_MAX; i++)
        fh_buffer_add_byte(&text, ')');
    fh_request request = {.query = fh_buffer_str(&text), .count = 9, .explain = true};
    ask(l, &request);
    assert_int_equal(l->found->note_count > 0, l->found->total == 0);
    fh_buffer_free(&text);
}

static void test_article(void **state)
{
    lab *l = *state;
    fh_article *article;
    fh_error why;
    fh_stats stats;
    expect(l, "وزارة", "123");
    must(fh_searcher_article(l->searcher, FH_STR("3"), &article, err));
    assert_true(fh_str_equal(article->body, fh_str_of(pages[2].body)));
    fh_article_free(article);
    assert_int_equal(fh_searcher_article(l->searcher, FH_STR("x"), &article, &why),
                     FH_ENOTFOUND);
    assert_null(article);
    must(fh_searcher_stats(l->searcher, &stats, err));
    assert_int_equal(stats.articles, 4);
}

/* ---- Indexes of their own ---- */

/* What is published while a searcher is open is found by its next search. */
static void test_refresh(void **state)
{
    lab *l = *state;
    static const page more[] = {{"5", NULL, "وزارة المالية", NULL, NULL}};
    publish(l, pages, 1);
    expect(l, "وزارة", "1");
    fh_results *old = l->found;
    l->found = NULL;
    publish(l, more, 1);
    expect(l, "وزارة", "15");
    assert_true(fh_str_equal(old->results[0].article.source, FH_STR("سبوتنيك عربي")));
    fh_results_free(old);
}

/* A wildcard stands for its most frequent words, and says when there were more. */
static void test_wildcard(void **state)
{
    lab *l = *state;
    fh_buffer rare = {0};
    for (int i = 0; i < FH_PREFIX_TERMS + 20; i++)
        fh_buffer_printf(&rare, "pre%c%c ", 'a' + i / 26, 'a' + i % 26);
    page made[] = {{"1", NULL, rare.data, NULL, NULL},
                   {"2", NULL, "prezz", NULL, NULL},
                   {"3", NULL, "prezz prezy", NULL, NULL},
                   {"4", NULL, "prezy", NULL, NULL},
                   {"5", NULL, "other", NULL, NULL}};
    publish(l, made, 5);
    expect(l, "pre*", "1234");
    assert_true(has_note(l->found, "the 100 most frequent of 122 words"));
    expect(l, "prez*", "234");
    assert_int_equal(l->found->note_count, 0);
    fh_buffer_free(&rare);
}

static void test_other_analysis(void **state)
{
    lab *l = *state;
    fh_error why;
    fh_writer *writer;
    fh_writer_options options = {.analysis = "ar0/gone"};
    must(fh_writer_open(l->path, &options, &writer, err));
    must(fh_writer_publish(writer, err));
    fh_writer_close(writer);
    assert_int_equal(fh_searcher_open(l->path, &l->searcher, &why), FH_EANALYSIS);
    assert_null(l->searcher);
    assert_non_null(strstr(why.message, "ar0/gone"));
    assert_non_null(strstr(why.message, fh_analyser_id(l->analyser)));
    assert_non_null(strstr(why.message, "fihris-index --rebuild"));
    assert_int_equal(fh_searcher_open("/nowhere", &l->searcher, &why), FH_ENOTFOUND);
}

/* An index of another stemmer that this program has is read by that one. */
static void test_other_stemmer(void **state)
{
    lab *l = *state;
    fh_analyser_free(l->analyser);
    must(fh_analyser_new("none", &l->analyser, err));
    publish(l, pages, 4);
    expect(l, "الوزارة", "2");
    expect(l, "وزارة", "13");
}

/* A search that is not done in time is given up, wherever it is. */
static void test_timeout(void **state)
{
    lab *l = *state;
    fh_error why;
    fh_results *found;
    fh_buffer body = {0};
    for (int i = 0; i < 300000; i++)
        fh_buffer_printf(&body, "w%d ", i % 1000);
    const page one = {"1", "سفير", body.data, NULL, NULL};
    publish(l, &one, 1);
    fh_request request = {.query = FH_STR("سفير"), .count = 1, .timeout_ms = 60000};
    assert_int_equal(ask(l, &request)->count, 1);
    request.timeout_ms = 1;
    request.snippets = true;
    assert_int_equal(fh_searcher_search(l->searcher, &request, &found, &why), FH_ESTOPPED);
    assert_null(found);
    assert_non_null(strstr(why.message, "not done within 1 ms"));
    request.timeout_ms = 0;
    assert_int_equal(ask(l, &request)->count, 1);
    fh_buffer_free(&body);
}

/* What the engine of the index can do is told with the rest. */
static void test_stats(void **state)
{
    lab *l = *state;
    fh_stats stats;
    expect(l, "وزارة", "123");
    must(fh_searcher_stats(l->searcher, &stats, err));
    assert_int_equal(stats.articles, 4);
    const fh_engine_info *engine = fh_engine_describe(stats.engine);
    assert_non_null(engine);
    assert_true(stats.deadlines == engine->deadlines && stats.checksums == engine->checksums);
    assert_null(fh_engine_describe("nope"));
}

#define FILLED(test) cmocka_unit_test_setup_teardown(test, fill_lab, close_lab)
#define EMPTY(test)  cmocka_unit_test_setup_teardown(test, open_lab, close_lab)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED(test_queries),       FILLED(test_filters),      FILLED(test_order),
        FILLED(test_notes),         FILLED(test_evidence),     FILLED(test_snippets),
        FILLED(test_many_snippets), FILLED(test_limits),       FILLED(test_deep),
        FILLED(test_article),       EMPTY(test_refresh),       EMPTY(test_wildcard),
        EMPTY(test_other_analysis), EMPTY(test_other_stemmer), EMPTY(test_timeout),
        FILLED(test_stats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
