#include "indexer/json_line.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "indexer/json_scan.h"

/* Memory kept from one line to the next; what a giant line took is given back. */
#define UNESCAPED_KEPT (1024u * 1024)
#define NAMES_KEPT     1024u

/* Up to so many keys each is held to each, more are sorted. */
#define NAMES_FEW 24

/* The longest line there can be: places in it and among its texts fit into 32 bits. */
#define LINE_MAX_BYTES ((size_t)1 << 30)

typedef struct parser {
    fh_json_scan scan;
    fh_json_line *l;
    int depth;
} parser;

static bool pass_value(parser *p);

/* Does a number begin with C? */
static bool is_number(char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

/* NUMBER, read as REAL or as an integer, in the one way in which it is written. */
static bool write_number(parser *p, fh_str number, bool real, fh_str *text)
{
    fh_buffer *out = &p->l->unescaped;
    *text = fh_str_equal(number, FH_STR("-0")) ? FH_STR("0") : number;
    if (!real)
        return true;
    json_t *value = json_loadb(number.ptr, number.len, JSON_DECODE_ANY, NULL);
    if (!value || !fh_json_scan_room(&p->scan)) {
        json_decref(value);
        return fh_json_scan_fail_memory(&p->scan);
    }
    size_t begin = out->len;
    fh_json_write(value, out);
    json_decref(value);
    *text = (fh_str){out->data + begin, out->len - begin};
    return true;
}

/* ---- Keys ---- */

/* Remember the key NAME, which begins at START. */
static bool add_name(parser *p, const char *start, fh_str name)
{
    fh_json_line *l = p->l;
    if (l->name_count == l->name_capacity) {
        size_t wanted = l->name_capacity ? l->name_capacity * 2 : NAMES_KEPT;
        fh_json_name *more = reallocarray(l->names, wanted, sizeof *more);
        if (!more)
            return fh_json_scan_fail_memory(&p->scan);
        l->names = more;
        l->name_capacity = wanted;
    }
    bool plain = name.ptr >= p->scan.start && name.ptr < p->scan.end;
    size_t place =
        plain ? (size_t)(name.ptr - p->scan.start)
              : (size_t)(p->scan.end - p->scan.start) + (size_t)(name.ptr - l->unescaped.data);
    l->names[l->name_count++] = (fh_json_name){.start = (uint32_t)(start - p->scan.start),
                                               .text = (uint32_t)place,
                                               .len = (uint32_t)name.len};
    return true;
}

static const char *text_of(const parser *p, const fh_json_name *name)
{
    size_t len = (size_t)(p->scan.end - p->scan.start);
    return name->text < len ? p->scan.start + name->text
                            : p->l->unescaped.data + (name->text - len);
}

/* Order of lengths, of bytes, then of places. */
static int compare_names(const void *a, const void *b, void *context)
{
    const fh_json_name *one = a, *other = b;
    if (one->len != other->len)
        return one->len < other->len ? -1 : 1;
    int order = memcmp(text_of(context, one), text_of(context, other), one->len);
    return order ? order : (one->start > other->start) - (one->start < other->start);
}

static bool is_same(const parser *p, const fh_json_name *one, const fh_json_name *other)
{
    return one->len == other->len && memcmp(text_of(p, one), text_of(p, other), one->len) == 0;
}

static bool fail_name(parser *p, const fh_json_name *name)
{
    return fh_json_scan_fail_at(&p->scan, p->scan.start + name->start, "duplicate object key");
}

/* See that no key stands twice among those from FIRST on, and forget them: their object ends. */
static bool close_names(parser *p, size_t first)
{
    fh_json_name *names = p->l->names + first;
    size_t count = p->l->name_count - first;
    p->l->name_count = first;
    bool sorted = count > NAMES_FEW;
    if (sorted)
        qsort_r(names, count, sizeof *names, compare_names, p);
    for (size_t i = 1; i < count; i++) {
        for (size_t k = sorted ? i - 1 : 0; k < i; k++) {
            if (is_same(p, &names[k], &names[i]))
                return fail_name(p, &names[i]);
        }
    }
    return true;
}

/* The next key with its colon. */
static bool read_name(parser *p, fh_str *name)
{
    if (!fh_json_scan_take(&p->scan, '"'))
        return fh_json_scan_fail(&p->scan, "string or '}' expected");
    const char *start = p->scan.at - 1;
    if (!fh_json_scan_text(&p->scan, name) || !add_name(p, start, *name))
        return false;
    return fh_json_scan_take(&p->scan, ':') || fh_json_scan_fail(&p->scan, "':' expected");
}

/* ---- Values that nobody asked for ---- */

static bool pass_object(parser *p)
{
    size_t first = p->l->name_count;
    fh_str name;
    if (fh_json_scan_take(&p->scan, '}'))
        return true;
    do {
        if (!read_name(p, &name) || !pass_value(p))
            return false;
    } while (fh_json_scan_take(&p->scan, ','));
    if (!fh_json_scan_take(&p->scan, '}'))
        return fh_json_scan_fail(&p->scan, "'}' expected");
    return close_names(p, first);
}

static bool pass_array(parser *p)
{
    if (fh_json_scan_take(&p->scan, ']'))
        return true;
    do {
        if (!pass_value(p))
            return false;
    } while (fh_json_scan_take(&p->scan, ','));
    return fh_json_scan_take(&p->scan, ']') || fh_json_scan_fail(&p->scan, "']' expected");
}

/* A value of which all but its being sound is forgotten. */
static bool pass_deeper(parser *p)
{
    fh_str text;
    bool real;
    if (fh_json_scan_take(&p->scan, '"'))
        return fh_json_scan_text(&p->scan, &text);
    if (fh_json_scan_take(&p->scan, '{'))
        return pass_object(p);
    if (fh_json_scan_take(&p->scan, '['))
        return pass_array(p);
    if (p->scan.at == p->scan.end)
        return fh_json_scan_fail(&p->scan, "a value expected");
    if (is_number(*p->scan.at))
        return fh_json_scan_number(&p->scan, &text, &real);
    return fh_json_scan_word(&p->scan, *p->scan.at == 't'   ? FH_STR("true")
                                       : *p->scan.at == 'f' ? FH_STR("false")
                                                            : FH_STR("null"));
}

static bool pass_value(parser *p)
{
    if (++p->depth > FH_JSON_DEPTH_MAX) {
        fh_json_scan_space(&p->scan);
        return fh_json_scan_fail(&p->scan, "maximum parsing depth reached");
    }
    bool passed = pass_deeper(p);
    p->depth--;
    return passed;
}

/* ---- Values that were asked for ---- */

/* Append TEXT to what was joined from BEGIN on, unless it was unescaped to that very place. */
static void join(parser *p, size_t begin, fh_str text)
{
    fh_buffer *out = &p->l->unescaped;
    bool there = text.ptr == out->data + out->len - text.len && text.ptr >= out->data + begin;
    if (!there)
        fh_json_scan_append(&p->scan, text.ptr, text.len);
}

/* The elements of an array, behind its bracket. */
static bool read_array(parser *p, fh_json_value *value)
{
    fh_buffer *out = &p->l->unescaped;
    fh_str text;
    if (!fh_json_scan_room(&p->scan))
        return false;
    size_t begin = out->len;
    value->kind = FH_JSON_TEXTS;
    if (fh_json_scan_take(&p->scan, ']'))
        return true;
    do {
        if (!fh_json_scan_take(&p->scan, '"')) {
            value->kind = FH_JSON_ARRAY;
            if (!pass_value(p))
                return false;
            continue;
        }
        if (out->len > begin)
            fh_json_scan_append(&p->scan, "\n", 1);
        if (!fh_json_scan_text(&p->scan, &text))
            return false;
        join(p, begin, text);
    } while (fh_json_scan_take(&p->scan, ','));
    if (value->kind == FH_JSON_TEXTS)
        value->text = (fh_str){out->data + begin, out->len - begin};
    return fh_json_scan_take(&p->scan, ']') || fh_json_scan_fail(&p->scan, "']' expected");
}

static bool read_value(parser *p, fh_json_value *value)
{
    bool real;
    fh_json_scan_space(&p->scan);
    char c = p->scan.at < p->scan.end ? *p->scan.at : '\0';
    if (c == '"') {
        p->scan.at++;
        value->kind = FH_JSON_TEXT;
        return fh_json_scan_text(&p->scan, &value->text);
    }
    if (c == '[') {
        p->scan.at++;
        p->depth++;
        bool read = read_array(p, value);
        p->depth--;
        return read;
    }
    if (is_number(c)) {
        fh_str number;
        value->kind = FH_JSON_NUMBER;
        return fh_json_scan_number(&p->scan, &number, &real) &&
               write_number(p, number, real, &value->text);
    }
    value->kind = c == 'n' ? FH_JSON_NULL : FH_JSON_OTHER;
    return pass_value(p);
}

/* ---- The object ---- */

static fh_json_value *find(fh_str name, const fh_str *wanted, size_t count,
                           fh_json_value *values)
{
    for (size_t i = 0; i < count; i++) {
        if (fh_str_equal(name, wanted[i]))
            return &values[i];
    }
    return NULL;
}

static bool read_object(parser *p, const fh_str *wanted, size_t count, fh_json_value *values)
{
    fh_str name;
    if (!fh_json_scan_take(&p->scan, '{'))
        return fh_json_scan_fail(&p->scan, "'{' expected");
    if (fh_json_scan_take(&p->scan, '}'))
        return true;
    do {
        if (!read_name(p, &name))
            return false;
        fh_json_value *value = find(name, wanted, count, values);
        if (value && value->kind != FH_JSON_MISSING)
            return fail_name(p, &p->l->names[p->l->name_count - 1]);
        if (value ? !read_value(p, value) : !pass_value(p))
            return false;
    } while (fh_json_scan_take(&p->scan, ','));
    if (!fh_json_scan_take(&p->scan, '}'))
        return fh_json_scan_fail(&p->scan, "'}' expected");
    return close_names(p, 0);
}

static bool read_line(parser *p, const fh_str *wanted, size_t count, fh_json_value *values)
{
    if (!read_object(p, wanted, count, values))
        return false;
    fh_json_scan_space(&p->scan);
    return p->scan.at == p->scan.end || fh_json_scan_fail(&p->scan, "end of line expected");
}

static void forget(fh_json_line *l)
{
    if (l->unescaped.capacity > UNESCAPED_KEPT)
        fh_buffer_free(&l->unescaped);
    fh_buffer_clear(&l->unescaped);
    if (l->name_capacity > NAMES_KEPT) {
        free(l->names);
        l->names = NULL;
        l->name_capacity = 0;
    }
    l->name_count = 0;
}

static void forget_values(fh_json_value *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (fh_json_value){0};
}

fh_status fh_json_line_read(fh_json_line *l, fh_str line, const fh_str *wanted, size_t count,
                            fh_json_value *values, fh_error *err)
{
    fh_error own;
    const char *start = line.ptr ? line.ptr : "";
    fh_json_scan scan = {.start = start,
                         .at = start,
                         .end = start + line.len,
                         .unescaped = &l->unescaped,
                         .err = err ? err : &own};
    parser p = {.scan = scan, .l = l, .depth = 1};
    forget(l);
    forget_values(values, count);
    if (line.len >= LINE_MAX_BYTES || count > FH_JSON_WANTED_MAX)
        return fh_fail(err, FH_ELIMIT, "a line of %zu bytes", line.len);
    if (read_line(&p, wanted, count, values))
        return FH_OK;
    forget_values(values, count);
    return scan.err->status;
}

void fh_json_line_free(fh_json_line *l)
{
    fh_buffer_free(&l->unescaped);
    free(l->names);
    *l = (fh_json_line){0};
}
