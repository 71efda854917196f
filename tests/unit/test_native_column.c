/* Columns: any numbers come back, in as few bits as they need. */
#include <stdbool.h>

#include "tests/unit/scratch.h"

#include "tests/unit/native_lab.h"

/* Write VALUES as the lengths of a segment, and open that. */
static fh_segment *store(const uint64_t *values, uint32_t count)
{
    fh_segment_writer *w = begin_segment("f.seg");
    w->header.articles = count;
    fh_column_write(values, count, w->sections[FH_SECTION_LENGTHS]);
    return end_segment(w);
}

/* They come back; returns the width they took. */
static unsigned round_trip(const uint64_t *values, uint32_t count)
{
    fh_segment *s = store(values, count);
    unsigned width = s->lengths.width;
    assert_int_equal(s->lengths.count, count);
    assert_int_equal(fh_column_len(&s->lengths), s->sections[FH_SECTION_LENGTHS].len);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(fh_column_get(&s->lengths, i), values[i]);
    assert_int_equal(fh_segment_status(s, NULL), FH_OK);
    assert_int_equal(fh_column_get(&s->lengths, count), 0);
    fh_segment_close(s);
    return width;
}

static void random_numbers_come_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    uint64_t values[700];
    for (int round = 0; round < 1500; round++) {
        uint32_t count = (uint32_t)(next_random(&seed) % 700);
        uint64_t base = next_random(&seed) >> next_random(&seed) % 64;
        uint64_t scale = next_random(&seed) >> next_random(&seed) % 64;
        unsigned narrow = (unsigned)(next_random(&seed) % 64);
        unsigned zeros = (unsigned)(next_random(&seed) % 4);
        for (uint32_t i = 0; i < count; i++) {
            values[i] = base + scale * (next_random(&seed) >> narrow);
            if (zeros && next_random(&seed) % (zeros * zeros) == 0)
                values[i] = 0;
        }
        round_trip(values, count);
    }
}

static void extremes_come_back(void **state)
{
    (void)state;
    round_trip((uint64_t[]){0}, 1);
    round_trip((uint64_t[]){UINT64_MAX}, 1);
    round_trip((uint64_t[]){0, UINT64_MAX}, 2);
    round_trip((uint64_t[]){1, UINT64_MAX}, 2);
    round_trip((uint64_t[]){0, 1, UINT64_MAX}, 3);
    round_trip((uint64_t[]){UINT64_MAX, 0, UINT64_MAX - 1, 5}, 4);
    round_trip((uint64_t[]){1}, 0);
}

static void few_bits_do(void **state)
{
    (void)state;
    assert_int_equal(round_trip((uint64_t[]){7, 7, 7}, 3), 0);
    assert_int_equal(round_trip((uint64_t[]){1000, 1001, 1003}, 3), 2);
    assert_int_equal(round_trip((uint64_t[]){86400, 864000, 172800}, 3), 4);
    assert_int_equal(round_trip((uint64_t[]){UINT64_C(1) << 62, 0}, 2), 1);
    assert_int_equal(
        round_trip((uint64_t[]){(UINT64_C(1) << 62) + 300, UINT64_C(1) << 62, 0}, 3), 2);
    assert_int_equal(round_trip((uint64_t[]){0, 1, 2, 3}, 4), 2);
}

/* Any bytes for a column, with right sums: nothing outside is read, and what is said of it is true. */
static void altered_columns_are_survived(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int round = 0; round < 3000; round++) {
        uint8_t bytes[64];
        size_t len = next_random(&seed) % sizeof bytes;
        fh_segment *s;
        fh_seal seal;
        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(next_random(&seed) >> (next_random(&seed) % 2 ? 56 : 62));
        if (len > 4)
            fh_put32(bytes, (uint32_t)(next_random(&seed) % 40));
        fh_segment_writer *w = begin_segment("f.seg");
        w->header.articles = len > 4 ? fh_get32(bytes) : 3;
        fh_spool_add(w->sections[FH_SECTION_DATES], bytes, len);
        assert_int_equal(fh_segment_writer_finish(w, &seal, NULL), FH_OK);
        fh_segment_writer_free(w);
        fh_status status = fh_segment_open("f.seg", &seal, &s, NULL);
        if (status) {
            assert_int_equal(status, FH_ECORRUPT);
            continue;
        }
        for (uint32_t i = 0; i < s->dates.count; i++)
            fh_column_get(&s->dates, i);
        assert_int_equal(fh_segment_status(s, NULL), FH_OK);
        fh_segment_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(random_numbers_come_back),
        folder_test(extremes_come_back),
        folder_test(few_bits_do),
        folder_test(altered_columns_are_survived),
    };
    return cmocka_run_group_tests_name("native columns", tests, NULL, NULL);
}
