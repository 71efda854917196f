#include "stemmers/stemmer.h"

#include <libstemmer.h>
#include <string.h>

#include "base/utf8.h"

fh_status fh_snowball_open(void **state, fh_error *err)
{
    *state = sb_stemmer_new("arabic", "UTF_8");
    return *state ? FH_OK
                  : fh_fail(err, FH_EUNSUPPORTED,
                            "libstemmer has no Arabic stemmer or no memory: install version 2");
}

void fh_snowball_close(void *state)
{
    sb_stemmer_delete(state);
}

/* A word that libstemmer leaves nothing of, or has no memory for, is its own stem. */
size_t fh_snowball_stem(void *state, char *word, size_t len)
{
    const sb_symbol *stem = sb_stemmer_stem(state, (const sb_symbol *)word, (int)len);
    int stem_len = stem ? sb_stemmer_length(state) : 0;
    if (stem_len <= 0)
        return len;
    size_t size = (size_t)stem_len;
    if (size > FH_TERM_MAX)
        size = fh_utf8_cut((const char *)stem, FH_TERM_MAX);
    memcpy(word, stem, size);
    return size;
}

size_t fh_snowball_stem_bare(void *state, char *word, size_t len)
{
    return fh_snowball_stem(state, word, fh_light_bare(word, len));
}
