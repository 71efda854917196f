/* Words near one that was mistyped, what is searched for it, and «did you mean». */
#include "tests/unit/search_lab.h"

#include "searcher/near.h"
#include "searcher/slips.h"

static const page pages[] = {
    {"1", "وزارة الصحة", "أعلنت وزارة الصحة في الرياض عن خطة", NULL, NULL},
    {"2", "مطار الرياض", "وصلت الطائرة إلى مطار الرياض", NULL, NULL},
    {"3", "وزارة الخارجية", "التقى الوزير في وزارة الخارجية وفدا من الرياض", NULL, NULL},
    {"4", "رياح", "هبت رياح قوية على الرصيف", NULL, NULL},
    {"5", "2025", "سنة 2025 في الميناء london", NULL, NULL},
    {"6", "زيلينسكي", "وصل زيلينسكي إلى المؤتمر", NULL, NULL},
    {"7", "ضابط", "قفط بلدة لا ظلم فيها", NULL, NULL},
};

/* Words that some articles have. */
#define SOME 8

static void publish_some(lab *l)
{
    static char ids[SOME][8];
    page some[SOME];
    for (size_t i = 0; i < SOME; i++) {
        snprintf(ids[i], sizeof ids[i], "s%zu", i);
        some[i] = (page){ids[i], "رابط", "ولم يكن", NULL, NULL};
    }
    publish(l, some, SOME);
}

/* Words that many articles have, so that others are rare beside them. */
static void publish_many(lab *l)
{
    static const page many = {NULL, "المدرسة", "عاد الطلاب إلى المدرسة فقط", NULL, NULL};
    static char ids[300][8];
    page all[301];
    for (size_t i = 0; i < 300; i++) {
        snprintf(ids[i], sizeof ids[i], "m%zu", i);
        all[i] = many;
        all[i].id = ids[i];
    }
    all[300] = (page){"typo", "خبر", "عاد إلى المدرزة صباحا", NULL, NULL};
    publish(l, all, 301);
}

static int fill_lab(void **state)
{
    if (open_lab(state) != 0)
        return -1;
    publish(*state, pages, sizeof pages / sizeof *pages);
    publish_some(*state);
    publish_many(*state);
    return 0;
}

/* ---- Slips ---- */

static bool has_slip(const fh_slips *slips, const char *text)
{
    for (size_t i = 0; i < slips->count; i++)
        if (fh_str_equal(slips->items[i], fh_str_of(text)))
            return true;
    return false;
}

static void one_slip_is_any_letter_more_less_other_or_swapped(void **state)
{
    (void)state;
    static const char *const near[] = {"كتابة", "تاب",   "كاب",  "كناب",
                                       "كتبا",  "اكتاب", "ءتاب", "كتابئ"};
    fh_arena arena = {0};
    fh_slips slips;
    must(fh_slips_one(FH_STR("كتاب"), &arena, &slips, err));
    for (size_t i = 1; i < sizeof near / sizeof *near; i++)
        assert_true(has_slip(&slips, near[i]));
    assert_false(has_slip(&slips, "كتاب"));
    assert_false(has_slip(&slips, near[0])); /* no folded word has this letter */
    fh_arena_free(&arena);
}

static void nothing_is_near_numbers_short_and_mixed_words(void **state)
{
    (void)state;
    static const char *const words[] = {
        "2025", "من", "كتابx", "عام2", "на́д", "اااااااااااااااااااااااااااااا", ""};
    fh_arena arena = {0};
    fh_slips slips;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        must(fh_slips_one(fh_str_of(words[i]), &arena, &slips, err));
        assert_int_equal(slips.count, 0);
        must(fh_slips_likely(fh_str_of(words[i]), 2, &arena, &slips, err));
        assert_int_equal(slips.count, 0);
        assert_int_equal(fh_slips_cost(fh_str_of(words[i]), fh_str_of(words[i])),
                         FH_SLIP_TOO_MUCH);
    }
    fh_arena_free(&arena);
}

static void likely_slips_are_bounded(void **state)
{
    (void)state;
    fh_arena arena = {0};
    fh_slips slips;
    must(fh_slips_likely(FH_STR("حححثثثتتتقققسسسص"), 2, &arena, &slips, err));
    assert_int_equal(slips.count, FH_SLIPS_LIKELY_MAX);
    must(fh_slips_likely(FH_STR("ذهابظ"), 2, &arena, &slips, err));
    assert_true(has_slip(&slips, "زهابض"));
    fh_arena_free(&arena);
}

static unsigned cost(const char *a, const char *b)
{
    assert_int_equal(fh_slips_cost(fh_str_of(a), fh_str_of(b)),
                     fh_slips_cost(fh_str_of(b), fh_str_of(a)));
    return fh_slips_cost(fh_str_of(a), fh_str_of(b));
}

static void what_typists_do_is_cheap(void **state)
{
    (void)state;
    assert_int_equal(cost("كتاب", "كتاب"), 0);
    assert_int_equal(cost("الرياض", "الرياظ"), FH_SLIP_LIKELY);
    assert_int_equal(cost("محمد", "محمدد"), FH_SLIP_LIKELY);
    assert_int_equal(cost("وزاره", "وزراه"), FH_SLIP_LIKELY);
    assert_int_equal(cost("زيلينسكي", "زيلنسكي"), FH_SLIP_ANY - 1);
    assert_int_equal(cost("كتاب", "كتاغ"), FH_SLIP_ANY);
    assert_int_equal(cost("كتاب", "كتالب"), FH_SLIP_ANY);
    /* Keys side by side, in one row and in two. */
    assert_int_equal(cost("قلم", "قام"), FH_SLIP_ANY - 1);
    assert_int_equal(cost("قلم", "قفم"), FH_SLIP_ANY - 1);
    /* The first letter is seldom wrong. */
    assert_int_equal(cost("كتاب", "متاب"), FH_SLIP_ANY);
    assert_int_equal(cost("كتاب", "رتاب"), FH_SLIP_ANY + 1);
    assert_int_equal(cost("رياض", "زياظ"), 2 * FH_SLIP_LIKELY);
}

/* ---- Near words ---- */

typedef struct asked {
    fh_arena arena;
    fh_index *index;
    fh_finder finder;
    fh_nears found;
} asked;

static asked find(lab *l, const char *word, size_t lookups)
{
    asked a = {0};
    fh_term term;
    fh_str forms[FH_FORMS];
    must(fh_index_open(l->path, &a.index, err));
    fh_analyser_start(l->analyser, fh_str_of(word), FH_FIELD_ANY, 1);
    while (fh_analyser_next(l->analyser, &term))
        forms[term.form] = fh_arena_copy(&a.arena, term.text);
    a.finder = (fh_finder){
        .index = a.index, .analyser = l->analyser, .arena = &a.arena, .lookups = lookups};
    must(fh_near_find(&a.finder, forms[FH_FORM_FOLDED], forms[FH_FORM_STEM], 0, &a.found, err));
    return a;
}

static void end(asked *a)
{
    fh_index_close(a->index);
    fh_arena_free(&a->arena);
}

/* Is FIRST the likeliest word near WORD? */
static void expect_near(lab *l, const char *word, const char *first)
{
    asked a = find(l, word, FH_NEAR_LOOKUPS);
    assert_true(a.found.count > 0);
    assert_false(a.found.parts);
    assert_true(fh_str_equal(a.found.items[0].folded, fh_str_of(first)));
    end(&a);
}

static void the_likeliest_comes_first(void **state)
{
    expect_near(*state, "الرياظ", "الرياض");
    expect_near(*state, "الريض", "الرياض");
    expect_near(*state, "وزاررة", "وزاره");
    expect_near(*state, "زيلنسكي", "زيلينسكي");
    expect_near(*state, "lodon", "london");
    /* Two likely slips, where none is one away. */
    expect_near(*state, "مظار", "مطار");
    expect_near(*state, "مظاز", "مطار");
}

static void known_words_and_numbers_have_nothing_near(void **state)
{
    static const char *const words[] = {"الرياض", "2024", "قططقزغ", "xyzzy"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        asked a = find(*state, words[i], FH_NEAR_LOOKUPS);
        assert_int_equal(a.found.count, 0);
        end(&a);
    }
}

static void words_run_together_are_parted(void **state)
{
    asked a = find(*state, "وزارةالخارجية", FH_NEAR_LOOKUPS);
    assert_true(a.found.parts);
    assert_int_equal(a.found.count, 2);
    assert_true(fh_str_equal(a.found.items[0].folded, FH_STR("وزاره")));
    assert_true(fh_str_equal(a.found.items[1].folded, FH_STR("الخارجيه")));
    end(&a);
}

static void lookups_are_spent(void **state)
{
    asked a = find(*state, "الرياظ", 100);
    assert_int_equal(a.found.count, 0);
    assert_int_equal(a.finder.lookups, 0);
    end(&a);
    a = find(*state, "الرياظ", FH_NEAR_LOOKUPS);
    size_t left = a.finder.lookups;
    assert_true(left < FH_NEAR_LOOKUPS);
    /* The same word costs nothing again. */
    must(fh_near_find(&a.finder, FH_STR("الرياظ"), FH_STR("رياظ"), 0, &a.found, err));
    assert_int_equal(a.finder.lookups, left);
    assert_true(a.found.count > 0);
    end(&a);
}

/* What was found when the word might be rare is not what is near it when it must be unknown. */
static void memory_knows_how_rare_a_word_may_be(void **state)
{
    const fh_str folded = FH_STR("المدرزه"), stem = FH_STR("مدرز");
    asked a = find(*state, "المدرزة", FH_NEAR_LOOKUPS);
    a.finder.arena = &a.arena; /* not that of the asked which find() gave back */
    assert_int_equal(a.found.count, 0);
    must(fh_near_find(&a.finder, folded, stem, 1, &a.found, err));
    assert_true(a.found.count > 0);
    must(fh_near_find(&a.finder, folded, stem, 0, &a.found, err));
    assert_int_equal(a.found.count, 0);
    assert_int_equal(a.found.spelled, 1);
    end(&a);
}

/* ---- Searching ---- */

static uint64_t total(lab *l, const char *query)
{
    fh_request request = {.query = fh_str_of(query), .count = 10, .snippets = true};
    return ask(l, &request)->total;
}

static void mistyped_words_are_searched_by_what_is_near(void **state)
{
    lab *l = *state;
    assert_int_equal(total(l, "مطار الرياظ"), 3);
    assert_string_equal(l->found->results[0].article.id.ptr, "2");
    assert_int_equal(total(l, "+الرياظ"), 3);
    assert_int_equal(total(l, "الرياظ AND الصحة"), 1);
    assert_int_equal(total(l, "وزارةالخارجية"), 2);
    assert_string_equal(l->found->results[0].article.id.ptr, "3");
    fh_request plain = {.query = FH_STR("الرياظ"), .plain = true, .all = true};
    assert_int_equal(ask(l, &plain)->total, 3);
}

static void what_must_be_so_is_not_guessed(void **state)
{
    lab *l = *state;
    assert_int_equal(total(l, "=الرياظ"), 0);
    assert_int_equal(total(l, "title:الرياظ"), 0);
    assert_int_equal(total(l, "الرياظ*"), 0);
    assert_int_equal(total(l, "رياح -الرصيق"), 1);
    assert_int_equal(total(l, "2024"), 0);
    assert_int_equal(total(l, "20252025"), 0);
}

static void near_words_are_lit(void **state)
{
    lab *l = *state;
    total(l, "الرياظ");
    const fh_result *first = &l->found->results[0];
    assert_true(first->window_count > 0);
    assert_true(first->windows[0].match_count > 0);
}

/* ---- Did you mean ---- */

static void expect_better(lab *l, const char *query, const char *better)
{
    total(l, query);
    if (!fh_str_equal(l->found->better, fh_str_of(better)))
        print_error("%s: %.*s\n", query, (int)l->found->better.len, l->found->better.ptr);
    assert_true(fh_str_equal(l->found->better, fh_str_of(better)));
}

static void the_query_is_offered_as_it_was_meant(void **state)
{
    lab *l = *state;
    expect_better(l, "مطار الرياض", "");
    expect_better(l, "  مطار   الرياظ ", "  مطار   الرياض ");
    expect_better(l, "وزاررة", "وزارة");
    expect_better(l, "«وزاررة الصحة»", "«وزارة الصحة»");
    expect_better(l, "وزارةالخارجية source:x", "وزارة الخارجية source:x");
    expect_better(l, "(الرياظ OR رياح) AND مطار", "(الرياض OR رياح) AND مطار");
    expect_better(l, "title:الرياظ", "title:الرياض");
}

static void what_is_meant_as_typed_stays(void **state)
{
    lab *l = *state;
    expect_better(l, "=الرياظ", "");
    expect_better(l, "رياح -الرصيق", "");
    expect_better(l, "الرياظ*", "");
    expect_better(l, "2024", "");
    expect_better(l, "", "");
    expect_better(l, "londom:2025-13 الرياظ", "londom:2025-13 الرياض");
}

static void a_slip_of_an_article_is_offered_as_the_word(void **state)
{
    lab *l = *state;
    expect_better(l, "المدرزة", "المدرسة");
    assert_int_equal(l->found->total, 1);
}

/* A word that is written so more often needs more than that against a slip that is made all the time. */
static void the_likely_slip_is_offered(void **state)
{
    expect_better(*state, "ظابط", "ضابط");
}

static void a_short_word_is_not_taken_for_a_stop_word(void **state)
{
    lab *l = *state;
    expect_better(l, "ضلم", "ظلم");
    assert_int_equal(l->found->total, 1);
    expect_better(l, "فقطط", "فقط");
}

static void a_rare_word_is_not_offered_as_a_stop_word(void **state)
{
    lab *l = *state;
    expect_better(l, "قفط", "");
    assert_int_equal(l->found->total, 1);
}

/* ---- Hostile queries ---- */

static void long_queries_of_unknown_words_end(void **state)
{
    lab *l = *state;
    fh_buffer query = {0};
    for (unsigned i = 0; i < 64; i++)
        fh_buffer_printf(&query, "غغ%s%s%sغغ ", i & 1 ? "ظ" : "ض", i & 2 ? "ذ" : "ث",
                         i & 4    ? "خخ"
                         : i & 8  ? "ؤؤ"
                         : i & 16 ? "شش"
                                  : "ئئ");
    assert_int_equal(total(l, query.data), 0);
    fh_buffer_clear(&query);
    for (unsigned i = 0; i < 64; i++)
        fh_buffer_add_str(&query, FH_STR("ق"));
    assert_int_equal(total(l, query.data), 0);
    fh_buffer_free(&query);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_slip_is_any_letter_more_less_other_or_swapped),
        cmocka_unit_test(nothing_is_near_numbers_short_and_mixed_words),
        cmocka_unit_test(likely_slips_are_bounded),
        cmocka_unit_test(what_typists_do_is_cheap),
        cmocka_unit_test(the_likeliest_comes_first),
        cmocka_unit_test(known_words_and_numbers_have_nothing_near),
        cmocka_unit_test(words_run_together_are_parted),
        cmocka_unit_test(lookups_are_spent),
        cmocka_unit_test(memory_knows_how_rare_a_word_may_be),
        cmocka_unit_test(mistyped_words_are_searched_by_what_is_near),
        cmocka_unit_test(what_must_be_so_is_not_guessed),
        cmocka_unit_test(near_words_are_lit),
        cmocka_unit_test(the_query_is_offered_as_it_was_meant),
        cmocka_unit_test(what_is_meant_as_typed_stays),
        cmocka_unit_test(a_slip_of_an_article_is_offered_as_the_word),
        cmocka_unit_test(the_likely_slip_is_offered),
        cmocka_unit_test(a_short_word_is_not_taken_for_a_stop_word),
        cmocka_unit_test(a_rare_word_is_not_offered_as_a_stop_word),
        cmocka_unit_test(long_queries_of_unknown_words_end),
    };
    return cmocka_run_group_tests(tests, fill_lab, close_lab);
}
