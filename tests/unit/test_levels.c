/* On which level each result has each word of its query. */
#include "tests/unit/search_lab.h"

static const page pages[] = {
    {"1", "وزارة الخارجية تعلن", "قالت وزارة الخارجية الروسية إن المحادثات مستمرة في موسكو.",
     NULL, NULL},
    {"2", "سفير جديد", "التقى السفيرُ وزير الخارجيه. وأضافت الوزارة أن الزيارة ناجحة.", NULL,
     NULL},
    {"3", "أسعار النفط", "ارتفعت أسعار النفط بحسب وزارتنا، ثم هبط السعر", NULL, NULL},
    {"4", "Google", "Google opens an office", NULL, NULL},
};

static int fill_lab(void **state)
{
    int failed = open_lab(state);
    if (!failed)
        publish(*state, pages, sizeof pages / sizeof *pages);
    return failed;
}

static const fh_result *find(const fh_results *found, const char *id)
{
    for (size_t i = 0; i < found->count; i++)
        if (fh_str_equal(found->results[i].article.id, fh_str_of(id)))
            return &found->results[i];
    return NULL;
}

/* Hold what QUERY matches in article ID to WANT, "word=level word=level ...". */
static void expect(lab *l, const char *query, const char *id, const char *want)
{
    fh_buffer got = {0};
    fh_request request = {.query = fh_str_of(query), .count = 50, .snippets = true};
    const fh_result *r = find(ask(l, &request), id);
    fh_buffer_add_str(&got, r ? FH_STR("") : FH_STR("not found"));
    for (size_t i = 0; r && i < r->matched_count; i++) {
        fh_buffer_add_str(&got, i > 0 ? FH_STR("; ") : FH_STR(""));
        fh_buffer_add_str(&got, r->matched[i].word);
        fh_buffer_add_byte(&got, '=');
        fh_buffer_add_str(&got, fh_str_of(fh_level_name(r->matched[i].level)));
    }
    if (strcmp(fh_buffer_str(&got).ptr, want) != 0)
        print_error("query: %s\n", query);
    assert_string_equal(fh_buffer_str(&got).ptr, want);
    fh_buffer_free(&got);
}

static void words_have_their_truest_level(void **state)
{
    lab *l = *state;
    expect(l, "وزارة", "1", "وزارة=typed");
    expect(l, "وزاره", "1", "وزاره=folded");
    expect(l, "وِزارة", "1", "وِزارة=folded");
    expect(l, "وزارة", "2", "وزارة=stem");
    expect(l, "وزارة", "3", "وزارة=stem");
    expect(l, "السفيرُ", "2", "السفيرُ=typed");
    expect(l, "السفير", "2", "السفير=folded");
    expect(l, "الخارجية", "2", "الخارجية=folded");
    expect(l, "google", "4", "google=folded");
    expect(l, "Google", "4", "Google=typed");
    expect(l, "وزارة النفط", "1", "وزارة=typed; النفط=missing");
    expect(l, "=وزارة =النفط", "3", "وزارة=missing; النفط=typed");
}

/* Words come in the order of the query, once each, without those that say nothing. */
static void words_keep_their_order(void **state)
{
    lab *l = *state;
    expect(l, "النفط في +وزارة", "3", "النفط=typed; وزارة=stem");
    expect(l, "الوزارة وزارة", "2", "الوزارة=typed; وزارة=stem");
    expect(l, "الوزارة وزارة", "1", "الوزارة=stem; وزارة=typed");
    expect(l, "وزارة وزارة", "1", "وزارة=typed");
    expect(l, "وزارة =وزارة", "2", "وزارة=stem");
    expect(l, "=وزارة وزارة", "2", "وزارة=stem");
    expect(l, "وزارة -النفط", "1", "وزارة=typed");
    expect(l, "في", "1", "في=typed");
}

static void fields_and_stars_count(void **state)
{
    lab *l = *state;
    expect(l, "title:الخارجيه موسكو", "1", "الخارجيه=folded; موسكو=typed");
    expect(l, "title:موسكو وزارة", "1", "موسكو=missing; وزارة=typed");
    expect(l, "title:وزارة موسكو", "1", "وزارة=typed; موسكو=typed");
    expect(l, "وزار*", "1", "وزار=folded");
    expect(l, "وزار* السفير", "2", "وزار=missing; السفير=folded");
    expect(l, "قنفذ* السفير", "2", "قنفذ=missing; السفير=folded");
}

static void phrases_are_one_word(void **state)
{
    lab *l = *state;
    expect(l, "\"وزارة الخارجية\"", "1", "وزارة الخارجية=typed");
    expect(l, "\"وزاره الخارجية\"", "1", "وزاره الخارجية=folded");
    expect(l, "\"وزير الخارجية\"", "2", "وزير الخارجية=folded");
    expect(l, "\"المحادثات الروسية\"~4", "1", "المحادثات الروسية=typed");
    expect(l, "\"المحادثات الروسيه\"~4", "1", "المحادثات الروسيه=folded");
    expect(l, "\"وزارة الخارجية\" OR النفط", "3", "وزارة الخارجية=missing; النفط=typed");
    expect(l, "\"مستمرة موسكو\"~2 OR وزارة", "1", "مستمرة موسكو=missing; وزارة=typed");
    expect(l, "\"الوزارة\" السفير", "2", "الوزارة=typed; السفير=folded");
    expect(l, "\"السفير الخارجية\"", "2", "السفير=folded; الخارجية=folded");
}

/* Of words that stand near, those typed must stand so near themselves. */
static void near_words_are_typed_together(void **state)
{
    lab *l = *state;
    static const page far[] = {
        {"5", NULL,
         "هدية كبيرة واحد اثنان ثلاثة اربعة خمسة هديه كبيره واحد اثنان ثلاثة هديه كبيرة", NULL,
         NULL},
        {"6", NULL, "هدية واحد اثنان ثلاثة اربعة كبيره هديه واحد اثنان ثلاثة اربعة خمسة كبيرة",
         NULL, NULL},
    };
    publish(l, far, 2);
    expect(l, "\"كبيرة هدية\"~2", "5", "كبيرة هدية=typed");
    expect(l, "\"كبيرة هدية\"~2", "6", "كبيرة هدية=folded");
}

/* A word that no article has is searched by near ones, and so it matches. */
static void mistyped_words_are_near(void **state)
{
    lab *l = *state;
    expect(l, "المحادثثات موسكو", "1", "المحادثثات=near; موسكو=typed");
    expect(l, "وزارةالخارجية", "1", "وزارةالخارجية=near");
}

/* What stands behind the part of a body that is read is known from the index. */
static void long_bodies_are_known_to_their_end(void **state)
{
    lab *l = *state;
    fh_buffer body = {0};
    fh_buffer_add_str(&body, FH_STR("سفير "));
    for (int i = 0; i < 60000; i++)
        fh_buffer_printf(&body, "w%d ", i % 1000);
    fh_buffer_add_str(&body, FH_STR("الوزارة النفطية هدية \"كبيرة جدا\" تعلن"));
    const page one = {"7", NULL, body.data, NULL, NULL};
    publish(l, &one, 1);
    expect(l, "سفير الوزارة وزارة تعلن قنفذة", "7",
           "سفير=typed; الوزارة=folded; وزارة=stem; تعلن=folded; قنفذة=missing");
    expect(l, "+سفير +\"هدية كبيرة\" نفطي*", "7",
           "سفير=typed; هدية كبيرة=folded; نفطي=missing");
    expect(l, "سفير النفطي*", "7", "سفير=typed; النفطي=folded");
    expect(l, "الوزارة", "7", "الوزارة=typed");
    fh_buffer_free(&body);
}

/* Without snippets nobody has read the articles; with many results bodies come one by one. */
static void levels_come_with_snippets(void **state)
{
    lab *l = *state;
    fh_request request = {.query = FH_STR("وزارة"), .count = 10};
    assert_null(ask(l, &request)->results[0].matched);
    request.snippets = true;
    request.count = 1000;
    const fh_result *r = find(ask(l, &request), "2");
    assert_int_equal(r->matched_count, 1);
    assert_int_equal(r->matched[0].level, FH_LEVEL_STEM);
    request.query = FH_STR("date:2020.. OR -زقزق");
    const fh_results *found = ask(l, &request);
    assert_int_equal(found->results[0].matched_count, 0);
}

/* All lines of evidence, those of words that stand close too, add up to the score. */
static void evidence_adds_up(void **state)
{
    lab *l = *state;
    static const char *const queries[] = {"وزارة الخارجية الروسية", "+الوزارة السفير الزيارة",
                                          "\"وزارة الخارجية\" وزار* المحادثثات",
                                          "النفط النفط أسعار", "title:وزارة الخارجية"};
    bool close = false;
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        fh_request request = {.query = fh_str_of(queries[i]), .count = 10, .explain = true};
        ask(l, &request);
        assert_true(l->found->count > 0);
        for (size_t k = 0; k < l->found->count; k++) {
            const fh_result *r = &l->found->results[k];
            double sum = 0;
            for (size_t e = 0; e < r->evidence_count; e++) {
                sum += r->evidence[e].score;
                close = close || strcmp(r->evidence[e].form, "close") == 0;
            }
            assert_true(sum > r->score - 1e-6 && sum < r->score + 1e-6);
        }
    }
    assert_true(close);
}

#define FILLED(test) cmocka_unit_test_setup_teardown(test, fill_lab, close_lab)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILLED(words_have_their_truest_level),
        FILLED(words_keep_their_order),
        FILLED(fields_and_stars_count),
        FILLED(phrases_are_one_word),
        FILLED(near_words_are_typed_together),
        FILLED(mistyped_words_are_near),
        FILLED(long_bodies_are_known_to_their_end),
        FILLED(levels_come_with_snippets),
        FILLED(evidence_adds_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
