/*
 * What can be wrong with a request: problem documents as RFC 9457 has them. Their types are stable.
 */
#ifndef FH_SEARCHER_SERVE_PROBLEM_H
#define FH_SEARCHER_SERVE_PROBLEM_H

#include "base/buffer.h"
#include "base/status.h"

typedef enum fh_problem {
    FH_PROBLEM_NONE,
    FH_PROBLEM_BAD_REQUEST,       /* no request that HTTP knows */
    FH_PROBLEM_UNKNOWN_PARAMETER, /* a name that the path does not take */
    FH_PROBLEM_BAD_PARAMETER,     /* a value that does not fit its name */
    FH_PROBLEM_BAD_LINE,          /* a line of a batch that is no JSON object */
    FH_PROBLEM_NO_KEY,            /* no key, or a wrong one */
    FH_PROBLEM_FOREIGN_ORIGIN,    /* a page of another site asks whether it may ask */
    FH_PROBLEM_FOREIGN_HOST,      /* it was called by a name that is not ours */
    FH_PROBLEM_NO_PATH,           /* nothing is served there */
    FH_PROBLEM_NO_ARTICLE,        /* the index has no article of that id */
    FH_PROBLEM_BAD_METHOD,
    FH_PROBLEM_QUERY_TOO_LONG,
    FH_PROBLEM_BODY_TOO_LARGE,
    FH_PROBLEM_QUERY_TOO_COMPLEX, /* too many words, parentheses or stars */
    FH_PROBLEM_OUT_OF_RANGE,      /* a number beyond what is served */
    FH_PROBLEM_FAILED,            /* our fault */
    FH_PROBLEM_DEADLINE,          /* the search took too long */
    FH_PROBLEM_OVERLOADED,        /* too many requests wait */
    FH_PROBLEM_NOT_READY,         /* the index cannot be read at the moment */
    FH_PROBLEMS                   /* how many there are */
} fh_problem;

/* What the types begin with; behind it stands the name. */
#define FH_PROBLEM_TYPE "urn:problem-type:fihris:"
#define FH_PROBLEM_KIND "application/problem+json"

/* The status of an answer with that problem, its name and its title; static strings. */
unsigned fh_problem_status(fh_problem problem);
const char *fh_problem_name(fh_problem problem);
const char *fh_problem_title(fh_problem problem);

/* What went wrong inside the library, as a problem of the request. */
fh_problem fh_problem_of(fh_status status);

/* Append the document; DETAIL, one sentence, may be empty. It ends with a line feed. */
void fh_problem_write(fh_problem problem, fh_str detail, fh_buffer *out);

#endif
