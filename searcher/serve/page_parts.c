/* Numbers and links, and the parts of the page that lead on: dates, sources, pages. */
#include "searcher/serve/page_html.h"

#include <stdio.h>
#include <string.h>

#include "searcher/serve/web_markup.h"
#include "searcher/serve/url.h"

/* How Arabic-Indic numbers are written; the digits follow one another. */
#define ARABIC_ZERO   0x0660
#define ARABIC_GROUPS "\u066C"
#define LATIN_GROUPS  ","

/* Pages that are named on each side of the one that is shown. */
#define PAGES_AROUND 2
/* The picture of a bar, in units of its own: the least that can be seen, and all. */
#define BAR_LEAST 3
#define BAR_FULL  100

void fh_page_add(const fh_page_view *view, const char *html)
{
    fh_buffer_add_str(view->out, fh_str_of(html));
}

/* ---- Numbers ---- */

static void add_digit(const fh_page_view *view, char digit)
{
    unsigned code = ARABIC_ZERO + (unsigned)(digit - '0');
    if (view->p->digits == FH_DIGITS_ARABIC && digit >= '0' && digit <= '9')
        fh_buffer_printf(view->out, "&#%u;", code);
    else
        fh_markup_text(view->out, (fh_str){&digit, 1});
}

void fh_page_digits(const fh_page_view *view, fh_str text)
{
    for (size_t i = 0; i < text.len; i++)
        add_digit(view, text.ptr[i]);
}

void fh_page_number(const fh_page_view *view, uint64_t number)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            fh_page_add(view,
                        view->p->digits == FH_DIGITS_ARABIC ? ARABIC_GROUPS : LATIN_GROUPS);
        add_digit(view, text[i]);
    }
}

/* ---- Links ---- */

/* What a page asks; by & as it is written in attributes. */
static void add_pair(const fh_page_view *view, const char *name, fh_str value)
{
    if (value.len == 0)
        return;
    fh_buffer_printf(view->out, "&amp;%s=", name);
    fh_url_encode(value, view->out);
}

void fh_page_href(const fh_page_view *view, const fh_parameters *p)
{
    static const char *const sorts[] = {"", "date", "date-asc"};
    fh_page_add(view, " href=\"?q=");
    fh_url_encode(p->q, view->out);
    add_pair(view, "sort", fh_str_of(sorts[p->sort]));
    add_pair(view, "from", p->from);
    add_pair(view, "to", p->to);
    for (size_t i = 0; i < p->source_count; i++)
        add_pair(view, "source", p->sources[i]);
    add_pair(view, "lang", fh_str_of(p->lang == FH_PAGE_ENGLISH ? "en" : ""));
    add_pair(view, "digits", fh_str_of(p->digits == FH_DIGITS_ARABIC ? "arab" : ""));
    if (p->first > 0)
        fh_buffer_printf(view->out, "&amp;first=%llu", (unsigned long long)p->first);
    fh_page_add(view, "\"");
}

/* ---- Dates ---- */

static uint64_t find_highest(const fh_results *found)
{
    uint64_t highest = 1;
    for (size_t i = 0; i < found->period_count; i++)
        if (found->periods[i].articles > highest)
            highest = found->periods[i].articles;
    return highest;
}

/* A bar; one of nothing leads nowhere. */
static void add_bar(const fh_page_view *view, const fh_facet *period, uint64_t highest)
{
    fh_parameters p = *view->p;
    unsigned height = (unsigned)(period->articles * BAR_FULL / highest);
    const char *tag = period->articles > 0 ? "a" : "span";
    p.from = p.to = period->name;
    p.first = 0;
    if (period->articles > 0 && height < BAR_LEAST)
        height = BAR_LEAST;
    fh_buffer_printf(view->out, "<li><%s", tag);
    if (period->articles > 0)
        fh_page_href(view, &p);
    fh_page_add(view, " title=\"");
    fh_page_digits(view, period->name);
    fh_page_add(view, ": ");
    fh_page_number(view, period->articles);
    fh_buffer_printf(view->out,
                     "\"><svg viewBox=\"0 0 10 %d\" preserveAspectRatio=\"none\" "
                     "aria-hidden=\"true\"><rect x=\"1\" width=\"8\" y=\"%u\" "
                     "height=\"%u\"/></svg><span class=\"sr\">",
                     BAR_FULL, BAR_FULL - height, height);
    fh_page_digits(view, period->name);
    fh_page_add(view, ": ");
    fh_page_number(view, period->articles);
    fh_buffer_printf(view->out, "</span></%s></li>", tag);
}

static void add_all(const fh_page_view *view, const fh_parameters *p, const char *text)
{
    fh_page_add(view, "<a class=\"all\"");
    fh_page_href(view, p);
    fh_buffer_printf(view->out, ">%s</a>", text);
}

/* One bar alone says nothing that the results do not. */
static void add_bars(const fh_page_view *view)
{
    const fh_results *found = view->found;
    size_t count = found->period_count;
    if (count < 2)
        return;
    fh_page_add(view, "<ol class=\"bars\">");
    for (size_t i = 0; i < count; i++)
        add_bar(view, &found->periods[i], find_highest(found));
    fh_page_add(view, "</ol><p class=\"ends\" aria-hidden=\"true\"><bdi>");
    fh_page_digits(view, found->periods[0].name);
    fh_page_add(view, "</bdi><bdi>");
    fh_page_digits(view, found->periods[count - 1].name);
    fh_page_add(view, "</bdi></p>");
}

void fh_page_dates(const fh_page_view *view)
{
    fh_parameters all = *view->p;
    bool narrowed = all.from.len > 0 || all.to.len > 0;
    all.from = all.to = (fh_str){0};
    all.first = 0;
    if (view->found->period_count < 2 && !narrowed)
        return;
    fh_buffer_printf(view->out, "<section class=\"dates\" aria-label=\"%s\">",
                     view->texts->dates);
    add_bars(view);
    if (narrowed)
        add_all(view, &all, view->texts->every_date);
    fh_page_add(view, "</section>");
}

/* ---- Sources ---- */

static void add_source(const fh_page_view *view, const fh_facet *source)
{
    fh_parameters p = *view->p;
    p.sources[0] = source->name;
    p.source_count = 1;
    p.first = 0;
    fh_page_add(view, "<li><a");
    fh_page_href(view, &p);
    fh_page_add(view, "><bdi>");
    fh_markup_text(view->out, source->name);
    fh_page_add(view, "</bdi> <span>");
    fh_page_number(view, source->articles);
    fh_page_add(view, "</span></a></li>");
}

/* A name with a comma would be read as two: it is not offered. */
static bool is_sayable(fh_str name)
{
    return name.len > 0 && !memchr(name.ptr, ',', name.len) &&
           !memmem(name.ptr, name.len, "\u060C", strlen("\u060C"));
}

void fh_page_sources(const fh_page_view *view)
{
    fh_parameters all = *view->p;
    all.source_count = 0;
    all.first = 0;
    if (view->found->source_count == 0 && view->p->source_count == 0)
        return;
    fh_buffer_printf(view->out, "<section class=\"sources\" aria-label=\"%s\"><ul>",
                     view->texts->sources);
    for (size_t i = 0; i < view->found->source_count; i++)
        if (is_sayable(view->found->sources[i].name))
            add_source(view, &view->found->sources[i]);
    fh_page_add(view, "</ul>");
    if (view->p->source_count > 0)
        add_all(view, &all, view->texts->every_source);
    fh_page_add(view, "</section>");
}

/* ---- Pages ---- */

/* A link to page NUMBER, from 1; TEXT is NULL for the number. */
static void add_page(const fh_page_view *view, uint64_t number, const char *text,
                     const char *rel)
{
    fh_parameters p = *view->p;
    p.first = (number - 1) * FH_PAGE_RESULTS;
    if (p.first == view->p->first) {
        fh_page_add(view, "<li><span aria-current=\"page\">");
        fh_page_number(view, number);
        fh_page_add(view, "</span></li>");
        return;
    }
    fh_buffer_printf(view->out, "<li><a%s", rel);
    fh_page_href(view, &p);
    fh_page_add(view, ">");
    if (text)
        fh_page_add(view, text);
    else
        fh_page_number(view, number);
    fh_page_add(view, "</a></li>");
}

void fh_page_pages(const fh_page_view *view)
{
    uint64_t now = view->p->first / FH_PAGE_RESULTS + 1;
    uint64_t last = (view->found->total + FH_PAGE_RESULTS - 1) / FH_PAGE_RESULTS;
    uint64_t most = FH_SERVE_FIRST_MAX / FH_PAGE_RESULTS + 1;
    last = last < most ? last : most;
    uint64_t begin = now > PAGES_AROUND + 1 ? now - PAGES_AROUND : 1;
    uint64_t end = now + PAGES_AROUND < last ? now + PAGES_AROUND : last;
    if (last < 2)
        return;
    fh_buffer_printf(view->out, "<nav class=\"pages\" aria-label=\"%s\"><ul>",
                     view->texts->pages);
    if (now > 1)
        add_page(view, now - 1, view->texts->earlier, " rel=\"prev\"");
    for (uint64_t i = begin; i <= end; i++)
        add_page(view, i, NULL, "");
    if (now < last)
        add_page(view, now + 1, view->texts->later, " rel=\"next\"");
    fh_page_add(view, "</ul></nav>");
}
