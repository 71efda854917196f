#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <zlib.h>

#include "base/dates.h"
#include "indexer/reader.h"
#include "tests/unit/scratch.h"

static void put_gz(const char *path, const char *text)
{
    gzFile file = gzopen(path, "w");
    assert_non_null(file);
    assert_int_equal(gzputs(file, text), strlen(text));
    gzclose(file);
}

/* ---- What a reading gave, as one text ---- */

static void note_remark(void *context, const fh_remark *remark)
{
    static const char letters[] = {[FH_REMARK_REFUSED] = '!',
                                   [FH_REMARK_REPAIRED] = '~',
                                   [FH_REMARK_WARNING] = '?',
                                   [FH_REMARK_DETAIL] = ' '};
    if (remark->kind != FH_REMARK_DETAIL)
        fh_buffer_printf(context, "%c%s:%u: %s\n", letters[remark->kind], remark->file,
                         (unsigned)remark->line, remark->reason);
}

static void note_field(fh_buffer *notes, const char *name, fh_str text)
{
    if (text.len > 0)
        fh_buffer_printf(notes, " %s=%.*s", name, (int)text.len, text.ptr);
}

static void note_article(fh_buffer *notes, const fh_article *a)
{
    char date[FH_DATE_TEXT_MAX];
    fh_buffer_printf(notes, "+%.*s", (int)a->id.len, a->id.ptr);
    note_field(notes, "title", a->title);
    note_field(notes, "body", a->body);
    note_field(notes, "url", a->url);
    note_field(notes, "source", a->source);
    note_field(notes, "section", a->section);
    note_field(notes, "keywords", a->keywords);
    note_field(notes, "date", fh_str_of(fh_date_format(a->date, date)));
    fh_buffer_add_byte(notes, '\n');
}

/* Read INPUTS, up to a NULL, and hold what comes out to WANT. */
static void assert_reads(const char *const *inputs, const char *want)
{
    fh_buffer notes = {0};
    fh_listener listener = {.hear = note_remark, .context = &notes};
    fh_reading reading = {.inputs = inputs, .index = "an.index", .listener = &listener};
    while (inputs[reading.count])
        reading.count++;
    fh_reader *r;
    fh_article article;
    bool found = true;
    assert_int_equal(fh_reader_open(&reading, &r, NULL), FH_OK);
    while (found) {
        assert_int_equal(fh_reader_next(r, &found, &article, NULL), FH_OK);
        if (found)
            note_article(&notes, &article);
    }
    fh_reader_close(r);
    assert_string_equal(fh_buffer_str(&notes).ptr, want);
    fh_buffer_free(&notes);
}

#define INPUTS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* ---- JSON Lines ---- */

static void reads_every_key(void **state)
{
    (void)state;
    put("a.jsonl",
        "{\"id\":\"x1\",\"title\":\"T\",\"body\":\"B\",\"url\":\"https://www.aps.dz/a\","
        "\"date\":\"2026-02-09\",\"source\":\"S\",\"section\":\"C\",\"keywords\":[\"k\",\"l\"],"
        "\"other\":{\"deep\":[1]}}\n");
    assert_reads(INPUTS("a.jsonl"), "+x1 title=T body=B url=https://www.aps.dz/a source=S "
                                    "section=C keywords=k\nl date=2026-02-09\n");
}

static void fills_in_what_is_missing(void **state)
{
    (void)state;
    put("a.jsonl", "{\"body\":\"B\",\"title\":null}\n"
                   "{\"body\":\"B\",\"id\":\"\",\"url\":\"http://www.spa.gov.sa:80/x?y\"}\n"
                   "{\"body\":\"B\",\"id\":12}\n"
                   "{\"body\":\"B\",\"id\":1.5,\"date\":2015,\"keywords\":\"one\"}\n"
                   "{\"title\":\"only\"}");
    assert_reads(INPUTS("./a.jsonl"),
                 "+a.jsonl#1 body=B\n"
                 "+http://www.spa.gov.sa:80/x?y body=B url=http://www.spa.gov.sa:80/x?y "
                 "source=spa.gov.sa\n"
                 "+12 body=B\n"
                 "+1.5 body=B keywords=one date=2015\n"
                 "+a.jsonl#5 title=only\n");
}

static void refuses_lines_and_goes_on(void **state)
{
    (void)state;
    put("a.jsonl", "{\"id\":\"1\",\"body\":\"B\"}\n"
                   "{\"id\":\"2\"\n"
                   "\r\n"
                   "{\"id\":\"3\",\"body\":7}\n"
                   "{\"id\":\"4\",\"body\":\" \\n\"}\n"
                   "{\"id\":[],\"body\":\"B\"}\n"
                   "{\"id\":\"5\",\"body\":\"B\",\"keywords\":[1]}\n"
                   "{\"id\":\"6\\u0007\",\"body\":\"B\"}\n"
                   "[1]\n"
                   "{\"id\":\"7\",\"body\":\"B\",\"date\":true}\n"
                   "{\"id\":\"8\",\"body\":\"B\"}\r\n");
    assert_reads(INPUTS("a.jsonl"), "+1 body=B\n"
                                    "!a.jsonl:2: bad JSON at byte 9: '}' expected\n"
                                    "!a.jsonl:4: \"body\" is no text\n"
                                    "!a.jsonl:5: neither title nor body\n"
                                    "!a.jsonl:6: \"id\" is no text\n"
                                    "!a.jsonl:7: \"keywords\" holds what is no text\n"
                                    "!a.jsonl:8: the id holds a control character\n"
                                    "!a.jsonl:9: bad JSON at byte 1: '{' expected\n"
                                    "!a.jsonl:10: \"date\" is no text\n"
                                    "+8 body=B\n");
}

static void warns_of_dates_and_repairs_bytes(void **state)
{
    (void)state;
    put("a.jsonl",
        "\xEF\xBB\xBF{\"id\":\"1\",\"body\":\"B\",\"date\":\"yesterday\"}\n"
        "{\"id\":\"2\",\"body\":\"long enough to be text \xFF and \xED\xA0\x80.\"}\n");
    assert_reads(
        INPUTS("a.jsonl"),
        "?a.jsonl:1: \"date\" is not understood, the article is kept without: yesterday\n"
        "+1 body=B\n"
        "~a.jsonl:2: 4 bad UTF-8 sequences replaced by U+FFFD\n"
        "+2 body=long enough to be text \uFFFD and \uFFFD\uFFFD\uFFFD.\n");
}

static void says_once_that_a_file_is_one_value(void **state)
{
    (void)state;
    const char *reason =
        ":1: one JSON value over several lines: write each article as an object on "
        "a line of its own\n";
    put("a.json", "[\n{\"body\":\"B\"}\n]\n");
    put("b.json", "{\n\"body\":\n\"B\"}\n");
    char want[400];
    snprintf(want, sizeof want, "!a.json%s!b.json%s", reason, reason);
    assert_reads(INPUTS("a.json", "b.json"), want);
}

static void keeps_what_came_before_damage(void **state)
{
    (void)state;
    char line[3000] = "{\"id\":\"1\",\"body\":\"B\"}\n{\"body\":\"";
    size_t len = strlen(line);
    uint32_t noise = 7;
    while (len < sizeof line - 1) {
        noise = noise * 1664525u + 1013904223u;
        line[len++] = (char)('a' + (noise >> 24) % 26);
    }
    put_gz("whole.jsonl.gz", line);
    fh_buffer bytes = {0};
    assert_int_equal(fh_file_read("whole.jsonl.gz", 1 << 20, &bytes, NULL), FH_OK);
    put_bytes("cut.jsonl.gz", bytes.data, bytes.len - 200);
    char want[200];
    snprintf(want, sizeof want,
             "+1 body=B\n!cut.jsonl.gz:2: the gzip data is cut at byte %zu\n", bytes.len - 200);
    assert_reads(INPUTS("cut.jsonl.gz"), want);
    fh_buffer_free(&bytes);
}

static void add_junk(const char *path)
{
    FILE *file = fopen(path, "ab");
    assert_non_null(file);
    assert_true(fputs("junk\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void warns_of_bytes_behind_whole_gzip(void **state)
{
    (void)state;
    char want[200];
    put_gz("a.txt.gz", "title\nbody.");
    put_gz("b.jsonl.gz", "{\"id\":\"1\",\"body\":\"B\"}\n{\"id\":\"2\",\"body\":\"C\"}");
    size_t a = fh_folder_bytes("a.txt.gz"), b = fh_folder_bytes("b.jsonl.gz");
    add_junk("a.txt.gz");
    add_junk("b.jsonl.gz");
    snprintf(want, sizeof want,
             "?a.txt.gz:0: the bytes from %zu on are no gzip: they are left out\n"
             "+a.txt.gz title=title body=body.\n"
             "+1 body=B\n"
             "?b.jsonl.gz:0: the bytes from %zu on are no gzip: they are left out\n"
             "+2 body=C\n",
             a, b);
    assert_reads(INPUTS("a.txt.gz", "b.jsonl.gz"), want);
}

static void passes_over_a_line_that_is_too_long(void **state)
{
    (void)state;
    FILE *file = fopen("long.jsonl", "w");
    fputs("{\"id\":\"1\",\"body\":\"B\"}\n", file);
    for (int i = 0; i < (64 << 20) / 1024 + 1; i++)
        fprintf(file, "%1024d", 0);
    fputs("\n{\"id\":\"3\",\"body\":\"B\"}\n", file);
    for (int i = 0; i < (64 << 20) / 1024 + 1; i++)
        fprintf(file, "%1024d", 0);
    fclose(file);
    assert_reads(INPUTS("long.jsonl"), "+1 body=B\n"
                                       "!long.jsonl:2: a line of more than 64 MiB\n"
                                       "+3 body=B\n"
                                       "!long.jsonl:4: a line of more than 64 MiB\n");
}

static void straightens_titles(void **state)
{
    (void)state;
    put("a.jsonl", "{\"id\":\"1\",\"title\":\"one\\r\\ntwo\\tthree\",\"body\":\"B\"}\n");
    assert_reads(INPUTS("a.jsonl"), "+1 title=one two three body=B\n");
}

/* ---- Files and folders ---- */

static void chooses_formats(void **state)
{
    (void)state;
    put_gz("a.JSONL.gz", "{\"body\":\"B\"}\n");
    put_gz("b.gz", "\n {\"body\":\"B\"}\n");
    put("c", "title\nbody.");
    put("d.2015", "title\nbody.");
    put("e.txt", "{\"body\":\"B\"}\n");
    put("f.jpg", "\xFF\xD8");
    put("g.mp4.gz", "x");
    assert_reads(INPUTS("."), "+a.JSONL.gz#1 body=B\n"
                              "+b.gz#2 body=B\n"
                              "+c title=title body=body.\n"
                              "+d.2015 title=title body=body.\n"
                              "+e.txt title={\"body\":\"B\"}\n"
                              "!./f.jpg:0: no reader for .jpg\n"
                              "!./g.mp4.gz:0: no reader for .mp4\n");
}

static void refuses_mail_and_mhtml(void **state)
{
    (void)state;
    const char *const reason = "an e-mail or a page saved as MHTML: save it as HTML or text";
    put("a", "From: <Saved by Blink>\r\nSubject: x\r\n\r\n<html>=D8\r\n");
    put("b", "Subject: x\nMIME-Version: 1.0\n\ntext");
    put("c", "Date: x\nContent-Type: multipart/related;\n\tboundary=\"x\"\n\n--x");
    put("d", "title\nMIME-Version: 1.0\n\nis a header.");
    put("e", "Recipe: bread\n\nMIME-Version: 1.0");
    put("f.txt", "MIME-Version: 1.0\n\nkept");
    char want[500];
    snprintf(want, sizeof want,
             "!a:0: %s\n!b:0: %s\n!c:0: %s\n"
             "+d title=title body=MIME-Version: 1.0\n\nis a header.\n"
             "+e title=Recipe: bread body=MIME-Version: 1.0\n"
             "+f.txt title=MIME-Version: 1.0 body=kept\n",
             reason, reason, reason);
    assert_reads(INPUTS("a", "b", "c", "d", "e", "f.txt"), want);
}

static void numbers_the_articles_of_a_line(void **state)
{
    (void)state;
    put("a.rss", "<rss><item><title>A</title></item><item><title>B</title></item>\n"
                 "<item><title>C</title></item><item><title>D</title></item></rss>");
    put("b.rss", "<rss>\n<item><title>E</title></item></rss>");
    assert_reads(INPUTS("a.rss", "b.rss"), "+a.rss#1 title=A\n"
                                           "+a.rss#1.2 title=B\n"
                                           "+a.rss#2 title=C\n"
                                           "+a.rss#2.2 title=D\n"
                                           "+b.rss#2 title=E\n");
}

static void refuses_what_is_no_text(void **state)
{
    (void)state;
    put("a.txt", "");
    put_bytes("d.txt", "\1\2\3\4\5\6\1\2\3\4\5\6", 12);
    put_bytes("e.jsonl", "{\"body\":\"\0\0\0\0\0\0\0\0\"}", 20);
    put("f.txt", " \n\n");
    put("g.txt", "text");
    assert_int_equal(chmod("g.txt", 0), 0);
    assert_reads(INPUTS("a.txt", "d.txt", "e.jsonl", "f.txt", "gone.txt"),
                 "!gone.txt:0: No such file or directory\n"
                 "!a.txt:0: empty\n"
                 "!d.txt:0: not text\n"
                 "!e.jsonl:0: not text\n"
                 "!f.txt:0: neither title nor body\n");
    if (geteuid() != 0)
        assert_reads(INPUTS("g.txt"), "!g.txt:0: cannot be opened: Permission denied\n");
}

static void reads_other_character_sets(void **state)
{
    (void)state;
    put("b.txt",
        "\xD3\xE1\xC7\xE3 \xDA\xE1\xED\xDF\xE3 \xE6\xD1\xCD\xE3\xC9 \xC7\xE1\xE1\xE5\n");
    put_bytes("c.txt",
              "\xFF\xFE"
              "a\0b\0",
              6);
    put_bytes("d.txt", "\x06\x33\x06\x44\0\x20\x06\x27\x06\x45\0\x20\x06\x33\x06\x44", 16);
    assert_reads(INPUTS("b.txt", "c.txt", "d.txt"),
                 "+b.txt title=\u0633\u0644\u0627\u0645 \u0639\u0644\u064A\u0643\u0645 "
                 "\u0648\u0631\u062D\u0645\u0629 \u0627\u0644\u0644\u0647\n"
                 "+c.txt title=ab\n"
                 "+d.txt title=\u0633\u0644 \u0627\u0645 \u0633\u0644\n");
}

static void walks_folders_in_order(void **state)
{
    (void)state;
    assert_int_equal(mkdir("f", 0777), 0);
    assert_int_equal(mkdir("f/b", 0777), 0);
    assert_int_equal(mkdir("f/.hidden", 0777), 0);
    assert_int_equal(mkdir("f/old.index", 0777), 0);
    assert_int_equal(mkdir("an.index", 0777), 0);
    put("f/z.txt", "z");
    put("f/B.txt", "B");
    put("f/b/a.txt", "a");
    put("f/.hidden/x.txt", "x");
    put("f/.x.txt", "x");
    put("f/old.index/fihris.json", "{}");
    put("f/old.index/x.txt", "x");
    put("an.index/lock", "12");
    assert_reads(INPUTS("f/", ".//f//"),
                 "+f/B.txt title=B\n+f/b/a.txt title=a\n+f/z.txt title=z\n"
                 "+f/B.txt title=B\n+f/b/a.txt title=a\n+f/z.txt title=z\n");
    assert_reads(INPUTS("."), "+f/B.txt title=B\n+f/b/a.txt title=a\n+f/z.txt title=z\n");
    assert_reads(INPUTS("f/old.index"), "!f/old.index:0: an index, not articles\n");
}

static void guards_against_loops_and_odd_files(void **state)
{
    (void)state;
    assert_int_equal(mkdir("f", 0777), 0);
    assert_int_equal(mkdir("f/sub", 0777), 0);
    assert_int_equal(mkdir("g", 0777), 0);
    put("f/a.txt", "a");
    put("g/b.txt", "b");
    assert_int_equal(symlink("..", "f/sub/loop"), 0);
    assert_int_equal(symlink("../g", "f/other"), 0);
    assert_int_equal(symlink("nowhere", "f/dangling.txt"), 0);
    assert_int_equal(symlink("../g/b.txt", "f/link.txt"), 0);
    assert_int_equal(mkfifo("f/fifo.txt", 0666), 0);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "f/socket.txt"};
    assert_int_equal(bind(s, (struct sockaddr *)&address, sizeof address), 0);
    close(s);
    assert_reads(INPUTS("f"), "!f/dangling.txt:0: No such file or directory\n"
                              "!f/fifo.txt:0: neither a file nor a folder\n"
                              "!f/socket.txt:0: neither a file nor a folder\n"
                              "!f/sub/loop:0: a link to a folder that is already read\n"
                              "+f/a.txt title=a\n"
                              "+f/link.txt title=b\n"
                              "+f/other/b.txt title=b\n");
}

static void bounds_depth(void **state)
{
    (void)state;
    assert_int_equal(mkdir("deep", 0777), 0);
    assert_int_equal(chdir("deep"), 0);
    for (int i = 0; i < 101; i++) {
        assert_int_equal(mkdir("d", 0777), 0);
        assert_int_equal(chdir("d"), 0);
    }
    put("x.txt", "x");
    for (int i = 0; i < 102; i++)
        assert_int_equal(chdir(".."), 0);
    char want[400] = "!deep";
    for (int i = 0; i < 101; i++)
        strcat(want, "/d");
    strcat(want, ":0: more folders inside folders than are followed\n");
    assert_reads(INPUTS("deep"), want);
    assert_int_equal(system("rm -r deep"), 0);
}

static void repairs_names(void **state)
{
    (void)state;
    assert_int_equal(mkdir("f", 0777), 0);
    put("f/a\xFF.txt", "a");
    put("f/b\n.txt", "b");
    assert_reads(INPUTS("f"), "+f/a\uFFFD.txt title=a\n"
                              "!f/b\n.txt:0: the id holds a control character\n");
}

/* ---- Stopping ---- */

static bool stop_now(void *context)
{
    (void)context;
    return true;
}

static void stops_when_asked(void **state)
{
    (void)state;
    put("a.txt", "a");
    fh_buffer notes = {0};
    fh_listener listener = {.hear = note_remark, .stop = stop_now, .context = &notes};
    fh_reading reading = {.inputs = INPUTS("a.txt"), .count = 1, .listener = &listener};
    fh_reader *r;
    fh_article article;
    bool found;
    assert_int_equal(fh_reader_open(&reading, &r, NULL), FH_OK);
    assert_int_equal(fh_reader_next(r, &found, &article, NULL), FH_ESTOPPED);
    assert_false(found);
    fh_reader_close(r);
    assert_int_equal(notes.len, 0);
    fh_buffer_free(&notes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        folder_test(reads_every_key),
        folder_test(fills_in_what_is_missing),
        folder_test(refuses_lines_and_goes_on),
        folder_test(warns_of_dates_and_repairs_bytes),
        folder_test(says_once_that_a_file_is_one_value),
        folder_test(keeps_what_came_before_damage),
        folder_test(warns_of_bytes_behind_whole_gzip),
        folder_test(passes_over_a_line_that_is_too_long),
        folder_test(straightens_titles),
        folder_test(chooses_formats),
        folder_test(refuses_mail_and_mhtml),
        folder_test(numbers_the_articles_of_a_line),
        folder_test(refuses_what_is_no_text),
        folder_test(reads_other_character_sets),
        folder_test(walks_folders_in_order),
        folder_test(guards_against_loops_and_odd_files),
        folder_test(bounds_depth),
        folder_test(repairs_names),
        folder_test(stops_when_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
