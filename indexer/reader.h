/*
 * One iterator over the articles of files, folders and standard input.
 *
 *   open (next)* close
 *
 * What cannot be read is told to the listener, with its place and the reason, and never stops the rest.
 *
 * Formats are chosen by the names of files, and by what is in them where a name says nothing.
 */
#ifndef FH_INDEXER_READER_H
#define FH_INDEXER_READER_H

#include "indexer/remark.h"

typedef struct fh_reader fh_reader;

/* What to read. All of it is borrowed and outlives the reader. */
typedef struct fh_reading {
    const char *const *inputs; /* files, folders, "-", as named on the command line */
    size_t count;
    const char *index; /* a folder to pass over: the index that is being written; or NULL */
    const fh_listener *listener;
} fh_reading;

/* List the inputs and get ready for the first article. */
fh_status fh_reader_open(const fh_reading *reading, fh_reader **out, fh_error *err);

/*
 * The next article. *FOUND is false at the end of all inputs. Its texts live until the next call.
 *
 * Its id is not empty: what the article states, else its URL, else its file, with # and its line when
 * the file holds many. Its origin is the file. Its source, when not stated, is the host of its URL.
 *
 * Fails with FH_ESTOPPED when the listener asks to stop, and for want of memory; of nothing else.
 */
fh_status fh_reader_next(fh_reader *r, bool *found, fh_article *article, fh_error *err);

/* Where the last article was found: the number of its file, and its line, 0 for the whole file. */
void fh_reader_place(const fh_reader *r, uint32_t *file, uint64_t *line);
/* The name of that file; lives as long as the reader. */
const char *fh_reader_file(const fh_reader *r, uint32_t file);

/* Is there anything of the name of that INPUT, counted from 0? */
bool fh_reader_has(const fh_reader *r, size_t input);

/* How many bytes of how many have been read; the total is 0 when it is not known. */
void fh_reader_progress(const fh_reader *r, uint64_t *done, uint64_t *total);

void fh_reader_close(fh_reader *r);

#endif
