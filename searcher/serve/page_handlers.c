/* The handlers of the page: what it was asked, and the two files that it loads. */
#include "searcher/serve/page_html.h"
#include "searcher/serve/routes.h"

/* The bytes of a file of the sources between two names. */
#define EMBED(name, file)                                                                      \
    extern const char name[], name##_end[];                                                    \
    __asm__(".section .rodata\n.global " #name "\n.hidden " #name "\n" #name                   \
            ":\n.incbin \"" file "\"\n.global " #name "_end\n.hidden " #name "_end\n" #name    \
            "_end:\n.byte 0\n"                                                                 \
            ".previous\n")

EMBED(fh_page_css, "searcher/serve/page.css");
EMBED(fh_page_js, "searcher/serve/page.js");

static fh_problem answer_file(fh_reply *reply, const char *begin, const char *end,
                              fh_error *err)
{
    fh_parameters none;
    fh_problem problem = fh_parameters_read(reply->ask->parameters, (fh_parameter_table){0},
                                            reply->arena, &none, err);
    if (!problem)
        fh_buffer_add(reply->body, begin, (size_t)(end - begin));
    return problem;
}

fh_problem fh_page_style(fh_reply *reply, fh_error *err)
{
    return answer_file(reply, fh_page_css, fh_page_css_end, err);
}

fh_problem fh_page_script(fh_reply *reply, fh_error *err)
{
    return answer_file(reply, fh_page_js, fh_page_js_end, err);
}

static bool asks_nothing(const fh_parameters *p)
{
    return p->q.len == 0 && p->from.len == 0 && p->to.len == 0 && p->source_count == 0;
}

/* Before anything is asked, say what there is. */
static fh_problem welcome(fh_reply *reply, fh_page_view *view, fh_error *err)
{
    fh_stats stats;
    fh_status status = fh_searcher_stats(reply->searcher, &stats, err);
    view->articles = stats.articles;
    reply->answer->generation = stats.generation;
    return fh_problem_of(status);
}

static fh_problem search(fh_reply *reply, const fh_parameters *p, fh_results **found,
                         fh_error *err)
{
    fh_request request = {.query = p->q,
                          .first = p->first,
                          .count = FH_PAGE_RESULTS,
                          .order = (fh_order)p->sort,
                          .snippets = true,
                          .facets = true,
                          .from = p->from,
                          .to = p->to,
                          .sources = p->sources,
                          .source_count = p->source_count,
                          .words_max = FH_SERVE_WORDS_MAX,
                          .timeout_ms = reply->ask->timeout_ms};
    fh_status status = fh_searcher_search(reply->searcher, &request, found, err);
    if (status)
        return fh_problem_of(status);
    reply->answer->generation = (*found)->generation;
    reply->answer->total = (*found)->total;
    return FH_PROBLEM_NONE;
}

/* What a person can mend is said on the page; the rest is a problem as any other. */
static fh_problem tell(fh_reply *reply, fh_page_view *view, fh_problem problem,
                       const fh_error *err)
{
    unsigned status = fh_problem_status(problem);
    if (status >= 500)
        return problem;
    view->wrong = problem ? err->message : NULL;
    reply->answer->status = status;
    fh_page_write(view);
    return FH_PROBLEM_NONE;
}

fh_problem fh_page_show(fh_reply *reply, fh_error *err)
{
    fh_parameters p;
    fh_results *found = NULL;
    fh_page_view view = {.out = reply->body, .p = &p};
    fh_problem problem =
        fh_parameters_read(reply->ask->parameters, fh_parameters_page(), reply->arena, &p, err);
    view.texts = fh_page_texts_of(p.lang);
    if (!problem && asks_nothing(&p))
        problem = welcome(reply, &view, err);
    else if (!problem)
        problem = search(reply, &p, &found, err);
    view.found = found;
    problem = tell(reply, &view, problem, err);
    fh_results_free(found);
    return problem;
}
