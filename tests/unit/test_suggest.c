/* Words that complete what is being typed. */
#include "tests/unit/search_lab.h"

static const page pages[] = {
    {"1", "وزارة الصحة", "قالت الوزارة إن وزارة الصحة", NULL, NULL},
    {"2", "بوزارة العدل", "في وزارات الدولة", NULL, NULL},
    {"3", "الوزير", "وزارة", NULL, NULL},
    {"4", "أحمد", "قال أَحْمَد إن احمد هنا", NULL, NULL},
    {"5", "مسألة", "في المسألة", NULL, NULL},
    {"6", "ضابط", "رابط", NULL, NULL},
    {"7", "رابط", "رابط", NULL, NULL},
};

static int fill_lab(void **state)
{
    int failed = open_lab(state);
    if (!failed)
        publish(*state, pages, sizeof pages / sizeof *pages);
    return failed;
}

/* Is TEXT completed by WANT, TEXT=COUNT with a bar between them? */
static void expect(lab *l, const char *text, const char *want)
{
    fh_suggestions *found;
    fh_buffer got = {0};
    if (!l->searcher)
        must(fh_searcher_open(l->path, &l->searcher, err));
    must(fh_searcher_suggest(l->searcher, fh_str_of(text), 10, &found, err));
    for (size_t i = 0; i < found->count; i++)
        fh_buffer_printf(&got, "%s%.*s=%u", i > 0 ? "|" : "", (int)found->items[i].text.len,
                         found->items[i].text.ptr, found->items[i].articles);
    assert_string_equal(got.data ? got.data : "", want);
    fh_buffer_free(&got);
    fh_suggestions_free(found);
}

static void a_word_is_offered_once_with_all_its_forms(void **state)
{
    /* Three articles have the word, in five spellings. */
    expect(*state, "وزار", "وزارة=3");
    expect(*state, "الوزار", "الوزارة=3");
}

static void what_stands_before_stays(void **state)
{
    expect(*state, "«في  وزار", "«في  وزارة=3");
    expect(*state, "source:x +وزار", "source:x +وزارة=3");
}

static void words_are_written_as_articles_write_them(void **state)
{
    expect(*state, "احم", "أحمد=1");
    expect(*state, "أَحـم", "أحمد=1");
    expect(*state, "مسا", "مسألة=1");
    expect(*state, "وزاره", "وزارة=3");
}

static void clitics_stay_in_front_of_what_is_completed(void **state)
{
    expect(*state, "والوزار", "والوزارة=3");
    expect(*state, "وبوزار", "وبوزارة=3");
    expect(*state, "للمسا", "للمسألة=1");
}

static void one_slip_is_forgiven_when_nothing_else_begins_so(void **state)
{
    expect(*state, "وظظار", "");
    expect(*state, "وزظا", "وزارة=3");
    expect(*state, "وظار", "وزارة=3");
    expect(*state, "الوزرا", "الوزارة=3");
}

static void a_likely_slip_goes_before_any(void **state)
{
    expect(*state, "ظاب", "ضابط=1");
    expect(*state, "كاب", "رابط=2|ضابط=1");
}

static void short_and_strange_words_are_not_completed(void **state)
{
    static char word[FH_QUERY_MAX + 1];
    expect(*state, "و", "");
    expect(*state, "", "");
    expect(*state, "وزار ", "");
    expect(*state, "ال", "");
    expect(*state, "\xff\xfe", "");
    expect(*state, "9999", "");
    memset(word, 'x', FH_QUERY_MAX);
    expect(*state, word, "");
    for (size_t i = 0; i < FH_QUERY_MAX; i += 2)
        memcpy(word + i, "و", 2);
    expect(*state, word, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_offered_once_with_all_its_forms),
        cmocka_unit_test(what_stands_before_stays),
        cmocka_unit_test(words_are_written_as_articles_write_them),
        cmocka_unit_test(clitics_stay_in_front_of_what_is_completed),
        cmocka_unit_test(one_slip_is_forgiven_when_nothing_else_begins_so),
        cmocka_unit_test(a_likely_slip_goes_before_any),
        cmocka_unit_test(short_and_strange_words_are_not_completed),
    };
    return cmocka_run_group_tests(tests, fill_lab, close_lab);
}
