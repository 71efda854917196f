#include "engines/engine_row.h"
#include "engines/native/native_index.h"
#include "engines/native/native_writer.h"

const fh_engine fh_engine_native = {
    .writer_open = fh_nwriter_open,
    .writer_lookup = fh_nwriter_lookup,
    .batch_new = fh_nbatch_new,
    .batch_put = fh_nbatch_put,
    .writer_add = fh_nwriter_add,
    .batch_free = fh_nbatch_free,
    .writer_remove = fh_nwriter_remove,
    .writer_walk = fh_nwriter_walk,
    .writer_publish = fh_nwriter_publish,
    .writer_settle = fh_nwriter_settle,
    .writer_stats = fh_nwriter_stats,
    .writer_close = fh_nwriter_close,
    .index_open = fh_nindex_open,
    .index_close = fh_nindex_close,
    .index_refresh = fh_nindex_refresh,
    .index_generation = fh_nindex_generation,
    .index_stats = fh_nindex_stats,
    .index_search = fh_nindex_search,
    .index_explain = fh_nindex_explain,
    .index_article = fh_nindex_article,
    .index_next = fh_nindex_next,
    .index_frequencies = fh_nindex_frequencies,
    .index_walk = fh_nindex_walk,
    .index_sources = fh_nindex_sources,
    .index_tally = fh_nindex_tally,
    .index_check = fh_nindex_check,
    .index_copy = fh_nindex_copy,
};
