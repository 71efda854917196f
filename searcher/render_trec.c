/*
 * `qid Q0 id rank score fihris`, for programs that evaluate rankings.
 *
 * Those programs read scores as floats, sort by them and break ties their own way: so each score is
 * written as a float and is lower than the one before. Columns are parted by spaces: white space in
 * an id or a query's number becomes `_`.
 */
#include "searcher/render.h"

#include <math.h>

#include "base/utf8.h"
#include "searcher/marks.h"

static void add_column(fh_buffer *out, fh_str text)
{
    size_t bytes;
    for (size_t at = 0; at < text.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        if (fh_mark_of(code) == FH_MARK_SPACE || fh_mark_harmful(code))
            fh_buffer_add_byte(out, '_');
        else
            fh_buffer_add(out, text.ptr + at, bytes);
    }
}

static void begin(fh_render *r, const fh_results *results)
{
    (void)results;
    r->last_score = INFINITY;
}

static void write_result(fh_render *r, const fh_result *result)
{
    float score = (float)result->score;
    if (!(score < r->last_score))
        score = nextafterf(r->last_score, -INFINITY);
    r->last_score = score;
    add_column(r->out, fh_str_of(r->qid ? r->qid : "1"));
    fh_buffer_add_str(r->out, FH_STR(" Q0 "));
    add_column(r->out, result->article.id);
    fh_buffer_printf(r->out, " %zu %.9g fihris\n", result->rank, (double)score);
}

const fh_renderer fh_render_trec = {
    .name = "trec", .batches = true, .begin = begin, .result = write_result};
