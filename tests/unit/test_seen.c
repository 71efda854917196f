#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/seen.h"

static void starts_empty(void **state)
{
    (void)state;
    fh_seen s = {0};
    assert_null(fh_seen_find(&s, 0));
    assert_null(fh_seen_find(&s, 1));
    fh_seen_free(&s);
}

/* Keys that all want the same place, in a table that grows several times. */
static void keeps_all_it_is_given(void **state)
{
    (void)state;
    fh_seen s = {0};
    for (uint64_t i = 1; i <= 20000; i++)
        assert_true(fh_seen_put(
            &s,
            (fh_seen_entry){.key = i << 20, .value = i, .line = i * 3, .file = (uint32_t)i}));
    assert_int_equal(s.count, 20000);
    for (uint64_t i = 1; i <= 20000; i++) {
        const fh_seen_entry *entry = fh_seen_find(&s, i << 20);
        assert_non_null(entry);
        assert_int_equal(entry->value, i);
        assert_int_equal(entry->line, i * 3);
        assert_int_equal(entry->file, i);
        assert_null(fh_seen_find(&s, (i << 20) + 1));
    }
    fh_seen_free(&s);
}

static void has_room_for_the_key_0(void **state)
{
    (void)state;
    fh_seen s = {0};
    assert_true(fh_seen_put(&s, (fh_seen_entry){.key = 0, .value = 7}));
    assert_non_null(fh_seen_find(&s, 0));
    assert_int_equal(fh_seen_find(&s, 0)->value, 7);
    fh_seen_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_empty),
        cmocka_unit_test(keeps_all_it_is_given),
        cmocka_unit_test(has_room_for_the_key_0),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
