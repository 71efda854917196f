/* Looser searches than one that found nothing: how they are written, and what they find. */
#include "tests/unit/search_lab.h"

#include "searcher/loosen.h"

/* ---- Writing ---- */

typedef struct row {
    fh_step step;
    const char *query;
    const char *want; /* NULL: as it was written before */
} row;

static void write(fh_analyser *a, const char *text, fh_step step, fh_buffer *out)
{
    fh_arena arena = {0};
    fh_query query;
    must(fh_query_parse(fh_str_of(text), false, &arena, &query, err));
    if (query.problem)
        print_error("query: %s\n", text);
    assert_int_equal(query.problem, FH_NOTE_NONE);
    fh_loosen(&query, step, a, out);
    fh_arena_free(&arena);
}

static void hold(const row *rows, size_t count)
{
    fh_analyser *a;
    fh_buffer got = {0};
    must(fh_analyser_new(NULL, &a, err));
    for (size_t i = 0; i < count; i++) {
        write(a, rows[i].query, rows[i].step, &got);
        const char *want = rows[i].want ? rows[i].want : rows[i].query;
        if (strcmp(fh_buffer_str(&got).ptr, want) != 0)
            print_error("%s of: %s\n", fh_step_name(rows[i].step), rows[i].query);
        assert_string_equal(fh_buffer_str(&got).ptr, want);
    }
    fh_buffer_free(&got);
    fh_analyser_free(a);
}

#define HOLD(rows) hold(rows, sizeof(rows) / sizeof *(rows))

/* What has nothing to loosen is written as it was. */
static void a_query_is_written_as_it_was(void **state)
{
    (void)state;
    static const row rows[] = {
        {FH_STEP_BETTER, "أ ب", NULL},
        {FH_STEP_BETTER, "+أ -ب =ج title:د ه*", NULL},
        {FH_STEP_BETTER, "+=title:أ", "+title:=أ"},
        {FH_STEP_BETTER, "\"أ ب\" -\"ج د\"~9", NULL},
        {FH_STEP_BETTER, "أ AND (ب OR ج) AND NOT د", NULL},
        {FH_STEP_BETTER, "أ OR NOT ب", NULL},
        {FH_STEP_BETTER, "NOT أ", NULL},
        {FH_STEP_BETTER, "+(أ +ب) -(ج OR د)", NULL},
        {FH_STEP_BETTER, "title:(أ +ب)", NULL},
        {FH_STEP_BETTER, "source:\"أ ب\" date:2025-01..2025-02 ج", NULL},
        {FH_STEP_BETTER, "source:أ", "source:\"أ\""},
        {FH_STEP_BETTER, "source:«أ \"ب\"» ج", NULL},
        {FH_STEP_BETTER, "", ""},
        {FH_STEP_BETTER, "()", ""},
    };
    HOLD(rows);
}

static void phrases_come_apart(void **state)
{
    (void)state;
    static const row rows[] = {
        {FH_STEP_NEAR, "+\"بحر كبير\"", "+\"بحر كبير\"~10"},
        {FH_STEP_NEAR, "\"أ ب ج د ه ز\"", "\"أ ب ج د ه ز\"~12"},
        {FH_STEP_NEAR, "\"بحر كبير\"~3 \"واحد\" -\"سفن عدة\"", NULL},
        {FH_STEP_FOLDED, "+\"بحر في مصر\" سفن", "+=بحر +=مصر سفن"},
        {FH_STEP_FOLDED, "\"في من\"", "+=في +=من"},
        {FH_STEP_FOLDED, "\"بحر كبير\"~3 -\"سفن عدة\"", "+=بحر +=كبير -\"سفن عدة\""},
        {FH_STEP_FOLDED, "title:\"بحر كبير\"", "+title:=بحر +title:=كبير"},
        {FH_STEP_FOLDED, "\"بحر كبير\" OR سفن", "(+=بحر +=كبير) OR سفن"},
        {FH_STEP_FOLDED, "\"واحد\" =سفن", NULL},
        {FH_STEP_STEM, "+\"بحر كبير\"", "+بحر +كبير"},
        {FH_STEP_STEM, "=\"بحر كبير\" =سفن -=عدة", "+بحر +كبير سفن -=عدة"},
        {FH_STEP_STEM, "=OR \"بحر كبير\"", "=OR +بحر +كبير"},
        {FH_STEP_STEM, "سفن AND \"بحر كبير\"", "سفن AND (+بحر +كبير)"},
    };
    HOLD(rows);
}

static void conditions_fall(void **state)
{
    (void)state;
    static const row rows[] = {
        {FH_STEP_DATES, "بحر date:2025 -سفن", "بحر -سفن"},
        {FH_STEP_DATES, "date:2025", ""},
        {FH_STEP_DATES, "(بحر date:2025) OR (date:2024)", "(بحر)"},
        {FH_STEP_SOURCES, "بحر source:سفن date:2025", "بحر date:2025"},
        {FH_STEP_EXCLUDED, "بحر -سفن -(أ ب)", "بحر"},
        {FH_STEP_EXCLUDED, "بحر AND NOT سفن", "بحر"},
        {FH_STEP_ANYWHERE, "title:بحر -title:سفن", "بحر -title:سفن"},
        {FH_STEP_ANYWHERE, "title:AND بحر", "=AND بحر"},
        {FH_STEP_ANYWHERE, "title:(بحر +\"أ ب\")", "(بحر +\"أ ب\")"},
        {FH_STEP_ANY, "+بحر +\"كبير في مصر\" =سفن", "بحر كبير مصر سفن"},
        {FH_STEP_ANY, "بحر AND (سفن OR title:عدة)", "بحر سفن title:عدة"},
        {FH_STEP_ANY, "+بحر -سفن date:2025 source:أ", "بحر -سفن date:2025 source:\"أ\""},
        {FH_STEP_ANY, "بحر AND NOT سفن AND NOT (أ ب)", "بحر -سفن -(أ ب)"},
        {FH_STEP_ANY, "+AND +بحر*", "=AND بحر*"},
        {FH_STEP_EVERYTHING, "title:بحر AND =سفن -أ date:2025 source:ب", "بحر سفن"},
        {FH_STEP_EVERYTHING, "-بحر", ""},
    };
    HOLD(rows);
}

/* ---- Finding ---- */

static const page pages[] = {
    {"1", "رخص البناء", "تصدر الوزارة رخص البناء في المدن الكبرى", "الأهرام", "2025-06-01"},
    {"2", "المدن القديمة", "ترميم البيوت في المدن، وبعد البناء رخص جديدة", "الضفاف",
     "2026-01-05"},
    {"3", "القطار الجديد", "يصل القطار الجديد إلى المدينة الكبرى", "الضفاف", "2026-02-09"},
};

static int fill_lab(void **state)
{
    int failed = open_lab(state);
    if (!failed)
        publish(*state, pages, sizeof pages / sizeof *pages);
    return failed;
}

static const fh_looser *find(const fh_results *found, fh_step step)
{
    for (size_t i = 0; i < found->looser_count; i++)
        if (found->looser[i].step == step)
            return &found->looser[i];
    return NULL;
}

/* Ask for each looser search of the answer to REQUEST, and hold what is found to what was promised. */
static void keep_word(lab *l, const fh_request *request)
{
    ask(l, request);
    assert_int_equal(l->found->total, 0);
    for (size_t i = 0; i < l->found->looser_count; i++) {
        const fh_looser *one = &l->found->looser[i];
        fh_request again = *request;
        fh_results *found;
        again.query = one->query;
        again.all = request->all && !one->without_all;
        if (one->without_date)
            again.from = again.to = (fh_str){0};
        if (one->without_source)
            again.source_count = 0;
        again.count_to = FH_LOOSER_MAX;
        must(fh_searcher_search(l->searcher, &again, &found, err));
        if (found->total != one->articles || found->total_exact != one->exact)
            print_error("%s: %.*s\n", fh_step_name(one->step), (int)one->query.len,
                        one->query.ptr);
        assert_true(found->total == one->articles && found->total_exact == one->exact);
        fh_results_free(found);
    }
}

/* Which steps the answer to REQUEST has, with their numbers of articles. */
static void expect(lab *l, const fh_request *request, const char *want)
{
    fh_buffer got = {0};
    keep_word(l, request);
    fh_buffer_add_str(&got, FH_STR(""));
    for (size_t i = 0; i < l->found->looser_count; i++)
        fh_buffer_printf(&got, "%s%s=%d", i > 0 ? " " : "",
                         fh_step_name(l->found->looser[i].step),
                         (int)l->found->looser[i].articles);
    if (strcmp(fh_buffer_str(&got).ptr, want) != 0)
        print_error("query: %.*s\n", (int)request->query.len, request->query.ptr);
    assert_string_equal(fh_buffer_str(&got).ptr, want);
    fh_buffer_free(&got);
}

static void each_step_counts_what_it_finds(void **state)
{
    lab *l = *state;
    static const row rows[] = {
        {0, "+\"رخص المدن\"", "near=2 folded=2 stem=2 any=2"},
        {0, "+=الرخص +=القطار", "stem=0 any=3"},
        {0, "+القطار +البناء", "any=3"},
        {0, "title:الوزارة", "anywhere=1"},
        {0, "القطار date:2025", "dates=1"},
        {0, "القطار source:الأهرام", "sources=1"},
        {0, "القطار -المدينة", "excluded=1"},
        {0, "+title:القطار +title:رخص date:2025", "dates=0 anywhere=0 any=1 everything=3"},
        {0, "(القطار", ""},
        {0, "-رخص -القطار -المدن", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fh_request request = {.query = fh_str_of(rows[i].query), .count = 10};
        if (ask(l, &request)->total == 0)
            expect(l, &request, rows[i].want);
        else
            assert_int_equal(l->found->looser_count, 0);
    }
}

/* Conditions that stand beside the query are left out one by one, and it is said which. */
static void the_request_is_loosened_too(void **state)
{
    lab *l = *state;
    fh_str source = FH_STR("الأهرام");
    fh_request request = {.query = FH_STR("القطار"),
                          .count = 10,
                          .from = FH_STR("2025"),
                          .sources = &source,
                          .source_count = 1};
    expect(l, &request, "dates=0 sources=1 everything=1");
    const fh_looser *one = find(l->found, FH_STEP_SOURCES);
    assert_true(one->without_source && !one->without_date && !one->without_all);
    assert_true(fh_str_equal(one->query, FH_STR("القطار")));
    one = find(l->found, FH_STEP_EVERYTHING);
    assert_true(one->without_source && one->without_date);
    request = (fh_request){.query = FH_STR("القطار"), .count = 10, .from = FH_STR("2027")};
    expect(l, &request, "dates=1");
    assert_true(find(l->found, FH_STEP_DATES)->without_date);
    request = (fh_request){
        .query = FH_STR("+القطار البناء"), .count = 10, .all = true, .plain = true};
    expect(l, &request, "any=3");
    assert_true(find(l->found, FH_STEP_ANY)->without_all);
    assert_true(fh_str_equal(find(l->found, FH_STEP_ANY)->query, request.query));
    request.query = FH_STR("البيوت القطار");
    expect(l, &request, "any=2");
}

/* A search that finds something, or asks for nothing, has no looser ones. */
static void only_nothing_is_loosened(void **state)
{
    lab *l = *state;
    fh_request request = {.query = FH_STR("+القطار"), .count = 10};
    assert_int_equal(ask(l, &request)->looser_count, 0);
    assert_int_equal(l->found->total, 1);
    request.query = FH_STR("؟ !");
    assert_int_equal(ask(l, &request)->looser_count, 0);
    request.query = FH_STR("\"المدن رخص\" \"القطار البناء\"");
    assert_int_equal(ask(l, &request)->looser_count, 0);
    assert_int_equal(l->found->total, 3);
    assert_int_equal(l->found->told[0].kind, FH_NOTE_PHRASES_APART);
}

/* A word that no title has may stand in articles: nobody says that it does not. */
static void a_title_says_nothing_of_articles(void **state)
{
    lab *l = *state;
    fh_request request = {.query = FH_STR("title:الوزارة"), .count = 10};
    expect(l, &request, "anywhere=1");
    assert_int_equal(l->found->note_count, 0);
    request.query = FH_STR("title:الوزارة +جمال");
    ask(l, &request);
    assert_int_equal(l->found->note_count, 1);
    assert_int_equal(l->found->told[0].kind, FH_NOTE_WORDS_UNKNOWN);
}

/* A total beyond the limit is told as a lower bound. */
static void counting_is_bounded(void **state)
{
    lab *l = *state;
    page many[FH_LOOSER_MAX + 50];
    static char names[FH_LOOSER_MAX + 50][8];
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        snprintf(names[i], sizeof names[i], "n%zu", i);
        many[i] = (page){names[i], NULL, "جمل", NULL, NULL};
    }
    publish(l, many, sizeof many / sizeof *many);
    fh_request request = {.query = FH_STR("+جمل +رخص"), .count = 10};
    keep_word(l, &request);
    const fh_looser *one = find(l->found, FH_STEP_ANY);
    assert_true(one->articles >= FH_LOOSER_MAX);
    assert_true(one->exact == (one->articles == FH_LOOSER_MAX + 52));
}

/* ---- At random ---- */

/* Pieces that mean something; the last ones are words or operators by what stands around them. */
static const char *const pieces[] = {"رخص",
                                     "+البناء",
                                     "=القطار",
                                     "-المدن",
                                     "title:المدن",
                                     "\"رخص البناء\"",
                                     "+\"المدن رخص\"",
                                     "-(رخص +المدن)",
                                     "AND",
                                     "OR",
                                     "NOT",
                                     "(",
                                     ")",
                                     "وزار*",
                                     "date:2026",
                                     "source:الأهرام",
                                     "\"الكبرى المدن\"~2",
                                     "title:(",
                                     "=(",
                                     "AND NOT",
                                     "«الجديد القطار»",
                                     "+AND",
                                     "=(+",
                                     "-title:=رخص",
                                     "\"\"",
                                     "source:«أ \"ب\"»",
                                     "أو",
                                     "ليس"};

enum { PIECES = sizeof pieces / sizeof *pieces, PLAIN_PIECES = PIECES - 2 };

/* A query of some of the first COUNT pieces, by SEED, which moves on. */
static void make_query(unsigned *seed, unsigned count, fh_buffer *text)
{
    fh_buffer_clear(text);
    for (unsigned k = 0, n = 2 + *seed % 6; k < n; k++) {
        *seed = *seed * 1103515245u + 12345u;
        fh_buffer_printf(text, "%s ", pieces[(*seed >> 16) % count]);
    }
}

/* What is written can be read again, and once groups of nothing and of one are gone it is the same. */
static void what_is_written_is_read_again(void **state)
{
    (void)state;
    fh_analyser *a;
    fh_buffer text = {0}, once = {0}, twice = {0};
    unsigned seed = 3;
    int understood = 0;
    must(fh_analyser_new(NULL, &a, err));
    for (int i = 0; i < 5000; i++) {
        fh_arena arena = {0};
        fh_query query, again;
        make_query(&seed, PLAIN_PIECES, &text);
        must(fh_query_parse(fh_buffer_str(&text), false, &arena, &query, err));
        understood += query.problem == FH_NOTE_NONE;
        for (int step = 0; step <= FH_STEP_EVERYTHING && !query.problem; step++) {
            fh_loosen(&query, (fh_step)step, a, &once);
            must(fh_query_parse(fh_buffer_str(&once), false, &arena, &again, err));
            assert_int_equal(again.problem, FH_NOTE_NONE);
            fh_loosen(&again, FH_STEP_BETTER, a, &once);
            must(fh_query_parse(fh_buffer_str(&once), false, &arena, &again, err));
            fh_loosen(&again, FH_STEP_BETTER, a, &twice);
            assert_string_equal(fh_buffer_str(&once).ptr, fh_buffer_str(&twice).ptr);
        }
        fh_arena_free(&arena);
    }
    assert_true(understood > 500);
    fh_buffer_free(&text);
    fh_buffer_free(&once);
    fh_buffer_free(&twice);
    fh_analyser_free(a);
}

/* Whatever is asked, what is promised is kept. */
static void random_queries_keep_their_word(void **state)
{
    lab *l = *state;
    fh_buffer text = {0};
    unsigned seed = 7;
    int empty = 0;
    for (int i = 0; i < 3000; i++) {
        make_query(&seed, PIECES, &text);
        fh_request request = {
            .query = fh_buffer_str(&text), .all = i % 5 == 0, .from = FH_STR("2025")};
        if (ask(l, &request)->total == 0) {
            keep_word(l, &request);
            empty++;
        }
    }
    assert_true(empty > 100);
    fh_buffer_free(&text);
}

#define FILLED(test) cmocka_unit_test_setup_teardown(test, fill_lab, close_lab)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_written_as_it_was),
        cmocka_unit_test(phrases_come_apart),
        cmocka_unit_test(conditions_fall),
        cmocka_unit_test(what_is_written_is_read_again),
        FILLED(each_step_counts_what_it_finds),
        FILLED(the_request_is_loosened_too),
        FILLED(only_nothing_is_loosened),
        FILLED(a_title_says_nothing_of_articles),
        FILLED(counting_is_bounded),
        FILLED(random_queries_keep_their_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
