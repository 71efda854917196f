/*
 * What all native files have in common: how they begin, and little-endian integers at any place
 * in memory.
 */
#ifndef FH_ENGINES_NATIVE_BYTES_H
#define FH_ENGINES_NATIVE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Marks a file as native. */
#define FH_MAGIC     "fihris\x1A\n"
#define FH_MAGIC_LEN 8u

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define FH_LITTLE32(x) (x)
#define FH_LITTLE64(x) (x)
#else
#define FH_LITTLE32(x) __builtin_bswap32(x)
#define FH_LITTLE64(x) __builtin_bswap64(x)
#endif

static inline uint32_t fh_get32(const void *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return FH_LITTLE32(value);
}

static inline uint64_t fh_get64(const void *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return FH_LITTLE64(value);
}

/* Eight bytes, the first of them the highest. */
static inline uint64_t fh_get64_big(const void *at)
{
    return __builtin_bswap64(fh_get64(at));
}

/* The first of LEN bytes, zeros behind them, as a number that sorts as they do. */
static inline uint64_t fh_get_key(const void *bytes, size_t len)
{
    uint8_t first[8] = {0};
    if (len > 0)
        memcpy(first, bytes, len < sizeof first ? len : sizeof first);
    return fh_get64_big(first);
}

static inline void fh_put32(void *at, uint32_t value)
{
    value = FH_LITTLE32(value);
    memcpy(at, &value, sizeof value);
}

static inline void fh_put64(void *at, uint64_t value)
{
    value = FH_LITTLE64(value);
    memcpy(at, &value, sizeof value);
}

#endif
