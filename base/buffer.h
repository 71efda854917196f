/*
 * Memory that grows: fh_buffer is one run of bytes, fh_arena is many small things freed at once.
 *
 * Neither asks its caller to check every append. A buffer that ran out of memory remembers it in
 * `failed`, ignores what comes after, and is checked once, at the end. An arena returns NULL.
 */
#ifndef FH_BASE_BUFFER_H
#define FH_BASE_BUFFER_H

#include "base/types.h"

/* Bytes that grow at the end. Begin with a zeroed one; `data` is NUL-terminated once not NULL. */
typedef struct fh_buffer {
    char *data;
    size_t len;
    size_t capacity;
    bool failed; /* memory ran out; the content is incomplete */
} fh_buffer;

void fh_buffer_add(fh_buffer *b, const void *bytes, size_t len);
void fh_buffer_add_str(fh_buffer *b, fh_str s);
void fh_buffer_add_byte(fh_buffer *b, char byte);
void fh_buffer_printf(fh_buffer *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Make room for LEN more bytes; false when memory ran out. */
bool fh_buffer_reserve(fh_buffer *b, size_t len);
/* Empty it and keep its memory; forgets a failure. */
void fh_buffer_clear(fh_buffer *b);
/* Give the memory back. A zeroed buffer may be freed too. */
void fh_buffer_free(fh_buffer *b);
/* The content, valid until the buffer changes. */
fh_str fh_buffer_str(const fh_buffer *b);

/* Many allocations with one lifetime. Begin with a zeroed one. */
typedef struct fh_arena {
    struct fh_arena_block *blocks;
} fh_arena;

/* SIZE zeroed bytes, aligned for any type, or NULL. They live until clear or free. */
void *fh_arena_alloc(fh_arena *a, size_t size);
/* A copy of S, NUL-terminated, or an fh_str with a NULL ptr when memory ran out. */
fh_str fh_arena_copy(fh_arena *a, fh_str s);
/* Forget all content and keep one block for what comes next. */
void fh_arena_clear(fh_arena *a);
void fh_arena_free(fh_arena *a);

/* Order of bytes, then of length: negative, 0 or positive, as memcmp. */
int fh_str_compare(fh_str a, fh_str b);
bool fh_str_equal(fh_str a, fh_str b);
/* S up to its NUL, borrowed; NULL gives the empty text. */
fh_str fh_str_of(const char *s);
bool fh_str_starts(fh_str s, fh_str prefix);

#endif
