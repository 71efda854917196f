#include "engines/native/lists.h"
#include "tests/fuzz/target.h"

/*
 * A dictionary, posting lists and positions of any bytes, whose sums are right: 4 bytes that
 * say how many articles there are, 4 how long the dictionary is, 4 how long the lists are, and
 * all three one after the other.
 */

#define HEAD         12
#define ARTICLES_MAX (1u << 20)
#define MERGED_MAX   5000

/* A section of its own file, all verified, so that sanitizers see what is read behind it. */
static fh_slice make_section(fh_sealed *file, const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    size_t words = len / FH_PAGE / 64 + 1;
    *file = (fh_sealed){.bytes = copy, .len = len, .path = "input"};
    file->verified = malloc(words * sizeof *file->verified);
    hold(copy && file->verified, "memory");
    memset(file->verified, 0xFF, words * sizeof *file->verified);
    if (len > 0)
        memcpy(copy, bytes, len);
    return (fh_slice){file, 0, len};
}

static void free_section(fh_slice *s)
{
    free((uint8_t *)(uintptr_t)s->file->bytes);
    free(s->file->verified);
}

static void check_positions(const fh_list *l, fh_block *block)
{
    for (unsigned i = 0; i < block->count; i += 1 + block->count / 9) {
        uint32_t got[300];
        uint32_t count = fh_block_positions(l, block, i, got, 300);
        hold(count == 0 || count == (block->counts[i] < 300 ? block->counts[i] : 300),
             "all positions or none");
        for (uint32_t k = 1; k < count; k++)
            hold(got[k - 1] <= got[k], "positions ascend");
    }
}

static void check_block(const fh_list *l, uint32_t b)
{
    fh_block block;
    fh_impact impacts[FH_IMPACTS];
    hold(fh_list_impacts(l, b, impacts) <= FH_IMPACTS, "few impacts");
    if (!fh_list_block(l, b, &block))
        return;
    hold(block.count > 0 && block.count <= FH_BLOCK, "a block of articles");
    for (unsigned i = 0; i < block.count; i++) {
        hold(i == 0 || block.articles[i - 1] < block.articles[i], "articles ascend");
        hold(block.articles[i] < l->segment->header.articles, "articles are there");
    }
    if (!fh_block_counts(l, &block))
        return;
    for (unsigned i = 0; i < block.count; i++)
        hold(block.counts[i] > 0 && block.titles[i] <= block.counts[i], "counts are possible");
    check_positions(l, &block);
}

static void check_list(const fh_list *l)
{
    fh_impact impacts[FH_IMPACTS];
    uint32_t articles = l->segment->header.articles;
    hold(fh_list_bounds(l, impacts) <= FH_IMPACTS, "few bounds");
    for (uint32_t b = 0; b < l->blocks; b++) {
        check_block(l, b);
        uint32_t got = fh_list_seek(l, b, articles / l->blocks * b);
        hold(got >= b && got <= l->blocks, "a seek goes forward");
    }
}

static void check_form(const fh_segment *s, unsigned form)
{
    fh_dictionary d;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted, found;
    char before[FH_CODE_MAX];
    size_t len = 0;
    if (!fh_dictionary_open(s, form, &d))
        return;
    fh_term_walk_start(&walk, &d, (fh_str){NULL, 0});
    while (fh_term_walk_next(&walk, &code, &posted)) {
        fh_list list;
        hold(code.len <= FH_CODE_MAX, "a term has a limit");
        hold(len == 0 || fh_str_compare((fh_str){before, len}, code) < 0, "terms ascend");
        memcpy(before, code.ptr, len = code.len);
        fh_dictionary_find(&d, (fh_str){before, len}, &found);
        if (fh_list_open(s, form, &posted, &list))
            check_list(&list);
    }
}

/* Merge it with itself, half of it dead the second time. */
static void merge_form(const fh_segment *s, unsigned form)
{
    uint32_t articles = s->header.articles, next = 0;
    uint32_t *maps = calloc(3 * (size_t)articles + 1, sizeof *maps);
    fh_spool *spools[3] = {fh_spool_new(NULL, 0), fh_spool_new(NULL, 0), fh_spool_new(NULL, 0)};
    hold(maps && spools[0] && spools[1] && spools[2], "memory");
    for (uint32_t i = 0; i < 2 * articles; i++)
        maps[i] = i < articles || i % 2 ? next++ : UINT32_MAX;
    uint32_t *lengths = calloc((size_t)next + 1, sizeof *lengths);
    fh_terms_writer *w = fh_terms_writer_new(spools[0], spools[1], spools[2], next);
    hold(lengths && w, "memory");
    fh_status status = fh_terms_merge((const fh_segment *[]){s, s},
                                      (const uint32_t *[]){maps, maps + articles}, 2, form,
                                      lengths, 3, w, NULL);
    hold(status == FH_OK || status == FH_ECORRUPT, "merged or refused");
    hold(status || fh_terms_writer_finish(w, NULL) == FH_OK, "written");
    fh_terms_writer_free(w);
    for (unsigned i = 0; i < 3; i++)
        fh_spool_free(spools[i]);
    free(lengths);
    free(maps);
}

static uint32_t number_at(const uint8_t *data, size_t at)
{
    uint32_t number;
    memcpy(&number, data + at, sizeof number);
    return number;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fh_sealed files[4];
    fh_segment s = {.file = &files[3]};
    if (size < HEAD)
        return 0;
    size_t left = size - HEAD, terms = number_at(data, 4), lists = number_at(data, 8);
    terms = terms < left ? terms : left;
    lists = lists < left - terms ? lists : left - terms;
    s.header.articles = number_at(data, 0) % ARTICLES_MAX;
    make_section(&files[3], data, HEAD);
    fh_slice parts[3] = {
        make_section(&files[0], data + HEAD, terms),
        make_section(&files[1], data + HEAD + terms, lists),
        make_section(&files[2], data + HEAD + terms + lists, left - terms - lists)};
    for (unsigned i = 0; i < FH_SECTIONS; i++)
        s.sections[i] = (fh_slice){&files[3], 0, 0};
    for (unsigned form = 0; form < 2; form++) {
        s.sections[FH_SECTION_OF(FH_SECTION_TERMS, form)] = parts[0];
        s.sections[FH_SECTION_OF(FH_SECTION_POSTINGS, form)] = parts[1];
    }
    /* The other form lacks its positions, as no segment that was written does. */
    s.sections[FH_SECTION_OF(FH_SECTION_POSITIONS, 0)] = parts[2];
    for (unsigned form = 0; form < 2; form++) {
        check_form(&s, form);
        fh_lists_check(&s, form);
        if (s.header.articles <= MERGED_MAX)
            merge_form(&s, form);
    }
    for (unsigned i = 0; i < 3; i++)
        free_section(&parts[i]);
    free_section(&(fh_slice){&files[3], 0, 0});
    return 0;
}
