/*
 * A damaged native index: every byte of its files is altered once, and each time all that one can ask is
 * either answered as before or refused as damage. `test_native_hostile all` tries every byte, else some.
 */
#include "tests/unit/engine_lab.h"

#include <fcntl.h>

#include "engines/native/sealed.h"
#include "engines/native/segment.h"

#define ARTICLES 60

/* What is altered between one trial and the next when not all bytes are. */
#define SOME 97

typedef struct answers {
    fh_buffer text; /* of all that was asked */
    fh_status status;
} answers;

/* ---- An index and what is asked of it ---- */

static void make_articles(lab *l, fh_article articles[ARTICLES])
{
    static const char *const words[] = {"وزارة", "الخارجية", "قال",         "من",    "في",
                                        "بيروت", "x",        "كتاب",        "مدرسة", "لا",
                                        "ثم",    "a1",       "\xD8\xA7\xFF"};
    unsigned seed = 11;
    for (unsigned i = 0; i < ARTICLES; i++) {
        char id[32];
        fh_buffer body = {0};
        snprintf(id, sizeof id, "id-%u", i);
        for (int k = rand_r(&seed) % 60; k >= 0; k--) {
            int r = rand_r(&seed) % 13;
            fh_buffer_printf(&body, "%s%s", words[rand_r(&seed) % (r + 1)], k % 7 ? " " : "  ");
            if (k % 11 == 0)
                fh_buffer_printf(&body, "w%d ", rand_r(&seed) % 4000);
        }
        articles[i] = (fh_article){.id = fh_arena_copy(&l->arena, fh_str_of(id)),
                                   .title = fh_str_of(words[i % 13]),
                                   .body = fh_arena_copy(&l->arena, fh_buffer_str(&body)),
                                   .url = fh_str_of(i % 2 ? "http://a.example/x" : ""),
                                   .source = fh_str_of(words[i % 5]),
                                   .date = {i * 86400, i % 4 ? FH_DATE_DAY : FH_DATE_NONE}};
        fh_buffer_free(&body);
    }
}

static void add_article(fh_buffer *out, const fh_article *a)
{
    const fh_str *texts[] = {&a->id, &a->title, &a->body, &a->url, &a->source};
    for (size_t i = 0; i < 5; i++) {
        fh_buffer_add_str(out, *texts[i]);
        fh_buffer_add_byte(out, '\n');
    }
    fh_buffer_printf(out, "%lld %d\n", (long long)a->date.seconds, (int)a->date.precision);
}

static void ask(lab *l, fh_index *ix, const fh_expr *expr, fh_sort sort, answers *to)
{
    fh_page page;
    fh_search s = {
        .expr = expr, .count = 7, .count_to = 1000, .sort = sort, .parts = FH_PARTS_ALL};
    if (to->status || (to->status = fh_index_search(ix, &s, &l->arena, &page, NULL)))
        return;
    fh_buffer_printf(&to->text, "%u\n", (unsigned)page.total);
    for (size_t i = 0; i < page.count; i++) {
        fh_buffer_printf(&to->text, "%u %.6f ", page.hits[i].document, page.hits[i].score);
        add_article(&to->text, &page.hits[i].article);
    }
}

static bool add_term(void *context, fh_str term, uint32_t articles)
{
    fh_buffer_add_str(context, term);
    fh_buffer_printf(context, " %u\n", articles);
    return true;
}

static void ask_queries(lab *l, fh_index *ix, answers *to)
{
    fh_expr *all = fh_expr_leaf(&l->arena, FH_EXPR_ALL);
    ask(l, ix, word(l, "من"), FH_SORT_RELEVANCE, to);
    ask(l, ix, stem(l, "وزارة"), FH_SORT_RELEVANCE, to);
    ask(l, ix, in_title(l, "بيروت"), FH_SORT_RELEVANCE, to);
    ask(l, ix, node(l, FH_EXPR_OR, word(l, "x"), word(l, "في"), word(l, "w17"), NULL),
        FH_SORT_RELEVANCE, to);
    ask(l, ix, node(l, FH_EXPR_AND, word(l, "قال"), word(l, "وزارة"), NULL), FH_SORT_DATE, to);
    ask(l, ix, phrase(l, FH_FIELD_ANY, "وزارة وزارة"), FH_SORT_RELEVANCE, to);
    ask(l, ix, node(l, FH_EXPR_NOT, all, word(l, "الخارجية"), NULL), FH_SORT_DATE_ASC, to);
    ask(l, ix,
        node(l, FH_EXPR_FILTER, word(l, "قال"), fh_expr_source(&l->arena, FH_STR("قال")), NULL),
        FH_SORT_RELEVANCE, to);
    ask(l, ix, fh_expr_date(&l->arena, 86400, 20 * 86400), FH_SORT_DATE, to);
}

/* All answers of the index, or the first failure. */
static answers ask_all(lab *l)
{
    fh_index *ix = NULL;
    fh_index_stats stats;
    answers a = {.status = FH_OK};
    fh_arena_clear(&l->arena);
    a.status = fh_index_open(l->path, &ix, NULL);
    if (a.status)
        return a;
    ask_queries(l, ix, &a);
    for (unsigned i = 0; i < ARTICLES && !a.status; i += 7) {
        char id[32];
        bool found;
        fh_article article;
        snprintf(id, sizeof id, "id-%u", i);
        a.status = fh_index_article(ix, fh_str_of(id), &l->arena, &found, &article, NULL);
        if (!a.status && found)
            add_article(&a.text, &article);
    }
    if (!a.status)
        a.status = fh_index_walk(ix, FH_FORM_FOLDED, FH_FIELD_ANY, FH_STR("w1"), add_term,
                                 &a.text, NULL);
    if (!a.status)
        a.status = fh_index_sources(ix, add_term, &a.text, NULL);
    if (!a.status)
        a.status = fh_index_get_stats(ix, &stats, NULL);
    if (!a.status)
        fh_buffer_printf(&a.text, "%u %u %u", (unsigned)stats.articles, (unsigned)stats.terms,
                         (unsigned)stats.text_bytes);
    fh_index_close(ix);
    return a;
}

/* An index that has dead articles. */
static void make_index(lab *l)
{
    fh_article articles[ARTICLES];
    bool found;
    make_articles(l, articles);
    fh_writer *w = begin(l);
    publish(w, articles, ARTICLES - 6, false);
    publish(w, articles + ARTICLES - 6, 6, false);
    must(fh_writer_remove(w, FH_STR("id-14"), &found, err));
    assert_true(found);
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
}

/* ---- Altering it ---- */

static fh_buffer read_file(const char *path)
{
    fh_buffer bytes = {0};
    must(fh_file_read(path, 1 << 24, &bytes, err));
    return bytes;
}

static void write_file(const char *path, fh_str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
    close(fd);
}

/* The paths of the files that hold the data, for free(); returns how many. */
static size_t list_files(const lab *l, char *paths[8])
{
    char command[256], line[256];
    size_t count = 0;
    snprintf(command, sizeof command, "find %s -name '*.seg' -o -name segments | sort",
             l->path);
    FILE *list = popen(command, "r");
    assert_non_null(list);
    while (count < 8 && fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = '\0';
        paths[count++] = strdup(line);
    }
    pclose(list);
    assert_true(count >= 2);
    return count;
}

/* The index, altered in the file PATH, says that it is damaged, or answers as before. */
static void compare(lab *l, const char *path, size_t at, const answers *good)
{
    answers a = ask_all(l);
    fh_error err = {0};
    if (a.status && a.status != FH_ECORRUPT)
        fail_msg("%s, byte %zu: status %d", path, at, (int)a.status);
    if (!a.status && !fh_str_equal(fh_buffer_str(&a.text), fh_buffer_str(&good->text)))
        fail_msg("%s, byte %zu: another answer", path, at);
    fh_buffer_free(&a.text);
    if (fh_index_check(l->path, &err) != FH_ECORRUPT)
        fail_msg("%s, byte %zu: not found by a check", path, at);
    if (!strstr(err.message, strrchr(path, '/') + 1))
        fail_msg("%s, byte %zu: not named in: %s", path, at, err.message);
}

static void flip_bytes(void **state, size_t step)
{
    lab *l = *state;
    char *paths[8];
    unsigned trials = 0;
    make_index(l);
    answers good = ask_all(l);
    assert_int_equal(good.status, FH_OK);
    size_t count = list_files(l, paths);
    for (size_t f = 0; f < count; f++) {
        fh_buffer bytes = read_file(paths[f]);
        for (size_t at = f; at < bytes.len; at += bytes.len < 1000 ? 1 : step) {
            bytes.data[at] ^= (char)(1 << at % 8);
            write_file(paths[f], fh_buffer_str(&bytes));
            compare(l, paths[f], at, &good);
            bytes.data[at] ^= (char)(1 << at % 8);
            trials++;
        }
        write_file(paths[f], fh_buffer_str(&bytes));
        fh_buffer_free(&bytes);
        free(paths[f]);
    }
    answers again = ask_all(l);
    assert_string_equal(again.text.data, good.text.data);
    assert_true(trials > 100);
    fh_buffer_free(&again.text);
    fh_buffer_free(&good.text);
}

static void some_flipped_bytes_are_reported(void **state)
{
    flip_bytes(state, SOME);
}

static void every_flipped_byte_is_reported(void **state)
{
    flip_bytes(state, 1);
}

/* ---- With sums made right again ---- */

/*
 * Give the segment file PATH the content BYTES as of VERSION, and the generation at LIST the seal of
 * that.
 */
static void reseal_as(uint32_t version, const char *path, const char *list, fh_str bytes,
                      size_t entry)
{
    fh_sealer *sealer;
    fh_seal seal;
    unlink(path);
    must(fh_sealer_open(path, &sealer, err));
    fh_sealer_add(sealer, bytes.ptr, bytes.len);
    must(fh_sealer_finish(sealer, FH_SEGMENT_KIND, version, &seal, err));
    fh_sealer_close(sealer);
    fh_buffer g = read_file(list);
    fh_put64(g.data + entry + 16, seal.sum);
    fh_put64(g.data + g.len - 8, fh_checksum((fh_str){g.data, g.len - 8}));
    write_file(list, fh_buffer_str(&g));
    fh_buffer_free(&g);
}

static void reseal(const char *path, const char *list, fh_str bytes, size_t entry)
{
    reseal_as(FH_SEGMENT_VERSION, path, list, bytes, entry);
}

/* What has right sums and makes no sense is answered somehow or refused, and never read beyond. */
static void lies_with_right_sums_are_survived(void **state)
{
    lab *l = *state;
    char *paths[8];
    unsigned seed = 5, refused = 0, rounds = 0;
    make_index(l);
    size_t count = list_files(l, paths);
    const char *list = paths[count - 1];
    fh_buffer bytes = read_file(paths[0]);
    fh_sealed *f;
    must(fh_sealed_open(paths[0], FH_SEGMENT_KIND, FH_SEGMENT_VERSION, NULL, &f, err));
    bytes.len = f->len;
    fh_sealed_close(f);
    for (; rounds < 300; rounds++) {
        fh_buffer copy = {0};
        fh_buffer_add_str(&copy, fh_buffer_str(&bytes));
        size_t near = rounds % 3 == 0 ? 700 : copy.len;
        for (int k = rand_r(&seed) % 3; k >= 0; k--)
            copy.data[(size_t)rand_r(&seed) % near] = (char)rand_r(&seed);
        reseal(paths[0], list, fh_buffer_str(&copy), 32);
        answers a = ask_all(l);
        refused += a.status != FH_OK;
        fh_index_check(l->path, NULL);
        fh_buffer_free(&a.text);
        fh_buffer_free(&copy);
    }
    assert_in_range(refused, 1, rounds - 1);
    fh_buffer_free(&bytes);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
}

/* A check adds up what the header of a segment says. */
static void headers_that_do_not_add_up_are_reported(void **state)
{
    static const size_t numbers[] = {8, 16, 24}; /* words, bytes of text, the first date */
    lab *l = *state;
    char *paths[8];
    fh_sealed *f;
    make_index(l);
    size_t count = list_files(l, paths);
    must(fh_sealed_open(paths[0], FH_SEGMENT_KIND, FH_SEGMENT_VERSION, NULL, &f, err));
    fh_buffer bytes = read_file(paths[0]);
    bytes.len = f->len;
    fh_sealed_close(f);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        uint64_t before = fh_get64(bytes.data + numbers[i]);
        fh_put64(bytes.data + numbers[i], numbers[i] == 24 ? INT64_MAX : before + 1);
        reseal(paths[0], paths[count - 1], fh_buffer_str(&bytes), 32);
        must_fail(FH_ECORRUPT, "do not add up", fh_index_check(l->path, err));
        fh_put64(bytes.data + numbers[i], before);
    }
    reseal(paths[0], paths[count - 1], fh_buffer_str(&bytes), 32);
    must(fh_index_check(l->path, err));
    fh_buffer_free(&bytes);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
}

/* What an older program wrote, or a later one, is refused, and a rebuild makes it good. */
static void other_versions_are_refused(void **state)
{
    lab *l = *state;
    char *paths[8];
    fh_sealed *f;
    fh_index *ix;
    fh_writer *w;
    fh_writer_options options = {
        .engine = l->engine, .analysis = LAB_ANALYSIS, .rebuild = true};
    make_index(l);
    size_t count = list_files(l, paths);
    must(fh_sealed_open(paths[0], FH_SEGMENT_KIND, FH_SEGMENT_VERSION, NULL, &f, err));
    fh_buffer bytes = read_file(paths[0]);
    bytes.len = f->len;
    fh_sealed_close(f);
    reseal_as(FH_SEGMENT_VERSION + 1, paths[0], paths[count - 1], fh_buffer_str(&bytes), 32);
    must_fail(FH_EUNSUPPORTED, "newer", fh_index_open(l->path, &ix, err));
    reseal_as(FH_SEGMENT_VERSION - 1, paths[0], paths[count - 1], fh_buffer_str(&bytes), 32);
    must_fail(FH_EUNSUPPORTED, "--rebuild", fh_index_open(l->path, &ix, err));
    must_fail(FH_EUNSUPPORTED, "--rebuild", fh_index_check(l->path, err));
    must(fh_writer_open(l->path, &options, &w, err));
    publish(w, &(fh_article){.id = FH_STR("new"), .body = FH_STR("w1")}, 1, false);
    fh_writer_close(w);
    must(fh_index_check(l->path, err));
    fh_buffer_free(&bytes);
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
}

/* ---- Whole files ---- */

static void other_files_are_reported(void **state)
{
    lab *l = *state;
    char *paths[8], *others[8];
    lab other = *l;
    make_index(l);
    size_t count = list_files(l, paths);
    snprintf(other.path, sizeof other.path, "%s/other", l->folder);
    fh_index_close(build(&other, &(fh_article){.id = FH_STR("1"), .body = FH_STR("x")}, 1));
    size_t other_count = list_files(&other, others);
    fh_buffer own = read_file(paths[0]);
    fh_buffer foreign = read_file(others[0]);
    write_file(paths[0], fh_buffer_str(&foreign));
    must_fail(FH_ECORRUPT, "another file", fh_index_check(l->path, err));
    write_file(paths[0], fh_buffer_str(&own));
    must(fh_index_check(l->path, err));
    for (size_t i = 0; i < count; i++)
        free(paths[i]);
    for (size_t i = 0; i < other_count; i++)
        free(others[i]);
    fh_buffer_free(&own);
    fh_buffer_free(&foreign);
}

static void missing_and_cut_files_are_reported(void **state)
{
    lab *l = *state;
    char *paths[8];
    make_index(l);
    size_t count = list_files(l, paths);
    for (size_t i = 0; i < count; i++) {
        fh_buffer bytes = read_file(paths[i]);
        for (size_t part = 0; part < 4; part++) {
            write_file(paths[i], (fh_str){bytes.data, bytes.len * part / 4});
            answers a = ask_all(l);
            assert_int_equal(a.status, FH_ECORRUPT);
            fh_buffer_free(&a.text);
        }
        assert_int_equal(unlink(paths[i]), 0);
        answers a = ask_all(l);
        assert_int_not_equal(a.status, FH_OK);
        fh_buffer_free(&a.text);
        assert_int_not_equal(fh_index_check(l->path, NULL), FH_OK);
        write_file(paths[i], fh_buffer_str(&bytes));
        must(fh_index_check(l->path, err));
        fh_buffer_free(&bytes);
        free(paths[i]);
    }
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[] = {
        lab_test(some_flipped_bytes_are_reported),
        lab_test(lies_with_right_sums_are_survived),
        lab_test(headers_that_do_not_add_up_are_reported),
        lab_test(other_versions_are_refused),
        lab_test(other_files_are_reported),
        lab_test(missing_and_cut_files_are_reported),
    };
    if (argc > 1 && !strcmp(argv[1], "all")) {
        tests[0].name = "every_flipped_byte_is_reported";
        tests[0].test_func = every_flipped_byte_is_reported;
    }
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tests[i].initial_state = (void *)(uintptr_t) "native";
    return cmocka_run_group_tests_name("native hostile", tests, NULL, NULL);
}
