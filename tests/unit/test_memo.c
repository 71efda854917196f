#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "stemmers/memo.h"

#define LIMIT ((size_t)64 * 1024)

static void add(fh_memo *m, const char *word, const char *folded, const char *stem)
{
    fh_forms forms = {fh_str_of(folded), fh_str_of(stem)};
    fh_memo_add(m, fh_str_of(word), fh_memo_hash(fh_str_of(word)), &forms);
}

static bool find(const fh_memo *m, const char *word, fh_forms *forms)
{
    return fh_memo_find(m, fh_str_of(word), fh_memo_hash(fh_str_of(word)), forms);
}

static void keeps(const fh_memo *m, const char *word, const char *folded, const char *stem)
{
    fh_forms forms;
    assert_true(find(m, word, &forms));
    assert_true(fh_str_equal(forms.folded, fh_str_of(folded)));
    assert_true(fh_str_equal(forms.stem, fh_str_of(stem)));
}

static void forms_come_back(void **state)
{
    (void)state;
    fh_memo *m = fh_memo_new(LIMIT);
    fh_forms forms;
    assert_false(find(m, "الوزارة", &forms));
    add(m, "الوزارة", "الوزاره", "وزار");
    add(m, "كتاب", "كتاب", "كتاب");
    add(m, "وآخر", "واخر", "xyz");
    add(m, "ال", "", "");
    add(m, "b", "b", "longer than the word");
    keeps(m, "الوزارة", "الوزاره", "وزار");
    keeps(m, "كتاب", "كتاب", "كتاب");
    keeps(m, "وآخر", "واخر", "xyz");
    keeps(m, "ال", "", "");
    keeps(m, "b", "b", "longer than the word");
    assert_false(find(m, "كتا", &forms));
    fh_memo_free(m);
}

static void the_longest_forms_fit(void **state)
{
    (void)state;
    char word[128], folded[FH_TERM_MAX + 1], stem[FH_TERM_MAX + 1];
    memset(word, 'w', sizeof word - 1);
    memset(folded, 'f', sizeof folded - 1);
    memset(stem, 's', sizeof stem - 1);
    word[sizeof word - 1] = folded[FH_TERM_MAX] = stem[FH_TERM_MAX] = '\0';
    fh_memo *m = fh_memo_new(LIMIT);
    add(m, word, folded, stem);
    keeps(m, word, folded, stem);
    fh_memo_free(m);
}

static void words_that_are_too_long_are_not_kept(void **state)
{
    (void)state;
    char word[129];
    fh_forms forms;
    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    fh_memo *m = fh_memo_new(LIMIT);
    add(m, word, "w", "w");
    assert_false(find(m, word, &forms));
    fh_memo_free(m);
}

/* Many more words than the limit has room for: what is found is right, and the newest is found. */
static void a_full_memo_begins_anew(void **state)
{
    (void)state;
    fh_memo *m = fh_memo_new(LIMIT);
    int forgotten = 0;
    for (int i = 0; i < 50000; i++) {
        char word[32], folded[32], stem[32];
        fh_forms forms;
        snprintf(word, sizeof word, "word%d", i);
        snprintf(folded, sizeof folded, "folded%d", i);
        snprintf(stem, sizeof stem, "stem%d", i);
        assert_false(find(m, word, &forms));
        add(m, word, folded, stem);
        keeps(m, word, folded, stem);
        int earlier = i / 2;
        snprintf(word, sizeof word, "word%d", earlier);
        snprintf(folded, sizeof folded, "folded%d", earlier);
        if (find(m, word, &forms))
            assert_true(fh_str_equal(forms.folded, fh_str_of(folded)));
        else
            forgotten++;
    }
    assert_true(forgotten > 0);
    fh_memo_free(m);
}

static void words_of_every_length_hash_apart(void **state)
{
    (void)state;
    static const char text[] = "abcdefghijklmnopqrstuvwxyzabcdef";
    for (size_t a = 1; a < sizeof text; a++)
        for (size_t b = 1; b < a; b++)
            assert_true(fh_memo_hash((fh_str){text, a}) != fh_memo_hash((fh_str){text, b}));
    assert_true(fh_memo_hash(FH_STR("abcdefghi")) != fh_memo_hash(FH_STR("abcdefghj")));
    assert_true(fh_memo_hash(FH_STR("bbcdefghi")) != fh_memo_hash(FH_STR("abcdefghi")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_come_back),
        cmocka_unit_test(the_longest_forms_fit),
        cmocka_unit_test(words_that_are_too_long_are_not_kept),
        cmocka_unit_test(a_full_memo_begins_anew),
        cmocka_unit_test(words_of_every_length_hash_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
