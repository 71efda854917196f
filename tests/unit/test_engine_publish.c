/* Whatever way it was published, an index is sound and holds what was put. */
#include "tests/unit/engine_lab.h"

/*
 * Enough articles of enough text that a batch of them is merged; a few are put in place. Heads are of
 * a size at which what an engine keeps of neighbouring articles does not fit into one block.
 */
enum { ARTICLES = 60, FEW = 7, HEAD_MIN = 300, HEAD_MAX = 900, BODY = 6000 };

/* Text of LEN bytes for article NUMBER in its VERSION that no other one has. */
static fh_str make_text(lab *l, size_t len, unsigned number, unsigned version)
{
    unsigned seed = number * 1000 + version;
    char *text = fh_arena_alloc(&l->arena, len + 1);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++)
        text[i] = i % 9 == 8 ? ' ' : (char)('a' + rand_r(&seed) % 26);
    return (fh_str){text, len};
}

static fh_article make_article(lab *l, unsigned number, unsigned version)
{
    char id[16];
    size_t head = HEAD_MIN + (number * 37 + version * 211) % (HEAD_MAX - HEAD_MIN);
    snprintf(id, sizeof id, "%u", number);
    return (fh_article){.id = fh_arena_copy(&l->arena, fh_str_of(id)),
                        .title = make_text(l, 60, number, version + 100),
                        .keywords = make_text(l, head, number, version + 200),
                        .body = make_text(l, BODY, number, version),
                        .date = {1430438400 + number, FH_DATE_SECOND}};
}

/* Publish COUNT articles from FIRST on in this VERSION, and note that in VERSIONS. */
static void publish_version(lab *l, unsigned *versions, unsigned first, unsigned count,
                            unsigned version)
{
    fh_article articles[ARTICLES];
    fh_writer *w = begin(l);
    bool replaces = versions[first] > 0;
    for (unsigned i = 0; i < count; i++) {
        assert_int_equal(versions[first + i] > 0, replaces);
        articles[i] = make_article(l, first + i, version);
        versions[first + i] = version;
    }
    publish(w, articles, count, replaces);
    fh_writer_close(w);
}

static void remove_one(lab *l, unsigned *versions, unsigned number)
{
    bool there;
    fh_writer *w = begin(l);
    must(fh_writer_remove(w, make_article(l, number, 1).id, &there, err));
    assert_true(there);
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    versions[number] = 0;
}

/* The index is sound, and each article has the version in VERSIONS; 0 stands for none. */
static void expect_versions(lab *l, const unsigned *versions, unsigned count)
{
    fh_index *ix;
    must(fh_index_check(l->path, err));
    must(fh_index_open(l->path, &ix, err));
    for (unsigned i = 0; i < count; i++) {
        bool there;
        fh_article got;
        fh_article want = make_article(l, i, versions[i]);
        must(fh_index_article(ix, want.id, &l->arena, &there, &got, err));
        assert_int_equal(there, versions[i] > 0);
        if (!there)
            continue;
        assert_true(fh_str_equal(got.keywords, want.keywords));
        assert_true(fh_str_equal(got.body, want.body));
        assert_true(got.date.seconds == want.date.seconds);
    }
    fh_index_close(ix);
    fh_arena_clear(&l->arena);
}

static void merging_and_updating_keep_an_index_sound(void **state)
{
    lab *l = *state;
    unsigned versions[2 * ARTICLES] = {0};
    for (unsigned version = 1; version <= 3; version++) { /* merged: new, more, replaced */
        publish_version(l, versions, version == 2 ? ARTICLES : 0, ARTICLES, version);
        expect_versions(l, versions, 2 * ARTICLES);
    }
    for (unsigned version = 4; version < 12; version++) { /* in place, then what came so */
        publish_version(l, versions, version % 4 * FEW, FEW, version);
        remove_one(l, versions, 2 * ARTICLES - version);
        expect_versions(l, versions, 2 * ARTICLES);
    }
    publish_version(l, versions, 10, ARTICLES, 12); /* merged with what came in place */
    expect_versions(l, versions, 2 * ARTICLES);
}

/* Xapian would take a table that is missing for an empty one. */
static void a_missing_table_is_no_empty_one(void **state)
{
    lab *l = *state;
    const char *const tables[] = {"postlist.glass", "position.glass", "termlist.glass"};
    if (strcmp(l->engine, "xapian") != 0)
        skip();
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char path[256];
        fh_index *ix;
        fh_writer *w;
        fh_writer_options options = {.engine = l->engine, .analysis = LAB_ANALYSIS};
        fh_article a = {.id = FH_STR("a"), .body = FH_STR("x y")};
        fh_folder_remove(l->path, NULL);
        fh_index_close(build(l, &a, 1));
        snprintf(path, sizeof path, "%s/g1/%s", l->path, tables[i]);
        assert_int_equal(unlink(path), 0);
        must_fail(FH_ECORRUPT, tables[i], fh_index_check(l->path, err));
        assert_int_not_equal(fh_index_open(l->path, &ix, NULL), FH_OK);
        assert_int_not_equal(fh_writer_open(l->path, &options, &w, NULL), FH_OK);
    }
}

static void a_batch_under_way_holds_a_publish_up(void **state)
{
    lab *l = *state;
    fh_batch *b;
    fh_article a = {.id = FH_STR("a"), .body = FH_STR("x")};
    fh_writer *w = begin(l);
    must(fh_batch_new(w, 1, 1, &b, err));
    must_fail(FH_EUSAGE, "neither added nor freed", fh_writer_publish(w, err));
    must(try_put(b, &a, false, err));
    must(fh_writer_add(w, b, err));
    must(fh_writer_publish(w, err));
    must(fh_batch_new(w, 1, 1, &b, err));
    fh_batch_free(b);
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(merging_and_updating_keep_an_index_sound),
        lab_test(a_missing_table_is_no_empty_one),
        lab_test(a_batch_under_way_holds_a_publish_up),
    };
    return run_lab("engine publish", tests, sizeof tests / sizeof *tests, argc, argv);
}
