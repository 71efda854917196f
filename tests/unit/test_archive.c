#include <archive.h>
#include <archive_entry.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "indexer/archive.h"
#include "indexer/member_name.h"
#include "indexer/wrapping.h"

/* ---- Names ---- */

static void expect_name(fh_str name, bool hostile, const char *want)
{
    fh_buffer b = {0};
    assert_int_equal(fh_member_name(name, &b), hostile);
    assert_string_equal(fh_buffer_str(&b).ptr, want);
    fh_buffer_free(&b);
}

static void keeps_names_harmless(void **state)
{
    (void)state;
    expect_name(FH_STR("dir/\u062E\u0628\u0631.txt"), false, "dir/\u062E\u0628\u0631.txt");
    expect_name(FH_STR("././a.txt"), false, "a.txt");
    expect_name(FH_STR("a..b/...c"), false, "a..b/...c");
    expect_name(FH_STR("../../etc/passwd"), true, "%2E%2E/%2E%2E/etc/passwd");
    expect_name(FH_STR("a/../../b"), true, "a/%2E%2E/%2E%2E/b");
    expect_name(FH_STR("a/.."), true, "a/%2E%2E");
    expect_name(FH_STR("//etc/passwd"), true, "%2F%2Fetc/passwd");
    expect_name(FH_STR("a\n\x1b[31m\xC2\x85"), false, "a%0A%1B[31m%C2%85");
    expect_name(FH_STR("\xD3\xE1.txt"), false, "%D3%E1.txt");
    expect_name((fh_str){"a\0b", 3}, false, "a%00b");
    expect_name(FH_STR(""), false, "");
}

static void cuts_long_names(void **state)
{
    (void)state;
    char first[5000], second[5000];
    fh_buffer a = {0}, b = {0};
    memset(first, 'x', sizeof first);
    memset(second, 'x', sizeof second);
    second[4999] = 'y';
    fh_member_name((fh_str){first, sizeof first}, &a);
    fh_member_name((fh_str){second, sizeof second}, &b);
    assert_in_range(a.len, FH_MEMBER_NAME_MAX / 2, FH_MEMBER_NAME_MAX);
    assert_in_range(b.len, FH_MEMBER_NAME_MAX / 2, FH_MEMBER_NAME_MAX);
    assert_string_not_equal(a.data, b.data);
    fh_buffer_clear(&a);
    for (size_t i = 0; i < sizeof first; i += 3)
        memcpy(first + i, "../", sizeof first - i < 3 ? sizeof first - i : 3);
    assert_true(fh_member_name((fh_str){first, sizeof first}, &a));
    assert_in_range(a.len, FH_MEMBER_NAME_MAX / 2, FH_MEMBER_NAME_MAX);
    fh_buffer_free(&a);
    fh_buffer_free(&b);
}

static void knows_hidden_names(void **state)
{
    (void)state;
    assert_true(fh_member_hidden(FH_STR(".a")));
    assert_true(fh_member_hidden(FH_STR("a/.git/b")));
    assert_true(fh_member_hidden(FH_STR("__MACOSX/._a.txt")));
    assert_true(fh_member_hidden(FH_STR("..a")));
    assert_false(fh_member_hidden(FH_STR("./a.txt")));
    assert_false(fh_member_hidden(FH_STR("../a.b")));
    assert_false(fh_member_hidden(FH_STR("a")));
}

static void expect_wrapping(const char *name, fh_wrapping want, const char *want_inner)
{
    fh_str inner;
    assert_int_equal(fh_wrapping_by_name(fh_str_of(name), &inner), want);
    char *text = strndup(inner.ptr, inner.len);
    assert_string_equal(text, want_inner);
    free(text);
}

static void knows_wrappings(void **state)
{
    (void)state;
    expect_wrapping("a.jsonl.gz", FH_WRAPPED_GZIP, "a.jsonl");
    expect_wrapping("a.TXT.XZ", FH_WRAPPED_OTHER, "a.TXT");
    expect_wrapping("a.tgz", FH_WRAPPED_GZIP, ".tar");
    expect_wrapping("a.zip", FH_WRAPPED_ARCHIVE, "a.zip");
    expect_wrapping("a.wacz", FH_WRAPPED_ARCHIVE, "a.wacz");
    expect_wrapping("a.warc.gz", FH_WRAPPED_WARC, "a.warc.gz");
    expect_wrapping("a.txt", FH_WRAPPED_NOT, "a.txt");
    expect_wrapping("dir/.gz", FH_WRAPPED_NOT, "dir/.gz");
    assert_int_equal(fh_wrapping_by_head(FH_STR("BZh is a word")), FH_WRAPPED_NOT);
    assert_int_equal(fh_wrapping_by_head(FH_STR("BZh91AY&SY")), FH_WRAPPED_OTHER);
    assert_int_equal(fh_wrapping_by_head(FH_STR("PK")), FH_WRAPPED_NOT);
    assert_int_equal(fh_wrapping_by_head(FH_STR("")), FH_WRAPPED_NOT);
}

/* ---- Archives ---- */

typedef struct packed {
    struct archive *writer;
    char *bytes;
    size_t len;
} packed;

static void begin_zip(packed *p, size_t size)
{
    *p = (packed){.writer = archive_write_new(), .bytes = malloc(size)};
    archive_write_set_format_zip(p->writer);
    archive_write_set_bytes_in_last_block(p->writer, 1);
    assert_int_equal(archive_write_open_memory(p->writer, p->bytes, size, &p->len), ARCHIVE_OK);
}

static void add_entry(packed *p, const char *name, const void *bytes, size_t len)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)len);
    assert_int_equal(archive_write_header(p->writer, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(p->writer, bytes, len), len);
    archive_entry_free(entry);
}

static fh_archive *finish(packed *p, bool nested, fh_bounds *bounds)
{
    fh_source *source;
    fh_archive *archive;
    assert_int_equal(archive_write_free(p->writer), ARCHIVE_OK);
    assert_int_equal(fh_source_memory((fh_str){p->bytes, p->len}, &source, NULL), FH_OK);
    *bounds = (fh_bounds){.file = source};
    assert_int_equal(fh_archive_open(source, nested, bounds, &archive, NULL), FH_OK);
    return archive;
}

/* Read the next member to its end, or to a failure. Returns how much came. */
static uint64_t drain(fh_archive *archive, fh_status want, fh_error *err)
{
    bool found;
    fh_member member;
    fh_source *source;
    char bytes[65536];
    size_t len;
    uint64_t whole = 0;
    fh_status status;
    assert_int_equal(fh_archive_next(archive, &found, &member, err), FH_OK);
    assert_true(found);
    assert_int_equal(fh_archive_member(archive, &source, err), FH_OK);
    while (!(status = fh_source_read(source, bytes, sizeof bytes, &len, err)) && len > 0)
        whole += len;
    fh_source_close(source);
    assert_int_equal(status, want);
    return whole;
}

static void ends_a_bomb(void **state)
{
    (void)state;
    const size_t size = (size_t)FH_RATIO_FREE * 2;
    char *zeros = calloc(size, 1);
    packed p;
    begin_zip(&p, 1 << 20);
    add_entry(&p, "small.txt", "text", 4);
    add_entry(&p, "zeros.txt", zeros, size);
    add_entry(&p, "behind.txt", "text", 4);
    fh_bounds bounds;
    fh_error err;
    fh_archive *archive = finish(&p, false, &bounds);
    assert_int_equal(drain(archive, FH_OK, &err), 4);
    assert_in_range(drain(archive, FH_ELIMIT, &err), FH_RATIO_FREE - 65536,
                    FH_RATIO_FREE + 200 * p.len + 65536);
    assert_string_equal(err.message,
                        "more than 200 times as much comes out as was packed: a bomb");
    bool found;
    fh_member member;
    assert_int_equal(fh_archive_next(archive, &found, &member, &err), FH_EFORMAT);
    assert_false(found);
    fh_archive_close(archive);
    free(zeros);
    free(p.bytes);
}

static void lets_small_even_files_pass(void **state)
{
    (void)state;
    const size_t size = (size_t)FH_RATIO_FREE - 1;
    char *zeros = calloc(size, 1);
    packed p;
    begin_zip(&p, 1 << 20);
    add_entry(&p, "zeros.txt", zeros, size);
    fh_bounds bounds;
    fh_archive *archive = finish(&p, false, &bounds);
    assert_int_equal(drain(archive, FH_OK, NULL), size);
    fh_archive_close(archive);
    free(zeros);
    free(p.bytes);
}

static void counts_entries(void **state)
{
    (void)state;
    packed p;
    begin_zip(&p, 1 << 20);
    add_entry(&p, "a.txt", "a", 1);
    add_entry(&p, "b.txt", "b", 1);
    add_entry(&p, "c.txt", "c", 1);
    fh_bounds bounds;
    fh_error err;
    fh_archive *archive = finish(&p, false, &bounds);
    bounds.entries = FH_ENTRIES_MAX - 2;
    drain(archive, FH_OK, &err);
    drain(archive, FH_OK, &err);
    bool found;
    fh_member member;
    assert_int_equal(fh_archive_next(archive, &found, &member, &err), FH_ELIMIT);
    assert_false(found);
    fh_archive_close(archive);
    free(p.bytes);
}

static void finds_no_member_in_nothing(void **state)
{
    (void)state;
    packed p;
    begin_zip(&p, 1 << 16);
    fh_bounds bounds;
    fh_error err;
    fh_archive *archive = finish(&p, false, &bounds);
    bool found;
    fh_member member;
    assert_int_equal(fh_archive_next(archive, &found, &member, &err), FH_EFORMAT);
    assert_string_equal(err.message, "an archive with nothing in it");
    fh_archive_close(archive);
    free(p.bytes);
}

/* ---- Sources ---- */

static void looks_ahead_without_losing(void **state)
{
    (void)state;
    char text[200000], bytes[1000];
    size_t at = 0, len;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7 + i / 256);
    fh_source *source;
    assert_int_equal(fh_source_memory((fh_str){text, sizeof text}, &source, NULL), FH_OK);
    for (int round = 0; at < sizeof text; round++) {
        fh_str head;
        assert_int_equal(fh_source_peek(source, 1 + (size_t)(round * 37) % 3000, &head, NULL),
                         FH_OK);
        assert_memory_equal(head.ptr, text + at, head.len);
        fh_source_skip(source, head.len / 3);
        at += head.len / 3;
        assert_int_equal(fh_source_read(source, bytes, sizeof bytes, &len, NULL), FH_OK);
        assert_memory_equal(bytes, text + at, len);
        at += len;
        assert_int_equal(fh_source_offset(source), at);
    }
    assert_int_equal(fh_source_read(source, bytes, sizeof bytes, &len, NULL), FH_OK);
    assert_int_equal(len, 0);
    fh_source_close(source);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_names_harmless),
        cmocka_unit_test(cuts_long_names),
        cmocka_unit_test(knows_hidden_names),
        cmocka_unit_test(knows_wrappings),
        cmocka_unit_test(ends_a_bomb),
        cmocka_unit_test(lets_small_even_files_pass),
        cmocka_unit_test(counts_entries),
        cmocka_unit_test(finds_no_member_in_nothing),
        cmocka_unit_test(looks_ahead_without_losing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
