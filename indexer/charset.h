/*
 * In which character set are foreign bytes? What can be known for certain comes first:
 *
 *   valid UTF-8, a byte order mark, what the bytes declare themselves, what their statistics say
 *
 * A declaration is believed only when the text that it gives looks like text: many pages of the
 * windows-1256 years call themselves ISO-8859-1. Where nothing gives text, the bytes are
 * refused, with what was tried: nothing is guessed into mojibake.
 *
 * Bytes that are UTF-8 but for a few bad sequences stay UTF-8: see decoder.h for those.
 */
#ifndef FH_INDEXER_CHARSET_H
#define FH_INDEXER_CHARSET_H

#include "base/buffer.h"
#include "base/status.h"

/* The most bytes of a sample that are looked at. */
#define FH_CHARSET_SAMPLE_MAX (64u * 1024)

/* How a character set was decided, the surest first. */
typedef enum fh_charset_ground {
    FH_CHARSET_VALID,    /* the bytes are valid UTF-8 */
    FH_CHARSET_MARK,     /* a byte order mark says so */
    FH_CHARSET_REPAIRED, /* UTF-8, but for a few bad sequences */
    FH_CHARSET_DECLARED, /* the bytes declare it, and it gives text */
    FH_CHARSET_DETECTED  /* nothing declares it, and it alone gives text */
} fh_charset_ground;

typedef struct fh_charset {
    const char *name; /* as iconv knows it; a static string */
    fh_charset_ground ground;
    size_t mark;    /* bytes of the byte order mark, which is no text */
    bool overruled; /* another one was declared, and gives no text */
} fh_charset;

/* What there is to decide by. */
typedef struct fh_charset_sample {
    fh_str bytes;    /* FH_CHARSET_SAMPLE_MAX of them are enough */
    bool starts;     /* the text begins here: a mark may stand here */
    bool ends;       /* the text ends here; else its last character may be cut */
    fh_str declared; /* the name that was declared, or the empty text */
} fh_charset_sample;

/* Decide. Fails with FH_EFORMAT, saying what was tried. */
fh_status fh_charset_decide(const fh_charset_sample *sample, fh_charset *out, fh_error *err);

/*
 * The bytes at the beginning of TEXT that are ASCII without control characters. They are the
 * same in all the sets of one byte a character, and say nothing of which it is.
 */
size_t fh_charset_plain(fh_str text);

/* Is it UTF-8, so that bytes need no conversion? */
bool fh_charset_is_utf8(const fh_charset *c);

#define FH_CHARSET_TEXT_MAX 80

/* `windows-1256 (detected)`, for -v. Returns OUT. */
char *fh_charset_describe(const fh_charset *c, char out[static FH_CHARSET_TEXT_MAX]);

#endif
