#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include <cmocka.h>

#include "indexer/http.h"
#include "indexer/warc.h"

/* ---- Records as they are written ---- */

static void add_record(fh_buffer *out, const char *name, const char *block)
{
    fh_buffer_printf(out,
                     "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: %s\r\n"
                     "Content-Length: %zu\r\n\r\n%s\r\n\r\n",
                     name, strlen(block), block);
}

/* Append TEXT as a gzip member. */
static void add_member(fh_buffer *out, fh_str text)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    uLong room = deflateBound(&z, text.len);
    assert_true(fh_buffer_reserve(out, room));
    z.next_in = (unsigned char *)text.ptr;
    z.avail_in = (unsigned)text.len;
    z.next_out = (unsigned char *)out->data + out->len;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->len += room - z.avail_out;
    deflateEnd(&z);
}

static void add_record_member(fh_buffer *out, const char *name, const char *block)
{
    fh_buffer record = {0};
    add_record(&record, name, block);
    add_member(out, fh_buffer_str(&record));
    fh_buffer_free(&record);
}

/* Read BYTES, and hold `NAME=BLOCK` for records and `!NUMBER@OFFSET REASON` for others to WANT. */
static void assert_records(fh_buffer *bytes, const char *want)
{
    fh_source *source;
    fh_warc *warc;
    fh_buffer notes = {0};
    assert_int_equal(fh_source_memory(fh_buffer_str(bytes), &source, NULL), FH_OK);
    fh_bounds bounds = {.file = source};
    assert_int_equal(fh_warc_open(source, &bounds, &warc, NULL), FH_OK);
    for (;;) {
        bool found;
        fh_error err;
        fh_warc_record record;
        fh_status status = fh_warc_next(warc, &found, &record, &err);
        if (status)
            fh_buffer_printf(&notes, "!%u@%u %s\n", (unsigned)record.number,
                             (unsigned)record.offset, err.message);
        if (found) {
            fh_str name = fh_headers_find(record.headers, "warc-target-uri");
            fh_buffer_printf(&notes, "%u %.*s=%.*s\n", (unsigned)record.number, (int)name.len,
                             name.ptr, (int)record.block.len, record.block.ptr);
        }
        if (status ? fh_warc_ended(warc) : !found)
            break;
    }
    assert_string_equal(fh_buffer_str(&notes).ptr, want);
    fh_warc_close(warc);
    fh_buffer_free(&notes);
    fh_buffer_free(bytes);
}

/* ---- Whole files ---- */

static void reads_records(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record(&b, "a", "one");
    add_record(&b, "b", "");
    add_record(&b, "c", "WARC/1.0\r\nnot a record\r\n\r\n");
    assert_records(&b, "1 a=one\n2 b=\n3 c=WARC/1.0\r\nnot a record\r\n\r\n\n");
}

static void reads_members(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record_member(&b, "a", "one");
    add_record_member(&b, "b", "two");
    fh_buffer_add(&b, "\0\0\0", 3);
    assert_records(&b, "1 a=one\n2 b=two\n");
}

static void reads_many_records_of_one_member(void **state)
{
    (void)state;
    fh_buffer records = {0}, b = {0};
    add_record(&records, "a", "one");
    add_record(&records, "b", "two");
    add_member(&b, fh_buffer_str(&records));
    assert_records(&b, "1 a=one\n2 b=two\n");
    fh_buffer_free(&records);
}

static void takes_line_feeds_alone(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_printf(&b, "WARC/1.1\nwarc-target-uri:a\ncontent-length:3\n\none\n\n");
    assert_records(&b, "1 a=one\n");
}

static void reads_nothing(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_printf(&b, "\r\n\r\n");
    assert_records(&b, "");
}

/* ---- Damage ---- */

static void goes_on_behind_foreign_text(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record(&b, "a", "one");
    unsigned at = (unsigned)b.len;
    fh_buffer_printf(&b, "foreign WARC/1.0\r\n");
    add_record(&b, "b", "two");
    char want[100];
    snprintf(want, sizeof want, "1 a=one\n!2@%u no WARC record begins here\n3 b=two\n", at);
    assert_records(&b, want);
}

static void goes_on_behind_a_bad_length(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_printf(&b, "WARC/1.0\r\nContent-Length: 3x\r\n\r\none\r\n\r\n");
    fh_buffer_printf(&b, "WARC/1.0\r\nContent-Length: 9999999999999999999\r\n\r\n\r\n");
    add_record(&b, "b", "two");
    assert_records(&b, "!1@0 no Content-Length that is a number\n"
                       "!2@39 no Content-Length that is a number\n3 b=two\n");
}

/* A record whose Content-Length, LENGTH, is too long. */
static void add_longer(fh_buffer *out, unsigned length)
{
    fh_buffer_printf(out, "WARC/1.0\r\nContent-Length: %u\r\n\r\none\r\n\r\n", length);
}

#define SWALLOWS "its Content-Length is too long: the next record begins inside it"

static void goes_on_inside_a_length_that_is_too_long(void **state)
{
    (void)state;
    const unsigned lengths[] = {20, 100, 5000};
    for (size_t i = 0; i < 3; i++) {
        fh_buffer b = {0}, members = {0};
        add_longer(&b, lengths[i]);
        add_record(&b, "b", "two");
        add_record(&b, "c", "three");
        add_member(&members, fh_buffer_str(&b));
        assert_records(&b, "!1@0 " SWALLOWS "\n2 b=two\n3 c=three\n");
        assert_records(&members, "!1@0 " SWALLOWS "\n2 b=two\n3 c=three\n");
    }
}

/* Each of them has all the others in its length; they must not be moved in memory for each. */
static void many_such_lengths_take_no_time(void **state)
{
    (void)state;
    const unsigned count = 200000;
    bool found;
    fh_buffer b = {0};
    fh_source *source;
    fh_warc *warc;
    fh_warc_record record;
    for (unsigned i = 0; i < count; i++)
        add_longer(&b, 60000000);
    assert_int_equal(fh_source_memory(fh_buffer_str(&b), &source, NULL), FH_OK);
    fh_bounds bounds = {.file = source};
    assert_int_equal(fh_warc_open(source, &bounds, &warc, NULL), FH_OK);
    clock_t begun = clock();
    for (unsigned i = 0; i < count; i++)
        assert_int_equal(fh_warc_next(warc, &found, &record, NULL), FH_EFORMAT);
    assert_true(clock() - begun < 5 * CLOCKS_PER_SEC);
    assert_true(fh_warc_ended(warc));
    fh_warc_close(warc);
    fh_buffer_free(&b);
}

static void goes_on_at_the_member_that_was_swallowed(void **state)
{
    (void)state;
    fh_buffer b = {0}, record = {0};
    add_longer(&record, 60);
    add_member(&b, fh_buffer_str(&record));
    add_record_member(&b, "b", "two");
    add_record_member(&b, "c", "three");
    assert_records(&b, "!1@0 " SWALLOWS "\n2 b=two\n3 c=three\n");
    fh_buffer_free(&record);
}

static void names_a_cut_record(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record(&b, "a", "one");
    unsigned at = (unsigned)b.len;
    add_record(&b, "b", "a longer block that is cut");
    b.len -= 10;
    char want[100];
    snprintf(want, sizeof want, "1 a=one\n!2@%u the record is cut\n", at);
    assert_records(&b, want);
}

static void names_cut_headers(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_printf(&b, "WARC/1.0\r\nContent-Length: 3\r\n");
    assert_records(&b, "!1@0 its headers are cut\n");
}

static void bounds_headers(void **state)
{
    (void)state;
    fh_buffer b = {0};
    fh_buffer_printf(&b, "WARC/1.0\r\n");
    for (unsigned i = 0; i < FH_WARC_HEADERS_MAX / 8; i++)
        fh_buffer_printf(&b, "x: 1234\r\n");
    fh_buffer_printf(&b, "\r\n");
    add_record(&b, "b", "two");
    assert_records(&b, "!1@0 headers of more than 64 KiB\n2 b=two\n");
}

static void passes_over_a_long_record(void **state)
{
    (void)state;
    fh_buffer b = {0};
    size_t len = (size_t)FH_WARC_BLOCK_MAX + 1;
    fh_buffer_printf(&b, "WARC/1.0\r\nContent-Length: %zu\r\n\r\n", len);
    assert_true(fh_buffer_reserve(&b, len));
    memset(b.data + b.len, '\n', len);
    b.len += len;
    add_record(&b, "b", "two");
    assert_records(&b, "!1@0 a record of more than 64 MiB\n2 b=two\n");
}

static void goes_on_at_the_next_member(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record_member(&b, "a", "one");
    size_t second = b.len;
    add_record_member(&b, "b", "two");
    size_t third = b.len;
    add_record_member(&b, "c", "three");
    b.data[third - 6] = (char)(b.data[third - 6] ^ 1); /* in the checksum of the second */
    char want[200];
    snprintf(want, sizeof want,
             "1 a=one\n!2@%zu the gzip data is damaged near byte %zu\n3 c=three\n", second,
             third - 4);
    assert_records(&b, want);
}

static void goes_on_behind_foreign_bytes(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record_member(&b, "a", "one");
    size_t at = b.len;
    fh_buffer_printf(&b, "\x1f\x8b\x08 is no member, nor is this");
    add_record_member(&b, "b", "two");
    size_t end = b.len;
    fh_buffer_printf(&b, "foreign");
    char want[200];
    snprintf(want, sizeof want,
             "1 a=one\n!2@%zu the gzip data is damaged near byte %zu\n3 b=two\n"
             "!4@%zu bytes that are no gzip near byte %zu\n",
             at, at + 4, end, end);
    assert_records(&b, want);
}

static void names_a_cut_member_once(void **state)
{
    (void)state;
    fh_buffer b = {0};
    add_record_member(&b, "a", "one");
    size_t at = b.len;
    add_record_member(&b, "b", "two");
    b.len -= 12;
    char want[200];
    snprintf(want, sizeof want, "1 a=one\n!2@%zu the gzip data is cut near byte %zu\n", at,
             b.len);
    assert_records(&b, want);
}

static void ends_at_a_bomb(void **state)
{
    (void)state;
    fh_buffer text = {0}, b = {0};
    size_t len = (size_t)FH_RATIO_FREE * 2;
    add_record_member(&b, "a", "one");
    size_t at = b.len;
    fh_buffer_printf(&text, "WARC/1.0\r\nContent-Length: %zu\r\n\r\n", len);
    assert_true(fh_buffer_reserve(&text, len));
    memset(text.data + text.len, ' ', len);
    text.len += len;
    add_member(&b, fh_buffer_str(&text));
    add_record_member(&b, "c", "three");
    fh_buffer_free(&text);
    char want[200];
    snprintf(want, sizeof want,
             "1 a=one\n!2@%zu more than 200 times as much comes out as was packed: a bomb\n",
             at);
    assert_records(&b, want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_records),
        cmocka_unit_test(reads_members),
        cmocka_unit_test(reads_many_records_of_one_member),
        cmocka_unit_test(takes_line_feeds_alone),
        cmocka_unit_test(reads_nothing),
        cmocka_unit_test(goes_on_behind_foreign_text),
        cmocka_unit_test(goes_on_behind_a_bad_length),
        cmocka_unit_test(goes_on_inside_a_length_that_is_too_long),
        cmocka_unit_test(many_such_lengths_take_no_time),
        cmocka_unit_test(goes_on_at_the_member_that_was_swallowed),
        cmocka_unit_test(names_a_cut_record),
        cmocka_unit_test(names_cut_headers),
        cmocka_unit_test(bounds_headers),
        cmocka_unit_test(passes_over_a_long_record),
        cmocka_unit_test(goes_on_at_the_next_member),
        cmocka_unit_test(goes_on_behind_foreign_bytes),
        cmocka_unit_test(names_a_cut_member_once),
        cmocka_unit_test(ends_at_a_bomb),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
