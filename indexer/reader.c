#include "indexer/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "engines/engine.h"
#include "indexer/format.h"
#include "indexer/listing.h"

struct fh_reader {
    const fh_reading *reading;
    fh_listing listing;
    bool *there;     /* for each input: is there anything of its name */
    size_t next;     /* the file to open when no input is */
    uint64_t done;   /* bytes of the files behind us */
    fh_input *input; /* the file that is open, or NULL */
    const fh_format *format;
    void *state;     /* the format's */
    uint64_t line;   /* of the last article */
    fh_buffer id;    /* of the last article, when it states none */
    fh_buffer title; /* of the last article, when it had more lines than one */
};

fh_status fh_reader_open(const fh_reading *reading, fh_reader **out, fh_error *err)
{
    *out = NULL;
    fh_reader *r = calloc(1, sizeof *r);
    if (!r)
        return fh_fail_memory(err);
    fh_status status = FH_OK;
    r->reading = reading;
    r->listing.index = reading->index;
    r->there = calloc(reading->count + 1, sizeof *r->there);
    if (!r->there)
        status = fh_fail_memory(err);
    for (size_t i = 0; i < reading->count && !status; i++)
        status = fh_listing_add(&r->listing, reading->inputs[i], reading->listener,
                                &r->there[i], err);
    if (status)
        fh_reader_close(r);
    else
        *out = r;
    return status;
}

static void close_input(fh_reader *r)
{
    if (r->state)
        r->format->close(r->state);
    if (r->input)
        r->done += r->listing.files[r->next - 1].bytes;
    fh_input_close(r->input);
    r->state = NULL;
    r->input = NULL;
}

void fh_reader_close(fh_reader *r)
{
    if (!r)
        return;
    close_input(r);
    fh_listing_free(&r->listing);
    fh_buffer_free(&r->id);
    fh_buffer_free(&r->title);
    free(r->there);
    free(r);
}

bool fh_reader_has(const fh_reader *r, size_t input)
{
    return r->there[input];
}

void fh_reader_place(const fh_reader *r, uint32_t *file, uint64_t *line)
{
    *file = r->next > 0 ? (uint32_t)(r->next - 1) : 0;
    *line = r->line;
}

const char *fh_reader_file(const fh_reader *r, uint32_t file)
{
    return r->listing.files[file].path;
}

void fh_reader_progress(const fh_reader *r, uint64_t *done, uint64_t *total)
{
    *total = r->listing.bytes;
    *done = r->done + (r->input ? fh_input_offset(r->input) : 0);
    if (*done > *total)
        *total = 0;
}

/* ---- One file after the other ---- */

/* Refuse the open file, or what is left of it, for the reason in WHY. */
static void refuse_rest(const fh_reader *r, const char *path, const fh_error *why)
{
    const char *reason = why->message;
    size_t len = strlen(path);
    if (strncmp(reason, path, len) == 0 && strncmp(reason + len, ": ", 2) == 0)
        reason += len + 2;
    bool lines = r->format && r->format->many && r->input;
    fh_listener_tell(r->reading->listener, FH_REMARK_REFUSED, path,
                     lines ? fh_input_line_number(r->input) : 0, "%s", reason);
}

/* See that the open file is text, and choose its format when its name did not. */
static fh_status choose(fh_reader *r, fh_error *err)
{
    fh_str head;
    fh_status status = fh_input_head(r->input, &head, err);
    if (status)
        return status;
    if (head.len == 0)
        return fh_fail(err, FH_EFORMAT, "empty");
    const char *other = fh_input_not_text(head);
    if (other)
        return fh_fail(err, FH_EFORMAT, "%s", other);
    return r->format ? FH_OK : fh_format_by_head(head, &r->format, err);
}

static fh_status open_next(fh_reader *r, fh_error *err)
{
    const char *path = r->listing.files[r->next++].path;
    fh_status status = fh_format_by_name(path, &r->format, err);
    if (!status)
        status = fh_input_open(path, r->reading->listener, &r->input, err);
    if (!status)
        status = choose(r, err);
    if (!status)
        status = r->format->open(r->input, r->reading->listener, &r->state, err);
    if (!status)
        fh_listener_tell(r->reading->listener, FH_REMARK_DETAIL, path, 0, "read as %s",
                         r->format->name);
    return status;
}

/* Does this failure end the reading, and not only the reading of one file? */
static bool ends_all(const fh_reader *r, fh_status status)
{
    return status == FH_ENOMEM || status == FH_ESTOPPED ||
           (status && fh_listener_stops(r->reading->listener));
}

/* ---- What the reader adds to an article ---- */

static bool is_blank(fh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!strchr(" \t\r\n\v\f", text.ptr[i]) || text.ptr[i] == '\0')
            return false;
    }
    return true;
}

static bool has_control(fh_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7F)
            return true;
    }
    return false;
}

/* The host of URL without its www., or the empty text. */
static fh_str host_of(fh_str url)
{
    const char *end = url.ptr + url.len;
    const char *at = url.len > 3 ? memmem(url.ptr, url.len, "://", 3) : NULL;
    if (!at)
        return (fh_str){"", 0};
    fh_str host = {at + 3, 0};
    while (host.ptr + host.len < end && !strchr("/?#:", host.ptr[host.len]))
        host.len++;
    if (fh_str_starts(host, FH_STR("www."))) {
        host.ptr += 4;
        host.len -= 4;
    }
    return host;
}

/* A title is one line: what breaks it becomes a space. */
static void straighten(fh_reader *r, fh_str *title)
{
    if (!has_control(*title))
        return;
    fh_buffer_clear(&r->title);
    for (size_t i = 0; i < title->len; i++) {
        bool control = has_control((fh_str){title->ptr + i, 1});
        bool spaced = r->title.len > 0 && r->title.data[r->title.len - 1] == ' ';
        if (!control || !spaced)
            fh_buffer_add_byte(&r->title, control ? ' ' : title->ptr[i]);
    }
    *title = fh_buffer_str(&r->title);
}

/* The id of an article that states none: where it was found. Names of files may be any bytes. */
static fh_str name_place(fh_reader *r, const char *path)
{
    fh_buffer_clear(&r->id);
    fh_utf8_repair(fh_listing_name(path), &r->id);
    if (r->format->many)
        fh_buffer_printf(&r->id, "#%" PRIu64, r->line);
    return fh_buffer_str(&r->id);
}

/* Fill in what the article does not state, and see whether it can be kept. */
static fh_status complete(fh_reader *r, fh_article *article, fh_error *err)
{
    const char *path = r->listing.files[r->next - 1].path;
    r->line = r->format->many ? fh_input_line_number(r->input) : 0;
    article->origin = fh_str_of(path);
    if (article->id.len == 0)
        article->id = article->url.len > 0 ? article->url : name_place(r, path);
    if (article->source.len == 0)
        article->source = host_of(article->url);
    straighten(r, &article->title);
    if (r->id.failed || r->title.failed)
        return fh_fail_memory(err);
    if (article->id.len > FH_ID_MAX)
        return fh_fail(err, FH_ELIMIT, "an id of %zu bytes, more than %d", article->id.len,
                       FH_ID_MAX);
    if (has_control(article->id))
        return fh_fail(err, FH_EFORMAT, "the id holds a control character");
    if (is_blank(article->title) && is_blank(article->body))
        return fh_fail(err, FH_EFORMAT, "neither title nor body");
    if (article->body.len > FH_BODY_MAX)
        return fh_fail(err, FH_ELIMIT, "a body of more than %u MiB", FH_BODY_MAX >> 20);
    return FH_OK;
}

fh_status fh_reader_next(fh_reader *r, bool *found, fh_article *article, fh_error *err)
{
    const fh_listener *listener = r->reading->listener;
    *found = false;
    while (r->input || r->next < r->listing.count) {
        fh_error why = {0};
        if (fh_listener_stops(listener))
            return fh_fail(err, FH_ESTOPPED, "stopped");
        fh_status status = r->state ? FH_OK : open_next(r, &why);
        bool more = false;
        if (!status)
            status = r->format->next(r->state, &more, article, &why);
        if (ends_all(r, status))
            return fh_fail(err, status == FH_ENOMEM ? FH_ENOMEM : FH_ESTOPPED, "%s",
                           why.message);
        if (status)
            refuse_rest(r, r->listing.files[r->next - 1].path, &why);
        if (!more) {
            close_input(r);
            continue;
        }
        status = complete(r, article, &why);
        *found = !status;
        if (!status || status == FH_ENOMEM)
            return status ? fh_fail(err, status, "%s", why.message) : FH_OK;
        fh_listener_tell(listener, FH_REMARK_REFUSED, r->listing.files[r->next - 1].path,
                         r->line, "%s", why.message);
    }
    return FH_OK;
}
