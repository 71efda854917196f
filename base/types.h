/*
 * The nouns of fihris, in order of flow. Read this file first.
 *
 *   bytes -> fh_article -> fh_token -> (index)           what fihris-index does
 *   query -> (index) -> fh_hit -> fh_article -> fh_span  what fihris-search does
 *
 * Every text is UTF-8. An fh_str borrows its bytes; the header that hands one out says until when.
 */
#ifndef FH_BASE_TYPES_H
#define FH_BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed text: LEN bytes at PTR, not terminated by a NUL. Missing text has len 0. */
typedef struct fh_str {
    const char *ptr;
    size_t len;
} fh_str;

/* An fh_str of a string literal. */
#define FH_STR(literal) ((fh_str){(literal), sizeof(literal) - 1})

/* How much of a date is known. */
typedef enum fh_precision {
    FH_DATE_NONE, /* no date at all */
    FH_DATE_YEAR,
    FH_DATE_MONTH,
    FH_DATE_DAY,
    FH_DATE_SECOND
} fh_precision;

/* A point in time as an article states it: the first second of the year, month or day it names. */
typedef struct fh_date {
    int64_t seconds; /* since 1970-01-01T00:00:00Z, negative before; 0 when there is no date */
    fh_precision precision;
} fh_date;

/* One article, as read from an input and as given back by an index. Missing fields are empty. */
typedef struct fh_article {
    fh_str id;       /* what the article is known by; never empty in an index */
    fh_str title;    /* the headline, one line */
    fh_str body;     /* the text as it was read */
    fh_str url;      /* where it was published */
    fh_str source;   /* who published it: a newspaper, a site */
    fh_str section;  /* where in the source it stood */
    fh_str keywords; /* the source's own keywords, one a line */
    fh_date date;    /* when it was published */
    fh_str origin;   /* the input file it came from, as it was named on the command line */
} fh_article;

/* The forms in which one word is indexed. All forms of a word stand at one position. */
typedef enum fh_form {
    FH_FORM_FOLDED, /* N: spelling differences folded; serves phrases and =word */
    FH_FORM_STEM,   /* S: clitics and suffixes off; serves ranking */
    FH_FORMS        /* how many there are */
} fh_form;

/* The part of an article in which a word stands. */
typedef enum fh_field {
    FH_FIELD_ANY, /* in a query: wherever it stands */
    FH_FIELD_TITLE,
    FH_FIELD_BODY
} fh_field;

/* Half-open range of bytes [start, end) in an original text. */
typedef struct fh_span {
    uint32_t start;
    uint32_t end;
} fh_span;

/*
 * One way in which a word is spelled in texts, and what it is indexed under. When both forms are
 * empty it is no word: it takes no position and is indexed under nothing (the article alone).
 */
typedef struct fh_spelling {
    fh_str written;         /* as texts have it, with its clitics and marks; never empty */
    fh_str forms[FH_FORMS]; /* each at most FH_TERM_MAX bytes and without a NUL byte */
} fh_spelling;

/*
 * The spellings that a run of texts has, numbered as they were met: who reads a text names each of
 * its words by number, so that all work on a spelling is done once and not at every occurrence.
 */
typedef struct fh_vocabulary {
    uint64_t edition; /* another one whenever the numbers begin anew; never 0 */
    uint32_t count;   /* every number is below this */
    /* out: *SPELLING number N, N < count; its texts live until the vocabulary's owner reads on. */
    void (*spell)(const struct fh_vocabulary *v, uint32_t n, fh_spelling *spelling);
} fh_vocabulary;

/* One word of a text. */
typedef struct fh_token {
    uint32_t spelling; /* its number in a vocabulary */
    fh_span span;      /* where it stands in the original text */
} fh_token;

/* The words of one field of an article, in order of the text. */
typedef struct fh_passage {
    fh_field field; /* FH_FIELD_TITLE or FH_FIELD_BODY: whose text the spans are of */
    uint32_t
        position; /* of the first word, counted from 1; each word has one more than the last */
    const fh_token *tokens;
    size_t count;
} fh_passage;

/*
 * One form of one word of a text, by itself: how queries and tools see words.
 * `text` has at most FH_TERM_MAX bytes, is never empty and holds no NUL byte.
 */
typedef struct fh_term {
    fh_str text;
    fh_form form;
    fh_field field;
    uint32_t position; /* of the word, counted from 1; the forms of a word share it */
    fh_span span;      /* the word in the original text, with its clitics and marks */
} fh_term;

/* The longest term in bytes; a longer word is cut there, in texts and queries alike. */
#define FH_TERM_MAX 128

/*
 * Positions between the last word of a title, empty or not, and the first of its body, so that no
 * phrase reaches from one into the other.
 */
#define FH_FIELD_GAP 100

/* One article that a search found. Its texts live as long as the results they came in. */
typedef struct fh_hit {
    uint32_t document; /* the article's number inside this index and generation, from 1 */
    double score;      /* higher is better; 0 when the search was not ranked */
    double raised;     /* of it, what words close together and early gave, see fh_rerank */
    fh_article article;
} fh_hit;

#endif
