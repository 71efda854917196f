#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/status.h"

static void fail_records_and_returns(void **state)
{
    (void)state;
    fh_error err = {0};
    assert_int_equal(fh_fail(&err, FH_EIO, "cannot open %s", "a.txt"), FH_EIO);
    assert_int_equal(err.status, FH_EIO);
    assert_string_equal(err.message, "cannot open a.txt");
    assert_int_equal(fh_fail(NULL, FH_ELIMIT, "unseen"), FH_ELIMIT);
    assert_int_equal(fh_fail_memory(&err), FH_ENOMEM);
    assert_string_equal(err.message, "out of memory");
}

/* A message of COUNT bytes, then Arabic letters of two bytes up to far behind the end. */
static void check_cut(size_t count)
{
    char letters[2 * FH_ERROR_MAX + 1];
    for (size_t i = 0; i < 2 * FH_ERROR_MAX; i += 2)
        memcpy(letters + i, "ق", 2);
    letters[2 * FH_ERROR_MAX] = '\0';
    fh_error err;
    fh_fail(&err, FH_EFORMAT, "%.*s%s", (int)count, "xxxx", letters);
    size_t len = strlen(err.message);
    assert_in_range(len, FH_ERROR_MAX - 4, FH_ERROR_MAX - 1);
    assert_int_equal((len - count) % 2, 0);
    assert_memory_equal(err.message + len - 2, "ق", 2);
}

static void long_message_is_cut_at_a_character(void **state)
{
    (void)state;
    check_cut(0);
    check_cut(1);
}

static void one_byte_too_long_is_cut(void **state)
{
    (void)state;
    fh_error err;
    fh_fail(&err, FH_EFORMAT, "%*s%s", FH_ERROR_MAX - 2, "", "ق");
    assert_int_equal(strlen(err.message), FH_ERROR_MAX - 2);
    assert_int_equal(err.message[FH_ERROR_MAX - 3], ' ');
}

static void message_that_just_fits_is_whole(void **state)
{
    (void)state;
    char text[FH_ERROR_MAX];
    memset(text, 'x', sizeof text - 1);
    memcpy(text + sizeof text - 3, "ق", 2);
    text[sizeof text - 1] = '\0';
    fh_error err;
    fh_fail(&err, FH_EFORMAT, "%s", text);
    assert_string_equal(err.message, text);
}

static void every_status_has_its_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < FH_STATUSES; i++) {
        assert_non_null(fh_status_text((fh_status)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(fh_status_text((fh_status)i), fh_status_text((fh_status)j));
    }
    assert_string_equal(fh_status_text(FH_STATUSES), "unknown status");
    assert_string_equal(fh_status_text((fh_status)-1), "unknown status");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_records_and_returns),
        cmocka_unit_test(long_message_is_cut_at_a_character),
        cmocka_unit_test(one_byte_too_long_is_cut),
        cmocka_unit_test(message_that_just_fits_is_whole),
        cmocka_unit_test(every_status_has_its_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
