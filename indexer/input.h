/*
 * The text of one input, for the formats: its head to look at, its lines, or all of it.
 *
 *   open head? (line* | rest) close
 *
 * Text in other character sets comes out as UTF-8, see decoder.h, and byte order marks are left out;
 * what was decided is told as FH_REMARK_DETAIL. Text that is UTF-8 comes out as the file has it, with
 * the bad sequences that it may hold: fh_input_clean() makes it valid.
 */
#ifndef FH_INDEXER_INPUT_H
#define FH_INDEXER_INPUT_H

#include "base/buffer.h"
#include "base/status.h"
#include "indexer/remark.h"

/* The longest line, and the longest text page, in bytes; beyond, FH_ELIMIT. */
#define FH_LINE_MAX (64u * 1024 * 1024)

/* How much of an input is looked at to tell what it is. */
#define FH_HEAD_MAX (64u * 1024)

/* What stands for standard input on the command line. */
#define FH_STANDARD_INPUT "-"

struct fh_source;

typedef struct fh_input fh_input;

/* How the bytes of an input become its text. */
typedef enum fh_input_bytes {
    FH_BYTES_TEXT, /* in any character set: they are decoded */
    FH_BYTES_UTF8, /* they are UTF-8 already */
    FH_BYTES_RAW   /* they are no text, and come as they are */
} fh_input_bytes;

/* The input that SOURCE gives, by the NAME that remarks give it. Takes SOURCE, also when it fails. */
fh_status fh_input_new(struct fh_source *source, const char *name, fh_input_bytes bytes,
                       const fh_listener *listener, fh_input **out, fh_error *err);

/*
 * Open the file PATH, or standard input for "-", as text; gzip is taken apart. LISTENER is told when it
 * keeps the reader waiting.
 */
fh_status fh_input_open(const char *path, const fh_listener *listener, fh_input **out,
                        fh_error *err);
void fh_input_close(fh_input *in);

/* The first FH_HEAD_MAX bytes, or as many as came at once, valid until the next call that reads. */
fh_status fh_input_head(fh_input *in, fh_str *head, fh_error *err);

/*
 * The next line without its LF or CRLF, valid until the next call that reads; *FOUND is false at the
 * end. A line of more than FH_LINE_MAX bytes is passed over and gives FH_ELIMIT: reading can go on.
 * After any other failure it cannot; a line that the failure cut short is not given out.
 */
fh_status fh_input_line(fh_input *in, fh_str *line, bool *found, fh_error *err);

/* All that is left, valid until close; FH_ELIMIT when it is more than FH_LINE_MAX bytes. */
fh_status fh_input_rest(fh_input *in, fh_str *text, fh_error *err);

/* The number of the line last given out or passed over, from 1; 0 before the first. */
uint64_t fh_input_line_number(const fh_input *in);

/* The name it was opened by. */
const char *fh_input_name(const fh_input *in);

/*
 * TEXT as valid UTF-8: itself when it is, else a copy in SPACE (cleared first) with U+FFFD for each
 * bad sequence. *REPAIRS counts them. Fails with FH_ENOMEM.
 */
fh_status fh_input_clean(fh_str text, fh_buffer *space, fh_str *clean, size_t *repairs,
                         fh_error *err);

/*
 * What in HEAD, the beginning of an input, shows that it is not UTF-8 text, as the end of the sentence
 * "it is ..."; NULL when nothing does. Now and then a bad sequence is no reason.
 */
const char *fh_input_not_text(fh_str head);

#endif
