/*
 * fihris-search: search an index from the terminal and from scripts.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/gz.h"
#include "base/options.h"
#include "searcher/fihris.h"
#include "searcher/render.h"

enum { EXIT_FOUND = 0, EXIT_NOTHING = 1, EXIT_FAILED = 2 };

/* Output is handed on whenever that much has gathered. */
#define OUTPUT_BYTES (256 * 1024)
/* The longest line of a batch: a query and its number. */
#define LINE_MAX_BYTES (FH_QUERY_MAX + 1024)
/* Columns of a terminal that does not say. */
#define WIDTH_DEFAULT 80
/* The most names that --source takes. */
#define SOURCES_MAX 64
/* What else parts them. */
#define ARABIC_COMMA "\u060C"

enum { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum { BIDI_AUTO, BIDI_ISOLATE, BIDI_VISUAL, BIDI_OFF };

/* The command line. */
typedef struct app {
    uint64_t count, first, timeout;
    bool all, plain, explain;
    int sort, copies, color, bidi;
    const char *from, *to, *source, *format, *batch, *get;
    const fh_renderer *renderer;
    fh_str sources[SOURCES_MAX];
    size_t source_count;
    fh_paint paint;
    fh_paint aside; /* of notes, on standard error */
    fh_buffer out;
} app;

/* ---- Output ---- */

/* Say something on standard error; foreign text in it is made harmless. */
static void say(const char *before, const char *between, fh_str text)
{
    fh_buffer line = {0};
    fh_render_field(&line, fh_str_of(before));
    fh_buffer_add_str(&line, fh_str_of(between));
    fh_render_field(&line, text);
    fprintf(stderr, "fihris-search: %s\n", fh_buffer_str(&line).ptr);
    fh_buffer_free(&line);
}

static int complain(const fh_error *err)
{
    say("", "", fh_str_of(err->message));
    return EXIT_FAILED;
}

static int fail_usage(const char *message)
{
    say("", "", fh_str_of(message));
    fputs("Try: fihris-search --help\n", stderr);
    return EXIT_FAILED;
}

/* Hand on what has gathered; false when it cannot be written. */
static bool flush(app *a, bool last)
{
    if (a->out.failed) {
        say("", "", fh_str_of("memory ran out"));
        return false;
    }
    if (a->out.len > 0 && (last || a->out.len >= OUTPUT_BYTES)) {
        fwrite(a->out.data, 1, a->out.len, stdout);
        fh_buffer_clear(&a->out);
    }
    if ((!last || fflush(stdout) == 0) && !ferror(stdout))
        return true;
    say("cannot write to standard output", ": ", fh_str_of(strerror(errno)));
    return false;
}

/* Say NOTE, which may hold Arabic, on standard error in the order that its terminal needs. */
static void tell(const app *a, const char *qid, fh_str note)
{
    const fh_str parts[] = {FH_STR("fihris-search: "), fh_str_of(qid),
                            qid ? FH_STR(": ") : FH_STR(""), note};
    fh_paragraph line = {0};
    fh_buffer painted = {0};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        fh_paragraph_add(&line, parts[i], FH_STYLE_PLAIN, NULL, 0, FH_STYLE_PLAIN);
    fh_paragraph_flush(&line, &a->aside, "", &painted);
    fputs(fh_buffer_str(&painted).ptr, stderr);
    fh_buffer_free(&painted);
    fh_paragraph_free(&line);
}

/* Say what a looser search would find, and how it is asked. */
static void tell_looser(const app *a, const char *qid, const fh_looser *one)
{
    static const char *const how[] = {[FH_STEP_NEAR] = "the words near one another",
                                      [FH_STEP_FOLDED] = "the words anywhere",
                                      [FH_STEP_STEM] = "the words in any form",
                                      [FH_STEP_ANY] = "any of the words",
                                      [FH_STEP_ANYWHERE] = "outside of titles too",
                                      [FH_STEP_EXCLUDED] = "nothing excluded",
                                      [FH_STEP_DATES] = "any date",
                                      [FH_STEP_SOURCES] = "any source",
                                      [FH_STEP_BETTER] = "in another spelling",
                                      [FH_STEP_EVERYTHING] =
                                          "any of the words, without conditions"};
    fh_buffer note = {0};
    fh_buffer_printf(&note, "%s: %s%" PRIu64 " %s", how[one->step],
                     one->exact ? "" : "at least ", one->articles,
                     one->articles == 1 ? "article" : "articles");
    if (one->without_all)
        fh_buffer_add_str(&note, FH_STR(", without --all"));
    if (one->without_date)
        fh_buffer_add_str(&note, FH_STR(", without --from and --to"));
    if (one->without_source)
        fh_buffer_add_str(&note, FH_STR(", without --source"));
    fh_buffer_add_str(&note, FH_STR(": "));
    fh_buffer_add_str(&note, one->query);
    tell(a, qid, fh_buffer_str(&note));
    fh_buffer_free(&note);
}

/* Say all that comes with an answer and has no place in the format. */
static void tell_notes(const app *a, const char *qid, const fh_results *results)
{
    fh_buffer note = {0};
    if (a->renderer->notes)
        return;
    for (size_t i = 0; i < results->note_count; i++)
        tell(a, qid, results->notes[i]);
    if (results->better.len > 0) {
        fh_buffer_add_str(&note, FH_STR("did you mean: "));
        fh_buffer_add_str(&note, results->better);
        tell(a, qid, fh_buffer_str(&note));
    }
    for (size_t i = 0; i < results->looser_count; i++)
        if (results->looser[i].articles > 0)
            tell_looser(a, qid, &results->looser[i]);
    fh_buffer_free(&note);
}

/* ---- Searching ---- */

/* Search for QUERY and render what is found; *FOUND says whether anything was. */
static fh_status search(app *a, fh_searcher *s, fh_str query, const char *qid, bool *found,
                        fh_error *err)
{
    fh_results *results;
    fh_request request = {.query = query,
                          .first = a->first,
                          .count = a->count,
                          .order = (fh_order)a->sort,
                          .all = a->all,
                          .plain = a->plain,
                          .snippets = a->renderer->snippets,
                          .explain = a->explain,
                          .timeout_ms = (uint32_t)a->timeout,
                          .from = fh_str_of(a->from),
                          .to = fh_str_of(a->to),
                          .sources = a->sources,
                          .source_count = a->source_count};
    *found = false;
    fh_status status = fh_searcher_search(s, &request, &results, err);
    if (status)
        return status;
    fh_render render = {.paint = a->paint, .qid = qid, .out = &a->out};
    fh_render_results(a->renderer, &render, results);
    tell_notes(a, qid, results);
    *found = results->total > 0;
    fh_results_free(results);
    return FH_OK;
}

/* An option behind the INDEX is a word of the query, which is hardly what was meant. */
static void warn_option(const app *a, const char *word)
{
    fh_buffer note = {0};
    if (strncmp(word, "--", 2) != 0 || word[2] < 'a' || word[2] > 'z')
        return;
    fh_buffer_printf(&note, "\"%s\" stands behind the INDEX: it was searched as a word", word);
    tell(a, NULL, fh_buffer_str(&note));
    fh_buffer_free(&note);
}

static int run_query(app *a, fh_searcher *s, char **words, size_t count)
{
    fh_buffer query = {0};
    fh_error err;
    bool found;
    for (size_t i = 0; i < count; i++) {
        fh_buffer_add_str(&query, i > 0 ? FH_STR(" ") : FH_STR(""));
        fh_buffer_add_str(&query, fh_str_of(words[i]));
        warn_option(a, words[i]);
    }
    fh_status status = search(a, s, fh_buffer_str(&query), NULL, &found, &err);
    fh_buffer_free(&query);
    if (status)
        return complain(&err);
    if (!found && !a->renderer->notes)
        say("", "", fh_str_of("nothing found"));
    if (!flush(a, true))
        return EXIT_FAILED;
    return found ? EXIT_FOUND : EXIT_NOTHING;
}

/* ---- Batches ---- */

static void name_line(const app *a, size_t number, const char *why)
{
    char place[32];
    snprintf(place, sizeof place, ":%zu: ", number);
    fh_buffer text = {0};
    fh_buffer_add_str(&text, fh_str_of(a->batch));
    fh_buffer_add_str(&text, fh_str_of(place));
    say(fh_buffer_str(&text).ptr, "", fh_str_of(why));
    fh_buffer_free(&text);
}

/* One line `qid TAB query`. A line that is none is named, and the batch goes on. */
static fh_status run_line(app *a, fh_searcher *s, char *line, size_t len, size_t number,
                          fh_error *err)
{
    bool found;
    char *tab = memchr(line, '\t', len);
    if (!tab || tab == line || memchr(line, '\0', (size_t)(tab - line))) {
        name_line(a, number, "not `qid TAB query`");
        return FH_OK;
    }
    *tab = '\0';
    fh_str query = {tab + 1, len - (size_t)(tab + 1 - line)};
    fh_status status = search(a, s, query, line, &found, err);
    if (status != FH_ELIMIT && status != FH_ESTOPPED)
        return status;
    name_line(a, number, err->message);
    return FH_OK;
}

/* The next line; one that is too long is named and passed over. */
static fh_status next_line(const app *a, fh_gz *gz, fh_buffer *line, size_t *number,
                           bool *found, fh_error *err)
{
    for (;;) {
        fh_status status = fh_gz_line(gz, LINE_MAX_BYTES, line, found, err);
        ++*number;
        if (status != FH_ELIMIT)
            return status;
        name_line(a, *number, "the line is too long");
    }
}

/* Bytes of the byte order mark at the beginning of the first line. */
static size_t skip_mark(const fh_buffer *line, size_t number)
{
    static const fh_str mark = {"\xEF\xBB\xBF", 3};
    return number == 1 && fh_str_starts(fh_buffer_str(line), mark) ? mark.len : 0;
}

static int run_batch(app *a, fh_searcher *s)
{
    fh_error err;
    fh_gz *gz;
    fh_buffer line = {0};
    size_t number = 0;
    bool more = true, written = true;
    if (fh_gz_open(a->batch, &gz, &err))
        return complain(&err);
    fh_status status = next_line(a, gz, &line, &number, &more, &err);
    while (!status && more && written) {
        size_t skip = skip_mark(&line, number);
        if (line.len > skip)
            status = run_line(a, s, line.data + skip, line.len - skip, number, &err);
        written = flush(a, false);
        if (!status)
            status = next_line(a, gz, &line, &number, &more, &err);
    }
    fh_gz_close(gz);
    fh_buffer_free(&line);
    if (written)
        written = flush(a, true);
    if (status)
        return complain(&err);
    return written ? EXIT_FOUND : EXIT_FAILED;
}

/* ---- One article ---- */

static int run_get(app *a, fh_searcher *s)
{
    fh_error err;
    fh_article *article;
    fh_status status = fh_searcher_article(s, fh_str_of(a->get), &article, &err);
    if (status) {
        complain(&err);
        return status == FH_ENOTFOUND ? EXIT_NOTHING : EXIT_FAILED;
    }
    fh_render render = {.paint = a->paint, .out = &a->out};
    a->renderer->article(&render, article);
    fh_article_free(article);
    return flush(a, true) ? EXIT_FOUND : EXIT_FAILED;
}

/* ---- The command line ---- */

static size_t find_width(void)
{
    struct winsize size;
    const char *columns = getenv("COLUMNS");
    unsigned long said = columns ? strtoul(columns, NULL, 10) : 0;
    if (said > 0 && said <= UINT16_MAX)
        return said;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return WIDTH_DEFAULT;
}

static fh_bidi find_bidi(const app *a, bool terminal)
{
    static const fh_bidi modes[] = {[BIDI_ISOLATE] = FH_BIDI_ISOLATE,
                                    [BIDI_VISUAL] = FH_BIDI_VISUAL,
                                    [BIDI_OFF] = FH_BIDI_OFF};
    fh_terminal t = {.is_terminal = terminal,
                     .vte_version = getenv("VTE_VERSION"),
                     .konsole_version = getenv("KONSOLE_VERSION"),
                     .mlterm = getenv("MLTERM"),
                     .term = getenv("TERM")};
    return a->bidi == BIDI_AUTO ? fh_bidi_choose(&t) : modes[a->bidi];
}

static void find_paint(app *a)
{
    bool terminal = isatty(STDOUT_FILENO) == 1;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    bool plain = (no_color && *no_color) || (term && strcmp(term, "dumb") == 0);
    a->paint.colour =
        a->color == COLOR_ALWAYS || (a->color == COLOR_AUTO && terminal && !plain);
    a->paint.bidi = find_bidi(a, terminal);
    a->aside.bidi = find_bidi(a, isatty(STDERR_FILENO) == 1);
    if (a->paint.bidi == FH_BIDI_VISUAL || a->aside.bidi == FH_BIDI_VISUAL)
        a->paint.width = a->aside.width = find_width();
}

/* Bytes of the comma, Latin or Arabic, at the beginning of TEXT. */
static size_t measure_comma(fh_str text)
{
    if (fh_str_starts(text, FH_STR(ARABIC_COMMA)))
        return sizeof ARABIC_COMMA - 1;
    return fh_str_starts(text, FH_STR(",")) ? 1 : 0;
}

/* Take the names of --source apart at commas; false when there are too many. */
static bool split_sources(app *a)
{
    fh_str rest = fh_str_of(a->source);
    while (rest.len > 0) {
        size_t len = 0;
        while (len < rest.len && !measure_comma((fh_str){rest.ptr + len, rest.len - len}))
            len++;
        if (a->source_count == SOURCES_MAX)
            return false;
        if (len > 0)
            a->sources[a->source_count++] = (fh_str){rest.ptr, len};
        rest = (fh_str){rest.ptr + len, rest.len - len};
        size_t comma = measure_comma(rest);
        rest = (fh_str){rest.ptr + comma, rest.len - comma};
    }
    return true;
}

/* What is wrong with the command line as a whole, or NULL. COUNT arguments follow the INDEX. */
static const char *check(const app *a, size_t count)
{
    bool filters = a->from || a->to || a->source_count > 0;
    if (!a->renderer)
        return "--format takes text, json, jsonl, tsv or trec";
    if (a->batch && a->get)
        return "--batch and --get are two different things";
    if ((a->batch || a->get) && count > 0)
        return "--batch and --get take no query behind the INDEX";
    if (a->batch && !a->renderer->batches)
        return "--batch needs --format trec, tsv or jsonl";
    if (a->get && !a->renderer->article)
        return "--get needs --format text, json or jsonl";
    if (!a->batch && !a->get && count == 0 && !filters)
        return "there is no query behind the INDEX";
    return NULL;
}

/* Say so when the engine of the index leaves --timeout to what is around it. */
static void warn_timeout(const app *a, fh_searcher *s)
{
    fh_stats stats;
    fh_buffer note = {0};
    if (!a->timeout || fh_searcher_stats(s, &stats, NULL) || stats.deadlines)
        return;
    fh_buffer_printf(&note,
                     "this engine (%s) cannot keep a deadline inside a search: --timeout is "
                     "looked at before and after",
                     stats.engine);
    tell(a, NULL, fh_buffer_str(&note));
    fh_buffer_free(&note);
}

static int run(app *a, char **rest, size_t count)
{
    fh_error err;
    fh_searcher *s;
    if (count == 0)
        return fail_usage("name the INDEX to search");
    if (!split_sources(a))
        return fail_usage("--source names too many sources");
    a->renderer = fh_renderer_find(a->format ? a->format : a->batch ? "trec" : "text");
    const char *wrong = check(a, count - 1);
    if (wrong)
        return fail_usage(wrong);
    find_paint(a);
    if (fh_searcher_open(rest[0], &s, &err))
        return complain(&err);
    warn_timeout(a, s);
    int code = a->get     ? run_get(a, s)
               : a->batch ? run_batch(a, s)
                          : run_query(a, s, rest + 1, count - 1);
    fh_searcher_close(s);
    fh_buffer_free(&a->out);
    return code;
}

int main(int argc, char **argv)
{
    app a = {.count = 10};
    const fh_option options[] = {
        {.name = "What to find", .kind = FH_OPTION_GROUP},
        {"count", 'n', FH_OPTION_COUNT, &a.count, "COUNT", "Show so many results (10).", NULL,
         0, FH_COUNT_MAX},
        {"first", 0, FH_OPTION_COUNT, &a.first, "N", "Leave out the first N results (0).", NULL,
         0, FH_FIRST_MAX},
        {"all", 'a', FH_OPTION_FLAG, &a.all, NULL, "Every word must match.", NULL, 0, 0},
        {"plain", 0, FH_OPTION_FLAG, &a.plain, NULL,
         "The query is words only, nothing in it is an operator.", NULL, 0, 0},
        {"sort", 0, FH_OPTION_CHOICE, &a.sort, NULL,
         "Best first, newest first, or oldest first.", "relevance|date|date-asc", 0, 0},
        {"from", 0, FH_OPTION_TEXT, &a.from, "DATE",
         "Only articles of that date or newer: 2026, 2026-02, 2026-02-09.", NULL, 0, 0},
        {"to", 0, FH_OPTION_TEXT, &a.to, "DATE", "Only articles of that date or older.", NULL,
         0, 0},
        {"source", 0, FH_OPTION_TEXT, &a.source, "NAME",
         "Only articles of that source; several are parted by commas.", NULL, 0, 0},
        {"timeout", 0, FH_OPTION_COUNT, &a.timeout, "MS",
         "Give up a search after so many milliseconds (never).", NULL, 1, UINT32_MAX},
        {"copies", 0, FH_OPTION_CHOICE, &a.copies, NULL,
         "Show a story once or with its copies; as yet both show all.", "fold|all", 0, 0},
        {.name = "Output", .kind = FH_OPTION_GROUP},
        {"format", 'f', FH_OPTION_TEXT, &a.format, "text|json|jsonl|tsv|trec",
         "The form of the output (text; trec in a batch).", NULL, 0, 0},
        {"explain", 0, FH_OPTION_FLAG, &a.explain, NULL,
         "Say how each word matched, in which form, and what it scored.", NULL, 0, 0},
        {"color", 0, FH_OPTION_CHOICE, &a.color, NULL,
         "Colours: on a terminal unless NO_COLOR is set, always, or never.",
         "auto|always|never", 0, 0},
        {"bidi", 0, FH_OPTION_CHOICE, &a.bidi, NULL,
         "Right-to-left text: as the terminal needs it, logical order in isolates, the order "
         "of "
         "the screen, or as it is.",
         "auto|isolate|visual|off", 0, 0},
        {.name = "Other ways to ask", .kind = FH_OPTION_GROUP},
        {"batch", 0, FH_OPTION_TEXT, &a.batch, "FILE",
         "Search for each line `qid TAB query` of FILE, - for standard input.", NULL, 0, 0},
        {"get", 0, FH_OPTION_TEXT, &a.get, "ID", "Print one article, whole.", NULL, 0, 0},
        {0},
    };
    const fh_program program = {
        .name = "fihris-search",
        .usage =
            "[options] INDEX QUERY...\n[options] --batch FILE INDEX\n[options] --get ID INDEX",
        .summary =
            "Search an index of Arabic articles. Any word may match, the best come first; "
            "\"a phrase\" must stand as it is, +word must match, -word must not.",
        .examples = "  fihris-search news.index وزارة الخارجية\n"
                    "  fihris-search news.index '\"وزارة الخارجية\" -روسيا'\n"
                    "  fihris-search --from 2026-02 --sort date news.index الوزارة\n"
                    "  fihris-search --format json news.index الوزارة\n",
        .options = options,
    };
    fh_error err;
    fh_parsed what;
    int first;
    if (fh_options_parse(&program, argc, argv, &first, &what, &err))
        return complain(&err);
    if (what == FH_PARSED_HELP)
        fh_options_help(&program, stdout);
    else if (what == FH_PARSED_VERSION)
        fh_options_version(&program, stdout);
    else
        return run(&a, argv + first, (size_t)(argc - first));
    return flush(&a, true) ? EXIT_FOUND : EXIT_FAILED;
}
