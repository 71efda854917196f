#include "stemmers/stemmer.h"

size_t fh_none_stem(void *state, char *word, size_t len)
{
    (void)state;
    (void)word;
    return len;
}
