/* The page from top to bottom. */
#include "searcher/serve/page_html.h"

#include "base/dates.h"
#include "searcher/render.h"
#include "searcher/serve/web_markup.h"
#include "searcher/serve/url.h"

static void add_text(const fh_page_view *view, fh_str text)
{
    fh_markup_text(view->out, text);
}

/* ---- Above the results ---- */

static void add_head(const fh_page_view *view)
{
    fh_buffer_printf(
        view->out,
        "<!doctype html>\n<html lang=\"%s\" dir=\"%s\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<meta name=\"color-scheme\" content=\"light dark\"><title>",
        view->texts->lang, view->texts->dir);
    add_text(view, view->p->q);
    fh_page_add(view, view->p->q.len > 0 ? " - " : "");
    fh_buffer_printf(
        view->out,
        "%s</title><link rel=\"icon\" href=\"data:,\">"
        "<link rel=\"stylesheet\" href=\"page.css\">"
        "<link rel=\"search\" type=\"application/opensearchdescription+xml\" "
        "title=\"%s\" href=\"opensearch.xml\">"
        "<script src=\"page.js\" defer></script></head>\n<body>"
        "<a class=\"skip\" href=\"#results\">%s</a><header><h1><a href=\"?lang=%s\">%s"
        "</a></h1>",
        view->texts->name, view->texts->name, view->texts->skip, view->texts->lang,
        view->texts->name);
}

static void add_hidden(const fh_page_view *view, const char *name, fh_str value)
{
    if (value.len == 0)
        return;
    fh_buffer_printf(view->out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    add_text(view, value);
    fh_page_add(view, "\">");
}

static void add_order(const fh_page_view *view)
{
    static const char *const values[] = {"relevance", "date", "date-asc"};
    const char *const names[] = {view->texts->best, view->texts->newest, view->texts->oldest};
    fh_buffer_printf(view->out, "<label>%s <select name=\"sort\">", view->texts->sort);
    for (int i = 0; i < 3; i++)
        fh_buffer_printf(view->out, "<option value=\"%s\"%s>%s</option>", values[i],
                         view->p->sort == i ? " selected" : "", names[i]);
    fh_page_add(view, "</select></label>");
}

static void add_date(const fh_page_view *view, const char *name, const char *label,
                     fh_str value)
{
    fh_buffer_printf(view->out,
                     "<label>%s <input name=\"%s\" dir=\"ltr\" size=\"12\" maxlength=\"32\" "
                     "placeholder=\"2026-02-09\" aria-describedby=\"hint\" value=\"",
                     label, name);
    add_text(view, value);
    fh_page_add(view, "\"></label>");
}

static void add_options(const fh_page_view *view)
{
    bool used = view->p->sort != 0 || view->p->from.len > 0 || view->p->to.len > 0;
    fh_buffer_printf(view->out, "<details%s><summary>%s</summary><div class=\"options\">",
                     used ? " open" : "", view->texts->options);
    add_order(view);
    add_date(view, "from", view->texts->from, view->p->from);
    add_date(view, "to", view->texts->to, view->p->to);
    fh_buffer_printf(view->out, "<p id=\"hint\">%s</p></div></details>",
                     view->texts->date_hint);
}

static void add_form(const fh_page_view *view)
{
    fh_buffer_printf(view->out,
                     "<form role=\"search\" action=\"./\"><div class=\"ask\">"
                     "<input id=\"q\" name=\"q\" type=\"search\" dir=\"auto\" maxlength=\"%d\" "
                     "autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\" "
                     "aria-label=\"%s\" value=\"",
                     FH_SERVE_QUERY_MAX, view->texts->query);
    add_text(view, view->p->q);
    fh_buffer_printf(view->out,
                     "\"><button>%s</button><ul id=\"list\" role=\"listbox\" aria-label=\"%s\" "
                     "hidden></ul></div>",
                     view->texts->search, view->texts->suggestions);
    for (size_t i = 0; i < view->p->source_count; i++)
        add_hidden(view, "source", view->p->sources[i]);
    add_hidden(view, "lang", fh_str_of(view->p->lang == FH_PAGE_ENGLISH ? "en" : ""));
    add_hidden(view, "digits", fh_str_of(view->p->digits == FH_DIGITS_ARABIC ? "arab" : ""));
    add_options(view);
    fh_page_add(view, "</form></header>\n");
}

/* ---- Results ---- */

/* To where it was published, or to what we have of it. */
static void add_address(const fh_page_view *view, const fh_article *a)
{
    fh_page_add(view, " rel=\"noopener noreferrer\" href=\"");
    if (fh_markup_is_web(a->url)) {
        add_text(view, a->url);
    } else {
        fh_page_add(view, "v1/articles/");
        fh_url_encode(a->id, view->out);
    }
    fh_page_add(view, "\"");
}

static void add_facts(const fh_page_view *view, const fh_article *a)
{
    char text[FH_DATE_TEXT_MAX];
    fh_date day = a->date;
    if (day.precision > FH_DATE_DAY)
        day.precision = FH_DATE_DAY;
    fh_str date = fh_str_of(fh_date_format(day, text));
    fh_page_add(view, "<p class=\"facts\">");
    if (a->source.len > 0) {
        fh_page_add(view, "<bdi>");
        add_text(view, a->source);
        fh_page_add(view, "</bdi> ");
    }
    if (date.len > 0) {
        fh_buffer_printf(view->out, "<time dir=\"ltr\" datetime=\"%s\">", date.ptr);
        fh_page_digits(view, date);
        fh_page_add(view, "</time>");
    }
    fh_page_add(view, "</p>");
}

static void add_snippet(const fh_page_view *view, const fh_result *result)
{
    if (result->window_count == 0)
        return;
    fh_page_add(view, "<p class=\"snippet\" dir=\"auto\">");
    for (size_t i = 0; i < result->window_count; i++) {
        fh_page_add(view, i > 0 ? FH_GAP : "");
        fh_markup_window(view->out, &result->windows[i], "mark");
    }
    fh_page_add(view, "</p>");
}

static void add_result(const fh_page_view *view, const fh_result *result)
{
    fh_page_add(view, "<li dir=\"auto\"><h2><a");
    add_address(view, &result->article);
    fh_page_add(view, ">");
    if (result->title.text.len > 0)
        fh_markup_window(view->out, &result->title, "mark");
    else
        add_text(view, result->article.id);
    fh_page_add(view, "</a></h2>");
    add_facts(view, &result->article);
    add_snippet(view, result);
    fh_page_levels(view, result);
    fh_page_add(view, "</li>\n");
}

static void add_total(const fh_page_view *view)
{
    if (view->found->total == 0) {
        fh_buffer_printf(view->out, "<p id=\"total\">%s</p><p>%s</p>", view->texts->nothing,
                         view->texts->advice);
        return;
    }
    fh_buffer_printf(view->out, "<p id=\"total\">%s: ", view->texts->total);
    fh_page_number(view, view->found->total);
    fh_buffer_printf(view->out, "%s%s</p>", view->found->total_exact ? "" : " ",
                     view->found->total_exact ? "" : view->texts->more);
}

static void add_found(const fh_page_view *view)
{
    add_total(view);
    fh_page_better(view);
    fh_page_notes(view);
    if (view->found->total == 0) {
        fh_page_looser(view);
        return;
    }
    fh_page_dates(view);
    fh_page_sources(view);
    fh_buffer_printf(view->out, "<ol class=\"results\" start=\"%llu\">\n",
                     (unsigned long long)view->p->first + 1);
    for (size_t i = 0; i < view->found->count; i++)
        add_result(view, &view->found->results[i]);
    fh_page_add(view, "</ol>");
    fh_page_pages(view);
}

/* Before anything is asked. */
static void add_welcome(const fh_page_view *view)
{
    fh_buffer_printf(view->out, "<p id=\"total\">%s: ", view->texts->welcome);
    fh_page_number(view, view->articles);
    fh_buffer_printf(view->out, "</p><p>%s</p>", view->texts->syntax);
}

static void add_wrong(const fh_page_view *view)
{
    fh_buffer_printf(view->out,
                     "<p id=\"total\" class=\"wrong\">%s</p><p lang=\"en\" dir=\"ltr\">",
                     view->texts->wrong);
    add_text(view, fh_str_of(view->wrong));
    fh_page_add(view, "</p>");
}

/* ---- Below ---- */

static void add_foot(const fh_page_view *view)
{
    fh_parameters p = *view->p;
    bool arabic = p.lang == FH_PAGE_ARABIC;
    p.lang = arabic ? FH_PAGE_ENGLISH : FH_PAGE_ARABIC;
    fh_buffer_printf(view->out, "<footer><a lang=\"%s\" dir=\"%s\"", arabic ? "en" : "ar",
                     arabic ? "ltr" : "rtl");
    fh_page_href(view, &p);
    fh_buffer_printf(view->out, ">%s</a> <a", view->texts->other_language);
    p = *view->p;
    p.digits = p.digits == FH_DIGITS_LATIN ? FH_DIGITS_ARABIC : FH_DIGITS_LATIN;
    fh_page_href(view, &p);
    fh_buffer_printf(view->out, ">%s <bdi>%s</bdi></a></footer></body></html>\n",
                     view->texts->other_digits,
                     p.digits == FH_DIGITS_ARABIC ? "&#1633;&#1634;&#1635;" : "123");
}

void fh_page_write(const fh_page_view *view)
{
    add_head(view);
    add_form(view);
    fh_page_add(view, "<p id=\"said\" class=\"sr\" role=\"status\"></p>"
                      "<main id=\"results\" tabindex=\"-1\">\n");
    if (view->wrong)
        add_wrong(view);
    else if (view->found)
        add_found(view);
    else
        add_welcome(view);
    fh_page_add(view, "</main>\n");
    add_foot(view);
}
