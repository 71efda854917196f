/* Stored bodies: any bytes, in any pieces, come back; and altered files are survived. */
#include <stdbool.h>

#include "tests/unit/scratch.h"

#include "engines/native/spellings.h"
#include "engines/native/store.h"
#include "tests/unit/native_lab.h"

/* Spellings, and articles made of them. */
typedef struct corpus {
    fh_used *spellings;
    uint32_t count;
    uint32_t *pieces; /* of all articles */
    size_t *ends;     /* of each, in pieces */
    uint32_t articles;
} corpus;

static void free_corpus(corpus *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        free((char *)(uintptr_t)c->spellings[i].written.ptr);
    free(c->spellings);
    free(c->pieces);
    free(c->ends);
}

static fh_str random_text(uint64_t *seed, size_t most)
{
    size_t len = next_random(seed) % (most + 1);
    char *text = malloc(len + 1);
    bool arabic = next_random(seed) % 2;
    for (size_t i = 0; i < len; i++)
        text[i] =
            (char)(arabic ? i % 2 ? 0x80 + next_random(seed) % 64 : 0xD8 + next_random(seed) % 2
                          : next_random(seed));
    return (fh_str){text, len};
}

/* COUNT spellings, all different because the first bytes are their number. */
static corpus random_corpus(uint64_t seed, uint32_t count, uint32_t articles, size_t longest)
{
    corpus c = {calloc(count, sizeof *c.spellings), count,
                malloc((size_t)articles * 400 * sizeof *c.pieces),
                calloc(articles + 1, sizeof *c.ends), articles};
    size_t pieces = 0;
    for (uint32_t i = 0; i < count; i++)
        c.spellings[i] =
            (fh_used){random_text(&seed, i % 97 == 5 ? longest : 12), i % 3 != 0, 0};
    for (uint32_t a = 0; a < articles; a++) {
        size_t words = next_random(&seed) % 5 ? next_random(&seed) % 400 : 0;
        for (size_t i = 0; i < words; i++) {
            uint64_t rank = next_random(&seed) % count;
            rank = next_random(&seed) % (rank + 1); /* low numbers are common */
            c.pieces[pieces++] = (uint32_t)rank;
            c.spellings[rank].uses++;
        }
        c.ends[a] = pieces;
    }
    return c;
}

/* What the reader should make of article A. */
static fh_buffer expected(const corpus *c, uint32_t a)
{
    fh_buffer text = {0};
    bool after_word = false;
    fh_buffer_reserve(&text, 0);
    for (size_t i = a ? c->ends[a - 1] : 0; i < c->ends[a]; i++) {
        const fh_used *s = &c->spellings[c->pieces[i]];
        if (after_word && s->word)
            fh_buffer_add_byte(&text, ' ');
        fh_buffer_add_str(&text, s->written);
        after_word = s->word;
    }
    return text;
}

/* Write C in parts of PER_PART articles each. */
static fh_segment *write_corpus(const corpus *c, uint32_t per_part)
{
    fh_store_writer *sw;
    fh_segment_writer *w = begin_segment("f.seg");
    fh_spool **out = w->sections;
    w->header.articles = c->articles;
    assert_int_equal(
        fh_store_writer_new(c->spellings, c->count, out[FH_SECTION_SPELLINGS], &sw, NULL),
        FH_OK);
    for (uint32_t a = 0; a < c->articles;) {
        fh_store_part *part = fh_store_part_new(sw);
        for (uint32_t i = 0; i < per_part && a < c->articles; i++, a++) {
            size_t start = a ? c->ends[a - 1] : 0;
            fh_store_part_add(part, c->pieces + start, c->ends[a] - start);
        }
        assert_int_equal(fh_store_writer_join(sw, part, out[FH_SECTION_TEXT], NULL), FH_OK);
    }
    assert_int_equal(
        fh_store_writer_finish(sw, out[FH_SECTION_TEXT], out[FH_SECTION_TEXT_ENDS], NULL),
        FH_OK);
    fh_store_writer_free(sw);
    return end_segment(w);
}

static void compare_bodies(const corpus *c, fh_store *store)
{
    fh_arena arena = {0};
    for (uint32_t a = 0; a < c->articles; a++) {
        fh_error err = {0};
        fh_str body;
        fh_buffer want = expected(c, a);
        if (fh_store_body(store, a, &arena, &body, &err))
            fail_msg("%s", err.message);
        assert_int_equal(body.len, want.len);
        assert_memory_equal(body.ptr, want.data, want.len);
        fh_buffer_free(&want);
        fh_arena_clear(&arena);
    }
    fh_arena_free(&arena);
}

/* The pieces of the store are those of C, by what they are spelled like. */
static void compare_pieces(const corpus *c, fh_store *store)
{
    fh_arena arena = {0};
    for (uint32_t a = 0; a < c->articles; a++) {
        size_t start = a ? c->ends[a - 1] : 0;
        const uint32_t *pieces;
        size_t count;
        assert_int_equal(fh_store_pieces(store, a, &pieces, &count, NULL), FH_OK);
        assert_int_equal(count, c->ends[a] - start);
        for (size_t i = 0; i < count; i++) {
            const fh_used *want = &c->spellings[c->pieces[start + i]];
            fh_str written;
            bool word;
            assert_true(pieces[i] < fh_store_spellings(store));
            assert_int_equal(fh_store_spelling(store, pieces[i], &arena, &written, &word, NULL),
                             FH_OK);
            assert_int_equal(word, want->word);
            assert_int_equal(written.len, want->written.len);
            assert_memory_equal(written.ptr, want->written.ptr, written.len);
        }
        fh_arena_clear(&arena);
    }
    fh_arena_free(&arena);
}

static void round_trip(const corpus *c, uint32_t per_part)
{
    fh_store *store;
    fh_segment *s = write_corpus(c, per_part);
    assert_int_equal(fh_store_open(s, &store, NULL), FH_OK);
    compare_bodies(c, store);
    compare_pieces(c, store);
    assert_int_equal(fh_segment_status(s, NULL), FH_OK);
    fh_store_close(store);
    fh_segment_close(s);
}

static void random_bodies_come_back(void **state)
{
    (void)state;
    static const struct {
        uint32_t count, articles;
        size_t longest;
    } shapes[] = {{1, 5, 3},     {2, 40, 9},      {3, 60, 300},    {17, 100, 5000},
                  {900, 50, 30}, {9000, 80, 700}, {30000, 60, 40}, {5, 1, 100000}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (uint32_t per_part = 1; per_part < 100; per_part = per_part * 5 + 2) {
            corpus c = random_corpus(i * 100 + per_part, shapes[i].count, shapes[i].articles,
                                     shapes[i].longest);
            round_trip(&c, per_part);
            free_corpus(&c);
        }
}

/* Weights that double at each step make codes as deep as there are weights. */
static void codes_never_get_too_long(void **state)
{
    (void)state;
    uint64_t weights[60];
    uint8_t lengths[60];
    for (unsigned count = 1; count <= 60; count++) {
        double sum = 0;
        for (unsigned i = 0; i < count; i++)
            weights[i] = i < 2 ? 1 : weights[i - 1] + weights[i - 2];
        assert_true(fh_huffman_lengths(weights, count, lengths));
        for (unsigned i = 0; i < count; i++) {
            assert_in_range(lengths[i], 1, FH_CODE_BITS_MAX);
            sum += 1.0 / (double)(UINT64_C(1) << lengths[i]);
        }
        assert_true(count == 1 ? sum == .5 : sum == 1);
    }
}

/* A code is the best there is: as good as any that was tried, and no longer than its entropy plus one. */
static void common_spellings_get_short_codes(void **state)
{
    (void)state;
    uint64_t weights[] = {0, 50, 20, 10, 10, 5, 5, 0};
    uint8_t lengths[8];
    assert_true(fh_huffman_lengths(weights, 8, lengths));
    uint64_t bits = 0;
    for (unsigned i = 0; i < 8; i++)
        bits += weights[i] * lengths[i];
    assert_int_equal(bits, 50 * 1 + 20 * 2 + 10 * 4 + 10 * 4 + 5 * 4 + 5 * 4);
    assert_int_equal(lengths[0] + lengths[7], 0);
}

static void a_large_body_comes_back(void **state)
{
    (void)state;
    corpus c = random_corpus(1, 3, 2, 3000000);
    fh_str huge = {calloc(3000000, 1), 3000000};
    free((char *)(uintptr_t)c.spellings[1].written.ptr);
    c.spellings[1].written = huge;
    c.spellings[1].uses++;
    c.ends[0] = 0;
    c.ends[1] = 5;
    for (size_t i = 0; i < 5; i++)
        c.pieces[i] = 1;
    round_trip(&c, 1);
    free_corpus(&c);
}

static void a_spelling_of_no_use_is_refused(void **state)
{
    (void)state;
    fh_used spellings[] = {{FH_STR("a"), true, 3}, {FH_STR("b"), true, 0}};
    fh_store_writer *w;
    fh_spool *out = fh_spool_new(NULL, 0);
    assert_int_equal(fh_store_writer_new(spellings, 2, out, &w, NULL), FH_OK);
    fh_store_part *part = fh_store_part_new(w);
    fh_store_part_add(part, (uint32_t[]){0, 1}, 2);
    assert_int_equal(fh_store_writer_join(w, part, out, NULL), FH_EUSAGE);
    fh_store_writer_free(w);
    fh_spool_free(out);
}

static void an_article_beyond_the_last_is_damage(void **state)
{
    (void)state;
    corpus c = random_corpus(4, 20, 10, 10);
    fh_segment *s = write_corpus(&c, 3);
    fh_store *store;
    fh_arena arena = {0};
    fh_str body;
    assert_int_equal(fh_store_open(s, &store, NULL), FH_OK);
    assert_int_equal(fh_store_body(store, 10, &arena, &body, NULL), FH_ECORRUPT);
    assert_null(body.ptr);
    fh_store_close(store);
    fh_segment_close(s);
    fh_arena_free(&arena);
    free_corpus(&c);
}

/* Bytes altered before they were sealed: nothing outside is read, nothing endless is made. */
static void altered_stores_are_survived(void **state)
{
    (void)state;
    uint64_t seed = 9;
    corpus c = random_corpus(7, 12000, 12, 40);
    fh_segment *good = write_corpus(&c, 5);
    static const fh_section sections[] = {FH_SECTION_SPELLINGS, FH_SECTION_TEXT,
                                          FH_SECTION_TEXT_ENDS};
    fh_buffer copies[3] = {{0}, {0}, {0}};
    unsigned damaged = 0;
    for (size_t i = 0; i < 3; i++) {
        fh_slice slice = good->sections[sections[i]];
        fh_buffer_add(&copies[i], fh_slice_need(&slice, 0, slice.len), slice.len);
    }
    fh_segment_close(good);
    for (int round = 0; round < 400; round++) {
        fh_segment_writer *w = begin_segment("f.seg");
        fh_seal seal;
        fh_segment *s;
        fh_store *store;
        size_t which = next_random(&seed) % 3;
        fh_buffer *b = &copies[which];
        size_t at =
            next_random(&seed) % (next_random(&seed) % 2 && b->len > 300 ? 300 : b->len);
        char before = b->data[at];
        b->data[at] = (char)next_random(&seed);
        w->header.articles = c.articles;
        for (size_t i = 0; i < 3; i++)
            fh_spool_add(w->sections[sections[i]], copies[i].data, copies[i].len);
        b->data[at] = before;
        assert_int_equal(fh_segment_writer_finish(w, &seal, NULL), FH_OK);
        fh_segment_writer_free(w);
        if (fh_segment_open("f.seg", &seal, &s, NULL))
            continue;
        fh_status status = fh_store_open(s, &store, NULL);
        for (uint32_t a = 0; a < c.articles && !status; a++) {
            fh_arena arena = {0};
            fh_str body;
            const uint32_t *pieces;
            size_t count;
            status = fh_store_body(store, a, &arena, &body, NULL);
            if (!status)
                status = fh_store_pieces(store, a, &pieces, &count, NULL);
            fh_arena_free(&arena);
        }
        damaged += status != FH_OK;
        assert_true(status == FH_OK || status == FH_ECORRUPT);
        fh_store_close(store);
        fh_segment_close(s);
    }
    assert_true(damaged > 50);
    for (size_t i = 0; i < 3; i++)
        fh_buffer_free(&copies[i]);
    free_corpus(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(random_bodies_come_back),
        folder_test(codes_never_get_too_long),
        folder_test(common_spellings_get_short_codes),
        folder_test(a_large_body_comes_back),
        folder_test(a_spelling_of_no_use_is_refused),
        folder_test(an_article_beyond_the_last_is_damage),
        folder_test(altered_stores_are_survived),
    };
    return cmocka_run_group_tests_name("native store", tests, NULL, NULL);
}
