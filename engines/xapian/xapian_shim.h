/*
 * Xapian across the border to C: postings, values and data by document number, and nothing of
 * what they mean. Every call catches what Xapian throws and gives back a status; the border is
 * crossed once for each document and each page of results.
 */
#ifndef FH_ENGINES_XAPIAN_SHIM_H
#define FH_ENGINES_XAPIAN_SHIM_H

#ifdef __cplusplus
#define FHX_NOTHROW noexcept
extern "C" {
#else
#define FHX_NOTHROW
#endif

#include "base/buffer.h"
#include "base/status.h"

/* The longest term in bytes, where a NUL byte counts twice. */
#define FHX_TERM_MAX 245

/* One occurrence of a term in a document. */
typedef struct fhx_posting {
    fh_str term;
    uint32_t weight;   /* added to the term's frequency within the document */
    uint32_t position; /* 0: none is kept */
} fhx_posting;

typedef struct fhx_value {
    uint32_t slot;
    fh_str bytes;
} fhx_value;

typedef struct fhx_document {
    fh_str data;
    const fhx_posting *postings;
    size_t posting_count;
    const fhx_value *values;
    size_t value_count;
} fhx_document;

/*
 * What is shown of a document: a value, and its data always or only where that value is empty.
 */
typedef struct fhx_want {
    uint32_t slot;
    bool data;
} fhx_want;

/* A document as it is shown, for the time of the call. */
typedef struct fhx_shown {
    uint32_t number;
    double score; /* 0 outside of searches */
    fh_str value;
    fh_str data;
} fhx_shown;

/* Sees a document; another status than FH_OK ends what calls it and is its result. */
typedef fh_status (*fhx_visit)(void *context, const fhx_shown *shown, fh_error *err);

/* ---- Writing ---- */

typedef struct fhx_store fhx_store;

typedef enum fhx_mode {
    FHX_SCRATCH, /* nobody reads it and a crash may spoil it; created if need be; not synced */
    FHX_DURABLE  /* must be there; all changes are one transaction, synced by commit */
} fhx_mode;

fh_status fhx_store_open(const char *path, fhx_mode mode, fhx_store **out,
                         fh_error *err) FHX_NOTHROW;
/* Put a document under NUMBER, which nothing has. */
fh_status fhx_store_put(fhx_store *s, uint32_t number, const fhx_document *document,
                        fh_error *err) FHX_NOTHROW;
/* The same for what fhx_pack made of a document. */
fh_status fhx_store_put_packed(fhx_store *s, uint32_t number, fh_str packed,
                               fh_error *err) FHX_NOTHROW;
/*
 * Delete all documents that TERM indexes with numbers below BEFORE; VISIT sees each of them
 * first.
 */
fh_status fhx_store_delete(fhx_store *s, fh_str term, uint32_t before, fhx_want want,
                           fhx_visit visit, void *context, fh_error *err) FHX_NOTHROW;
fh_status fhx_store_set_note(fhx_store *s, const char *key, fh_str text,
                             fh_error *err) FHX_NOTHROW;
/* Write everything out. A durable store can only be closed then. */
fh_status fhx_store_commit(fhx_store *s, fh_error *err) FHX_NOTHROW;
/* Close, dropping what was not committed. NULL is allowed. */
void fhx_store_close(fhx_store *s) FHX_NOTHROW;

/* Append DOCUMENT to OUT as bytes for fhx_store_put_packed. */
fh_status fhx_pack(const fhx_document *document, fh_buffer *out, fh_error *err) FHX_NOTHROW;

/*
 * Merge COUNT databases, whose ranges of document numbers do not overlap, into a new one at
 * OUT.
 */
fh_status fhx_merge(const char *const *paths, size_t count, const char *out,
                    fh_error *err) FHX_NOTHROW;

/*
 * Verify the database, or one table of it, at PATH.
 * out: REPORT (appended), what is wrong in Xapian's words; *FAULTS, how many things are.
 */
fh_status fhx_check(const char *path, fh_buffer *report, size_t *faults,
                    fh_error *err) FHX_NOTHROW;

/* ---- Reading ---- */

typedef struct fhx_base fhx_base;

fh_status fhx_base_open(const char *path, fhx_base **out, fh_error *err) FHX_NOTHROW;
fh_status fhx_base_reopen(fhx_base *b, bool *changed, fh_error *err) FHX_NOTHROW;
void fhx_base_close(fhx_base *b) FHX_NOTHROW;

/* Append the note under KEY to TEXT; nothing when there is none. */
fh_status fhx_base_note(fhx_base *b, const char *key, fh_buffer *text,
                        fh_error *err) FHX_NOTHROW;
/* How many documents there are, and the highest number that was ever given. */
fh_status fhx_base_count(fhx_base *b, uint32_t *count, uint32_t *last,
                         fh_error *err) FHX_NOTHROW;
/* Call VISIT for every document that TERM indexes, in order of numbers; "" indexes all. */
fh_status fhx_base_documents(fhx_base *b, fh_str term, fhx_want want, fhx_visit visit,
                             void *context, fh_error *err) FHX_NOTHROW;
/* The highest number that TERM indexes, 0 if it indexes nothing. */
fh_status fhx_base_newest(fhx_base *b, fh_str term, uint32_t *number,
                          fh_error *err) FHX_NOTHROW;
/* The lowest number behind AFTER that a document has, 0 if there is none. */
fh_status fhx_base_behind(fhx_base *b, uint32_t after, uint32_t *number,
                          fh_error *err) FHX_NOTHROW;
/* Call VISIT for document NUMBER. FH_ENOTFOUND. */
fh_status fhx_base_show(fhx_base *b, uint32_t number, fhx_want want, fhx_visit visit,
                        void *context, fh_error *err) FHX_NOTHROW;

/*
 * Call VISIT for every term that begins with PREFIX, in order of bytes, until it returns false.
 */
typedef bool (*fhx_visit_term)(void *context, fh_str term, uint32_t documents);
fh_status fhx_base_terms(fhx_base *b, fh_str prefix, fhx_visit_term visit, void *context,
                         fh_error *err) FHX_NOTHROW;

/* How many documents TERM indexes. */
fh_status fhx_base_frequency(fhx_base *b, fh_str term, uint32_t *documents,
                             fh_error *err) FHX_NOTHROW;

/*
 * A query is a list of nodes in postfix order: each takes its `count` kids from what stands
 * before.
 */
typedef enum fhx_op {
    FHX_NOTHING,
    FHX_ALL,
    FHX_TERM,
    FHX_RANGE, /* values in `slot` from text to text_end */
    FHX_OR,
    FHX_AND,
    FHX_NOT,    /* the first kid without the second */
    FHX_MAYBE,  /* the first kid; the second only adds to the score */
    FHX_FILTER, /* the first kid where the second matches */
    FHX_SYNONYM,
    FHX_PHRASE,
    FHX_NEAR /* kids in any order, the last place minus the first less than `window` */
} fhx_op;

typedef struct fhx_node {
    fhx_op op;
    double weight;           /* multiplies the score; 1 is neutral */
    fh_str text;             /* TERM, RANGE */
    fh_str text_end;         /* RANGE */
    uint32_t slot;           /* RANGE */
    size_t count;            /* kids */
    const uint32_t *offsets; /* PHRASE: of each kid from the first, ascending */
    uint32_t window;         /* NEAR */
} fhx_node;

typedef enum fhx_sort { FHX_BY_SCORE, FHX_BY_VALUE_UP, FHX_BY_VALUE_DOWN } fhx_sort;

typedef struct fhx_search {
    const fhx_node *nodes;
    size_t node_count;
    uint32_t first;    /* results before the page */
    uint32_t count;    /* results on the page */
    uint32_t count_to; /* count this many matches exactly */
    fhx_sort sort;     /* ties: ascending numbers; by value means no scores */
    uint32_t slot;     /* to sort by */
    double k1, b;      /* of BM25 */
    fhx_want want;
} fhx_search;

/*
 * Search; VISIT gets the page in order.
 * out: at least *LOW and at most *HIGH documents match.
 */
fh_status fhx_base_search(fhx_base *b, const fhx_search *search, fhx_visit visit, void *context,
                          uint32_t *low, uint32_t *high, fh_error *err) FHX_NOTHROW;

#define FHX_SORTABLE_MAX 9

/* NUMBER as bytes that sort as numbers do; returns their length. */
size_t fhx_sortable(double number, char out[FHX_SORTABLE_MAX]) FHX_NOTHROW;

#ifdef __cplusplus
}
#endif

#endif
