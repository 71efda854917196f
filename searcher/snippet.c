#include "searcher/snippet.h"

#include <string.h>

#include "base/utf8.h"
#include "searcher/lights.h"

/* Words of one window when there are two. */
#define WINDOW_WORDS (FH_SNIPPET_WORDS / FH_SNIPPET_WINDOWS)
/* What another match of a word that is in the window already counts, a new word counting 1. */
#define REPEATED 0.05
/* Bytes of punctuation that a window takes along at its ends. */
#define EDGE_BYTES 64
/* The most bytes of a window; only words and punctuation without end pass it. */
#define WINDOW_BYTES 4096
/* Bytes of a body that are read again to show its beginning. */
#define BEGINNING_BYTES 4096

/* A stretch of words, half open. */
typedef struct stretch {
    size_t first;
    size_t end;
} stretch;

/* A place for a window: the words it must hold, and what they are worth. */
typedef struct candidate {
    stretch words;
    double worth;
} candidate;

/* The text that is cut into windows. */
typedef struct scene {
    fh_str body;
    fh_lit_text read;
    uint32_t *stamps; /* by light: the last candidate that counted it */
    uint32_t stamp;
    bool *shown; /* by light: it is in the first window */
} scene;

/* ---- Choosing ---- */

/* What the words from FIRST on, at most COUNT of them, are worth. Lights that were shown count little. */
static candidate weigh(scene *s, size_t first, size_t count)
{
    candidate c = {.words = {first, first}};
    s->stamp++;
    for (size_t i = first; i < s->read.count && i < first + count; i++) {
        uint16_t light = s->read.words[i].light;
        if (!light)
            continue;
        bool repeated = s->shown[light] || s->stamps[light] == s->stamp;
        s->stamps[light] = s->stamp;
        c.worth += repeated ? REPEATED : 1;
        c.words.end = i + 1;
    }
    return c;
}

/* Has the stretch C a word of TAKEN? */
static bool overlaps(stretch c, stretch taken)
{
    return c.first < taken.end && taken.first < c.end;
}

/* The best place for COUNT words outside of TAKEN; of equals the first. Its worth is 0: there is none. */
static candidate choose(scene *s, size_t count, stretch taken)
{
    candidate best = {0};
    for (size_t i = 0; i < s->read.count; i++) {
        if (!s->read.words[i].light)
            continue;
        candidate c = weigh(s, i, count);
        if (c.worth > best.worth && !overlaps(c.words, taken))
            best = c;
    }
    return best;
}

/* ---- Sentences ---- */

static bool ends_sentence(uint32_t code)
{
    return code == '.' || code == '!' || code == '?' || code == '\n' || code == 0x061F ||
           code == 0x06D4 || code == 0x2026 || code == 0x2029;
}

/* Does a sentence begin with word I? */
static bool begins_sentence(const scene *s, size_t i)
{
    size_t at = i > 0 ? s->read.words[i - 1].span.end : 0, end = s->read.words[i].span.start;
    if (i == 0)
        return !s->read.middle;
    while (at < end) {
        uint32_t code;
        at += fh_utf8_decode(s->body.ptr + at, end - at, &code, NULL);
        if (ends_sentence(code))
            return true;
    }
    return false;
}

/*
 * Widen NEED to at most COUNT words: back to where its sentence begins if that is near, else a third of
 * the room before it; the rest behind. It keeps out of TAKEN.
 */
static stretch widen(const scene *s, stretch need, size_t count, stretch taken)
{
    size_t room = count > need.end - need.first ? count - (need.end - need.first) : 0;
    size_t floor = taken.end > 0 && taken.end <= need.first ? taken.end : 0;
    size_t ceiling = taken.end > 0 && taken.first >= need.end ? taken.first : s->read.count;
    size_t back = need.first - floor < room ? need.first - floor : room;
    stretch wide = {need.first - back / 3, need.end};
    for (size_t i = 0; i <= back; i++)
        if (begins_sentence(s, need.first - i)) {
            wide.first = need.first - i;
            break;
        }
    size_t used = need.first - wide.first;
    wide.end = ceiling - need.end < room - used ? ceiling : need.end + (room - used);
    size_t left = count > wide.end - wide.first ? count - (wide.end - wide.first) : 0;
    wide.first -= wide.first - floor < left ? wide.first - floor : left;
    return wide;
}

/* ---- Cutting ---- */

/* Quotes and brackets that open, and quotes that may do either. */
static bool opens_words(uint32_t code)
{
    return code == '(' || code == '[' || code == 0x00AB || code == 0x2018 || code == 0x201C ||
           code == 0x2039;
}

static bool is_space(uint32_t code)
{
    return code <= ' ' || code == 0x00A0;
}

/*
 * Where a window on the word at START begins: with the brackets and quotes that stand right before it,
 * or with the text when that begins near.
 */
static size_t take_before(fh_str body, size_t start, size_t floor)
{
    size_t begin = 0;
    while (begin < start && is_space((unsigned char)body.ptr[begin]))
        begin++;
    if (floor == 0 && start - begin <= EDGE_BYTES)
        return begin;
    while (start > floor) {
        size_t at = start - 1;
        uint32_t code;
        while (at > floor && ((unsigned char)body.ptr[at] & 0xC0) == 0x80)
            at--;
        fh_utf8_decode(body.ptr + at, start - at, &code, NULL);
        if (!opens_words(code) && code != '"' && code != '\'')
            break;
        start = at;
    }
    return start;
}

/* Where a window ends whose last word ends at END: with the punctuation right behind it. */
static size_t take_behind(fh_str body, size_t end, size_t ceiling)
{
    size_t limit = end + EDGE_BYTES;
    while (end < ceiling) {
        uint32_t code;
        size_t bytes = fh_utf8_decode(body.ptr + end, ceiling - end, &code, NULL);
        if (is_space(code) || opens_words(code) || end + bytes > limit)
            break;
        end += bytes;
    }
    return end;
}

/* Let WINDOW, whose text begins at ORIGIN, know which of COUNT words are lit in it. */
static bool make_matches(const fh_lit_word *words, size_t count, size_t origin, fh_arena *arena,
                         fh_window *window)
{
    size_t lit = 0;
    for (size_t i = 0; i < count; i++)
        lit += words[i].light > 0;
    fh_span *spans = fh_arena_alloc(arena, (lit + 1) * sizeof *spans);
    if (!spans)
        return false;
    for (size_t i = 0; i < count; i++) {
        fh_span span = words[i].span;
        if (words[i].light && span.end - origin <= window->text.len)
            spans[window->match_count++] =
                (fh_span){span.start - (uint32_t)origin, span.end - (uint32_t)origin};
    }
    window->matches = spans;
    return true;
}

/* WORDS without those before the first lit one that would leave it no room: words can be of any length. */
static stretch keep_lit(const fh_lit_word *w, stretch words)
{
    size_t lit = words.first;
    while (lit < words.end && !w[lit].light)
        lit++;
    while (words.first < lit && lit < words.end &&
           w[lit].span.end - w[words.first].span.start > WINDOW_BYTES)
        words.first++;
    return words;
}

static bool cut(const scene *s, stretch words, fh_arena *arena, fh_window *window)
{
    const fh_lit_word *w = s->read.words;
    words = keep_lit(w, words);
    bool first = words.first == 0 && !s->read.middle;
    bool last = words.end == s->read.count && s->read.whole;
    size_t floor = words.first > 0 ? w[words.first - 1].span.end : first ? 0 : w[0].span.start;
    size_t ceiling = words.end < s->read.count ? w[words.end].span.start : s->body.len;
    size_t start = take_before(s->body, w[words.first].span.start, floor);
    size_t end = take_behind(s->body, w[words.end - 1].span.end, ceiling);
    *window = (fh_window){
        .text = {s->body.ptr + start, end - start}, .cut_before = !first, .cut_after = !last};
    if (window->text.len > WINDOW_BYTES) {
        window->text.len = fh_utf8_cut(window->text.ptr, WINDOW_BYTES);
        window->cut_after = true;
    }
    return make_matches(w + words.first, words.end - words.first, start, arena, window);
}

/* ---- The parts together ---- */

/*
 * The stretches to show, in order of the text: the best one, and a second one when it has a word that
 * the first lacks; else the first may be as long as both.
 */
static size_t place(scene *s, stretch out[FH_SNIPPET_WINDOWS])
{
    stretch none = {0, 0};
    candidate best = choose(s, WINDOW_WORDS, none);
    for (size_t i = best.words.first; i < best.words.end; i++)
        s->shown[s->read.words[i].light] = true;
    candidate other = choose(s, WINDOW_WORDS, best.words);
    if (other.worth < 1) {
        out[0] = widen(s, best.words, FH_SNIPPET_WORDS, none);
        return 1;
    }
    stretch first = widen(s, best.words, WINDOW_WORDS, other.words);
    stretch second = widen(s, other.words, WINDOW_WORDS, first);
    bool swapped = second.first < first.first;
    out[0] = swapped ? second : first;
    out[1] = swapped ? first : second;
    if (out[0].end < out[1].first)
        return 2;
    out[0].end = out[1].end;
    return 1;
}

/* Read BODY; when nothing in a long one matched, its beginning again. */
static fh_status read_body(fh_lights *l, scene *s, fh_error *err)
{
    fh_status status =
        fh_lights_read(l, s->body, FH_FIELD_BODY, FH_SNIPPET_BYTES, &s->read, err);
    if (status || s->read.lit > 0 || !s->read.middle)
        return status;
    fh_str beginning = {s->body.ptr, fh_utf8_cut(s->body.ptr, BEGINNING_BYTES)};
    status = fh_lights_read(l, beginning, FH_FIELD_BODY, BEGINNING_BYTES, &s->read, err);
    s->read.whole = false;
    return status;
}

fh_status fh_snippet_body(fh_lights *l, fh_str body, fh_arena *arena, fh_window **windows,
                          size_t *count, fh_error *err)
{
    scene s = {.body = body};
    stretch stretches[FH_SNIPPET_WINDOWS] = {{0, 0}};
    size_t lights = fh_lights_count(l) + 1, placed = 1;
    *windows = NULL;
    *count = 0;
    fh_status status = read_body(l, &s, err);
    if (status || s.read.count == 0)
        return status;
    s.stamps = fh_arena_alloc(arena, lights * sizeof *s.stamps);
    s.shown = fh_arena_alloc(arena, lights * sizeof *s.shown);
    fh_window *made = fh_arena_alloc(arena, FH_SNIPPET_WINDOWS * sizeof *made);
    if (!s.stamps || !s.shown || !made)
        return fh_fail_memory(err);
    if (s.read.lit > 0)
        placed = place(&s, stretches);
    else
        stretches[0].end = s.read.count < FH_SNIPPET_WORDS ? s.read.count : FH_SNIPPET_WORDS;
    for (size_t i = 0; i < placed; i++)
        if (!cut(&s, stretches[i], arena, &made[i]))
            return fh_fail_memory(err);
    *windows = made;
    *count = placed;
    return FH_OK;
}

fh_status fh_snippet_title(fh_lights *l, fh_str title, fh_arena *arena, fh_window *window,
                           fh_error *err)
{
    fh_lit_text read;
    *window = (fh_window){.text = title};
    fh_status status = fh_lights_read(l, title, FH_FIELD_TITLE, title.len, &read, err);
    if (status)
        return status;
    return make_matches(read.words, read.count, 0, arena, window) ? FH_OK : fh_fail_memory(err);
}
