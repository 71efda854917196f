/*
 * Does a text of one byte a character read as Arabic, or as Latin? This is how a character set
 * is told from another that gives other letters for the same bytes.
 */
#ifndef FH_INDEXER_SCRIPT_H
#define FH_INDEXER_SCRIPT_H

#include "base/types.h"

/* The character that each byte stands for; 0 (but for the byte 0) where it stands for none. */
typedef struct fh_code_page {
    uint32_t codes[256];
} fh_code_page;

typedef struct fh_script_score {
    size_t letters; /* of the script, ASCII letters not counted */
    size_t ascii;   /* ASCII letters */
    size_t faults;  /* characters that no text of the script has, or not in that place */
    int64_t
        tenths; /* of a bit: how much likelier the letters are than random ones, faults off */
} fh_script_score;

/*
 * How well TEXT, read by PAGE, looks like Arabic: by how often each letter is used in Arabic,
 * and by what never happens inside a word, such as a Latin letter with an accent between Arabic
 * ones.
 *
 * source: our own, see tests/unit/test_charset.c. The frequencies were counted over 10,006
 * articles of three journals, 1898-1940 (OpenArabicPE, CC BY-SA 4.0); those of news differ
 * little.
 */
fh_script_score fh_script_arabic(fh_str text, const fh_code_page *page);

/*
 * How well TEXT, read by PAGE, looks like a language written in Latin letters; `tenths` stays
 * 0.
 */
fh_script_score fh_script_latin(fh_str text, const fh_code_page *page);

#endif
