#include "indexer/complete.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "engines/engine.h"
#include "indexer/listing.h"

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
static void straighten(fh_completing *c, fh_str *title)
{
    if (!has_control(*title))
        return;
    fh_buffer_clear(&c->title);
    for (size_t i = 0; i < title->len; i++) {
        bool control = has_control((fh_str){title->ptr + i, 1});
        bool spaced = c->title.len > 0 && c->title.data[c->title.len - 1] == ' ';
        if (!control || !spaced)
            fh_buffer_add_byte(&c->title, control ? ' ' : title->ptr[i]);
    }
    *title = fh_buffer_str(&c->title);
}

/* The id of an article that states none: where it was found. Names of files may be any bytes. */
static fh_str name_place(fh_completing *c, const fh_piece *piece, uint64_t line, uint64_t nth)
{
    fh_buffer_clear(&c->id);
    fh_utf8_repair(fh_listing_name(piece->name), &c->id);
    if (piece->format->many)
        fh_buffer_printf(&c->id, "#%" PRIu64, line);
    if (piece->format->many && nth > 1)
        fh_buffer_printf(&c->id, ".%" PRIu64, nth);
    return fh_buffer_str(&c->id);
}

/* What a WARC file says of a page: its address is its id there, whatever the page calls itself. */
static void add_record(const fh_piece *piece, fh_article *article)
{
    if (article->id.len == 0)
        article->id = piece->url;
    if (article->url.len == 0)
        article->url = piece->url;
    if (article->date.precision == FH_DATE_NONE)
        article->date = piece->date;
}

static fh_status check(const fh_article *article, fh_error *err)
{
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

fh_status fh_article_complete(fh_completing *c, const fh_piece *piece, uint64_t line,
                              uint64_t nth, fh_article *article, fh_error *err)
{
    if (piece->record > 0)
        add_record(piece, article);
    article->origin = fh_str_of(piece->name);
    if (article->id.len == 0)
        article->id = article->url.len > 0 ? article->url : name_place(c, piece, line, nth);
    if (article->source.len == 0)
        article->source = host_of(article->url);
    straighten(c, &article->title);
    return c->id.failed || c->title.failed ? fh_fail_memory(err) : check(article, err);
}

void fh_completing_free(fh_completing *c)
{
    fh_buffer_free(&c->id);
    fh_buffer_free(&c->title);
}
