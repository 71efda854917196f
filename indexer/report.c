#include "indexer/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define OTHER_REASONS "other reasons"

static uint64_t key_of(fh_remark_kind kind, const char *reason)
{
    return fh_checksum(fh_str_of(reason)) + (uint64_t)kind;
}

static fh_report_group *find(fh_report *r, uint64_t key)
{
    for (size_t i = 0; i < r->count; i++) {
        if (r->groups[i].key == key)
            return &r->groups[i];
    }
    return NULL;
}

static const char *keep(fh_report *r, const char *text)
{
    const char *copy = fh_arena_copy(&r->texts, fh_str_of(text)).ptr;
    r->failed |= !copy;
    return copy;
}

/* The group of KIND and REASON, made if need be, or NULL when memory ran out. */
static fh_report_group *group_of(fh_report *r, fh_remark_kind kind, const char *reason)
{
    fh_report_group *group = find(r, key_of(kind, reason));
    if (group)
        return group;
    if (r->count >= FH_REPORT_GROUPS) {
        reason = OTHER_REASONS;
        group = find(r, key_of(kind, reason));
        if (group)
            return group;
    }
    /* Behind the last group there is room for one more of each kind. */
    if (!r->groups)
        r->groups = calloc(FH_REPORT_GROUPS + FH_REMARK_KINDS, sizeof *r->groups);
    const char *copy = keep(r, reason);
    if (!r->groups || !copy) {
        r->failed = true;
        return NULL;
    }
    group = &r->groups[r->count++];
    *group = (fh_report_group){.kind = kind, .reason = copy, .key = key_of(kind, reason)};
    return group;
}

static void add_example(fh_report *r, fh_report_group *group, const fh_remark *remark)
{
    if (group->example_count == FH_REPORT_EXAMPLES)
        return;
    const char *file = keep(r, remark->file);
    if (file)
        group->examples[group->example_count++] = (fh_report_example){file, remark->line};
}

/* Count another one of GROUP, from FILE. */
static void count(fh_report_group *group, uint64_t file)
{
    if (group->file != file) {
        group->file = file;
        group->file_count = 0;
        group->file_cut = false;
    }
    group->count++;
    group->file_count++;
}

fh_naming fh_report_add(fh_report *r, const fh_remark *remark)
{
    const char *reason = remark->sort ? remark->sort : remark->reason;
    fh_report_group *group = group_of(r, remark->kind, reason);
    if (!group)
        return FH_NAMING_NAME;
    count(group, fh_checksum(fh_str_of(remark->file)));
    add_example(r, group, remark);
    bool all = group->named >= FH_REPORT_NAMED;
    bool cut = all ? group->cut : group->file_cut;
    if (!all && group->file_count <= FH_REPORT_NAMED_FILE) {
        group->named++;
        return FH_NAMING_NAME;
    }
    group->file_cut = true;
    group->cut |= all;
    return cut ? FH_NAMING_COUNT : FH_NAMING_CUT;
}

/* Refusals first; then the largest first; then by the reason. */
static int compare(const void *a, const void *b)
{
    const fh_report_group *one = a, *other = b;
    if (one->kind != other->kind)
        return one->kind < other->kind ? -1 : 1;
    if (one->count != other->count)
        return one->count > other->count ? -1 : 1;
    return strcmp(one->reason, other->reason);
}

const fh_report_group *fh_report_groups(fh_report *r, size_t *group_count)
{
    *group_count = r->count;
    if (r->count > 0)
        qsort(r->groups, r->count, sizeof *r->groups, compare);
    return r->groups;
}

void fh_report_free(fh_report *r)
{
    fh_arena_free(&r->texts);
    free(r->groups);
    *r = (fh_report){0};
}
