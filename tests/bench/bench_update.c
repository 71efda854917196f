/*
 * Changes articles of an index one by one, in one process, each durable before the next begins, and times it:
 * open, look up, put, publish, close.
 *
 *     bench_update INDEX CORPUS.jsonl COUNT [--final FILE] [--seed N] [--jobs N]
 *
 * The index was built from CORPUS. COUNT articles, drawn by chance, get another text; the file that is indexed each
 * time is FILE (CORPUS.update.jsonl), and in the end it has all articles as they are then, so that another index can be
 * built of them. Prints the times as JSON, in milliseconds (the processor's
 * time is the mean), and the bytes of the index.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "indexer/build.h"

#define CORPUS_MAX ((size_t)4 << 30)
#define MEMORY     ((uint64_t)256 << 20)

/* Where the text of an article begins in its line. */
static const char *const bodies[] = {"\"body\": \"", "\"body\":\"", NULL};

typedef struct corpus {
    fh_str *lines;
    size_t count;
} corpus;

static void die(const char *what)
{
    fprintf(stderr, "bench_update: %s\n", what);
    exit(2);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- Articles ---- */

static void read_corpus(const char *path, fh_arena *arena, corpus *c)
{
    fh_buffer bytes = {0};
    fh_error err;
    if (fh_file_read(path, CORPUS_MAX, &bytes, &err))
        die(err.message);
    for (size_t at = 0; at < bytes.len; at++)
        c->count += bytes.data[at] == '\n';
    c->lines = calloc(c->count + 1, sizeof *c->lines);
    if (!c->lines || c->count == 0)
        die("no lines");
    size_t line = 0;
    for (char *start = bytes.data, *end; line < c->count; start = end + 1) {
        end = strchr(start, '\n');
        c->lines[line++] = fh_arena_copy(arena, (fh_str){start, (size_t)(end - start)});
    }
    fh_buffer_free(&bytes);
}

/* LINE with a word, which tells change NUMBER, before its text. */
static fh_str change_line(fh_arena *arena, fh_str line, size_t number)
{
    fh_buffer changed = {0};
    const char *body = NULL;
    for (size_t i = 0; bodies[i] && !body; i++) {
        body = strstr(line.ptr, bodies[i]);
        body = body ? body + strlen(bodies[i]) : NULL;
    }
    if (!body)
        die("an article has no body");
    fh_buffer_add(&changed, line.ptr, (size_t)(body - line.ptr));
    fh_buffer_printf(&changed, "تعديل%zu ", number);
    fh_buffer_add_str(&changed, fh_str_of(body));
    fh_str copy = fh_arena_copy(arena, fh_buffer_str(&changed));
    fh_buffer_free(&changed);
    return copy;
}

static void write_lines(const char *path, const fh_str *lines, size_t count)
{
    FILE *file = fopen(path, "w");
    if (!file)
        die(path);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "%s\n", lines[i].ptr);
    if (fclose(file) != 0)
        die(path);
}

/* ---- Updating ---- */

static void hear(void *context, const fh_remark *remark)
{
    (void)context;
    if (remark->kind == FH_REMARK_REFUSED)
        die(remark->reason);
}

static void ignore_committed(void *context, uint64_t articles)
{
    (void)context;
    (void)articles;
}

static void ignore_progress(void *context, const fh_build_progress *progress)
{
    (void)context;
    (void)progress;
}

/* Bring the index up to date with the file; returns the milliseconds that it took. */
static double update(const char *index, const char *file, size_t jobs, uint64_t *bytes)
{
    fh_error err;
    fh_summary summary;
    fh_build build = {.index = index,
                      .inputs = &file,
                      .input_count = 1,
                      .jobs = jobs,
                      .memory = MEMORY,
                      .publish_every = 3600,
                      .listener = {.hear = hear},
                      .committed = ignore_committed,
                      .progress = ignore_progress};
    double began = now_ms();
    if (fh_build_run(&build, &summary, &err))
        die(err.message);
    double took = now_ms() - began;
    if (summary.changed != 1)
        die("an update did not change one article");
    *bytes = summary.index.index_bytes;
    return took;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void tell(double *took, size_t count, double cpu_ms, uint64_t bytes)
{
    qsort(took, count, sizeof *took, compare);
    printf(
        "{\"updates\":%zu,\"median_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,"
        "\"mean_cpu_ms\":%.3f,\"index_bytes\":%" PRIu64 "}\n",
        count, took[count / 2], took[count * 9 / 10], took[count * 99 / 100], took[count - 1],
        cpu_ms / (double)count, bytes);
}

int main(int argc, char **argv)
{
    corpus c = {0};
    fh_arena arena = {0};
    fh_buffer file = {0};
    unsigned seed = 1;
    size_t jobs = 1;
    uint64_t bytes = 0;
    if (argc < 4)
        die("usage: bench_update INDEX CORPUS.jsonl COUNT [--final FILE] [--seed N] [--jobs "
            "N]");
    fh_buffer_printf(&file, "%s.update.jsonl", argv[2]);
    const char *path = file.data;
    for (int i = 4; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--final") == 0)
            path = argv[i + 1];
        else if (strcmp(argv[i], "--seed") == 0)
            seed = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--jobs") == 0)
            jobs = strtoul(argv[i + 1], NULL, 10);
        else
            die(argv[i]);
    }
    size_t count = strtoul(argv[3], NULL, 10);
    double *took = calloc(count + 1, sizeof *took);
    if (!took || count == 0)
        die("COUNT");
    read_corpus(argv[2], &arena, &c);
    clock_t began = clock();
    for (size_t i = 0; i < count; i++) {
        fh_str *line = &c.lines[(size_t)rand_r(&seed) % c.count];
        *line = change_line(&arena, *line, i);
        write_lines(path, line, 1);
        took[i] = update(argv[1], path, jobs, &bytes);
    }
    double cpu_ms = (double)(clock() - began) * 1e3 / CLOCKS_PER_SEC;
    write_lines(path, c.lines, c.count);
    tell(took, count, cpu_ms, bytes);
    free(c.lines);
    free(took);
    fh_buffer_free(&file);
    fh_arena_free(&arena);
    return 0;
}
