#include "indexer/progress.h"

#include <inttypes.h>

#define MEGABYTE 1e6

/* Before so many seconds a rate says nothing about the time left. */
#define SETTLED_SECONDS 1.0

void fh_progress_write_size(uint64_t bytes, fh_buffer *out)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1000 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1000;
        unit++;
    }
    fh_buffer_printf(out, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void write_bar(double part, size_t width, fh_buffer *out)
{
    size_t full = (size_t)(part * (double)width);
    fh_buffer_add_byte(out, '[');
    for (size_t i = 0; i < width; i++)
        fh_buffer_add_byte(out, i < full ? '#' : '.');
    fh_buffer_add(out, "] ", 2);
}

static void write_time_left(double seconds, fh_buffer *out)
{
    uint64_t left = (uint64_t)(seconds + 0.5);
    uint64_t hours = left / 3600, minutes = left / 60 % 60;
    fh_buffer_add_str(out, FH_STR(", "));
    if (hours > 0)
        fh_buffer_printf(out, "%" PRIu64 ":%02" PRIu64, hours, minutes);
    else
        fh_buffer_printf(out, "%" PRIu64, minutes);
    fh_buffer_printf(out, ":%02" PRIu64 " left", left % 60);
}

void fh_progress_write(const fh_build_progress *p, double seconds, size_t bar, fh_buffer *out)
{
    double part = p->total > 0 ? (double)p->done / (double)p->total : 0;
    fh_buffer_clear(out);
    if (p->total > 0 && bar > 0)
        write_bar(part, bar, out);
    if (p->total > 0)
        fh_buffer_printf(out, "%.0f%%, ", part * 100);
    fh_buffer_printf(out, "%" PRIu64 " article%s", p->articles, p->articles == 1 ? "" : "s");
    if (p->publishing)
        fh_buffer_add_str(out, FH_STR(", publishing"));
    if (p->publishing || seconds < SETTLED_SECONDS)
        return;
    fh_buffer_printf(out, ", %.1f MB/s", (double)p->done / MEGABYTE / seconds);
    if (part > 0)
        write_time_left(seconds / part * (1 - part), out);
}
