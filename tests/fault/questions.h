/*
 * Questions of all kinds to the index of corpus/sample, and what is answered, as one number each: two answers
 * with the same number are the same to the last bit.
 */
#ifndef FH_TESTS_FAULT_QUESTIONS_H
#define FH_TESTS_FAULT_QUESTIONS_H

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "engines/engine.h"
#include "searcher/fihris.h"

typedef struct question {
    const char *query;
    fh_order order;
    bool all, plain, bare; /* bare: without snippets and reasons */
    const char *from, *to, *source;
    size_t first, count; /* 0: 10 */
} question;

static const question questions[] = {
    {.query = "الوزارة"},
    {.query = "وزارة", .bare = true},
    {.query = "قطار"},
    {.query = "القطار السريع"},
    {.query = "رخص البناء"},
    {.query = "رخص البناء", .all = true},
    {.query = "المدينة القديمة كتاب", .bare = true},
    {.query = "مكتبة سمرقند مخطوطات"},
    {.query = "من في على إلى"},
    {.query = "في", .plain = true, .bare = true, .count = 100},
    {.query = "مدينة مدرسة كتاب جامعة صحيفة سوق", .count = 30},
    {.query = "حروف لم يعرفها الماسح"},
    {.query = "GPS"},
    {.query = "iPhone MarineTrack"},
    {.query = "13.72 شمالا"},
    {.query = "nosuchword"},
    {.query = "-nosuchword", .count = 100},
    {.query = "\"رخص البناء\""},
    {.query = "\"مئة عام\"", .bare = true},
    {.query = "\"عشر سنوات\""},
    {.query = "+\"عشر سنوات كان\""},
    {.query = "\"لا شيء من هذا\""},
    {.query = "title:\"رخص البناء\""},
    {.query = "title:البلديات"},
    {.query = "\"المدن رخص البناء\"~4"},
    {.query = "\"كتاب مدينة\"~50"},
    {.query = "=القطار"},
    {.query = "+الوزارة -القطار"},
    {.query = "(قطار OR عبارة) -مسقط"},
    {.query = "مدينة AND كتاب"},
    {.query = "مدينة NOT كتاب"},
    {.query = "(مدينة OR قرية) AND (كتاب OR مدرسة)", .count = 50},
    {.query = "بلدي*"},
    {.query = "الم*", .count = 20},
    {.query = "مكت* -القطار"},
    {.query = "تحر*", .bare = true},
    {.query = "date:2026-01..2026-02", .count = 50},
    {.query = "source:\"جريده الضفاف\" date:٢٠٢٦"},
    {.query = "source:\"مجلة سنابل\" كتاب"},
    {.query = "مدينة", .from = "2026-01-10", .to = "2026-06"},
    {.query = "كتاب", .source = "مجلة سنابل"},
    {.query = "-nosuchword", .order = FH_ORDER_DATE, .count = 100},
    {.query = "-nosuchword", .order = FH_ORDER_DATE_ASC, .count = 100},
    {.query = "مدينة", .order = FH_ORDER_DATE},
    {.query = "قال", .order = FH_ORDER_DATE_ASC, .first = 2, .count = 5},
    {.query = "قال كان", .first = 3, .count = 7, .bare = true},
    {.query = "مدينة", .first = 1000},
    {.query = "العام الجديد", .all = true, .count = 3},
    {.query = "الناس الذين يكتبون", .all = true},
    {.query = "السفينة والميناء والبحر", .bare = true, .count = 100},
    /* Words that no article has, and what was meant: a slip, two, a space too few, nothing at all. */
    {.query = "الكسكص"},
    {.query = "بججاية مسقطط"},
    {.query = "رخصالبناء"},
    {.query = "+الكككس", .all = true},
    {.query = "قططقزغقث"},
    {.query = "القمح الديناصور", .bare = true},
    /* Much to raise, by where in an article the stems stand. */
    {.query = "سوق القمح في المدينة القديمة", .count = 30},
    {.query = "من قال إن المدينة كانت مدينة", .bare = true, .count = 50},
    /* Nothing is found, and what looser searches would find. */
    {.query = "+القمح +ديناصور", .from = "2026", .source = "السوق"},
    {.query = "title:\"القمح السوق\" -المدينة", .all = true, .to = "1999"},
};

#define QUESTIONS (sizeof questions / sizeof *questions)

/* What else is asked: articles by id, completions, what there is, the terms and sources. */
enum { ARTICLES_ASKED = 6, SUGGESTIONS = 3, ANSWERS_MAX = 96 };

/* What is asked, and what came of it: a number each, 0 where it failed. */
typedef struct answers {
    uint64_t sum[ANSWERS_MAX];
    size_t count;
    char ids[ARTICLES_ASKED][256]; /* of the articles to ask for */
    size_t id_count;
    fh_error failure; /* the first */
} answers;

static void note_text(fh_buffer *out, fh_str s)
{
    fh_buffer_printf(out, "%zu:", s.len);
    fh_buffer_add_str(out, s);
}

static void note_article(fh_buffer *out, const fh_article *a)
{
    const fh_str texts[] = {a->id,     a->title,   a->body,     a->url,
                            a->source, a->section, a->keywords, a->origin};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        note_text(out, texts[i]);
    fh_buffer_printf(out, "%" PRId64 "/%d", a->date.seconds, (int)a->date.precision);
}

static void note_window(fh_buffer *out, const fh_window *w)
{
    note_text(out, w->text);
    fh_buffer_printf(out, "%d%d", w->cut_before, w->cut_after);
    for (size_t i = 0; i < w->match_count; i++)
        fh_buffer_printf(out, " %u-%u", w->matches[i].start, w->matches[i].end);
}

static void note_result(fh_buffer *out, const fh_result *r)
{
    fh_buffer_printf(out, "\n%zu %a ", r->rank, r->score);
    note_article(out, &r->article);
    note_window(out, &r->title);
    for (size_t i = 0; i < r->window_count; i++)
        note_window(out, &r->windows[i]);
    for (size_t i = 0; i < r->matched_count; i++) {
        note_text(out, r->matched[i].word);
        note_text(out, fh_str_of(fh_level_name(r->matched[i].level)));
    }
    for (size_t i = 0; i < r->evidence_count; i++) {
        const fh_evidence *e = &r->evidence[i];
        note_text(out, e->word);
        note_text(out, e->term);
        fh_buffer_printf(out, "%s %d %a", e->form, e->title, e->score);
    }
}

static void note_results(fh_buffer *out, const fh_results *found)
{
    fh_buffer_printf(out, "%" PRIu64 " %d", found->total, found->total_exact);
    for (size_t i = 0; i < found->count; i++)
        note_result(out, &found->results[i]);
    for (size_t i = 0; i < found->note_count; i++)
        note_text(out, found->notes[i]);
    note_text(out, found->better);
    /* How many looser searches can be counted is a matter of time: what each finds is not said here. */
}

/* Keep what OUT has as the next answer, or the failure. */
static void keep(answers *a, fh_status status, const fh_error *err, fh_buffer *out)
{
    if (a->count == ANSWERS_MAX)
        abort();
    if (status && !a->failure.status)
        a->failure = *err;
    a->sum[a->count++] = status ? 0 : fh_checksum(fh_buffer_str(out));
    fh_buffer_clear(out);
}

static void ask_question(fh_searcher *s, const question *q, answers *a, fh_buffer *out)
{
    fh_error err = {0};
    fh_results *found = NULL;
    fh_str source = fh_str_of(q->source ? q->source : "");
    fh_request request = {.query = fh_str_of(q->query),
                          .first = q->first,
                          .count = q->count ? q->count : 10,
                          .order = q->order,
                          .all = q->all,
                          .plain = q->plain,
                          .snippets = !q->bare,
                          .explain = !q->bare,
                          .from = fh_str_of(q->from ? q->from : ""),
                          .to = fh_str_of(q->to ? q->to : ""),
                          .sources = &source,
                          .source_count = q->source != NULL};
    fh_status status = fh_searcher_search(s, &request, &found, &err);
    if (!status)
        note_results(out, found);
    keep(a, status, &err, out);
    fh_results_free(found);
}

/* Choose the articles to ask for: some of all that there are. */
static void choose_articles(fh_searcher *s, answers *a)
{
    fh_results *found = NULL;
    fh_request request = {.query = FH_STR("-nosuchword"), .count = 1000};
    if (fh_searcher_search(s, &request, &found, NULL) || found->count < ARTICLES_ASKED)
        abort();
    for (size_t i = 0; i < ARTICLES_ASKED; i++) {
        fh_str id = found->results[i * (found->count - 1) / (ARTICLES_ASKED - 1)].article.id;
        snprintf(a->ids[i], sizeof a->ids[i], "%.*s", (int)id.len, id.ptr);
    }
    a->id_count = ARTICLES_ASKED;
    fh_results_free(found);
}

static void ask_article(fh_searcher *s, const char *id, answers *a, fh_buffer *out)
{
    fh_error err = {0};
    fh_article *article = NULL;
    fh_status status = fh_searcher_article(s, fh_str_of(id), &article, &err);
    if (!status)
        note_article(out, article);
    /* That there is no such article is an answer too, and a wrong one. */
    if (status == FH_ENOTFOUND) {
        fh_buffer_printf(out, "not found");
        status = FH_OK;
    }
    keep(a, status, &err, out);
    if (article)
        fh_article_free(article);
}

static void ask_suggestions(fh_searcher *s, const char *text, answers *a, fh_buffer *out)
{
    fh_error err = {0};
    fh_suggestions *found = NULL;
    fh_status status = fh_searcher_suggest(s, fh_str_of(text), 10, &found, &err);
    for (size_t i = 0; !status && i < found->count; i++) {
        note_text(out, found->items[i].text);
        fh_buffer_printf(out, "%u", found->items[i].articles);
    }
    keep(a, status, &err, out);
    if (found)
        fh_suggestions_free(found);
}

static void ask_stats(fh_searcher *s, answers *a, fh_buffer *out)
{
    fh_error err = {0};
    fh_stats stats = {0};
    fh_status status = fh_searcher_stats(s, &stats, &err);
    fh_buffer_printf(out, "%s %s %" PRIu64 " %" PRIu64 " %" PRIu64, stats.engine,
                     stats.analysis, stats.generation, stats.articles, stats.text_bytes);
    keep(a, status, &err, out);
}

static bool note_term(void *context, fh_str term, uint32_t articles)
{
    fh_buffer *out = context;
    note_text(out, term);
    fh_buffer_printf(out, "%u ", articles);
    return true;
}

/* What the searcher does not show: all terms, all sources, the dates. */
static void ask_index(const char *path, answers *a, fh_buffer *out)
{
    fh_error err = {0};
    fh_index *ix = NULL;
    fh_index_stats stats = {0};
    fh_status opened = fh_index_open(path, &ix, &err);
    for (size_t i = 0; i < FH_FORMS * 2; i++) {
        fh_status status = opened;
        if (!status)
            status = fh_index_walk(ix, i % 2 ? FH_FORM_STEM : FH_FORM_FOLDED,
                                   i / 2 ? FH_FIELD_TITLE : FH_FIELD_ANY, FH_STR(""), note_term,
                                   out, &err);
        keep(a, status, &err, out);
    }
    fh_status status = opened ? opened : fh_index_sources(ix, note_term, out, &err);
    keep(a, status, &err, out);
    status = opened ? opened : fh_index_get_stats(ix, &stats, &err);
    fh_buffer_printf(out, "%" PRIu64 " %" PRId64 " %" PRId64, stats.terms, stats.first_date,
                     stats.last_date);
    keep(a, status, &err, out);
    fh_index_close(ix);
}

/* Ask the index in the folder PATH everything. A->ids are chosen when there are none yet. */
static void ask_all(const char *path, answers *a)
{
    fh_error err = {0};
    fh_searcher *s = NULL;
    fh_buffer out = {0};
    a->count = 0;
    a->failure = (fh_error){0};
    fh_status status = fh_searcher_open(path, &s, &err);
    if (status) {
        a->failure = err;
        return;
    }
    if (a->id_count == 0)
        choose_articles(s, a);
    for (size_t i = 0; i < QUESTIONS; i++)
        ask_question(s, &questions[i], a, &out);
    for (size_t i = 0; i < a->id_count; i++)
        ask_article(s, a->ids[i], a, &out);
    ask_article(s, "no such id", a, &out);
    ask_suggestions(s, "ال", a, &out);
    ask_suggestions(s, "رخص الب", a, &out);
    ask_suggestions(s, "كسكص", a, &out);
    ask_stats(s, a, &out);
    fh_searcher_close(s);
    ask_index(path, a, &out);
    fh_buffer_free(&out);
}

#endif
