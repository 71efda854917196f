/*
 * What a list of results shows of an article: everything but its body, read without touching
 * that.
 *
 * The head of an article in FH_SECTION_HEADS, numbers as varints:
 *
 *   id, title, rest of the url, keywords, each:
 *     coded    bytes of the letter code, times 2, plus 1 when the code is the text itself
 *     decoded  bytes of the text; only when it is not
 *     code
 *   body       bytes of the body
 *
 * Date, source, origin, section and site are columns. A site is where a url begins: all up to
 * its third slash. The last four are numbers of names:
 *
 *   FH_SECTION_NAMES  column: where each name ends in what follows; then the names in letter
 *                     code, each once, in order of bytes. Number 0 is the empty name.
 *   FH_SECTION_IDS    for each article, in ascending order, 8 bytes: the upper 32 bits of the
 *                     XXH3 of its id in UTF-8, times 2^32, plus its local number. Of two
 *                     versions of one id in a segment at least one is dead.
 */
#ifndef FH_ENGINES_NATIVE_HEADS_H
#define FH_ENGINES_NATIVE_HEADS_H

#include "base/status.h"
#include "engines/native/segment.h"

/*
 * How a date stands in FH_SECTION_DATES: 0 for none, else (seconds + 2^60) * 8 + precision,
 * which sorts as dates do; seconds beyond 2^60 on either side are taken for those. The column
 * makes it small: its scale for what is divisible, such as dates that are all days.
 */
uint64_t fh_stored_date(fh_date date);
fh_date fh_date_of_stored(uint64_t stored);

/* ---- Writing ---- */

typedef struct fh_heads_writer fh_heads_writer;

/*
 * Collects heads, names, ids and their columns of any number of articles, in order. NULL for
 * want of memory; what runs out later is kept for finish.
 */
fh_heads_writer *fh_heads_writer_new(void);
void fh_heads_writer_add(fh_heads_writer *w, const fh_article *article, uint64_t fingerprint);
/* Join what another thread or batch collected behind W. Takes OTHER. */
void fh_heads_writer_append(fh_heads_writer *w, fh_heads_writer *other);
/* Bytes of memory that it takes, about. */
size_t fh_heads_writer_memory(const fh_heads_writer *w);
/*
 * Fill the sections of SEGMENT, and the number of articles, dates and text bytes of its header.
 */
fh_status fh_heads_writer_finish(fh_heads_writer *w, fh_segment_writer *segment, fh_error *err);
void fh_heads_writer_free(fh_heads_writer *w);

/* ---- Reading ---- */

/*
 * The head of article LOCAL, its texts made in ARENA, the body empty; *BODY_LEN its decoded
 * length.
 */
fh_status fh_head_read(const fh_segment *s, uint32_t local, fh_arena *arena,
                       fh_article *article, uint64_t *body_len, fh_error *err);

/* The letter code of the id of article LOCAL, borrowed from the file; false at damage. */
bool fh_head_id(const fh_segment *s, uint32_t local, fh_str *code);

/* Bytes of the title and body of article LOCAL; 0 at damage. */
uint64_t fh_head_text_len(const fh_segment *s, uint32_t local);

/* The upper half of what FH_SECTION_IDS has of an id. */
uint32_t fh_id_hash(fh_str id);

/* The living article of that ID: *FOUND and *LOCAL. */
fh_status fh_ids_find(const fh_segment *s, fh_str id, bool *found, uint32_t *local,
                      fh_error *err);

/* The number of NAME; UINT32_MAX when the segment has no such name, or names are damaged. */
uint32_t fh_names_find(const fh_segment *s, fh_str name);
/* How many names there are, the empty one included. */
uint32_t fh_names_count(const fh_segment *s);
/* The letter code of name N, borrowed from the file; false at damage. */
bool fh_names_code(const fh_segment *s, uint64_t n, fh_str *code);
/* The text of name N, made in ARENA. */
fh_status fh_names_text(const fh_segment *s, uint32_t n, fh_arena *arena, fh_str *name,
                        fh_error *err);

#endif
