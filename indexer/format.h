/*
 * The table of input formats. Adding one is one file, format_<name>.c, and one row in format.c.
 *
 *   open next* close
 *
 * A format turns the bytes of one input into articles. It speaks to the listener of what it refuses
 * and goes on with the next article; only what ends the whole input is a failure. Ids, origins and
 * sources that the input does not state are the reader's to fill in.
 */
#ifndef FH_INDEXER_FORMAT_H
#define FH_INDEXER_FORMAT_H

#include "indexer/input.h"
#include "indexer/remark.h"

typedef struct fh_format {
    const char *name;    /* for the user: "JSON Lines" */
    const char *endings; /* of file names, ".jsonl .ndjson", in small letters */
    bool many;           /* holds many articles, each beginning on a line of its own */
    /* Does an input that begins so look like this format? It is known to be UTF-8 text. */
    bool (*looks)(fh_str head);
    /* Begin to read INPUT; both stay the caller's and outlive *STATE. */
    fh_status (*open)(fh_input *input, const fh_listener *listener, void **state,
                      fh_error *err);
    /*
     * The next article. *FOUND is false at the end. Its texts live until the next call or close.
     * FH_ESTOPPED when the listener asks to stop.
     */
    fh_status (*next)(void *state, bool *found, fh_article *article, fh_error *err);
    void (*close)(void *state);
    /* The line on which the last article begins; NULL when it is the line that was read last. */
    uint64_t (*line)(const void *state);
    bool raw; /* it is no text: its bytes come as they are, and looks() is not asked */
} fh_format;

/* One JSON object a line: see man/fihris-index.1. */
extern const fh_format fh_format_jsonl;
/* A web page as it is: see man/fihris-index.1. */
extern const fh_format fh_format_html;
/* A web page that was saved as text: see man/fihris-index.1. */
extern const fh_format fh_format_page;
/* A web page as it is: see man/fihris-index.1. */
extern const fh_format fh_format_html;
/* A table with a header line, a record an article. */
extern const fh_format fh_format_csv;
/* RSS, Atom or RDF, an item an article. */
extern const fh_format fh_format_feed;
/* Markdown, with front matter or without. */
extern const fh_format fh_format_markdown;
/* PDF, by the program pdftotext. */
extern const fh_format fh_format_pdf;
/* A document of a word processor, as Office Open XML. */
extern const fh_format fh_format_docx;

/* TEXT, valid UTF-8, as a text page; the texts of *ARTICLE are parts of it. */
void fh_page_read(fh_str text, fh_article *article);

/* All rows, in the order in which they look at an input; *COUNT of them. */
const fh_format *const *fh_format_table(size_t *count);

/*
 * The format that the name of a file asks for; NULL when the name has no ending. Fails with
 * FH_EUNSUPPORTED, naming the ending, when no format has it.
 */
fh_status fh_format_by_name(fh_str name, const fh_format **out, fh_error *err);

/* The format that an input looks like; FH_EUNSUPPORTED when there is none. */
fh_status fh_format_by_head(fh_str head, const fh_format **out, fh_error *err);

#endif
