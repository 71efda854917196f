/*
 * What the attributes of an element say of it: that nobody sees it, that it is furniture of the page,
 * that the article is in it.
 *
 * This is the place for the names that sites give to their menus, share buttons and comments.
 */
#ifndef FH_INDEXER_HTML_LOOK_H
#define FH_INDEXER_HTML_LOOK_H

#include "indexer/html_tags.h"

/* Beside the traits of fh_html_element. */
enum {
    FH_HTML_MAIN = 1 << 8,  /* the main part of its page */
    FH_HTML_STORY = 1 << 9, /* the body of the article, says schema.org's vocabulary */
    FH_HTML_PUBLISHED =
        1 << 10 /* holds the date of publication, says one of the vocabularies */
};

/*
 * The traits of ELEMENT with these ATTRIBUTES: names in small letters and their decoded values, which
 * may be NULL, in turn; a NULL name is the end, and ATTRIBUTES itself may be NULL.
 */
unsigned fh_html_look(const fh_html_element *element, const char *const *attributes);

#endif
