#include "engines/native/sealed.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engines/native/sealed_layout.h"

/* ---- Opening ---- */

static fh_status fail_open(const char *path, fh_error *err)
{
    fh_status status = errno == ENOENT ? FH_ENOTFOUND : errno == ENOMEM ? FH_ENOMEM : FH_EIO;
    return fh_fail(err, status, "cannot read %s: %s", path, strerror(errno));
}

static fh_status fail_damaged(const char *path, uint64_t offset, const char *what,
                              fh_error *err)
{
    return fh_fail(err, FH_ECORRUPT, "%s is damaged at byte %" PRIu64 ": %s", path, offset,
                   what);
}

/* Map all of the file PATH. A mapping outlives its descriptor. */
static fh_status map_file(const char *path, const uint8_t **bytes, uint64_t *len, fh_error *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_open(path, err);
    fh_status status = fstat(fd, &st) == 0 ? FH_OK : fail_open(path, err);
    if (!status && (!S_ISREG(st.st_mode) || (uint64_t)st.st_size < SEAL_FOOTER))
        status = fail_damaged(path, 0, "it is too short for what it should be", err);
    if (!status) {
        void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        *bytes = map;
        *len = (uint64_t)st.st_size;
        if (map == MAP_FAILED) {
            *bytes = NULL;
            status = fail_open(path, err);
        }
    }
    close(fd);
    return status;
}

/* Read the footer, which says how the file is laid out; it must be as long as that makes it. */
static fh_status read_footer(fh_sealed *f, const char kind[4], uint32_t version,
                             const fh_seal *seal, fh_error *err)
{
    uint64_t at = f->map_len - SEAL_FOOTER;
    const uint8_t *footer = f->bytes + at;
    f->seal = (fh_seal){f->map_len, fh_get64(footer + SEAL_SUM)};
    if (memcmp(footer, FH_MAGIC, FH_MAGIC_LEN) != 0 ||
        seal_sum(footer, SEAL_SUM) != f->seal.sum)
        return fail_damaged(f->path, at, "it was cut, or its footer altered", err);
    if (memcmp(footer + SEAL_KIND, kind, 4) != 0)
        return fail_damaged(f->path, at + SEAL_KIND, "it is a file of another kind", err);
    f->version = fh_get32(footer + SEAL_VERSION);
    f->len = fh_get64(footer + SEAL_LEN);
    seal_layout layout = seal_lay_out(f->len);
    if (f->len > f->map_len || layout.footer != at)
        return fail_damaged(f->path, at + SEAL_LEN, "its length is not what it was", err);
    if (seal && (seal->file_len != f->seal.file_len || seal->sum != f->seal.sum))
        return fail_damaged(f->path, at, "another file has taken its place", err);
    if (f->version > version)
        return fh_fail(err, FH_EUNSUPPORTED,
                       "%s has format %" PRIu32 ", this program knows %" PRIu32
                       ": use a newer fihris",
                       f->path, f->version, version);
    if (seal_sum(f->bytes + layout.tops, layout.footer - layout.tops) !=
        fh_get64(footer + SEAL_TOPS))
        return fail_damaged(f->path, layout.tops, "its checksums were altered", err);
    return FH_OK;
}

/* A bit for each of COUNT pages. */
static uint64_t *new_bits(uint64_t count)
{
    return calloc((size_t)(count / 64 + 1), sizeof(uint64_t));
}

fh_status fh_sealed_open(const char *path, const char kind[4], uint32_t version,
                         const fh_seal *seal, fh_sealed **out, fh_error *err)
{
    fh_sealed *f = calloc(1, sizeof *f);
    *out = NULL;
    if (f)
        f->path = strdup(path);
    fh_status status = f && f->path ? FH_OK : fh_fail_memory(err);
    if (!status)
        status = map_file(path, &f->bytes, &f->map_len, err);
    if (!status)
        status = read_footer(f, kind, version, seal, err);
    if (!status) {
        seal_layout layout = seal_lay_out(f->len);
        f->verified = new_bits(layout.pages);
        f->sums_verified = new_bits(layout.sum_pages);
        if (!f->verified || !f->sums_verified)
            status = fh_fail_memory(err);
    }
    if (status)
        fh_sealed_close(f);
    else
        *out = f;
    return status;
}

void fh_sealed_close(fh_sealed *f)
{
    if (!f)
        return;
    if (f->bytes)
        munmap((void *)(uintptr_t)f->bytes, (size_t)f->map_len);
    free(f->verified);
    free(f->sums_verified);
    free(f->path);
    free(f);
}

/* ---- Verifying ---- */

static bool has_bit(const uint64_t *bits, uint64_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

static void set_bit(uint64_t *bits, uint64_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

/* How many bytes of a run of LEN stand on its page PAGE. */
static size_t page_len(uint64_t len, uint64_t page)
{
    uint64_t rest = len - page * FH_PAGE;
    return rest < FH_PAGE ? (size_t)rest : FH_PAGE;
}

bool fh_sealed_distrust(fh_sealed *f, uint64_t offset, const char *what)
{
    if (!f->failure.status)
        fail_damaged(f->path, offset, what, &f->failure);
    return false;
}

/* Verify the page of the sums that has the sum of PAGE. */
static bool verify_sums(fh_sealed *f, const seal_layout *layout, uint64_t page)
{
    uint64_t i = page * SEAL_SUM_LEN / FH_PAGE;
    uint64_t at = layout->sums + i * FH_PAGE;
    if (has_bit(f->sums_verified, i))
        return true;
    if (seal_sum(f->bytes + at, page_len(layout->tops - layout->sums, i)) !=
        fh_get64(f->bytes + layout->tops + i * SEAL_SUM_LEN))
        return fh_sealed_distrust(f, at, "the checksums there were altered");
    set_bit(f->sums_verified, i);
    return true;
}

static bool verify_page(fh_sealed *f, const seal_layout *layout, uint64_t page)
{
    uint64_t at = page * FH_PAGE;
    if (has_bit(f->verified, page))
        return true;
    if (!verify_sums(f, layout, page))
        return false;
    if (seal_sum(f->bytes + at, page_len(f->len, page)) !=
        fh_get64(f->bytes + layout->sums + page * SEAL_SUM_LEN))
        return fh_sealed_distrust(f, at, "the 4096 bytes there are not what was written");
    set_bit(f->verified, page);
    return true;
}

bool fh_sealed_verify(fh_sealed *f, uint64_t offset, uint64_t len)
{
    if (offset > f->len || len > f->len - offset)
        return fh_sealed_distrust(f, offset, "what is said to be there lies outside");
    if (len == 0)
        return true;
    seal_layout layout = seal_lay_out(f->len);
    uint64_t last = (offset + len - 1) / FH_PAGE;
    for (uint64_t page = offset / FH_PAGE; page <= last; page++)
        if (!verify_page(f, &layout, page))
            return false;
    return true;
}

fh_status fh_sealed_status(const fh_sealed *f, fh_error *err)
{
    if (f->failure.status && err)
        *err = f->failure;
    return f->failure.status;
}

fh_status fh_sealed_check(fh_sealed *f, fh_error *err)
{
    seal_layout layout = seal_lay_out(f->len);
    memset(f->verified, 0, (size_t)(layout.pages / 64 + 1) * sizeof(uint64_t));
    memset(f->sums_verified, 0, (size_t)(layout.sum_pages / 64 + 1) * sizeof(uint64_t));
    fh_sealed_verify(f, 0, f->len);
    return fh_sealed_status(f, err);
}
