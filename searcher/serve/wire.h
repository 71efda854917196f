/*
 * What the front, which speaks HTTP, and the workers, which search, say to each other.
 */
#ifndef FH_SEARCHER_SERVE_WIRE_H
#define FH_SEARCHER_SERVE_WIRE_H

#include "base/buffer.h"
#include "base/status.h"
#include "searcher/serve/problem.h"

/* What is asked of a worker. Texts are as the client sent them. */
typedef struct fh_ask {
    uint32_t route;      /* its place in the table of routes */
    uint32_t timeout_ms; /* for the search */
    bool gzip;           /* the client takes it */
    fh_str argument;     /* what the path has behind that of the route, percent-encoded */
    fh_str parameters;   /* behind the `?` */
    fh_str known;        /* the value of If-None-Match */
    fh_str base;         /* what links in an answer begin with: https://search.example.org */
    fh_str body;         /* a line of a batch */
} fh_ask;

/* What a worker says. */
typedef struct fh_answer {
    uint32_t status; /* of HTTP */
    uint32_t problem;
    bool gzip;           /* the body is compressed */
    uint64_t generation; /* of the index that was asked; 0: none was */
    uint64_t total;      /* articles that match, for the log */
    fh_str kind;         /* the media type */
    fh_str tag;          /* the ETag, or empty */
    fh_str body;
    fh_str error; /* what went wrong inside, for the log and not for the client; or empty */
} fh_answer;

/* Bytes of a message's length, which comes first and does not count itself. */
#define FH_WIRE_LENGTH 4

/* Append the message, its length included. */
void fh_wire_put_ask(const fh_ask *ask, fh_buffer *out);
void fh_wire_put_answer(const fh_answer *answer, fh_buffer *out);

/* The length that a message begins with. */
uint32_t fh_wire_length(const char bytes[static FH_WIRE_LENGTH]);

/* Take a MESSAGE, without its length, apart; the texts borrow from it. False when it is none. */
bool fh_wire_get_ask(fh_str message, fh_ask *ask);
bool fh_wire_get_answer(fh_str message, fh_answer *answer);

#endif
