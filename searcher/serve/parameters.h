/*
 * The parameters of requests, from tables: the same rows read them and describe them in OpenAPI.
 */
#ifndef FH_SEARCHER_SERVE_PARAMETERS_H
#define FH_SEARCHER_SERVE_PARAMETERS_H

#include "base/json.h"
#include "searcher/serve/limits.h"
#include "searcher/serve/problem.h"

/* What requests ask, defaults where they say nothing. All texts are in the arena of the reading. */
typedef struct fh_parameters {
    fh_str q;
    uint64_t n;
    uint64_t first;
    bool all;
    bool plain;
    bool explain;
    int sort;   /* an fh_order */
    int copies; /* a place in its choices, as is the next */
    int format;
    int lang;
    int digits;
    fh_str from;
    fh_str to;
    fh_str id;
    uint64_t start;
    fh_str sources[FH_SERVE_SOURCES_MAX];
    size_t source_count;
} fh_parameters;

typedef enum fh_parameter_kind {
    FH_PARAMETER_TEXT,   /* fh_str */
    FH_PARAMETER_COUNT,  /* uint64_t: a whole number up to `max`; any script's digits */
    FH_PARAMETER_FLAG,   /* bool: nothing, 1 or true; 0 or false */
    FH_PARAMETER_CHOICE, /* int: the place in `choices`, "a|b|c"; the first is the default */
    FH_PARAMETER_SOURCES /* the names in `sources`, parted by commas; may be said more than once */
} fh_parameter_kind;

typedef struct fh_parameter {
    const char *name;
    fh_parameter_kind kind;
    size_t offset;  /* in fh_parameters */
    uint64_t max;   /* of a count; bytes of a text */
    uint64_t usual; /* a count's default */
    const char *choices;
    const char *summary; /* one sentence */
} fh_parameter;

/* Rows of a table. */
typedef struct fh_parameter_table {
    const fh_parameter *rows;
    size_t count;
} fh_parameter_table;

/* What a search takes, a line of a batch, a suggestion; the formats are an enum below. */
fh_parameter_table fh_parameters_search(void);
fh_parameter_table fh_parameters_line(void);
fh_parameter_table fh_parameters_suggest(void);
/* What the page takes: in forms of browsers, where nothing is said by an empty value. */
fh_parameter_table fh_parameters_page(void);
/* What the tools of agents take. */
fh_parameter_table fh_parameters_search_tool(void);
fh_parameter_table fh_parameters_fetch_tool(void);

enum { FH_FORMAT_JSON, FH_FORMAT_JSONL, FH_FORMAT_TSV, FH_FORMAT_ATOM };
enum { FH_PAGE_ARABIC, FH_PAGE_ENGLISH };
enum { FH_DIGITS_LATIN, FH_DIGITS_ARABIC };
enum { FH_SUGGEST_JSON, FH_SUGGEST_OPENSEARCH };

/*
 * Read TEXT, `a=b&c=d` as browsers send it; a name that is not in TABLE, or that is said twice, is a
 * problem. out: *OUT, its texts in ARENA; what is wrong in *ERR, for the detail.
 */
fh_problem fh_parameters_read(fh_str text, fh_parameter_table table, fh_arena *arena,
                              fh_parameters *out, fh_error *err);

/* The same from a JSON object, whose texts, numbers and booleans stand for what a URL would say. */
fh_problem fh_parameters_read_json(fh_str text, fh_parameter_table table, fh_arena *arena,
                                   fh_parameters *out, fh_error *err);

/* The same from an object that has been read; its members that are null say nothing. */
fh_problem fh_parameters_read_object(const json_t *object, fh_parameter_table table,
                                     fh_arena *arena, fh_parameters *out, fh_error *err);

/* What values P takes, as JSON Schema has it; NULL when memory ran out. */
json_t *fh_parameter_schema(const fh_parameter *p);

#endif
