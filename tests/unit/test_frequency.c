#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/file.h"
#include "stemmers/frequency.h"

/* The file that is built in; frequency.c draws it. */
#define FILE_NAME   "stemmers/frequency.bin"
#define FILE_LIMIT  ((size_t)1024 * 1024)
#define HEAD        8
#define BUCKETS     16384
#define PRINT_SHIFT 14

static fh_frequency of(const char *word)
{
    return fh_frequency_of(fh_str_of(word));
}

static bool about(uint32_t got, uint32_t want)
{
    return got >= want - want / 6 && got <= want + want / 6;
}

/* Counted in the journals by another program than frequency.py. */
static void words_are_met_as_often_as_they_stand_there(void **state)
{
    (void)state;
    assert_true(about(of("وزاره").bare, 646));
    assert_true(about(of("وزاره").article, 750));
    assert_true(about(of("كتاب").bare, 8321));
    assert_true(about(of("كتاب").article, 9650));
    assert_int_equal(of("لبنان").article, 0);
    assert_true(about(of("لبنان").bare, 701));
}

static void the_dictionary_is_known(void **state)
{
    (void)state;
    assert_true(of("بروتين").word);
    assert_int_equal(of("بروتين").bare, 0);
    assert_true(of("طيران").word);
    assert_false(of("وقال").word);
    assert_true(of("وقال").bare > 1000);
}

/* A name is known as one when it is seldom another word: كيري is, سعيد and بشر are not. */
static void names_are_known(void **state)
{
    (void)state;
    static const char *const names[] = {"كلينتون", "كيري", "فورد", "لبيد", "عريقات", "ويليامز"};
    static const char *const others[] = {"سعيد", "بشر", "وزير", "كاول", "باكل", "اليوت"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_true(of(names[i]).name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(of(others[i]).name);
}

static void a_word_that_nobody_wrote_is_not_known(void **state)
{
    (void)state;
    static const char *const none[] = {"", "ا", "ضظغثقصفعه", "abc",
                                       "وزارهوزارهوزارهوزارهوزاره"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        fh_frequency f = of(none[i]);
        assert_true(f.bare == 0 && f.article == 0 && !f.word && !f.name);
    }
    assert_int_equal(fh_frequency_of((fh_str){"وزاره", 8}).article,
                     0); /* cut before its last letter */
}

static uint32_t number_at(const fh_buffer *file, size_t n)
{
    uint32_t number;
    memcpy(&number, file->data + HEAD + 4 * n, sizeof number);
    return number;
}

/* Whatever is looked up, only this is read: buckets that follow each other and end with the file. */
static void the_file_is_in_order(void **state)
{
    (void)state;
    fh_buffer file = {0};
    assert_int_equal(fh_file_read(FILE_NAME, FILE_LIMIT, &file, NULL), FH_OK);
    assert_memory_equal(file.data, "fihrisF3", HEAD);
    assert_int_equal(number_at(&file, 0), 0);
    assert_int_equal(number_at(&file, BUCKETS), fh_frequency_count());
    assert_int_equal(file.len, HEAD + 4 * (BUCKETS + 1 + fh_frequency_count()));
    for (size_t b = 0; b < BUCKETS; b++) {
        uint32_t start = number_at(&file, b), end = number_at(&file, b + 1);
        assert_true(start <= end);
        for (uint32_t i = start; i + 1 < end; i++)
            assert_true(number_at(&file, BUCKETS + 1 + i) >> PRINT_SHIFT <
                        number_at(&file, BUCKETS + 2 + i) >> PRINT_SHIFT);
    }
    fh_buffer_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_met_as_often_as_they_stand_there),
        cmocka_unit_test(the_dictionary_is_known),
        cmocka_unit_test(names_are_known),
        cmocka_unit_test(a_word_that_nobody_wrote_is_not_known),
        cmocka_unit_test(the_file_is_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
