#include "searcher/query.h"

#include "base/dates.h"
#include "base/utf8.h"
#include "searcher/cursor.h"
#include "searcher/fihris.h"
#include "searcher/marks.h"

/* The Arabic operators, with and without the hamza that many leave out. */
#define ARABIC_OR      "\u0623\u0648"
#define ARABIC_OR_BARE "\u0627\u0648"
#define ARABIC_NOT     "\u0644\u064A\u0633"

typedef enum element_kind { ITEM, OPERATOR_AND, OPERATOR_OR, OPERATOR_NOT } element_kind;

/* How an item stands in the query: what decides whether an Arabic word beside it is an operator. */
typedef enum shape {
    BARE,     /* a word and nothing else */
    QUOTED,   /* a phrase */
    GROUPED,  /* a parenthesis */
    PREFIXED, /* with +, =, title: and the like, or a star */
    ARABIC    /* a bare word that could be an operator */
} shape;

/* One thing in a parenthesis, or in the query as a whole: an item or an operator. */
typedef struct element {
    element_kind kind;
    shape shape;
    element_kind arabic;
    fh_query_node *node;
    struct element *prev;
    struct element *next;
} element;

typedef struct group {
    element *first;
    element *last;
    bool operators;         /* has any */
    fh_query_node *hoisted; /* a LIST of what applies to all of the group, or NULL */
} group;

typedef struct parser {
    fh_arena *arena;
    fh_cursor cursor;
    size_t depth;
    fh_note_kind problem; /* not FH_NOTE_NONE: the syntax is wrong */
    fh_status status;
    fh_error *err;
} parser;

/* What stands before an item. */
typedef struct prefixes {
    fh_query_sign sign;
    bool exact;
    bool title;
    bool any;
} prefixes;

static fh_query_node *read_group(parser *p);

/* ---- Small steps ---- */

static bool stopped(const parser *p)
{
    return p->status != FH_OK || p->problem != FH_NOTE_NONE;
}

static bool at_end(const parser *p)
{
    return p->cursor.at >= p->cursor.text.len;
}

static void *complain(parser *p, fh_note_kind problem)
{
    if (!p->problem)
        p->problem = problem;
    return NULL;
}

static void *allocate(parser *p, size_t size)
{
    void *memory = fh_arena_alloc(p->arena, size);
    if (!memory)
        p->status = fh_fail_memory(p->err);
    return memory;
}

static fh_query_node *make_node(parser *p, fh_query_kind kind)
{
    fh_query_node *node = allocate(p, sizeof *node);
    if (node)
        node->kind = kind;
    return node;
}

static fh_query_node *make_text(parser *p, fh_query_kind kind, fh_str text)
{
    fh_query_node *node = make_node(p, kind);
    if (node)
        node->text = text;
    return node;
}

static void add_kid(fh_query_node *parent, fh_query_node *kid)
{
    kid->next = NULL;
    if (parent->last_kid)
        parent->last_kid->next = kid;
    else
        parent->kids = kid;
    parent->last_kid = kid;
}

/* ---- Items ---- */

static prefixes read_prefixes(parser *p)
{
    prefixes found = {0};
    bool again = true;
    while (again) {
        if (!found.sign && fh_cursor_take_sign(&p->cursor, '+'))
            found.sign = FH_SIGN_REQUIRED;
        else if (!found.sign && fh_cursor_take_sign(&p->cursor, '-'))
            found.sign = FH_SIGN_EXCLUDED;
        else if (!found.exact && fh_cursor_take_sign(&p->cursor, '='))
            found.exact = true;
        else if (!found.title && fh_cursor_take_name(&p->cursor, "title:"))
            found.title = true;
        else
            again = false;
        found.any = found.any || again;
    }
    return found;
}

static fh_query_node *read_quotation(parser *p, fh_query_kind kind)
{
    fh_str inside;
    if (!fh_cursor_take_quotation(&p->cursor, &inside))
        return complain(p, FH_NOTE_QUOTATION_ALONE);
    return make_text(p, kind, inside);
}

static fh_query_node *read_phrase(parser *p)
{
    fh_query_node *node = read_quotation(p, FH_QUERY_PHRASE);
    if (node)
        node->near = fh_cursor_take_number(&p->cursor, '~', &node->window);
    return node;
}

static fh_query_node *read_source(parser *p)
{
    if (fh_cursor_at_quotation(&p->cursor))
        return read_quotation(p, FH_QUERY_SOURCE);
    fh_str name = fh_cursor_take_chunk(&p->cursor);
    return name.len > 0 ? make_text(p, FH_QUERY_SOURCE, name)
                        : complain(p, FH_NOTE_SOURCE_NAMELESS);
}

static fh_query_node *read_date(parser *p)
{
    fh_query_node *node = make_text(p, FH_QUERY_DATE, fh_cursor_take_chunk(&p->cursor));
    if (node && !fh_date_parse_range(node->text, &node->first, &node->last))
        return complain(p, FH_NOTE_DATE_WRONG);
    return node;
}

static fh_query_node *read_parenthesis(parser *p)
{
    if (p->depth >= FH_QUERY_DEPTH_MAX) {
        p->status = fh_fail(p->err, FH_ELIMIT,
                            "the query has more than %d parentheses inside "
                            "one another",
                            FH_QUERY_DEPTH_MAX);
        return NULL;
    }
    p->cursor.at++;
    p->depth++;
    fh_query_node *node = read_group(p);
    p->depth--;
    if (stopped(p))
        return NULL;
    if (fh_cursor_byte(&p->cursor) != ')')
        return complain(p, FH_NOTE_PARENTHESIS_OPEN);
    p->cursor.at++;
    return node;
}

/* The word at the cursor, or a wildcard when a star ends it. */
static fh_query_node *read_chunk(parser *p)
{
    fh_str chunk = fh_cursor_take_chunk(&p->cursor);
    if (chunk.len > 1 && chunk.ptr[chunk.len - 1] == '*')
        return make_text(p, FH_QUERY_PREFIX, (fh_str){chunk.ptr, chunk.len - 1});
    return make_text(p, FH_QUERY_WORDS, chunk);
}

static fh_query_node *read_term(parser *p, shape *form)
{
    *form = PREFIXED;
    if (fh_cursor_take_name(&p->cursor, "source:"))
        return read_source(p);
    if (fh_cursor_take_name(&p->cursor, "date:"))
        return read_date(p);
    if (fh_cursor_at_quotation(&p->cursor)) {
        *form = QUOTED;
        return read_phrase(p);
    }
    if (fh_cursor_byte(&p->cursor) == '(') {
        *form = GROUPED;
        return read_parenthesis(p);
    }
    fh_query_node *node = read_chunk(p);
    if (node && node->kind == FH_QUERY_WORDS)
        *form = BARE;
    return node;
}

/* ---- Elements ---- */

static bool spells(const fh_query_node *node, const char *word)
{
    return fh_str_equal(node->text, fh_str_of(word));
}

/* Is this bare word an operator, or an Arabic word that could be one? */
static void name_operator(element *e)
{
    if (spells(e->node, "AND")) {
        e->kind = OPERATOR_AND;
    } else if (spells(e->node, "OR")) {
        e->kind = OPERATOR_OR;
    } else if (spells(e->node, "NOT")) {
        e->kind = OPERATOR_NOT;
    } else if (spells(e->node, ARABIC_OR) || spells(e->node, ARABIC_OR_BARE)) {
        e->shape = ARABIC;
        e->arabic = OPERATOR_OR;
    } else if (spells(e->node, ARABIC_NOT)) {
        e->shape = ARABIC;
        e->arabic = OPERATOR_NOT;
    }
}

/* Do the prefixes before a term that has a sign of its own inside (a parenthesis) need a node? */
static fh_query_node *apply_prefixes(parser *p, fh_query_node *node, prefixes found)
{
    if (node->sign && found.sign) {
        fh_query_node *list = make_node(p, FH_QUERY_LIST);
        if (!list)
            return NULL;
        add_kid(list, node);
        node = list;
    }
    if (found.sign)
        node->sign = found.sign;
    node->exact = node->exact || found.exact;
    node->title = node->title || found.title;
    return node;
}

static bool read_element(parser *p, group *g)
{
    element *e = allocate(p, sizeof *e);
    if (!e)
        return false;
    prefixes found = read_prefixes(p);
    e->node = read_term(p, &e->shape);
    if (!e->node || !(e->node = apply_prefixes(p, e->node, found)))
        return false;
    if (found.any)
        e->shape = PREFIXED;
    if (e->shape == BARE)
        name_operator(e);
    e->prev = g->last;
    if (g->last)
        g->last->next = e;
    else
        g->first = e;
    g->last = e;
    return true;
}

static bool is_set_off(const element *e)
{
    return e && e->kind == ITEM && e->shape != BARE && e->shape != ARABIC;
}

static bool is_marked(const element *e)
{
    return e->shape == PREFIXED || e->shape == GROUPED;
}

/*
 * An Arabic word is an operator only where it cannot be anything else: both neighbours are set off by
 * quotes, parentheses or prefixes, and no bare word says that this is a sentence. Between two
 * quotations, "not" is a word: a headline may well say that one thing is not another.
 */
static void settle_arabic(group *g)
{
    bool sentence = false;
    for (const element *e = g->first; e; e = e->next)
        sentence = sentence || (e->kind == ITEM && e->shape == BARE);
    for (element *e = g->first; e; e = e->next) {
        if (e->shape != ARABIC || sentence || !is_set_off(e->prev) || !is_set_off(e->next))
            continue;
        if (e->arabic == OPERATOR_OR || is_marked(e->prev) || is_marked(e->next))
            e->kind = e->arabic;
    }
    for (const element *e = g->first; e; e = e->next)
        g->operators = g->operators || e->kind != ITEM;
}

/* ---- Operators, from the tightest to the loosest ---- */

static bool is_hoistable(const fh_query_node *node)
{
    return node->sign == FH_SIGN_EXCLUDED || node->kind == FH_QUERY_SOURCE ||
           node->kind == FH_QUERY_DATE;
}

/* Is NODE a parenthesis that only holds words and phrases side by side? It says nothing by itself. */
static bool is_transparent(const fh_query_node *node)
{
    if (node->kind != FH_QUERY_LIST || node->sign || node->exact || node->title)
        return false;
    for (const fh_query_node *kid = node->kids; kid; kid = kid->next)
        if (kid->sign || kid->kind > FH_QUERY_PHRASE)
            return false;
    return true;
}

static void add_item(fh_query_node *list, fh_query_node *node)
{
    if (!is_transparent(node)) {
        add_kid(list, node);
        return;
    }
    for (fh_query_node *kid = node->kids, *next; kid; kid = next) {
        next = kid->next;
        add_kid(list, kid);
    }
}

/* The items side by side from *AT on. What excludes or filters beside an operand is for the group. */
static fh_query_node *join_run(parser *p, group *g, element **at)
{
    bool content = false;
    for (const element *e = *at; e && e->kind == ITEM; e = e->next)
        content = content || !is_hoistable(e->node);
    fh_query_node *list = make_node(p, FH_QUERY_LIST);
    if (!list || (g->operators && !g->hoisted && !(g->hoisted = make_node(p, FH_QUERY_LIST))))
        return NULL;
    if (!*at || (*at)->kind != ITEM)
        return complain(p, FH_NOTE_OPERATOR_ALONE);
    for (; *at && (*at)->kind == ITEM; *at = (*at)->next) {
        bool hoist = g->operators && content && is_hoistable((*at)->node);
        add_item(hoist ? g->hoisted : list, (*at)->node);
    }
    bool single = list->kids && !list->kids->next && list->kids->sign != FH_SIGN_EXCLUDED;
    return single && (g->operators || !list->kids->sign) ? list->kids : list;
}

static fh_query_node *join_not(parser *p, group *g, element **at)
{
    bool negative = false;
    for (; *at && (*at)->kind == OPERATOR_NOT; *at = (*at)->next)
        negative = !negative;
    fh_query_node *node = join_run(p, g, at);
    if (!node || !negative)
        return node;
    fh_query_node *parent = make_node(p, FH_QUERY_NOT);
    if (parent)
        add_kid(parent, node);
    return parent;
}

/* Put KID beside FIRST under a node of KIND, which *PARENT is once there is one. */
static fh_query_node *join(parser *p, fh_query_kind kind, fh_query_node **parent,
                           fh_query_node *first, fh_query_node *kid)
{
    if (!kid)
        return NULL;
    if (!*parent) {
        *parent = make_node(p, kind);
        if (!*parent)
            return NULL;
        add_kid(*parent, first);
    }
    add_kid(*parent, kid);
    return *parent;
}

static fh_query_node *join_and(parser *p, group *g, element **at)
{
    fh_query_node *parent = NULL, *node = join_not(p, g, at);
    while (node && *at && (*at)->kind != OPERATOR_OR) {
        if ((*at)->kind == OPERATOR_AND)
            *at = (*at)->next;
        node = join(p, FH_QUERY_AND, &parent, node, join_not(p, g, at));
    }
    return node;
}

static fh_query_node *join_or(parser *p, group *g, element **at)
{
    fh_query_node *parent = NULL, *node = join_and(p, g, at);
    while (node && *at) {
        *at = (*at)->next;
        node = join(p, FH_QUERY_OR, &parent, node, join_and(p, g, at));
    }
    return node;
}

/* Step to the next thing in a group; false at the end of the group. */
static bool more(parser *p)
{
    fh_cursor_skip_spaces(&p->cursor);
    return !at_end(p) && fh_cursor_byte(&p->cursor) != ')';
}

static fh_query_node *read_group(parser *p)
{
    group g = {0};
    while (more(p))
        if (!read_element(p, &g))
            return NULL;
    if (!g.first)
        return make_node(p, FH_QUERY_LIST);
    settle_arabic(&g);
    element *at = g.first;
    fh_query_node *node = join_or(p, &g, &at);
    if (!node || !g.hoisted || !g.hoisted->kids)
        return node;
    fh_query_node *list = make_node(p, FH_QUERY_LIST);
    if (!list)
        return NULL;
    add_kid(list, node);
    for (fh_query_node *kid = g.hoisted->kids, *next; kid; kid = next) {
        next = kid->next;
        add_kid(list, kid);
    }
    return list;
}

/* ---- The whole ---- */

static bool repair(fh_str text, fh_arena *arena, fh_str *out)
{
    fh_buffer repaired = {0};
    fh_utf8_repair(text, &repaired);
    *out = fh_arena_copy(arena, fh_buffer_str(&repaired));
    bool whole = !repaired.failed && out->ptr;
    fh_buffer_free(&repaired);
    return whole;
}

static fh_query_node *parse_all(parser *p)
{
    fh_query_node *root = read_group(p);
    if (root && !at_end(p))
        return complain(p, FH_NOTE_PARENTHESIS_CLOSE);
    return root;
}

fh_status fh_query_parse(fh_str text, bool plain, fh_arena *arena, fh_query *query,
                         fh_error *err)
{
    *query = (fh_query){0};
    if (text.len > FH_QUERY_MAX)
        return fh_fail(err, FH_ELIMIT, "the query has %zu bytes, at most %d can be searched",
                       text.len, FH_QUERY_MAX);
    parser p = {.arena = arena, .err = err};
    fh_query parsed = {0};
    if (!repair(text, arena, &parsed.text) ||
        !fh_marks_clean(parsed.text, arena, &p.cursor.text))
        return fh_fail_memory(err);
    if (!plain)
        parsed.root = parse_all(&p);
    parsed.clean = p.cursor.text;
    parsed.problem = p.problem;
    if (p.status == FH_OK && (plain || p.problem))
        parsed.root = make_text(&p, FH_QUERY_WORDS, p.cursor.text);
    if (p.status == FH_OK)
        *query = parsed;
    return p.status;
}
