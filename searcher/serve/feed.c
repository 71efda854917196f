/* A feed of results, as RFC 4287 and OpenSearch 1.1 have it: for feed readers. */
#include "searcher/serve/feed.h"

#include <string.h>

#include "base/dates.h"
#include "searcher/serve/web_markup.h"
#include "searcher/serve/url.h"

/* What stands where an article has no date: a feed must say one. */
#define NO_DATE "1970-01-01T00:00:00Z"

/* The element in which words that match stand. */
#define MATCH "b"

static void add_element(fh_buffer *out, const char *name, fh_str text)
{
    fh_buffer_printf(out, "<%s>", name);
    fh_markup_text(out, text);
    fh_buffer_printf(out, "</%s>\n", name);
}

/* The date as a whole point in time, which an Atom date is. */
static void add_updated(fh_buffer *out, fh_date date)
{
    char text[FH_DATE_TEXT_MAX];
    if (date.precision != FH_DATE_NONE)
        date.precision = FH_DATE_SECOND;
    fh_str said = fh_str_of(fh_date_format(date, text));
    add_element(out, "updated", said.len > 0 ? said : FH_STR(NO_DATE));
}

/* The base of links: what SELF has before its path. */
static fh_str find_base(const char *self)
{
    const char *path = self ? strstr(self, "/v1/") : NULL;
    return path ? (fh_str){self, (size_t)(path - self)} : (fh_str){"", 0};
}

static void begin_feed(fh_render *r, const fh_results *results)
{
    fh_buffer *out = r->out;
    fh_date newest = {0};
    for (size_t i = 0; i < results->count; i++)
        if (results->results[i].article.date.seconds > newest.seconds)
            newest = results->results[i].article.date;
    fh_buffer_add_str(out, FH_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
                                  "xmlns:os=\"http://a9.com/-/spec/opensearch/1.1/\">\n"));
    add_element(out, "id", fh_str_of(r->self));
    add_element(out, "title", results->query);
    add_updated(out, newest);
    fh_buffer_add_str(out, FH_STR("<author><name>fihris</name></author>\n"
                                  "<link rel=\"self\" href=\""));
    fh_markup_text(out, fh_str_of(r->self));
    fh_buffer_add_str(out, FH_STR("\"/>\n"));
    fh_buffer_printf(out, "<os:totalResults>%llu</os:totalResults>\n",
                     (unsigned long long)results->total);
}

/* An article's own address where it has one on the web, else ours. */
static void add_link(fh_render *r, const fh_article *a)
{
    fh_buffer_add_str(r->out, FH_STR("<link href=\""));
    if (fh_markup_is_web(a->url)) {
        fh_markup_text(r->out, a->url);
    } else {
        fh_markup_text(r->out, find_base(r->self));
        fh_buffer_add_str(r->out, FH_STR("/v1/articles/"));
        fh_url_encode(a->id, r->out);
    }
    fh_buffer_add_str(r->out, FH_STR("\"/>\n"));
}

/* As HTML; Atom has it escaped once more. */
static void add_summary(fh_buffer *out, const fh_result *result)
{
    fh_buffer html = {0};
    for (size_t i = 0; i < result->window_count; i++) {
        fh_buffer_add_str(&html, i > 0 ? FH_STR(FH_GAP) : FH_STR(""));
        fh_markup_window(&html, &result->windows[i], MATCH);
    }
    fh_buffer_add_str(out, FH_STR("<summary type=\"html\">"));
    fh_markup_text(out, fh_buffer_str(&html));
    fh_buffer_add_str(out, FH_STR("</summary>\n"));
    out->failed = out->failed || html.failed;
    fh_buffer_free(&html);
}

static void write_entry(fh_render *r, const fh_result *result)
{
    const fh_article *a = &result->article;
    fh_buffer_add_str(r->out, FH_STR("<entry>\n<id>urn:fihris:"));
    fh_url_encode(a->id, r->out);
    fh_buffer_add_str(r->out, FH_STR("</id>\n"));
    add_element(r->out, "title", a->title.len > 0 ? a->title : a->id);
    add_updated(r->out, a->date);
    add_link(r, a);
    if (a->source.len > 0) {
        fh_buffer_add_str(r->out, FH_STR("<author><name>"));
        fh_markup_text(r->out, a->source);
        fh_buffer_add_str(r->out, FH_STR("</name></author>\n"));
    }
    add_summary(r->out, result);
    fh_buffer_add_str(r->out, FH_STR("</entry>\n"));
}

static void end_feed(fh_render *r, const fh_results *results)
{
    (void)results;
    fh_buffer_add_str(r->out, FH_STR("</feed>\n"));
}

const fh_renderer fh_render_atom = {.name = "atom",
                                    .snippets = true,
                                    .begin = begin_feed,
                                    .result = write_entry,
                                    .end = end_feed};
