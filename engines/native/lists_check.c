#include <stdlib.h>

#include "engines/native/lists.h"
#include "engines/native/memory.h"

/* Read the positions of a block. */
static bool check_positions(const fh_list *l, fh_block *block, fh_numbers *room)
{
    for (unsigned i = 0; i < block->count; i++) {
        uint32_t count = block->counts[i];
        if (count > l->positions.len * 8 || !fh_numbers_reserve(room, count) ||
            fh_block_positions(l, block, i, room->at, count) != count)
            return fh_sealed_distrust(l->positions.file, l->positions.offset,
                                      "positions that make no sense");
    }
    return true;
}

/* Is every posting of the block within IMPACTS, if there are any? */
static bool check_impacts(const fh_list *l, const fh_block *block, const fh_impact *impacts,
                          unsigned count)
{
    uint64_t weight = l->segment->header.title_weight;
    for (unsigned i = 0; i < block->count && count > 0; i++) {
        uint64_t frequency = block->counts[i] - block->titles[i] + weight * block->titles[i];
        uint64_t length = fh_column_get(&l->segment->lengths, block->articles[i]);
        unsigned k = 0;
        while (k < count && (frequency > impacts[k].frequency || length < impacts[k].length))
            k++;
        if (k == count)
            return fh_sealed_distrust(l->postings.file, l->postings.offset,
                                      "impacts that bound less than there is");
    }
    return true;
}

static bool check_list(const fh_list *l, fh_block *block, fh_numbers *room)
{
    fh_impact bounds[FH_IMPACTS], impacts[FH_IMPACTS];
    unsigned bound_count = fh_list_bounds(l, bounds);
    uint32_t titled = 0;
    for (uint32_t b = 0; b < l->blocks; b++) {
        if (!fh_list_block(l, b, block) || !fh_block_counts(l, block) ||
            !check_impacts(l, block, bounds, bound_count) ||
            !check_impacts(l, block, impacts, fh_list_impacts(l, b, impacts)) ||
            !check_positions(l, block, room))
            return false;
        for (unsigned i = 0; i < block->count; i++)
            titled += block->titles[i] > 0;
    }
    return titled == l->titled || fh_sealed_distrust(l->postings.file, l->postings.offset,
                                                     "titles that were counted otherwise");
}

bool fh_lists_check(const fh_segment *s, unsigned form)
{
    fh_dictionary dictionary;
    fh_term_walk walk;
    fh_str code;
    fh_posted posted;
    fh_numbers room = {0};
    fh_block block;
    uint64_t terms = 0;
    bool sound = fh_dictionary_open(s, form, &dictionary);
    if (sound)
        fh_term_walk_start(&walk, &dictionary, (fh_str){NULL, 0});
    while (sound && fh_term_walk_next(&walk, &code, &posted)) {
        fh_list list;
        sound = fh_list_open(s, form, &posted, &list) && check_list(&list, &block, &room);
        terms++;
    }
    free(room.at);
    if (sound && terms != dictionary.terms)
        sound = fh_sealed_distrust(dictionary.slice.file, dictionary.slice.offset,
                                   "a dictionary of more or fewer terms than it says");
    return sound;
}
