#include "engines/native/segment_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "engines/native/dictionary.h"
#include "engines/native/heads.h"
#include "engines/native/numbering.h"
#include "engines/native/store.h"
#include "engines/native/tasks.h"

/* Bodies are encoded in parts of about so many pieces, so that little waits in memory. */
#define PART_PIECES (256u * 1024)

/* Fewer words are merged by one thread: to start another takes longer. */
#define SMALL_WORDS 65536u

/* Spellings are looked up by so many at once. */
#define SPELLINGS_AT_ONCE 1024

typedef struct merge {
    const char *data;
    const fh_generation_entry *entries;
    size_t count;
    uint32_t **maps; /* of each segment: new number of each article, UINT32_MAX for the dead */
    uint32_t *lengths; /* by new number */
    uint32_t articles;
    uint64_t words;
    fh_segment_writer *out;
} merge;

/* ---- Segments: each task opens its own, because one thread at a time may read one ---- */

static void close_segments(fh_segment **segments, size_t count)
{
    for (size_t i = 0; segments && i < count; i++)
        fh_segment_close(segments[i]);
    free(segments);
}

/* The segments of the merge for close_segments(), or NULL. */
static fh_segment **open_segments(const merge *m, fh_error *err)
{
    fh_segment **segments = calloc(m->count, sizeof *segments);
    fh_status status = segments ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < m->count && !status; i++)
        status = fh_generation_open_segment(m->data, &m->entries[i], &segments[i], err);
    if (!status)
        return segments;
    close_segments(segments, m->count);
    return NULL;
}

static fh_status status_of(fh_segment *const *segments, size_t count, fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = fh_segment_status(segments[i], err);
    return status;
}

/* ---- Numbers ---- */

/* The new numbers of the articles of segment I, and their lengths. */
static void map_segment(merge *m, const fh_segment *s, size_t i)
{
    for (uint32_t local = 0; local < s->header.articles; local++) {
        if (fh_segment_is_dead(s, local)) {
            m->maps[i][local] = UINT32_MAX;
            continue;
        }
        uint32_t length = (uint32_t)fh_column_get(&s->lengths, local);
        m->maps[i][local] = m->articles;
        m->lengths[m->articles++] = length;
        m->words += length;
    }
}

static fh_status map_articles(merge *m, fh_error *err)
{
    uint64_t all = 0;
    fh_segment **segments = open_segments(m, err);
    if (!segments)
        return err->status;
    for (size_t i = 0; i < m->count; i++)
        all += m->entries[i].articles;
    m->maps = calloc(m->count, sizeof *m->maps);
    m->lengths = fh_memory_take((size_t)all * sizeof *m->lengths);
    bool made = m->maps && m->lengths;
    for (size_t i = 0; made && i < m->count; i++) {
        m->maps[i] = fh_memory_take(m->entries[i].articles * sizeof **m->maps);
        made = m->maps[i] != NULL;
        if (made)
            map_segment(m, segments[i], i);
    }
    fh_status status = made ? status_of(segments, m->count, err) : fh_fail_memory(err);
    close_segments(segments, m->count);
    return status;
}

/* ---- Terms ---- */

static fh_status merge_terms(const merge *m, fh_segment *const *segments, fh_form form,
                             fh_error *err)
{
    fh_spool **sections = m->out->sections;
    fh_terms_writer *w =
        fh_terms_writer_new(sections[FH_SECTION_OF(FH_SECTION_TERMS, form)],
                            sections[FH_SECTION_OF(FH_SECTION_POSTINGS, form)],
                            sections[FH_SECTION_OF(FH_SECTION_POSITIONS, form)], m->articles);
    if (!w)
        return fh_fail_memory(err);
    fh_status status =
        fh_terms_merge((const fh_segment *const *)segments, (const uint32_t *const *)m->maps,
                       m->count, form, m->lengths, FH_TITLE_WEIGHT, w, err);
    if (!status)
        status = fh_terms_writer_finish(w, err);
    fh_terms_writer_free(w);
    return status;
}

/* ---- Heads ---- */

static fh_status merge_heads(const merge *m, fh_segment *const *segments, fh_error *err)
{
    fh_arena arena = {0};
    fh_heads_writer *heads = fh_heads_writer_new();
    fh_status status = heads ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < m->count && !status; i++) {
        const fh_segment *s = segments[i];
        for (uint32_t local = 0; local < s->header.articles && !status; local++) {
            fh_article article;
            uint64_t body_len;
            if (m->maps[i][local] == UINT32_MAX)
                continue;
            status = fh_head_read(s, local, &arena, &article, &body_len, err);
            if (status)
                break;
            article.body.len = (size_t)body_len;
            fh_heads_writer_add(heads, &article, fh_column_get(&s->prints, local));
            fh_arena_clear(&arena);
        }
    }
    if (!status)
        status = fh_heads_writer_finish(heads, m->out, err);
    fh_arena_free(&arena);
    fh_heads_writer_free(heads);
    return status;
}

/* ---- Bodies ---- */

/* The spellings of all segments as one, and the stores that are read. */
typedef struct bodies {
    const merge *m;
    fh_store **stores;
    uint32_t **numbers;     /* of each segment's spellings, in `spellings` */
    fh_numbering spellings; /* 1 byte, 1 for a word, and the text */
    uint64_t *uses;
    fh_store_writer *writer;
} bodies;

/* Number spellings [FROM, TO) of segment I, at most SPELLINGS_AT_ONCE. */
static fh_status number_some(bodies *b, size_t i, uint32_t from, uint32_t to, fh_arena *arena,
                             fh_error *err)
{
    fh_numbering_key keys[SPELLINGS_AT_ONCE];
    for (uint32_t n = from; n < to; n++) {
        fh_str written;
        bool word;
        fh_status status = fh_store_spelling(b->stores[i], n, arena, &written, &word, err);
        if (status)
            return status;
        char *text = fh_arena_alloc(arena, written.len + 1);
        if (!text)
            return fh_fail_memory(err);
        text[0] = word;
        if (written.len > 0)
            memcpy(text + 1, written.ptr, written.len);
        keys[n - from] = (fh_numbering_key){text, (uint32_t)written.len + 1,
                                            fh_checksum((fh_str){text, written.len + 1})};
    }
    return fh_numbering_put(&b->spellings, keys, to - from, b->numbers[i] + from)
               ? FH_OK
               : fh_fail_memory(err);
}

static fh_status number_spellings(bodies *b, size_t i, const fh_segment *s, fh_error *err)
{
    fh_arena arena = {0};
    fh_status status = fh_store_open(s, &b->stores[i], err);
    uint32_t count = status ? 0 : fh_store_spellings(b->stores[i]);
    b->numbers[i] = fh_memory_take(count * sizeof **b->numbers);
    if (!status && !b->numbers[i])
        status = fh_fail_memory(err);
    for (uint32_t from = 0; from < count && !status; from += SPELLINGS_AT_ONCE) {
        uint32_t rest = count - from;
        status = number_some(b, i, from,
                             from + (rest < SPELLINGS_AT_ONCE ? rest : SPELLINGS_AT_ONCE),
                             &arena, err);
        fh_arena_clear(&arena);
    }
    fh_arena_free(&arena);
    return status;
}

/* Count what the living bodies of segment I use. */
static fh_status count_uses(bodies *b, size_t i, fh_error *err)
{
    const merge *m = b->m;
    fh_status status = FH_OK;
    for (uint32_t local = 0; local < m->entries[i].articles && !status; local++) {
        const uint32_t *pieces;
        size_t count;
        if (m->maps[i][local] == UINT32_MAX)
            continue;
        status = fh_store_pieces(b->stores[i], local, &pieces, &count, err);
        for (size_t k = 0; !status && k < count; k++)
            b->uses[b->numbers[i][pieces[k]]]++;
    }
    return status;
}

static fh_status begin_bodies(bodies *b, fh_error *err)
{
    uint32_t count = b->spellings.count;
    fh_used *used = fh_memory_take(count * sizeof *used);
    if (!used)
        return fh_fail_memory(err);
    for (uint32_t n = 0; n < count; n++) {
        fh_str text = fh_numbering_get(&b->spellings, n);
        used[n] = (fh_used){{text.ptr + 1, text.len - 1}, text.ptr[0] == 1, b->uses[n]};
    }
    fh_status status = fh_store_writer_new(
        used, count, b->m->out->sections[FH_SECTION_SPELLINGS], &b->writer, err);
    free(used);
    return status;
}

/* Encode the living bodies of segment I. */
static fh_status encode(bodies *b, size_t i, fh_numbers *numbers, fh_error *err)
{
    const merge *m = b->m;
    fh_status status = FH_OK;
    fh_store_part *part = NULL;
    size_t filled = 0;
    for (uint32_t local = 0; local < m->entries[i].articles && !status; local++) {
        const uint32_t *pieces;
        size_t count;
        if (m->maps[i][local] == UINT32_MAX)
            continue;
        status = fh_store_pieces(b->stores[i], local, &pieces, &count, err);
        numbers->count = 0;
        part = part || status ? part : fh_store_part_new(b->writer);
        if (!status && (!part || !fh_numbers_reserve(numbers, count)))
            status = fh_fail_memory(err);
        for (size_t k = 0; !status && k < count; k++)
            numbers->at[k] = b->numbers[i][pieces[k]];
        if (!status)
            fh_store_part_add(part, numbers->at, count);
        filled += count;
        if (!status && filled >= PART_PIECES) {
            status =
                fh_store_writer_join(b->writer, part, m->out->sections[FH_SECTION_TEXT], err);
            part = NULL;
            filled = 0;
        }
    }
    if (!status && part) {
        status = fh_store_writer_join(b->writer, part, m->out->sections[FH_SECTION_TEXT], err);
        part = NULL;
    }
    fh_store_part_free(part);
    return status;
}

static void close_bodies(bodies *b)
{
    for (size_t i = 0; i < b->m->count; i++) {
        if (b->stores)
            fh_store_close(b->stores[i]);
        if (b->numbers)
            free(b->numbers[i]);
    }
    free(b->stores);
    free(b->numbers);
    free(b->uses);
    fh_numbering_free(&b->spellings);
    fh_store_writer_free(b->writer);
}

static fh_status merge_bodies(const merge *m, fh_segment *const *segments, fh_error *err)
{
    bodies b = {.m = m};
    fh_numbers numbers = {0};
    b.stores = calloc(m->count, sizeof(fh_store *));
    b.numbers = calloc(m->count, sizeof(uint32_t *));
    fh_status status = b.stores && b.numbers ? FH_OK : fh_fail_memory(err);
    for (size_t i = 0; i < m->count && !status; i++)
        status = number_spellings(&b, i, segments[i], err);
    if (!status && !(b.uses = calloc(b.spellings.count + (size_t)1, sizeof *b.uses)))
        status = fh_fail_memory(err);
    for (size_t i = 0; i < m->count && !status; i++)
        status = count_uses(&b, i, err);
    if (!status)
        status = begin_bodies(&b, err);
    for (size_t i = 0; i < m->count && !status; i++)
        status = encode(&b, i, &numbers, err);
    if (!status)
        status = fh_store_writer_finish(b.writer, m->out->sections[FH_SECTION_TEXT],
                                        m->out->sections[FH_SECTION_TEXT_ENDS], err);
    close_bodies(&b);
    free(numbers.at);
    return status;
}

/* ---- All of it ---- */

enum { BODIES, TERMS, HEADS = TERMS + FH_FORMS, LENGTHS, TASKS };

static fh_status merge_part(void *context, size_t task, fh_error *err)
{
    const merge *m = context;
    if (task == LENGTHS)
        return fh_segment_writer_lengths(m->out, m->lengths, m->articles, err);
    fh_segment **segments = open_segments(m, err);
    if (!segments)
        return err->status;
    fh_status status = task == BODIES  ? merge_bodies(m, segments, err)
                       : task == HEADS ? merge_heads(m, segments, err)
                                       : merge_terms(m, segments, (fh_form)(task - TERMS), err);
    if (!status)
        status = status_of(segments, m->count, err);
    close_segments(segments, m->count);
    return status;
}

static fh_status write_merged(merge *m, const fh_means *means, fh_seal *seal, fh_error *err)
{
    unsigned jobs = m->words < SMALL_WORDS ? 1 : means->jobs;
    fh_status status = fh_tasks_run(jobs, TASKS, merge_part, m, err);
    return status ? status : fh_segment_writer_finish(m->out, seal, err);
}

fh_status fh_segment_merge(const char *data, const fh_generation_entry *entries, size_t count,
                           uint64_t number, const fh_means *means, fh_generation_entry *merged,
                           fh_error *err)
{
    merge m = {.data = data, .entries = entries, .count = count};
    fh_error why = {0};
    char *path = fh_segment_path(data, number);
    fh_status status = path ? map_articles(&m, &why) : fh_fail_memory(&why);
    *merged = (fh_generation_entry){.number = number};
    if (!status)
        status = fh_segment_writer_new(path, fh_means_spool(means), &m.out, &why);
    if (!status)
        status = write_merged(&m, means, &merged->seal, &why);
    merged->articles = m.articles;
    fh_segment_writer_free(m.out);
    for (size_t i = 0; m.maps && i < count; i++)
        free(m.maps[i]);
    free(m.maps);
    free(m.lengths);
    free(path);
    if (status) {
        *merged = (fh_generation_entry){0};
        fh_fail(err, status, "%s", why.message);
    }
    return status;
}
