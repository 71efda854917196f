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

#include "base/dates.h"
#include "base/json.h"
#include "base/options.h"
#include "indexer/build.h"
#include "indexer/progress.h"
#include "stemmers/analysis.h"

enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_FAILED = 2 };

#define JOBS_MAX 256

/* How often progress is shown: on a terminal, and elsewhere. In seconds. */
#define SHOW_TERMINAL 0.1
#define SHOW_LOG      10.0

/* Columns of the bar. */
#define BAR 30

/* Set by the first SIGINT or SIGTERM; the second ends the program. */
static volatile sig_atomic_t stop_asked;

/* The command line, and what is on the terminal. */
typedef struct app {
    const char *output, *engine, *stemmer, *remove;
    uint64_t jobs, memory, publish_every;
    bool prune, rebuild, check, stats, json, quiet, verbose;
    bool terminal;  /* standard error is one */
    bool bar_shown; /* and the cursor stands behind a bar */
    double began, shown;
    fh_buffer line;
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

/* Foreign text must not move the cursor: control characters become question marks. */
static void write_harmless(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool second_control = *c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;
        fputc(*c < 0x20 || *c == 0x7F || second_control ? '?' : *c, stderr);
        c += second_control;
    }
}

static int complain(const fh_error *err)
{
    fputs("fihris-index: ", stderr);
    write_harmless(err->message);
    fputc('\n', stderr);
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
    static const char *const kinds[] = {
        [FH_REMARK_REFUSED] = "refused: ",
        [FH_REMARK_REPAIRED] = "repaired: ",
        [FH_REMARK_WARNING] = "warning: ",
        [FH_REMARK_DETAIL] = "",
    };
    app *a = context;
    if (!is_wanted(a, remark->kind))
        return;
    clear_bar(a);
    write_harmless(remark->file);
    if (remark->line > 0)
        fprintf(stderr, ":%" PRIu64, remark->line);
    fprintf(stderr, ": %s", kinds[remark->kind]);
    write_harmless(remark->reason);
    fputc('\n', stderr);
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

static void set_count(json_t *object, const char *key, uint64_t count)
{
    json_object_set_new(object, key, json_integer((json_int_t)count));
}

/* Write OBJECT as one line, and free it. */
static void print_json(json_t *object)
{
    fh_buffer line = {0};
    fh_json_write(object, &line);
    puts(fh_buffer_str(&line).ptr);
    fh_buffer_free(&line);
    json_decref(object);
}

static void print_summary_json(const fh_summary *s)
{
    json_t *object = json_object();
    set_count(object, "articles", s->index.articles);
    set_count(object, "added", s->added);
    set_count(object, "changed", s->changed);
    set_count(object, "unchanged", s->unchanged);
    set_count(object, "removed", s->removed);
    set_count(object, "refused", s->refused);
    set_count(object, "text_bytes", s->index.text_bytes);
    set_count(object, "index_bytes", s->index.index_bytes);
    json_object_set_new(object, "seconds", json_real(s->seconds));
    set_count(object, "repaired", s->repaired);
    json_object_set_new(object, "stopped", json_boolean(s->stopped));
    print_json(object);
}

static void print_summary(const char *index, const fh_summary *s)
{
    fh_buffer text = {0}, disk = {0};
    fh_progress_write_size(s->index.text_bytes, &text);
    fh_progress_write_size(s->index.index_bytes, &disk);
    printf("%s: %" PRIu64 " article%s, %s of text, %s on disk\n", index, s->index.articles,
           s->index.articles == 1 ? "" : "s", fh_buffer_str(&text).ptr,
           fh_buffer_str(&disk).ptr);
    printf("%" PRIu64 " added, %" PRIu64 " changed, %" PRIu64 " unchanged, %" PRIu64 " removed",
           s->added, s->changed, s->unchanged, s->removed);
    if (s->refused > 0)
        printf(", %" PRIu64 " refused", s->refused);
    if (s->repaired > 0)
        printf(", %" PRIu64 " repaired", s->repaired);
    putchar('\n');
    fh_buffer_free(&text);
    fh_buffer_free(&disk);
}

static void tell_summary(const app *a, const char *index, const fh_summary *s)
{
    if (a->json)
        print_summary_json(s);
    else if (!a->quiet)
        print_summary(index, s);
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
    /* A full quota is then a failed write, which is told. */
    signal(SIGXFSZ, SIG_IGN);
}

static void tell_stop(const app *a, const fh_summary *s)
{
    fprintf(stderr, "fihris-index: stopped after %" PRIu64 " article%s: ", s->read,
            s->read == 1 ? "" : "s");
    if (a->rebuild)
        fputs("nothing was changed, a rebuild publishes only at its end\n", stderr);
    else
        fputs("they are in the index, run the same command again to go on\n", stderr);
    if (a->prune)
        fputs("fihris-index: --prune removed nothing, as not all inputs were read\n", stderr);
}

/* ---- What the program does ---- */

static int run_build(app *a, char **inputs, size_t count)
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
    if (status)
        return complain(&err);
    tell_summary(a, a->output, &summary);
    if (summary.stopped) {
        tell_stop(a, &summary);
        return end_output(EXIT_FAILED);
    }
    return end_output(summary.refused > 0 ? EXIT_REFUSED : EXIT_DONE);
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

/* An index without dates has none to print. */
static void set_dates(json_t *object, const fh_index_stats *s)
{
    char text[FH_DATE_TEXT_MAX];
    if (s->first_date > s->last_date)
        return;
    fh_date date = {s->first_date, FH_DATE_SECOND};
    fh_json_set_text(object, "first_date", fh_str_of(fh_date_format(date, text)));
    date.seconds = s->last_date;
    fh_json_set_text(object, "last_date", fh_str_of(fh_date_format(date, text)));
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
    json_t *object = json_object();
    fh_json_set_text(object, "engine", fh_str_of(s.engine));
    fh_json_set_text(object, "analysis", fh_str_of(s.analysis));
    set_count(object, "generation", s.generation);
    set_count(object, "articles", s.articles);
    set_count(object, "text_bytes", s.text_bytes);
    set_count(object, "index_bytes", s.index_bytes);
    set_count(object, "terms", s.terms);
    set_dates(object, &s);
    print_json(object);
    return end_output(EXIT_DONE);
}

/* ---- The command line ---- */

static int run(app *a, char **rest, size_t count)
{
    fh_error err;
    int modes = a->check + a->stats + (a->remove != NULL);
    if (modes > 1 || (modes == 1 && a->output))
        fh_fail(&err, FH_EUSAGE, "-o, --remove, --check and --stats are four different things");
    else if (modes == 1 && count != 1)
        fh_fail(&err, FH_EUSAGE, "name one INDEX");
    else if (modes == 0 && !a->output)
        fh_fail(&err, FH_EUSAGE, "name the index to write: -o INDEX (see --help)");
    else if (modes == 0 && count == 0)
        fh_fail(&err, FH_EUSAGE, "name what to index: files, folders, or - for standard input");
    else if (a->remove)
        return run_remove(a, rest[0]);
    else if (a->check)
        return run_check(a, rest[0]);
    else if (a->stats)
        return run_stats(rest[0]);
    else
        return run_build(a, rest, count);
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
        {"engine", 0, FH_OPTION_TEXT, &a.engine, "NAME", "The engine of a new index (xapian).",
         NULL, 0, 0},
        {"jobs", 'j', FH_OPTION_COUNT, &a.jobs, "N", "Worker threads (default: cores).", NULL,
         1, JOBS_MAX},
        {"memory", 0, FH_OPTION_SIZE, &a.memory, "SIZE",
         "Memory to use, with K, M or G (default: a quarter of the machine's).", NULL,
         FH_BUILD_MEMORY_MIN, UINT64_MAX},
        {.name = "Looking after an index", .kind = FH_OPTION_GROUP},
        {"remove", 0, FH_OPTION_TEXT, &a.remove, "ID", "Forget one article.", NULL, 0, 0},
        {"check", 0, FH_OPTION_FLAG, &a.check, NULL, "Verify every byte.", NULL, 0, 0},
        {"stats", 0, FH_OPTION_FLAG, &a.stats, NULL, "Print what is there, as JSON.", NULL, 0,
         0},
        {.name = "Output", .kind = FH_OPTION_GROUP},
        {"json", 0, FH_OPTION_FLAG, &a.json, NULL,
         "Print {\"committed\":N} after each publish, and the summary as JSON.", NULL, 0, 0},
        {"quiet", 'q', FH_OPTION_FLAG, &a.quiet, NULL, "Only say what was refused.", NULL, 0,
         0},
        {"verbose", 'v', FH_OPTION_FLAG, &a.verbose, NULL, "Say how each file is read.", NULL,
         0, 0},
        {0},
    };
    const fh_program program = {
        .name = "fihris-index",
        .usage = "[options] -o INDEX INPUT...\n--remove ID INDEX\n--check INDEX\n--stats INDEX",
        .summary =
            "Index Arabic articles: JSON Lines (.jsonl .ndjson .json), text pages (.txt), both "
            "also with .gz, and folders of them; - is standard input. Run again, it updates.",
        .examples = "  fihris-index -o news.index articles/\n"
                    "  fihris-index --prune -o news.index articles/\n"
                    "  zcat news.jsonl.gz | fihris-index -o news.index -\n",
        .options = options,
    };
    fh_error err;
    fh_parsed what;
    int first, code = EXIT_DONE;
    if (fh_options_parse(&program, argc, argv, &first, &what, &err))
        return complain(&err);
    if (what == FH_PARSED_HELP)
        fh_options_help(&program, stdout);
    else if (what == FH_PARSED_VERSION)
        fh_options_version(&program, stdout);
    else
        code = run(&a, argv + first, (size_t)(argc - first));
    fh_buffer_free(&a.line);
    return end_output(code);
}
