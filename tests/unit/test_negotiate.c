#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "searcher/serve/keys.h"
#include "searcher/serve/limits.h"
#include "searcher/serve/listen.h"
#include "searcher/serve/negotiate.h"
#include "searcher/serve/routes.h"
#include "searcher/serve/wire.h"

static void gzip_is_taken_or_not(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip",       "GZIP", "deflate, gzip",
                                      "gzip;q=0.1", "*",    "br;q=1, x-gzip ; q=0.5",
                                      "*;q=0, gzip"};
    static const char *const no[] = {"",         "br",    "gzip;q=0", "gzip; q=0.000",
                                     "identity", "*;q=0", "gzipped",  "*, gzip;q=0",
                                     ",,;"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!fh_accepts_gzip(fh_str_of(yes[i])))
            fail_msg("%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (fh_accepts_gzip(fh_str_of(no[i])))
            fail_msg("%s", no[i]);
}

static void tags_are_known_or_not(void **state)
{
    (void)state;
    char one[FH_TAG_MAX], two[FH_TAG_MAX];
    const fh_str ab[] = {FH_STR("a"), FH_STR("b")}, split[] = {FH_STR("ab"), FH_STR("")};
    fh_str tag = fh_tag_make(7, ab, 2, one);
    assert_true(fh_str_starts(tag, FH_STR("W/\"7-")));
    assert_false(fh_str_equal(tag, fh_tag_make(7, split, 2, two)));
    assert_false(fh_str_equal(tag, fh_tag_make(8, ab, 2, two)));
    assert_true(fh_str_equal(tag, fh_tag_make(7, ab, 2, two)));
    assert_true(fh_tag_known(tag, tag));
    assert_true(fh_tag_known(FH_STR("*"), tag));
    assert_true(fh_tag_known(FH_STR(" \"x\" , \"y\""), FH_STR("W/\"y\"")));
    assert_false(fh_tag_known(FH_STR("\"xy\""), FH_STR("W/\"y\"")));
    assert_false(fh_tag_known(FH_STR(""), tag));
}

static void names_fit_or_not(void **state)
{
    (void)state;
    assert_true(fh_request_id_fits(FH_STR("a-B_9.")));
    assert_false(fh_request_id_fits(FH_STR("")));
    assert_false(fh_request_id_fits(FH_STR("a b")));
    assert_false(fh_request_id_fits((fh_str){"a\0b", 3}));
    assert_true(fh_host_fits(FH_STR("[::1]:8080")));
    assert_false(fh_host_fits(FH_STR("a/b")));
    assert_false(fh_host_fits(FH_STR("a\"b")));
}

static void addresses_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *host;
        unsigned port;
    } good[] = {{"127.0.0.1:8080", "127.0.0.1", 8080},
                {"localhost:1", "127.0.0.1", 1},
                {":65535", "::", 65535},
                {"[::1]:0", "::1", 0}};
    static const char *const bad[] = {
        "",       "8080",          "a",        "127.0.0.1",  "::1:80",
        "[::1]",  "[]:80",         "1.2.3:80", "x.org:1",    "1.2.3.4:x",
        "[::1]:", "1.2.3.4:65536", "[::1:80",  "1.2.3.4:-1", "1.2.3.4:99999999999"};
    fh_address a;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(fh_address_parse(fh_str_of(good[i].text), &a, NULL), FH_OK);
        assert_string_equal(a.host, good[i].host);
        assert_int_equal(a.port, good[i].port);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (fh_address_parse(fh_str_of(bad[i]), &a, NULL) != FH_EUSAGE)
            fail_msg("%s", bad[i]);
}

static fh_status read_keys(const char *text, fh_keys **keys)
{
    char path[] = "/tmp/fihris-test-keys.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    fh_status status = fh_keys_read(path, keys, NULL);
    unlink(path);
    return status;
}

static void keys_open_or_not(void **state)
{
    (void)state;
    fh_keys *keys;
    assert_int_equal(read_keys("# mine\n\n0123456789abcdef\r\nABCDEFGHIJKLMNOPQ", &keys),
                     FH_OK);
    assert_true(fh_keys_allow(keys, FH_STR("Bearer 0123456789abcdef")));
    assert_true(fh_keys_allow(keys, FH_STR("bearer ABCDEFGHIJKLMNOPQ")));
    assert_false(fh_keys_allow(keys, FH_STR("Bearer 0123456789abcdeF")));
    assert_false(fh_keys_allow(keys, FH_STR("Bearer 0123456789abcdef0")));
    assert_false(fh_keys_allow(keys, FH_STR("Bearer 0123456789abcde")));
    assert_false(fh_keys_allow(keys, FH_STR("Basic 0123456789abcdef")));
    assert_false(fh_keys_allow(keys, FH_STR("0123456789abcdef")));
    assert_false(fh_keys_allow(keys, FH_STR("Bearer # mine")));
    assert_false(fh_keys_allow(keys, FH_STR("")));
    assert_false(fh_keys_allow(keys, (fh_str){"Bearer 0123456789abcdef\0", 24}));
    fh_keys_free(keys);
    assert_int_equal(read_keys("", &keys), FH_EFORMAT);
    assert_int_equal(read_keys("tooshort\n", &keys), FH_EFORMAT);
    assert_int_equal(read_keys("0123456789 abcdef\n", &keys), FH_EFORMAT);
}

static void paths_have_routes(void **state)
{
    (void)state;
    fh_str argument;
    assert_string_equal(fh_route_find(FH_STR("/v1/search"), &argument)->name, "/v1/search");
    assert_string_equal(fh_route_find(FH_STR("/v1/articles/a/b"), &argument)->name,
                        "/v1/articles/{id}");
    assert_true(fh_str_equal(argument, FH_STR("a/b")));
    assert_null(fh_route_find(FH_STR("/v1/search/"), &argument));
    assert_null(fh_route_find(FH_STR("/v1/articles"), &argument));
    assert_null(fh_route_find(FH_STR(""), &argument));
    const fh_route *route = fh_route_find(FH_STR("/v1/stats"), &argument);
    assert_true(fh_route_takes(route, FH_STR("GET")));
    assert_true(fh_route_takes(route, FH_STR("HEAD")));
    assert_false(fh_route_takes(route, FH_STR("GE")));
    assert_false(fh_route_takes(route, FH_STR("GET, HEAD")));
    assert_false(fh_route_takes(route, FH_STR("")));
}

static void messages_come_through(void **state)
{
    (void)state;
    fh_buffer out = {0};
    const fh_ask ask = {.route = 3,
                        .timeout_ms = 17,
                        .gzip = true,
                        .argument = FH_STR("a"),
                        .known = FH_STR("k"),
                        .body = FH_STR("b")};
    fh_ask got;
    fh_wire_put_ask(&ask, &out);
    assert_int_equal(fh_wire_length(out.data), out.len - FH_WIRE_LENGTH);
    fh_str message = {out.data + FH_WIRE_LENGTH, out.len - FH_WIRE_LENGTH};
    assert_true(fh_wire_get_ask(message, &got));
    assert_int_equal(got.timeout_ms, 17);
    assert_true(got.gzip);
    assert_true(fh_str_equal(got.body, ask.body));
    assert_int_equal(got.parameters.len, 0);
    for (size_t len = 0; len < message.len; len++)
        assert_false(fh_wire_get_ask((fh_str){message.ptr, len}, &got));
    fh_buffer_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gzip_is_taken_or_not),  cmocka_unit_test(tags_are_known_or_not),
        cmocka_unit_test(names_fit_or_not),      cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(keys_open_or_not),      cmocka_unit_test(paths_have_routes),
        cmocka_unit_test(messages_come_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
