/*
 * What the exhaustive scorer raises articles by, as fh_rerank means it.
 */
#ifndef FH_TESTS_UNIT_EXHAUSTIVE_RAISE_H
#define FH_TESTS_UNIT_EXHAUSTIVE_RAISE_H

#include "tests/unit/exhaustive.h"

/* Does the SECOND word stand at one of the positions [FROM, TO] of A? */
static inline bool ex_stands_within(const ex_article *a, const fh_expr *second, uint32_t number,
                                    int64_t from, int64_t to)
{
    for (size_t i = 0; i < a->count; i++) {
        int64_t position = a->words[i].position;
        if (position >= from && position <= to && ex_is(&a->words[i], second, number))
            return true;
    }
    return false;
}

/*
 * How much the places of the first word of the PAIR in A count that have the second among the BEFORE
 * words before and the BEHIND words behind them; -1: only words behind.
 */
static inline double ex_count_places(const ex_article *a, const fh_expr *const pair[2],
                                     const uint32_t numbers[2], int64_t before, int64_t behind)
{
    double count = 0;
    for (size_t i = 0; i < a->count; i++) {
        int64_t position = a->words[i].position;
        if (ex_is(&a->words[i], pair[0], numbers[0]) &&
            ex_stands_within(a, pair[1], numbers[1], position - before, position + behind))
            count += a->words[i].field == FH_FIELD_TITLE ? FH_TITLE_WEIGHT : 1;
    }
    return count;
}

/* Add to RAISED what each article is raised by for the word LEAF at the beginning of its body. */
static inline void ex_raise_lead(const ex_corpus *c, const fh_rerank *r, const fh_expr *leaf,
                                 double *raised)
{
    double *tf = calloc(c->count + 1, sizeof *tf);
    uint32_t number = ex_find_text(c, leaf->text);
    ex_add_frequencies(c, leaf, tf);
    double worth = (double)leaf->weight * ex_idf(c, tf) * (EX_K1 + 1);
    double average = ex_average(c);
    for (size_t i = 0; i < c->count; i++) {
        const ex_article *a = &c->articles[i];
        double norm = ex_norm(a, average), more = tf[i];
        for (size_t k = 0; k < a->count; k++)
            if (ex_is(&a->words[k], leaf, number) && a->words[k].field == FH_FIELD_BODY &&
                a->words[k].position <= r->lead)
                more += (double)r->lead_weight;
        if (tf[i] > 0)
            raised[i] += worth * (more / (more + norm) - tf[i] / (tf[i] + norm));
    }
    free(tf);
}

/* Add to RAISED what each article is raised by for a PAIR of words that stands together. */
static inline void ex_raise_pair(const ex_corpus *c, const fh_rerank *r,
                                 const fh_expr *const pair[2], double *raised)
{
    uint32_t numbers[2];
    double average = ex_average(c), worth = 0;
    double *tf = calloc(c->count + 1, sizeof *tf);
    for (size_t i = 0; i < 2; i++) {
        numbers[i] = ex_find_text(c, pair[i]->text);
        memset(tf, 0, c->count * sizeof *tf);
        ex_add_frequencies(c, pair[i], tf);
        worth += ex_idf(c, tf) / 2 * (EX_K1 + 1);
    }
    for (size_t i = 0; i < c->count; i++) {
        const ex_article *a = &c->articles[i];
        double norm = ex_norm(a, average);
        double m = ex_count_places(a, pair, numbers, -1, 1);
        double n = ex_count_places(a, pair, numbers, r->window, r->window);
        if (m + n == 0)
            continue;
        raised[i] +=
            worth * ((double)r->ordered * m / (m + norm) + (double)r->close * n / (n + norm));
    }
    free(tf);
}

static inline bool ex_differ(fh_str a, fh_str b)
{
    return a.len != b.len || memcmp(a.ptr, b.ptr, a.len) != 0;
}

/* What each article would be raised by, if it is among the best; for free(). */
static inline double *ex_raise(const ex_corpus *c, const fh_rerank *r)
{
    double *raised = calloc(c->count + 1, sizeof *raised);
    for (size_t i = 0; i < r->count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= r->words[k] == r->words[i];
        if (!again)
            ex_raise_lead(c, r, r->words[i], raised);
        if (i > 0 && ex_differ(r->words[i - 1]->text, r->words[i]->text))
            ex_raise_pair(c, r, &r->words[i - 1], raised);
    }
    return raised;
}

#endif
