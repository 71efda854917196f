#include "tests/unit/terms_lab.h"

#define SEGMENTS 5
#define TERMS    120
#define ARTICLES 2000

/* Some segments in plain arrays. */
typedef struct lab {
    lab_term terms[SEGMENTS][TERMS];
    size_t counts[SEGMENTS];
    uint32_t articles[SEGMENTS];
    uint32_t *maps[SEGMENTS];
    fh_segment *segments[SEGMENTS];
    uint32_t *lengths; /* by new number */
    uint32_t living;
} lab;

/* Number the living articles anew; of segment DEAD none lives. */
static void make_maps(lab *l, unsigned dead, unsigned *seed)
{
    l->living = 0;
    for (unsigned i = 0; i < SEGMENTS; i++) {
        l->maps[i] = calloc(l->articles[i], sizeof(uint32_t));
        for (uint32_t k = 0; k < l->articles[i]; k++)
            l->maps[i][k] = i == dead || below(seed, 4) == 0 ? UINT32_MAX : l->living++;
    }
}

static void make_lab(lab *l, unsigned seed)
{
    uint32_t *lengths = take_lengths();
    memset(l, 0, sizeof *l);
    l->lengths = take_lengths();
    for (uint32_t i = 0; i < SEGMENTS * ARTICLES; i++)
        l->lengths[i] = lengths[i] = 10 + below(&seed, 500);
    for (unsigned i = 0; i < SEGMENTS; i++) {
        char name[16];
        l->articles[i] = 300 + below(&seed, ARTICLES - 300);
        l->counts[i] = make_codes(l->terms[i], i == 1 ? 0 : TERMS, 3, &seed);
        for (size_t k = 0; k < l->counts[i]; k++) {
            lab_kind kind = {1 + below(&seed, k % 8 ? 6 : 300), l->articles[i], 5,
                             (unsigned)k % 3 * 4, 300};
            make_postings(&l->terms[i][k], &kind, &seed);
        }
        fh_segment_close(make_segment(l->terms[i], l->counts[i], l->articles[i], lengths, 0));
        snprintf(name, sizeof name, "in%u.seg", i);
        assert_int_equal(rename("1.seg", name), 0);
        assert_int_equal(fh_segment_open(name, NULL, &l->segments[i], NULL), FH_OK);
    }
    make_maps(l, 3, &seed);
    give_lengths(lengths);
}

static void free_lab(lab *l)
{
    for (unsigned i = 0; i < SEGMENTS; i++) {
        for (size_t k = 0; k < l->counts[i]; k++)
            free_term(&l->terms[i][k]);
        free(l->maps[i]);
        fh_segment_close(l->segments[i]);
    }
    give_lengths(l->lengths);
    free(l);
}

/* Append what lives of FROM to TO. */
static void join_term(lab_term *to, const lab_term *from, const uint32_t *map)
{
    size_t slot = 0, count = to->count + from->count, slots = to->slots + from->slots;
    to->articles = realloc(to->articles, count * sizeof *to->articles);
    to->counts = realloc(to->counts, count * sizeof *to->counts);
    to->titles = realloc(to->titles, count * sizeof *to->titles);
    to->positions = realloc(to->positions, slots * sizeof *to->positions);
    for (size_t i = 0; i < from->count; slot += from->counts[i++]) {
        if (map[from->articles[i]] == UINT32_MAX)
            continue;
        to->articles[to->count] = map[from->articles[i]];
        to->counts[to->count] = from->counts[i];
        to->titles[to->count++] = from->titles[i];
        to->titled |= from->titles[i] > 0;
        memcpy(to->positions + to->slots, from->positions + slot,
               from->counts[i] * sizeof *to->positions);
        to->slots += from->counts[i];
    }
}

/* What the merged terms should be, in order; returns how many. */
static size_t expect(const lab *l, lab_term *merged)
{
    size_t count = 0, kept = 0;
    for (unsigned i = 0; i < SEGMENTS; i++)
        for (size_t k = 0; k < l->counts[i]; k++) {
            size_t at = 0;
            while (at < count && compare_terms(&merged[at], &l->terms[i][k]) != 0)
                at++;
            if (at == count) {
                merged[count] = (lab_term){.len = l->terms[i][k].len};
                memcpy(merged[count++].code, l->terms[i][k].code, l->terms[i][k].len);
            }
            join_term(&merged[at], &l->terms[i][k], l->maps[i]);
        }
    for (size_t i = 0; i < count; i++) {
        if (merged[i].count > 0)
            merged[kept++] = merged[i];
        else
            free_term(&merged[i]);
    }
    qsort(merged, kept, sizeof *merged, compare_terms);
    return kept;
}

static fh_status merge_form(const lab *l, unsigned form, fh_segment_writer *w, fh_error *err)
{
    fh_spool **s = w->sections;
    fh_terms_writer *terms = fh_terms_writer_new(
        s[FH_SECTION_OF(FH_SECTION_TERMS, form)], s[FH_SECTION_OF(FH_SECTION_POSTINGS, form)],
        s[FH_SECTION_OF(FH_SECTION_POSITIONS, form)], l->living);
    fh_status status =
        fh_terms_merge((const fh_segment *const *)l->segments, (const uint32_t *const *)l->maps,
                       SEGMENTS, form, l->lengths, LAB_WEIGHT, terms, err);
    if (!status)
        status = fh_terms_writer_finish(terms, err);
    fh_terms_writer_free(terms);
    return status;
}

static void merged_terms_are_those_of_all(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 8; seed++) {
        lab *l = malloc(sizeof *l);
        make_lab(l, seed);
        lab_term *merged = calloc(SEGMENTS * TERMS, sizeof *merged);
        size_t count = expect(l, merged);
        fh_segment_writer *w = begin_segment(l->living);
        write_lengths(w, l->lengths);
        for (unsigned form = 0; form < 2; form++)
            assert_int_equal(merge_form(l, form, w, NULL), FH_OK);
        fh_segment *s = end_segment(w);
        for (unsigned form = 0; form < 2; form++) {
            same_terms(s, form, merged, count);
            assert_true(fh_lists_check(s, form));
        }
        fh_segment_close(s);
        for (size_t i = 0; i < count; i++)
            free_term(&merged[i]);
        free(merged);
        free_lab(l);
    }
}

/* A merge that comes upon damage says so, and ends. */
static void damage_ends_a_merge(void **state)
{
    (void)state;
    fh_error err;
    lab *l = malloc(sizeof *l);
    make_lab(l, 1);
    fh_slice *postings = &l->segments[2]->sections[FH_SECTION_OF(FH_SECTION_POSTINGS, 0)];
    fh_segment_writer *w = begin_segment(l->living);
    postings->len -= 3;
    assert_int_equal(merge_form(l, 0, w, &err), FH_ECORRUPT);
    fh_segment_writer_free(w);
    free_lab(l);
}

static void lists_without_their_positions_are_damage(void **state)
{
    (void)state;
    fh_error err;
    lab *l = malloc(sizeof *l);
    make_lab(l, 2);
    fh_segment_writer *w = begin_segment(l->living);
    for (unsigned i = 0; i < SEGMENTS; i++)
        l->segments[i]->sections[FH_SECTION_OF(FH_SECTION_POSITIONS, 0)].len = 0;
    assert_int_equal(merge_form(l, 0, w, &err), FH_ECORRUPT);
    fh_segment_writer_free(w);
    free_lab(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(merged_terms_are_those_of_all),
        folder_test(damage_ends_a_merge),
        folder_test(lists_without_their_positions_are_damage),
    };
    return cmocka_run_group_tests_name("merging terms", tests, NULL, NULL);
}
