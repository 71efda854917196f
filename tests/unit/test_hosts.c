#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "searcher/serve/hosts.h"

static bool is_ours(const char *host)
{
    return fh_host_is_ours(fh_str_of(host), FH_STR("news.lan,desk:8080"),
                           FH_STR("https://search.example.org:8443/find"));
}

static void names_of_this_machine_are_ours(void **state)
{
    (void)state;
    static const char *const ours[] = {"",
                                       "localhost",
                                       "LocalHost:8080",
                                       "localhost.",
                                       "a.localhost:1",
                                       "127.0.0.1",
                                       "127.9.8.7:80",
                                       "[::1]",
                                       "[::1]:8080",
                                       "news.lan",
                                       "News.LAN:3",
                                       "desk",
                                       "search.example.org",
                                       "search.example.org:443"};
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        assert_true(is_ours(ours[i]));
}

static void others_are_not(void **state)
{
    (void)state;
    static const char *const others[] = {"x",
                                         "example.org",
                                         "evil.example:8080",
                                         "localhost.evil.example",
                                         "notlocalhost",
                                         "128.0.0.1",
                                         "127.0.0.1.evil.example",
                                         "127.1",
                                         "0.0.0.0",
                                         "[::2]",
                                         "[::1",
                                         "::1",
                                         "[]",
                                         ":",
                                         ".",
                                         "news.lan.evil",
                                         "search.example.org.evil",
                                         "lan",
                                         ","};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (is_ours(others[i]))
            fail_msg("\"%s\" is taken for ours", others[i]);
}

static void nothing_is_allowed_by_nothing(void **state)
{
    (void)state;
    const fh_str none = {"", 0};
    assert_false(fh_host_is_ours(FH_STR("news.lan"), none, none));
    assert_false(fh_host_is_ours(FH_STR("."), none, FH_STR("/path")));
    assert_false(fh_host_is_ours(FH_STR(":80"), FH_STR(",,"), FH_STR("http://")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_this_machine_are_ours),
        cmocka_unit_test(others_are_not),
        cmocka_unit_test(nothing_is_allowed_by_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
