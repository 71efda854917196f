/*
 * Damages an index, again and again, and asks it everything each time: what is wrong must be reported, or
 * change none of the answers. A child process asks, so that a crash, or a search without end, is caught
 * and named.
 *
 *     flip INDEX WORK [--every N] [--jobs N]    bytes: one in N of the files is altered, each by itself
 *     flip INDEX WORK --files OTHER             files: cut, grown, missing, swapped, replaced by those of OTHER
 *     flip --engines                            the names of the engines, and what they can do
 *
 * INDEX stays as it is; copies are made in the folder WORK. Prints a line `FAIL ...` for each trial that went
 * wrong and a summary; exit status 1 when there was any.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fault/questions.h"

enum {
    FILES_MAX = 256,
    PATH_BYTES = 1024,
    BATCH = 2048,
    JOBS_MAX = 8,
    EDGE = 64,
    SECONDS_MAX = 60
};

#define MANIFEST "fihris.json"

/* A file of the index. */
typedef struct part {
    char name[256]; /* below the folder of the index */
    uint64_t len;
} part;

/* What the children have counted; shared with the parent. */
typedef struct tally {
    uint64_t reported, harmless, unseen, failed;
    uint64_t trial; /* the one under way, to name a crash */
} tally;

typedef struct lab {
    const char *index, *work;
    part parts[FILES_MAX];
    size_t count;
    uint64_t every;
    unsigned jobs;
    answers expected;
    tally *tallies; /* one for each job */
} lab;

static void die(const char *what)
{
    fprintf(stderr, "flip: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void join(char path[PATH_BYTES], const char *folder, const char *name)
{
    if (snprintf(path, PATH_BYTES, "%s/%s", folder, name) >= PATH_BYTES)
        die(folder);
}

/* ---- Files ---- */

/* The lock holds no data. */
static void list_parts(lab *l, const char *below)
{
    char path[PATH_BYTES];
    join(path, l->index, below);
    DIR *folder = opendir(path);
    if (!folder)
        die(path);
    for (struct dirent *entry; (entry = readdir(folder));) {
        struct stat st;
        char name[256];
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "lock") == 0)
            continue;
        snprintf(name, sizeof name, "%.120s%s%.120s", below, *below ? "/" : "", entry->d_name);
        join(path, l->index, name);
        if (stat(path, &st) != 0 || l->count == FILES_MAX)
            die(path);
        if (S_ISDIR(st.st_mode)) {
            list_parts(l, name);
            continue;
        }
        part *p = &l->parts[l->count++];
        snprintf(p->name, sizeof p->name, "%s", name);
        p->len = (uint64_t)st.st_size;
    }
    closedir(folder);
}

static int compare_parts(const void *a, const void *b)
{
    return strcmp(((const part *)a)->name, ((const part *)b)->name);
}

static void copy_file(const char *from, const char *to)
{
    fh_buffer bytes = {0};
    if (fh_file_read(from, SIZE_MAX / 2, &bytes, NULL))
        die(from);
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, bytes.data ? bytes.data : "", bytes.len) != (ssize_t)bytes.len)
        die(to);
    close(fd);
    fh_buffer_free(&bytes);
}

/* Make the folder TO a copy of the index. */
static void copy_index(const lab *l, const char *to)
{
    char from[PATH_BYTES], path[PATH_BYTES];
    fh_folder_remove(to, NULL);
    mkdir(to, 0777);
    for (size_t i = 0; i < l->count; i++) {
        join(path, to, l->parts[i].name);
        for (char *slash = path + strlen(to) + 1; (slash = strchr(slash, '/')); slash++) {
            *slash = '\0';
            mkdir(path, 0777);
            *slash = '/';
        }
        join(from, l->index, l->parts[i].name);
        copy_file(from, path);
    }
}

/* ---- Judging ---- */

static bool names(const fh_error *err, const char *file)
{
    const char *base = strrchr(file, '/');
    return strstr(err->message, base ? base + 1 : file);
}

/*
 * A message is clear when it names the file that was damaged; of two files that do not belong together, it
 * may name either.
 */
static bool is_clear(const lab *l, const fh_error *err, const char *file, bool replaced)
{
    bool named = names(err, file);
    for (size_t i = 0; replaced && i < l->count; i++)
        named = named || names(err, l->parts[i].name);
    return err->message[0] && (named || err->status != FH_ECORRUPT);
}

static const char *name_answer(size_t i)
{
    static const char *const walks[] = {"all words",           "all stems",
                                        "all words of titles", "all stems of titles",
                                        "all sources",         "dates and terms"};
    size_t behind = i - QUESTIONS;
    if (i < QUESTIONS)
        return questions[i].query;
    if (behind <= ARTICLES_ASKED)
        return "an article";
    behind -= ARTICLES_ASKED + 1;
    if (behind < SUGGESTIONS)
        return "suggestions";
    return behind == SUGGESTIONS ? "stats" : walks[behind - SUGGESTIONS - 1];
}

/*
 * Ask the index in FOLDER, of which FILE was damaged as WHAT says. When no answer is another one and nothing
 * is reported, a check must find it; but for the manifest, which is JSON without a checksum.
 */
static void judge(const lab *l, const char *folder, const char *file, const char *what,
                  tally *t)
{
    fh_error err = {0};
    answers a = l->expected;
    ask_all(folder, &a);
    for (size_t i = 0; i < a.count; i++) {
        if (a.sum[i] == l->expected.sum[i] || a.sum[i] == 0)
            continue;
        t->failed++;
        printf("FAIL %s %s: answer %zu is another one: %s\n", file, what, i, name_answer(i));
        return;
    }
    if (a.failure.status && is_clear(l, &a.failure, file, strstr(what, "is "))) {
        t->reported++;
        return;
    }
    if (a.failure.status) {
        t->failed++;
        printf("FAIL %s %s: an unclear message: %s\n", file, what, a.failure.message);
    } else if (fh_index_check(folder, &err)) {
        t->harmless++;
    } else if (strcmp(file, MANIFEST) == 0) {
        t->unseen++;
    } else {
        t->failed++;
        printf("FAIL %s %s: no answer changes, but the check finds nothing\n", file, what);
    }
}

/* ---- Bytes ---- */

static uint64_t all_bytes(const lab *l)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < l->count; i++)
        bytes += l->parts[i].len;
    return bytes;
}

/* Is byte OFFSET of P to be altered? The beginning and the end of each file are, always. */
static bool is_chosen(const lab *l, const part *p, uint64_t offset, uint64_t trial)
{
    return trial % l->every == 0 || offset < EDGE || offset + EDGE >= p->len;
}

static void flip_byte(const lab *l, const char *folder, const part *p, uint64_t offset,
                      tally *t)
{
    char path[PATH_BYTES], what[64];
    unsigned char byte, flipped;
    /* Any mask but 0, another one for each byte, the same in each run. */
    unsigned char mask = (unsigned char)(1 + (offset * 0x9E3779B1u >> 16) % 255);
    join(path, folder, p->name);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || pread(fd, &byte, 1, (off_t)offset) != 1)
        die(path);
    flipped = byte ^ mask;
    if (pwrite(fd, &flipped, 1, (off_t)offset) != 1)
        die(path);
    snprintf(what, sizeof what, "byte %" PRIu64 " ^ 0x%02X", offset, mask);
    judge(l, folder, p->name, what, t);
    if (pwrite(fd, &byte, 1, (off_t)offset) != 1)
        die(path);
    close(fd);
}

/* Trials [FIRST, END): the bytes of all files, numbered one file after the other. */
static void flip_range(const lab *l, const char *folder, uint64_t first, uint64_t end, tally *t)
{
    uint64_t before = 0;
    for (size_t i = 0; i < l->count; i++) {
        const part *p = &l->parts[i];
        uint64_t from = first > before ? first - before : 0;
        for (uint64_t at = from; at < p->len && before + at < end; at++) {
            t->trial = before + at;
            alarm(SECONDS_MAX);
            if (is_chosen(l, p, at, before + at))
                flip_byte(l, folder, p, at, t);
        }
        before += p->len;
    }
}

static void name_trial(const lab *l, uint64_t trial, char *name, size_t size)
{
    for (size_t i = 0; i < l->count; i++) {
        if (trial < l->parts[i].len) {
            snprintf(name, size, "%s byte %" PRIu64, l->parts[i].name, trial);
            return;
        }
        trial -= l->parts[i].len;
    }
}

/* The stretch of trials that a job has under way. */
typedef struct job {
    pid_t child; /* 0: none */
    uint64_t end;
} job;

static void start_job(const lab *l, job *j, unsigned number, uint64_t first, uint64_t end)
{
    char name[16], folder[PATH_BYTES];
    snprintf(name, sizeof name, "copy%u", number);
    join(folder, l->work, name);
    fflush(stdout);
    j->end = end;
    j->child = fork();
    if (j->child < 0)
        die("fork");
    if (j->child > 0)
        return;
    copy_index(l, folder);
    flip_range(l, folder, first, end, &l->tallies[number]);
    fflush(stdout);
    _exit(0);
}

/* Wait for any job; one that crashed goes on behind the trial that killed it. */
static void end_job(const lab *l, job *jobs)
{
    int status;
    pid_t child = wait(&status);
    for (unsigned i = 0; i < l->jobs; i++) {
        char name[300] = "";
        tally *t = &l->tallies[i];
        if (jobs[i].child != child)
            continue;
        jobs[i].child = 0;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return;
        name_trial(l, t->trial, name, sizeof name);
        printf("FAIL %s: a crash (%s %d)\n", name,
               WIFSIGNALED(status) ? "signal" : "exit status",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
        t->failed++;
        if (t->trial + 1 < jobs[i].end)
            start_job(l, &jobs[i], i, t->trial + 1, jobs[i].end);
    }
}

static unsigned count_running(const lab *l, const job *jobs)
{
    unsigned running = 0;
    for (unsigned i = 0; i < l->jobs; i++)
        running += jobs[i].child != 0;
    return running;
}

static void flip_all(lab *l)
{
    job jobs[JOBS_MAX] = {0};
    uint64_t bytes = all_bytes(l);
    for (uint64_t first = 0; first < bytes; first += BATCH) {
        while (count_running(l, jobs) == l->jobs)
            end_job(l, jobs);
        unsigned i = 0;
        while (jobs[i].child)
            i++;
        start_job(l, &jobs[i], i, first, first + BATCH < bytes ? first + BATCH : bytes);
    }
    while (count_running(l, jobs) > 0)
        end_job(l, jobs);
}

/* ---- Whole files ---- */

/* Ask in a child, so that a crash is one trial that failed. */
static void judge_apart(const lab *l, const char *folder, const char *file, const char *what)
{
    int status;
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        die("fork");
    if (child == 0) {
        alarm(SECONDS_MAX);
        judge(l, folder, file, what, l->tallies);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        printf("FAIL %s %s: a crash (status %d)\n", file, what, status);
        l->tallies->failed++;
    }
}

/* Let FOLDER have the file P at LEN bytes: cut, or grown by zeros. */
static void resize(const lab *l, const char *folder, const part *p, uint64_t len,
                   const char *what)
{
    char path[PATH_BYTES];
    if (len == p->len)
        return;
    copy_index(l, folder);
    join(path, folder, p->name);
    if (truncate(path, (off_t)len) != 0)
        die(path);
    judge_apart(l, folder, p->name, what);
}

static void resize_all(const lab *l, const char *folder, const part *p)
{
    char what[64];
    const uint64_t lens[] = {0,
                             1,
                             p->len / 4,
                             p->len / 2,
                             p->len * 3 / 4,
                             p->len & ~(uint64_t)4095,
                             p->len > 64 ? p->len - 64 : 0,
                             p->len > 0 ? p->len - 1 : 0,
                             p->len + 1,
                             p->len + 48,
                             p->len + 4096,
                             p->len * 2};
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        snprintf(what, sizeof what, "of %" PRIu64 " bytes has %" PRIu64, p->len, lens[i]);
        resize(l, folder, p, lens[i], what);
    }
}

static void lose(const lab *l, const char *folder, const part *p)
{
    char path[PATH_BYTES];
    copy_index(l, folder);
    join(path, folder, p->name);
    if (unlink(path) != 0)
        die(path);
    judge_apart(l, folder, p->name, "is missing");
}

/* The file P has the bytes of the file at FROM. */
static void replace(const lab *l, const char *folder, const part *p, const char *from,
                    const char *what)
{
    char path[PATH_BYTES];
    copy_index(l, folder);
    join(path, folder, p->name);
    copy_file(from, path);
    judge_apart(l, folder, p->name, what);
}

/* Do A and B have the same bytes? */
static bool are_same(const char *a, const char *b)
{
    fh_buffer x = {0}, y = {0};
    bool same = !fh_file_read(a, SIZE_MAX / 2, &x, NULL) &&
                !fh_file_read(b, SIZE_MAX / 2, &y, NULL) &&
                fh_str_equal(fh_buffer_str(&x), fh_buffer_str(&y));
    fh_buffer_free(&x);
    fh_buffer_free(&y);
    return same;
}

/* P replaced by its neighbours in this index, and by the file of its name in OTHER. */
static void replace_all(const lab *l, const char *folder, const part *p, const char *other)
{
    char own[PATH_BYTES], path[PATH_BYTES], what[400];
    join(own, l->index, p->name);
    for (size_t i = 0; i < l->count; i++) {
        join(path, l->index, l->parts[i].name);
        if (&l->parts[i] == p || are_same(own, path))
            continue;
        snprintf(what, sizeof what, "is replaced by %s", l->parts[i].name);
        replace(l, folder, p, path, what);
    }
    join(path, other, p->name);
    if (access(path, R_OK) == 0 && !are_same(own, path))
        replace(l, folder, p, path, "is that of another index");
}

static void damage_files(const lab *l, const char *other)
{
    char folder[PATH_BYTES];
    join(folder, l->work, "copy0");
    for (size_t i = 0; i < l->count; i++) {
        resize_all(l, folder, &l->parts[i]);
        lose(l, folder, &l->parts[i]);
        replace_all(l, folder, &l->parts[i], other);
    }
}

/* ---- The command line ---- */

static void list_engines(void)
{
    size_t count;
    const fh_engine_info *table = fh_engine_table(&count);
    for (size_t i = 0; i < count; i++)
        printf("%s%s%s\n", table[i].name, table[i].checksums ? " checksums" : "",
               table[i].deadlines ? " deadlines" : "");
}

static int summarise(const lab *l)
{
    tally sum = {0};
    for (unsigned i = 0; i < JOBS_MAX; i++) {
        sum.reported += l->tallies[i].reported;
        sum.harmless += l->tallies[i].harmless;
        sum.unseen += l->tallies[i].unseen;
        sum.failed += l->tallies[i].failed;
    }
    printf("%" PRIu64 " reported, %" PRIu64
           " without effect on the answers and found by the check, %" PRIu64
           " without effect in the manifest, %" PRIu64 " wrong\n",
           sum.reported, sum.harmless, sum.unseen, sum.failed);
    return sum.failed > 0;
}

int main(int argc, char **argv)
{
    static lab l;
    const char *other = NULL;
    if (argc == 2 && strcmp(argv[1], "--engines") == 0) {
        list_engines();
        return 0;
    }
    if (argc < 3)
        die("usage: flip INDEX WORK [--every N] [--jobs N] [--files OTHER]");
    l = (lab){.index = argv[1], .work = argv[2], .every = 1, .jobs = 1};
    for (int i = 3; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--every") == 0)
            l.every = strtoull(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--jobs") == 0)
            l.jobs = (unsigned)strtoul(argv[i + 1], NULL, 10);
        else
            other = argv[i + 1];
    }
    if (l.every < 1 || l.jobs < 1 || l.jobs > JOBS_MAX)
        die("--every and --jobs");
    list_parts(&l, "");
    qsort(l.parts, l.count, sizeof *l.parts, compare_parts);
    l.tallies = mmap(NULL, JOBS_MAX * sizeof *l.tallies, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (l.tallies == MAP_FAILED)
        die("mmap");
    ask_all(l.index, &l.expected);
    if (l.expected.failure.status) {
        fprintf(stderr, "flip: the index itself: %s\n", l.expected.failure.message);
        return 2;
    }
    printf("%zu answers, %zu files, %" PRIu64 " bytes\n", l.expected.count, l.count,
           all_bytes(&l));
    if (other)
        damage_files(&l, other);
    else
        flip_all(&l);
    return summarise(&l);
}
