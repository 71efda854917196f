#include "indexer/decoder.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "indexer/html_charset.h"

/* So many whole characters of UTF-8, and nothing else, are UTF-8: no other text has them. */
#define CERTAIN_CHARACTERS 32

/* The most bytes a character takes in a character set that is read. */
#define CHARACTER_MAX 4

/* Room for the text of one call of iconv. */
#define STEP 8192

/* A conversion under way. The bytes of a character that is not whole yet wait in `tail`. */
typedef struct conversion {
    iconv_t cd;  /* (iconv_t)-1 when there is none */
    size_t unit; /* bytes to leave out when they are in no character */
    char tail[CHARACTER_MAX];
    size_t tail_len;
    size_t repairs;
} conversion;

static fh_status begin(conversion *c, const char *name, fh_error *err)
{
    *c = (conversion){.cd = iconv_open("UTF-8", name)};
    c->unit = strncmp(name, "UTF-16", 6) == 0 ? 2 : 1;
    if (c->cd != (iconv_t)-1)
        return FH_OK;
    return fh_fail(err, errno == ENOMEM ? FH_ENOMEM : FH_EUNSUPPORTED,
                   "this system cannot convert %s: convert it to UTF-8 first", name);
}

static void end(conversion *c)
{
    if (c->cd != (iconv_t)-1)
        iconv_close(c->cd);
    c->cd = (iconv_t)-1;
}

static void add_replacement(conversion *c, fh_buffer *out)
{
    char mark[FH_UTF8_MAX];
    fh_buffer_add(out, mark, fh_utf8_encode(FH_REPLACEMENT, mark));
    c->repairs++;
}

/* Convert TEXT as far as there are whole characters; what is left of it comes back. */
static fh_str convert(conversion *c, fh_str text, fh_buffer *out)
{
    char *in = (char *)text.ptr; /* iconv only reads, whatever its prototype says */
    size_t left = text.len;
    while (left > 0 && fh_buffer_reserve(out, STEP)) {
        char *to = out->data + out->len;
        size_t room = STEP;
        bool stuck = iconv(c->cd, &in, &left, &to, &room) == (size_t)-1;
        out->len = (size_t)(to - out->data);
        out->data[out->len] = '\0';
        if (stuck && errno == EINVAL)
            break;
        if (stuck && errno == EILSEQ) {
            size_t skip = left < c->unit ? left : c->unit;
            add_replacement(c, out);
            in += skip;
            left -= skip;
        }
    }
    return (fh_str){in, left};
}

/* Convert TEXT behind what waits in the tail, and let what is not whole wait there. */
static void convert_more(conversion *c, fh_str text, bool ends, fh_buffer *out)
{
    while (c->tail_len > 0 && text.len > 0) {
        c->tail[c->tail_len++] = *text.ptr++;
        text.len--;
        fh_str left = convert(c, (fh_str){c->tail, c->tail_len}, out);
        memmove(c->tail, left.ptr, left.len);
        c->tail_len = left.len;
    }
    if (text.len > 0) {
        text = convert(c, text, out);
        c->tail_len = text.len < CHARACTER_MAX ? text.len : 0;
        memcpy(c->tail, text.ptr, c->tail_len);
    }
    if (ends && c->tail_len > 0) {
        add_replacement(c, out);
        c->tail_len = 0;
    }
}

/* What TEXT declares itself to be, or the empty text. */
static fh_str find_declared(fh_str text)
{
    if (text.len > FH_DECLARATION_MAX)
        text.len = FH_DECLARATION_MAX;
    return fh_html_charset(text);
}

fh_status fh_decode(fh_str bytes, fh_str declared, fh_buffer *space, fh_str *text,
                    size_t *repairs, fh_charset *how, fh_error *err)
{
    *text = (fh_str){"", 0};
    *repairs = 0;
    fh_buffer_clear(space);
    size_t plain = fh_charset_plain(bytes);
    bool late = plain >= FH_CHARSET_SAMPLE_MAX;
    fh_charset_sample sample = {.bytes = bytes, .starts = !late, .ends = true};
    sample.declared = declared.len > 0 ? declared : find_declared(bytes);
    if (late)
        sample.bytes = (fh_str){bytes.ptr + plain, bytes.len - plain};
    fh_status status = fh_charset_decide(&sample, how, err);
    if (status)
        return status;
    bytes = (fh_str){bytes.ptr + how->mark, bytes.len - how->mark};
    if (fh_charset_is_utf8(how) && fh_utf8_valid(bytes) == bytes.len) {
        *text = bytes;
        return FH_OK;
    }
    if (fh_charset_is_utf8(how)) {
        *repairs = fh_utf8_repair(bytes, space);
    } else {
        conversion c;
        status = begin(&c, how->name, err);
        if (status)
            return status;
        convert_more(&c, bytes, true, space);
        *repairs = c.repairs;
        end(&c);
    }
    *text = fh_buffer_str(space);
    return space->failed ? fh_fail_memory(err) : FH_OK;
}

/* ---- As they come ---- */

/* Fewer bytes do not show a mark, or that every other one is zero. */
#define FIRST_BYTES 4

struct fh_decoder {
    fh_buffer held; /* what came since it is not clear what it is */
    fh_str declared;
    char declared_name[FH_DECLARATION_MAX];
    bool searched; /* for a declaration */
    bool passed;   /* something was given out: no mark comes any more */
    bool decided;
    fh_charset charset;
    conversion conversion;
};

fh_status fh_decoder_open(fh_decoder **out, fh_error *err)
{
    fh_decoder *d = calloc(1, sizeof *d);
    *out = d;
    if (!d)
        return fh_fail_memory(err);
    d->conversion.cd = (iconv_t)-1;
    return FH_OK;
}

void fh_decoder_close(fh_decoder *d)
{
    if (!d)
        return;
    end(&d->conversion);
    fh_buffer_free(&d->held);
    free(d);
}

const fh_charset *fh_decoder_charset(const fh_decoder *d)
{
    return d->decided ? &d->charset : NULL;
}

bool fh_decoder_passes(const fh_decoder *d)
{
    return d->decided && fh_charset_is_utf8(&d->charset);
}

size_t fh_decoder_repairs(const fh_decoder *d)
{
    return d->conversion.repairs;
}

/* Is TEXT UTF-8 beyond doubt, though its end may not have come? */
static bool is_certain(fh_str text)
{
    size_t characters = 0;
    while (text.len > 0) {
        size_t plain = fh_charset_plain(text);
        text.ptr += plain;
        text.len -= plain;
        uint32_t code;
        bool bad = false;
        size_t used = text.len > 0 ? fh_utf8_decode(text.ptr, text.len, &code, &bad) : 0;
        if (bad || used == 1)
            return bad && used == text.len && characters >= CERTAIN_CHARACTERS;
        characters += used > 0;
        text.ptr += used;
        text.len -= used;
    }
    return characters >= CERTAIN_CHARACTERS;
}

/* Does TEXT begin as markup does, so that a declaration may come? */
static bool is_markup(fh_str text)
{
    size_t i = 0;
    while (i < text.len && memchr(" \t\r\n", text.ptr[i], 4))
        i++;
    return i == text.len || text.ptr[i] == '<';
}

/* Look for a declaration, once enough has come to see it; false as long as it has not. */
static bool search(fh_decoder *d, bool ends)
{
    fh_str held = fh_buffer_str(&d->held);
    size_t wanted = is_markup(held) ? FH_DECLARATION_MAX : FIRST_BYTES;
    if (d->searched || (held.len < wanted && !ends))
        return d->searched;
    fh_str declared = find_declared(held);
    memcpy(d->declared_name, declared.ptr, declared.len);
    d->declared = (fh_str){d->declared_name, declared.len};
    d->searched = true;
    return true;
}

/* Give out the first LEN bytes of what is held, as they are. */
static void pass(fh_decoder *d, size_t len, fh_buffer *out)
{
    fh_buffer_add(out, d->held.data, len);
    memmove(d->held.data, d->held.data + len, d->held.len - len);
    d->held.len -= len;
    d->passed = true;
}

/*
 * Pass what is ASCII in every set. A long run of it, or its end, shows that it is not UTF-16.
 */
static void pass_plain(fh_decoder *d, fh_buffer *out)
{
    size_t plain = fh_charset_plain(fh_buffer_str(&d->held));
    if (plain > 0 && (d->passed || plain == d->held.len || plain >= FH_CHARSET_SAMPLE_MAX))
        pass(d, plain, out);
}

static fh_status decide(fh_decoder *d, bool ends, fh_error *err)
{
    fh_charset_sample sample = {fh_buffer_str(&d->held), !d->passed, ends, d->declared};
    fh_status status = fh_charset_decide(&sample, &d->charset, err);
    if (!status && !fh_charset_is_utf8(&d->charset))
        status = begin(&d->conversion, d->charset.name, err);
    d->decided = !status;
    return status;
}

/* Read BYTES as was decided. */
static void read_decided(fh_decoder *d, fh_str bytes, bool ends, fh_buffer *out)
{
    if (fh_charset_is_utf8(&d->charset))
        fh_buffer_add_str(out, bytes);
    else
        convert_more(&d->conversion, bytes, ends, out);
}

/* Hold BYTES back, decide when it can be, and give out what can be. */
static fh_status hold(fh_decoder *d, fh_str bytes, bool ends, fh_buffer *out, fh_error *err)
{
    fh_buffer_add_str(&d->held, bytes);
    if (d->held.failed || !search(d, ends))
        return FH_OK;
    pass_plain(d, out);
    fh_str held = fh_buffer_str(&d->held);
    bool full = ends || held.len >= FH_CHARSET_SAMPLE_MAX;
    if (!full && !is_certain(held))
        return FH_OK;
    fh_status status = decide(d, ends, err);
    if (status)
        return status;
    held.ptr += d->charset.mark;
    held.len -= d->charset.mark;
    read_decided(d, held, ends, out);
    fh_buffer_free(&d->held);
    return FH_OK;
}

fh_status fh_decoder_feed(fh_decoder *d, fh_str bytes, bool ends, fh_buffer *out, fh_error *err)
{
    fh_status status = FH_OK;
    if (d->decided)
        read_decided(d, bytes, ends, out);
    else
        status = hold(d, bytes, ends, out, err);
    if (!status && (out->failed || d->held.failed))
        status = fh_fail_memory(err);
    return status;
}
