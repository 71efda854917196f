/*
 * fihris-index: bring an index up to date with files and folders, and look after it.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/options.h"
#include "base/pages.h"
#include "indexer/build.h"
#include "indexer/convert.h"
#include "indexer/json_write.h"
#include "indexer/progress.h"
#include "indexer/reader.h"
#include "indexer/refused.h"
#include "indexer/report.h"
#include "indexer/summary.h"
#include "indexer/wording.h"
#include "stemmers/analysis.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_FAILED = 2 };

#define JOBS_MAX 256

/* With less memory than this none is kept for later, which takes time. */
#define LITTLE_MEMORY ((uint64_t)512 * 1024 * 1024)

/* How often progress is shown: on a terminal, and elsewhere. In seconds. */
#define SHOW_TERMINAL 0.1
#define SHOW_LOG      10.0

/* Columns of the bar. */
#define BAR 30

/* So many bytes of what is shown are written at once. */
#define SHOW_BYTES (64u * 1024)

/* Set by the first SIGINT or SIGTERM; the second ends the program. */
static volatile sig_atomic_t stop_asked;

/* The command line, and what is on the terminal. */
typedef struct app {
    const char *output, *engine, *stemmer, *remove, *refused_path, *convert, *snapshot;
    uint64_t jobs, memory, publish_every;
    bool prune, rebuild, check, stats, show, json, quiet, verbose;
    bool terminal;  /* standard error is one */
    bool bar_shown; /* and the cursor stands behind a bar */
    double began, shown;
    fh_buffer line;      /* of the bar, or what is shown and not yet written */
    fh_buffer said;      /* of a remark, or the report */
    fh_report report;    /* of what was said */
    fh_refused *refused; /* the file of refusals, or NULL */
    uint64_t refusals;
} app;

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- What is said on standard error ---- */

static void clear_bar(app *a)
{
    if (a->bar_shown)
        fputs("\r\033[K", stderr);
    a->bar_shown = false;
}

/* Write TEXT, and empty it. */
static void say(fh_buffer *text)
{
    fputs(fh_buffer_str(text).ptr, stderr);
    fh_buffer_clear(text);
}

static int complain(const fh_error *err)
{
    fh_buffer text = {0};
    fh_wording_harmless(err->message, &text);
    fprintf(stderr, "fihris-index: %s\n", fh_buffer_str(&text).ptr);
    fh_buffer_free(&text);
    return EXIT_FAILED;
}

static bool is_wanted(const app *a, fh_remark_kind kind)
{
    if (kind == FH_REMARK_REFUSED)
        return true;
    return kind == FH_REMARK_DETAIL ? a->verbose : !a->quiet;
}

static void hear(void *context, const fh_remark *remark)
{
    app *a = context;
    fh_naming naming = FH_NAMING_NAME;
    a->refusals += remark->kind == FH_REMARK_REFUSED;
    if (a->refused)
        fh_refused_add(a->refused, remark);
    if (remark->kind != FH_REMARK_DETAIL)
        naming = fh_report_add(&a->report, remark);
    if (a->verbose)
        naming = FH_NAMING_NAME;
    if (!is_wanted(a, remark->kind) || naming == FH_NAMING_COUNT)
        return;
    clear_bar(a);
    if (naming == FH_NAMING_NAME)
        fh_wording_remark(remark, &a->said);
    else
        fh_wording_no_more(remark, &a->said);
    say(&a->said);
}

static void print_report(app *a)
{
    if (!a->quiet)
        fh_wording_report(&a->report, &a->said);
    say(&a->said);
}

static void show_progress(void *context, const fh_build_progress *progress)
{
    app *a = context;
    double now = seconds_now();
    double pause = a->terminal ? SHOW_TERMINAL : SHOW_LOG;
    if (a->quiet || now - a->shown < pause)
        return;
    a->shown = now;
    fh_progress_write(progress, now - a->began, a->terminal ? BAR : 0, &a->line);
    fprintf(stderr, a->terminal ? "\r%s\033[K" : "%s\n", fh_buffer_str(&a->line).ptr);
    a->bar_shown = a->terminal;
}

/* ---- What is said on standard output ---- */

/* An acknowledgement counts once it is written, so it is written at once. */
static void committed(void *context, uint64_t articles)
{
    const app *a = context;
    if (a->refused)
        fh_refused_sync(a->refused, NULL);
    if (!a->json)
        return;
    printf("{\"committed\":%" PRIu64 "}\n", articles);
    fflush(stdout);
}

static int end_output(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "fihris-index: cannot write to standard output: %s\n", strerror(errno));
    return EXIT_FAILED;
}

static void tell_summary(const app *a, const char *index, const fh_summary *s)
{
    fh_buffer text = {0};
    if (a->json)
        fh_summary_write_json(s, &text);
    else if (!a->quiet)
        fh_summary_write(s, index, &text);
    fputs(fh_buffer_str(&text).ptr, stdout);
    fh_buffer_free(&text);
}

/* ---- Stopping ---- */

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

static bool is_stop_asked(void *context)
{
    (void)context;
    return stop_asked;
}

/* The first signal is a wish and interrupts what is being read, the second is an order. */
static void catch_signals(void)
{
    struct sigaction wish = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&wish.sa_mask);
    sigaction(SIGINT, &wish, NULL);
    sigaction(SIGTERM, &wish, NULL);
}

static void tell_stop(const app *a, const fh_summary *s)
{
    fprintf(stderr, "fihris-index: stopped after %" PRIu64 " article%s: ", s->read,
            s->read == 1 ? "" : "s");
    if (a->rebuild)
        fputs("nothing was changed, a rebuild publishes only at its end\n", stderr);
    else if (a->convert)
        fputs("there is no new index, a conversion publishes only at its end\n", stderr);
    else
        fputs("they are in the index, run the same command again to go on\n", stderr);
    if (a->prune)
        fputs("fihris-index: --prune removed nothing, as not all inputs were read\n", stderr);
}

/* ---- What the program does ---- */

static int build_index(app *a, char **inputs, size_t count)
{
    fh_error err;
    fh_summary summary;
    fh_build build = {
        .index = a->output,
        .inputs = (const char *const *)inputs,
        .input_count = count,
        .engine = a->engine,
        .stemmer = a->stemmer,
        .jobs = a->jobs,
        .memory = a->memory,
        .publish_every = a->publish_every,
        .prune = a->prune,
        .rebuild = a->rebuild,
        .listener = {.hear = hear, .stop = is_stop_asked, .context = a},
        .committed = committed,
        .progress = show_progress,
        .context = a,
    };
    catch_signals();
    fh_status status = fh_build_run(&build, &summary, &err);
    clear_bar(a);
    print_report(a);
    if (status)
        return complain(&err);
    tell_summary(a, a->output, &summary);
    if (summary.stopped) {
        tell_stop(a, &summary);
        return end_output(EXIT_FAILED);
    }
    return end_output(summary.refused > 0 ? EXIT_REFUSED : EXIT_DONE);
}

/* Write out what is shown; an input that waits must not hold it up. */
static void flush_shown(void *context)
{
    app *a = context;
    fh_str text = fh_buffer_str(&a->line);
    fwrite(text.ptr, 1, text.len, stdout);
    fflush(stdout);
    fh_buffer_clear(&a->line);
}

/* Has the reader of what is shown gone? */
static bool is_output_lost(void *context)
{
    (void)context;
    return ferror(stdout);
}

static fh_status show_all(app *a, fh_reader *reader, fh_error *err)
{
    for (;;) {
        bool found;
        fh_article article;
        fh_status status = fh_reader_next(reader, &found, &article, err);
        if (!status && found)
            fh_json_write_article(&article, &a->line);
        if (a->line.failed)
            return fh_fail_memory(err);
        if (status || !found || a->line.len >= SHOW_BYTES)
            flush_shown(a);
        if (status || !found)
            return status;
    }
}

static int show_articles(app *a, char **inputs, size_t count)
{
    fh_error err;
    fh_reader *reader;
    fh_listener listener = {
        .hear = hear, .stop = is_output_lost, .wait = flush_shown, .context = a};
    fh_reading reading = {
        .inputs = (const char *const *)inputs, .count = count, .listener = &listener};
    fh_status status = fh_reader_open(&reading, &reader, &err);
    if (!status)
        status = show_all(a, reader, &err);
    fh_reader_close(reader);
    print_report(a);
    if (status && status != FH_ESTOPPED)
        return complain(&err);
    return end_output(a->refusals > 0 ? EXIT_REFUSED : EXIT_DONE);
}

/* Read the inputs, into an index or to show them, with the file of refusals open. */
static int run_inputs(app *a, char **inputs, size_t count)
{
    fh_error err;
    if (a->refused_path &&
        fh_refused_open(a->refused_path, (const char *const *)inputs, count, &a->refused, &err))
        return complain(&err);
    int code = a->show ? show_articles(a, inputs, count) : build_index(a, inputs, count);
    if (a->refused && fh_refused_sync(a->refused, &err))
        code = complain(&err);
    fh_refused_close(a->refused);
    fh_report_free(&a->report);
    return code;
}

static int run_convert(app *a)
{
    fh_error err;
    fh_summary summary;
    fh_convert convert = {
        .from = a->convert,
        .to = a->output,
        .engine = a->engine,
        .jobs = a->jobs,
        .memory = a->memory,
        .stop = is_stop_asked,
        .committed = committed,
        .progress = show_progress,
        .context = a,
    };
    catch_signals();
    fh_status status = fh_convert_run(&convert, &summary, &err);
    clear_bar(a);
    if (status)
        return complain(&err);
    if (a->json || !summary.stopped)
        tell_summary(a, a->output, &summary);
    if (summary.stopped)
        tell_stop(a, &summary);
    return end_output(summary.stopped ? EXIT_FAILED : EXIT_DONE);
}

static int run_snapshot(const app *a, const char *index)
{
    fh_error err;
    fh_copied copied;
    fh_buffer text = {0};
    if (fh_index_snapshot(index, a->snapshot, &copied, &err))
        return complain(&err);
    if (a->json)
        fh_copied_write_json(&copied, &text);
    else if (!a->quiet)
        fh_copied_write(&copied, a->snapshot, &text);
    fputs(fh_buffer_str(&text).ptr, stdout);
    fh_buffer_free(&text);
    return end_output(EXIT_DONE);
}

static int run_remove(const app *a, const char *index)
{
    fh_error err;
    fh_summary summary;
    if (fh_build_remove(index, fh_str_of(a->remove), &summary, &err))
        return complain(&err);
    if (summary.removed == 0) {
        fh_fail(&err, FH_ENOTFOUND, "no article in %s has the id %s", index, a->remove);
        complain(&err);
    }
    tell_summary(a, index, &summary);
    return end_output(summary.removed > 0 ? EXIT_DONE : EXIT_REFUSED);
}

static int run_check(const app *a, const char *index)
{
    fh_error err;
    if (fh_index_check(index, &err))
        return complain(&err);
    if (!a->quiet)
        printf("%s: sound\n", index);
    return end_output(EXIT_DONE);
}

static int run_stats(const char *path)
{
    fh_error err;
    fh_index *index;
    fh_index_stats s;
    fh_status status = fh_index_open(path, &index, &err);
    if (status)
        return complain(&err);
    status = fh_index_get_stats(index, &s, &err);
    fh_index_close(index);
    if (status)
        return complain(&err);
    fh_buffer text = {0};
    fh_stats_write_json(&s, &text);
    fputs(fh_buffer_str(&text).ptr, stdout);
    fh_buffer_free(&text);
    return end_output(EXIT_DONE);
}

/* ---- The command line ---- */

/* What --help says of --engine: which there are, and what each can do. */
static const char *describe_engines(fh_buffer *text)
{
    size_t count;
    const fh_engine_info *table = fh_engine_table(&count);
    fh_buffer_printf(text, "The engine of a new index (%s).", table[0].name);
    for (size_t i = 0; i < count; i++)
        fh_buffer_printf(text, " %s: %s; %s checksums, %s deadlines.", table[i].name,
                         table[i].summary, table[i].checksums ? "with" : "no",
                         table[i].deadlines ? "with" : "no");
    return fh_buffer_str(text).ptr;
}

/* A conversion takes over all that an index is, and all of it. */
static bool is_conversion(const app *a, size_t count, fh_error *err)
{
    if (!a->output)
        fh_fail(err, FH_EUSAGE, "name the index to write: --convert INDEX -o NEW");
    else if (count > 0)
        fh_fail(err, FH_EUSAGE, "--convert reads an index and no other inputs");
    else if (a->stemmer || a->prune || a->rebuild || a->refused_path)
        fh_fail(err, FH_EUSAGE,
                "--stemmer, --prune, --rebuild and --refused do not go with --convert");
    else
        return true;
    return false;
}

static int run(app *a, char **rest, size_t count)
{
    fh_error err;
    if (a->memory < LITTLE_MEMORY)
        fh_memory_keep_little();
    bool reads = (a->output && !a->convert) || a->show;
    int modes = a->check + a->stats + reads + (a->output && a->show) + (a->remove != NULL) +
                (a->convert != NULL) + (a->snapshot != NULL);
    if (modes > 1)
        fh_fail(
            &err, FH_EUSAGE,
            "-o, --show, --convert, --remove, --check, --stats and --snapshot are different "
            "things");
    else if (modes == 0)
        fh_fail(&err, FH_EUSAGE, "name the index to write: -o INDEX (see --help)");
    else if (a->convert)
        return is_conversion(a, count, &err) ? run_convert(a) : complain(&err);
    else if (reads && count == 0)
        fh_fail(&err, FH_EUSAGE, "name what to read: files, folders, or - for standard input");
    else if (!reads && count != 1)
        fh_fail(&err, FH_EUSAGE, "name one INDEX");
    else if (!reads && a->refused_path)
        fh_fail(&err, FH_EUSAGE, "--refused goes with -o or --show");
    else if (a->remove)
        return run_remove(a, rest[0]);
    else if (a->snapshot)
        return run_snapshot(a, rest[0]);
    else if (a->check)
        return run_check(a, rest[0]);
    else if (a->stats)
        return run_stats(rest[0]);
    else
        return run_inputs(a, rest, count);
    return complain(&err);
}

static uint64_t default_jobs(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > JOBS_MAX ? JOBS_MAX : (uint64_t)cores;
}

/* A quarter of the machine's memory. */
static uint64_t default_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    uint64_t quarter = pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 4 : 0;
    return quarter > FH_BUILD_MEMORY_MIN ? quarter : FH_BUILD_MEMORY_MIN;
}

int main(int argc, char **argv)
{
    app a = {.jobs = default_jobs(),
             .memory = default_memory(),
             .publish_every = 30,
             .terminal = isatty(STDERR_FILENO),
             .began = seconds_now()};
    a.shown = a.began;
    fh_buffer engines = {0};
    const fh_option options[] = {
        {.name = "Building", .kind = FH_OPTION_GROUP},
        {"output", 'o', FH_OPTION_TEXT, &a.output, "INDEX", "The folder of the index.", NULL, 0,
         0},
        {"prune", 0, FH_OPTION_FLAG, &a.prune, NULL,
         "Forget articles that came from the INPUTs named and are no longer there.", NULL, 0,
         0},
        {"rebuild", 0, FH_OPTION_FLAG, &a.rebuild, NULL,
         "Begin with an empty index; the old one answers until the new one is done.", NULL, 0,
         0},
        {"publish-every", 0, FH_OPTION_COUNT, &a.publish_every, "SECONDS",
         "Make what was read durable and visible so often (30).", NULL, 1, 86400},
        {"stemmer", 0, FH_OPTION_TEXT, &a.stemmer, "NAME",
         "The stemmer of a new index (" FH_STEMMER_DEFAULT "); fihris-stem --help lists them.",
         NULL, 0, 0},
        {"engine", 0, FH_OPTION_TEXT, &a.engine, "NAME", describe_engines(&engines), NULL, 0,
         0},
        {"jobs", 'j', FH_OPTION_COUNT, &a.jobs, "N", "Worker threads (default: cores).", NULL,
         1, JOBS_MAX},
        {"memory", 0, FH_OPTION_SIZE, &a.memory, "SIZE",
         "Memory to use, with K, M or G (default: a quarter of the machine's).", NULL,
         FH_BUILD_MEMORY_MIN, UINT64_MAX},
        {"convert", 0, FH_OPTION_TEXT, &a.convert, "INDEX",
         "Instead of INPUTs, read this index, and make a new one of it by --engine.", NULL, 0,
         0},
        {.name = "Looking at inputs", .kind = FH_OPTION_GROUP},
        {"show", 0, FH_OPTION_FLAG, &a.show, NULL,
         "Print the articles of the INPUTs as JSON Lines, and index nothing.", NULL, 0, 0},
        {"refused", 0, FH_OPTION_TEXT, &a.refused_path, "FILE",
         "Write all that is refused to FILE, as JSON Lines: file, line, reason.", NULL, 0, 0},
        {.name = "Looking after an index", .kind = FH_OPTION_GROUP},
        {"remove", 0, FH_OPTION_TEXT, &a.remove, "ID", "Forget one article.", NULL, 0, 0},
        {"check", 0, FH_OPTION_FLAG, &a.check, NULL, "Verify every byte.", NULL, 0, 0},
        {"stats", 0, FH_OPTION_FLAG, &a.stats, NULL, "Print what is there, as JSON.", NULL, 0,
         0},
        {"snapshot", 0, FH_OPTION_TEXT, &a.snapshot, "DIR",
         "Copy what is published into the new folder DIR.", NULL, 0, 0},
        {.name = "Output", .kind = FH_OPTION_GROUP},
        {"json", 0, FH_OPTION_FLAG, &a.json, NULL,
         "Print {\"committed\":N} after each publish, and the summary as JSON.", NULL, 0, 0},
        {"quiet", 'q', FH_OPTION_FLAG, &a.quiet, NULL, "Say nothing but what is refused.", NULL,
         0, 0},
        {"verbose", 'v', FH_OPTION_FLAG, &a.verbose, NULL,
         "Say how each file is read, and name each remark.", NULL, 0, 0},
        {0},
    };
    const fh_program program = {
        .name = "fihris-index",
        .usage = "[options] -o INDEX INPUT...\n[options] --convert INDEX -o NEW\n"
                 "[options] --show INPUT...\n--remove ID INDEX\n--check INDEX\n"
                 "--stats INDEX\n--snapshot DIR INDEX",
        .summary =
            "Index Arabic articles: JSON Lines, web pages, text pages, CSV, feeds, Markdown, "
            "WARC, "
            "PDF and DOCX; as files, folders, archives, compressed files; - is standard input. "
            "Run again, it updates.",
        .examples = "  fihris-index -o news.index articles/\n"
                    "  fihris-index --prune -o news.index articles/\n"
                    "  fihris-index --show page.html | jq .title\n"
                    "  zcat news.jsonl.gz | fihris-index -o news.index -\n",
        .options = options,
    };
    fh_error err;
    fh_parsed what;
    int first, code = EXIT_DONE;
    /* A full quota is then a failed write, which is told. */
    signal(SIGXFSZ, SIG_IGN);
    if (fh_options_parse(&program, argc, argv, &first, &what, &err))
        code = complain(&err);
    else if (what == FH_PARSED_HELP)
        fh_options_help(&program, stdout);
    else if (what == FH_PARSED_VERSION)
        fh_options_version(&program, stdout);
    else
        code = run(&a, argv + first, (size_t)(argc - first));
    fh_buffer_free(&a.line);
    fh_buffer_free(&a.said);
    fh_buffer_free(&engines);
    return end_output(code);
}
