#include "engines/engine_row.h"
#include "engines/xapian/xapian_index.h"
#include "engines/xapian/xapian_writer.h"

const fh_engine fh_engine_xapian = {
    .writer_open = fh_xwriter_open,
    .writer_lookup = fh_xwriter_lookup,
    .batch_new = fh_xbatch_new,
    .batch_put = fh_xbatch_put,
    .writer_add = fh_xbatch_add,
    .batch_free = fh_xbatch_free,
    .writer_remove = fh_xwriter_remove,
    .writer_walk = fh_xwriter_walk,
    .writer_publish = fh_xwriter_publish,
    .writer_settle = fh_xwriter_settle,
    .writer_stats = fh_xwriter_stats,
    .writer_close = fh_xwriter_close,
    .index_open = fh_xindex_open,
    .index_close = fh_xindex_close,
    .index_refresh = fh_xindex_refresh,
    .index_generation = fh_xindex_generation,
    .index_stats = fh_xindex_stats,
    .index_search = fh_xindex_search,
    .index_explain = fh_xindex_explain,
    .index_article = fh_xindex_article,
    .index_next = fh_xindex_next,
    .index_frequencies = fh_xindex_frequencies,
    .index_walk = fh_xindex_walk,
    .index_sources = fh_xindex_sources,
    .index_check = fh_xindex_check,
    .index_copy = fh_xindex_copy,
    .changes_in_place = true,
};
