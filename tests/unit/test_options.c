#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buffer.h"
#include "base/options.h"
#include "base/utf8.h"

/* What the options of the program under test set, and the outcome of parsing. */
typedef struct outcome {
    bool quiet;
    const char *out;
    uint64_t count, memory;
    int sort;
    int first;
    fh_parsed what;
    fh_status status;
    fh_error err;
} outcome;

#define ARGUMENTS_MAX 10

#define ROWS 8

/* The options of the program under test, bound to the parts of O. */
static void make_options(outcome *o, fh_option row[static ROWS])
{
    *row++ = (fh_option){.name = "What is read", .kind = FH_OPTION_GROUP};
    *row++ =
        (fh_option){.name = "quiet", .letter = 'q', .value = &o->quiet, .help = "Say nothing."};
    *row++ = (fh_option){.name = "out",
                         .letter = 'o',
                         .kind = FH_OPTION_TEXT,
                         .value = &o->out,
                         .argument = "INDEX",
                         .help = "The index."};
    *row++ = (fh_option){.name = "How much", .kind = FH_OPTION_GROUP};
    *row++ =
        (fh_option){.name = "count",
                    .letter = 'n',
                    .kind = FH_OPTION_COUNT,
                    .value = &o->count,
                    .argument = "COUNT",
                    .help = "How many results stand on a page, which may be a good deal more "
                            "than one wants to read in one evening (10).",
                    .min = 1,
                    .max = 10000};
    *row++ = (fh_option){.name = "memory",
                         .kind = FH_OPTION_SIZE,
                         .value = &o->memory,
                         .argument = "SIZE",
                         .help = "Memory.",
                         .min = 1 << 20,
                         .max = UINT64_C(1) << 40};
    *row++ = (fh_option){.name = "sort",
                         .kind = FH_OPTION_CHOICE,
                         .value = &o->sort,
                         .help = "The order.",
                         .choices = "relevance|date|date-asc"};
    *row = (fh_option){0};
}

static fh_program program_of(const fh_option *options)
{
    return (fh_program){.name = "fihris-test",
                        .usage = "[options] INDEX QUERY...\n--get ID INDEX",
                        .summary =
                            "Search an index. Words are ranked, any of them may match, and "
                            "a phrase in quoting marks must stand in every result.",
                        .examples = "  fihris-test news.index 'وزارة الخارجية'",
                        .options = options};
}

/* Parse LINE, split at its spaces; an argument `_` is the empty one. */
static outcome parse(const char *line)
{
    outcome o = {.count = 10, .out = "default"};
    fh_option options[ROWS];
    make_options(&o, options);
    fh_program program = program_of(options);
    char name[] = "fihris-test";
    char *argv[ARGUMENTS_MAX + 2] = {name};
    int argc = 1;
    static char copy[1000];
    strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        argv[argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
    o.status = fh_options_parse(&program, argc, argv, &o.first, &o.what, &o.err);
    return o;
}

static void nothing_leaves_the_defaults(void **state)
{
    (void)state;
    outcome o = parse("");
    assert_int_equal(o.status, FH_OK);
    assert_int_equal(o.what, FH_PARSED_RUN);
    assert_int_equal(o.first, 1);
    assert_false(o.quiet);
    assert_int_equal(o.count, 10);
    assert_int_equal(o.sort, 0);
    assert_string_equal(o.out, "default");
}

static void reads_all_kinds(void **state)
{
    (void)state;
    outcome o = parse("--quiet --out a.index --count 7 --memory 64M --sort date-asc INDEX");
    assert_int_equal(o.status, FH_OK);
    assert_true(o.quiet);
    assert_string_equal(o.out, "a.index");
    assert_int_equal(o.count, 7);
    assert_int_equal(o.memory, 64 << 20);
    assert_int_equal(o.sort, 2);
    assert_int_equal(o.first, 10);
    o = parse("--count=8 --sort=date --out=_ INDEX");
    assert_int_equal(o.count, 8);
    assert_int_equal(o.sort, 1);
    assert_int_equal(o.first, 4);
    o = parse("-qn9 -o a.index");
    assert_true(o.quiet);
    assert_int_equal(o.count, 9);
    assert_string_equal(o.out, "a.index");
    assert_int_equal(parse("--memo 1G").memory, 1 << 30);
}

static void stops_at_the_first_argument(void **state)
{
    (void)state;
    outcome o = parse("-q INDEX -word --count 3");
    assert_int_equal(o.status, FH_OK);
    assert_int_equal(o.first, 2);
    assert_int_equal(o.count, 10);
    o = parse("-q -- -word");
    assert_int_equal(o.first, 3);
    o = parse("- -q");
    assert_int_equal(o.first, 1);
    assert_false(o.quiet);
}

static void reads_numbers_of_any_script(void **state)
{
    (void)state;
    assert_int_equal(parse("-n ٢٥").count, 25);
    assert_int_equal(parse("-n ۲۵").count, 25);
    assert_int_equal(parse("-n 1000").count, 1000);
    assert_int_equal(parse("-n 007").count, 7);
    assert_int_equal(parse("--memory ٦٤M").memory, 64 << 20);
    assert_int_equal(parse("--memory 2048k").memory, 2 << 20);
    assert_int_equal(parse("--memory 1048576").memory, 1 << 20);
}

static void must_refuse(const char *line, const char *message)
{
    outcome o = parse(line);
    if (o.status != FH_EUSAGE)
        fail_msg("taken: %s", line);
    assert_string_equal(o.err.message, message);
    assert_int_equal(o.first, 0);
}

static void refuses_wrong_numbers(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0",   "10001", "x",  "5x", "-5",
                                        "5.0", "5K",    "٢x", "+5", "99999999999999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char line[100], message[200];
        snprintf(line, sizeof line, "--count %s", wrong[i]);
        snprintf(message, sizeof message, "--count takes a number from 1 to 10000, not '%s'",
                 wrong[i]);
        must_refuse(line, message);
    }
    must_refuse("-n _", "--count takes a number from 1 to 10000, not ''");
}

static void refuses_wrong_sizes(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "1",    "M",    "1T",          "1MB", "-1M", "99999999999G", "18446744073709551615G",
        "1.5G", "0x1M", "17179869185G"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char line[100];
        snprintf(line, sizeof line, "--memory=%s", wrong[i]);
        if (parse(line).status != FH_EUSAGE)
            fail_msg("taken: %s", line);
    }
    must_refuse("--memory 1", "--memory takes a number of bytes (K, M, G) from 1048576 to "
                              "1099511627776, not '1'");
}

static void refuses_wrong_choices(void **state)
{
    (void)state;
    must_refuse("--sort size", "--sort takes relevance|date|date-asc, not 'size'");
    must_refuse("--sort dat", "--sort takes relevance|date|date-asc, not 'dat'");
    must_refuse("--sort date|date-asc", "--sort takes relevance|date|date-asc, not "
                                        "'date|date-asc'");
    must_refuse("--sort _", "--sort takes relevance|date|date-asc, not ''");
}

static void refuses_what_is_no_option(void **state)
{
    (void)state;
    const char *const unknown = " is no option, or begins like several: see fihris-test --help";
    static const char *const wrong[] = {"--nothing", "-x", "--nothing=1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char message[200];
        snprintf(message, sizeof message, "%s%s", wrong[i], unknown);
        must_refuse(wrong[i], message);
    }
    must_refuse("-qx", "-x is no option, or begins like several: see fihris-test --help");
    must_refuse("--quiet=1", "--quiet=1 takes no argument: see fihris-test --help");
    must_refuse("--count", "--count needs an argument: see fihris-test --help");
    must_refuse("-qn", "-n needs an argument: see fihris-test --help");
}

static void knows_help_and_version(void **state)
{
    (void)state;
    assert_int_equal(parse("-q --help --nothing").what, FH_PARSED_HELP);
    assert_int_equal(parse("--version").what, FH_PARSED_VERSION);
    assert_int_equal(parse("INDEX --help").what, FH_PARSED_RUN);
}

/* What WRITE writes for the program under test; for free(). */
static char *written(void (*write)(const fh_program *, FILE *))
{
    outcome o = {0};
    fh_option options[ROWS];
    make_options(&o, options);
    fh_program program = program_of(options);
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    write(&program, out);
    fclose(out);
    return text;
}

static void writes_help(void **state)
{
    (void)state;
    char *text = written(fh_options_help);
    assert_string_equal(
        text,
        "Usage: fihris-test [options] INDEX QUERY...\n"
        "       fihris-test --get ID INDEX\n"
        "\n"
        "Search an index. Words are ranked, any of them may match, and a phrase in\n"
        "quoting marks must stand in every result.\n"
        "\n"
        "What is read:\n"
        "  -q, --quiet             Say nothing.\n"
        "  -o, --out INDEX         The index.\n"
        "\n"
        "How much:\n"
        "  -n, --count COUNT       How many results stand on a page, which may be a good\n"
        "                          deal more than one wants to read in one evening (10).\n"
        "      --memory SIZE       Memory.\n"
        "      --sort relevance|date|date-asc\n"
        "                          The order.\n"
        "\n"
        "Other:\n"
        "      --help              Show this help and end.\n"
        "      --version           Show the version and end.\n"
        "\n"
        "Examples:\n"
        "  fihris-test news.index 'وزارة الخارجية'\n");
    for (const char *line = text; *line;) {
        size_t len = strcspn(line, "\n");
        assert_true(fh_utf8_count((fh_str){line, len}) <= 80);
        line += len + 1;
    }
    free(text);
}

static void writes_the_version(void **state)
{
    (void)state;
    char *text = written(fh_options_version);
    assert_string_equal(text, "fihris-test " FH_VERSION "\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_leaves_the_defaults),
        cmocka_unit_test(reads_all_kinds),
        cmocka_unit_test(stops_at_the_first_argument),
        cmocka_unit_test(reads_numbers_of_any_script),
        cmocka_unit_test(refuses_wrong_numbers),
        cmocka_unit_test(refuses_wrong_sizes),
        cmocka_unit_test(refuses_wrong_choices),
        cmocka_unit_test(refuses_what_is_no_option),
        cmocka_unit_test(knows_help_and_version),
        cmocka_unit_test(writes_help),
        cmocka_unit_test(writes_the_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
