#include "searcher/render.h"

#include <string.h>

#include "base/utf8.h"
#include "searcher/marks.h"

static const fh_renderer *const table[] = {&fh_render_text, &fh_render_json, &fh_render_jsonl,
                                           &fh_render_tsv, &fh_render_trec};

const fh_renderer *fh_renderer_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}

void fh_render_results(const fh_renderer *to, fh_render *r, const fh_results *results)
{
    if (to->begin)
        to->begin(r, results);
    for (size_t i = 0; to->result && i < results->count; i++)
        to->result(r, &results->results[i]);
    if (to->end)
        to->end(r, results);
}

void fh_render_field(fh_buffer *out, fh_str text)
{
    size_t bytes;
    for (size_t at = 0; at < text.len; at += bytes) {
        uint32_t code;
        bytes = fh_utf8_decode(text.ptr + at, text.len - at, &code, NULL);
        if (fh_mark_harmful(code))
            fh_buffer_add_byte(out, ' ');
        else
            fh_buffer_add(out, text.ptr + at, bytes);
    }
}
