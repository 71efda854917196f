/* Notes: what they say in English, and what they are made of. */
#include "tests/unit/search_lab.h"

#include "searcher/notes.h"

static void fill(const char *pattern, const fh_str *args, size_t count, const char *want)
{
    fh_buffer got = {0};
    fh_note note = {.args = args, .arg_count = count};
    fh_note_fill(pattern, FH_STR("; "), &note, &got);
    assert_string_equal(fh_buffer_str(&got).ptr, want);
    fh_buffer_free(&got);
}

static void patterns_take_arguments(void **state)
{
    (void)state;
    const fh_str args[] = {FH_STR("a"), FH_STR("3"), FH_STR("c"), FH_STR("d")};
    fill("x $1-$2-$4", args, 4, "x a-3-d");
    fill("$9$5.", args, 4, ".");
    fill("100$", args, 4, "100$");
    fill("($*)", args, 4, "(c; d; ...)");
    fill("($*)", args, 2, "()");
    fill("($=)", args, 4, "(a 3; c d)");
    fill("($,)", args, 3, "(a; 3; c)");
    const fh_str two[] = {FH_STR("a"), FH_STR("2"), FH_STR("$1"), FH_STR("d")};
    fill("$*", two, 4, "$1; d");
}

/* Notes own copies of what they were given, keep their order, and can be handed on. */
static void notes_are_kept(void **state)
{
    (void)state;
    fh_arena arena = {0};
    fh_notes notes = {.arena = &arena}, all = {.arena = &arena};
    char word[] = "abc";
    fh_str arg = {word, 3};
    assert_null(fh_notes_list(&notes));
    fh_notes_add(&notes, FH_NOTE_STAR_NOTHING, &arg, 1);
    word[0] = 'x';
    fh_notes_add(&notes, FH_NOTE_NO_WORDS, NULL, 0);
    fh_notes_add(&all, FH_NOTE_ALL_FILTERED, NULL, 0);
    fh_notes_append(&all, &notes);
    assert_int_equal(all.count, 3);
    const fh_note *told = fh_notes_told(&all);
    const fh_str *list = fh_notes_list(&all);
    assert_int_equal(told[1].kind, FH_NOTE_STAR_NOTHING);
    assert_true(fh_str_equal(told[1].args[0], FH_STR("abc")));
    assert_true(fh_str_equal(told[1].text, FH_STR("no word of the index begins with \"abc\"")));
    for (size_t i = 0; i < all.count; i++)
        assert_true(fh_str_equal(told[i].text, list[i]));
    assert_int_equal(told[2].kind, FH_NOTE_NO_WORDS);
    fh_arena_free(&arena);
}

/* Every kind has its words. */
static void kinds_have_texts(void **state)
{
    (void)state;
    fh_arena arena = {0};
    fh_notes notes = {.arena = &arena};
    const fh_str args[] = {FH_STR("w"), FH_STR("1"), FH_STR("2")};
    for (int kind = FH_NOTE_NONE + 1; kind < FH_NOTES; kind++)
        fh_notes_add(&notes, (fh_note_kind)kind, args, 3);
    assert_int_equal(notes.count, FH_NOTES - 1);
    for (size_t i = 0; i < notes.count; i++)
        assert_true(fh_notes_told(&notes)[i].text.len > 10);
    fh_arena_free(&arena);
}

/* ---- With a search ---- */

static const page pages[] = {{"1", NULL, "وزارة الخارجية", "الأهرام", NULL},
                             {"2", NULL, "وزارة النفط", "الضفاف", NULL}};

static int fill_lab(void **state)
{
    int failed = open_lab(state);
    if (!failed)
        publish(*state, pages, 2);
    return failed;
}

/* Ask for QUERY and hold its first note to KIND and to ARGS, with a bar between them. */
static void expect(lab *l, const char *query, fh_note_kind kind, const char *args)
{
    fh_buffer got = {0};
    fh_request request = {.query = fh_str_of(query), .count = 5};
    const fh_results *found = ask(l, &request);
    if (found->note_count == 0)
        print_error("query: %s\n", query);
    assert_true(found->note_count > 0);
    const fh_note *note = &found->told[0];
    fh_buffer_add_str(&got, FH_STR(""));
    for (size_t i = 0; i < note->arg_count; i++) {
        fh_buffer_add_str(&got, i > 0 ? FH_STR("|") : FH_STR(""));
        fh_buffer_add_str(&got, note->args[i]);
    }
    if (note->kind != kind)
        print_error("query: %s\n", query);
    assert_int_equal(note->kind, kind);
    assert_string_equal(fh_buffer_str(&got).ptr, args);
    assert_true(fh_str_equal(note->text, found->notes[0]));
    fh_buffer_free(&got);
}

static void searches_tell_kinds(void **state)
{
    lab *l = *state;
    expect(l, "(وزارة", FH_NOTE_PARENTHESIS_OPEN, "");
    expect(l, "وزارة)", FH_NOTE_PARENTHESIS_CLOSE, "");
    expect(l, "\"وزارة", FH_NOTE_QUOTATION_ALONE, "");
    expect(l, "وزارة AND", FH_NOTE_OPERATOR_ALONE, "");
    expect(l, "source:(وزارة)", FH_NOTE_SOURCE_NAMELESS, "");
    expect(l, "وزارة date:أمس", FH_NOTE_DATE_WRONG, "");
    expect(l, "\"النفط وزارة\"", FH_NOTE_PHRASE_APART, "النفط وزارة");
    expect(l, "\"النفط الخارجية\"~5", FH_NOTE_NEAR_APART, "النفط الخارجية");
    expect(l, "\"النفط وزارة\" \"الخارجية وزارة\"", FH_NOTE_PHRASES_APART, "2");
    expect(l, "\"وزارة النفط\"~1", FH_NOTE_NEAR_WIDENED, "وزارة النفط|2");
    expect(l, "\"وزارة النفط\"~500", FH_NOTE_NEAR_NARROWED, "وزارة النفط|100");
    expect(l, "وزارة-النفط*", FH_NOTE_STAR_INSIDE, "وزارة-النفط");
    expect(l, "وزارة !*", FH_NOTE_STAR_ALONE, "!|3");
    expect(l, "وز* النفط", FH_NOTE_STAR_SHORT, "وز|3");
    expect(l, "زقزق* النفط", FH_NOTE_STAR_NOTHING, "زقزق");
    expect(l, "وزارة source:لوموند", FH_NOTE_SOURCE_UNKNOWN, "لوموند|2|الأهرام|الضفاف");
    expect(l, "؟", FH_NOTE_NO_WORDS, "");
    expect(l, "+وزارة +النفط date:2025", FH_NOTE_WORDS_HELD, "وزارة|2|النفط|1");
    expect(l, "=xyzzy", FH_NOTE_WORDS_UNKNOWN, "xyzzy");
    expect(l, "date:2025", FH_NOTE_ALL_FILTERED, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_take_arguments),
        cmocka_unit_test(notes_are_kept),
        cmocka_unit_test(kinds_have_texts),
        cmocka_unit_test_setup_teardown(searches_tell_kinds, fill_lab, close_lab),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
