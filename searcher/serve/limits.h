/*
 * Every limit of the service, in one place. fihris-serve(1) states them; fihris.h has those of a search.
 */
#ifndef FH_SEARCHER_SERVE_LIMITS_H
#define FH_SEARCHER_SERVE_LIMITS_H

/* ---- What may be asked ---- */

#define FH_SERVE_QUERY_MAX   1024  /* bytes of a query */
#define FH_SERVE_WORDS_MAX   64    /* words of a query */
#define FH_PAGE_RESULTS      10    /* results on one page, when the request does not say */
#define FH_SERVE_COUNT_MAX   1000  /* results on one page */
#define FH_SERVE_FIRST_MAX   10000 /* results to leave out before a page */
#define FH_SERVE_SOURCES_MAX 64    /* names in `source` */
#define FH_SERVE_VALUE_MAX   4096  /* bytes of any other value */
#define FH_SERVE_PAIRS_MAX   64    /* parameters of one request */

#define FH_BATCH_BYTES_MAX (1024 * 1024)     /* of a body with a batch */
#define FH_DISCARD_MAX     (8 * 1024 * 1024) /* of one that is refused but read */
#define FH_BATCH_LINES_MAX 1000              /* queries in it */
#define FH_BATCHES_MAX     16                /* batches at a time */

/* ---- Time, in milliseconds ---- */

#define FH_SERVE_DEADLINE 2000 /* of a query, from when it was received whole */
#define FH_SERVE_GRACE    100  /* behind it, until a worker that still searches is killed */
#define FH_RECEIVE_MS     10000 /* for a whole request to arrive, counted from the answer before */
#define FH_SEND_MS        30000 /* for a whole answer to be taken */
#define FH_BATCH_SEND_MS  60000 /* ... to a batch */
#define FH_DRAIN_MS       5000  /* for what is under way when the service is told to end */

/* ---- Space ---- */

#define FH_CLIENTS_MAX   4096                /* connections at a time */
#define FH_CLIENT_MEMORY (32 * 1024)         /* bytes of a request's line and headers */
#define FH_WAITING_MAX   1024                /* requests that wait for a worker */
#define FH_ANSWER_MAX    (32u * 1024 * 1024) /* bytes of one answer */
#define FH_ANSWERS_BYTES_MAX                                                                   \
    (256u * 1024 * 1024)    /* of all answers that clients have not taken */
#define FH_GZIP_MIN    1024 /* bytes from which on an answer is compressed */
#define FH_WORKERS_MAX 64

/* ---- Agents ---- */

#define FH_MCP_LINE_MAX  (1024 * 1024) /* bytes of a message */
#define FH_MCP_BATCH_MAX 64            /* messages in a batch */
#define FH_MCP_COUNT_MAX 50            /* results of a search */
#define FH_MCP_TEXT_MAX  (48 * 1024)   /* bytes of an article's text at a time */

/* ---- Keys ---- */

#define FH_KEY_MIN  16 /* bytes of a key */
#define FH_KEY_MAX  256
#define FH_KEYS_MAX 1024

#endif
