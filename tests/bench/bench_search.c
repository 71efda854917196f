/*
 * Times searches in one process, warm, on one thread, through the public library: the `search` half of
 * the contract by which fihris is measured beside other engines (tests/bench/driver).
 *
 *     bench_search INDEX QUERIES.tsv [--mode or|and] [--k K] [--passes N] [--warm S] [--max-seconds S]
 *                  [--run TREC] [--tag NAME] [--lat FILE] [--snippets 1] [--count-to N]
 *                  [--plain 0] [--sort relevance|date|date-asc] [--totals FILE]
 *     bench_search --engines
 *
 * QUERIES: qid TAB query, of plain words unless --plain 0. The latency file has
 * `qid TAB best us TAB hits TAB first-pass us`; the file of totals, `qid TAB articles that match`,
 * counted to the end outside the time measured. Prints the memory that is the process's own, with
 * the index open and all queries answered, as JSON; --engines prints the names of the engines.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "engines/engine.h"
#include "searcher/fihris.h"

typedef struct query {
    fh_str id, text;
    size_t hits;
    double first, best; /* microseconds; first < 0: not asked */
} query;

typedef struct settings {
    const char *index, *queries, *run, *lat, *totals, *tag;
    bool all, plain, snippets;
    fh_order order;
    size_t k;
    int passes;
    double warm, max_seconds;
    uint64_t count_to;
} settings;

static void die(const char *what)
{
    fprintf(stderr, "bench_search: %s\n", what);
    exit(2);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static fh_order read_order(const char *name)
{
    if (strcmp(name, "date") == 0)
        return FH_ORDER_DATE;
    if (strcmp(name, "date-asc") == 0)
        return FH_ORDER_DATE_ASC;
    if (strcmp(name, "relevance") != 0)
        die(name);
    return FH_ORDER_RELEVANCE;
}

static void set(settings *s, const char *name, const char *value)
{
    if (strcmp(name, "--mode") == 0)
        s->all = strcmp(value, "and") == 0;
    else if (strcmp(name, "--k") == 0)
        s->k = strtoul(value, NULL, 10);
    else if (strcmp(name, "--passes") == 0)
        s->passes = atoi(value);
    else if (strcmp(name, "--warm") == 0)
        s->warm = strtod(value, NULL);
    else if (strcmp(name, "--max-seconds") == 0)
        s->max_seconds = strtod(value, NULL);
    else if (strcmp(name, "--run") == 0)
        s->run = value;
    else if (strcmp(name, "--lat") == 0)
        s->lat = value;
    else if (strcmp(name, "--totals") == 0)
        s->totals = value;
    else if (strcmp(name, "--sort") == 0)
        s->order = read_order(value);
    else if (strcmp(name, "--plain") == 0)
        s->plain = strcmp(value, "0") != 0;
    else if (strcmp(name, "--tag") == 0)
        s->tag = value;
    else if (strcmp(name, "--snippets") == 0)
        s->snippets = strcmp(value, "1") == 0;
    else if (strcmp(name, "--count-to") == 0)
        s->count_to = strtoull(value, NULL, 10);
    else
        die(name);
}

static settings parse(int argc, char **argv)
{
    /* Pages of results need no exact total, so by default nothing is counted past the page. */
    settings s = {.tag = "fihris",
                  .plain = true,
                  .k = 10,
                  .passes = 1,
                  .warm = 10,
                  .max_seconds = 1e9,
                  .count_to = 1};
    if (argc < 3 || argc % 2 == 0)
        die("usage: bench_search INDEX QUERIES.tsv [--option value]...");
    s.index = argv[1];
    s.queries = argv[2];
    for (int i = 3; i + 1 < argc; i += 2)
        set(&s, argv[i], argv[i + 1]);
    return s;
}

static size_t read_queries(const char *path, fh_arena *arena, query **out)
{
    FILE *f = fopen(path, "r");
    if (!f)
        die(path);
    char *line = NULL;
    size_t room = 0, count = 0;
    *out = NULL;
    for (ssize_t n; (n = getline(&line, &room, f)) > 0;) {
        char *tab = strchr(line, '\t');
        if (!tab)
            continue;
        line[strcspn(line, "\r\n")] = '\0';
        *out = realloc(*out, (count + 1) * sizeof **out);
        fh_str id = {line, (size_t)(tab - line)};
        if (!*out)
            die("out of memory");
        (*out)[count++] = (query){.id = fh_arena_copy(arena, id),
                                  .text = fh_arena_copy(arena, fh_str_of(tab + 1)),
                                  .first = -1};
    }
    free(line);
    fclose(f);
    return count;
}

static void write_run(FILE *run, const settings *s, const query *q, const fh_results *found)
{
    for (size_t i = 0; i < found->count; i++)
        fprintf(run, "%s Q0 %s %zu %.9g %s\n", q->id.ptr, found->results[i].article.id.ptr,
                found->results[i].rank, found->results[i].score, s->tag);
}

static fh_request make_request(const settings *s, const query *q)
{
    return (fh_request){.query = q->text,
                        .count = s->k,
                        .order = s->order,
                        .plain = s->plain,
                        .all = s->all,
                        .snippets = s->snippets,
                        .count_to = s->count_to};
}

/* Ask once; returns the microseconds it took. The ids and titles are read, as a user would. */
static double ask(fh_searcher *searcher, const settings *s, query *q, FILE *run)
{
    fh_request request = make_request(s, q);
    fh_error err;
    fh_results *found;
    double begin = now();
    if (fh_searcher_search(searcher, &request, &found, &err) != FH_OK)
        die(err.message);
    size_t read = 0;
    for (size_t i = 0; i < found->count; i++)
        read += found->results[i].article.id.len + found->results[i].article.title.len;
    double took = (now() - begin) * 1e6;
    q->hits = read > 0 ? found->count : 0;
    if (run)
        write_run(run, s, q, found);
    fh_results_free(found);
    return took;
}

static void warm_up(fh_searcher *searcher, const settings *s, query *queries, size_t count)
{
    double begin = now();
    for (size_t i = 0; i < count && now() - begin < s->warm; i++)
        ask(searcher, s, &queries[i], NULL);
}

static void time_passes(fh_searcher *searcher, const settings *s, query *queries, size_t count,
                        FILE *run)
{
    double begin = now();
    for (int pass = 0; pass < s->passes; pass++)
        for (size_t i = 0; i < count; i++) {
            query *q = &queries[i];
            double took = ask(searcher, s, q, pass == 0 ? run : NULL);
            if (pass == 0)
                q->first = q->best = took;
            else if (q->first >= 0 && took < q->best)
                q->best = took;
            if (now() - begin > s->max_seconds)
                return;
        }
}

/* Count all that matches each query. */
static void count_all(fh_searcher *searcher, const settings *s, const query *queries,
                      size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        fh_request request = make_request(s, &queries[i]);
        request.count = 0;
        request.snippets = false;
        request.count_to = UINT64_MAX;
        fh_error err;
        fh_results *found;
        if (fh_searcher_search(searcher, &request, &found, &err) != FH_OK)
            die(err.message);
        if (!found->total_exact)
            die("a total is not exact");
        fprintf(out, "%s\t%" PRIu64 "\n", queries[i].id.ptr, found->total);
        fh_results_free(found);
    }
}

static void write_latencies(const query *queries, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++)
        if (queries[i].first >= 0)
            fprintf(out, "%s\t%.1f\t%zu\t%.1f\n", queries[i].id.ptr, queries[i].best,
                    queries[i].hits, queries[i].first);
}

/* Anonymous memory of this process in kB: pages of mapped files do not count. */
static long own_memory(void)
{
    long kb = 0;
    char line[256];
    FILE *map = fopen("/proc/self/smaps_rollup", "r");
    while (map && fgets(line, sizeof line, map))
        if (strncmp(line, "Anonymous:", 10) == 0)
            kb = strtol(line + 10, NULL, 10);
    if (map)
        fclose(map);
    return kb;
}

static int list_engines(void)
{
    size_t count;
    const fh_engine_info *engines = fh_engine_table(&count);
    for (size_t i = 0; i < count; i++)
        puts(engines[i].name);
    return 0;
}

static FILE *create(const char *path)
{
    FILE *f = path ? fopen(path, "w") : NULL;
    if (path && !f)
        die(path);
    return f;
}

static bool finish(FILE *f)
{
    return !f || fclose(f) == 0;
}

static void measure(fh_searcher *searcher, const settings *s, query *queries, size_t count)
{
    FILE *run = create(s->run), *lat = create(s->lat), *totals = create(s->totals);
    warm_up(searcher, s, queries, count);
    time_passes(searcher, s, queries, count, run);
    printf("{\"anonymous_kb\":%ld}\n", own_memory());
    if (lat)
        write_latencies(queries, count, lat);
    if (totals)
        count_all(searcher, s, queries, count, totals);
    bool written = finish(run) && finish(lat);
    if (!finish(totals) || !written)
        die("the results could not be written");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--engines") == 0)
        return list_engines();
    settings s = parse(argc, argv);
    fh_arena arena = {0};
    fh_error err;
    fh_searcher *searcher;
    query *queries;
    size_t count = read_queries(s.queries, &arena, &queries);
    if (fh_searcher_open(s.index, &searcher, &err) != FH_OK)
        die(err.message);
    measure(searcher, &s, queries, count);
    fh_searcher_close(searcher);
    free(queries);
    fh_arena_free(&arena);
    return 0;
}
