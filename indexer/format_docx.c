/*
 * DOCX, one article a file: a zip in which word/document.xml has the text, a paragraph in w:p and its
 * letters in w:t, and docProps/core.xml may have a title and a date.
 */
#include <archive.h>
#include <archive_entry.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "indexer/bounds.h"
#include "indexer/format.h"

/* The longest part that is read, in bytes, and parts in one document. */
#define PART_MAX  (64u * 1024 * 1024)
#define PARTS_MAX 10000u

/* The parser gets so much at a time. */
#define STEP 65536u

typedef struct docx {
    fh_input *input;
    fh_buffer body, title, date;
    bool given;
} docx;

/* One part being read: where its text goes, NULL for nowhere. */
typedef struct part {
    docx *document;
    bool core; /* docProps/core.xml */
    fh_buffer *to;
} part;

static fh_status open_docx(fh_input *input, const fh_listener *listener, void **state,
                           fh_error *err)
{
    docx *d = calloc(1, sizeof *d);
    (void)listener;
    *state = d;
    if (!d)
        return fh_fail_memory(err);
    d->input = input;
    return FH_OK;
}

static void close_docx(void *state)
{
    docx *d = state;
    if (!d)
        return;
    fh_buffer_free(&d->body);
    fh_buffer_free(&d->title);
    fh_buffer_free(&d->date);
    free(d);
}

/* ---- XML ---- */

static bool is(const xmlChar *name, const char *word)
{
    return strcmp((const char *)name, word) == 0;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *uri, int namespaces, const xmlChar **namespace_texts,
                          int attributes, int defaulted, const xmlChar **attribute_texts)
{
    part *p = context;
    (void)prefix, (void)uri, (void)namespaces, (void)namespace_texts;
    (void)attributes, (void)defaulted, (void)attribute_texts;
    docx *d = p->document;
    if (p->core)
        p->to = is(name, "title") ? &d->title : is(name, "created") ? &d->date : NULL;
    else if (is(name, "t"))
        p->to = &d->body;
    else if (is(name, "tab"))
        fh_buffer_add_byte(&d->body, '\t');
    else if (is(name, "br") || is(name, "cr"))
        fh_buffer_add_byte(&d->body, '\n');
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *uri)
{
    part *p = context;
    (void)prefix, (void)uri;
    p->to = NULL;
    if (!p->core && is(name, "p"))
        fh_buffer_add_byte(&p->document->body, '\n');
}

static void add_text(void *context, const xmlChar *text, int len)
{
    part *p = context;
    if (p->to)
        fh_buffer_add(p->to, text, (size_t)len);
}

/* What is wrong is told by what the parser returns; it need not print it too. */
static void keep_quiet(void *context, const char *format, ...)
{
    (void)context, (void)format;
}

/* ---- The parts ---- */

/* Give the parser the part that READER stands at. */
static fh_status parse_part(struct archive *reader, part *p, fh_error *err)
{
    char bytes[STEP];
    size_t whole = 0;
    la_ssize_t n = 0;
    fh_status status = FH_OK;
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = start_element,
                             .endElementNs = end_element,
                             .characters = add_text,
                             .error = keep_quiet,
                             .warning = keep_quiet};
    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, p, NULL, 0, NULL);
    if (!parser)
        return fh_fail_memory(err);
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    while (!status && (n = archive_read_data(reader, bytes, sizeof bytes)) > 0) {
        whole += (size_t)n;
        if (whole > PART_MAX)
            status = fh_fail(err, FH_ELIMIT, "a text of more than %u MiB", PART_MAX >> 20);
        else if (xmlParseChunk(parser, bytes, (int)n, 0) != 0)
            status = fh_fail(err, FH_EFORMAT, "its XML is damaged");
    }
    if (!status && n < 0)
        status = fh_fail(err, FH_EFORMAT, "it is damaged: %s", archive_error_string(reader));
    if (!status && xmlParseChunk(parser, bytes, 0, 1) != 0)
        status = fh_fail(err, FH_EFORMAT, "its XML is damaged");
    xmlFreeParserCtxt(parser);
    return status;
}

static fh_status read_parts(docx *d, struct archive *reader, fh_error *err)
{
    bool found = false;
    fh_status status = FH_OK;
    struct archive_entry *entry;
    for (unsigned parts = 0; !status && parts < PARTS_MAX; parts++) {
        int code = archive_read_next_header(reader, &entry);
        if (code == ARCHIVE_EOF)
            break;
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
            return fh_fail(err, FH_EFORMAT, "it is damaged: %s", archive_error_string(reader));
        fh_str name = fh_str_of(archive_entry_pathname(entry));
        part p = {.document = d, .core = fh_str_equal(name, FH_STR("docProps/core.xml"))};
        bool text = fh_str_equal(name, FH_STR("word/document.xml"));
        if (text || p.core)
            status = parse_part(reader, &p, err);
        found |= text;
    }
    if (!status && !found)
        status = fh_fail(err, FH_EFORMAT, "no word/document.xml in it");
    return status;
}

static fh_status read_document(docx *d, fh_error *err)
{
    fh_str bytes;
    fh_status status = fh_input_rest(d->input, &bytes, err);
    if (status)
        return status;
    struct archive *reader = archive_read_new();
    if (!reader)
        return fh_fail_memory(err);
    archive_read_support_format_zip(reader);
    if (archive_read_open_memory(reader, bytes.ptr, bytes.len) != ARCHIVE_OK)
        status = fh_fail(err, FH_EFORMAT, "no DOCX document");
    else
        status = read_parts(d, reader, err);
    archive_read_free(reader);
    if (!status && (d->body.failed || d->title.failed || d->date.failed))
        status = fh_fail_memory(err);
    return status;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    docx *d = state;
    *found = false;
    if (d->given)
        return FH_OK;
    d->given = true;
    fh_status status = read_document(d, err);
    if (status)
        return status;
    *article = (fh_article){0};
    fh_page_read(fh_buffer_str(&d->body), article);
    if (d->title.len > 0 && article->title.len == 0)
        article->title = fh_buffer_str(&d->title);
    if (article->date.precision == FH_DATE_NONE)
        fh_date_parse(fh_buffer_str(&d->date), &article->date);
    *found = true;
    return FH_OK;
}

const fh_format fh_format_docx = {
    .name = "DOCX",
    .endings = ".docx",
    .raw = true,
    .open = open_docx,
    .next = next_article,
    .close = close_docx,
};
