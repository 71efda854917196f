/*
 * The page that a record of a WARC file holds, if it holds one: what a server answered with success, or a
 * file that stands for itself, as HTML or plain text.
 */
#ifndef FH_INDEXER_WARC_PAGE_H
#define FH_INDEXER_WARC_PAGE_H

#include "indexer/format.h"
#include "indexer/warc.h"

typedef struct fh_warc_page {
    const fh_format *format; /* NULL: the record holds no page */
    fh_str url;
    fh_str body;    /* its bytes, as they were before they were sent */
    fh_str charset; /* as the server declared it, or empty */
    fh_date date;   /* when it was fetched */
    bool cut;       /* the crawler kept only a part of it */
} fh_warc_page;

/*
 * The page in RECORD. Its texts are RECORD's, or in SPACE.
 * Fails with FH_EFORMAT, FH_ELIMIT or FH_EUNSUPPORTED when there is one that cannot be read.
 */
fh_status fh_warc_page_find(const fh_warc_record *record, fh_buffer *space, fh_warc_page *page,
                            fh_error *err);

#endif
