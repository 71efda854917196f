#include "indexer/wording.h"

#include <inttypes.h>

/* What is said of a place, and of many, by the kind of remark; of a detail nothing. */
static const char *const kinds[] = {
    [FH_REMARK_REFUSED] = "refused",
    [FH_REMARK_REPAIRED] = "repaired",
    [FH_REMARK_WARNING] = "warning",
};
static const char *const many[] = {
    [FH_REMARK_REFUSED] = "refusals",
    [FH_REMARK_REPAIRED] = "repairs",
    [FH_REMARK_WARNING] = "warnings",
};

void fh_wording_harmless(const char *text, fh_buffer *out)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool second_control = *c == 0xC2 && c[1] >= 0x80 && c[1] < 0xA0;
        bool control = *c < 0x20 || *c == 0x7F || second_control;
        fh_buffer_add_byte(out, control ? '?' : (char)*c);
        c += second_control;
    }
}

static void write_place(const char *file, uint64_t line, fh_buffer *out)
{
    fh_wording_harmless(file, out);
    if (line > 0)
        fh_buffer_printf(out, ":%" PRIu64, line);
}

void fh_wording_remark(const fh_remark *remark, fh_buffer *out)
{
    write_place(remark->file, remark->line, out);
    fh_buffer_add_str(out, FH_STR(": "));
    if (remark->kind != FH_REMARK_DETAIL)
        fh_buffer_printf(out, "%s: ", kinds[remark->kind]);
    fh_wording_harmless(remark->reason, out);
    fh_buffer_add_byte(out, '\n');
}

void fh_wording_no_more(const fh_remark *remark, fh_buffer *out)
{
    fh_wording_harmless(remark->file, out);
    fh_buffer_printf(out, ": more %s like this are counted, not named (-v names all%s): ",
                     many[remark->kind],
                     remark->kind == FH_REMARK_REFUSED ? ", --refused FILE keeps all" : "");
    fh_wording_harmless(remark->sort, out);
    fh_buffer_add_byte(out, '\n');
}

static void write_group(const fh_report_group *g, fh_buffer *out)
{
    fh_buffer_printf(out, "%7" PRIu64 " %s: ", g->count, kinds[g->kind]);
    fh_wording_harmless(g->reason, out);
    fh_buffer_add_byte(out, '\n');
    for (size_t i = 0; i < g->example_count; i++) {
        fh_buffer_printf(out, "%12s", "");
        write_place(g->examples[i].file, g->examples[i].line, out);
        fh_buffer_add_byte(out, '\n');
    }
    if (g->count > g->example_count)
        fh_buffer_printf(out, "%12sand %" PRIu64 " more\n", "", g->count - g->example_count);
}

void fh_wording_report(fh_report *report, fh_buffer *out)
{
    size_t count;
    const fh_report_group *groups = fh_report_groups(report, &count);
    if (count > 0)
        fh_buffer_add_str(out, FH_STR("By reason:\n"));
    for (size_t i = 0; i < count; i++)
        write_group(&groups[i], out);
}
