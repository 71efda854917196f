/*
 * What the fuzz targets of formats share.
 */
#ifndef FH_TESTS_FUZZ_FORMAT_TARGET_H
#define FH_TESTS_FUZZ_FORMAT_TARGET_H

#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "indexer/format.h"
#include "tests/fuzz/target.h"

static inline void hear_reason(void *context, const fh_remark *remark)
{
    uint64_t *lines = context;
    hold(remark->reason[0] != '\0', "a remark gives a reason");
    hold(remark->line <= *lines, "a remark names a line that is there");
}

static inline void check_article(const fh_article *a)
{
    const fh_str *const texts[] = {&a->id,     &a->title,   &a->body,    &a->url,
                                   &a->source, &a->section, &a->keywords};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        hold(fh_utf8_valid(*texts[i]) == texts[i]->len, "texts are valid UTF-8");
        hold(texts[i]->len == 0 || !memchr(texts[i]->ptr, '\0', texts[i]->len),
             "and have no NUL");
    }
}

static inline void read_all(const fh_format *format, void *state, uint64_t apart,
                            uint64_t lines)
{
    uint64_t before = 0;
    bool found = true;
    for (size_t i = 0; found; i++) {
        fh_article article;
        fh_status status = format->next(state, &found, &article, NULL);
        hold(status == FH_OK || status == FH_EFORMAT, "read or refused");
        if (status)
            return;
        if (!found)
            continue;
        check_article(&article);
        uint64_t line = format->line(state);
        hold(line >= before + (i > 0 ? apart : 0) && line <= lines, "lines in their order");
        before = line;
    }
}

/*
 * Any bytes as a file of FORMAT: it is read or refused, its articles are UTF-8, and each stands at
 * least APART lines behind the one before.
 */
static inline int feed_format(const fh_format *format, uint64_t apart, const uint8_t *data,
                              size_t size)
{
    char path[64];
    uint64_t lines = 1;
    fh_input *input;
    void *state;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    int file = memfd_create("fuzz", 0);
    hold(file >= 0 && write(file, data, size) == (ssize_t)size, "a file in memory");
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    fh_listener listener = {.hear = hear_reason, .context = &lines};
    hold(fh_input_open(path, &listener, &input, NULL) == FH_OK, "an input");
    fh_status status = format->open(input, &listener, &state, NULL);
    hold(status == FH_OK || (status == FH_EFORMAT && !state), "opened or refused");
    format->looks((fh_str){(const char *)data, size});
    if (!status) {
        read_all(format, state, apart, lines);
        format->close(state);
    }
    fh_input_close(input);
    close(file);
    return 0;
}

#endif
