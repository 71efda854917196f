#include "base/buffer.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64
#define BLOCK_SIZE     (32 * 1024)

bool fh_buffer_reserve(fh_buffer *b, size_t len)
{
    if (b->failed)
        return false;
    bool possible = len < SIZE_MAX - b->len;
    size_t need = b->len + len + 1;
    if (possible && need <= b->capacity)
        return true;
    size_t capacity = b->capacity ? b->capacity : FIRST_CAPACITY;
    while (possible && capacity < need && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    char *data = possible && capacity >= need ? realloc(b->data, capacity) : NULL;
    if (!data) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->capacity = capacity;
    return true;
}

void fh_buffer_add(fh_buffer *b, const void *bytes, size_t len)
{
    if (!fh_buffer_reserve(b, len))
        return;
    if (len > 0)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void fh_buffer_add_str(fh_buffer *b, fh_str s)
{
    fh_buffer_add(b, s.ptr, s.len);
}

void fh_buffer_add_byte(fh_buffer *b, char byte)
{
    fh_buffer_add(b, &byte, 1);
}

void fh_buffer_printf(fh_buffer *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0 || !fh_buffer_reserve(b, (size_t)n)) {
        b->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf(b->data + b->len, (size_t)n + 1, format, args);
    va_end(args);
    b->len += (size_t)n;
}

void fh_buffer_clear(fh_buffer *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

void fh_buffer_free(fh_buffer *b)
{
    free(b->data);
    *b = (fh_buffer){0};
}

fh_str fh_buffer_str(const fh_buffer *b)
{
    return (fh_str){b->data ? b->data : "", b->len};
}

/* A block is its header and `size` bytes behind it; the newest block is filled first. */
struct fh_arena_block {
    struct fh_arena_block *older;
    size_t size;
    size_t used;
    alignas(max_align_t) char bytes[];
};

static struct fh_arena_block *add_block(fh_arena *a, size_t size)
{
    size_t wanted = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    struct fh_arena_block *block =
        wanted < SIZE_MAX - sizeof *block ? malloc(sizeof *block + wanted) : NULL;
    if (!block)
        return NULL;
    *block = (struct fh_arena_block){.older = a->blocks, .size = wanted};
    a->blocks = block;
    return block;
}

/* SIZE bytes of any content, or NULL. */
static void *take(fh_arena *a, size_t size)
{
    size_t unit = alignof(max_align_t);
    if (size > SIZE_MAX - unit)
        return NULL;
    size = (size + unit - 1) / unit * unit;
    struct fh_arena_block *block = a->blocks;
    if (!block || block->size - block->used < size)
        block = add_block(a, size);
    if (!block)
        return NULL;
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void *fh_arena_alloc(fh_arena *a, size_t size)
{
    void *memory = take(a, size);
    return memory ? memset(memory, 0, size) : NULL;
}

fh_str fh_arena_copy(fh_arena *a, fh_str s)
{
    char *copy = s.len < SIZE_MAX ? take(a, s.len + 1) : NULL;
    if (!copy)
        return (fh_str){NULL, 0};
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return (fh_str){copy, s.len};
}

static void free_blocks(struct fh_arena_block *block)
{
    while (block) {
        struct fh_arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void fh_arena_clear(fh_arena *a)
{
    if (!a->blocks)
        return;
    free_blocks(a->blocks->older);
    a->blocks->older = NULL;
    a->blocks->used = 0;
}

void fh_arena_free(fh_arena *a)
{
    free_blocks(a->blocks);
    a->blocks = NULL;
}

int fh_str_compare(fh_str a, fh_str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter > 0 ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool fh_str_equal(fh_str a, fh_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

fh_str fh_str_of(const char *s)
{
    return s ? (fh_str){s, strlen(s)} : (fh_str){"", 0};
}

bool fh_str_starts(fh_str s, fh_str prefix)
{
    return s.len >= prefix.len &&
           (prefix.len == 0 || memcmp(s.ptr, prefix.ptr, prefix.len) == 0);
}
