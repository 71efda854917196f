#include "indexer/warc_page.h"

#include <string.h>

#include "base/dates.h"
#include "indexer/http.h"

/* What a page of that KIND, a content type, is read as; NULL when it is not read. */
static const fh_format *format_of(fh_str kind, fh_str body)
{
    if (fh_headers_is(kind, "text/html") || fh_headers_is(kind, "application/xhtml+xml"))
        return &fh_format_html;
    if (fh_headers_is(kind, "text/plain"))
        return &fh_format_page;
    return kind.len == 0 && fh_format_html.looks(body) ? &fh_format_html : NULL;
}

/* Crawlers ask every site for it, and it is for crawlers. */
static bool is_robots(fh_str url)
{
    const fh_str name = FH_STR("/robots.txt");
    return url.len >= name.len && memcmp(url.ptr + url.len - name.len, name.ptr, name.len) == 0;
}

/* Old writers put addresses into < >. */
static fh_str trim_brackets(fh_str url)
{
    bool both = url.len >= 2 && url.ptr[0] == '<' && url.ptr[url.len - 1] == '>';
    return both ? (fh_str){url.ptr + 1, url.len - 2} : url;
}

/* Take the body out of RECORD. The status in *HTTP is 0 when the record is of another kind. */
static fh_status find_body(const fh_warc_record *record, fh_buffer *space, fh_http *http,
                           fh_str *content, fh_error *err)
{
    fh_str type = fh_headers_find(record->headers, "WARC-Type");
    *content = fh_headers_find(record->headers, "Content-Type");
    *http = (fh_http){0};
    if (fh_headers_is(type, "resource") || fh_headers_is(type, "conversion")) {
        *http = (fh_http){.status = 200, .body = record->block};
        return FH_OK;
    }
    if (!fh_headers_is(type, "response") ||
        !fh_headers_is(fh_headers_kind(*content), "application/http"))
        return FH_OK;
    fh_status status = fh_http_read(record->block, space, http, err);
    *content = fh_headers_find(http->headers, "Content-Type");
    return status;
}

fh_status fh_warc_page_find(const fh_warc_record *record, fh_buffer *space, fh_warc_page *page,
                            fh_error *err)
{
    fh_http http;
    fh_str content;
    *page = (fh_warc_page){0};
    fh_status status = find_body(record, space, &http, &content, err);
    if (status || http.status < 200 || http.status > 299)
        return status;
    fh_str url = trim_brackets(fh_headers_find(record->headers, "WARC-Target-URI"));
    const fh_format *format = format_of(fh_headers_kind(content), http.body);
    if (!format || is_robots(url))
        return FH_OK;
    if (url.len == 0)
        return fh_fail(err, FH_EFORMAT, "no WARC-Target-URI");
    if (http.body.len == 0)
        return fh_fail(err, FH_EFORMAT, "empty");
    *page = (fh_warc_page){.format = format,
                           .url = url,
                           .body = http.body,
                           .charset = fh_headers_parameter(content, "charset"),
                           .cut = fh_headers_find(record->headers, "WARC-Truncated").len > 0};
    fh_date_parse(fh_headers_find(record->headers, "WARC-Date"), &page->date);
    return FH_OK;
}
