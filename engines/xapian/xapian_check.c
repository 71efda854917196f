#include <stdlib.h>
#include <unistd.h>

#include "engines/manifest.h"
#include "engines/xapian/xapian_data.h"
#include "engines/xapian/xapian_index.h"

/* How much of Xapian's own words goes into the message. */
#define REPORT_MAX 200

/* The line of REPORT that says what is wrong: the last one with words in it. */
static fh_str last_line(fh_str report)
{
    while (report.len > 0 && report.ptr[report.len - 1] == '\n')
        report.len--;
    size_t start = report.len;
    while (start > 0 && report.ptr[start - 1] != '\n')
        start--;
    size_t len = report.len - start;
    return (fh_str){report.ptr + start, len < REPORT_MAX ? len : REPORT_MAX};
}

/* Verify the table in the file PATH. */
static fh_status check_table(const char *path, fh_error *err)
{
    fh_buffer report = {0};
    fh_error why = {0};
    size_t faults = 0;
    fh_status status = fhx_check(path, &report, &faults, &why);
    fh_str said = last_line(fh_buffer_str(&report));
    if (status)
        status = fh_fail(err, FH_ECORRUPT, "%s is damaged: %s", path, why.message);
    else if (faults > 0)
        status =
            fh_fail(err, FH_ECORRUPT, "%s is damaged: %.*s", path, (int)said.len, said.ptr);
    fh_buffer_free(&report);
    return status;
}

/* Every table that is there: for those that are not, see fh_xtables_find. */
fh_status fh_xtables_check(const char *data, fh_error *err)
{
    static const char *const tables[] = {"docdata.glass", "termlist.glass", "position.glass",
                                         "postlist.glass"};
    fh_status status = FH_OK;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && !status; i++) {
        char *path = fh_path_join(data, tables[i]);
        if (!path)
            status = fh_fail_memory(err);
        else if (access(path, F_OK) == 0)
            status = check_table(path, err);
        free(path);
    }
    return status;
}

/* Ends a walk over terms at the first. */
static bool take_any(void *context, fh_str term, uint32_t documents)
{
    (void)term;
    (void)documents;
    *(bool *)context = true;
    return false;
}

/* FH_ECORRUPT when the file of TABLE is not in the folder DATA. */
static fh_status find_table(const char *data, const char *table, fh_error *err)
{
    fh_status status = FH_OK;
    char *path = fh_path_join(data, table);
    if (!path)
        return fh_fail_memory(err);
    if (access(path, F_OK) != 0)
        status = fh_fail(err, FH_ECORRUPT, "%s is missing", path);
    free(path);
    return status;
}

fh_status fh_xtables_find(const char *data, fhx_base *base, fh_error *err)
{
    const char folded[] = {fh_xterm_letter(FH_FORM_FOLDED, FH_FIELD_ANY)};
    uint32_t count, last;
    bool positions = false;
    fh_status status = fhx_base_count(base, &count, &last, err);
    if (!status && count > 0)
        status = find_table(data, "termlist.glass", err);
    if (!status)
        status = fhx_base_terms(base, (fh_str){folded, 1}, take_any, &positions, err);
    if (!status && positions)
        status = find_table(data, "position.glass", err);
    return status;
}

/* What has been read of the records. */
typedef struct reading {
    fhx_base *base;
    uint64_t documents;
    uint64_t text_bytes;
} reading;

/* A record must decode, and its id must lead back to it. */
static fh_status check_record(void *context, const fhx_shown *shown, fh_error *err)
{
    reading *r = context;
    fh_arena arena = {0};
    fh_article article;
    fh_xterm key;
    uint32_t newest = 0;
    fh_status status = fh_xapian_read(shown, true, &arena, &article, NULL, err);
    if (!status) {
        fh_xterm_key(&key, PREFIX_ID, article.id);
        status = fhx_base_newest(r->base, fh_xterm_str(&key), &newest, err);
    }
    if (!status && newest != shown->number)
        status = fh_fail(err, FH_ECORRUPT, "article \"%.*s\" is not found by its id",
                         (int)article.id.len, article.id.ptr);
    r->documents++;
    r->text_bytes += article.title.len + article.body.len;
    fh_arena_free(&arena);
    return status;
}

static fh_status check_records(const char *data, fh_error *err)
{
    reading r = {0};
    fh_index_stats stats = {0};
    fh_error why = {0};
    fh_status status = fhx_base_open(data, &r.base, &why);
    if (!status)
        status = fh_xtables_find(data, r.base, &why);
    if (!status)
        status = fhx_base_documents(r.base, FH_STR(""), WANT_ALL, check_record, &r, &why);
    if (!status)
        status = fh_xapian_stats(r.base, &stats, &why);
    if (status)
        status = fh_fail(err, FH_ECORRUPT, "%s is damaged: %s", data, why.message);
    else if (stats.articles != r.documents || stats.text_bytes != r.text_bytes)
        status =
            fh_fail(err, FH_ECORRUPT, "%s is damaged: it does not hold what it counts", data);
    fhx_base_close(r.base);
    return status;
}

fh_status fh_xindex_check(const char *data, fh_error *err)
{
    fh_status status = fh_xtables_check(data, err);
    return status ? status : check_records(data, err);
}
