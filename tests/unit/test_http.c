#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "indexer/http.h"

static void expect(fh_str got, const char *want)
{
    char *text = strndup(got.ptr ? got.ptr : "", got.len);
    assert_string_equal(text, want);
    free(text);
}

/* The body of RESPONSE is WANT. */
static void expect_body(fh_str response, const char *want)
{
    fh_buffer space = {0};
    fh_http http;
    fh_error err = {0};
    if (fh_http_read(response, &space, &http, &err))
        fail_msg("%s", err.message);
    expect(http.body, want);
    fh_buffer_free(&space);
}

static void expect_refusal(fh_str response, fh_status want, const char *reason)
{
    fh_buffer space = {0};
    fh_http http;
    fh_error err;
    assert_int_equal(fh_http_read(response, &space, &http, &err), want);
    assert_string_equal(err.message, reason);
    assert_int_equal(http.body.len, 0);
    fh_buffer_free(&space);
}

static void finds_headers(void **state)
{
    (void)state;
    fh_str headers =
        FH_STR("A: 1\r\nContent-Type :  text/HTML ; Charset=\"windows-1256\"\r\nA: 2\r\n\r\n");
    fh_str type = fh_headers_find(headers, "content-type");
    expect(fh_headers_find(headers, "a"), "1");
    expect(fh_headers_find(headers, "b"), "");
    expect(fh_headers_kind(type), "text/HTML");
    expect(fh_headers_parameter(type, "charset"), "windows-1256");
    expect(fh_headers_parameter(type, "boundary"), "");
    assert_int_equal(fh_headers_len(FH_STR("A: 1\r\n\r\nB")), 8);
    assert_int_equal(fh_headers_len(FH_STR("A: 1\n\nB")), 6);
    assert_int_equal(fh_headers_len(FH_STR("A: 1\r\n")), 0);
}

static void reads_bodies(void **state)
{
    (void)state;
    fh_http http;
    fh_buffer space = {0};
    assert_int_equal(
        fh_http_read(FH_STR("HTTP/1.0 404 Not Found\r\nA: 1\r\n\r\nbody"), &space, &http, NULL),
        FH_OK);
    assert_int_equal(http.status, 404);
    expect(http.headers, "A: 1\r\n\r\n");
    expect(http.body, "body");
    expect_refusal(FH_STR("body"), FH_EFORMAT, "no HTTP response");
    expect_refusal(FH_STR("HTTP/1.1 2x0 OK\r\n\r\n"), FH_EFORMAT, "no HTTP response");
    expect_refusal(FH_STR("HTTP/1.1 200 OK\r\nA: 1\r\n"), FH_EFORMAT, "no HTTP response");
    fh_buffer_free(&space);
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static void joins_chunks(void **state)
{
    (void)state;
    expect_body(FH_STR(CHUNKED "3\r\none\r\n0A;x=y\r\n two three\r\n0\r\n\r\n"),
                "one two three");
    expect_body(FH_STR(CHUNKED "000000000003\r\none\r\n0\r\n"), "one");
    expect_body(FH_STR(CHUNKED "<p>kept without its chunks"), "<p>kept without its chunks");
    expect_refusal(FH_STR(CHUNKED "9\r\none\r\n"), FH_EFORMAT, "the chunked body is cut");
    expect_refusal(FH_STR(CHUNKED "3\r\none\r\n"), FH_EFORMAT, "the chunked body is cut");
    expect_refusal(FH_STR(CHUNKED "3\r\none\r\nxyz\r\n"), FH_EFORMAT,
                   "the chunked body is damaged");
    expect_refusal(FH_STR(CHUNKED "FFFFFFFF\r\none\r\n"), FH_EFORMAT,
                   "the chunked body is cut");
}

/* A response with TEXT, LEN bytes, in that CODING, compressed for WINDOW, without its last CUT bytes. */
static fh_buffer respond(const char *coding, const void *text, size_t len, int window,
                         size_t cut)
{
    fh_buffer b = {0};
    z_stream z = {.next_in = (unsigned char *)text, .avail_in = (unsigned)len};
    fh_buffer_printf(&b, "HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\n\r\n", coding);
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    uLong room = deflateBound(&z, len);
    assert_true(fh_buffer_reserve(&b, room));
    z.next_out = (unsigned char *)b.data + b.len;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    b.len += room - z.avail_out - cut;
    deflateEnd(&z);
    return b;
}

static void expect_inflated(const char *coding, int window)
{
    fh_buffer b = respond(coding, "some text", 9, window, 0);
    expect_body(fh_buffer_str(&b), "some text");
    fh_buffer_free(&b);
}

static void inflates(void **state)
{
    (void)state;
    expect_inflated("gzip", 16 + MAX_WBITS);
    expect_inflated("x-gzip", 16 + MAX_WBITS);
    expect_inflated("deflate", MAX_WBITS);
    expect_inflated("deflate", -MAX_WBITS);
    expect_body(FH_STR("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\ninflated already"),
                "inflated already");
    expect_refusal(FH_STR("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nx"), FH_EUNSUPPORTED,
                   "no reader for the Content-Encoding br");
    fh_buffer b = respond("gzip", "some text", 9, 16 + MAX_WBITS, 9);
    expect_refusal(fh_buffer_str(&b), FH_EFORMAT, "the compressed body is cut");
    fh_buffer_free(&b);
}

static void bounds_what_comes_out(void **state)
{
    (void)state;
    size_t len = (size_t)FH_HTTP_BODY_MAX + 1;
    char *zeros = calloc(len, 1);
    fh_buffer b = respond("gzip", zeros, len, 16 + MAX_WBITS, 0);
    expect_refusal(fh_buffer_str(&b), FH_ELIMIT, "a body of more than 64 MiB");
    fh_buffer_free(&b);
    free(zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_headers),         cmocka_unit_test(reads_bodies),
        cmocka_unit_test(joins_chunks),          cmocka_unit_test(inflates),
        cmocka_unit_test(bounds_what_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
