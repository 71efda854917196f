/*
 * The tokens of one line of JSON: its punctuation, texts, numbers and words.
 *
 * What fails says so in the scan's error, with the byte, and gives false.
 */
#ifndef FH_INDEXER_JSON_SCAN_H
#define FH_INDEXER_JSON_SCAN_H

#include "base/buffer.h"
#include "base/status.h"

/* Beside as many bytes as the line has, so many more fit among the unescaped texts. */
#define FH_JSON_SPARE 1024

typedef struct fh_json_scan {
    const char *start, *at, *end; /* the line, valid UTF-8, and the next byte in it */
    fh_buffer *unescaped;         /* texts that had escapes, one behind the other */
    fh_error *err;
} fh_json_scan;

/* Fail for REASON: the byte at PLACE, or the next one, cannot be right. */
bool fh_json_scan_fail_at(fh_json_scan *s, const char *place, const char *reason);
bool fh_json_scan_fail(fh_json_scan *s, const char *reason);
bool fh_json_scan_fail_memory(fh_json_scan *s);

void fh_json_scan_space(fh_json_scan *s);

/* Is BYTE next, behind white space? Then step over it. This is no failure otherwise. */
bool fh_json_scan_take(fh_json_scan *s, char byte);

/* Step over a text, behind its opening quote. *TEXT is its value, in the line or among the unescaped. */
bool fh_json_scan_text(fh_json_scan *s, fh_str *text);

/*
 * Step over a number, at its minus sign or first digit. *NUMBER is what was read; *REAL says whether it has a fraction or an exponent.
 * An integer of more than 64 bits fails, and what is no finite double.
 */
bool fh_json_scan_number(fh_json_scan *s, fh_str *number, bool *real);

bool fh_json_scan_word(fh_json_scan *s, fh_str word);

/*
 * Make room among the unescaped texts for all of the line, before the first of them: they are not longer
 * than what they were written as, and none of them moves.
 */
bool fh_json_scan_room(fh_json_scan *s);
/* Append to the unescaped texts, where there is room. */
void fh_json_scan_append(fh_json_scan *s, const char *bytes, size_t len);

/* The first quote, backslash or control character in [AT, END), or END. */
const char *fh_json_special(const char *at, const char *end);

#endif
