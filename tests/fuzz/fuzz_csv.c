#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "indexer/format.h"
#include "tests/fuzz/target.h"

/*
 * Tables of any bytes.
 */

static void hear(void *context, const fh_remark *remark)
{
    uint64_t *lines = context;
    hold(remark->reason[0] != '\0', "a remark gives a reason");
    hold(remark->line <= *lines, "a remark names a line that is there");
}

static void check_article(const fh_article *a)
{
    const fh_str *const texts[] = {&a->id,     &a->title,   &a->body,    &a->url,
                                   &a->source, &a->section, &a->keywords};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        hold(fh_utf8_valid(*texts[i]) == texts[i]->len, "texts are valid UTF-8");
        hold(texts[i]->len == 0 || !memchr(texts[i]->ptr, '\0', texts[i]->len),
             "and have no NUL");
    }
}

static void read_all(void *state, size_t lines)
{
    uint64_t before = 0;
    bool found = true;
    for (size_t i = 0; found; i++) {
        fh_article article;
        fh_status status = fh_format_csv.next(state, &found, &article, NULL);
        hold(status == FH_OK || status == FH_EFORMAT, "read or refused");
        if (status)
            return;
        if (!found)
            continue;
        check_article(&article);
        uint64_t line = fh_format_csv.line(state);
        hold(line >= before + (i > 0) && line <= lines, "lines in their order");
        before = line;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
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
    fh_listener listener = {.hear = hear, .context = &lines};
    hold(fh_input_open(path, &listener, &input, NULL) == FH_OK, "an input");
    fh_status status = fh_format_csv.open(input, &listener, &state, NULL);
    hold(status == FH_OK || (status == FH_EFORMAT && !state), "opened or refused");
    fh_format_csv.looks((fh_str){(const char *)data, size});
    if (!status) {
        read_all(state, lines);
        fh_format_csv.close(state);
    }
    fh_input_close(input);
    close(file);
    return 0;
}
