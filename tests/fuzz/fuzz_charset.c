#include "base/utf8.h"
#include "indexer/decoder.h"
#include "tests/fuzz/target.h"

/*
 * Character sets of any bytes. The first byte chooses a declaration and the size of the pieces in which
 * the rest comes.
 */

static void check_whole(fh_str bytes, fh_str declared)
{
    fh_buffer space = {0};
    fh_str text;
    fh_charset how;
    fh_error err = {0};
    size_t repairs;
    fh_status status = fh_decode(bytes, declared, &space, &text, &repairs, &how, &err);
    hold(status == FH_OK || status == FH_EFORMAT, "read or refused");
    if (status) {
        hold(text.len == 0 && !how.name && err.message[0],
             "nothing is owed, and a reason given");
    } else {
        hold(fh_utf8_valid(text) == text.len, "the text is valid UTF-8");
        hold(how.ground != FH_CHARSET_VALID || repairs == 0 ||
                 bytes.len > FH_CHARSET_SAMPLE_MAX,
             "valid UTF-8 is not repaired");
        hold(text.len <= bytes.len * 3, "no bytes grow beyond U+FFFD for each");
    }
    fh_buffer_free(&space);
}

static void check_pieces(fh_str bytes, size_t step)
{
    fh_decoder *d;
    fh_buffer out = {0};
    fh_status status = fh_decoder_open(&d, NULL);
    hold(status == FH_OK, "a decoder");
    for (size_t at = 0; !status && at < bytes.len; at += step) {
        size_t left = bytes.len - at;
        status = fh_decoder_feed(d, (fh_str){bytes.ptr + at, left < step ? left : step}, false,
                                 &out, NULL);
    }
    if (!status)
        status = fh_decoder_feed(d, (fh_str){"", 0}, true, &out, NULL);
    const fh_charset *how = fh_decoder_charset(d);
    hold(status == FH_EFORMAT || (!status && how), "decided or refused");
    fh_str text = fh_buffer_str(&out);
    if (!status && fh_decoder_passes(d)) {
        hold(text.len == bytes.len - how->mark, "UTF-8 passes");
        hold(memcmp(text.ptr, bytes.ptr + how->mark, text.len) == 0, "UTF-8 passes as it is");
    } else if (!status) {
        hold(fh_utf8_valid(text) == text.len, "what is converted is valid UTF-8");
    }
    fh_decoder_close(d);
    fh_buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const fh_str names[] = {{"", 0},          {"windows-1256", 12}, {"ISO-8859-6", 10},
                                   {"UTF-16LE", 8},  {"iso-8859-1", 10},   {"utf-8", 5},
                                   {"x-unknown", 9}, {"//\n\xFF", 4}};
    static const size_t steps[] = {1, 2, 7, 100, 5000};
    if (size == 0)
        return 0;
    fh_str bytes = {(const char *)data + 1, size - 1};
    check_whole(bytes, names[data[0] % (sizeof names / sizeof *names)]);
    size_t step = steps[data[0] / 8 % (sizeof steps / sizeof *steps)];
    check_pieces(bytes, bytes.len > 10000 ? 5000 : step);
    return 0;
}
