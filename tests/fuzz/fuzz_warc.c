#include "indexer/http.h"
#include "indexer/warc.h"
#include "tests/fuzz/target.h"

/*
 * WARC files of any bytes, gzipped or not.
 */

static void read_record(const fh_warc_record *record, size_t size)
{
    fh_buffer space = {0};
    fh_http http;
    hold(record->headers.len > 0, "a record has headers");
    hold(record->offset < size, "a record begins in the file");
    fh_headers_parameter(fh_headers_find(record->headers, "Content-Type"), "charset");
    fh_status status = fh_http_read(record->block, &space, &http, NULL);
    hold(status == FH_OK || http.body.len == 0, "a refused answer has no body");
    fh_buffer_free(&space);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_source *source;
    fh_warc *warc;
    uint64_t before = 0;
    hold(!fh_source_memory((fh_str){(const char *)data, size}, &source, NULL), "a source");
    fh_bounds bounds = {.file = source};
    hold(!fh_warc_open(source, &bounds, &warc, NULL), "opened");
    for (bool more = true; more;) {
        bool found;
        fh_warc_record record;
        fh_status status = fh_warc_next(warc, &found, &record, NULL);
        hold(status == FH_OK || status == FH_EFORMAT || status == FH_ELIMIT, "read or refused");
        more = status ? !fh_warc_ended(warc) : found;
        hold(!more || record.number == before + 1, "every record is counted");
        before += more;
        hold(before <= size, "no more records than bytes");
        if (found)
            read_record(&record, size);
    }
    fh_warc_close(warc);
    return 0;
}
