#include "base/json.h"
#include "base/utf8.h"
#include "indexer/json_line.h"
#include "tests/fuzz/target.h"

/*
 * Any bytes as a line: our reader takes it when jansson does, and finds the same under each key.
 */

#define WANTED 4

static const char *const wanted_keys[WANTED] = {"id", "title", "keywords", "\xD9\x85"};

static void hold_line(bool true_or_die, const char *what, fh_str line)
{
    if (true_or_die)
        return;
    fprintf(stderr, "# broken: %s: %.*s\n", what, (int)(line.len < 400 ? line.len : 400),
            line.ptr);
    abort();
}

/* What jansson makes of an array: its texts, one a line, or FH_JSON_ARRAY. */
static fh_json_kind join_texts(const json_t *array, fh_buffer *text)
{
    size_t i;
    const json_t *element;
    json_array_foreach(array, i, element)
    {
        if (!json_is_string(element))
            return FH_JSON_ARRAY;
        if (text->len > 0)
            fh_buffer_add_byte(text, '\n');
        fh_buffer_add(text, json_string_value(element), json_string_length(element));
    }
    return FH_JSON_TEXTS;
}

static fh_json_kind describe(const json_t *value, fh_buffer *text)
{
    fh_buffer_clear(text);
    if (!value)
        return FH_JSON_MISSING;
    if (json_is_null(value))
        return FH_JSON_NULL;
    if (json_is_array(value))
        return join_texts(value, text);
    if (json_is_string(value))
        fh_buffer_add(text, json_string_value(value), json_string_length(value));
    if (json_is_number(value))
        fh_json_write(value, text);
    return json_is_string(value)   ? FH_JSON_TEXT
           : json_is_number(value) ? FH_JSON_NUMBER
                                   : FH_JSON_OTHER;
}

static void compare_values(const json_t *object, const fh_json_value *values, fh_str line)
{
    fh_buffer text = {0};
    for (size_t i = 0; i < WANTED; i++) {
        fh_json_kind kind = describe(json_object_get(object, wanted_keys[i]), &text);
        hold_line(values[i].kind == kind, "another kind of value", line);
        if (kind == FH_JSON_ARRAY)
            fh_buffer_clear(&text);
        hold_line(fh_str_equal(values[i].text, fh_buffer_str(&text)), "another value", line);
    }
    fh_buffer_free(&text);
}

/* A reason is one printable line, and its byte is one of the line's. */
static void check_reason(const fh_error *err, fh_str line)
{
    size_t byte = 0;
    hold_line(err->status == FH_EFORMAT, "a status", line);
    hold_line(sscanf(err->message, "bad JSON at byte %zu: ", &byte) == 1, "a reason", line);
    hold_line(byte <= line.len && (byte > 0 || line.len == 0), "a byte of the line", line);
    for (const char *c = err->message; *c; c++)
        hold_line(*c >= ' ' && *c <= '~', "a printable reason", line);
}

/* JSON has no place for a NUL byte; jansson overlooks one behind a number. */
static bool has_nul(fh_str line)
{
    return line.len > 0 && memchr(line.ptr, '\0', line.len);
}

/* Hold the reading of LINE, valid UTF-8, to jansson's. Returns whether it was taken. */
static bool compare_readings(fh_json_line *reader, fh_str line)
{
    fh_str wanted[WANTED];
    fh_json_value values[WANTED];
    fh_error err = {0};
    json_t *object;
    for (size_t i = 0; i < WANTED; i++)
        wanted[i] = fh_str_of(wanted_keys[i]);
    bool taken = fh_json_line_read(reader, line, wanted, WANTED, values, &err) == FH_OK;
    bool right = fh_json_parse(line, &object, NULL) == FH_OK && !has_nul(line);
    hold_line(!right || taken, "refused, and jansson takes it", line);
    hold_line(right || !taken, "taken, and jansson refuses it", line);
    if (taken)
        compare_values(object, values, line);
    else
        check_reason(&err, line);
    json_decref(object);
    return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_json_line reader = {0};
    fh_buffer clean = {0};
    fh_utf8_repair((fh_str){(const char *)data, size}, &clean);
    /* Exactly as long as the line, so that a sanitizer sees what reads beyond it. */
    char *line = malloc(clean.len + 1);
    hold_line(line != NULL, "memory", FH_STR(""));
    memcpy(line + 1, fh_buffer_str(&clean).ptr, clean.len);
    compare_readings(&reader, (fh_str){line + 1, clean.len});
    free(line);
    fh_buffer_free(&clean);
    fh_json_line_free(&reader);
    return 0;
}
