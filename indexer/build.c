#include "indexer/build.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/utf8.h"
#include "indexer/convoy.h"
#include "indexer/prune.h"
#include "indexer/reader.h"
#include "indexer/seen.h"
#include "stemmers/analysis.h"

/* So many bytes of an id are shown. */
#define QUOTE_MAX 100

typedef struct builder {
    const fh_build *build;
    fh_listener listener; /* counts, and passes on to the build's */
    fh_writer *writer;
    fh_convoy *convoy;
    fh_reader *reader;
    fh_seen seen;      /* by id: fingerprints and places of this run's articles */
    fh_seen troubled;  /* by name: files of which something was refused */
    fh_buffer print;   /* what a fingerprint is taken of */
    uint64_t pending;  /* articles added or removed since the last publish */
    int64_t published; /* when that was, on this module's clock */
    int64_t cost;      /* how long it took, with the wait for what was on its way */
    fh_error failure;  /* of what was done while the reader waited */
    fh_summary *summary;
} builder;

/* Milliseconds of a clock that only goes forward. */
static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Count an article as it came back from the workers. */
static fh_status count_arrived(void *context, const fh_parcel *p, fh_error *err)
{
    (void)err;
    builder *b = context;
    if (p->refusal) {
        fh_listener_tell(&b->listener, FH_REMARK_REFUSED, fh_reader_file(b->reader, p->file),
                         p->line, "%s", p->refusal->message);
        return FH_OK;
    }
    b->summary->changed += p->replaces;
    b->summary->added += !p->replaces;
    b->pending++;
    return FH_OK;
}

/* ---- Publishing ---- */

static void report(builder *b, bool publishing)
{
    fh_build_progress p = {.articles = b->summary->read, .publishing = publishing};
    fh_reader_progress(b->reader, &p.done, &p.total);
    b->build->progress(b->build->context, &p);
}

/* Everything that is on its way into the index, and durable. */
static fh_status publish(builder *b, fh_error *err)
{
    int64_t begin = now();
    fh_status status = fh_convoy_finish(b->convoy, err);
    report(b, true);
    if (!status && (b->pending > 0 || b->summary->index.generation == 0 || b->build->rebuild))
        status = fh_writer_publish(b->writer, err);
    if (!status)
        status = fh_writer_stats(b->writer, &b->summary->index, err);
    b->pending = 0;
    b->published = now();
    b->cost = b->published - begin;
    if (!status)
        b->build->committed(b->build->context, b->summary->index.articles);
    return status;
}

/* A publish begins as much earlier as the last one took, up to half the time between two. */
static bool is_publish_due(const builder *b)
{
    int64_t every = (int64_t)b->build->publish_every * 1000;
    int64_t early = b->cost < every / 2 ? b->cost : every / 2;
    return !b->build->rebuild && now() - b->published >= every - early;
}

static bool has_unpublished(const builder *b)
{
    return b->pending > 0 || fh_convoy_is_busy(b->convoy);
}

/* ---- The listener between the reader and the build's ---- */

static void hear(void *context, const fh_remark *remark)
{
    builder *b = context;
    b->summary->refused += remark->kind == FH_REMARK_REFUSED;
    b->summary->repaired += remark->kind == FH_REMARK_REPAIRED;
    uint64_t key = fh_checksum(fh_str_of(remark->file));
    if (remark->kind == FH_REMARK_REFUSED && !fh_seen_find(&b->troubled, key) &&
        !fh_seen_put(&b->troubled, (fh_seen_entry){.key = key}))
        fh_fail_memory(&b->failure);
    b->build->listener.hear(b->build->listener.context, remark);
    if (b->reader)
        report(b, false);
}

static bool stop(void *context)
{
    const builder *b = context;
    return b->failure.status || fh_listener_stops(&b->build->listener);
}

/* A slow input must not hold up what was read before. */
static void wait_input(void *context)
{
    builder *b = context;
    if (b->reader && !b->failure.status && has_unpublished(b) && is_publish_due(b))
        publish(b, &b->failure);
    if (b->reader)
        report(b, false);
    fh_listener_wait(&b->build->listener);
}

/* ---- Articles ---- */

static void print_text(fh_buffer *out, fh_str text)
{
    uint64_t len = text.len;
    fh_buffer_add(out, &len, sizeof len);
    fh_buffer_add_str(out, text);
}

/* The checksum of all that an article says; not of where it was found. */
static uint64_t take_fingerprint(builder *b, const fh_article *a)
{
    fh_buffer_clear(&b->print);
    print_text(&b->print, a->id);
    print_text(&b->print, a->title);
    print_text(&b->print, a->body);
    print_text(&b->print, a->url);
    print_text(&b->print, a->source);
    print_text(&b->print, a->section);
    print_text(&b->print, a->keywords);
    uint64_t date[2] = {(uint64_t)a->date.seconds, (uint64_t)a->date.precision};
    fh_buffer_add(&b->print, date, sizeof date);
    return fh_checksum(fh_buffer_str(&b->print));
}

/*
 * An id came a second time in this run. Were it another id of the same checksum, its fingerprint would
 * differ too, and it would be refused by name: seldom, and never in silence.
 */
static void meet_again(builder *b, const fh_parcel *p, const fh_seen_entry *first)
{
    if (first->value == p->fingerprint) {
        b->summary->unchanged++;
        return;
    }
    char line[32] = "";
    if (first->line > 0)
        snprintf(line, sizeof line, ":%" PRIu64, first->line);
    fh_listener_tell(&b->listener, FH_REMARK_REFUSED, fh_reader_file(b->reader, p->file),
                     p->line, "another article under the id of %s%s: %.*s",
                     fh_reader_file(b->reader, first->file), line,
                     (int)(p->article.id.len < QUOTE_MAX
                               ? p->article.id.len
                               : fh_utf8_cut(p->article.id.ptr, QUOTE_MAX)),
                     p->article.id.ptr);
}

/* See whether ARTICLE is new to the run and to the index, and send it on its way if so. */
static fh_status sort_article(builder *b, const fh_article *article, fh_error *err)
{
    fh_parcel p = {.article = *article, .fingerprint = take_fingerprint(b, article)};
    if (b->print.failed)
        return fh_fail_memory(err);
    fh_reader_place(b->reader, &p.file, &p.line);
    uint64_t key = fh_checksum(article->id);
    const fh_seen_entry *first = fh_seen_find(&b->seen, key);
    if (first) {
        meet_again(b, &p, first);
        return FH_OK;
    }
    fh_seen_entry entry = {.key = key, .value = p.fingerprint, .line = p.line, .file = p.file};
    if (!fh_seen_put(&b->seen, entry))
        return fh_fail_memory(err);
    uint64_t known = 0;
    fh_status status = fh_writer_lookup(b->writer, article->id, &p.replaces, &known, err);
    if (!status && p.replaces && known == p.fingerprint)
        b->summary->unchanged++;
    else if (!status)
        status = fh_convoy_put(b->convoy, &p, err);
    return status;
}

/* Read all inputs; *STOPPED when the listener asked to stop before the end. */
static fh_status read_all(builder *b, bool *stopped, fh_error *err)
{
    for (;;) {
        fh_article article;
        bool found;
        fh_status status = fh_reader_next(b->reader, &found, &article, err);
        if (b->failure.status)
            return fh_fail(err, b->failure.status, "%s", b->failure.message);
        *stopped = status == FH_ESTOPPED;
        if (*stopped || (!status && !found))
            return FH_OK;
        if (!status) {
            b->summary->read++;
            status = sort_article(b, &article, err);
        }
        if (!status && is_publish_due(b))
            status = publish(b, err);
        if (status)
            return status;
        report(b, false);
    }
}

static fh_status prune(builder *b, fh_error *err)
{
    fh_prune prune = {&b->seen, &b->troubled, &b->listener};
    uint64_t before = b->summary->removed;
    fh_status status = FH_OK;
    for (size_t i = 0; i < b->build->input_count && !status; i++) {
        const char *input = b->build->inputs[i];
        if (fh_reader_has(b->reader, i))
            status = fh_prune_input(&prune, b->writer, input, &b->summary->removed, err);
        else
            fh_listener_tell(&b->listener, FH_REMARK_WARNING, input, 0,
                             "not there, so the articles that came from it are kept");
    }
    b->pending += b->summary->removed - before;
    return status;
}

/* ---- A run ---- */

/*
 * The stemmer to use: the one asked for, else the index's own. A rebuild begins anew in this too.
 * NAME has room for it; it stays empty for the default.
 */
static fh_status choose_stemmer(const fh_build *build, char *name, size_t size, fh_error *err)
{
    fh_index *index = NULL;
    fh_error why;
    name[0] = '\0';
    if (build->stemmer || build->rebuild) {
        if (build->stemmer)
            snprintf(name, size, "%s", build->stemmer);
        return FH_OK;
    }
    fh_status status = fh_index_open(build->index, &index, &why);
    if (status == FH_ENOTFOUND)
        return FH_OK;
    if (status)
        return fh_fail(err, status, "%s", why.message);
    const char *stemmer = fh_analysis_stemmer(fh_index_analysis(index));
    if (stemmer)
        snprintf(name, size, "%s", stemmer);
    else
        status =
            fh_fail(err, FH_EANALYSIS,
                    "index \"%s\" was built by analysis %s, which this program has not: run "
                    "fihris-index --rebuild",
                    build->index, fh_index_analysis(index));
    fh_index_close(index);
    return status;
}

static fh_status open_all(builder *b, const fh_reading *reading, fh_error *err)
{
    const fh_build *build = b->build;
    char stemmer[64];
    fh_status status = choose_stemmer(build, stemmer, sizeof stemmer, err);
    fh_convoy_plan plan = {.stemmer = stemmer[0] ? stemmer : NULL,
                           .jobs = build->jobs,
                           .memory = build->memory,
                           .publish_every = build->publish_every,
                           .arrived = count_arrived,
                           .context = b};
    if (!status)
        status = fh_convoy_new(&plan, &b->convoy, err);
    if (status)
        return status;
    fh_writer_options options = {.engine = build->engine,
                                 .analysis = fh_convoy_analysis(b->convoy),
                                 .rebuild = build->rebuild,
                                 .memory = fh_convoy_engine_memory(b->convoy),
                                 .jobs = (unsigned)build->jobs};
    status = fh_writer_open(build->index, &options, &b->writer, err);
    if (status)
        return status;
    fh_convoy_start(b->convoy, b->writer);
    status = fh_writer_stats(b->writer, &b->summary->index, err);
    if (!status)
        status = fh_reader_open(reading, &b->reader, err);
    return status;
}

static void close_all(builder *b)
{
    fh_convoy_free(b->convoy);
    fh_reader_close(b->reader);
    fh_writer_close(b->writer);
    fh_seen_free(&b->seen);
    fh_seen_free(&b->troubled);
    fh_buffer_free(&b->print);
}

fh_status fh_build_run(const fh_build *build, fh_summary *summary, fh_error *err)
{
    int64_t began = now();
    builder b = {.build = build, .summary = summary, .published = began};
    b.listener = (fh_listener){.hear = hear, .stop = stop, .wait = wait_input, .context = &b};
    fh_reading reading = {.inputs = build->inputs,
                          .count = build->input_count,
                          .index = build->index,
                          .listener = &b.listener};
    *summary = (fh_summary){0};
    fh_status status = open_all(&b, &reading, err);
    if (!status)
        status = read_all(&b, &summary->stopped, err);
    if (!status && build->prune && !summary->stopped) {
        status = fh_convoy_finish(b.convoy, err);
        if (!status)
            status = prune(&b, err);
    }
    if (!status && !(summary->stopped && build->rebuild))
        status = publish(&b, err);
    close_all(&b);
    summary->seconds = (double)(now() - began) / 1000;
    if (status)
        *summary = (fh_summary){0};
    return status;
}

fh_status fh_build_remove(const char *path, fh_str id, fh_summary *summary, fh_error *err)
{
    int64_t began = now();
    fh_index *index = NULL;
    fh_writer *writer = NULL;
    fh_index_stats before;
    bool found = false;
    *summary = (fh_summary){0};
    fh_status status = fh_index_open(path, &index, err);
    if (!status)
        status = fh_index_get_stats(index, &before, err);
    fh_index_close(index);
    if (status)
        return status;
    fh_writer_options options = {.analysis = before.analysis};
    status = fh_writer_open(path, &options, &writer, err);
    if (!status)
        status = fh_writer_remove(writer, id, &found, err);
    if (!status && found)
        status = fh_writer_publish(writer, err);
    if (!status)
        status = fh_writer_stats(writer, &summary->index, err);
    fh_writer_close(writer);
    if (status)
        return status;
    summary->removed = found;
    summary->seconds = (double)(now() - began) / 1000;
    return FH_OK;
}
