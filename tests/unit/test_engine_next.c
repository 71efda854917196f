/* Reading all that an index holds, one article after the other. */
#include "tests/unit/engine_lab.h"

static fh_article item(const char *id, const char *title, const char *body)
{
    return (fh_article){
        .id = fh_str_of(id), .title = fh_str_of(title), .body = fh_str_of(body)};
}

/* The ids and fingerprints of all articles, in the order in which they are read. */
static const char *all(lab *l, fh_index *ix)
{
    size_t at = 0;
    uint64_t fingerprint;
    fh_hit hit = {0};
    l->answer[0] = '\0';
    for (;;) {
        uint32_t last = hit.document;
        must(fh_index_next(ix, last, &l->arena, &hit, &fingerprint, err));
        if (hit.document == 0)
            return l->answer;
        assert_true(hit.document > last);
        assert_int_equal(fingerprint, hit.article.body.len);
        at +=
            (size_t)snprintf(l->answer + at, sizeof l->answer - at, "%s%.*s:%d", at ? " " : "",
                             (int)hit.article.id.len, hit.article.id.ptr, (int)fingerprint);
    }
}

static void an_empty_index_has_no_next(void **state)
{
    lab *l = *state;
    fh_index *ix = build(l, NULL, 0);
    assert_string_equal(all(l, ix), "");
    fh_index_close(ix);
}

static void every_article_comes_whole(void **state)
{
    lab *l = *state;
    fh_article articles[] = {item("b", "", "12345"),
                             {.id = FH_STR("a"),
                              .title = FH_STR("وزارة الخارجية"),
                              .body = FH_STR("قال  الوزير…\n\nثم قال"),
                              .url = FH_STR("https://example.org/1"),
                              .source = FH_STR("وكالة"),
                              .section = FH_STR("سياسة"),
                              .keywords = FH_STR("أ\nب"),
                              .date = {1430438400, FH_DATE_MONTH},
                              .origin = FH_STR("a/b.jsonl")},
                             item("c", "t", "")};
    fh_index *ix = build(l, articles, 3);
    const fh_article *a = &articles[1];
    fh_hit hit;
    uint64_t fingerprint;
    assert_string_equal(all(l, ix), "b:5 a:36 c:0");
    must(fh_index_next(ix, 1, &l->arena, &hit, &fingerprint, err));
    assert_int_equal(hit.document, 2);
    assert_true(fh_str_equal(hit.article.id, a->id));
    assert_true(fh_str_equal(hit.article.title, a->title));
    assert_true(fh_str_equal(hit.article.body, a->body));
    assert_true(fh_str_equal(hit.article.url, a->url));
    assert_true(fh_str_equal(hit.article.source, a->source));
    assert_true(fh_str_equal(hit.article.section, a->section));
    assert_true(fh_str_equal(hit.article.keywords, a->keywords));
    assert_true(fh_str_equal(hit.article.origin, a->origin));
    assert_int_equal(hit.article.date.seconds, a->date.seconds);
    assert_int_equal(hit.article.date.precision, a->date.precision);
    const uint32_t behind[] = {3, 4, UINT32_MAX - 1, UINT32_MAX};
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        must(fh_index_next(ix, behind[i], &l->arena, &hit, &fingerprint, err));
        assert_int_equal(hit.document, 0);
        assert_int_equal(fingerprint, 0);
    }
    fh_index_close(ix);
}

static void remove_one(fh_writer *w, const char *id)
{
    bool there;
    must(fh_writer_remove(w, fh_str_of(id), &there, err));
    assert_true(there);
}

/* What was removed or replaced is passed over, at the beginning, in between and at the end. */
static void only_what_lives_is_read(void **state)
{
    lab *l = *state;
    fh_article first[] = {item("a", "", "1"), item("b", "", "1"), item("c", "", "1"),
                          item("d", "", "1"), item("e", "", "1"), item("f", "", "1")};
    fh_article next[] = {item("c", "", "22"), item("g", "", "22"), item("h", "", "22")};
    fh_article last = item("i", "", "333");
    bool changed;
    fh_index *ix = build(l, first, 6);
    fh_writer *w = begin(l);
    remove_one(w, "a");
    remove_one(w, "d");
    must(fh_writer_publish(w, err));
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(all(l, ix), "b:1 c:1 e:1 f:1");
    publish(w, next, 1, true);
    publish(w, next + 1, 2, false);
    publish(w, &last, 1, false);
    remove_one(w, "g");
    remove_one(w, "f");
    must(fh_writer_publish(w, err));
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(all(l, ix), "b:1 e:1 c:2 h:2 i:3");
    remove_one(w, "i");
    must(fh_writer_publish(w, err));
    must(fh_index_refresh(ix, &changed, err));
    assert_string_equal(all(l, ix), "b:1 e:1 c:2 h:2");
    fh_writer_close(w);
    fh_index_close(ix);
}

/* Whoever reads while others publish stays with what was there, or is told that it has gone. */
static void reading_goes_on_in_one_generation(void **state)
{
    lab *l = *state;
    fh_article first[] = {item("a", "", "1"), item("b", "", "1"), item("c", "", "1")};
    fh_article next[] = {item("b", "", "22"), item("d", "", "22")};
    fh_index *ix = build(l, first, 3);
    fh_hit hit;
    uint64_t fingerprint;
    must(fh_index_next(ix, 0, &l->arena, &hit, &fingerprint, err));
    fh_writer *w = begin(l);
    publish(w, next, 1, true);
    publish(w, next + 1, 1, false);
    remove_one(w, "c");
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
    const char *ids[] = {"b", "c"};
    for (size_t i = 0; i < 2; i++) {
        fh_status status = fh_index_next(ix, hit.document, &l->arena, &hit, &fingerprint, NULL);
        if (status == FH_ECHANGED && !strcmp(l->engine, "xapian"))
            break;
        assert_int_equal(status, FH_OK);
        assert_true(fh_str_equal(hit.article.id, fh_str_of(ids[i])));
        assert_int_equal(fingerprint, 1);
    }
    fh_index_close(ix);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(an_empty_index_has_no_next),
        lab_test(every_article_comes_whole),
        lab_test(only_what_lives_is_read),
        lab_test(reading_goes_on_in_one_generation),
    };
    return run_lab("engine_next", tests, sizeof tests / sizeof *tests, argc, argv);
}
