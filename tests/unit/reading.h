/*
 * For the tests of formats: articles and remarks out of bytes, as the reader would get them.
 */
#ifndef FH_TESTS_UNIT_READING_H
#define FH_TESTS_UNIT_READING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "indexer/format.h"

#define REMARKS_MAX 64

/* An input that is being read. Its remarks, but for details, are kept as `kind line: reason`. */
typedef struct reading {
    char path[64];
    const fh_format *format;
    fh_listener listener;
    fh_input *input;
    void *state;
    fh_article article;
    fh_error error;
    size_t remarks;
    char remark[REMARKS_MAX][256];
} reading;

static void hear_remark(void *context, const fh_remark *remark)
{
    static const char kinds[] = {
        [FH_REMARK_REFUSED] = 'R', [FH_REMARK_REPAIRED] = 'U', [FH_REMARK_WARNING] = 'W'};
    reading *r = context;
    if (remark->kind == FH_REMARK_DETAIL)
        return;
    if (r->remarks < REMARKS_MAX)
        snprintf(r->remark[r->remarks], sizeof r->remark[0], "%c %u: %s", kinds[remark->kind],
                 (unsigned)remark->line, remark->reason);
    r->remarks++;
}

/* Begin to read BYTES; what open() says. */
static inline fh_status begin_bytes(reading *r, const fh_format *format, const void *bytes,
                                    size_t len)
{
    *r = (reading){.path = "/tmp/fihris-test-reading.XXXXXX", .format = format};
    r->listener = (fh_listener){.hear = hear_remark, .context = r};
    int descriptor = mkstemp(r->path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(fh_input_open(r->path, &r->listener, &r->input, NULL), FH_OK);
    return format->open(r->input, &r->listener, &r->state, &r->error);
}

static inline void begin(reading *r, const fh_format *format, const char *text)
{
    assert_int_equal(begin_bytes(r, format, text, strlen(text)), FH_OK);
}

/* The next article comes. */
static inline void expect_article(reading *r)
{
    bool found;
    fh_status status = r->format->next(r->state, &found, &r->article, &r->error);
    if (status || !found)
        fail_msg("no article: %s", status ? r->error.message : "the end");
}

/* No article comes any more, for the reason STATUS. */
static inline void expect_end(reading *r, fh_status status)
{
    bool found;
    fh_article article;
    assert_int_equal(r->format->next(r->state, &found, &article, &r->error), status);
    assert_false(found);
}

static inline void end(reading *r)
{
    if (r->state)
        r->format->close(r->state);
    fh_input_close(r->input);
    unlink(r->path);
}

static inline void expect_text(fh_str got, const char *want)
{
    char *text = strndup(got.ptr ? got.ptr : "", got.len);
    assert_string_equal(text, want);
    free(text);
}

static inline void expect_remarks(const reading *r, size_t count, const char *const *want)
{
    for (size_t i = 0; i < count && i < r->remarks; i++)
        assert_string_equal(r->remark[i], want[i]);
    assert_int_equal(r->remarks, count);
}

#endif
