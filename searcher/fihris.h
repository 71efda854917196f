/*
 * libfihris: search an index that fihris-index has built. The public header of the library.
 *
 *     fh_searcher *s;
 *     fh_error err;
 *     fh_results *found;
 *     if (fh_searcher_open("news.index", &s, &err))
 *         die(err.message);
 *     fh_request ask = {.query = FH_STR("وزارة الخارجية"), .count = 10};
 *     if (fh_searcher_search(s, &ask, &found, &err))
 *         die(err.message);
 *     for (size_t i = 0; i < found->count; i++)
 *         printf("%.*s\n", (int)found->results[i].article.title.len,
 *                found->results[i].article.title.ptr);
 *     fh_results_free(found);
 *     fh_searcher_close(s);
 *
 * The order of calls: open (search results_free | article article_free | suggest suggestions_free |
 * refresh | stats)* close. A searcher serves
 * one thread at a time; open one for each thread. Programs that link this library fall under the GPL.
 */
#ifndef FH_SEARCHER_FIHRIS_H
#define FH_SEARCHER_FIHRIS_H

#include "base/status.h"
#include "base/types.h"

#define FH_API __attribute__((visibility("default")))

/* ---- Limits ---- */

#define FH_QUERY_MAX          4096    /* bytes of a query */
#define FH_QUERY_WORDS_MAX    256     /* words of a query */
#define FH_QUERY_DEPTH_MAX    32      /* parentheses inside parentheses */
#define FH_NEAR_MAX           100     /* words among which "some words"~N may stand */
#define FH_PREFIX_MIN         3       /* letters before the star of a wildcard */
#define FH_PREFIX_TERMS       100     /* words a wildcard stands for, the most frequent first */
#define FH_QUERY_PREFIXES_MAX 32      /* wildcards of a query */
#define FH_COUNT_MAX          100000  /* results on one page */
#define FH_FIRST_MAX          1000000 /* results to leave out before a page */
#define FH_SUGGEST_MAX        100     /* completions at a time */
#define FH_SUGGEST_LETTERS    2       /* letters that a word needs to be completed */
#define FH_PERIODS_MAX        31      /* periods in which articles are counted */
#define FH_FACET_SOURCES_MAX  12      /* sources, likewise */
#define FH_FACETS_MS          50      /* milliseconds after which they are not */
#define FH_LOOSER_MAX         1000    /* a looser search is counted up to here */
#define FH_LOOSER_MS          100     /* milliseconds for all of them */

/* ---- Asking ---- */

typedef enum fh_order { FH_ORDER_RELEVANCE, FH_ORDER_DATE, FH_ORDER_DATE_ASC } fh_order;

/* A search. Zero means the default for every field but `query`. */
typedef struct fh_request {
    fh_str query; /* in the language of fihris-query(7) */
    size_t first; /* results to leave out before the page */
    size_t count; /* results on the page; 0 only counts */
    fh_order order;
    bool all;              /* every word must match */
    bool plain;            /* the query is words only, no operators */
    bool snippets;         /* make snippets, and say which words of the title matched */
    bool explain;          /* say which word matched in which form and what it scored */
    bool facets;           /* count the articles that match by period and by source */
    fh_str from;           /* oldest date, as fihris-query(7) writes dates; empty: no bound */
    fh_str to;             /* newest date, likewise */
    const fh_str *sources; /* only articles of these sources, in any spelling */
    size_t source_count;
    uint64_t count_to;   /* the total is exact up to here; 0: 10,000 */
    size_t words_max;    /* more words are refused; 0, or beyond it: FH_QUERY_WORDS_MAX */
    uint32_t timeout_ms; /* milliseconds after which to give up; 0: never */
} fh_request;

/* ---- Answers ---- */

/* A stretch of an article's untouched text, and which bytes of it matched: whole words. */
typedef struct fh_window {
    fh_str text;
    bool cut_before;        /* the article goes on before it */
    bool cut_after;         /* ... and behind it */
    const fh_span *matches; /* in order, apart, counted from text.ptr */
    size_t match_count;
} fh_window;

/* How an article has a word of the query, the truest way first. */
typedef enum fh_level {
    FH_LEVEL_TYPED,   /* in the very spelling that was typed, marks and hamza included */
    FH_LEVEL_FOLDED,  /* in another spelling of the same word; also the words of a wildcard */
    FH_LEVEL_STEM,    /* in another form of it */
    FH_LEVEL_NEAR,    /* by a word that may have been meant, one typing error away */
    FH_LEVEL_MISSING, /* not at all */
    FH_LEVELS         /* how many there are */
} fh_level;

/* "typed", "folded", "stem", "near" or "missing". */
FH_API const char *fh_level_name(fh_level level);

/* One word of the query, or one phrase, and the truest way in which an article has it. */
typedef struct fh_matched {
    fh_str word; /* as typed */
    fh_level level;
} fh_matched;

/* What one word of the query gave one result. */
typedef struct fh_evidence {
    fh_str word;      /* as typed; empty for "close" */
    fh_str term;      /* as looked up; empty for "close" */
    const char *form; /* "folded", "stem", "prefix", "phrase", "near" or "typo"; "close" is what
                       * words that stand close together, and early, gave */
    bool title;       /* only titles were asked */
    double score;     /* its share of the result's score */
} fh_evidence;

typedef struct fh_result {
    size_t rank; /* 1 is the best */
    double score;
    fh_article article;       /* without its body */
    fh_window title;          /* the title; with `snippets` its matches too */
    const fh_window *windows; /* the snippet: at most two, in order of the text */
    size_t window_count;
    /*
     * With `snippets`: the words of the query in its order, without those that say nothing and were not
     * ranked. Of a body the first 200 kB are read for spellings; what only stands behind them is
     * FH_LEVEL_FOLDED at best.
     */
    const fh_matched *matched;
    size_t matched_count;
    const fh_evidence *evidence; /* with `explain` */
    size_t evidence_count;
} fh_result;

/* In what a looser search differs from the one that found nothing. */
typedef enum fh_step {
    FH_STEP_NEAR,     /* the words of phrases near one another */
    FH_STEP_FOLDED,   /* the words of phrases anywhere, in any spelling */
    FH_STEP_STEM,     /* words in any form */
    FH_STEP_ANY,      /* any of the words */
    FH_STEP_ANYWHERE, /* outside of titles too */
    FH_STEP_EXCLUDED, /* with what the query excludes */
    FH_STEP_DATES,    /* of any date */
    FH_STEP_SOURCES,  /* of any source */
    FH_STEP_BETTER,   /* in the spelling of `better` */
    FH_STEP_EVERYTHING, /* any of the words anywhere, with nothing excluded, of any date and source */
    FH_STEPS            /* how many there are */
} fh_step;

/* "near", "folded", "stem", "any", "anywhere", "excluded", "dates", "sources", "better", "everything". */
FH_API const char *fh_step_name(fh_step step);

/* A looser search, and what it would find. */
typedef struct fh_looser {
    fh_step step;
    uint64_t articles;
    bool exact;       /* false: at least `articles` */
    fh_str query;     /* asks it, in a request like the one that found nothing but for these: */
    bool without_all; /* `all` is left out */
    bool without_date;   /* `from` and `to` are */
    bool without_source; /* `sources` are */
} fh_looser;

/*
 * What a note says. Kinds keep their meaning, and new ones come at the end. $1 is the first argument,
 * $2 the second; numbers are decimal text.
 */
typedef enum fh_note_kind {
    FH_NOTE_NONE,
    /* The query was searched as plain words, because */
    FH_NOTE_QUOTATION_ALONE,   /* a quotation mark has no partner */
    FH_NOTE_PARENTHESIS_OPEN,  /* a parenthesis is not closed */
    FH_NOTE_PARENTHESIS_CLOSE, /* a parenthesis is not opened */
    FH_NOTE_OPERATOR_ALONE,    /* an operator has nothing to join */
    FH_NOTE_SOURCE_NAMELESS,   /* source: names no source */
    FH_NOTE_DATE_WRONG,        /* what follows date: is no date */
    /* What was taken differently */
    FH_NOTE_PHRASE_APART,  /* no article that fits has the phrase $1: its words were searched */
    FH_NOTE_NEAR_APART,    /* ... has the words of $1 near one another: likewise */
    FH_NOTE_PHRASES_APART, /* ... has all $1 phrases: likewise */
    FH_NOTE_NEAR_WIDENED,  /* $1 was searched within $2 words: it has so many */
    FH_NOTE_NEAR_NARROWED, /* $1 was searched within $2 words: further is not near */
    FH_NOTE_STAR_INSIDE,   /* $1* was searched as words: a star ends one word */
    FH_NOTE_STAR_ALONE,    /* $1* was left out: a star needs $2 letters before it */
    FH_NOTE_STAR_SHORT,    /* $1* was searched as a word, for the same reason */
    FH_NOTE_STAR_NOTHING,  /* no word of the index begins with $1 */
    FH_NOTE_STAR_MANY,     /* $1* stands for the $2 most frequent of $3 words that begin so */
    FH_NOTE_SOURCE_NONE,   /* no source is called $1: the articles of this index name none */
    FH_NOTE_SOURCE_UNKNOWN, /* no source is called $1; there are $2: $3, $4 ..., 8 at most */
    /* Why nothing was found */
    FH_NOTE_NO_WORDS,      /* the query has no words to search for */
    FH_NOTE_WORDS_HELD,    /* $1 stands in $2 articles, $3 in $4, and so on */
    FH_NOTE_WORDS_UNKNOWN, /* $1, $2 and so on stand in no article */
    FH_NOTE_ALL_FILTERED,  /* every article is excluded or filtered out */
    FH_NOTES               /* how many there are */
} fh_note_kind;

/* A sentence for the user. */
typedef struct fh_note {
    fh_note_kind kind;
    const fh_str *args;
    size_t arg_count;
    fh_str text; /* in English */
} fh_note;

/* How many of all articles that match are of one period, or of one source. */
typedef struct fh_facet {
    fh_str name; /* 2026, 2026-02 or 2026-02-09; the name of the source */
    uint64_t articles;
} fh_facet;

typedef struct fh_results {
    fh_str query; /* as asked */
    uint64_t total;
    bool total_exact; /* false: at least `total` */
    uint64_t took_us;
    uint64_t generation; /* of the index that was searched */
    const fh_result *results;
    size_t count;
    const fh_str
        *notes; /* for the user: what of the query was taken differently, what was tried */
    size_t note_count;
    const fh_note *told; /* the same notes, for who says them in other words */
    /* When nothing was found: which looser searches apply to the query, and what they would find, the
     * nearest to it first. Those that could not be counted in FH_LOOSER_MS are not among them. */
    const fh_looser *looser;
    size_t looser_count;
    /*
     * «Did you mean», with `snippets` or when nothing was found: the query as typed, but with words that no article has, or hardly any, in the
     * spelling that was probably meant; empty when the query is as good as any.
     */
    fh_str better;
    /*
     * With `facets`. Periods: every day, else month, else year between the oldest and the newest date that
     * the index has and the request asks for, in order; of more than FH_PERIODS_MAX years the newest; without
     * those of nothing at both ends. Sources: those that most of what matches has, most first. Engines that
     * cannot tally have fewer and longer periods where much matches, and sources only of those with most
     * articles in the index.
     */
    const fh_facet *periods;
    size_t period_count;
    const fh_facet *sources;
    size_t source_count;
} fh_results;

/* ---- Calls ---- */

typedef struct fh_searcher fh_searcher;

/*
 * Open the index in the folder PATH.
 * Fails with FH_ENOTFOUND when there is none, FH_EANALYSIS when this program cannot read its terms.
 */
FH_API fh_status fh_searcher_open(const char *path, fh_searcher **out, fh_error *err);
FH_API void fh_searcher_close(fh_searcher *s);

/*
 * Search. What the indexer has published meanwhile is picked up first.
 * Results own their texts: they stay valid until fh_results_free, whatever happens to the searcher.
 * Fails with FH_ELIMIT when the query passes one of the limits above; never for its syntax: what
 * cannot be understood is searched as plain words, and a note says so. Fails with FH_ESTOPPED when
 * `timeout_ms` have passed; an engine that keeps no deadlines (see fh_stats) ends its own part first.
 */
FH_API fh_status fh_searcher_search(fh_searcher *s, const fh_request *request, fh_results **out,
                                    fh_error *err);
FH_API void fh_results_free(fh_results *results);

/*
 * Pick up what the indexer has published, as every search does by itself.
 * out: *GENERATION, which grows with everything that is published.
 */
FH_API fh_status fh_searcher_refresh(fh_searcher *s, uint64_t *generation, fh_error *err);

/* A way to go on with what has been typed. */
typedef struct fh_suggestion {
    fh_str text;       /* all of it, the last word completed, as articles write it */
    uint32_t articles; /* that hold the word in any form */
} fh_suggestion;

typedef struct fh_suggestions {
    const fh_suggestion *items;
    size_t count;
    uint64_t generation;
} fh_suggestions;

/*
 * Complete the last word of TEXT by the MOST words of the index that stand in most articles: each word
 * once, whatever its forms, and one that begins a slip of the typist away when none begins with it. None
 * when it has less than FH_SUGGEST_LETTERS letters. Fails with FH_ELIMIT beyond FH_SUGGEST_MAX, and for a
 * text longer than a query.
 */
FH_API fh_status fh_searcher_suggest(fh_searcher *s, fh_str text, size_t most,
                                     fh_suggestions **out, fh_error *err);
FH_API void fh_suggestions_free(fh_suggestions *suggestions);

/* One article, whole, by its id; FH_ENOTFOUND when the index has none. Free it with the call below. */
FH_API fh_status fh_searcher_article(fh_searcher *s, fh_str id, fh_article **out,
                                     fh_error *err);
FH_API void fh_article_free(fh_article *article);

/* What the index holds. */
typedef struct fh_stats {
    char engine[32];
    char analysis[64];
    uint64_t generation;
    uint64_t articles;
    uint64_t text_bytes;
    uint64_t index_bytes;
    bool checksums; /* the engine tells a damaged byte before it can change an answer */
    bool deadlines; /* the engine keeps deadlines inside a search */
} fh_stats;

FH_API fh_status fh_searcher_stats(fh_searcher *s, fh_stats *stats, fh_error *err);

#endif
