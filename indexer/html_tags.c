#include "indexer/html_tags.h"

#include <string.h>

/* The longest name in the table. */
#define NAME_MAX_LEN 21

#define BLOCK     FH_HTML_BLOCK
#define HOLDER    (FH_HTML_BLOCK | FH_HTML_HOLDER)
#define UNSEEN    FH_HTML_UNSEEN
#define FURNITURE (FH_HTML_BLOCK | FH_HTML_HOLDER | FH_HTML_FURNITURE)
#define NOTHING   (FH_HTML_VOID | FH_HTML_IDLE)

static const fh_html_element unknown = {"", FH_TAG_OTHER, 0};

/* By the bytes of the names. */
static const fh_html_element elements[] = {
    {"a", FH_TAG_A, 0},
    {"address", FH_TAG_OTHER, BLOCK},
    {"amp-ad", FH_TAG_OTHER, UNSEEN},
    {"amp-consent", FH_TAG_OTHER, UNSEEN},
    {"amp-embed", FH_TAG_OTHER, UNSEEN},
    {"amp-sidebar", FH_TAG_OTHER, FURNITURE},
    {"amp-user-notification", FH_TAG_OTHER, UNSEEN},
    {"area", FH_TAG_OTHER, NOTHING},
    {"article", FH_TAG_ARTICLE, HOLDER},
    {"aside", FH_TAG_OTHER, FURNITURE},
    {"audio", FH_TAG_OTHER, UNSEEN},
    {"base", FH_TAG_OTHER, NOTHING},
    {"blockquote", FH_TAG_OTHER, BLOCK},
    {"body", FH_TAG_BODY, FH_HTML_IDLE},
    {"br", FH_TAG_BR, FH_HTML_VOID},
    {"button", FH_TAG_OTHER, UNSEEN},
    {"canvas", FH_TAG_OTHER, UNSEEN},
    {"caption", FH_TAG_OTHER, BLOCK},
    {"center", FH_TAG_OTHER, HOLDER},
    {"col", FH_TAG_OTHER, NOTHING},
    {"colgroup", FH_TAG_OTHER, FH_HTML_IDLE},
    {"datalist", FH_TAG_OTHER, UNSEEN},
    {"dd", FH_TAG_OTHER, BLOCK},
    {"details", FH_TAG_OTHER, BLOCK},
    {"dir", FH_TAG_LIST, BLOCK},
    {"div", FH_TAG_OTHER, HOLDER},
    {"dl", FH_TAG_LIST, BLOCK},
    {"dt", FH_TAG_OTHER, BLOCK},
    {"embed", FH_TAG_OTHER, NOTHING},
    {"fieldset", FH_TAG_OTHER, HOLDER},
    {"figcaption", FH_TAG_OTHER, BLOCK},
    {"figure", FH_TAG_OTHER, BLOCK},
    {"footer", FH_TAG_MARGIN, FURNITURE},
    {"form", FH_TAG_FORM, FURNITURE},
    {"frame", FH_TAG_OTHER, NOTHING},
    {"frameset", FH_TAG_OTHER, FH_HTML_IDLE},
    {"h1", FH_TAG_H1, BLOCK},
    {"h2", FH_TAG_HEADING, BLOCK},
    {"h3", FH_TAG_HEADING, BLOCK},
    {"h4", FH_TAG_HEADING, BLOCK},
    {"h5", FH_TAG_HEADING, BLOCK},
    {"h6", FH_TAG_HEADING, BLOCK},
    {"head", FH_TAG_OTHER, FH_HTML_IDLE},
    {"header", FH_TAG_HEADER, HOLDER},
    {"hgroup", FH_TAG_OTHER, BLOCK},
    {"hr", FH_TAG_BR, FH_HTML_VOID},
    {"html", FH_TAG_OTHER, FH_HTML_IDLE},
    {"iframe", FH_TAG_OTHER, FH_HTML_IDLE},
    {"img", FH_TAG_OTHER, NOTHING},
    {"input", FH_TAG_OTHER, NOTHING},
    {"keygen", FH_TAG_OTHER, NOTHING},
    {"label", FH_TAG_OTHER, UNSEEN},
    {"legend", FH_TAG_OTHER, UNSEEN},
    {"li", FH_TAG_OTHER, BLOCK},
    {"link", FH_TAG_LINK, FH_HTML_VOID},
    {"main", FH_TAG_MAIN, HOLDER},
    {"map", FH_TAG_OTHER, UNSEEN},
    {"marquee", FH_TAG_OTHER, FURNITURE},
    {"math", FH_TAG_OTHER, 0},
    {"menu", FH_TAG_OTHER, FURNITURE},
    {"meta", FH_TAG_META, FH_HTML_VOID},
    {"nav", FH_TAG_MARGIN, FURNITURE},
    {"noembed", FH_TAG_OTHER, FH_HTML_IDLE},
    {"noscript", FH_TAG_OTHER, UNSEEN},
    {"object", FH_TAG_OTHER, UNSEEN},
    {"ol", FH_TAG_LIST, BLOCK},
    {"optgroup", FH_TAG_OTHER, UNSEEN},
    {"option", FH_TAG_OTHER, UNSEEN},
    {"p", FH_TAG_P, BLOCK},
    {"param", FH_TAG_OTHER, NOTHING},
    {"pre", FH_TAG_PRE, BLOCK | FH_HTML_VERBATIM},
    {"script", FH_TAG_SCRIPT, FH_HTML_IDLE},
    {"section", FH_TAG_OTHER, HOLDER},
    {"select", FH_TAG_OTHER, UNSEEN},
    {"source", FH_TAG_OTHER, NOTHING},
    {"style", FH_TAG_OTHER, FH_HTML_IDLE},
    {"summary", FH_TAG_OTHER, BLOCK},
    {"svg", FH_TAG_OTHER, UNSEEN},
    {"table", FH_TAG_OTHER, HOLDER},
    {"tbody", FH_TAG_CELL, HOLDER},
    {"td", FH_TAG_CELL, HOLDER},
    {"template", FH_TAG_OTHER, UNSEEN},
    {"textarea", FH_TAG_OTHER, FH_HTML_IDLE},
    {"tfoot", FH_TAG_CELL, HOLDER},
    {"th", FH_TAG_CELL, HOLDER},
    {"thead", FH_TAG_CELL, HOLDER},
    {"time", FH_TAG_TIME, 0},
    {"title", FH_TAG_TITLE, FH_HTML_UNSEEN},
    {"tr", FH_TAG_CELL, HOLDER},
    {"track", FH_TAG_OTHER, NOTHING},
    {"ul", FH_TAG_LIST, BLOCK},
    {"video", FH_TAG_OTHER, UNSEEN},
    {"wbr", FH_TAG_OTHER, NOTHING},
    {"xmp", FH_TAG_PRE, BLOCK | FH_HTML_VERBATIM},
};

const fh_html_element *fh_html_element_find(fh_str name)
{
    char small[NAME_MAX_LEN + 1] = "";
    if (name.len > NAME_MAX_LEN)
        return &unknown;
    for (size_t i = 0; i < name.len; i++)
        small[i] = (char)(name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' ? name.ptr[i] + ('a' - 'A')
                                                                   : name.ptr[i]);
    size_t low = 0, high = sizeof elements / sizeof *elements;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(small, elements[middle].name);
        if (order == 0)
            return &elements[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return &unknown;
}
