#include "tests/fuzz/format_target.h"

/* Tables of any bytes; a record has a line of its own. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return feed_format(&fh_format_csv, 1, data, size);
}
