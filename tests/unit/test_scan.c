/*
 * The index against a linear scan: every article of corpus/sample is analysed and compared with random
 * queries of each kind, and the set of articles found must be the same. Tests run in the checkout.
 */
#include "tests/unit/search_lab.h"

#include "base/utf8.h"
#include "indexer/build.h"

#define CORPUS       "corpus/sample"
#define ARTICLES_MAX 2000
#define QUERIES      400 /* of each kind */

/* One word of an article, in all its forms. */
typedef struct word {
    fh_str typed, folded, stem;
    uint32_t position;
    bool title;
} word;

typedef struct document {
    fh_str id;
    word *words;
    size_t count;
} document;

typedef struct scan {
    lab *lab;
    fh_arena arena;
    document *documents;
    size_t count;
    unsigned seed;
} scan;

/* ---- Reading ---- */

static void hear(void *context, const fh_remark *remark)
{
    (void)context;
    (void)remark;
}

static bool never(void *context)
{
    (void)context;
    return false;
}

static void ignore(void *context, uint64_t articles)
{
    (void)context;
    (void)articles;
}

static void watch(void *context, const fh_build_progress *progress)
{
    (void)context;
    (void)progress;
}

static void build(lab *l)
{
    static const char *const inputs[] = {CORPUS};
    fh_summary summary;
    fh_build order = {.index = l->path,
                      .inputs = inputs,
                      .input_count = 1,
                      .jobs = 1,
                      .memory = FH_BUILD_MEMORY_MIN,
                      .publish_every = 60,
                      .listener = {.hear = hear, .stop = never},
                      .committed = ignore,
                      .progress = watch};
    must(fh_build_run(&order, &summary, err));
    assert_true(summary.index.articles >= 40);
}

static void read_words(scan *s, fh_str text, bool title, uint32_t *position, fh_buffer *out)
{
    fh_term term;
    word w = {.title = title};
    text = fh_arena_copy(&s->arena, text);
    fh_analyser_start(s->lab->analyser, text, FH_FIELD_BODY, *position);
    while (fh_analyser_next(s->lab->analyser, &term)) {
        fh_str copy = fh_arena_copy(&s->arena, term.text);
        if (term.form == FH_FORM_FOLDED) {
            w.folded = copy;
            w.position = term.position;
            w.typed = (fh_str){text.ptr + term.span.start, term.span.end - term.span.start};
        } else {
            w.stem = copy;
            fh_buffer_add(out, &w, sizeof w);
        }
    }
    *position = fh_analyser_position(s->lab->analyser) + FH_FIELD_GAP;
}

static void read_document(scan *s, fh_str id)
{
    fh_article *article;
    fh_buffer words = {0};
    uint32_t position = 1;
    must(fh_searcher_article(s->lab->searcher, id, &article, err));
    read_words(s, article->title, true, &position, &words);
    read_words(s, article->body, false, &position, &words);
    document *d = &s->documents[s->count++];
    *d = (document){.id = fh_arena_copy(&s->arena, id), .count = words.len / sizeof(word)};
    d->words = (word *)(void *)fh_arena_copy(&s->arena, fh_buffer_str(&words)).ptr;
    fh_buffer_free(&words);
    fh_article_free(article);
}

static int set_up(void **state)
{
    if (open_lab(state))
        return -1;
    scan *s = calloc(1, sizeof *s);
    *s = (scan){.lab = *state, .seed = 42};
    *state = s;
    build(s->lab);
    fh_request everything = {.query = FH_STR("-xyzzy"), .count = ARTICLES_MAX};
    const fh_results *all = ask(s->lab, &everything);
    s->documents = fh_arena_alloc(&s->arena, all->count * sizeof *s->documents);
    for (size_t i = 0; i < all->count; i++)
        read_document(s, all->results[i].article.id);
    return 0;
}

static int tear_down(void **state)
{
    scan *s = *state;
    void *l = s->lab;
    fh_arena_free(&s->arena);
    free(s);
    return close_lab(&l);
}

/* ---- What a scan finds ---- */

static bool has_stem(const document *d, const word *w, bool title)
{
    for (size_t i = 0; i < d->count; i++)
        if (fh_str_equal(d->words[i].stem, w->stem) && (!title || d->words[i].title))
            return true;
    return false;
}

static bool has_folded(const document *d, const word *w)
{
    for (size_t i = 0; i < d->count; i++)
        if (fh_str_equal(d->words[i].folded, w->folded))
            return true;
    return false;
}

static bool has_prefix(const document *d, fh_str prefix)
{
    for (size_t i = 0; i < d->count; i++)
        if (fh_str_starts(d->words[i].folded, prefix))
            return true;
    return false;
}

static bool has_phrase(const document *d, const word *words, size_t count)
{
    for (size_t i = 0; i + count <= d->count; i++) {
        size_t k = 0;
        while (k < count && fh_str_equal(d->words[i + k].folded, words[k].folded) &&
               d->words[i + k].position == d->words[i].position + k)
            k++;
        if (k == count)
            return true;
    }
    return false;
}

/* ---- Random material ---- */

static size_t below(scan *s, size_t limit)
{
    return (size_t)rand_r(&s->seed) % limit;
}

/* COUNT words that stand together in a random article, none of them a stop word if so wished. */
static const word *pick(scan *s, size_t count, bool content)
{
    for (;;) {
        const document *d = &s->documents[below(s, s->count)];
        if (d->count <= count)
            continue;
        const word *w = &d->words[below(s, d->count - count)];
        bool together = w[count - 1].position == w[0].position + count - 1;
        if (together && !(content && fh_analysis_stops(w->folded)))
            return w;
    }
}

/* The set that the index finds, as a flag for each document. */
static void found_set(scan *s, const char *query, bool *set)
{
    fh_request request = {.query = fh_str_of(query), .count = ARTICLES_MAX};
    const fh_results *found = ask(s->lab, &request);
    assert_int_equal(found->total, found->count);
    for (size_t i = 0; i < s->count; i++)
        set[i] = false;
    for (size_t k = 0; k < found->count; k++)
        for (size_t i = 0; i < s->count; i++)
            if (fh_str_equal(found->results[k].article.id, s->documents[i].id))
                set[i] = true;
}

/* Hold what the index finds for QUERY to WANT. */
static void compare(scan *s, const char *query, const bool *want)
{
    static bool got[ARTICLES_MAX];
    found_set(s, query, got);
    for (size_t i = 0; i < s->count; i++) {
        if (got[i] != want[i])
            print_error("query %s, article %.*s: found %d, scanned %d\n", query,
                        (int)s->documents[i].id.len, s->documents[i].id.ptr, got[i], want[i]);
        assert_int_equal(got[i], want[i]);
    }
}

#define TYPED(w) (int)(w)->typed.len, (w)->typed.ptr

/* Run QUERY, made of the words A and B, and hold it to the CONDITION on each document D. */
#define HOLD(format, a, b, condition)                                                          \
    do {                                                                                       \
        char hold_query[1024];                                                                 \
        static bool hold_want[ARTICLES_MAX];                                                   \
        snprintf(hold_query, sizeof hold_query, format, TYPED(a), TYPED(b));                   \
        for (size_t hold_i = 0; hold_i < s->count; hold_i++) {                                 \
            const document *d = &s->documents[hold_i];                                         \
            hold_want[hold_i] = (condition);                                                   \
        }                                                                                      \
        compare(s, hold_query, hold_want);                                                     \
    } while (0)

/* ---- The kinds of queries ---- */

static void test_any(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        const word *a = pick(s, 1, true), *b = pick(s, 1, true);
        HOLD("%.*s %.*s", a, b, has_stem(d, a, false) || has_stem(d, b, false));
    }
}

static void test_all(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        const word *a = pick(s, 1, false), *b = pick(s, 1, false);
        HOLD("+%.*s +%.*s", a, b, has_stem(d, a, false) && has_stem(d, b, false));
        HOLD("%.*s AND %.*s", a, b, has_stem(d, a, false) && has_stem(d, b, false));
    }
}

static void test_none(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        const word *a = pick(s, 1, true), *b = pick(s, 1, false);
        HOLD("%.*s -%.*s", a, b, has_stem(d, a, false) && !has_stem(d, b, false));
        HOLD("NOT (%.*s OR %.*s)", a, b, !has_stem(d, a, false) && !has_stem(d, b, false));
    }
}

static void test_exact(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        const word *a = pick(s, 1, false), *b = pick(s, 1, false);
        HOLD("=%.*s =%.*s", a, b, has_folded(d, a) || has_folded(d, b));
    }
}

static void test_titles(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        const word *a = pick(s, 1, true), *b = pick(s, 1, true);
        HOLD("+title:%.*s %.*s", a, b, has_stem(d, a, true));
    }
}

static void test_phrases(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        size_t count = 2 + below(s, 5);
        const word *words = pick(s, count, false);
        fh_buffer query = {0};
        bool want[ARTICLES_MAX];
        fh_buffer_add_str(&query, FH_STR("+\""));
        for (size_t k = 0; k < count; k++)
            fh_buffer_printf(&query, " %.*s", TYPED(&words[k]));
        fh_buffer_add_byte(&query, '"');
        for (size_t k = 0; k < s->count; k++)
            want[k] = has_phrase(&s->documents[k], words, count);
        compare(s, query.data, want);
        fh_buffer_free(&query);
    }
}

static void test_prefixes(void **state)
{
    scan *s = *state;
    for (int i = 0; i < QUERIES; i++) {
        const word *w = pick(s, 1, false);
        bool want[ARTICLES_MAX];
        char query[FH_TERM_MAX + 8];
        size_t letters = FH_PREFIX_MIN + 1 + below(s, 3), len = 0;
        while (len < w->folded.len && fh_utf8_count((fh_str){w->folded.ptr, len}) < letters)
            len +=
                fh_utf8_decode(w->folded.ptr + len, w->folded.len - len, &(uint32_t){0}, NULL);
        fh_str prefix = {w->folded.ptr, len};
        if (fh_utf8_count(prefix) < FH_PREFIX_MIN)
            continue;
        snprintf(query, sizeof query, "%.*s*", (int)prefix.len, prefix.ptr);
        for (size_t k = 0; k < s->count; k++)
            want[k] = has_prefix(&s->documents[k], prefix);
        compare(s, query, want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any),      cmocka_unit_test(test_all),
        cmocka_unit_test(test_none),     cmocka_unit_test(test_exact),
        cmocka_unit_test(test_titles),   cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_prefixes),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
