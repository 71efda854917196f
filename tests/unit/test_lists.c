#include "engines/native/bytes.h"
#include "engines/native/pack.h"
#include "tests/unit/terms_lab.h"

static uint32_t *lengths;

static const uint32_t articles_of[] = {70000, 257, 1u << 20, FH_SEGMENT_ARTICLES_MAX};

/*
 * The lists that most tests are about: lengths around the ends of blocks, dense and spread,
 * long counts.
 */
static const size_t sizes[] = {1, 2, 3, 4, 5, 17, 127, 128, 129, 255, 256, 257, 384, 2600};

#define SIZES (sizeof sizes / sizeof *sizes)
#define KINDS (sizeof articles_of / sizeof *articles_of)

static lab_term make_list(size_t count, uint32_t articles, unsigned seed)
{
    static const uint32_t most[] = {1, 3, 40, 2000};
    lab_term t = {.code = "term", .len = 4};
    lab_kind kind = {count, articles, most[seed % 4], seed % 3 * 7, seed % 7 ? 300 : 20000};
    make_postings(&t, &kind, &seed);
    for (size_t i = 0; i < t.count; i++)
        lengths[t.articles[i]] =
            below(&seed, 3) ? 200 + below(&seed, 300) : below(&seed, 100000);
    return t;
}

static fh_list open_list(const fh_segment *s, unsigned form)
{
    fh_dictionary d;
    fh_posted posted;
    fh_list list;
    assert_true(fh_dictionary_open(s, form, &d));
    assert_true(fh_dictionary_find(&d, FH_STR("term"), &posted));
    assert_true(fh_list_open(s, form, &posted, &list));
    return list;
}

static void all_comes_back(const fh_segment *s, unsigned form, const lab_term *t)
{
    same_terms(s, form, t, 1);
    fh_list list = open_list(s, form);
    assert_int_equal(list.blocks, (t->count + FH_BLOCK - 1) / FH_BLOCK);
    if (s->lengths.count > 0)
        assert_true(fh_lists_check(s, form));
}

/* The block in which an article of T that is not below ARTICLE stands first. */
static uint32_t block_from(const lab_term *t, uint64_t article)
{
    size_t i = 0;
    while (i < t->count && t->articles[i] < article)
        i++;
    return (uint32_t)(i / FH_BLOCK);
}

static void seeks_end_where_a_walk_does(const fh_segment *s, unsigned form, const lab_term *t)
{
    fh_list list = open_list(s, form);
    unsigned seed = (unsigned)t->count;
    for (uint32_t b = 0; b < list.full_blocks; b++) {
        uint32_t last = t->articles[(b + 1) * FH_BLOCK - 1];
        assert_int_equal(fh_list_last(&list, b), last);
        for (uint32_t from = 0; from <= b; from++) {
            assert_int_equal(fh_list_seek(&list, from, last), b);
            assert_int_equal(fh_list_seek(&list, from, last + 1), b + 1);
        }
    }
    for (int round = 0; round < 60; round++) {
        uint32_t article = t->articles[below(&seed, t->count)] + (uint32_t)round % 3 - 1;
        uint32_t from = below(&seed, list.blocks + 1);
        uint32_t want = block_from(t, article);
        /* What is behind the last article may be looked for in the rest. */
        bool rest = list.blocks > list.full_blocks && article > t->articles[t->count - 1] &&
                    article != UINT32_MAX;
        want = rest ? list.full_blocks : want;
        want = want < from ? from : want;
        assert_int_equal(fh_list_seek(&list, from, article),
                         want < list.blocks ? want : list.blocks);
    }
}

/* Some pair bounds what posting I can score. */
static bool is_bounded(const lab_term *t, size_t i, const fh_impact *impacts, unsigned count)
{
    uint32_t frequency = t->counts[i] + (LAB_WEIGHT - 1) * t->titles[i];
    for (unsigned k = 0; k < count; k++)
        if (frequency <= impacts[k].frequency && lengths[t->articles[i]] >= impacts[k].length)
            return true;
    return false;
}

static void no_posting_passes_its_bounds(const fh_segment *s, unsigned form, const lab_term *t)
{
    fh_list list = open_list(s, form);
    fh_impact bounds[FH_IMPACTS], impacts[FH_IMPACTS];
    unsigned bound_count = fh_list_bounds(&list, bounds);
    assert_int_equal(bound_count > 0, t->count >= FH_BLOCK);
    for (size_t i = 0; i < t->count; i++) {
        unsigned count = fh_list_impacts(&list, (uint32_t)(i / FH_BLOCK), impacts);
        assert_int_equal(count > 0, i / FH_BLOCK < list.full_blocks);
        assert_true(count == 0 || is_bounded(t, i, impacts, count));
        assert_true(bound_count == 0 || is_bounded(t, i, bounds, bound_count));
    }
}

/* A bound far above what there is would be right and useless. */
static void impacts_are_near(void **state)
{
    (void)state;
    lab_term t = {.code = "term", .len = 4};
    unsigned seed = 8;
    make_postings(&t, &(lab_kind){128, 1000, 1, 0, 10}, &seed);
    for (size_t i = 0; i < t.count; i++) {
        t.counts[i] = i < 5 ? (uint32_t)i + 1 : 1;
        lengths[t.articles[i]] = i < 5 ? 100u << i : 120;
    }
    make_positions(&t, 10, &seed);
    fh_segment *s = make_segment(&t, 1, 1000, lengths, 0);
    fh_impact impacts[FH_IMPACTS];
    fh_list list = open_list(s, 1);
    unsigned count = fh_list_impacts(&list, 0, impacts);
    assert_int_equal(count, 4);
    assert_int_equal(impacts[0].frequency, 5);
    assert_in_range(impacts[0].length, 800, 1600);
    assert_int_equal(impacts[3].length, 96); /* 100 on the scale */
    fh_segment_close(s);
    free_term(&t);
}

static void the_scale_rounds_as_it_says(void **state)
{
    (void)state;
    unsigned seed = 4;
    for (int round = 0; round < 100000; round++) {
        uint32_t value = below(&seed, UINT64_C(1) << (1 + round % 32));
        uint32_t up = fh_scale_value(fh_scale_up(value));
        uint32_t down = fh_scale_value(fh_scale_down(value));
        assert_true(down <= value && value <= up);
        assert_true(value - down <= value / 8 && (up - value <= value / 8 || up == UINT32_MAX));
    }
}

/* Positions of any posting in any order, whole and cut. */
static void positions_are_read_in_any_order(const fh_segment *s, const lab_term *t)
{
    unsigned seed = 3;
    fh_block block;
    fh_list list = open_list(s, 0);
    size_t *starts = calloc(t->count + 1, sizeof *starts);
    for (size_t i = 0; i < t->count; i++)
        starts[i + 1] = starts[i] + t->counts[i];
    for (uint32_t b = 0; b < list.blocks; b++) {
        assert_true(fh_list_block(&list, b, &block) && fh_block_counts(&list, &block));
        for (int round = 0; round < 20; round++) {
            unsigned i = below(&seed, block.count);
            uint32_t most =
                below(&seed, 2) ? block.counts[i] : 1 + below(&seed, block.counts[i]);
            uint32_t *got = calloc(most, sizeof *got);
            assert_int_equal(fh_block_positions(&list, &block, i, got, most), most);
            assert_memory_equal(got, t->positions + starts[b * FH_BLOCK + i],
                                most * sizeof *got);
            free(got);
        }
    }
    free(starts);
}

static void what_went_in_comes_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZES; i++)
        for (size_t k = 0; k < KINDS; k++)
            for (unsigned seed = 0; seed < 4 && sizes[i] <= articles_of[k]; seed++) {
                lab_term t = make_list(sizes[i], articles_of[k], seed + 4 * (unsigned)(i + k));
                fh_segment *s = make_segment(&t, 1, articles_of[k], lengths, 0);
                for (unsigned form = 0; form < 2; form++) {
                    all_comes_back(s, form, &t);
                    seeks_end_where_a_walk_does(s, form, &t);
                    no_posting_passes_its_bounds(s, form, &t);
                }
                positions_are_read_in_any_order(s, &t);
                assert_int_equal(fh_segment_status(s, NULL), FH_OK);
                fh_segment_close(s);
                free_term(&t);
            }
}

static void a_million_occurrences_come_back(void **state)
{
    (void)state;
    lab_term t = {.code = "term", .len = 4};
    unsigned seed = 6;
    make_postings(&t, &(lab_kind){130, 1000, 1, 0, 10}, &seed);
    t.counts[77] = t.counts[129] = 1u << 20;
    make_positions(&t, 50, &seed);
    fh_segment *s = make_segment(&t, 1, 1000, lengths, 0);
    same_terms(s, 0, &t, 1);
    same_terms(s, 1, &t, 1);
    fh_segment_close(s);
    free_term(&t);
}

/* A word that every article has once costs next to nothing. */
static void what_is_everywhere_is_small(void **state)
{
    (void)state;
    lab_term t = {.code = "term", .len = 4};
    unsigned seed = 6;
    make_postings(&t, &(lab_kind){12800, 12800, 1, 0, 10}, &seed);
    fh_segment *s = make_segment(&t, 1, 12800, lengths, 0);
    fh_list list = open_list(s, 1);
    assert_int_equal(list.postings.len - list.skips_len, 100 * 4);
    same_terms(s, 1, &t, 1);
    fh_segment_close(s);
    free_term(&t);
}

/* What is in the list is fine, only the segment has not so many articles. */
static void articles_beyond_the_segment_are_refused(void **state)
{
    (void)state;
    unsigned seed = 6;
    for (size_t count = 256; count < 260; count++) {
        lab_term t = {.code = "term", .len = 4};
        fh_block block;
        make_postings(&t, &(lab_kind){count, 1000, 1, 0, 10}, &seed);
        fh_segment *s = make_segment(&t, 1, 1000, lengths, 0);
        fh_list list = open_list(s, 0);
        s->header.articles = t.articles[count - 1];
        assert_true(fh_list_block(&list, 0, &block));
        assert_false(fh_list_block(&list, list.blocks - 1, &block));
        assert_int_equal(block.count, 0);
        assert_int_equal(fh_segment_status(s, NULL), FH_ECORRUPT);
        fh_segment_close(s);
        free_term(&t);
    }
}

/* Distances that lead once around all numbers, to where the block says that it ends. */
static void distances_that_wrap_are_refused(void **state)
{
    (void)state;
    static const uint32_t last = 500;
    for (unsigned wrap = 0; wrap < 2; wrap++) {
        uint32_t numbers[FH_BLOCK] = {
            [9] = last + 1 - FH_BLOCK + wrap, [5] = wrap ? UINT32_MAX : 0};
        uint8_t bytes[1200] = {0};
        uint8_t *block = bytes + 2 * FH_IMPACTS_BYTES + 12; /* behind the skips of one block */
        size_t len = fh_patched_put(numbers, block);
        len += fh_patched_put((uint32_t[FH_BLOCK]){0}, block + len);
        fh_put32(bytes + FH_IMPACTS_BYTES, last);
        fh_put32(bytes + FH_IMPACTS_BYTES + 4, (uint32_t)len);
        fh_posted posted = {.articles = 128, .postings_len = (uint64_t)(block - bytes) + len};
        fh_segment_writer *w = begin_segment(1000);
        fh_spool_add(w->sections[FH_SECTION_OF(FH_SECTION_POSTINGS, 1)], bytes,
                     posted.postings_len);
        fh_segment *s = end_segment(w);
        fh_list list;
        fh_block got;
        assert_true(fh_list_open(s, 1, &posted, &list));
        assert_int_equal(fh_list_block(&list, 0, &got), !wrap);
        fh_segment_close(s);
    }
}

static void too_many_occurrences_are_refused(void **state)
{
    (void)state;
    uint32_t article = 0, count = FH_COUNT_MAX + 1;
    fh_postings p = {&article, &count, NULL, 1, NULL};
    fh_spool *spools[3] = {fh_spool_new(NULL, 0), fh_spool_new(NULL, 0), fh_spool_new(NULL, 0)};
    fh_terms_writer *w = fh_terms_writer_new(spools[0], spools[1], spools[2], 1);
    fh_error err;
    fh_terms_writer_add(w, FH_STR("a"), &p, lengths, 1);
    assert_int_equal(fh_terms_writer_finish(w, &err), FH_ELIMIT);
    fh_terms_writer_free(w);
    for (unsigned i = 0; i < 3; i++)
        fh_spool_free(spools[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(what_went_in_comes_out),
        folder_test(impacts_are_near),
        cmocka_unit_test(the_scale_rounds_as_it_says),
        folder_test(a_million_occurrences_come_back),
        folder_test(what_is_everywhere_is_small),
        folder_test(articles_beyond_the_segment_are_refused),
        folder_test(distances_that_wrap_are_refused),
        folder_test(too_many_occurrences_are_refused),
    };
    lengths = take_lengths();
    int failed = cmocka_run_group_tests_name("posting lists", tests, NULL, NULL);
    give_lengths(lengths);
    return failed;
}
