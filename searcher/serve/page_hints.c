/* What the page says of the query itself: what may have been meant, and how well results fit it. */
#include "searcher/notes.h"
#include "searcher/serve/page_html.h"
#include "searcher/serve/web_markup.h"

/* ---- What may have been meant ---- */

void fh_page_better(const fh_page_view *view)
{
    fh_parameters p = *view->p;
    if (view->found->better.len == 0)
        return;
    p.q = view->found->better;
    p.first = 0;
    fh_buffer_printf(view->out, "<p class=\"better\">%s: <a dir=\"auto\"", view->texts->better);
    fh_page_href(view, &p);
    fh_page_add(view, ">");
    fh_markup_text(view->out, p.q);
    fh_page_add(view, "</a></p>");
}

/* ---- What was taken differently ---- */

/* NOTE in the language of the page, or in English with its own direction. */
static void add_note(const fh_page_view *view, const fh_note *note)
{
    fh_buffer text = {0};
    const char *pattern = view->texts->notes ? view->texts->notes[note->kind] : NULL;
    if (pattern)
        fh_note_fill(pattern, fh_str_of(view->texts->comma), note, &text);
    view->out->failed = view->out->failed || text.failed;
    fh_page_add(view, pattern ? "<li>" : "<li lang=\"en\" dir=\"ltr\">");
    fh_markup_text(view->out, pattern ? fh_buffer_str(&text) : note->text);
    fh_page_add(view, "</li>");
    fh_buffer_free(&text);
}

void fh_page_notes(const fh_page_view *view)
{
    if (view->found->note_count == 0)
        return;
    fh_page_add(view, "<ul class=\"notes\">");
    for (size_t i = 0; i < view->found->note_count; i++)
        add_note(view, &view->found->told[i]);
    fh_page_add(view, "</ul>");
}

/* ---- What a looser search would find ---- */

static void add_looser(const fh_page_view *view, const fh_looser *looser)
{
    fh_parameters p = *view->p;
    p.q = looser->query;
    p.first = 0;
    if (looser->without_date)
        p.from = p.to = (fh_str){0};
    if (looser->without_source)
        p.source_count = 0;
    fh_page_add(view, "<li><a");
    fh_page_href(view, &p);
    fh_buffer_printf(view->out, ">%s <span>", view->texts->steps[looser->step]);
    fh_page_number(view, looser->articles);
    fh_buffer_printf(view->out, "%s%s</span></a></li>", looser->exact ? "" : " ",
                     looser->exact ? "" : view->texts->more);
}

/* What finds nothing either leads nowhere; the better spelling has a line of its own. */
static bool is_offered(const fh_looser *looser)
{
    return looser->articles > 0 && looser->step != FH_STEP_BETTER;
}

void fh_page_looser(const fh_page_view *view)
{
    const fh_results *found = view->found;
    bool any = false;
    for (size_t i = 0; i < found->looser_count; i++)
        any = any || is_offered(&found->looser[i]);
    if (!any)
        return;
    fh_buffer_printf(view->out, "<section class=\"looser\"><h2>%s</h2><ul>",
                     view->texts->looser);
    for (size_t i = 0; i < found->looser_count; i++)
        if (is_offered(&found->looser[i]))
            add_looser(view, &found->looser[i]);
    fh_page_add(view, "</ul></section>");
}

/* ---- How well a result fits ---- */

static bool has_level(const fh_result *result, fh_level level)
{
    for (size_t i = 0; i < result->matched_count; i++)
        if (result->matched[i].level == level)
            return true;
    return false;
}

/* The words of LEVEL behind NAME. */
static void add_level(const fh_page_view *view, const fh_result *result, fh_level level,
                      const char *name)
{
    bool first = true;
    if (!has_level(result, level))
        return;
    fh_buffer_printf(view->out, "<span>%s: ", name);
    for (size_t i = 0; i < result->matched_count; i++) {
        if (result->matched[i].level != level)
            continue;
        fh_page_add(view, first ? "" : view->texts->comma);
        fh_page_add(view, "<bdi>");
        fh_markup_text(view->out, result->matched[i].word);
        fh_page_add(view, "</bdi>");
        first = false;
    }
    fh_page_add(view, "</span>");
}

void fh_page_levels(const fh_page_view *view, const fh_result *result)
{
    if (!has_level(result, FH_LEVEL_MISSING) && !has_level(result, FH_LEVEL_NEAR))
        return;
    fh_page_add(view, "<p class=\"facts\">");
    add_level(view, result, FH_LEVEL_NEAR, view->texts->close);
    add_level(view, result, FH_LEVEL_MISSING, view->texts->missing);
    fh_page_add(view, "</p>");
}
