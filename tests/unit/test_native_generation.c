/* Generations and shelves: which segments an index has, and taking up the next. */
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/scratch.h"

#include "engines/native/generation.h"
#include "engines/native/heads.h"
#include "tests/unit/native_lab.h"

/* Write the segment file NUMBER with COUNT articles in this folder; returns what names it. */
static fh_generation_entry make_segment(uint64_t number, uint32_t count)
{
    char path[64], id[64];
    fh_generation_entry e = {.number = number, .articles = count};
    fh_heads_writer *heads = fh_heads_writer_new();
    for (uint32_t i = 0; i < count; i++) {
        snprintf(id, sizeof id, "%u-%u", (unsigned)number, (unsigned)i);
        fh_heads_writer_add(heads, &(fh_article){.id = fh_str_of(id)}, i);
    }
    snprintf(path, sizeof path, "%u.seg", (unsigned)number);
    fh_segment_writer *w = begin_segment(path);
    assert_int_equal(fh_heads_writer_finish(heads, w, NULL), FH_OK);
    w->header.words = count * 10;
    assert_int_equal(fh_segment_writer_finish(w, &e.seal, NULL), FH_OK);
    fh_segment_writer_free(w);
    fh_heads_writer_free(heads);
    return e;
}

/* Publish COUNT entries as generation NUMBER. */
static void publish(uint64_t number, fh_generation_entry *entries, size_t count)
{
    fh_error err = {0};
    fh_generation g = {.number = number, .next = 100, .entries = entries, .count = count};
    if (fh_generation_write(".", &g, &err))
        fail_msg("%s", err.message);
}

static void generations_come_back(void **state)
{
    (void)state;
    uint64_t seed = 1;
    for (int round = 0; round < 60; round++) {
        fh_generation_entry entries[20] = {{0}};
        fh_generation g = {.number = next_random(&seed), .next = 1000, .entries = entries};
        fh_generation *back;
        g.count = next_random(&seed) % 20;
        for (size_t i = 0; i < g.count; i++) {
            entries[i] =
                (fh_generation_entry){.number = next_random(&seed) % 1000,
                                      .seal = {next_random(&seed), next_random(&seed)},
                                      .articles = (uint32_t)(next_random(&seed) % 5000)};
            for (uint64_t k = next_random(&seed) % 300; k > 0 && entries[i].articles; k--)
                assert_true(fh_generation_kill(
                    &g, i, (uint32_t)(next_random(&seed) % entries[i].articles)));
        }
        assert_int_equal(fh_generation_write(".", &g, NULL), FH_OK);
        assert_int_equal(fh_generation_read(".", &back, NULL), FH_OK);
        fh_generation *copy = fh_generation_copy(back);
        fh_generation_free(back);
        assert_int_equal(copy->number, g.number);
        assert_int_equal(copy->next, 1000);
        assert_int_equal(copy->count, g.count);
        for (size_t i = 0; i < g.count; i++) {
            const fh_generation_entry *e = &copy->entries[i];
            assert_int_equal(e->number, entries[i].number);
            assert_memory_equal(&e->seal, &entries[i].seal, sizeof e->seal);
            assert_int_equal(e->articles, entries[i].articles);
            assert_int_equal(e->dead_count, entries[i].dead_count);
            assert_int_equal(e->dead != NULL, entries[i].dead_count > 0);
            if (e->dead)
                assert_memory_equal(e->dead, entries[i].dead, (e->articles / 64 + 1) * 8);
            free(entries[i].dead);
        }
        fh_generation_free(copy);
    }
}

static void killing_twice_counts_once(void **state)
{
    (void)state;
    fh_generation_entry entry = {.articles = 130};
    fh_generation g = {.entries = &entry, .count = 1};
    assert_true(fh_generation_kill(&g, 0, 129));
    assert_true(fh_generation_kill(&g, 0, 129));
    assert_int_equal(entry.dead_count, 1);
    assert_int_equal(entry.dead[2], 2);
    free(entry.dead);
}

static void limits_are_kept(void **state)
{
    (void)state;
    fh_generation_entry *entries = calloc(FH_SEGMENTS_MAX + 1, sizeof *entries);
    fh_generation g = {.entries = entries, .count = FH_SEGMENTS_MAX + 1};
    assert_int_equal(fh_generation_write(".", &g, NULL), FH_ELIMIT);
    g.count = 3;
    for (size_t i = 0; i < 3; i++)
        entries[i].articles = FH_SEGMENT_ARTICLES_MAX;
    assert_int_equal(fh_generation_write(".", &g, NULL), FH_ELIMIT);
    assert_int_not_equal(access(FH_GENERATION_NAME, F_OK), 0);
    free(entries);
}

/* A file "segments" to be spoilt: two segments, one with dead articles. */
static fh_buffer some_generation(void)
{
    fh_buffer bytes = {0};
    fh_generation_entry entries[2] = {{.number = 1, .articles = 100},
                                      {.number = 2, .articles = 9}};
    fh_generation g = {.number = 7, .next = 3, .entries = entries, .count = 2};
    for (uint32_t local = 0; local < 100; local += 7)
        fh_generation_kill(&g, 0, local);
    assert_int_equal(fh_generation_write(".", &g, NULL), FH_OK);
    free(entries[0].dead);
    assert_int_equal(fh_file_read(FH_GENERATION_NAME, 10000, &bytes, NULL), FH_OK);
    return bytes;
}

static fh_status read_spoilt(const char *bytes, size_t len)
{
    fh_generation *g;
    fh_error err = {0};
    put_bytes(FH_GENERATION_NAME, bytes, len);
    fh_status status = fh_generation_read(".", &g, &err);
    if (status) {
        assert_null(g);
        assert_non_null(strstr(err.message, "./segments"));
    }
    fh_generation_free(g);
    return status;
}

static void every_flipped_byte_is_found(void **state)
{
    (void)state;
    fh_buffer bytes = some_generation();
    for (size_t i = 0; i < bytes.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            bytes.data[i] ^= (char)(1 << bit);
            assert_int_equal(read_spoilt(bytes.data, bytes.len), FH_ECORRUPT);
            bytes.data[i] ^= (char)(1 << bit);
        }
    for (size_t len = 0; len < bytes.len; len++)
        assert_int_equal(read_spoilt(bytes.data, len), FH_ECORRUPT);
    fh_buffer_add_byte(&bytes, 0);
    assert_int_equal(read_spoilt(bytes.data, bytes.len), FH_ECORRUPT);
    fh_buffer_free(&bytes);
    unlink(FH_GENERATION_NAME);
    fh_generation *g;
    assert_int_equal(fh_generation_read(".", &g, NULL), FH_ENOTFOUND);
}

/* A number is given out once, so a segment has one below that of the next. */
static void numbers_yet_to_come_are_refused(void **state)
{
    (void)state;
    fh_generation *g;
    fh_generation_entry entry = {.number = 3, .articles = 1};
    fh_generation wrong = {.number = 7, .next = 3, .entries = &entry, .count = 1};
    assert_int_equal(fh_generation_write(".", &wrong, NULL), FH_OK);
    assert_int_equal(fh_generation_read(".", &g, NULL), FH_ECORRUPT);
    assert_null(g);
    wrong.next = 4;
    assert_int_equal(fh_generation_write(".", &wrong, NULL), FH_OK);
    assert_int_equal(fh_generation_read(".", &g, NULL), FH_OK);
    fh_generation_free(g);
}

/* Any bytes with a right sum at the end. */
static void altered_generations_are_survived(void **state)
{
    (void)state;
    uint64_t seed = 3;
    unsigned refused = 0;
    fh_buffer bytes = some_generation();
    char *copy = malloc(bytes.len);
    for (int round = 0; round < 5000; round++) {
        memcpy(copy, bytes.data, bytes.len);
        for (uint64_t k = next_random(&seed) % 3; k < 3; k++)
            copy[8 + next_random(&seed) % (bytes.len - 8)] = (char)next_random(&seed);
        fh_put64(copy + bytes.len - 8, fh_checksum((fh_str){copy, bytes.len - 8}));
        refused += read_spoilt(copy, bytes.len) != FH_OK;
    }
    assert_true(refused > 1000);
    free(copy);
    fh_buffer_free(&bytes);
}

/* ---- Shelves ---- */

static void documents_are_found(void **state)
{
    (void)state;
    fh_shelf *s;
    fh_generation_entry entries[] = {make_segment(1, 5), make_segment(2, 0), make_segment(3, 7),
                                     make_segment(4, 1), make_segment(5, 0)};
    static const uint64_t dead = 3;
    entries[0].dead = (uint64_t *)(uintptr_t)&dead;
    entries[0].dead_count = 2;
    publish(1, entries, 5);
    assert_int_equal(fh_shelf_open(".", &s, NULL), FH_OK);
    assert_int_equal(s->articles, 13);
    assert_int_equal(s->dead, 2);
    assert_int_equal(s->words, 130);
    static const size_t places[] = {0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 3};
    for (uint32_t d = 1; d <= 13; d++) {
        uint32_t local;
        assert_int_equal(fh_shelf_find(s, d, &local), places[d - 1]);
        assert_int_equal(s->segments[places[d - 1]]->base + local + 1, d);
    }
    uint32_t local;
    assert_int_equal(fh_shelf_find(s, 0, &local), 5);
    assert_int_equal(fh_shelf_find(s, 14, &local), 5);
    assert_true(fh_segment_is_dead(s->segments[0], 1));
    assert_false(fh_segment_is_dead(s->segments[0], 2));
    fh_shelf_close(s);
}

static void a_newer_generation_is_taken_up(void **state)
{
    (void)state;
    fh_shelf *s;
    bool changed;
    fh_generation_entry entries[] = {make_segment(1, 5), make_segment(2, 6),
                                     make_segment(3, 7)};
    publish(1, entries, 2);
    assert_int_equal(fh_shelf_open(".", &s, NULL), FH_OK);
    assert_int_equal(fh_shelf_refresh(s, &changed, NULL), FH_OK);
    assert_false(changed);
    fh_segment *kept = s->segments[1];
    publish(2, entries + 1, 2);
    unlink("1.seg");
    assert_int_equal(fh_shelf_refresh(s, &changed, NULL), FH_OK);
    assert_true(changed);
    assert_int_equal(s->generation->number, 2);
    assert_int_equal(s->count, 2);
    assert_ptr_equal(s->segments[0], kept);
    assert_int_equal(kept->base, 0);
    assert_int_equal(s->segments[1]->base, 6);
    assert_int_equal(s->articles, 13);
    fh_shelf_close(s);
}

/* An index that was put back from a copy may give a number, and even a length, to another segment. */
static void a_number_alone_names_no_segment(void **state)
{
    (void)state;
    fh_shelf *s;
    bool changed, found;
    uint32_t local;
    fh_generation_entry first = make_segment(1, 5);
    publish(1, &first, 1);
    assert_int_equal(fh_shelf_open(".", &s, NULL), FH_OK);
    fh_generation_entry other = make_segment(2, 5);
    assert_int_equal(rename("2.seg", "1.seg"), 0);
    other.number = 1;
    assert_int_equal(other.seal.file_len, first.seal.file_len);
    assert_int_not_equal(other.seal.sum, first.seal.sum);
    publish(2, &other, 1);
    assert_int_equal(fh_shelf_refresh(s, &changed, NULL), FH_OK);
    assert_true(changed);
    assert_int_equal(fh_ids_find(s->segments[0], FH_STR("2-3"), &found, &local, NULL), FH_OK);
    assert_true(found);
    fh_shelf_close(s);
}

static void what_was_open_stays_readable(void **state)
{
    (void)state;
    fh_shelf *s;
    bool changed, found;
    uint32_t local;
    fh_generation_entry entries[] = {make_segment(1, 500), make_segment(2, 6)};
    publish(1, entries, 1);
    assert_int_equal(fh_shelf_open(".", &s, NULL), FH_OK);
    publish(2, entries + 1, 1);
    unlink("1.seg");
    assert_int_equal(fh_ids_find(s->segments[0], FH_STR("1-444"), &found, &local, NULL), FH_OK);
    assert_true(found);
    put(FH_GENERATION_NAME ".new", "spoilt");
    assert_int_equal(rename(FH_GENERATION_NAME ".new", FH_GENERATION_NAME), 0);
    assert_int_equal(fh_shelf_refresh(s, &changed, NULL), FH_ECORRUPT);
    assert_false(changed);
    assert_int_equal(s->generation->number, 1);
    assert_int_equal(fh_ids_find(s->segments[0], FH_STR("1-17"), &found, &local, NULL), FH_OK);
    assert_true(found);
    unlink(FH_GENERATION_NAME);
    assert_int_equal(fh_shelf_refresh(s, &changed, NULL), FH_ENOTFOUND);
    publish(3, entries + 1, 1);
    assert_int_equal(fh_shelf_refresh(s, &changed, NULL), FH_OK);
    assert_true(changed);
    assert_int_equal(s->articles, 6);
    fh_shelf_close(s);
}

static void other_files_are_refused(void **state)
{
    (void)state;
    fh_shelf *s;
    fh_error err;
    fh_generation_entry entries[] = {make_segment(1, 5), make_segment(2, 6)};
    publish(1, entries, 2);
    assert_int_equal(rename("1.seg", "x"), 0);
    assert_int_equal(fh_shelf_open(".", &s, &err), FH_ECORRUPT);
    assert_non_null(strstr(err.message, "1.seg"));
    assert_int_equal(rename("2.seg", "1.seg"), 0);
    assert_int_equal(rename("x", "2.seg"), 0);
    assert_int_equal(fh_shelf_open(".", &s, &err), FH_ECORRUPT);
    assert_non_null(strstr(err.message, "1.seg"));
    entries[0].seal = entries[1].seal;
    publish(2, entries, 1);
    assert_int_equal(fh_shelf_open(".", &s, &err), FH_ECORRUPT);
    assert_non_null(strstr(err.message, "articles"));
    entries[0].articles = 6;
    publish(3, entries, 1);
    assert_int_equal(fh_shelf_open(".", &s, NULL), FH_OK);
    fh_shelf_close(s);
    assert_int_equal(fh_shelf_open("elsewhere", &s, NULL), FH_ENOTFOUND);
}

/* While a child publishes one segment after the other, and removes the last, nothing fails to open. */
static void readers_follow_a_busy_writer(void **state)
{
    (void)state;
    fh_shelf *s;
    fh_generation_entry first = make_segment(1, 3);
    publish(1, &first, 1);
    pid_t child = fork();
    if (child == 0) {
        char path[64];
        for (uint64_t n = 2; n < 90; n++) {
            fh_generation_entry e = make_segment(n, 3);
            publish(n, &e, 1);
            snprintf(path, sizeof path, "%u.seg", (unsigned)n - 1);
            unlink(path);
        }
        _exit(0);
    }
    uint64_t last = 0;
    bool changed;
    fh_error err = {0};
    while (last < 89) {
        if (fh_shelf_open(".", &s, &err))
            fail_msg("%s", err.message);
        assert_true(s->generation->number >= last);
        for (int i = 0; i < 20; i++) {
            if (fh_shelf_refresh(s, &changed, &err))
                fail_msg("%s", err.message);
            assert_int_equal(s->generation->entries[0].number, s->generation->number);
        }
        last = s->generation->number;
        fh_shelf_close(s);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(generations_come_back),
        folder_test(killing_twice_counts_once),
        folder_test(limits_are_kept),
        folder_test(every_flipped_byte_is_found),
        folder_test(numbers_yet_to_come_are_refused),
        folder_test(altered_generations_are_survived),
        folder_test(documents_are_found),
        folder_test(a_newer_generation_is_taken_up),
        folder_test(a_number_alone_names_no_segment),
        folder_test(what_was_open_stays_readable),
        folder_test(other_files_are_refused),
        folder_test(readers_follow_a_busy_writer),
    };
    return cmocka_run_group_tests_name("native generations", tests, NULL, NULL);
}
