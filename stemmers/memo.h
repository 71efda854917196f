/*
 * The spellings met so far, numbered from 0, and what was found out about each: so that a word
 * that comes again costs one look-up, whose place in memory was fetched before.
 *
 * A memo only grows, so that every number it gave holds; it says when it has grown beyond its
 * limit, and its owner decides when to forget all and let the numbers begin anew.
 */
#ifndef FH_STEMMERS_MEMO_H
#define FH_STEMMERS_MEMO_H

#include "stemmers/analysis.h"

/* No number. */
#define FH_MEMO_NONE UINT32_MAX

/*
 * Under what a spelling is kept: its bytes themselves, behind them zeros, when they are few; of a
 * longer one a checksum and the length, with a last part that no text in UTF-8 has.
 */
typedef struct fh_memo_key {
    uint64_t part[3];
    uint64_t hash; /* of the parts */
} fh_memo_key;

typedef struct fh_memo fh_memo;

/* A memo that is full at about LIMIT bytes (of which it begins with few), or NULL. */
fh_memo *fh_memo_new(size_t limit);
void fh_memo_free(fh_memo *m);
void fh_memo_set_limit(fh_memo *m, size_t limit);

/*
 * The keys of COUNT words of TEXT, those at the spans of TOKENS, which are not empty and without a
 * NUL byte. What fh_memo_find() will read is fetched into the processor's cache.
 */
void fh_memo_prepare(const fh_memo *m, fh_str text, const fh_token *tokens, size_t count,
                     fh_memo_key *keys);

/*
 * Number the COUNT words at TOKENS, whose KEYS were prepared, up to the first one that is not kept;
 * returns how many were numbered.
 *
 * in/out: *NO_WORDS grows by how many of them have neither form.
 */
size_t fh_memo_find(const fh_memo *m, fh_str text, const fh_memo_key *keys, fh_token *tokens,
                    size_t count, uint32_t *no_words);

/*
 * Keep FORMS, each at most FH_TERM_MAX bytes, for WORD, which is not kept yet. Returns its number,
 * FH_MEMO_NONE when memory ran out.
 */
uint32_t fh_memo_add(fh_memo *m, const fh_memo_key *key, fh_str word,
                     const fh_str forms[FH_FORMS]);

/* out: what is kept under NUMBER; valid until the next add or forget. */
void fh_memo_spell(const fh_memo *m, uint32_t number, fh_spelling *spelling);

/* The shapes of the forms kept under NUMBER; see fh_analysis_shape(). */
fh_shapes fh_memo_shapes(const fh_memo *m, uint32_t number);

/* How many spellings there are. */
uint32_t fh_memo_count(const fh_memo *m);

/* Does it take more than its limit? */
bool fh_memo_is_full(const fh_memo *m);

/* Forget all, and give back what goes beyond the limit. */
void fh_memo_forget(fh_memo *m);

#endif
