#include "engines/native/native_batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "engines/entry.h"

/*
 * Text has a piece about every so many bytes (news: 9.5), so there is room for them from the
 * start.
 */
#define TEXT_A_PIECE 6

/* And a spelling that is new to the bundle about every so many; measured at 8 MB. */
#define TEXT_A_SPELLING 64
#define SPELLED_LEN     32

/* How many tokens ahead their place in the table of numbers is fetched. */
#define AHEAD 16

#define NONE   UINT32_MAX
#define PIECED (UINT32_MAX - 1) /* the word is longer than a piece */

/* What is known of a number of the vocabulary. */
typedef struct known {
    uint32_t met; /* its number among the spellings met, NONE or PIECED */
    uint32_t len; /* of the spelling in bytes */
    uint32_t uses;
    uint32_t words; /* 1, or 0 when it takes no position */
} known;

struct fh_scratch {
    fh_mets mets;
    const fh_vocabulary *vocabulary;
    uint64_t edition; /* of the vocabulary, whose numbers `numbers` has */
    known *numbers;
    size_t room;
    size_t count; /* of the vocabulary when it was looked at last */
};

/* ---- Life ---- */

/* Make S like new, but for its memory; returns S, or a new one when S is NULL. */
static fh_scratch *renew(fh_scratch *s)
{
    if (!s)
        return calloc(1, sizeof *s);
    fh_mets_clear(&s->mets);
    s->vocabulary = NULL;
    s->count = 0;
    return s;
}

void fh_scratch_free(fh_scratch *s)
{
    if (!s)
        return;
    fh_mets_free(&s->mets);
    free(s->numbers);
    free(s);
}

uint64_t fh_scratch_memory(const fh_scratch *s)
{
    return sizeof *s + fh_mets_memory(&s->mets) + s->room * sizeof *s->numbers;
}

static bool reserve(fh_bundle *b, uint64_t text_bytes)
{
    size_t spellings = (size_t)(text_bytes / TEXT_A_SPELLING);
    return b->articles && b->scratch && b->heads &&
           fh_numbers_reserve(&b->pieces, (size_t)(text_bytes / TEXT_A_PIECE)) &&
           fh_mets_reserve(&b->scratch->mets, spellings, spellings * SPELLED_LEN);
}

fh_bundle *fh_bundle_new(size_t count, uint64_t text_bytes, fh_scratch *scratch)
{
    fh_bundle *b = calloc(1, sizeof *b);
    if (!b) {
        fh_scratch_free(scratch);
        return NULL;
    }
    b->most = count;
    b->articles = calloc(count ? count : 1, sizeof *b->articles);
    b->scratch = renew(scratch);
    b->heads = fh_heads_writer_new();
    if (reserve(b, text_bytes))
        return b;
    fh_bundle_free(b);
    return NULL;
}

fh_scratch *fh_bundle_release(fh_bundle *b)
{
    fh_scratch *scratch = b->scratch;
    b->scratch = NULL;
    return scratch;
}

void fh_bundle_free(fh_bundle *b)
{
    if (!b)
        return;
    fh_scratch_free(b->scratch);
    fh_heads_writer_free(b->heads);
    fh_buffer_free(&b->ids);
    free(b->articles);
    free(b->pieces.at);
    free(b->numbers);
    free(b);
}

uint64_t fh_bundle_memory(const fh_bundle *b)
{
    uint64_t bytes = sizeof *b + b->most * sizeof *b->articles +
                     b->pieces.room * sizeof *b->pieces.at + b->ids.capacity;
    bytes += b->heads ? fh_heads_writer_memory(b->heads) : 0;
    bytes += b->scratch ? fh_scratch_memory(b->scratch) : 0;
    return bytes + (b->numbers ? b->met_count * sizeof *b->numbers : 0);
}

const fh_mets *fh_bundle_mets(const fh_bundle *b)
{
    return &b->scratch->mets;
}

/* ---- Pieces ---- */

/* Put a piece of a body, MET. */
static void put_met(fh_bundle *b, uint32_t met)
{
    b->scratch->mets.met[met].uses++;
    b->pieces.at[b->pieces.count++] = met;
}

/* Put one piece that is no word. */
static bool put_piece(fh_bundle *b, fh_str written)
{
    static const fh_str none[FH_FORMS];
    uint32_t met;
    if (!fh_mets_find(&b->scratch->mets, written, none, &met))
        return false;
    put_met(b, met);
    return true;
}

/*
 * Put all of TEXT but a last part of at most FH_PIECE_MAX bytes, in pieces; *TEXT becomes that
 * part.
 */
static bool put_parts(fh_bundle *b, fh_str *text)
{
    while (text->len > FH_PIECE_MAX) {
        size_t len = fh_utf8_cut(text->ptr, FH_PIECE_MAX);
        if (!put_piece(b, (fh_str){text->ptr, len}))
            return false;
        *text = (fh_str){text->ptr + len, text->len - len};
    }
    return true;
}

/* Put what stands between two words, or at an end of the text. */
static bool put_gap(fh_bundle *b, fh_str gap)
{
    uint32_t met;
    if (gap.len > FH_GAP_MAX)
        return put_parts(b, &gap) && put_piece(b, gap);
    if (!fh_mets_find_gap(&b->scratch->mets, gap, &met))
        return false;
    put_met(b, met);
    return true;
}

/* ---- The vocabulary ---- */

/* The uses counted so far go to the spellings met. */
static void count_uses(fh_bundle *b)
{
    fh_scratch *k = b->scratch;
    for (size_t i = 0; i < k->count; i++)
        if (k->numbers[i].uses > 0)
            k->mets.met[k->numbers[i].met].uses += k->numbers[i].uses;
}

/* Make `numbers` fit the vocabulary of an entry. */
static bool look_at(fh_bundle *b, const fh_vocabulary *v)
{
    fh_scratch *k = b->scratch;
    if (k->vocabulary != v || k->edition != v->edition) {
        count_uses(b);
        k->vocabulary = v;
        k->edition = v->edition;
        k->count = 0;
    }
    if (!fh_array_grow(&k->numbers, &k->room, v->count, sizeof *k->numbers))
        return false;
    for (; k->count < v->count; k->count++)
        k->numbers[k->count] = (known){.met = NONE};
    return true;
}

/* Meet spelling N for the first time; it stands in TEXT at TOKEN. */
static fh_status learn(fh_bundle *b, const fh_entry *e, fh_str text, const fh_token *token,
                       fh_error *err)
{
    fh_spelling s;
    known *k = &b->scratch->numbers[token->spelling];
    fh_status status = fh_entry_spell(e, token->spelling, &s, err);
    if (status)
        return status;
    fh_str span = {text.ptr + token->span.start, token->span.end - token->span.start};
    if (!fh_str_equal(span, s.written))
        return fh_fail(err, FH_EUSAGE, "spelling %u is not what the text has at %u",
                       token->spelling, token->span.start);
    k->len = (uint32_t)s.written.len;
    for (unsigned f = 0; f < FH_FORMS; f++)
        k->words |= s.forms[f].len > 0;
    if (s.written.len > FH_PIECE_MAX)
        k->met = PIECED;
    else if (!fh_mets_add(&b->scratch->mets, s.written, s.forms, &k->met))
        return fh_fail_memory(err);
    return FH_OK;
}

/* Is TOKEN's spelling known, and as long as its span? */
static inline fh_status know(fh_bundle *b, const fh_entry *e, fh_str text,
                             const fh_token *token, fh_error *err)
{
    known *k = &b->scratch->numbers[token->spelling];
    fh_status status = k->met == NONE ? learn(b, e, text, token, err) : FH_OK;
    if (!status && k->len != token->span.end - token->span.start)
        return fh_fail(err, FH_EUSAGE, "spelling %u is not what the text has at %u",
                       token->spelling, token->span.start);
    return status;
}

static inline void fetch(const fh_bundle *b, const fh_passage *p, size_t i)
{
    if (i + AHEAD < p->count)
        __builtin_prefetch(&b->scratch->numbers[p->tokens[i + AHEAD].spelling], 1);
}

/* ---- Texts ---- */

/* A piece that no body has: it is only indexed. */
static void put_indexed(fh_bundle *b, uint32_t met)
{
    b->scratch->mets.met[met].titles++;
    b->pieces.at[b->pieces.count++] = met;
}

/*
 * A word longer than a piece. It is indexed under its forms; in a body its parts are kept
 * before that as what stands between words is.
 */
static fh_status put_long(fh_bundle *b, const fh_entry *e, uint32_t n, bool body, fh_error *err)
{
    fh_spelling s;
    uint32_t met;
    fh_status status = fh_entry_spell(e, n, &s, err);
    if (status)
        return status;
    fh_str rest = s.written;
    if ((body && !(put_parts(b, &rest) && put_piece(b, rest))) ||
        !fh_mets_find(&b->scratch->mets, FH_STR(""), s.forms, &met))
        return fh_fail_memory(err);
    put_indexed(b, met);
    return FH_OK;
}

/* The words of a title; the title itself is in the head. */
static fh_status put_title(fh_bundle *b, const fh_entry *e, const fh_passage *p, fh_kept *kept,
                           fh_error *err)
{
    fh_status status = FH_OK;
    for (size_t i = 0; i < p->count && !status; i++) {
        uint32_t n = p->tokens[i].spelling;
        const known *k = &b->scratch->numbers[n];
        status = know(b, e, e->article->title, &p->tokens[i], err);
        if (status)
            return status;
        if (k->met != PIECED)
            put_indexed(b, k->met);
        else
            status = put_long(b, e, n, false, err);
        kept->words += k->words;
    }
    kept->titles = (uint32_t)p->count;
    return status;
}

/*
 * The whole body: its words and what stands between them. P may be NULL: then it has no words.
 */
static fh_status put_body(fh_bundle *b, const fh_entry *e, const fh_passage *p, fh_kept *kept,
                          fh_error *err)
{
    fh_str text = e->article->body;
    size_t first = b->pieces.count;
    size_t at = 0;
    bool after_word = false;
    fh_status status = FH_OK;
    for (size_t i = 0; p && i < p->count && !status; i++) {
        const fh_token *token = &p->tokens[i];
        known *k = &b->scratch->numbers[token->spelling];
        fetch(b, p, i);
        status = know(b, e, text, token, err);
        if (status)
            return status;
        size_t gap = token->span.start - at;
        bool word = k->met != PIECED;
        bool implied = after_word && word ? gap == 1 && text.ptr[at] == ' ' : gap == 0;
        if (!implied && !put_gap(b, (fh_str){text.ptr + at, gap}))
            return fh_fail_memory(err);
        if (word) {
            b->pieces.at[b->pieces.count++] = k->met;
            k->uses++;
        } else {
            status = put_long(b, e, token->spelling, true, err);
        }
        kept->words += k->words;
        after_word = word;
        at = token->span.end;
    }
    if (!status && at < text.len && !put_gap(b, (fh_str){text.ptr + at, text.len - at}))
        status = fh_fail_memory(err);
    kept->pieces = (uint32_t)(b->pieces.count - first);
    return status;
}

/* ---- Articles ---- */

static const fh_passage *passage_of(const fh_entry *e, fh_field field)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->passages[i].field == field)
            return &e->passages[i];
    return NULL;
}

static bool keep_id(fh_bundle *b, fh_str id, fh_kept *kept)
{
    kept->id_hash = fh_checksum(id);
    kept->id_at = b->ids.len;
    kept->id_len = (uint32_t)id.len;
    fh_buffer_add_str(&b->ids, id);
    return !b->ids.failed;
}

/*
 * Room for all pieces of an entry: each token and what stands before it, and parts of what is
 * long.
 */
static bool make_room(fh_bundle *b, const fh_entry *e)
{
    size_t pieces = 4 + e->article->body.len / (FH_PIECE_MAX / 2);
    for (size_t i = 0; i < e->count; i++)
        pieces += 2 * e->passages[i].count;
    return look_at(b, e->vocabulary) && fh_numbers_reserve(&b->pieces, pieces);
}

static fh_status put(fh_bundle *b, const fh_entry *e, fh_error *err)
{
    const fh_passage *title = passage_of(e, FH_FIELD_TITLE);
    const fh_passage *body = passage_of(e, FH_FIELD_BODY);
    fh_kept *kept = &b->articles[b->count];
    *kept = (fh_kept){.replaces = e->replaces};
    if (title && body && title->position > body->position)
        return fh_fail(err, FH_EUSAGE, "a body's words stand before the title's");
    if (!make_room(b, e) || !keep_id(b, e->article->id, kept))
        return fh_fail_memory(err);
    fh_status status = title ? put_title(b, e, title, kept, err) : FH_OK;
    if (!status)
        status = put_body(b, e, body, kept, err);
    if (status)
        return status;
    kept->title_position = title ? title->position : 1;
    kept->body_position = body ? body->position : 1;
    fh_heads_writer_add(b->heads, e->article, e->fingerprint);
    b->words += kept->words;
    b->count++;
    return FH_OK;
}

fh_status fh_bundle_put(fh_bundle *b, const fh_entry *entry, fh_error *err)
{
    fh_error why = {0};
    if (b->failure.status)
        return fh_fail(err, b->failure.status, "%s", b->failure.message);
    if (b->count == b->most)
        return fh_fail(err, FH_EUSAGE, "more articles than the %zu of the batch", b->most);
    fh_status status = put(b, entry, &why);
    if (status) {
        /* What was counted of half an article cannot be told from the rest. */
        b->failure = why;
        fh_fail(err, status, "%s", why.message);
    }
    return status;
}

fh_status fh_bundle_end(fh_bundle *b, fh_error *err)
{
    if (b->failure.status)
        return fh_fail(err, b->failure.status, "%s", b->failure.message);
    count_uses(b);
    b->scratch->count = 0;
    b->met_count = b->scratch->mets.count;
    return FH_OK;
}
