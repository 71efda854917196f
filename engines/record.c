#include "engines/record.h"

#include <string.h>

#include "engines/lettercode.h"

#define VARINT_MAX  10
#define VARINT_BITS 7
#define FIELDS      7
#define TITLE_FIELD 1 /* the title's place among the fields */

/* The texts of a head in the order in which a record has them. */
static void list_fields(fh_article *a, fh_str *texts[static FIELDS])
{
    fh_str *order[] = {&a->id,      &a->title,    &a->url,   &a->source,
                       &a->section, &a->keywords, &a->origin};
    memcpy(texts, order, sizeof order);
}

static size_t write_varint(uint64_t value, char *out)
{
    size_t len = 0;
    for (; value >> VARINT_BITS; value >>= VARINT_BITS)
        out[len++] = (char)(0x80 | (value & 0x7F));
    out[len++] = (char)value;
    return len;
}

static void add_varint(fh_buffer *out, uint64_t value)
{
    char bytes[VARINT_MAX];
    fh_buffer_add(out, bytes, write_varint(value, bytes));
}

/* Append the code of TEXT; *LEN is its length. */
static void add_code(fh_buffer *out, fh_str text, size_t *len)
{
    *len = 0;
    if (text.len > FH_LETTERS_MAX || !fh_buffer_reserve(out, FH_LETTERS_CODED(text.len))) {
        out->failed = true;
        return;
    }
    *len = fh_letters_encode(text, out->data + out->len);
    out->len += *len;
    out->data[out->len] = '\0';
}

/* Append one field. Its coded length stands before the code and is known only after it. */
static void add_field(fh_buffer *out, fh_str text)
{
    add_varint(out, text.len);
    size_t start = out->len;
    size_t len;
    add_code(out, text, &len);
    char varint[VARINT_MAX];
    size_t shift = write_varint(len, varint);
    if (!fh_buffer_reserve(out, shift))
        return;
    memmove(out->data + start + shift, out->data + start, len);
    memcpy(out->data + start, varint, shift);
    out->len += shift;
}

void fh_record_add_head(fh_buffer *out, const fh_article *article)
{
    fh_article copy = *article;
    fh_str *fields[FIELDS];
    uint64_t seconds = (uint64_t)article->date.seconds;
    list_fields(&copy, fields);
    fh_buffer_add_byte(out, FH_RECORD_FORMAT);
    fh_buffer_add_byte(out, (char)article->date.precision);
    add_varint(out, article->date.seconds < 0 ? ~(seconds << 1) : seconds << 1);
    add_varint(out, article->body.len);
    for (size_t i = 0; i < FIELDS; i++)
        add_field(out, *fields[i]);
}

void fh_record_add_body(fh_buffer *out, const fh_article *article)
{
    size_t len;
    add_code(out, article->body, &len);
}

/* What is left to read of a record; `bad` once it was not what it should be. */
typedef struct cursor {
    const char *at;
    const char *end;
    bool bad;
} cursor;

static uint64_t take_varint(cursor *c)
{
    uint64_t value = 0;
    for (unsigned bits = 0; bits < 64 && c->at < c->end; bits += VARINT_BITS) {
        unsigned char byte = (unsigned char)*c->at++;
        value |= (uint64_t)(byte & 0x7F) << bits;
        if (byte < 0x80)
            return value;
    }
    c->bad = true;
    return 0;
}

/* The next LEN bytes, or nothing when there are fewer. */
static fh_str take_bytes(cursor *c, uint64_t len)
{
    if (c->bad || len > (uint64_t)(c->end - c->at)) {
        c->bad = true;
        return (fh_str){NULL, 0};
    }
    fh_str bytes = {c->at, (size_t)len};
    c->at += len;
    return bytes;
}

/* The date; false when it is none. */
static bool take_date(cursor *c, fh_date *date)
{
    fh_str precision = take_bytes(c, 1);
    uint64_t zigzag = take_varint(c);
    if (c->bad || (unsigned char)precision.ptr[0] > FH_DATE_SECOND)
        return false;
    uint64_t seconds = zigzag & 1 ? ~(zigzag >> 1) : zigzag >> 1;
    *date = (fh_date){(int64_t)seconds, (fh_precision)precision.ptr[0]};
    return true;
}

static fh_status fail_record(fh_error *err)
{
    return fh_fail(err, FH_ECORRUPT, "a stored article is damaged");
}

/* Decode CODE, which should give LEN bytes, into *TEXT. */
static fh_status decode_text(fh_str code, uint64_t len, fh_arena *arena, fh_str *text,
                             fh_error *err)
{
    size_t got;
    *text = (fh_str){NULL, 0};
    if (len > FH_LETTERS_DECODED((uint64_t)code.len))
        return fail_record(err);
    char *bytes = fh_arena_alloc(arena, (size_t)len + 1);
    if (!bytes)
        return fh_fail_memory(err);
    if (!fh_letters_decode(code, bytes, (size_t)len, &got) || got != len)
        return fail_record(err);
    *text = (fh_str){bytes, got};
    return FH_OK;
}

fh_status fh_record_read_body(fh_str bytes, uint64_t len, fh_arena *arena, fh_str *body,
                              fh_error *err)
{
    return decode_text(bytes, len, arena, body, err);
}

fh_status fh_record_read_head(fh_str bytes, fh_arena *arena, fh_article *article,
                              fh_record_sizes *sizes, fh_error *err)
{
    cursor c = {bytes.ptr, bytes.ptr + bytes.len, false};
    fh_article found = {0};
    fh_str *fields[FIELDS];
    fh_status status = FH_OK;
    list_fields(&found, fields);
    *sizes = (fh_record_sizes){0};
    if (article)
        *article = found;
    fh_str format = take_bytes(&c, 1);
    if (c.bad || format.ptr[0] != FH_RECORD_FORMAT || !take_date(&c, &found.date))
        return fail_record(err);
    uint64_t body = take_varint(&c);
    uint64_t title = 0;
    for (size_t i = 0; i < FIELDS && !status; i++) {
        uint64_t len = take_varint(&c);
        fh_str code = take_bytes(&c, take_varint(&c));
        title = i == TITLE_FIELD ? len : title;
        if (c.bad)
            status = fail_record(err);
        else if (article)
            status = decode_text(code, len, arena, fields[i], err);
    }
    if (status)
        return status;
    *sizes = (fh_record_sizes){(size_t)(c.at - bytes.ptr), body, title + body};
    if (article)
        *article = found;
    return FH_OK;
}
