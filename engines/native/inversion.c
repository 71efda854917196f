#include "engines/native/inversion.h"

#include <stdlib.h>
#include <string.h>

#include "engines/lettercode.h"
#include "engines/native/code_order.h"

/* An article's number is below this, which marks a word of its title. */
#define IN_TITLE 0x80000000u

/* ---- Terms in order ---- */

static bool encode_terms(fh_inversion *v, const fh_numbering *terms)
{
    uint64_t bytes = 0;
    for (uint32_t n = 0; n < v->count; n++)
        bytes += FH_LETTERS_CODED((uint64_t)fh_numbering_get(terms, n).len);
    v->codes = fh_memory_take((size_t)bytes);
    v->ends = fh_memory_take(v->count * sizeof *v->ends);
    if (!v->codes || !v->ends)
        return false;
    uint64_t at = 0;
    for (uint32_t n = 0; n < v->count; n++) {
        at += fh_letters_encode(fh_numbering_get(terms, n), v->codes + at);
        v->ends[n] = at;
    }
    return true;
}

static fh_str code_of(const fh_inversion *v, uint32_t n)
{
    uint64_t start = n > 0 ? v->ends[n - 1] : 0;
    return (fh_str){v->codes + start, (size_t)(v->ends[n] - start)};
}

/* The rank of each term, for free(), or NULL; sets `starts`. */
static uint32_t *rank_terms(fh_inversion *v, const uint32_t *tokens)
{
    uint32_t *ranks = fh_memory_take(v->count * sizeof *ranks);
    v->starts = fh_memory_take(((size_t)v->count + 1) * sizeof *v->starts);
    if (!ranks || !v->starts) {
        free(ranks);
        return NULL;
    }
    v->starts[0] = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        ranks[v->order[i]] = i;
        v->starts[i + 1] = v->starts[i] + tokens[v->order[i]];
    }
    return ranks;
}

/* What each bundle's spellings are in this form. */
static bool rank_spellings(fh_inversion *v, const uint32_t *terms)
{
    const fh_gathering *g = v->gathering;
    v->ranks = calloc(g->count + 1, sizeof *v->ranks);
    if (!v->ranks)
        return false;
    for (size_t i = 0; i < g->count; i++) {
        const fh_bundle *b = g->bundles[i];
        uint32_t *ranks = malloc((b->met_count + 1) * sizeof *ranks);
        if (!ranks)
            return false;
        for (size_t k = 0; k < b->met_count; k++) {
            uint32_t term = g->gathered[b->numbers[k]].terms[v->form];
            ranks[k] = term < FH_NO_TERM ? terms[term] : term;
        }
        v->ranks[i] = ranks;
    }
    return true;
}

static bool make(fh_inversion *v)
{
    if (!encode_terms(v, &v->gathering->terms[v->form]) ||
        !(v->order = fh_code_order(v->codes, v->ends, v->count)))
        return false;
    uint32_t *terms = rank_terms(v, v->gathering->tokens[v->form]);
    bool ranked = terms && rank_spellings(v, terms);
    free(terms);
    return ranked;
}

fh_status fh_inversion_make(const fh_gathering *g, fh_form form, fh_inversion *out,
                            fh_error *err)
{
    *out = (fh_inversion){.gathering = g, .form = form, .count = g->terms[form].count};
    if (make(out))
        return FH_OK;
    fh_inversion_free(out);
    return fh_fail_memory(err);
}

void fh_inversion_free(fh_inversion *v)
{
    for (size_t i = 0; v->ranks && i < v->gathering->count; i++)
        free(v->ranks[i]);
    free(v->ranks);
    free(v->order);
    free(v->starts);
    free(v->codes);
    free(v->ends);
    *v = (fh_inversion){0};
}

void fh_inversion_cut(const fh_inversion *v, uint32_t unit, size_t count, uint32_t *cuts)
{
    size_t cut = 1;
    cuts[0] = 0;
    for (uint32_t i = 0; i < v->count && cut < count; i += unit)
        if (v->starts[i] * count >= v->starts[v->count] * cut)
            cuts[cut++] = i;
    while (cut <= count)
        cuts[cut++] = v->count;
}

/* ---- Dealing words out ---- */

/* A word of a row: where it stands. */
typedef struct standing {
    uint32_t article; /* with IN_TITLE */
    uint32_t position;
} standing;

/* The rows of a range of terms. */
typedef struct range {
    uint32_t from;
    uint32_t count; /* of terms */
    uint32_t *next; /* where the next word of each goes */
    standing *words;
} range;

/* So many pieces are looked through before those of the range are dealt out. */
#define STRIDE 512

/* Pieces of the range among some. */
typedef struct picked {
    size_t count;
    uint32_t terms[STRIDE];     /* counted from the range's first */
    uint32_t positions[STRIDE]; /* words before it */
} picked;

/*
 * Pick the terms of R among COUNT pieces, at most STRIDE; POSITION words stand before them.
 * Returns how many stand before what follows. There is no jump on a term: whether it is of the
 * range cannot be foretold.
 */
static uint32_t pick(const range *r, const uint32_t *pieces, size_t count,
                     const uint32_t *ranks, uint32_t position, picked *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t rank = ranks[pieces[i]];
        out->terms[n] = rank - r->from;
        out->positions[n] = position;
        n += rank - r->from < r->count;
        position += rank != FH_NO_WORD;
    }
    out->count = n;
    return position;
}

/* Deal COUNT pieces out, words of ARTICLE from POSITION on. */
static void deal(range *r, const uint32_t *pieces, size_t count, const uint32_t *ranks,
                 uint32_t article, uint32_t position)
{
    picked p;
    for (size_t at = 0; at < count; at += STRIDE) {
        size_t some = count - at < STRIDE ? count - at : STRIDE;
        position = pick(r, pieces + at, some, ranks, position, &p);
        for (size_t i = 0; i < p.count; i++)
            r->words[r->next[p.terms[i]]++] = (standing){article, p.positions[i]};
    }
}

/* Deal the words of B out, whose first article has the number ARTICLE. */
static void deal_bundle(range *r, const fh_bundle *b, const uint32_t *ranks, uint32_t article)
{
    const uint32_t *pieces = b->pieces.at;
    for (size_t i = 0; i < b->count; i++, article++) {
        const fh_kept *k = &b->articles[i];
        const uint32_t *body = pieces + k->titles;
        deal(r, pieces, k->titles, ranks, article | IN_TITLE, k->title_position);
        deal(r, body, k->pieces, ranks, article, k->body_position);
        pieces = body + k->pieces;
    }
}

void fh_rows_free(fh_rows *r)
{
    free(r->words);
    free(r->next);
    free(r->articles);
    free(r->counts);
    free(r->titles);
    *r = (fh_rows){0};
}

/* Room for the words of some terms and for the postings of one. What was there is gone. */
static bool make_room(fh_rows *r, size_t words, size_t terms, size_t articles)
{
    if (words > r->words_room) {
        free(r->words);
        r->words = fh_memory_take(words * sizeof(standing));
        r->words_room = r->words ? words : 0;
    }
    if (articles > r->room) {
        free(r->articles);
        free(r->counts);
        free(r->titles);
        r->articles = fh_memory_take(articles * sizeof *r->articles);
        r->counts = fh_memory_take(articles * sizeof *r->counts);
        r->titles = fh_memory_take(articles * sizeof *r->titles);
        r->room = r->articles && r->counts && r->titles ? articles : 0;
    }
    return r->words_room >= words && r->room >= articles &&
           fh_array_grow(&r->next, &r->next_room, terms, sizeof *r->next);
}

/* Fill the rows of the terms at [FROM, TO). */
static range fill_range(const fh_inversion *v, uint32_t from, uint32_t to, fh_rows *rows)
{
    const fh_gathering *g = v->gathering;
    uint32_t article = 0;
    range r = {.from = from, .count = to - from, .next = rows->next, .words = rows->words};
    for (uint32_t i = from; i < to; i++)
        r.next[i - from] = (uint32_t)(v->starts[i] - v->starts[from]);
    for (size_t i = 0; i < g->count; i++) {
        deal_bundle(&r, g->bundles[i], v->ranks[i], article);
        article += (uint32_t)g->bundles[i]->count;
    }
    return r;
}

/* ---- Reading rows off ---- */

/*
 * Read the articles of a row off, without a jump for each word: where a new article begins cannot
 * be foretold.
 */
static fh_postings read_articles(const standing *row, size_t count, const fh_rows *h)
{
    size_t last = 0; /* posting */
    uint32_t any = row[0].article;
    uint32_t article = row[0].article & ~IN_TITLE;
    for (size_t i = 0; i < count; i++) {
        uint32_t next = row[i].article & ~IN_TITLE;
        any |= row[i].article;
        last += next != article;
        article = next;
        h->articles[last] = article;
        h->counts[last] = (uint32_t)i + 1; /* so far: the end of its words */
    }
    for (size_t p = last; p > 0; p--)
        h->counts[p] -= h->counts[p - 1];
    return (fh_postings){.articles = h->articles,
                         .counts = h->counts,
                         .titles = any & IN_TITLE ? h->titles : NULL,
                         .count = last + 1};
}

/* How many of the words of each posting are in the title. */
static void read_titles(const standing *row, const fh_postings *p, uint32_t *titles)
{
    for (size_t i = 0; i < p->count; i++) {
        titles[i] = 0;
        for (uint32_t k = 0; k < p->counts[i]; k++, row++)
            titles[i] += row->article / IN_TITLE;
    }
}

/* The positions of a row, in place of its beginning. */
static const uint32_t *read_positions(standing *row, size_t count)
{
    uint32_t *positions = &row->article;
    for (size_t i = 0; i < count; i++)
        positions[i] = row[i].position;
    return positions;
}

/* The postings of the term at PLACE of the order; it has words. */
static fh_postings read_row(const fh_inversion *v, const range *r, uint32_t place,
                            const fh_rows *h)
{
    size_t start = (size_t)(v->starts[place] - v->starts[r->from]);
    size_t count = (size_t)(v->starts[place + 1] - v->starts[place]);
    standing *row = r->words + start;
    fh_postings p = read_articles(row, count, h);
    if (p.titles)
        read_titles(row, &p, h->titles);
    p.positions = read_positions(row, count);
    return p;
}

static void write_range(const fh_inversion *v, const uint32_t *lengths, const range *r,
                        const fh_rows *h, fh_terms_writer *w)
{
    for (uint32_t i = r->from; i < r->from + r->count; i++) {
        if (v->starts[i + 1] == v->starts[i])
            continue;
        fh_postings postings = read_row(v, r, i, h);
        fh_terms_writer_add(w, code_of(v, v->order[i]), &postings, lengths, FH_TITLE_WEIGHT);
    }
}

fh_status fh_inversion_write(const fh_inversion *v, const uint32_t *lengths, uint32_t from,
                             uint32_t to, fh_rows *rows, fh_terms_writer *w, fh_error *err)
{
    if (from == to)
        return FH_OK;
    size_t words = (size_t)(v->starts[to] - v->starts[from]);
    if (!make_room(rows, words, to - from, v->gathering->articles))
        return fh_fail_memory(err);
    range r = fill_range(v, from, to, rows);
    write_range(v, lengths, &r, rows, w);
    return FH_OK;
}
