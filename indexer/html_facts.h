/*
 * What the head of a page says of its article, in <meta>, <link> and their like.
 */
#ifndef FH_INDEXER_HTML_FACTS_H
#define FH_INDEXER_HTML_FACTS_H

#include "base/buffer.h"

typedef enum fh_html_field {
    FH_HTML_TITLE,
    FH_HTML_URL,
    FH_HTML_SAVED, /* where the page was when it was saved */
    FH_HTML_DATE,
    FH_HTML_SOURCE,
    FH_HTML_SECTION,
    FH_HTML_KEYWORDS,
    FH_HTML_LEAD /* a sentence or two of what the article says */
} fh_html_field;

/* How many names of facts there may be. */
#define FH_HTML_FACTS_MAX 56

/* What is said once and again, tags of an article, is kept up to so many bytes. */
#define FH_HTML_FACT_MAX (64u * 1024)

/* The names of the facts that are not in <meta>. */
#define FH_HTML_CANONICAL  "link canonical"
#define FH_HTML_SAVED_FROM "saved from"

/* Begin with a zeroed one. */
typedef struct fh_html_facts {
    fh_buffer values[FH_HTML_FACTS_MAX];
} fh_html_facts;

void fh_html_facts_free(fh_html_facts *facts);

/*
 * Keep VALUE, tidied, under NAME, in any letters. Unknown names and empty values say nothing; of several
 * values the first is kept, and of tags all, one a line.
 */
void fh_html_facts_add(fh_html_facts *facts, fh_str name, fh_str value);

/*
 * The next value for FIELD, the most trusted first: *AT is 0 before the first. False after the last.
 * Values live as long as the facts are not added to.
 */
bool fh_html_facts_next(const fh_html_facts *facts, fh_html_field field, size_t *at,
                        fh_str *value);

/* The most trusted value; empty when there is none. */
fh_str fh_html_facts_first(const fh_html_facts *facts, fh_html_field field);

/* Has memory run out? */
bool fh_html_facts_failed(const fh_html_facts *facts);

#endif
