/*
 * Sources by name: which of an index's sources are spelled like this one once both are folded.
 */
#ifndef FH_SEARCHER_SOURCES_H
#define FH_SEARCHER_SOURCES_H

#include "engines/engine.h"
#include "searcher/notes.h"
#include "stemmers/analysis.h"

/*
 * An expression, in ARENA, for the articles of the source NAME.
 * A name that no source has gives NOTHING, and a note that tells some names there are. Fails with
 * FH_ESTOPPED at the DEADLINE.
 */
fh_status fh_sources_expr(fh_index *ix, fh_analyser *analyser, fh_str name, int64_t deadline,
                          fh_arena *arena, fh_notes *notes, fh_expr **out, fh_error *err);

#endif
