/*
 * PDF, one article a file: the program pdftotext, where it is installed, makes a text page of it.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "indexer/child.h"
#include "indexer/format.h"

typedef struct pdf {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer text, clean;
    bool given;
} pdf;

static fh_status open_pdf(fh_input *input, const fh_listener *listener, void **state,
                          fh_error *err)
{
    pdf *p = calloc(1, sizeof *p);
    *state = p;
    if (!p)
        return fh_fail_memory(err);
    p->input = input;
    p->listener = listener;
    return FH_OK;
}

static void close_pdf(void *state)
{
    pdf *p = state;
    if (!p)
        return;
    fh_buffer_free(&p->text);
    fh_buffer_free(&p->clean);
    free(p);
}

static fh_status convert(pdf *p, fh_error *err)
{
    static const char *const command[] = {"pdftotext", "-q", "-enc", "UTF-8",
                                          "-nopgbrk",  "-",  "-",    NULL};
    fh_str bytes;
    fh_status status = fh_input_rest(p->input, &bytes, err);
    if (!status)
        status = fh_child_run(command, bytes, p->listener, &p->text, err);
    if (status == FH_ENOTFOUND)
        return fh_fail(err, FH_EUNSUPPORTED,
                       "pdftotext is not installed: apt-get install poppler-utils");
    return status;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    pdf *p = state;
    fh_str text;
    size_t repairs;
    *found = false;
    if (p->given)
        return FH_OK;
    p->given = true;
    *article = (fh_article){0};
    fh_status status = convert(p, err);
    if (!status)
        status = fh_input_clean(fh_buffer_str(&p->text), &p->clean, &text, &repairs, err);
    if (status)
        return status;
    if (text.len == 0)
        return fh_fail(err, FH_EFORMAT,
                       "no text in it: scanned pages must be recognised first");
    fh_page_read(text, article);
    *found = true;
    return FH_OK;
}

const fh_format fh_format_pdf = {
    .name = "PDF",
    .endings = ".pdf",
    .raw = true,
    .open = open_pdf,
    .next = next_article,
    .close = close_pdf,
};
