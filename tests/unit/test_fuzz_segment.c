#include "tests/fuzz/fuzz_segment.c"
#include "tests/unit/fuzzing.h"

/* Feed SAVED with a few of its bytes altered, many times. */
static void feed_altered(fh_str saved)
{
    unsigned seed = 7;
    char *copy = malloc(saved.len + 1);
    assert_non_null(copy);
    for (int round = 0; round < 1500; round++) {
        memcpy(copy, saved.ptr, saved.len);
        for (int k = rand_r(&seed) % 4; k >= 0; k--)
            copy[(size_t)rand_r(&seed) % saved.len] = (char)rand_r(&seed);
        feed_target((fh_str){copy, saved.len});
    }
    free(copy);
}

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/segment", 1);
}

static void altered_inputs_hold(void **state)
{
    (void)state;
    each_saved("tests/fuzz/segment", 1, feed_altered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(altered_inputs_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
