#include "engines/native/heads.h"
#include "engines/native/lists.h"
#include "engines/native/store.h"

/* What the articles of a segment add up to. */
typedef struct sums {
    uint64_t words;
    uint64_t text_bytes;
    int64_t first_date;
    int64_t last_date;
} sums;

static bool distrust(const fh_segment *s, fh_section section, const char *what)
{
    return fh_sealed_distrust(s->file, s->sections[section].offset, what);
}

/* Every column that articles have has a value for each. */
static bool check_columns(const fh_segment *s)
{
    const fh_column *columns[] = {&s->lengths, &s->dates,     &s->sources,
                                  &s->origins, &s->rubrics,   &s->sites,
                                  &s->prints,  &s->head_ends, &s->text_ends};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (columns[i]->count != s->header.articles)
            return distrust(s, FH_SECTION_LENGTHS, "a column is missing");
    return true;
}

/* Names come in order, and the empty one first. */
static bool check_names(const fh_segment *s)
{
    fh_str before = {"", 0};
    for (uint32_t n = 0; n < fh_names_count(s); n++) {
        fh_str code;
        if (!fh_names_code(s, n, &code))
            return false;
        if (n > 0 && fh_str_compare(before, code) >= 0)
            return distrust(s, FH_SECTION_NAMES, "names out of order");
        before = code;
    }
    return true;
}

/*
 * Entries of ids come in order, and as many as there are articles: see check_id() for whose
 * they are.
 */
static bool check_ids(const fh_segment *s)
{
    const fh_slice *ids = &s->sections[FH_SECTION_IDS];
    uint64_t before = 0;
    if (ids->len != s->header.articles * UINT64_C(8))
        return distrust(s, FH_SECTION_IDS, "more or fewer ids than articles");
    for (uint32_t i = 0; i < s->header.articles; i++) {
        const uint8_t *at = fh_slice_need(ids, i * UINT64_C(8), 8);
        if (!at)
            return false;
        uint64_t entry = fh_get64(at);
        if ((i > 0 && entry <= before) || (uint32_t)entry >= s->header.articles)
            return distrust(s, FH_SECTION_IDS, "ids out of order");
        before = entry;
    }
    return true;
}

/* Is article LOCAL found by its ID, unless it is dead? */
static bool check_id(const fh_segment *s, fh_str id, uint32_t local)
{
    bool found;
    uint32_t at;
    if (fh_ids_find(s, id, &found, &at, NULL))
        return false;
    if (!fh_segment_is_dead(s, local) && (!found || at != local))
        return distrust(s, FH_SECTION_IDS, "an article is not found by its id");
    return true;
}

static void add_up(const fh_article *a, uint64_t words, sums *sum)
{
    sum->words += words;
    sum->text_bytes += a->title.len + a->body.len;
    if (a->date.precision == FH_DATE_NONE)
        return;
    sum->first_date = a->date.seconds < sum->first_date ? a->date.seconds : sum->first_date;
    sum->last_date = a->date.seconds > sum->last_date ? a->date.seconds : sum->last_date;
}

static fh_status check_article(const fh_segment *s, fh_store *store, uint32_t local,
                               fh_arena *arena, sums *sum, fh_error *err)
{
    fh_article a;
    uint64_t body_len;
    fh_status status = fh_head_read(s, local, arena, &a, &body_len, err);
    if (!status)
        status = fh_store_body(store, local, arena, &a.body, err);
    if (status)
        return status;
    add_up(&a, fh_column_get(&s->lengths, local), sum);
    if (a.body.len != body_len)
        distrust(s, FH_SECTION_TEXT, "a body longer or shorter than its head says");
    check_id(s, a.id, local);
    return fh_segment_status(s, err);
}

/*
 * The header says what the articles add up to; dates beyond what a column keeps are not
 * compared.
 */
static bool check_sums(const fh_segment *s, const sums *sum)
{
    const fh_segment_header *h = &s->header;
    if (sum->words != h->words || sum->text_bytes != h->text_bytes)
        return distrust(s, FH_SECTION_LENGTHS, "lengths that do not add up");
    if ((sum->first_date > sum->last_date) != (h->first_date > h->last_date))
        return distrust(s, FH_SECTION_DATES, "dates that do not add up");
    return true;
}

static fh_status check_articles(const fh_segment *s, fh_error *err)
{
    fh_store *store = NULL;
    fh_arena arena = {0};
    sums sum = {.first_date = INT64_MAX, .last_date = INT64_MIN};
    fh_status status = fh_store_open(s, &store, err);
    for (uint32_t local = 0; local < s->header.articles && !status; local++) {
        fh_arena_clear(&arena);
        status = check_article(s, store, local, &arena, &sum, err);
    }
    for (uint32_t n = 0; !status && n < fh_store_spellings(store); n++) {
        fh_str written;
        bool word;
        fh_arena_clear(&arena);
        status = fh_store_spelling(store, n, &arena, &written, &word, err);
    }
    if (!status && !check_sums(s, &sum))
        status = fh_segment_status(s, err);
    fh_store_close(store);
    fh_arena_free(&arena);
    return status;
}

fh_status fh_segment_check(fh_segment *s, fh_error *err)
{
    fh_status status = fh_sealed_check(s->file, err);
    if (!status && !(check_columns(s) && check_names(s) && check_ids(s)))
        status = fh_segment_status(s, err);
    if (!status && s->header.articles > 0)
        status = check_articles(s, err);
    for (unsigned form = 0; form < FH_FORMS && !status; form++)
        if (!fh_lists_check(s, form))
            status = fh_segment_status(s, err);
    return status;
}
