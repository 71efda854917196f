/*
 * Command lines from one table: the same rows parse the options and print --help.
 */
#ifndef FH_BASE_OPTIONS_H
#define FH_BASE_OPTIONS_H

#include <stdio.h>

#include "base/status.h"

typedef enum fh_option_kind {
    FH_OPTION_FLAG,   /* bool: set to true */
    FH_OPTION_TEXT,   /* const char *: the argument, borrowed from argv */
    FH_OPTION_COUNT,  /* uint64_t: a whole number between min and max; any script's digits */
    FH_OPTION_SIZE,   /* uint64_t: bytes, with K, M or G behind; between min and max */
    FH_OPTION_CHOICE, /* int: the place of the argument in `choices`, "a|b|c" */
    FH_OPTION_GROUP   /* no option: a heading in --help */
} fh_option_kind;

/* One option. A table of them ends with a zeroed row. `--help` and `--version` are added to all. */
typedef struct fh_option {
    const char *name; /* long name without dashes, or the heading of a group */
    char letter;      /* short name, 0 for none */
    fh_option_kind kind;
    void *value;          /* where it goes; holds the default before */
    const char *argument; /* what --help calls the argument */
    const char *help;     /* what --help says, one sentence */
    const char *choices;  /* for FH_OPTION_CHOICE */
    uint64_t min, max;    /* for FH_OPTION_COUNT and FH_OPTION_SIZE */
} fh_option;

/* What a program says of itself. */
typedef struct fh_program {
    const char *name;     /* fihris-index */
    const char *usage;    /* synopsis lines behind the name, separated by \n */
    const char *summary;  /* one or two sentences */
    const char *examples; /* ready to paste, or NULL */
    const fh_option *options;
} fh_program;

typedef enum fh_parsed { FH_PARSED_RUN, FH_PARSED_HELP, FH_PARSED_VERSION } fh_parsed;

/*
 * Parse ARGV up to the first argument that is no option (so that a query may hold -word).
 *
 * out: the options' values; *FIRST, the place of the first argument left; *WHAT is to be done:
 * for HELP and VERSION the caller prints and ends. Fails with FH_EUSAGE, naming the option.
 */
fh_status fh_options_parse(const fh_program *program, int argc, char **argv, int *first,
                           fh_parsed *what, fh_error *err);

/* Write the help page to OUT, 80 columns wide. */
void fh_options_help(const fh_program *program, FILE *out);
/* Write `NAME VERSION` to OUT. */
void fh_options_version(const fh_program *program, FILE *out);

#endif
