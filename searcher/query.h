/*
 * Query text -> syntax tree, with the words as they were typed: fihris-query(7) as a data structure.
 *
 * The parser knows operators and quotation marks. It knows neither what a word is nor which index
 * will be asked: searcher/plan turns the tree into an expression.
 */
#ifndef FH_SEARCHER_QUERY_H
#define FH_SEARCHER_QUERY_H

#include "base/buffer.h"
#include "base/status.h"
#include "searcher/fihris.h"

typedef enum fh_query_kind {
    FH_QUERY_WORDS, /* text between spaces: mostly one word, none or several by its punctuation */
    FH_QUERY_PREFIX, /* the same with a star behind it, which is not in the text */
    FH_QUERY_PHRASE, /* text between quotation marks */
    FH_QUERY_SOURCE, /* articles of one source */
    FH_QUERY_DATE,   /* articles of a span of time */
    FH_QUERY_LIST,   /* kids side by side */
    FH_QUERY_OR,
    FH_QUERY_AND,
    FH_QUERY_NOT /* articles that its one kid does not find */
} fh_query_kind;

typedef enum fh_query_sign {
    FH_SIGN_NONE,
    FH_SIGN_REQUIRED, /* + */
    FH_SIGN_EXCLUDED  /* - */
} fh_query_sign;

typedef struct fh_query_node {
    fh_query_kind kind;
    fh_query_sign sign;
    bool exact; /* = : folded, not stemmed; for all below */
    bool title; /* title: ; for all below */
    fh_str
        text; /* WORDS, PREFIX, PHRASE, SOURCE: as typed, without direction marks and tatweel */
    bool near;       /* PHRASE: its words in any order in a stretch of `window` words */
    uint32_t window; /* any number: not yet held to limits */
    int64_t first;   /* DATE, seconds, both included */
    int64_t last;
    struct fh_query_node *kids; /* LIST, OR, AND, NOT: the first of a list */
    struct fh_query_node *last_kid;
    struct fh_query_node *next;
} fh_query_node;

typedef struct fh_query {
    fh_str text;  /* the query, its bad bytes replaced */
    fh_str clean; /* the same, as the texts of nodes have it: all those are pieces of it */
    fh_query_node *root; /* a LIST without kids when there is nothing to search */
    fh_note_kind
        problem; /* why the query was taken as plain words; FH_NOTE_NONE when it was not */
} fh_query;

/*
 * Parse TEXT, foreign bytes; with PLAIN nothing in it is an operator.
 * out: *QUERY, in ARENA. Fails with FH_ELIMIT beyond FH_QUERY_MAX bytes and FH_QUERY_DEPTH_MAX
 * parentheses, never for syntax.
 */
fh_status fh_query_parse(fh_str text, bool plain, fh_arena *arena, fh_query *query,
                         fh_error *err);

#endif
