/*
 * Articles by chance, in an index and before the exhaustive scorer: what the random tests of
 * engines search. Include it after engine_lab.h.
 *
 *   drafts, invented or real -> versions of articles, batch by batch -> index and ex_corpus
 */
#ifndef FH_TESTS_UNIT_RANDOM_CORPUS_H
#define FH_TESTS_UNIT_RANDOM_CORPUS_H

#include "indexer/reader.h"
#include "stemmers/analysis.h"
#include "tests/unit/exhaustive.h"

/* ---- Chance ---- */

/* Numbers that look random and are the same for the same seed (splitmix64). */
typedef struct dice {
    uint64_t state;
} dice;

static inline uint64_t roll(dice *d)
{
    uint64_t z = d->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A number below N. */
static inline uint32_t below(dice *d, size_t n)
{
    return (uint32_t)(roll(d) % n);
}

/* True so often, of 100 times. */
static inline bool often(dice *d, uint32_t percent)
{
    return below(d, 100) < percent;
}

/* A number below N, small ones more often: number i about 1 / (i + 1) times as often as 0. */
static inline uint32_t below_zipf(dice *d, size_t n)
{
    double u = (double)(roll(d) >> 11) / 9007199254740992.0;
    uint32_t i = (uint32_t)(pow((double)n + 1, u) - 1);
    return i < n ? i : (uint32_t)n - 1;
}

/* ---- Drafts: articles before they have ids ---- */

typedef struct draft {
    fh_article article;
    fh_token *tokens; /* those of the title first */
    size_t title_count;
    size_t count;
} draft;

#define DRAFTS_MAX 5000
#define TEXTS_MAX  400000

typedef struct drafts {
    fh_arena arena;
    const fh_vocabulary *vocabulary;
    draft items[DRAFTS_MAX];
    size_t count;
    fh_str texts[TEXTS_MAX]; /* the texts of all forms, sorted */
    size_t text_count;
    uint32_t (*forms)[FH_FORMS]; /* of each spelling, by number among the texts */
    /* Of invented drafts */
    fh_vocabulary invented;
    fh_spelling *spellings;
    fh_analyser *analyser; /* of real ones */
} drafts;

static inline bool is_word(const fh_spelling *s)
{
    return s->forms[FH_FORM_FOLDED].len > 0;
}

static inline int compare_texts(const void *a, const void *b)
{
    return fh_str_compare(*(const fh_str *)a, *(const fh_str *)b);
}

/* Number the texts of all forms of all spellings. */
static inline void number_texts(drafts *d)
{
    const fh_vocabulary *v = d->vocabulary;
    fh_spelling s;
    size_t kept = 0;
    for (uint32_t i = 0; i < v->count; i++) {
        v->spell(v, i, &s);
        for (int form = 0; form < FH_FORMS && is_word(&s); form++) {
            assert_true(d->text_count < TEXTS_MAX);
            d->texts[d->text_count++] = fh_arena_copy(&d->arena, s.forms[form]);
        }
    }
    qsort(d->texts, d->text_count, sizeof *d->texts, compare_texts);
    for (size_t i = 0; i < d->text_count; i++)
        if (i == 0 || !fh_str_equal(d->texts[i], d->texts[kept - 1]))
            d->texts[kept++] = d->texts[i];
    d->text_count = kept;
    d->forms = fh_arena_alloc(&d->arena, (v->count + 1) * sizeof *d->forms);
    for (uint32_t i = 0; i < v->count; i++) {
        v->spell(v, i, &s);
        for (int form = 0; form < FH_FORMS && is_word(&s); form++) {
            const fh_str *at = bsearch(&s.forms[form], d->texts, d->text_count,
                                       sizeof *d->texts, compare_texts);
            d->forms[i][form] = (uint32_t)(at - d->texts);
        }
    }
}

static inline drafts *new_drafts(void)
{
    drafts *d = calloc(1, sizeof *d);
    assert_non_null(d);
    return d;
}

static inline void free_drafts(drafts *d)
{
    fh_analyser_free(d->analyser);
    fh_arena_free(&d->arena);
    free(d);
}

/* ---- Invented drafts ---- */

/* What kind of articles to invent. */
typedef struct recipe {
    size_t articles;
    size_t words; /* different ones */
    size_t title_max, body_max;
    uint32_t copies;  /* of 100 articles so many have the words of an earlier one */
    uint32_t sources; /* different ones */
    uint32_t days;    /* between the oldest date and the newest; 1 of 8 has none */
    const uint32_t
        *counts; /* further words that stand in exactly so many articles, 0 at the end */
} recipe;

/* A word by number, in Arabic letters; words with near numbers begin alike. */
static inline fh_str invent_word(fh_arena *a, size_t number)
{
    static const char *const syllables[] = {"با", "سل", "كت", "مر", "نو", "دي", "فق", "ح"};
    char text[64] = "";
    size_t len = 0;
    for (size_t rest = number + 8; rest > 0; rest /= 8)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", syllables[rest % 8]);
    return fh_arena_copy(a, (fh_str){text, len});
}

static inline void spell_invented(const fh_vocabulary *v, uint32_t n, fh_spelling *spelling)
{
    const drafts *d = (const drafts *)((const char *)v - offsetof(drafts, invented));
    *spelling = d->spellings[n];
}

/* Spelling 0 is no word; the others have stems that three of them share. */
static inline void invent_vocabulary(drafts *d, size_t words)
{
    d->spellings = fh_arena_alloc(&d->arena, (words + 1) * sizeof *d->spellings);
    d->spellings[0].written = FH_STR("ال");
    for (size_t i = 1; i <= words; i++) {
        fh_str text = invent_word(&d->arena, i);
        fh_spelling *s = &d->spellings[i];
        *s = (fh_spelling){text, {text, invent_word(&d->arena, i / 3)}};
    }
    d->invented = (fh_vocabulary){1, (uint32_t)words + 1, spell_invented};
    d->vocabulary = &d->invented;
}

/* Join the words FIRST to END of D as a text, and say in their tokens where they stand in it. */
static inline fh_str write_text(drafts *all, draft *d, size_t first, size_t end)
{
    fh_buffer text = {0};
    for (size_t i = first; i < end; i++) {
        fh_str word = all->spellings[d->tokens[i].spelling].written;
        fh_buffer_add_str(&text, i > first ? FH_STR(" ") : FH_STR(""));
        d->tokens[i].span =
            (fh_span){(uint32_t)text.len, (uint32_t)text.len + (uint32_t)word.len};
        fh_buffer_add_str(&text, word);
    }
    fh_str copy = fh_arena_copy(&all->arena, fh_buffer_str(&text));
    fh_buffer_free(&text);
    return copy;
}

static inline void invent_draft(drafts *all, const recipe *r, dice *chance)
{
    draft *d = &all->items[all->count];
    if (all->count > 0 && often(chance, r->copies)) {
        *d = all->items[below(chance, all->count)];
    } else {
        d->title_count = below(chance, r->title_max + 1);
        d->count = d->title_count + below(chance, r->body_max + 1);
        d->tokens = fh_arena_alloc(&all->arena, (d->count + 40) * sizeof *d->tokens);
        for (size_t i = 0; i < d->count; i++)
            d->tokens[i].spelling = often(chance, 2) ? 0 : 1 + below_zipf(chance, r->words);
    }
    char source[32];
    snprintf(source, sizeof source, "وكالة %u", below(chance, r->sources));
    d->article.source =
        often(chance, 10) ? FH_STR("") : fh_arena_copy(&all->arena, fh_str_of(source));
    d->article.date =
        below(chance, 8) == 0
            ? (fh_date){0, FH_DATE_NONE}
            : (fh_date){86400 * ((int64_t)below(chance, r->days) - 10), FH_DATE_DAY};
    all->count++;
}

/* Put word NUMBER into COUNT of the drafts, somewhere. */
static inline void scatter(drafts *all, uint32_t number, uint32_t count, dice *chance)
{
    for (size_t i = 0; i < all->count && count > 0; i++) {
        if (below(chance, all->count - i) >= count)
            continue;
        draft *d = &all->items[i];
        fh_token *tokens = fh_arena_alloc(&all->arena, (d->count + 40) * sizeof *tokens);
        size_t at = below(chance, d->count + 1);
        memcpy(tokens, d->tokens, at * sizeof *tokens);
        tokens[at].spelling = number;
        memcpy(tokens + at + 1, d->tokens + at, (d->count - at) * sizeof *tokens);
        d->tokens = tokens;
        d->title_count += at < d->title_count;
        d->count++;
        count--;
    }
}

static inline drafts *invent(const recipe *r, dice *chance)
{
    drafts *all = new_drafts();
    uint32_t further = 0;
    while (r->counts && r->counts[further])
        further++;
    invent_vocabulary(all, r->words + further);
    while (all->count < r->articles)
        invent_draft(all, r, chance);
    for (uint32_t i = 0; i < further; i++)
        scatter(all, (uint32_t)r->words + 1 + i, r->counts[i], chance);
    for (size_t i = 0; i < all->count; i++) {
        draft *d = &all->items[i];
        d->article.title = write_text(all, d, 0, d->title_count);
        d->article.body = write_text(all, d, d->title_count, d->count);
    }
    number_texts(all);
    return all;
}

/* ---- Real drafts ---- */

/* Append the words of TEXT to TOKENS. */
static inline void read_tokens(drafts *all, fh_str text, fh_field field, fh_buffer *tokens)
{
    fh_token room[64];
    size_t count;
    fh_analyser_start(all->analyser, text, field, 1);
    do {
        must(fh_analyser_read(all->analyser, room, 64, &count, err));
        fh_buffer_add(tokens, room, count * sizeof *room);
    } while (count > 0);
}

static inline void read_draft(drafts *all, const fh_article *a)
{
    fh_buffer tokens = {0};
    draft *d = &all->items[all->count++];
    d->article = (fh_article){.title = fh_arena_copy(&all->arena, a->title),
                              .body = fh_arena_copy(&all->arena, a->body),
                              .source = fh_arena_copy(&all->arena, a->source),
                              .date = a->date};
    read_tokens(all, d->article.title, FH_FIELD_TITLE, &tokens);
    d->title_count = tokens.len / sizeof(fh_token);
    read_tokens(all, d->article.body, FH_FIELD_BODY, &tokens);
    d->count = tokens.len / sizeof(fh_token);
    d->tokens = fh_arena_alloc(&all->arena, tokens.len + 1);
    if (tokens.len > 0)
        memcpy(d->tokens, tokens.data, tokens.len);
    fh_buffer_free(&tokens);
}

static inline void ignore_remark(void *context, const fh_remark *remark)
{
    (void)context;
    (void)remark;
}

/* The first articles of INPUT, at most MOST, through the real chain of analysis. */
static inline drafts *read_drafts(const char *input, size_t most)
{
    drafts *all = new_drafts();
    fh_reader *reader;
    fh_article article;
    bool found = true;
    fh_listener listener = {.hear = ignore_remark};
    fh_reading reading = {.inputs = &input, .count = 1, .listener = &listener};
    must(fh_analyser_new(NULL, &all->analyser, err));
    fh_analyser_set_memory(all->analyser, 256u * 1024 * 1024);
    all->vocabulary = fh_analyser_vocabulary(all->analyser);
    must(fh_reader_open(&reading, &reader, err));
    while (all->count < most && found) {
        must(fh_reader_next(reader, &found, &article, err));
        if (found)
            read_draft(all, &article);
    }
    fh_reader_close(reader);
    assert_true(all->count > 0);
    number_texts(all);
    return all;
}

/* ---- Versions, in the index and before the scorer ---- */

/* How drafts become an index. */
typedef struct course {
    size_t batch_max; /* articles of a batch; 0: all at once */
    bool changes;     /* articles are replaced and removed on the way */
} course;

typedef struct corpus {
    const drafts *drafts;
    ex_corpus ex;
    ex_article versions[DRAFTS_MAX];
    size_t slots;                /* articles, by id */
    size_t newest[DRAFTS_MAX];   /* by slot: its newest version */
    size_t slot_of[DRAFTS_MAX];  /* by version */
    size_t batch_of[DRAFTS_MAX]; /* by slot: where it was put last, or removed */
    size_t batches;
    bool has_dead;
    fh_arena arena;
} corpus;

/* The words of D as the scorer wants them. */
static inline void add_version(corpus *c, const draft *d, size_t slot)
{
    const drafts *all = c->drafts;
    ex_article *v = &c->versions[c->ex.count];
    ex_word *words = fh_arena_alloc(&c->arena, (d->count + 1) * sizeof *words);
    uint32_t position = 1;
    *v = (ex_article){
        .source = d->article.source, .date = d->article.date, .words = words, .live = true};
    for (size_t i = 0; i < d->count; i++) {
        fh_spelling s;
        uint32_t number = d->tokens[i].spelling;
        position += i == d->title_count ? FH_FIELD_GAP : 0;
        all->vocabulary->spell(all->vocabulary, number, &s);
        if (!is_word(&s))
            continue;
        words[v->count] =
            (ex_word){.position = position++,
                      .field = i < d->title_count ? FH_FIELD_TITLE : FH_FIELD_BODY};
        memcpy(words[v->count++].forms, all->forms[number], sizeof words->forms);
    }
    c->slot_of[c->ex.count] = slot;
    c->newest[slot] = c->ex.count++;
}

static inline void kill_version(corpus *c, size_t slot)
{
    c->versions[c->newest[slot]].live = false;
    c->has_dead = true;
}

static inline bool is_live(const corpus *c, size_t slot)
{
    return c->versions[c->newest[slot]].live;
}

/* The id of SLOT, which lives until the next call. */
static inline fh_str id_of(size_t slot, char room[24])
{
    return (fh_str){room, (size_t)snprintf(room, 24, "a%zu", slot)};
}

/* How many words the title of D has that take a position. */
static inline uint32_t count_title(const drafts *all, const draft *d)
{
    fh_spelling s;
    uint32_t count = 0;
    for (size_t i = 0; i < d->title_count; i++) {
        all->vocabulary->spell(all->vocabulary, d->tokens[i].spelling, &s);
        count += is_word(&s);
    }
    return count;
}

static inline void put_draft(fh_batch *b, const drafts *all, const draft *d, fh_str id,
                             bool replaces)
{
    fh_article article = d->article;
    article.id = id;
    uint32_t body = 1 + count_title(all, d) + FH_FIELD_GAP;
    const fh_passage passages[] = {
        {FH_FIELD_TITLE, 1, d->tokens, d->title_count},
        {FH_FIELD_BODY, body, d->tokens + d->title_count, d->count - d->title_count}};
    fh_entry entry = {.article = &article,
                      .fingerprint = 1,
                      .replaces = replaces,
                      .vocabulary = all->vocabulary,
                      .passages = passages,
                      .count = 2};
    must(fh_batch_put(b, &entry, err));
}

/*
 * A slot that was published, lives, and was not touched since publish BEFORE; or, when chance finds
 * none, SIZE_MAX.
 */
static inline size_t find_old_slot(const corpus *c, size_t before, dice *chance)
{
    for (int i = 0; i < 10 && c->slots > 0; i++) {
        size_t slot = below(chance, c->slots);
        if (is_live(c, slot) && c->batch_of[slot] < before)
            return slot;
    }
    return SIZE_MAX;
}

/* Put the COUNT drafts from FIRST on as one batch; some replace what was published before BEFORE. */
static inline void put_batch(corpus *c, fh_writer *w, size_t first, size_t count,
                             const course *how, size_t before, dice *chance)
{
    char room[24];
    uint64_t bytes = 0;
    fh_batch *b;
    for (size_t i = first; i < first + count; i++)
        bytes += c->drafts->items[i].article.title.len + c->drafts->items[i].article.body.len;
    must(fh_batch_new(w, count, bytes, &b, err));
    for (size_t i = first; i < first + count; i++) {
        const draft *d = &c->drafts->items[i];
        size_t slot =
            how->changes && often(chance, 25) ? find_old_slot(c, before, chance) : SIZE_MAX;
        bool replaces = slot != SIZE_MAX;
        if (replaces)
            kill_version(c, slot);
        else
            slot = c->slots++;
        put_draft(b, c->drafts, d, id_of(slot, room), replaces);
        add_version(c, d, slot);
        c->batch_of[slot] = c->batches;
    }
    must(fh_writer_add(w, b, err));
    c->batches++;
}

static inline void remove_some(corpus *c, fh_writer *w, size_t before, dice *chance)
{
    char room[24];
    bool found;
    for (uint32_t i = below(chance, 4); i > 0; i--) {
        size_t slot = find_old_slot(c, before, chance);
        if (slot == SIZE_MAX)
            continue;
        must(fh_writer_remove(w, id_of(slot, room), &found, err));
        assert_true(found);
        kill_version(c, slot);
        c->batch_of[slot] = c->batches;
    }
}

/* Index DRAFTS by the course HOW, publishing after every few batches; free it with free_corpus. */
static inline corpus *make_corpus(lab *l, const drafts *all, const course *how, dice *chance)
{
    corpus *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->drafts = all;
    fh_writer *w = begin(l);
    for (size_t first = 0, before = 0; first < all->count; before = c->batches) {
        for (uint32_t batches = 1 + below(chance, 3); batches > 0 && first < all->count;
             batches--) {
            size_t left = all->count - first;
            size_t count = how->batch_max ? 1 + below(chance, how->batch_max) : left;
            count = count < left ? count : left;
            put_batch(c, w, first, count, how, before, chance);
            first += count;
        }
        if (how->changes)
            remove_some(c, w, before, chance);
        must(fh_writer_publish(w, err));
        if (often(chance, 20)) {
            fh_writer_close(w);
            w = begin(l);
        }
    }
    fh_writer_close(w);
    c->ex.articles = c->versions;
    c->ex.texts = all->texts;
    c->ex.text_count = all->text_count;
    return c;
}

static inline void free_corpus(corpus *c)
{
    fh_arena_free(&c->arena);
    free(c);
}

#endif
