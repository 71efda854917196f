#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"

static void grows_and_keeps_its_content(void **state)
{
    (void)state;
    fh_buffer b = {0};
    for (int i = 0; i < 100000; i++)
        fh_buffer_add_byte(&b, (char)('a' + i % 26));
    assert_int_equal(b.len, 100000);
    assert_false(b.failed);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(b.data[i], 'a' + i % 26);
    assert_int_equal(b.data[b.len], '\0');
    assert_true(b.capacity > b.len);
    fh_buffer_free(&b);
    assert_null(b.data);
    assert_int_equal(b.len, 0);
}

static void empty_buffer_has_empty_text(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_str text = fh_buffer_str(&b);
    assert_non_null(text.ptr);
    assert_int_equal(text.len, 0);
    fh_buffer_add(&b, NULL, 0);
    assert_int_equal(b.len, 0);
    fh_buffer_free(&b);
}

static void adds_all_kinds(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_add(&b, "a\0b", 3);
    fh_buffer_add_str(&b, FH_STR("وزارة"));
    fh_buffer_printf(&b, "%d%s", 42, "!");
    assert_int_equal(b.len, 3 + 10 + 3);
    assert_memory_equal(b.data, "a\0bوزارة42!", b.len + 1);
    fh_buffer_free(&b);
}

static void prints_more_than_fits(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_printf(&b, "%5000d", 7);
    assert_int_equal(b.len, 5000);
    assert_int_equal(b.data[4999], '7');
    assert_int_equal(b.data[5000], '\0');
    fh_buffer_free(&b);
}

static void remembers_failure_until_cleared(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_add_str(&b, FH_STR("first"));
    assert_false(fh_buffer_reserve(&b, SIZE_MAX - 3));
    assert_true(b.failed);
    fh_buffer_add_str(&b, FH_STR("second"));
    assert_int_equal(b.len, 5);
    fh_buffer_clear(&b);
    assert_false(b.failed);
    fh_buffer_add_str(&b, FH_STR("third"));
    assert_string_equal(b.data, "third");
    fh_buffer_free(&b);
}

static void reserve_leaves_room(void **state)
{
    (void)state;
    fh_buffer b = {0};
    assert_true(fh_buffer_reserve(&b, 1000));
    char *before = b.data;
    memset(b.data, 'x', 1000);
    b.len = 1000;
    b.data[b.len] = '\0';
    assert_true(fh_buffer_reserve(&b, 0));
    assert_ptr_equal(b.data, before);
    fh_buffer_free(&b);
}

static void arena_gives_zeroed_aligned_memory(void **state)
{
    (void)state;
    fh_arena a = {0};
    char *earlier = NULL;
    for (size_t size = 1; size < 5000; size += 7) {
        char *memory = fh_arena_alloc(&a, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xFF, size);
        assert_true(memory != earlier);
        earlier = memory;
    }
    fh_arena_free(&a);
    assert_null(a.blocks);
}

static void arena_is_zeroed_again_after_clear(void **state)
{
    (void)state;
    fh_arena a = {0};
    memset(fh_arena_alloc(&a, 200), 0xFF, 200);
    memset(fh_arena_alloc(&a, 100000), 0xFF, 100000);
    fh_arena_clear(&a);
    const char *memory = fh_arena_alloc(&a, 90000);
    for (size_t i = 0; i < 90000; i++)
        assert_int_equal(memory[i], 0);
    fh_arena_free(&a);
    fh_arena_clear(&a);
}

static void arena_refuses_what_cannot_be(void **state)
{
    (void)state;
    fh_arena a = {0};
    assert_null(fh_arena_alloc(&a, SIZE_MAX));
    assert_null(fh_arena_alloc(&a, SIZE_MAX / 2));
    fh_str copy = fh_arena_copy(&a, (fh_str){"", SIZE_MAX});
    assert_null(copy.ptr);
    assert_int_equal(copy.len, 0);
    fh_arena_free(&a);
}

static void arena_copies_with_a_nul(void **state)
{
    (void)state;
    fh_arena a = {0};
    char text[] = "قمة";
    fh_str copy = fh_arena_copy(&a, fh_str_of(text));
    text[0] = 'x';
    assert_int_equal(copy.len, 6);
    assert_string_equal(copy.ptr, "قمة");
    fh_str empty = fh_arena_copy(&a, (fh_str){NULL, 0});
    assert_string_equal(empty.ptr, "");
    fh_arena_free(&a);
}

static void compares_texts(void **state)
{
    (void)state;
    assert_true(fh_str_compare(FH_STR("a"), FH_STR("b")) < 0);
    assert_true(fh_str_compare(FH_STR("ab"), FH_STR("a")) > 0);
    assert_true(fh_str_compare(FH_STR("\xFF"), FH_STR("a")) > 0);
    assert_int_equal(fh_str_compare(FH_STR("a"), FH_STR("a")), 0);
    assert_int_equal(fh_str_compare((fh_str){NULL, 0}, FH_STR("")), 0);
    assert_true(fh_str_equal((fh_str){NULL, 0}, FH_STR("")));
    assert_true(fh_str_equal(FH_STR("a\0b"), FH_STR("a\0b")));
    assert_false(fh_str_equal(FH_STR("a\0b"), FH_STR("a\0c")));
    assert_false(fh_str_equal(FH_STR("a"), FH_STR("ab")));
    assert_int_equal(fh_str_of(NULL).len, 0);
    assert_true(fh_str_starts(FH_STR("وزارة"), FH_STR("وز")));
    assert_true(fh_str_starts(FH_STR("a"), (fh_str){NULL, 0}));
    assert_false(fh_str_starts(FH_STR("a"), FH_STR("ab")));
    assert_false(fh_str_starts(FH_STR("ab"), FH_STR("b")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_keeps_its_content),
        cmocka_unit_test(empty_buffer_has_empty_text),
        cmocka_unit_test(adds_all_kinds),
        cmocka_unit_test(prints_more_than_fits),
        cmocka_unit_test(remembers_failure_until_cleared),
        cmocka_unit_test(reserve_leaves_room),
        cmocka_unit_test(arena_gives_zeroed_aligned_memory),
        cmocka_unit_test(arena_is_zeroed_again_after_clear),
        cmocka_unit_test(arena_refuses_what_cannot_be),
        cmocka_unit_test(arena_copies_with_a_nul),
        cmocka_unit_test(compares_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
