#include "indexer/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "indexer/complete.h"
#include "indexer/listing.h"
#include "indexer/nest.h"

#define FIRST_CAPACITY 64

struct fh_reader {
    const fh_reading *reading;
    fh_listing listing;
    bool *there;    /* for each input: is there anything of its name */
    size_t next;    /* the file to open when none is */
    uint64_t done;  /* bytes of the files behind us */
    fh_nest *nest;  /* the file that is open, or NULL */
    fh_piece piece; /* what is being read of it; its format is NULL when nothing is */
    void *state;    /* the format's */
    uint64_t line;  /* of the last article */
    uint64_t nth;   /* so many articles of the piece began on that line */
    fh_completing completing;
    fh_arena texts;     /* the names */
    const char **names; /* of what gave articles: files, members of archives */
    size_t count, capacity;
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

static void close_piece(fh_reader *r)
{
    if (r->state)
        r->piece.format->close(r->state);
    r->state = NULL;
    r->nth = 0;
    r->piece = (fh_piece){0};
}

static void close_file(fh_reader *r)
{
    close_piece(r);
    if (r->nest)
        r->done += r->listing.files[r->next - 1].bytes;
    fh_nest_close(r->nest);
    r->nest = NULL;
}

void fh_reader_close(fh_reader *r)
{
    if (!r)
        return;
    close_file(r);
    fh_listing_free(&r->listing);
    fh_completing_free(&r->completing);
    fh_arena_free(&r->texts);
    free(r->names);
    free(r->there);
    free(r);
}

bool fh_reader_has(const fh_reader *r, size_t input)
{
    return r->there[input];
}

void fh_reader_place(const fh_reader *r, uint32_t *file, uint64_t *line)
{
    *file = r->count > 0 ? (uint32_t)(r->count - 1) : 0;
    *line = r->line;
}

const char *fh_reader_file(const fh_reader *r, uint32_t file)
{
    return r->names[file];
}

void fh_reader_progress(const fh_reader *r, uint64_t *done, uint64_t *total)
{
    *total = r->listing.bytes;
    *done = r->done + (r->nest ? fh_nest_offset(r->nest) : 0);
    if (*done > *total)
        *total = 0;
}

/* ---- One text after the other ---- */

/* Refuse PATH, or what is left of it, for the reason in WHY. */
static void refuse_rest(const fh_reader *r, const char *path, const fh_error *why)
{
    const fh_piece *piece = &r->piece;
    const char *reason = why->message;
    size_t len = strlen(path);
    if (strncmp(reason, path, len) == 0 && strncmp(reason + len, ": ", 2) == 0)
        reason += len + 2;
    bool lines = piece->format && piece->format->many;
    fh_listener_tell(piece->format ? piece->listener : r->reading->listener, FH_REMARK_REFUSED,
                     path, lines ? fh_input_line_number(piece->input) : 0, "%s", reason);
}

/* Remember the name of the piece that gives an article. */
static fh_status keep_name(fh_reader *r, fh_error *err)
{
    const char *name = r->piece.name;
    if (r->count > 0 && strcmp(r->names[r->count - 1], name) == 0)
        return FH_OK;
    if (r->count == r->capacity) {
        size_t wanted = r->capacity ? r->capacity * 2 : FIRST_CAPACITY;
        const char **more = reallocarray(r->names, wanted, sizeof *more);
        if (!more)
            return fh_fail_memory(err);
        r->names = more;
        r->capacity = wanted;
    }
    fh_str copy = fh_arena_copy(&r->texts, fh_str_of(name));
    if (!copy.ptr)
        return fh_fail_memory(err);
    r->names[r->count++] = copy.ptr;
    return FH_OK;
}

/* Open the next text of the file that is open, or the next file. *FOUND: there is one. */
static fh_status open_next(fh_reader *r, bool *found, fh_error *err)
{
    const fh_listener *listener = r->reading->listener;
    fh_status status = FH_OK;
    *found = false;
    if (!r->nest) {
        const fh_listed *file = &r->listing.files[r->next++];
        status = fh_nest_open(file->path, listener, &r->nest, err);
        r->done += status ? file->bytes : 0;
    }
    if (!status)
        status = fh_nest_next(r->nest, found, &r->piece, err);
    if (status || !*found)
        return status;
    const fh_format *format = r->piece.format;
    status = format->open(r->piece.input, r->piece.listener, &r->state, err);
    if (!status && r->piece.record == 0)
        fh_listener_tell(listener, FH_REMARK_DETAIL, r->piece.name, 0, "read as %s",
                         format->name);
    return status;
}

/* Does this failure end the reading, and not only the reading of one file? */
static bool ends_all(const fh_reader *r, fh_status status)
{
    return status == FH_ENOMEM || status == FH_ESTOPPED ||
           (status && fh_listener_stops(r->reading->listener));
}

/* The line of the last article, or the record that it is. */
static uint64_t line_of(const fh_reader *r)
{
    const fh_format *format = r->piece.format;
    if (!format->many)
        return r->piece.record;
    return format->line ? format->line(r->state) : fh_input_line_number(r->piece.input);
}

/* Complete the article that was found; *KEPT unless it is refused. */
static fh_status finish(fh_reader *r, bool *kept, fh_article *article, fh_error *err)
{
    fh_error why;
    uint64_t line = line_of(r);
    r->nth = r->nth > 0 && line == r->line ? r->nth + 1 : 1;
    r->line = line;
    fh_status status =
        fh_article_complete(&r->completing, &r->piece, r->line, r->nth, article, &why);
    *kept = !status;
    if (!status)
        return keep_name(r, err);
    if (status == FH_ENOMEM)
        return fh_fail_memory(err);
    fh_listener_tell(r->piece.listener, FH_REMARK_REFUSED, r->piece.name, r->line, "%s",
                     why.message);
    return FH_OK;
}

fh_status fh_reader_next(fh_reader *r, bool *found, fh_article *article, fh_error *err)
{
    *found = false;
    while (!*found && (r->nest || r->next < r->listing.count)) {
        fh_error why = {0};
        bool more = r->state != NULL;
        if (fh_listener_stops(r->reading->listener))
            return fh_fail(err, FH_ESTOPPED, "stopped");
        fh_status status = more ? FH_OK : open_next(r, &more, &why);
        bool open = more;
        if (!status && open)
            status = r->piece.format->next(r->state, &more, article, &why);
        if (ends_all(r, status))
            return fh_fail(err, status == FH_ENOMEM ? FH_ENOMEM : FH_ESTOPPED, "%s",
                           why.message);
        if (status)
            refuse_rest(r, open ? r->piece.name : r->listing.files[r->next - 1].path, &why);
        more &= !status;
        if (more)
            status = finish(r, found, article, err);
        if (more && status)
            return status;
        if (!more && open)
            close_piece(r);
        else if (!open)
            close_file(r);
    }
    return FH_OK;
}
