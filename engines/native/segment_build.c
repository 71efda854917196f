#include "engines/native/segment_build.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "engines/native/inversion.h"
#include "engines/native/store.h"
#include "engines/native/tasks.h"

/*
 * Work is cut into so many parts whatever the threads, so that the file does not depend on
 * their number: the terms of a form, and bodies of so many pieces.
 */
#define TERM_PARTS   4
#define PART_WORDS   65536u /* a form with fewer is one part */
#define STORE_PIECES (512u * 1024)

/* A spool may grow to this part of the memory, of which half a dozen are large. */
#define SPOOL_SHARE 16
#define SPOOL_MIN   ((uint64_t)64 * 1024)

/*
 * What building takes at most, when all parts of the terms are written at once: measured, 247 MB of
 * 254. For each word its place in the rows of both forms, and what becomes of it, ...
 */
#define WORD_BYTES 20
/* ... for each piece its code, ... */
#define PIECE_BYTES 3
/* ... for each spelling and term what sorts it. */
#define SPELLING_BYTES 96
#define TERM_BYTES     72

#define NOT_STORED UINT32_MAX

/* Some terms of a form, written by one thread. */
typedef struct term_part {
    fh_form form;
    uint32_t from, to; /* in the order of terms */
    fh_spool *terms, *postings, *positions;
    fh_terms_writer *writer;
} term_part;

/*
 * Some bodies, encoded by one thread: articles [from, to) of bundles, as a place to begin and
 * a count.
 */
typedef struct store_part {
    size_t bundle, article; /* of the first */
    size_t piece;           /* of the first article in its bundle */
    size_t count;           /* of articles */
    fh_store_part *part;
} store_part;

typedef struct build {
    fh_gathering *g;
    fh_segment_writer *out;
    uint32_t *lengths; /* of the articles in words */
    fh_inversion forms[FH_FORMS];
    term_part *terms;
    size_t term_count;
    pthread_mutex_t lock; /* of the rows */
    fh_rows *rows;        /* that no thread uses; room for one a part */
    size_t row_count;
    fh_used *used;    /* the spellings that bodies have */
    uint32_t *stored; /* by number of spelling: its number in `used`, or NOT_STORED */
    fh_store_writer *store;
    store_part *bodies;
    size_t body_count;
} build;

size_t fh_means_spool(const fh_means *means)
{
    uint64_t limit = means->memory / SPOOL_SHARE;
    return (size_t)(limit < SPOOL_MIN ? SPOOL_MIN : limit);
}

uint64_t fh_segment_build_memory(const fh_gathering *g)
{
    uint64_t terms = 0;
    for (unsigned f = 0; f < FH_FORMS; f++)
        terms += g->terms[f].count;
    return g->words * WORD_BYTES + g->pieces * PIECE_BYTES +
           g->spellings.count * (uint64_t)SPELLING_BYTES + terms * TERM_BYTES;
}

/* ---- First: what must be known before anything can be written ---- */

/* Give the spellings that bodies have numbers of their own. */
static fh_status choose_spellings(build *b, fh_error *err)
{
    const fh_numbering *l = &b->g->spellings;
    uint32_t count = 0;
    b->used = fh_memory_take(l->count * sizeof *b->used);
    b->stored = fh_memory_take(l->count * sizeof *b->stored);
    if (!b->used || !b->stored)
        return fh_fail_memory(err);
    for (uint32_t n = 0; n < l->count; n++) {
        const fh_gathered *s = &b->g->gathered[n];
        fh_str spelled = fh_numbering_get(l, n);
        const uint8_t *text = (const uint8_t *)spelled.ptr;
        size_t head = FH_SPELLED_HEAD;
        b->stored[n] = NOT_STORED;
        if (s->uses == 0)
            continue;
        for (unsigned f = 0; f < FH_FORMS; f++)
            head += text[1 + f];
        b->stored[n] = count;
        b->used[count++] = (fh_used){.written = {(const char *)text + head, spelled.len - head},
                                     .word = text[0] == 1,
                                     .uses = s->uses};
    }
    return fh_store_writer_new(b->used, count, b->out->sections[FH_SECTION_SPELLINGS],
                               &b->store, err);
}

static fh_status take_lengths(build *b, fh_error *err)
{
    uint32_t article = 0;
    b->lengths = fh_memory_take(b->g->articles * sizeof *b->lengths);
    if (!b->lengths)
        return fh_fail_memory(err);
    for (size_t i = 0; i < b->g->count; i++)
        for (size_t k = 0; k < b->g->bundles[i]->count; k++)
            b->lengths[article++] = b->g->bundles[i]->articles[k].words;
    return FH_OK;
}

static fh_status write_heads(build *b, fh_error *err)
{
    fh_heads_writer *heads = fh_heads_writer_new();
    if (!heads)
        return fh_fail_memory(err);
    for (size_t i = 0; i < b->g->count; i++) {
        fh_heads_writer_append(heads, b->g->bundles[i]->heads);
        b->g->bundles[i]->heads = NULL;
    }
    fh_status status = fh_heads_writer_finish(heads, b->out, err);
    fh_heads_writer_free(heads);
    return status;
}

enum { STORE = FH_FORMS, HEADS, PREPARATIONS };

static fh_status prepare(void *context, size_t i, fh_error *err)
{
    build *b = context;
    if (i == STORE)
        return choose_spellings(b, err);
    if (i == HEADS)
        return write_heads(b, err);
    return fh_inversion_make(b->g, (fh_form)i, &b->forms[i], err);
}

/* ---- Then: terms and bodies, part by part ---- */

static fh_status open_term_part(const build *b, term_part *p, fh_error *err)
{
    p->terms = fh_spool_new(NULL, 0);
    p->postings = fh_spool_new(NULL, 0);
    p->positions = fh_spool_new(NULL, 0);
    if (!p->terms || !p->postings || !p->positions)
        return fh_fail_memory(err);
    p->writer = fh_terms_writer_new(p->terms, p->postings, p->positions, b->g->articles);
    return p->writer ? FH_OK : fh_fail_memory(err);
}

static void close_term_part(term_part *p)
{
    fh_terms_writer_free(p->writer);
    fh_spool_free(p->terms);
    fh_spool_free(p->postings);
    fh_spool_free(p->positions);
}

static fh_status cut_terms(build *b, fh_error *err)
{
    size_t parts = b->g->words < PART_WORDS ? 1 : TERM_PARTS;
    b->terms = calloc(FH_FORMS * parts, sizeof *b->terms);
    b->rows = calloc(FH_FORMS * parts, sizeof *b->rows);
    if (!b->terms || !b->rows)
        return fh_fail_memory(err);
    for (unsigned f = 0; f < FH_FORMS; f++) {
        uint32_t cuts[TERM_PARTS + 1];
        fh_inversion_cut(&b->forms[f], FH_DICTIONARY_BLOCK, parts, cuts);
        for (size_t i = 0; i < parts; i++)
            b->terms[b->term_count++] =
                (term_part){.form = (fh_form)f, .from = cuts[i], .to = cuts[i + 1]};
    }
    return FH_OK;
}

static fh_status cut_bodies(build *b, fh_error *err)
{
    size_t room = 0;
    uint64_t pieces = STORE_PIECES;
    for (size_t i = 0; i < b->g->count; i++) {
        const fh_bundle *bundle = b->g->bundles[i];
        size_t piece = 0;
        for (size_t k = 0; k < bundle->count; k++) {
            const fh_kept *kept = &bundle->articles[k];
            if (pieces >= STORE_PIECES) {
                if (!fh_array_grow(&b->bodies, &room, b->body_count + 1, sizeof *b->bodies))
                    return fh_fail_memory(err);
                b->bodies[b->body_count++] =
                    (store_part){.bundle = i, .article = k, .piece = piece};
                pieces = 0;
            }
            b->bodies[b->body_count - 1].count++;
            pieces += kept->pieces;
            piece += kept->titles + kept->pieces;
        }
    }
    return FH_OK;
}

static fh_rows take_rows(build *b)
{
    fh_rows rows = {0};
    pthread_mutex_lock(&b->lock);
    if (b->row_count > 0)
        rows = b->rows[--b->row_count];
    pthread_mutex_unlock(&b->lock);
    return rows;
}

static void give_rows(build *b, fh_rows rows)
{
    pthread_mutex_lock(&b->lock);
    b->rows[b->row_count++] = rows;
    pthread_mutex_unlock(&b->lock);
}

static fh_status write_terms(build *b, term_part *p, fh_error *err)
{
    fh_status status = open_term_part(b, p, err);
    if (status)
        return status;
    fh_rows rows = take_rows(b);
    status = fh_inversion_write(&b->forms[p->form], b->lengths, p->from, p->to, &rows,
                                p->writer, err);
    give_rows(b, rows);
    return status;
}

/* The pieces of one body as numbers of stored spellings. */
static bool number_pieces(const build *b, const fh_bundle *bundle, size_t at, size_t count,
                          fh_numbers *out)
{
    out->count = 0;
    if (!fh_numbers_reserve(out, count))
        return false;
    for (size_t i = 0; i < count; i++) {
        out->at[out->count] = b->stored[bundle->numbers[bundle->pieces.at[at + i]]];
        out->count += out->at[out->count] != NOT_STORED;
    }
    return true;
}

static fh_status write_bodies(build *b, store_part *p, fh_error *err)
{
    fh_numbers pieces = {0};
    size_t piece = p->piece;
    size_t article = p->article;
    const fh_bundle *bundle = b->g->bundles[p->bundle];
    p->part = fh_store_part_new(b->store);
    fh_status status = p->part ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0, k = p->bundle; i < p->count && !status; i++) {
        while (article == bundle->count) {
            bundle = b->g->bundles[++k];
            article = 0;
            piece = 0;
        }
        const fh_kept *kept = &bundle->articles[article++];
        piece += kept->titles;
        if (number_pieces(b, bundle, piece, kept->pieces, &pieces))
            fh_store_part_add(p->part, pieces.at, pieces.count);
        else
            status = fh_fail_memory(err);
        piece += kept->pieces;
    }
    free(pieces.at);
    return status;
}

static fh_status write_part(void *context, size_t i, fh_error *err)
{
    build *b = context;
    return i < b->term_count ? write_terms(b, &b->terms[i], err)
                             : write_bodies(b, &b->bodies[i - b->term_count], err);
}

/* ---- Last: the parts in order ---- */

static fh_status join_terms(build *b, fh_form form, fh_error *err)
{
    fh_spool **sections = b->out->sections;
    fh_status status = FH_OK;
    fh_terms_writer *all = fh_terms_writer_new(
        sections[FH_SECTION_OF(FH_SECTION_TERMS, form)],
        sections[FH_SECTION_OF(FH_SECTION_POSTINGS, form)],
        sections[FH_SECTION_OF(FH_SECTION_POSITIONS, form)], b->g->articles);
    if (!all)
        return fh_fail_memory(err);
    for (size_t i = 0; i < b->term_count && !status; i++)
        if (b->terms[i].form == form) {
            status = fh_terms_writer_append(all, b->terms[i].writer, err);
            close_term_part(&b->terms[i]);
            b->terms[i] = (term_part){.form = form};
        }
    if (!status)
        status = fh_terms_writer_finish(all, err);
    fh_terms_writer_free(all);
    return status;
}

static fh_status join_bodies(build *b, fh_error *err)
{
    fh_spool **sections = b->out->sections;
    fh_status status = FH_OK;
    for (size_t i = 0; i < b->body_count && !status; i++) {
        status =
            fh_store_writer_join(b->store, b->bodies[i].part, sections[FH_SECTION_TEXT], err);
        b->bodies[i].part = NULL;
    }
    return status ? status
                  : fh_store_writer_finish(b->store, sections[FH_SECTION_TEXT],
                                           sections[FH_SECTION_TEXT_ENDS], err);
}

enum { JOIN_BODIES = FH_FORMS, JOIN_LENGTHS, JOINS };

static fh_status join(void *context, size_t i, fh_error *err)
{
    build *b = context;
    if (i == JOIN_BODIES)
        return join_bodies(b, err);
    if (i == JOIN_LENGTHS)
        return fh_segment_writer_lengths(b->out, b->lengths, b->g->articles, err);
    return join_terms(b, (fh_form)i, err);
}

static fh_status run(build *b, unsigned jobs, fh_error *err)
{
    fh_status status = take_lengths(b, err);
    if (!status)
        status = fh_tasks_run(jobs, PREPARATIONS, prepare, b, err);
    if (!status)
        status = cut_terms(b, err);
    if (!status)
        status = cut_bodies(b, err);
    if (!status)
        status = fh_tasks_run(jobs, b->term_count + b->body_count, write_part, b, err);
    return status ? status : fh_tasks_run(jobs, JOINS, join, b, err);
}

static void clear(build *b)
{
    for (size_t i = 0; i < b->term_count; i++)
        close_term_part(&b->terms[i]);
    for (unsigned f = 0; f < FH_FORMS; f++)
        fh_inversion_free(&b->forms[f]);
    for (size_t i = 0; i < b->body_count; i++)
        fh_store_part_free(b->bodies[i].part);
    fh_store_writer_free(b->store);
    free(b->lengths);
    for (size_t i = 0; i < b->row_count; i++)
        fh_rows_free(&b->rows[i]);
    pthread_mutex_destroy(&b->lock);
    free(b->rows);
    free(b->terms);
    free(b->bodies);
    free(b->used);
    free(b->stored);
}

fh_status fh_segment_build(fh_gathering *g, const char *path, const fh_means *means,
                           fh_seal *seal, fh_error *err)
{
    build b = {.g = g, .lock = PTHREAD_MUTEX_INITIALIZER};
    /* What little there is to do takes less than to start a thread. */
    unsigned jobs = g->words < PART_WORDS ? 1 : means->jobs;
    fh_status status = fh_segment_writer_new(path, fh_means_spool(means), &b.out, err);
    if (!status)
        status = run(&b, jobs, err);
    clear(&b);
    if (!status)
        status = fh_segment_writer_finish(b.out, seal, err);
    fh_segment_writer_free(b.out);
    return status;
}
