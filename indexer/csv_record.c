#include "indexer/csv_record.h"

#include <string.h>

#include "indexer/text.h"

void fh_csv_free(fh_csv *c)
{
    fh_buffer_free(&c->held);
    fh_buffer_free(&c->values);
    fh_buffer_free(&c->clean);
}

fh_str fh_csv_field(const fh_csv *c, size_t number)
{
    size_t start = number > 0 ? c->record.ends[number - 1] : 0;
    fh_str all = fh_buffer_str(&c->values);
    return (fh_str){all.ptr + start, c->record.ends[number] - start};
}

/* ---- Lines ---- */

static void refuse(const fh_csv *c, const char *reason)
{
    fh_listener_tell(c->listener, FH_REMARK_REFUSED, fh_input_name(c->input), c->line, "%s",
                     reason);
}

/* Forget what has been given out, once that is most of what is held. */
static void settle(fh_csv *c)
{
    if (c->start < c->held.len - c->start)
        return;
    memmove(c->held.data, c->held.data + c->start, c->held.len - c->start);
    c->held.len -= c->start;
    c->record.at -= c->start;
    c->start = 0;
}

/* Hold one more line, or see that there is none. */
static fh_status fetch(fh_csv *c, fh_error *err)
{
    fh_str line;
    bool more;
    size_t repairs;
    fh_status status = fh_input_line(c->input, &line, &more, err);
    if (status)
        return status;
    c->ended = !more;
    if (!more)
        return FH_OK;
    status = fh_text_clean(line, &c->clean, &line, &repairs, err);
    if (status)
        return status;
    if (c->held.len > 0)
        settle(c);
    fh_buffer_add_str(&c->held, line);
    fh_buffer_add_byte(&c->held, '\n');
    c->repairs += repairs;
    return c->held.failed ? fh_fail_memory(err) : FH_OK;
}

/* ---- Records ---- */

static void end_field(fh_csv *c)
{
    fh_csv_record *r = &c->record;
    if (r->fields < FH_CSV_COLUMNS_MAX)
        r->ends[r->fields] = c->values.len;
    r->fields++;
}

/* Read on inside quotes; the quote that ends them is taken too. */
static fh_csv_outcome read_quoted(fh_csv *c)
{
    fh_csv_record *r = &c->record;
    while (r->at < c->held.len) {
        const char *from = c->held.data + r->at;
        const char *quote = memchr(from, '"', c->held.len - r->at);
        size_t len = quote ? (size_t)(quote - from) : c->held.len - r->at;
        fh_buffer_add(&c->values, from, len);
        r->at += len;
        if (!quote)
            break;
        /* A line ends in LF, so there is a byte behind the quote. */
        char next = quote[1];
        r->at += next == '"' ? 2 : 1;
        if (next == '"') {
            fh_buffer_add_byte(&c->values, '"');
            continue;
        }
        r->quoted = false;
        return next == c->separator || next == '\n' ? FH_CSV_WHOLE : FH_CSV_TORN;
    }
    return FH_CSV_OPEN;
}

/* Read a field without quotes, up to what ends it. */
static void read_plain(fh_csv *c)
{
    size_t from = c->record.at, at = from;
    while (c->held.data[at] != c->separator && c->held.data[at] != '\n')
        at++;
    fh_buffer_add(&c->values, c->held.data + from, at - from);
    c->record.at = at;
}

/*
 * Read on in the record at `start`, as far as it is held. QUOTES says whether they mean
 * anything.
 */
static fh_csv_outcome read_on(fh_csv *c, bool quotes)
{
    fh_csv_record *r = &c->record;
    for (;;) {
        if (!r->quoted && quotes && c->held.data[r->at] == '"') {
            r->quoted = true;
            r->at++;
        }
        if (r->quoted) {
            fh_csv_outcome quoted = read_quoted(c);
            if (quoted != FH_CSV_WHOLE)
                return quoted;
        } else {
            read_plain(c);
        }
        end_field(c);
        if (c->held.data[r->at++] == '\n')
            return FH_CSV_WHOLE;
    }
}

fh_csv_outcome fh_csv_begin(fh_csv *c, bool quotes)
{
    c->record.at = c->start;
    c->record.fields = 0;
    c->record.quoted = false;
    fh_buffer_clear(&c->values);
    return read_on(c, quotes);
}

/* Go on behind what is held from `start` up to END. */
static void pass_to(fh_csv *c, size_t end)
{
    for (; c->start < end; c->start++)
        c->line += c->held.data[c->start] == '\n';
}

void fh_csv_pass(fh_csv *c)
{
    pass_to(c, c->record.at);
}

void fh_csv_pass_line(fh_csv *c)
{
    const char *from = c->held.data + c->start;
    const char *feed = memchr(from, '\n', c->held.len - c->start);
    pass_to(c, c->start + (size_t)(feed - from) + 1);
}

/* A line is too long to be read: what is held is the beginning of its record. */
static void refuse_long(fh_csv *c, const char *reason)
{
    uint64_t line = c->line;
    c->line = fh_input_line_number(c->input);
    refuse(c, reason);
    if (line < c->line) {
        c->line = line;
        refuse(c, "a record with a line that is too long");
    }
    c->line = fh_input_line_number(c->input) + 1;
    c->start = 0;
    fh_buffer_clear(&c->held);
}

static fh_status fetch_or_refuse(fh_csv *c, fh_error *err)
{
    fh_error why = {0};
    fh_status status = fetch(c, &why);
    if (status == FH_ELIMIT) {
        refuse_long(c, why.message);
        return FH_OK;
    }
    return status ? fh_fail(err, status, "%s", why.message) : FH_OK;
}

fh_status fh_csv_reach(fh_csv *c, bool *found, fh_error *err)
{
    fh_status status = FH_OK;
    while (!status && !c->ended && c->start == c->held.len && !fh_listener_stops(c->listener))
        status = fetch_or_refuse(c, err);
    if (!status && fh_listener_stops(c->listener))
        status = fh_fail(err, FH_ESTOPPED, "stopped");
    *found = !status && c->start < c->held.len;
    return status;
}

/*
 * The quotes of the record at `start` are wrong: take its first line without them, or refuse
 * it.
 */
static fh_csv_outcome mend(fh_csv *c, const char *reason)
{
    if (c->separator == '\t')
        return fh_csv_begin(c, false);
    refuse(c, reason);
    fh_csv_pass_line(c);
    return FH_CSV_TORN;
}

/*
 * Does a failure to read more leave what is held? It comes again when that has been given out.
 */
static bool can_wait(fh_status status)
{
    return status == FH_EFORMAT || status == FH_EIO;
}

fh_status fh_csv_read(fh_csv *c, fh_csv_outcome *out, fh_error *err)
{
    fh_status status = FH_OK;
    *out = fh_csv_begin(c, true);
    while (!status && *out == FH_CSV_OPEN && !c->ended &&
           c->held.len - c->start <= FH_CSV_RECORD_MAX) {
        size_t before = c->held.len - c->start;
        status = fetch_or_refuse(c, err);
        if (!status && c->held.len - c->start < before)
            *out = FH_CSV_TORN;
        else if (!status && !c->ended)
            *out = read_on(c, true);
    }
    if ((status && !can_wait(status)) || *out == FH_CSV_WHOLE || c->held.len == c->start)
        return status;
    *out = mend(c, *out == FH_CSV_TORN
                       ? "text behind a closing quote, or a quote that is not doubled"
                   : c->ended || status ? "a quote is opened and never closed"
                                        : "a quote is not closed within 16 MiB");
    return FH_OK;
}
