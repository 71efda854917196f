/* Heads, names, ids and dates of a segment. */
#include <stdbool.h>

#include "tests/unit/scratch.h"

#include "engines/engine.h"
#include "engines/native/heads.h"
#include "tests/unit/native_lab.h"

/* Some text: ASCII, Arabic, any bytes, or none. */
static fh_str some_text(uint64_t *seed, fh_arena *a, size_t most)
{
    static const char *const letters[] = {"ا", "ل", "ة", " ", "\n", "x", "/", "é", "漢"};
    unsigned kind = (unsigned)(next_random(seed) % 4);
    size_t count = kind ? next_random(seed) % most : 0;
    fh_buffer text = {0};
    for (size_t i = 0; i < count; i++) {
        uint64_t r = next_random(seed);
        if (kind == 1)
            fh_buffer_add_byte(&text, (char)(' ' + r % 95));
        else if (kind == 2)
            fh_buffer_add_str(&text, fh_str_of(letters[r % 9]));
        else
            fh_buffer_add_byte(&text, (char)r);
    }
    fh_str copy = fh_arena_copy(a, fh_buffer_str(&text));
    fh_buffer_free(&text);
    return copy;
}

static fh_article some_article(uint64_t *seed, fh_arena *a, unsigned number)
{
    static const fh_str sources[] = {{NULL, 0}, {"sabq", 4}, {"وكالة", 10}, {"الحياة", 12}};
    static const char *const sites[] = {"", "http://a.example/", "https://مثال.إختبار/",
                                        "x//y"};
    char id[64];
    fh_buffer url = {0};
    snprintf(id, sizeof id, number % 3 ? "news-%u" : "مقال %u", number);
    fh_str rest = some_text(seed, a, 60);
    fh_buffer_add_str(&url, fh_str_of(sites[next_random(seed) % 4]));
    fh_buffer_add_str(&url, rest);
    fh_article article = {.id = fh_arena_copy(a, fh_str_of(id)),
                          .title = some_text(seed, a, number % 50 ? 80 : 20000),
                          .body = some_text(seed, a, 300),
                          .url = fh_arena_copy(a, fh_buffer_str(&url)),
                          .source = sources[next_random(seed) % 4],
                          .section = some_text(seed, a, 4),
                          .keywords = some_text(seed, a, 20),
                          .origin = some_text(seed, a, 30),
                          .date = {(int64_t)(next_random(seed) % 1000000000) - 300000000,
                                   (fh_precision)(next_random(seed) % 5)}};
    if (article.date.precision == FH_DATE_NONE)
        article.date.seconds = 0;
    fh_buffer_free(&url);
    return article;
}

static void assert_same(fh_str got, fh_str want)
{
    assert_int_equal(got.len, want.len);
    assert_non_null(got.ptr);
    assert_int_equal(got.ptr[got.len], '\0');
    if (want.len > 0)
        assert_memory_equal(got.ptr, want.ptr, want.len);
}

static void assert_same_head(const fh_segment *s, uint32_t local, const fh_article *want)
{
    fh_arena arena = {0};
    fh_article got;
    uint64_t body_len;
    fh_error err = {0};
    if (fh_head_read(s, local, &arena, &got, &body_len, &err))
        fail_msg("%s", err.message);
    assert_same(got.id, want->id);
    assert_same(got.title, want->title);
    assert_same(got.url, want->url);
    assert_same(got.source, want->source);
    assert_same(got.section, want->section);
    assert_same(got.keywords, want->keywords);
    assert_same(got.origin, want->origin);
    assert_int_equal(got.body.len, 0);
    assert_int_equal(got.date.seconds, want->date.seconds);
    assert_int_equal(got.date.precision, want->date.precision);
    assert_int_equal(body_len, want->body.len);
    assert_int_equal(fh_head_text_len(s, local), want->title.len + want->body.len);
    fh_arena_free(&arena);
}

/* A segment of COUNT ARTICLES, collected by one writer for each PER_WRITER. */
static fh_segment *write_heads(const fh_article *articles, uint32_t count, uint32_t per_writer)
{
    fh_heads_writer *all = fh_heads_writer_new();
    for (uint32_t i = 0; i < count;) {
        fh_heads_writer *w = fh_heads_writer_new();
        for (uint32_t k = 0; k < per_writer && i < count; k++, i++)
            fh_heads_writer_add(w, &articles[i], i * UINT64_C(0x123456789ABC));
        fh_heads_writer_append(all, w);
    }
    fh_segment_writer *segment = begin_segment("f.seg");
    assert_int_equal(fh_heads_writer_finish(all, segment, NULL), FH_OK);
    fh_heads_writer_free(all);
    return end_segment(segment);
}

static void heads_come_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    fh_arena arena = {0};
    fh_article articles[600];
    uint64_t text = 0;
    for (unsigned i = 0; i < 600; i++) {
        articles[i] = some_article(&seed, &arena, i);
        text += articles[i].title.len + articles[i].body.len;
    }
    for (uint32_t per_writer = 1; per_writer <= 1000; per_writer = per_writer * 6 + 1) {
        fh_segment *s = write_heads(articles, 600, per_writer);
        assert_int_equal(s->header.articles, 600);
        assert_int_equal(s->header.text_bytes, text);
        for (uint32_t i = 0; i < 600; i++) {
            bool found;
            uint32_t local;
            assert_same_head(s, i, &articles[i]);
            assert_int_equal(fh_column_get(&s->prints, i), i * UINT64_C(0x123456789ABC));
            assert_int_equal(fh_ids_find(s, articles[i].id, &found, &local, NULL), FH_OK);
            assert_true(found);
            assert_int_equal(local, i);
        }
        fh_segment_close(s);
    }
    fh_arena_free(&arena);
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    uint64_t seed = 2;
    fh_arena arena = {0};
    fh_article articles[300];
    uint64_t dead[5] = {0};
    for (unsigned i = 0; i < 300; i++)
        articles[i] = some_article(&seed, &arena, i);
    fh_segment *s = write_heads(articles, 300, 100);
    bool found;
    uint32_t local;
    char id[FH_ID_MAX + 1] = "news-";
    for (unsigned i = 300; i < 3000; i++) {
        snprintf(id, sizeof id, "news-%u", i);
        assert_int_equal(fh_ids_find(s, fh_str_of(id), &found, &local, NULL), FH_OK);
        assert_false(found);
    }
    assert_int_equal(fh_ids_find(s, FH_STR(""), &found, &local, NULL), FH_OK);
    assert_false(found);
    assert_int_equal(fh_ids_find(s, (fh_str){id, sizeof id}, &found, &local, NULL), FH_OK);
    assert_false(found);
    dead[100 / 64] = UINT64_C(1) << (100 % 64);
    s->dead = dead;
    assert_int_equal(fh_ids_find(s, articles[100].id, &found, &local, NULL), FH_OK);
    assert_false(found);
    assert_int_equal(fh_ids_find(s, articles[101].id, &found, &local, NULL), FH_OK);
    assert_true(found);
    fh_segment_close(s);
    fh_arena_free(&arena);
}

static void names_are_found_by_their_text(void **state)
{
    (void)state;
    fh_arena arena = {0};
    fh_article articles[] = {{.id = FH_STR("1"), .source = FH_STR("ب"), .origin = FH_STR("f")},
                             {.id = FH_STR("2"), .source = FH_STR("أ"), .section = FH_STR("ب")},
                             {.id = FH_STR("3"), .url = FH_STR("http://a/b")}};
    static const char *const names[] = {"", "f", "http://a/", "أ", "ب"};
    fh_segment *s = write_heads(articles, 3, 2);
    assert_int_equal(fh_names_count(s), 5);
    for (uint32_t n = 0; n < 5; n++) {
        fh_str text;
        assert_int_equal(fh_names_find(s, fh_str_of(names[n])), n);
        assert_int_equal(fh_names_text(s, n, &arena, &text, NULL), FH_OK);
        assert_true(fh_str_equal(text, fh_str_of(names[n])));
    }
    assert_int_equal(fh_names_find(s, FH_STR("ت")), UINT32_MAX);
    assert_int_equal(fh_segment_status(s, NULL), FH_OK);
    assert_int_equal(fh_column_get(&s->sources, 0), 4);
    assert_int_equal(fh_column_get(&s->rubrics, 1), 4);
    assert_int_equal(fh_column_get(&s->sites, 2), 2);
    fh_str text;
    assert_int_equal(fh_names_text(s, 5, &arena, &text, NULL), FH_ECORRUPT);
    fh_segment_close(s);
    fh_arena_free(&arena);
}

static void dates_keep_their_order(void **state)
{
    (void)state;
    static const int64_t seconds[] = {
        -(INT64_C(1) << 60) + 1, -62135596800, -1, 0, 1, 1437445440, (INT64_C(1) << 60) - 1};
    uint64_t before = fh_stored_date((fh_date){5, FH_DATE_NONE});
    assert_int_equal(before, 0);
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
        for (int p = FH_DATE_YEAR; p <= FH_DATE_SECOND; p++) {
            fh_date date = {seconds[i], (fh_precision)p};
            uint64_t stored = fh_stored_date(date);
            assert_true(stored > before);
            before = stored;
            assert_int_equal(fh_date_of_stored(stored).seconds, seconds[i]);
            assert_int_equal(fh_date_of_stored(stored).precision, p);
        }
    assert_true(fh_stored_date((fh_date){INT64_MIN, FH_DATE_DAY}) > 0);
    assert_int_equal(
        fh_date_of_stored(fh_stored_date((fh_date){INT64_MAX, FH_DATE_DAY})).seconds,
        (INT64_C(1) << 60) - 1);
    assert_int_equal(fh_date_of_stored(0).precision, FH_DATE_NONE);
    assert_int_equal(fh_date_of_stored(UINT64_MAX).precision, FH_DATE_NONE);
}

/* Bytes altered before they were sealed: nothing outside is read, and no text passes its bounds. */
static void altered_heads_are_survived(void **state)
{
    (void)state;
    static const fh_section sections[] = {FH_SECTION_HEADS, FH_SECTION_HEAD_ENDS,
                                          FH_SECTION_NAMES, FH_SECTION_IDS, FH_SECTION_SOURCES};
    uint64_t seed = 3;
    fh_arena arena = {0};
    fh_article articles[40];
    fh_buffer copies[5] = {{0}};
    for (unsigned i = 0; i < 40; i++)
        articles[i] = some_article(&seed, &arena, i + 1);
    fh_segment *good = write_heads(articles, 40, 40);
    for (size_t i = 0; i < 5; i++) {
        const fh_slice *slice = &good->sections[sections[i]];
        fh_buffer_add(&copies[i], fh_slice_need(slice, 0, slice->len), slice->len);
    }
    fh_segment_close(good);
    unsigned damaged = 0;
    for (int round = 0; round < 2000; round++) {
        fh_buffer *b = &copies[next_random(&seed) % 5];
        size_t at = next_random(&seed) % b->len;
        char before = b->data[at];
        b->data[at] = (char)next_random(&seed);
        fh_segment_writer *w = begin_segment("f.seg");
        fh_seal seal;
        fh_segment *s;
        w->header.articles = 40;
        for (size_t i = 0; i < 5; i++)
            fh_spool_add(w->sections[sections[i]], copies[i].data, copies[i].len);
        b->data[at] = before;
        assert_int_equal(fh_segment_writer_finish(w, &seal, NULL), FH_OK);
        fh_segment_writer_free(w);
        fh_status status = fh_segment_open("f.seg", &seal, &s, NULL);
        for (uint32_t i = 0; i < 40 && !status; i++) {
            fh_article a;
            uint64_t body_len;
            bool found;
            uint32_t local;
            status = fh_head_read(s, i, &arena, &a, &body_len, NULL);
            if (!status)
                status = fh_ids_find(s, articles[i].id, &found, &local, NULL);
            fh_names_find(s, articles[i].origin);
        }
        damaged += status != FH_OK;
        assert_true(status == FH_OK || status == FH_ECORRUPT);
        fh_segment_close(s);
    }
    assert_true(damaged > 100);
    for (size_t i = 0; i < 5; i++)
        fh_buffer_free(&copies[i]);
    fh_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(heads_come_back),
        folder_test(what_is_not_there_is_not_found),
        folder_test(names_are_found_by_their_text),
        folder_test(dates_keep_their_order),
        folder_test(altered_heads_are_survived),
    };
    return cmocka_run_group_tests_name("native heads", tests, NULL, NULL);
}
