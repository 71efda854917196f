#include "engines/native/heads.h"

#include "engines/lettercode.h"
#include "engines/native/pack.h"

/* ---- Dates ---- */

/* Half of all seconds that a stored date can hold, and the bits of a precision. */
#define DATE_ZERO      (INT64_C(1) << 60)
#define PRECISION_BITS 3

uint64_t fh_stored_date(fh_date date)
{
    int64_t seconds = date.seconds;
    if (date.precision == FH_DATE_NONE)
        return 0;
    seconds = seconds <= -DATE_ZERO ? 1 - DATE_ZERO : seconds;
    seconds = seconds >= DATE_ZERO ? DATE_ZERO - 1 : seconds;
    return (uint64_t)(seconds + DATE_ZERO) << PRECISION_BITS | (uint64_t)date.precision;
}

fh_date fh_date_of_stored(uint64_t stored)
{
    unsigned precision = stored & ((1u << PRECISION_BITS) - 1);
    if (precision == FH_DATE_NONE || precision > FH_DATE_SECOND)
        return (fh_date){0, FH_DATE_NONE};
    return (fh_date){(int64_t)(stored >> PRECISION_BITS) - DATE_ZERO, (fh_precision)precision};
}

/* ---- Heads ---- */

/* A text that is not decoded yet; `room` is what its decoding needs at most. */
typedef struct coded {
    fh_str code;
    uint64_t room;
    bool same;  /* the code is the text, and room its length */
    bool exact; /* room is its length */
} coded;

/*
 * The texts of a head in the file, in their order there, then the names; a url is two of them.
 */
enum { ID, TITLE, URL, KEYWORDS, OWN, SITE = OWN, SOURCE, ORIGIN, SECTION, TEXTS };

static bool take_text(const uint8_t **at, const uint8_t *end, coded *text)
{
    uint64_t len, decoded;
    if (!fh_varint_get(at, end, &len))
        return false;
    text->exact = true;
    text->same = len & 1;
    len >>= 1;
    decoded = len;
    if (!text->same && !fh_varint_get(at, end, &decoded))
        return false;
    if (len > (uint64_t)(end - *at) || decoded > FH_LETTERS_DECODED(len))
        return false;
    text->code = (fh_str){(const char *)*at, (size_t)len};
    text->room = decoded;
    *at += len;
    return true;
}

/* Where the head of article LOCAL stands; NULL at damage. */
static const uint8_t *find_head(const fh_segment *s, uint32_t local, uint64_t *len)
{
    const fh_slice *heads = &s->sections[FH_SECTION_HEADS];
    uint64_t start = local > 0 ? fh_column_get(&s->head_ends, local - 1) : 0;
    uint64_t end = fh_column_get(&s->head_ends, local);
    if (local >= s->head_ends.count || end <= start) {
        fh_sealed_distrust(s->file, s->sections[FH_SECTION_HEAD_ENDS].offset,
                           "an article without a head");
        return NULL;
    }
    *len = end - start;
    return fh_slice_need(heads, start, *len);
}

static bool take_texts(const fh_segment *s, uint32_t local, coded texts[OWN], uint64_t *body)
{
    uint64_t len = 0;
    const uint8_t *at = find_head(s, local, &len);
    if (!at)
        return false;
    const uint8_t *end = at + len;
    bool taken = true;
    for (unsigned i = 0; i < OWN && taken; i++)
        taken = take_text(&at, end, &texts[i]);
    if (!taken || !fh_varint_get(&at, end, body) || at != end)
        return fh_sealed_distrust(s->file, (uint64_t)(at - s->file->bytes),
                                  "a head that cannot be");
    return true;
}

bool fh_head_id(const fh_segment *s, uint32_t local, fh_str *code)
{
    uint64_t len = 0;
    coded id;
    const uint8_t *at = find_head(s, local, &len);
    if (!at)
        return false;
    const uint8_t *end = at + len;
    if (!take_text(&at, end, &id))
        return fh_sealed_distrust(s->file, (uint64_t)(at - s->file->bytes),
                                  "a head that cannot be");
    *code = id.code;
    return true;
}

static bool take_names(const fh_segment *s, uint32_t local, coded *names)
{
    const fh_column *columns[] = {&s->sites, &s->sources, &s->origins, &s->rubrics};
    for (unsigned i = 0; i < TEXTS - OWN; i++) {
        names[i] = (coded){0};
        if (!fh_names_code(s, fh_column_get(columns[i], local), &names[i].code))
            return false;
        names[i].room = FH_LETTERS_DECODED((uint64_t)names[i].code.len);
    }
    return true;
}

/* Decode TEXT to *OUT, which moves behind it. */
static bool decode(const fh_segment *s, const coded *text, char **out, fh_str *decoded)
{
    size_t len = text->code.len;
    decoded->ptr = *out;
    if (text->same)
        memcpy(*out, text->code.ptr, len);
    else if (!fh_letters_decode(text->code, *out, (size_t)text->room, &len) ||
             (text->exact && len != text->room))
        return fh_sealed_distrust(s->file,
                                  (uint64_t)((const uint8_t *)text->code.ptr - s->file->bytes),
                                  "a text that cannot be");
    decoded->len = len;
    *out += len;
    return true;
}

/* Decode all texts into OUT, which has room for them and a NUL behind each. */
static bool decode_all(const fh_segment *s, const coded texts[TEXTS], char *out, fh_article *a)
{
    fh_str site, *order[TEXTS] = {&a->id, &a->title,  &a->url,    &a->keywords,
                                  &site,  &a->source, &a->origin, &a->section};
    static const uint8_t sequence[TEXTS] = {ID,     TITLE,   KEYWORDS, SOURCE,
                                            ORIGIN, SECTION, SITE,     URL};
    for (unsigned i = 0; i < TEXTS; i++) {
        unsigned k = sequence[i];
        if (!decode(s, &texts[k], &out, order[k]))
            return false;
        if (k != SITE)
            *out++ = '\0';
    }
    a->url = (fh_str){site.ptr, site.len + a->url.len};
    return true;
}

uint64_t fh_head_text_len(const fh_segment *s, uint32_t local)
{
    coded texts[OWN];
    uint64_t body = 0;
    return take_texts(s, local, texts, &body) ? texts[TITLE].room + body : 0;
}

fh_status fh_head_read(const fh_segment *s, uint32_t local, fh_arena *arena,
                       fh_article *article, uint64_t *body_len, fh_error *err)
{
    coded texts[TEXTS];
    fh_article found = {0};
    uint64_t body = 0, room = TEXTS;
    *article = found;
    *body_len = 0;
    if (!take_texts(s, local, texts, &body) || !take_names(s, local, texts + OWN))
        return fh_segment_status(s, err);
    for (unsigned i = 0; i < TEXTS; i++)
        room += texts[i].room;
    char *out = fh_arena_alloc(arena, (size_t)room);
    if (!out)
        return fh_fail_memory(err);
    if (!decode_all(s, texts, out, &found))
        return fh_segment_status(s, err);
    found.date = fh_date_of_stored(fh_column_get(&s->dates, local));
    if (s->file->failure.status)
        return fh_segment_status(s, err);
    *article = found;
    *body_len = body;
    return FH_OK;
}
