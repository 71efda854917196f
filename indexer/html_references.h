/*
 * References to characters, `&amp;` and `&#1575;`, made fit for libxml2, which knows those of HTML 4 and
 * only when they are written in full.
 */
#ifndef FH_INDEXER_HTML_REFERENCES_H
#define FH_INDEXER_HTML_REFERENCES_H

#include "base/buffer.h"

/*
 * Append to OUT what stands for the & at the beginning of TEXT and the reference that it may begin: with
 * its semicolon when that was left out, by the right number when it is one of windows-1252, and `&amp;`
 * where it begins none. Returns how many bytes of TEXT that was.
 */
size_t fh_html_reference(fh_str text, fh_buffer *out);

#endif
