/*
 * The character set that a web page says it is written in.
 */
#ifndef FH_INDEXER_HTML_CHARSET_H
#define FH_INDEXER_HTML_CHARSET_H

#include "base/types.h"

/*
 * The name of the character set that HEAD, the beginning of a page in any superset of ASCII, declares:
 * in <meta charset>, in <meta http-equiv=content-type>, or in an XML declaration; the first that stands
 * there. Borrowed from HEAD and as written; empty when nothing is declared.
 */
fh_str fh_html_charset(fh_str head);

#endif
