/*
 * What readers and writers of sealed files agree on: see sealed.h, which draws it. For sealed.c
 * and sealer.c only.
 */
#ifndef FH_ENGINES_NATIVE_SEALED_LAYOUT_H
#define FH_ENGINES_NATIVE_SEALED_LAYOUT_H

#include "base/file.h"
#include "engines/native/bytes.h"
#include "engines/native/sealed.h"

/* Places in the footer. */
#define SEAL_KIND    8
#define SEAL_VERSION 12
#define SEAL_LEN     16
#define SEAL_TOPS    24
#define SEAL_SUM     40
#define SEAL_FOOTER  48u

#define SEAL_SUM_LEN 8u

/* Where the parts of a file stand, and how many pages its content and its sums have. */
typedef struct seal_layout {
    uint64_t pages;
    uint64_t sums;
    uint64_t sum_pages;
    uint64_t tops;
    uint64_t footer;
} seal_layout;

static inline uint64_t seal_pages(uint64_t len)
{
    return len / FH_PAGE + (len % FH_PAGE != 0);
}

/*
 * Of a content of LEN bytes, any number; for one too long to be true `footer` is wrong as well.
 */
static inline seal_layout seal_lay_out(uint64_t len)
{
    seal_layout l = {.pages = seal_pages(len), .sums = len};
    l.sum_pages = seal_pages(l.pages * SEAL_SUM_LEN);
    l.tops = l.sums + l.pages * SEAL_SUM_LEN;
    l.footer = l.tops + l.sum_pages * SEAL_SUM_LEN;
    return l;
}

static inline uint64_t seal_sum(const void *bytes, uint64_t len)
{
    return fh_checksum((fh_str){bytes, (size_t)len});
}

#endif
