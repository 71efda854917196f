/*
 * What was found out about a word, kept by its bytes as the text has them, so that a word that
 * comes again costs one hash and one comparison. Bounded: when it is full it forgets all and
 * begins anew.
 */
#ifndef FH_STEMMERS_MEMO_H
#define FH_STEMMERS_MEMO_H

#include "base/types.h"

/* The forms of one word; a word that is none has no folded form and no stem. */
typedef struct fh_forms {
    fh_str folded;
    fh_str stem;
} fh_forms;

typedef struct fh_memo fh_memo;

/* A memo that takes at most about LIMIT bytes (of which it begins with few), or NULL. */
fh_memo *fh_memo_new(size_t limit);
void fh_memo_free(fh_memo *m);

/* Under what WORD is kept. */
uint64_t fh_memo_hash(fh_str word);

/* Fetch what the next fh_memo_find() of HASH will read into the processor's cache. */
void fh_memo_prefetch(const fh_memo *m, uint64_t hash);

/* out: *FORMS of WORD, valid until the next add; false when they are not known. */
bool fh_memo_find(const fh_memo *m, fh_str word, uint64_t hash, fh_forms *forms);

/* Keep *FORMS, each at most FH_TERM_MAX bytes, for WORD, which is not kept yet. */
void fh_memo_add(fh_memo *m, fh_str word, uint64_t hash, const fh_forms *forms);

#endif
