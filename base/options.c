#include "base/options.h"

#include <getopt.h>
#include <string.h>

#include "base/buffer.h"
#include "base/digits.h"
#include "base/utf8.h"

/* Options of one program, --help and --version among them. */
#define OPTIONS_MAX 64

/* What getopt_long hands back for the row I of the table. */
#define CODE(i) (256 + (int)(i))

#define HELP_WIDTH  80
#define HELP_COLUMN 26

/* What every program has. */
static const fh_option common[] = {
    {.name = "help", .help = "Show this help and end."},
    {.name = "version", .help = "Show the version and end."},
};

#define COMMON (sizeof common / sizeof common[0])

static size_t count_rows(const fh_option *options)
{
    size_t count = 0;
    while (options[count].name)
        count++;
    return count;
}

static bool takes_argument(const fh_option *option)
{
    return option->kind != FH_OPTION_FLAG && option->kind != FH_OPTION_GROUP;
}

/* ---- Values ---- */

/* Read the digits at the beginning of TEXT; returns the bytes used, 0 when the number is too large. */
static size_t read_digits(fh_str text, uint64_t *number)
{
    size_t used = 0;
    *number = 0;
    while (used < text.len) {
        uint32_t code;
        size_t len = fh_utf8_decode(text.ptr + used, text.len - used, &code, NULL);
        int digit = fh_digit_value(code);
        if (digit < 0)
            break;
        if (*number > (UINT64_MAX - (uint64_t)digit) / 10)
            return 0;
        *number = *number * 10 + (uint64_t)digit;
        used += len;
    }
    return used;
}

/* How far to shift a number for the unit K, M or G; -1 for anything else. */
static int unit_shift(fh_str unit)
{
    if (unit.len == 0)
        return 0;
    const char *units = "KkMmGg";
    const char *found = unit.len == 1 ? strchr(units, unit.ptr[0]) : NULL;
    return found ? ((int)(found - units) / 2 + 1) * 10 : -1;
}

static fh_status set_number(const fh_option *option, const char *argument, fh_error *err)
{
    fh_str text = fh_str_of(argument);
    uint64_t number;
    size_t used = read_digits(text, &number);
    int shift = unit_shift((fh_str){text.ptr + used, text.len - used});
    bool good = used > 0 && shift >= 0 && (shift == 0 || option->kind == FH_OPTION_SIZE);
    if (!good || number > UINT64_MAX >> shift || number << shift < option->min ||
        number << shift > option->max)
        return fh_fail(
            err, FH_EUSAGE, "--%s takes %s from %llu to %llu, not '%s'", option->name,
            option->kind == FH_OPTION_SIZE ? "a number of bytes (K, M, G)" : "a number",
            (unsigned long long)option->min, (unsigned long long)option->max, argument);
    *(uint64_t *)option->value = number << shift;
    return FH_OK;
}

static fh_status set_choice(const fh_option *option, const char *argument, fh_error *err)
{
    size_t len = strlen(argument);
    int place = 0;
    for (const char *choice = option->choices; choice; place++) {
        size_t choice_len = strcspn(choice, "|");
        if (choice_len == len && memcmp(choice, argument, len) == 0) {
            *(int *)option->value = place;
            return FH_OK;
        }
        choice = choice[choice_len] ? choice + choice_len + 1 : NULL;
    }
    return fh_fail(err, FH_EUSAGE, "--%s takes %s, not '%s'", option->name, option->choices,
                   argument);
}

static fh_status set_value(const fh_option *option, const char *argument, fh_error *err)
{
    switch (option->kind) {
    case FH_OPTION_FLAG:
        *(bool *)option->value = true;
        return FH_OK;
    case FH_OPTION_TEXT:
        *(const char **)option->value = argument;
        return FH_OK;
    case FH_OPTION_COUNT:
    case FH_OPTION_SIZE:
        return set_number(option, argument, err);
    case FH_OPTION_CHOICE:
        return set_choice(option, argument, err);
    case FH_OPTION_GROUP:
        break;
    }
    return FH_OK;
}

/* ---- The command line ---- */

/* getopt's view of the table: LONGS, ended by a zeroed row, and LETTERS. */
static void make_getopt(const fh_option *options, size_t count, struct option *longs,
                        char *letters)
{
    *letters++ = '+'; /* stop at the first argument that is no option */
    *letters++ = ':'; /* tell a missing argument from an unknown option */
    for (size_t i = 0; i < count + COMMON; i++) {
        const fh_option *option = i < count ? &options[i] : &common[i - count];
        if (option->kind == FH_OPTION_GROUP)
            continue;
        *longs++ = (struct option){option->name, takes_argument(option), NULL, CODE(i)};
        if (!option->letter)
            continue;
        *letters++ = option->letter;
        if (takes_argument(option))
            *letters++ = ':';
    }
    *longs = (struct option){0};
    *letters = '\0';
}

/* The row that getopt's CODE stands for: of a long name, or a letter. */
static size_t find_row(const fh_option *options, size_t count, int code)
{
    if (code >= CODE(0))
        return (size_t)(code - CODE(0));
    size_t i = 0;
    while (i < count && options[i].letter != code)
        i++;
    return i;
}

static fh_status fail_option(const fh_program *program, int code, char **argv, fh_error *err)
{
    const char letter[] = {'-', (char)optopt, '\0'};
    bool is_letter = optopt > 0 && optopt < CODE(0);
    const char *typed = is_letter ? letter : argv[optind - 1];
    const char *why = code == ':'                ? "needs an argument"
                      : optopt == 0 || is_letter ? "is no option, or begins like several"
                                                 : "takes no argument";
    return fh_fail(err, FH_EUSAGE, "%s %s: see %s --help", typed, why, program->name);
}

fh_status fh_options_parse(const fh_program *program, int argc, char **argv, int *first,
                           fh_parsed *what, fh_error *err)
{
    struct option longs[OPTIONS_MAX + 1];
    char letters[2 + 2 * OPTIONS_MAX + 1];
    size_t count = count_rows(program->options);
    *first = 0;
    *what = FH_PARSED_RUN;
    if (count + COMMON > OPTIONS_MAX)
        return fh_fail(err, FH_ELIMIT, "more than %d options", OPTIONS_MAX);
    make_getopt(program->options, count, longs, letters);
    optind = 0; /* makes glibc begin anew */
    opterr = 0;
    int code;
    while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        if (code == '?' || code == ':')
            return fail_option(program, code, argv, err);
        size_t row = find_row(program->options, count, code);
        if (row >= count) {
            *what = row == count ? FH_PARSED_HELP : FH_PARSED_VERSION;
            return FH_OK;
        }
        fh_status status = set_value(&program->options[row], optarg, err);
        if (status != FH_OK)
            return status;
    }
    *first = optind;
    return FH_OK;
}

/* ---- Help ---- */

/* Write TEXT from column AT on, its lines broken between words and indented by INDENT. */
static void wrap(FILE *out, const char *text, size_t at, size_t indent)
{
    size_t start = at;
    while (*text) {
        size_t len = strcspn(text, " ");
        size_t width = fh_utf8_count((fh_str){text, len});
        if (at > start && at + 1 + width > HELP_WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            at = start = indent;
        }
        at += (size_t)fprintf(out, "%s", at > start ? " " : "") + width;
        fprintf(out, "%.*s", (int)len, text);
        text += len;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void write_option(FILE *out, const fh_option *option)
{
    fh_buffer left = {0};
    if (option->letter)
        fh_buffer_printf(&left, "  -%c, --%s", option->letter, option->name);
    else
        fh_buffer_printf(&left, "      --%s", option->name);
    if (takes_argument(option))
        fh_buffer_printf(&left, " %s", option->argument ? option->argument : option->choices);
    size_t width = fh_utf8_count(fh_buffer_str(&left));
    fputs(fh_buffer_str(&left).ptr, out);
    if (width + 2 > HELP_COLUMN)
        fprintf(out, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(out, "%*s", (int)(HELP_COLUMN - width), "");
    wrap(out, option->help, HELP_COLUMN, HELP_COLUMN);
    fh_buffer_free(&left);
}

/* The lines of the synopsis, each behind the program's name. */
static void write_usage(FILE *out, const fh_program *program)
{
    const char *line = program->usage;
    for (const char *head = "Usage:"; *line; head = "      ") {
        size_t len = strcspn(line, "\n");
        fprintf(out, "%s %s %.*s\n", head, program->name, (int)len, line);
        line += len + (line[len] == '\n');
    }
}

void fh_options_help(const fh_program *program, FILE *out)
{
    write_usage(out, program);
    fputc('\n', out);
    wrap(out, program->summary, 0, 0);
    if (program->options[0].kind != FH_OPTION_GROUP)
        fputs("\nOptions:\n", out);
    for (const fh_option *option = program->options; option->name; option++) {
        if (option->kind == FH_OPTION_GROUP)
            fprintf(out, "\n%s:\n", option->name);
        else
            write_option(out, option);
    }
    fputs("\nOther:\n", out);
    for (size_t i = 0; i < COMMON; i++)
        write_option(out, &common[i]);
    if (program->examples)
        fprintf(out, "\nExamples:\n%s%s", program->examples,
                program->examples[strlen(program->examples) - 1] == '\n' ? "" : "\n");
}

void fh_options_version(const fh_program *program, FILE *out)
{
    fprintf(out, "%s %s\n", program->name, FH_VERSION);
}
