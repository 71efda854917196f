#include "indexer/crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "stemmers/analysis.h"

/* Loads for each worker: one at hand, one waiting. */
#define LOADS_A_WORKER 2

/* Tokens kept from one article to the next; what a giant article took is given back. */
#define TOKENS_KEPT (256u * 1024)

/* A worker's tokens of one article. */
typedef struct harvest {
    fh_token *tokens;
    size_t count, capacity;
} harvest;

typedef struct worker {
    fh_crew *crew;
    fh_analyser *analyser;
    harvest harvest;
    pthread_t thread;
    bool started;
} worker;

/*
 * The loads stand in a ring, oldest first: [first, first + count). Of those, [first, first + claimed)
 * have a worker. The lock guards the ring and the loads' `done`.
 */
struct fh_crew {
    pthread_mutex_t lock;
    pthread_cond_t work;     /* there is a load to claim, or it is time to go */
    pthread_cond_t finished; /* a load is done */
    fh_load **ring;
    size_t room, first, count, claimed;
    atomic_bool leaving;
    worker *workers;
    size_t worker_count;
};

/* ---- Loads ---- */

fh_status fh_load_new(size_t count, size_t bytes, fh_load **out, fh_error *err)
{
    *out = NULL;
    fh_load *l = calloc(1, sizeof *l);
    if (!l)
        return fh_fail_memory(err);
    l->parcels = calloc(count, sizeof *l->parcels);
    l->texts = fh_memory_take(bytes);
    if (!l->parcels || !l->texts) {
        fh_load_free(l);
        return fh_fail_memory(err);
    }
    l->capacity = count;
    l->texts_room = bytes;
    *out = l;
    return FH_OK;
}

void fh_load_clear(fh_load *l)
{
    fh_batch_free(l->batch);
    fh_arena_free(&l->memory);
    *l = (fh_load){.texts = l->texts,
                   .texts_room = l->texts_room,
                   .parcels = l->parcels,
                   .capacity = l->capacity};
}

void fh_load_free(fh_load *l)
{
    if (!l)
        return;
    fh_load_clear(l);
    free(l->texts);
    free(l->parcels);
    free(l);
}

/* A copy of TEXT that lives as long as what is in L, or one with a NULL ptr. */
static fh_str copy_text(fh_load *l, fh_str text)
{
    if (text.len > l->texts_room - l->texts_len)
        return fh_arena_copy(&l->memory, text);
    char *copy = l->texts + l->texts_len;
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    l->texts_len += text.len;
    return (fh_str){copy, text.len};
}

fh_status fh_load_add(fh_load *l, const fh_parcel *parcel, fh_error *err)
{
    fh_parcel copy = *parcel;
    fh_str *texts[] = {&copy.article.id,       &copy.article.title,  &copy.article.body,
                       &copy.article.url,      &copy.article.source, &copy.article.section,
                       &copy.article.keywords, &copy.article.origin};
    uint64_t bytes = 0;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bytes += texts[i]->len;
        *texts[i] = copy_text(l, *texts[i]);
        if (!texts[i]->ptr)
            return fh_fail_memory(err);
    }
    l->parcels[l->count++] = copy;
    l->text_bytes += copy.article.title.len + copy.article.body.len;
    l->bytes += bytes;
    return FH_OK;
}

/* ---- One worker ---- */

static bool make_room(harvest *h)
{
    if (h->count < h->capacity)
        return true;
    size_t wanted = h->capacity ? h->capacity * 2 : 4096;
    fh_token *more = reallocarray(h->tokens, wanted, sizeof *more);
    if (!more)
        return false;
    h->tokens = more;
    h->capacity = wanted;
    return true;
}

static void forget(harvest *h)
{
    h->count = 0;
    if (h->capacity <= TOKENS_KEPT)
        return;
    free(h->tokens);
    *h = (harvest){0};
}

/* Take the tokens of one field, whose first word stands at POSITION; *COUNT of them. */
static fh_status gather(worker *w, fh_str text, fh_field field, uint32_t position,
                        size_t *count, fh_error *err)
{
    harvest *h = &w->harvest;
    size_t before = h->count;
    size_t taken = 1;
    fh_status status = FH_OK;
    fh_analyser_start(w->analyser, text, field, position);
    while (!status && taken > 0) {
        status = make_room(h) ? FH_OK : fh_fail_memory(err);
        if (!status)
            status = fh_analyser_read(w->analyser, h->tokens + h->count, h->capacity - h->count,
                                      &taken, err);
        if (!status)
            h->count += taken;
    }
    *count = h->count - before;
    return status;
}

/* Analyse an article and put it into BATCH. */
static fh_status put(worker *w, const fh_parcel *parcel, fh_batch *batch, fh_error *err)
{
    const fh_article *a = &parcel->article;
    fh_passage passages[] = {{.field = FH_FIELD_TITLE, .position = 1},
                             {.field = FH_FIELD_BODY}};
    fh_passage *title = &passages[0];
    fh_passage *body = &passages[1];
    forget(&w->harvest);
    fh_analyser_article(w->analyser);
    fh_status status = gather(w, a->title, FH_FIELD_TITLE, 1, &title->count, err);
    uint32_t behind = fh_analyser_position(w->analyser);
    body->position = behind + FH_FIELD_GAP;
    if (!status)
        status = gather(w, a->body, FH_FIELD_BODY, body->position, &body->count, err);
    if (status)
        return status;
    title->tokens = w->harvest.tokens;
    body->tokens = w->harvest.tokens + title->count;
    bool untitled = a->title.len == 0;
    fh_entry entry = {.article = a,
                      .fingerprint = parcel->fingerprint,
                      .replaces = parcel->replaces,
                      .vocabulary = fh_analyser_vocabulary(w->analyser),
                      .passages = passages + untitled,
                      .count = 2U - untitled};
    return fh_batch_put(batch, &entry, err);
}

/* Keep the reason why this one article does not fit into an index. */
static void refuse(fh_load *load, fh_parcel *parcel, const fh_error *why)
{
    parcel->refusal = fh_arena_alloc(&load->memory, sizeof *why);
    if (parcel->refusal)
        *parcel->refusal = *why;
    else
        fh_fail_memory(&load->failure);
}

static void fill_batch(worker *w, fh_load *load)
{
    for (size_t i = 0; i < load->count && !load->failure.status; i++) {
        fh_parcel *parcel = &load->parcels[i];
        fh_error why = {0};
        if (atomic_load_explicit(&w->crew->leaving, memory_order_relaxed))
            fh_fail(&load->failure, FH_ESTOPPED, "stopped");
        else if (put(w, parcel, load->batch, &why) == FH_ELIMIT)
            refuse(load, parcel, &why);
        else
            load->failure = why;
    }
}

/* The oldest load that no worker has, or NULL when it is time to go. */
static fh_load *claim(fh_crew *c)
{
    fh_load *load = NULL;
    pthread_mutex_lock(&c->lock);
    while (!atomic_load(&c->leaving) && c->claimed == c->count)
        pthread_cond_wait(&c->work, &c->lock);
    if (!atomic_load(&c->leaving))
        load = c->ring[(c->first + c->claimed++) % c->room];
    pthread_mutex_unlock(&c->lock);
    return load;
}

static void *run(void *context)
{
    worker *w = context;
    fh_load *load;
    while ((load = claim(w->crew))) {
        fill_batch(w, load);
        pthread_mutex_lock(&w->crew->lock);
        load->done = true;
        pthread_cond_signal(&w->crew->finished);
        pthread_mutex_unlock(&w->crew->lock);
    }
    return NULL;
}

/* ---- The crew ---- */

/* Signals are for the thread that reads. */
static fh_status start(worker *w, fh_error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int code = pthread_create(&w->thread, NULL, run, w);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    w->started = code == 0;
    return code ? fh_fail(err, FH_EIO, "cannot start a thread: give a smaller --jobs") : FH_OK;
}

fh_status fh_crew_new(size_t workers, const char *stemmer, size_t memory, fh_crew **out,
                      fh_error *err)
{
    *out = NULL;
    fh_crew *c = calloc(1, sizeof *c);
    if (!c)
        return fh_fail_memory(err);
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->work, NULL);
    pthread_cond_init(&c->finished, NULL);
    c->room = workers * LOADS_A_WORKER;
    c->ring = calloc(c->room, sizeof *c->ring);
    c->workers = calloc(workers, sizeof *c->workers);
    fh_status status = c->ring && c->workers ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < workers && !status; i++) {
        c->worker_count = i + 1;
        c->workers[i].crew = c;
        status = fh_analyser_new(stemmer, &c->workers[i].analyser, err);
        if (!status) {
            fh_analyser_set_memory(c->workers[i].analyser, memory);
            status = start(&c->workers[i], err);
        }
    }
    if (status)
        fh_crew_free(c);
    else
        *out = c;
    return status;
}

void fh_crew_free(fh_crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    atomic_store(&c->leaving, true);
    pthread_cond_broadcast(&c->work);
    pthread_mutex_unlock(&c->lock);
    for (size_t i = 0; i < c->worker_count; i++) {
        if (c->workers[i].started)
            pthread_join(c->workers[i].thread, NULL);
        fh_analyser_free(c->workers[i].analyser);
        free(c->workers[i].harvest.tokens);
    }
    for (size_t i = 0; i < c->count; i++)
        fh_load_free(c->ring[(c->first + i) % c->room]);
    pthread_cond_destroy(&c->finished);
    pthread_cond_destroy(&c->work);
    pthread_mutex_destroy(&c->lock);
    free(c->workers);
    free(c->ring);
    free(c);
}

const char *fh_crew_analysis(const fh_crew *c)
{
    return fh_analyser_id(c->workers[0].analyser);
}

size_t fh_crew_loads(const fh_crew *c)
{
    return c->count;
}

size_t fh_crew_room(const fh_crew *c)
{
    return c->room;
}

void fh_crew_give(fh_crew *c, fh_load *load)
{
    pthread_mutex_lock(&c->lock);
    c->ring[(c->first + c->count++) % c->room] = load;
    pthread_cond_signal(&c->work);
    pthread_mutex_unlock(&c->lock);
}

fh_load *fh_crew_take(fh_crew *c, bool wait)
{
    fh_load *load = NULL;
    pthread_mutex_lock(&c->lock);
    while (wait && c->count > 0 && !c->ring[c->first]->done)
        pthread_cond_wait(&c->finished, &c->lock);
    if (c->count > 0 && c->ring[c->first]->done) {
        load = c->ring[c->first];
        c->first = (c->first + 1) % c->room;
        c->count--;
        c->claimed--;
    }
    pthread_mutex_unlock(&c->lock);
    return load;
}
