#include "stemmers/frequency.h"

#include <string.h>

/*
 * frequency.bin, made by frequency.py; all numbers are little-endian:
 *
 *     0        8  "fihrisF3"
 *     8   4 x 2^14 + 4  for each bucket the number of its first entry, and behind the last one
 *                 how many entries there are
 *     65548    4 x n  the entries: a word each, in ascending order in its bucket
 *
 *     entry       bits 14 to 31  the print: those of the hash behind the bucket's
 *                 bit 13         is it a name?
 *                 bit 12         is it in the dictionary?
 *                 bits 6 to 11   how often by itself, as a step
 *                 bits 0 to 5    how often with an article, as a step
 *
 * The first bits of a word's hash are its bucket. A word that is not there is taken for one that is
 * once in 20,000 times. Step 0 is none, step s is 2^((s - 1) / 3) times.
 */

#define MAGIC       "fihrisF3"
#define MAGIC_LEN   8
#define BUCKET_BITS 14
#define BUCKETS     (1U << BUCKET_BITS)
#define PRINT_BITS  18
#define WORD_BIT    12
#define NAME_BIT    13
#define STEP_BITS   6
#define STEP_MASK   ((1U << STEP_BITS) - 1)

#define HASH_MULTIPLIER 0x9E3779B97F4A7C15U

__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        ".global fh_frequency_data\n"
        ".hidden fh_frequency_data\n"
        "fh_frequency_data:\n"
        ".incbin \"stemmers/frequency.bin\"\n"
        ".popsection\n");

extern const unsigned char fh_frequency_data[] __attribute__((visibility("hidden")));

static uint32_t number_at(size_t n)
{
    const unsigned char *p = fh_frequency_data + MAGIC_LEN + 4 * n;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Eight bytes of a word more, PART, in its hash H. */
static uint64_t stir(uint64_t h, uint64_t part)
{
    h = (h ^ part) * HASH_MULTIPLIER;
    return h ^ h >> 32;
}

static uint64_t hash_of(fh_str word)
{
    uint64_t h = word.len;
    size_t at = 0;
    for (uint64_t part; at + sizeof part <= word.len; at += sizeof part) {
        memcpy(&part, word.ptr + at, sizeof part);
        h = stir(h, part);
    }
    uint64_t last = 0;
    for (size_t i = at; i < word.len; i++)
        last |= (uint64_t)(unsigned char)word.ptr[i] << 8 * (i - at);
    if (at < word.len)
        h = stir(h, last);
    return h * HASH_MULTIPLIER;
}

/* How many times a STEP is: the cube roots of 2 are 1, 1.26 and 1.59. */
static uint32_t times(uint32_t step)
{
    static const uint32_t roots[] = {1024, 1290, 1625};
    if (step == 0)
        return 0;
    uint64_t scaled = (uint64_t)roots[(step - 1) % 3] << (step - 1) / 3;
    return (uint32_t)((scaled + 512) / 1024);
}

fh_frequency fh_frequency_of(fh_str word)
{
    uint64_t h = hash_of(word);
    uint32_t bucket = (uint32_t)(h >> (64 - BUCKET_BITS));
    uint32_t print =
        (uint32_t)(h >> (64 - BUCKET_BITS - PRINT_BITS)) & ((1U << PRINT_BITS) - 1);
    uint32_t end = number_at(bucket + 1);
    for (uint32_t i = number_at(bucket); i < end; i++) {
        uint32_t entry = number_at(BUCKETS + 1 + i);
        if (entry >> (NAME_BIT + 1) < print)
            continue;
        if (entry >> (NAME_BIT + 1) > print)
            break;
        return (fh_frequency){times(entry >> STEP_BITS & STEP_MASK), times(entry & STEP_MASK),
                              (entry >> WORD_BIT & 1) != 0, (entry >> NAME_BIT & 1) != 0};
    }
    return (fh_frequency){0, 0, false, false};
}

size_t fh_frequency_count(void)
{
    return number_at(BUCKETS);
}
