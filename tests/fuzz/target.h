/*
 * What every fuzz target begins with. `make fuzz` builds each with libFuzzer and feeds it what that comes up
 * with; the unit test of the same name feeds it saved inputs and random ones.
 */
#ifndef FH_TESTS_FUZZ_TARGET_H
#define FH_TESTS_FUZZ_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What does not hold ends the program: the fuzzer, or the test, then has the input that shows it. */
static inline void hold(bool true_or_die, const char *what)
{
    if (true_or_die)
        return;
    fprintf(stderr, "# broken: %s\n", what);
    abort();
}

#endif
