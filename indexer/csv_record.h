/*
 * The records of CSV and TSV, as RFC 4180 has them: of one line or several, fields in quotes or not.
 *
 *   (reach (begin | read) (pass | pass_line))*
 *
 * Lines are held until the record that they are of is passed. So the lines below one whose
 * quotes are wrong can be read again as records of their own: one stray quote does not swallow
 * the rest of a file. Tabs are seldom quoted: in TSV, a record whose quotes are wrong has none.
 */
#ifndef FH_INDEXER_CSV_RECORD_H
#define FH_INDEXER_CSV_RECORD_H

#include "indexer/input.h"
#include "indexer/remark.h"

/* Fields behind these are counted and not kept. */
#define FH_CSV_COLUMNS_MAX 256

/* The longest record in bytes. */
#define FH_CSV_RECORD_MAX (16u * 1024 * 1024)

typedef enum fh_csv_outcome {
    FH_CSV_WHOLE,
    FH_CSV_OPEN, /* a field goes on in the next line */
    FH_CSV_TORN  /* a quote where none can be */
} fh_csv_outcome;

/* How far a record has been read. */
typedef struct fh_csv_record {
    size_t at;                       /* the next byte of `held` */
    size_t fields;                   /* behind us */
    bool quoted;                     /* at is inside quotes */
    size_t ends[FH_CSV_COLUMNS_MAX]; /* of the fields in `values` */
} fh_csv_record;

/* Begin with a zeroed one but for input, listener, separator and `line` 1. */
typedef struct fh_csv {
    fh_input *input;
    const fh_listener *listener;
    char separator;
    fh_buffer held; /* lines read and not yet passed, as valid UTF-8, each with its LF */
    size_t start;   /* of the record in it */
    uint64_t line;  /* of that start */
    bool ended;     /* no more lines come */
    size_t repairs; /* U+FFFD in the lines read; the caller's to set back */
    fh_csv_record record;
    fh_buffer values; /* the fields of the record, unquoted, one behind the other */
    fh_buffer clean;
} fh_csv;

/*
 * See that a line is held at `start`; *FOUND is false at the end. Lines that are too long are
 * refused to the listener. Fails with FH_ESTOPPED, and as fh_input_line() does.
 */
fh_status fh_csv_reach(fh_csv *c, bool *found, fh_error *err);

/* Read the record at `start` as far as it is held. QUOTES says whether they mean anything. */
fh_csv_outcome fh_csv_begin(fh_csv *c, bool quotes);

/*
 * Read the record at `start`, of which a line is held, to its end. out: *OUT is FH_CSV_WHOLE,
 * or else the record was refused to the listener and passed.
 */
fh_status fh_csv_read(fh_csv *c, fh_csv_outcome *out, fh_error *err);

/*
 * Field NUMBER of the record, from 0 and below FH_CSV_COLUMNS_MAX; lives until the next one is
 * read.
 */
fh_str fh_csv_field(const fh_csv *c, size_t number);

/* Go on behind the record that was read. */
void fh_csv_pass(fh_csv *c);
/* Go on behind the first line of the record at `start`. */
void fh_csv_pass_line(fh_csv *c);

void fh_csv_free(fh_csv *c);

#endif
