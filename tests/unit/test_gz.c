#include <fcntl.h>
#include <zlib.h>

#include "base/gz.h"
#include "tests/unit/scratch.h"

#define LIMIT 1000

static void put_str(const char *path, fh_str bytes)
{
    put_bytes(path, bytes.ptr, bytes.len);
}

/* Append TEXT to PATH as one gzip member. */
static void put_gz(const char *path, fh_str text)
{
    gzFile file = gzopen(path, "ab");
    assert_non_null(file);
    assert_int_equal(gzwrite(file, text.ptr, (unsigned)text.len), text.len);
    gzclose(file);
}

/* Numbered lines that do not compress to nothing, a few hundred kilobytes of them. */
#define NUMBERS 40000

static fh_buffer make_numbers(void)
{
    fh_buffer text = {0};
    uint32_t number = 1;
    for (int i = 0; i < NUMBERS; i++) {
        number = number * 1664525u + 1013904223u;
        fh_buffer_printf(&text, "%d %u\n", i, number);
    }
    return text;
}

/* Read all of PATH by pieces of SIZE into OUT; the status of the last read. */
static fh_status read_all(const char *path, size_t size, fh_buffer *out, fh_error *err)
{
    fh_gz *gz;
    fh_status status = fh_gz_open(path, &gz, err);
    size_t len = 1;
    char *piece = malloc(size);
    while (status == FH_OK && len > 0) {
        status = fh_gz_read(gz, piece, size, &len, err);
        fh_buffer_add(out, piece, len);
    }
    free(piece);
    fh_gz_close(gz);
    return status;
}

static void check_read(const char *path, size_t size, fh_str want)
{
    fh_buffer got = {0};
    fh_error err = {0};
    if (read_all(path, size, &got, &err) != FH_OK)
        fail_msg("%s: %s", path, err.message);
    assert_int_equal(got.len, want.len);
    if (want.len > 0)
        assert_memory_equal(got.data, want.ptr, want.len);
    fh_buffer_free(&got);
}

static void reads_plain_files(void **state)
{
    (void)state;
    fh_buffer numbers = make_numbers();
    put_str("plain", fh_buffer_str(&numbers));
    check_read("plain", 1, fh_buffer_str(&numbers));
    check_read("plain", 4096, fh_buffer_str(&numbers));
    check_read("plain", 10000000, fh_buffer_str(&numbers));
    put_str("one", FH_STR("\x1f"));
    check_read("one", 10, FH_STR("\x1f"));
    put_str("empty", FH_STR(""));
    check_read("empty", 10, FH_STR(""));
    fh_buffer_free(&numbers);
}

static void reads_gzip(void **state)
{
    (void)state;
    fh_buffer numbers = make_numbers();
    put_gz("a.gz", fh_buffer_str(&numbers));
    check_read("a.gz", 1, fh_buffer_str(&numbers));
    check_read("a.gz", 4096, fh_buffer_str(&numbers));
    check_read("a.gz", 10000000, fh_buffer_str(&numbers));
    put_gz("empty.gz", FH_STR(""));
    check_read("empty.gz", 10, FH_STR(""));
    fh_buffer_free(&numbers);
}

static void several_members_are_one_text(void **state)
{
    (void)state;
    put_gz("a.gz", FH_STR("one\ntw"));
    put_gz("a.gz", FH_STR(""));
    put_gz("a.gz", FH_STR("o\nthree"));
    check_read("a.gz", 1, FH_STR("one\ntwo\nthree"));
    check_read("a.gz", 100, FH_STR("one\ntwo\nthree"));
    /* Zeros behind the last member are padding. */
    add_bytes("a.gz", "\0\0\0\0\0", 5);
    check_read("a.gz", 100, FH_STR("one\ntwo\nthree"));
}

static void members_may_meet_at_any_border(void **state)
{
    (void)state;
    fh_buffer numbers = make_numbers(), all = {0};
    for (size_t len = 0; len < numbers.len; len += 50001) {
        fh_str part = {numbers.data, len};
        put_gz("a.gz", part);
        fh_buffer_add_str(&all, part);
    }
    check_read("a.gz", 777, fh_buffer_str(&all));
    fh_buffer_free(&numbers);
    fh_buffer_free(&all);
}

/* Copy the first LEN bytes of FROM to TO. */
static void cut_file(const char *from, const char *to, size_t len)
{
    fh_buffer bytes = {0};
    assert_int_equal(fh_file_read(from, SIZE_MAX, &bytes, NULL), FH_OK);
    assert_true(len <= bytes.len);
    put_str(to, (fh_str){bytes.data, len});
    fh_buffer_free(&bytes);
}

static void a_cut_stream_gives_what_there_is_then_fails(void **state)
{
    (void)state;
    fh_buffer numbers = make_numbers();
    put_gz("a.gz", fh_buffer_str(&numbers));
    size_t whole = fh_folder_bytes("a.gz");
    size_t least = 0;
    for (size_t len = 2; len < whole; len += whole / 50) {
        fh_buffer got = {0};
        fh_error err = {0};
        cut_file("a.gz", "cut.gz", len);
        assert_int_equal(read_all("cut.gz", 4096, &got, &err), FH_EFORMAT);
        assert_non_null(strstr(err.message, "cut.gz: the gzip data is cut at byte "));
        assert_in_range(got.len, least, numbers.len);
        if (got.len > 0)
            assert_memory_equal(got.data, numbers.data, got.len);
        least = got.len;
        fh_buffer_free(&got);
    }
    /* What can be decoded of nearly all bytes is nearly all text. */
    assert_in_range(least, numbers.len / 2, numbers.len);
    fh_buffer_free(&numbers);
}

static void a_missing_checksum_is_a_cut(void **state)
{
    (void)state;
    put_gz("a.gz", FH_STR("text"));
    size_t whole = fh_folder_bytes("a.gz");
    for (size_t missing = 1; missing <= 8; missing++) {
        fh_buffer got = {0};
        cut_file("a.gz", "cut.gz", whole - missing);
        assert_int_equal(read_all("cut.gz", 100, &got, NULL), FH_EFORMAT);
        assert_string_equal(got.data, "text");
        fh_buffer_free(&got);
    }
}

static void damage_gives_what_stands_before_it(void **state)
{
    (void)state;
    fh_buffer numbers = make_numbers(), bytes = {0}, got = {0};
    fh_error err = {0};
    put_gz("a.gz", fh_buffer_str(&numbers));
    assert_int_equal(fh_file_read("a.gz", SIZE_MAX, &bytes, NULL), FH_OK);
    memset(bytes.data + bytes.len / 2, 0xFF, 1000);
    put_str("a.gz", fh_buffer_str(&bytes));
    assert_int_equal(read_all("a.gz", 100000, &got, &err), FH_EFORMAT);
    assert_non_null(strstr(err.message, "a.gz: the gzip data is damaged near byte "));
    assert_in_range(got.len, numbers.len / 3, numbers.len);
    assert_memory_equal(got.data, numbers.data, numbers.len / 3);
    fh_buffer_free(&numbers);
    fh_buffer_free(&bytes);
    fh_buffer_free(&got);
}

static void wrong_checksum_is_damage(void **state)
{
    (void)state;
    fh_buffer bytes = {0}, got = {0};
    put_gz("a.gz", FH_STR("text"));
    assert_int_equal(fh_file_read("a.gz", SIZE_MAX, &bytes, NULL), FH_OK);
    bytes.data[bytes.len - 8] ^= 1;
    put_str("a.gz", fh_buffer_str(&bytes));
    assert_int_equal(read_all("a.gz", 100, &got, NULL), FH_EFORMAT);
    assert_string_equal(got.data, "text");
    fh_buffer_free(&bytes);
    fh_buffer_free(&got);
}

static void other_bytes_behind_a_member_are_damage(void **state)
{
    (void)state;
    fh_buffer got = {0};
    put_gz("a.gz", FH_STR("text"));
    const fh_str more = FH_STR("more text, not compressed");
    add_bytes("a.gz", more.ptr, more.len);
    assert_int_equal(read_all("a.gz", 100, &got, NULL), FH_EFORMAT);
    assert_string_equal(got.data, "text");
    fh_buffer_free(&got);
}

static void foreign_bytes_are_told_from_damage(void **state)
{
    (void)state;
    fh_gz *gz;
    size_t len;
    uint64_t offset = 0;
    char piece[100];
    put_gz("a.gz", FH_STR("text"));
    size_t whole = fh_folder_bytes("a.gz");
    add_bytes("a.gz", "\0more", 5);
    assert_int_equal(fh_gz_open("a.gz", &gz, NULL), FH_OK);
    assert_int_equal(fh_gz_read(gz, piece, sizeof piece, &len, NULL), FH_OK);
    assert_false(fh_gz_foreign(gz, &offset));
    assert_int_equal(fh_gz_read(gz, piece, sizeof piece, &len, NULL), FH_EFORMAT);
    assert_true(fh_gz_foreign(gz, &offset));
    assert_int_equal(offset, whole + 1);
    fh_gz_close(gz);

    put_gz("b.gz", FH_STR("text"));
    add_bytes("b.gz", "\x1f\x8bmore", 6);
    assert_int_equal(fh_gz_open("b.gz", &gz, NULL), FH_OK);
    assert_int_equal(fh_gz_read(gz, piece, sizeof piece, &len, NULL), FH_OK);
    assert_int_equal(fh_gz_read(gz, piece, sizeof piece, &len, NULL), FH_EFORMAT);
    assert_false(fh_gz_foreign(gz, &offset));
    fh_gz_close(gz);
}

/* ---- Lines ---- */

static void check_line(fh_gz *gz, fh_buffer *line, fh_str want)
{
    fh_error err = {0};
    bool found;
    if (fh_gz_line(gz, LIMIT, line, &found, &err) != FH_OK)
        fail_msg("%s", err.message);
    assert_true(found);
    assert_int_equal(line->len, want.len);
    assert_memory_equal(fh_buffer_str(line).ptr, want.ptr, want.len);
}

static void check_end(fh_gz *gz, fh_buffer *line)
{
    bool found = true;
    assert_int_equal(fh_gz_line(gz, LIMIT, line, &found, NULL), FH_OK);
    assert_false(found);
    assert_int_equal(line->len, 0);
}

static void reads_lines(void **state)
{
    (void)state;
    fh_gz *gz;
    fh_buffer line = {0};
    put_gz("a.gz", FH_STR("one\n\ntwo\r\n\r\na\rb\nn\0l\nlast\r"));
    assert_int_equal(fh_gz_open("a.gz", &gz, NULL), FH_OK);
    check_line(gz, &line, FH_STR("one"));
    check_line(gz, &line, FH_STR(""));
    check_line(gz, &line, FH_STR("two"));
    check_line(gz, &line, FH_STR(""));
    check_line(gz, &line, FH_STR("a\rb"));
    check_line(gz, &line, FH_STR("n\0l"));
    check_line(gz, &line, FH_STR("last\r"));
    check_end(gz, &line);
    check_end(gz, &line);
    fh_gz_close(gz);
    fh_buffer_free(&line);
}

static void no_empty_line_behind_the_last_feed(void **state)
{
    (void)state;
    fh_gz *gz;
    fh_buffer line = {0};
    put_str("a", FH_STR("one\n"));
    assert_int_equal(fh_gz_open("a", &gz, NULL), FH_OK);
    check_line(gz, &line, FH_STR("one"));
    check_end(gz, &line);
    fh_gz_close(gz);
    fh_buffer_free(&line);
}

static void reads_many_lines(void **state)
{
    (void)state;
    fh_gz *gz;
    fh_buffer numbers = make_numbers(), line = {0}, all = {0};
    put_gz("a.gz", fh_buffer_str(&numbers));
    assert_int_equal(fh_gz_open("a.gz", &gz, NULL), FH_OK);
    for (int i = 0; i < NUMBERS; i++) {
        bool found;
        assert_int_equal(fh_gz_line(gz, LIMIT, &line, &found, NULL), FH_OK);
        assert_true(found);
        fh_buffer_add_str(&all, fh_buffer_str(&line));
        fh_buffer_add_byte(&all, '\n');
    }
    check_end(gz, &line);
    assert_true(fh_str_equal(fh_buffer_str(&all), fh_buffer_str(&numbers)));
    fh_gz_close(gz);
    fh_buffer_free(&numbers);
    fh_buffer_free(&line);
    fh_buffer_free(&all);
}

/* A file of a line of LEN bytes and END behind it, then the line "next". */
static void put_long(size_t len, const char *end)
{
    fh_buffer text = {0};
    for (size_t i = 0; i < len; i++)
        fh_buffer_add_byte(&text, 'x');
    fh_buffer_printf(&text, "%snext\n", end);
    put_str("long", fh_buffer_str(&text));
    fh_buffer_free(&text);
}

static void check_long(size_t len, const char *end, bool fits)
{
    fh_gz *gz;
    fh_error err = {0};
    fh_buffer line = {0};
    bool found;
    put_long(len, end);
    assert_int_equal(fh_gz_open("long", &gz, NULL), FH_OK);
    fh_status status = fh_gz_line(gz, LIMIT, &line, &found, &err);
    assert_int_equal(status, fits ? FH_OK : FH_ELIMIT);
    assert_int_equal(found, fits);
    assert_int_equal(line.len, fits ? len : 0);
    assert_true(line.capacity < 4 * LIMIT);
    if (!fits)
        assert_string_equal(err.message, "long: a line has more than 1000 bytes");
    check_line(gz, &line, FH_STR("next"));
    check_end(gz, &line);
    fh_gz_close(gz);
    fh_buffer_free(&line);
}

static void passes_over_lines_that_are_too_long(void **state)
{
    (void)state;
    check_long(LIMIT, "\n", true);
    check_long(LIMIT, "\r\n", true);
    check_long(LIMIT + 1, "\n", false);
    check_long(LIMIT + 1, "\r\n", false);
    check_long(LIMIT, "\r\r\n", false);
    check_long(100 * LIMIT, "\n", false);
    check_long(1000 * LIMIT, "\r\n", false);
}

static void a_line_that_is_cut_is_none(void **state)
{
    (void)state;
    fh_gz *gz;
    fh_buffer line = {0};
    bool found = true;
    put_gz("a.gz", FH_STR("whole\npart"));
    cut_file("a.gz", "cut.gz", (size_t)fh_folder_bytes("a.gz") - 8);
    assert_int_equal(fh_gz_open("cut.gz", &gz, NULL), FH_OK);
    check_line(gz, &line, FH_STR("whole"));
    assert_int_equal(fh_gz_line(gz, LIMIT, &line, &found, NULL), FH_EFORMAT);
    assert_false(found);
    assert_int_equal(line.len, 0);
    fh_gz_close(gz);
    fh_buffer_free(&line);
}

static void lines_and_bytes_follow_each_other(void **state)
{
    (void)state;
    fh_gz *gz;
    fh_buffer line = {0};
    char bytes[10];
    size_t len;
    put_gz("a.gz", FH_STR("one\ntwothree\nfour"));
    assert_int_equal(fh_gz_open("a.gz", &gz, NULL), FH_OK);
    check_line(gz, &line, FH_STR("one"));
    assert_int_equal(fh_gz_read(gz, bytes, 3, &len, NULL), FH_OK);
    assert_int_equal(len, 3);
    assert_memory_equal(bytes, "two", 3);
    check_line(gz, &line, FH_STR("three"));
    assert_int_equal(fh_gz_read(gz, bytes, sizeof bytes, &len, NULL), FH_OK);
    assert_int_equal(len, 4);
    assert_memory_equal(bytes, "four", 4);
    assert_int_equal(fh_gz_read(gz, bytes, 0, &len, NULL), FH_OK);
    assert_int_equal(len, 0);
    fh_gz_close(gz);
    fh_buffer_free(&line);
}

/* ---- The rest ---- */

static void offset_grows_to_the_size_of_the_file(void **state)
{
    (void)state;
    fh_gz *gz;
    fh_buffer numbers = make_numbers();
    char piece[50000];
    size_t len = 1;
    uint64_t before = 0;
    put_gz("a.gz", fh_buffer_str(&numbers));
    assert_int_equal(fh_gz_open("a.gz", &gz, NULL), FH_OK);
    assert_int_equal(fh_gz_offset(gz), 0);
    while (len > 0) {
        assert_int_equal(fh_gz_read(gz, piece, sizeof piece, &len, NULL), FH_OK);
        assert_true(len == 0 || fh_gz_offset(gz) > before);
        before = fh_gz_offset(gz);
    }
    assert_int_equal(before, fh_folder_bytes("a.gz"));
    fh_gz_close(gz);
    fh_buffer_free(&numbers);
}

static void reads_standard_input(void **state)
{
    (void)state;
    int ends[2], before = dup(STDIN_FILENO);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "one\n", 4), 4);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    check_read("-", 100, FH_STR("one\n"));
    /* Closing the reader leaves standard input open. */
    assert_int_not_equal(fcntl(STDIN_FILENO, F_GETFD), -1);
    assert_int_equal(dup2(before, STDIN_FILENO), STDIN_FILENO);
    close(before);
}

static void names_what_cannot_be_opened(void **state)
{
    (void)state;
    fh_gz *gz = (fh_gz *)&gz;
    fh_error err;
    assert_int_equal(fh_gz_open("nothing", &gz, &err), FH_ENOTFOUND);
    assert_null(gz);
    assert_string_equal(err.message, "cannot open nothing: No such file or directory");
    assert_int_equal(fh_gz_open(".", &gz, &err), FH_EIO);
    assert_null(gz);
    assert_string_equal(err.message, "cannot read .: Is a directory");
    fh_gz_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(reads_plain_files),
        folder_test(reads_gzip),
        folder_test(several_members_are_one_text),
        folder_test(members_may_meet_at_any_border),
        folder_test(a_cut_stream_gives_what_there_is_then_fails),
        folder_test(a_missing_checksum_is_a_cut),
        folder_test(damage_gives_what_stands_before_it),
        folder_test(wrong_checksum_is_damage),
        folder_test(other_bytes_behind_a_member_are_damage),
        folder_test(foreign_bytes_are_told_from_damage),
        folder_test(reads_lines),
        folder_test(no_empty_line_behind_the_last_feed),
        folder_test(reads_many_lines),
        folder_test(passes_over_lines_that_are_too_long),
        folder_test(a_line_that_is_cut_is_none),
        folder_test(lines_and_bytes_follow_each_other),
        folder_test(offset_grows_to_the_size_of_the_file),
        folder_test(reads_standard_input),
        folder_test(names_what_cannot_be_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
