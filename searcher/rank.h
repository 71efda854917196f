/*
 * What counts how much: the weights of forms and fields, and how words, phrases and wildcards become
 * leaves of an expression. All ranking decisions of a query stand here.
 */
#ifndef FH_SEARCHER_RANK_H
#define FH_SEARCHER_RANK_H

#include "engines/engine.h"
#include "searcher/fihris.h"

/* The stem carries the ranking, the word as spelled adds to it (start values of our own). */
#define FH_WEIGHT_STEM   1.0f
#define FH_WEIGHT_FOLDED 0.35f
/* A form that was asked for by itself: =word, a wildcard, ="a phrase". */
#define FH_WEIGHT_ALONE 1.0f
/* A word near one that no article has (our own measurements, docs/ranking.md). */
#define FH_WEIGHT_TYPO 1.0f

/*
 * What raises the best articles, as fh_rerank has it: our own measurements over questions and
 * headlines (docs/ranking.md). The lead is the title's positions, the gap, and some twenty words.
 */
#define FH_RERANK_DEPTH       15
#define FH_RERANK_LEAD        (FH_FIELD_GAP + 30)
#define FH_RERANK_LEAD_WEIGHT 1.0f
#define FH_RERANK_ORDERED     0.2f
#define FH_RERANK_CLOSE       0.2f
#define FH_RERANK_WINDOW      8

/* One word of a query. Its texts live in the arena of the query. */
typedef struct fh_word {
    fh_str typed;
    fh_str folded;
    fh_str stem;
    uint32_t position; /* as the analyser counts, from 1 */
    bool stops;        /* says nothing about what a text is about */
    float weight;      /* of a near word: what it counts beside the likeliest */
    bool guessed;      /* its forms are those of a near word that stands for it */
} fh_word;

/* How a clue matches. */
typedef enum fh_match {
    FH_MATCH_FOLDED,
    FH_MATCH_STEM,
    FH_MATCH_PREFIX,
    FH_MATCH_PHRASE,
    FH_MATCH_NEAR,
    FH_MATCH_TYPO /* by the stems of words near one that no article has */
} fh_match;

/* What one leaf of the expression looks for: the material of explanations and snippets. */
typedef struct fh_clue {
    fh_match match;
    const fh_expr *leaf;  /* TERM, ANY, BEST, PHRASE or NEAR */
    fh_str word;          /* as typed */
    fh_str term;          /* as looked up */
    bool title;           /* in titles only */
    bool shown;           /* what it matches is lit in snippets */
    const fh_word *words; /* PHRASE, NEAR; TYPO: the near ones, the likeliest first */
    size_t word_count;
    struct fh_clue *next;
} fh_clue;

typedef struct fh_clues {
    fh_clue *first;
    fh_clue *last;
    size_t count;
} fh_clues;

/* Expressions that will stand side by side. Begin with a zeroed one; it grows in the arena. */
typedef struct fh_exprs {
    fh_expr **items;
    size_t count;
    size_t capacity;
} fh_exprs;

/* A word, phrase or wildcard that ranks, and what proves on which level an article has it. */
typedef struct fh_asked {
    fh_str typed;
    const fh_expr
        *proofs[FH_LEVELS]; /* leaves; a true spelling is proved by none. NULL: no such level */
    fh_str prefix;          /* of a wildcard, folded; empty for others */
    bool title;             /* in titles only */
    struct fh_asked *next;  /* in order of the query */
} fh_asked;

/* Where leaves are made. */
typedef struct fh_ranker {
    fh_arena *arena;
    fh_clues clues;
    fh_asked *asked; /* what the clues are for, in order of the query */
    fh_exprs close;  /* the leaves whose places count, likewise */
    bool failed;     /* memory ran out */
} fh_ranker;

/* In which manner a word is meant. */
typedef struct fh_manner {
    fh_field field;
    bool exact;    /* folded, not stemmed */
    bool negative; /* it must not match: no clue, no score */
} fh_manner;

/* Append EXPR; NULL, from an allocation that failed, is remembered. */
void fh_rank_add(fh_ranker *r, fh_exprs *list, fh_expr *expr);

/* A word that may match: its leaves, flat, so that an engine sees one OR. Repeated words add up. */
void fh_rank_any(fh_ranker *r, const fh_word *word, fh_manner manner, fh_exprs *ranked);

/* A word that must match: MUST gets the form that decides, ADDS what only scores. */
void fh_rank_must(fh_ranker *r, const fh_word *word, fh_manner manner, fh_exprs *must,
                  fh_exprs *adds);

/*
 * COUNT words, at least 1: in this order at these distances, or, with a WINDOW that is not 0, in any
 * order in a stretch of so many words. TYPED is the whole phrase.
 */
void fh_rank_phrase(fh_ranker *r, fh_str typed, const fh_word *words, size_t count,
                    uint32_t window, fh_manner manner, fh_exprs *must, fh_exprs *adds);

/* Any of the COUNT words TERMS, all of which begin with PREFIX, folded. */
fh_expr *fh_rank_prefix(fh_ranker *r, fh_str typed, fh_str prefix, const fh_str *terms,
                        size_t count, fh_manner manner);

/* WORD, which no article has, may have been any of the COUNT words NEAR, at least 1: its leaf. */
void fh_rank_typo(fh_ranker *r, const fh_word *word, const fh_word *near, size_t count,
                  fh_manner manner, fh_exprs *list);

/* What raises the best of what the ranker has made leaves for. Lives as long as its arena. */
fh_rerank fh_rank_close(const fh_ranker *r);

#endif
