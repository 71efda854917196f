/*
 * Tables of articles: CSV and TSV, one record an article; csv_record.h says what a record is.
 *
 *   separator   the one of , ; and tab by which the header line names most
 *               (`sep=;` on the first line is passed over)
 *   header      says what each column holds, in any case, in English or Arabic: see `names`
 *   record      as many fields as the header
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "indexer/csv_record.h"
#include "indexer/format.h"
#include "indexer/text.h"
#include "indexer/web_date.h"

/* So many bytes of a header that is not understood are shown. */
#define QUOTE_MAX 80

typedef enum column {
    IGNORED,
    ID,
    TITLE,
    BODY,
    URL,
    DATE,
    SOURCE,
    SECTION,
    KEYWORDS,
    COLUMN_KINDS
} column;

static const struct name {
    fh_str name;
    column column;
} names[] = {
    {{"id", 2}, ID},
    {{"guid", 4}, ID},
    {{"المعرف", 12}, ID},
    {{"title", 5}, TITLE},
    {{"headline", 8}, TITLE},
    {{"العنوان", 14}, TITLE},
    {{"عنوان", 10}, TITLE},
    {{"body", 4}, BODY},
    {{"text", 4}, BODY},
    {{"content", 7}, BODY},
    {{"article", 7}, BODY},
    {{"النص", 8}, BODY},
    {{"نص", 4}, BODY},
    {{"المحتوى", 14}, BODY},
    {{"url", 3}, URL},
    {{"link", 4}, URL},
    {{"الرابط", 12}, URL},
    {{"رابط", 8}, URL},
    {{"date", 4}, DATE},
    {{"pubdate", 7}, DATE},
    {{"published", 9}, DATE},
    {{"التاريخ", 14}, DATE},
    {{"تاريخ", 10}, DATE},
    {{"source", 6}, SOURCE},
    {{"publisher", 9}, SOURCE},
    {{"newspaper", 9}, SOURCE},
    {{"المصدر", 12}, SOURCE},
    {{"section", 7}, SECTION},
    {{"category", 8}, SECTION},
    {{"القسم", 10}, SECTION},
    {{"keywords", 8}, KEYWORDS},
    {{"tags", 4}, KEYWORDS},
    {{"الكلمات المفتاحية", 33}, KEYWORDS},
};

typedef struct table {
    fh_csv csv;
    size_t columns; /* that the header names */
    unsigned char kinds[FH_CSV_COLUMNS_MAX];
    uint64_t line; /* where the last article begins */
    fh_buffer keywords;
} table;

static void close_table(void *state)
{
    table *t = state;
    if (!t)
        return;
    fh_csv_free(&t->csv);
    fh_buffer_free(&t->keywords);
    free(t);
}

/* ---- Header ---- */

static column column_of(fh_str name)
{
    name = fh_text_trim(name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (fh_text_same(name, names[i].name))
            return names[i].column;
    }
    return IGNORED;
}

/*
 * What the columns of the record hold; of two that hold the same, the first does. Returns how
 * many.
 */
static size_t name_columns(table *t)
{
    bool taken[COLUMN_KINDS] = {false};
    size_t known = 0;
    t->columns = t->csv.record.fields;
    memset(t->kinds, IGNORED, sizeof t->kinds);
    for (size_t i = 0; i < t->columns && i < FH_CSV_COLUMNS_MAX; i++) {
        column kind = column_of(fh_csv_field(&t->csv, i));
        if (kind == IGNORED || taken[kind])
            continue;
        taken[kind] = true;
        t->kinds[i] = (unsigned char)kind;
        known++;
    }
    return taken[TITLE] || taken[BODY] ? known : 0;
}

/* Read the line at `start` as a header; returns how many columns it names that are known. */
static size_t read_header(table *t)
{
    static const char separators[] = {',', ';', '\t'};
    size_t best = 0, most = 0;
    for (size_t i = 0; i < sizeof separators; i++) {
        t->csv.separator = separators[i];
        size_t known = fh_csv_begin(&t->csv, true) == FH_CSV_WHOLE ? name_columns(t) : 0;
        if (known > most) {
            most = known;
            best = i;
        }
    }
    t->csv.separator = separators[best];
    return fh_csv_begin(&t->csv, true) == FH_CSV_WHOLE ? name_columns(t) : 0;
}

static bool is_blank(const table *t)
{
    return t->csv.record.fields == 1 && fh_text_trim(fh_csv_field(&t->csv, 0)).len == 0;
}

static bool looks(fh_str head)
{
    table t = {0};
    fh_str line = fh_text_take_line(&head);
    fh_buffer_add_str(&t.csv.held, line);
    fh_buffer_add_byte(&t.csv.held, '\n');
    bool is_table = !t.csv.held.failed && read_header(&t) >= 2;
    fh_buffer_free(&t.csv.held);
    fh_buffer_free(&t.csv.values);
    return is_table;
}

/* `sep=;`, by which Excel is told the separator, on a line before the header. */
static bool declares_separator(const table *t)
{
    fh_str rest = {t->csv.held.data + t->csv.start, t->csv.held.len - t->csv.start};
    fh_str line = fh_text_trim(fh_text_take_line(&rest));
    return line.len >= 4 && line.len <= 5 &&
           fh_text_same((fh_str){line.ptr, 4}, FH_STR("sep="));
}

/* Find the header line and read it. An input of nothing but blank lines is an empty table. */
static fh_status begin_table(table *t, fh_error *err)
{
    bool found;
    fh_status status = fh_csv_reach(&t->csv, &found, err);
    while (!status && found && read_header(t) == 0 && (is_blank(t) || declares_separator(t))) {
        fh_csv_pass_line(&t->csv);
        status = fh_csv_reach(&t->csv, &found, err);
    }
    if (status || !found)
        return status;
    if (t->csv.values.failed)
        return fh_fail_memory(err);
    fh_str rest = {t->csv.held.data + t->csv.start, t->csv.held.len - t->csv.start};
    fh_str line = fh_text_take_line(&rest);
    if (read_header(t) == 0) {
        size_t len = line.len < QUOTE_MAX ? line.len : fh_utf8_cut(line.ptr, QUOTE_MAX);
        return fh_fail(err, FH_EFORMAT,
                       "the header line names neither a title nor a body column: %.*s",
                       (int)len, line.ptr);
    }
    fh_csv_pass_line(&t->csv);
    return FH_OK;
}

/* ---- Articles ---- */

static fh_place place_of(const table *t)
{
    return (fh_place){t->csv.listener, fh_input_name(t->csv.input), t->csv.line};
}

static void read_fields(table *t, fh_article *article)
{
    fh_place place = place_of(t);
    *article = (fh_article){0};
    fh_buffer_clear(&t->keywords);
    fh_str *const texts[COLUMN_KINDS] = {
        [ID] = &article->id,   [TITLE] = &article->title,   [BODY] = &article->body,
        [URL] = &article->url, [SOURCE] = &article->source, [SECTION] = &article->section,
    };
    for (size_t i = 0; i < t->columns && i < FH_CSV_COLUMNS_MAX; i++) {
        fh_str field = fh_csv_field(&t->csv, i);
        if (texts[t->kinds[i]])
            *texts[t->kinds[i]] = t->kinds[i] == BODY ? field : fh_text_trim(field);
        else if (t->kinds[i] == DATE)
            article->date = fh_web_date_read(&place, field);
        else if (t->kinds[i] == KEYWORDS)
            fh_text_keywords(field, &t->keywords);
    }
    article->keywords = fh_buffer_str(&t->keywords);
}

/* Make an article of the record that was read, or refuse it. */
static bool accept(table *t, fh_article *article)
{
    if (is_blank(t))
        return false;
    if (t->csv.record.fields != t->columns) {
        fh_listener_tell(t->csv.listener, FH_REMARK_REFUSED, fh_input_name(t->csv.input),
                         t->csv.line, "%zu field%s, the header line names %zu",
                         t->csv.record.fields, t->csv.record.fields == 1 ? "" : "s",
                         t->columns);
        return false;
    }
    fh_place place = place_of(t);
    read_fields(t, article);
    fh_text_tell_repairs(&place, t->csv.repairs);
    return true;
}

static fh_status next_article(void *state, bool *found, fh_article *article, fh_error *err)
{
    table *t = state;
    *found = false;
    for (;;) {
        bool more;
        fh_csv_outcome read = FH_CSV_TORN;
        fh_status status = fh_csv_reach(&t->csv, &more, err);
        if (!status && more)
            status = fh_csv_read(&t->csv, &read, err);
        if (!status && t->csv.values.failed)
            status = fh_fail_memory(err);
        if (!status && !more && t->line == 0)
            fh_listener_tell(t->csv.listener, FH_REMARK_WARNING, fh_input_name(t->csv.input), 0,
                             "a table without records");
        if (status || !more)
            return status;
        t->line = t->csv.line;
        if (read != FH_CSV_WHOLE)
            continue;
        *found = accept(t, article);
        t->csv.repairs = 0;
        fh_csv_pass(&t->csv);
        *found = *found && !t->keywords.failed;
        if (*found || t->keywords.failed)
            return *found ? FH_OK : fh_fail_memory(err);
    }
}

static fh_status open_table(fh_input *input, const fh_listener *listener, void **state,
                            fh_error *err)
{
    table *t = calloc(1, sizeof *t);
    *state = NULL;
    if (!t)
        return fh_fail_memory(err);
    t->csv.input = input;
    t->csv.listener = listener;
    t->csv.line = 1;
    fh_status status = begin_table(t, err);
    if (status)
        close_table(t);
    else
        *state = t;
    return status;
}

static uint64_t line_of(const void *state)
{
    const table *t = state;
    return t->line;
}

const fh_format fh_format_csv = {
    .name = "CSV",
    .endings = ".csv .tsv .tab",
    .many = true,
    .looks = looks,
    .open = open_table,
    .next = next_article,
    .close = close_table,
    .line = line_of,
};
