/*
 * What was refused, repaired and warned of, gathered by reason: for the end of a run, and so that many of
 * one kind do not drown the others.
 */
#ifndef FH_INDEXER_REPORT_H
#define FH_INDEXER_REPORT_H

#include "base/buffer.h"
#include "indexer/remark.h"

/* So many places are kept for each reason. */
#define FH_REPORT_EXAMPLES 3

/* For one reason, so many remarks are named: of one file, and in all. The rest are counted. */
#define FH_REPORT_NAMED_FILE 20
#define FH_REPORT_NAMED      500

/* So many reasons are kept apart; what comes then is one more, "other reasons". */
#define FH_REPORT_GROUPS 200

typedef struct fh_report_example {
    const char *file;
    uint64_t line; /* 0 is all of it */
} fh_report_example;

/* All remarks of one kind and reason. */
typedef struct fh_report_group {
    fh_remark_kind kind;
    const char *reason; /* the part that is the same for all */
    uint64_t count;
    fh_report_example examples[FH_REPORT_EXAMPLES]; /* the first ones */
    size_t example_count;
    uint64_t key;        /* of kind and reason */
    uint64_t file;       /* key of the file of the last one */
    uint64_t file_count; /* how many came from it one after the other */
    uint64_t named;      /* how many were named */
    bool cut, file_cut;  /* has it been said that no more are named: in all, of this file */
} fh_report_group;

/* Begin with a zeroed one. */
typedef struct fh_report {
    fh_arena texts;
    fh_report_group *groups;
    size_t count;
    bool failed; /* memory ran out; it is incomplete */
} fh_report;

/* What to do with a remark. */
typedef enum fh_naming {
    FH_NAMING_NAME, /* tell it */
    FH_NAMING_CUT,  /* tell that this one and more like it are counted and not named */
    FH_NAMING_COUNT /* tell nothing: it is counted */
} fh_naming;

/* Count REMARK, and say whether it is to be told. */
fh_naming fh_report_add(fh_report *r, const fh_remark *remark);

/* The groups, refusals first, the largest first; *COUNT of them. Nothing is added after this. */
const fh_report_group *fh_report_groups(fh_report *r, size_t *count);

void fh_report_free(fh_report *r);

#endif
