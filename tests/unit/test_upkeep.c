/* Copies of an index, and the folders in which one may be made. */
#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/engine_lab.h"

static fh_article item(const char *id, const char *body)
{
    return (fh_article){.id = fh_str_of(id), .body = fh_str_of(body)};
}

/* FOLDER/NAME of the lab; it lives until the test is over. */
static const char *place(lab *l, const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", l->folder, name);
    fh_str copy = fh_arena_copy(&l->arena, fh_str_of(path));
    assert_non_null(copy.ptr);
    return copy.ptr;
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void put_file(const char *path)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("x", file);
    fclose(file);
}

/* A new index of three articles; the middle one is removed by a second publish. */
static void build_three(lab *l)
{
    fh_article articles[] = {item("a", "one x"), item("b", "two x"), item("c", "three x")};
    bool there;
    fh_writer *w = begin(l);
    publish(w, articles, 3, false);
    must(fh_writer_remove(w, FH_STR("b"), &there, err));
    must(fh_writer_publish(w, err));
    fh_writer_close(w);
}

/* The ids that the word "x" finds in the index at PATH. */
static const char *holds(lab *l, const char *path)
{
    fh_index *ix;
    must(fh_index_open(path, &ix, err));
    const char *ids = matching(l, ix, word(l, "x"));
    fh_index_close(ix);
    return ids;
}

/* A sum over names and bytes of all files of the index at PATH but the lock, which has no content. */
static uint64_t sum_of(const char *path)
{
    uint64_t sum = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *e; (e = readdir(folder));) {
        char *name;
        struct stat st;
        fh_buffer bytes = {0};
        if (e->d_name[0] == '.' || !strcmp(e->d_name, "lock"))
            continue;
        assert_true(asprintf(&name, "%s/%s", path, e->d_name) > 0);
        assert_int_equal(stat(name, &st), 0);
        sum += fh_checksum(fh_str_of(e->d_name));
        if (S_ISDIR(st.st_mode))
            sum += sum_of(name);
        else
            must(fh_file_read(name, 1u << 30, &bytes, err));
        sum += fh_checksum(fh_buffer_str(&bytes));
        fh_buffer_free(&bytes);
        free(name);
    }
    closedir(folder);
    return sum;
}

/* ---- Vacant folders ---- */

static void an_index_is_made_where_nothing_is(void **state)
{
    lab *l = *state;
    const char *folder = place(l, "folder");
    const char *file = place(l, "folder/file");
    must(fh_index_vacant(folder, err));
    assert_int_equal(mkdir(folder, 0777), 0);
    must(fh_index_vacant(folder, err));
    put_file(file);
    must_fail(FH_EUSAGE, "it holds \"file\"", fh_index_vacant(folder, err));
    assert_int_not_equal(fh_index_vacant(file, NULL), FH_OK);
    fh_index_discard(folder, true);
    assert_true(is_there(file));
    fh_index_close(build(l, NULL, 0));
    must_fail(FH_EUSAGE, "holds an index already", fh_index_vacant(l->path, err));
    fh_index_discard(l->path, true);
    must(fh_index_check(l->path, err));
}

/* Put an article, publish nothing, and die. */
static void die_while_writing(const lab *l)
{
    pid_t child = fork_child();
    if (child == 0) {
        fh_article a = item("a", "x");
        fh_batch *b;
        fh_writer *w = begin(l);
        must(fh_batch_new(w, 1, 1u << 20, &b, err));
        must(try_put(b, &a, false, err));
        must(fh_writer_add(w, b, err));
        kill(getpid(), SIGKILL);
    }
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
}

static void what_a_dead_writer_leaves_is_cleared_away(void **state)
{
    lab *l = *state;
    const char *foreign = place(l, "index/mine");
    die_while_writing(l);
    must(fh_index_vacant(l->path, err));
    put_file(foreign);
    fh_index_discard(l->path, true);
    assert_false(is_there(place(l, "index/fihris.json")));
    assert_true(is_there(foreign));
    assert_int_equal(unlink(foreign), 0);
    die_while_writing(l);
    fh_writer *w = begin(l);
    fh_index_discard(l->path, true);
    assert_true(is_there(place(l, "index/fihris.json")));
    fh_writer_close(w);
    fh_index_discard(l->path, true);
    assert_false(is_there(l->path));
}

/* ---- Copies ---- */

static void a_copy_is_an_index_by_itself(void **state)
{
    lab *l = *state;
    const char *copy = place(l, "copy");
    const char *moved = place(l, "moved");
    fh_copied copied;
    fh_article a = item("d", "four x");
    build_three(l);
    must(fh_index_snapshot(l->path, copy, &copied, err));
    assert_int_equal(copied.articles, 2);
    assert_true(copied.linked + copied.copied > 1);
    uint64_t before = sum_of(l->path);
    assert_true(sum_of(copy) == before);
    assert_int_equal(rename(copy, moved), 0);
    must(fh_index_check(moved, err));
    assert_string_equal(holds(l, moved), "a c");

    /* The copy changes, and so do the words of an article that both have; the index does not. */
    lab other = *l;
    fh_article b = item("a", "one new x");
    snprintf(other.path, sizeof other.path, "%s", moved);
    fh_writer *w = begin(&other);
    publish(w, &a, 1, false);
    publish(w, &b, 1, true);
    fh_writer_close(w);
    assert_true(sum_of(l->path) == before);
    assert_string_equal(holds(l, moved), "c d a");
    must(fh_index_check(moved, err));

    /* And the other way round. */
    uint64_t copy_sum = sum_of(moved);
    w = begin(l);
    publish(w, &b, 1, true);
    fh_writer_close(w);
    assert_true(sum_of(moved) == copy_sum);
    assert_true(sum_of(l->path) != before);
    must(fh_index_check(l->path, err));
}

static void files_are_shared_where_none_is_written_again(void **state)
{
    lab *l = *state;
    fh_copied copied;
    build_three(l);
    must(fh_index_snapshot(l->path, place(l, "copy"), &copied, err));
    bool in_place = !strcmp(l->engine, "xapian");
    assert_int_equal(copied.linked > 0, !in_place);
    assert_true(copied.copied > 0);
    assert_int_equal(copied.linked_bytes > 0, !in_place);
    assert_true(copied.copied_bytes > 0);
}

static void another_file_system_gets_bytes(void **state)
{
    lab *l = *state;
    struct stat here, there;
    fh_copied copied;
    char far[] = "/dev/shm/fihris-test.XXXXXX";
    assert_int_equal(stat(l->folder, &here), 0);
    if (!mkdtemp(far))
        skip();
    assert_int_equal(stat(far, &there), 0);
    if (here.st_dev == there.st_dev) {
        rmdir(far);
        skip();
    }
    build_three(l);
    must(fh_index_snapshot(l->path, far, &copied, err));
    assert_int_equal(copied.linked, 0);
    assert_true(sum_of(far) == sum_of(l->path));
    must(fh_index_check(far, err));
    must(fh_folder_remove(far, err));
}

static void a_writer_is_in_the_way_only_of_an_engine_in_place(void **state)
{
    lab *l = *state;
    const char *copy = place(l, "copy");
    fh_copied copied;
    build_three(l);
    fh_writer *w = begin(l);
    if (!strcmp(l->engine, "xapian")) {
        must_fail(FH_ELOCKED, "in place", fh_index_snapshot(l->path, copy, &copied, err));
        assert_false(is_there(copy));
    } else {
        must(fh_index_snapshot(l->path, copy, &copied, err));
        assert_string_equal(holds(l, copy), "a c");
    }
    fh_writer_close(w);
}

static void a_copy_needs_a_place_and_something_to_copy(void **state)
{
    lab *l = *state;
    const char *copy = place(l, "copy");
    fh_copied copied;
    must_fail(FH_ENOTFOUND, "there is no index",
              fh_index_snapshot(l->path, copy, &copied, err));
    fh_writer *w = begin(l);
    fh_writer_close(w);
    must_fail(FH_ENOTFOUND, "nothing has been published",
              fh_index_snapshot(l->path, copy, &copied, err));
    assert_false(is_there(copy));
    build_three(l);
    must_fail(FH_EUSAGE, "holds an index", fh_index_snapshot(l->path, l->path, &copied, err));
    must(fh_index_snapshot(l->path, copy, &copied, err));
    must_fail(FH_EUSAGE, "holds an index", fh_index_snapshot(l->path, copy, &copied, err));
    assert_string_equal(holds(l, copy), "a c");
}

/* Cut the largest file of the data below PATH in two. */
static void damage(const char *path)
{
    char command[256];
    snprintf(command, sizeof command,
             "f=$(ls -S '%s'/g*/* | head -1); s=$(stat -c %%s \"$f\"); truncate -s $((s / 2)) "
             "\"$f\"",
             path);
    assert_int_equal(system(command), 0);
}

static void a_damaged_index_leaves_no_copy(void **state)
{
    lab *l = *state;
    const char *copy = place(l, "copy");
    fh_copied copied;
    build_three(l);
    damage(l->path);
    assert_int_not_equal(fh_index_snapshot(l->path, copy, &copied, NULL), FH_OK);
    assert_int_equal(copied.articles, 0);
    assert_false(is_there(copy));
    assert_int_equal(mkdir(copy, 0777), 0);
    assert_int_not_equal(fh_index_snapshot(l->path, copy, &copied, NULL), FH_OK);
    must(fh_index_vacant(copy, err));
    assert_int_equal(rmdir(copy), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        lab_test(an_index_is_made_where_nothing_is),
        lab_test(what_a_dead_writer_leaves_is_cleared_away),
        lab_test(a_copy_is_an_index_by_itself),
        lab_test(files_are_shared_where_none_is_written_again),
        lab_test(another_file_system_gets_bytes),
        lab_test(a_writer_is_in_the_way_only_of_an_engine_in_place),
        lab_test(a_copy_needs_a_place_and_something_to_copy),
        lab_test(a_damaged_index_leaves_no_copy),
    };
    return run_lab("upkeep", tests, sizeof tests / sizeof *tests, argc, argv);
}
