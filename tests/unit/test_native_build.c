/* Building a native index: in whatever pieces it is written, it holds the same. */
#include "tests/unit/engine_lab.h"

#include <dirent.h>
#include <sys/stat.h>

enum { ARTICLES = 900, TINY = 100000 };

static fh_writer *open_writer(const lab *l, uint64_t memory, unsigned jobs, bool rebuild)
{
    fh_writer *w;
    fh_writer_options options = {.engine = l->engine,
                                 .analysis = LAB_ANALYSIS,
                                 .rebuild = rebuild,
                                 .memory = memory,
                                 .jobs = jobs};
    must(fh_writer_open(l->path, &options, &w, err));
    return w;
}

static void add_batch(fh_writer *w, const fh_article *articles, size_t count, bool replaces)
{
    fh_batch *b;
    uint64_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += articles[i].title.len + articles[i].body.len;
    must(fh_batch_new(w, count, bytes, &b, err));
    for (size_t i = 0; i < count; i++)
        must(try_put(b, &articles[i], replaces, err));
    must(fh_writer_add(w, b, err));
}

/* The segment files of the index: how many, and the path of one. */
static size_t find_segments(const lab *l, char path[512])
{
    size_t count = 0;
    char data[256];
    struct dirent *entry;
    DIR *index = opendir(l->path);
    assert_non_null(index);
    data[0] = '\0';
    while ((entry = readdir(index)))
        if (entry->d_name[0] == 'g') {
            assert_int_equal(data[0], '\0');
            snprintf(data, sizeof data, "%s/%.60s", l->path, entry->d_name);
        }
    closedir(index);
    DIR *folder = opendir(data);
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        if (!strcmp(entry->d_name, "segments"))
            continue;
        assert_non_null(strstr(entry->d_name, ".seg"));
        snprintf(path, 512, "%s/%s", data, entry->d_name);
        count++;
    }
    closedir(folder);
    return count;
}

static fh_str make_words(lab *l, size_t count, unsigned number)
{
    static const char *const gaps[] = {" ", " ", " ", "  ", " \n ", "   "};
    unsigned seed = number + 1;
    fh_buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        unsigned r = (unsigned)rand_r(&seed);
        fh_buffer_printf(&text, "w%u%s", r & 64 ? r % 20 : r % 3000, gaps[(r >> 12) % 6]);
    }
    fh_str copy = fh_arena_copy(&l->arena, fh_buffer_str(&text));
    fh_buffer_free(&text);
    return copy;
}

static fh_str make_id(lab *l, unsigned number)
{
    char id[16];
    snprintf(id, sizeof id, "%u", number);
    return fh_arena_copy(&l->arena, fh_str_of(id));
}

static fh_article *make_articles(lab *l)
{
    fh_article *a = fh_arena_alloc(&l->arena, ARTICLES * sizeof *a);
    for (unsigned i = 0; i < ARTICLES; i++)
        a[i] = (fh_article){
            .id = make_id(l, i),
            .title = make_words(l, i % 9, i + 10000),
            .body = make_words(l, i % 11 ? i % 250 : 0, i),
            .url = i % 3 ? FH_STR("https://example.org/a") : FH_STR(""),
            .source = i % 2 ? FH_STR("north") : FH_STR("south"),
            .origin = FH_STR("in.jsonl"),
            .date = {i % 5 ? 1430438400 + i * 60 : 0, i % 5 ? FH_DATE_SECOND : FH_DATE_NONE}};
    return a;
}

/* Build ARTICLES in batches of EACH, which makes one segment. */
static void build_so(lab *l, const fh_article *a, size_t each, uint64_t memory, unsigned jobs)
{
    char path[512];
    fh_writer *w = open_writer(l, memory, jobs, true);
    for (size_t i = 0; i < ARTICLES; i += each)
        add_batch(w, a + i, each < ARTICLES - i ? each : ARTICLES - i, false);
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    assert_int_equal(find_segments(l, path), 1);
}

static void batches_and_threads_leave_no_trace(void **state)
{
    lab *l = *state;
    static const struct {
        size_t each;
        unsigned jobs;
    } ways[] = {{ARTICLES, 1}, {ARTICLES, 4}, {17, 2}};
    fh_article *a = make_articles(l);
    fh_buffer bytes[3] = {{0}};
    for (size_t i = 0; i < 3; i++) {
        char path[512];
        build_so(l, a, ways[i].each, 0, ways[i].jobs);
        find_segments(l, path);
        must(fh_file_read(path, 1 << 30, &bytes[i], err));
        assert_true(fh_str_equal(fh_buffer_str(&bytes[0]), fh_buffer_str(&bytes[i])));
    }
    for (size_t i = 0; i < 3; i++)
        fh_buffer_free(&bytes[i]);
}

static void note_page(const fh_page *page, fh_buffer *out)
{
    for (size_t i = 0; i < page->count; i++)
        fh_buffer_printf(out, "%u %.17g %.*s\n", page->hits[i].document, page->hits[i].score,
                         (int)page->hits[i].article.id.len, page->hits[i].article.id.ptr);
}

/* What the index answers to many queries, and all its articles. */
static void note_answers(lab *l, fh_buffer *out)
{
    fh_index *ix;
    must(fh_index_open(l->path, &ix, err));
    for (unsigned i = 0; i < 60; i++) {
        char first[16], second[16], both[40];
        snprintf(first, sizeof first, "w%u", i % 25);
        snprintf(second, sizeof second, "w%u", i * i);
        snprintf(both, sizeof both, "%s %s", first, second);
        fh_expr *any = node(l, FH_EXPR_OR, word(l, first), stem(l, second), NULL);
        fh_search s = {.expr = any, .count = ARTICLES, .count_to = ARTICLES};
        fh_page page = search(l, ix, s);
        note_page(&page, out);
        s.expr = i % 2 ? phrase(l, FH_FIELD_ANY, both) : in_title(l, first);
        s.sort = i % 3 ? FH_SORT_RELEVANCE : FH_SORT_DATE;
        page = search(l, ix, s);
        note_page(&page, out);
        s.expr = node(l, FH_EXPR_AND, word(l, first),
                      fh_expr_source(&l->arena, FH_STR("north")), NULL);
        page = search(l, ix, s);
        note_page(&page, out);
    }
    for (unsigned i = 0; i < ARTICLES; i++) {
        bool there;
        fh_article got;
        must(fh_index_article(ix, make_id(l, i), &l->arena, &there, &got, err));
        assert_true(there);
        fh_buffer_add_str(out, got.title);
        fh_buffer_add_str(out, got.body);
        fh_buffer_add_str(out, got.url);
        fh_buffer_printf(out, "%d", got.date.precision);
    }
    fh_index_close(ix);
    assert_false(out->failed);
}

static void merged_segments_answer_as_one(void **state)
{
    lab *l = *state;
    fh_article *a = make_articles(l);
    fh_buffer one = {0};
    build_so(l, a, ARTICLES, 0, 1);
    note_answers(l, &one);
    assert_true(one.len > 100000);
    for (unsigned jobs = 1; jobs <= 3; jobs += 2) {
        fh_buffer many = {0};
        build_so(l, a, jobs == 1 ? 17 : 100, TINY, jobs);
        note_answers(l, &many);
        assert_true(fh_str_equal(fh_buffer_str(&one), fh_buffer_str(&many)));
        fh_buffer_free(&many);
    }
    fh_buffer_free(&one);
}

/* With so little memory there are many segments before they are merged. */
static void little_memory_means_many_segments(void **state)
{
    lab *l = *state;
    fh_article *a = make_articles(l);
    fh_writer *w = open_writer(l, TINY, 1, false);
    for (size_t i = 0; i < ARTICLES; i += 50)
        add_batch(w, a + i, 50, false);
    char work[256];
    snprintf(work, sizeof work, "%s/g1.work", l->path);
    size_t segments = 0;
    DIR *folder = opendir(work);
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder));)
        segments += strstr(entry->d_name, ".seg") != NULL;
    closedir(folder);
    assert_in_range(segments, 9, 18);
    fh_writer_close(w);
    assert_int_not_equal(access(work, F_OK), 0);
}

/* ---- Odd articles ---- */

static void expect_article(lab *l, const fh_article *a)
{
    fh_index *ix;
    fh_article got;
    bool there;
    must(fh_index_open(l->path, &ix, err));
    must(fh_index_article(ix, a->id, &l->arena, &there, &got, err));
    assert_true(there);
    assert_true(fh_str_equal(got.body, a->body));
    assert_true(fh_str_equal(got.title, a->title));
    fh_index_close(ix);
}

static void one_word_may_stand_at_many_positions(void **state)
{
    lab *l = *state;
    enum { TIMES = 70000 };
    char *body = fh_arena_alloc(&l->arena, TIMES * 2 + 8);
    for (size_t i = 0; i < TIMES; i++)
        memcpy(body + 2 * i, "a ", 2);
    memcpy(body + 2 * TIMES, "b", 2);
    fh_article a[] = {{.id = FH_STR("1"), .body = fh_str_of(body)},
                      {.id = FH_STR("2"), .title = FH_STR("a"), .body = FH_STR("a b")}};
    fh_index_close(build(l, a, 2));
    expect_article(l, &a[0]);
    fh_index *ix;
    must(fh_index_open(l->path, &ix, err));
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_ANY, "a b")), "1 2");
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_ANY, "a a b")), "1");
    fh_index_close(ix);
}

static void texts_come_back_whatever_they_are(void **state)
{
    lab *l = *state;
    char *spaces = fh_arena_alloc(&l->arena, 5001);
    memset(spaces, ' ', 5000);
    const fh_str bodies[] = {FH_STR(""),         FH_STR(" "),           FH_STR("x"),
                             FH_STR(" x"),       FH_STR("x "),          FH_STR("  x  y  "),
                             fh_str_of(spaces),  FH_STR("\xFF \xD8 x"), FH_STR("x      y"),
                             FH_STR("é  \n ب ب")};
    enum { BODIES = sizeof bodies / sizeof *bodies };
    fh_article a[BODIES];
    for (unsigned i = 0; i < BODIES; i++)
        a[i] = (fh_article){.id = make_id(l, i), .body = bodies[i]};
    for (int merged = 0; merged < 2; merged++) {
        fh_writer *w = open_writer(l, merged ? 1 : 0, 1, true);
        for (size_t i = 0; i < BODIES; i += merged ? 1 : BODIES)
            add_batch(w, a + i, merged ? 1 : BODIES, false);
        must(fh_writer_publish(w, err));
        fh_writer_close(w);
        must(fh_index_check(l->path, err));
        for (size_t i = 0; i < BODIES; i++)
            expect_article(l, &a[i]);
    }
}

static void long_words_are_found(void **state)
{
    lab *l = *state;
    char word_[FH_TERM_MAX + 1];
    memset(word_, 'q', FH_TERM_MAX);
    word_[FH_TERM_MAX] = '\0';
    char *body;
    assert_true(asprintf(&body, "one %s two", word_) > 0);
    fh_article a = {.id = FH_STR("1"), .title = fh_str_of(word_), .body = fh_str_of(body)};
    fh_index *ix = build(l, &a, 1);
    assert_string_equal(matching(l, ix, word(l, word_)), "1");
    assert_string_equal(matching(l, ix, in_title(l, word_)), "1");
    assert_string_equal(matching(l, ix, phrase(l, FH_FIELD_ANY, body)), "1");
    fh_index_close(ix);
    expect_article(l, &a);
    free(body);
}

static void a_giant_article_fits_into_little_memory(void **state)
{
    lab *l = *state;
    fh_article a[] = {{.id = FH_STR("1"), .body = make_words(l, 400000, 1)},
                      {.id = FH_STR("2"), .body = FH_STR("w1 small")}};
    fh_writer *w = open_writer(l, TINY, 2, false);
    add_batch(w, a, 1, false);
    add_batch(w, a + 1, 1, false);
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    expect_article(l, &a[0]);
    expect_article(l, &a[1]);
}

/* ---- One id more than once ---- */

static void the_last_of_one_id_counts(void **state)
{
    lab *l = *state;
    /* In one batch, in two of one segment, in two segments. */
    for (int way = 0; way < 3; way++) {
        fh_article a[] = {{.id = FH_STR("1"), .body = FH_STR("x old")},
                          {.id = FH_STR("2"), .body = FH_STR("x")},
                          {.id = FH_STR("1"), .body = FH_STR("x new")}};
        fh_writer *w = open_writer(l, way == 2 ? 1 : 0, 1, true);
        add_batch(w, a, way == 0 ? 3 : 2, false);
        if (way > 0)
            add_batch(w, a + 2, 1, way == 2);
        must(fh_writer_publish(w, err));
        fh_writer_close(w);
        must(fh_index_check(l->path, err));
        fh_index *ix;
        must(fh_index_open(l->path, &ix, err));
        assert_string_equal(matching(l, ix, word(l, "x")), "2 1");
        assert_string_equal(matching(l, ix, word(l, "old")), "");
        fh_index_close(ix);
        expect_article(l, &a[2]);
    }
}

static void what_is_put_can_be_removed_before_a_publish(void **state)
{
    lab *l = *state;
    for (int flushed = 0; flushed < 2; flushed++) {
        fh_article a[] = {{.id = FH_STR("1"), .body = FH_STR("x")},
                          {.id = FH_STR("2"), .body = FH_STR("x")}};
        bool found;
        fh_writer *w = open_writer(l, (uint64_t)flushed, 1, true);
        add_batch(w, a, 2, false);
        must(fh_writer_remove(w, FH_STR("1"), &found, err));
        assert_true(found);
        must(fh_writer_remove(w, FH_STR("1"), &found, err));
        assert_false(found);
        must(fh_writer_publish(w, err));
        fh_writer_close(w);
        fh_index *ix;
        must(fh_index_open(l->path, &ix, err));
        assert_string_equal(matching(l, ix, word(l, "x")), "2");
        fh_index_close(ix);
    }
}

/* ---- Segments come and go ---- */

static void updates_leave_few_segments(void **state)
{
    lab *l = *state;
    enum { UPDATES = 300 };
    char path[512];
    fh_article *a = make_articles(l);
    fh_writer *w = open_writer(l, 0, 2, false);
    add_batch(w, a, ARTICLES, false);
    must(fh_writer_publish(w, err));
    for (unsigned i = 0; i < UPDATES; i++) {
        fh_article *changed = &a[i * 7 % ARTICLES];
        changed->body = make_words(l, 120, i + 50000);
        add_batch(w, changed, 1, true);
        must(fh_writer_publish(w, err));
        assert_in_range(find_segments(l, path), 1, 6);
    }
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    fh_index *ix;
    fh_index_stats stats;
    must(fh_index_open(l->path, &ix, err));
    must(fh_index_get_stats(ix, &stats, err));
    assert_int_equal(stats.articles, ARTICLES);
    fh_index_close(ix);
    for (size_t i = 0; i < ARTICLES; i++)
        expect_article(l, &a[i]);
}

static void what_is_dead_gives_its_space_back(void **state)
{
    lab *l = *state;
    fh_article *a = make_articles(l);
    bool found;
    fh_index_close(build(l, a, ARTICLES));
    uint64_t before = fh_folder_bytes(l->path);
    fh_writer *w = begin(l);
    for (size_t i = 0; i < ARTICLES / 2; i++)
        must(fh_writer_remove(w, a[i].id, &found, err));
    must(fh_writer_publish(w, err));
    assert_true(fh_folder_bytes(l->path) < before * 3 / 4);
    for (size_t i = ARTICLES / 2; i < ARTICLES; i++)
        must(fh_writer_remove(w, a[i].id, &found, err));
    must(fh_writer_publish(w, err));
    char path[512];
    assert_int_equal(find_segments(l, path), 0);
    fh_writer_close(w);
}

static void touch(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static void leftovers_in_the_data_are_cleared(void **state)
{
    lab *l = *state;
    fh_article a = {.id = FH_STR("a"), .body = FH_STR("x")};
    char data[128], path[512];
    fh_index_close(build(l, &a, 1));
    snprintf(data, sizeof data, "%s/g1", l->path);
    touch(data, "77.seg");
    touch(data, "78.seg.3");
    touch(data, "segments.tmp");
    fh_writer *w = begin(l);
    assert_int_equal(find_segments(l, path), 1);
    a.id = FH_STR("b");
    add_batch(w, &a, 1, false);
    fh_writer_close(w);
    assert_int_equal(find_segments(l, path), 1);
    expect_article(l, &(fh_article){.id = FH_STR("a"), .body = FH_STR("x")});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        lab_test(batches_and_threads_leave_no_trace),
        lab_test(merged_segments_answer_as_one),
        lab_test(little_memory_means_many_segments),
        lab_test(one_word_may_stand_at_many_positions),
        lab_test(texts_come_back_whatever_they_are),
        lab_test(long_words_are_found),
        lab_test(a_giant_article_fits_into_little_memory),
        lab_test(the_last_of_one_id_counts),
        lab_test(what_is_put_can_be_removed_before_a_publish),
        lab_test(updates_leave_few_segments),
        lab_test(what_is_dead_gives_its_space_back),
        lab_test(leftovers_in_the_data_are_cleared),
    };
    char native[] = "native";
    char *arguments[] = {native, native, NULL};
    return run_lab("native build", tests, sizeof tests / sizeof *tests, 2, arguments);
}
