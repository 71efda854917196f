/*
 * Paragraphs for a terminal: foreign text made harmless, lit, wrapped and put in the terminal's order.
 */
#ifndef FH_SEARCHER_PAINT_H
#define FH_SEARCHER_PAINT_H

#include "base/buffer.h"
#include "searcher/bidi.h"

typedef enum fh_style {
    FH_STYLE_PLAIN,
    FH_STYLE_TITLE,
    FH_STYLE_QUIET,
    FH_STYLE_LIT,
    FH_STYLE_LIT_TITLE
} fh_style;

/* How to paint. */
typedef struct fh_paint {
    bool colour;
    fh_bidi bidi;
    size_t width; /* columns of the terminal, for FH_BIDI_VISUAL; 0: do not wrap */
} fh_paint;

/* One paragraph that grows at its end. Begin with a zeroed one; free it. */
typedef struct fh_paragraph {
    uint32_t *codes;
    unsigned char *styles;
    size_t count;
    size_t capacity;
    bool failed; /* memory ran out */
} fh_paragraph;

/*
 * Append TEXT in STYLE, the COUNT spans MATCHES of it in LIT. Escape sequences and turns of direction
 * lose their controls; line feeds, tabs and runs of spaces become one space.
 */
void fh_paragraph_add(fh_paragraph *p, fh_str text, fh_style style,
                      const struct fh_span *matches, size_t count, fh_style lit);

/* Paint the paragraph behind INDENT, as one or more lines, to OUT, and empty it. */
void fh_paragraph_flush(fh_paragraph *p, const fh_paint *paint, const char *indent,
                        fh_buffer *out);

void fh_paragraph_free(fh_paragraph *p);

#endif
