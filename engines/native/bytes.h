/*
 * Little-endian integers at any place in memory, as native files have them.
 */
#ifndef FH_ENGINES_NATIVE_BYTES_H
#define FH_ENGINES_NATIVE_BYTES_H

#include <stdint.h>
#include <string.h>

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
