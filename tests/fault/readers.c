/*
 * Readers search while a writer publishes, merges and rebuilds: no query fails, each answer is that of the
 * generation it comes from, and neither memory nor descriptors grow.
 *
 *     readers ENGINE INDEX SECONDS READERS
 *
 * The writer notes, before each publish, which version of each article the generation holds; readers look
 * there. Prints a line `FAIL ...` for what went wrong and a summary; exit status 1 when there was any.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "engines/engine.h"

/*
 * An article has so many words of a vocabulary, drawn by its number and its version. Generations are noted
 * in a ring; a reader that is further behind than it reaches asks again.
 */
enum { ARTICLES = 400, BODY = 30, VOCABULARY = 200, GENERATIONS = 8192, READERS_MAX = 16 };

/* How much more a reader may have in the second half of its time than in the first. */
enum { KILOBYTES_MORE = 3072, DESCRIPTORS_MORE = 8, FAILURES_SHOWN = 5, TOP = 10 };

#define ANALYSIS "test/readers"

/* Pauses: the machine is to be shared. In microseconds. */
#define READER_PAUSE 500
#define WRITER_PAUSE 2000

typedef struct row {
    uint64_t generation;
    uint16_t versions[ARTICLES]; /* 0: not there */
} row;

typedef struct notes {
    row rows[GENERATIONS];
    volatile uint64_t published;
    volatile bool ended;
} notes;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what, const fh_error *err)
{
    printf("FAIL %s: %s\n", what, err ? err->message : strerror(errno));
    fflush(stdout);
    _exit(2);
}

/* ---- Articles ---- */

static uint64_t scatter(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
}

/* Word I of the body of article NUMBER in its VERSION. */
static uint32_t word_at(unsigned number, unsigned version, unsigned i)
{
    return (uint32_t)(scatter(((uint64_t)number << 32 | version) * 64 + i + 1) % VOCABULARY);
}

static unsigned count_word(unsigned number, unsigned version, uint32_t word)
{
    unsigned count = 0;
    for (unsigned i = 0; i < BODY; i++)
        count += word_at(number, version, i) == word;
    return count;
}

static bool has_pair(unsigned number, unsigned version, uint32_t first, uint32_t second)
{
    for (unsigned i = 0; i + 1 < BODY; i++)
        if (word_at(number, version, i) == first && word_at(number, version, i + 1) == second)
            return true;
    return false;
}

static int name_word(char name[16], uint32_t word)
{
    return snprintf(name, 16, "w%u", word);
}

/* The vocabulary of all articles: behind the words of bodies one for the title of each article. */
typedef struct words {
    fh_vocabulary vocabulary; /* first, so that spell() finds the rest */
    char names[VOCABULARY + ARTICLES][16];
} words;

static void spell(const fh_vocabulary *v, uint32_t n, fh_spelling *spelling)
{
    const words *w = (const words *)(const void *)v;
    fh_str name = fh_str_of(w->names[n]);
    *spelling = (fh_spelling){
        .written = name, .forms = {[FH_FORM_FOLDED] = name, [FH_FORM_STEM] = {name.ptr, 2}}};
}

static void make_words(words *w)
{
    w->vocabulary =
        (fh_vocabulary){.edition = 1, .count = VOCABULARY + ARTICLES, .spell = spell};
    for (uint32_t i = 0; i < VOCABULARY + ARTICLES; i++)
        name_word(w->names[i], i);
}

static fh_status put(fh_batch *b, const words *w, unsigned number, unsigned version,
                     bool replaces, fh_error *err)
{
    char id[16], body[BODY * 8 + 1], title[48];
    fh_token tokens[BODY];
    fh_token head = {VOCABULARY + number, {0, 0}};
    int len = 0;
    for (unsigned i = 0; i < BODY; i++) {
        uint32_t word = word_at(number, version, i);
        int start = len;
        len += snprintf(body + len, sizeof body - (size_t)len, "%s", w->names[word]);
        tokens[i] = (fh_token){word, {(uint32_t)start, (uint32_t)len}};
        body[len++] = ' ';
    }
    snprintf(id, sizeof id, "a%u", number);
    snprintf(title, sizeof title, "%s %u %u", w->names[VOCABULARY + number], number, version);
    head.span.end = (uint32_t)strlen(w->names[VOCABULARY + number]);
    fh_article a = {
        .id = fh_str_of(id), .title = fh_str_of(title), .body = {body, (size_t)len - 1}};
    fh_passage passages[] = {
        {.field = FH_FIELD_TITLE, .position = 1, .tokens = &head, .count = 1},
        {.field = FH_FIELD_BODY,
         .position = 2 + FH_FIELD_GAP,
         .tokens = tokens,
         .count = BODY}};
    fh_entry entry = {.article = &a,
                      .fingerprint = version,
                      .replaces = replaces,
                      .vocabulary = &w->vocabulary,
                      .passages = passages,
                      .count = 2};
    return fh_batch_put(b, &entry, err);
}

/* ---- The writer ---- */

typedef struct writing {
    const char *engine, *path;
    notes *shared;
    fh_writer *writer;
    words words;
    uint16_t versions[ARTICLES]; /* as they will be published next */
    unsigned seed;
} writing;

static void open_writer(writing *g, bool rebuild)
{
    fh_error err;
    fh_writer_options options = {
        .engine = g->engine, .analysis = ANALYSIS, .rebuild = rebuild, .jobs = 2};
    fh_writer_close(g->writer);
    if (fh_writer_open(g->path, &options, &g->writer, &err))
        die("opening for writing", &err);
}

/* Publish COUNT articles from FIRST on, each in its next version; EMPTY: the index holds nothing yet. */
static void publish_articles(writing *g, unsigned first, unsigned count, bool empty)
{
    fh_error err;
    fh_batch *b;
    if (fh_batch_new(g->writer, count, count * (BODY + 10) * 8, &b, &err))
        die("a batch", &err);
    for (unsigned i = 0; i < count; i++) {
        unsigned number = (first + i) % ARTICLES;
        bool replaces = !empty && g->versions[number] > 0;
        unsigned version = g->versions[number] + 1u;
        if (put(b, &g->words, number, version, replaces, &err))
            die("putting", &err);
        g->versions[number] = (uint16_t)version;
    }
    if (fh_writer_add(g->writer, b, &err))
        die("adding", &err);
}

static void remove_article(writing *g, unsigned number)
{
    char id[16];
    bool found;
    fh_error err;
    snprintf(id, sizeof id, "a%u", number);
    if (fh_writer_remove(g->writer, fh_str_of(id), &found, &err))
        die("removing", &err);
    if (found != (g->versions[number] > 0))
        die("removing", &(fh_error){FH_EENGINE, "the writer does not know what is there"});
    g->versions[number] = 0;
}

static void publish_noted(writing *g)
{
    fh_error err;
    fh_index_stats stats;
    uint64_t generation = g->shared->published + 1;
    row *r = &g->shared->rows[generation % GENERATIONS];
    r->generation = 0;
    __sync_synchronize();
    memcpy(r->versions, g->versions, sizeof r->versions);
    __sync_synchronize();
    r->generation = generation;
    __sync_synchronize();
    if (fh_writer_publish(g->writer, &err) || fh_writer_stats(g->writer, &stats, &err))
        die("publishing", &err);
    if (stats.generation != generation)
        die("publishing",
            &(fh_error){FH_EENGINE, "the generation is not one more than the last"});
    g->shared->published = generation;
}

/* The versions go on after a rebuild, but only FIRST ... stay. */
static void rebuild(writing *g, unsigned first)
{
    open_writer(g, true);
    for (unsigned i = 0; i < ARTICLES; i++)
        if ((i + ARTICLES - first) % ARTICLES >= ARTICLES / 2)
            g->versions[i] = 0;
    publish_articles(g, first, ARTICLES / 2, true);
    publish_noted(g);
    open_writer(g, false);
}

static void change(writing *g)
{
    unsigned draw = (unsigned)rand_r(&g->seed) % 1000;
    unsigned number = (unsigned)rand_r(&g->seed) % ARTICLES;
    if (draw < 5) {
        rebuild(g, number);
        return;
    }
    if (draw < 20)
        open_writer(g, false);
    else if (draw < 150)
        remove_article(g, number);
    else
        publish_articles(g, number, draw < 800 ? 1 : draw < 970 ? 12 : 150, false);
    publish_noted(g);
}

static void write_for(writing *g, double seconds)
{
    double end = now() + seconds;
    while (now() < end) {
        change(g);
        usleep(WRITER_PAUSE);
    }
    fh_writer_close(g->writer);
    g->shared->ended = true;
}

/* ---- The readers ---- */

/* What a process holds. */
typedef struct holding {
    long kilobytes; /* of its own */
    long descriptors, maps;
} holding;

typedef struct reading {
    const notes *shared;
    fh_index *index;
    fh_arena arena;
    uint16_t versions[ARTICLES]; /* of the generation that answers */
    unsigned seed;
    uint64_t queries, refreshes, failures;
} reading;

/* What is asked; the kinds are those of test_for(). */
typedef struct query {
    enum {
        ASK_ALL,
        ASK_WORD,
        ASK_BOTH,
        ASK_EITHER,
        ASK_WITHOUT,
        ASK_PAIR,
        ASK_TITLE,
        ASKED
    } kind;
    uint32_t a, b;
} query;

static bool matches(const query *q, unsigned number, unsigned version)
{
    bool a = q->kind != ASK_ALL && count_word(number, version, q->a) > 0;
    bool b =
        q->kind >= ASK_BOTH && q->kind <= ASK_WITHOUT && count_word(number, version, q->b) > 0;
    switch (q->kind) {
    case ASK_WORD:
        return a;
    case ASK_BOTH:
        return a && b;
    case ASK_EITHER:
        return a || b;
    case ASK_WITHOUT:
        return a && !b;
    case ASK_PAIR:
        return has_pair(number, version, q->a, q->b);
    case ASK_TITLE:
        return q->a == VOCABULARY + number;
    default:
        return true;
    }
}

static const fh_expr *express(reading *r, const query *q)
{
    char a[16], b[16];
    fh_field field = q->kind == ASK_TITLE ? FH_FIELD_TITLE : FH_FIELD_ANY;
    static const fh_expr_kind kinds[] = {[ASK_BOTH] = FH_EXPR_AND,
                                         [ASK_EITHER] = FH_EXPR_OR,
                                         [ASK_WITHOUT] = FH_EXPR_NOT,
                                         [ASK_PAIR] = FH_EXPR_PHRASE};
    if (q->kind == ASK_ALL)
        return fh_expr_leaf(&r->arena, FH_EXPR_ALL);
    name_word(a, q->a);
    name_word(b, q->b);
    fh_expr *kids[] = {fh_expr_term(&r->arena, FH_FORM_FOLDED, field, fh_str_of(a), 1),
                       fh_expr_term(&r->arena, FH_FORM_FOLDED, field, fh_str_of(b), 1)};
    kids[1]->offset = 1;
    if (q->kind == ASK_WORD || q->kind == ASK_TITLE)
        return kids[0];
    return fh_expr_node(&r->arena, kinds[q->kind], kids, 2);
}

/* A pair of words that follow each other in some article, so that phrases are found. */
static query draw_query(reading *r)
{
    unsigned number = (unsigned)rand_r(&r->seed) % ARTICLES;
    unsigned at = (unsigned)rand_r(&r->seed) % (BODY - 1);
    query q = {.kind = (unsigned)rand_r(&r->seed) % ASKED,
               .a = word_at(number, r->versions[number], at),
               .b = word_at(number, r->versions[number], at + 1)};
    if (q.kind == ASK_TITLE)
        q.a = VOCABULARY + number;
    return q;
}

static void complain(reading *r, const query *q, const char *what)
{
    if (++r->failures > FAILURES_SHOWN)
        return;
    printf("FAIL generation %llu, query %u (%d %u %u): %s\n",
           (unsigned long long)fh_index_generation(r->index), (unsigned)r->queries, q->kind,
           q->a, q->b, what);
}

/* The versions of the generation that is open; false when they are no longer noted. */
static bool look_up(reading *r)
{
    uint64_t generation = fh_index_generation(r->index);
    const volatile row *noted = &r->shared->rows[generation % GENERATIONS];
    bool there = noted->generation == generation;
    __sync_synchronize();
    memcpy(r->versions, (const void *)noted->versions, sizeof r->versions);
    __sync_synchronize();
    return there && noted->generation == generation;
}

/* Take up what is new, and ask; what is replaced under way is asked again, as a searcher does. */
static fh_status ask(reading *r, const fh_search *s, fh_page *page, fh_error *err)
{
    bool changed;
    fh_status status = FH_ECHANGED;
    for (int attempt = 0; status == FH_ECHANGED && attempt < 20; attempt++) {
        status = fh_index_search(r->index, s, &r->arena, page, err);
        if (status == FH_ECHANGED && fh_index_refresh(r->index, &changed, err))
            return err->status;
    }
    return status;
}

/* Is every hit one that matches, once, in its version; and how often does it have the first word? */
static bool check_hits(reading *r, const query *q, const fh_page *page, unsigned *counts)
{
    bool seen[ARTICLES] = {false};
    for (size_t i = 0; i < page->count; i++) {
        unsigned number, version;
        const fh_hit *hit = &page->hits[i];
        char title[48];
        snprintf(title, sizeof title, "%.*s", (int)hit->article.title.len,
                 hit->article.title.ptr);
        if (sscanf(title, "w%*u %u %u", &number, &version) != 2 || number >= ARTICLES ||
            r->versions[number] != version || seen[number] || !matches(q, number, version))
            return false;
        seen[number] = true;
        counts[i] = count_word(number, version, q->a);
    }
    return true;
}

static int compare_down(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    return (x < y) - (x > y);
}

/*
 * All articles are as long as each other: by one word they are ranked as often as they have it, and those
 * that have it most come first.
 */
static bool check_order(reading *r, const query *q, const unsigned *counts, size_t count)
{
    unsigned all[ARTICLES];
    size_t n = 0;
    for (unsigned i = 0; i < ARTICLES; i++)
        if (r->versions[i] > 0 && matches(q, i, r->versions[i]))
            all[n++] = count_word(i, r->versions[i], q->a);
    qsort(all, n, sizeof *all, compare_down);
    return count <= n && memcmp(all, counts, count * sizeof *counts) == 0;
}

/* Ask one question, and hold its answer to what the generation has. */
static void query_once(reading *r)
{
    fh_error err = {0};
    fh_page page;
    bool changed;
    unsigned counts[ARTICLES];
    query q = draw_query(r);
    bool page_only = rand_r(&r->seed) % 2;
    fh_search s = {.expr = express(r, &q),
                   .count = page_only ? TOP : ARTICLES,
                   .parts = rand_r(&r->seed) % 4 ? FH_PARTS_HEAD : FH_PARTS_ALL,
                   .count_to = 2 * ARTICLES};
    r->queries++;
    if (fh_index_refresh(r->index, &changed, &err) || ask(r, &s, &page, &err)) {
        complain(r, &q, err.message);
        return;
    }
    r->refreshes += changed;
    if (!look_up(r))
        return;
    size_t total = 0;
    for (unsigned i = 0; i < ARTICLES; i++)
        total += r->versions[i] > 0 && matches(&q, i, r->versions[i]);
    if (!page.total_exact || page.total != total)
        complain(r, &q, "a wrong total");
    else if (page.count != (total < s.count ? total : s.count))
        complain(r, &q, "a wrong number of hits");
    else if (!check_hits(r, &q, &page, counts))
        complain(r, &q, "a hit that does not match, stands twice or is of another version");
    else if (q.kind == ASK_WORD && !check_order(r, &q, counts, page.count))
        complain(r, &q, "a wrong ranking");
}

static long count_lines(const char *path)
{
    long lines = 0;
    FILE *file = fopen(path, "r");
    for (int c; file && (c = getc(file)) != EOF;)
        lines += c == '\n';
    if (file)
        fclose(file);
    return lines;
}

static holding look_at_self(void)
{
    holding h = {.maps = count_lines("/proc/self/maps")};
    char line[256];
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        sscanf(line, "RssAnon: %ld", &h.kilobytes);
    if (file)
        fclose(file);
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        h.descriptors++;
    if (folder)
        closedir(folder);
    return h;
}

/* A sanitizer keeps what is freed for a while. */
#ifdef __SANITIZE_ADDRESS__
#define KEEPS_FREED true
#else
#define KEEPS_FREED false
#endif

static void take_more(holding *most, holding h)
{
    most->kilobytes = h.kilobytes > most->kilobytes ? h.kilobytes : most->kilobytes;
    most->descriptors = h.descriptors > most->descriptors ? h.descriptors : most->descriptors;
    most->maps = h.maps > most->maps ? h.maps : most->maps;
}

/* Search until the writer has ended; the halves of SECONDS are compared. */
static int read_beside(const char *path, const notes *shared, double seconds, unsigned number)
{
    reading r = {.shared = shared, .seed = number + 1};
    holding most[2] = {{0}};
    fh_error err;
    if (fh_index_open(path, &r.index, &err))
        die("opening for reading", &err);
    double began = now();
    while (!shared->ended) {
        query_once(&r);
        fh_arena_clear(&r.arena);
        if (r.queries % 100 == 0)
            take_more(&most[now() - began > seconds / 2], look_at_self());
        usleep(READER_PAUSE);
    }
    fh_index_close(r.index);
    fh_arena_free(&r.arena);
    printf("reader %u: %llu queries, %llu generations taken up, %ld then %ld kB, %ld then %ld "
           "descriptors, %ld then %ld maps\n",
           number, (unsigned long long)r.queries, (unsigned long long)r.refreshes,
           most[0].kilobytes, most[1].kilobytes, most[0].descriptors, most[1].descriptors,
           most[0].maps, most[1].maps);
    bool grows = (!KEEPS_FREED && most[1].kilobytes > most[0].kilobytes + KILOBYTES_MORE) ||
                 most[1].descriptors > most[0].descriptors + DESCRIPTORS_MORE;
    if (grows)
        printf("FAIL reader %u grows\n", number);
    if (r.queries == 0 || r.refreshes == 0)
        printf("FAIL reader %u has seen nothing new\n", number);
    fflush(stdout);
    return r.failures > 0 || grows || r.queries == 0 || r.refreshes == 0;
}

/* ---- The command line ---- */

static int wait_for_all(unsigned count)
{
    int failed = 0;
    for (unsigned i = 0; i < count; i++) {
        int status;
        wait(&status);
        if (WIFSIGNALED(status))
            printf("FAIL a reader was killed by signal %d\n", WTERMSIG(status));
        failed |= status != 0;
    }
    return failed;
}

int main(int argc, char **argv)
{
    static writing g;
    if (argc != 5)
        die("usage: readers ENGINE INDEX SECONDS READERS", NULL);
    double seconds = strtod(argv[3], NULL);
    unsigned readers = (unsigned)strtoul(argv[4], NULL, 10);
    g = (writing){.engine = argv[1], .path = argv[2], .seed = 5};
    g.shared =
        mmap(NULL, sizeof *g.shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (g.shared == MAP_FAILED)
        die("mmap", NULL);
    make_words(&g.words);
    open_writer(&g, false);
    publish_articles(&g, 0, ARTICLES / 2, true);
    publish_noted(&g);
    /* A child that inherits the lock would keep it. */
    fh_writer_close(g.writer);
    g.writer = NULL;
    for (unsigned i = 0; i < readers; i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child < 0)
            die("fork", NULL);
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            _exit(read_beside(g.path, g.shared, seconds, i));
        }
    }
    open_writer(&g, false);
    write_for(&g, seconds);
    int failed = wait_for_all(readers);
    printf("%llu generations published\n", (unsigned long long)g.shared->published);
    return failed;
}
