/*
 * A scorer that looks at every word of every article: slow, and plain enough to be believed. What
 * it finds, scores and orders is what expr.h and engine.h mean; engines are measured against it.
 *
 * Give it all versions of all articles in order of their document numbers. Those that were
 * replaced or removed are dead: they are never found, but an index may count them until they are
 * merged away.
 */
#ifndef FH_TESTS_UNIT_EXHAUSTIVE_H
#define FH_TESTS_UNIT_EXHAUSTIVE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engines/engine.h"

/* k1 and b; a test may choose others than those of the day. */
#ifndef EX_K1
#define EX_K1 FH_BM25_K1
#define EX_B  FH_BM25_B
#endif

/* One word of an article. */
typedef struct ex_word {
    uint32_t forms[FH_FORMS]; /* by number among the texts of the corpus */
    uint32_t position;
    fh_field field; /* FH_FIELD_TITLE or FH_FIELD_BODY */
} ex_word;

typedef struct ex_article {
    fh_str source; /* empty: none */
    fh_date date;
    const ex_word *words;
    size_t count;
    bool live;
} ex_article;

typedef struct ex_corpus {
    const ex_article *articles;
    size_t count;
    const fh_str *texts; /* that the words have, each once */
    size_t text_count;
    bool counts_dead; /* n, df and avglen are those of all articles, not only of the live */
} ex_corpus;

/* What an expression says of one article. */
typedef struct ex_verdict {
    bool matches;
    double score;
    uint64_t
        print; /* the same for articles that no leaf can tell apart: same frequencies, same lengths */
} ex_verdict;

typedef struct ex_hit {
    size_t article; /* its place in the corpus */
    double score;   /* 0 unless sorted by relevance */
    fh_date date;
    uint64_t print;
} ex_hit;

/* All articles that match, in order. */
typedef struct ex_answer {
    ex_hit *hits;
    size_t count;
} ex_answer;

/* ---- The articles ---- */

static inline bool ex_is_counted(const ex_corpus *c, const ex_article *a)
{
    return a->live || c->counts_dead;
}

/* One print of two. */
static inline uint64_t ex_mix(uint64_t a, uint64_t b)
{
    uint64_t print = (a * 2 + 1) * 0x9E3779B97F4A7C15u ^ b;
    print *= 0xBF58476D1CE4E5B9u;
    return print ^ print >> 29;
}

/* n */
static inline double ex_number(const ex_corpus *c)
{
    double n = 0;
    for (size_t i = 0; i < c->count; i++)
        n += ex_is_counted(c, &c->articles[i]);
    return n;
}

/* avglen */
static inline double ex_average(const ex_corpus *c)
{
    double words = 0;
    for (size_t i = 0; i < c->count; i++)
        if (ex_is_counted(c, &c->articles[i]))
            words += (double)c->articles[i].count;
    return words / ex_number(c);
}

/* ---- Terms ---- */

/* The number of TEXT, or one that no word has. */
static inline uint32_t ex_find_text(const ex_corpus *c, fh_str text)
{
    for (uint32_t i = 0; i < c->text_count; i++)
        if (c->texts[i].len == text.len && memcmp(c->texts[i].ptr, text.ptr, text.len) == 0)
            return i;
    return UINT32_MAX;
}

/* Is W what TERM, whose text has NUMBER, looks for? */
static inline bool ex_is(const ex_word *w, const fh_expr *term, uint32_t number)
{
    bool fits = term->field == FH_FIELD_ANY || term->field == w->field;
    return fits && w->forms[term->form] == number;
}

/* Add tf' of TERM in each article to TF. */
static inline void ex_add_frequencies(const ex_corpus *c, const fh_expr *term, double *tf)
{
    uint32_t number = ex_find_text(c, term->text);
    for (size_t i = 0; i < c->count; i++) {
        const ex_article *a = &c->articles[i];
        for (size_t k = 0; k < a->count; k++)
            if (ex_is(&a->words[k], term, number))
                tf[i] += a->words[k].field == FH_FIELD_TITLE ? FH_TITLE_WEIGHT : 1;
    }
}

/* The idf of a term with the frequencies TF; 0 when no article has it. */
static inline double ex_idf(const ex_corpus *c, const double *tf)
{
    double n = ex_number(c), df = 0;
    for (size_t i = 0; i < c->count; i++)
        df += tf[i] > 0 && ex_is_counted(c, &c->articles[i]);
    return df > 0 ? log(1 + (n - df + .5) / (df + .5)) : 0;
}

/* k1 * (1 - b + b * len / AVERAGE) */
static inline double ex_norm(const ex_article *a, double average)
{
    const double k1 = EX_K1, b = EX_B;
    return k1 * (1 - b + b * (double)a->count / average);
}

/* What one term with the frequencies TF makes of each article. */
static inline void ex_score(const ex_corpus *c, const double *tf, double weight,
                            ex_verdict *out)
{
    double average = ex_average(c), idf = ex_idf(c, tf);
    for (size_t i = 0; i < c->count; i++) {
        out[i] = (ex_verdict){0};
        if (tf[i] == 0 || !c->articles[i].live)
            continue;
        double norm = ex_norm(&c->articles[i], average);
        out[i].matches = true;
        out[i].score = weight * idf * tf[i] * (EX_K1 + 1) / (tf[i] + norm);
        out[i].print = ex_mix((uint64_t)tf[i], c->articles[i].count);
    }
}

/* COUNT TERMS as if they were one: a TERM by itself, or ANY. */
static inline void ex_judge_terms(const ex_corpus *c, fh_expr *const *terms, size_t count,
                                  double weight, ex_verdict *out)
{
    double *tf = calloc(c->count + 1, sizeof *tf);
    for (size_t i = 0; i < count; i++)
        ex_add_frequencies(c, terms[i], tf);
    ex_score(c, tf, weight, out);
    free(tf);
}

/* BEST: of its terms, for each article, the one that gives most. */
static inline void ex_judge_best(const ex_corpus *c, const fh_expr *e, ex_verdict *out)
{
    ex_verdict *one = calloc(c->count + 1, sizeof *one);
    memset(out, 0, c->count * sizeof *out);
    for (size_t kid = 0; kid < e->count; kid++) {
        ex_judge_terms(c, &e->kids[kid], 1, (double)e->weight * (double)e->kids[kid]->weight,
                       one);
        for (size_t i = 0; i < c->count; i++) {
            out[i].matches = out[i].matches || one[i].matches;
            out[i].score = one[i].score > out[i].score ? one[i].score : out[i].score;
            out[i].print = ex_mix(out[i].print, one[i].print);
        }
    }
    free(one);
}

/* ---- Places ---- */

/* Is there a word in A at POSITION that TERM looks for? */
static inline bool ex_stands(const ex_article *a, const fh_expr *term, uint32_t number,
                             uint64_t position)
{
    for (size_t i = 0; i < a->count; i++)
        if (a->words[i].position == position && ex_is(&a->words[i], term, number))
            return true;
    return false;
}

static inline bool ex_has_phrase(const ex_article *a, const fh_expr *e, const uint32_t *numbers)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!ex_is(&a->words[i], e->kids[0], numbers[0]))
            continue;
        size_t kid = 1;
        while (kid < e->count && ex_stands(a, e->kids[kid], numbers[kid],
                                           (uint64_t)a->words[i].position +
                                               e->kids[kid]->offset - e->kids[0]->offset))
            kid++;
        if (kid == e->count)
            return true;
    }
    return false;
}

/*
 * Can the kids from KID on have places of their own, within the window, beside those that the
 * kids before took in USED, from LOW to HIGH?
 */
static inline bool ex_find_places(const ex_article *a, const fh_expr *e,
                                  const uint32_t *numbers, size_t kid, bool *used, uint32_t low,
                                  uint32_t high)
{
    if (kid == e->count)
        return true;
    for (size_t i = 0; i < a->count; i++) {
        uint32_t position = a->words[i].position;
        uint32_t first = position < low ? position : low;
        uint32_t last = position > high ? position : high;
        if (used[i] || !ex_is(&a->words[i], e->kids[kid], numbers[kid]))
            continue;
        if (kid > 0 && last - first >= e->window)
            continue;
        used[i] = true;
        bool found = ex_find_places(a, e, numbers, kid + 1, used, kid > 0 ? first : position,
                                    kid > 0 ? last : position);
        used[i] = false;
        if (found)
            return true;
    }
    return false;
}

static inline bool ex_has_near(const ex_article *a, const fh_expr *e, const uint32_t *numbers)
{
    bool *used = calloc(a->count + 1, sizeof *used);
    bool found = ex_find_places(a, e, numbers, 0, used, 0, 0);
    free(used);
    return found;
}

/* PHRASE or NEAR: the sum of what its words score, where they stand as they must. */
static inline void ex_judge_places(const ex_corpus *c, const fh_expr *e, ex_verdict *out)
{
    ex_verdict *one = calloc(c->count + 1, sizeof *one);
    uint32_t *numbers = calloc(e->count, sizeof *numbers);
    memset(out, 0, c->count * sizeof *out);
    for (size_t kid = 0; kid < e->count; kid++) {
        numbers[kid] = ex_find_text(c, e->kids[kid]->text);
        ex_judge_terms(c, &e->kids[kid], 1, 1, one);
        for (size_t i = 0; i < c->count; i++) {
            out[i].matches = one[i].matches && (kid == 0 || out[i].matches);
            out[i].score += one[i].score;
            out[i].print = ex_mix(out[i].print, one[i].print);
        }
    }
    for (size_t i = 0; i < c->count; i++) {
        const ex_article *a = &c->articles[i];
        out[i].matches =
            out[i].matches && (e->kind == FH_EXPR_PHRASE ? ex_has_phrase(a, e, numbers)
                                                         : ex_has_near(a, e, numbers));
        out[i].score = out[i].matches ? (double)e->weight * out[i].score : 0;
        out[i].print = ex_mix(out[i].print, out[i].matches);
    }
    free(numbers);
    free(one);
}

/* ---- Filters ---- */

static inline bool ex_passes(const ex_article *a, const fh_expr *e)
{
    switch (e->kind) {
    case FH_EXPR_ALL:
        return true;
    case FH_EXPR_SOURCE:
        return a->source.len == e->text.len &&
               memcmp(a->source.ptr, e->text.ptr, e->text.len) == 0;
    case FH_EXPR_DATE:
        return a->date.precision != FH_DATE_NONE && a->date.seconds >= e->first &&
               a->date.seconds <= e->last;
    default:
        return false;
    }
}

static inline void ex_judge_filter(const ex_corpus *c, const fh_expr *e, ex_verdict *out)
{
    for (size_t i = 0; i < c->count; i++) {
        const ex_article *a = &c->articles[i];
        out[i].matches = a->live && ex_passes(a, e);
        out[i].score = 0;
        out[i].print = out[i].matches;
    }
}

/* ---- Nodes ---- */

static inline void ex_judge(const ex_corpus *c, const fh_expr *e, ex_verdict *out);

/* Let what the KID-th kid says count in what its parent of KIND says. */
static inline void ex_combine(fh_expr_kind kind, size_t kid, const ex_verdict *says,
                              ex_verdict *parent)
{
    bool first = kid == 0, adds = false;
    switch (kind) {
    case FH_EXPR_OR:
        parent->matches = parent->matches || says->matches;
        adds = says->matches;
        break;
    case FH_EXPR_AND:
        parent->matches = (first || parent->matches) && says->matches;
        adds = says->matches;
        break;
    case FH_EXPR_NOT:
        parent->matches = first ? says->matches : parent->matches && !says->matches;
        adds = first;
        break;
    case FH_EXPR_FILTER:
        parent->matches = (first || parent->matches) && says->matches;
        adds = first;
        break;
    default: /* MAYBE */
        parent->matches = first ? says->matches : parent->matches;
        adds = says->matches;
    }
    parent->score += adds ? says->score : 0;
    parent->print = ex_mix(parent->print, says->print);
}

static inline void ex_judge_node(const ex_corpus *c, const fh_expr *e, ex_verdict *out)
{
    ex_verdict *says = calloc(c->count + 1, sizeof *says);
    memset(out, 0, c->count * sizeof *out);
    for (size_t kid = 0; kid < e->count; kid++) {
        ex_judge(c, e->kids[kid], says);
        for (size_t i = 0; i < c->count; i++)
            ex_combine(e->kind, kid, &says[i], &out[i]);
    }
    for (size_t i = 0; i < c->count; i++)
        out[i].score = out[i].matches ? out[i].score : 0;
    free(says);
}

/* out: OUT, what E says of each article. */
static inline void ex_judge(const ex_corpus *c, const fh_expr *e, ex_verdict *out)
{
    fh_expr *const alone[] = {(fh_expr *)(uintptr_t)e};
    switch (e->kind) {
    case FH_EXPR_TERM:
        ex_judge_terms(c, alone, 1, e->weight, out);
        break;
    case FH_EXPR_ANY:
        ex_judge_terms(c, e->kids, e->count, e->weight, out);
        break;
    case FH_EXPR_BEST:
        ex_judge_best(c, e, out);
        break;
    case FH_EXPR_PHRASE:
    case FH_EXPR_NEAR:
        ex_judge_places(c, e, out);
        break;
    case FH_EXPR_NOTHING:
    case FH_EXPR_ALL:
    case FH_EXPR_SOURCE:
    case FH_EXPR_DATE:
        ex_judge_filter(c, e, out);
        break;
    default:
        ex_judge_node(c, e, out);
    }
}

/* ---- Order ---- */

static inline int ex_by_number(const ex_hit *a, const ex_hit *b)
{
    return (a->article > b->article) - (a->article < b->article);
}

static inline int ex_by_score(const void *left, const void *right)
{
    const ex_hit *a = left, *b = right;
    return a->score != b->score ? (a->score < b->score) - (a->score > b->score)
                                : ex_by_number(a, b);
}

/* Undated articles come last, whichever way the dates go. */
static inline int ex_by_date(const ex_hit *a, const ex_hit *b, int direction)
{
    bool dated = a->date.precision != FH_DATE_NONE;
    if (dated != (b->date.precision != FH_DATE_NONE))
        return dated ? -1 : 1;
    if (!dated || a->date.seconds == b->date.seconds)
        return ex_by_number(a, b);
    return a->date.seconds < b->date.seconds ? -direction : direction;
}

static inline int ex_oldest_first(const void *left, const void *right)
{
    return ex_by_date(left, right, 1);
}

static inline int ex_newest_first(const void *left, const void *right)
{
    return ex_by_date(left, right, -1);
}

/* The articles of C that match by the VERDICTS, in the order SORT; free the hits. */
static inline ex_answer ex_order(const ex_corpus *c, const ex_verdict *verdicts, fh_sort sort)
{
    ex_answer answer = {.hits = calloc(c->count + 1, sizeof *answer.hits)};
    for (size_t i = 0; i < c->count; i++)
        if (verdicts[i].matches)
            answer.hits[answer.count++] =
                (ex_hit){.article = i,
                         .score = sort == FH_SORT_RELEVANCE ? verdicts[i].score : 0,
                         .date = c->articles[i].date,
                         .print = verdicts[i].print};
    qsort(answer.hits, answer.count, sizeof *answer.hits,
          sort == FH_SORT_RELEVANCE ? ex_by_score
          : sort == FH_SORT_DATE    ? ex_newest_first
                                    : ex_oldest_first);
    return answer;
}

#endif
