#include "searcher/loosen.h"

/* One writing on its way. */
typedef struct writer {
    fh_step step;
    fh_analyser *analyser;
    fh_buffer *out;
    bool any; /* words side by side, whatever joined them */
} writer;

/* What holds for a part of the tree. */
typedef struct place {
    bool side; /* among words side by side, where signs may stand */
    bool title;
    bool exact;
    bool negative;
} place;

static void write_node(writer *w, const fh_query_node *node, place at);

/* ---- What stays ---- */

static bool is_negative(const fh_query_node *node)
{
    return node->sign == FH_SIGN_EXCLUDED || node->kind == FH_QUERY_NOT;
}

/* Does anything of NODE stay? */
static bool stays(const writer *w, const fh_query_node *node)
{
    bool all = w->step == FH_STEP_EVERYTHING;
    bool kept = node->kind < FH_QUERY_SOURCE;
    if (is_negative(node) && (all || w->step == FH_STEP_EXCLUDED))
        return false;
    if (node->kind == FH_QUERY_SOURCE)
        return !all && w->step != FH_STEP_SOURCES;
    if (node->kind == FH_QUERY_DATE)
        return !all && w->step != FH_STEP_DATES;
    for (const fh_query_node *kid = node->kids; kid && !kept; kid = kid->next)
        kept = stays(w, kid);
    return kept;
}

static bool keeps_titles(const writer *w)
{
    return w->step != FH_STEP_ANYWHERE && w->step != FH_STEP_EVERYTHING;
}

static bool keeps_exact(const writer *w)
{
    return !w->any && w->step != FH_STEP_STEM;
}

/* ---- Pieces ---- */

static void separate(writer *w, const char *between)
{
    if (w->out->len > 0 && w->out->data[w->out->len - 1] != '(')
        fh_buffer_add_str(w->out, fh_str_of(between));
}

/* Write TEXT between quotation marks that it does not have itself. */
static void quote(writer *w, fh_str text)
{
    bool straight = true;
    for (size_t i = 0; i < text.len; i++)
        straight = straight && text.ptr[i] != '"';
    fh_buffer_add_str(w->out, straight ? FH_STR("\"") : FH_STR("\u00AB"));
    fh_buffer_add_str(w->out, text);
    fh_buffer_add_str(w->out, straight ? FH_STR("\"") : FH_STR("\u00BB"));
}

static void write_prefixes(writer *w, place at, bool title, bool exact)
{
    if (title && (at.negative || keeps_titles(w)))
        fh_buffer_add_str(w->out, FH_STR("title:"));
    if (exact && (at.negative || keeps_exact(w)))
        fh_buffer_add_byte(w->out, '=');
}

/* ---- Words one by one ---- */

/* How the words of a text are written. */
typedef struct style {
    const char *sign;
    bool title;
    bool exact;
} style;

static bool is_operator(fh_str word)
{
    return fh_str_equal(word, FH_STR("AND")) || fh_str_equal(word, FH_STR("OR")) ||
           fh_str_equal(word, FH_STR("NOT"));
}

static void write_word(writer *w, fh_str word, style how)
{
    separate(w, " ");
    fh_buffer_add_str(w->out, fh_str_of(how.sign));
    if (how.title)
        fh_buffer_add_str(w->out, FH_STR("title:"));
    if (how.exact || (is_operator(word) && !*how.sign && !how.title))
        fh_buffer_add_byte(w->out, '=');
    fh_buffer_add_str(w->out, word);
}

/* Write the words of TEXT, but for those that say nothing if others do; returns how many there are. */
static size_t write_words(writer *w, fh_str text, style how, bool stops)
{
    fh_term term;
    size_t count = 0;
    fh_analyser_start(w->analyser, text, FH_FIELD_ANY, 1);
    while (fh_analyser_next(w->analyser, &term)) {
        if (term.form != FH_FORM_FOLDED || (!stops && fh_analysis_stops(term.text)))
            continue;
        fh_str typed = {text.ptr + term.span.start, term.span.end - term.span.start};
        write_word(w, typed, how);
        count++;
    }
    return count;
}

static void write_text(writer *w, fh_str text, style how)
{
    if (write_words(w, text, how, false) == 0)
        write_words(w, text, how, true);
}

static size_t count_words(writer *w, fh_str text)
{
    fh_term term;
    size_t count = 0;
    fh_analyser_start(w->analyser, text, FH_FIELD_ANY, 1);
    while (fh_analyser_next(w->analyser, &term))
        count += term.form == FH_FORM_FOLDED;
    return count;
}

/* ---- As it is, but for what the step changes ---- */

static void write_window(writer *w, const fh_query_node *node, size_t count)
{
    if (node->near) {
        fh_buffer_printf(w->out, "~%u", (unsigned)node->window);
    } else if (w->step == FH_STEP_NEAR && count > 1) {
        size_t window = 2 * count > FH_LOOSEN_WINDOW ? 2 * count : FH_LOOSEN_WINDOW;
        fh_buffer_printf(w->out, "~%zu", window < FH_NEAR_MAX ? window : FH_NEAR_MAX);
    }
}

/* A phrase as words that must all stand in an article. */
static void write_apart(writer *w, const fh_query_node *node, place at)
{
    style how = {.sign = "+",
                 .title = node->title && keeps_titles(w),
                 .exact = w->step == FH_STEP_FOLDED || (node->exact && keeps_exact(w))};
    if (!at.side) {
        separate(w, " ");
        fh_buffer_add_byte(w->out, '(');
    }
    write_text(w, node->text, how);
    if (!at.side)
        fh_buffer_add_byte(w->out, ')');
}

/* The kids of NODE that stay. */
static void write_kids(writer *w, const fh_query_node *node, place at)
{
    const char *between = node->kind == FH_QUERY_AND  ? " AND"
                          : node->kind == FH_QUERY_OR ? " OR"
                                                      : "";
    bool first = true;
    at.side = node->kind == FH_QUERY_LIST;
    for (const fh_query_node *kid = node->kids; kid; kid = kid->next) {
        if (!stays(w, kid))
            continue;
        if (!first)
            fh_buffer_add_str(w->out, fh_str_of(between));
        write_node(w, kid, at);
        first = false;
    }
}

static void write_body(writer *w, const fh_query_node *node, place at)
{
    switch (node->kind) {
    case FH_QUERY_WORDS:
    case FH_QUERY_PREFIX:
        fh_buffer_add_str(w->out, node->text);
        if (node->kind == FH_QUERY_PREFIX)
            fh_buffer_add_byte(w->out, '*');
        break;
    case FH_QUERY_PHRASE:
        quote(w, node->text);
        write_window(w, node, at.negative ? 0 : count_words(w, node->text));
        break;
    case FH_QUERY_SOURCE:
        fh_buffer_add_str(w->out, FH_STR("source:"));
        quote(w, node->text);
        break;
    case FH_QUERY_DATE:
        fh_buffer_add_str(w->out, FH_STR("date:"));
        fh_buffer_add_str(w->out, node->text);
        break;
    default:
        fh_buffer_add_byte(w->out, '(');
        write_kids(w, node, at);
        fh_buffer_add_byte(w->out, ')');
    }
}

static void write_node(writer *w, const fh_query_node *node, place at)
{
    at.negative = at.negative || is_negative(node);
    bool apart = w->step == FH_STEP_FOLDED || w->step == FH_STEP_STEM;
    if (node->kind == FH_QUERY_PHRASE && apart && !at.negative &&
        count_words(w, node->text) > 1) {
        write_apart(w, node, at);
        return;
    }
    separate(w, " ");
    size_t bare = w->out->len;
    if (node->sign)
        fh_buffer_add_byte(w->out, node->sign == FH_SIGN_EXCLUDED ? '-' : '+');
    write_prefixes(w, at, node->title, node->exact);
    if (w->out->len == bare && node->kind == FH_QUERY_WORDS && is_operator(node->text))
        fh_buffer_add_byte(w->out, '=');
    if (node->kind == FH_QUERY_NOT) {
        fh_buffer_add_str(w->out, FH_STR("NOT"));
        at.side = false;
        write_node(w, node->kids, at);
        return;
    }
    write_body(w, node, at);
}

/* ---- Any of the words ---- */

/* All words of NODE that do not exclude, side by side. */
static void write_flat(writer *w, const fh_query_node *node, place at)
{
    at.title = at.title || (node->title && keeps_titles(w));
    if (is_negative(node))
        return;
    if (node->kind == FH_QUERY_WORDS || node->kind == FH_QUERY_PHRASE) {
        write_text(w, node->text, (style){.sign = "", .title = at.title});
    } else if (node->kind == FH_QUERY_PREFIX) {
        write_word(w, node->text, (style){.sign = "", .title = at.title});
        fh_buffer_add_byte(w->out, '*');
    }
    for (const fh_query_node *kid = node->kids; kid; kid = kid->next)
        write_flat(w, kid, at);
}

/* What NODE excludes and filters, behind the words. */
static void write_limits(writer *w, const fh_query_node *node)
{
    place at = {.side = true, .negative = true};
    if (!stays(w, node))
        return;
    if (node->kind == FH_QUERY_SOURCE || node->kind == FH_QUERY_DATE ||
        node->sign == FH_SIGN_EXCLUDED) {
        write_node(w, node, at);
    } else if (node->kind == FH_QUERY_NOT) {
        fh_query_node kid = *node->kids;
        kid.sign = FH_SIGN_EXCLUDED;
        write_node(w, &kid, at);
    } else {
        for (const fh_query_node *kid = node->kids; kid; kid = kid->next)
            write_limits(w, kid);
    }
}

void fh_loosen(const fh_query *query, fh_step step, fh_analyser *analyser, fh_buffer *out)
{
    const fh_query_node *root = query->root;
    writer w = {.step = step,
                .analyser = analyser,
                .out = out,
                .any = step == FH_STEP_ANY || step == FH_STEP_EVERYTHING};
    place at = {.side = true};
    bool bare = !root->sign && !root->title && !root->exact;
    fh_buffer_clear(out);
    if (w.any) {
        write_flat(&w, root, at);
        write_limits(&w, root);
    } else if (bare && root->kids && root->kind != FH_QUERY_NOT) {
        write_kids(&w, root, at);
    } else if (stays(&w, root)) {
        write_node(&w, root, at);
    }
}
