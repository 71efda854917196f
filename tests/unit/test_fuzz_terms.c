#include "tests/fuzz/fuzz_terms.c"
#include "tests/unit/fuzzing.h"

#define ROUNDS 2000

static void saved_inputs_hold(void **state)
{
    (void)state;
    feed_saved("tests/fuzz/terms", 4);
}

/* Alter one to four bytes or bits of a copy, ROUNDS times. */
static void feed_altered(fh_str bytes)
{
    unsigned seed = (unsigned)bytes.len;
    char *copy = malloc(bytes.len);
    assert_non_null(copy);
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(copy, bytes.ptr, bytes.len);
        for (int k = rand_r(&seed) % 4; k >= 0; k--) {
            size_t at = (size_t)rand_r(&seed) % bytes.len;
            copy[at] =
                (char)(rand_r(&seed) % 2 ? rand_r(&seed) : copy[at] ^ 1 << rand_r(&seed) % 8);
        }
        feed_target((fh_str){copy, bytes.len});
    }
    free(copy);
}

static void altered_inputs_hold(void **state)
{
    (void)state;
    each_saved("tests/fuzz/terms", 4, feed_altered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saved_inputs_hold),
        cmocka_unit_test(altered_inputs_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
