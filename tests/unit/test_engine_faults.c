/*
 * Foreign folders, damaged files, killed writers, full disks, two writers, readers beside a
 * writer.
 */
#include "tests/unit/engine_lab.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { KILLS = 30, LARGE = 400000 };

/* Xapian forgets the tables it was merging into when that fails; the leak checker asks here. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libxapian";
}

static fh_article item(const char *id, fh_str body)
{
    return (fh_article){.id = fh_str_of(id), .title = FH_STR("t"), .body = body};
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool exists(const char *folder, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static uint64_t articles_in(const lab *l)
{
    fh_index *ix;
    fh_index_stats stats;
    must(fh_index_open(l->path, &ix, err));
    must(fh_index_get_stats(ix, &stats, err));
    fh_index_close(ix);
    return stats.articles;
}

/* ---- Folders and manifests ---- */

static void a_foreign_folder_is_refused_and_left_alone(void **state)
{
    lab *l = *state;
    fh_writer *w;
    fh_writer_options options = {
        .engine = l->engine, .analysis = LAB_ANALYSIS, .rebuild = true};
    assert_int_equal(mkdir(l->path, 0777), 0);
    write_file(l->path, "g1", "letters to my aunt");
    must_fail(FH_EUSAGE, "not an index", fh_writer_open(l->path, &options, &w, err));
    assert_null(w);
    assert_true(exists(l->path, "g1"));
    assert_false(exists(l->path, "lock"));
    char file[128];
    snprintf(file, sizeof file, "%s/g1", l->path);
    must_fail(FH_EIO, "", fh_writer_open(file, &options, &w, err));
    snprintf(file, sizeof file, "%s/not/there", l->path);
    must_fail(FH_EIO, "cannot create", fh_writer_open(file, &options, &w, err));
}

static void an_empty_folder_becomes_an_index(void **state)
{
    lab *l = *state;
    assert_int_equal(mkdir(l->path, 0777), 0);
    write_file(l->path, "lock", "");
    fh_article a = item("a", FH_STR("x"));
    fh_index_close(build(l, &a, 1));
    assert_int_equal(articles_in(l), 1);
}

static void leftovers_are_cleared_and_nothing_else(void **state)
{
    lab *l = *state;
    fh_article a = item("a", FH_STR("x"));
    fh_index_close(build(l, &a, 1));
    const char *const left[] = {"g7", "g8.tmp", "g9.work"};
    const char *const foreign[] = {"notes", "g", "gx", "g8.txt"};
    for (size_t i = 0; i < 3; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", l->path, left[i]);
        assert_int_equal(mkdir(path, 0777), 0);
        write_file(path, "postlist.glass", "half");
    }
    for (size_t i = 0; i < 4; i++)
        write_file(l->path, foreign[i], "mine");
    fh_writer_close(begin(l));
    for (size_t i = 0; i < 3; i++)
        assert_false(exists(l->path, left[i]));
    for (size_t i = 0; i < 4; i++)
        assert_true(exists(l->path, foreign[i]));
    assert_int_equal(articles_in(l), 1);
}

static void a_bad_manifest_is_a_clear_error(void **state)
{
    lab *l = *state;
    static const struct {
        const char *text;
        fh_status status;
        const char *words;
    } bad[] = {
        {"", FH_ECORRUPT, "fihris.json is damaged"},
        {"{\"fihris\":1,", FH_ECORRUPT, "fihris.json is damaged"},
        {"{\"name\":\"some package\"}", FH_ECORRUPT, "not the manifest of an index"},
        {"{\"fihris\":1,\"engine\":\"xapian\",\"analysis\":\"x\",\"generation\":1,"
         "\"data\":\"../../etc\"}",
         FH_ECORRUPT, "not the manifest of an index"},
        {"{\"fihris\":2,\"engine\":\"xapian\"}", FH_EUNSUPPORTED, "has format 2"},
        {"{\"fihris\":1,\"engine\":\"abacus\",\"analysis\":\"test/words\",\"generation\":1,"
         "\"data\":\"g1\"}",
         FH_EUNSUPPORTED, "abacus"},
    };
    fh_article a = item("a", FH_STR("x"));
    fh_index_close(build(l, &a, 1));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fh_index *ix;
        fh_writer *w;
        fh_writer_options options = {.analysis = LAB_ANALYSIS};
        write_file(l->path, "fihris.json", bad[i].text);
        must_fail(bad[i].status, bad[i].words, fh_index_open(l->path, &ix, err));
        must_fail(bad[i].status, bad[i].words, fh_writer_open(l->path, &options, &w, err));
        must_fail(bad[i].status, bad[i].words, fh_index_check(l->path, err));
        assert_true(exists(l->path, "g1"));
    }
}

static void another_analysis_or_engine_is_refused(void **state)
{
    lab *l = *state;
    fh_article a = item("a", FH_STR("x"));
    fh_writer *w;
    fh_index_close(build(l, &a, 1));
    fh_writer_options options = {.analysis = "test/other"};
    must_fail(FH_EANALYSIS, "was built by analysis test/words, this program has test/other",
              fh_writer_open(l->path, &options, &w, err));
    options = (fh_writer_options){.engine = "abacus", .analysis = LAB_ANALYSIS};
    must_fail(FH_EUSAGE, "--rebuild", fh_writer_open(l->path, &options, &w, err));
    options.rebuild = true;
    must_fail(FH_EUNSUPPORTED, "no engine \"abacus\"",
              fh_writer_open(l->path, &options, &w, err));
    assert_int_equal(articles_in(l), 1);
}

/* An index in which nothing was published has no analysis to keep to. */
static void nothing_published_binds_nothing(void **state)
{
    lab *l = *state;
    fh_writer *w;
    fh_writer_options options = {.engine = l->engine, .analysis = "test/first"};
    must(fh_writer_open(l->path, &options, &w, err));
    fh_writer_close(w);
    fh_article a = item("a", FH_STR("x"));
    fh_index *ix = build(l, &a, 1);
    assert_string_equal(fh_index_analysis(ix), LAB_ANALYSIS);
    fh_index_close(ix);
}

/* ---- Damage ---- */

/* Overwrite a file from beginning to end: a table also has blocks that hold nothing. */
static void spoil(const char *path)
{
    struct stat about;
    int fd = open(path, O_RDWR);
    assert_int_equal(fstat(fd, &about), 0);
    char noise[64];
    memset(noise, 0xA5, sizeof noise);
    for (off_t at = 0; at < about.st_size; at += (off_t)sizeof noise)
        assert_int_equal(pwrite(fd, noise, sizeof noise, at), sizeof noise);
    close(fd);
}

static void check_names_the_damaged_file(void **state)
{
    lab *l = *state;
    const char *const tables[] = {"postlist.glass", "docdata.glass", "termlist.glass",
                                  "position.glass"};
    if (strcmp(l->engine, "xapian") != 0)
        skip();
    char *body = malloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
        body[i] = i % 8 == 7 ? ' ' : (char)('a' + (i / 8 * 7 + i % 8 * 3 + i / 999) % 26);
    for (size_t t = 0; t < 4; t++) {
        char path[256];
        fh_folder_remove(l->path, NULL);
        fh_article a = item("a", (fh_str){body, LARGE});
        fh_index_close(build(l, &a, 1));
        must(fh_index_check(l->path, err));
        snprintf(path, sizeof path, "%s/g1/%s", l->path, tables[t]);
        spoil(path);
        must_fail(FH_ECORRUPT, tables[t], fh_index_check(l->path, err));
    }
    free(body);
}

/* ---- Writers that die or fail ---- */

static void a_second_writer_is_told_of_the_first(void **state)
{
    lab *l = *state;
    fh_writer *w = begin(l);
    pid_t child = fork_child();
    if (child == 0) {
        fh_error err;
        fh_writer *second;
        char number[16];
        fh_writer_options options = {.engine = l->engine, .analysis = LAB_ANALYSIS};
        fh_status got = fh_writer_open(l->path, &options, &second, &err);
        snprintf(number, sizeof number, "%d", (int)getppid());
        _exit(got == FH_ELOCKED && strstr(err.message, number) ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    fh_writer_close(w);
    fh_writer_close(begin(l));
}

/*
 * Publish article after article, from FIRST on, and say so on PIPE; never returns. Some are
 * large, so that publishing in place and by merging alternate, and each third replaces one that
 * was published.
 */
static void write_until_killed(const lab *l, uint32_t first, int pipe)
{
    char *body = malloc(LARGE);
    memset(body, ' ', LARGE);
    body[0] = 'x';
    fh_writer *w = begin(l);
    for (uint32_t i = first;; i++) {
        char id[16];
        bool replaces = i > 3 && i % 3 == 0;
        snprintf(id, sizeof id, "%u", replaces ? i - 2 : i);
        fh_article a = item(id, (fh_str){body, i % 4 == 1 ? LARGE : 1});
        publish(w, &a, 1, replaces);
        if (write(pipe, &i, sizeof i) != sizeof i)
            _exit(1);
    }
}

/* How many different articles the first COUNT steps of write_until_killed publish. */
static uint64_t articles_of(uint32_t count)
{
    uint64_t articles = 0;
    for (uint32_t i = 1; i <= count; i++)
        articles += !(i > 3 && i % 3 == 0);
    return articles;
}

static void a_killed_writer_loses_nothing_acknowledged(void **state)
{
    lab *l = *state;
    uint32_t acknowledged = 0;
    fh_writer *w = begin(l);
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    srand((unsigned)time(NULL));
    for (int round = 0; round < KILLS; round++) {
        int ends[2];
        int status;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork_child();
        if (child == 0)
            write_until_killed(l, acknowledged + 1, ends[1]);
        close(ends[1]);
        usleep((useconds_t)(rand() % 60000));
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        while (read(ends[0], &acknowledged, sizeof acknowledged) > 0)
            continue;
        close(ends[0]);
        /* The step that was under way is there or not. */
        uint64_t got = articles_in(l);
        if (got != articles_of(acknowledged))
            assert_int_equal(got, articles_of(++acknowledged));
        else if (acknowledged > 2 && (acknowledged + 1) % 3 == 0)
            acknowledged++;
        must(fh_index_check(l->path, err));
    }
    w = begin(l);
    for (uint32_t i = 1; i <= acknowledged; i++) {
        char id[16];
        bool there;
        uint64_t print;
        snprintf(id, sizeof id, "%u", i);
        must(fh_writer_lookup(w, fh_str_of(id), &there, &print, err));
        assert_int_equal(there, !(i > 3 && i % 3 == 0));
    }
    fh_writer_close(w);
    assert_false(exists(l->path, "g1.work"));
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* Put and publish A while no file may grow beyond LIMIT. */
static fh_status publish_within(const lab *l, const fh_article *a, rlim_t limit)
{
    fh_batch *b;
    fh_writer *w = begin(l);
    limit_files(limit);
    fh_status status = fh_batch_new(w, 1, a->body.len, &b, NULL);
    assert_int_equal(status, FH_OK);
    status = try_put(b, a, false, NULL);
    if (status)
        fh_batch_free(b);
    else
        status = fh_writer_add(w, b, NULL);
    if (!status)
        status = fh_writer_publish(w, NULL);
    limit_files(RLIM_INFINITY);
    fh_writer_close(w);
    return status;
}

/*
 * A disk that is full earlier or later: each time the old index is there, and in the end it
 * works.
 */
static void a_failed_publish_leaves_the_old_index(void **state)
{
    lab *l = *state;
    char *body = malloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
        body[i] = i % 8 == 7 ? ' ' : (char)('a' + (i / 8 * 7 + i % 8 * 3 + i / 999) % 26);
    signal(SIGXFSZ, SIG_IGN);
    fh_article a = item("a", FH_STR("x"));
    fh_index *ix = build(l, &a, 1);
    const size_t sizes[] = {100000, LARGE}; /* in place, merged */
    for (size_t i = 0; i < 2; i++) {
        fh_article next = item(i == 0 ? "b" : "c", (fh_str){body, sizes[i]});
        int failures = 0;
        for (rlim_t limit = 64; publish_within(l, &next, limit) != FH_OK;
             limit = limit * 3 / 2) {
            bool changed;
            failures++;
            assert_int_equal(articles_in(l), i + 1);
            must(fh_index_check(l->path, err));
            must(fh_index_refresh(ix, &changed, err));
            assert_string_equal(matching(l, ix, word(l, "x")), "a");
        }
        assert_in_range(failures, 8, 40);
        assert_int_equal(articles_in(l), i + 2);
        must(fh_index_check(l->path, err));
    }
    signal(SIGXFSZ, SIG_DFL);
    fh_index_close(ix);
    free(body);
}

static void after_a_failed_publish_only_close_is_left(void **state)
{
    lab *l = *state;
    fh_batch *b;
    fh_article a = item("a", FH_STR("x"));
    signal(SIGXFSZ, SIG_IGN);
    fh_writer *w = begin(l);
    must(fh_batch_new(w, 1, 1, &b, err));
    must(try_put(b, &a, false, err));
    must(fh_writer_add(w, b, err));
    limit_files(16);
    assert_int_not_equal(fh_writer_publish(w, NULL), FH_OK);
    limit_files(RLIM_INFINITY);
    signal(SIGXFSZ, SIG_DFL);
    must_fail(FH_EUSAGE, "open it again", fh_writer_publish(w, err));
    must_fail(FH_EUSAGE, "open it again", fh_batch_new(w, 1, 1, &b, err));
    fh_writer_close(w);
}

/* ---- Readers beside a writer ---- */

/* Search, picking up what is new as often as the index says so. */
static uint64_t count_matches(lab *l, fh_index *ix)
{
    fh_expr *both = node(l, FH_EXPR_OR, word(l, "x"), word(l, "y"), NULL);
    fh_search s = {.expr = both, .count = 5, .parts = FH_PARTS_ALL, .count_to = 100000};
    fh_page page;
    fh_error why;
    bool changed;
    fh_status status = FH_ECHANGED;
    for (int attempt = 0; status == FH_ECHANGED && attempt < 20; attempt++) {
        status = fh_index_search(ix, &s, &l->arena, &page, &why);
        if (status == FH_ECHANGED)
            must(fh_index_refresh(ix, &changed, err));
    }
    if (status != FH_OK)
        fail_msg("%s", why.message);
    assert_true(page.total_exact);
    return page.total;
}

static void readers_are_never_stopped(void **state)
{
    lab *l = *state;
    fh_article a = item("0", FH_STR("x y"));
    fh_index *ix = build(l, &a, 1);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork_child();
    if (child == 0)
        write_until_killed(l, 1, ends[1]);
    close(ends[1]);
    uint32_t acknowledged = 0;
    uint64_t before = 0;
    for (int i = 0; acknowledged < 60; i++) {
        bool changed;
        /* Seldom enough for the writer to overwrite what is open. */
        if (i % 50 == 0)
            must(fh_index_refresh(ix, &changed, err));
        uint64_t now = count_matches(l, ix);
        assert_true(now >= before);
        before = now;
        if (i % 5 == 0 && read(ends[0], &acknowledged, sizeof acknowledged) <= 0)
            fail_msg("the writer stopped");
        fh_arena_clear(&l->arena);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[0]);
    fh_index_close(ix);
}

/* What is open stays readable, or says that it has changed, when its files are gone. */
static void an_old_generation_goes_in_peace(void **state)
{
    lab *l = *state;
    fh_article articles[] = {item("a", FH_STR("x y z")), item("b", FH_STR("x z y"))};
    fh_index *ix = build(l, articles, 2);
    fh_index *fresh;
    fh_writer_options options = {
        .engine = l->engine, .analysis = LAB_ANALYSIS, .rebuild = true};
    fh_writer *w;
    must(fh_index_open(l->path, &fresh, err));
    must(fh_writer_open(l->path, &options, &w, err));
    publish(w, articles, 1, false);
    fh_writer_close(w);
    fh_page page;
    fh_search s = {.expr = phrase(l, FH_FIELD_ANY, "x y"), .count = 5, .parts = FH_PARTS_ALL};
    for (int i = 0; i < 2; i++) {
        fh_index *old = i == 0 ? ix : fresh;
        bool changed;
        fh_status status = fh_index_search(old, &s, &l->arena, &page, NULL);
        assert_true(status == FH_OK || status == FH_ECHANGED);
        must(fh_index_refresh(old, &changed, err));
        assert_true(changed);
        assert_string_equal(matching(l, old, fh_expr_leaf(&l->arena, FH_EXPR_ALL)), "a");
    }
    fh_index_close(fresh);
    fh_index_close(ix);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(a_foreign_folder_is_refused_and_left_alone),
        lab_test(an_empty_folder_becomes_an_index),
        lab_test(leftovers_are_cleared_and_nothing_else),
        lab_test(a_bad_manifest_is_a_clear_error),
        lab_test(another_analysis_or_engine_is_refused),
        lab_test(nothing_published_binds_nothing),
        lab_test(check_names_the_damaged_file),
        lab_test(a_second_writer_is_told_of_the_first),
        lab_test(a_killed_writer_loses_nothing_acknowledged),
        lab_test(a_failed_publish_leaves_the_old_index),
        lab_test(after_a_failed_publish_only_close_is_left),
        lab_test(readers_are_never_stopped),
        lab_test(an_old_generation_goes_in_peace),
    };
    return run_lab("engine faults", tests, sizeof tests / sizeof *tests, argc, argv);
}
