/*
 * The dictionary of one form: its terms in order of bytes, and where the postings of each
 * stand.
 *
 *   section  = blocks, then an entry for each block, then a trailer
 *   block    = up to 32 terms, each:
 *                shape      1 byte: in the high 4 bits `shared`, how many bytes it has in
 *                           common with the term before it, 0 in a block's first; in the low 4
 *                           bits `rest`, how many follow; 15 stands for 15 and more
 *                shared     varint (pack.h), less 15; only when the shape says 15
 *                rest       likewise
 *                text       the rest, in letter code
 *                sizes      1 byte, of a term in few articles and no title:
 *                             bit 7      0
 *                             bits 5-6   length of its positions, less its articles
 *                             bits 2-4   length of its posting list, less 1
 *                             bits 0-1   articles that hold it, less 1
 *                           of any other term:
 *                             bit 7      1
 *                             bit 6      some articles hold it in their title
 *                             bits 0-5   articles that hold it, less 1; 63 stands for 63 and
 *                                        more
 *                           and then varints: the articles, less 64, only for 63; how many
 *                           hold it in their title, only for bit 6; length of its list; length
 *                           of its positions
 *   entry    = 24 bytes:
 *                 0  first      8 bytes, how the block's first term begins, then zeros
 *                 8  block      4 bytes, where the block stands
 *                12  postings   6 bytes, where the block's first list stands in its section
 *                18  positions  6 bytes, likewise
 *   trailer  = terms (8), blocks (4), zero (4)
 *
 * Lists and positions follow each other in order of terms. Term texts are in the letter code,
 * which sorts as UTF-8 does and keeps prefixes.
 */
#ifndef FH_ENGINES_NATIVE_DICTIONARY_H
#define FH_ENGINES_NATIVE_DICTIONARY_H

#include "engines/native/segment.h"

/* How many terms a block has; the last one has the rest. */
#define FH_DICTIONARY_BLOCK 32u

/* The longest term text in letter code. */
#define FH_CODE_MAX (2 * FH_TERM_MAX)

/* What is known of a term in one segment. */
typedef struct fh_posted {
    uint32_t articles; /* document frequency, the dead included */
    uint32_t titled;   /* articles that hold it in their title */
    uint64_t postings; /* where its list stands in the form's section of postings */
    uint64_t postings_len;
    uint64_t positions; /* likewise of positions */
    uint64_t positions_len;
} fh_posted;

/*
 * A dictionary that is open; begin with fh_dictionary_open(). A plain value: nothing to
 * close.
 */
typedef struct fh_dictionary {
    fh_slice slice;
    uint64_t terms;
    uint32_t blocks;
    uint64_t index; /* where the entries stand */
} fh_dictionary;

/*
 * Open the dictionary of FORM; of a segment that has none, an empty one. false: the file says
 * why.
 */
bool fh_dictionary_open(const fh_segment *s, unsigned form, fh_dictionary *d);

/*
 * Look the CODE of a term up. Returns whether it is there, false too when the file is damaged;
 * *POSTED is zero then.
 */
bool fh_dictionary_find(const fh_dictionary *d, fh_str code, fh_posted *posted);

/* A walk through the terms in order. */
typedef struct fh_term_walk {
    const fh_dictionary *dictionary;
    uint32_t block;     /* the next to read */
    const uint8_t *at;  /* what is left of the one before it ... */
    const uint8_t *end; /* ... ends here */
    uint64_t postings;  /* where the lists of the next term begin */
    uint64_t positions; /* likewise */
    bool pending;       /* the term below was read and not handed out yet */
    fh_posted posted;   /* of the term read last */
    uint8_t code[FH_CODE_MAX];
    size_t len;
} fh_term_walk;

/* Begin at the first term whose code is not below FROM. */
void fh_term_walk_start(fh_term_walk *w, const fh_dictionary *d, fh_str from);
/*
 * The next term: *CODE, valid until the next call, and *POSTED; false at the end or at
 * damage.
 */
bool fh_term_walk_next(fh_term_walk *w, fh_str *code, fh_posted *posted);

/* ---- Writing ---- */

/*
 * One form's terms, lists and positions on their way into a segment: (add)* finish | free,
 * terms in ascending order. lists.h has the calls that make the bytes of a list.
 */
typedef struct fh_terms_writer fh_terms_writer;

/*
 * TERMS, POSTINGS and POSITIONS are appended to. ARTICLES is how many the segment will have. NULL for want of memory.
 */
fh_terms_writer *fh_terms_writer_new(fh_spool *terms, fh_spool *postings, fh_spool *positions,
                                     uint32_t articles);

/* The postings of one term, in ascending order of articles. */
typedef struct fh_postings {
    const uint32_t *articles; /* local numbers, ascending */
    const uint32_t *counts;   /* how often each article has the term, in all fields */
    const uint32_t *titles;   /* how often of these in its title; NULL: never */
    size_t count;
    /* counts[0] + counts[1] + ... of them, ascending in each article, those in the title first */
    const uint32_t *positions;
} fh_postings;

/*
 * Add a term. LENGTHS are the lengths of the segment's articles, for the maxima of blocks, and
 * so is TITLE_WEIGHT. A failure is kept for append and finish.
 */
void fh_terms_writer_add(fh_terms_writer *w, fh_str code, const fh_postings *postings,
                         const uint32_t *lengths, uint32_t title_weight);

/*
 * Append what OTHER has written into spools of its own, whose terms all come behind: so that
 * two threads can each write half of the terms. OTHER is finished by this and only to be freed.
 */
fh_status fh_terms_writer_append(fh_terms_writer *w, fh_terms_writer *other, fh_error *err);

/*
 * Write what is left of the dictionary. FH_ENOMEM, or FH_ELIMIT when a list or a section became
 * longer than its places can say.
 */
fh_status fh_terms_writer_finish(fh_terms_writer *w, fh_error *err);
void fh_terms_writer_free(fh_terms_writer *w);

/*
 * Merge the terms of FORM of COUNT segments into W. MAPS[i][local] is the new number of an
 * article of segment i, or UINT32_MAX for one that is left out (dead); the new numbers ascend
 * within a segment and from segment to segment. LENGTHS are by new number. Terms left without
 * an article are left out.
 */
fh_status fh_terms_merge(const fh_segment *const *segments, const uint32_t *const *maps,
                         size_t count, unsigned form, const uint32_t *lengths,
                         uint32_t title_weight, fh_terms_writer *w, fh_error *err);

#endif
