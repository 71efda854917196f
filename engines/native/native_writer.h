/*
 * Writing a native index: the calls of the engine's row, which mean what engine.h and
 * engine_row.h say of those of the same name.
 *
 * What is put is kept as numbers (native_batch.h) until memory is short or a publish is due;
 * then it is inverted (inversion.h) and becomes a segment file (segment_build.h). A publish
 * adds the new segments to the generation, merges those that tiers.h chooses
 * (segment_merge.h), and replaces one file.
 */
#ifndef FH_ENGINES_NATIVE_NATIVE_WRITER_H
#define FH_ENGINES_NATIVE_NATIVE_WRITER_H

#include "engines/engine_row.h"

/* native_writer.c; a batch that was added is still freed by fh_nbatch_free() */
fh_status fh_nwriter_open(const fh_workplace *place, void **writer, fh_error *err);
fh_status fh_nwriter_settle(void *writer, const char *current, fh_error *err);
fh_status fh_nbatch_new(void *writer, size_t count, uint64_t text_bytes, void **batch,
                        fh_error *err);
fh_status fh_nbatch_put(void *batch, const fh_entry *entry, fh_error *err);
fh_status fh_nwriter_add(void *writer, void *batch, fh_error *err);
void fh_nbatch_free(void *batch);
void fh_nwriter_close(void *writer);

/* native_publish.c */
fh_status fh_nwriter_publish(void *writer, uint64_t generation, const char *fresh, bool *moved,
                             fh_error *err);

/* native_lookup.c */
fh_status fh_nwriter_lookup(void *writer, fh_str id, bool *found, uint64_t *fingerprint,
                            fh_error *err);
fh_status fh_nwriter_remove(void *writer, fh_str id, bool *found, fh_error *err);
fh_status fh_nwriter_walk(void *writer, fh_str origin, fh_origin_visit visit, void *context,
                          fh_error *err);
fh_status fh_nwriter_stats(void *writer, fh_index_stats *stats, fh_error *err);

#endif
