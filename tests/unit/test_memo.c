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

/* The key of WORD where it begins a TEXT. */
static fh_memo_key key_of(const fh_memo *m, fh_str text, size_t len)
{
    fh_memo_key key;
    fh_token token = {.span = {0, (uint32_t)len}};
    fh_memo_prepare(m, text, &token, 1, &key);
    return key;
}

static uint32_t add(fh_memo *m, const char *word, const char *folded, const char *stem)
{
    fh_str forms[] = {[FH_FORM_FOLDED] = fh_str_of(folded), [FH_FORM_STEM] = fh_str_of(stem)};
    fh_memo_key key = key_of(m, fh_str_of(word), strlen(word));
    return fh_memo_add(m, &key, fh_str_of(word), forms);
}

static uint32_t find(const fh_memo *m, const char *word, uint32_t *no_words)
{
    fh_token token = {.span = {0, (uint32_t)strlen(word)}};
    fh_memo_key key = key_of(m, fh_str_of(word), strlen(word));
    *no_words = 0;
    if (!fh_memo_find(m, fh_str_of(word), &key, &token, 1, no_words))
        return FH_MEMO_NONE;
    return token.spelling;
}

static void lacks(const fh_memo *m, const char *word)
{
    uint32_t no_words;
    assert_int_equal(find(m, word, &no_words), FH_MEMO_NONE);
    assert_int_equal(no_words, 0);
}

static void keeps(const fh_memo *m, uint32_t number, const char *word, const char *folded,
                  const char *stem)
{
    fh_spelling spelling;
    uint32_t no_words;
    assert_int_equal(find(m, word, &no_words), number);
    assert_int_equal(no_words, !folded[0] && !stem[0]);
    fh_memo_spell(m, number, &spelling);
    assert_true(fh_str_equal(spelling.written, fh_str_of(word)));
    assert_true(fh_str_equal(spelling.forms[FH_FORM_FOLDED], fh_str_of(folded)));
    assert_true(fh_str_equal(spelling.forms[FH_FORM_STEM], fh_str_of(stem)));
}

static void spellings_come_back_by_number(void **state)
{
    (void)state;
    static const char *const words[][3] = {
        {"الوزارة", "الوزاره", "وزار"},
        {"كتاب", "كتاب", "كتاب"},
        {"وآخر", "واخر", "xyz"},
        {"ال", "", ""},
        {"b", "b", "longer than the word"},
        {"فسيكفيكهمونها", "فسيكفيكهمونها", "كفي"},
    };
    uint32_t count = sizeof words / sizeof *words;
    fh_memo *m = fh_memo_new(LIMIT);
    lacks(m, "الوزارة");
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(add(m, words[i][0], words[i][1], words[i][2]), i);
    for (uint32_t i = 0; i < count; i++)
        keeps(m, i, words[i][0], words[i][1], words[i][2]);
    assert_int_equal(fh_memo_count(m), count);
    lacks(m, "كتا");
    lacks(m, "كتابا");
    fh_memo_free(m);
}

/* Words of every length up to far beyond a key's, each of which begins as the next one does. */
static void words_of_every_length_are_kept(void **state)
{
    (void)state;
    enum { LONGEST = 600 };
    char word[LONGEST + 1], form[FH_TERM_MAX + 1];
    fh_memo *m = fh_memo_new(LIMIT);
    memset(word, 'w', LONGEST);
    memset(form, 'w', FH_TERM_MAX);
    for (uint32_t len = 1; len <= LONGEST; len++) {
        word[len] = '\0';
        form[len < FH_TERM_MAX ? len : FH_TERM_MAX] = '\0';
        lacks(m, word);
        assert_int_equal(add(m, word, form, "s"), len - 1);
        word[len] = 'w';
        form[len < FH_TERM_MAX ? len : 0] = 'w';
    }
    for (uint32_t len = 1; len <= LONGEST; len++) {
        size_t kept = len < FH_TERM_MAX ? len : FH_TERM_MAX;
        word[len] = form[kept] = '\0';
        keeps(m, len - 1, word, form, "s");
        word[len] = 'w';
        form[kept < FH_TERM_MAX ? kept : 0] = 'w';
    }
    fh_memo_free(m);
}

/* A long word is told from another one even where their keys are the same. */
static void a_long_word_is_compared(void **state)
{
    (void)state;
    char text[2][40];
    memset(text[0], 'a', sizeof text[0]);
    memset(text[1], 'b', sizeof text[1]);
    fh_memo *m = fh_memo_new(LIMIT);
    fh_str word[] = {{text[0], sizeof text[0]}, {text[1], sizeof text[1]}};
    fh_memo_key key = key_of(m, word[0], sizeof text[0]);
    fh_token token = {.span = {0, sizeof text[0]}};
    uint32_t no_words;
    assert_int_equal(fh_memo_add(m, &key, word[0], (fh_str[FH_FORMS]){{"f", 1}, {"s", 1}}), 0);
    assert_int_equal(fh_memo_find(m, word[1], &key, &token, 1, &no_words), 0);
    assert_int_equal(fh_memo_find(m, word[0], &key, &token, 1, &no_words), 1);
    fh_memo_free(m);
}

/* The key of a word does not depend on what stands behind it. */
static void a_key_is_of_its_word_alone(void **state)
{
    (void)state;
    char text[64];
    fh_memo *m = fh_memo_new(LIMIT);
    for (size_t len = 1; len <= 32; len++) {
        memset(text, 'a', sizeof text);
        fh_memo_key alone = key_of(m, (fh_str){text, len}, len);
        fh_memo_key inside = key_of(m, (fh_str){text, sizeof text}, len);
        assert_memory_equal(&alone, &inside, sizeof alone);
        text[len - 1] = 'b';
        fh_memo_key other = key_of(m, (fh_str){text, sizeof text}, len);
        assert_memory_not_equal(alone.part, other.part, sizeof alone.part);
        assert_true(alone.hash != other.hash);
    }
    fh_memo_free(m);
}

/* Beyond its limit a memo goes on; when it forgets, numbers begin anew, and it is not full. */
static void a_full_memo_says_so_and_holds(void **state)
{
    (void)state;
    fh_memo *m = fh_memo_new(LIMIT);
    char word[32], folded[32];
    for (int round = 0; round < 2; round++) {
        uint32_t words = 20000, full_at = 0;
        for (uint32_t i = 0; i < words; i++) {
            snprintf(word, sizeof word, "word%u", i);
            snprintf(folded, sizeof folded, "folded%u", i);
            assert_int_equal(add(m, word, folded, "s"), i);
            if (!full_at && fh_memo_is_full(m))
                full_at = i;
        }
        for (uint32_t i = 0; i < words; i++) {
            snprintf(word, sizeof word, "word%u", i);
            snprintf(folded, sizeof folded, "folded%u", i);
            keeps(m, i, word, folded, "s");
        }
        assert_in_range(full_at, 300, 2000);
        assert_true(fh_memo_is_full(m));
        fh_memo_forget(m);
        assert_false(fh_memo_is_full(m));
        assert_int_equal(fh_memo_count(m), 0);
        lacks(m, "word1");
    }
    fh_memo_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_come_back_by_number),
        cmocka_unit_test(words_of_every_length_are_kept),
        cmocka_unit_test(a_long_word_is_compared),
        cmocka_unit_test(a_key_is_of_its_word_alone),
        cmocka_unit_test(a_full_memo_says_so_and_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
