#include "indexer/convoy.h"

#include <stdlib.h>

/* A load is full at so many articles, or so many bytes, or when it would break the memory bound. */
#define LOAD_ARTICLES  8000u
#define LOAD_BYTES     (12u * 1024 * 1024)
#define LOAD_BYTES_MIN (64u * 1024)

/*
 * A publish waits for the loads on their way, so none is larger than a slow worker does in one part in so
 * many of the time between two publishes.
 */
#define TIMELY_PARTS 4

/*
 * What the program and each worker take whatever the articles are, besides the spellings that a worker
 * remembers: measured. Of the rest, one part in so many is for articles on their way, the others are
 * the engine's.
 */
#define PROGRAM_MEMORY (18u * 1024 * 1024)
#define WORKER_MEMORY  (10u * 1024 * 1024)
#define MEMORY_PARTS   4

/*
 * All workers' spellings take one part in so many of all memory. With the least a worker meets most of
 * its words again; the 320,000 spellings of 99 MB of news take half of the most.
 */
#define SPELLINGS_PARTS 8
#define SPELLINGS_MIN   (2u * 1024 * 1024)
#define SPELLINGS_MAX   (64u * 1024 * 1024)

struct fh_convoy {
    fh_convoy_plan plan;
    fh_writer *writer;
    fh_crew *crew;
    fh_load *filling; /* the load being filled, or NULL */
    fh_load *spare;   /* loads to be filled anew */
    uint64_t load_bytes;
};

/* ---- Memory ---- */

/* The memory for the spellings that one worker remembers. */
static size_t spellings_memory(const fh_convoy_plan *plan)
{
    uint64_t each = plan->memory / SPELLINGS_PARTS / plan->jobs;
    uint64_t most = each < SPELLINGS_MAX ? each : SPELLINGS_MAX;
    return (size_t)(most > SPELLINGS_MIN ? most : SPELLINGS_MIN);
}

/* The memory that is left to share out: at least a fourth of it all, however many the workers are. */
static uint64_t share_memory(const fh_convoy_plan *plan)
{
    uint64_t worker = WORKER_MEMORY + spellings_memory(plan);
    uint64_t fixed = PROGRAM_MEMORY + plan->jobs * worker;
    uint64_t least = plan->memory / 4;
    return plan->memory > fixed + least ? plan->memory - fixed : least;
}

/* How large a load may be, when memory gives EACH so many bytes and a slow worker does PACE a second. */
static uint64_t limit_load(const fh_convoy_plan *plan, uint64_t pace, uint64_t each)
{
    uint64_t timely = plan->publish_every * pace / TIMELY_PARTS;
    uint64_t most = timely < LOAD_BYTES ? timely : LOAD_BYTES;
    uint64_t bytes = each < most ? each : most;
    return bytes > LOAD_BYTES_MIN ? bytes : LOAD_BYTES_MIN;
}

uint64_t fh_convoy_engine_memory(const fh_convoy *c)
{
    uint64_t memory = share_memory(&c->plan);
    return memory - memory / MEMORY_PARTS;
}

/* ---- Life ---- */

fh_status fh_convoy_new(const fh_convoy_plan *plan, fh_convoy **out, fh_error *err)
{
    *out = NULL;
    fh_convoy *c = calloc(1, sizeof *c);
    if (!c)
        return fh_fail_memory(err);
    c->plan = *plan;
    fh_status status =
        fh_crew_new(plan->jobs, plan->stemmer, spellings_memory(plan), &c->crew, err);
    if (status) {
        free(c);
        return status;
    }
    *out = c;
    return FH_OK;
}

static void drop_spare(fh_convoy *c)
{
    for (fh_load *next; c->spare; c->spare = next) {
        next = c->spare->next;
        fh_load_free(c->spare);
    }
}

void fh_convoy_free(fh_convoy *c)
{
    if (!c)
        return;
    fh_load_free(c->filling);
    drop_spare(c);
    fh_crew_free(c->crew);
    free(c);
}

const char *fh_convoy_analysis(const fh_convoy *c)
{
    return fh_crew_analysis(c->crew);
}

void fh_convoy_start(fh_convoy *c, fh_writer *w)
{
    uint64_t all = share_memory(&c->plan) / MEMORY_PARTS;
    c->writer = w;
    c->load_bytes =
        limit_load(&c->plan, fh_writer_engine(w)->pace, all / (fh_crew_room(c->crew) + 1));
}

bool fh_convoy_is_busy(const fh_convoy *c)
{
    return c->filling || fh_crew_loads(c->crew) > 0;
}

/* ---- Loads ---- */

/* A load that came back is kept: memory that is touched the first time is dear. */
static void keep_load(fh_convoy *c, fh_load *load)
{
    fh_load_clear(load);
    load->next = c->spare;
    c->spare = load;
}

/* The load to fill next. */
static fh_status begin_load(fh_convoy *c, fh_error *err)
{
    if (!c->spare)
        return fh_load_new(LOAD_ARTICLES, (size_t)c->load_bytes, &c->filling, err);
    c->filling = c->spare;
    c->spare = c->filling->next;
    c->filling->next = NULL;
    return FH_OK;
}

/* Tell of the load as it came back, and hand it to the writer. Takes LOAD. */
static fh_status add_load(fh_convoy *c, fh_load *load, fh_error *err)
{
    fh_status status = load->failure.status;
    if (status)
        fh_fail(err, status, "%s", load->failure.message);
    for (size_t i = 0; i < load->count && !status; i++)
        status = c->plan.arrived(c->plan.context, &load->parcels[i], err);
    if (!status) {
        fh_batch *batch = load->batch;
        load->batch = NULL;
        status = fh_writer_add(c->writer, batch, err);
    }
    keep_load(c, load);
    return status;
}

/* Take what the crew has done, waiting until it has at most so many LOADS. */
static fh_status collect(fh_convoy *c, size_t loads, fh_error *err)
{
    fh_status status = FH_OK;
    fh_load *load;
    while (!status && (load = fh_crew_take(c->crew, fh_crew_loads(c->crew) > loads)))
        status = add_load(c, load, err);
    return status;
}

/* Give the load being filled to the crew. */
static fh_status send_load(fh_convoy *c, fh_error *err)
{
    if (!c->filling)
        return FH_OK;
    fh_status status = collect(c, fh_crew_room(c->crew) - 1, err);
    if (!status)
        status = fh_batch_new(c->writer, c->filling->count, c->filling->text_bytes,
                              &c->filling->batch, err);
    if (status)
        return status;
    fh_crew_give(c->crew, c->filling);
    c->filling = NULL;
    return FH_OK;
}

fh_status fh_convoy_put(fh_convoy *c, const fh_parcel *parcel, fh_error *err)
{
    fh_status status = FH_OK;
    uint64_t bytes = parcel->article.title.len + parcel->article.body.len;
    if (c->filling && c->filling->bytes + bytes > c->load_bytes)
        status = send_load(c, err);
    if (!status && !c->filling)
        status = begin_load(c, err);
    if (!status)
        status = fh_load_add(c->filling, parcel, err);
    if (!status && c->filling->count == c->filling->capacity)
        status = send_load(c, err);
    return status;
}

fh_status fh_convoy_finish(fh_convoy *c, fh_error *err)
{
    fh_status status = send_load(c, err);
    if (!status)
        status = collect(c, 0, err);
    drop_spare(c); /* what comes next needs memory: a publish */
    return status;
}
