/*
 * Results as a feed. It is served, and no --format of a program, as it is made of links.
 */
#ifndef FH_SEARCHER_SERVE_FEED_H
#define FH_SEARCHER_SERVE_FEED_H

#include "searcher/render.h"

extern const fh_renderer fh_render_atom;

#endif
