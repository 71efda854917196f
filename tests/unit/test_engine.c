/* Writing an index and asking it, through engines/engine.h alone. */
#include "tests/unit/engine_lab.h"

static const fh_date may = {1430438400, FH_DATE_MONTH};

static fh_article item(const char *id, const char *title, const char *body)
{
    return (fh_article){
        .id = fh_str_of(id), .title = fh_str_of(title), .body = fh_str_of(body)};
}

static fh_index_stats stats_of(fh_index *ix)
{
    fh_index_stats stats;
    must(fh_index_get_stats(ix, &stats, err));
    return stats;
}

/* ---- Life of an index ---- */

static void a_new_index_is_there_once_published(void **state)
{
    lab *l = *state;
    fh_index *ix;
    fh_index_stats stats;
    must_fail(FH_ENOTFOUND, "there is no index", fh_index_open(l->path, &ix, err));
    assert_null(ix);
    fh_writer *w = begin(l);
    must_fail(FH_ENOTFOUND, "nothing has been published", fh_index_open(l->path, &ix, err));
    must(fh_writer_publish(w, err));
    must(fh_writer_stats(w, &stats, err));
    assert_int_equal(stats.generation, 1);
    fh_writer_close(w);
    must(fh_index_open(l->path, &ix, err));
    assert_string_equal(matching(l, ix, fh_expr_leaf(&l->arena, FH_EXPR_ALL)), "");
    stats = stats_of(ix);
    assert_int_equal(stats.articles, 0);
    assert_true(stats.first_date > stats.last_date);
    fh_index_close(ix);
    must(fh_index_check(l->path, err));
}

static void an_article_comes_back_whole(void **state)
{
    lab *l = *state;
    fh_article a = {.id = FH_STR("snn-1"),
                    .title = FH_STR("وزارة الخارجية"),
                    .body = FH_STR("قال  الوزير…\n\nثم قال"),
                    .url = FH_STR("https://example.org/1"),
                    .source = FH_STR("وكالة"),
                    .section = FH_STR("سياسة"),
                    .keywords = FH_STR("أ\nب"),
                    .date = may,
                    .origin = FH_STR("a/b.jsonl")};
    fh_article got;
    bool there;
    fh_index *ix = build(l, &a, 1);
    must(fh_index_article(ix, a.id, &l->arena, &there, &got, err));
    assert_true(there);
    assert_true(fh_str_equal(got.id, a.id) && fh_str_equal(got.title, a.title) &&
                fh_str_equal(got.body, a.body) && fh_str_equal(got.url, a.url) &&
                fh_str_equal(got.source, a.source) && fh_str_equal(got.section, a.section) &&
                fh_str_equal(got.keywords, a.keywords) && fh_str_equal(got.origin, a.origin));
    assert_int_equal(got.date.seconds, may.seconds);
    assert_int_equal(got.date.precision, may.precision);
    fh_page page = search(l, ix, (fh_search){.expr = word(l, "الوزير…\n\nثم"), .count = 5});
    assert_int_equal(page.count, 1);
    assert_true(fh_str_equal(page.hits[0].article.title, a.title));
    assert_int_equal(page.hits[0].article.body.len, 0);
    page =
        search(l, ix, (fh_search){.expr = word(l, "قال"), .count = 5, .parts = FH_PARTS_ALL});
    assert_true(fh_str_equal(page.hits[0].article.body, a.body));
    must(fh_index_article(ix, FH_STR("other"), &l->arena, &there, &got, err));
    assert_false(there);
    must(fh_index_article(ix, FH_STR(""), &l->arena, &there, &got, err));
    assert_false(there);
    fh_index_close(ix);
}

static void lookup_knows_what_is_published(void **state)
{
    lab *l = *state;
    fh_article a = item("one", "t", "12345");
    bool there;
    uint64_t print;
    fh_writer *w = begin(l);
    must(fh_writer_lookup(w, a.id, &there, &print, err));
    assert_false(there);
    publish(w, &a, 1, false);
    must(fh_writer_lookup(w, a.id, &there, &print, err));
    assert_true(there);
    assert_int_equal(print, 5);
    must(fh_writer_lookup(w, FH_STR("on"), &there, &print, err));
    assert_false(there);
    fh_writer_close(w);
}

/* Texts so large that they are not published in place. */
static fh_article large(const char *id, const char *words, char **memory)
{
    enum { SIZE = 600000 };
    *memory = malloc(SIZE);
    memset(*memory, ' ', SIZE);
    memcpy(*memory, words, strlen(words));
    return (fh_article){.id = fh_str_of(id), .title = FH_STR("large"), .body = {*memory, SIZE}};
}

static void a_changed_article_takes_the_old_ones_place(void **state)
{
    lab *l = *state;
    fh_article first[] = {item("a", "", "old x"), item("b", "", "old y"),
                          item("c", "", "old z")};
    char *memory;
    bool changed;
    fh_index *ix = build(l, first, 3);
    uint64_t generation = fh_index_generation(ix);
    fh_writer *w = begin(l);
    for (int round = 0; round < 2; round++) {
        const char *text = round == 0 ? "new small" : "new big";
        fh_article next = round == 0 ? item("a", "", text) : large("a", text, &memory);
        publish(w, &next, 1, true);
        must(fh_index_refresh(ix, &changed, err));
        assert_true(changed);
        assert_int_equal(fh_index_generation(ix), ++generation);
        assert_string_equal(matching(l, ix, word(l, "old")), "b c");
        assert_string_equal(matching(l, ix, word(l, "new")), "a");
        assert_string_equal(matching(l, ix, word(l, "small")), round == 0 ? "a" : "");
        assert_string_equal(matching(l, ix, fh_expr_leaf(&l->arena, FH_EXPR_ALL)), "b c a");
        assert_int_equal(stats_of(ix).articles, 3);
        assert_int_equal(stats_of(ix).text_bytes,
                         5 + 5 + (round == 0 ? 9 : next.title.len + next.body.len));
        must_fail(FH_ELOCKED, "", fh_index_check(l->path, err));
        fh_writer_close(w);
        must(fh_index_check(l->path, err));
        w = begin(l);
    }
    must(fh_index_refresh(ix, &changed, err));
    assert_false(changed);
    free(memory);
    fh_writer_close(w);
    fh_index_close(ix);
}

static void a_removed_article_is_gone(void **state)
{
    lab *l = *state;
    fh_article first[] = {item("a", "", "x"), item("b", "", "x"), item("c", "", "x")};
    char *memory;
    bool there, changed;
    fh_index *ix = build(l, first, 3);
    fh_writer *w = begin(l);
    must(fh_writer_remove(w, FH_STR("b"), &there, err));
    assert_true(there);
    must(fh_writer_remove(w, FH_STR("d"), &there, err));
    assert_false(there);
    assert_string_equal(matching(l, ix, word(l, "x")), "a b c");
    must(fh_writer_publish(w, err));
    must(fh_writer_lookup(w, FH_STR("b"), &there, &(uint64_t){0}, err));
    assert_false(there);
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(matching(l, ix, word(l, "x")), "a c");
    must(fh_writer_remove(w, FH_STR("a"), &there, err));
    fh_article more = large("e", "x", &memory);
    publish(w, &more, 1, false);
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(matching(l, ix, word(l, "x")), "c e");
    assert_int_equal(stats_of(ix).articles, 2);
    must(fh_writer_remove(w, FH_STR("c"), &there, err));
    must(fh_writer_remove(w, FH_STR("e"), &there, err));
    must(fh_writer_publish(w, err));
    must(fh_index_refresh(ix, &changed, err));
    assert_int_equal(stats_of(ix).articles, 0);
    assert_int_equal(stats_of(ix).text_bytes, 0);
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    w = begin(l);
    fh_article again = item("b", "", "x");
    publish(w, &again, 1, false);
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(matching(l, ix, word(l, "x")), "b");
    free(memory);
    fh_writer_close(w);
    fh_index_close(ix);
}

static void removed_and_put_again_is_there_once(void **state)
{
    lab *l = *state;
    fh_article a = item("a", "", "old");
    bool there, changed;
    fh_index *ix = build(l, &a, 1);
    fh_writer *w = begin(l);
    must(fh_writer_remove(w, a.id, &there, err));
    a.body = FH_STR("new");
    publish(w, &a, 1, false);
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(matching(l, ix, fh_expr_leaf(&l->arena, FH_EXPR_ALL)), "a");
    assert_string_equal(matching(l, ix, word(l, "new")), "a");
    fh_writer_close(w);
    fh_index_close(ix);
}

static void small_and_large_batches_publish_together(void **state)
{
    lab *l = *state;
    fh_article first = item("a", "", "x");
    fh_article parts[3] = {item("b", "", "x small"), item("c", "", ""),
                           item("d", "", "x small")};
    fh_batch *batches[3];
    char *memory;
    parts[1] = large("c", "x", &memory);
    fh_index *ix = build(l, &first, 1);
    fh_writer *w = begin(l);
    for (int i = 0; i < 3; i++)
        must(fh_batch_new(w, 1, parts[i].body.len, &batches[i], err));
    for (int i = 2; i >= 0; i--) {
        must(try_put(batches[i], &parts[i], false, err));
        must(fh_writer_add(w, batches[i], err));
    }
    must(fh_writer_publish(w, err));
    bool changed;
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(matching(l, ix, word(l, "x")), "a b c d");
    free(memory);
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    fh_index_close(ix);
}

static void what_is_not_published_is_not_there(void **state)
{
    lab *l = *state;
    fh_article articles[] = {item("a", "", "x"), item("b", "", "x")};
    fh_batch *b;
    bool changed, there;
    fh_index *ix = build(l, articles, 1);
    fh_writer *w = begin(l);
    must(fh_batch_new(w, 1, 1, &b, err));
    must(try_put(b, &articles[1], false, err));
    must(fh_writer_add(w, b, err));
    must(fh_writer_remove(w, FH_STR("a"), &there, err));
    must(fh_index_refresh(ix, &changed, err));
    assert_false(changed);
    fh_writer_close(w);
    w = begin(l);
    must(fh_batch_new(w, 1, 1, &b, err));
    must(try_put(b, &articles[1], false, err));
    fh_batch_free(b);
    must(fh_writer_publish(w, err));
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(matching(l, ix, word(l, "x")), "a");
    fh_writer_close(w);
    fh_index_close(ix);
}

static void a_rebuild_begins_empty(void **state)
{
    lab *l = *state;
    fh_article old = item("a", "", "x");
    fh_article new = item("b", "", "x");
    bool changed;
    fh_index *ix = build(l, &old, 1);
    fh_writer *w = begin(l);
    /* Publishing in place, of which the manifest does not hear, counts too. */
    for (int i = 0; i < 5; i++) {
        old.body.ptr = &"xxxxx"[i];
        old.body.len = (size_t)(5 - i);
        publish(w, &old, 1, true);
    }
    fh_writer_close(w);
    must(fh_index_refresh(ix, &changed, err));
    uint64_t generation = fh_index_generation(ix);
    fh_writer_options options = {.analysis = "test/other", .rebuild = true};
    must(fh_writer_open(l->path, &options, &w, err));
    bool there;
    uint64_t print;
    must(fh_writer_lookup(w, FH_STR("a"), &there, &print, err));
    assert_false(there);
    must(fh_index_refresh(ix, &changed, err));
    assert_false(changed);
    assert_string_equal(fh_index_analysis(ix), LAB_ANALYSIS);
    publish(w, &new, 1, false);
    fh_writer_close(w);
    must(fh_index_refresh(ix, &changed, err));
    assert_true(changed);
    assert_true(fh_index_generation(ix) > generation);
    assert_string_equal(fh_index_analysis(ix), "test/other");
    assert_string_equal(matching(l, ix, word(l, "x")), "b");
    fh_index_close(ix);
}

/* ---- Walks ---- */

static fh_status note_origin(void *context, fh_str origin, fh_str id, fh_error *err)
{
    (void)err;
    fh_buffer_printf(context, "%.*s=%.*s ", (int)origin.len, origin.ptr, (int)id.len, id.ptr);
    return FH_OK;
}

static fh_status stop_walk(void *context, fh_str origin, fh_str id, fh_error *err)
{
    (void)origin;
    (void)id;
    ++*(int *)context;
    return fh_fail(err, FH_ESTOPPED, "enough");
}

static void origins_are_walked(void **state)
{
    lab *l = *state;
    char deep[301];
    memset(deep, 'd', 300);
    deep[300] = '\0';
    char *below;
    assert_true(asprintf(&below, "%s/x", deep) > 0);
    const char *origins[] = {"news", "news/a", "news!b", "newspaper", "new", deep, below};
    fh_article articles[7];
    for (size_t i = 0; i < 7; i++) {
        static const char *const ids[] = {"1", "2", "3", "4", "5", "6", "7"};
        articles[i] = item(ids[i], "", "x");
        articles[i].origin = fh_str_of(origins[i]);
    }
    fh_index_close(build(l, articles, 7));
    fh_writer *w = begin(l);
    fh_buffer seen = {0};
    must(fh_writer_walk(w, FH_STR("news"), note_origin, &seen, err));
    assert_non_null(strstr(seen.data, "news=1 "));
    assert_non_null(strstr(seen.data, "news/a=2 "));
    assert_non_null(strstr(seen.data, "news!b=3 "));
    assert_int_equal(seen.len, strlen("news=1 news/a=2 news!b=3 "));
    fh_buffer_clear(&seen);
    must(fh_writer_walk(w, fh_str_of(deep), note_origin, &seen, err));
    assert_int_equal(seen.len, 300 + 3 + 302 + 3);
    fh_buffer_clear(&seen);
    must(fh_writer_walk(w, FH_STR("nowhere"), note_origin, &seen, err));
    assert_int_equal(seen.len, 0);
    int calls = 0;
    must_fail(FH_ESTOPPED, "enough", fh_writer_walk(w, FH_STR("news"), stop_walk, &calls, err));
    assert_int_equal(calls, 1);
    fh_buffer_free(&seen);
    free(below);
    fh_writer_close(w);
}

typedef struct dictionary {
    fh_buffer text;
    int left; /* terms to take */
} dictionary;

static bool note_term(void *context, fh_str term, uint32_t articles)
{
    dictionary *d = context;
    fh_buffer_printf(&d->text, "%.*s=%u ", (int)term.len, term.ptr, articles);
    return --d->left > 0;
}

static const char *terms_of(lab *l, fh_index *ix, fh_form form, fh_field field,
                            const char *prefix, int most)
{
    dictionary d = {{0}, most};
    must(fh_index_walk(ix, form, field, fh_str_of(prefix), note_term, &d, err));
    snprintf(l->answer, sizeof l->answer, "%s", d.text.data ? d.text.data : "");
    fh_buffer_free(&d.text);
    return l->answer;
}

static void articles_with_given_terms_are_counted(void **state)
{
    static char longest[FH_TERM_MAX + 2];
    memset(longest, 'x', FH_TERM_MAX + 1);
    lab *l = *state;
    fh_article articles[] = {item("1", "كتاب", "كتب مكتبة zoo"),
                             item("2", "كتب", "zebra كتب كتب"), item("3", "", "كتب")};
    fh_index *ix = build(l, articles, 3);
    const fh_str terms[] = {
        FH_STR("كتب"), FH_STR("zoo"), FH_STR("كت"), FH_STR(""), {longest, FH_TERM_MAX + 1},
        FH_STR("كتب")};
    uint32_t counts[6] = {9, 9, 9, 9, 9, 9};
    static const uint32_t folded[] = {3, 1, 0, 0, 0, 3}, titled[] = {1, 0, 0, 0, 0, 1},
                          stems[] = {0, 1, 3, 0, 0, 0};
    must(fh_index_frequencies(ix, FH_FORM_FOLDED, FH_FIELD_ANY, terms, 6, counts, err));
    assert_memory_equal(counts, folded, sizeof counts);
    must(fh_index_frequencies(ix, FH_FORM_FOLDED, FH_FIELD_TITLE, terms, 6, counts, err));
    assert_memory_equal(counts, titled, sizeof counts);
    must(fh_index_frequencies(ix, FH_FORM_STEM, FH_FIELD_ANY, terms, 6, counts, err));
    assert_memory_equal(counts, stems, sizeof counts);
    must(fh_index_frequencies(ix, FH_FORM_STEM, FH_FIELD_ANY, NULL, 0, NULL, err));
    fh_index_close(ix);
}

static void terms_are_walked_in_order(void **state)
{
    lab *l = *state;
    fh_article articles[] = {item("1", "كتاب", "كتب مكتبة éa zoo كتبوا"),
                             item("2", "كتب", "zebra كتب كتب 一")};
    fh_index *ix = build(l, articles, 2);
    assert_string_equal(terms_of(l, ix, FH_FORM_FOLDED, FH_FIELD_ANY, "", 99),
                        "zebra=1 zoo=1 éa=1 كتاب=1 كتب=2 كتبوا=1 مكتبة=1 一=1 ");
    assert_string_equal(terms_of(l, ix, FH_FORM_FOLDED, FH_FIELD_ANY, "كتب", 99),
                        "كتب=2 كتبوا=1 ");
    assert_string_equal(terms_of(l, ix, FH_FORM_FOLDED, FH_FIELD_ANY, "كتب", 1), "كتب=2 ");
    assert_string_equal(terms_of(l, ix, FH_FORM_FOLDED, FH_FIELD_TITLE, "", 99),
                        "كتاب=1 كتب=1 ");
    assert_string_equal(terms_of(l, ix, FH_FORM_STEM, FH_FIELD_ANY, "", 99),
                        "zebr=1 zoo=1 éa=1 كت=2 مك=1 一=1 ");
    assert_string_equal(terms_of(l, ix, FH_FORM_STEM, FH_FIELD_TITLE, "ز", 99), "");
    fh_index_close(ix);
}

static void sources_are_walked_and_filtered(void **state)
{
    lab *l = *state;
    char name[2][402];
    fh_article articles[] = {item("1", "", "x"), item("2", "", "x"), item("3", "", "x"),
                             item("4", "", "x"), item("5", "", "x")};
    for (int i = 0; i < 2; i++) {
        memset(name[i], 's', 400);
        name[i][400] = i == 0 ? 'a' : 'b';
        name[i][401] = '\0';
        articles[i].source = fh_str_of(name[i]);
    }
    articles[2].source = articles[3].source = FH_STR("وكالة");
    fh_index *ix = build(l, articles, 5);
    dictionary d = {{0}, 99};
    must(fh_index_sources(ix, note_term, &d, err));
    assert_non_null(strstr(d.text.data, "وكالة=2 "));
    assert_non_null(strstr(d.text.data, name[0]));
    assert_non_null(strstr(d.text.data, name[1]));
    fh_buffer_free(&d.text);
    assert_string_equal(matching(l, ix, fh_expr_source(&l->arena, FH_STR("وكالة"))), "3 4");
    assert_string_equal(matching(l, ix, fh_expr_source(&l->arena, articles[1].source)), "2");
    assert_string_equal(matching(l, ix, fh_expr_source(&l->arena, FH_STR("وك"))), "");
    fh_index_close(ix);
}

/* ---- Odd sizes ---- */

/* Where a head is stored depends on its length. */
static void heads_may_be_long(void **state)
{
    lab *l = *state;
    static char words[3000];
    memset(words, 'k', sizeof words);
    fh_article a = item("a", "title", "x the body");
    for (size_t len = 900; len < sizeof words; len += len / 30) {
        fh_folder_remove(l->path, NULL);
        a.keywords = (fh_str){words, len};
        fh_index *ix = build(l, &a, 1);
        fh_search s = {.expr = word(l, "x"), .count = 1};
        for (int all = 0; all < 2; all++) {
            s.parts = all ? FH_PARTS_ALL : FH_PARTS_HEAD;
            fh_page page = search(l, ix, s);
            assert_int_equal(page.count, 1);
            assert_true(fh_str_equal(page.hits[0].article.keywords, a.keywords));
            assert_true(fh_str_equal(page.hits[0].article.body, all ? a.body : FH_STR("")));
        }
        assert_int_equal(stats_of(ix).text_bytes, 15);
        fh_index_close(ix);
        must(fh_index_check(l->path, err));
    }
}

static void ids_may_be_long_and_odd(void **state)
{
    lab *l = *state;
    static char long_a[FH_ID_MAX + 1], long_b[FH_ID_MAX];
    memset(long_a, 'i', sizeof long_a);
    memset(long_b, 'i', sizeof long_b);
    long_b[FH_ID_MAX - 1] = 'j';
    fh_str ids[] = {{long_a, FH_ID_MAX}, {long_b, FH_ID_MAX}, {long_a, 200}, {long_a, 201},
                    FH_STR("a\0b"),      FH_STR("a\0c"),      FH_STR("a"),   {"\xFF\xFE", 2}};
    enum { IDS = sizeof ids / sizeof *ids };
    fh_article articles[IDS];
    for (size_t i = 0; i < IDS; i++)
        articles[i] = (fh_article){.id = ids[i], .body = {long_a, i + 1}};
    fh_index *ix = build(l, articles, IDS);
    fh_writer *w = begin(l);
    for (size_t i = 0; i < IDS; i++) {
        fh_article got;
        bool there;
        uint64_t print;
        must(fh_index_article(ix, ids[i], &l->arena, &there, &got, err));
        assert_true(there);
        assert_true(fh_str_equal(got.id, ids[i]));
        must(fh_writer_lookup(w, ids[i], &there, &print, err));
        assert_int_equal(print, i + 1);
    }
    fh_batch *b;
    must(fh_batch_new(w, 1, 0, &b, err));
    fh_article bad = {.id = {long_a, FH_ID_MAX + 1}};
    must_fail(FH_ELIMIT, "longer than 4096", try_put(b, &bad, false, err));
    bad.id.len = 0;
    must_fail(FH_EUSAGE, "no id", try_put(b, &bad, false, err));
    bad = item("too large", "", "");
    bad.body = (fh_str){long_a, (size_t)FH_BODY_MAX + 1};
    must_fail(FH_ELIMIT, "longer than", fh_batch_put(b, &(fh_entry){.article = &bad}, err));
    fh_batch_free(b);
    must_fail(
        FH_ELIMIT, "longer than",
        fh_writer_lookup(w, (fh_str){long_a, FH_ID_MAX + 1}, &(bool){0}, &(uint64_t){0}, err));
    fh_writer_close(w);
    fh_index_close(ix);
    must(fh_index_check(l->path, err));
}

/* A vocabulary of one spelling. */
typedef struct one_spelling {
    fh_vocabulary vocabulary; /* first, so that spell_one() finds the rest */
    fh_spelling spelling;
} one_spelling;

static void spell_one(const fh_vocabulary *v, uint32_t n, fh_spelling *spelling)
{
    assert_int_equal(n, 0);
    *spelling = ((const one_spelling *)(const void *)v)->spelling;
}

/* Put the article TITLE with PASSAGE, all of whose tokens are spelled so. */
static fh_status put_passage(fh_writer *w, const char *title, fh_spelling spelling,
                             fh_passage passage, fh_error *err)
{
    fh_batch *b;
    fh_article a = item("t", title, "");
    one_spelling words = {{.edition = next_edition(), .count = 1, .spell = spell_one},
                          spelling};
    fh_entry entry = {.article = &a,
                      .replaces = true,
                      .vocabulary = &words.vocabulary,
                      .passages = &passage,
                      .count = 1};
    fh_status status = fh_batch_new(w, 1, 0, &b, err);
    if (!status)
        status = fh_batch_put(b, &entry, err);
    if (!status)
        return fh_writer_add(w, b, err);
    fh_batch_free(b);
    return status;
}

static void terms_may_be_long(void **state)
{
    lab *l = *state;
    char kinds[4][FH_TERM_MAX + 1] = {{0}};
    const char *letters[] = {"a", "ب", "é", "一"};
    fh_writer *w = begin(l);
    for (size_t k = 0; k < 4; k++) {
        size_t unit = strlen(letters[k]);
        size_t len = FH_TERM_MAX / unit * unit;
        for (size_t i = 0; i < len; i += unit)
            memcpy(kinds[k] + i, letters[k], unit);
        fh_str text = {kinds[k], len};
        fh_token token = {0, {0, (uint32_t)len}};
        must(put_passage(w, kinds[k], (fh_spelling){text, {text, {0}}},
                         (fh_passage){FH_FIELD_TITLE, 1, &token, 1}, err));
        must(fh_writer_publish(w, err));
        fh_index *ix;
        must(fh_index_open(l->path, &ix, err));
        fh_expr *e = fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_ANY, text, 1);
        assert_string_equal(matching(l, ix, e), "t");
        e = fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_TITLE, text, 1);
        assert_string_equal(matching(l, ix, e), "t");
        text.len -= unit;
        e = fh_expr_term(&l->arena, FH_FORM_FOLDED, FH_FIELD_ANY, text, 1);
        assert_string_equal(matching(l, ix, e), "");
        fh_index_close(ix);
    }
    fh_writer_close(w);
}

static void spellings_that_are_none_are_refused(void **state)
{
    lab *l = *state;
    char text[FH_TERM_MAX + 1];
    memset(text, 'a', sizeof text);
    fh_writer *w = begin(l);
    fh_token token = {0, {0, 3}};
    const fh_passage passage = {FH_FIELD_TITLE, 1, &token, 1};
    const fh_spelling good = {FH_STR("abc"), {FH_STR("abc"), FH_STR("a")}};
    for (size_t form = 0; form < FH_FORMS; form++) {
        fh_spelling bad = good;
        bad.forms[form] = (fh_str){text, sizeof text};
        must_fail(FH_EUSAGE, "no term", put_passage(w, "abc", bad, passage, err));
        bad.forms[form] = FH_STR("a\0b");
        must_fail(FH_EUSAGE, "no term", put_passage(w, "abc", bad, passage, err));
    }
    fh_spelling unwritten = {.forms = {FH_STR("abc"), FH_STR("a")}};
    must_fail(FH_EUSAGE, "empty", put_passage(w, "abc", unwritten, passage, err));
    must(put_passage(w, "abc", good, passage, err));
    fh_writer_close(w);
}

/* As spell_word(), but "the" is no word. */
static void spell_but_the(const fh_vocabulary *v, uint32_t n, fh_spelling *spelling)
{
    spell_word(v, n, spelling);
    if (fh_str_equal(spelling->written, FH_STR("the")))
        memset(spelling->forms, 0, sizeof spelling->forms);
}

/* A token without forms takes no position, wherever it stands. */
static void words_that_are_none_take_no_position(void **state)
{
    lab *l = *state;
    fh_writer *w = begin(l);
    fh_batch *b;
    fh_article a = item("t", "", "one the two the three");
    lab_words words = {.vocabulary = {.edition = next_edition(), .spell = spell_but_the}};
    size_t count = split(a.body, &words);
    fh_passage passage = {FH_FIELD_BODY, 1, tokens_of(&words), count};
    fh_entry entry = {
        .article = &a, .vocabulary = &words.vocabulary, .passages = &passage, .count = 1};
    must(fh_batch_new(w, 1, a.body.len, &b, err));
    must(fh_batch_put(b, &entry, err));
    must(fh_writer_add(w, b, err));
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    free_words(&words);
    fh_index *ix;
    must(fh_index_open(l->path, &ix, err));
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_ANY, "one two three")), "t");
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_ANY, "one * two")), "");
    assert_string_equal(matching(l, ix, word(l, "the")), "");
    assert_string_equal(matching(l, ix, stem(l, "the")), "");
    fh_article got;
    bool there;
    must(fh_index_article(ix, FH_STR("t"), &l->arena, &there, &got, err));
    assert_true(there && fh_str_equal(got.body, a.body));
    fh_index_close(ix);
}

static void tokens_that_are_none_are_refused(void **state)
{
    lab *l = *state;
    fh_writer *w = begin(l);
    const fh_spelling spelling = {FH_STR("ab"), {FH_STR("ab"), FH_STR("a")}};
    const fh_token good[] = {{0, {0, 2}}, {0, {2, 4}}};
    const fh_token bad[] = {{1, {2, 4}}, {0, {1, 4}}, {0, {2, 5}}, {0, {2, 2}}, {0, {4, 2}}};
    fh_token tokens[] = {good[0], good[1]};
    const fh_passage passage = {FH_FIELD_TITLE, 1, tokens, 2};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        tokens[1] = bad[i];
        must_fail(FH_EUSAGE, "token 1 of passage 0",
                  put_passage(w, "abab", spelling, passage, err));
    }
    tokens[1] = good[1];
    fh_passage p = passage;
    p.position = 0;
    must_fail(FH_EUSAGE, "passage 0", put_passage(w, "abab", spelling, p, err));
    p.position = UINT32_MAX;
    must_fail(FH_EUSAGE, "passage 0", put_passage(w, "abab", spelling, p, err));
    p = passage;
    p.field = FH_FIELD_ANY;
    must_fail(FH_EUSAGE, "passage 0", put_passage(w, "abab", spelling, p, err));
    must(put_passage(w, "abab", spelling, passage, err));
    fh_writer_close(w);
}

static void articles_may_be_empty_or_large(void **state)
{
    lab *l = *state;
    enum { SIZE = 5 * 1024 * 1024 };
    char *body = malloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        body[i] = i % 9 == 8 ? ' ' : (char)('a' + i * i % 7 + i / 9 % 11);
    fh_article articles[] = {item("empty", "", ""),
                             {.id = FH_STR("large"), .body = {body, SIZE}}};
    fh_index *ix = build(l, articles, 2);
    fh_article got;
    bool there;
    must(fh_index_article(ix, FH_STR("large"), &l->arena, &there, &got, err));
    assert_true(there && fh_str_equal(got.body, articles[1].body));
    assert_string_equal(matching(l, ix, fh_expr_leaf(&l->arena, FH_EXPR_ALL)), "empty large");
    must(fh_index_check(l->path, err));
    fh_index_close(ix);
    free(body);
}

static void a_batch_takes_no_more_than_it_was_made_for(void **state)
{
    lab *l = *state;
    fh_batch *b;
    fh_article a = item("a", "", "x");
    fh_writer *w = begin(l);
    must(fh_batch_new(w, 1, 1, &b, err));
    must(try_put(b, &a, false, err));
    must_fail(FH_EUSAGE, "more articles", try_put(b, &a, false, err));
    fh_batch_free(b);
    fh_writer_close(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(a_new_index_is_there_once_published),
        lab_test(an_article_comes_back_whole),
        lab_test(lookup_knows_what_is_published),
        lab_test(a_changed_article_takes_the_old_ones_place),
        lab_test(a_removed_article_is_gone),
        lab_test(removed_and_put_again_is_there_once),
        lab_test(small_and_large_batches_publish_together),
        lab_test(what_is_not_published_is_not_there),
        lab_test(a_rebuild_begins_empty),
        lab_test(origins_are_walked),
        lab_test(articles_with_given_terms_are_counted),
        lab_test(terms_are_walked_in_order),
        lab_test(sources_are_walked_and_filtered),
        lab_test(heads_may_be_long),
        lab_test(ids_may_be_long_and_odd),
        lab_test(terms_may_be_long),
        lab_test(spellings_that_are_none_are_refused),
        lab_test(tokens_that_are_none_are_refused),
        lab_test(words_that_are_none_take_no_position),
        lab_test(articles_may_be_empty_or_large),
        lab_test(a_batch_takes_no_more_than_it_was_made_for),
    };
    return run_lab("engine", tests, sizeof tests / sizeof *tests, argc, argv);
}
