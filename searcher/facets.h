/*
 * How the articles that match spread over time and sources: for filters, and for a picture of them.
 */
#ifndef FH_SEARCHER_FACETS_H
#define FH_SEARCHER_FACETS_H

#include "engines/engine.h"
#include "searcher/fihris.h"

/*
 * Count the articles that match EXPR, whose search gave PAGE, in each period and each source, as fh_results
 * says of its `periods` and `sources`, into RESULTS, all made in ARENA: in one pass where the engine can
 * tally, else by a search for each count that fetches nothing. When that takes longer than FH_FACETS_MS
 * nothing is counted, which is no failure.
 */
fh_status fh_facets_count(fh_index *ix, const fh_expr *expr, const fh_page *page,
                          const fh_request *request, fh_arena *arena, fh_results *results,
                          fh_error *err);

#endif
