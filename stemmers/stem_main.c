#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/gz.h"
#include "base/options.h"
#include "base/utf8.h"
#include "stemmers/analysis.h"
#include "stemmers/stemmer.h"

/* fihris-stem: what the analysis makes of words. */

#define LINE_MAX_BYTES ((size_t)1024 * 1024)

#define EXIT_FAILED 2

/* In the order of --form's choices. */
static const fh_form forms[] = {FH_FORM_STEM, FH_FORM_FOLDED};

struct settings {
    const char *stemmer;
    int form;
    bool list;
};

static void list_stemmers(void)
{
    size_t count;
    const fh_stemmer *table = fh_stemmer_table(&count);
    for (size_t i = 0; i < count; i++)
        printf("%s\t%s\n", table[i].name, table[i].source);
}

/* Print LINE, a tab, and the terms of its words with a space between. */
static void print_terms(fh_analyser *a, fh_str line, fh_form form)
{
    fwrite(line.ptr, 1, line.len, stdout);
    char before = '\t';
    fh_term term;
    fh_analyser_start(a, line, FH_FIELD_BODY, 1);
    while (fh_analyser_next(a, &term)) {
        if (term.form != form)
            continue;
        putchar(before);
        fwrite(term.text.ptr, 1, term.text.len, stdout);
        before = ' ';
    }
    if (before == '\t')
        putchar(before);
    putchar('\n');
}

static fh_status stem_input(fh_analyser *a, fh_form form, fh_error *err)
{
    fh_gz *input = NULL;
    fh_buffer line = {0};
    fh_buffer text = {0};
    bool found = true;
    fh_status status = fh_gz_open("-", &input, err);
    while (!status && found) {
        status = fh_gz_line(input, LINE_MAX_BYTES, &line, &found, err);
        if (status || !found)
            break;
        fh_buffer_clear(&text);
        fh_utf8_repair(fh_buffer_str(&line), &text);
        if (text.failed)
            status = fh_fail_memory(err);
        else
            print_terms(a, fh_buffer_str(&text), form);
    }
    fh_buffer_free(&text);
    fh_buffer_free(&line);
    fh_gz_close(input);
    return status;
}

static fh_status run(const struct settings *s, fh_error *err)
{
    if (s->list) {
        list_stemmers();
    } else {
        fh_analyser *a;
        fh_status status = fh_analyser_new(s->stemmer, &a, err);
        if (!status)
            status = stem_input(a, forms[s->form], err);
        fh_analyser_free(a);
        if (status)
            return status;
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        return fh_fail(err, FH_EIO, "cannot write to standard output");
    return FH_OK;
}

int main(int argc, char **argv)
{
    struct settings s = {.stemmer = FH_STEMMER_DEFAULT};
    const fh_option options[] = {
        {"stemmer", 's', FH_OPTION_TEXT, &s.stemmer, "NAME",
         "Which stemmer, of those that --list names (" FH_STEMMER_DEFAULT ").", NULL, 0, 0},
        {"form", 'f', FH_OPTION_CHOICE, &s.form, "FORM",
         "stem, or folded: the word in its one spelling, not shortened (stem).", "stem|folded",
         0, 0},
        {"list", 'l', FH_OPTION_FLAG, &s.list, NULL, "List the stemmers and end.", NULL, 0, 0},
        {0},
    };
    const fh_program program = {
        .name = "fihris-stem",
        .usage = "[--stemmer NAME] [--form stem|folded] < words\n--list",
        .summary =
            "Show the terms under which words are indexed and looked up. Reads one word a line "
            "from standard input and prints the word, a tab, its term.",
        .examples = "  echo بالوزارة | fihris-stem",
        .options = options,
    };
    fh_error err = {0};
    int first;
    fh_parsed what;
    fh_status status = fh_options_parse(&program, argc, argv, &first, &what, &err);
    if (!status && what == FH_PARSED_HELP)
        fh_options_help(&program, stdout);
    else if (!status && what == FH_PARSED_VERSION)
        fh_options_version(&program, stdout);
    else if (!status && first < argc)
        status = fh_fail(&err, FH_EUSAGE, "words come on standard input, not as arguments: %s",
                         argv[first]);
    else if (!status)
        status = run(&s, &err);
    if (!status)
        return EXIT_SUCCESS;
    fprintf(stderr, "fihris-stem: %s\n", err.message);
    return EXIT_FAILED;
}
