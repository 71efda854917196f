/*
 * What this engine keeps in a Xapian database. For engines/xapian/ only.
 *
 *   terms   a letter, then the text in the code of lettercode.h, which halves Arabic keys
 *     N S   folded form with positions, stem without; a title word weighs FH_TITLE_WEIGHT
 *     n s   the same for words of the title alone
 *     Q O D id, origin, source, in UTF-8; a long one is cut and told apart by its checksum
 *   values  by slot, below
 *   data    the body's part of the article's record (record.h), which Xapian deflates; the head
 *           is a value, so that a list of results inflates nothing, unless it is long: then the
 *           data begin with it and the value is empty
 *   note    NOTE_STATE: generation and text bytes, decimal, a space between; written with the
 *           data, in the same commit
 */
#ifndef FH_ENGINES_XAPIAN_DATA_H
#define FH_ENGINES_XAPIAN_DATA_H

#include "engines/engine.h"
#include "engines/lettercode.h"
#include "engines/xapian/xapian_shim.h"

#define PREFIX_ID     'Q'
#define PREFIX_ORIGIN 'O'
#define PREFIX_SOURCE 'D'

/* Value slots. */
#define SLOT_DATE        0 /* sortable seconds; nothing without a date */
#define SLOT_FINGERPRINT 1 /* 8 bytes, little-endian */
#define SLOT_DATE_UP     2 /* as SLOT_DATE, but without a date what sorts behind every date */
#define SLOT_HEAD        3 /* the head of the record, up to HEAD_VALUE_MAX bytes */

#define HEAD_VALUE_MAX 1000

#define NOTE_STATE "state"

/* A term or key with its letter. */
typedef struct fh_xterm {
    size_t len;
    char bytes[1 + FH_LETTERS_CODED(FH_TERM_MAX)];
} fh_xterm;

/*
 * The term of TEXT, whose length is at most FH_TERM_MAX. False when its code is too long: no
 * UTF-8.
 */
bool fh_xterm_word(fh_xterm *t, fh_form form, fh_field field, fh_str text);

/* The letter before the terms of FORM in FIELD. */
char fh_xterm_letter(fh_form form, fh_field field);

/*
 * The key of TEXT under LETTER. A text of more than FH_XTERM_WHOLE bytes, or with a NUL byte,
 * is cut at FH_XTERM_CUT bytes or there, and followed by a NUL byte and its XXH3-128 in
 * hexadecimal; so no other text has its key, and a key with a NUL byte is a cut one.
 */
void fh_xterm_key(fh_xterm *t, char letter, fh_str text);

#define FH_XTERM_WHOLE 200
#define FH_XTERM_CUT   160

/* The part of TEXT that its key holds whether it is cut or not. */
fh_str fh_xterm_stem(fh_str text);

fh_str fh_xterm_str(const fh_xterm *t);

/* SECONDS as a value of SLOT_DATE; returns its length. */
size_t fh_xdate(int64_t seconds, char out[FHX_SORTABLE_MAX]);

/* What to show of a document to read its head, and to read all of it. */
#define WANT_HEAD ((fhx_want){SLOT_HEAD, false})
#define WANT_ALL  ((fhx_want){SLOT_HEAD, true})

/*
 * Read the article that is SHOWN as WANT_HEAD or, with BODY, as WANT_ALL, into texts made in
 * ARENA. out: *ARTICLE; *TEXT_BYTES, of title and body, where it is not NULL. ARTICLE may be
 * NULL.
 */
fh_status fh_xapian_read(const fhx_shown *shown, bool body, fh_arena *arena,
                         fh_article *article, uint64_t *text_bytes, fh_error *err);

/* The fingerprint that document NUMBER was put with. */
fh_status fh_xapian_fingerprint(fhx_base *base, uint32_t number, uint64_t *fingerprint,
                                fh_error *err);

/* Fill in what the data themselves know; generation and counts are 0 when BASE is NULL. */
fh_status fh_xapian_stats(fhx_base *base, fh_index_stats *stats, fh_error *err);

/* Query: the nodes of EXPR, made in ARENA. */
fh_status fh_xapian_query(const fh_expr *expr, fh_arena *arena, const fhx_node **nodes,
                          size_t *count, fh_error *err);

/*
 * Verify the structure of every table of the database in the folder DATA.
 * Fails with FH_ECORRUPT, naming the file.
 */
fh_status fh_xtables_check(const char *data, fh_error *err);

/*
 * Are all tables there that BASE, open in the folder DATA, cannot do without? Xapian takes one that
 * is missing for one that is empty: phrases would then match as words anywhere, and deleting would
 * leave postings behind. Fails with FH_ECORRUPT, naming the file.
 */
fh_status fh_xtables_find(const char *data, fhx_base *base, fh_error *err);

#endif
