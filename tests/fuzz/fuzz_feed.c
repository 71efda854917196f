#include "tests/fuzz/format_target.h"

/* Feeds of any bytes; items may share a line. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return feed_format(&fh_format_feed, 0, data, size);
}
