/*
 * One flat JSON object, read strictly and fast: the line of an article.
 *
 * It takes and refuses what base/json.h takes and refuses, and gives the same values; a test and a fuzz
 * target hold it to that. The one difference: a NUL byte behind a number is refused, as JSON has it.
 * Texts without escapes are not copied.
 */
#ifndef FH_INDEXER_JSON_LINE_H
#define FH_INDEXER_JSON_LINE_H

#include "base/buffer.h"
#include "base/status.h"

/* Values inside values, the object itself counted: as deep as jansson goes. */
#define FH_JSON_DEPTH_MAX 2048

/* So many keys can be asked for. */
#define FH_JSON_WANTED_MAX 16

typedef enum fh_json_kind {
    FH_JSON_MISSING, /* there is no such key */
    FH_JSON_NULL,
    FH_JSON_TEXT,
    FH_JSON_NUMBER,
    FH_JSON_TEXTS, /* an array that holds nothing but texts */
    FH_JSON_ARRAY, /* any other array */
    FH_JSON_OTHER  /* true, false, an object */
} fh_json_kind;

/* What stands under a key. `text` is the text; the number, as fh_json_write() writes it; or the texts of
 * the array, one a line. It is empty for the other kinds. */
typedef struct fh_json_value {
    fh_json_kind kind;
    fh_str text;
} fh_json_value;

/* A key of the object being read. `start` is its place in the line; `text` its place there, or behind the
 * line's length its place among the unescaped texts. */
typedef struct fh_json_name {
    uint32_t start, text, len;
} fh_json_name;

/* The memory of a reader, kept from one line to the next. Begin with a zeroed one. */
typedef struct fh_json_line {
    fh_buffer unescaped; /* texts that had escapes, and what was joined */
    fh_json_name *names; /* of all objects that are open */
    size_t name_count, name_capacity;
} fh_json_line;

/*
 * Read LINE, valid UTF-8 of less than 1 GiB, which must be one JSON object and nothing else.
 *
 * in: WANTED, COUNT keys. out: VALUES, one for each, valid until the next read and as long as LINE.
 * Fails with FH_EFORMAT, saying why and at which byte (the last one, when the line ends too early),
 * and for want of memory.
 */
fh_status fh_json_line_read(fh_json_line *l, fh_str line, const fh_str *wanted, size_t count,
                            fh_json_value *values, fh_error *err);

void fh_json_line_free(fh_json_line *l);

#endif
