/* Sealed files and spools: every byte of a file is verified before it is read. */
#include <stdbool.h>
#include <sys/stat.h>

#include "tests/unit/scratch.h"

#include "engines/native/bytes.h"
#include "engines/native/sealed.h"

#define KIND "TEST"

/* A content of LEN bytes that are hard to guess. */
static uint8_t *make_content(size_t len)
{
    uint8_t *bytes = malloc(len + 1);
    uint32_t x = (uint32_t)len * 2654435761u + 1;
    assert_non_null(bytes);
    for (size_t i = 0; i < len; i++) {
        x = x * 1664525u + 1013904223u;
        bytes[i] = (uint8_t)(x >> 24);
    }
    return bytes;
}

/* Seal BYTES as the file PATH, in pieces of uneven length. */
static fh_seal seal_bytes(const char *path, const uint8_t *bytes, size_t len)
{
    fh_sealer *s;
    fh_seal seal;
    unlink(path);
    assert_int_equal(fh_sealer_open(path, &s, NULL), FH_OK);
    for (size_t at = 0, piece = 1; at < len; at += piece, piece = piece * 7 % 100003) {
        piece = piece < len - at ? piece : len - at;
        fh_sealer_add(s, bytes + at, piece);
    }
    assert_int_equal(fh_sealer_finish(s, KIND, 3, &seal, NULL), FH_OK);
    fh_sealer_close(s);
    return seal;
}

static fh_sealed *open_sealed(const char *path, const fh_seal *seal)
{
    fh_sealed *f;
    fh_error err = {0};
    if (fh_sealed_open(path, KIND, 3, seal, &f, &err))
        fail_msg("%s", err.message);
    return f;
}

static void any_length_comes_back(void **state)
{
    (void)state;
    static const size_t lengths[] = {0,    1,    7,     4095,  4096,   4097,   8192,
                                     8193, 9000, 65536, 99999, 262144, 262145, 3000001};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        size_t len = lengths[i];
        uint8_t *bytes = make_content(len);
        fh_seal seal = seal_bytes("f", bytes, len);
        fh_sealed *f = open_sealed("f", &seal);
        assert_int_equal(f->len, len);
        assert_int_equal(f->version, 3);
        assert_true(fh_sealed_need(f, 0, len));
        assert_memory_equal(f->bytes, bytes, len);
        assert_int_equal(fh_sealed_check(f, NULL), FH_OK);
        fh_sealed_close(f);
        free(bytes);
    }
}

static void what_lies_outside_is_refused(void **state)
{
    (void)state;
    uint8_t *bytes = make_content(5000);
    seal_bytes("f", bytes, 5000);
    static const uint64_t wrong[][2] = {{0, 5001},       {5000, 1},       {4999, 2},  {5001, 0},
                                        {UINT64_MAX, 1}, {1, UINT64_MAX}, {4096, 905}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        fh_sealed *f = open_sealed("f", NULL);
        assert_true(fh_sealed_need(f, 5000, 0));
        assert_true(fh_sealed_need(f, 4096, 904));
        assert_false(fh_sealed_need(f, wrong[i][0], wrong[i][1]));
        assert_int_equal(fh_sealed_status(f, NULL), FH_ECORRUPT);
        fh_sealed_close(f);
        f = open_sealed("f", NULL);
        fh_slice slice = {f, 4000, 500};
        assert_non_null(fh_slice_need(&slice, 0, 500));
        assert_null(fh_slice_need(&slice, wrong[i][0], wrong[i][1]));
        assert_int_equal(f->failure.status, FH_ECORRUPT);
        fh_sealed_close(f);
    }
    free(bytes);
}

/* The status of reading all of the file PATH; the message names it then. */
static fh_status read_all(const char *path, const fh_seal *seal)
{
    fh_sealed *f;
    fh_error err = {0};
    fh_status status = fh_sealed_open(path, KIND, 3, seal, &f, &err);
    if (!status) {
        fh_sealed_need(f, 0, f->len);
        status = fh_sealed_status(f, &err);
        fh_sealed_close(f);
    } else {
        assert_null(f);
    }
    if (status == FH_ECORRUPT) {
        assert_non_null(strstr(err.message, path));
        assert_non_null(strstr(err.message, "at byte "));
    }
    return status;
}

/* Read the file F into memory. */
static fh_buffer slurp(const char *path)
{
    fh_buffer bytes = {0};
    assert_int_equal(fh_file_read(path, 1 << 24, &bytes, NULL), FH_OK);
    return bytes;
}

static void every_flipped_byte_is_found(void **state)
{
    (void)state;
    uint8_t *content = make_content(9000);
    seal_bytes("f", content, 9000);
    fh_buffer bytes = slurp("f");
    for (size_t i = 0; i < bytes.len; i++) {
        bytes.data[i] ^= (char)(1 << i % 8);
        put_bytes("g", bytes.data, bytes.len);
        assert_int_equal(read_all("g", NULL), FH_ECORRUPT);
        bytes.data[i] ^= (char)(1 << i % 8);
    }
    put_bytes("g", bytes.data, bytes.len);
    assert_int_equal(read_all("g", NULL), FH_OK);
    fh_buffer_free(&bytes);
    free(content);
}

/* Whoever alters a page and makes its sum right has the sums' own sum against him. */
static void pages_altered_with_their_sums_are_found(void **state)
{
    (void)state;
    uint8_t *content = make_content(9000);
    seal_bytes("f", content, 9000);
    fh_buffer bytes = slurp("f");
    for (size_t page = 0; page < 3; page++) {
        size_t at = page * FH_PAGE;
        size_t len = page < 2 ? FH_PAGE : 9000 - at;
        bytes.data[at] ^= 1;
        fh_put64(bytes.data + 9000 + 8 * page, fh_checksum((fh_str){bytes.data + at, len}));
        put_bytes("g", bytes.data, bytes.len);
        assert_int_equal(read_all("g", NULL), FH_ECORRUPT);
        bytes.data[at] ^= 1;
        fh_put64(bytes.data + 9000 + 8 * page, fh_checksum((fh_str){bytes.data + at, len}));
    }
    put_bytes("g", bytes.data, bytes.len);
    assert_int_equal(read_all("g", NULL), FH_OK);
    fh_buffer_free(&bytes);
    free(content);
}

static void only_what_is_read_is_verified(void **state)
{
    (void)state;
    uint8_t *content = make_content(5 * FH_PAGE);
    seal_bytes("f", content, 5 * FH_PAGE);
    fh_buffer bytes = slurp("f");
    bytes.data[3 * FH_PAGE + 17] ^= 1;
    put_bytes("g", bytes.data, bytes.len);
    fh_error err;
    fh_sealed *f = open_sealed("g", NULL);
    assert_true(fh_sealed_need(f, 0, 3 * FH_PAGE));
    assert_true(fh_sealed_need(f, 4 * FH_PAGE, FH_PAGE));
    assert_int_equal(fh_sealed_status(f, NULL), FH_OK);
    assert_false(fh_sealed_need(f, 3 * FH_PAGE - 1, 2));
    assert_false(fh_sealed_need(f, 3 * FH_PAGE + 17, 1));
    assert_int_equal(fh_sealed_status(f, &err), FH_ECORRUPT);
    assert_non_null(strstr(err.message, "g is damaged at byte 12288"));
    fh_sealed_close(f);
    fh_buffer_free(&bytes);
    free(content);
}

/* Damage that comes after a page was verified is seen by a check, which looks again. */
static void a_check_trusts_nothing(void **state)
{
    (void)state;
    uint8_t *content = make_content(2 * FH_PAGE);
    seal_bytes("f", content, 2 * FH_PAGE);
    fh_sealed *f = open_sealed("f", NULL);
    assert_true(fh_sealed_need(f, 0, 2 * FH_PAGE));
    FILE *file = fopen("f", "r+");
    assert_int_equal(fseek(file, 100, SEEK_SET), 0);
    assert_int_equal(fputc(content[100] ^ 1, file), content[100] ^ 1);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(fh_sealed_check(f, NULL), FH_ECORRUPT);
    fh_sealed_close(f);
    free(content);
}

static void cut_and_grown_files_are_refused(void **state)
{
    (void)state;
    uint8_t *content = make_content(5000);
    fh_seal seal = seal_bytes("f", content, 5000);
    fh_buffer bytes = slurp("f");
    for (size_t len = 0; len < bytes.len; len++) {
        put_bytes("g", bytes.data, len);
        assert_int_equal(read_all("g", NULL), FH_ECORRUPT);
    }
    put_bytes("g", bytes.data, bytes.len);
    add_bytes("g", "\0", 1);
    assert_int_equal(read_all("g", NULL), FH_ECORRUPT);
    put_bytes("g", bytes.data, 4096);
    add_bytes("g", bytes.data, bytes.len);
    assert_int_equal(read_all("g", NULL), FH_ECORRUPT);
    put_bytes("g", bytes.data + 1, bytes.len - 1);
    assert_int_equal(read_all("g", &seal), FH_ECORRUPT);
    assert_int_equal(read_all("missing", NULL), FH_ENOTFOUND);
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(read_all("folder", NULL), FH_ECORRUPT);
    fh_buffer_free(&bytes);
    free(content);
}

static void another_file_is_refused(void **state)
{
    (void)state;
    fh_sealed *f;
    uint8_t *content = make_content(5000);
    fh_seal seal = seal_bytes("f", content, 5000);
    content[0] ^= 1;
    seal_bytes("g", content, 5000);
    assert_int_equal(read_all("g", NULL), FH_OK);
    assert_int_equal(read_all("g", &seal), FH_ECORRUPT);
    assert_int_equal(read_all("f", &seal), FH_OK);
    assert_int_equal(fh_sealed_open("f", "ELSE", 3, NULL, &f, NULL), FH_ECORRUPT);
    assert_int_equal(fh_sealed_open("f", KIND, 2, NULL, &f, NULL), FH_EUNSUPPORTED);
    assert_int_equal(fh_sealed_open("f", KIND, 4, NULL, &f, NULL), FH_OK);
    fh_sealed_close(f);
    free(content);
}

static void a_file_that_is_there_is_not_overwritten(void **state)
{
    (void)state;
    fh_sealer *s;
    put("f", "precious");
    assert_int_equal(fh_sealer_open("f", &s, NULL), FH_EIO);
    assert_null(s);
    fh_buffer bytes = slurp("f");
    assert_string_equal(bytes.data, "precious");
    fh_buffer_free(&bytes);
}

static void what_is_given_up_leaves_no_file(void **state)
{
    (void)state;
    fh_sealer *s;
    assert_int_equal(fh_sealer_open("f", &s, NULL), FH_OK);
    fh_sealer_add(s, "abc", 3);
    fh_sealer_close(s);
    assert_int_not_equal(access("f", F_OK), 0);
}

/* ---- Spools ---- */

static void spools_give_back_what_they_took(void **state)
{
    (void)state;
    static const size_t limits[] = {0, 1, 1000, 1 << 20};
    uint8_t *content = make_content(300000);
    for (size_t i = 0; i < 5; i++) {
        fh_spool *spool = i < 4 ? fh_spool_new("spool", limits[i]) : fh_spool_new(NULL, 10);
        fh_sealer *sealer;
        fh_seal seal;
        for (size_t at = 0, piece = 1; at < 300000; at += piece, piece = piece * 5 % 4001) {
            piece = piece < 300000 - at ? piece : 300000 - at;
            fh_spool_add(spool, content + at, piece);
        }
        assert_int_equal(fh_spool_len(spool), 300000);
        unlink("f");
        assert_int_equal(fh_sealer_open("f", &sealer, NULL), FH_OK);
        assert_int_equal(fh_spool_pour(spool, sealer, NULL), FH_OK);
        assert_int_equal(fh_spool_len(spool), 0);
        fh_spool_add(spool, "again", 5);
        assert_int_equal(fh_spool_pour(spool, sealer, NULL), FH_OK);
        assert_int_equal(fh_sealer_finish(sealer, KIND, 3, &seal, NULL), FH_OK);
        fh_sealer_close(sealer);
        fh_spool_free(spool);
        assert_int_not_equal(access("spool", F_OK), 0);
        fh_sealed *f = open_sealed("f", &seal);
        assert_int_equal(f->len, 300005);
        assert_true(fh_sealed_need(f, 0, f->len));
        assert_memory_equal(f->bytes, content, 300000);
        assert_memory_equal(f->bytes + 300000, "again", 5);
        fh_sealed_close(f);
    }
    free(content);
}

static void a_spool_takes_what_another_has(void **state)
{
    (void)state;
    static const size_t limits[] = {0, 700, 100000, 1 << 20};
    uint8_t *content = make_content(300000);
    for (size_t i = 0; i < 16; i++) {
        fh_spool *spool = fh_spool_new("spool", limits[i % 4]);
        fh_sealer *sealer;
        fh_seal seal;
        for (size_t at = 0, len = 1; at < 300000; at += len, len = len * 7 % 50021) {
            fh_spool *other = fh_spool_new("other", limits[i / 4]);
            len = len < 300000 - at ? len : 300000 - at;
            fh_spool_add(other, content + at, len / 3);
            fh_spool_add(other, content + at + len / 3, len - len / 3 - 1);
            fh_spool_append(spool, other);
            assert_int_equal(fh_spool_len(other), 0);
            fh_spool_free(other);
            fh_spool_add(spool, content + at + len - 1, 1);
        }
        assert_int_equal(fh_spool_len(spool), 300000);
        unlink("f");
        assert_int_equal(fh_sealer_open("f", &sealer, NULL), FH_OK);
        assert_int_equal(fh_spool_pour(spool, sealer, NULL), FH_OK);
        assert_int_equal(fh_sealer_finish(sealer, KIND, 3, &seal, NULL), FH_OK);
        fh_sealer_close(sealer);
        fh_spool_free(spool);
        fh_sealed *f = open_sealed("f", &seal);
        assert_true(fh_sealed_need(f, 0, 300000));
        assert_memory_equal(f->bytes, content, 300000);
        fh_sealed_close(f);
    }
    free(content);
}

static void a_spool_keeps_its_failure(void **state)
{
    (void)state;
    fh_sealer *sealer;
    fh_error err;
    fh_spool *spool = fh_spool_new("no/such/folder/spool", 10);
    fh_spool_add(spool, "0123456789abcdef", 16);
    assert_int_equal(fh_sealer_open("f", &sealer, NULL), FH_OK);
    assert_int_equal(fh_spool_pour(spool, sealer, &err), FH_EIO);
    assert_non_null(strstr(err.message, "no/such/folder/spool"));
    fh_sealer_close(sealer);
    fh_spool_free(spool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(any_length_comes_back),
        folder_test(what_lies_outside_is_refused),
        folder_test(every_flipped_byte_is_found),
        folder_test(pages_altered_with_their_sums_are_found),
        folder_test(only_what_is_read_is_verified),
        folder_test(a_check_trusts_nothing),
        folder_test(cut_and_grown_files_are_refused),
        folder_test(another_file_is_refused),
        folder_test(a_file_that_is_there_is_not_overwritten),
        folder_test(what_is_given_up_leaves_no_file),
        folder_test(spools_give_back_what_they_took),
        folder_test(a_spool_takes_what_another_has),
        folder_test(a_spool_keeps_its_failure),
    };
    return cmocka_run_group_tests_name("native sealed", tests, NULL, NULL);
}
