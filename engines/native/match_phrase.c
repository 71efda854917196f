/*
 * Phrases and words near each other: a conjunction of terms whose positions are looked at last.
 */
#include "engines/native/matching.h"

/* So many positions of a word in one article are looked at. */
#define POSITIONS_MAX (1u << 22)

/* The positions of one kid in the article at hand. */
typedef struct places {
    uint32_t *items;
    uint32_t count;
    uint32_t room;
    uint32_t next; /* NEAR: the one it stands at */
} places;

typedef struct phrase {
    fh_cursor *kids;
    size_t *order; /* the kids, the rarest first */
    places *places;
} phrase;

/* ---- Moving ---- */

static void seek_phrase(fh_match *m, uint32_t target)
{
    const phrase *p = m->state;
    size_t i = 0;
    while (i < m->count) {
        fh_cursor *lead = &p->kids[p->order[0]];
        if (lead->article < target)
            fh_cursor_seek(lead, target);
        target = lead->article;
        for (i = 1; i < m->count && target != FH_END; i++) {
            fh_cursor *kid = &p->kids[p->order[i]];
            if (kid->article < target)
                fh_cursor_seek(kid, target);
            if (kid->article != target)
                break;
        }
        if (target == FH_END)
            break;
        if (i < m->count)
            target = p->kids[p->order[i]].article;
    }
    m->article = target;
}

/* ---- Positions ---- */

static bool make_room(fh_matcher *m, places *p, uint32_t count)
{
    if (count <= p->room)
        return true;
    uint32_t room = 64;
    while (room < count)
        room *= 2;
    p->items = fh_matcher_alloc(m, room * sizeof *p->items);
    p->room = p->items ? room : 0;
    return p->items != NULL;
}

/* Read where kid I stands in the article; in titles only the first of its positions count. */
static bool read_places(fh_match *m, size_t i)
{
    phrase *p = m->state;
    fh_cursor *c = &p->kids[i];
    fh_cursor_frequency(c);
    uint32_t count = c->titles ? c->data->titles[c->at] : c->data->counts[c->at];
    count = count < POSITIONS_MAX ? count : POSITIONS_MAX;
    p->places[i].next = 0;
    p->places[i].count = 0;
    if (!make_room(m->matcher, &p->places[i], count))
        return false;
    p->places[i].count = fh_cursor_positions(c, p->places[i].items, count);
    return p->places[i].count > 0;
}

/*
 * The first place of P from `next` on that is not below POSITION; UINT32_MAX if there is none.
 */
static uint32_t go_to(places *p, uint64_t position)
{
    while (p->next < p->count && p->items[p->next] < position)
        p->next++;
    return p->next < p->count ? p->items[p->next] : UINT32_MAX;
}

/* Do all kids stand at their offsets from one place? */
static bool stands(const fh_match *m)
{
    const phrase *p = m->state;
    uint64_t start = 0; /* of the phrase, + the largest offset, to stay above 0 */
    uint32_t largest = 0;
    for (size_t i = 0; i < m->count; i++)
        if (m->goal->kids[i]->expr->offset > largest)
            largest = m->goal->kids[i]->expr->offset;
    for (size_t agreed = 0, i = 0; agreed < m->count; i = (i + 1) % m->count) {
        uint64_t back = largest - m->goal->kids[i]->expr->offset;
        uint64_t wanted = start > back ? start - back : 0;
        uint32_t place = go_to(&p->places[i], wanted);
        if (place == UINT32_MAX)
            return false;
        agreed = place + back == start ? agreed + 1 : 1;
        start = place + back;
    }
    return true;
}

/* Has kid I the place POSITION to itself? Kids before it with the same term stand elsewhere. */
static bool is_taken(const phrase *p, size_t i, uint32_t position)
{
    for (size_t j = 0; j < i; j++)
        if (p->places[j].next < p->places[j].count &&
            p->places[j].items[p->places[j].next] == position)
            return true;
    return false;
}

/*
 * Does each kid stand at a place of its own within the window? The window slides over the
 * places where the first of them can stand. Kids of one term have the same places, so that the
 * k-th of them takes the k-th place from there: no other choice stands closer together.
 */
static bool stands_near(const fh_match *m)
{
    const phrase *p = m->state;
    uint64_t start = 0;
    for (;;) {
        uint32_t first = UINT32_MAX, last = 0;
        for (size_t i = 0; i < m->count; i++) {
            uint32_t place = go_to(&p->places[i], start);
            while (place != UINT32_MAX && is_taken(p, i, place)) {
                p->places[i].next++;
                place = go_to(&p->places[i], start);
            }
            if (place == UINT32_MAX)
                return false;
            first = place < first ? place : first;
            last = place > last ? place : last;
        }
        if (last - first < m->goal->expr->window)
            return true;
        start = (uint64_t)first + 1;
        /* Each kid chooses again from the new beginning. */
        for (size_t i = 0; i < m->count; i++)
            while (p->places[i].next > 0 && p->places[i].items[p->places[i].next - 1] >= start)
                p->places[i].next--;
    }
}

static bool confirm_phrase(fh_match *m)
{
    phrase *p = m->state;
    if (!fh_matcher_tick(m->matcher))
        return false;
    for (size_t i = 0; i < m->count; i++)
        if (!read_places(m, p->order[i]))
            return false;
    return m->goal->kind == FH_EXPR_NEAR ? stands_near(m) : stands(m);
}

/* ---- Scoring: the sum of the terms ---- */

static int64_t phrase_points(fh_match *m)
{
    const phrase *p = m->state;
    int64_t points = 0;
    for (size_t i = 0; i < m->count; i++)
        points += fh_cursor_points(&p->kids[i]);
    return points;
}

static int64_t phrase_bound(fh_match *m, uint32_t from, uint32_t *last)
{
    const phrase *p = m->state;
    int64_t points = 0;
    *last = FH_END - 1;
    for (size_t i = 0; i < m->count; i++) {
        uint32_t end;
        points += fh_cursor_bound(&p->kids[i], from, &end);
        *last = end < *last ? end : *last;
    }
    return points;
}

static const fh_match_kind phrase_kind = {.seek = seek_phrase,
                                          .confirm = confirm_phrase,
                                          .points = phrase_points,
                                          .bound = phrase_bound};

/* ---- Opening ---- */

static void sort_kids(const fh_match *m, phrase *p)
{
    for (size_t i = 0; i < m->count; i++) {
        size_t at = i;
        for (; at > 0 && p->kids[p->order[at - 1]].list.articles > p->kids[i].list.articles;
             at--)
            p->order[at] = p->order[at - 1];
        p->order[at] = i;
    }
}

fh_match *fh_match_open_phrase(fh_matcher *matcher, size_t segment, const fh_goal *goal)
{
    fh_match *m = fh_matcher_alloc(matcher, sizeof *m);
    phrase *p = fh_matcher_alloc(matcher, sizeof *p);
    if (!m || !p)
        return NULL;
    *m = (fh_match){.kind = &phrase_kind,
                    .matcher = matcher,
                    .segment = segment,
                    .goal = goal,
                    .count = goal->count,
                    .state = p};
    p->kids = fh_matcher_alloc(matcher, m->count * sizeof *p->kids);
    p->order = fh_matcher_alloc(matcher, m->count * sizeof *p->order);
    p->places = fh_matcher_alloc(matcher, m->count * sizeof *p->places);
    if (!p->kids || !p->order || !p->places)
        return NULL;
    for (size_t i = 0; i < m->count; i++)
        fh_cursor_open(&p->kids[i], matcher, segment, goal->kids[i]);
    sort_kids(m, p);
    m->cost = p->kids[p->order[0]].list.articles;
    seek_phrase(m, 0);
    return m;
}
