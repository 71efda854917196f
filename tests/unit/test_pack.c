#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engines/native/pack.h"

#define NUMBERS 128

static uint32_t any(unsigned *seed)
{
    return (uint32_t)rand_r(seed) << 16 ^ (uint32_t)rand_r(seed);
}

/* A number of at most BITS bits. */
static uint32_t of_bits(unsigned *seed, unsigned bits)
{
    return bits > 0 ? any(seed) >> (32 - bits) : 0;
}

/* A copy of no more than these bytes, so that sanitizers see what is read behind them. */
static uint8_t *copy_of(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    return copy;
}

static void varints_come_back(void **state)
{
    (void)state;
    unsigned seed = 1;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[FH_VARINT_MAX];
        uint64_t value = ((uint64_t)any(&seed) << 32 | any(&seed)) >> (round % 64), got = 0;
        size_t len = fh_varint_put(value, bytes);
        uint8_t *copy = copy_of(bytes, len);
        const uint8_t *at = copy;
        assert_true(fh_varint_get(&at, copy + len, &got));
        assert_true(got == value && at == copy + len);
        at = copy;
        assert_false(fh_varint_get(&at, copy + len - 1, &got));
        free(copy);
    }
}

static void every_width_comes_back(void **state)
{
    (void)state;
    unsigned seed = 2;
    for (unsigned width = 0; width <= 32; width++)
        for (int round = 0; round < 50; round++) {
            uint32_t in[NUMBERS], out[NUMBERS];
            uint8_t *bytes = malloc(FH_PACKED(width) + 1);
            for (unsigned i = 0; i < NUMBERS; i++)
                in[i] = round == 0 ? of_bits(&seed, width) | (width ? 1u << (width - 1) : 0)
                                   : of_bits(&seed, width);
            bytes[FH_PACKED(width)] = 0xA5;
            fh_pack(in, width, bytes);
            assert_int_equal(bytes[FH_PACKED(width)], 0xA5);
            memset(out, 0xFF, sizeof out);
            fh_unpack(bytes, width, out);
            assert_memory_equal(in, out, sizeof in);
            free(bytes);
        }
}

/* The numbers of lane 0 stand in the first of each four words, from their lowest bits up. */
static void the_layout_is_that_of_the_header(void **state)
{
    (void)state;
    uint32_t in[NUMBERS] = {0};
    uint8_t bytes[FH_PACKED(12)];
    in[1] = 0xABC; /* lane 1, first */
    in[8] = 0x123; /* lane 0, third: bits 24 to 35 */
    fh_pack(in, 12, bytes);
    assert_int_equal(bytes[4], 0xBC);
    assert_int_equal(bytes[5], 0x0A);
    assert_int_equal(bytes[3], 0x23);
    assert_int_equal(bytes[16], 0x01);
}

/* Write IN, read it from no more bytes than that, and from fewer. Returns the bytes. */
static size_t patched_round_trip(const uint32_t *in)
{
    uint32_t out[NUMBERS], top;
    uint8_t bytes[FH_PATCHED_MAX];
    size_t len = fh_patched_put(in, bytes);
    assert_in_range(len, 2, sizeof bytes);
    uint8_t *copy = copy_of(bytes, len);
    const uint8_t *at = copy;
    assert_true(fh_patched_get(&at, copy + len, out, &top));
    assert_ptr_equal(at, copy + len);
    assert_memory_equal(in, out, sizeof out);
    for (unsigned i = 0; i < NUMBERS; i++)
        assert_true(in[i] <= top);
    free(copy);
    for (size_t cut = 0; cut < len; cut += 1 + len / 9) {
        copy = copy_of(bytes, cut);
        at = copy;
        assert_false(fh_patched_get(&at, copy + cut, out, &top));
        free(copy);
    }
    return len;
}

static void most_numbers_small_and_some_large(void **state)
{
    (void)state;
    unsigned seed = 3;
    for (unsigned bits = 0; bits <= 32; bits++)
        for (unsigned more = bits; more <= 32; more++)
            for (unsigned one_in = 1; one_in < 300; one_in *= 3) {
                uint32_t in[NUMBERS];
                for (unsigned i = 0; i < NUMBERS; i++)
                    in[i] = of_bits(&seed, (unsigned)rand_r(&seed) % one_in ? bits : more);
                size_t len = patched_round_trip(in);
                assert_in_range(len, 2, 2 + FH_PACKED(more));
            }
}

static void zeros_take_two_bytes_and_one_large_number_few(void **state)
{
    (void)state;
    uint32_t in[NUMBERS] = {0};
    assert_int_equal(patched_round_trip(in), 2);
    in[77] = 1;
    assert_int_equal(patched_round_trip(in), 3);
    in[77] = 2;
    assert_int_equal(patched_round_trip(in), 4);
    in[127] = UINT32_MAX;
    assert_int_equal(patched_round_trip(in), 10);
}

static void hostile_patches_are_survived(void **state)
{
    (void)state;
    unsigned seed = 4;
    for (int round = 0; round < 50000; round++) {
        uint32_t out[NUMBERS], top;
        uint8_t bytes[600];
        size_t len = (size_t)rand_r(&seed) % sizeof bytes;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)any(&seed);
        if (len > 1 && round % 2)
            bytes[0] %= 34;
        uint8_t *copy = copy_of(bytes, len);
        const uint8_t *at = copy;
        if (fh_patched_get(&at, copy + len, out, &top)) {
            assert_true(at <= copy + len);
            for (unsigned i = 0; i < NUMBERS; i++)
                assert_true(out[i] <= top);
        }
        free(copy);
    }
}

/* Random numbers of about BITS bits, COUNT of them. Returns their sum. */
static uint64_t make_numbers(uint32_t *numbers, size_t count, unsigned bits, unsigned *seed)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        numbers[i] = of_bits(seed, rand_r(seed) % 8 ? bits : bits / 2);
        sum += numbers[i];
    }
    return sum;
}

static void rice_codes_come_back(void **state)
{
    (void)state;
    unsigned seed = 5;
    for (int round = 0; round < 3000; round++) {
        uint32_t in[300], out[300];
        static uint8_t bytes[4096];
        size_t count = 1 + (size_t)rand_r(&seed) % 300;
        unsigned before = (unsigned)rand_r(&seed) % 9;
        unsigned width =
            fh_rice_width(make_numbers(in, count, (unsigned)round % 33, &seed), count);
        fh_bit_writer w = {.at = bytes};
        fh_bits_put(&w, 1u << before >> 1, before);
        fh_rice_put(&w, in, count, width);
        size_t len = (size_t)(fh_bits_finish(&w) - bytes);
        assert_in_range(len, 1, 2 + count * (width + 4) / 8);
        uint8_t *copy = copy_of(bytes, len);
        fh_bit_reader r = {copy, 0, len * 8};
        assert_int_equal(fh_bits_get(&r, before), 1u << before >> 1);
        assert_true(fh_rice_get(&r, out, count, width));
        assert_memory_equal(in, out, count * sizeof *in);
        assert_in_range(r.at, len * 8 - 7, len * 8);
        r = (fh_bit_reader){copy, before, (len - 1) * 8};
        assert_false(fh_rice_get(&r, out, count, width));
        free(copy);
    }
}

static void rice_codes_beyond_32_bits_are_refused(void **state)
{
    (void)state;
    for (uint32_t high = 1; high < 3; high++) {
        uint8_t bytes[8] = {0};
        uint32_t value;
        fh_bit_writer w = {.at = bytes};
        fh_bits_put(&w, 5, 31);
        fh_unary_put(&w, high);
        fh_bit_reader r = {bytes, 0, (uint64_t)(fh_bits_finish(&w) - bytes) * 8};
        assert_int_equal(fh_rice_get(&r, &value, 1, 31), high < 2);
        assert_true(high > 1 || value == (1u << 31 | 5));
    }
}

/* Skipping comes to where reading one by one comes to. */
static void unary_numbers_are_skipped(void **state)
{
    (void)state;
    unsigned seed = 6;
    for (int round = 0; round < 300; round++) {
        static uint8_t bytes[1 << 16];
        unsigned most = 1 + (unsigned)rand_r(&seed) % 300;
        size_t count = 1 + (size_t)rand_r(&seed) % 400;
        uint64_t ends[401] = {0};
        fh_bit_writer w = {.at = bytes};
        for (size_t i = 0; i < count; i++)
            fh_unary_put(&w, (uint32_t)rand_r(&seed) % most);
        size_t len = (size_t)(fh_bits_finish(&w) - bytes);
        uint8_t *copy = copy_of(bytes, len);
        fh_bit_reader r = {copy, 0, len * 8};
        for (size_t i = 0; i < count; i++) {
            uint32_t value;
            ends[i + 1] = ends[i];
            assert_true(fh_unary_get(&r, &ends[i + 1], &value));
            assert_int_equal(value, ends[i + 1] - ends[i] - 1);
        }
        for (int k = 0; k < 50; k++) {
            size_t from = (size_t)rand_r(&seed) % (count + 1);
            size_t to = from + (size_t)rand_r(&seed) % (count + 1 - from);
            assert_int_equal(fh_unary_skip(&r, ends[from], to - from), ends[to]);
        }
        assert_int_equal(fh_unary_skip(&r, 0, count + 1), r.end);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(varints_come_back),
        cmocka_unit_test(every_width_comes_back),
        cmocka_unit_test(the_layout_is_that_of_the_header),
        cmocka_unit_test(most_numbers_small_and_some_large),
        cmocka_unit_test(zeros_take_two_bytes_and_one_large_number_few),
        cmocka_unit_test(hostile_patches_are_survived),
        cmocka_unit_test(rice_codes_come_back),
        cmocka_unit_test(rice_codes_beyond_32_bits_are_refused),
        cmocka_unit_test(unary_numbers_are_skipped),
    };
    return cmocka_run_group_tests_name("packed integers", tests, NULL, NULL);
}
