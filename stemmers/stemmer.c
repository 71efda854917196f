#include "stemmers/stemmer.h"

#include <string.h>

static const fh_stemmer table[] = {
    {"light", "clitics and suffixes off the folded word, by word frequencies (our own)", false,
     fh_light_open, fh_light_stem, fh_light_close},
    {"snowball", "the Arabic stemmer of libstemmer on the word as written", true,
     fh_snowball_open, fh_snowball_stem, fh_snowball_close},
    {"snowball-folded", "the same on the folded word without its article", false,
     fh_snowball_open, fh_snowball_stem_bare, fh_snowball_close},
    {"none", "no stemmer: the folded word itself", false, fh_stemmer_open_nothing, fh_none_stem,
     fh_stemmer_close_nothing},
};

const fh_stemmer *fh_stemmer_table(size_t *count)
{
    *count = sizeof table / sizeof *table;
    return table;
}

const fh_stemmer *fh_stemmer_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

fh_status fh_stemmer_open_nothing(void **state, fh_error *err)
{
    (void)err;
    *state = NULL;
    return FH_OK;
}

void fh_stemmer_close_nothing(void *state)
{
    (void)state;
}
