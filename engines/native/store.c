#include "engines/native/store.h"

#include <stdlib.h>
#include <string.h>

#include "engines/engine.h"
#include "engines/lettercode.h"
#include "engines/native/pack.h"
#include "engines/native/spellings.h"

/*
 * So many of its first bits tell how long a code is; but for a few, which share these bits with
 * a shorter one: those cost a step for each bit more.
 */
#define TABLE_BITS 12u

/* What is read at once of a text: a code that begins anywhere in the first byte lies within. */
#define WINDOW 8u

/*
 * A plain text of up to so many bytes is copied with what stands behind it: at least as many
 * bytes of sums and footer end every sealed file.
 */
#define SHORT_TEXT 32u

/* What a plain piece needs: a space, itself, and what is copied with it. */
#define PIECE_ROOM (1 + FH_SPELLINGS_PLAIN_LEN + SHORT_TEXT)

/* The most pieces of a body: a word and an empty separator for each byte. */
#define PIECES_MAX (2 * (size_t)FH_BODY_MAX + 1)

struct fh_store {
    const fh_segment *segment;
    fh_slice text;
    fh_slice spellings;
    uint32_t count; /* of spellings */
    uint32_t plain;
    const uint8_t *starts; /* of the plain ones, verified */
    const uint8_t *texts;
    uint32_t texts_len;
    fh_column block_ends; /* of the others */
    uint64_t blocks;      /* where those stand in the section */
    /*
     * By the length of codes: what to add to a code to get its number, and the code that would
     * follow the last, with 32 bits.
     */
    uint32_t number_of[FH_CODE_BITS_MAX + 2];
    uint64_t limit[FH_CODE_BITS_MAX + 2];
    /* By the first bits of a code: the least length that it can have. */
    uint8_t lengths[1u << TABLE_BITS];
    fh_buffer body; /* what is made of a text */
    fh_buffer code; /* of a spelling that is not plain */
    fh_buffer pieces;
};

/* ---- Opening ---- */

static bool distrust_spellings(const fh_store *s, uint64_t at, const char *what)
{
    return fh_sealed_distrust(s->spellings.file, s->spellings.offset + at, what);
}

/* Read how many codes of each length there are; no more than such codes exist. */
static bool read_lengths(fh_store *s, const uint8_t *lengths)
{
    uint64_t code = 0;
    uint64_t number = 0;
    for (unsigned len = 1; len <= FH_CODE_BITS_MAX; len++) {
        uint32_t count = fh_get32(lengths + 4 * (len - 1));
        code <<= 1;
        s->number_of[len] = (uint32_t)(number - code);
        code += count;
        number += count;
        if (code > UINT64_C(1) << len)
            return distrust_spellings(s, FH_SPELLINGS_LENGTHS, "codes that cannot be");
        s->limit[len] = code << (FH_CODE_BITS_MAX - len);
    }
    if (number != s->count)
        return distrust_spellings(s, 0, "more or fewer codes than spellings");
    return true;
}

/* Codes ascend with their lengths. What no code begins with gets one bit too many. */
static void fill_lengths(fh_store *s)
{
    unsigned len = 1;
    s->limit[FH_CODE_BITS_MAX + 1] = UINT64_MAX;
    for (uint32_t bits = 0; bits < 1u << TABLE_BITS; bits++) {
        while ((uint64_t)bits << (FH_CODE_BITS_MAX - TABLE_BITS) >= s->limit[len])
            len++;
        s->lengths[bits] = (uint8_t)len;
    }
}

static bool read_spellings(fh_store *s)
{
    const uint8_t *head = fh_slice_need(&s->spellings, 0, FH_SPELLINGS_STARTS);
    if (!head)
        return false;
    s->count = fh_get32(head);
    s->plain = fh_get32(head + 4);
    s->texts_len = fh_get32(head + 8);
    if (s->plain > s->count)
        return distrust_spellings(s, 4, "more plain spellings than spellings");
    uint64_t starts_len = ((uint64_t)s->plain + 1) * 4;
    uint64_t len = starts_len + s->texts_len;
    s->starts = fh_slice_need(&s->spellings, FH_SPELLINGS_STARTS, len);
    if (!s->starts || !read_lengths(s, head + FH_SPELLINGS_LENGTHS))
        return false;
    s->texts = s->starts + starts_len;
    uint64_t at = FH_SPELLINGS_STARTS + len;
    fh_slice rest = {s->spellings.file, s->spellings.offset + at, s->spellings.len - at};
    if (!fh_column_open(&rest, &s->block_ends))
        return false;
    s->blocks = at + fh_column_len(&s->block_ends);
    fill_lengths(s);
    return true;
}

fh_status fh_store_open(const fh_segment *segment, fh_store **out, fh_error *err)
{
    fh_store *s = calloc(1, sizeof *s);
    *out = NULL;
    if (s) {
        s->segment = segment;
        s->text = segment->sections[FH_SECTION_TEXT];
        s->spellings = segment->sections[FH_SECTION_SPELLINGS];
    }
    fh_status status = s ? FH_OK : fh_fail_memory(err);
    if (!status && !read_spellings(s))
        status = fh_segment_status(segment, err);
    if (status)
        fh_store_close(s);
    else
        *out = s;
    return status;
}

void fh_store_close(fh_store *s)
{
    if (!s)
        return;
    fh_buffer_free(&s->body);
    fh_buffer_free(&s->code);
    fh_buffer_free(&s->pieces);
    free(s);
}

uint32_t fh_store_spellings(const fh_store *s)
{
    return s->count;
}

/* ---- Spellings ---- */

/*
 * Copy LEN bytes, mostly few: to copy a constant number is faster. OUT has room for SHORT_TEXT.
 */
static inline void copy_text(char *out, const char *from, size_t len)
{
    if (len <= SHORT_TEXT)
        memcpy(out, from, SHORT_TEXT);
    else
        memcpy(out, from, len);
}

/* The plain spelling N; false at damage. */
static inline bool get_plain(const fh_store *s, uint32_t n, fh_str *text, bool *word)
{
    uint32_t start = fh_get32(s->starts + 4 * (size_t)n);
    uint32_t end = fh_get32(s->starts + 4 * (size_t)n + 4) >> 1;
    *word = start & 1;
    start >>= 1;
    if (start > end || end > s->texts_len || end - start > FH_SPELLINGS_PLAIN_LEN)
        return distrust_spellings(s, FH_SPELLINGS_STARTS + 4 * (uint64_t)n,
                                  "a spelling beyond its section");
    *text = (fh_str){(const char *)s->texts + start, end - start};
    return true;
}

/* The block B of spellings that are not plain: where it stands, and how long it is. */
static const uint8_t *get_block(const fh_store *s, uint32_t b, uint64_t *len)
{
    uint64_t start = b > 0 ? fh_column_get(&s->block_ends, b - 1) : 0;
    uint64_t end = fh_column_get(&s->block_ends, b);
    if (b >= s->block_ends.count || start >= end || end > s->spellings.len - s->blocks) {
        distrust_spellings(s, 0, "a spelling without a block");
        return NULL;
    }
    *len = end - start;
    return fh_slice_need(&s->spellings, s->blocks + start, *len);
}

/*
 * Go over the next spelling of a block up to END, whose code begins as the one at CODE does,
 * which has *LEN bytes. Short ones are copied at a constant length, which the file has behind
 * every place, and CODE has room for. false when it cannot be.
 */
static inline bool take_coded(const uint8_t **at, const uint8_t *end, char *code, size_t *len,
                              bool *word)
{
    uint64_t shared, rest;
    if (!fh_varint_get(at, end, &shared) || !fh_varint_get(at, end, &rest))
        return false;
    *word = rest & 1;
    rest >>= 1;
    if (shared > *len || rest > (uint64_t)(end - *at))
        return false;
    copy_text(code + shared, (const char *)*at, (size_t)rest);
    *len = (size_t)(shared + rest);
    *at += rest;
    return true;
}

/*
 * Put the letter code of spelling N, which is not plain, into s->code, whose failure is to be
 * looked at. It cannot be longer than its block.
 */
static bool get_code(fh_store *s, uint32_t n, bool *word)
{
    uint32_t i = n - s->plain;
    uint64_t block_len = 0;
    size_t len = 0;
    const uint8_t *at = get_block(s, i / FH_SPELLINGS_BLOCK, &block_len);
    *word = false;
    if (!at)
        return false;
    const uint8_t *end = at + block_len;
    fh_buffer_clear(&s->code);
    if (s->code.capacity < block_len + SHORT_TEXT &&
        !fh_buffer_reserve(&s->code, (size_t)block_len + SHORT_TEXT))
        return true;
    for (uint32_t k = 0; k <= i % FH_SPELLINGS_BLOCK; k++)
        if (!take_coded(&at, end, s->code.data, &len, word))
            return distrust_spellings(s, s->blocks, "a spelling that cannot be");
    s->code.len = len;
    return true;
}

/*
 * Append the text of spelling N, which is not plain, to OUT, behind a space if it is a word and
 * so was the one before.
 */
static bool add_coded(fh_store *s, uint32_t n, bool *word, bool after_word, fh_buffer *out)
{
    size_t len;
    if (!get_code(s, n, word))
        return false;
    if (s->code.failed || !fh_buffer_reserve(out, 1 + FH_LETTERS_DECODED(s->code.len))) {
        out->failed = true;
        return true;
    }
    if (after_word && *word)
        out->data[out->len++] = ' ';
    if (!fh_letters_decode((fh_str){s->code.data, s->code.len}, out->data + out->len,
                           FH_LETTERS_DECODED(s->code.len), &len))
        return distrust_spellings(s, s->blocks, "a spelling that is no text");
    out->len += len;
    return true;
}

fh_status fh_store_spelling(fh_store *s, uint32_t n, fh_arena *arena, fh_str *written,
                            bool *word, fh_error *err)
{
    fh_str text;
    *written = (fh_str){NULL, 0};
    *word = false;
    fh_buffer_clear(&s->body);
    bool sound = n < s->count || distrust_spellings(s, 0, "the number of no spelling");
    if (sound && n < s->plain) {
        sound = get_plain(s, n, &text, word);
        if (sound)
            fh_buffer_add_str(&s->body, text);
    } else if (sound) {
        sound = add_coded(s, n, word, false, &s->body);
    }
    if (!sound || s->segment->file->failure.status)
        return fh_segment_status(s->segment, err);
    *written = s->body.failed ? *written : fh_arena_copy(arena, fh_buffer_str(&s->body));
    return written->ptr ? FH_OK : fh_fail_memory(err);
}

/* ---- Bodies ---- */

/* The codes that are left to read of a body. */
typedef struct reading {
    const uint8_t *bytes; /* of the section, verified where the body stands */
    uint64_t at, end;     /* bits */
} reading;

/* Find the body of article LOCAL, with what a window reads behind it. */
static bool find_body(fh_store *s, uint32_t local, reading *r)
{
    const fh_column *ends = &s->segment->text_ends;
    r->at = local > 0 ? fh_column_get(ends, local - 1) : 0;
    r->end = fh_column_get(ends, local);
    if (local >= ends->count || r->at > r->end || r->end / 8 >= s->text.len)
        return fh_sealed_distrust(s->text.file, s->text.offset, "a body beyond its section");
    uint64_t first = r->at / 8;
    const uint8_t *bytes = fh_slice_need(&s->text, first, r->end / 8 - first + WINDOW);
    if (!bytes)
        return false;
    r->bytes = bytes;
    r->at -= first * 8;
    r->end -= first * 8;
    return true;
}

/* Take the next code; UINT32_MAX when there is none such. */
static inline uint32_t take_number(const fh_store *s, reading *r)
{
    uint64_t window = fh_get64_big(r->bytes + r->at / 8) << (r->at % 8) >> 32;
    unsigned len = s->lengths[window >> (FH_CODE_BITS_MAX - TABLE_BITS)];
    while (window >= s->limit[len])
        len++;
    if (len > FH_CODE_BITS_MAX)
        return UINT32_MAX;
    uint32_t number = s->number_of[len] + (uint32_t)(window >> (FH_CODE_BITS_MAX - len));
    r->at += len;
    return r->at <= r->end && number < s->count ? number : UINT32_MAX;
}

static bool distrust_body(const fh_store *s, const reading *r)
{
    return fh_sealed_distrust(s->text.file,
                              (uint64_t)(r->bytes - s->text.file->bytes) + r->at / 8,
                              "a body that cannot be");
}

/*
 * Let the body have room for one more plain piece; a body larger than any that was stored gets
 * none.
 */
static bool make_room(fh_store *s, const reading *r)
{
    if (s->body.len > FH_BODY_MAX)
        return distrust_body(s, r);
    return fh_buffer_reserve(&s->body, PIECE_ROOM);
}

/*
 * Append the texts of all pieces to s->body, whose failure is to be looked at; false at damage.
 */
static bool make_body(fh_store *s, reading *r)
{
    fh_buffer *body = &s->body;
    bool after_word = false;
    fh_buffer_clear(body);
    while (r->at < r->end) {
        uint32_t n = take_number(s, r);
        bool word = false;
        fh_str text = {NULL, 0};
        if (n == UINT32_MAX)
            return distrust_body(s, r);
        if (body->capacity - body->len <= PIECE_ROOM && !make_room(s, r))
            return body->failed;
        if (n >= s->plain) {
            if (!add_coded(s, n, &word, after_word, body))
                return false;
        } else {
            if (!get_plain(s, n, &text, &word))
                return false;
            body->data[body->len] = ' ';
            body->len += after_word && word;
            copy_text(body->data + body->len, text.ptr, text.len);
            body->len += text.len;
        }
        after_word = word;
    }
    return body->len <= FH_BODY_MAX || distrust_body(s, r);
}

fh_status fh_store_body(fh_store *s, uint32_t local, fh_arena *arena, fh_str *body,
                        fh_error *err)
{
    reading r;
    *body = (fh_str){NULL, 0};
    if (!find_body(s, local, &r) || !make_body(s, &r) || s->segment->file->failure.status)
        return fh_segment_status(s->segment, err);
    fh_str made = s->body.failed ? *body : fh_arena_copy(arena, fh_buffer_str(&s->body));
    if (!made.ptr)
        return fh_fail_memory(err);
    *body = made;
    return FH_OK;
}

fh_status fh_store_pieces(fh_store *s, uint32_t local, const uint32_t **pieces, size_t *count,
                          fh_error *err)
{
    reading r;
    *pieces = NULL;
    *count = 0;
    fh_buffer_clear(&s->pieces);
    bool sound = find_body(s, local, &r);
    while (sound && r.at < r.end) {
        uint32_t n = take_number(s, &r);
        if (n == UINT32_MAX || s->pieces.len > PIECES_MAX * sizeof n)
            sound = distrust_body(s, &r);
        fh_buffer_add(&s->pieces, &n, sizeof n);
    }
    if (!sound || s->segment->file->failure.status)
        return fh_segment_status(s->segment, err);
    if (s->pieces.failed)
        return fh_fail_memory(err);
    *pieces = (const uint32_t *)(const void *)fh_buffer_str(&s->pieces).ptr;
    *count = s->pieces.len / sizeof **pieces;
    return FH_OK;
}
