/* Bundles, gatherings and their inversion, against lists made by looking at every word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "engines/native/code_order.h"
#include "engines/native/inversion.h"
#include "engines/native/lists.h"
#include "engines/native/segment_build.h"
#include "engines/native/store.h"

enum { WORDS = 400, LONG_WORD = 300 };

/*
 * A vocabulary whose word N is "wN" (word 7 is long, word 9 none), with a stem of two letters.
 */
typedef struct wordlist {
    fh_vocabulary vocabulary; /* first, so that spell() finds the rest */
    char written[WORDS][LONG_WORD + 1];
    char folded[WORDS][16];
} wordlist;

enum { LONG = 7, NONE = 9 };

static void spell(const fh_vocabulary *v, uint32_t n, fh_spelling *s)
{
    const wordlist *l = (const wordlist *)(const void *)v;
    *s = (fh_spelling){.written = fh_str_of(l->written[n])};
    if (n == NONE)
        return;
    s->forms[FH_FORM_FOLDED] = fh_str_of(l->folded[n]);
    s->forms[FH_FORM_STEM] = (fh_str){l->folded[n], 2};
}

static wordlist *make_words(void)
{
    static uint64_t editions;
    wordlist *l = calloc(1, sizeof *l);
    l->vocabulary = (fh_vocabulary){.edition = ++editions, .count = WORDS, .spell = spell};
    for (unsigned n = 0; n < WORDS; n++) {
        snprintf(l->written[n], sizeof l->written[n], "W%u", n);
        snprintf(l->folded[n], sizeof l->folded[n], "w%u", n);
    }
    memset(l->written[LONG], 'L', LONG_WORD);
    return l;
}

/* An article being written: its body, its tokens. */
typedef struct draft {
    char *text;
    size_t len;
    fh_token tokens[600];
    size_t count;
} draft;

static void write_text(draft *d, const char *text)
{
    memcpy(d->text + d->len, text, strlen(text));
    d->len += strlen(text);
}

static void write_word(draft *d, const wordlist *l, uint32_t n)
{
    fh_token t = {n, {(uint32_t)d->len, 0}};
    write_text(d, l->written[n]);
    t.span.end = (uint32_t)d->len;
    d->tokens[d->count++] = t;
}

static const char *const gaps[] = {" ", " ", " ", "، ", "", "  ", "\n\n", " - - - - - - - - - ",
                                   "."};

enum { GAPS = sizeof gaps / sizeof *gaps };

static draft *make_draft(const wordlist *l, size_t words, unsigned *seed)
{
    draft *d = calloc(1, sizeof *d);
    d->text = malloc((words + 1) * (LONG_WORD + 40));
    write_text(d, gaps[(unsigned)rand_r(seed) % GAPS]);
    for (size_t i = 0; i < words; i++) {
        unsigned r = (unsigned)rand_r(seed);
        write_word(d, l, r & 1 ? (r >> 1) % 12 : (r >> 1) % WORDS);
        write_text(d, gaps[(unsigned)rand_r(seed) % GAPS]);
    }
    return d;
}

static void free_draft(draft *d)
{
    free(d->text);
    free(d);
}

/* One word as it should come out: what it is, where it stands. */
typedef struct fact {
    uint32_t word;
    uint32_t article;
    uint32_t position;
    bool title;
} fact;

typedef struct facts {
    fact *at;
    size_t count;
    fh_arena texts;
    fh_str bodies[400]; /* by article */
} facts;

static void free_facts(facts *f)
{
    free(f->at);
    fh_arena_free(&f->texts);
}

static void note(facts *f, const draft *d, uint32_t article, uint32_t position, bool title)
{
    for (size_t i = 0; i < d->count; i++) {
        if (d->tokens[i].spelling == NONE)
            continue;
        if ((f->count & (f->count + 1)) == 0) /* full at 0, 1, 3, 7 ... */
            f->at = realloc(f->at, (2 * f->count + 1) * sizeof *f->at);
        f->at[f->count++] = (fact){d->tokens[i].spelling, article, position++, title};
    }
}

/* Put article NUMBER of a few words of title and WORDS of body. */
static void put(fh_bundle *b, const wordlist *l, size_t words, uint32_t number, unsigned *seed,
                facts *f)
{
    fh_error err;
    char id[16];
    draft *title = make_draft(l, number % 4, seed);
    draft *body = make_draft(l, words, seed);
    snprintf(id, sizeof id, "%u", number);
    fh_article a = {.id = fh_str_of(id),
                    .title = {title->text, title->len},
                    .body = {body->text, body->len}};
    fh_passage passages[] = {{FH_FIELD_TITLE, 1, title->tokens, title->count},
                             {FH_FIELD_BODY, 100 + number, body->tokens, body->count}};
    fh_entry e = {&a, number, false, &l->vocabulary, passages, 2};
    assert_int_equal(fh_bundle_put(b, &e, &err), FH_OK);
    note(f, title, number, 1, true);
    note(f, body, number, 100 + number, false);
    f->bodies[number] = fh_arena_copy(&f->texts, a.body);
    free_draft(title);
    free_draft(body);
}

/* ---- Reading it back ---- */

/* The term that word N has in FORM. */
static fh_str term_of(uint32_t n, unsigned form, char text[16])
{
    size_t len = (size_t)snprintf(text, 16, "w%u", n);
    return (fh_str){text, form == FH_FORM_STEM ? 2 : len};
}

/* The next of ALL, from AT on, that has the term CODE. */
static size_t next_fact(const facts *all, size_t at, unsigned form, fh_str code)
{
    char text[16];
    while (at < all->count && !fh_str_equal(term_of(all->at[at].word, form, text), code))
        at++;
    return at;
}

/* Compare posting I of BLOCK with the facts from *AT on. */
static void assert_posting(const fh_list *l, fh_block *b, unsigned i, unsigned form,
                           fh_str code, const facts *all, size_t *at)
{
    uint32_t positions[2000];
    uint32_t titles = 0;
    assert_int_equal(fh_block_positions(l, b, i, positions, 2000), b->counts[i]);
    for (uint32_t k = 0; k < b->counts[i]; k++) {
        const fact *f = &all->at[*at];
        assert_true(*at < all->count);
        assert_int_equal(b->articles[i], f->article);
        assert_int_equal(positions[k], f->position);
        titles += f->title;
        *at = next_fact(all, *at + 1, form, code);
    }
    assert_int_equal(b->has_titles ? b->titles[i] : 0, titles);
}

static void assert_term(const fh_segment *s, unsigned form, fh_str code,
                        const fh_posted *posted, const facts *all)
{
    fh_list l;
    fh_block b;
    size_t at = next_fact(all, 0, form, code);
    assert_true(fh_list_open(s, form, posted, &l));
    for (uint32_t i = 0; i < l.blocks; i++) {
        assert_true(fh_list_block(&l, i, &b));
        assert_true(fh_block_counts(&l, &b));
        for (unsigned k = 0; k < b.count; k++)
            assert_posting(&l, &b, k, form, code, all, &at);
    }
    assert_int_equal(at, all->count);
}

static void assert_terms(const fh_segment *s, unsigned form, const facts *all)
{
    fh_dictionary d;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted;
    uint64_t terms = 0;
    fh_buffer last = {0};
    assert_true(fh_dictionary_open(s, form, &d));
    fh_term_walk_start(&walk, &d, (fh_str){"", 0});
    while (fh_term_walk_next(&walk, &code, &posted)) {
        if (terms++ > 0)
            assert_true(fh_str_compare(fh_buffer_str(&last), code) < 0);
        assert_term(s, form, code, &posted, all);
        fh_buffer_clear(&last);
        fh_buffer_add_str(&last, code);
    }
    assert_int_equal(terms, d.terms);
    for (size_t i = 0; i < all->count; i++) {
        char text[16];
        assert_true(fh_dictionary_find(&d, term_of(all->at[i].word, form, text), &posted));
    }
    fh_buffer_free(&last);
}

static void assert_bodies(const fh_segment *s, const facts *all)
{
    fh_store *store;
    fh_arena arena = {0};
    assert_int_equal(fh_store_open(s, &store, NULL), FH_OK);
    for (uint32_t i = 0; i < s->header.articles; i++) {
        fh_str body;
        assert_int_equal(fh_store_body(store, i, &arena, &body, NULL), FH_OK);
        assert_true(fh_str_equal(body, all->bodies[i]));
    }
    fh_store_close(store);
    fh_arena_free(&arena);
}

/* The segment that the gathering G becomes, made by so many threads; its bytes go to BYTES. */
static fh_segment *segment_of(fh_gathering *g, unsigned jobs, fh_buffer *bytes)
{
    char path[64] = "/tmp/fihris-test-inversion.XXXXXX";
    fh_error err = {0};
    fh_seal seal;
    fh_segment *s;
    fh_means means = {jobs, 1 << 20};
    assert_non_null(mkdtemp(path));
    size_t folder = strlen(path);
    strcat(path, "/0.seg");
    if (fh_segment_build(g, path, &means, &seal, &err) != FH_OK)
        fail_msg("%s", err.message);
    assert_int_equal(fh_segment_open(path, &seal, &s, &err), FH_OK);
    assert_int_equal(fh_file_read(path, 1 << 30, bytes, &err), FH_OK);
    path[folder] = '\0';
    assert_int_equal(fh_folder_remove(path, &err), FH_OK);
    return s;
}

/* Gather BUNDLES of ARTICLES each, the same ones each time; notes their words in ALL. */
static void fill(fh_gathering *g, int bundles, int articles, size_t words, facts *all)
{
    unsigned seed = 5;
    fh_error err;
    uint32_t number = 0;
    fh_scratch *scratch = NULL; /* goes from bundle to bundle */
    for (int i = 0; i < bundles; i++) {
        wordlist *l = make_words();
        fh_bundle *b = fh_bundle_new((size_t)articles, 1000, scratch);
        for (int k = 0; k < articles; k++, number++)
            put(b, l, number % 7 == 0 ? 0 : (unsigned)rand_r(&seed) % words, number, &seed,
                all);
        assert_int_equal(fh_bundle_end(b, &err), FH_OK);
        assert_int_equal(fh_gathering_add(g, b, &scratch, &err), FH_OK);
        free(l);
    }
    fh_scratch_free(scratch);
    assert_int_equal(g->articles, number);
    assert_int_equal(g->words, all->count);
}

static void rows_hold_every_word(void **state)
{
    (void)state;
    fh_gathering g = {0};
    facts all = {0};
    fh_buffer bytes = {0};
    fill(&g, 3, 20, 500, &all);
    fh_segment *s = segment_of(&g, 1, &bytes);
    assert_int_equal(s->header.words, all.count);
    for (unsigned form = 0; form < FH_FORMS; form++)
        assert_terms(s, form, &all);
    assert_bodies(s, &all);
    fh_segment_close(s);
    fh_gathering_clear(&g);
    fh_buffer_free(&bytes);
    free_facts(&all);
}

/* Enough words that they are inverted in parts, and that there are full blocks. */
static void threads_and_bundles_leave_no_trace(void **state)
{
    (void)state;
    static const struct {
        int bundles, articles;
        unsigned jobs;
    } ways[] = {{1, 400, 1}, {1, 400, 4}, {40, 10, 3}};
    fh_buffer bytes[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        fh_gathering g = {0};
        facts all = {0};
        fill(&g, ways[i].bundles, ways[i].articles, 590, &all);
        assert_true(all.count > 65536);
        fh_segment_close(segment_of(&g, ways[i].jobs, &bytes[i]));
        assert_true(fh_str_equal(fh_buffer_str(&bytes[0]), fh_buffer_str(&bytes[i])));
        fh_gathering_clear(&g);
        free_facts(&all);
    }
    for (size_t i = 0; i < 3; i++)
        fh_buffer_free(&bytes[i]);
}

static void nothing_is_inverted_to_nothing(void **state)
{
    (void)state;
    fh_gathering g = {0};
    facts none = {0};
    fh_buffer bytes = {0};
    fh_segment *s = segment_of(&g, 2, &bytes);
    assert_int_equal(s->header.articles, 0);
    assert_terms(s, FH_FORM_FOLDED, &none);
    fh_segment_close(s);
    fh_buffer_free(&bytes);
    fh_gathering_clear(&g);
}

/* ---- Bundles ---- */

static void words_that_are_not_in_the_text_are_refused(void **state)
{
    (void)state;
    fh_error err;
    wordlist *l = make_words();
    fh_article a = {.id = FH_STR("a"), .body = FH_STR("W1 W2 W1")};
    fh_token tokens[] = {{1, {0, 2}}, {3, {3, 5}}};
    fh_passage body = {FH_FIELD_BODY, 1, tokens, 2};
    fh_entry e = {&a, 0, false, &l->vocabulary, &body, 1};
    fh_bundle *b = fh_bundle_new(2, 10, NULL);
    assert_int_equal(fh_bundle_put(b, &e, &err), FH_EUSAGE);
    assert_non_null(strstr(err.message, "at 3"));
    tokens[1].spelling = 2;
    assert_int_equal(fh_bundle_put(b, &e, &err), FH_EUSAGE); /* half an article is in it */
    assert_int_equal(fh_bundle_end(b, &err), FH_EUSAGE);
    fh_bundle_free(b);
    b = fh_bundle_new(1, 10, NULL);
    assert_int_equal(fh_bundle_put(b, &e, &err), FH_OK);
    assert_int_equal(fh_bundle_put(b, &e, &err), FH_EUSAGE);
    assert_non_null(strstr(err.message, "more articles"));
    fh_bundle_free(b);
    fh_passage both[] = {{FH_FIELD_BODY, 1, tokens, 2}, {FH_FIELD_TITLE, 9, NULL, 0}};
    e.passages = both;
    e.count = 2;
    b = fh_bundle_new(1, 10, NULL);
    assert_int_equal(fh_bundle_put(b, &e, &err), FH_EUSAGE);
    fh_bundle_free(b);
    free(l);
}

/* ---- Order ---- */

static void codes_are_sorted_by_all_their_bytes(void **state)
{
    (void)state;
    enum { TEXTS = 5000 };
    unsigned seed = 3;
    char *codes = malloc(TEXTS * 20);
    uint64_t ends[TEXTS];
    size_t len = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        size_t own = (unsigned)rand_r(&seed) % 20;
        for (size_t k = 0; k < own; k++)
            codes[len++] = k < 10 ? 'a' : (char)((unsigned)rand_r(&seed) % 3 * 100);
        ends[i] = len;
    }
    uint32_t *order = fh_code_order(codes, ends, TEXTS);
    for (size_t i = 1; i < TEXTS; i++) {
        uint32_t x = order[i - 1];
        uint32_t y = order[i];
        uint64_t x_start = x ? ends[x - 1] : 0;
        uint64_t y_start = y ? ends[y - 1] : 0;
        assert_true(fh_str_compare((fh_str){codes + x_start, ends[x] - x_start},
                                   (fh_str){codes + y_start, ends[y] - y_start}) <= 0);
    }
    free(order);
    order = fh_code_order(codes, ends, 0);
    assert_non_null(order);
    free(order);
    free(codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_hold_every_word),
        cmocka_unit_test(threads_and_bundles_leave_no_trace),
        cmocka_unit_test(nothing_is_inverted_to_nothing),
        cmocka_unit_test(words_that_are_not_in_the_text_are_refused),
        cmocka_unit_test(codes_are_sorted_by_all_their_bytes),
    };
    return cmocka_run_group_tests_name("inversion", tests, NULL, NULL);
}
