/* rank, score, id, date, source, title, url: one result a line; in a batch the query's number first. */
#include "searcher/render.h"

#include "base/dates.h"

static void add_field(fh_render *r, fh_str text)
{
    fh_buffer_add_byte(r->out, '\t');
    fh_render_field(r->out, text);
}

static void write_result(fh_render *r, const fh_result *result)
{
    const fh_article *a = &result->article;
    char date[FH_DATE_TEXT_MAX];
    if (r->qid) {
        fh_render_field(r->out, fh_str_of(r->qid));
        fh_buffer_add_byte(r->out, '\t');
    }
    fh_buffer_printf(r->out, "%zu\t%.9g", result->rank, result->score);
    add_field(r, a->id);
    add_field(r, fh_str_of(fh_date_format(a->date, date)));
    add_field(r, a->source);
    add_field(r, a->title);
    add_field(r, a->url);
    fh_buffer_add_byte(r->out, '\n');
}

const fh_renderer fh_render_tsv = {.name = "tsv", .batches = true, .result = write_result};
