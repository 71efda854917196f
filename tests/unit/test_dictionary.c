#include "tests/unit/terms_lab.h"

#define MANY 3000

static uint32_t *lengths;

/* COUNT terms at most, each in one to three articles of 1,000. */
static size_t make_terms(lab_term *terms, size_t count, size_t len_most, unsigned seed)
{
    size_t kept = make_codes(terms, count, len_most, &seed);
    for (size_t i = 0; i < kept; i++) {
        lab_kind kind = {1 + below(&seed, 3), 1000, 1 + below(&seed, 4), below(&seed, 3), 100};
        make_postings(&terms[i], &kind, &seed);
    }
    return kept;
}

static void free_terms(lab_term *terms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free_term(&terms[i]);
    free(terms);
}

static void all_terms_are_found(const fh_segment *s, const lab_term *terms, size_t count)
{
    fh_posted posted;
    for (unsigned form = 0; form < 2; form++) {
        fh_dictionary d;
        assert_true(fh_dictionary_open(s, form, &d));
        for (size_t i = 0; i < count; i++) {
            assert_true(fh_dictionary_find(&d, code_of(&terms[i]), &posted));
            same_postings(s, form, &posted, &terms[i]);
        }
        same_terms(s, form, terms, count);
    }
}

/* Numbers of terms around the ends of blocks, written in one part and in several. */
static void terms_come_back(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 2, 31, 32, 33, 63, 64, 65, 200};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t cuts = 0; cuts < 4; cuts++) {
            lab_term *terms = calloc(counts[i], sizeof *terms);
            size_t kept = make_terms(terms, counts[i], 12, (unsigned)(7 * i + cuts));
            fh_segment *s = make_segment(terms, kept, 1000, lengths, cuts);
            all_terms_are_found(s, terms, kept);
            assert_true(fh_lists_check(s, 0) && fh_lists_check(s, 1));
            fh_segment_close(s);
            free_terms(terms, kept);
        }
}

static void long_terms_come_back(void **state)
{
    (void)state;
    lab_term *terms = calloc(400, sizeof *terms);
    size_t kept = make_terms(terms, 400, FH_CODE_MAX, 3);
    fh_segment *s = make_segment(terms, kept, 1000, lengths, 1);
    all_terms_are_found(s, terms, kept);
    fh_segment_close(s);
    free_terms(terms, kept);
}

/* The first of the terms that is not below CODE. */
static size_t first_from(const lab_term *terms, size_t count, fh_str code)
{
    size_t i = 0;
    while (i < count && fh_str_compare(code_of(&terms[i]), code) < 0)
        i++;
    return i;
}

/* Terms that are there and such that are not: find and walks agree with the plain array. */
static void any_text_is_looked_up(void **state)
{
    (void)state;
    unsigned seed = 9;
    lab_term *terms = calloc(MANY, sizeof *terms);
    lab_term probe = {0};
    size_t kept = make_terms(terms, MANY, 14, 5);
    fh_segment *s = make_segment(terms, kept, 1000, lengths, 2);
    fh_dictionary d;
    assert_true(fh_dictionary_open(s, 0, &d));
    for (int round = 0; round < 3000; round++) {
        fh_term_walk walk;
        fh_str code;
        fh_posted posted = {.articles = 1};
        make_codes(&probe, 1, 14, &seed);
        if (round % 2 == 0) {
            probe = terms[below(&seed, kept)];
            probe.len = below(&seed, probe.len + 1);
        }
        size_t i = first_from(terms, kept, code_of(&probe));
        bool there = i < kept && fh_str_equal(code_of(&terms[i]), code_of(&probe));
        assert_int_equal(fh_dictionary_find(&d, code_of(&probe), &posted), there);
        assert_int_equal(posted.articles, there ? terms[i].count : 0);
        fh_term_walk_start(&walk, &d, code_of(&probe));
        for (size_t k = i; k < kept && k < i + 40; k++) {
            assert_true(fh_term_walk_next(&walk, &code, &posted));
            assert_true(fh_str_equal(code, code_of(&terms[k])));
            assert_int_equal(posted.articles, terms[k].count);
        }
        if (i == kept)
            assert_false(fh_term_walk_next(&walk, &code, &posted));
    }
    fh_segment_close(s);
    free_terms(terms, kept);
}

static void parts_make_the_same_file_as_one(void **state)
{
    (void)state;
    lab_term *terms = calloc(4 * FH_DICTIONARY_BLOCK, sizeof *terms);
    unsigned seed = 1;
    size_t kept;
    fh_buffer files[2] = {{0}};
    for (size_t i = 0; i < 4 * FH_DICTIONARY_BLOCK; i++)
        terms[i].len = (size_t)snprintf(terms[i].code, sizeof terms[i].code, "%04zu", i);
    for (kept = 0; kept < 4 * FH_DICTIONARY_BLOCK; kept++)
        make_postings(&terms[kept], &(lab_kind){2, 1000, 2, 2, 50}, &seed);
    for (size_t cuts = 0; cuts < 2; cuts++) {
        fh_segment_close(make_segment(terms, kept, 1000, lengths, cuts));
        assert_int_equal(fh_file_read("1.seg", SIZE_MAX / 2, &files[cuts], NULL), FH_OK);
    }
    assert_true(fh_str_equal(fh_buffer_str(&files[0]), fh_buffer_str(&files[1])));
    fh_buffer_free(&files[0]);
    fh_buffer_free(&files[1]);
    free_terms(terms, kept);
}

static void no_terms_are_an_empty_dictionary(void **state)
{
    (void)state;
    fh_dictionary d;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted;
    fh_segment *s = make_segment(NULL, 0, 10, lengths, 0);
    assert_true(fh_dictionary_open(s, 0, &d));
    assert_false(fh_dictionary_find(&d, FH_STR("a"), &posted));
    fh_term_walk_start(&walk, &d, FH_STR("a"));
    assert_false(fh_term_walk_next(&walk, &code, &posted));
    assert_int_equal(fh_segment_status(s, NULL), FH_OK);
    fh_segment_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(terms_come_back),
        folder_test(long_terms_come_back),
        folder_test(any_text_is_looked_up),
        folder_test(parts_make_the_same_file_as_one),
        folder_test(no_terms_are_an_empty_dictionary),
    };
    lengths = take_lengths();
    int failed = cmocka_run_group_tests_name("dictionary", tests, NULL, NULL);
    give_lengths(lengths);
    return failed;
}
