#include "indexer/markup.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "indexer/html_lexer.h"
#include "indexer/html_references.h"
#include "indexer/html_tags.h"
#include "indexer/html_text.h"

/* Room for a reference written in full. */
#define NAME_MAX_LEN 16

size_t fh_markup_reference(fh_str text, uint32_t *code)
{
    *code = (unsigned char)text.ptr[0];
    if (text.ptr[0] != '&')
        return 1;
    fh_buffer full = {0};
    size_t used = fh_html_reference(text, &full);
    fh_str name = fh_buffer_str(&full);
    if (used > 1 && name.len == 0)
        *code = 0;
    if (used > 1 && name.len > 3 && name.ptr[1] == '#')
        *code = (uint32_t)strtoul(name.ptr + 2, NULL, 10);
    else if (used > 1 && name.len > 2 && name.len < NAME_MAX_LEN) {
        char bare[NAME_MAX_LEN] = "";
        memcpy(bare, name.ptr + 1, name.len - 2);
        const htmlEntityDesc *entity = htmlEntityLookup((const xmlChar *)bare);
        *code = entity ? entity->value : 0;
    }
    fh_buffer_free(&full);
    return used;
}

/* Append TEXT to OUT with its references as what they stand for. */
static void add_text(fh_str text, fh_buffer *out)
{
    while (text.len > 0) {
        const char *mark = memchr(text.ptr, '&', text.len);
        size_t len = mark ? (size_t)(mark - text.ptr) : text.len;
        fh_buffer_add(out, text.ptr, len);
        text = (fh_str){text.ptr + len, text.len - len};
        if (text.len == 0)
            break;
        uint32_t code;
        char utf8[FH_UTF8_MAX];
        size_t used = fh_markup_reference(text, &code);
        if (code > 0)
            fh_buffer_add(out, utf8, fh_utf8_encode(code, utf8));
        text = (fh_str){text.ptr + used, text.len - used};
    }
}

/* Append LINE, tidied, to OUT as a line of its own, and clear it. */
static void end_line(fh_buffer *line, fh_buffer *out)
{
    fh_str text = fh_buffer_str(line);
    if (fh_html_space(text) < text.len) {
        if (out->len > 0)
            fh_buffer_add_byte(out, '\n');
        fh_html_tidy(text, out);
    }
    out->failed = out->failed || line->failed;
    fh_buffer_clear(line);
}

void fh_markup_strip(fh_str html, fh_buffer *out)
{
    fh_html_lexer lexer = {.rest = html};
    fh_html_token token;
    fh_buffer line = {0};
    while (fh_html_lexer_next(&lexer, &token)) {
        if (token.kind == FH_HTML_TEXT)
            add_text(token.text, &line);
        if (token.kind != FH_HTML_START && token.kind != FH_HTML_END)
            continue;
        const fh_html_element *element = fh_html_element_find(token.name);
        if (element->traits & FH_HTML_BLOCK || element->tag == FH_TAG_BR)
            end_line(&line, out);
    }
    end_line(&line, out);
    fh_buffer_free(&line);
}
