#include "indexer/json_write.h"

#include <string.h>

#include "base/dates.h"
#include "indexer/json_scan.h"

/* One byte that cannot stand in a JSON string as it is. */
static void write_special(char c, fh_buffer *out)
{
    static const char meanings[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *meaning = c ? strchr(meanings, c) : NULL;
    if (meaning) {
        fh_buffer_add_byte(out, '\\');
        fh_buffer_add_byte(out, letters[meaning - meanings]);
    } else if (c) {
        fh_buffer_printf(out, "\\u%04X", (unsigned)(unsigned char)c);
    } else {
        fh_buffer_add_str(out, FH_STR("\\uFFFD"));
    }
}

void fh_json_write_text(fh_str text, fh_buffer *out)
{
    const char *at = text.ptr, *end = at + text.len;
    fh_buffer_add_byte(out, '"');
    while (at < end) {
        const char *special = fh_json_special(at, end);
        fh_buffer_add(out, at, (size_t)(special - at));
        if (special < end)
            write_special(*special++, out);
        at = special;
    }
    fh_buffer_add_byte(out, '"');
}

/* A comma but for the first, and KEY. */
static void write_key(const char *key, fh_buffer *out)
{
    if (out->len > 0 && out->data[out->len - 1] != '{')
        fh_buffer_add_byte(out, ',');
    fh_buffer_add_byte(out, '"');
    fh_buffer_add_str(out, fh_str_of(key));
    fh_buffer_add_str(out, FH_STR("\":"));
}

static void write_field(const char *key, fh_str text, fh_buffer *out)
{
    if (text.len == 0)
        return;
    write_key(key, out);
    fh_json_write_text(text, out);
}

/* One element a line. */
static void write_keywords(fh_str lines, fh_buffer *out)
{
    if (lines.len == 0)
        return;
    write_key("keywords", out);
    fh_buffer_add_byte(out, '[');
    for (;;) {
        const char *feed = memchr(lines.ptr, '\n', lines.len);
        size_t len = feed ? (size_t)(feed - lines.ptr) : lines.len;
        fh_json_write_text((fh_str){lines.ptr, len}, out);
        if (!feed)
            break;
        fh_buffer_add_byte(out, ',');
        lines = (fh_str){feed + 1, lines.len - len - 1};
    }
    fh_buffer_add_byte(out, ']');
}

void fh_json_write_article(const fh_article *a, fh_buffer *out)
{
    char date[FH_DATE_TEXT_MAX];
    fh_buffer_add_byte(out, '{');
    write_field("id", a->id, out);
    write_field("title", a->title, out);
    write_field("url", a->url, out);
    write_field("source", a->source, out);
    write_field("section", a->section, out);
    if (a->date.precision != FH_DATE_NONE)
        write_field("date", fh_str_of(fh_date_format(a->date, date)), out);
    write_keywords(a->keywords, out);
    write_field("body", a->body, out);
    fh_buffer_add_str(out, FH_STR("}\n"));
}
