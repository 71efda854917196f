#include "indexer/nest.h"

#include <stdlib.h>
#include <string.h>

#include "indexer/archive.h"
#include "indexer/decoder.h"
#include "indexer/source.h"
#include "indexer/warc_page.h"
#include "indexer/wrapping.h"

/* What is open: archives in archives, and at the end perhaps a WARC file. */
#define LEVELS_MAX (FH_ARCHIVES_MAX + 1)

/* So much is waited for before it is decided what an input is. */
#define HEAD_MIN 6u

typedef struct level {
    char *name;
    fh_archive *archive; /* or */
    fh_warc *warc;
} level;

struct fh_nest {
    const fh_listener *listener;
    fh_listener in_record; /* adds the number of the record to what is said */
    fh_source *file;       /* as opened, until next() takes it; then it is in what follows */
    fh_bounds bounds;
    level levels[LEVELS_MAX];
    size_t depth;
    char *path;
    fh_input *input; /* of the last piece */
    fh_buffer name;  /* of the last piece */
    uint64_t record;
    uint64_t passed; /* records of a WARC file that are no pages */
    fh_buffer body;  /* of the last record */
    fh_buffer text;  /* the same, decoded */
};

/* Does this failure end all reading, and not only that of one member? */
static bool ends_all(const fh_nest *n, fh_status status)
{
    return status == FH_ENOMEM || status == FH_ESTOPPED ||
           (status && fh_listener_stops(n->listener));
}

static void refuse(const fh_nest *n, const char *name, const fh_error *why)
{
    fh_listener_tell(n->listener, FH_REMARK_REFUSED, name, 0, "%s", why->message);
}

/* ---- What the name and the first bytes say ---- */

static bool is_filter(fh_wrapping wrapping)
{
    return wrapping == FH_WRAPPED_GZIP || wrapping == FH_WRAPPED_OTHER;
}

/* See that what NAME says can be read at all. */
static fh_status check_name(const char *name, fh_error *err)
{
    fh_str inner = fh_str_of(name);
    const fh_format *format;
    fh_wrapping wrapping = fh_wrapping_by_name(inner, &inner);
    while (is_filter(wrapping))
        wrapping = fh_wrapping_by_name(inner, &inner);
    return wrapping == FH_WRAPPED_NOT ? fh_format_by_name(inner, &format, err) : FH_OK;
}

/*
 * Take the compression off SOURCE. *INNER, the name of what is in it, loses the endings that speak of
 * it; *KIND is what is left. Closes SOURCE when it fails.
 */
static fh_status unfilter(fh_nest *n, const char *name, fh_source **source, fh_str *inner,
                          fh_wrapping *kind, fh_error *err)
{
    fh_status status = FH_OK;
    for (int filters = 0; !status; filters++) {
        fh_str head, next;
        status = fh_source_peek(*source, HEAD_MIN, &head, err);
        if (!status && head.len == 0)
            status = fh_fail(err, FH_EFORMAT, "empty");
        if (status)
            break;
        fh_wrapping by_name = fh_wrapping_by_name(*inner, &next);
        fh_wrapping by_head = fh_wrapping_by_head(head);
        bool members = by_head == FH_WRAPPED_GZIP && fh_wrapping_holds_warc(head);
        *kind = by_name == FH_WRAPPED_WARC || members ? FH_WRAPPED_WARC : by_head;
        if (is_filter(by_name))
            *inner = next;
        if (!is_filter(*kind))
            return FH_OK;
        if (filters == FH_FILTERS_MAX)
            status =
                fh_fail(err, FH_ELIMIT, "compressed more than %d times over", FH_FILTERS_MAX);
        else if (*kind == FH_WRAPPED_GZIP)
            status = fh_source_gzip(*source, name, &n->bounds, n->listener, source, err);
        else
            status = fh_source_unpack(*source, &n->bounds, source, err);
    }
    fh_source_close(*source);
    *source = NULL;
    return status;
}

/*
 * What is in a source without compression: the name decides, and where it says nothing the beginning,
 * which showed KIND. *FORMAT is NULL when the text must decide.
 */
static fh_status decide(fh_source *source, fh_str inner, fh_wrapping *kind,
                        const fh_format **format, fh_error *err)
{
    fh_str head, rest;
    fh_wrapping by_name = fh_wrapping_by_name(inner, &rest);
    *format = NULL;
    if (*kind == FH_WRAPPED_WARC && by_name != FH_WRAPPED_ARCHIVE)
        by_name = FH_WRAPPED_WARC;
    if (by_name == FH_WRAPPED_ARCHIVE || by_name == FH_WRAPPED_WARC) {
        *kind = by_name;
        return FH_OK;
    }
    fh_status status = fh_format_by_name(inner, format, err);
    if (status || *format)
        *kind = FH_WRAPPED_NOT;
    else
        status = fh_source_peek(source, HEAD_MIN, &head, err);
    if (!status && !*format && fh_wrapping_is_pdf(head))
        *format = &fh_format_pdf;
    return status;
}

/* ---- Opening ---- */

/* An archive or a WARC file, on top of what is open. Takes SOURCE. */
static fh_status push(fh_nest *n, const char *name, fh_source *source, fh_wrapping kind,
                      fh_error *err)
{
    level top = {0};
    fh_status status = FH_OK;
    bool archive = kind == FH_WRAPPED_ARCHIVE;
    if (archive && n->depth >= FH_ARCHIVES_MAX)
        status = fh_fail(err, FH_ELIMIT, "an archive inside more than %d others",
                         FH_ARCHIVES_MAX - 1);
    else if (!(top.name = strdup(name)))
        status = fh_fail_memory(err);
    if (status)
        fh_source_close(source);
    else if (archive)
        status = fh_archive_open(source, n->depth > 0, &n->bounds, &top.archive, err);
    else
        status = fh_warc_open(source, &n->bounds, &top.warc, err);
    if (status) {
        free(top.name);
        return status;
    }
    fh_listener_tell(n->listener, FH_REMARK_DETAIL, name, 0, "read as %s",
                     archive ? "an archive" : "WARC");
    n->levels[n->depth++] = top;
    n->passed = 0;
    return FH_OK;
}

static void pop(fh_nest *n)
{
    level *top = &n->levels[--n->depth];
    fh_archive_close(top->archive);
    fh_warc_close(top->warc);
    free(top->name);
}

/* Choose by the text, and see that it is text. */
static fh_status look(fh_piece *piece, fh_error *err)
{
    fh_str head;
    if (piece->format && piece->format->raw)
        return FH_OK;
    fh_status status = fh_input_head(piece->input, &head, err);
    if (status)
        return status;
    const char *other = fh_input_not_text(head);
    if (head.len == 0)
        return fh_fail(err, FH_EFORMAT, "empty");
    if (other)
        return fh_fail(err, FH_EFORMAT, "%s", other);
    return piece->format ? FH_OK : fh_format_by_head(head, &piece->format, err);
}

/* SOURCE as a piece. Takes SOURCE. */
static fh_status open_piece(fh_nest *n, const char *name, fh_source *source,
                            const fh_format *format, fh_piece *piece, fh_error *err)
{
    *piece = (fh_piece){.name = name, .format = format, .listener = n->listener};
    bool raw = format && format->raw;
    fh_status status = fh_input_new(source, name, raw ? FH_BYTES_RAW : FH_BYTES_TEXT,
                                    n->listener, &piece->input, err);
    if (!status)
        status = look(piece, err);
    if (status) {
        fh_input_close(piece->input);
        *piece = (fh_piece){0};
    }
    return status;
}

/* Go into SOURCE: *FOUND a piece, or an archive to go through. Takes SOURCE. */
static fh_status enter(fh_nest *n, const char *name, fh_source *source, bool *found,
                       fh_piece *piece, fh_error *err)
{
    fh_wrapping kind;
    const fh_format *format = NULL;
    fh_str inner = fh_str_of(name);
    fh_status status = unfilter(n, name, &source, &inner, &kind, err);
    if (!status)
        status = decide(source, inner, &kind, &format, err);
    if (status) {
        fh_source_close(source);
        return status;
    }
    if (kind == FH_WRAPPED_ARCHIVE || kind == FH_WRAPPED_WARC)
        return push(n, name, source, kind, err);
    status = open_piece(n, name, source, format, piece, err);
    *found = !status;
    return status;
}

/* ---- Archives ---- */

/* Is MEMBER of a WACZ file one of those that only describe what is in its WARC files? */
static bool is_beside_warc(const level *top, const fh_member *member)
{
    fh_str inner;
    return fh_wrapping_is_wacz(fh_str_of(top->name)) &&
           fh_wrapping_by_name(fh_str_of(member->name), &inner) != FH_WRAPPED_WARC;
}

/* The next member of TOP. *DONE: there are no more. */
static fh_status next_member(fh_nest *n, level *top, bool *found, bool *done, fh_piece *piece,
                             fh_error *err)
{
    bool more;
    fh_member member;
    fh_source *source = NULL;
    fh_status status = fh_archive_next(top->archive, &more, &member, err);
    *done = status || !more;
    if (*done)
        return status;
    fh_buffer_clear(&n->name);
    fh_buffer_printf(&n->name, "%s!%s", top->name, member.name);
    if (n->name.failed)
        return fh_fail_memory(err);
    const char *name = n->name.data;
    fh_error why = member.refusal;
    if (is_beside_warc(top, &member)) {
        fh_listener_tell(n->listener, FH_REMARK_DETAIL, name, 0,
                         "passed over: it is no WARC file");
        return FH_OK;
    }
    if (member.hostile)
        fh_listener_tell(n->listener, FH_REMARK_WARNING, name, 0,
                         "its name leads out of the archive: it is kept as a name only");
    if (!why.status)
        check_name(name, &why);
    if (!why.status && !fh_archive_member(top->archive, &source, &why))
        enter(n, name, source, found, piece, &why);
    if (ends_all(n, why.status))
        return fh_fail(err, why.status, "%s", why.message);
    if (why.status)
        refuse(n, name, &why);
    return FH_OK;
}

/* ---- WARC files ---- */

/* PAGE as text that is UTF-8. */
static fh_status open_page(fh_nest *n, const fh_warc_page *page, fh_piece *piece, fh_error *err)
{
    char charset[FH_CHARSET_TEXT_MAX];
    fh_source *source;
    fh_charset how;
    fh_str text;
    size_t repairs;
    fh_status status =
        fh_decode(page->body, page->charset, &n->text, &text, &repairs, &how, err);
    if (status)
        return status;
    if (how.ground != FH_CHARSET_VALID)
        fh_listener_tell(&n->in_record, FH_REMARK_DETAIL, piece->name, 0,
                         "the character set is %s", fh_charset_describe(&how, charset));
    if (repairs > 0)
        fh_listener_tell(&n->in_record, FH_REMARK_REPAIRED, piece->name, 0,
                         "%zu character%s that %s has not replaced by U+FFFD", repairs,
                         repairs == 1 ? "" : "s", how.name);
    status = fh_source_memory(text, &source, err);
    if (!status)
        status =
            fh_input_new(source, piece->name, FH_BYTES_UTF8, &n->in_record, &piece->input, err);
    return status;
}

/* RECORD of TOP as a piece, if it is a page. */
static fh_status read_record(fh_nest *n, const level *top, const fh_warc_record *record,
                             fh_piece *piece, fh_error *err)
{
    fh_warc_page page;
    fh_status status = fh_warc_page_find(record, &n->body, &page, err);
    *piece = (fh_piece){.name = top->name,
                        .format = page.format,
                        .listener = &n->in_record,
                        .record = record->number,
                        .url = page.url,
                        .date = page.date};
    if (status || !page.format) {
        n->passed += !status;
        return status;
    }
    if (page.cut)
        fh_listener_tell(&n->in_record, FH_REMARK_WARNING, top->name, 0,
                         "the page was cut when it was archived");
    return open_page(n, &page, piece, err);
}

/* Say what is wrong in one text, in which the reason stands first: the report sorts by it. */
static void refuse_record(const fh_nest *n, const char *name, const fh_warc_record *record,
                          const fh_error *why)
{
    fh_error text;
    fh_fail(&text, why->status, "%s, in the record at byte %llu", why->message,
            (unsigned long long)record->offset);
    fh_listener_tell(&n->in_record, FH_REMARK_REFUSED, name, 0, "%s", text.message);
}

/* The next record of TOP. *DONE: there are no more. */
static fh_status next_record(fh_nest *n, const level *top, bool *found, bool *done,
                             fh_piece *piece, fh_error *err)
{
    fh_warc_record record;
    fh_error why = {0};
    fh_status status = fh_warc_next(top->warc, found, &record, &why);
    n->record = record.number;
    if (*found)
        status = read_record(n, top, &record, piece, &why);
    else
        *done = !status || fh_warc_ended(top->warc);
    *found = *found && piece->input;
    if (ends_all(n, status) || status == FH_EIO)
        return fh_fail(err, status, "%s", why.message);
    if (status)
        refuse_record(n, top->name, &record, &why);
    if (*done && n->passed > 0)
        fh_listener_tell(n->listener, FH_REMARK_DETAIL, top->name, 0,
                         "%llu records that are no pages were passed over",
                         (unsigned long long)n->passed);
    return FH_OK;
}

static void hear_in_record(void *context, const fh_remark *remark)
{
    const fh_nest *n = context;
    fh_remark placed = *remark;
    if (placed.line == 0)
        placed.line = n->record;
    n->listener->hear(n->listener->context, &placed);
}

static bool stop_in_record(void *context)
{
    const fh_nest *n = context;
    return fh_listener_stops(n->listener);
}

/* ---- The whole ---- */

fh_status fh_nest_open(const char *path, const fh_listener *listener, fh_nest **out,
                       fh_error *err)
{
    *out = NULL;
    fh_status status = check_name(path, err);
    if (status)
        return status;
    fh_nest *n = calloc(1, sizeof *n);
    if (!n)
        return fh_fail_memory(err);
    n->listener = listener;
    n->in_record = (fh_listener){.hear = hear_in_record, .stop = stop_in_record, .context = n};
    n->path = strdup(path);
    status = n->path ? fh_source_open(path, listener, &n->file, err) : fh_fail_memory(err);
    n->bounds.file = n->file;
    if (status)
        fh_nest_close(n);
    else
        *out = n;
    return status;
}

/* Go on with what lies on top. */
static fh_status go_on(fh_nest *n, bool *found, fh_piece *piece, fh_error *err)
{
    bool done = false;
    fh_error why = {0};
    const size_t depth = n->depth;
    level *top = &n->levels[depth - 1];
    fh_status status = top->warc ? next_record(n, top, found, &done, piece, &why)
                                 : next_member(n, top, found, &done, piece, &why);
    if (ends_all(n, status))
        return fh_fail(err, status, "%s", why.message);
    if (status)
        refuse(n, top->name, &why);
    if (status || done)
        pop(n);
    return FH_OK;
}

fh_status fh_nest_next(fh_nest *n, bool *found, fh_piece *piece, fh_error *err)
{
    fh_status status = FH_OK;
    *found = false;
    *piece = (fh_piece){0};
    fh_input_close(n->input);
    n->input = NULL;
    while (!status && !*found && (n->file || n->depth > 0)) {
        fh_source *file = n->file;
        n->file = NULL;
        if (fh_listener_stops(n->listener))
            status = fh_fail(err, FH_ESTOPPED, "stopped");
        else if (file)
            status = enter(n, n->path, file, found, piece, err);
        else
            status = go_on(n, found, piece, err);
    }
    n->input = piece->input;
    if (!*found)
        n->bounds.file = NULL;
    return status;
}

uint64_t fh_nest_offset(const fh_nest *n)
{
    return n->bounds.file ? fh_source_offset(n->bounds.file) : 0;
}

void fh_nest_close(fh_nest *n)
{
    if (!n)
        return;
    fh_input_close(n->input);
    while (n->depth > 0)
        pop(n);
    fh_source_close(n->file);
    fh_buffer_free(&n->name);
    fh_buffer_free(&n->body);
    fh_buffer_free(&n->text);
    free(n->path);
    free(n);
}
