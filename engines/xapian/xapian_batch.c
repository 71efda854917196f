#include "engines/xapian/xapian_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "engines/entry.h"
#include "engines/record.h"

/*
 * What is published in place at most, in bytes of text: merging copies the whole index, so the
 * larger it is the more pays off; putting in place takes about twenty times as long per byte as
 * merging.
 */
#define IN_PLACE_SHARE 20
#define IN_PLACE_MIN   (256u * 1024)
#define IN_PLACE_MAX   (8u * 1024 * 1024)

/*
 * The memory that Xapian takes for one occurrence of a term until a run is written, as
 * measured.
 */
#define POSTING_MEMORY 70
/*
 * A run is written at the latest when it takes this much. Small runs are written faster (99 MB
 * of news in runs of .5 MB of text: a fifth less CPU than in runs of 8 MB) but make a larger
 * index (2.8 instead of 2.4 of the text), because merging does not join the pieces of a posting
 * list.
 */
#define RUN_MEMORY (192u * 1024 * 1024)

typedef struct batch {
    fh_xwriter *writer;
    uint32_t next; /* document number */
    uint32_t end;
    bool held;
    fhx_store *run; /* being written, or NULL */
    size_t run_memory;
    fh_buffer record;
    fh_buffer terms; /* the bytes of the postings of one document */
    fhx_posting *postings;
    size_t capacity;
    fh_xpending pending;
} batch;

static bool is_small(const fh_xwriter *w, uint64_t text_bytes)
{
    uint64_t most = w->text_bytes / IN_PLACE_SHARE;
    if (most < IN_PLACE_MIN)
        most = IN_PLACE_MIN;
    if (most > IN_PLACE_MAX)
        most = IN_PLACE_MAX;
    return w->base && w->pending.runs.len == 0 && w->in_place + text_bytes <= most;
}

fh_status fh_xbatch_new(void *writer, size_t count, uint64_t text_bytes, void **out,
                        fh_error *err)
{
    fh_xwriter *w = writer;
    *out = NULL;
    if (count >= UINT32_MAX - w->next)
        return fh_fail(err, FH_ELIMIT, "the index has no numbers left for %zu articles", count);
    bool held = is_small(w, text_bytes);
    if (!held && mkdir(w->place.work, 0777) != 0 && errno != EEXIST)
        return fh_fail(err, FH_EIO, "cannot create the folder \"%s\": %s", w->place.work,
                       strerror(errno));
    batch *b = calloc(1, sizeof *b);
    if (!b)
        return fh_fail_memory(err);
    b->writer = w;
    b->held = held;
    b->next = w->next;
    w->next += (uint32_t)count;
    b->end = w->next;
    if (held)
        w->in_place += text_bytes;
    atomic_fetch_add(&w->batches, 1);
    *out = b;
    return FH_OK;
}

void fh_xbatch_free(void *batch_)
{
    batch *b = batch_;
    atomic_fetch_sub(&b->writer->batches, 1);
    fhx_store_close(b->run);
    fh_buffer_free(&b->record);
    fh_buffer_free(&b->terms);
    fh_xpending_free(&b->pending);
    free(b->postings);
    free(b);
}

/* ---- Postings ---- */

/*
 * Room for the postings of all terms of ENTRY and for the keys, and for their bytes, which must
 * not move.
 */
static fh_status reserve_postings(batch *b, const fh_entry *entry, fh_error *err)
{
    size_t most = 3;
    size_t bytes = 3 * sizeof(fh_xterm);
    fh_entry_walk walk = {.entry = entry};
    fh_term term;
    bool found;
    fh_status status;
    while (!(status = fh_entry_next(&walk, &found, &term, err)) && found) {
        bytes += 2 * (1 + FH_LETTERS_CODED(term.text.len));
        most += 2;
    }
    if (status)
        return status;
    fh_buffer_clear(&b->terms);
    if (!fh_buffer_reserve(&b->terms, bytes))
        return fh_fail_memory(err);
    if (most <= b->capacity)
        return FH_OK;
    fhx_posting *grown = reallocarray(b->postings, most, sizeof *grown);
    if (!grown)
        return fh_fail_memory(err);
    b->postings = grown;
    b->capacity = most;
    return FH_OK;
}

/* The bytes that T becomes in the index, kept until the document is put. */
static fh_str keep(batch *b, const fh_xterm *t)
{
    fh_str kept = {b->terms.data + b->terms.len, t->len};
    fh_buffer_add(&b->terms, t->bytes, t->len);
    return kept;
}

/* The postings of one term: as a word of the article, and again as one of its title. */
static bool add_postings(batch *b, const fh_term *term, size_t *count)
{
    fh_xterm t;
    bool title = term->field == FH_FIELD_TITLE;
    uint32_t position = term->form == FH_FORM_FOLDED ? term->position : 0;
    if (!fh_xterm_word(&t, term->form, FH_FIELD_ANY, term->text))
        return false;
    b->postings[(*count)++] = (fhx_posting){keep(b, &t), title ? FH_TITLE_WEIGHT : 1, position};
    if (!title)
        return true;
    t.bytes[0] = fh_xterm_letter(term->form, FH_FIELD_TITLE);
    b->postings[(*count)++] = (fhx_posting){keep(b, &t), 1, position};
    return true;
}

static void add_key(batch *b, char letter, fh_str text, size_t *count)
{
    fh_xterm t;
    if (text.len == 0)
        return;
    fh_xterm_key(&t, letter, text);
    b->postings[(*count)++] = (fhx_posting){keep(b, &t), 0, 0};
}

static fh_status make_postings(batch *b, const fh_entry *entry, size_t *made, fh_error *err)
{
    const fh_article *a = entry->article;
    *made = 0;
    fh_status status = reserve_postings(b, entry, err);
    if (status)
        return status;
    add_key(b, PREFIX_ID, a->id, made);
    add_key(b, PREFIX_ORIGIN, a->origin, made);
    add_key(b, PREFIX_SOURCE, a->source, made);
    fh_entry_walk walk = {.entry = entry};
    fh_term term;
    bool found;
    while (!(status = fh_entry_next(&walk, &found, &term, err)) && found)
        if (!add_postings(b, &term, made))
            return fh_fail(err, FH_EUSAGE,
                           "a word at position %u of article \"%.*s\" is not UTF-8",
                           term.position, (int)a->id.len, a->id.ptr);
    return status;
}

/* ---- Putting ---- */

/* The run that is being written, opened when it is needed. */
static fh_status open_run(batch *b, fh_error *err)
{
    if (b->run)
        return FH_OK;
    char *path = fh_xrun_path(b->writer, b->next);
    fh_buffer_add(&b->pending.runs, &b->next, sizeof b->next);
    if (!path || b->pending.runs.failed) {
        free(path);
        return fh_fail_memory(err);
    }
    b->run_memory = 0;
    fh_status status = fhx_store_open(path, FHX_SCRATCH, &b->run, err);
    free(path);
    return status;
}

static fh_status close_run(batch *b, fh_error *err)
{
    fh_status status = b->run ? fhx_store_commit(b->run, err) : FH_OK;
    fhx_store_close(b->run);
    b->run = NULL;
    return status;
}

/* Has the run taken its part of the memory? All batches share that. */
static bool is_full(const batch *b)
{
    size_t share = (size_t)b->writer->place.memory / atomic_load(&b->writer->batches);
    return b->run_memory > (share < RUN_MEMORY ? share : RUN_MEMORY);
}

static fh_status hold(batch *b, const fhx_document *document, fh_error *err)
{
    fh_buffer *held = &b->pending.held;
    fh_xheld head = {b->next, 0};
    size_t start = held->len;
    fh_buffer_add(held, &head, sizeof head);
    fh_status status = fhx_pack(document, held, err);
    if (status) {
        held->len = start;
        return status;
    }
    head.len = (uint32_t)(held->len - start - sizeof head);
    memcpy(held->data + start, &head, sizeof head);
    return FH_OK;
}

static fh_status put_document(batch *b, const fhx_document *document, fh_error *err)
{
    if (b->held)
        return hold(b, document, err);
    fh_status status = open_run(b, err);
    if (!status)
        status = fhx_store_put(b->run, b->next, document, err);
    b->run_memory += document->posting_count * POSTING_MEMORY + document->data.len;
    if (!status && is_full(b))
        status = close_run(b, err);
    return status;
}

/* The record of ARTICLE: a short head apart from the data, a long one at their beginning. */
static fh_status make_record(batch *b, const fh_article *article, fh_str *head, fh_str *data,
                             fh_error *err)
{
    fh_buffer_clear(&b->record);
    fh_record_add_head(&b->record, article);
    size_t len = b->record.len <= HEAD_VALUE_MAX ? b->record.len : 0;
    fh_record_add_body(&b->record, article);
    if (b->record.failed)
        return fh_fail_memory(err);
    *head = (fh_str){b->record.data, len};
    *data = (fh_str){b->record.data + len, b->record.len - len};
    return FH_OK;
}

fh_status fh_xbatch_put(void *batch_, const fh_entry *entry, fh_error *err)
{
    batch *b = batch_;
    const fh_article *article = entry->article;
    size_t made;
    char date[FHX_SORTABLE_MAX];
    char print[8];
    if (b->next == b->end)
        return fh_fail(err, FH_EUSAGE, "a batch gets more articles than it was made for");
    fh_status status = make_postings(b, entry, &made, err);
    if (status)
        return status;
    for (unsigned i = 0; i < sizeof print; i++)
        print[i] = (char)(entry->fingerprint >> (8 * i));
    bool dated = article->date.precision != FH_DATE_NONE;
    fh_str when = {date, dated ? fh_xdate(article->date.seconds, date) : 0};
    fh_str head, data;
    status = make_record(b, article, &head, &data, err);
    if (status)
        return status;
    fhx_value values[] = {{SLOT_FINGERPRINT, {print, sizeof print}},
                          {SLOT_DATE, when},
                          {SLOT_DATE_UP, dated ? when : FH_STR("\xFF")},
                          {SLOT_HEAD, head}};
    fhx_document document = {data, b->postings, made, values, sizeof values / sizeof *values};
    status = put_document(b, &document, err);
    if (status)
        return status;
    if (entry->replaces)
        fh_xpending_drop(&b->pending, article->id, b->next);
    b->next++;
    b->pending.documents++;
    b->pending.text_bytes += article->title.len + article->body.len;
    return FH_OK;
}

fh_status fh_xbatch_add(void *writer, void *batch_, fh_error *err)
{
    fh_xwriter *w = writer;
    batch *b = batch_;
    fh_xpending *to = &w->pending;
    fh_status status = close_run(b, err);
    if (status)
        return status;
    fh_buffer_add_str(&to->held, fh_buffer_str(&b->pending.held));
    fh_buffer_add_str(&to->drops, fh_buffer_str(&b->pending.drops));
    fh_buffer_add_str(&to->runs, fh_buffer_str(&b->pending.runs));
    to->documents += b->pending.documents;
    to->text_bytes += b->pending.text_bytes;
    if (to->held.failed || to->drops.failed || to->runs.failed || b->pending.drops.failed)
        return fh_fail_memory(err);
    return FH_OK;
}
