#include "indexer/html_page.h"

#include <string.h>

#include "indexer/html_body.h"
#include "indexer/html_parser.h"
#include "indexer/html_text.h"
#include "indexer/json_ld.h"
#include "indexer/text.h"
#include "indexer/web_date.h"

/* What a page says of itself, on the way to what it is. */
typedef struct reading {
    fh_html_page *page;
    fh_html_tree tree;
    fh_html_body body;
    fh_json_ld scripts;
    fh_json_ld_article ld;
    fh_buffer space;
    bool failed; /* memory ran out */
} reading;

/* ---- Texts ---- */

/* S, which outlives the reading, in the page's own memory. */
static fh_str keep(reading *r, fh_str s)
{
    fh_str copy = fh_arena_copy(&r->page->texts, s);
    r->failed |= !copy.ptr;
    return copy.ptr ? copy : (fh_str){"", 0};
}

static bool has_markup(fh_str s)
{
    return s.len > 0 && (memchr(s.ptr, '&', s.len) || memchr(s.ptr, '<', s.len));
}

/*
 * Append what a reader sees of S, which may have references and tags in it; where it has no tags, its line
 * feeds are seen. Returns the weight of that.
 */
static uint64_t add_visible(reading *r, fh_str s, fh_buffer *out)
{
    uint64_t weight = 0;
    fh_html_tree tree = {.verbatim = s.len > 0 && !memchr(s.ptr, '<', s.len)};
    if (has_markup(s)) {
        r->failed |= fh_html_parse(s, &tree, NULL) != FH_OK;
    } else {
        fh_html_tree_text(&tree, s);
        fh_html_tree_finish(&tree);
    }
    for (size_t i = 0; i < tree.block_count; i++)
        weight += tree.blocks[i].weight;
    fh_buffer_add_str(out, fh_buffer_str(&tree.text));
    r->failed |= tree.failed || out->failed;
    fh_html_tree_free(&tree);
    return weight;
}

/* S as one line of what a reader sees. */
static fh_str keep_line(reading *r, fh_str s)
{
    fh_buffer line = {0};
    fh_buffer_clear(&r->space);
    if (has_markup(s)) {
        add_visible(r, s, &r->space);
        s = fh_buffer_str(&r->space);
    }
    fh_html_tidy(s, &line);
    r->failed |= line.failed;
    fh_str kept = keep(r, fh_buffer_str(&line));
    fh_buffer_free(&line);
    return kept;
}

static fh_str first_of(fh_str a, fh_str b)
{
    return a.len > 0 ? a : b;
}

static fh_str fact(const reading *r, fh_html_field field)
{
    return fh_html_facts_first(&r->tree.facts, field);
}

/* ---- Title ---- */

/* TITLE without the name of the SOURCE at its end, behind one of the usual marks. */
static fh_str cut_source(fh_str title, fh_str source)
{
    static const fh_str marks[] = {
        {" | ", 3}, {" - ", 3}, {" \u2013 ", 5}, {" \u2014 ", 5}, {" :: ", 4}, {" \u00BB ", 4},
    };
    for (size_t i = 0; i < sizeof marks / sizeof *marks && source.len > 0; i++) {
        size_t tail = marks[i].len + source.len;
        if (title.len <= tail)
            continue;
        const char *end = title.ptr + title.len - tail;
        if (memcmp(end, marks[i].ptr, marks[i].len) == 0 &&
            memcmp(end + marks[i].len, source.ptr, source.len) == 0)
            return (fh_str){title.ptr, title.len - tail};
    }
    return title;
}

static fh_str find_title(reading *r, fh_str source)
{
    fh_str title = first_of(r->ld.title, fact(r, FH_HTML_TITLE));
    title = first_of(title, fh_html_body_headline(&r->body));
    fh_str kept = keep_line(r, first_of(title, fh_buffer_str(&r->tree.title)));
    return cut_source(kept, source);
}

/* ---- URL ---- */

/* Does URL say where a page is, and not only of which host? */
static bool is_page_url(fh_str url, bool list)
{
    const fh_str https = FH_STR("https://"), http = FH_STR("http://");
    size_t at = fh_str_starts(url, https) ? https.len : fh_str_starts(url, http) ? http.len : 0;
    if (at == 0 || at == url.len || memchr(url.ptr, ' ', url.len))
        return false;
    while (at < url.len && url.ptr[at] != '/' && url.ptr[at] != '?')
        at++;
    return list || at + 1 < url.len;
}

/* URL when it is one of a page; an article is not at the front door, whatever it says. */
static fh_str check_url(reading *r, fh_str url)
{
    if (fh_str_starts(url, FH_STR("//"))) {
        fh_buffer_clear(&r->space);
        fh_buffer_add_str(&r->space, FH_STR("https:"));
        fh_buffer_add_str(&r->space, url);
        url = fh_buffer_str(&r->space);
    }
    return is_page_url(url, r->body.list) ? keep(r, url) : (fh_str){"", 0};
}

static fh_str find_url(reading *r)
{
    fh_str value, url = {"", 0};
    for (size_t at = 0;
         url.len == 0 && fh_html_facts_next(&r->tree.facts, FH_HTML_URL, &at, &value);)
        url = check_url(r, value);
    if (url.len == 0)
        url = check_url(r, r->ld.url);
    return url.len > 0 ? url : check_url(r, fact(r, FH_HTML_SAVED));
}

/* ---- Date ---- */

/* Is VALUE a date? The first that is none is remembered. */
static bool try_date(reading *r, fh_str value, fh_date *date)
{
    fh_str *odd = &r->page->gaps.date;
    if (fh_web_date_parse(value, date)) {
        *odd = (fh_str){"", 0};
        return true;
    }
    if (odd->len == 0)
        *odd = keep(r, value);
    return false;
}

static fh_date find_date(reading *r)
{
    fh_date date = {0};
    fh_str value;
    const fh_html_time *time = fh_html_body_time(&r->body);
    if (try_date(r, r->ld.date, &date))
        return date;
    for (size_t at = 0; fh_html_facts_next(&r->tree.facts, FH_HTML_DATE, &at, &value);) {
        if (try_date(r, value, &date))
            return date;
    }
    if (time)
        try_date(r, time->value, &date);
    return date;
}

/* ---- Keywords ---- */

static bool has_line(fh_str lines, fh_str line)
{
    while (lines.len > 0) {
        if (fh_str_equal(fh_text_take_line(&lines), line))
            return true;
    }
    return false;
}

static void add_keyword(reading *r, fh_str word, fh_buffer *lines, size_t *count)
{
    word = keep_line(r, word);
    if (word.len == 0 || *count == FH_HTML_KEYWORDS_MAX || has_line(fh_buffer_str(lines), word))
        return;
    if ((*count)++ > 0)
        fh_buffer_add_byte(lines, '\n');
    fh_buffer_add_str(lines, word);
}

static void split_keywords(reading *r, fh_str text, fh_buffer *lines, size_t *count)
{
    fh_buffer words = {0};
    fh_text_keywords(text, &words);
    for (fh_str rest = fh_buffer_str(&words); rest.len > 0 && *count < FH_HTML_KEYWORDS_MAX;)
        add_keyword(r, fh_text_take_line(&rest), lines, count);
    r->failed |= words.failed;
    fh_buffer_free(&words);
}

static fh_str find_keywords(reading *r)
{
    fh_buffer lines = {0};
    size_t count = 0, i;
    const json_t *word;
    json_array_foreach(r->ld.keywords, i, word)
    {
        if (json_is_string(word) && count < FH_HTML_KEYWORDS_MAX)
            add_keyword(r, (fh_str){json_string_value(word), json_string_length(word)}, &lines,
                        &count);
    }
    if (json_is_string(r->ld.keywords))
        split_keywords(r, fh_str_of(json_string_value(r->ld.keywords)), &lines, &count);
    if (count == 0)
        split_keywords(r, fact(r, FH_HTML_KEYWORDS), &lines, &count);
    r->failed |= lines.failed;
    fh_str kept = keep(r, fh_buffer_str(&lines));
    fh_buffer_free(&lines);
    return kept;
}

/* ---- Body ---- */

/*
 * The article as the page shows it, or as JSON-LD has it when that is far more: then a script shows it, or
 * only readers who pay see it. What JSON-LD has is often one long line.
 */
static void find_body(reading *r, fh_str title, fh_buffer *out)
{
    fh_buffer body = {0};
    uint64_t shown = fh_html_body_write(&r->body, title, out);
    uint64_t told = r->ld.body.len > 0 ? add_visible(r, r->ld.body, &body) : 0;
    if (told / 2 > shown) {
        fh_buffer_clear(out);
        fh_buffer_add_str(out, fh_buffer_str(&body));
    } else if (out->len == 0) {
        fh_buffer_add_str(out, fact(r, FH_HTML_LEAD));
    }
    r->failed |= out->failed;
    fh_buffer_free(&body);
}

/* ---- The page ---- */

static fh_status read_scripts(reading *r, fh_error *err)
{
    fh_status status = FH_OK;
    fh_error why = {0};
    for (size_t i = 0; i < r->tree.script_count && status != FH_ENOMEM; i++) {
        status = fh_json_ld_add(&r->scripts, r->tree.scripts[i], &why);
        if (status && !r->page->gaps.script.status)
            r->page->gaps.script = why;
    }
    if (status == FH_ENOMEM)
        return fh_fail_memory(err);
    r->ld = fh_json_ld_choose(&r->scripts, fact(r, FH_HTML_URL), fact(r, FH_HTML_TITLE));
    return FH_OK;
}

static void fill(reading *r, fh_article *article)
{
    article->source = keep_line(r, first_of(fact(r, FH_HTML_SOURCE), r->ld.source));
    article->section = keep_line(r, first_of(r->ld.section, fact(r, FH_HTML_SECTION)));
    article->title = find_title(r, article->source);
    article->url = find_url(r);
    article->date = find_date(r);
    article->keywords = find_keywords(r);
    find_body(r, article->title, &r->page->body);
    article->body = fh_buffer_str(&r->page->body);
}

static fh_status read_page(reading *r, fh_str text, fh_error *err)
{
    fh_html_gaps *gaps = &r->page->gaps;
    fh_status status = fh_html_parse(text, &r->tree, err);
    if (!status)
        status = fh_html_body_open(&r->tree, &r->body, err);
    if (!status)
        status = read_scripts(r, err);
    if (status)
        return status;
    gaps->crowded = r->tree.crowded;
    gaps->deep = r->tree.deep;
    gaps->many = r->tree.many;
    fill(r, &r->page->article);
    return r->failed ? fh_fail_memory(err) : FH_OK;
}

fh_status fh_html_page_read(fh_html_page *page, fh_str text, fh_error *err)
{
    reading r = {.page = page};
    page->article = (fh_article){0};
    page->gaps = (fh_html_gaps){0};
    fh_arena_clear(&page->texts);
    fh_buffer_clear(&page->body);
    if (text.len > FH_HTML_PAGE_MAX)
        return fh_fail(err, FH_ELIMIT, "a web page of more than %u MiB",
                       FH_HTML_PAGE_MAX >> 20);
    fh_status status = read_page(&r, text, err);
    fh_html_body_close(&r.body);
    fh_html_tree_free(&r.tree);
    fh_json_ld_free(&r.scripts);
    fh_buffer_free(&r.space);
    if (!status && page->article.title.len == 0 && page->article.body.len == 0)
        status = fh_fail(err, FH_EFORMAT, "a web page without any text");
    if (status)
        page->article = (fh_article){0};
    return status;
}

void fh_html_page_free(fh_html_page *page)
{
    fh_arena_free(&page->texts);
    fh_buffer_free(&page->body);
}
