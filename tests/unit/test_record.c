#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engines/record.h"

static fh_article example(void)
{
    return (fh_article){
        .id = FH_STR("snn-1"),
        .title = FH_STR("وزارة الخارجية"),
        .body = FH_STR("قال الوزير: \"نعم\".\n\nثم…"),
        .url = FH_STR("https://example.org/1?a=é"),
        .source = FH_STR("وكالة"),
        .section = FH_STR("سياسة"),
        .keywords = FH_STR("أ\nب"),
        .date = {-86400, FH_DATE_DAY},
        .origin = FH_STR("news.jsonl.gz"),
    };
}

static void assert_same(fh_str got, fh_str want)
{
    assert_int_equal(got.len, want.len);
    if (want.len > 0)
        assert_memory_equal(got.ptr, want.ptr, want.len);
}

static void assert_same_head(const fh_article *got, const fh_article *want)
{
    assert_same(got->id, want->id);
    assert_same(got->title, want->title);
    assert_same(got->url, want->url);
    assert_same(got->source, want->source);
    assert_same(got->section, want->section);
    assert_same(got->keywords, want->keywords);
    assert_same(got->origin, want->origin);
    assert_int_equal(got->date.seconds, want->date.seconds);
    assert_int_equal(got->date.precision, want->date.precision);
}

/* Head and body in one run of bytes, as engines may keep them. */
static void round_trip(const fh_article *a)
{
    fh_buffer record = {0};
    fh_arena arena = {0};
    fh_article back;
    fh_record_sizes sizes;
    fh_record_add_head(&record, a);
    size_t head = record.len;
    fh_record_add_body(&record, a);
    assert_false(record.failed);
    assert_int_equal(fh_record_read_head(fh_buffer_str(&record), &arena, &back, &sizes, NULL),
                     FH_OK);
    assert_same_head(&back, a);
    assert_int_equal(back.body.len, 0);
    assert_int_equal(sizes.head, head);
    assert_int_equal(sizes.body, a->body.len);
    assert_int_equal(sizes.text, a->title.len + a->body.len);
    fh_str rest = {record.data + head, record.len - head};
    assert_int_equal(fh_record_read_body(rest, sizes.body, &arena, &back.body, NULL), FH_OK);
    assert_same(back.body, a->body);
    assert_int_equal(fh_record_read_head(fh_buffer_str(&record), NULL, NULL, &sizes, NULL),
                     FH_OK);
    assert_int_equal(sizes.text, a->title.len + a->body.len);
    fh_buffer_free(&record);
    fh_arena_free(&arena);
}

static void articles_come_back(void **state)
{
    (void)state;
    fh_article article = example();
    round_trip(&article);
    round_trip(&(fh_article){.id = FH_STR("x")});
    round_trip(&(fh_article){.id = FH_STR("a\0b"), .date = {INT64_MIN, FH_DATE_YEAR}});
    round_trip(&(fh_article){.id = FH_STR("y"), .date = {INT64_MAX, FH_DATE_SECOND}});
}

static void random_articles_come_back(void **state)
{
    (void)state;
    srand(3);
    char text[700];
    for (int i = 0; i < 20000; i++) {
        fh_str parts[5];
        for (size_t k = 0; k < sizeof text; k++)
            text[k] = (char)rand();
        for (size_t k = 0; k < 5; k++)
            parts[k] = (fh_str){text + k, (size_t)(rand() % (rand() % 8 ? 20 : 600))};
        round_trip(&(fh_article){.id = parts[0],
                                 .title = parts[1],
                                 .body = parts[2],
                                 .keywords = parts[3],
                                 .origin = parts[4]});
    }
}

static void a_large_body_comes_back(void **state)
{
    (void)state;
    size_t len = 5000000;
    char *body = malloc(len);
    for (size_t i = 0; i < len; i += 2)
        memcpy(body + i, i % 10 ? "\xD8\xA7" : "  ", 2);
    round_trip(&(fh_article){.id = FH_STR("large"), .body = {body, len}});
    free(body);
}

/* Read a copy of LEN bytes, so that reading behind them is seen. */
static fh_status read_copy(const char *bytes, size_t len, bool body)
{
    fh_arena arena = {0};
    fh_article back;
    fh_record_sizes sizes;
    char *copy = malloc(len ? len : 1);
    memcpy(copy, bytes, len);
    fh_status status = fh_record_read_head((fh_str){copy, len}, &arena, &back, &sizes, NULL);
    if (status)
        assert_null(back.id.ptr);
    fh_str rest = {copy + sizes.head, len - sizes.head};
    if (!status && body)
        status = fh_record_read_body(rest, sizes.body, &arena, &back.body, NULL);
    free(copy);
    fh_arena_free(&arena);
    return status;
}

static void cut_records_are_refused(void **state)
{
    (void)state;
    fh_buffer record = {0};
    fh_article article = example();
    fh_record_add_head(&record, &article);
    size_t head = record.len;
    fh_record_add_body(&record, &article);
    for (size_t len = 0; len < record.len; len++) {
        assert_int_equal(read_copy(record.data, len, false), len < head ? FH_ECORRUPT : FH_OK);
        assert_int_equal(read_copy(record.data, len, true), FH_ECORRUPT);
    }
    assert_int_equal(read_copy(record.data, record.len, true), FH_OK);
    fh_buffer_free(&record);
}

static void altered_records_are_survived(void **state)
{
    (void)state;
    srand(5);
    fh_buffer record = {0};
    fh_article article = example();
    fh_record_add_head(&record, &article);
    fh_record_add_body(&record, &article);
    char *copy = malloc(record.len);
    for (int i = 0; i < 200000; i++) {
        memcpy(copy, record.data, record.len);
        for (int k = rand() % 4; k >= 0; k--)
            copy[(size_t)rand() % record.len] = (char)rand();
        read_copy(copy, record.len, true);
    }
    free(copy);
    fh_buffer_free(&record);
}

/* A length that promises more than the bytes can hold must not be believed. */
static void a_huge_length_asks_for_no_memory(void **state)
{
    (void)state;
    static const char head[] = "\x01\0\0\0"
                               "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x01x";
    fh_arena arena = {0};
    fh_article back;
    fh_record_sizes sizes;
    fh_str body;
    fh_str bytes = {head, sizeof head - 1};
    assert_int_equal(fh_record_read_head(bytes, &arena, &back, &sizes, NULL), FH_ECORRUPT);
    assert_int_equal(fh_record_read_body(FH_STR("x"), UINT64_MAX, &arena, &body, NULL),
                     FH_ECORRUPT);
    assert_null(arena.blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(articles_come_back),
        cmocka_unit_test(random_articles_come_back),
        cmocka_unit_test(a_large_body_comes_back),
        cmocka_unit_test(cut_records_are_refused),
        cmocka_unit_test(altered_records_are_survived),
        cmocka_unit_test(a_huge_length_asks_for_no_memory),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
