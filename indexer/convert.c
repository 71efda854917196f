#include "indexer/convert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/utf8.h"
#include "indexer/convoy.h"
#include "stemmers/analysis.h"

/* So many bytes of an id are shown. */
#define QUOTE_MAX 100

typedef struct converter {
    const fh_convert *convert;
    fh_index *index;
    fh_index_stats before; /* what the old index holds */
    fh_convoy *convoy;
    fh_writer *writer;
    fh_arena arena; /* of the article at hand */
    fh_build_progress progress;
    fh_summary *summary;
} converter;

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void report(converter *c, bool publishing)
{
    c->progress.publishing = publishing;
    c->convert->progress(c->convert->context, &c->progress);
}

/* ---- Articles ---- */

static int quoted(fh_str id)
{
    return (int)(id.len < QUOTE_MAX ? id.len : fh_utf8_cut(id.ptr, QUOTE_MAX));
}

/* A new index without one of the articles would not be the same: it ends here. */
static fh_status count_arrived(void *context, const fh_parcel *p, fh_error *err)
{
    converter *c = context;
    if (p->refusal)
        return fh_fail(
            err, p->refusal->status, "the new index cannot hold the article %.*s of \"%s\": %s",
            quoted(p->article.id), p->article.id.ptr, c->convert->from, p->refusal->message);
    c->summary->added++;
    return FH_OK;
}

/* Not every engine can tell that a byte of a text was altered; the analyser wants UTF-8. */
static fh_status check_texts(const converter *c, const fh_article *a, fh_error *err)
{
    if (fh_utf8_valid(a->title) == a->title.len && fh_utf8_valid(a->body) == a->body.len)
        return FH_OK;
    return fh_fail(err, FH_ECORRUPT,
                   "index \"%s\" is damaged: the text of the article %.*s is no UTF-8",
                   c->convert->from, quoted(a->id), a->id.ptr);
}

static fh_status send_article(converter *c, const fh_article *a, uint64_t fingerprint,
                              fh_error *err)
{
    fh_parcel parcel = {.article = *a, .fingerprint = fingerprint};
    fh_status status = check_texts(c, a, err);
    if (!status)
        status = fh_convoy_put(c->convoy, &parcel, err);
    c->summary->read++;
    c->progress.articles++;
    c->progress.done += a->title.len + a->body.len;
    return status;
}

static fh_status explain_change(const converter *c, fh_error *err)
{
    return fh_fail(
        err, FH_ECHANGED,
        "index \"%s\" was written to while it was read: convert it when nobody writes",
        c->convert->from);
}

static fh_status send_all(converter *c, fh_error *err)
{
    fh_hit hit = {0};
    fh_status status = FH_OK;
    for (;;) {
        uint64_t fingerprint;
        c->summary->stopped = c->convert->stop(c->convert->context);
        if (status || c->summary->stopped)
            return status;
        fh_arena_clear(&c->arena);
        status = fh_index_next(c->index, hit.document, &c->arena, &hit, &fingerprint, err);
        if (status == FH_ECHANGED)
            return explain_change(c, err);
        if (status || hit.document == 0)
            return status;
        status = send_article(c, &hit.article, fingerprint, err);
        report(c, false);
    }
}

/* ---- A run ---- */

/* Open the index, and find the analysis that made its words. */
static fh_status open_index(converter *c, const char **stemmer, fh_error *err)
{
    const char *path = c->convert->from;
    fh_status status = fh_index_open(path, &c->index, err);
    if (!status)
        status = fh_index_get_stats(c->index, &c->before, err);
    if (status)
        return status;
    c->progress.total = c->before.text_bytes;
    *stemmer = fh_analysis_stemmer(c->before.analysis);
    if (*stemmer)
        return FH_OK;
    return fh_fail(
        err, FH_EANALYSIS,
        "index \"%s\" was built by analysis %s, which this program has not: index its "
        "inputs anew",
        path, c->before.analysis);
}

static fh_status open_all(converter *c, fh_error *err)
{
    const fh_convert *convert = c->convert;
    fh_convoy_plan plan = {.jobs = convert->jobs,
                           .memory = convert->memory,
                           .publish_every = UINT32_MAX, /* there is only one */
                           .arrived = count_arrived,
                           .context = c};
    fh_status status = open_index(c, &plan.stemmer, err);
    if (!status)
        status = fh_convoy_new(&plan, &c->convoy, err);
    if (status)
        return status;
    fh_writer_options options = {.engine = convert->engine,
                                 .analysis = fh_convoy_analysis(c->convoy),
                                 .memory = fh_convoy_engine_memory(c->convoy),
                                 .jobs = (unsigned)convert->jobs};
    status = fh_writer_open(convert->to, &options, &c->writer, err);
    if (!status)
        fh_convoy_start(c->convoy, c->writer);
    return status;
}

/* Publish, if everything that the old index counts has been read. */
static fh_status publish(converter *c, fh_error *err)
{
    if (c->summary->added != c->before.articles)
        return fh_fail(err, FH_ECORRUPT,
                       "index \"%s\" is damaged: it counts %" PRIu64
                       " articles and has %" PRIu64,
                       c->convert->from, c->before.articles, c->summary->added);
    report(c, true);
    fh_status status = fh_writer_publish(c->writer, err);
    if (!status)
        status = fh_writer_stats(c->writer, &c->summary->index, err);
    if (!status)
        c->convert->committed(c->convert->context, c->summary->index.articles);
    return status;
}

static void close_all(converter *c)
{
    fh_convoy_free(c->convoy);
    fh_writer_close(c->writer);
    fh_index_close(c->index);
    fh_arena_free(&c->arena);
}

fh_status fh_convert_run(const fh_convert *convert, fh_summary *summary, fh_error *err)
{
    double began = seconds_now();
    converter c = {.convert = convert, .summary = summary};
    struct stat st;
    *summary = (fh_summary){0};
    fh_status status = fh_index_vacant(convert->to, err);
    if (status)
        return status;
    bool fresh = stat(convert->to, &st) != 0;
    status = open_all(&c, err);
    if (!status)
        status = send_all(&c, err);
    if (!status && !summary->stopped)
        status = fh_convoy_finish(c.convoy, err);
    if (!status && !summary->stopped)
        status = publish(&c, err);
    close_all(&c);
    if (status || summary->stopped)
        fh_index_discard(convert->to, fresh);
    summary->seconds = seconds_now() - began;
    if (status)
        *summary = (fh_summary){0};
    return status;
}
