/*
 * Texts of articles inside XML and HTML: as text, and as the value of an attribute between double quotes.
 */
#ifndef FH_SEARCHER_SERVE_WEB_MARKUP_H
#define FH_SEARCHER_SERVE_WEB_MARKUP_H

#include "searcher/fihris.h"
#include "base/buffer.h"

/* Append TEXT, which ends nothing around it and begins nothing: controls are spaces. */
void fh_markup_text(fh_buffer *out, fh_str text);

/* Append the text of WINDOW, what matches between <TAG> and </TAG>. */
void fh_markup_window(fh_buffer *out, const fh_window *window, const char *tag);

/* Is URL an address on the web, and nothing that runs where it is opened? */
bool fh_markup_is_web(fh_str url);

#endif
