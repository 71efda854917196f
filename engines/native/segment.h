/*
 * A segment: some articles, and everything that is known of them, in one sealed file of kind
 * "SEGM".
 *
 *   header    the first bytes of the content: see fh_segment_header below
 *   sections  one after the other; the header's table says where each one is
 *
 * The articles of a segment are numbered from 0 in the order in which they were put; a number
 * is `local`. An index is a list of segments, and the document number of an article is 1 + its
 * local number + the articles of all segments before its own.
 *
 * Texts in all sections are in the code of engines/lettercode.h, one byte a letter, unless said
 * otherwise.
 */
#ifndef FH_ENGINES_NATIVE_SEGMENT_H
#define FH_ENGINES_NATIVE_SEGMENT_H

#include "base/types.h"
#include "engines/native/bytes.h"
#include "engines/native/sealed.h"

#define FH_SEGMENT_KIND    "SEGM"
#define FH_SEGMENT_VERSION 2

/* The most articles of a segment: a local number and a place among all words fit in 32 bits. */
#define FH_SEGMENT_ARTICLES_MAX 0x7FFFFFFFu

/* The sections, in the order in which they stand in the file. A form's sections are numbered by
 * FH_SECTION_OF(FH_SECTION_TERMS, form); further forms take the numbers behind. */
typedef enum fh_section {
    FH_SECTION_LENGTHS,    /* column: words of each article (title and body) */
    FH_SECTION_DATES,      /* column: 0 undated, else fh_stored_date() of heads.h */
    FH_SECTION_SOURCES,    /* column: number of the article's source among the names */
    FH_SECTION_ORIGINS,    /* column: likewise of its origin */
    FH_SECTION_SECTIONS,   /* column: likewise of its section */
    FH_SECTION_SITES,      /* column: likewise of its site, where its url begins */
    FH_SECTION_PRINTS,     /* column: the fingerprint it was put with */
    FH_SECTION_NAMES,      /* the texts of sources, origins, sections and sites: heads.h */
    FH_SECTION_IDS,        /* hash of id -> local: heads.h */
    FH_SECTION_HEADS,      /* id, title, url, keywords of each article: heads.h */
    FH_SECTION_HEAD_ENDS,  /* column: where each head ends */
    FH_SECTION_SPELLINGS,  /* the spellings that the texts are written in: spellings.h */
    FH_SECTION_TEXT,       /* the bodies, a code for each spelling: store.h */
    FH_SECTION_TEXT_ENDS,  /* column: where each body ends */
    FH_SECTION_TERMS = 16, /* + form: the dictionary: dictionary.h */
    FH_SECTION_POSTINGS = FH_SECTION_TERMS + 8,     /* + form: the posting lists: lists.h */
    FH_SECTION_POSITIONS = FH_SECTION_POSTINGS + 8, /* + form: their positions: lists.h */
    FH_SECTIONS = FH_SECTION_POSITIONS + 8
} fh_section;

#define FH_SECTION_OF(section, form) ((fh_section)((section) + (form)))

/*
 * The header.
 *
 *    0  articles         4 bytes
 *    4  sections         4 bytes, how many places follow at 64
 *    8  words            8 bytes, the sum of all lengths
 *   16  text             8 bytes, of titles and bodies in UTF-8
 *   24  first date       8 bytes, seconds; first > last: no article is dated
 *   32  last date        8 bytes
 *   40  title weight     4 bytes, the weight of a title that block maxima were made with
 *   44  zero            20 bytes
 *   64  places          16 bytes a section: offset in the content, length
 */
typedef struct fh_segment_header {
    uint32_t articles;
    uint64_t words;
    uint64_t text_bytes;
    int64_t first_date;
    int64_t last_date;
    uint32_t title_weight;
} fh_segment_header;

#define FH_SEGMENT_PLACES 64

/* More sections than any version will have. */
#define FH_SECTIONS_MAX 256

/* ---- Columns: an unsigned number for each article (or block, ...) ---- */

/*
 * A value is base + scale * number, the number in few bits; in a column whose `gap` is 1 the
 * number 0 stands for the value 0, so that what is missing does not cost the others their base.
 *
 *    0  count    4 bytes
 *    4  width    1 byte, bits of a number, at most 64
 *    5  gap      1 byte, 0 or 1
 *    6  zero     2 bytes
 *    8  base     8 bytes
 *   16  scale    8 bytes
 *   24  numbers  count * width bits, the lowest first, and 9 bytes of zero behind them
 */
#define FH_COLUMN_HEAD 24u
#define FH_COLUMN_TAIL 9u

typedef struct fh_column {
    fh_slice slice;
    uint32_t count; /* 0 when there is no such section */
    unsigned width;
    bool gap;
    uint64_t base;
    uint64_t scale;
} fh_column;

/*
 * Open the column that SLICE is, or begins with; an empty slice is an empty column. false: the
 * file says why.
 */
bool fh_column_open(const fh_slice *slice, fh_column *c);
/* The bytes that the column takes. */
uint64_t fh_column_len(const fh_column *c);

/* The value I; 0 when I or the column is damaged (the file's `failure` tells). */
static inline uint64_t fh_column_get(const fh_column *c, uint32_t i)
{
    uint64_t bit = (uint64_t)i * c->width;
    const uint8_t *p = i < c->count
                           ? fh_slice_need(&c->slice, FH_COLUMN_HEAD + bit / 8, FH_COLUMN_TAIL)
                           : NULL;
    if (!p)
        return 0;
    uint64_t number = fh_get64(p);
    unsigned shift = (unsigned)(bit % 8);
    number >>= shift;
    if (shift + c->width > 64)
        number |= (uint64_t)p[8] << (64 - shift);
    if (c->width < 64)
        number &= (UINT64_C(1) << c->width) - 1;
    return c->gap && number == 0 ? 0 : c->base + c->scale * number;
}

/* Append a column of COUNT values to OUT, which keeps a failure. */
void fh_column_write(const uint64_t *values, uint32_t count, fh_spool *out);

/* ---- A segment that is open ---- */

typedef struct fh_segment {
    fh_sealed *file;
    fh_segment_header header;
    fh_slice sections[FH_SECTIONS]; /* those that are not there have len 0 */
    fh_column lengths;
    fh_column dates;
    fh_column sources;
    fh_column origins;
    fh_column rubrics; /* FH_SECTION_SECTIONS: the section of its source an article stood in */
    fh_column sites;
    fh_column prints;
    fh_column head_ends;
    fh_column text_ends;
    fh_column name_ends; /* of the names */
    /* What this generation adds to the file: which articles are dead. */
    uint32_t base; /* articles in the segments before this one */
    uint32_t dead_count;
    const uint64_t *dead; /* a bit for each article, or NULL when all live; the generation's */
} fh_segment;

/*
 * Open the segment in the file PATH; its header and the heads of its columns are checked. Fails with
 * FH_EUNSUPPORTED when it is of another version than this.
 */
fh_status fh_segment_open(const char *path, const fh_seal *seal, fh_segment **out,
                          fh_error *err);
void fh_segment_close(fh_segment *s);

static inline bool fh_segment_is_dead(const fh_segment *s, uint32_t local)
{
    return s->dead && (s->dead[local / 64] >> (local % 64) & 1);
}

/* FH_OK, or what was found damaged in the file while it was read. */
fh_status fh_segment_status(const fh_segment *s, fh_error *err);

/* Verify every page, and that all sections can be read from end to end. */
fh_status fh_segment_check(fh_segment *s, fh_error *err);

/* ---- Writing a segment: new (spools are filled)* finish | free ---- */

typedef struct fh_segment_writer {
    fh_segment_header header;
    fh_spool *sections[FH_SECTIONS]; /* fill those that are wanted, in any order */
    char *path;
} fh_segment_writer;

/*
 * A segment that will be the file PATH, not there yet. Spools beyond LIMIT bytes each go to
 * files beside it.
 */
fh_status fh_segment_writer_new(const char *path, size_t limit, fh_segment_writer **out,
                                fh_error *err);
/* Write how many words each of the COUNT articles has, and their sum into the header. */
fh_status fh_segment_writer_lengths(fh_segment_writer *w, const uint32_t *lengths,
                                    uint32_t count, fh_error *err);
/* Write the file, synced, and say what seals it. */
fh_status fh_segment_writer_finish(fh_segment_writer *w, fh_seal *seal, fh_error *err);
void fh_segment_writer_free(fh_segment_writer *w);

#endif
