/*
 * Markdown: one article a file.
 *
 *   front matter   at the very beginning, between two lines of three hyphens, `key: value` a line, or of
 *                  three plus signs, `key = value`
 *   title          the one of the front matter, else the first line when it is a heading: `# `, or
 *                  underlined with equals signs
 *   body           everything else as it stands: marks are no words. Only the targets of links and
 *                  pictures, which would be, are left out
 *
 * Of YAML and TOML as much is read as such headers use: values with quotes or without, folded into
 * indented lines too, and lists, in brackets or below their key with hyphens; no tables.
 */
#include <stdlib.h>
#include <string.h>

#include "indexer/format.h"
#include "indexer/text.h"
#include "indexer/web_date.h"

/* Front matter has at most so many lines; more is none. */
#define FRONT_LINES_MAX 200

/* A link that is longer, from its bracket to its end, is no link. */
#define LINK_MAX 4096u

/*
 * Brackets inside the brackets of a link, at most: with LINK_MAX this keeps the search linear.
 */
#define DEPTH_MAX 4

typedef struct markdown {
    fh_input *input;
    const fh_listener *listener;
    fh_buffer clean;
    fh_buffer keywords;
    fh_buffer body;
    fh_arena values; /* those that were put together */
    bool failed;     /* memory ran out */
    bool given;
} markdown;

/* ---- Front matter ---- */

/* What stands between a key and its value. */
#define YAML ':'
#define TOML '='

typedef enum key { NO_KEY, TITLE, DATE, SOURCE, URL, KEYWORDS, SECTION, ID } key;

static key key_of(fh_str name)
{
    static const struct {
        const char *name;
        key key;
    } keys[] = {{"title", TITLE},   {"date", DATE},         {"source", SOURCE},
                {"url", URL},       {"link", URL},          {"keywords", KEYWORDS},
                {"tags", KEYWORDS}, {"section", SECTION},   {"category", SECTION},
                {"id", ID},         {"categories", SECTION}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (fh_text_same(name, fh_str_of(keys[i].name)))
            return keys[i].key;
    }
    return NO_KEY;
}

/* VALUE without the pair of OPEN and CLOSE around it, if there is one. */
static fh_str bare(fh_str value, char open, char close)
{
    bool pair = value.len >= 2 && value.ptr[0] == open && value.ptr[value.len - 1] == close;
    return pair ? (fh_str){value.ptr + 1, value.len - 2} : value;
}

static fh_str unquote(fh_str value)
{
    return bare(bare(fh_text_trim(value), '"', '"'), '\'', '\'');
}

/* Append the words of `[a, "b"]`, or of what stands between commas, as keywords. */
static void add_keywords(markdown *m, fh_str list)
{
    list = bare(fh_text_trim(list), '[', ']');
    while (list.len > 0) {
        const char *comma = memchr(list.ptr, ',', list.len);
        size_t len = comma ? (size_t)(comma - list.ptr) : list.len;
        fh_text_keywords(unquote((fh_str){list.ptr, len}), &m->keywords);
        len += comma != NULL;
        list = (fh_str){list.ptr + len, list.len - len};
    }
}

/* A path, which Hugo calls a URL too, is none: other sites have the same. */
static bool is_address(fh_str url)
{
    return fh_str_starts(url, FH_STR("https://")) || fh_str_starts(url, FH_STR("http://"));
}

static void set(markdown *m, key k, fh_str value, fh_article *a)
{
    fh_place place = {m->listener, fh_input_name(m->input), 0};
    fh_str *const texts[] = {[TITLE] = &a->title,     [SOURCE] = &a->source, [URL] = &a->url,
                             [SECTION] = &a->section, [ID] = &a->id,         [KEYWORDS] = NULL};
    value = fh_text_trim(value);
    if (k == KEYWORDS)
        add_keywords(m, value);
    else if (k == DATE && value.len > 0)
        a->date = fh_web_date_read(&place, unquote(value));
    else if (k == URL && !is_address(unquote(value)))
        return;
    else if (k != NO_KEY && k != DATE && texts[k]->len == 0)
        *texts[k] = unquote(k == SECTION ? bare(value, '[', ']') : value);
}

/* How a value says that it stands in the lines below: `>`, `|-`. */
static bool is_block(fh_str value)
{
    return (value.len == 1 || (value.len == 2 && strchr("+-", value.ptr[1]))) &&
           strchr(">|", value.ptr[0]);
}

/* Does LINE carry on VALUE, of which SO_FAR was read: a list that is open, or a folded text? */
static bool carries_on(fh_str value, fh_str so_far, fh_str line)
{
    if (value.len == 0)
        return false;
    if (value.ptr[0] == '[')
        return !memchr(so_far.ptr, ']', so_far.len);
    return line.len == 0 || line.ptr[0] == ' ' || line.ptr[0] == '\t';
}

/* VALUE with what carries it on at the beginning of REST, which moves behind that. */
static fh_str take_value(markdown *m, fh_str value, fh_str *rest)
{
    fh_buffer text = {0};
    value = fh_text_trim(value);
    fh_buffer_add_str(&text, is_block(value) ? FH_STR("") : value);
    for (fh_str next = *rest; next.len > 0 && !text.failed; *rest = next) {
        fh_str line = fh_text_take_line(&next);
        if (!carries_on(value, fh_buffer_str(&text), line))
            break;
        line = fh_text_trim(line);
        if (text.len > 0 && line.len > 0)
            fh_buffer_add_byte(&text, ' ');
        fh_buffer_add_str(&text, line);
    }
    fh_str kept = fh_arena_copy(&m->values, fh_buffer_str(&text));
    m->failed |= text.failed || !kept.ptr;
    fh_buffer_free(&text);
    return kept.ptr ? kept : (fh_str){"", 0};
}

/* The length of the key at the beginning of LINE, which has MARK behind it; 0 when there is none. */
static size_t key_len(fh_str line, char mark)
{
    const char *end = line.len > 0 ? memchr(line.ptr, mark, line.len) : NULL;
    size_t len = end ? (size_t)(end - line.ptr) : 0;
    return len > 0 && line.ptr[0] != '#' ? len : 0;
}

/* Read `key: value`, whose value may go on in REST; returns the key. */
static key read_pair(markdown *m, fh_str line, char mark, fh_str *rest, fh_article *a)
{
    size_t len = key_len(line, mark);
    if (len == 0)
        return NO_KEY;
    key k = key_of(fh_text_trim((fh_str){line.ptr, len}));
    set(m, k, take_value(m, (fh_str){line.ptr + len + 1, line.len - len - 1}, rest), a);
    return k;
}

/* What stands behind the keys in front matter between lines of FENCE; NUL when it is no fence. */
static char mark_of(fh_str fence)
{
    if (fh_str_equal(fence, FH_STR("---")))
        return YAML;
    return fh_str_equal(fence, FH_STR("+++")) ? TOML : '\0';
}

/* Text between two rules is no front matter: that begins with a key, which is one word. */
static bool begins_with_key(fh_str front, char mark)
{
    fh_str line = {"", 0};
    while (front.len > 0 && (line.len == 0 || line.ptr[0] == '#'))
        line = fh_text_trim(fh_text_take_line(&front));
    if (line.len == 0 || line.ptr[0] == '#' || (mark == TOML && line.ptr[0] == '['))
        return true;
    size_t len = key_len(line, mark);
    fh_str name = fh_text_trim((fh_str){line.ptr, len});
    bool parted = mark != YAML || len + 1 == line.len || line.ptr[len + 1] == ' ';
    return name.len > 0 && parted && !memchr(name.ptr, ' ', name.len);
}

/* The text between the fences at the beginning of TEXT, which moves behind them, and their MARK. */
static bool take_front(fh_str *text, fh_str *front, char *mark)
{
    fh_str rest = *text;
    fh_str fence = fh_text_trim(fh_text_take_line(&rest));
    *mark = mark_of(fence);
    if (!*mark)
        return false;
    *front = (fh_str){rest.ptr, 0};
    for (size_t lines = 0; lines < FRONT_LINES_MAX && rest.len > 0; lines++) {
        front->len = (size_t)(rest.ptr - front->ptr);
        if (!fh_str_equal(fh_text_trim(fh_text_take_line(&rest)), fence))
            continue;
        if (!begins_with_key(*front, *mark))
            return false;
        *text = rest;
        return true;
    }
    return false;
}

static void read_front(markdown *m, fh_str front, char mark, fh_article *a)
{
    key last = NO_KEY;
    while (front.len > 0) {
        fh_str line = fh_text_take_line(&front);
        fh_str trimmed = fh_text_trim(line);
        /* From the first table on, the keys are not those of the article. */
        if (mark == TOML && fh_str_starts(trimmed, FH_STR("[")))
            return;
        if (mark == YAML && fh_str_starts(trimmed, FH_STR("- ")))
            set(m, last, (fh_str){trimmed.ptr + 2, trimmed.len - 2}, a);
        else if (trimmed.len > 0 && trimmed.ptr == line.ptr)
            last = read_pair(m, line, mark, &front, a);
    }
}

/* ---- Body ---- */

/*
 * The bytes from the OPEN at the beginning of TEXT to its CLOSE, with both; 0 when it is not
 * closed.
 */
static size_t bracket_len(fh_str text, char open, char close)
{
    size_t depth = 0;
    if (text.len == 0 || text.ptr[0] != open)
        return 0;
    for (size_t i = 0; i < text.len && i < LINK_MAX; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == open && ++depth > DEPTH_MAX)
            return 0;
        else if (text.ptr[i] == close && --depth == 0)
            return i + 1;
    }
    return 0;
}

/*
 * A link or picture at the beginning of TEXT, `[words](target)` or `[words][name]`: the length
 * of its bracketed words, and in *LEN that of all of it; 0 when there is none.
 */
static size_t find_link(fh_str text, size_t *len)
{
    size_t words = bracket_len(text, '[', ']');
    fh_str behind = {text.ptr + words, text.len - words};
    size_t target = words > 0 ? bracket_len(behind, '(', ')') : 0;
    if (target == 0 && words > 0)
        target = bracket_len(behind, '[', ']');
    *len = words + target;
    return target > 0 ? words : 0;
}

/* `[name]: target` on a line of its own, which is seen nowhere. */
static bool is_definition(fh_str line)
{
    line = fh_text_trim(line);
    size_t name = bracket_len(line, '[', ']');
    return name > 2 && name < line.len && line.ptr[name] == ':' && line.ptr[1] != '^';
}

/*
 * Append TEXT to OUT with the words of its links, which may hold pictures, instead of the
 * links.
 */
static void add_linked(fh_str text, fh_buffer *out)
{
    while (text.len > 0) {
        const char *mark = memchr(text.ptr, '[', text.len);
        size_t plain = mark ? (size_t)(mark - text.ptr) : text.len;
        fh_buffer_add(out, text.ptr, plain);
        text = (fh_str){text.ptr + plain, text.len - plain};
        size_t len = 0;
        bool escaped = plain > 0 && text.ptr[-1] == '\\';
        size_t words = escaped ? 0 : find_link(text, &len);
        if (words > 0)
            add_linked((fh_str){text.ptr + 1, words - 2}, out);
        else if (text.len > 0)
            fh_buffer_add(out, text.ptr, len = 1);
        text = (fh_str){text.ptr + len, text.len - len};
    }
}

static void add_body(fh_str text, fh_buffer *out)
{
    while (text.len > 0) {
        fh_str rest = text;
        fh_str line = fh_text_take_line(&rest);
        size_t whole = (size_t)(rest.ptr - text.ptr);
        if (!is_definition(line))
            add_linked((fh_str){text.ptr, whole}, out);
        text = rest;
    }
}

/* Is LINE nothing but equals signs, two or more? */
static bool is_underline(fh_str line)
{
    line = fh_text_trim(line);
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] != '=')
            return false;
    }
    return line.len >= 2;
}

/* Take the heading off TEXT when it begins with one. */
static fh_str take_heading(fh_str *text)
{
    fh_str rest = *text;
    fh_str line = {"", 0};
    while (rest.len > 0 && line.len == 0)
        line = fh_text_trim(fh_text_take_line(&rest));
    fh_str below = rest;
    if (line.len > 0 && is_underline(fh_text_take_line(&below))) {
        *text = below;
        return line;
    }
    if (!fh_str_starts(line, FH_STR("# ")))
        return (fh_str){"", 0};
    *text = rest;
    while (line.len > 0 && line.ptr[line.len - 1] == '#')
        line.len--;
    return fh_text_trim((fh_str){line.ptr + 1, line.len - 1});
}

static void read_article(markdown *m, fh_str text, fh_article *article)
{
    fh_str front;
    char mark;
    if (take_front(&text, &front, &mark))
        read_front(m, front, mark, article);
    fh_str rest = text;
    fh_str heading = take_heading(&rest);
    if (article->title.len == 0)
        article->title = heading;
    if (fh_str_equal(article->title, heading))
        text = rest;
    add_body(text, &m->body);
    article->body = fh_text_trim(fh_buffer_str(&m->body));
    article->keywords = fh_buffer_str(&m->keywords);
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    markdown *m = state;
    fh_str text;
    size_t repairs = 0;
    fh_place place = {m->listener, fh_input_name(m->input), 0};
    *found = false;
    if (m->given)
        return FH_OK;
    m->given = true;
    *article = (fh_article){0};
    fh_status status = fh_input_rest(m->input, &text, err);
    if (!status)
        status = fh_text_clean(text, &m->clean, &text, &repairs, err);
    if (status)
        return status;
    fh_text_tell_repairs(&place, repairs);
    read_article(m, text, article);
    *found = !m->body.failed && !m->keywords.failed && !m->failed;
    return *found ? FH_OK : fh_fail_memory(err);
}

static fh_status open_markdown(fh_input *input, const fh_listener *listener, void **state,
                               fh_error *err)
{
    markdown *m = calloc(1, sizeof *m);
    *state = m;
    if (!m)
        return fh_fail_memory(err);
    m->input = input;
    m->listener = listener;
    return FH_OK;
}

static void close_markdown(void *state)
{
    markdown *m = state;
    if (!m)
        return;
    fh_buffer_free(&m->clean);
    fh_buffer_free(&m->keywords);
    fh_buffer_free(&m->body);
    fh_arena_free(&m->values);
    free(m);
}

/* Only front matter tells Markdown from any other text. */
static bool looks(fh_str head)
{
    fh_str front;
    char mark;
    if (!take_front(&head, &front, &mark))
        return false;
    while (front.len > 0) {
        fh_str line = fh_text_take_line(&front);
        if (key_of(fh_text_trim((fh_str){line.ptr, key_len(line, mark)})) != NO_KEY)
            return true;
    }
    return false;
}

const fh_format fh_format_markdown = {
    .name = "Markdown",
    .endings = ".md .markdown",
    .many = false,
    .looks = looks,
    .open = open_markdown,
    .next = next_article,
    .close = close_markdown,
};
