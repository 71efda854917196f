/*
 * For the tests of dictionaries and posting lists: random terms in plain arrays, and segments
 * made of them. Every segment has them twice: as form 0, with positions, and as form 1,
 * without.
 */
#ifndef FH_TESTS_UNIT_TERMS_LAB_H
#define FH_TESTS_UNIT_TERMS_LAB_H

#include <sys/mman.h>

#include "engines/native/lists.h"
#include "tests/unit/scratch.h"

#define LAB_WEIGHT 5u

/* A term and its postings. */
typedef struct lab_term {
    char code[FH_CODE_MAX];
    size_t len;
    uint32_t *articles, *counts, *titles, *positions;
    size_t count, slots;
    bool titled;
} lab_term;

/* What the postings of a random term are like. */
typedef struct lab_kind {
    size_t count;           /* of articles */
    uint32_t articles;      /* of the segment */
    uint32_t counts_most;   /* one in ten has up to so many, the others one to three */
    unsigned titled_in;     /* one in so many is in the title; 0: none */
    uint32_t distance_most; /* between positions */
} lab_kind;

static inline uint32_t below(unsigned *seed, uint64_t most)
{
    uint64_t bits = (uint64_t)(unsigned)rand_r(seed) << 30 ^ (uint64_t)(unsigned)rand_r(seed);
    return (uint32_t)(bits % most);
}

static inline fh_str code_of(const lab_term *t)
{
    return (fh_str){t->code, t->len};
}

static inline void free_term(lab_term *t)
{
    free(t->articles);
    free(t->counts);
    free(t->titles);
    free(t->positions);
}

/*
 * KIND->count different articles in order: each of those that are left with the same chance,
 * or in a run.
 */
static inline void choose_articles(lab_term *t, const lab_kind *kind, unsigned *seed)
{
    uint64_t next = 0;
    bool run = below(seed, 4) == 0;
    for (size_t i = 0; i < kind->count; i++) {
        uint64_t spare = kind->articles - next - (kind->count - i);
        uint64_t mean = spare / (kind->count - i) + 1;
        uint64_t skip = run && below(seed, 20) > 0 ? 0 : below(seed, 2 * mean);
        next += skip < spare ? skip : spare;
        t->articles[i] = (uint32_t)next++;
    }
}

/* Give T random positions, as many as its counts say. */
static inline void make_positions(lab_term *t, uint32_t distance_most, unsigned *seed)
{
    t->slots = 0;
    for (size_t i = 0; i < t->count; i++)
        t->slots += t->counts[i];
    free(t->positions);
    t->positions = calloc(t->slots, sizeof *t->positions);
    for (size_t i = 0, at = 0; i < t->count; i++) {
        uint32_t position = 0;
        for (uint32_t k = 0; k < t->counts[i]; k++)
            t->positions[at++] = position += 1 + below(seed, distance_most);
    }
}

static inline void make_postings(lab_term *t, const lab_kind *kind, unsigned *seed)
{
    t->count = kind->count;
    t->articles = calloc(t->count, sizeof *t->articles);
    t->counts = calloc(t->count, sizeof *t->counts);
    t->titles = calloc(t->count, sizeof *t->titles);
    t->titled = false;
    choose_articles(t, kind, seed);
    for (size_t i = 0; i < t->count; i++) {
        uint32_t most = below(seed, 10) == 0 || kind->counts_most < 3 ? kind->counts_most : 3;
        t->counts[i] = 1 + below(seed, most);
        most = t->counts[i] < FH_TITLE_MAX ? t->counts[i] : FH_TITLE_MAX;
        if (kind->titled_in > 0 && below(seed, kind->titled_in) == 0)
            t->titles[i] = 1 + below(seed, most);
        t->titled |= t->titles[i] > 0;
    }
    make_positions(t, kind->distance_most, seed);
}

static inline fh_postings postings_of(const lab_term *t)
{
    return (fh_postings){.articles = t->articles,
                         .counts = t->counts,
                         .titles = t->titled ? t->titles : NULL,
                         .count = t->count,
                         .positions = t->positions};
}

/* Codes for COUNT terms, ascending, with long and short beginnings in common. */
static inline int compare_terms(const void *a, const void *b)
{
    return fh_str_compare(code_of(a), code_of(b));
}

static inline size_t make_codes(lab_term *terms, size_t count, size_t len_most, unsigned *seed)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        lab_term *t = &terms[i];
        size_t from = i > 0 && below(seed, 3) ? below(seed, terms[i - 1].len + 1) : 0;
        t->len = from + 1 + below(seed, len_most - (from < len_most ? from : len_most - 1));
        t->len = t->len < len_most ? t->len : len_most;
        for (size_t k = 0; k < t->len; k++)
            t->code[k] = k < from ? terms[i - 1].code[k] : (char)(0x8F + below(seed, 5));
    }
    qsort(terms, count, sizeof *terms, compare_terms);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_terms(&terms[kept - 1], &terms[i]) < 0)
            terms[kept++] = terms[i];
    return kept;
}

/* Lengths for articles of any number: memory that is there once it is touched. */
#define LENGTHS_BYTES ((size_t)4 << 31)

static inline uint32_t *take_lengths(void)
{
    void *memory = mmap(NULL, LENGTHS_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(memory != MAP_FAILED);
    return memory;
}

static inline void give_lengths(uint32_t *lengths)
{
    munmap(lengths, LENGTHS_BYTES);
}

/*
 * Write form FORM of W: the terms from FROM to TO with one writer, and at each of the CUTS
 * with a further.
 */
static inline void write_form(fh_segment_writer *w, unsigned form, const lab_term *terms,
                              size_t count, const uint32_t *lengths, size_t cuts)
{
    fh_spool **s = w->sections;
    fh_terms_writer *all = fh_terms_writer_new(
        s[FH_SECTION_OF(FH_SECTION_TERMS, form)], s[FH_SECTION_OF(FH_SECTION_POSTINGS, form)],
        s[FH_SECTION_OF(FH_SECTION_POSITIONS, form)], w->header.articles);
    assert_non_null(all);
    for (size_t part = 0, next = 0; part <= cuts; part++) {
        size_t to = count * (part + 1) / (cuts + 1);
        fh_spool *own[3] = {fh_spool_new(NULL, 0), fh_spool_new(NULL, 0),
                            fh_spool_new(NULL, 0)};
        fh_terms_writer *one = fh_terms_writer_new(own[0], own[1], own[2], w->header.articles);
        for (; next < to; next++) {
            fh_postings p = postings_of(&terms[next]);
            fh_terms_writer_add(cuts > 0 ? one : all, code_of(&terms[next]), &p, lengths,
                                LAB_WEIGHT);
        }
        if (cuts > 0)
            assert_int_equal(fh_terms_writer_append(all, one, NULL), FH_OK);
        fh_terms_writer_free(one);
        for (unsigned i = 0; i < 3; i++)
            fh_spool_free(own[i]);
    }
    assert_int_equal(fh_terms_writer_finish(all, NULL), FH_OK);
    fh_terms_writer_free(all);
}

static inline fh_segment_writer *begin_segment(uint32_t articles)
{
    fh_segment_writer *w;
    unlink("1.seg");
    assert_int_equal(fh_segment_writer_new("1.seg", SIZE_MAX, &w, NULL), FH_OK);
    w->header.articles = articles;
    w->header.title_weight = LAB_WEIGHT;
    return w;
}

/* A small segment has a column of lengths as well, so that what checks impacts can see them. */
static inline void write_lengths(fh_segment_writer *w, const uint32_t *lengths)
{
    if (w->header.articles > 100000)
        return;
    uint64_t *column = calloc(w->header.articles, sizeof *column);
    for (uint32_t i = 0; i < w->header.articles; i++)
        column[i] = lengths[i];
    fh_column_write(column, w->header.articles, w->sections[FH_SECTION_LENGTHS]);
    free(column);
}

static inline fh_segment *end_segment(fh_segment_writer *w)
{
    fh_seal seal;
    fh_segment *s;
    assert_int_equal(fh_segment_writer_finish(w, &seal, NULL), FH_OK);
    fh_segment_writer_free(w);
    assert_int_equal(fh_segment_open("1.seg", &seal, &s, NULL), FH_OK);
    return s;
}

/* A segment of ARTICLES articles that has the COUNT TERMS, written in 1 + CUTS parts. */
static inline fh_segment *make_segment(const lab_term *terms, size_t count, uint32_t articles,
                                       const uint32_t *lengths, size_t cuts)
{
    fh_segment_writer *w = begin_segment(articles);
    write_lengths(w, lengths);
    for (unsigned form = 0; form < 2; form++)
        write_form(w, form, terms, count, lengths, cuts);
    return end_segment(w);
}

/* The list of POSTED has all that T has. */
static inline void same_postings(const fh_segment *s, unsigned form, const fh_posted *posted,
                                 const lab_term *t)
{
    fh_list list;
    fh_block block;
    size_t at = 0, slot = 0;
    uint32_t titled = 0;
    assert_int_equal(posted->articles, t->count);
    assert_true(fh_list_open(s, form, posted, &list));
    for (uint32_t b = 0; b < list.blocks; b++) {
        assert_true(fh_list_block(&list, b, &block));
        assert_true(fh_block_counts(&list, &block));
        assert_in_range(block.count, 1, t->count - at);
        assert_memory_equal(block.articles, t->articles + at,
                            block.count * sizeof *t->articles);
        assert_memory_equal(block.counts, t->counts + at, block.count * sizeof *t->counts);
        bool some = false;
        for (unsigned i = 0; i < block.count; i++, at++) {
            uint32_t *got = calloc(t->counts[at], sizeof *got);
            assert_int_equal(block.titles[i], t->titles[at]);
            some |= t->titles[at] > 0;
            titled += t->titles[at] > 0;
            assert_int_equal(fh_block_positions(&list, &block, i, got, t->counts[at]),
                             t->counts[at]);
            assert_memory_equal(got, t->positions + slot, t->counts[at] * sizeof *got);
            slot += t->counts[at];
            free(got);
        }
        assert_int_equal(block.has_titles, some);
    }
    assert_int_equal(at, t->count);
    assert_int_equal(posted->titled, titled);
    assert_int_equal(fh_segment_status(s, NULL), FH_OK);
}

/* Form FORM of S has these terms and no others. */
static inline void same_terms(const fh_segment *s, unsigned form, const lab_term *terms,
                              size_t count)
{
    fh_dictionary d;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted;
    assert_true(fh_dictionary_open(s, form, &d));
    assert_int_equal(d.terms, count);
    fh_term_walk_start(&walk, &d, (fh_str){NULL, 0});
    for (size_t i = 0; i < count; i++) {
        assert_true(fh_term_walk_next(&walk, &code, &posted));
        assert_true(fh_str_equal(code, code_of(&terms[i])));
        same_postings(s, form, &posted, &terms[i]);
    }
    assert_false(fh_term_walk_next(&walk, &code, &posted));
}

#endif
