/*
 * What an index can be asked: all that indexer/ and searcher/ know of engines.
 *
 * An index is a folder. `fihris.json` in it, replaced atomically, names the engine, the analysis and
 * the data that are current; everything else belongs to the engine. Adding an engine is one folder
 * and one row in engine.c.
 *
 *   writing:  open (lookup | batch (put)* add | remove | publish)* close
 *   reading:  open (search | article | find | walk | refresh)* close
 */
#ifndef FH_ENGINES_ENGINE_H
#define FH_ENGINES_ENGINE_H

#include "base/buffer.h"
#include "base/status.h"
#include "engines/expr.h"

/* A word in a title counts as this many in the body. */
#define FH_TITLE_WEIGHT 3

/* BM25's parameters, where an engine lets one choose them. */
#define FH_BM25_K1 0.9
#define FH_BM25_B  0.7

/* The longest id of an article in bytes; a longer one is refused with FH_ELIMIT. */
#define FH_ID_MAX 4096

/* The longest body of an article in bytes; a longer one is refused with FH_ELIMIT. */
#define FH_BODY_MAX (64u * 1024 * 1024)

/* ---- The table of engines ---- */

typedef struct fh_engine fh_engine;

typedef struct fh_engine_info {
    const char *name;    /* what --engine calls it */
    const char *summary; /* a few words for --help, which says the rest by itself */
    bool checksums;      /* a damaged byte is reported before it can change an answer */
    bool deadlines;      /* fh_search.deadline is kept */
    uint64_t pace;       /* bytes of text a second that one thread puts, on a core under load */
} fh_engine_info;

/* The engines there are, in the order to list them; *COUNT of them. The first is the default. */
const fh_engine_info *fh_engine_table(size_t *count);

/* The one of that NAME, or NULL. */
const fh_engine_info *fh_engine_describe(const char *name);

/* ---- Writing ---- */

/* What the bytes of an index are for. */
typedef enum fh_share {
    FH_SHARE_DICTIONARY, /* terms */
    FH_SHARE_POSTINGS,
    FH_SHARE_POSITIONS,
    FH_SHARE_TEXTS,   /* of articles, with what they are written in */
    FH_SHARE_HEADS,   /* titles and all else that lists of results show */
    FH_SHARE_COLUMNS, /* lengths, dates, sources, ... */
    FH_SHARE_IDS,
    FH_SHARE_SUMS, /* checksums, headers and footers */
    FH_SHARES      /* how many there are */
} fh_share;

/* What an index holds. */
typedef struct fh_index_stats {
    char engine[32];
    char analysis[64];   /* the id of the analysis it was built with */
    uint64_t generation; /* grows with every publish */
    uint64_t articles;
    uint64_t text_bytes;  /* of titles and bodies, in UTF-8 */
    uint64_t index_bytes; /* of all files in the folder */
    uint64_t
        terms; /* different terms of all forms and fields; 0 where it is not known; of an index
                     * in segments, the sum over these */
    uint64_t shares[FH_SHARES]; /* bytes of each; all 0 where it is not known */
    int64_t first_date; /* the oldest and the newest date in seconds; first > last: no dates */
    int64_t last_date;
} fh_index_stats;

typedef struct fh_writer_options {
    const char *engine;   /* NULL: the engine the index has, or the default for a new one */
    const char *analysis; /* the id of the analysis whose terms will be put */
    bool rebuild;         /* begin with an empty index; the old one answers until the publish */
    uint64_t memory;      /* bytes that all batches and buffers may take together; 0: default */
    unsigned jobs;        /* threads that publishing may use; 0: 1 */
} fh_writer_options;

/* The one writer of an index. Its calls come from one thread; only put runs beside them. */
typedef struct fh_writer fh_writer;

/*
 * Open the index in the folder PATH for writing, creating both if need be, and take its lock.
 * What an earlier writer left half done is cleared away. Fails with FH_ELOCKED, naming the process
 * that writes; with FH_EANALYSIS when the index was built by another analysis; with FH_EUSAGE when it
 * has another engine.
 */
fh_status fh_writer_open(const char *path, const fh_writer_options *options, fh_writer **out,
                         fh_error *err);

/* The engine that W writes for. */
const fh_engine_info *fh_writer_engine(const fh_writer *w);

/* The article of that ID as last published: *FOUND, and the *FINGERPRINT it was put with. */
fh_status fh_writer_lookup(fh_writer *w, fh_str id, bool *found, uint64_t *fingerprint,
                           fh_error *err);

/* Some articles on their way into an index. Batches are numbered as they are made: the articles of an
 * earlier one get the lower document numbers, whatever the order in which they are filled. */
typedef struct fh_batch fh_batch;

/* Make a batch for at most COUNT articles with TEXT_BYTES of title and body. */
fh_status fh_batch_new(fh_writer *w, size_t count, uint64_t text_bytes, fh_batch **out,
                       fh_error *err);

/* An article as it is put into an index. */
typedef struct fh_entry {
    const fh_article *article;
    uint64_t fingerprint; /* what lookup will give back */
    bool replaces;        /* the index already holds its id */
    const fh_vocabulary *vocabulary;
    const fh_passage *passages; /* the words of its fields, in order of their positions */
    size_t count;
} fh_entry;

/*
 * Put ENTRY into the batch. One thread fills a batch; several batches may be filled at the same time.
 * All that the entry points to is borrowed for the call.
 */
fh_status fh_batch_put(fh_batch *b, const fh_entry *entry, fh_error *err);

/* Hand a filled batch over; it is published with the next publish. Takes B, also on failure. */
fh_status fh_writer_add(fh_writer *w, fh_batch *b, fh_error *err);

/* Free a batch that is not added. NULL is allowed. */
void fh_batch_free(fh_batch *b);

/* Remove the article of that ID with the next publish; *FOUND says whether there is one. */
fh_status fh_writer_remove(fh_writer *w, fh_str id, bool *found, fh_error *err);

/*
 * Call VISIT for every published article whose origin is ORIGIN or lies below it as a folder or a
 * member (ORIGIN/... or ORIGIN!...). VISIT returning another status than FH_OK ends the walk.
 */
typedef fh_status (*fh_origin_visit)(void *context, fh_str origin, fh_str id, fh_error *err);
fh_status fh_writer_walk(fh_writer *w, fh_str origin, fh_origin_visit visit, void *context,
                         fh_error *err);

/*
 * Make everything added and removed so far durable and visible to readers, all of it or nothing.
 * Fails with FH_EUSAGE, and nothing has happened, while a batch is between new and add or free.
 * After any other failure the index is as it was, and the writer can only be closed.
 */
fh_status fh_writer_publish(fh_writer *w, fh_error *err);

/* What the index holds as published last. */
fh_status fh_writer_stats(fh_writer *w, fh_index_stats *stats, fh_error *err);

/* Give up what was not published, and the lock. NULL is allowed. */
void fh_writer_close(fh_writer *w);

/* ---- Reading ---- */

/* A reader of an index. One thread uses it at a time. */
typedef struct fh_index fh_index;

/* Fails with FH_ENOTFOUND when there is no index in the folder PATH. */
fh_status fh_index_open(const char *path, fh_index **out, fh_error *err);
void fh_index_close(fh_index *ix);

/* Pick up what has been published since; *CHANGED says whether anything has. Hits and document numbers
 * from before are void then. */
fh_status fh_index_refresh(fh_index *ix, bool *changed, fh_error *err);

fh_status fh_index_get_stats(fh_index *ix, fh_index_stats *stats, fh_error *err);

/* The analysis id and the generation of what is open; live until refresh or close. */
const char *fh_index_analysis(const fh_index *ix);
uint64_t fh_index_generation(const fh_index *ix);

typedef enum fh_sort { FH_SORT_RELEVANCE, FH_SORT_DATE, FH_SORT_DATE_ASC } fh_sort;

/* Which parts of an article are wanted. */
typedef enum fh_parts { FH_PARTS_HEAD, FH_PARTS_ALL } fh_parts; /* HEAD: all but the body */

/*
 * What raises the best articles of a search by relevance once they are known: words that stand close
 * together, and early. Of the articles that match, the `depth` best get, on top of their score s,
 *
 *   for each word, once:  what s would be more if the word's tf were larger by `lead_weight` for each
 *                         place it has in the body at a position up to `lead`
 *   for each two that follow one another in `words` and differ in their texts:
 *
 *       (ordered * g(m) + close * g(n)) * (idf of one + idf of the other) / 2 * (k1 + 1)
 *       g(m) = m / (m + k1 * (1 - b + b * len / avglen))
 *
 *       m counts the places of the first right behind which the second stands, n those that the second
 *       is at most `window` words before or behind; a place in the title counts FH_TITLE_WEIGHT
 *
 * and are sorted anew; all others keep their order behind them. The letters are those of expr.h. An
 * engine that keeps no places of stems takes no notice.
 */
typedef struct fh_rerank {
    /* TERMs of the stem in any field, leaves of the expression, in order of the query; one that is
     * there twice follows both times, but is one word */
    const fh_expr *const *words;
    size_t count; /* 0: nothing is raised */
    size_t depth;
    float lead_weight;
    float ordered;
    float close;
    uint32_t lead;
    uint32_t window;
} fh_rerank;

/* What to look for, and which page of it. */
typedef struct fh_search {
    const fh_expr *expr;
    fh_rerank rerank;  /* of searches by relevance; zeroed: none */
    size_t first;      /* hits to leave out before the page */
    size_t count;      /* hits on the page */
    fh_sort sort;      /* ties: the lower document number first; undated articles come last */
    fh_parts parts;    /* what each hit carries */
    uint64_t count_to; /* the total is exact up to here */
    int64_t deadline;  /* nanoseconds of CLOCK_MONOTONIC after which to give up; 0: never */
} fh_search;

/* The page that was found. */
typedef struct fh_page {
    fh_hit *hits;
    size_t count;
    uint64_t total; /* how many articles match, or at least how many */
    bool total_exact;
} fh_page;

/*
 * Search. The page and all its texts are made in ARENA. Fails with FH_ESTOPPED at the deadline.
 * An FH_ECHANGED from here, or from the calls below, means: refresh and ask again.
 */
fh_status fh_index_search(fh_index *ix, const fh_search *search, fh_arena *arena, fh_page *page,
                          fh_error *err);

/*
 * What each of COUNT leaves (TERM, ANY, BEST, PHRASE or NEAR) adds to the score of DOCUMENT; 0 where it
 * does not match.
 */
fh_status fh_index_explain(fh_index *ix, const fh_expr *const *leaves, size_t count,
                           uint32_t document, double *scores, fh_error *err);

/* The article of that ID, whole; *FOUND says whether there is one. */
fh_status fh_index_article(fh_index *ix, fh_str id, fh_arena *arena, bool *found,
                           fh_article *article, fh_error *err);

/*
 * The first article behind document AFTER (0: of all), whole and made in ARENA, in order of documents:
 * how all that an index holds is read.
 * out: *HIT, its document 0 when there is none behind AFTER; the *FINGERPRINT it was put with.
 */
fh_status fh_index_next(fh_index *ix, uint32_t after, fh_arena *arena, fh_hit *hit,
                        uint64_t *fingerprint, fh_error *err);

/*
 * How many articles hold each of COUNT TERMS of FORM, in FIELD, ANY or TITLE; counted as fh_index_walk
 * counts. Quick enough to ask for hundreds in one search.
 */
fh_status fh_index_frequencies(fh_index *ix, fh_form form, fh_field field, const fh_str *terms,
                               size_t count, uint32_t *articles, fh_error *err);

/*
 * Call VISIT for every term of FORM (in FIELD, ANY or TITLE) that starts with PREFIX, in order of
 * bytes, with the number of articles that hold it. VISIT returning false ends the walk. An engine may
 * count, and walk to, what only replaced and removed articles hold until it has merged them away.
 */
typedef bool (*fh_term_visit)(void *context, fh_str term, uint32_t articles);
fh_status fh_index_walk(fh_index *ix, fh_form form, fh_field field, fh_str prefix,
                        fh_term_visit visit, void *context, fh_error *err);

/* Call VISIT for every source there is, in order of bytes, as fh_index_walk does for terms. */
fh_status fh_index_sources(fh_index *ix, fh_term_visit visit, void *context, fh_error *err);

/* What to count: of all articles that match, how many there are of each period, and of each source. */
typedef struct fh_tally {
    const fh_expr *expr;
    const int64_t
        *ends; /* ascending: period I is dated from ends[I] to before ends[I + 1], seconds */
    size_t period_count;
    int64_t deadline; /* as in fh_search */
} fh_tally;

/*
 * Count, in one pass over what matches; only where fh_index_tallies() says that the engine can.
 * out: PERIODS, as many numbers as the tally has periods. VISIT is called for every source that articles
 * which match have, in order of bytes, with the number of them. Fails with FH_ESTOPPED at the deadline.
 */
fh_status fh_index_tally(fh_index *ix, const fh_tally *tally, uint64_t *periods,
                         fh_term_visit visit, void *context, fh_error *err);
bool fh_index_tallies(const fh_index *ix);

/*
 * Read every byte of the index in the folder PATH; FH_ECORRUPT names the file that is damaged.
 * Fails with FH_ELOCKED while a writer has the index open.
 */
fh_status fh_index_check(const char *path, fh_error *err);

/* ---- New places ---- */

/*
 * May a new index be made in the folder PATH? FH_OK when nothing is there, an empty folder, or what was
 * left by a run that died before it published. FH_EUSAGE, naming what is there, when not.
 */
fh_status fh_index_vacant(const char *path, fh_error *err);

/*
 * Clear away what a run that published nothing leaves in the folder PATH; what is published stays, and
 * what is not an index's own. *FOLDER: and the folder, if it is empty then.
 */
void fh_index_discard(const char *path, bool folder);

/* What a copy is made of. */
typedef struct fh_copied {
    uint64_t articles;
    uint64_t linked;       /* files that the copy shares with the index */
    uint64_t linked_bytes; /* and what they hold */
    uint64_t copied;       /* files of its own */
    uint64_t copied_bytes;
} fh_copied;

/*
 * Copy what is published in the index at PATH into the folder TO, which is vacant: durable and complete
 * when it returns, absent when it fails. Files that are never written again are shared by hard links where
 * the file system can; so neither index can change the other.
 *
 * A writer may publish meanwhile. Where an engine changes its files in place, it must not: FH_ELOCKED.
 */
fh_status fh_index_snapshot(const char *path, const char *to, fh_copied *copied, fh_error *err);

#endif
