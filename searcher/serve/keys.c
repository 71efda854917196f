#include "searcher/serve/keys.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "searcher/serve/limits.h"

#define FILE_MAX (FH_KEYS_MAX * (FH_KEY_MAX + 1) * 2)

#define SCHEME "Bearer "

/* A key with zeros behind it, so that all are compared over the same length. */
typedef struct key {
    char text[FH_KEY_MAX];
} key;

struct fh_keys {
    key *items;
    size_t count;
};

static fh_status add(fh_keys *keys, fh_str line, const char *path, size_t number, fh_error *err)
{
    if (line.len < FH_KEY_MIN || line.len > FH_KEY_MAX)
        return fh_fail(err, FH_EFORMAT, "%s:%zu: a key has %d to %d characters", path, number,
                       FH_KEY_MIN, FH_KEY_MAX);
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] <= ' ' || line.ptr[i] > '~')
            return fh_fail(err, FH_EFORMAT, "%s:%zu: a key has ASCII characters, no spaces",
                           path, number);
    if (keys->count == FH_KEYS_MAX)
        return fh_fail(err, FH_ELIMIT, "%s has more than %d keys", path, FH_KEYS_MAX);
    memcpy(keys->items[keys->count++].text, line.ptr, line.len);
    return FH_OK;
}

static fh_status add_lines(fh_keys *keys, fh_str text, const char *path, fh_error *err)
{
    size_t number = 1;
    for (size_t start = 0, at = 0; at <= text.len; at++) {
        if (at < text.len && text.ptr[at] != '\n')
            continue;
        size_t end = at > start && text.ptr[at - 1] == '\r' ? at - 1 : at;
        fh_str line = {text.ptr + start, end - start};
        fh_status status =
            line.len == 0 || line.ptr[0] == '#' ? FH_OK : add(keys, line, path, number, err);
        if (status)
            return status;
        start = at + 1;
        number++;
    }
    if (keys->count == 0)
        return fh_fail(err, FH_EFORMAT, "%s has no key", path);
    return FH_OK;
}

fh_status fh_keys_read(const char *path, fh_keys **out, fh_error *err)
{
    fh_buffer text = {0};
    *out = NULL;
    fh_status status = fh_file_read(path, FILE_MAX, &text, err);
    if (status)
        return status;
    fh_keys *keys = calloc(1, sizeof *keys);
    if (keys)
        keys->items = calloc(FH_KEYS_MAX, sizeof *keys->items);
    status = keys && keys->items ? add_lines(keys, fh_buffer_str(&text), path, err)
                                 : fh_fail_memory(err);
    fh_buffer_free(&text);
    if (status) {
        fh_keys_free(keys);
        return status;
    }
    *out = keys;
    return FH_OK;
}

/* Are they the same? Looks at every byte whatever the first ones are. */
static bool is_same(const key *a, const key *b)
{
    unsigned char differs = 0;
    for (size_t i = 0; i < FH_KEY_MAX; i++)
        differs |= (unsigned char)(a->text[i] ^ b->text[i]);
    return differs == 0;
}

bool fh_keys_allow(const fh_keys *keys, fh_str authorization)
{
    static const size_t before = sizeof SCHEME - 1;
    key said = {0};
    bool allowed = false;
    if (authorization.len < before + FH_KEY_MIN || authorization.len > before + FH_KEY_MAX ||
        strncasecmp(authorization.ptr, SCHEME, before) != 0 ||
        memchr(authorization.ptr, '\0', authorization.len))
        return false;
    memcpy(said.text, authorization.ptr + before, authorization.len - before);
    for (size_t i = 0; i < keys->count; i++)
        allowed |= is_same(&keys->items[i], &said);
    return allowed;
}

void fh_keys_free(fh_keys *keys)
{
    if (!keys)
        return;
    free(keys->items);
    free(keys);
}
