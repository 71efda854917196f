#include "searcher/paint.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "searcher/marks.h"

#define LTR_ISOLATE 0x2066
#define RTL_ISOLATE 0x2067
#define POP_ISOLATE 0x2069

/* Narrower terminals are treated as if they had this many columns. */
#define WIDTH_MIN 20

static const char *const escapes[] = {[FH_STYLE_PLAIN] = "",
                                      [FH_STYLE_TITLE] = "\033[1m",
                                      [FH_STYLE_QUIET] = "\033[2m",
                                      [FH_STYLE_LIT] = "\033[1;31m",
                                      [FH_STYLE_LIT_TITLE] = "\033[1;31m"};

static bool make_room(fh_paragraph *p)
{
    if (p->count < p->capacity || p->failed)
        return !p->failed;
    size_t capacity = p->capacity ? 2 * p->capacity : 256;
    uint32_t *codes = realloc(p->codes, capacity * sizeof *codes);
    if (codes)
        p->codes = codes;
    unsigned char *styles = realloc(p->styles, capacity);
    if (styles)
        p->styles = styles;
    p->failed = !codes || !styles;
    if (!p->failed)
        p->capacity = capacity;
    return !p->failed;
}

static void add_code(fh_paragraph *p, uint32_t code, fh_style style)
{
    bool after_space = p->count == 0 || p->codes[p->count - 1] == ' ';
    if ((code == ' ' && after_space) || !make_room(p))
        return;
    p->codes[p->count] = code;
    p->styles[p->count++] = (unsigned char)style;
}

/* What is painted for CODE of a foreign text; 0: nothing. */
static uint32_t tame(uint32_t code)
{
    if (code == '\n' || code == '\t' || code == '\r' || code == 0x0085 || code == 0x2028 ||
        code == 0x2029)
        return ' ';
    return fh_mark_harmful(code) ? 0 : code;
}

void fh_paragraph_add(fh_paragraph *p, fh_str text, fh_style style,
                      const struct fh_span *matches, size_t count, fh_style lit)
{
    size_t bytes, span = 0;
    for (size_t at = 0; at < text.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        while (span < count && at >= matches[span].end)
            span++;
        bool inside = span < count && at >= matches[span].start;
        code = tame(code);
        if (code)
            add_code(p, code, inside ? lit : style);
    }
}

/* ---- Lines ---- */

static void emit(uint32_t code, fh_buffer *out)
{
    char bytes[FH_UTF8_MAX];
    fh_buffer_add(out, bytes, fh_utf8_encode(code, bytes));
}

/* COUNT characters; the style of the one at I is that of PLACES[I]. */
static void emit_styled(const uint32_t *codes, const unsigned char *styles,
                        const size_t *places, size_t count, bool colour, fh_buffer *out)
{
    unsigned char style = FH_STYLE_PLAIN;
    for (size_t i = 0; i < count; i++) {
        unsigned char wanted = styles[places ? places[i] : i];
        if (colour && wanted != style) {
            if (style != FH_STYLE_PLAIN)
                fh_buffer_add_str(out, FH_STR("\033[0m"));
            fh_buffer_add_str(out, fh_str_of(escapes[wanted]));
            style = wanted;
        }
        emit(codes[i], out);
    }
    if (style != FH_STYLE_PLAIN)
        fh_buffer_add_str(out, FH_STR("\033[0m"));
}

static void flush_logical(const fh_paragraph *p, const fh_paint *paint, const char *indent,
                          fh_buffer *out)
{
    bool isolate = paint->bidi == FH_BIDI_ISOLATE;
    fh_buffer_add_str(out, fh_str_of(indent));
    if (isolate)
        emit(fh_bidi_is_rtl(p->codes, p->count) ? RTL_ISOLATE : LTR_ISOLATE, out);
    emit_styled(p->codes, p->styles, NULL, p->count, paint->colour, out);
    if (isolate)
        emit(POP_ISOLATE, out);
    fh_buffer_add_byte(out, '\n');
}

/* How many characters from START on fit into COLUMNS, cut behind a space if there is one. */
static size_t fit(const fh_paragraph *p, size_t start, size_t columns)
{
    size_t used = 0, space = 0, i = start;
    for (; i < p->count && i - start < FH_BIDI_LINE_MAX; i++) {
        used += fh_bidi_width(p->codes[i]);
        if (used > columns)
            break;
        if (p->codes[i] == ' ')
            space = i + 1;
    }
    if (i == p->count)
        return i - start;
    if (space > start)
        return space - start;
    return i > start ? i - start : 1;
}

static size_t measure(const uint32_t *codes, size_t count)
{
    size_t columns = 0;
    for (size_t i = 0; i < count; i++)
        columns += fh_bidi_width(codes[i]);
    return columns;
}

/* One line in visual order; one that reads from the right stands at the right. */
static void emit_visual(fh_paragraph *p, size_t start, size_t count, bool rtl, size_t columns,
                        bool colour, fh_buffer *out)
{
    uint32_t codes[FH_BIDI_LINE_MAX];
    size_t places[FH_BIDI_LINE_MAX];
    while (count > 1 && p->codes[start + count - 1] == ' ')
        count--;
    memcpy(codes, p->codes + start, count * sizeof *codes);
    fh_bidi_order(codes, places, count, rtl);
    size_t used = measure(codes, count);
    for (size_t i = used; rtl && i < columns; i++)
        fh_buffer_add_byte(out, ' ');
    emit_styled(codes, p->styles + start, places, count, colour, out);
}

static void flush_visual(fh_paragraph *p, const fh_paint *paint, const char *indent,
                         fh_buffer *out)
{
    size_t margin = strlen(indent), columns = SIZE_MAX;
    if (paint->width > 0)
        columns = (paint->width < WIDTH_MIN ? WIDTH_MIN : paint->width) - margin;
    bool rtl = fh_bidi_is_rtl(p->codes, p->count);
    for (size_t start = 0; start < p->count;) {
        size_t count = fit(p, start, columns);
        if (start == 0)
            fh_buffer_add_str(out, fh_str_of(indent));
        for (size_t i = 0; start > 0 && i < margin; i++)
            fh_buffer_add_byte(out, ' ');
        emit_visual(p, start, count, rtl, paint->width > 0 ? columns : 0, paint->colour, out);
        fh_buffer_add_byte(out, '\n');
        start += count;
    }
}

void fh_paragraph_flush(fh_paragraph *p, const fh_paint *paint, const char *indent,
                        fh_buffer *out)
{
    out->failed = out->failed || p->failed;
    if (p->count > 0 && p->codes[p->count - 1] == ' ')
        p->count--;
    if (paint->bidi == FH_BIDI_VISUAL && p->count > 0)
        flush_visual(p, paint, indent, out);
    else
        flush_logical(p, paint, indent, out);
    p->count = 0;
}

void fh_paragraph_free(fh_paragraph *p)
{
    free(p->codes);
    free(p->styles);
    *p = (fh_paragraph){0};
}
