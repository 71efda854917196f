/*
 * A web page through libxml2's push parser into a tree.
 *
 * The parser decodes references and decides what closes what. It is fed tags that were written anew, with
 * the few attributes that mean something here, because it
 *
 * - takes quadratic time in the attributes of a tag and in the depth of a page: both are bounded here;
 * - waits for the end of a quote that it sees where there is none, and stops at </html> and at a NUL;
 * - says of each byte, tag and reference that it does not like so in a sentence, which takes longer
 *   than to read it.
 *
 * It reads nothing but these bytes: no files, no network, no entities of the page's own.
 */
#ifndef FH_INDEXER_HTML_PARSER_H
#define FH_INDEXER_HTML_PARSER_H

#include "base/status.h"
#include "indexer/html_tree.h"

/* Attributes of a tag; more are left out. */
#define FH_HTML_ATTRIBUTES_MAX 512

/* The bytes of an attribute's value that are read. */
#define FH_HTML_VALUE_MAX (64u * 1024)

/*
 * Read PAGE, valid UTF-8 that outlives *TREE, into *TREE, a zeroed one, which is to be freed whatever
 * comes out. Fails with FH_ENOMEM. Several threads may do so at once.
 */
fh_status fh_html_parse(fh_str page, fh_html_tree *tree, fh_error *err);

#endif
