#include "searcher/slips.h"

#include <string.h>

#include "base/utf8.h"

/* The letters that folded words are written in, in the order of Unicode. */
enum {
    HAMZA = 0x0621,
    WAW_HAMZA = 0x0624,
    YEH_HAMZA = 0x0626,
    ALEF = 0x0627,
    BEH,
    TEH = 0x062A,
    THEH,
    JEEM,
    HAH,
    KHAH,
    DAL,
    THAL,
    REH,
    ZAIN,
    SEEN,
    SHEEN,
    SAD,
    DAD,
    TAH,
    ZAH,
    AIN,
    GHAIN,
    FEH = 0x0641,
    QAF,
    KAF,
    LAM,
    MEEM,
    NOON,
    HEH,
    WAW,
    YEH = 0x064A
};

static const uint16_t arabic[] = {HAMZA, WAW_HAMZA, YEH_HAMZA, ALEF, BEH, TEH,   THEH, JEEM,
                                  HAH,   KHAH,      DAL,       THAL, REH, ZAIN,  SEEN, SHEEN,
                                  SAD,   DAD,       TAH,       ZAH,  AIN, GHAIN, FEH,  QAF,
                                  KAF,   LAM,       MEEM,      NOON, HEH, WAW,   YEH};
static const uint16_t latin[] = {'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i',
                                 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r',
                                 's', 't', 'u', 'v', 'w', 'x', 'y', 'z'};

/* Letters that are taken for one another: by their sound, then by the seat of a hamza, then by dots. */
static const uint16_t alike[][2] = {
    {DAD, ZAH},         {THAL, ZAIN},
    {DAL, THAL},        {DAL, DAD},
    {TEH, TAH},         {TEH, THEH},
    {THEH, SEEN},       {SEEN, SAD},
    {QAF, KAF},         {QAF, GHAIN},
    {GHAIN, JEEM},      {HAH, HEH},
    {HAH, KHAH},        {ALEF, AIN},
    {ALEF, HEH},        {ALEF, YEH},
    {ALEF, HAMZA},      {HAMZA, WAW_HAMZA},
    {HAMZA, YEH_HAMZA}, {WAW, WAW_HAMZA},
    {YEH, YEH_HAMZA},   {WAW_HAMZA, YEH_HAMZA},
    {REH, ZAIN},        {SEEN, SHEEN},
    {SAD, DAD},         {TAH, ZAH},
    {AIN, GHAIN},       {FEH, QAF},
    {JEEM, HAH},        {JEEM, KHAH},
    {BEH, TEH},         {BEH, NOON},
    {BEH, YEH},         {TEH, NOON},
    {NOON, YEH},
};

/* The keys of the Arabic 101 keyboard, row by row; each row stands half a key behind the one above.
 * Keys that type more than a letter are 0. */
#define KEYS 12
static const uint16_t keyboard[][KEYS] = {
    {DAD, SAD, THEH, QAF, FEH, GHAIN, AIN, HEH, KHAH, HAH, JEEM, DAL},
    {SHEEN, SEEN, YEH, BEH, LAM, ALEF, TEH, NOON, MEEM, KAF, TAH, 0},
    {YEH_HAMZA, HAMZA, WAW_HAMZA, REH, 0, YEH, HEH, WAW, ZAIN, ZAH, 0, 0},
};
#define ROWS (sizeof keyboard / sizeof *keyboard)

/* A word, letter by letter. Without an alphabet it is one that nothing is near. */
typedef struct letters {
    uint16_t at[FH_SLIPS_LETTERS_MAX + 1]; /* room for one more */
    size_t count;
    const uint16_t *alphabet;
    size_t alphabet_count;
} letters;

static bool holds(const uint16_t *alphabet, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (alphabet[i] == code)
            return true;
    return false;
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static letters read_letters(fh_str word)
{
    letters l = {0};
    uint32_t code;
    for (size_t at = 0; at < word.len;) {
        at += fh_utf8_decode(word.ptr + at, word.len - at, &code, NULL);
        if (l.count == FH_SLIPS_LETTERS_MAX || code > UINT16_MAX)
            return (letters){0};
        l.at[l.count++] = (uint16_t)code;
    }
    bool is_arabic = true, is_latin = true;
    for (size_t i = 0; i < l.count; i++) {
        is_arabic = is_arabic && holds(arabic, COUNT(arabic), l.at[i]);
        is_latin = is_latin && holds(latin, COUNT(latin), l.at[i]);
    }
    if (l.count < FH_SLIPS_LETTERS_MIN || is_arabic == is_latin)
        return (letters){0};
    l.alphabet = is_arabic ? arabic : latin;
    l.alphabet_count = is_arabic ? COUNT(arabic) : COUNT(latin);
    return l;
}

static bool are_alike(uint16_t a, uint16_t b)
{
    for (size_t i = 0; i < COUNT(alike); i++)
        if ((alike[i][0] == a && alike[i][1] == b) || (alike[i][0] == b && alike[i][1] == a))
            return true;
    return false;
}

/* Is B typed by a key that touches one of A's? */
static bool are_neighbours(uint16_t a, uint16_t b)
{
    for (size_t row = 0; row < ROWS; row++)
        for (size_t key = 0; key < KEYS; key++) {
            if (keyboard[row][key] != a)
                continue;
            bool left = key > 0 && keyboard[row][key - 1] == b;
            bool right = key + 1 < KEYS && keyboard[row][key + 1] == b;
            bool above = row > 0 && (keyboard[row - 1][key] == b ||
                                     (key + 1 < KEYS && keyboard[row - 1][key + 1] == b));
            bool below = row + 1 < ROWS && (keyboard[row + 1][key] == b ||
                                            (key > 0 && keyboard[row + 1][key - 1] == b));
            if (left || right || above || below)
                return true;
        }
    return false;
}

/* ---- Making spellings ---- */

/* Spellings on their way: room is made for all of them at once. */
typedef struct maker {
    fh_slips *to;
    char *bytes; /* the next free ones */
} maker;

/* How many spellings one slip makes of L, at most. */
static size_t count_slips(const letters *l)
{
    return (2 * l->count + 1) * l->alphabet_count + 2 * l->count;
}

/* Room for COUNT more spellings, of LENGTH letters at most. */
static bool make_room(maker *m, fh_slips *to, size_t count, size_t length, fh_arena *arena)
{
    m->to = to;
    to->items = fh_arena_alloc(arena, count * sizeof *to->items);
    m->bytes = fh_arena_alloc(arena, count * length * 2);
    return to->items && m->bytes;
}

/* All letters there are take two bytes at most. */
static void put(maker *m, const letters *l)
{
    fh_str *text = &m->to->items[m->to->count++];
    text->ptr = m->bytes;
    for (size_t i = 0; i < l->count; i++)
        m->bytes += fh_utf8_encode(l->at[i], m->bytes);
    text->len = (size_t)(m->bytes - text->ptr);
}

static void insert(letters *l, size_t at, uint16_t letter)
{
    memmove(l->at + at + 1, l->at + at, (l->count - at) * sizeof *l->at);
    l->at[at] = letter;
    l->count++;
}

static void delete (letters *l, size_t at)
{
    l->count--;
    memmove(l->at + at, l->at + at + 1, (l->count - at) * sizeof *l->at);
}

static void swap(letters *l, size_t at)
{
    uint16_t kept = l->at[at];
    l->at[at] = l->at[at + 1];
    l->at[at + 1] = kept;
}

/* A letter more at AT; the same one behind what stands before is one that was put there already. */
static void put_longer(maker *m, const letters *l, size_t at)
{
    for (size_t i = 0; i < l->alphabet_count; i++) {
        letters longer = *l;
        if (at > 0 && l->at[at - 1] == l->alphabet[i])
            continue;
        insert(&longer, at, l->alphabet[i]);
        put(m, &longer);
    }
}

static void put_others(maker *m, const letters *l, size_t at)
{
    letters other = *l;
    for (size_t i = 0; i < l->alphabet_count; i++) {
        other.at[at] = l->alphabet[i];
        if (other.at[at] != l->at[at])
            put(m, &other);
    }
}

fh_status fh_slips_one(fh_str word, fh_arena *arena, fh_slips *slips, fh_error *err)
{
    maker m;
    letters l = read_letters(word);
    *slips = (fh_slips){0};
    if (!l.alphabet)
        return FH_OK;
    if (!make_room(&m, slips, count_slips(&l), l.count + 1, arena))
        return fh_fail_memory(err);
    for (size_t at = 0; at <= l.count; at++)
        put_longer(&m, &l, at);
    for (size_t at = 0; at < l.count; at++) {
        letters shorter = l, swapped = l;
        put_others(&m, &l, at);
        delete (&shorter, at);
        put(&m, &shorter);
        if (at + 1 == l.count || l.at[at] == l.at[at + 1])
            continue;
        swap(&swapped, at);
        put(&m, &swapped);
    }
    return FH_OK;
}

/* Put what LEFT likely slips make of L, one behind the other from the letter FROM on. */
static void put_likely(maker *m, const letters *l, size_t from, unsigned left)
{
    if (left == 0) {
        if (m->to->count < FH_SLIPS_LIKELY_MAX)
            put(m, l);
        return;
    }
    for (size_t at = from; at < l->count; at++) {
        letters other = *l, shorter = *l, swapped = *l;
        bool doubled = at > 0 && l->at[at - 1] == l->at[at];
        for (size_t i = 0; i < l->alphabet_count; i++) {
            other.at[at] = l->alphabet[i];
            if (are_alike(l->at[at], l->alphabet[i]))
                put_likely(m, &other, at + 1, left - 1);
        }
        if (doubled) {
            delete (&shorter, at);
            put_likely(m, &shorter, at, left - 1);
        }
        if (at + 1 < l->count && l->at[at] != l->at[at + 1]) {
            swap(&swapped, at);
            put_likely(m, &swapped, at + 2, left - 1);
        }
    }
}

fh_status fh_slips_likely(fh_str word, unsigned count, fh_arena *arena, fh_slips *slips,
                          fh_error *err)
{
    maker m;
    letters l = read_letters(word);
    *slips = (fh_slips){0};
    if (!l.alphabet)
        return FH_OK;
    if (!make_room(&m, slips, FH_SLIPS_LIKELY_MAX, l.count, arena))
        return fh_fail_memory(err);
    put_likely(&m, &l, 0, count);
    return FH_OK;
}

/* ---- Costs ---- */

static bool is_long_vowel(uint16_t letter)
{
    return letter == ALEF || letter == WAW || letter == YEH;
}

/* What it costs that the letter AT of L is there and should not be, or is missing and should be. */
static unsigned cost_of_one(const letters *l, size_t at)
{
    uint16_t before = at > 0 ? l->at[at - 1] : 0;
    uint16_t behind = at + 1 < l->count ? l->at[at + 1] : 0;
    if (before == l->at[at] || behind == l->at[at])
        return FH_SLIP_LIKELY;
    if (at == 0)
        return FH_SLIP_ANY + 1;
    return is_long_vowel(l->at[at]) ? FH_SLIP_ANY - 1 : FH_SLIP_ANY;
}

static unsigned cost_of_other(const letters *a, size_t i, const letters *b, size_t j)
{
    if (a->at[i] == b->at[j])
        return 0;
    if (are_alike(a->at[i], b->at[j]))
        return FH_SLIP_LIKELY;
    unsigned cost = are_neighbours(a->at[i], b->at[j]) ? FH_SLIP_ANY - 1 : FH_SLIP_ANY;
    return i == 0 && j == 0 ? cost + 1 : cost;
}

static bool are_swapped(const letters *a, size_t i, const letters *b, size_t j)
{
    return i > 0 && j > 0 && a->at[i - 1] == b->at[j] && a->at[i] == b->at[j - 1];
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

unsigned fh_slips_cost(fh_str word, fh_str other)
{
    letters a = read_letters(word), b = read_letters(other);
    unsigned cost[FH_SLIPS_LETTERS_MAX + 1][FH_SLIPS_LETTERS_MAX + 1] = {{0}};
    if (!a.alphabet || a.alphabet != b.alphabet)
        return FH_SLIP_TOO_MUCH;
    for (size_t i = 0; i < a.count; i++)
        cost[i + 1][0] = cost[i][0] + cost_of_one(&a, i);
    for (size_t j = 0; j < b.count; j++)
        cost[0][j + 1] = cost[0][j] + cost_of_one(&b, j);
    for (size_t i = 0; i < a.count; i++)
        for (size_t j = 0; j < b.count; j++) {
            unsigned one =
                least(cost[i][j + 1] + cost_of_one(&a, i), cost[i + 1][j] + cost_of_one(&b, j));
            unsigned same = cost[i][j] + cost_of_other(&a, i, &b, j);
            cost[i + 1][j + 1] = least(one, same);
            if (are_swapped(&a, i, &b, j))
                cost[i + 1][j + 1] =
                    least(cost[i + 1][j + 1], cost[i - 1][j - 1] + FH_SLIP_LIKELY);
        }
    return cost[a.count][b.count];
}
