#include "base/json.h"

#include <string.h>

/* jansson quotes the input behind " near "; those are foreign bytes, and may be cut anywhere. */
static fh_status fail_parse(const json_error_t *error, fh_error *err)
{
    if (json_error_code(error) == json_error_out_of_memory)
        return fh_fail_memory(err);
    const char *near = strstr(error->text, " near ");
    int len = near ? (int)(near - error->text) : (int)strlen(error->text);
    return fh_fail(err, FH_EFORMAT, "bad JSON at byte %d: %.*s", error->position, len,
                   error->text);
}

fh_status fh_json_parse(fh_str text, json_t **object, fh_error *err)
{
    json_error_t error;
    *object = NULL;
    json_t *value =
        json_loadb(text.ptr ? text.ptr : "", text.len, JSON_REJECT_DUPLICATES, &error);
    if (!value)
        return fail_parse(&error, err);
    if (!json_is_object(value)) {
        json_decref(value);
        return fh_fail(err, FH_EFORMAT, "bad JSON at byte 0: it is no object");
    }
    *object = value;
    return FH_OK;
}

bool fh_json_text(const json_t *object, const char *key, fh_str *text)
{
    const json_t *value = json_object_get(object, key);
    *text = (fh_str){"", 0};
    if (!json_is_string(value))
        return false;
    *text = (fh_str){json_string_value(value), json_string_length(value)};
    return true;
}

int fh_json_set_text(json_t *object, const char *key, fh_str text)
{
    return json_object_set_new(object, key, json_stringn(text.ptr ? text.ptr : "", text.len));
}

static int add_bytes(const char *bytes, size_t len, void *out)
{
    fh_buffer_add(out, bytes, len);
    return ((fh_buffer *)out)->failed ? -1 : 0;
}

void fh_json_write(const json_t *value, fh_buffer *out)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(FH_JSON_DIGITS);
    if (json_dump_callback(value, add_bytes, out, flags) != 0)
        out->failed = true;
}
