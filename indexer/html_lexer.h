/*
 * A web page cut into text, tags, raw text and comments, in one pass and without memory of its own.
 *
 * It reads what browsers read, and loses less: what is never closed, a quote or a comment, does not
 * swallow the rest of the page. Nothing is decoded, and no byte is looked at more than a few times,
 * whatever the page: what was looked for in vain is not looked for again.
 */
#ifndef FH_INDEXER_HTML_LEXER_H
#define FH_INDEXER_HTML_LEXER_H

#include "base/types.h"

typedef enum fh_html_token_kind {
    FH_HTML_TEXT,   /* `text`; a < in it is none of a tag */
    FH_HTML_START,  /* <name text> */
    FH_HTML_END,    /* </name> */
    FH_HTML_RAW,    /* `text`, all that is inside the element `name`: a script, a title, ... */
    FH_HTML_COMMENT /* <!--text-->, and whatever else begins with <! or <? */
} fh_html_token_kind;

/* One piece of a page, borrowed from it. */
typedef struct fh_html_token {
    fh_html_token_kind kind;
    fh_str name; /* as written */
    fh_str text;
    bool empty; /* of FH_HTML_START in XML: nothing is inside, and no end comes */
} fh_html_token;

/* Begin with a zeroed one but for `rest`, the page, and `xml`. */
typedef struct fh_html_lexer {
    fh_str rest;
    fh_str raw;         /* the element whose raw text comes next */
    bool xml;           /* there are <a/> and <![CDATA[text]]> */
    unsigned closeless; /* raw elements, by bits, that are never closed from here on */
    bool quoteless;     /* a tag did not end, heeding quotes: they mean nothing any more */
    bool commentless;   /* no --> is left */
    bool sectionless;   /* no ]]> is left */
    bool tagless;       /* no > is left */
} fh_html_lexer;

/* The next token; false at the end. */
bool fh_html_lexer_next(fh_html_lexer *l, fh_html_token *token);

/*
 * Take the next attribute off ATTRIBUTES, the text of a start tag; false when none is left. A value is
 * as written, without its quotes; empty when there is none.
 */
bool fh_html_attribute_next(fh_str *attributes, fh_str *name, fh_str *value);

/* Is NAME, as written, the WORD, in small ASCII letters? */
bool fh_html_is(fh_str name, const char *word);

#endif
