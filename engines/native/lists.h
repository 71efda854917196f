/*
 * Posting lists: which articles hold a term, how often, where, and how much at most a block
 * can score.
 *
 *   list   = skips, blocks, rest          (a list of up to 127 articles is a rest alone)
 *   skips  = bounds     8 bytes, impacts of the whole list, the rest included
 *            lasts      4 bytes for each block: its last article
 *            ends       4 bytes for each block: where it ends, counted from the first block
 *            places     4 bytes for each block: where its positions end, counted from the
 *                       list's
 *            impacts    8 bytes for each block
 *   block  = 128 articles:
 *            articles   the distance of each from the one before, less 1, patched (pack.h); of
 *                       the first, from the last article of the block before, or from -1
 *            counts     their counts less 1, patched
 *            titles     only where the term is in titles at all: how many articles of the
 *                       block have it there (1 byte), then a mark for each of these: its place
 *                       in the low 7 bits, and the number is 1, or when the high bit is set 2
 *                       + the varint that follows
 *   rest   = the last 0 to 127 articles, as one row of bits (pack.h):
 *            some       1 bit: some count is above 1
 *            articles   distances less 1 in Rice's code of the width fh_rice_width(u - n, n)
 *                       for n articles of the u that are left in the segment; a single one as
 *                       it is, in the bits that u - 1 needs
 *            width      5 bits, only when some
 *            counts     less 1, in Rice's code of that width; only when some
 *            titled     1 bit, only where the term is in titles at all: some article of the
 *                       rest has it there
 *            which      a bit for each article, only when titled
 *            titles     of those, less 1, in Rice's code of width 0
 *
 * An impact is a pair (frequency f, length l): an article of the block with weighted frequency
 * f' (title_weight * titles + (count - titles)) and length l' has, for one of the pairs, f' <=
 * f and l' >= l. So the bound holds for any k1, b and average length, and survives merging
 * with other segments. Four of them take 8 bytes: f and l of each on the scale of impacts.h, f
 * rounded up and l down; f = 0: no pair.
 *
 * Positions of a block, or of the rest, in order of postings: of each posting its first
 * position, then distances; the positions of the title stand before those of the body. Up to 3
 * of them are varints; more are one row of bits: their width (5 bits), then Rice's code.
 */
#ifndef FH_ENGINES_NATIVE_LISTS_H
#define FH_ENGINES_NATIVE_LISTS_H

#include "engines/native/dictionary.h"
#include "engines/native/impacts.h"

#define FH_BLOCK 128u

/* The most occurrences of a term in one article, and in one title, that a list keeps. */
#define FH_COUNT_MAX 0x3FFFFFFFu
#define FH_TITLE_MAX 255u

/* A list that is open: a plain value, made without reading the list itself. */
typedef struct fh_list {
    const fh_segment *segment;
    fh_slice postings;  /* its bytes */
    fh_slice positions; /* its positions */
    uint32_t articles;
    uint32_t titled;
    uint32_t blocks;      /* with the rest */
    uint32_t full_blocks; /* without it */
    const uint8_t *skips; /* verified, or NULL when there are none */
    uint64_t skips_len;
} fh_list;

/* Open the list of FORM that POSTED names. false: the file says why. */
bool fh_list_open(const fh_segment *s, unsigned form, const fh_posted *posted, fh_list *list);

/* The last article of block B; UINT32_MAX for the rest, whose last is known when it is read. */
uint32_t fh_list_last(const fh_list *l, uint32_t b);

/*
 * The first block from FROM on whose last article is not below ARTICLE (galloping); `blocks`
 * if none.
 */
uint32_t fh_list_seek(const fh_list *l, uint32_t from, uint32_t article);

/*
 * What bounds block B: fills IMPACTS and returns how many, 1 to FH_IMPACTS; 0 for the rest, of
 * which nothing is known before it is read.
 */
unsigned fh_list_impacts(const fh_list *l, uint32_t b, fh_impact impacts[FH_IMPACTS]);

/* What bounds the whole list, likewise; 0 for a list that is a rest alone. */
unsigned fh_list_bounds(const fh_list *l, fh_impact impacts[FH_IMPACTS]);

/* A block, decoded. */
typedef struct fh_block {
    unsigned count;
    uint32_t articles[FH_BLOCK]; /* ascending, each below the segment's articles */
    uint32_t counts[FH_BLOCK];   /* in all fields, from 1; filled by fh_block_counts() */
    uint8_t titles[FH_BLOCK];    /* of these in the title, at most 255; likewise */
    bool has_counts;
    bool has_titles;     /* whether any is not 0 */
    uint32_t number;     /* which block of its list */
    const uint8_t *rest; /* where the counts stand ... */
    const uint8_t *end;  /* ... and the block ends */
    uint64_t rest_bit;   /* of the rest: the bit behind its articles, from `rest` */
    struct fh_block_places {
        const uint8_t *bytes; /* the block's positions, verified; NULL until they are needed */
        uint64_t len;
        uint64_t slots; /* how many positions */
        unsigned width; /* of their low bits; varints when `slots` is small */
        unsigned read;  /* up to this posting they were skipped or read ... */
        uint64_t slot;  /* ... which is so many positions ... */
        uint64_t at;    /* ... and the next stands at this bit (its unary part) or byte */
    } places;
} fh_block;

/* Decode the articles of block B; false at damage. */
bool fh_list_block(const fh_list *l, uint32_t b, fh_block *block);

/* Decode the counts and titles of a block that was decoded; false at damage. */
bool fh_block_counts(const fh_list *l, fh_block *block);

/*
 * Read the positions of posting I of a block whose counts are decoded into OUT, which has room
 * for MOST; returns how many there are (at most `counts[i]`; more than MOST are cut), 0 at
 * damage. Asking in ascending order of I skips forward; going back begins at the block again.
 */
uint32_t fh_block_positions(const fh_list *l, fh_block *block, unsigned i, uint32_t *out,
                            uint32_t most);

/* Read all terms of FORM, their lists and positions from end to end; false at damage. */
bool fh_lists_check(const fh_segment *s, unsigned form);

/* ---- Writing ---- */

/* What the lists of a segment are made with. */
typedef struct fh_list_ground {
    uint32_t articles;       /* of the segment */
    const uint32_t *lengths; /* of each of them */
    uint32_t title_weight;
} fh_list_ground;

/*
 * Append the list of P to POSTINGS and its positions to POSITIONS. Returns false when memory
 * ran out or a part is longer than the skips can say; then the buffers hold as much as before.
 */
bool fh_list_write(const fh_postings *p, const fh_list_ground *ground, fh_buffer *postings,
                   fh_buffer *positions);

#endif
