/*
 * What the JSON-LD of a page says of its article, in the vocabulary of schema.org.
 *
 *   (add)* choose? free
 *
 * Pages hold several scripts, which hold several things, side by side, in arrays, in @graph: articles are
 * looked for in all of them, and the one is chosen that the page is about.
 */
#ifndef FH_INDEXER_JSON_LD_H
#define FH_INDEXER_JSON_LD_H

#include <jansson.h>

#include "base/buffer.h"
#include "base/status.h"

/* All scripts of a page, in bytes; what they say beyond is left out. Parsed they take forty times that. */
#define FH_JSON_LD_MAX (1024u * 1024)

/* How many scripts, and how many articles in them, are looked at; and how deep they may lie. */
#define FH_JSON_LD_SCRIPTS_MAX  32
#define FH_JSON_LD_ARTICLES_MAX 32
#define FH_JSON_LD_DEPTH_MAX    8

/* Begin with a zeroed one. */
typedef struct fh_json_ld {
    json_t *scripts[FH_JSON_LD_SCRIPTS_MAX];
    size_t script_count;
    const json_t *articles[FH_JSON_LD_ARTICLES_MAX];
    size_t article_count;
    size_t bytes;
} fh_json_ld;

/* An article's own words, as they stand there; missing ones are empty. */
typedef struct fh_json_ld_article {
    fh_str title;
    fh_str body;
    fh_str url;
    fh_str date;
    fh_str source;
    fh_str section;
    const json_t *keywords; /* a text or an array; NULL when missing */
} fh_json_ld_article;

/*
 * Add a SCRIPT, valid UTF-8. What it lacks of being JSON, but often does, is forgiven: a comment around it,
 * control characters in its texts. Fails with FH_EFORMAT, FH_ELIMIT and FH_ENOMEM.
 */
fh_status fh_json_ld_add(fh_json_ld *ld, fh_str script, fh_error *err);

/*
 * The article that the page is about: the only one, else the one that has its URL or its TITLE; all fields
 * are empty when there is none. It lives as long as LD.
 */
fh_json_ld_article fh_json_ld_choose(const fh_json_ld *ld, fh_str url, fh_str title);

void fh_json_ld_free(fh_json_ld *ld);

#endif
