#include "indexer/input.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "indexer/decoder.h"
#include "indexer/source.h"

#define CHUNK (256u * 1024)

/* One odd character in this many bytes is an accident, more is another kind of file. */
#define BYTES_AN_ODD_ONE 20

/* So many are an accident too where the text is short, unless it is made of them. */
#define ODD_ONES_FEW  8
#define BYTES_MADE_OF 4

/*
 * data[start, len) has been read and not yet been given out. A failure is kept until all that came
 * before it was given out.
 */
struct fh_input {
    const fh_listener *listener;
    fh_source *source;
    fh_decoder *decoder; /* NULL when bytes pass as they are */
    char *name;
    fh_buffer raw; /* bytes on their way through the decoder */
    fh_buffer data;
    size_t start;
    uint64_t line;
    bool told;  /* the character set */
    bool ended; /* the source has no more, or failed */
    fh_error failure;
};

fh_status fh_input_new(fh_source *source, const char *name, fh_input_bytes bytes,
                       const fh_listener *listener, fh_input **out, fh_error *err)
{
    *out = NULL;
    fh_input *in = calloc(1, sizeof *in);
    if (!in) {
        fh_source_close(source);
        return fh_fail_memory(err);
    }
    in->source = source;
    in->listener = listener;
    in->name = strdup(name);
    fh_status status = in->name ? FH_OK : fh_fail_memory(err);
    if (!status && bytes == FH_BYTES_TEXT)
        status = fh_decoder_open(&in->decoder, err);
    if (status)
        fh_input_close(in);
    else
        *out = in;
    return status;
}

fh_status fh_input_open(const char *path, const fh_listener *listener, fh_input **out,
                        fh_error *err)
{
    fh_source *source;
    *out = NULL;
    fh_status status = fh_source_open(path, listener, &source, err);
    if (!status)
        status = fh_source_gzip(source, path, NULL, listener, &source, err);
    return status ? status : fh_input_new(source, path, FH_BYTES_TEXT, listener, out, err);
}

void fh_input_close(fh_input *in)
{
    if (!in)
        return;
    fh_source_close(in->source);
    fh_decoder_close(in->decoder);
    fh_buffer_free(&in->raw);
    fh_buffer_free(&in->data);
    free(in->name);
    free(in);
}

const char *fh_input_name(const fh_input *in)
{
    return in->name;
}

uint64_t fh_input_line_number(const fh_input *in)
{
    return in->line;
}

/* Move what is left to the beginning, where there is room behind it again. */
static void settle(fh_input *in)
{
    if (in->start == 0)
        return;
    size_t left = in->data.len - in->start;
    memmove(in->data.data, in->data.data + in->start, left);
    in->data.len = left;
    in->start = 0;
}

/* Read one more chunk behind what is in TO. */
static fh_status read_chunk(fh_input *in, fh_buffer *to)
{
    size_t len = 0;
    if (!fh_buffer_reserve(to, CHUNK))
        return fh_fail_memory(&in->failure);
    fh_status status =
        fh_source_read(in->source, to->data + to->len, CHUNK, &len, &in->failure);
    to->len += len;
    in->ended = status || len == 0;
    return status;
}

/* Say what the character set is, once that is decided and unless it is as should be. */
static void tell_charset(fh_input *in)
{
    char text[FH_CHARSET_TEXT_MAX];
    const fh_charset *charset = fh_decoder_charset(in->decoder);
    if (in->told || !charset)
        return;
    in->told = true;
    if (charset->ground != FH_CHARSET_VALID)
        fh_listener_tell(in->listener, FH_REMARK_DETAIL, in->name, 0, "the character set is %s",
                         fh_charset_describe(charset, text));
}

static void tell_repairs(const fh_input *in)
{
    size_t repairs = fh_decoder_repairs(in->decoder);
    if (repairs > 0)
        fh_listener_tell(in->listener, FH_REMARK_REPAIRED, in->name, 0,
                         "%zu character%s that %s has not replaced by U+FFFD", repairs,
                         repairs == 1 ? "" : "s", fh_decoder_charset(in->decoder)->name);
}

/* Read one more chunk and decode it. What a failure cut short is decoded as far as it came. */
static fh_status decode_chunk(fh_input *in)
{
    fh_error why = {0};
    fh_buffer_clear(&in->raw);
    fh_status status = read_chunk(in, &in->raw);
    fh_status decoded =
        fh_decoder_feed(in->decoder, fh_buffer_str(&in->raw), in->ended, &in->data, &why);
    tell_charset(in);
    if (in->ended)
        tell_repairs(in);
    if (!status && decoded)
        status = fh_fail(&in->failure, decoded, "%s", why.message);
    return status;
}

/* Read one more chunk behind what is there. */
static void fill(fh_input *in)
{
    fh_status status = FH_OK;
    if (fh_listener_stops(in->listener))
        status = fh_fail(&in->failure, FH_ESTOPPED, "stopped");
    else if (in->decoder && !fh_decoder_passes(in->decoder))
        status = decode_chunk(in);
    else
        status = read_chunk(in, &in->data);
    if (!status && in->data.failed)
        status = fh_fail_memory(&in->failure);
    in->ended |= status != FH_OK;
}

/* Wait for the first text. */
static void begin(fh_input *in)
{
    while (!in->ended && in->data.len == 0)
        fill(in);
}

/*
 * The failure that ended the input, handed on. FH_ELIMIT is for a line that is passed over, and there is
 * no going on here.
 */
static fh_status fail_again(const fh_input *in, fh_error *err)
{
    fh_status status = in->failure.status == FH_ELIMIT ? FH_EFORMAT : in->failure.status;
    return fh_fail(err, status, "%s", in->failure.message);
}

static fh_str left_of(const fh_input *in)
{
    fh_str all = fh_buffer_str(&in->data);
    return (fh_str){all.ptr + in->start, all.len - in->start};
}

fh_status fh_input_head(fh_input *in, fh_str *head, fh_error *err)
{
    begin(in);
    *head = left_of(in);
    if (head->len == 0 && in->failure.status)
        return fail_again(in, err);
    if (head->len > FH_HEAD_MAX)
        head->len = FH_HEAD_MAX;
    return FH_OK;
}

static fh_status fail_long(fh_error *err)
{
    return fh_fail(err, FH_ELIMIT, "a line of more than %u MiB", FH_LINE_MAX >> 20);
}

/* Read on to the next line feed and forget all before it. */
static fh_status pass_line(fh_input *in, fh_error *err)
{
    const char *feed = NULL;
    in->start = in->data.len;
    while (!feed && !in->ended) {
        settle(in);
        fill(in);
        feed = memchr(in->data.data, '\n', in->data.len);
        in->start = feed ? (size_t)(feed - in->data.data) + 1 : in->data.len;
    }
    return fail_long(err);
}

/* Give out the next LEN bytes as a line, and go on SKIP bytes behind them. */
static fh_status give_line(fh_input *in, size_t len, size_t skip, fh_str *line, bool *found,
                           fh_error *err)
{
    *line = (fh_str){left_of(in).ptr, len};
    in->start += len + skip;
    *found = len <= FH_LINE_MAX;
    if (*found && len > 0 && line->ptr[len - 1] == '\r')
        line->len--;
    return *found ? FH_OK : fail_long(err);
}

fh_status fh_input_line(fh_input *in, fh_str *line, bool *found, fh_error *err)
{
    *line = (fh_str){0};
    *found = false;
    begin(in);
    in->line++;
    for (size_t seen = 0;;) { /* so many bytes from start hold no line feed */
        fh_str left = left_of(in);
        const char *feed =
            left.len > seen ? memchr(left.ptr + seen, '\n', left.len - seen) : NULL;
        if (feed)
            return give_line(in, (size_t)(feed - left.ptr), 1, line, found, err);
        if (left.len > FH_LINE_MAX)
            return pass_line(in, err);
        if (in->ended)
            break;
        seen = left.len;
        settle(in);
        fill(in);
    }
    if (in->failure.status)
        return fail_again(in, err);
    if (left_of(in).len > 0)
        return give_line(in, left_of(in).len, 0, line, found, err);
    in->line--;
    return FH_OK;
}

fh_status fh_input_rest(fh_input *in, fh_str *text, fh_error *err)
{
    *text = (fh_str){0};
    begin(in);
    while (!in->ended && left_of(in).len <= FH_LINE_MAX)
        fill(in);
    if (in->failure.status)
        return fail_again(in, err);
    if (left_of(in).len > FH_LINE_MAX)
        return fh_fail(err, FH_ELIMIT, "a text of more than %u MiB", FH_LINE_MAX >> 20);
    *text = left_of(in);
    in->start = in->data.len;
    return FH_OK;
}

fh_status fh_input_clean(fh_str text, fh_buffer *space, fh_str *clean, size_t *repairs,
                         fh_error *err)
{
    *clean = text;
    *repairs = 0;
    if (fh_utf8_valid(text) == text.len)
        return FH_OK;
    fh_buffer_clear(space);
    *repairs = fh_utf8_repair(text, space);
    *clean = fh_buffer_str(space);
    return space->failed ? fh_fail_memory(err) : FH_OK;
}

/* Does text use this character? Of the control characters only those that lay it out. */
static bool is_odd(uint32_t code, bool bad)
{
    return bad || (code < 0x20 && code != '\t' && code != '\n' && code != '\r' && code != '\f');
}

const char *fh_input_not_text(fh_str head)
{
    size_t odd = 0, nul = 0, at = 0;
    /* The last character may be cut by the end of the head. */
    while (at + FH_UTF8_MAX <= head.len) {
        uint32_t code;
        bool bad;
        at += fh_utf8_decode(head.ptr + at, head.len - at, &code, &bad);
        odd += is_odd(code, bad);
        nul += code == 0;
    }
    bool few = odd <= ODD_ONES_FEW && odd * BYTES_MADE_OF <= at;
    if (few || odd * BYTES_AN_ODD_ONE <= at)
        return NULL;
    return nul * BYTES_AN_ODD_ONE > at ? "not text" : "not UTF-8 text";
}
